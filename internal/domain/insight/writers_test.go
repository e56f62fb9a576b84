package insight_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"golang.org/x/sync/errgroup"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Writers of two processes that work on the same units, and on the same accounts, give what one writer gives.
func TestWritersSideBySide(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		rng := rand.New(rand.NewPCG(21, 8))
		far := map[id.ID]id.ID{103: 103 << 40, 104: 104 << 40} // in shards of their own
		grow := func(b *bench) {
			for near, x := range far {
				b.world.add(x, b.world.refs[near].UnitID, b.world.refs[near].Platform)
			}
		}
		batches := make([]post.Batch, 60)
		for i := range batches {
			b := randomBatch(rng, i)
			b.LearnedAt = clock.Ms(1000 + i)
			for n := range b.Items {
				if x, ok := far[b.Items[n].AccountID]; ok && rng.IntN(2) == 0 {
					b.Items[n].AccountID = x
				}
			}
			for n := range b.Accounts {
				if x, ok := far[b.Accounts[n].AccountID]; ok {
					b.Accounts[n].AccountID = x
				}
			}
			batches[i] = b
		}
		one := newBench(t, d)
		grow(one)
		two := *one
		two.post, two.insight = one.again()
		var g errgroup.Group
		for w := range 4 {
			b := []*bench{one, &two}[w%2]
			g.Go(func() error {
				for i := w; i < len(batches); i += 4 {
					if err := b.take(batches[i]); err != nil {
						return err
					}
					if i%9 == 0 {
						if _, err := b.insight.Fold(context.Background(), brand); err != nil {
							return err
						}
					}
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		alone := newBench(t, dbtest.SQLite(t, sets()))
		grow(alone)
		for _, b := range batches {
			alone.applyAs(b)
		}
		same(t, "side by side", alone.cellRows(), one.cellRows())
	})
}
