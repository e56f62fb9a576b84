package insight_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
	"kosmos/internal/event"
)

// hear runs the room's handler of an event, twice as a queue may.
func (b *bench) hear(e jobs.Event) {
	b.t.Helper()
	reg := jobs.NewRegistry()
	insight.Module(b.insight, texts{}).Jobs(reg)
	if err := reg.Err(); err != nil {
		b.t.Fatal(err)
	}
	payload, err := json.Marshal(e)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, kind := range reg.Subscribers(e.EventKind()) {
		run, _ := reg.Handler(kind)
		for range 2 {
			if err := run(context.Background(), payload); err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

// above replaces what lies above a unit from a day on.
func (w *world) above(unit id.ID, from clock.Day, ancestors ...id.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, s := range w.closure {
		if s.UnitID == unit && s.To == clock.Forever {
			w.closure[i].To = from.Add(-1)
		}
	}
	for _, a := range ancestors {
		w.closure = append(w.closure, insight.ClosureSpan{UnitID: unit, AncestorID: a, From: from, To: clock.Forever})
	}
}

func TestFiguresFollowMovesAndMergesOfUnits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.apply(post.Batch{Items: []post.Item{item(101, "一", "2026-06-01", "2026-06-02", 100), item(103, "二", "2026-07-05", "2026-07-06", 20), item(104, "三", "2026-07-05", "2026-07-06", 3)}})
		views := func(unit string) int64 { return *b.overview(20260101, 20261231, unit).Figures.Views.Value }
		b.world.above(32, 20260701, 10, 21, 32)
		b.hear(event.OrgUnitMoved{BrandID: brand, MoveID: 1, UnitIDs: []id.ID{32}, FromID: 20, ToID: 21, FromDay: 20260701, Reroll: true})
		if views("20") != 100 || views("21") != 23 || views("10") != 123 {
			t.Errorf("moved: %d %d %d", views("20"), views("21"), views("10"))
		}
		// 21 merges into 20 today: what it did stays with it, what comes counts for 20
		b.world.above(32, 20261122, 10, 20, 32)
		b.world.above(33, 20261122, 10, 20, 33)
		b.hear(event.OrgUnitMerged{BrandID: brand, FromID: 21, IntoID: 20, Day: 20261122})
		b.apply(post.Batch{Items: []post.Item{item(104, "三", "2026-07-05", "2026-11-22", 10)}})
		if views("20") != 107 || views("21") != 23 || views("33") != 10 || views("10") != 130 {
			t.Errorf("merged: %d %d %d %d", views("20"), views("21"), views("33"), views("10"))
		}
		for _, unit := range []string{"10", "20", "21", "32", "33"} {
			if got := b.drill("views", unit); got != views(unit) {
				t.Errorf("unit %s: the rows add up to %d, the figure is %d", unit, got, views(unit))
			}
		}
		if n := *b.overview(20260101, 20261231, "20").Figures.Accounts.Value; n != 3 {
			t.Errorf("%d accounts in 20 after the merge", n)
		}
	})
}

func TestMovesWhileOthersWriteLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.apply(post.Batch{Items: []post.Item{item(103, "始", "2026-06-01", "2026-06-02", 1)}})
		var wg sync.WaitGroup
		for w := range 3 {
			wg.Go(func() {
				for r := range 10 {
					items := []post.Item{item(103, fmt.Sprint("w", w, r), "2026-11-22", "2026-11-22", 10), item(101, fmt.Sprint("w", w, r), "2026-06-01", "2026-11-22", 1)}
					err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						_, deltas, err := b.post.Apply(ctx, tx, post.Batch{BrandID: brand, Origin: post.Export, LearnedAt: at("2026-11-22"), Zone: clock.Shanghai(), Items: items})
						if err != nil {
							return err
						}
						return b.insight.Add(ctx, tx, deltas)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i, parent := range []id.ID{21, 20, 21, 20, 21} {
			b.world.above(32, 20261110+clock.Day(i), 10, parent, 32)
			b.hear(event.OrgUnitMoved{BrandID: brand, UnitIDs: []id.ID{32}, FromDay: 20261110 + int32(i)})
		}
		wg.Wait()
		b.cellRows()
		for unit, want := range map[string]int64{"": 331, "10": 331, "20": 31, "21": 300, "31": 30, "32": 301} {
			got := *b.overview(20260101, 20261122, unit).Figures.Views.Value
			if got != want || b.drill("views", unit) != want {
				t.Errorf("unit %q: the figure is %d, the rows add up to %d, want %d", unit, got, b.drill("views", unit), want)
			}
		}
	})
}
