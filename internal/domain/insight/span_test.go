package insight_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
	"kosmos/internal/event"
)

// countsOf are the counts of a unit at the end of a day, as the overview shows them and as their rows add up.
func (b *bench) countsOf(unit string, day clock.Day) (shown, drilled string) {
	b.t.Helper()
	p := insight.Period{From: day.Add(-6), To: day}
	f := b.overview(p.From, p.To, unit).Figures
	for _, x := range []struct {
		name  string
		value *int64
	}{{"accounts", f.Accounts.Value}, {"active", f.Active.Value}, {"asleep", f.Asleep.Value}, {"abnormal", f.Abnormal.Value}} {
		if x.value == nil {
			b.t.Fatalf("%s of unit %q on %d: not known", x.name, unit, day)
		}
		q := insight.RowsQuery{Figure: x.name, Period: p, Unit: unit, Limit: 2}
		var sum int64
		for {
			rows, err := b.insight.Rows(context.Background(), b.actor, q)
			if err != nil {
				b.t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			for i := range rows {
				sum += rows[i].Value
			}
			q.After = &rows[len(rows)-1]
		}
		total, err := b.insight.Total(context.Background(), b.actor, q)
		if err != nil || *total != *x.value {
			b.t.Errorf("%s of unit %q on %d: total %v, figure %d, %v", x.name, unit, day, total, *x.value, err)
		}
		shown += fmt.Sprint(*x.value, " ")
		drilled += fmt.Sprint(sum, " ")
	}
	return shown, drilled
}

func (b *bench) close() {
	b.t.Helper()
	if err := b.insight.Close(context.Background(), brand); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) change(account id.ID, fn func(r *insight.AccountRef)) {
	b.t.Helper()
	r := b.world.refs[account]
	fn(&r)
	b.world.refs[account] = r
	b.tx(func(ctx context.Context, tx *db.Tx) error {
		return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{account})
	})
}

func allIDs(w *world) (ids []id.ID) {
	for a := range w.refs {
		ids = append(ids, a)
	}
	return ids
}

func TestCountsOfPastDaysOpenToTheAccountsOfThatDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, allIDs(b.world))
		})
		b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-11-20", "2026-11-21", 10), item(102, "二", "2026-10-28", "2026-11-21", 5), item(104, "三", "2026-11-01", "2026-11-02", 5)}})
		b.close()
		check := func(what, unit string, day clock.Day, want string) {
			t.Helper()
			shown, drilled := b.countsOf(unit, day)
			if shown != drilled || shown != want {
				t.Errorf("%s: unit %q on %d shows %s, rows add up to %s, want %s", what, unit, day, shown, drilled, want)
			}
		}
		check("closed", "", 20261121, "4 3 1 0 ")
		check("before the post", "31", 20261119, "2 1 1 0 ")
		// 102 is banned on the 22nd, falls out of "active"; 101 moves to 33 on the 23rd
		b.change(102, func(r *insight.AccountRef) { r.Abnormal, r.StateSince = true, 20261122 })
		b.clock.Advance(24 * time.Hour)
		b.world.move(101, 33, 20261123)
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{101})
		})
		b.clock.Advance(9 * 24 * time.Hour)
		b.close()
		check("the day before the ban", "31", 20261121, "2 2 0 0 ")
		check("the day of the ban", "31", 20261122, "2 1 0 1 ")
		check("after the move", "31", 20261123, "1 0 0 1 ")
		check("where it went", "21", 20261123, "2 2 0 0 ")
		check("asleep since", "21", 20261201, "2 1 1 0 ")
		// the account moves back, as of the 25th
		b.world.move(101, 31, 20261125)
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{101})
		})
		check("backdated: still there on the 24th", "33", 20261124, "2 2 0 0 ")
		check("backdated: gone on the 25th", "33", 20261125, "1 1 0 0 ")
		check("backdated: back on the 25th", "31", 20261125, "2 1 0 1 ")
		// unit 33 goes over to 20 as of the 24th
		b.world.above(33, 20261124, 10, 20, 33)
		b.hear(event.OrgUnitMoved{BrandID: brand, MoveID: 1, UnitIDs: []id.ID{33}, FromID: 21, ToID: 20, FromDay: 20261124, Reroll: true})
		check("the unit before its move", "21", 20261123, "2 2 0 0 ")
		check("the unit after its move", "21", 20261124, "0 0 0 0 ")
		check("where the unit went", "20", 20261124, "4 2 1 1 ")
		// a store account from the start: everything it was follows
		b.change(104, func(r *insight.AccountRef) { r.Kind = "store" })
		check("another kind", "20", 20261124, "4 2 1 1 ")
		rows, err := b.insight.Rows(context.Background(), b.actor, insight.RowsQuery{Figure: "accounts", Period: insight.Period{From: 20261124, To: 20261124}, Kind: "store", Limit: 9})
		if err != nil || len(rows) != 1 || rows[0].Account != 104 {
			t.Errorf("store accounts: %+v %v", rows, err)
		}
		// late figures wake 103 in the past; the recorded ban stays where it was
		b.apply(post.Batch{Items: []post.Item{item(103, "迟", "2026-11-18", "2026-11-19", 1)}})
		b.close()
		check("late: awake", "32", 20261119, "1 1 0 0 ")
		check("late: the ban stays on its day", "31", 20261121, "2 2 0 0 ")
		check("late: the ban stays on its day", "31", 20261122, "2 1 0 1 ")
		// an undone roster import takes the account out of every day
		delete(b.world.refs, 104)
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{104})
		})
		check("forgotten", "33", 20261121, "0 0 0 0 ")
		if _, err := b.insight.Rows(context.Background(), b.actor, insight.RowsQuery{Figure: "asleep", Period: insight.Period{From: 20200101, To: 20200107}, Limit: 5}); !errs.Is(err, "insight.rows_not_kept") {
			t.Error("a day before the history:", err)
		}
	})
}

