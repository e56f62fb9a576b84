package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/connect/hook"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/campaign/audience"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/product"
)

// The walks that die here go in small pages, so that a few rows are enough for many of them.
const (
	walkers    = 30
	pageOfWalk = 4
)

// Where a walk dies, beside dieAfter: in the transaction of a page, before anything of it was kept.
const dieInside = "inside a page"

// dyingEnv is what a process that shall die is told.
type dyingEnv struct {
	what, when    string
	cfg           Config
	brand, object id.ID
}

func (e *dyingEnv) command(t *testing.T, test string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), "KOSMOS_TEST_DIE="+e.when, "KOSMOS_TEST_WHAT="+e.what, "KOSMOS_TEST_DATA="+e.cfg.Data, "KOSMOS_TEST_DB="+e.cfg.DB,
		"KOSMOS_TEST_BRAND="+e.brand.String(), "KOSMOS_TEST_OBJECT="+e.object.String())
	return cmd
}

// dyingFrom reads it back; ok is false in the process of the test itself.
func dyingFrom(t *testing.T) (e dyingEnv, ok bool) {
	t.Helper()
	if os.Getenv("KOSMOS_TEST_DIE") == "" {
		return e, false
	}
	n := func(name string) id.ID {
		x, err := id.Parse(os.Getenv(name))
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	return dyingEnv{
		os.Getenv("KOSMOS_TEST_WHAT"), os.Getenv("KOSMOS_TEST_DIE"),
		Config{Data: os.Getenv("KOSMOS_TEST_DATA"), DB: os.Getenv("KOSMOS_TEST_DB"), AllowPrivate: loopback()},
		n("KOSMOS_TEST_BRAND"), n("KOSMOS_TEST_OBJECT"),
	}, true
}

func loopback() []string { return []string{"127.0.0.0/8"} }

// wasKilled holds that a process died of SIGKILL and of nothing else.
func wasKilled(t *testing.T, cmd *exec.Cmd, out []byte, err error) {
	t.Helper()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("it was not killed: %v %s", err, out)
	}
}

// onEngines runs fn with a store of each engine.
func onEngines(t *testing.T, fn func(t *testing.T, cfg Config)) {
	t.Helper()
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Data: t.TempDir(), DB: "sqlite", AllowPrivate: loopback()}
			if engine == "postgres" {
				cfg.DB = dbtest.URL(t, nil)
			}
			fn(t, cfg)
		})
	}
}

func newBrand(ctx context.Context, t *testing.T, a *App) id.ID {
	t.Helper()
	b, err := a.Identity.CreateBrand(ctx, identity.NewBrand{Slug: "acme", Name: "测试", AdminLogin: "a@example.com", AdminName: "管", Password: "correct horse 48 battery"})
	if err != nil {
		t.Fatal(err)
	}
	return b.ID
}

func rootOf(ctx context.Context, t *testing.T, a *App, brand id.ID) id.ID {
	t.Helper()
	u, err := a.Org.ResolvePath(ctx, a.DB, brand, "/")
	mustBe(t, err)
	return u.ID
}

func mustBe(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func countOf(ctx context.Context, t *testing.T, a *App, text string, args ...any) int64 {
	t.Helper()
	n, err := db.One[int64](ctx, a.DB, text, args...)
	mustBe(t, err)
	return n
}

// lethalPeople walks members in small pages and kills the process at the third: within its transaction, or right after it was
// committed.
type lethalPeople struct {
	campaign.People
	when  string
	pages *int
}

// Walk implements campaign.People.
func (l lethalPeople) Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]audience.Person, error) {
	tx, inside := q.(*db.Tx)
	if *l.pages++; inside && *l.pages == 3 {
		switch l.when {
		case dieInside:
			die()
		case dieAfter:
			tx.AfterCommit(die)
		}
	}
	return l.People.Walk(ctx, q, brand, after, min(limit, pageOfWalk))
}

// lethalChain kills the process with the end of the walk written and not committed.
type lethalChain struct{ campaign.Chain }

