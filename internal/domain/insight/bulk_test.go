package insight_test

import (
	"context"
	"slices"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

func TestBulkGivesTheSameSumsAsAdd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		const other = id.ID(2)
		bulk := b.insight.Bulk(other)
		for _, views := range []int64{100, 900, 40} { // an opening, a rise and a fall, in transactions of their own
			for account := id.ID(101); account <= 104; account++ {
				for day := clock.Day(20261001); day < 20261010; day = day.Add(2) {
					x := post.Delta{AccountID: account, Day: day, Class: post.ClassFile, AsOf: at("2026-10-12"), Values: post.Values{post.MPosts: 1, post.MViews: views}}
					b.tx(func(ctx context.Context, tx *db.Tx) error {
						one, two := x, x
						one.BrandID, two.BrandID = brand, other
						if err := b.insight.Add(ctx, tx, []post.Delta{one}); err != nil {
							return err
						}
						return bulk.Add(ctx, tx, []post.Delta{two})
					})
				}
			}
			if err := bulk.Flush(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		for _, br := range []id.ID{brand, other} {
			if err := b.insight.FoldAll(context.Background(), br); err != nil {
				t.Fatal(err)
			}
		}
		if one, two := cellsOf(t, d, brand), cellsOf(t, d, other); len(one) == 0 || !slices.Equal(one, two) {
			t.Errorf("Add wrote %v, Bulk %v", one, two)
		}
	})
}

type cellRow struct {
	Unit  int64     `db:"unit_id"`
	Day   clock.Day `db:"day"`
	Posts int64     `db:"posts"`
	Views int64     `db:"views"`
}

func cellsOf(t *testing.T, d *db.DB, br id.ID) []cellRow {
	t.Helper()
	rows, err := db.All[cellRow](context.Background(), d, `SELECT unit_id, day, posts, views FROM insight_unit_day WHERE brand_id = $1 ORDER BY unit_id, day, platform`, br)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
