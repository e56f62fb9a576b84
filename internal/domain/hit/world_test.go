package hit_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/hit"
	"kosmos/internal/domain/post"
	"kosmos/internal/event"
)

const (
	brand id.ID     = 7
	today clock.Day = 20261122
	// perAccount are the posts of each account, accounts how many there are: 20 in unit 11, 20 in unit 12.
	perAccount = 12
	accounts   = 40
)

var errBroken = errors.New("the line is cut")

// world is a small matrix in memory: posts told by imports, accounts of one league.
type world struct {
	mu       sync.Mutex
	curves   map[id.ID]post.Curve
	imports  map[id.ID]map[id.ID]bool // import → posts
	units    map[id.ID]id.ID          // account → unit
	titles   map[id.ID]string
	external map[string]id.ID
	notices  []hit.Notice
	items    map[id.ID]hit.Draft
	outcome  hit.Outcome
	usable   bool
	breakAt  int // the n-th reading of curves fails, 0: none
	reads    int
}

func ms(d clock.Day) clock.Ms { return clock.MsOf(d.In(clock.Shanghai())) }

// newWorld has 40 accounts with 12 posts each, published day by day, all told at 1, 3 and 7 days by import 1.
func newWorld() *world {
	w := &world{
		curves: map[id.ID]post.Curve{}, imports: map[id.ID]map[id.ID]bool{1: {}}, units: map[id.ID]id.ID{}, titles: map[id.ID]string{}, external: map[string]id.ID{}, items: map[id.ID]hit.Draft{},
	}
	for a := range accounts {
		acc := id.ID(100 + a)
		w.units[acc] = id.ID(11 + a%2)
		for i := range perAccount {
			p := acc*100 + id.ID(i)
			w.curves[p] = post.Curve{ID: p, AccountID: acc, Kind: "video", PublishedAt: ms(today.Add(-30 + i)), PublishedDay: today.Add(-30 + i), Live: true}
			w.titles[p] = "今天试驾的客户很开心"
			base := int64(900 + 37*((a*7+i*5)%11))
			w.tell(1, p, 1, base/3)
			w.tell(1, p, 3, base*2/3)
			w.tell(1, p, 7, base)
		}
	}
	return w
}

// tell lets an import say the views of a post at an age.
func (w *world) tell(imp, p id.ID, age int, views int64) {
	if w.imports[imp] == nil {
		w.imports[imp] = map[id.ID]bool{}
	}
	w.imports[imp][p] = true
	c := w.curves[p]
	points := slices.Clone(c.Points)
	points = slices.DeleteFunc(points, func(x post.Point) bool { return x.AsOf == c.PublishedAt+clock.Ms(age)*86_400_000 })
	points = append(points, post.Point{AsOf: c.PublishedAt + clock.Ms(age)*86_400_000, Views: views, Interactions: views / 20, Saves: views / 100})
	slices.SortFunc(points, func(a, b post.Point) int { return int(a.AsOf - b.AsOf) })
	c.Points = points
	w.curves[p] = c
}

func (w *world) Curves(_ context.Context, _ db.Querier, _ id.ID, ask post.CurveAsk) ([]post.Curve, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.reads++; w.reads == w.breakAt {
		return nil, errBroken
	}
	var out []post.Curve
	for p, c := range w.curves {
		if slices.Contains(ask.Accounts, c.AccountID) && c.PublishedDay >= ask.From && (ask.Post == 0 || ask.Post == p) && (len(ask.Batches) == 0 || w.imports[ask.Batches[0]/10][p]) {
			out = append(out, c)
		}
	}
	return out, nil
}

// Batches: an import is one batch under another id.
func (w *world) Batches(_ context.Context, _ db.Querier, _, imp id.ID) ([]id.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.imports[imp] == nil {
		return nil, nil
	}
	return []id.ID{imp * 10}, nil
}