// Append implements campaign.Chain.
func (l lethalChain) Append(ctx context.Context, tx *db.Tx, actor authz.Actor, p campaign.Proven) error {
	if err := l.Chain.Append(ctx, tx, actor, p); err != nil {
		return err
	}
	die()
	return nil
}

// TestDispatchSurvivesKill kills the program three times in one dispatch: inside a page, after one, and at the very end. Whoever
// goes on gives everybody their task once.
func TestDispatchSurvivesKill(t *testing.T) {
	if e, ok := dyingFrom(t); ok {
		inside(t, e.cfg, func(ctx context.Context, a *App) {
			a.Campaign.People = lethalPeople{a.Campaign.People, e.when, new(int)}
			if e.when == dieBefore {
				a.Campaign.Evidence = lethalChain{a.Campaign.Evidence}
			}
			t.Fatal("it lives: ", a.Campaign.Dispatch(ctx, authz.SystemActor(e.brand, clock.Shanghai()), e.object))
		})
		return
	}
	onEngines(t, func(t *testing.T, cfg Config) {
		e := dyingEnv{cfg: cfg}
		inside(t, cfg, func(ctx context.Context, a *App) {
			e.brand = newBrand(ctx, t, a)
			e.object = approvedCampaign(ctx, t, a, e.brand)
		})
		for _, e.when = range []string{dieInside, dieAfter, dieBefore} {
			cmd := e.command(t, "TestDispatchSurvivesKill")
			out, err := cmd.CombinedOutput()
			wasKilled(t, cmd, out, err)
		}
		inside(t, cfg, func(ctx context.Context, a *App) {
			for range 2 { // the job comes again, and once more
				mustBe(t, a.Campaign.Dispatch(ctx, authz.SystemActor(e.brand, clock.Shanghai()), e.object))
			}
			if n := countOf(ctx, t, a, `SELECT COUNT(*) FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2`, e.brand, e.object); n != walkers {
				t.Errorf("%d tasks for %d people", n, walkers)
			}
			if n := countOf(ctx, t, a, `SELECT COUNT(DISTINCT member_id) FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2`, e.brand, e.object); n != walkers {
				t.Errorf("%d people have one", n)
			}
			if n := countOf(ctx, t, a, `SELECT COUNT(*) FROM evidence_step WHERE brand_id = $1 AND object_id = $2 AND kind = 'campaign.dispatched'`, e.brand, e.object); n != 1 {
				t.Errorf("the end stands %d times in the chain", n)
			}
			hq := deskActor(a, e.brand, 81, authz.HQOps)
			v, err := a.Campaign.Get(ctx, hq, e.object)
			if err != nil || v.State != campaign.Running || v.Progress.People != walkers || v.Progress.Made != walkers {
				t.Errorf("%s %+v %v", v.State, v.Progress, err)
			}
			b, err := a.Campaign.Board(ctx, hq, e.object, "")
			if err != nil || b.Counts.Total() != walkers {
				t.Errorf("the board counts %d %v", b.Counts.Total(), err)
			}
		})
	})
}

