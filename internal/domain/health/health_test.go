package health_test

import (
	"context"
	"slices"
	"testing"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/domain/health"
)

const (
	brand id.ID     = 7
	day   clock.Day = 20261122
)

// world is a small matrix in memory: the rooms that health asks.
type world struct {
	accounts []health.AccountFact
	figures  map[id.ID]health.Figure
	views    map[id.ID][]int64
	falls    []health.Fall
	todos    map[string]health.Todo
	settled  map[id.ID]string
	resolved map[id.ID]string
}

func (w *world) Walk(_ context.Context, _ db.Querier, _, after id.ID, limit int) ([]health.AccountFact, error) {
	var out []health.AccountFact
	for _, a := range w.accounts {
		if a.ID > after && len(out) < limit {
			out = append(out, a)
		}
	}
	return out, nil
}

func (w *world) Labels(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]health.Label, error) {
	out := map[id.ID]health.Label{}
	for _, a := range w.accounts {
		if slices.Contains(ids, a.ID) {
			out[a.ID] = health.Label{Handle: "h" + a.ID.String(), Platform: a.Platform, UnitID: a.UnitID, MemberID: a.MemberID}
		}
	}
	return out, nil
}

func (w *world) Resolve(_ context.Context, _ *db.Tx, _ authz.Actor, account id.ID, decision, _ string) error {
	w.resolved[account] = decision
	return nil
}

func (w *world) Figures(context.Context, db.Querier, id.ID, []id.ID, clock.Day, int) (map[id.ID]health.Figure, error) {
	return w.figures, nil
}

func (w *world) RecentViews(context.Context, db.Querier, id.ID, []id.ID, int) (map[id.ID][]int64, error) {
	return w.views, nil
}

func (w *world) Falls(context.Context, db.Querier, id.ID, clock.Day, health.Settings) ([]health.Fall, error) {
	return w.falls, nil
}

func (w *world) FallRows(_ context.Context, _ db.Querier, _, _ id.ID, kind string, _ clock.Day) ([]health.FallRow, error) {
	if kind == health.FollowerCliff {
		return []health.FallRow{{Counter: "followers"}}, nil
	}
	return []health.FallRow{{PostID: 9, Title: "一", Counter: "posts"}, {PostID: 10, Title: "二", Counter: "posts"}}, nil
}

func (w *world) Create(_ context.Context, _ *db.Tx, _ id.ID, todos []health.Todo) error {
	for _, t := range todos {
		w.todos[t.Kind+"|"+t.Key] = t
	}
	return nil
}

func (w *world) Settle(_ context.Context, _ *db.Tx, _ id.ID, _ string, objects []id.ID, outcome string) error {
	for _, o := range objects {
		w.settled[o] = outcome
	}
	return nil
}

