package recall_test

import (
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
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/domain/recall"
	"kosmos/internal/event"
)

const (
	brand id.ID     = 7
	day   clock.Day = 20261122
	png             = "\x89PNG\r\n\x1a\n picture"
)

// world is a small matrix in memory: the rooms that recall asks.
type world struct {
	mu      sync.Mutex
	posts   map[id.ID]recall.Text
	names   map[id.ID]recall.Text
	todos   map[string]recall.Todo
	settled []string
	steps   []string
	broken  error // the next walk fails with it
}

func newWorld() *world {
	w := &world{posts: map[id.ID]recall.Text{}, names: map[id.ID]recall.Text{}, todos: map[string]recall.Todo{}}
	for i := range 2500 {
		x := id.ID(1000 + i)
		title := "今天试驾的客户很开心"
		if i%500 == 1 {
			title = "全·网·最·低·价 就在这里"
		}
		w.posts[x] = recall.Text{Kind: recall.Post, ObjectID: x, AccountID: id.ID(100 + i%4), UnitID: id.ID(11 + i%4/2), Content: title, URL: "https://example.com/" + x.String(), AsOf: 1}
	}
	w.names[100] = recall.Text{Kind: recall.Profile, ObjectID: 100, AccountID: 100, UnitID: 11, Content: "静安店小王"}
	w.names[103] = recall.Text{Kind: recall.Profile, ObjectID: 103, AccountID: 103, UnitID: 12, Content: "全網最低價小李"}
	return w
}

func (w *world) of(kind string) map[id.ID]recall.Text {
	if kind == recall.Post {
		return w.posts
	}
	return w.names
}

func (w *world) Walk(_ context.Context, _ db.Querier, _ id.ID, kind string, after id.ID, limit int) ([]recall.Text, error) {
	if err := w.broken; err != nil && after > 0 {
		w.broken = nil
		return nil, err
	}
	var out []recall.Text
	for _, x := range slices.Sorted(maps.Keys(w.of(kind))) {
		if x > after && len(out) < limit {
			out = append(out, w.of(kind)[x])
		}
	}
	return out, nil
}

func (w *world) Present(_ context.Context, _ db.Querier, _ id.ID, kind string, objects []id.ID) (map[id.ID]recall.Text, error) {
	out := map[id.ID]recall.Text{}
	for _, x := range objects {
		if t, ok := w.of(kind)[x]; ok {
			out[x] = t
		}
	}
	return out, nil
}

func (w *world) Labels(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]recall.Label, error) {
	out := map[id.ID]recall.Label{}
	for _, x := range ids {
		out[x] = recall.Label{Handle: "h" + x.String(), Platform: "xiaohongshu", MemberID: x + 400}
	}
	return out, nil
}

func (w *world) Create(_ context.Context, _ *db.Tx, _ id.ID, todos []recall.Todo) error {
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
	w.settled = append(w.settled, keys...)
	return nil
}

func (w *world) Append(_ context.Context, _ *db.Tx, _ authz.Actor, step recall.Step) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.steps = append(w.steps, step.Kind)
	return nil
}

// Scope: units 11 and 12 are stores below the brand.
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

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

func sets() []migrate.Set { return []migrate.Set{recall.Migrations()} }

type bundle struct {
	*world
	s     *recall.Service
	queue *jobstest.Recorder
	jobs  *jobs.Client
	clock *clock.Fake
	d     *db.DB
}

func setup(t *testing.T, d *db.DB) *bundle {
	t.Helper()
	w, c := newWorld(), clock.NewFake(day.In(clock.Shanghai()).Add(9*time.Hour))
	store, err := blob.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	queue, client := jobstest.New(t)
	ids := id.NewSource(1, c.Now)
	s := recall.New(recall.Deps{
		DB: d, Clock: c, IDs: ids, Blobs: store, Jobs: client, Audit: audit.New(d, ids, c),
		Texts: w, Accounts: w, Todos: w, Evidence: w, Scopes: w, Brands: w,
	})
	s.Register(client.Registry())
	return &bundle{w, s, queue, client, c, d}
}