// approvedCampaign makes people and a campaign for all of them that waits to be walked.
func approvedCampaign(ctx context.Context, t *testing.T, a *App, brand id.ID) id.ID {
	t.Helper()
	hq := deskActor(a, brand, 81, authz.BrandAdmin)
	store, err := a.Org.CreateUnit(ctx, hq, org.NewUnit{ParentID: rootOf(ctx, t, a, brand), Kind: org.KindStore, Name: "静安店"})
	mustBe(t, err)
	for i := range walkers {
		_, err := a.Org.AddMember(ctx, hq, org.NewMember{UnitID: store.ID, Name: "员工" + string(rune('A'+i)), Role: authz.KOS})
		mustBe(t, err)
	}
	now := clock.MsOf(a.Clock.Now())
	x, err := a.Campaign.Create(ctx, hq, campaign.NewCampaign{Title: "培训周"})
	mustBe(t, err)
	_, err = a.Campaign.Write(ctx, hq, x, "", campaign.Plan{
		Title: "培训周", Goal: "人人看完新品培训", StartsAt: now, EndsAt: now + clock.Ms(7*24*time.Hour/time.Millisecond),
		Briefs: []campaign.Brief{{Text: "看完培训", Question: campaign.Question{Text: "后排多宽", Options: []string{"一米四", "一米"}}}},
		Tasks:  []campaign.TaskPlan{{Type: campaign.AttendTraining, Title: "看培训", Evidence: campaign.Evidence{Question: true}}},
	})
	mustBe(t, err)
	for _, v := range []campaign.Verb{campaign.Check, campaign.Submit} {
		_, err = a.Campaign.Turn(ctx, hq, x, v, "")
		mustBe(t, err)
	}
	v, err := a.Campaign.Get(ctx, hq, x)
	mustBe(t, err)
	_, err = a.Campaign.Decide(ctx, deskActor(a, brand, 82, authz.HQOps), x, campaign.Approve, v.Rev, "")
	mustBe(t, err)
	return x
}

// pricedPosts are posts of which every third shows the old price, walked in small pages; it kills the process at the third, or
// with the to-dos of a page written and not committed.
type pricedPosts struct {
	when  string
	unit  id.ID // whose they are
	pages *int
}

func (p pricedPosts) post(n id.ID) product.Post {
	text := "今天交车"
	if n%3 == 0 {
		text = "星海X7 只要12.98万"
	}
	return product.Post{ID: n, AccountID: 900, UnitID: p.unit, Text: text, URL: "https://example.com/" + n.String(), AsOf: 1}
}

// Walk implements product.Posts.
func (p pricedPosts) Walk(_ context.Context, _ db.Querier, _, after id.ID, _ int) ([]product.Post, error) {
	if *p.pages++; *p.pages == 3 && p.when == dieInside {
		die()
	}
	var out []product.Post
	for n := after + 1; n <= walkers && len(out) < pageOfWalk; n++ {
		out = append(out, p.post(n))
	}
	return out, nil
}

// Present implements product.Posts.
func (p pricedPosts) Present(_ context.Context, _ db.Querier, _ id.ID, ids []id.ID) (map[id.ID]product.Post, error) {
	out := map[id.ID]product.Post{}
	for _, n := range ids {
		out[n] = p.post(n)
	}
	return out, nil
}

// Count implements product.Posts.
func (pricedPosts) Count(context.Context, db.Querier, id.ID) (int64, error) { return walkers, nil }

// lethalTodos kills the process while a page is kept.
type lethalTodos struct {
	product.Todos
	when  string
	calls *int
}

// Create implements product.Todos.
func (l lethalTodos) Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []product.Todo) error {
	if err := l.Todos.Create(ctx, tx, brand, todos); err != nil {
		return err
	}
	if *l.calls++; *l.calls == 2 {
		switch l.when {
		case dieBefore:
			die()
		case dieAfter:
			tx.AfterCommit(die)
		}
	}
	return nil
}

