package insight_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
)

const brand = id.ID(1)

// world is a small organisation: 10 brand → 20 华东 → 31, 32 stores; 10 → 21 华南 → 33 store.
type world struct {
	mu      sync.Mutex // guards closure
	refs    map[id.ID]insight.AccountRef
	spans   map[id.ID][]insight.UnitSpan
	closure []insight.ClosureSpan
}

const founded = clock.Day(20260101)

func newWorld() *world {
	w := &world{refs: map[id.ID]insight.AccountRef{}, spans: map[id.ID][]insight.UnitSpan{}}
	for unit, above := range map[id.ID][]id.ID{10: {10}, 20: {10, 20}, 21: {10, 21}, 31: {10, 20, 31}, 32: {10, 20, 32}, 33: {10, 21, 33}} {
		for _, a := range above {
			w.closure = append(w.closure, insight.ClosureSpan{UnitID: unit, AncestorID: a, From: founded, To: clock.Forever})
		}
	}
	w.add(101, 31, "xiaohongshu")
	w.add(102, 31, "douyin")
	w.add(103, 32, "xiaohongshu")
	w.add(104, 33, "xiaohongshu")
	return w
}

func (w *world) add(account, unit id.ID, platform string) {
	w.refs[account] = insight.AccountRef{ID: account, UnitID: unit, Since: founded, Platform: platform, Kind: "employee", Counted: true, CreatedDay: founded, League: "xiaohongshu"}
	w.spans[account] = []insight.UnitSpan{{AccountID: account, UnitID: unit, From: founded, To: clock.Forever}}
}

func (w *world) move(account, unit id.ID, day clock.Day) {
	s := w.spans[account]
	s[len(s)-1].To = day.Add(-1)
	w.spans[account] = append(s, insight.UnitSpan{AccountID: account, UnitID: unit, From: day, To: clock.Forever})
	r := w.refs[account]
	r.UnitID, r.Since = unit, day
	w.refs[account] = r
}

func (w *world) PostRefs(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]post.AccountRef, error) {
	out := map[id.ID]post.AccountRef{}
	for _, a := range ids {
		if r, ok := w.refs[a]; ok {
			out[a] = post.AccountRef{ID: a, UnitID: r.UnitID, Platform: r.Platform}
		}
	}
	return out, nil
}

func (w *world) InsightRefs(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (out []insight.AccountRef, err error) {
	for _, a := range ids {
		if r, ok := w.refs[a]; ok {
			out = append(out, r)
		}
	}
	return out, nil
}

func (w *world) InsightSpans(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (out []insight.UnitSpan, err error) {
	for _, a := range ids {
		out = append(out, w.spans[a]...)
	}
	return out, nil
}

func (w *world) InsightLabels(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]insight.AccountLabel, error) {
	out := map[id.ID]insight.AccountLabel{}
	for _, a := range ids {
		out[a] = insight.AccountLabel{ID: a, Handle: fmt.Sprint("kos_", int64(a)), UnitID: w.refs[a].UnitID, Platform: w.refs[a].Platform}
	}
	return out, nil
}

func (w *world) ClosureSpans(_ context.Context, _ db.Querier, _ id.ID, units []id.ID) (out []insight.ClosureSpan, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.closure {
		for _, u := range units {
			if s.UnitID == u {
				out = append(out, s)
			}
		}
	}
	return out, nil
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, _, unit string) (authz.Scope, error) {
	if unit == "" {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	u, err := id.Parse(unit)
	sc := authz.Scope{BrandID: actor.BrandID, Roots: []id.ID{u}}
	for _, s := range w.closure {
		if s.AncestorID == u && s.To == clock.Forever {
			sc.Units = append(sc.Units, s.UnitID)
		}
	}
	return sc, err
}

func (w *world) MemberAccounts(context.Context, db.Querier, id.ID, id.ID) ([]id.ID, error) {
	return []id.ID{101}, nil
}

// bench is a store with both rooms over a small world.
type bench struct {
	t       testing.TB
	db      *db.DB
	clock   *clock.Fake
	world   *world
	post    *post.Service
	insight *insight.Service
	actor   authz.Actor
	serial  clock.Ms
}

func sets() []migrate.Set { return []migrate.Set{post.Migrations(), insight.Migrations()} }

func newBench(t testing.TB, d *db.DB) *bench {
	fake := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()))
	ids := id.NewSource(1, fake.Now)
	w := newWorld()
	return &bench{
		t: t, db: d, clock: fake, world: w, post: post.New(d, ids, fake, w, w), insight: insight.New(d, ids, fake, w, w),
		actor: authz.SystemActor(brand, clock.Shanghai()), serial: clock.MsOf(fake.Now()),
	}
}

