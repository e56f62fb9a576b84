package insight_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
)

// manyDays are posts of one account on days of July, seen on the days they were published.
func manyDays(account id.ID, days int, views int64) (items []post.Item) {
	for i := range days {
		day := fmt.Sprintf("2026-07-%02d", i+1)
		items = append(items, item(account, fmt.Sprint("篇", i), day, day, views))
	}
	return items
}

// addsUp fails where the rows behind the views of a unit do not add up to them.
func (b *bench) addsUp(when string, units ...string) {
	b.t.Helper()
	for _, unit := range units {
		want := *b.overview(20260101, 20261231, unit).Figures.Views.Value
		if got := b.drill("views", unit); got != want {
			b.t.Errorf("%s, unit %q: the rows add up to %d, the figure is %d", when, unit, got, want)
		}
	}
}

func (b *bench) treeChanged(unit id.ID, from clock.Day) {
	b.t.Helper()
	b.tx(func(ctx context.Context, tx *db.Tx) error { return b.insight.TreeChanged(ctx, tx, brand, unit, from) })
}

func (b *bench) step() bool {
	b.t.Helper()
	more, err := b.insight.StepMove(context.Background(), brand)
	if err != nil {
		b.t.Fatal(err)
	}
	return more
}

func TestALargeMoveGoesDayByDayAndAddsUpMeanwhile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.insight.SetMoveStep(5)
		units := []string{"", "10", "20", "21", "31", "32", "33"}
		b.apply(post.Batch{Items: manyDays(101, 28, 10)})
		b.apply(post.Batch{Items: manyDays(103, 28, 1)})
		b.close()
		b.world.above(32, 20260705, 10, 21, 32)
		b.treeChanged(32, 20260705)
		views := func(unit string) int64 { return *b.overview(20260101, 20261231, unit).Figures.Views.Value }
		if views("20") != 280+23 || views("21") != 5 {
			t.Errorf("after the first step: %d %d", views("20"), views("21"))
		}
		steps := 0
		for ; ; steps++ {
			b.addsUp(fmt.Sprint("step ", steps), units...)
			b.apply(post.Batch{Items: []post.Item{item(103, fmt.Sprint("补", steps), "2026-07-04", "2026-11-21", 100), item(103, fmt.Sprint("迟", steps), "2026-07-06", "2026-11-21", 1000)}})
			b.addsUp(fmt.Sprint("late figures after step ", steps), units...)
			if !b.step() {
				break
			}
		}
		if steps != 4 {
			t.Errorf("%d more steps", steps)
		}
		late := int64(steps + 1)
		if views("20") != 280+4+100*late || views("21") != 24+1000*late || views("10") != 308+1100*late {
			t.Errorf("moved: %d %d %d", views("20"), views("21"), views("10"))
		}
		before := b.cellRows()
		b.treeChanged(32, 20260705) // as the event asks for it again
		same(t, "asked again", before, b.cellRows())
	})
}

// A store that opens below a unit whose move is under way, and another change of the tree in the middle of it.
func TestTheTreeMayChangeInTheMiddleOfAMove(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.insight.SetMoveStep(3)
		b.apply(post.Batch{Items: manyDays(101, 20, 10)})
		b.apply(post.Batch{Items: manyDays(104, 20, 1)})
		for _, u := range []id.ID{20, 31, 32} { // 20 goes below 21
			spans := map[id.ID][]id.ID{20: {10, 21, 20}, 31: {10, 21, 20, 31}, 32: {10, 21, 20, 32}}
			b.world.above(u, 20260703, spans[u]...)
		}
		b.treeChanged(20, 20260703)
		b.addsUp("under way", "10", "20", "21", "31")
		// 34 is new, below 31
		for _, a := range []id.ID{10, 20, 31} {
			for _, s := range b.world.closure {
				if s.UnitID == 31 && s.AncestorID == a {
					b.world.closure = append(b.world.closure, insight.ClosureSpan{UnitID: 34, AncestorID: a, From: s.From, To: s.To})
				}
			}
		}
		b.world.closure = append(b.world.closure, insight.ClosureSpan{UnitID: 34, AncestorID: 21, From: 20260703, To: clock.Forever}, insight.ClosureSpan{UnitID: 34, AncestorID: 34, From: founded, To: clock.Forever})
		b.world.add(105, 34, "douyin")
		b.apply(post.Batch{Items: manyDays(105, 20, 1000)})
		b.addsUp("a new store", "10", "20", "21", "31", "34")
		b.step()
		b.addsUp("a step further", "10", "20", "21", "31", "34")
		b.world.above(33, 20260710, 10, 33) // 33 leaves 21
		b.treeChanged(33, 20260710)
		b.addsUp("another move", "10", "20", "21", "31", "33", "34")
		for b.step() {
			b.addsUp("the rest", "10", "20", "21", "31", "33", "34")
		}
		views := func(unit string) int64 { return *b.overview(20260101, 20261231, unit).Figures.Views.Value }
		if views("21") != 18*1010+9 || views("20") != 20*1010 || views("10") != 20*1011 {
			t.Errorf("%d %d %d", views("21"), views("20"), views("10"))
		}
	})
}

// Whatever comes in between, a move in steps gives the sums of a move at once.
func TestStepsGiveTheSumsOfAMoveAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		rng := rand.New(rand.NewPCG(3, 9))
		long, short := newBench(t, d), newBench(t, dbtest.SQLite(t, sets()))
		long.insight.SetMoveStep(1)
		short.world = long.world
		short.post, short.insight = short.again()
		parents := []id.ID{21, 20, 21, 20}
		for i := range 24 {
			b := randomBatch(rng, i)
			b.LearnedAt = clock.Ms(1000 + i)
			long.applyAs(b)
			short.applyAs(b)
			if i%6 == 3 {
				day := clock.Day(20260701).Add(i / 6 * 2)
				long.world.above(32, day, 10, parents[i/6], 32)
				long.treeChanged(32, day)
				short.treeChanged(32, day)
			}
			if rng.IntN(2) == 0 {
				long.step()
			}
			long.addsUp(fmt.Sprint("batch ", i), "", "20", "21", "32", "33")
		}
		for long.step() {
			long.addsUp("the rest", "20", "21")
		}
		same(t, "in steps", short.cellRows(), long.cellRows())
	})
}
