package insight_test

import (
	"context"
	"errors"
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

// randomBatch invents figures of a few posts and accounts, cumulative and day-valued, from several origins.
func randomBatch(rng *rand.Rand, n int) post.Batch {
	b := post.Batch{ImportID: id.ID(n + 1), Origin: []post.Origin{post.API, post.Export, post.SelfReport}[rng.IntN(3)]}
	day := func() clock.Ms { return at("2026-07-01") + clock.Ms(rng.Int64N(9)*86400000) }
	for range rng.IntN(5) {
		it := post.Item{AccountID: id.ID(101 + rng.IntN(4)), Title: fmt.Sprint("t", rng.IntN(3)), PublishedAt: at("2026-06-30"), AsOf: day()}
		for _, c := range []post.Counter{post.Views, post.Likes, post.Saves, post.FollowersGained} {
			if rng.IntN(3) > 0 {
				it.Counters.Set(c, rng.Int64N(100))
			}
		}
		b.Items = append(b.Items, it)
	}
	for range rng.IntN(4) {
		it := post.AccountItem{AccountID: id.ID(101 + rng.IntN(4)), Daily: rng.IntN(2) == 0, AsOf: day()}
		for _, c := range []post.Counter{post.Views, post.Likes, post.Followers, post.FollowersGained, post.Interactions, post.Posts} {
			if rng.IntN(3) > 0 {
				it.Counters.Set(c, rng.Int64N(100))
			}
		}
		b.Accounts = append(b.Accounts, it)
	}
	return b
}

// keep lets the services keep what they remember.
func (b *bench) keep(dir string) {
	b.post.KeepMemory(dir)
	b.insight.KeepMemory(dir)
}

// Whatever is imported, in whatever order, undone or moved meanwhile: the sums are those of the imports that stand, and
// the rows behind each figure add up to it.
func TestAnyHistoryGivesTheSumsOfWhatStands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		rng := rand.New(rand.NewPCG(11, 5))
		batches := make([]post.Batch, 24)
		for i := range batches {
			batches[i] = randomBatch(rng, i)
			batches[i].LearnedAt = clock.Ms(1000 + i)
		}
		undone := map[int]bool{}
		long := newBench(t, d)
		another := *long // a second process, which remembers other things
		another.post, another.insight = long.again()
		both := []*bench{long, &another}
		memory := t.TempDir()
		for _, x := range both {
			x.keep(memory)
		}
		for i, b := range batches {
			long := both[rng.IntN(2)]
			if rng.IntN(4) == 0 { // the process ends, and another begins with what it remembered
				if err := errors.Join(long.post.SaveMemory(), long.insight.SaveMemory()); err != nil {
					t.Fatal(err)
				}
				long.post, long.insight = long.againAs(10 + i)
				long.keep(memory)
			}
			long.applyAndFail(batches[rng.IntN(len(batches))])
			long.applyAs(b)
			switch rng.IntN(5) {
			case 0:
				n := rng.IntN(i + 1)
				undone[n] = true
				long.undo(id.ID(n + 1))
			case 1:
				if err := long.insight.Close(context.Background(), brand); err != nil {
					t.Fatal(err)
				}
			}
		}
		short := newBench(t, dbtest.SQLite(t, sets()))
		for _, i := range rng.Perm(len(batches)) {
			if !undone[i] {
				short.applyAs(batches[i])
			}
		}
		same(t, "after undos", short.cellRows(), long.cellRows())
		for _, unit := range []string{"", "20", "31", "33"} {
			for _, figure := range []string{"views", "interactions", "followers_gained", "posts"} {
				q := insight.RowsQuery{Figure: figure, Period: insight.Period{From: 20260601, To: 20260731}, Unit: unit, Limit: 100}
				rows, err := long.insight.Rows(context.Background(), long.actor, q)
				total, err2 := long.insight.Total(context.Background(), long.actor, q)
				if err != nil || err2 != nil {
					t.Fatal(err, err2)
				}
				var sum int64
				for _, r := range rows {
					sum += r.Value
				}
				if sum != *total {
					t.Errorf("%s of unit %q: rows add up to %d, the figure is %d", figure, unit, sum, *total)
				}
			}
		}
	})
}

// Accounts that move and change their kind between imports, undone or not, count where and as what they were told to be,
// as if that had been known from the beginning.
func TestMovesAndKindsBetweenImportsGiveTheSameSums(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		rng := rand.New(rand.NewPCG(5, 77))
		long := newBench(t, d)
		another := *long
		another.post, another.insight = long.again()
		both := []*bench{long, &another}
		var batches []post.Batch
		undone := map[int]bool{}
		for i := range 30 {
			b := randomBatch(rng, i)
			b.LearnedAt = clock.Ms(1000 + i)
			batches = append(batches, b)
			both[rng.IntN(2)].applyAs(b)
			account := id.ID(101 + rng.IntN(4))
			spans := long.world.spans[account]
			last := &spans[len(spans)-1]
			ref := long.world.refs[account]
			switch rng.IntN(6) {
			case 0, 1: // to another unit, from a day on
				day := max(last.From.Add(1), clock.Day(20260630)).Add(rng.IntN(4))
				long.world.move(account, id.ID(31+rng.IntN(3)), day)
			case 2: // that move is corrected: another unit, the same day
				last.UnitID = id.ID(31 + rng.IntN(3))
				ref.UnitID = last.UnitID
				long.world.refs[account] = ref
			case 3:
				ref.Kind = []string{"employee", "persona", "store"}[rng.IntN(3)]
				long.world.refs[account] = ref
			case 4:
				n := rng.IntN(len(batches))
				undone[n] = true
				both[rng.IntN(2)].undo(id.ID(n + 1))
			case 5:
				if err := long.insight.Close(context.Background(), brand); err != nil {
					t.Fatal(err)
				}
			}
			b2 := both[rng.IntN(2)]
			b2.tx(func(ctx context.Context, tx *db.Tx) error {
				return b2.insight.AccountsChanged(ctx, tx, brand, []id.ID{account})
			})
		}
		short := newBench(t, dbtest.SQLite(t, sets()))
		short.world.refs, short.world.spans = long.world.refs, long.world.spans
		for i, b := range batches {
			if !undone[i] {
				short.applyAs(b)
			}
		}
		same(t, "after moves", short.cellRows(), long.cellRows())
		for _, unit := range []string{"", "20", "31", "32", "33"} {
			q := insight.RowsQuery{Figure: "views", Period: insight.Period{From: 20260601, To: 20260731}, Unit: unit, Limit: 100}
			rows, err := long.insight.Rows(context.Background(), long.actor, q)
			total, err2 := long.insight.Total(context.Background(), long.actor, q)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			var sum int64
			for _, r := range rows {
				sum += r.Value
			}
			if sum != *total {
				t.Errorf("views of unit %q: rows add up to %d, the figure is %d", unit, sum, *total)
			}
		}
	})
}
