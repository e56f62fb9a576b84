package app

import (
	"context"
	"strings"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/health"
	"kosmos/internal/domain/insight"
	"kosmos/internal/fake/sandbox"
)

// onBothEngines opens the whole program over an empty store.
func onBothEngines(t *testing.T, fn func(t *testing.T, a *App)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Data: t.TempDir(), DB: "sqlite", Clock: clock.NewFake(clock.Day(20261122).In(clock.Shanghai()).Add(10 * 3600e9))}
			if engine == "postgres" {
				cfg.DB = dbtest.URL(t, nil)
			}
			a, err := Open(context.Background(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = a.Close() })
			fn(t, a)
		})
	}
}

// dayKey is a place in the generator's own book: a unit path ("" = brand) and a day.
type dayKey struct {
	path string
	day  clock.Day
}

type dayFigures struct{ posts, views, likes int64 }

// expect keeps the book of a brand by hand: the opening value on the publish day, every later difference on the day it
// was seen, in the units that held the store on that day.
func expect(b *sandbox.Brand) map[dayKey]dayFigures {
	book := map[dayKey]dayFigures{}
	for i := range b.Accounts {
		unit := b.Members[b.Accounts[i].Member].Unit
		add := func(day clock.Day, f dayFigures) {
			path := b.Units[unit].Path
			for _, m := range b.Moves {
				if m.Unit == unit && day >= m.Day {
					path = append(append([]string{}, b.Units[m.To].Path...), path[len(path)-1])
				}
			}
			for n := range len(path) + 1 {
				k := dayKey{strings.Join(path[:n], "/"), day}
				x := book[k]
				book[k] = dayFigures{x.posts + f.posts, x.views + f.views, x.likes + f.likes}
			}
		}
		for _, p := range b.Posts(i) {
			for n, s := range p.Snapshots {
				if n == 0 {
					add(p.PublishedAt.Day(clock.Shanghai()), dayFigures{1, s.Views, s.Likes})
					continue
				}
				before := p.Snapshots[n-1]
				add(s.AsOf.Day(clock.Shanghai()), dayFigures{0, s.Views - before.Views, s.Likes - before.Likes})
			}
		}
	}
	return book
}

func sum(book map[dayKey]dayFigures, path string, p insight.Period) dayFigures {
	var out dayFigures
	for k, f := range book {
		if k.path == path && k.day >= p.From && k.day <= p.To {
			out = dayFigures{out.posts + f.posts, out.views + f.views, out.likes + f.likes}
		}
	}
	return out
}

func TestSandboxShowsWhatItInvented(t *testing.T) {
	t.Parallel()
	onBothEngines(t, func(t *testing.T, a *App) {
		ctx := context.Background()
		done, err := a.Sandbox(ctx, SandboxOptions{Brand: "sandbox", Name: "测试", Members: 90, Days: 60, Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		b, actor := done.loader.brand, done.loader.actor
		if len(b.Moves) == 0 {
			t.Fatal("no store moved: the test would not see the as-of rule")
		}
		book := expect(b)
		last := b.Config.Today
		periods := []insight.Period{{From: b.First(), To: last}, {From: last.Add(-6), To: last}, {From: b.First().Add(10), To: b.Moves[0].Day.Add(5)}}
		for _, path := range unitPaths(b) {
			for _, p := range periods {
				o, err := a.Insight.Overview(ctx, actor, path, p)
				if err != nil {
					t.Fatal(path, err)
				}
				want := sum(book, path, p)
				got := dayFigures{*o.Figures.Posts.Value, *o.Figures.Views.Value, *o.Figures.Likes.Value}
				if got != want {
					t.Errorf("%q %v: shown %+v, invented %+v", path, p, got, want)
				}
			}
		}
		o, err := a.Insight.Overview(ctx, actor, "", periods[0])
		if err != nil || *o.Figures.Accounts.Value != int64(len(b.Accounts)) {
			t.Fatalf("%d accounts invented, %v shown, %v", len(b.Accounts), o.Figures.Accounts.Value, err)
		}
		if _, err := a.Sandbox(ctx, SandboxOptions{Brand: "sandbox", Members: 5, Days: 5, Seed: 1}); !errs.Is(err, "base.sandbox_not_empty") {
			t.Fatalf("a sandbox went into a brand with accounts: %v", err)
		}
	})
}

// everyCauseAndLoss judges the brand: each zombie cause and each kind of anomaly is among its accounts.
func everyCauseAndLoss(t *testing.T, a *App, actor authz.Actor) {
	t.Helper()
	ctx := context.Background()
	if _, err := a.Health.Judge(ctx, actor); err != nil {
		t.Fatal(err)
	}
	board, err := a.Health.Board(ctx, actor, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range health.Causes() {
		if board.Causes[c] == 0 {
			t.Errorf("nobody is a zombie by %s: %v", c, board.Causes)
		}
	}
	for _, kind := range []string{health.FollowerCliff, health.MassDeletion, health.CounterBurst} {
		list, err := a.Health.Anomalies(ctx, actor, health.AnomalyQuery{Kind: kind, Limit: 5})
		if err != nil || len(list) == 0 {
			t.Errorf("no %s: %v", kind, err)
			continue
		}
		if _, rows, err := a.Health.Anomaly(ctx, actor, list[0].ID); err != nil || len(rows) == 0 {
			t.Errorf("nothing behind a %s: %v", kind, err)
		}
	}
}

// unitPaths lists the brand and its units above the stores: those whose figures a move of a store changes.
func unitPaths(b *sandbox.Brand) []string {
	paths := []string{""}
	for _, u := range b.Units {
		if u.Kind != "store" {
			paths = append(paths, strings.Join(u.Path, "/"))
		}
	}
	return paths
}

func TestDemoTellsItsLoginsAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, err := Open(ctx, Config{Data: t.TempDir(), DB: "sqlite", Clock: clock.NewFake(clock.Day(20261122).In(clock.Shanghai()).Add(10 * 3600e9))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	first, err := a.EnsureDemo(ctx, nil)
	if err != nil || !strings.Contains(first, "kos@demo.example") {
		t.Fatal(first, err)
	}
	if again, err := a.EnsureDemo(ctx, nil); err != nil || again != first {
		t.Fatal(again, err)
	}
	brand, err := a.Identity.BrandBySlug(ctx, demoSlug)
	if err != nil {
		t.Fatal(err)
	}
	everyCauseAndLoss(t, a, authz.SystemActor(brand.ID, clock.Shanghai()))
}
