package todo_test

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/todo"
	"kosmos/internal/event"
)

const (
	brand             = id.ID(7)
	shop, other, area = id.ID(21), id.ID(22), id.ID(20) // the area holds both shops
	anna, ben         = id.ID(31), id.ID(32)            // members of the two shops
	annasUser         = id.ID(9001)
	boss              = id.ID(9009)
)

// house stands for org, identity and notify: an area with two shops.
type house struct {
	told    []map[id.ID]int64
	changed []id.ID
}

func (*house) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	units := map[id.ID][]id.ID{area: {area, shop, other}, shop: {shop}, other: {other}}
	roots, all := actor.Roots(permission)
	s := authz.Scope{BrandID: actor.BrandID, All: all && unit == "", Units: []id.ID{}}
	if all {
		roots = []id.ID{area}
	}
	for _, r := range roots {
		s.Roots, s.Units = append(s.Roots, r), append(s.Units, units[r]...)
	}
	if unit != "" {
		u, err := id.Parse(unit)
		if err != nil || !slices.Contains(s.Units, u) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_unknown")
		}
		s.Roots, s.Units = []id.ID{u}, units[u]
	}
	return s, nil
}

func (*house) UsersOf(context.Context, db.Querier, id.ID, []id.ID) (map[id.ID]id.ID, error) {
	return map[id.ID]id.ID{anna: annasUser}, nil
}

func (*house) ManagersOf(_ context.Context, _ db.Querier, _ id.ID, units []id.ID) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range units {
		out[u] = []id.ID{boss}
	}
	return out, nil
}

func (*house) UnitsOf(context.Context, db.Querier, id.ID, []id.ID) (map[id.ID]id.ID, error) {
	return map[id.ID]id.ID{anna: shop, ben: other}, nil
}

func (*house) NamesOf(context.Context, db.Querier, id.ID, []id.ID, []id.ID) (map[id.ID]string, error) {
	return map[id.ID]string{shop: "静安店", other: "徐汇店", anna: "安娜", ben: "小本"}, nil
}

func (*house) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai()), authz.SystemActor(8, clock.Shanghai())}, nil
}

func (h *house) Overdue(_ context.Context, _ *db.Tx, _ id.ID, _ clock.Day, counts map[id.ID]int64) error {
	h.told = append(h.told, counts)
	return nil
}

func (h *house) Changed(_, user id.ID) { h.changed = append(h.changed, user) }

type bench struct {
	*testing.T
	d   *db.DB
	c   *clock.Fake
	h   *house
	rec *jobstest.Recorder
	s   *todo.Service
	srv *webtest.Server
}

var texts = fstest.MapFS{
	"i18n/zh.json": {Data: []byte(`{"health.wake_title": "唤醒 {name}", "health.wake_title_why": "{name} 睡着了"}`)},
	"i18n/en.json": {Data: []byte(`{"health.wake_title": "Wake {name}", "health.wake_title_why": "{name} sleeps"}`)},
}

func newBench(t *testing.T, d *db.DB) bench {
	t.Helper()
	c := clock.NewFake(webtest.Time())
	rec, client := jobstest.New(t)
	h := &house{}
	s := todo.New(todo.Deps{DB: d, IDs: id.NewSource(1, c.Now), Clock: c, Jobs: client, Scopes: h, People: h, Notices: h})
	sources := []i18n.Source{{Room: "health", FS: texts}, {Room: "todo", FS: todo.Module(s, nil).Messages}}
	all, err := i18n.Load(sources...)
	if err != nil {
		t.Fatal(err)
	}
	m := todo.Module(s, all)
	srv := webtest.New(t, webtest.Room{
		Permissions: m.Permissions, Routes: m.Routes, Messages: sources, Clock: c,
		Events: func(testing.TB) []string { return rec.Kinds() },
	})
	return bench{t, d, c, h, rec, s, srv}
}

func each(t *testing.T, fn func(b bench)) {
	t.Helper()
	dbtest.Each(t, []migrate.Set{todo.Migrations()}, func(t *testing.T, d *db.DB) { fn(newBench(t, d)) })
}

