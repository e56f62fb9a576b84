package library_test

import (
	"context"
	"sync"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library"
)

func num(n int64) *int64 { return &n }

// TestUsed: a replayed use counts once, its post joins later, results add up what is known and name the best adapter.
func TestUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		it := k.live(k.hq(), template("周末", rich))
		used := func(post id.ID) {
			uses := []library.Use{
				{ItemID: it.ID, Version: 1, MemberID: 100, UnitID: 11, Ref: 501, PostID: post},
				{ItemID: it.ID, Version: 1, MemberID: 101, UnitID: 12, Ref: 502},
				{ItemID: it.ID, Version: 1, MemberID: 102, UnitID: 11, Ref: 503, PostID: 7003},
			}
			if err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return k.Used(ctx, tx, brand, uses) }); err != nil {
				t.Error(err)
			}
		}
		used(0)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { used(7001) })
		}
		wg.Wait()
		r, err := k.Results(ctx, k.hq(), it.ID)
		if err != nil || r.Uses != 3 || r.Posts != 2 || r.Views != nil || r.Interactions != nil || r.Leads != nil || len(r.Best) != 0 {
			t.Fatalf("%+v %v", r, err)
		}
		k.figures[7001] = library.Figures{Views: num(900), Interactions: num(10)}
		k.figures[7003] = library.Figures{Views: num(100), Interactions: num(40)}
		r, err = k.Results(ctx, k.hq(), it.ID)
		if err != nil || *r.Views != 1000 || *r.Interactions != 50 || r.Best[0].Name != "顾问102" || len(r.Recent) != 3 {
			t.Errorf("%+v %v", r, err)
		}
		k.jobs.Do(ctx, "library.measure")
		got, err := k.Get(ctx, k.hq(), it.ID)
		if err != nil || *got.Views != 1000 || got.BestName != "顾问102" {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := k.Results(ctx, k.store(), it.ID); !errs.Is(err, library.WhyGone) {
			t.Error("a store reads the results of headquarters' item", err)
		}
	})
}

// TestDecideOnce lets two people decide about one proposal: one of them is told, and there is one item.
func TestDecideOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		p, err := k.Propose(ctx, k.kos(), library.Piece{Kind: library.Talk, Title: "我的话术", Content: library.Content{Body: "这样说"}}, "")
		if err != nil || p.UnitID != 11 {
			t.Fatal(p, err)
		}
		if _, err := k.Decide(ctx, k.kos(), p.ID, library.Decision{Accept: true}); err == nil {
			t.Error("a KOS decides")
		}
		errors := make([]error, 2)
		var wg sync.WaitGroup
		for i := range errors {
			wg.Go(func() { _, errors[i] = k.Decide(ctx, k.store(), p.ID, library.Decision{Accept: true}) })
		}
		wg.Wait()
		if (errors[0] == nil) == (errors[1] == nil) {
			t.Errorf("%v", errors)
		}
		items, _, err := k.List(ctx, k.store(), library.Filter{}, library.ByUpdated, nil, 10)
		if err != nil || len(items) != 1 || items[0].UnitID != 11 || items[0].State != library.Draft {
			t.Errorf("%+v %v", items, err)
		}
	})
}
