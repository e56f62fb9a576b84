package account_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"kosmos/internal/base/audit"
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
	"kosmos/internal/domain/account"
)

const brand id.ID = 7

// tree is a small organisation kept in memory: what account asks of org.
type tree struct {
	mu      sync.Mutex
	next    id.ID
	units   map[id.ID]account.Unit
	byPath  map[string]id.ID
	members map[id.ID]account.Member
	counts  map[id.ID]int64
}

func newTree() *tree {
	t := &tree{next: 100, units: map[id.ID]account.Unit{}, byPath: map[string]id.ID{}, members: map[id.ID]account.Member{}, counts: map[id.ID]int64{}}
	t.units[1] = account.Unit{ID: 1, Kind: "brand", Name: "测试品牌", Open: true}
	t.byPath[""] = 1
	return t
}

func (t *tree) ensure(path, kind string) account.Unit {
	if u, ok := t.byPath[path]; ok {
		return t.units[u]
	}
	parent, name := "", path
	if i := strings.LastIndex(path, "/"); i >= 0 {
		parent, name = path[:i], path[i+1:]
	}
	up := t.ensure(parent, "")
	t.next++
	if kind == "" {
		kind = "region"
	}
	u := account.Unit{ID: t.next, ParentID: up.ID, Kind: strings.NewReplacer("门店", "store").Replace(kind), Name: name, Path: path, Open: true}
	t.units[u.ID], t.byPath[path] = u, u.ID
	return u
}

func (t *tree) person(unit id.ID, name string) account.Member {
	for _, m := range t.members {
		if m.UnitID == unit && m.Name == name {
			return m
		}
	}
	t.next++
	m := account.Member{ID: t.next, UnitID: unit, Name: name, Active: true}
	t.members[m.ID] = m
	return m
}

func (t *tree) inside(u, top id.ID) bool {
	for ; u != 0; u = t.units[u].ParentID {
		if u == top {
			return true
		}
	}
	return false
}

func (t *tree) Scope(_ context.Context, _ db.Querier, a authz.Actor, perm, unit string) (authz.Scope, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	roots, all := a.Roots(perm)
	if unit != "" {
		u, ok := t.byPath[unit]
		if n, err := id.Parse(unit); err == nil {
			u, ok = n, t.units[n].ID != 0
		}
		if !ok || !all && !slices.ContainsFunc(roots, func(r id.ID) bool { return t.inside(u, r) }) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		roots, all = []id.ID{u}, false
	}
	sc := authz.Scope{BrandID: a.BrandID, All: all, Roots: roots, Units: []id.ID{}}
	for u := range t.units {
		if slices.ContainsFunc(roots, func(r id.ID) bool { return t.inside(u, r) }) {
			sc.Units = append(sc.Units, u)
		}
	}
	return sc, nil
}

func (t *tree) Find(ctx context.Context, q db.Querier, a authz.Actor, perm, unit string) (account.Unit, error) {
	if _, err := t.Scope(ctx, q, a, perm, unit); err != nil {
		return account.Unit{}, err
	}
	if n, err := id.Parse(unit); err == nil {
		return t.units[n], nil
	}
	return t.units[t.byPath[unit]], nil
}

func (t *tree) UnitsByID(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]account.Unit, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[id.ID]account.Unit{}
	for _, i := range ids {
		if u, ok := t.units[i]; ok {
			out[i] = u
		}
	}
	return out, nil
}

func (t *tree) Tree(_ context.Context, _ db.Querier, scope authz.Scope) ([]account.Unit, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []account.Unit
	for _, u := range t.units {
		if u.Open && (scope.All || slices.Contains(scope.Units, u.ID)) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b account.Unit) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

func (t *tree) EnsurePaths(_ context.Context, _ *db.Tx, a authz.Actor, _ id.ID, want []account.PathWant) (account.PathsFound, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := account.PathsFound{Units: map[string]account.Unit{}, Faults: map[string]account.Fault{}}
	roots, all := a.Roots(account.PermImport)
	for _, w := range want {
		u := t.ensure(w.Path, w.Kind)
		if !all && !slices.ContainsFunc(roots, func(r id.ID) bool { return t.inside(u.ID, r) }) {
			out.Faults[w.Path] = account.Fault{Column: "unit_path", Slug: "org.path_outside"}
			continue
		}
		out.Units[w.Path] = u
	}
	return out, nil
}

func (t *tree) AddAccounts(_ context.Context, _ *db.Tx, _ id.ID, delta map[id.ID]int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for u, n := range delta {
		t.counts[u] += n
	}
	return nil
}

func (t *tree) MembersByID(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]account.Member, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := map[id.ID]account.Member{}
	for _, i := range ids {
		if m, ok := t.members[i]; ok {
			out[i] = m
		}
	}
	return out, nil
}

func (t *tree) ReadMember(id.ID, account.MemberWant) (account.MemberReady, error) { return nil, nil }

func (t *tree) UpsertMembers(_ context.Context, _ *db.Tx, _ authz.Actor, _ id.ID, rows []account.MemberWant) ([]account.MemberFound, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]account.MemberFound, len(rows))
	for i, r := range rows {
		if r.Phone == "12" {
			out[i].Fault = &account.Fault{Column: "phone", Slug: "org.phone_invalid"}
			continue
		}
		m := t.person(r.UnitID, r.Name)
		out[i] = account.MemberFound{ID: m.ID, Name: m.Name}
	}
	return out, nil
}

// board collects tasks, and what observers were told.
type board struct {
	mu      sync.Mutex
	open    map[string]account.Task
	closed  []string
	changes []account.Change
	used    map[id.ID]bool
	levels  map[id.ID]account.LevelNow
}

