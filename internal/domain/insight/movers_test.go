package insight_test

import (
	"context"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/post"
)

func TestMoversNameTheirReason(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.insight.PlugPosts(b.post)
		b.apply(post.Batch{Items: []post.Item{
			item(101, "旧", "2026-10-05", "2026-10-20", 100), item(101, "旧二", "2026-10-06", "2026-10-20", 90),
			item(101, "提车", "2026-11-05", "2026-11-20", 900), item(101, "日常", "2026-11-06", "2026-11-20", 20),
			item(103, "停更", "2026-10-07", "2026-10-20", 500), item(104, "外", "2026-11-07", "2026-11-20", 5000),
		}})
		p := insight.Period{From: 20261101, To: 20261130}
		got, err := b.insight.Movers(context.Background(), b.actor, "20", post.MViews, p, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Up) != 1 || got.Up[0].Account.ID != 101 || got.Up[0].Value != 920 || got.Up[0].Previous != 190 || got.Up[0].Reason.Slug != "one_post" || got.Up[0].Reason.Title != "提车" {
			t.Errorf("up: %+v", got.Up)
		}
		if len(got.Down) != 1 || got.Down[0].Account.ID != 103 || got.Down[0].Reason.Slug != "stopped" {
			t.Errorf("down: %+v", got.Down)
		}
	})
}
