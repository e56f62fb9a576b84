package product_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/product"
)

const (
	brand id.ID     = 7
	today clock.Day = 20261122
	root  id.ID     = 1
	east  id.ID     = 10 // a region with the stores 11 and 12
	west  id.ID     = 20 // with the store 21
)

// world is a small matrix in memory: the rooms that product asks.
type world struct {
	mu        sync.Mutex
	posts     map[id.ID]product.Post
	templates map[id.ID][]product.TemplateText
	todos     map[string]product.Todo
	settled   map[string]bool
	broken    error // the next walk of posts past the first batch fails with it
}

func newWorld() *world {
	return &world{posts: map[id.ID]product.Post{}, templates: map[id.ID][]product.TemplateText{}, todos: map[string]product.Todo{}, settled: map[string]bool{}}
}

func (w *world) say(x, account, unit id.ID, text string) {
	w.posts[x] = product.Post{ID: x, AccountID: account, UnitID: unit, Text: text, URL: "https://example.com/" + x.String(), AsOf: 1}
}

func (w *world) Walk(_ context.Context, _ db.Querier, _, after id.ID, limit int) ([]product.Post, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken; err != nil && after > 0 {
		w.broken = nil
		return nil, err
	}
	var out []product.Post
	for _, x := range slices.Sorted(maps.Keys(w.posts)) {
		if x > after && len(out) < limit {
			out = append(out, w.posts[x])
		}
	}
	return out, nil
}

func (w *world) Present(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]product.Post, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[id.ID]product.Post{}
	for _, x := range ids {
		if p, ok := w.posts[x]; ok {
			out[x] = p
		}
	}
	return out, nil
}

func (w *world) Count(context.Context, db.Querier, id.ID) (int64, error) {
	return int64(len(w.posts)), nil
}

func (w *world) WalkTexts(_ context.Context, _ db.Querier, _, p, after id.ID, _ int) ([]product.TemplateText, error) {
	var out []product.TemplateText
	for _, t := range w.templates[p] {
		if t.ID > after {
			out = append(out, t)
		}
	}
	return out, nil
}

func (w *world) Labels(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]product.Label, error) {
	out := map[id.ID]product.Label{}
	for _, x := range ids {
		out[x] = product.Label{Handle: "h" + x.String(), Name: "顾问", Platform: "xiaohongshu", MemberID: x + 400}
	}
	return out, nil
}

func (w *world) Create(_ context.Context, _ *db.Tx, _ id.ID, todos []product.Todo) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range todos {
		w.todos[t.Key] = t
	}
	return nil
}

func (w *world) Settle(_ context.Context, _ *db.Tx, _ id.ID, keys []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, k := range keys {
		w.settled[k] = true
	}
	return nil
}

func tree() map[id.ID][]id.ID {
	return map[id.ID][]id.ID{
		root: {root}, east: {east, root}, west: {west, root}, 11: {11, east, root}, 12: {12, east, root}, 21: {21, west, root},
	}
}

func names() map[id.ID]string {
	return map[id.ID]string{root: "", east: "华东", west: "西部", 11: "华东/静安店", 12: "华东/徐汇店", 21: "西部/锦江店"}
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	own := authz.Scope{BrandID: actor.BrandID, All: all, Roots: roots}
	if unit != "" && unit != "/" {
		x, err := id.Parse(unit)
		if err != nil || !own.Allows(tree()[x]) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		own = authz.Scope{BrandID: actor.BrandID, Roots: []id.ID{x}}
	}
	if !own.All {
		own.Units = []id.ID{}
		for u, up := range tree() {
			if own.Allows(up) {
				own.Units = append(own.Units, u)
			}
		}
	}
	return own, nil
}

func (w *world) Ancestors(_ context.Context, _ db.Querier, _ id.ID, units []id.ID, _ clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range units {
		out[u] = tree()[u]
	}
	return out, nil
}

func unit(x id.ID) product.Unit {
	return product.Unit{ID: x, Name: names()[x], Path: names()[x], Store: len(tree()[x]) == 3}
}

