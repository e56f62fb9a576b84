package post_test

import (
	"context"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/domain/post"
	"kosmos/internal/event"
)

// heard keeps the posts that events named.
type heard struct{ ids []id.ID }

func (h *heard) Publish(_ context.Context, _ *db.Tx, e jobs.Event) error {
	h.ids = append(h.ids, e.(event.PostsChanged).PostIDs...) //nolint:forcetypeassert // the only event of the room
	return nil
}

func (h *heard) take() int {
	n := len(h.ids)
	h.ids = nil
	return n
}

func TestWordsAndWhoHearsOfThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, s, h := context.Background(), newShop(t, d), &heard{}
		s.post.Tell(h)
		first, second := at("2026-06-01 10:30"), at("2026-06-02 10:30")
		said := func(what string, want int) {
			t.Helper()
			if got := h.take(); got != want {
				t.Errorf("%s: %d posts told, want %d", what, got, want)
			}
		}
		item := func(x, title string, published, asOf clock.Ms, deleted bool) post.Item {
			return post.Item{AccountID: 101, ExternalID: x, Title: title, PublishedAt: published, AsOf: asOf, Deleted: deleted, Counters: views(1)}
		}
		s.apply(item("a", "一条", first, first+1, false), item("b", "另一条", second, second+1, false))
		said("two new ones", 2)
		s.apply(post.Item{AccountID: 101, ExternalID: "a", Title: "一条", PublishedAt: first, AsOf: first + 2, Counters: views(9)})
		said("counters alone", 0)
		s.apply(item("a", "改了标题", first, first+3, false))
		said("another title", 1)
		walked, err := s.post.WalkWords(ctx, d, brand, 0, 1)
		if err != nil || len(walked) != 1 || walked[0].Title != "改了标题" || walked[0].UnitID == 0 {
			t.Fatalf("%+v %v", walked, err)
		}
		newest, err := s.post.WordsSince(ctx, d, brand, post.WordsSpan{From: first, Limit: 1})
		if err != nil || len(newest) != 1 || newest[0].Title != "另一条" {
			t.Fatalf("%+v %v", newest, err)
		}
		older, err := s.post.WordsSince(ctx, d, brand, post.WordsSpan{From: first, BeforeAt: newest[0].PublishedAt, BeforeID: newest[0].ID, Limit: 5})
		if err != nil || len(older) != 1 || older[0].ID != walked[0].ID {
			t.Fatalf("%+v %v", older, err)
		}
		s.apply(item("b", "另一条", second, second+3, true))
		said("taken down", 1)
		live, err := s.post.WordsByID(ctx, d, brand, []id.ID{walked[0].ID, newest[0].ID})
		if err != nil || len(live) != 1 || live[0].ID != walked[0].ID {
			t.Fatalf("%+v %v", live, err)
		}
		if n, err := s.post.CountWords(ctx, d, brand); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if _, _, err := s.try(post.Batch{ImportID: 77, Items: []post.Item{item("c", "撤回", second, second+4, false)}}); err != nil {
			t.Fatal(err)
		}
		said("of an import", 1)
		if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := s.post.Undo(ctx, tx, brand, []id.ID{77}, clock.Shanghai())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		said("the import undone", 1)
	})
}
