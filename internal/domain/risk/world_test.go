package risk_test

import (
	"cmp"
	"context"
	"slices"
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
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

const brand id.ID = 7

// texts are known texts in memory: what post and account give.
type texts struct{ list []risk.Known }

func (x *texts) Walk(_ context.Context, _ db.Querier, _, after id.ID, limit int) ([]risk.Known, error) {
	at, _ := slices.BinarySearchFunc(x.list, after+1, func(k risk.Known, i id.ID) int { return cmp.Compare(k.ID, i) })
	return slices.Clone(x.list[at:min(at+limit, len(x.list))]), nil
}

func (x *texts) ByID(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) ([]risk.Known, error) {
	var out []risk.Known
	for _, k := range x.list {
		if slices.Contains(ids, k.ID) {
			out = append(out, k)
		}
	}
	return out, nil
}

func (x *texts) Count(context.Context, db.Querier, id.ID) (int64, error) {
	return int64(len(x.list)), nil
}

func (x *texts) Since(_ context.Context, _ db.Querier, _ id.ID, s risk.Span) ([]risk.Known, error) {
	list := slices.Clone(x.list)
	slices.SortFunc(list, func(a, b risk.Known) int {
		return cmp.Or(cmp.Compare(b.Published, a.Published), cmp.Compare(b.ID, a.ID))
	})
	var out []risk.Known
	for _, k := range list {
		if k.Published < s.From || s.BeforeAt != 0 && (k.Published > s.BeforeAt || k.Published == s.BeforeAt && k.ID >= s.BeforeID) {
			continue
		}
		if len(out) < s.Limit {
			out = append(out, k)
		}
	}
	return out, nil
}

// world is what the room asks of the house.
type world struct {
	posts, profiles texts
	steps           []risk.Step
	clock           *clock.Fake
	rec             *jobstest.Recorder
	jobs            *jobs.Client
	shipped         func() ([]pack.Pack, error)
	reviewed        []risk.Reviewed
	s               *risk.Service
}

func (w *world) Accounts(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]risk.Label, error) {
	out := map[id.ID]risk.Label{}
	for _, a := range ids {
		out[a] = risk.Label{Handle: "h" + a.String(), Name: "号", Platform: "douyin", UnitID: 11, UnitPath: "华东/一店"}
	}
	return out, nil
}

func (w *world) Units(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	for _, u := range ids {
		out[u] = "华东/店" + u.String()
	}
	return out, nil
}

func (w *world) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if all && unit == "" {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	if unit != "" {
		u, err := id.Parse(unit)
		if err != nil || !all && !slices.Contains(roots, u) {
			return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
		}
		roots = []id.ID{u}
	}
	return authz.Scope{BrandID: actor.BrandID, Roots: roots, Units: roots}, nil
}

func (w *world) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai())}, nil
}

// Reviewed gives what the desk's reviewers decided.
func (w *world) Reviewed(_ context.Context, _ db.Querier, b id.ID, limit int) ([]risk.Reviewed, error) {
	if b != brand {
		return nil, nil
	}
	return w.reviewed[:min(len(w.reviewed), limit)], nil
}

func (w *world) Append(_ context.Context, _ *db.Tx, _ id.ID, steps []risk.Step) error {
	w.steps = append(w.steps, steps...)
	return nil
}