// again makes the services of another process.
func (b *bench) again() (*post.Service, *insight.Service) { return b.againAs(2) }

func (b *bench) againAs(node int) (*post.Service, *insight.Service) {
	ids := id.NewSource(node, b.clock.Now)
	return post.New(b.db, ids, b.clock, b.world, b.world), insight.New(b.db, ids, b.clock, b.world, b.world)
}

func (b *bench) apply(batch post.Batch) post.Result {
	b.t.Helper()
	b.serial++
	batch.LearnedAt = b.serial
	return b.applyAs(batch)
}

// applyAs is apply for a batch that says when it was learned.
func (b *bench) applyAs(batch post.Batch) post.Result {
	b.t.Helper()
	res, err := b.takeIn(batch)
	if err != nil {
		b.t.Fatal(err)
	}
	return res
}

// take is applyAs for other goroutines than the test's.
func (b *bench) take(batch post.Batch) error {
	_, err := b.takeIn(batch)
	return err
}

func (b *bench) takeIn(batch post.Batch) (res post.Result, err error) {
	batch.BrandID, batch.Zone = brand, clock.Shanghai()
	if batch.Origin == "" {
		batch.Origin = post.Export
	}
	err = b.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		r, deltas, err := b.post.Apply(ctx, tx, batch)
		res = r
		if err != nil {
			return err
		}
		return b.insight.Add(ctx, tx, deltas)
	})
	return res, err
}

// applyAndFail takes a batch in and rolls it back.
func (b *bench) applyAndFail(batch post.Batch) {
	b.t.Helper()
	batch.BrandID, batch.Zone = brand, clock.Shanghai()
	stop := errors.New("stop")
	err := b.db.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, deltas, err := b.post.Apply(ctx, tx, batch)
		if err == nil {
			err = b.insight.Add(ctx, tx, deltas)
		}
		return errors.Join(err, stop)
	})
	if !errors.Is(err, stop) || err.Error() != stop.Error() {
		b.t.Fatal(err)
	}
}

func (b *bench) undo(imports ...id.ID) {
	b.t.Helper()
	b.tx(func(ctx context.Context, tx *db.Tx) error {
		deltas, err := b.post.Undo(ctx, tx, brand, imports, clock.Shanghai())
		if err != nil {
			return err
		}
		return b.insight.Add(ctx, tx, deltas)
	})
}