// publish says a fact and lets everybody hear it.
func (b *bundle) publish(t *testing.T, e jobs.Event) {
	t.Helper()
	if err := b.d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return b.jobs.Publish(ctx, tx, e) }); err != nil {
		t.Fatal(err)
	}
	b.queue.Run(t.Context())
}

func as(t *testing.T, role authz.Role, member id.ID, units ...id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(recall.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	a := authz.Actor{Kind: authz.User, BrandID: brand, UserID: 3, MemberID: member, Name: "林合规", Zone: clock.Shanghai()}
	for _, u := range units {
		a.Grants = append(a.Grants, authz.Grant{Role: role, UnitID: u})
	}
	if len(units) == 0 {
		a.Grants = []authz.Grant{{Role: role}}
	}
	return authz.NewActor(a, perms)
}

func draft() recall.Draft {
	return recall.Draft{
		Title: "停用最低价说法", Claim: recall.Claim{Terms: []string{"全网最低价"}}, Action: recall.TakeDown,
		Reason: "违反广告法", Article: "广告法 第九条", Due: day.Add(3),
	}
}

func (b *bundle) open(t *testing.T, actor authz.Actor) id.ID {
	t.Helper()
	x, err := b.s.Start(t.Context(), actor, draft())
	if err != nil {
		t.Fatal(err)
	}
	b.queue.Run(t.Context())
	return x
}

func (b *bundle) items(t *testing.T, actor authz.Actor, recallID id.ID, state recall.ItemState) []recall.Item {
	t.Helper()
	items, err := b.s.Items(t.Context(), actor, recallID, state, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func TestOneClaimFromFindToProof(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, b := t.Context(), setup(t, d)
		officer := as(t, authz.Compliance, 0)
		p, err := b.s.Preview(ctx, officer, recall.Claim{Terms: []string{"全网最低价"}}, "")
		if err != nil || !p.Whole || p.Looked != 2502 || p.Found != 6 || len(p.Samples) != 6 {
			t.Fatalf("%+v %v", p, err)
		}
		x := b.open(t, officer)
		r, err := b.s.Get(ctx, officer, x)
		if err != nil || r.State != recall.Open || r.Counts[recall.Waiting] != 6 || r.Looked != 2502 || len(b.todos) != 6 {
			t.Fatalf("%+v %v, %d to-dos", r, err, len(b.todos))
		}
		items := b.items(t, officer, x, recall.Waiting)
		owner := as(t, authz.KOS, items[1].AccountID+400, items[1].UnitID)
		if mine, err := b.s.Mine(ctx, owner, 10); err != nil || len(mine) == 0 {
			t.Fatalf("%+v %v", mine, err)
		}
		// somebody else's account, a claim without a picture, a file that is no picture
		if err := b.s.Prove(ctx, as(t, authz.KOS, 999, items[1].UnitID), x, items[1].ObjectID, recall.Given{Proof: recall.Link, Note: "已删"}); !errs.Is(err, "recall.item_gone") {
			t.Fatalf("a stranger proved: %v", err)
		}
		for _, g := range []recall.Given{{Proof: recall.Screenshot}, {Proof: recall.Screenshot, Picture: []byte("<svg>")}, {Proof: recall.Link}, {Proof: recall.Reimport, Note: "x"}} {
			if err := b.s.Prove(ctx, owner, x, items[1].ObjectID, g); errs.CodeOf(err) != errs.Invalid {
				t.Fatalf("%+v: %v", g, err)
			}
		}
		if err := b.s.Prove(ctx, owner, x, items[1].ObjectID, recall.Given{Proof: recall.Screenshot, Picture: []byte(png)}); err != nil {
			t.Fatal(err)
		}
		if media, size, from, err := b.s.Picture(ctx, officer, x, items[1].ObjectID); err != nil || media != "image/png" || size != int64(len(png)) || from.Close() != nil {
			t.Fatalf("%s %d %v", media, size, err)
		}
		// returned with a reason, proved again, accepted
		if _, err := b.s.Decide(ctx, officer, x, []id.ID{items[1].ObjectID}, recall.Return, ""); errs.CodeOf(err) != errs.Invalid {
			t.Fatalf("returned without a reason: %v", err)
		}
		for _, step := range []struct {
			verb recall.Verb
			note string
		}{{recall.Return, "截图看不清"}, {recall.Prove, ""}, {recall.Accept, ""}} {
			if step.verb == recall.Prove {
				err = b.s.Prove(ctx, owner, x, items[1].ObjectID, recall.Given{Proof: recall.Link, Note: "打开已不存在"})
			} else {
				_, err = b.s.Decide(ctx, officer, x, []id.ID{items[1].ObjectID}, step.verb, step.note)
			}
			if err != nil {
				t.Fatalf("%s: %v", step.verb, err)
			}
		}
		if n, err := b.s.Decide(ctx, officer, x, []id.ID{items[0].ObjectID, items[1].ObjectID, 5}, recall.Dismiss, "引用他人说法"); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
		if err := b.s.Close(ctx, officer, x, ""); errs.CodeOf(err) != errs.Invalid {
			t.Fatalf("closed with texts waiting and no word: %v", err)
		}
		if err := b.s.Close(ctx, officer, x, "其余账号已注销"); err != nil {
			t.Fatal(err)
		}
		if err := b.s.Prove(ctx, owner, x, items[1].ObjectID, recall.Given{Proof: recall.Link, Note: "x"}); !errs.Is(err, "recall.closed_already") {
			t.Fatalf("proved after the end: %v", err)
		}
		want := "recall.opened recall.found recall.found recall.found recall.found recall.searched recall.proved recall.return recall.proved recall.accept recall.dismiss recall.closed"
		if got := strings.Join(b.steps, " "); got != want {
			t.Errorf("evidence: %s\nwant      %s", got, want)
		}
		units, err := b.s.Report(ctx, officer, x)
		if err != nil || len(units) != 2 {
			t.Fatalf("%+v %v", units, err)
		}
	})
}

func TestSearchGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, b := t.Context(), setup(t, d)
		officer := as(t, authz.Compliance, 0)
		x, err := b.s.Start(ctx, officer, draft())
		if err != nil {
			t.Fatal(err)
		}
		b.broken = errors.New("pulled the plug")
		search, _ := b.jobs.Registry().Handler("recall.search")
		if err := search(ctx, []byte(`{"brand_id":"7","recall_id":"`+x.String()+`"}`)); err == nil {
			t.Fatal("the walk should have died")
		}
		half, err := b.s.Get(ctx, officer, x)
		if err != nil || half.State != recall.Searching || half.Looked != 1000 {
			t.Fatalf("%+v %v", half, err)
		}
		if err := b.s.Close(ctx, officer, x, "x"); !errs.Is(err, "recall.searching") {
			t.Fatalf("closed while searching: %v", err)
		}
		b.queue.Run(t.Context())
		whole, err := b.s.Get(ctx, officer, x)
		if err != nil || whole.State != recall.Open || whole.Looked != 2502 || whole.Counts[recall.Waiting] != 6 || len(b.todos) != 6 {
			t.Fatalf("%+v %v", whole, err)
		}
	})
}

