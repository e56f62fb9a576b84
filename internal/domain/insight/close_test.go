package insight_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
)

// figures is what a person would read off an overview.
func figures(o *insight.Overview) string {
	show := func(p *int64) string {
		if p == nil {
			return "—"
		}
		return fmt.Sprint(*p)
	}
	f := o.Figures
	return fmt.Sprintf("accounts %s active %s asleep %s posts %s views %s", show(f.Accounts.Value), show(f.Active.Value), show(f.Asleep.Value), show(f.Posts.Value), show(f.Views.Value))
}

func TestAccountsFallAsleepByThemselvesAndMissedDaysAreCaughtUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		ctx := context.Background()
		b.tx(func(ctx context.Context, tx *db.Tx) error {
			return b.insight.AccountsChanged(ctx, tx, brand, []id.ID{101, 102, 103, 104})
		})
		b.apply(post.Batch{Items: []post.Item{item(101, "新", "2026-11-20", "2026-11-21", 10), item(102, "旧", "2026-10-30", "2026-11-21", 300), item(104, "早", "2026-03-01", "2026-04-01", 40)}})
		if got := figures(b.overview(20261101, 20261122, "")); got != "accounts 4 active 2 asleep 2 posts 1 views 10" {
			t.Error(got)
		}
		if err := b.insight.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if got := figures(b.overview(20261101, 20261121, "31")); got != "accounts 2 active 2 asleep 0 posts 1 views 10" {
			t.Error(got)
		}
		if got := figures(b.overview(20260301, 20260401, "33")); got != "accounts 1 active 0 asleep 1 posts 1 views 40" {
			t.Error(got)
		}
		b.clock.Advance(10 * 24 * time.Hour) // nobody posts for ten days: 102 falls asleep
		if err := b.insight.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if got := figures(b.overview(20261101, 20261202, "")); got != "accounts 4 active 1 asleep 3 posts 1 views 10" {
			t.Error(got)
		}
		if got := figures(b.overview(20261101, 20261127, "")); got != "accounts 4 active 2 asleep 2 posts 1 views 10" {
			t.Error("a missed day: ", got)
		}
		before := b.cellRows()
		if err := b.insight.Close(ctx, brand); err != nil {
			t.Fatal(err)
		}
		same(t, "closed again", before, b.cellRows())
		// late figures for closed months stay exact
		b.apply(post.Batch{Items: []post.Item{item(104, "早", "2026-03-01", "2026-05-02", 90), item(104, "更早", "2025-12-05", "2026-05-02", 5)}})
		if got := figures(b.overview(20251201, 20261130, "21")); got != "accounts 1 active 0 asleep 1 posts 2 views 95" {
			t.Error("late: ", got)
		}
		if o := b.overview(20260301, 20260331, "33"); *o.Figures.Views.Value != 40 || o.Figures.Views.Peer == nil {
			t.Error("March: ", figures(o))
		}
	})
}

func TestTwoWritersAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		const writers, rounds = 4, 8
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for r := range rounds {
					items := []post.Item{item(101, fmt.Sprint("w", w, r), "2026-06-01", "2026-06-02", 10), item(104, fmt.Sprint("w", w, r), "2026-06-01", "2026-06-02", 1)}
					err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						_, deltas, err := b.post.Apply(ctx, tx, post.Batch{BrandID: brand, Origin: post.Export, LearnedAt: at("2026-06-03"), Zone: clock.Shanghai(), Items: items})
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
		wg.Wait()
		if got := figures(b.overview(20260601, 20261122, "")); got != "accounts 2 active 0 asleep 2 posts 64 views 352" {
			t.Error(got)
		}
		b.cellRows()
		if got := figures(b.overview(20260601, 20261122, "21")); got != "accounts 1 active 0 asleep 1 posts 32 views 32" {
			t.Error(got)
		}
	})
}
