package account_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/account"
)

func TestRosterIsIdempotent(t *testing.T) {
	each(t, func(w *world) {
		out, _ := w.apply(w.hq, people()...)
		if out.Inserted != 4 || len(out.Errors) > 0 {
			w.Fatalf("%+v", out)
		}
		out, _ = w.apply(w.hq, people()...)
		if out.Inserted != 0 || out.Updated != 0 || out.Unchanged != 4 {
			w.Fatalf("again: %+v", out)
		}
		w.counted()
		a := w.handle("kos_gz_01")
		if a.Platform != account.Xiaohongshu || a.Kind != account.KindEmployee || a.Ownership != account.Personal || a.Unit.Path != "华南/广州/天河店" || a.Member.Name != "陈晨" || a.CityTier != 1 {
			w.Errorf("%+v", a)
		}
		if n := len(w.board.changes); n != 4 {
			w.Errorf("observers heard of %d changes", n)
		}
	})
}

func TestRosterRowErrors(t *testing.T) {
	each(t, func(w *world) {
		bad := account.RosterRow{Row: 6, UnitPath: "华东/上海/新店", UnitKind: "store", Phone: "12", Role: "kos", Platform: "nowhere", AccountKind: "employee", Ownership: "x"}
		got := w.s.RosterCheck(account.RosterSeen{}, append(people(), bad, account.RosterRow{Row: 7, UnitPath: "华东", Platform: "小红书", Handle: "@KOS_SH_01"}))
		var columns []string
		for _, e := range got.Errors {
			if e.Row != 6 || e.Slug == "" {
				w.Errorf("%+v", e)
			}
			columns = append(columns, e.Column)
		}
		if !slices.Equal(columns, []string{"member", "platform", "handle", "ownership"}) {
			w.Errorf("columns %v", columns)
		}
		if len(got.Rows) != 4 || len(got.Warnings) != 1 || got.Warnings[0].Row != 7 || got.Warnings[0].Params["first"] != 2 {
			w.Errorf("%+v", got)
		}
		row := people()[0]
		row.Phone, row.Handle, row.ExternalID = "12", "other", ""
		out, _ := w.apply(w.hq, row)
		if len(out.Errors) != 1 || out.Errors[0].Column != "phone" || out.Inserted != 0 {
			w.Errorf("%+v", out)
		}
	})
}

func TestRosterChangesAndUndo(t *testing.T) {
	each(t, func(w *world) {
		_, first := w.apply(w.hq, people()...)
		rows := people()
		rows[0].Handle = "kos_sh_new"                   // renamed, known by its id
		rows[1].UnitPath = "华东/上海/徐汇店"                  // moved
		rows[2].ExternalID = "v2_other"                 // another account took the handle: refused
		rows[3].Platform, rows[3].ExternalID = "抖音", "" // a new account
		rows = append(rows, account.RosterRow{Row: 9, UnitPath: "华南/广州/天河店", UnitKind: "store"})
		counts := maps.Clone(w.tree.counts) // the tree of the tests knows no rollback
		plan, err := w.s.RosterPlan(w.ctx, w.hq, rows, nil)
		w.must(err)
		w.tree.counts = counts
		out, second := w.apply(w.hq, rows...)
		if out.Inserted != 1 || out.Updated != 2 || len(out.Errors) != 1 || out.Errors[0].Slug != "account.roster_other_id" {
			w.Fatalf("%+v", out)
		}
		if plan.Inserted != 1 || plan.Updated != 2 || len(plan.Errors) != 1 {
			w.Errorf("the dry run said %+v", plan)
		}
		w.counted()
		if a := w.handle("kos_sh_new"); a.Name != "kos_sh_new" || a.ExternalID != "5f00aa" {
			w.Errorf("%+v", a)
		}
		w.clock.Advance(48 * 3600e9)
		moved := w.handle("kos_dy_01")
		_, err = w.s.SetStatus(w.ctx, w.hq, moved.ID, account.Banned, "平台处罚")
		w.must(err)
		undone := w.undo(second)
		if undone.Removed != 1 || undone.Restored != 1 || len(undone.Kept) != 1 || undone.Kept[0].Handle != "kos_dy_01" {
			w.Errorf("%+v", undone)
		}
		w.handle("kos_sh_01")
		w.counted()
		w.board.used[w.handle("kos_gz_01").ID] = true
		undone = w.undo(first)
		if undone.Removed != 1 || len(undone.Kept) != 3 { // two were touched, one has posts
			w.Errorf("%+v", undone)
		}
		w.counted()
		if again := w.undo(first); again.Removed != 0 {
			w.Errorf("%+v", again)
		}
	})
}