func (b bench) actor(role authz.Role, unit, user, member id.ID) authz.Actor {
	a := webtest.Actor(brand, role, unit)
	a.UserID, a.MemberID = user, member
	return b.srv.As(a)
}

func wake(key string, object, unit, member id.ID, audience todo.Audience) todo.Draft {
	return todo.Draft{
		Kind: "health.wake", Key: key, Object: object, UnitID: unit, MemberID: member, Audience: audience,
		Slug: "health.wake_title", Params: map[string]any{"name": key}, Link: "/health", DueDay: 20261125, ExpireDay: 20261130,
	}
}

func (b bench) create(list ...todo.Draft) int64 {
	b.Helper()
	var n int64
	err := b.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = b.s.Create(ctx, tx, brand, list)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func (b bench) mine(a authz.Actor) (keys []string) {
	b.Helper()
	items, err := b.s.List(context.Background(), a, todo.Filter{Box: todo.Mine, Limit: 50})
	if err != nil {
		b.Fatal(err)
	}
	for _, it := range items {
		keys = append(keys, it.Params)
	}
	return keys
}

func (b bench) fill() {
	b.Helper()
	n := b.create(
		wake("a", 1, shop, anna, todo.Owner), wake("b", 2, other, ben, todo.Owner), wake("b", 2, other, ben, todo.Owner),
		wake("m", 3, shop, 0, todo.Manager), wake("n", 4, other, 0, todo.Manager), wake("r", 5, area, 0, todo.Region))
	if n != 5 {
		b.Fatal("the same to-do was made twice", n)
	}
	if n := b.create(wake("a", 1, shop, anna, todo.Owner)); n != 0 {
		b.Fatal("asking again made another", n)
	}
}

func TestEverybodyHasTheirOwn(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.fill()
		for _, row := range []struct {
			name string
			who  authz.Actor
			want []string
		}{
			{"a shop assistant", b.actor(authz.KOS, shop, annasUser, anna), []string{"a"}},
			{"the manager of one shop", b.actor(authz.StoreManager, shop, 9002, 0), []string{"m"}},
			{"the manager of the area", b.actor(authz.RegionManager, area, 9003, 0), []string{"r"}},
			{"the administrator", b.actor(authz.BrandAdmin, 0, 9004, 0), nil},
			{"an auditor", b.actor(authz.Auditor, 0, 9005, 0), nil},
		} {
			got := b.mine(row.who)
			var want []string
			for _, k := range row.want {
				want = append(want, `{"name":"`+k+`"}`)
			}
			if !slices.Equal(got, want) {
				b.Errorf("%s has %v, want %v", row.name, got, want)
			}
		}
		rival := b.actor(authz.KOS, shop, annasUser, anna)
		rival.BrandID = 8
		if got := b.mine(rival); len(got) != 0 {
			b.Error("another brand sees", got)
		}
		if !slices.Contains(b.h.changed, annasUser) {
			b.Error("the owner's page was not told")
		}
	})
}

func TestTurnAndUndo(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		ctx := context.Background()
		b.fill()
		annaActor, manager := b.actor(authz.KOS, shop, annasUser, anna), b.actor(authz.StoreManager, shop, 9002, 0)
		items, err := b.s.List(ctx, annaActor, todo.Filter{Box: todo.Mine, Limit: 5})
		if err != nil {
			b.Fatal(err)
		}
		own := []id.ID{items[0].ID}
		if err := b.s.Turn(ctx, b.actor(authz.StoreManager, other, 9006, 0), own, todo.Done, ""); !errs.Is(err, "todo.gone") {
			b.Fatal("the other shop's manager closed it", err)
		}
		for range 2 { // doing it twice is doing it once
			if err := b.s.Turn(ctx, annaActor, own, todo.Done, "发了三条"); err != nil {
				b.Fatal(err)
			}
		}
		closed := jobstest.Events[event.TodoClosed](b.rec)
		if len(closed) != 1 || closed[0].Kind != "health.wake" || !slices.Equal(closed[0].Objects, []id.ID{1}) || closed[0].State != "done" || closed[0].Note != "发了三条" {
			b.Fatalf("%+v", closed)
		}
		done, err := b.s.List(ctx, annaActor, todo.Filter{Box: todo.Mine, Closed: true, Limit: 5})
		if err != nil || len(done) != 1 || done[0].ClosedBy != "测试员" || done[0].Note != "发了三条" {
			b.Fatalf("%+v %v", done, err)
		}
		if err := b.s.Turn(ctx, manager, own, todo.Dismissed, ""); !errs.Is(err, "todo.state") {
			b.Fatal("a done to-do was dismissed", err)
		}
		if err := b.s.Turn(ctx, manager, own, todo.Open, ""); err != nil {
			b.Fatal(err)
		}
		if len(b.mine(annaActor)) != 1 || len(jobstest.Events[event.TodoReopened](b.rec)) != 1 {
			b.Fatal("undo did not open it again")
		}
		err = b.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return b.s.Settle(ctx, tx, brand, "health.wake", []id.ID{1, 99}, "awake")
		})
		if err != nil || len(b.mine(annaActor)) != 0 || len(jobstest.Events[event.TodoClosed](b.rec)) != 1 {
			b.Fatal("settling is silent and closes", err)
		}
	})
}