// Scope: a manager's grant is on unit 11 alone, headquarters sees all.
func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if all {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	if unit != "" && (len(roots) == 0 || unit != roots[0].String()) {
		return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return authz.Scope{BrandID: actor.BrandID, Roots: roots, Units: roots}, nil
}

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

func newWorld() *world {
	w := &world{figures: map[id.ID]health.Figure{}, views: map[id.ID][]int64{}, todos: map[string]health.Todo{}, settled: map[id.ID]string{}, resolved: map[id.ID]string{}}
	for i := range 20 {
		a := health.AccountFact{ID: id.ID(100 + i), Platform: "douyin", Kind: "employee", UnitID: id.ID(11 + i%2), MemberID: id.ID(500 + i), Status: "ok", CreatedDay: 20250101, League: "douyin/1"}
		w.accounts = append(w.accounts, a)
		w.figures[a.ID] = health.Figure{LastPostDay: day.Add(-2), FirstDay: 20250101, Posts30: 5, Views30: 5000, Interactions30: 250, Views: 9000, Gained30: 10}
		w.views[a.ID] = []int64{500, 600, 400, 550, 450, 500, 520, 480, 700, 300}
	}
	return w
}

func (w *world) figure(i int, change func(*health.Figure)) {
	f := w.figures[w.accounts[i].ID]
	change(&f)
	w.figures[w.accounts[i].ID] = f
}

func service(d *db.DB, w *world, c clock.Clock) *health.Service {
	ids := id.NewSource(1, c.Now)
	return health.New(health.Deps{DB: d, Clock: c, IDs: ids, Accounts: w, Figures: w, Todos: w, Scopes: w, Brands: w, Audit: audit.New(d, ids, c)})
}

func sets() []migrate.Set { return []migrate.Set{health.Migrations()} }

func hq(t *testing.T, role authz.Role, unit id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(health.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	return authz.NewActor(authz.Actor{Kind: authz.User, BrandID: brand, UserID: 3, Name: "王店长", Zone: clock.Shanghai(), Grants: []authz.Grant{{Role: role, UnitID: unit}}}, perms)
}

func TestJudgeFindsWakesAndForgets(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, c := context.Background(), newWorld(), clock.NewFake(day.In(clock.Shanghai()).Add(9e12))
		w.figure(0, func(f *health.Figure) { f.LastPostDay = day.Add(-31) })
		w.figure(1, func(f *health.Figure) { f.LastPostDay, f.Posts30 = day.Add(-70), 0 })
		w.accounts[2].Status, w.accounts[2].StatusSince = "banned", day.Add(-1)
		w.falls = []health.Fall{{AccountID: 103, Kind: health.FollowerCliff, Day: day, Before: 1000, After: 700}, {AccountID: 104, Kind: health.FollowerCliff, Day: day, Before: 100, After: 90}}
		s, me := service(d, w, c), hq(t, authz.HQOps, 0)
		for range 2 { // the same day twice changes nothing
			got, err := s.Judge(ctx, me)
			if err != nil || got.Accounts != 20 || got.Zombies != 3 || got.Woken != 0 {
				t.Fatalf("%+v %v", got, err)
			}
			if len(w.todos) != 3 {
				t.Fatalf("%d to-dos", len(w.todos))
			}
		}
		rows, err := s.List(ctx, me, health.Filter{Cause: "any"}, health.Place{}, 50)
		if err != nil || len(rows) != 3 || rows[0].Cause != health.Banned || rows[0].Score > 10 || len(rows[0].Parts) == 0 || rows[0].PeerMean == 0 {
			t.Fatalf("%+v %v", rows, err)
		}
		// found at 70 days: third rung, addressed to the region, once
		_, episodes, err := s.Get(ctx, me, 101)
		if err != nil || len(episodes) != 1 || episodes[0].Step != 3 || len(episodes[0].Steps) != 3 || episodes[0].Steps[2].Audience != "region" {
			t.Fatalf("%+v %v", episodes, err)
		}
		if a, err := s.Anomalies(ctx, me, health.AnomalyQuery{State: "open", Limit: 10}); err != nil || len(a) != 1 || a[0].Before != 1000 {
			t.Fatalf("%+v %v", a, err)
		}
		// a loss that is dated again by a late list is the same loss
		w.falls = []health.Fall{{AccountID: 105, Kind: health.MassDeletion, Day: day, Before: 10, After: 6}}
		for range 2 {
			if _, err := s.Judge(ctx, me); err != nil {
				t.Fatal(err)
			}
			w.falls[0].Day = day.Add(-2)
		}
		a, err := s.Anomalies(ctx, me, health.AnomalyQuery{Kind: health.MassDeletion, Limit: 10})
		if err != nil || len(a) != 1 || a[0].After != 6 || a[0].Day != day {
			t.Fatalf("%+v %v", a, err)
		}
		if one, lines, err := s.Anomaly(ctx, me, a[0].ID); err != nil || one.AccountID != 105 || len(lines) != 2 {
			t.Fatalf("%+v %+v %v", one, lines, err)
		}
		if _, _, err := s.Anomaly(ctx, hq(t, authz.StoreManager, 11), a[0].ID); !errs.Is(err, "health.anomaly_gone") {
			t.Fatal("another store's anomaly:", err)
		}
		w.falls = nil
		// two weeks on: 100 posted again, 101 was closed, 102 still banned and now with the manager
		c.Set(day.Add(16).In(clock.Shanghai()).Add(9e12))
		for i := range w.accounts {
			w.figure(i, func(f *health.Figure) { f.LastPostDay = day.Add(14) })
		}
		w.accounts = slices.Delete(w.accounts, 1, 2)
		got, err := s.Judge(ctx, me)
		if err != nil || got.Zombies != 1 || got.Woken != 1 || w.settled[100] != health.OutcomeAwake || w.settled[101] != health.OutcomeGone {
			t.Fatalf("%+v %v %v", got, err, w.settled)
		}
		b, err := s.Board(ctx, me, "")
		if err != nil || b.Accounts != 19 || b.Causes[health.Banned] != 1 || b.Outcomes30[health.OutcomeAwake] != 1 || b.Outcomes30[health.OutcomeGone] != 1 || b.Judged != day.Add(16) {
			t.Fatalf("%+v %v", b, err)
		}
		if _, episodes, err = s.Get(ctx, me, 102); err != nil || episodes[0].Step != 2 {
			t.Fatalf("%+v %v", episodes, err)
		}
	})
}