// Whatever happens to accounts and units, whenever the day is closed: on every closed day the rows behind each count add
// up to it, in every unit.
func TestRowsOfPastCountsAddUpWhateverHappened(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		rng := rand.New(rand.NewPCG(3, 9))
		for i := range id.ID(12) {
			b.world.add(200+i, 31+i%3, []string{"douyin", "xiaohongshu"}[i%2])
		}
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, allIDs(b.world))
		})
		stores := []id.ID{31, 32, 33}
		for round := range 30 {
			today := clock.DayOf(b.clock.Now(), clock.Shanghai())
			account := 200 + id.ID(rng.IntN(12))
			switch rng.IntN(6) {
			case 0:
				b.change(account, func(r *insight.AccountRef) { r.Abnormal, r.StateSince = !r.Abnormal, today })
			case 1:
				b.change(account, func(r *insight.AccountRef) { r.Counted, r.StateSince = !r.Counted, today })
			case 2:
				spans := b.world.spans[account]
				if from := today.Add(-rng.IntN(6)); spans[len(spans)-1].From < from {
					b.world.move(account, stores[rng.IntN(3)], from)
					b.tx(func(ctx context.Context, tx *db.Tx) error {
						return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{account})
					})
				}
			case 3:
				from, parent := today.Add(-rng.IntN(5)), []id.ID{20, 21}[rng.IntN(2)]
				if latest := b.world.since(33); latest < from {
					b.world.above(33, from, 10, parent, 33)
					b.hear(event.OrgUnitMoved{BrandID: brand, UnitIDs: []id.ID{33}, FromDay: int32(from), Reroll: true})
				}
			default:
				day := today.Add(-rng.IntN(40)).In(clock.Shanghai()).Format("2006-01-02")
				b.apply(post.Batch{Items: []post.Item{item(account, fmt.Sprint("t", round), day, today.In(clock.Shanghai()).Format("2006-01-02"), 3)}})
			}
			b.clock.Advance(time.Duration(rng.IntN(40)) * time.Hour)
			if rng.IntN(3) == 0 {
				b.close()
			}
		}
		b.close()
		last := clock.DayOf(b.clock.Now(), clock.Shanghai()).Add(-1)
		for _, unit := range []string{"", "10", "20", "21", "31", "32", "33"} {
			for day := last.Add(-40); day <= last; day = day.Add(1) {
				if shown, drilled := b.countsOf(unit, day); shown != drilled {
					t.Errorf("unit %q on %d shows %s, rows add up to %s", unit, day, shown, drilled)
				}
			}
		}
	})
}

// since gives the day since which a unit is where it is.
func (w *world) since(unit id.ID) (day clock.Day) {
	for _, s := range w.closure {
		if s.UnitID == unit && s.To == clock.Forever {
			day = max(day, s.From)
		}
	}
	return day
}
