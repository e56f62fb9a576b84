package campaign_test

import (
	"bytes"
	"context"
	"errors"
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
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/campaign/audience"
)

const (
	brand id.ID = 7
	root  id.ID = 1
)

// errPower is a power cut.
var errPower = errors.New("power cut")

// world is what campaign asks of other rooms, in memory: a brand (1) with two regions (10, 20) of stores, people 1000… in them
// with an account each.
type world struct {
	mu       sync.Mutex
	people   []audience.Person
	accounts map[id.ID]*campaign.Owned
	posts    map[id.ID]campaign.Post
	notices  []campaign.Notice
	todos    map[string]campaign.Todo
	steps    []string
	proven   []campaign.Proven
	others   []campaign.Approver
	cases    map[id.ID]campaign.Case
	keptIn   int   // how often a case was asked to be kept
	keepErr  error // the library is away once
	uses     int
	verdict  string
	cutAt    id.ID                           // reading people above it fails once
	onWalk   func(q db.Querier, after id.ID) // called before a page is read
}

func newWorld(n int) *world {
	w := &world{accounts: map[id.ID]*campaign.Owned{}, posts: map[id.ID]campaign.Post{}, todos: map[string]campaign.Todo{}, cases: map[id.ID]campaign.Case{}, verdict: "pass", others: []campaign.Approver{{UserID: 100_001, Name: "人1"}}}
	for i := range n {
		unit := id.ID(11 + i%2)
		if i%4 >= 2 {
			unit += 10
		}
		m := id.ID(1000 + i)
		w.people = append(w.people, audience.Person{ID: m, UnitID: unit, UserID: m + 100_000, Role: "kos", Joined: 20260101, Active: true})
		platform := "xiaohongshu"
		if i%3 == 0 {
			platform = "douyin"
		}
		w.accounts[m+500_000] = &campaign.Owned{MemberID: m, ExternalID: "ext" + m.String(), Account: audience.Account{
			ID: m + 500_000, UnitID: unit, Platform: platform, Kind: "employee", Company: i%2 == 0, Consented: i%2 == 1, Followers: int64(i), Live: true,
		}}
	}
	return w
}

func up(unit id.ID) []id.ID {
	if unit == root {
		return []id.ID{root}
	}
	if unit%10 == 0 {
		return []id.ID{unit, root}
	}
	return []id.ID{unit, unit / 10 * 10, root}
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	if unit != "" {
		n, err := id.Parse(unit)
		if err != nil || !all && !slices.ContainsFunc(roots, func(r id.ID) bool { return slices.Contains(up(n), r) }) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		roots, all = []id.ID{n}, n == root
	}
	if all {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	sc := authz.Scope{BrandID: actor.BrandID, Roots: roots}
	for _, u := range []id.ID{10, 11, 12, 20, 21, 22} {
		if slices.ContainsFunc(roots, func(r id.ID) bool { return slices.Contains(up(u), r) }) {
			sc.Units = append(sc.Units, u)
		}
	}
	return sc, nil
}

func (w *world) Ancestors(_ context.Context, _ db.Querier, _ id.ID, units []id.ID, _ clock.Day) (map[id.ID][]id.ID, error) {
	out := map[id.ID][]id.ID{}
	for _, u := range units {
		out[u] = up(u)
	}
	return out, nil
}

func (w *world) unit(x id.ID) campaign.Unit {
	return campaign.Unit{ID: x, Name: "单位" + x.String(), Path: "单位" + x.String(), Kind: "store", Leaf: x%10 != 0 && x != root, Members: int64(len(w.people))}
}

func (w *world) Describe(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]campaign.Unit, error) {
	out := map[id.ID]campaign.Unit{}
	for _, x := range ids {
		out[x] = w.unit(x)
	}
	return out, nil
}

func (w *world) Below(_ context.Context, _ db.Querier, _, unit id.ID) ([]campaign.Unit, error) {
	var out []campaign.Unit
	for _, u := range []id.ID{10, 11, 12, 20, 21, 22} {
		if up(u)[1] == unit {
			out = append(out, w.unit(u))
		}
	}
	return out, nil
}

func (w *world) Root(context.Context, db.Querier, id.ID) (campaign.Unit, error) {
	return w.unit(root), nil
}

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

// people implements campaign.People over a world.
type people struct{ w *world }