func TestSettleByKey(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		b.create(wake("1:20", 1, shop, anna, todo.Owner), wake("1:21", 1, shop, anna, todo.Owner), wake("12:20", 2, shop, anna, todo.Owner))
		err := b.d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			return b.s.SettleKeys(ctx, tx, brand, "health.wake", []string{"1", "7"})
		})
		if got := b.mine(b.actor(authz.KOS, shop, annasUser, anna)); err != nil || !slices.Equal(got, []string{`{"name":"12:20"}`}) {
			b.Fatal(got, err)
		}
	})
}

func TestSweep(t *testing.T) {
	t.Parallel()
	each(t, func(b bench) {
		ctx := context.Background()
		b.fill()
		sweep := func() {
			b.Helper()
			if err := b.s.Sweep(ctx); err != nil {
				b.Fatal(err)
			}
		}
		sweep()
		if len(b.h.told) != 0 {
			b.Fatal("told before anything was overdue", b.h.told)
		}
		b.c.Set(clock.Day(20261126).In(clock.Shanghai()))
		sum, err := b.s.Summary(ctx, b.actor(authz.KOS, shop, annasUser, anna))
		if err != nil || sum != (todo.Summary{Open: 1, Overdue: 1}) {
			b.Fatal(sum, err)
		}
		sweep()
		sweep()
		if len(b.h.told) != 1 || b.h.told[0][boss] != 5 {
			b.Fatal("one notice for all overdue to-dos, once", b.h.told)
		}
		b.c.Set(clock.Day(20261201).In(clock.Shanghai()))
		sweep()
		if got := b.mine(b.actor(authz.KOS, shop, annasUser, anna)); len(got) != 0 {
			b.Fatal("not expired", got)
		}
		if e := jobstest.Events[event.TodoClosed](b.rec); len(e) != 1 || e[0].State != "expired" || len(e[0].Objects) != 5 {
			b.Fatalf("%+v", e)
		}
	})
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t, []migrate.Set{todo.Migrations()}))
	b.fill()
	who := func(role authz.Role, unit, user, member id.ID) *authz.Actor {
		a := webtest.Actor(brand, role, unit)
		a.UserID, a.MemberID = user, member
		return &a
	}
	kos, manager, region := who(authz.KOS, shop, annasUser, anna), who(authz.StoreManager, shop, 9002, 0), who(authz.RegionManager, area, 9003, 0)
	var next string
	b.srv.Run(t, []webtest.Scenario{
		{Name: "nobody", URL: "/api/v1/todo/items", Status: 401},
		{Name: "own", URL: "/api/v1/todo/items", Actor: kos, JSON: map[string]any{
			"items.#": 1, "items.0.title": "唤醒 a", "items.0.why": "a 睡着了",
			"items.0.due": "2026-11-25", "items.0.overdue": false, "items.0.member_name": "安娜", "items.0.unit_name": "静安店",
		}},
		{Name: "summary", URL: "/api/v1/todo/summary", Actor: kos, JSON: map[string]any{"open": 1, "today": 0, "overdue": 0}},
		{Name: "a shop assistant asks for units", URL: "/api/v1/todo/items?box=units", Actor: kos, JSON: map[string]any{"items.#": 0}},
		{Name: "a manager's units", URL: "/api/v1/todo/items?box=units", Actor: manager, JSON: map[string]any{"items.#": 2}},
		{Name: "another unit", URL: "/api/v1/todo/items?box=units&unit=22", Actor: manager, Status: 404},
		{
			Name: "a region's units, one page", URL: "/api/v1/todo/items?box=units&limit=3", Actor: region, JSON: map[string]any{"items.#": 3},
			After: func(t *testing.T, res *webtest.Result) {
				var page struct{ Next string }
				res.Decode(t, &page)
				next = page.Next
			},
		},
		{Name: "of a room", URL: "/api/v1/todo/items?box=units&room=health&due=2026-11-25", Actor: region, JSON: map[string]any{"items.#": 5}},
		{Name: "of another room", URL: "/api/v1/todo/items?box=units&room=heal", Actor: region, JSON: map[string]any{"items.#": 0}},
		{Name: "a shop assistant writes one", Method: "POST", URL: "/api/v1/todo/items", Actor: kos, Body: map[string]any{"title": "x", "unit_id": "21"}, Status: 403},
		{Name: "without a title", Method: "POST", URL: "/api/v1/todo/items", Actor: manager, Body: map[string]any{"title": " ", "unit_id": "21"}, Status: 422, Contains: []string{"title"}},
		{Name: "in the past", Method: "POST", URL: "/api/v1/todo/items", Actor: manager, Body: map[string]any{"title": "x", "unit_id": "21", "due": "2026-11-21"}, Status: 422},
		{Name: "leading outside", Method: "POST", URL: "/api/v1/todo/items", Actor: manager, Body: map[string]any{"title": "x", "unit_id": "21", "link": "//evil.example"}, Status: 422},
		{Name: "for another shop's member", Method: "POST", URL: "/api/v1/todo/items", Actor: manager, Body: map[string]any{"title": "x", "unit_id": "21", "member_id": "32"}, Status: 404},
		{Name: "for the own member", Method: "POST", URL: "/api/v1/todo/items", Actor: manager, Body: map[string]any{"title": "补拍主图", "unit_id": "0", "member_id": "31", "due": "2026-11-22"}, Status: 422, Contains: []string{"unit_id"}},
		{Name: "for the own member, rightly", Method: "POST", URL: "/api/v1/todo/items", Actor: manager, Body: map[string]any{"title": "补拍主图", "unit_id": "21", "member_id": "31", "due": "2026-11-22"}, Status: 201},
		{Name: "first of the day", URL: "/api/v1/todo/items", Actor: kos, JSON: map[string]any{"items.#": 2, "items.0.title": "补拍主图", "items.0.created_by": "测试员", "items.0.why": "由测试员安排", "items.0.platform": ""}},
	})
	var items struct{ Items []struct{ ID string } }
	b.srv.Do(t, webtest.Scenario{URL: "/api/v1/todo/items", Actor: kos}).Decode(t, &items)
	b.srv.Run(t, []webtest.Scenario{
		{Name: "the rest", URL: "/api/v1/todo/items?box=units&limit=3&cursor=" + next, Actor: region, JSON: map[string]any{"items.#": 2}},
		{Name: "done", Method: "POST", URL: "/api/v1/todo/done", Actor: kos, Body: map[string]any{"ids": []string{items.Items[0].ID}}, Status: 204},
		{Name: "history", URL: "/api/v1/todo/items?state=closed", Actor: kos, JSON: map[string]any{"items.#": 1, "items.0.state": "done"}},
		{Name: "undo", Method: "POST", URL: "/api/v1/todo/reopen", Actor: kos, Body: map[string]any{"ids": []string{items.Items[0].ID}}, Status: 204},
		{
			Name: "dismiss", Method: "POST", URL: "/api/v1/todo/dismiss", Actor: kos, Body: map[string]any{"ids": []string{items.Items[0].ID}, "note": "重复"}, Status: 204,
			Events: []string{"todo.closed", "todo.reopened", "todo.closed"},
		},
	})
}