func (b *bench) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	b.t.Helper()
	if err := b.db.Tx(context.Background(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func at(day string) clock.Ms {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" 09:00", clock.Shanghai())
	if err != nil {
		panic(err)
	}
	return clock.MsOf(t)
}

func item(account id.ID, title, published, asOf string, views int64) post.Item {
	return post.Item{AccountID: account, Title: title, PublishedAt: at(published), AsOf: at(asOf), Counters: post.Counters{}.With(post.Views, views).With(post.Likes, views/10)}
}

func (b *bench) overview(from, to clock.Day, unit string) *insight.Overview {
	b.t.Helper()
	o, err := b.insight.Overview(context.Background(), b.actor, unit, insight.Period{From: from, To: to})
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

// drill adds up the rows behind a figure, a page at a time.
func (b *bench) drill(figure, unit string) (sum int64) {
	b.t.Helper()
	q := insight.RowsQuery{Figure: figure, Period: insight.Period{From: 20260101, To: 20261231}, Unit: unit, Limit: 1}
	for {
		rows, err := b.insight.Rows(context.Background(), b.actor, q)
		if err != nil {
			b.t.Fatal(err)
		}
		if len(rows) == 0 {
			return sum
		}
		sum += rows[0].Value
		q.After = &rows[0]
	}
}

// cellRows reads every non-zero cell as text.
func (b *bench) cellRows() map[string]string {
	b.t.Helper()
	ctx := context.Background()
	if err := b.insight.FoldAll(ctx, brand); err != nil {
		b.t.Fatal(err)
	}
	type row struct {
		Unit   int64  `db:"unit_id"`
		Day    int64  `db:"day"`
		P      string `db:"platform"`
		Kind   string `db:"account_kind"`
		Origin int64  `db:"origin"`
		Posts  int64  `db:"posts"`
		Views  int64  `db:"views"`
		Inter  int64  `db:"interactions"`
		Fol    int64  `db:"followers_gained"`
	}
	rows, err := db.All[row](ctx, b.db, `SELECT unit_id, day, platform, account_kind, origin, posts, views, interactions, followers_gained FROM insight_unit_day WHERE brand_id = $1`, brand)
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range rows {
		if r.Posts != 0 || r.Views != 0 || r.Inter != 0 || r.Fol != 0 {
			out[fmt.Sprint(r.Unit, r.Day, r.P, r.Kind, r.Origin)] = fmt.Sprint(r.Posts, r.Views, r.Inter, r.Fol)
		}
	}
	return out
}

func same(t *testing.T, what string, a, b map[string]string) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%s: %d cells against %d", what, len(a), len(b))
	}
	for k, v := range a {
		if b[k] != v {
			t.Errorf("%s: cell %s: %s against %s", what, k, v, b[k])
		}
	}
}

func TestSnapshotsInAnyOrderGiveTheSameDays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		batches := []post.Batch{
			{Items: []post.Item{item(101, "一", "2026-06-01", "2026-07-01", 100), item(103, "二", "2026-06-02", "2026-07-01", 50)}},
			{Items: []post.Item{item(101, "一", "2026-06-01", "2026-08-01", 200)}},
			{Items: []post.Item{item(101, "一", "2026-06-01", "2026-09-01", 150), item(103, "二", "2026-06-02", "2026-09-01", 70)}},
			{Accounts: []post.AccountItem{{AccountID: 101, AsOf: at("2026-07-01"), Counters: post.Counters{}.With(post.Followers, 1000)}}},
			{Accounts: []post.AccountItem{{AccountID: 101, AsOf: at("2026-07-04"), Counters: post.Counters{}.With(post.Followers, 1030).With(post.Views, 9)}}},
			{Accounts: []post.AccountItem{{AccountID: 101, AsOf: at("2026-07-05"), Daily: true, Counters: post.Counters{}.With(post.FollowersGained, 4)}}},
		}
		var want map[string]string
		for seed := range uint64(4) {
			b := newBench(t, d)
			if seed > 0 {
				b.db = dbtest.SQLite(t, sets())
				*b = *newBench(t, b.db)
			}
			rng := rand.New(rand.NewPCG(seed, 1))
			order := rng.Perm(len(batches))
			if seed == 0 {
				order = []int{0, 1, 2, 3, 4, 5}
			}
			for _, i := range order {
				b.apply(batches[i])
			}
			got := b.cellRows()
			if want == nil {
				want = got
			}
			same(t, fmt.Sprint("order ", order), want, got)
		}
		b := newBench(t, d)
		o := b.overview(20260901, 20260930, "")
		if *o.Figures.Views.Value != -50+20 {
			t.Errorf("September: %d", *o.Figures.Views.Value)
		}
		if o = b.overview(20260101, 20261231, "31"); *o.Figures.Views.Value != 150 || *o.Figures.Posts.Value != 1 || *o.Figures.FollowersDelta.Value != 34 {
			t.Errorf("unit 31: views %d posts %d followers %d", *o.Figures.Views.Value, *o.Figures.Posts.Value, *o.Figures.FollowersDelta.Value)
		}
		if o = b.overview(20260101, 20261231, "21"); *o.Figures.Views.Value != 0 {
			t.Errorf("unit 21: %d", *o.Figures.Views.Value)
		}
	})
}