func (p people) Walk(_ context.Context, q db.Querier, _, after id.ID, limit int) ([]audience.Person, error) {
	if p.w.onWalk != nil {
		p.w.onWalk(q, after)
	}
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	if p.w.cutAt != 0 && after >= p.w.cutAt {
		p.w.cutAt = 0
		return nil, errPower
	}
	var out []audience.Person
	for _, x := range p.w.people {
		if x.ID > after && x.Active && len(out) < limit {
			out = append(out, x)
		}
	}
	return out, nil
}

func (p people) Some(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) ([]audience.Person, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	var out []audience.Person
	for _, x := range p.w.people {
		if slices.Contains(ids, x.ID) {
			out = append(out, x)
		}
	}
	return out, nil
}

func (p people) Names(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for _, x := range ids {
		out[x] = "员工" + x.String()
	}
	return out, nil
}

// accounts implements campaign.Accounts over a world.
type accounts struct{ w *world }

func (a accounts) Of(_ context.Context, _ db.Querier, _ id.ID, members []id.ID) ([]campaign.Owned, error) {
	a.w.mu.Lock()
	defer a.w.mu.Unlock()
	var out []campaign.Owned
	for _, m := range members { // in order, as asked
		if x := a.w.accounts[m+500_000]; x != nil && x.MemberID == m {
			out = append(out, *x)
		}
	}
	return out, nil
}

func (a accounts) Some(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) ([]campaign.Owned, error) {
	a.w.mu.Lock()
	defer a.w.mu.Unlock()
	var out []campaign.Owned
	for _, x := range ids {
		if o := a.w.accounts[x]; o != nil {
			out = append(out, *o)
		}
	}
	return out, nil
}

func (a accounts) Labels(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]campaign.Label, error) {
	out := map[id.ID]campaign.Label{}
	for _, x := range ids {
		out[x] = campaign.Label{Name: "账号" + x.String(), Handle: "h" + x.String(), Platform: "xiaohongshu"}
	}
	return out, nil
}

func (a accounts) Official(context.Context, db.Querier, id.ID) ([]id.ID, error) {
	return []id.ID{9}, nil
}

func (a accounts) Named(_ context.Context, _ db.Querier, _ id.ID, names []campaign.Handle) (map[campaign.Handle]id.ID, error) {
	out := map[campaign.Handle]id.ID{}
	for _, n := range names {
		if x, err := id.Parse(strings.TrimPrefix(n.Name, "账号")); err == nil && strings.HasPrefix(n.Name, "账号") {
			out[n] = x
		}
	}
	return out, nil
}

// posts implements campaign.Posts over a world.
type posts struct{ w *world }

func (p posts) Some(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) ([]campaign.Post, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	var out []campaign.Post
	for _, x := range ids {
		if v, ok := p.w.posts[x]; ok {
			out = append(out, v)
		}
	}
	return out, nil
}

func (p posts) ByExternal(_ context.Context, _ db.Querier, _ id.ID, platform, external string) (campaign.Post, bool, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	for _, v := range p.w.posts {
		if v.Platform == platform && v.ExternalID == external {
			return v, true, nil
		}
	}
	return campaign.Post{}, false, nil
}

func (p posts) OfAccounts(_ context.Context, _ db.Querier, _ id.ID, s campaign.PostSpan) ([]campaign.Post, error) {
	return p.pick(func(v *campaign.Post) bool {
		return slices.Contains(s.Accounts, v.AccountID) && v.PublishedAt >= s.From && v.PublishedAt <= s.To
	}), nil
}

func (p posts) WithWords(_ context.Context, _ db.Querier, _ id.ID, words []string, from, to clock.Ms) ([]campaign.Post, error) {
	return p.pick(func(v *campaign.Post) bool {
		return v.PublishedAt >= from && v.PublishedAt <= to && slices.ContainsFunc(words, func(x string) bool { return strings.Contains(v.Title, x) })
	}), nil
}

func (p posts) pick(want func(*campaign.Post) bool) []campaign.Post {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	var out []campaign.Post
	for _, v := range p.w.posts {
		if v.Live && want(&v) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b campaign.Post) int { return int(a.ID - b.ID) })
	return out
}

// figures implements campaign.Figures: ten views a day and account before, twenty in the campaign.
type figures struct{ w *world }

