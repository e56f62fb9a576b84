package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/web/webtest"
)

type moved struct {
	BrandID id.ID `json:"brand_id"`
}

func (moved) EventKind() string { return "shop.moved" }

type count struct {
	BrandID id.ID `json:"brand_id"`
	N       int   `json:"n"`
}

func (count) Kind() string { return "shop.count" }

func start(t *testing.T, d *db.DB, declare func(*jobs.Registry)) *jobs.Client {
	t.Helper()
	reg := jobs.NewRegistry()
	c, err := jobs.New(d, reg, jobs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	declare(reg)
	if err := c.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return c
}

func within(t *testing.T, what string, ch <-chan int) int {
	t.Helper()
	select {
	case n := <-ch:
		return n
	case <-time.After(20 * time.Second):
		t.Fatalf("%s did not happen", what)
		return 0
	}
}

func TestJobsFollowTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		seen, heard, ticked := make(chan int, 9), make(chan int, 9), make(chan int, 9)
		c := start(t, d, func(r *jobs.Registry) {
			jobs.Work(r, jobs.Options{}, func(_ context.Context, a count) error { seen <- a.N; return nil })
			jobs.Subscribe(r, "health", func(_ context.Context, e moved) error { heard <- int(e.BrandID); return nil })
			jobs.Subscribe(r, "todo", func(_ context.Context, e moved) error { heard <- int(e.BrandID); return nil })
			jobs.Periodic(r, "shop.sweep", time.Hour, func(context.Context) error { ticked <- 1; return nil })
		})
		gone := errors.New("rolled back")
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := c.Insert(ctx, tx, count{N: 1}); err != nil {
				return err
			}
			return gone
		})
		if !errors.Is(err, gone) {
			t.Fatal(err)
		}
		err = d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(c.Insert(ctx, tx, count{N: 2}), c.Publish(ctx, tx, moved{BrandID: 7}))
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := within(t, "the job", seen); n != 2 {
			t.Fatalf("a job of a rolled-back transaction ran: %d", n)
		}
		for range 2 {
			if n := within(t, "the event", heard); n != 7 {
				t.Fatal(n)
			}
		}
		within(t, "the periodic job", ticked)
	})
}

func TestDeadLettersStayWithinTheirBrandAndCanBeDrivenAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var healed atomic.Bool
		tried, done := make(chan int, 9), make(chan int, 9)
		c := start(t, d, func(r *jobs.Registry) {
			jobs.Work(r, jobs.Options{}, func(_ context.Context, a count) error {
				if healed.Load() {
					done <- a.N
					return nil
				}
				tried <- a.N
				return jobs.Poison(errors.New("no such shop"))
			})
		})
		for n, brand := range map[int]id.ID{1: 101, 2: 202} {
			if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				return c.Insert(ctx, tx, count{BrandID: brand, N: n})
			}); err != nil {
				t.Fatal(err)
			}
			within(t, "the try", tried)
		}
		letters := waitDead(t, c, 101, 1)
		if l := letters[0]; l.Kind != "shop.count" || !strings.Contains(l.Error, "no such shop") || l.Tries != 1 || l.DiedAt == 0 {
			t.Fatalf("%+v", l)
		}
		waitDead(t, c, 202, 1)
		if err := c.Retry(ctx, 202, letters[0].ID); err == nil {
			t.Fatal("another brand's job was driven again")
		}
		healed.Store(true)
		if err := c.Retry(ctx, 101, letters[0].ID); err != nil {
			t.Fatal(err)
		}
		if n := within(t, "the second life", done); n != 1 {
			t.Fatal(n)
		}
		if n, err := c.RetryAll(ctx, 202); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		within(t, "the second life", done)
	})
}

func waitDead(t *testing.T, c *jobs.Client, brand id.ID, n int) []jobs.Letter {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) { // the queue books outcomes on its own time
		page, err := c.Dead(context.Background(), brand, 50, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) == n {
			return page.Items
		}
		if time.Now().After(deadline) {
			t.Fatalf("brand %d has %d dead letters, not %d", brand, len(page.Items), n)
		}
	}
}

func TestFaultsAreToldAtStart(t *testing.T) {
	t.Parallel()
	r := jobs.NewRegistry()
	hear := func(context.Context, moved) error { return nil }
	jobs.Subscribe(r, "health", hear)
	jobs.Subscribe(r, "health", hear)
	jobs.Subscribe(r, "health", func(context.Context, nameless) error { return nil })
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "twice") || !strings.Contains(err.Error(), "no event kind") {
		t.Fatal(err)
	}
}

type nameless struct{}

func (nameless) EventKind() string { return "" }

func TestSinkRunsSubscribers(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	ctx := context.Background()
	rec, c := jobstest.New(t)
	var ran []int
	jobs.Subscribe(c.Registry(), "health", func(ctx context.Context, e moved) error {
		return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return c.Insert(ctx, tx, count{N: int(e.BrandID)}) })
	})
	jobs.Work(c.Registry(), jobs.Options{}, func(_ context.Context, a count) error { ran = append(ran, a.N); return nil })
	if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return c.Publish(ctx, tx, moved{BrandID: 7}) }); err != nil {
		t.Fatal(err)
	}
	rec.Run(ctx)
	if len(ran) != 1 || ran[0] != 7 || len(jobstest.Events[moved](rec)) != 1 || len(jobstest.Jobs[count](rec)) != 1 {
		t.Fatal(ran, rec.Kinds())
	}
}

func TestDeadLettersOverHTTP(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	c := start(t, d, func(r *jobs.Registry) {
		jobs.Work(r, jobs.Options{}, func(context.Context, count) error { return jobs.Poison(errors.New("no such shop")) })
	})
	if err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return c.Insert(ctx, tx, count{BrandID: 101, N: 1})
	}); err != nil {
		t.Fatal(err)
	}
	letters := waitDead(t, c, 101, 1)
	srv := webtest.New(t, webtest.Room{
		Permissions: jobs.Permissions(), Routes: jobs.Routes(c),
		Messages: []i18n.Source{{Room: "jobs", FS: jobs.Messages()}},
	})
	admin, rival, kos := webtest.Actor(101, authz.BrandAdmin), webtest.Actor(202, authz.BrandAdmin), webtest.Actor(101, authz.KOS)
	srv.Run(t, []webtest.Scenario{
		{Name: "nobody", URL: "/api/v1/jobs/dead", Status: 401},
		{Name: "a shop assistant", URL: "/api/v1/jobs/dead", Actor: &kos, Status: 403},
		{Name: "another brand", URL: "/api/v1/jobs/dead", Actor: &rival, JSON: map[string]any{"items.#": 0}},
		{Name: "the administrator", URL: "/api/v1/jobs/dead", Actor: &admin, JSON: map[string]any{"items.0.kind": "shop.count"}, Contains: []string{"no such shop"}},
		{Name: "another brand drives it", Method: "POST", URL: "/api/v1/jobs/dead/" + letters[0].ID.String() + "/retry", Actor: &rival, Status: 404},
		{Name: "drive it again", Method: "POST", URL: "/api/v1/jobs/dead/" + letters[0].ID.String() + "/retry", Actor: &admin, Status: 204},
	})
}