func TestTheSameAgainChangesNothingAndUndoRestores(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		one := post.Batch{ImportID: 1, Items: []post.Item{item(101, "一", "2026-06-01", "2026-07-01", 100), item(102, "二", "2026-06-01", "2026-07-01", 10)}}
		if r := b.apply(one); r.Inserted != 2 {
			t.Fatalf("%+v", r)
		}
		before := b.cellRows()
		if r := b.apply(one); r.Unchanged != 2 || r.Inserted+r.Updated != 0 {
			t.Fatalf("again: %+v", r)
		}
		two := post.Batch{
			ImportID: 2, Items: []post.Item{item(101, "一", "2026-06-01", "2026-08-01", 90), item(101, "三", "2026-06-03", "2026-08-01", 5)},
			Accounts: []post.AccountItem{{AccountID: 101, AsOf: at("2026-06-01"), Daily: true, Counters: post.Counters{}.With(post.Views, 77)}},
		}
		if r := b.apply(two); r.Inserted != 2 || r.Updated != 1 {
			t.Fatalf("two: %+v", r)
		}
		if o := b.overview(20260601, 20260601, "31"); *o.Figures.Views.Value != 77+10 {
			t.Errorf("the account's own figure should win over its posts: %d", *o.Figures.Views.Value)
		}
		b.undo(2)
		same(t, "undone", before, b.cellRows())
		if r := b.apply(two); r.Inserted != 2 {
			t.Fatalf("again after undo: %+v", r)
		}
		b.undo(1, 2)
		if rest := b.cellRows(); len(rest) != 0 {
			t.Errorf("left: %v", rest)
		}
		posts, err := b.post.List(context.Background(), b.actor, post.Filter{}, post.ByViews, nil, 10)
		if err != nil || len(posts) != 0 {
			t.Error(posts, err)
		}
	})
}

func TestMovesKeepHistoryWhereItHappened(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-06-01", "2026-06-02", 100), item(101, "二", "2026-07-01", "2026-07-02", 7), item(103, "三", "2026-07-01", "2026-07-02", 20)}})
		b.world.move(101, 33, 20260615) // backdated: facts from June 15 follow
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{101})
		})
		views := func(unit string) int64 { return *b.overview(20260101, 20261231, unit).Figures.Views.Value }
		if views("31") != 100 || views("33") != 7 || views("20") != 120 || views("21") != 7 || views("") != 127 {
			t.Errorf("after the account moved: %d %d %d %d %d", views("31"), views("33"), views("20"), views("21"), views(""))
		}
		// unit 32 goes from 20 to 21 on July 1
		for i, s := range b.world.closure {
			if s.UnitID == 32 && s.AncestorID == 20 {
				b.world.closure[i].To = 20260630
			}
		}
		b.world.closure = append(b.world.closure, insight.ClosureSpan{UnitID: 32, AncestorID: 21, From: 20260701, To: clock.Forever})
		b.tx(func(ctx context.Context, tx *db.Tx) error { return b.insight.TreeChanged(ctx, tx, brand, 32, 20260701) })
		if views("20") != 100 || views("21") != 27 || views("32") != 20 || views("10") != 127 {
			t.Errorf("after the unit moved: %d %d %d %d", views("20"), views("21"), views("32"), views("10"))
		}
		if o := b.overview(20260101, 20261231, "21"); *o.Figures.Accounts.Value != 2 {
			t.Errorf("accounts in 21: %d", *o.Figures.Accounts.Value)
		}
		b.apply(post.Batch{Items: []post.Item{item(103, "三", "2026-07-01", "2026-08-02", 30), item(101, "一", "2026-06-01", "2026-06-09", 101)}})
		if views("20") != 101 || views("21") != 37 {
			t.Errorf("later figures: %d %d", views("20"), views("21"))
		}
		for _, unit := range []string{"", "10", "20", "21", "31", "32", "33"} {
			if got := b.drill("views", unit); got != views(unit) {
				t.Errorf("unit %s: the rows add up to %d, the figure is %d", unit, got, views(unit))
			}
		}
		if n := b.drill("accounts", "21"); n != 2 {
			t.Errorf("accounts of 21: %d", n)
		}
	})
}
