package library_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/domain/library"
)

const brand id.ID = 7

// world is what the library asks of other rooms, in memory: the brand 1, its region 10 with the stores 11 and 12, and the
// region 20 with the store 21.
type world struct {
	mu      sync.Mutex
	banned  []string // words the rules block
	version int
	checks  int
	steps   []string
	notices []library.Notice
	figures map[id.ID]library.Figures
	recalls []library.Claim
	prices  map[id.ID]library.Price
	posts   map[id.ID]library.PostText // live ones
	seats   map[id.ID]library.Seat     // open ones
	walks   int                        // pages of posts that were asked for
	broken  int                        // the walk that fails, once
}

func (w *world) up(unit id.ID) []id.ID {
	return map[id.ID][]id.ID{1: {1}, 10: {10, 1}, 11: {11, 10, 1}, 12: {12, 10, 1}, 20: {20, 1}, 21: {21, 20, 1}}[unit]
}

func (w *world) below(root id.ID) []id.ID {
	var out []id.ID
	for _, u := range []id.ID{1, 10, 11, 12, 20, 21} {
		if slices.Contains(w.up(u), root) {
			out = append(out, u)
		}
	}
	return out
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	if unit != "" && unit != "1" {
		n, err := id.Parse(unit)
		if err != nil || w.up(n) == nil || !all && !(authz.Scope{Roots: roots}).Allows(w.up(n)) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		return authz.Scope{BrandID: actor.BrandID, Roots: []id.ID{n}, Units: w.below(n)}, nil
	}
	if all {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	if unit == "1" {
		return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
	}
	sc := authz.Scope{BrandID: actor.BrandID, Roots: roots}
	for _, r := range roots {
		sc.Units = append(sc.Units, w.below(r)...)
	}
	return sc, nil
}

func (w *world) Ancestors(_ context.Context, _ db.Querier, _ id.ID, units []id.ID, _ clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range units {
		out[u] = w.up(u)
	}
	return out, nil
}

func (w *world) Root(context.Context, db.Querier, id.ID) (id.ID, error) { return 1, nil }

// Members: member n works in unit 11 when even, else in 12; 21xx in 21.
func (w *world) Members(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID, phones bool) (map[id.ID]library.Person, error) {
	out := map[id.ID]library.Person{}
	for _, x := range ids {
		p := library.Person{ID: x, UnitID: unitOf(x), Name: "顾问" + x.String()}
		if phones {
			p.Phone = "138" + strings.Repeat("0", 8-len(x.String())) + x.String()
		}
		out[x] = p
	}
	return out, nil
}

func unitOf(member id.ID) id.ID {
	switch {
	case member >= 2100 && member < 2200:
		return 21
	case member%2 == 0:
		return 11
	}
	return 12
}

func (w *world) Places(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]library.Place, error) {
	out := map[id.ID]library.Place{11: {ID: 11, Name: "静安店", City: "上海"}, 12: {ID: 12, Name: "浦东店", City: "上海"}, 21: {ID: 21, Name: "天河店"}}
	maps.DeleteFunc(out, func(k id.ID, _ library.Place) bool { return !slices.Contains(ids, k) })
	return out, nil
}

func (w *world) Names(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for _, x := range ids {
		out[x] = "产品" + x.String()
	}
	return out, nil
}

func (w *world) PriceOf(_ context.Context, _ db.Querier, _, _ id.ID, _ []id.ID, _ string, _ clock.Day) (map[id.ID]library.Price, error) {
	return w.prices, nil
}

func (w *world) OfMember(_ context.Context, _ db.Querier, _, member id.ID) ([]library.Account, error) {
	return []library.Account{{ID: 9000 + member, MemberID: member, UnitID: unitOf(member), Platform: "xiaohongshu", Name: "号"}}, nil
}