func TestNewTextsJoinAndCleanOnesAreDone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, b := t.Context(), setup(t, d)
		officer := as(t, authz.Compliance, 0)
		x := b.open(t, officer)
		before := b.items(t, officer, x, recall.Waiting)
		// one post is gone, one was edited, a new one and an old one hold the claim now
		before = before[1:] // the first is a profile
		delete(b.posts, before[0].ObjectID)
		edited := b.posts[before[1].ObjectID]
		edited.Content = "到店有礼"
		b.posts[before[1].ObjectID] = edited
		for _, n := range []id.ID{9999, 1000} {
			t := b.posts[1000]
			t.ObjectID, t.Content = n, "全🌟网🌟最低价"
			b.posts[n] = t
		}
		changed := event.PostsChanged{BrandID: brand, PostIDs: []id.ID{before[0].ObjectID, before[1].ObjectID, 9999, 1000, 1002}}
		for range 2 { // heard twice, done once
			b.publish(t, changed)
		}
		done := b.items(t, officer, x, recall.Done)
		if len(done) != 2 || done[0].Proof != recall.Reimport || len(b.items(t, officer, x, recall.Waiting)) != 6 {
			t.Fatalf("%+v", done)
		}
		// called done by a person, seen to stand by a later import: it waits again
		again := before[2].ObjectID
		if err := b.s.Prove(ctx, officer, x, again, recall.Given{Proof: recall.Link, Note: "已删"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.s.Decide(ctx, officer, x, []id.ID{again}, recall.Accept, ""); err != nil {
			t.Fatal(err)
		}
		imported := event.ImportFinished{BrandID: brand, ImportID: 5, State: "done"}
		b.publish(t, imported)
		if n := len(b.items(t, officer, x, recall.Done)); n != 3 {
			t.Fatalf("an older sight upset a proof: %d done", n)
		}
		stands := b.posts[again]
		stands.AsOf = clock.MsOf(b.clock.Now().Add(time.Hour))
		b.posts[again] = stands
		b.publish(t, imported)
		if n := len(b.items(t, officer, x, recall.Done)); n != 2 {
			t.Fatalf("%d done, the contradicted one should wait", n)
		}
	})
}