// TestPriceCheckSurvivesKill kills the program three times in one check of prices: between pages, before and after one is kept.
// Every text that shows the old price is found once.
func TestPriceCheckSurvivesKill(t *testing.T) {
	if e, ok := dyingFrom(t); ok {
		inside(t, e.cfg, func(ctx context.Context, a *App) {
			a.Product.Posts = pricedPosts{e.when, rootOf(ctx, t, a, e.brand), new(int)}
			a.Product.Todos = lethalTodos{a.Product.Todos, e.when, new(int)}
			t.Fatal("it lives: ", checkPrices(ctx, t, a, e.brand, e.object))
		})
		return
	}
	onEngines(t, func(t *testing.T, cfg Config) {
		e := dyingEnv{cfg: cfg}
		inside(t, cfg, func(ctx context.Context, a *App) {
			e.brand = newBrand(ctx, t, a)
			e.object = changedPrice(ctx, t, a, e.brand)
		})
		for _, e.when = range []string{dieInside, dieBefore, dieAfter} {
			cmd := e.command(t, "TestPriceCheckSurvivesKill")
			out, err := cmd.CombinedOutput()
			wasKilled(t, cmd, out, err)
		}
		inside(t, cfg, func(ctx context.Context, a *App) {
			a.Product.Posts = pricedPosts{"", rootOf(ctx, t, a, e.brand), new(int)}
			for range 2 {
				mustBe(t, checkPrices(ctx, t, a, e.brand, e.object))
			}
			checks, err := a.Product.Checks(ctx, deskActor(a, e.brand, 81, authz.HQOps), 0, 1)
			if err != nil || len(checks) != 1 || checks[0].State != "done" || checks[0].Found != walkers/3 || checks[0].Looked != walkers {
				t.Errorf("%+v %v", checks, err)
			}
			if n := countOf(ctx, t, a, `SELECT COUNT(*) FROM product_stale WHERE brand_id = $1`, e.brand); n != walkers/3 {
				t.Errorf("%d texts found, want %d", n, walkers/3)
			}
			if n := countOf(ctx, t, a, `SELECT COUNT(*) FROM todo_item WHERE brand_id = $1`, e.brand); n != 1 {
				t.Errorf("%d to-dos for one owner", n)
			}
		})
	})
}

// checkPrices does the room's job.
func checkPrices(ctx context.Context, t *testing.T, a *App, brand, check id.ID) error {
	t.Helper()
	h, ok := a.Jobs.Registry().Handler("product.check")
	if !ok {
		t.Fatal("no handler")
	}
	return h(ctx, []byte(`{"brand_id":"`+brand.String()+`","check_id":"`+check.String()+`"}`))
}

// changedPrice makes a product whose price changes, and gives the check of it.
func changedPrice(ctx context.Context, t *testing.T, a *App, brand id.ID) id.ID {
	t.Helper()
	hq := deskActor(a, brand, 81, authz.BrandAdmin)
	made, err := a.Product.Create(ctx, hq, product.Product{
		Code: "X7", Name: "星海X7", Aliases: []string{"X7"}, State: product.Live, SKUs: []product.SKU{{Code: "X7-PRO", Name: "Pro", State: product.Live}},
	})
	mustBe(t, err)
	p, err := a.Product.Get(ctx, hq, made)
	mustBe(t, err)
	for _, fen := range []int64{12_980_000, 11_980_000} {
		n := product.NewPolicy{Policy: product.Policy{ProductID: p.ID, Kind: product.Price, Fen: &fen}, SKUs: []id.ID{p.SKUs[0].ID}}
		if fen == 12_980_000 {
			n.From = clock.DayOf(a.Clock.Now(), clock.Shanghai()).Add(-30)
		}
		_, err := a.Product.AddPolicy(ctx, hq, n)
		mustBe(t, err)
	}
	checks, err := a.Product.Checks(ctx, hq, 0, 1)
	mustBe(t, err)
	if len(checks) != 1 {
		t.Fatalf("%d checks", len(checks))
	}
	return checks[0].ID
}

// phones gives everybody a phone.
type phones struct{ notify.People }

// Reach implements notify.People.
func (phones) Reach(_ context.Context, _ db.Querier, _ id.ID, users []id.ID) (map[id.ID]notify.Reach, error) {
	out := map[id.ID]notify.Reach{}
	for _, u := range users {
		out[u] = notify.Reach{Phone: true}
	}
	return out, nil
}

// Contacts implements notify.People.
func (phones) Contacts(_ context.Context, _ db.Querier, _ id.ID, users []id.ID) (map[id.ID]notify.Contact, error) {
	out := map[id.ID]notify.Contact{}
	for _, u := range users {
		out[u] = notify.Contact{Name: "人" + u.String(), Lang: "zh", Phone: "+861380013800" + u.String()}
	}
	return out, nil
}