func (w *world) AccountsOf(_ context.Context, _ db.Querier, _ id.ID, batches []id.ID) ([]id.ID, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []id.ID
	for _, b := range batches {
		for p := range w.imports[b/10] {
			out = append(out, w.curves[p].AccountID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (w *world) seen(p id.ID) post.Seen {
	c := w.curves[p]
	x := post.Seen{ID: p, AccountID: c.AccountID, UnitID: w.units[c.AccountID], Platform: "douyin", Title: w.titles[p], PublishedAt: c.PublishedAt, Live: c.Live}
	if n := len(c.Points); n > 0 {
		x.Views, x.Interactions = &c.Points[n-1].Views, &c.Points[n-1].Interactions
	}
	return x
}

func (w *world) SeenByID(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (out []post.Seen, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range ids {
		if _, ok := w.curves[p]; ok {
			out = append(out, w.seen(p))
		}
	}
	return out, nil
}

func (w *world) KindsOf(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for _, p := range ids {
		out[p] = "video"
	}
	return out, nil
}

func (w *world) SeenByExternal(_ context.Context, _ db.Querier, _ id.ID, _, external string) ([]post.Seen, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p, ok := w.external[external]; ok {
		return []post.Seen{w.seen(p)}, nil
	}
	return nil, nil
}

func (w *world) FollowersAt(context.Context, db.Querier, id.ID, []id.ID, clock.Ms) (map[id.ID]int64, error) {
	return map[id.ID]int64{100: 3200}, nil
}

func (w *world) fact(a id.ID) account.Fact {
	return account.Fact{ID: a, UnitID: w.units[a], Platform: "douyin", League: "douyin|t1|f0|n1"}
}

func (w *world) Facts(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]account.Fact, error) {
	out := map[id.ID]account.Fact{}
	for _, a := range ids {
		if _, ok := w.units[a]; ok {
			out[a] = w.fact(a)
		}
	}
	return out, nil
}

func (w *world) WalkFacts(_ context.Context, _ db.Querier, _, after id.ID, limit int) (out []account.Fact, _ error) {
	for a := id.ID(100); a < 100+accounts && len(out) < limit; a++ {
		if a > after {
			out = append(out, w.fact(a))
		}
	}
	return out, nil
}

func (w *world) Labels(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]account.Label, error) {
	out := map[id.ID]account.Label{}
	for _, a := range ids {
		out[a] = account.Label{ID: a, Handle: "h" + a.String(), Name: "小王" + a.String(), Platform: "douyin", UnitID: w.units[a], UnitPath: "华东/静安店"}
	}
	return out, nil
}

func (w *world) BrandWords(context.Context, db.Querier, id.ID) (account.Words, error) {
	return account.NewWords("星屿"), nil
}

func (w *world) Make(ctx context.Context, _ authz.Actor, d hit.Draft, within func(ctx context.Context, tx *db.Tx, item id.ID) error) (id.ID, error) {
	w.mu.Lock()
	made := id.ID(9000 + len(w.items))
	w.items[made] = d
	w.mu.Unlock()
	err := store(ctx).Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return within(ctx, tx, made) })
	if err != nil {
		w.mu.Lock()
		delete(w.items, made)
		w.mu.Unlock()
	}
	return made, err
}

type storeKey struct{}

func store(ctx context.Context) *db.DB { return ctx.Value(storeKey{}).(*db.DB) }

func (w *world) Outcomes(_ context.Context, _ db.Querier, _ id.ID, items []id.ID) (map[id.ID]hit.Outcome, error) {
	return map[id.ID]hit.Outcome{items[0]: w.outcome}, nil
}

func (w *world) Usable(_ context.Context, _ db.Querier, _ id.ID, items []id.ID) (map[id.ID]bool, error) {
	return map[id.ID]bool{items[0]: w.usable}, nil
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, _ string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	return authz.Scope{BrandID: actor.BrandID, All: all, Roots: roots, Units: roots}, nil
}

func (w *world) Ancestors(_ context.Context, _ db.Querier, _ id.ID, units []id.ID, _ clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range units {
		out[u] = []id.ID{u}
	}
	return out, nil
}

func (w *world) Root(context.Context, db.Querier, id.ID) (id.ID, error) { return 1, nil }

func (w *world) TellHeadquarters(_ context.Context, tx *db.Tx, _ id.ID, n hit.Notice) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notices = append(w.notices, n)
	})
	return nil
}

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

func sets() []migrate.Set { return []migrate.Set{hit.Migrations()} }

type bench struct {
	*world
	t     *testing.T
	s     *hit.Service
	queue *jobstest.Recorder
	jobs  *jobs.Client
	d     *db.DB
	ctx   context.Context
	hq    authz.Actor
}

func setup(t *testing.T, d *db.DB) *bench {
	t.Helper()
	w, c := newWorld(), clock.NewFake(today.In(clock.Shanghai()).Add(9*time.Hour))
	queue, client := jobstest.New(t)
	ids := id.NewSource(1, c.Now)
	s := hit.New(hit.Deps{
		DB: d, Clock: c, IDs: ids, Jobs: client, Audit: audit.New(d, ids, c), Posts: w, Imports: w, Accounts: w, Templates: w, Scopes: w, Outbox: w, Brands: w,
	})
	s.Register(client.Registry())
	return &bench{world: w, t: t, s: s, queue: queue, jobs: client, d: d, ctx: context.WithValue(t.Context(), storeKey{}, d), hq: as(t, authz.HQOps)}
}

func as(t *testing.T, role authz.Role, units ...id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(hit.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	a := authz.Actor{Kind: authz.User, BrandID: brand, UserID: 3, Name: "林运营", Zone: clock.Shanghai()}
	for _, u := range units {
		a.Grants = append(a.Grants, authz.Grant{Role: role, UnitID: u})
	}
	if len(units) == 0 {
		a.Grants = []authz.Grant{{Role: role}}
	}
	return authz.NewActor(a, perms)
}

// imported says that an import ended and lets everybody hear it.
func (b *bench) imported(imp id.ID, state string) {
	b.t.Helper()
	if err := b.d.Tx(b.ctx, func(ctx context.Context, tx *db.Tx) error {
		return b.jobs.Publish(ctx, tx, event.ImportFinished{BrandID: brand, ImportID: imp, Kind: "xhs_notes", State: state, FileName: "a.xlsx", Inserted: 1, Updated: 1, Errors: 1, UserID: 1})
	}); err != nil {
		b.t.Fatal(err)
	}
	b.queue.Run(b.ctx)
}

func (b *bench) list(a authz.Actor, f hit.Filter) []hit.Hit {
	b.t.Helper()
	rows, err := b.s.List(b.ctx, a, f, hit.ByStrength, nil, 100)
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func slug(err error) string { return errs.SlugOf(err) }
