package desk_test

import (
	"bytes"
	"cmp"
	"context"
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
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/domain/desk"
)

const brand id.ID = 7

// world is what the desk asks of other rooms, in memory.
type world struct {
	mu      sync.Mutex
	steps   []desk.Step
	notices []desk.Notice
	todos   map[string]desk.Todo
	marks   []desk.Mark
	same    []desk.Elsewhere
	asked   [][]desk.Text
	flood   int // findings beside those of words
	ranker  int
	liked   string // what the ranker does not turn down
	version string // of the rules; "" is 3
	banned  string // a word that newer rules send to review
}

// Two stores: accounts 501 (member 51, unit 11) and 502 (member 52, unit 12).
func (w *world) accounts() map[id.ID]desk.Account {
	return map[id.ID]desk.Account{
		501: {ID: 501, Platform: "xiaohongshu", Handle: "jing_an", UnitID: 11, UnitPath: "华东/静安店", MemberID: 51, Member: "王小明"},
		502: {ID: 502, Platform: "douyin", Handle: "tian_he", UnitID: 12, UnitPath: "华南/天河店", MemberID: 52, Member: "陈晨"},
	}
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	if all && unit == "" {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	if unit != "" {
		n, err := id.Parse(unit)
		if err != nil || !all && !slices.Contains(roots, n) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		roots = []id.ID{n}
	}
	return authz.Scope{BrandID: actor.BrandID, Roots: roots, Units: roots}, nil
}

func (w *world) Labels(_ context.Context, _ db.Querier, b id.ID, ids []id.ID) (map[id.ID]desk.Account, error) {
	out := w.accounts()
	maps.DeleteFunc(out, func(k id.ID, _ desk.Account) bool { return b != brand || !slices.Contains(ids, k) })
	return out, nil
}

func (w *world) OfMember(_ context.Context, _ db.Querier, _, member id.ID) ([]desk.Account, error) {
	var out []desk.Account
	for _, a := range w.accounts() {
		if a.MemberID == member {
			out = append(out, a)
		}
	}
	return out, nil
}

func (w *world) InScope(ctx context.Context, q db.Querier, actor authz.Actor, permission string, ids []id.ID) ([]id.ID, error) {
	sc, err := w.Scope(ctx, q, actor, permission, "")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(x id.ID) bool { return !sc.All && !slices.Contains(sc.Units, w.accounts()[x].UnitID) }), nil
}

func (w *world) HomeOf(_ context.Context, _ db.Querier, _, member id.ID) (id.ID, error) {
	return map[id.ID]id.ID{0: 1, 51: 11, 52: 12}[member], nil
}

func (w *world) UnitPaths(context.Context, db.Querier, id.ID, []id.ID) (map[id.ID]string, error) {
	return map[id.ID]string{11: "华东/静安店", 12: "华南/天河店"}, nil
}

func (w *world) Holders(_ context.Context, _ db.Querier, _ id.ID, roles []authz.Role) ([]desk.Person, error) {
	out := []desk.Person{{ID: 91, Name: "合规甲"}, {ID: 92, Name: "合规乙"}}
	if slices.Contains(roles, authz.HQOps) {
		out = append(out, desk.Person{ID: 93, Name: "运营"})
	}
	return out, nil
}

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

// Check knows four words: 最好 blocks, 第一 goes to review, 便宜 is shown, 微信 (in pictures too) goes to review.
func (w *world) Check(_ context.Context, _ id.ID, texts []desk.Text, _ desk.Checked) (desk.Verdict, error) {
	w.mu.Lock()
	w.asked = append(w.asked, texts)
	w.mu.Unlock()
	v := desk.Verdict{Verdict: "pass", Version: cmp.Or(w.version, "3"), Ranked: desk.Ranked{Ranker: w.ranker}}
	grade := 0
	for i := range w.flood {
		v.Findings = append(v.Findings, desk.Finding{Field: "body", Rule: "test/flood", Category: "bait", Severity: "low", Start: i, End: i + 1})
	}
	for _, t := range texts {
		for i, x := range []struct{ word, verdict, severity string }{{"便宜", "warn", "low"}, {"第一", "review", "medium"}, {"微信", "review", "medium"}, {"最好", "block", "high"}} {
			at := strings.Index(t.Text, x.word)
			if at < 0 {
				continue
			}
			start := len([]rune(t.Text[:at]))
			v.Findings = append(v.Findings, desk.Finding{Field: t.Field, Rule: "test/" + x.word, Category: "absolute", Severity: x.severity, Start: start, End: start + 2, Text: x.word, Reason: "不可以", ReasonEn: "may not", Rewrite: "很好"})
			if i+1 > grade {
				grade, v.Verdict, v.Score = i+1, x.verdict, float64(i+1)/5
			}
		}
	}
	for _, t := range texts {
		if w.banned != "" && strings.Contains(t.Text, w.banned) {
			v.Findings = append(v.Findings, desk.Finding{Field: t.Field, Rule: "test/new", Category: "brand", Severity: "medium", End: 2, Text: w.banned, Reason: "新规"})
			if grade < 2 {
				v.Verdict, v.Score = "review", 0.5
			}
		}
	}
	if w.ranker != 0 && len(texts) > 0 && !strings.Contains(texts[0].Text, w.liked) {
		v.Score, v.Ranked.Likely = v.Score+0.1, 0.8
	}
	return v, nil
}