func (f figures) During(_ context.Context, _ db.Querier, _ id.ID, list []id.ID, to clock.Day, days int) (map[id.ID]campaign.Figure, error) {
	out := map[id.ID]campaign.Figure{}
	for _, a := range list {
		v := int64(10 * days)
		if to >= 20261128 {
			v *= 2
		}
		out[a] = campaign.Figure{Posts: int64(days), Views: &v}
	}
	return out, nil
}

func (f figures) FollowersAt(_ context.Context, _ db.Querier, _ id.ID, list []id.ID, at clock.Ms) (map[id.ID]int64, error) {
	out := map[id.ID]int64{}
	for _, a := range list {
		out[a] = int64(at / 3_600_000)
	}
	return out, nil
}

func (w *world) Check(_ context.Context, _ id.ID, texts []campaign.FieldText, _ string, _ clock.Day) (campaign.Verdict, error) {
	v := campaign.Verdict{Verdict: w.verdict}
	for _, t := range texts {
		if i := strings.Index(t.Text, "最好"); i >= 0 {
			v.Verdict = "block"
			v.Findings = append(v.Findings, campaign.Finding{Field: t.Field, Rule: "test/best", Severity: "high", Start: len([]rune(t.Text[:i])), End: len([]rune(t.Text[:i])) + 2, Text: "最好"})
		}
	}
	return v, nil
}

// library implements campaign.Materials: template 77 with a text per person, item 78, and 79 that expired.
type library struct{ w *world }

func (l library) Describe(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]campaign.Material, error) {
	out := map[id.ID]campaign.Material{}
	for _, x := range ids {
		if x >= 77 && x <= 79 {
			out[x] = campaign.Material{ID: x, Kind: "template", Title: "素材" + x.String(), Version: 2, Usable: x != 79}
		}
	}
	return out, nil
}

func (l library) Personal(_ context.Context, _ db.Querier, _, template, _ id.ID, list []campaign.Recipient) ([]campaign.Text, error) {
	out := make([]campaign.Text, len(list))
	for i, r := range list {
		out[i] = campaign.Text{Title: "标题", Body: template.String() + "给" + r.MemberID.String()}
	}
	return out, nil
}

func (l library) Used(_ context.Context, tx *db.Tx, _ id.ID, uses []campaign.Use) error {
	tx.AfterCommit(func() {
		l.w.mu.Lock()
		defer l.w.mu.Unlock()
		l.w.uses += len(uses)
	})
	return nil
}

func (w *world) Tell(_ context.Context, tx *db.Tx, _ id.ID, n campaign.Notice) error {
	n.Users = slices.Clone(n.Users)
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notices = append(w.notices, n)
	})
	return nil
}

func (w *world) Ask(_ context.Context, tx *db.Tx, _ id.ID, todos ...campaign.Todo) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, t := range todos {
			w.todos[t.Key] = t
		}
	})
	return nil
}

func (w *world) Settle(_ context.Context, tx *db.Tx, _ id.ID, keys []string) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, k := range keys {
			delete(w.todos, k)
		}
	})
	return nil
}

func (w *world) Append(_ context.Context, tx *db.Tx, _ authz.Actor, p campaign.Proven) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.steps, w.proven = append(w.steps, p.Kind), append(w.proven, p)
	})
	return nil
}

// same implements campaign.Sameness: texts that differ in numbers only are 90 % alike.
type same struct{}

func (same) Measures(context.Context, id.ID) (campaign.Measures, error) {
	return campaign.Measures{Industry: "automotive", Table: []campaign.Threshold{{Most: 0.7, From: 20200101, Why: "一般"}, {Kind: "fact", Most: 0.95, From: 20200101, Why: "事实"}}}, nil
}

func (same) Fits(table []campaign.Threshold, w campaign.SameWhere) campaign.Threshold {
	out := campaign.Threshold{Most: 1}
	for _, t := range table {
		if (t.Platform == "" || t.Platform == w.Platform) && (t.Kind == "" || t.Kind == w.Kind) && t.From <= w.Day {
			out = t
		}
	}
	return out
}