func (w *world) undo(batch id.ID) account.RosterUndone {
	w.Helper()
	var out account.RosterUndone
	w.must(w.d.Tx(w.ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = w.s.RosterUndo(ctx, tx, w.hq, batch, 0)
		return err
	}))
	return out
}

func TestRosterStaysInScope(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		east := w.tree.byPath["华东"]
		boss := w.web.As(webtest.Actor(brand, authz.RegionManager, east))
		rows := people()
		rows[3].UnitPath = "华东/上海/静安店" // takes another region's account
		out, _ := w.apply(boss, rows[0], rows[3], account.RosterRow{Row: 8, UnitPath: "华南/深圳", Platform: "抖音", Handle: "far"})
		if out.Unchanged != 1 || len(out.Errors) != 2 || out.Inserted+out.Updated != 0 {
			w.Fatalf("%+v", out)
		}
		w.counted()
	})
}

// TestTwoRostersAtOnce imports overlapping rows from several sides: every account is made exactly once.
func TestTwoRostersAtOnce(t *testing.T) {
	each(t, func(w *world) {
		var rows []account.RosterRow
		for i := range 60 {
			rows = append(rows, account.RosterRow{Row: i + 2, UnitPath: fmt.Sprintf("区%d/店%d", i%3, i%7), UnitKind: "store", Platform: "抖音", Handle: fmt.Sprintf("h%02d", i)})
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		var total account.RosterOutcome
		for n := range 4 {
			wg.Go(func() {
				mine := slices.Clone(rows)
				if n%2 == 1 {
					slices.Reverse(mine)
				}
				for part := range slices.Chunk(mine, 20) {
					err := w.d.Tx(w.ctx, func(ctx context.Context, tx *db.Tx) error {
						out, err := w.s.RosterApply(ctx, tx, w.hq, w.ids.New(), part)
						mu.Lock()
						total.Inserted += out.Inserted
						total.Unchanged += out.Unchanged
						total.Updated += out.Updated
						mu.Unlock()
						return err
					})
					if err != nil {
						w.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if total.Inserted != 60 || total.Unchanged != 180 || total.Updated != 0 {
			w.Errorf("%+v", total)
		}
		w.counted()
	})
}

func TestPlacesAreDated(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		a := w.handle("kos_sh_01")
		spans := func() []account.Span {
			m, err := w.s.Spans(w.ctx, w.d, brand, []id.ID{a.ID})
			w.must(err)
			return m[a.ID]
		}
		rows := people()[:1]
		rows[0].UnitPath = "华东/上海/徐汇店"
		w.apply(w.hq, rows...) // the same day, no figures yet: a correction
		if s := spans(); len(s) != 1 || s[0].From != account.Since || s[0].UnitID != w.tree.byPath["华东/上海/徐汇店"] {
			w.Fatalf("%+v", s)
		}
		w.clock.Advance(72 * 3600e9)
		rows[0].UnitPath = "华南/广州/天河店"
		w.apply(w.hq, rows...)
		rows[0].UnitPath = "华东/上海/静安店"
		w.apply(w.hq, rows...) // twice on one day: the last counts
		s := spans()
		if len(s) != 2 || s[0].To != 20261124 || s[1].From != 20261125 || s[1].UnitID != w.tree.byPath["华东/上海/静安店"] {
			w.Fatalf("%+v", s)
		}
	})
}