func TestScopes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, b := t.Context(), setup(t, d)
		officer, manager, other := as(t, authz.Compliance, 0), as(t, authz.StoreManager, 0, 12), as(t, authz.StoreManager, 0, 13)
		x := b.open(t, officer)
		all, mine := b.items(t, officer, x, ""), b.items(t, manager, x, "")
		if len(all) != 6 || len(mine) == 0 || len(mine) >= 6 {
			t.Fatalf("%d of %d", len(mine), len(all))
		}
		if _, err := b.s.Get(ctx, other, x); !errs.Is(err, "recall.gone") {
			t.Fatalf("a store without such a text sees the recall: %v", err)
		}
		// an officer of one store finds and decides there alone
		local := as(t, authz.Compliance, 0, 11)
		y := b.open(t, local)
		if items := b.items(t, officer, y, ""); len(items) != 6-len(mine) {
			t.Fatalf("%d items in store 11", len(items))
		}
		if _, err := b.s.Decide(ctx, local, x, []id.ID{all[0].ObjectID}, recall.Dismiss, "x"); !errs.Is(err, "recall.gone") {
			t.Fatalf("a store's officer decides about the brand's recall: %v", err)
		}
	})
}

func TestTwoOfficersDecideOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		officer := as(t, authz.Compliance, 0)
		x := b.open(t, officer)
		items := b.items(t, officer, x, "")
		ids := make([]id.ID, len(items))
		for i, it := range items {
			ids[i] = it.ObjectID
		}
		var wg sync.WaitGroup
		moved := make([]int, 6)
		for i := range moved {
			wg.Go(func() {
				n, err := b.s.Decide(context.Background(), officer, x, ids, recall.Dismiss, "同时")
				if err != nil && !errs.Is(err, "recall.items_none") {
					t.Error(err)
				}
				moved[i] = n
			})
		}
		wg.Wait()
		sum := 0
		for _, n := range moved {
			sum += n
		}
		if sum != len(ids) {
			t.Errorf("%v: %d moves of %d items", moved, sum, len(ids))
		}
	})
}