// shipped is a small pack in place of those that come with the program.
func shipped() ([]pack.Pack, error) {
	rule := func(code, severity string, terms ...string) pack.Rule {
		return pack.Rule{
			ID: "law/" + code, Terms: terms, Category: "absolute", Severity: severity, Reason: pack.Text{Zh: "绝对化用语", En: "An absolute"},
			Article: "广告法第九条", Rewrite: "人气之选",
		}
	}
	return []pack.Pack{
		{
			Name: "law", Title: pack.Text{Zh: "广告法", En: "Advertising law"}, Version: "1",
			Rules: []pack.Rule{rule("best", "high", "全网第一"), rule("cheap", "medium", "最低价", "底价")},
		},
		{Name: "bait", Title: pack.Text{Zh: "诱导", En: "Bait"}, Version: "1", Rules: []pack.Rule{{
			ID: "bait/collect", Terms: []string{"集赞"}, Category: "bait", Severity: "low", Reason: pack.Text{Zh: "诱导互动"}, Article: "平台规则",
		}}},
	}, nil
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{clock: clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()))}
	day := clock.MsOf(w.clock.Now()) - 86_400_000
	for i, text := range []string{"全网第一的新车", "周末到店试驾", "最低价不用等", "集赞送好礼", "秋天适合自驾出游"} {
		w.posts.list = append(w.posts.list, risk.Known{
			ID: id.ID(100 + i), AccountID: id.ID(500 + i), UnitID: id.ID(11 + i%2), Platform: "douyin", Text: text, Published: day + clock.Ms(i),
		})
	}
	w.profiles.list = []risk.Known{
		{ID: 500, AccountID: 500, UnitID: 11, Platform: "douyin", Text: "底价老王"}, {ID: 501, AccountID: 501, UnitID: 12, Platform: "douyin", Text: "小李说车"},
	}
	w.shipped = shipped
	w.begin(t, d)
	return w
}

// begin starts the room with a queue of its own.
func (w *world) begin(t testing.TB, d *db.DB) {
	t.Helper()
	w.rec, w.jobs = jobstest.New(t)
	w.s = w.service(d)
	w.s.Register(w.jobs.Registry())
}

func (w *world) service(d *db.DB) *risk.Service {
	ids := id.NewSource(1, w.clock.Now)
	return risk.New(risk.Deps{
		DB: d, Clock: w.clock, IDs: ids, Audit: audit.New(d, ids, w.clock), Jobs: w.jobs, Posts: &w.posts, Profiles: &w.profiles, Labels: w, Scopes: w, Brands: w,
		Evidence: w, Shipped: w.shipped, Reviews: w,
	})
}

func sets() []migrate.Set { return []migrate.Set{risk.Migrations()} }

func actor(t testing.TB, role authz.Role, units ...id.ID) authz.Actor {
	t.Helper()
	perms, err := authz.NewSet(risk.Permissions()...)
	if err != nil {
		t.Fatal(err)
	}
	a := webtest.Actor(brand, role, units...)
	a.Name, a.UserID, a.Zone = "合规小张", 3, clock.Shanghai()
	return authz.NewActor(a, perms)
}

func own(terms ...string) risk.Rule {
	return risk.Rule{Kind: "set", Terms: terms, Category: "brand", Severity: "high", Reason: "内部口径", Article: "公司规定"}
}

func (w *world) grade(t testing.TB, s *risk.Service, text string) string {
	t.Helper()
	v, err := s.Check(context.Background(), brand, []risk.Text{{Field: "title", Text: text}}, scan.Context{Platform: "douyin", Kind: "post"})
	if err != nil {
		t.Fatal(err)
	}
	return v.Grade.String()
}

func (w *world) publish(t testing.TB, a authz.Actor) int {
	t.Helper()
	d, err := w.s.Draft(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	n, err := w.s.Publish(context.Background(), a, "新口径", d.Rev)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) lastRun(t testing.TB, a authz.Actor) risk.Run {
	t.Helper()
	runs, err := w.s.Runs(context.Background(), a, 1)
	if err != nil || len(runs) == 0 {
		t.Fatal(runs, err)
	}
	return runs[0]
}

// notice waits until another process compiled the new version beside the one in use.
func (w *world) notice(t testing.TB, other *risk.Service) {
	t.Helper()
	w.clock.Advance(3 * time.Second)
	for deadline := time.Now().Add(10 * time.Second); w.grade(t, other, "神车来了") != "block"; w.clock.Advance(3 * time.Second) {
		if time.Now().After(deadline) {
			t.Fatal("the other process never noticed the version")
		}
	}
}