func (w *world) FiguresOf(_ context.Context, _ db.Querier, _ id.ID, posts []id.ID) (map[id.ID]library.Figures, error) {
	out := map[id.ID]library.Figures{}
	for _, p := range posts {
		if f, ok := w.figures[p]; ok {
			out[p] = f
		}
	}
	return out, nil
}

// Words: product 5 is called S5.
func (w *world) Words(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID][]string, error) {
	out := map[id.ID][]string{}
	for _, x := range ids {
		out[x] = []string{"产品" + x.String(), "S" + x.String()}
	}
	return out, nil
}

func (w *world) Texts(_ context.Context, _ db.Querier, _ id.ID, posts []id.ID) ([]library.PostText, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []library.PostText
	for _, x := range posts {
		if p, ok := w.posts[x]; ok {
			out = append(out, p)
		}
	}
	return out, nil
}

func (w *world) WalkTexts(_ context.Context, _ db.Querier, _, after id.ID, limit int) ([]library.PostText, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.walks++; w.walks == w.broken {
		return nil, errors.New("the network is gone")
	}
	ids := slices.Sorted(maps.Keys(w.posts))
	var out []library.PostText
	for _, x := range ids {
		if x > after && len(out) < limit {
			out = append(out, w.posts[x])
		}
	}
	return out, nil
}

func (w *world) SeatsOf(_ context.Context, _ db.Querier, _ id.ID, accounts []id.ID) ([]library.Seat, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []library.Seat
	for _, x := range accounts {
		if a, ok := w.seats[x]; ok {
			out = append(out, a)
		}
	}
	return out, nil
}

func (w *world) WalkSeats(_ context.Context, _ db.Querier, _, after id.ID, limit int) ([]library.Seat, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []library.Seat
	for _, x := range slices.Sorted(maps.Keys(w.seats)) {
		if x > after && len(out) < limit {
			out = append(out, w.seats[x])
		}
	}
	return out, nil
}

func (w *world) SeatLabels(_ context.Context, _ db.Querier, _ id.ID, accounts []id.ID) (map[id.ID]library.SeatLabel, error) {
	out := map[id.ID]library.SeatLabel{}
	for _, x := range accounts {
		out[x] = library.SeatLabel{Platform: "xiaohongshu", Handle: "h" + x.String(), Name: "号" + x.String(), Unit: "/店", Member: "人"}
	}
	return out, nil
}

// say publishes or rewrites a post of an account today.
func (w *world) say(post, account id.ID, at clock.Ms, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posts[post] = library.PostText{ID: post, AccountID: account, UnitID: w.seats[account].UnitID, Text: text, URL: "https://example.com/p", PublishedAt: at}
}

// Check blocks the banned words and sends 第一 to review.
func (w *world) Check(_ context.Context, _ id.ID, texts []library.Field, _ library.Where) (library.Verdict, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.checks++
	v := library.Verdict{Grade: library.Pass, Version: w.version}
	for _, t := range texts {
		if strings.Contains(t.Text, "第一") && v.Grade != library.Block {
			v.Grade = library.Review
			v.Findings = append(v.Findings, library.Finding{Field: t.Field, Rule: "test/first", Text: "第一"})
		}
		for _, b := range w.banned {
			if strings.Contains(t.Text, b) {
				v.Grade = library.Block
				v.Findings = append(v.Findings, library.Finding{Field: t.Field, Rule: "test/" + b, Text: b})
			}
		}
	}
	return v, nil
}

func (w *world) Industry(context.Context, id.ID) (string, error) { return "auto", nil }

func (w *world) ban(words ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.banned, w.version = append(w.banned, words...), w.version+1
}

func (w *world) Start(_ context.Context, _ authz.Actor, c library.Claim) (id.ID, error) {
	w.recalls = append(w.recalls, c)
	return 77, nil
}

func (w *world) Append(_ context.Context, tx *db.Tx, _ authz.Actor, s library.Step) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.steps = append(w.steps, s.Kind)
	})
	return nil
}