func (same) Compare(texts []campaign.Planned, most float64) campaign.SameReport {
	out := campaign.SameReport{Texts: len(texts)}
	if most >= 0.9 {
		return out
	}
	by := map[string][]int64{}
	for _, t := range texts {
		key := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return -1
			}
			return r
		}, t.Text)
		by[key] = append(by[key], t.ID)
	}
	for _, ids := range by {
		if len(ids) > 1 {
			out.Over, out.Highest = out.Over+len(ids), 0.9
			out.Clusters = append(out.Clusters, campaign.SameCluster{IDs: ids, Best: ids[0], Score: 0.9})
		}
	}
	return out
}

// Keep implements campaign.Cases. The first keeper stands.
func (w *world) Keep(_ context.Context, _ authz.Actor, c campaign.Case) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keptIn++
	if _, ok := w.cases[c.ID]; !ok {
		w.cases[c.ID] = c
	}
	err := w.keepErr // it wrote, and died before it could say so
	w.keepErr = nil
	return err
}

// Of implements campaign.Approvers.
func (w *world) Of(context.Context, db.Querier, id.ID, []id.ID) ([]campaign.Approver, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.others), nil
}

func (w *world) told(kind string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, x := range w.notices {
		if x.Kind == kind {
			n += len(x.Users)
		}
	}
	return n
}

// kit is the room over a world.
type kit struct {
	*campaign.Service
	w     *world
	t     *testing.T
	d     *db.DB
	c     *clock.Fake
	queue *jobstest.Recorder
	jobs  *jobs.Client
}

func sets() []migrate.Set { return []migrate.Set{campaign.Migrations()} }

// start is a Saturday, ten in the morning.
func start() time.Time { return time.Date(2026, 11, 28, 10, 0, 0, 0, clock.Shanghai()) }

func newKit(t *testing.T, d *db.DB, n int) *kit {
	t.Helper()
	w := newWorld(n)
	c := clock.NewFake(start())
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
	s := campaign.New(campaign.Deps{
		DB: d, Clock: c, IDs: ids, Blobs: blob.Sealed(dir, box), Jobs: client, Audit: audit.New(d, ids, c), Scopes: w, Units: w, People: people{w}, Accounts: accounts{w},
		Posts: posts{w}, Figures: figures{w}, Rules: w, Materials: library{w}, Outbox: w, Evidence: w, Brands: w, Same: same{}, Approvers: w, Cases: w,
	})
	s.Register(client.Registry())
	return &kit{s, w, t, d, c, rec, client}
}