func TestCausesNeedFiguresThatSourcesTell(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w := context.Background(), newWorld()
		s, me := service(d, w, clock.NewFake(day.In(clock.Shanghai()))), hq(t, authz.HQOps, 0)
		n := func(v int64) *int64 { return &v }
		w.figure(0, func(f *health.Figure) { f.Inquiries, f.Replies, f.Leads = n(5), n(0), n(2) })
		w.figure(1, func(f *health.Figure) { f.Inquiries, f.Replies, f.Leads = n(40), n(38), n(0) })
		w.figure(2, func(f *health.Figure) { f.Inquiries, f.Replies, f.Leads = n(0), n(0), n(0) })
		w.figure(3, func(f *health.Figure) { f.Inquiries = n(9) })
		if got, err := s.Judge(ctx, me); err != nil || got.Zombies != 3 {
			t.Fatalf("%+v %v", got, err)
		}
		b, err := s.Board(ctx, me, "")
		if err != nil || b.Causes[health.NoReplies] != 1 || b.Causes[health.NotConverting] != 1 || b.Causes[health.Unasked] != 1 {
			t.Fatalf("%+v %v", b.Causes, err)
		}
		if b.Silent[health.NoReplies] != 17 || b.Silent[health.NotConverting] != 17 || b.Silent[health.Unasked] != 16 {
			t.Fatalf("%+v", b.Silent)
		}
		j, _, err := s.Get(ctx, me, 103)
		if err != nil || len(j.Silent) != 2 || j.Silent[0].Cause != health.NoReplies || !slices.Equal(j.Silent[0].Needs, []string{"replies"}) {
			t.Fatalf("%+v %v", j.Silent, err)
		}
	})
}

func TestListPagesOnceAndStaysInScope(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w := context.Background(), newWorld()
		s := service(d, w, clock.NewFake(day.In(clock.Shanghai())))
		if _, err := s.Judge(ctx, hq(t, authz.HQOps, 0)); err != nil {
			t.Fatal(err)
		}
		manager := hq(t, authz.StoreManager, 11)
		seen := map[id.ID]bool{}
		var at health.Place
		for {
			rows, err := s.List(ctx, manager, health.Filter{}, at, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				if seen[r.AccountID] || r.Label.UnitID != 11 {
					t.Fatalf("%+v twice or out of scope", r)
				}
				seen[r.AccountID] = true
			}
			at = health.Place{Score: rows[len(rows)-1].Score, Account: rows[len(rows)-1].AccountID}
		}
		if len(seen) != 10 {
			t.Fatalf("%d accounts", len(seen))
		}
		if _, _, err := s.Get(ctx, manager, 101); !errs.Is(err, "health.not_judged") {
			t.Fatalf("another store's account: %v", err)
		}
	})
}

