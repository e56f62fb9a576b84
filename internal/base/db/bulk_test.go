package db_test

import (
	"context"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
)

// TestUpsertsOfAnyLengthSayTheSame writes lists around the lengths at which the way of writing changes, with columns
// that hold one value, several, or none.
func TestUpsertsOfAnyLengthSayTheSame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		brand := id.ID(0)
		for _, n := range []int{1, 2, 3, 4, 5, 199, 200, 201, 5000, 5003} {
			brand++
			want := make([]thing, n)
			for i := range want {
				x := thing{BrandID: brand, ID: id.ID(i + 1), Name: color("名" + id.ID(i+1).String()), OK: n%2 == 0}
				if i%3 == 1 {
					x.ParentID, x.Day, x.At = id.ID(i), clock.Day(20260100+i%28), clock.Ms(1795305600123+int64(i))
				}
				if i%5 == 2 {
					x.Data = []byte{0, byte(i), 255}
				}
				want[i] = x
			}
			for round := range 2 { // the second time they are there
				rows := make([][]any, n)
				for i := range want {
					if round == 1 {
						want[i].At++
					}
					rows[i] = want[i].row()
				}
				err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
					got, err := db.Insert(ctx, tx, "thing_row", cols, rows, "ON CONFLICT (brand_id, id) DO UPDATE SET at_ms = excluded.at_ms")
					if got != int64(n) {
						t.Errorf("%d rows: %d written", n, got)
					}
					return err
				})
				if err != nil {
					t.Fatal(n, err)
				}
			}
			got, err := db.All[thing](ctx, d, `SELECT * FROM thing_row WHERE brand_id = $1 ORDER BY id`, brand)
			if err != nil || len(got) != n {
				t.Fatal(n, len(got), err)
			}
			for i, x := range got {
				w := want[i]
				if x.Name != w.Name || x.ParentID != w.ParentID || x.Day != w.Day || x.At != w.At || x.OK != w.OK || string(x.Data) != string(w.Data) {
					t.Fatalf("%d rows: %+v instead of %+v", n, x, w)
				}
			}
		}
	})
}
