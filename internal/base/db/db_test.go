package db_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
)

const schema = `-- +goose Up
CREATE TABLE thing_row (brand_id BIGINT NOT NULL, id BIGINT NOT NULL, name {{text}} NOT NULL, parent_id BIGINT, day INTEGER, at_ms BIGINT, ok BOOLEAN NOT NULL, data {{blob}},
    PRIMARY KEY (brand_id, id));
CREATE UNIQUE INDEX uq_thing_row__name ON thing_row (brand_id, name);
CREATE UNIQUE INDEX uq_thing_row__parent_id__day ON thing_row (brand_id, parent_id, day) WHERE ok;
`

func sets() []migrate.Set {
	return []migrate.Set{{Room: "thing", FS: fstest.MapFS{"migrations/0001_a.sql": &fstest.MapFile{Data: []byte(schema)}}}}
}

type color string

type thing struct {
	BrandID  id.ID     `db:"brand_id"`
	ID       id.ID     `db:"id"`
	Name     color     `db:"name"`
	ParentID id.ID     `db:"parent_id"`
	Day      clock.Day `db:"day"`
	At       clock.Ms  `db:"at_ms"`
	OK       bool      `db:"ok"`
	Data     []byte    `db:"data"`
}

var cols = []string{"brand_id", "id", "name", "parent_id", "day", "at_ms", "ok", "data"}

func (x thing) row() []any {
	return []any{x.BrandID, x.ID, x.Name, x.ParentID, x.Day, x.At, x.OK, x.Data}
}

func TestValuesRoundTrip(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		full := thing{1, 9007199254740993, "红", 7, 20261122, 1795305600123, true, []byte{0, 1, 255}}
		bare := thing{BrandID: 1, ID: 2, Name: "b"}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := db.Copy(ctx, tx, "thing_row", cols, [][]any{full.row()}); err != nil {
				return err
			}
			_, err := db.Insert(ctx, tx, "thing_row", cols, [][]any{bare.row()}, "ON CONFLICT (brand_id, id) DO UPDATE SET name = excluded.name")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.All[thing](ctx, d, `SELECT brand_id, id, name, parent_id, day, at_ms, ok, data FROM thing_row WHERE brand_id = $1 ORDER BY id DESC`, id.ID(1))
		if err != nil || len(got) != 2 {
			t.Fatal(got, err)
		}
		if got[0].ID != full.ID || got[0].Name != full.Name || got[0].At != full.At || got[0].Day != full.Day || !got[0].OK || string(got[0].Data) != string(full.Data) {
			t.Fatalf("%+v", got[0])
		}
		if got[1].ParentID != 0 || got[1].Day != 0 || got[1].At != 0 || got[1].OK {
			t.Fatalf("%+v", got[1])
		}
		if _, err := db.One[thing](ctx, d, `SELECT * FROM thing_row WHERE brand_id = $1 AND id = $2`, 1, 99); !db.NoRows(err) {
			t.Fatal(err)
		}
		var n int64
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM thing_row WHERE brand_id = $1 AND name IN `+inList(), 1, "b", "红").Scan(&n); err != nil || n != 2 {
			t.Fatal(n, err)
		}
	})
}

func inList() string {
	a := db.Args{Values: []any{1}}
	return db.In(&a, []string{"b", "红"})
}

func TestViolationsCarryTheIndexName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		put := func(x thing) error {
			return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Insert(ctx, tx, "thing_row", cols, [][]any{x.row()}, "")
				return err
			})
		}
		if err := put(thing{BrandID: 1, ID: 1, Name: "a", ParentID: 3, Day: 20260101, OK: true}); err != nil {
			t.Fatal(err)
		}
		for want, x := range map[string]thing{
			"pk_thing_row":                 {BrandID: 1, ID: 1, Name: "z"},
			"uq_thing_row__name":           {BrandID: 1, ID: 2, Name: "a"},
			"uq_thing_row__parent_id__day": {BrandID: 1, ID: 3, Name: "c", ParentID: 3, Day: 20260101, OK: true},
		} {
			if err := put(x); db.Violation(err) != want {
				t.Errorf("%s: got %q from %v", want, db.Violation(err), err)
			}
		}
		if db.Violation(errors.New("x")) != "" {
			t.Error("a foreign error has an index")
		}
	})
}

func TestTxRollsBackAndKeepsThePoolOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		boom, after := errors.New("boom"), false
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { after = true })
			if _, err := tx.Exec(ctx, `INSERT INTO thing_row (brand_id, id, name, ok) VALUES (1, 1, 'x', $1)`, true); err != nil {
				t.Error(err)
			}
			if _, err := d.Query(ctx, `SELECT 1`); err == nil || !strings.Contains(err.Error(), "inside a transaction") {
				t.Errorf("the pool was usable inside a transaction: %v", err)
			}
			return boom
		})
		if !errors.Is(err, boom) || after {
			t.Fatal(err, after)
		}
		var n int64
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM thing_row`).Scan(&n); err != nil || n != 0 {
			t.Fatal(n, err)
		}
	})
}

func TestInsertChunksManyRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		rows := make([][]any, 3001)
		for i := range rows {
			rows[i] = thing{BrandID: 1, ID: id.ID(i + 1), Name: color("n" + id.ID(i+1).String())}.row()
		}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := db.Insert(ctx, tx, "thing_row", cols, rows, "ON CONFLICT (brand_id, id) DO NOTHING")
			if n != 3001 {
				t.Errorf("%d rows", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		if err := db.Each(ctx, d, func(x thing) error { sum += int(x.ID); return nil }, `SELECT * FROM thing_row`); err != nil || sum != 3001*3002/2 {
			t.Fatal(sum, err)
		}
	})
}

func TestACopyThatBreaksAnIndexLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		rows := make([][]any, 500)
		for i := range rows {
			rows[i] = thing{BrandID: 1, ID: id.ID(i + 1), Name: color("n" + id.ID(i%450).String())}.row()
		}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return db.Copy(ctx, tx, "thing_row", cols, rows) })
		if db.Violation(err) != "uq_thing_row__name" {
			t.Fatal(err)
		}
		var n int64
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM thing_row`).Scan(&n); err != nil || n != 0 {
			t.Fatal(n, err)
		}
	})
}

func TestFreshenLooksAtTablesThatHaveGrown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		rows := make([][]any, 2000)
		for i := range rows {
			rows[i] = thing{BrandID: 1, ID: id.ID(i + 1), Name: color("n" + id.ID(i+1).String())}.row()
		}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return db.Copy(ctx, tx, "thing_row", cols, rows) })
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := d.Freshen(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if d.Dialect() == db.SQLite {
			return
		}
		known, err := db.One[float64](ctx, d, `SELECT CAST(reltuples AS DOUBLE PRECISION) FROM pg_class WHERE relname = 'thing_row' AND relnamespace = current_schema()::regnamespace`)
		if err != nil || known != 2000 {
			t.Fatal(known, err)
		}
	})
}

func TestStatementsAreKeptAndLetGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		x := thing{BrandID: 1, ID: 7, Name: "x"}
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Copy(ctx, tx, "thing_row", cols, [][]any{x.row()})
		})
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for worker := range 8 {
			wait.Go(func() {
				for i := range 700 { // more texts than are kept, each used three times
					text := "SELECT id FROM thing_row WHERE brand_id = $1 AND id = $2 AND id > " + strconv.Itoa((worker+i/3)%250-1000)
					n, err := db.One[int64](ctx, d, text, int64(1), int64(7))
					if err != nil || n != 7 {
						t.Errorf("%s: %d %v", text, n, err)
						return
					}
				}
			})
		}
		wait.Wait()
		if _, err := db.All[int64](ctx, d, "SELECT nothing FROM thing_row"); err == nil {
			t.Error("a faulty statement went through")
		}
	})
}

func TestAKeptStatementFollowsTheSchema(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		count := func() (n int64) {
			if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM thing_row WHERE brand_id = $1", int64(1)).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for range 3 {
			count()
		}
		for _, change := range []string{
			"ALTER TABLE thing_row ADD COLUMN more BIGINT", "INSERT INTO thing_row (brand_id, id, name, ok, more) VALUES (1, 1, 'n', TRUE, 2)", "CREATE INDEX ix_thing_row__more ON thing_row (brand_id, more)",
		} {
			if _, err := d.Exec(ctx, change); err != nil {
				t.Fatal(err)
			}
			count()
		}
		if n := count(); n != 1 {
			t.Error(n)
		}
	})
}
