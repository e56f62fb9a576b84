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
	for i := range 2500 { // 250 MB
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
		if i%400 == 399 {
			settle(t, d)
		}
		info, err := os.Stat(filepath.Join(dir, db.FileName+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		longest = max(longest, info.Size())
	}
	n, err := db.One[int64](ctx, d, "SELECT COUNT(*) FROM thing_row")
	if err != nil || n != 2500 {
		t.Fatal(n, err)
	}
	if longest > 160<<20 {
		t.Errorf("the log became %d MB long", longest>>20)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// settle writes a little now and then until what is in the log is in the store; the machine may be busy.
func settle(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := context.Background()
	for range 600 {
		var busy, pages, done int64
		if err := d.Writer().QueryRowContext(ctx, "PRAGMA wal_checkpoint(NOOP)").Scan(&busy, &pages, &done); err != nil {
			t.Fatal(err)
		}
		if pages-done < 8192 { // less is left for later
			return
		}
		time.Sleep(50 * time.Millisecond)
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE thing_row SET at_ms = 1 WHERE brand_id = $1 AND id = $2", int64(1), int64(1))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the log is not brought into the store")
}
