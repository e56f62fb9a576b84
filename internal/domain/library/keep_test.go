package library_test

import (
	"sync"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/library"
)

// TestKeep: what another room keeps under its own id is there once, however many ask at once, and stays as it was first written.
func TestKeep(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		made := k.ids.New()
		p := library.Piece{Kind: library.Case, Title: "新品上市", Tags: []string{"新品"}, Content: library.Content{Body: "参与 12 人", Lesson: "周末发的收藏多一倍"}}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := k.Keep(ctx, k.hq(), made, p); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		p.Title = "改过"
		if err := k.Keep(ctx, k.hq(), made, p); err != nil {
			t.Error(err)
		}
		it, err := k.Get(ctx, k.hq(), made)
		if err != nil || it.Title != "新品上市" || it.State != library.Draft || it.Content.Lesson != p.Content.Lesson {
			t.Errorf("%+v %v", it, err)
		}
		versions, err := k.Versions(ctx, k.hq(), made)
		if err != nil || len(versions) != 1 {
			t.Errorf("%d versions %v", len(versions), err)
		}
		if err := k.Keep(ctx, k.kos(), k.ids.New(), p); errs.CodeOf(err) != errs.Forbidden {
			t.Errorf("somebody who may not write the library kept a case: %v", err)
		}
	})
}