func (w *world) SameText(context.Context, id.ID, string, int) ([]desk.Elsewhere, error) {
	return w.same, nil
}

func (w *world) Opine(_ context.Context, _ *db.Tx, _ authz.Actor, _ id.ID, marks []desk.Mark) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.marks = append(w.marks, marks...)
	return nil
}

// Append keeps what committed transactions appended.
func (w *world) Append(_ context.Context, tx *db.Tx, _ id.ID, steps ...desk.Step) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.steps = append(w.steps, steps...)
	})
	return nil
}

func (w *world) Tell(_ context.Context, tx *db.Tx, _ id.ID, notices ...desk.Notice) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notices = append(w.notices, notices...)
	})
	return nil
}

func (w *world) Ask(_ context.Context, tx *db.Tx, _ id.ID, todos ...desk.Todo) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, t := range todos {
			w.todos[t.Kind+"|"+t.Object.String()] = t
		}
	})
	return nil
}

func (w *world) Settle(_ context.Context, tx *db.Tx, _ id.ID, kind string, submission id.ID) error {
	tx.AfterCommit(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.todos, kind+"|"+submission.String())
	})
	return nil
}

func (w *world) kinds() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []string{}
	for _, s := range w.steps {
		out = append(out, s.Kind)
	}
	return out
}

func (w *world) told(user id.ID) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []string{}
	for _, n := range w.notices {
		if n.UserID == user {
			out = append(out, n.Kind)
		}
	}
	return out
}

func (w *world) open() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []string{}
	for _, t := range w.todos {
		out = append(out, t.Kind)
	}
	slices.Sort(out)
	return out
}

// kit is the desk over a world.
type kit struct {
	*desk.Service
	*world
	t    *testing.T
	d    *db.DB
	c    *clock.Fake
	jobs *jobstest.Recorder
}

func sets() []migrate.Set { return []migrate.Set{desk.Migrations()} }

// monday is a working day, ten in the morning.
func monday() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, clock.Shanghai()) }

func newKit(t *testing.T, d *db.DB) kit {
	t.Helper()
	w := &world{todos: map[string]desk.Todo{}}
	c := clock.NewFake(monday())
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
	s := desk.New(desk.Deps{
		DB: d, IDs: ids, Clock: c, Jobs: client, Audit: audit.New(d, ids, c), Blobs: blob.Sealed(dir, box), Reader: desk.FindReader(),
		Scopes: w, Accounts: w, People: w, Rules: w, Evidence: w, Outbox: w,
	})
	desk.Module(s, nil).Jobs(client.Registry())
	return kit{s, w, t, d, c, rec}
}

var _ jobs.Sink = (*jobstest.Recorder)(nil)

func actor(t *testing.T, role authz.Role, user, member id.ID, units ...id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(desk.Permissions()...)
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

func (k kit) kos() authz.Actor     { return actor(k.t, authz.KOS, 81, 51, 11) }
func (k kit) officer() authz.Actor { return actor(k.t, authz.Compliance, 91, 0) }
func (k kit) second() authz.Actor  { return actor(k.t, authz.Compliance, 92, 0) }

func post(text string) desk.Draft {
	return desk.Draft{AccountID: 501, Kind: "post", Texts: []desk.Text{{Field: "body", Text: text}}}
}

func (k kit) submit(d desk.Draft) desk.Submission {
	k.t.Helper()
	s, err := k.Submit(k.t.Context(), k.kos(), d)
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

func (k kit) review(a authz.Actor, s desk.Submission, d desk.Decision) desk.Submission {
	k.t.Helper()
	out, err := k.Review(k.t.Context(), a, s.ID, d)
	if err != nil {
		k.t.Fatal(err)
	}
	return out
}

func (k kit) settings(change func(*desk.Settings)) {
	k.t.Helper()
	set := desk.Defaults()
	change(&set)
	if err := k.SetSettings(k.t.Context(), k.officer(), set); err != nil {
		k.t.Fatal(err)
	}
	k.mu.Lock()
	k.steps = nil
	k.mu.Unlock()
}