// gateway is an SMS gateway that kills whoever sends its second message, before it answers.
type gateway struct {
	mu   sync.Mutex
	got  map[string]int
	prey int // pid
	n    int
}

func (g *gateway) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var body struct {
		Phone string `json:"phone"`
	}
	if json.Unmarshal(raw, &body) != nil {
		return
	}
	g.mu.Lock()
	g.n++
	g.got[body.Phone]++
	prey := 0
	if g.n == 2 {
		prey = g.prey
	}
	g.mu.Unlock()
	if prey != 0 {
		_ = syscall.Kill(prey, syscall.SIGKILL)
		<-r.Context().Done() // it never hears the answer
	}
}

const deliveredKind = "campaign.decided"

// TestDeliveriesSurviveKill kills the program while the second of four messages is on its way: it went out, so it is never sent
// again and the log says that nobody knows; the others reach their people once.
func TestDeliveriesSurviveKill(t *testing.T) {
	if e, ok := dyingFrom(t); ok {
		inside(t, e.cfg, func(ctx context.Context, a *App) {
			a.Notify.People = phones{a.Notify.People}
			t.Fatal("it lives: ", a.Notify.Deliver(ctx))
		})
		return
	}
	onEngines(t, func(t *testing.T, cfg Config) {
		g := &gateway{got: map[string]int{}}
		srv := httptest.NewServer(g)
		t.Cleanup(srv.Close)
		e := dyingEnv{cfg: cfg, when: dieInside}
		users := []id.ID{1, 2, 3, 4}
		inside(t, cfg, func(ctx context.Context, a *App) {
			e.brand = newBrand(ctx, t, a)
			e.object = e.brand // everything due in it
			a.Notify.People = phones{a.Notify.People}
			admin := deskActor(a, e.brand, 81, authz.BrandAdmin)
			mustBe(t, a.Notify.SetSMS(ctx, admin, true, hook.Target{URL: srv.URL, Secret: "sixteen-characters"}))
			mustBe(t, a.Notify.SetDefault(ctx, admin, deliveredKind, notify.SMS, notify.Instant))
			mustBe(t, a.Notify.SetGeneral(ctx, admin, notify.General{Address: "https://k.example", DigestAt: 9 * 60, Reminders: 3}))
			var list []notify.Notice
			for _, u := range users {
				list = append(list, notify.Notice{UserID: u, Key: "k", Params: map[string]any{"task": "发笔记", "verdict": "pass"}, Link: "/tasks/1"})
			}
			mustBe(t, a.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				return a.Notify.Send(ctx, tx, e.brand, deliveredKind, list)
			}))
		})
		cmd := e.command(t, "TestDeliveriesSurviveKill")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		g.mu.Lock() // the process may send as soon as it runs
		mustBe(t, cmd.Start())
		g.prey = cmd.Process.Pid
		g.mu.Unlock()
		wasKilled(t, cmd, nil, cmd.Wait())
		inside(t, cfg, func(ctx context.Context, a *App) {
			a.Notify.People = phones{a.Notify.People}
			a.Notify.Clock = clock.NewFake(time.Now().Add(10 * time.Minute)) // its lease is over
			for range 3 {
				mustBe(t, a.Notify.Deliver(ctx))
			}
			g.mu.Lock()
			defer g.mu.Unlock()
			for _, u := range users {
				if n := g.got["+861380013800"+u.String()]; n != 1 {
					t.Errorf("person %s got it %d times", u, n)
				}
			}
			rows, err := a.Notify.Log(ctx, deskActor(a, e.brand, 81, authz.BrandAdmin), notify.LogFilter{Limit: 50})
			mustBe(t, err)
			states := map[notify.State]int{}
			for _, r := range rows {
				states[r.State]++
			}
			if states[notify.Unknown] != 1 || states[notify.Sent] != len(users)-1 {
				t.Errorf("the log says %v", states)
			}
		})
	})
}