func actor(t *testing.T, role authz.Role, member id.ID, units ...id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(campaign.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	a := authz.Actor{Kind: authz.User, BrandID: brand, UserID: member + 100_000, MemberID: member, Name: "人" + member.String(), Lang: "zh", Zone: clock.Shanghai()}
	for _, u := range units {
		a.Grants = append(a.Grants, authz.Grant{Role: role, UnitID: u})
	}
	if len(units) == 0 {
		a.Grants = []authz.Grant{{Role: role}}
	}
	return authz.NewActor(a, perms)
}

func (k *kit) hq() authz.Actor              { return actor(k.t, authz.HQOps, 0) }
func (k *kit) boss() authz.Actor            { return actor(k.t, authz.HQOps, 1) } // who approves what hq wrote
func (k *kit) kos(member id.ID) authz.Actor { return actor(k.t, authz.KOS, member, 11) }
func (k *kit) manager(u id.ID) authz.Actor  { return actor(k.t, authz.StoreManager, 900+u, u) }
func at(d time.Duration) clock.Ms           { return clock.MsOf(start().Add(d)) }
func (k *kit) must(err error)               { k.t.Helper(); fatal(k.t, err) }
func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plan is a plan with a note to publish and a training to attend.
func plan() campaign.Plan {
	return campaign.Plan{
		Title: "新品上市", Goal: "让本地客户看到", Topic: "新品", Hashtags: campaign.Hashtags{All: []string{"#新品上市"}}, StartsAt: at(0), EndsAt: at(72 * time.Hour),
		Briefs: []campaign.Brief{{Text: "拍一个细节", Standard: "自己拍的", Question: campaign.Question{Text: "可以写什么", Options: []string{"感受", "价格"}, Right: 0}}},
		Tasks: []campaign.TaskPlan{
			{Type: campaign.PublishNote, Title: "发一条笔记", Minutes: 20, Template: 77, Platforms: []string{"xiaohongshu"}, Evidence: campaign.Evidence{Link: true, Hashtag: true}, Reward: campaign.Reward{Fen: 500, Points: 5}},
			{Type: campaign.AttendTraining, Title: "看培训", Minutes: 10, Evidence: campaign.Evidence{Question: true}},
		},
	}
}

// draft makes a campaign from a plan and brings it to approval.
func (k *kit) draft(p campaign.Plan) id.ID {
	k.t.Helper()
	ctx := k.t.Context()
	x, err := k.Create(ctx, k.hq(), campaign.NewCampaign{Title: p.Title})
	k.must(err)
	_, err = k.Write(ctx, k.hq(), x, "", p)
	k.must(err)
	_, err = k.Turn(ctx, k.hq(), x, campaign.Check, "")
	k.must(err)
	_, err = k.Turn(ctx, k.hq(), x, campaign.Submit, "")
	k.must(err)
	return x
}

func (k *kit) approve(x id.ID) {
	k.t.Helper()
	v, err := k.Get(k.t.Context(), k.hq(), x)
	k.must(err)
	_, err = k.Decide(k.t.Context(), k.boss(), x, campaign.Approve, v.Rev, "")
	k.must(err)
}

// run dispatches a plan to the end.
func (k *kit) run(p campaign.Plan) id.ID {
	k.t.Helper()
	x := k.draft(p)
	k.approve(x)
	k.queue.Run(k.t.Context())
	return x
}

// publish says a fact and lets everybody hear it.
func (k *kit) publish(e jobs.Event) {
	k.t.Helper()
	k.must(k.d.Tx(k.t.Context(), func(ctx context.Context, tx *db.Tx) error { return k.jobs.Publish(ctx, tx, e) }))
	k.queue.Run(k.t.Context())
}

// mine gives a member's task of a title.
func (k *kit) mine(member id.ID, title string) campaign.Own {
	k.t.Helper()
	list, err := k.Today(k.t.Context(), k.kos(member))
	k.must(err)
	for _, x := range list.Items {
		if x.Task.Title == title {
			return x
		}
	}
	k.t.Fatalf("%s has no task %s", member, title)
	return campaign.Own{}
}

// sum counts a campaign's assignments, by the table itself.
func (k *kit) sum(x id.ID) (n, double int64) {
	k.t.Helper()
	n, err := db.One[int64](k.t.Context(), k.d, `SELECT COUNT(*) FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2`, brand, x)
	k.must(err)
	double, err = db.One[int64](k.t.Context(), k.d, `SELECT COUNT(*) FROM (SELECT member_id, task_id FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 GROUP BY member_id, task_id HAVING COUNT(*) > 1) AS t`, brand, x)
	k.must(err)
	return n, double
}

// agree holds the kept counts of every unit against the assignments.
func (k *kit) agree(x id.ID) {
	k.t.Helper()
	ctx := k.t.Context()
	type group struct {
		Unit  id.ID         `db:"unit_id"`
		State campaign.Step `db:"state"`
		N     int64         `db:"n"`
	}
	rows, err := db.All[group](ctx, k.d, `SELECT unit_id, state, COUNT(*) AS n FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 GROUP BY unit_id, state`, brand, x)
	k.must(err)
	want := map[id.ID]map[campaign.Step]int64{}
	for _, r := range rows {
		for _, u := range up(r.Unit) {
			if want[u] == nil {
				want[u] = map[campaign.Step]int64{}
			}
			want[u][r.State] += r.N
		}
	}
	kept, err := db.All[group](ctx, k.d, `SELECT unit_id, state, CAST(SUM(n) AS BIGINT) AS n FROM campaign_count WHERE brand_id = $1 AND campaign_id = $2 AND state <> 'read' GROUP BY unit_id, state`, brand, x)
	k.must(err)
	got := map[id.ID]map[campaign.Step]int64{}
	for _, r := range kept {
		if r.N == 0 {
			continue
		}
		if got[r.Unit] == nil {
			got[r.Unit] = map[campaign.Step]int64{}
		}
		got[r.Unit][r.State] += r.N
	}
	for u, states := range want {
		for s, n := range states {
			if got[u][s] != n {
				k.t.Errorf("unit %s %s: kept %d, there are %d", u, s, got[u][s], n)
			}
		}
	}
	for u, states := range got {
		for s, n := range states {
			if want[u][s] != n {
				k.t.Errorf("unit %s %s: kept %d, there are %d", u, s, n, want[u][s])
			}
		}
	}
}