func (w *world) Find(_ context.Context, _ db.Querier, _ id.ID, text string) (product.Unit, error) {
	x, err := id.Parse(text)
	if err != nil || tree()[x] == nil {
		return product.Unit{}, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return unit(x), nil
}

func (w *world) Describe(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]product.Unit, error) {
	out := map[id.ID]product.Unit{}
	for _, x := range ids {
		out[x] = unit(x)
	}
	return out, nil
}

func (w *world) Tree(context.Context, db.Querier, id.ID) ([]product.Store, error) {
	var out []product.Store
	for _, x := range slices.Sorted(maps.Keys(tree())) {
		out = append(out, product.Store{Unit: unit(x), Code: "S" + x.String()})
	}
	return out, nil
}

func (w *world) MemberUnit(context.Context, db.Querier, id.ID, id.ID) (id.ID, error) { return 11, nil }

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

// bench is the room over a world.
type bench struct {
	t     *testing.T
	d     *db.DB
	w     *world
	s     *product.Service
	clock *clock.Fake
	queue *jobstest.Recorder
	room  *webtest.Server
	texts *i18n.Catalogue
	hq    authz.Actor
}

func sets() []migrate.Set { return []migrate.Set{product.Migrations()} }

func setup(t *testing.T, d *db.DB) *bench {
	t.Helper()
	b := &bench{t: t, d: d, w: newWorld(), clock: clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()))}
	queue, client := jobstest.New(t)
	ids := id.NewSource(1, b.clock.Now)
	b.queue = queue
	b.s = product.New(product.Deps{
		DB: d, Clock: b.clock, IDs: ids, Jobs: client, Audit: audit.New(d, ids, b.clock), Posts: b.w, Templates: b.w, Accounts: b.w, Todos: b.w, Units: b.w, Brands: b.w,
	})
	b.s.Register(client.Registry())
	texts, err := i18n.Load(i18n.Source{Room: "product", FS: product.Module(b.s, nil).Messages})
	if err != nil {
		t.Fatal(err)
	}
	b.texts = texts
	m := product.Module(b.s, texts)
	b.room = webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: b.clock})
	b.hq = b.as(authz.HQOps)
	return b
}

func (b *bench) as(role authz.Role, units ...id.ID) authz.Actor {
	return b.room.As(webtest.Actor(brand, role, units...))
}

// car makes a product of two SKUs.
func (b *bench) car() product.Product {
	b.t.Helper()
	made, err := b.s.Create(b.t.Context(), b.hq, product.Product{
		Code: "X7", Name: "星海X7", Aliases: []string{"X7", "星海七"}, State: product.Live, CopyText: "{product} {price}，{store}见",
		Points: []product.Point{{Title: "续航", Text: "702 公里"}},
		SKUs:   []product.SKU{{Code: "X7-PRO", Name: "Pro 长续航", State: product.Live, Aliases: []string{"X7 Pro"}}, {Code: "X7-AIR", Name: "Air 标准", State: product.Live}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	p, err := b.s.Get(b.t.Context(), b.hq, made)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (b *bench) price(a authz.Actor, p product.Product, sku int, yuan int64, more func(*product.NewPolicy)) error {
	fen := yuan * 100
	n := product.NewPolicy{Policy: product.Policy{ProductID: p.ID, Kind: product.Price, Fen: &fen}, SKUs: []id.ID{p.SKUs[sku].ID}}
	if more != nil {
		more(&n)
	}
	_, err := b.s.AddPolicy(b.t.Context(), a, n)
	return err
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// stale gives the open (or other) texts that HQ sees, by object.
func (b *bench) stale(state product.StaleState) map[id.ID]product.Stale {
	b.t.Helper()
	list, err := b.s.StaleTexts(b.t.Context(), b.hq, product.StaleFilter{State: state, Limit: 500})
	b.must(err)
	out := map[id.ID]product.Stale{}
	for _, x := range list {
		out[x.ObjectID] = x
	}
	return out
}
