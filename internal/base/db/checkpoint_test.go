package db_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
)

// TestTheLogBeginsAnew writes several times what the log may hold, with a reader at work, and looks how long it got.
func TestTheLogBeginsAnew(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	d, err := db.Open(ctx, "sqlite", dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate.Up(ctx, d, sets()...); err != nil {
		t.Fatal(err)
	}
	data := strings.Repeat("x", 100_000)
	var longest int64
	for i := range 1500 { // 150 MB
		x := thing{BrandID: 1, ID: id.ID(i + 1), Name: color(id.ID(i + 1).String()), Data: []byte(data)}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Copy(ctx, tx, "thing_row", cols, [][]any{x.row()})
		})
		if err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			if _, err := db.All[int64](ctx, d, "SELECT id FROM thing_row WHERE brand_id = $1 AND id > $2", int64(1), int64(i-10)); err != nil {
				t.Fatal(err)
			}
		}
		if i%50 == 0 {
			time.Sleep(20 * time.Millisecond)
		}
		info, err := os.Stat(filepath.Join(dir, db.FileName+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		longest = max(longest, info.Size())
	}
	n, err := db.One[int64](ctx, d, "SELECT COUNT(*) FROM thing_row")
	if err != nil || n != 1500 {
		t.Fatal(n, err)
	}
	if longest > 120<<20 {
		t.Errorf("the log became %d MB long", longest>>20)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