func (w *world) Tell(_ context.Context, tx *db.Tx, _ id.ID, list ...library.Notice) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, n := range list {
			if !slices.ContainsFunc(w.notices, func(o library.Notice) bool { return o.UserID == n.UserID && o.Kind == n.Kind && o.Key == n.Key }) {
				w.notices = append(w.notices, n)
			}
		}
	})
	return nil
}

func (w *world) Deciders(context.Context, db.Querier, id.ID, id.ID) ([]id.ID, error) {
	return []id.ID{91}, nil
}

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

func (w *world) told(kind string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, x := range w.notices {
		if x.Kind == kind {
			n++
		}
	}
	return n
}

// kit is the library over a world.
type kit struct {
	*library.Service
	*world
	t    *testing.T
	d    *db.DB
	c    *clock.Fake
	jobs *jobstest.Recorder
	ids  *id.Source
}

func sets() []migrate.Set { return []migrate.Set{library.Migrations()} }

func newKit(t *testing.T, d *db.DB) kit {
	t.Helper()
	w := &world{version: 1, banned: []string{"最好"}, figures: map[id.ID]library.Figures{}, posts: map[id.ID]library.PostText{}, seats: map[id.ID]library.Seat{}}
	c := clock.NewFake(time.Date(2026, 11, 23, 10, 0, 0, 0, clock.Shanghai()))
	ids := id.NewSource(1, c.Now)
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rec, client := jobstest.New(t)
	s := library.New(library.Deps{
		DB: d, IDs: ids, Clock: c, Jobs: client, Audit: audit.New(d, ids, c), Blobs: blob.Sealed(dir, box), Box: box, Scopes: w, People: w, Products: w, Accounts: w,
		Posts: w, Matrix: w, Seats: w, AccountKinds: []string{"store", "employee"}, Rules: w, Recalls: w, Evidence: w, Outbox: w, Brands: w, PrivateEndpoint: true,
	})
	library.Module(s, nil).Jobs(client.Registry())
	return kit{s, w, t, d, c, rec, ids}
}

func actor(t *testing.T, role authz.Role, user, member id.ID, units ...id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(library.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	a := authz.Actor{Kind: authz.User, BrandID: brand, UserID: user, MemberID: member, Name: "人" + user.String(), Zone: clock.Shanghai()}
	for _, u := range units {
		a.Grants = append(a.Grants, authz.Grant{Role: role, UnitID: u})
	}
	if len(units) == 0 {
		a.Grants = []authz.Grant{{Role: role}}
	}
	return authz.NewActor(a, perms)
}

func (k kit) hq() authz.Actor    { return actor(k.t, authz.HQOps, 91, 0) }
func (k kit) store() authz.Actor { return actor(k.t, authz.StoreManager, 81, 0, 11) }
func (k kit) kos() authz.Actor   { return actor(k.t, authz.KOS, 71, 100, 11) }
func (k kit) other() authz.Actor { return actor(k.t, authz.KOS, 72, 2100, 21) }

func template(title, body string) library.Piece {
	return library.Piece{Kind: library.Template, Title: title, Content: library.Content{Title: "{门店} {{标题: 新车到店 | 周末试驾}}", Body: body}}
}

func (k kit) create(a authz.Actor, p library.Piece) library.Item {
	k.t.Helper()
	it, err := k.Create(k.t.Context(), a, p)
	if err != nil {
		k.t.Fatal(err)
	}
	return it
}

func (k kit) turn(a authz.Actor, it library.Item, verbs ...library.Verb) library.Item {
	k.t.Helper()
	for _, v := range verbs {
		var err error
		if it, err = k.Turn(k.t.Context(), a, it.ID, it.Rev, v, "因为"); err != nil {
			k.t.Fatalf("%s: %v", v, err)
		}
	}
	return it
}

func (k kit) live(a authz.Actor, p library.Piece) library.Item {
	k.t.Helper()
	return k.turn(a, k.create(a, p), library.Submit, library.Approve)
}