func TestRoundFromListToProof(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w := context.Background(), newWorld()
		s, me := service(d, w, clock.NewFake(day.In(clock.Shanghai()))), hq(t, authz.HQOps, 0)
		if _, err := s.OpenRound(ctx, me, "", "2026 Q4", day.Add(20)); !errs.Is(err, "health.round_empty") {
			t.Fatal(err)
		}
		for i := range 4 {
			w.figure(i, func(f *health.Figure) { f.LastPostDay = day.Add(-100) })
		}
		if _, err := s.Judge(ctx, me); err != nil {
			t.Fatal(err)
		}
		if _, err := s.OpenRound(ctx, me, "", "", day); !errs.Is(err, "health.round_name") || !errs.Is(err, "health.round_due") {
			t.Fatal("all faults at once:", err)
		}
		round, err := s.OpenRound(ctx, me, "", "2026 Q4", day.Add(20))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.OpenRound(ctx, me, "", "2026 Q4", day.Add(20)); !errs.Is(err, "health.round_exists") {
			t.Fatal(err)
		}
		manager := hq(t, authz.StoreManager, 11) // owns accounts 100 and 102
		if err := s.Decide(ctx, manager, round, 101, health.Cancel, "离职"); !errs.Is(err, "health.item_gone") {
			t.Fatal("another store's item:", err)
		}
		if err := s.Decide(ctx, manager, round, 100, health.Cancel, ""); !errs.Is(err, "health.reason_missing") {
			t.Fatal(err)
		}
		if err := s.Prove(ctx, manager, round, 100, "截图"); !errs.Is(err, "health.item_gone") {
			t.Fatal("proof before decision:", err)
		}
		if err := s.Decide(ctx, manager, round, 100, health.Cancel, "离职"); err != nil {
			t.Fatal(err)
		}
		if err := s.Prove(ctx, manager, round, 100, "https://example.com/gone"); err != nil || w.resolved[100] != health.Cancel {
			t.Fatal(err, w.resolved)
		}
		if err := s.Prove(ctx, manager, round, 100, "again"); !errs.Is(err, "health.item_gone") {
			t.Fatal("proved twice:", err)
		}
		rounds, err := s.Rounds(ctx, manager)
		if err != nil || len(rounds) != 1 || rounds[0].Counts["proved"] != 1 || rounds[0].Counts["pending"] != 1 {
			t.Fatalf("%+v %v", rounds, err)
		}
		if err := s.CloseRound(ctx, manager, round); !errs.Is(err, "health.round_gone") {
			t.Fatal("a store manager closed the brand's round:", err)
		}
		if err := s.CloseRound(ctx, me, round); err != nil {
			t.Fatal(err)
		}
		if err := s.Decide(ctx, me, round, 101, health.Revive, ""); !errs.Is(err, "health.item_gone") {
			t.Fatal("a closed round took a decision:", err)
		}
	})
}

func TestSettingsAreCheckedAndUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w := context.Background(), newWorld()
		s, me := service(d, w, clock.NewFake(day.In(clock.Shanghai()))), hq(t, authz.HQOps, 0)
		bad := health.Defaults()
		bad.SleepDays, bad.Ladder = 0, []int{30, 30}
		if err := s.SetSettings(ctx, me, bad); !errs.Is(err, "health.out_of_range") || !errs.Is(err, "health.ladder_rises") {
			t.Fatal(err)
		}
		strict := health.Defaults()
		strict.SleepDays = 7
		if err := s.SetSettings(ctx, me, strict); err != nil {
			t.Fatal(err)
		}
		w.figure(0, func(f *health.Figure) { f.LastPostDay = day.Add(-8) })
		if got, err := s.Judge(ctx, me); err != nil || got.Zombies != 1 {
			t.Fatalf("%+v %v", got, err)
		}
	})
}