func (b *board) AccountLevels(context.Context, db.Querier, id.ID, []id.ID) (map[id.ID]account.LevelNow, error) {
	return b.levels, nil
}

func (b *board) OpenTasks(_ context.Context, _ *db.Tx, _ id.ID, tasks []account.Task) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range tasks {
		b.open[t.Key] = t
	}
	return nil
}

func (b *board) CloseTasks(_ context.Context, _ *db.Tx, _ id.ID, keys []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = append(b.closed, keys...)
	return nil
}

func (b *board) AccountsChanged(_ context.Context, _ *db.Tx, _ id.ID, c []account.Change) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changes = append(b.changes, c...)
	return nil
}

func (b *board) AccountsUsed(context.Context, db.Querier, id.ID, []id.ID) (map[id.ID]bool, error) {
	return b.used, nil
}

// world is a room over a fresh store with everything around it.
type world struct {
	*testing.T
	ctx   context.Context
	d     *db.DB
	s     *account.Service
	tree  *tree
	board *board
	clock *clock.Fake
	ids   *id.Source
	rec   *jobstest.Recorder
	web   *webtest.Server
	hq    authz.Actor
}

type brands struct{ actor authz.Actor }

func (b brands) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{b.actor}, nil
}

func sets() []migrate.Set { return []migrate.Set{account.Migrations()} }

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, ctx: t.Context(), d: d, tree: newTree(), clock: clock.NewFake(webtest.Time()), board: &board{open: map[string]account.Task{}, used: map[id.ID]bool{}, levels: map[id.ID]account.LevelNow{}}}
	w.ids = id.NewSource(1, w.clock.Now)
	rec, client := jobstest.New(t)
	w.rec = rec
	w.s = account.New(account.Deps{
		DB: d, IDs: w.ids, Clock: w.clock, Jobs: client, Audit: audit.New(d, w.ids, w.clock), Units: w.tree, People: w.tree,
		Observers: []account.Observer{w.board}, Used: w.board, Levels: w.board, Tasks: w.board,
	})
	cat, err := i18n.Load(i18n.Source{Room: "account", FS: account.Module(w.s, nil, nil).Messages})
	if err != nil {
		t.Fatal(err)
	}
	m := account.Module(w.s, cat, brands{authz.SystemActor(brand, clock.Shanghai())})
	m.Jobs(client.Registry())
	w.web = webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: "account", FS: m.Messages}}, Routes: m.Routes, Clock: w.clock})
	w.hq = w.web.As(webtest.Actor(brand, authz.HQOps))
	return w
}

// each runs a test on both engines.
func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// apply imports rows in one transaction.
func (w *world) apply(actor authz.Actor, rows ...account.RosterRow) (account.RosterOutcome, id.ID) {
	w.Helper()
	batch := w.ids.New()
	var out account.RosterOutcome
	w.must(w.d.Tx(w.ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = w.s.RosterApply(ctx, tx, actor, batch, rows)
		return err
	}))
	return out, batch
}

func people() []account.RosterRow {
	return []account.RosterRow{
		{Row: 2, UnitPath: "华东/上海/静安店", UnitKind: "store", Member: "王小明", Phone: "13800138000", Role: "kos", Platform: "xiaohongshu", Handle: "kos_sh_01", ExternalID: "5f00aa", AccountKind: "employee", Ownership: "personal"},
		{Row: 3, UnitPath: "华东/上海/静安店", UnitKind: "store", Member: "王小明", Phone: "13800138000", Role: "kos", Platform: "douyin", Handle: "kos_dy_01", ExternalID: "MS4w01", AccountKind: "employee", Ownership: "personal"},
		{Row: 4, UnitPath: "华东/上海/徐汇店", UnitKind: "store", Member: "李倩", Phone: "13800138001", Role: "kos", Platform: "channels", Handle: "kos_ch_01", ExternalID: "v2_01", AccountKind: "employee", Ownership: "company"},
		{Row: 5, UnitPath: "华南/广州/天河店", UnitKind: "门店", Member: "陈晨", Phone: "13900139000", Role: "kos", Platform: "小红书", Handle: "kos_gz_01", ExternalID: "5f00bb", AccountKind: "员工", Ownership: "个人"},
	}
}

// list reads every account the actor sees, by name.
func (w *world) list(actor authz.Actor, f account.Filter) []account.Item {
	w.Helper()
	items, _, err := w.s.List(w.ctx, actor, account.Query{Filter: f, Limit: 200})
	w.must(err)
	return items
}

func (w *world) handle(h string) account.Item {
	w.Helper()
	for _, it := range w.list(w.hq, account.Filter{Ended: true}) {
		if it.Handle == h {
			return it
		}
	}
	w.Fatalf("no account %s", h)
	return account.Item{}
}

// counted checks that the counts kept are the accounts there are.
func (w *world) counted() {
	w.Helper()
	rows, err := db.All[string](w.ctx, w.d, `SELECT CAST(unit_id AS TEXT) || platform || kind || status || CAST(SUM(n) AS TEXT) FROM (
		SELECT unit_id, platform, kind, status, n FROM account_count WHERE brand_id = 7
		UNION ALL SELECT unit_id, platform, kind, status, -1 FROM account_account WHERE brand_id = 7) x
		GROUP BY unit_id, platform, kind, status HAVING SUM(n) <> 0`)
	w.must(err)
	if len(rows) > 0 {
		w.Errorf("counts are off: %v", rows)
	}
	real := map[id.ID]int64{}
	for _, it := range w.list(w.hq, account.Filter{}) {
		real[it.UnitID]++
	}
	for u, n := range w.tree.counts {
		if real[u] != n {
			w.Errorf("the tree counts %d accounts in %d, there are %d", n, u, real[u])
		}
	}
}
