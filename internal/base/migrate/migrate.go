// Package migrate brings the store's schema up to date: River's tables first, then the house's own, then one goose
// provider per room, all recorded in one table keyed by (room, version) with a checksum. It refuses a store that is
// newer than the program and a migration that was changed after it ran. Forward only.
package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
)

// Set is the migrations of one room: FS holds NNNN_name.sql files at its root or under migrations/.
type Set struct {
	Room string
	FS   fs.FS
}

//go:embed migrations/*.sql
var houseFS embed.FS

// House is the set of the tables that belong to no room.
func House() Set { return Set{Room: "base", FS: houseFS} }

// tableName is the one version table of all rooms.
const tableName = "goose_migration"

type file struct {
	version  int64
	name     string
	text     string
	checksum string
}

// Up applies what is missing of the house and of sets, in order; sets are all rooms of the program, or none to prepare
// the house alone. Two processes may call it at once.
// Errors: "base.store_newer" when the store knows a version this program does not, "base.migration_changed" when a
// migration that ran has other text now.
func Up(ctx context.Context, d *db.DB, sets ...Set) error {
	whole := len(sets) > 0
	sets = append([]Set{House()}, sets...)
	sqlDB, done := handle(d)
	defer done()
	unlock, err := lock(ctx, d)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := sqlDB.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+tableName+` (room TEXT NOT NULL, version BIGINT NOT NULL,
		checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (room, version))`); err != nil && !strings.Contains(err.Error(), "pg_type_typname_nsp_index") {
		return fmt.Errorf("migrate: version table: %w", err)
	}
	applied, err := readApplied(ctx, sqlDB)
	if err != nil {
		return err
	}
	if whole {
		if err := strangers(sets, applied); err != nil {
			return err
		}
	}
	if err := river(ctx, d, applied); err != nil {
		return err
	}
	for _, s := range sets {
		files, err := load(s, d.Dialect())
		if err != nil {
			return err
		}
		if err := up(ctx, sqlDB, s.Room, files, applied[s.Room]); err != nil {
			return err
		}
	}
	return nil
}

// strangers refuses a store that holds the tables of a room this program does not have.
func strangers(sets []Set, applied map[string]map[int64]string) error {
	known := map[string]bool{"river": true}
	for _, s := range sets {
		known[s.Room] = true
	}
	for room, versions := range applied {
		if !known[room] && len(versions) > 0 {
			return errs.New(errs.Precondition, "base.store_newer", "room", room, "version", 1)
		}
	}
	return nil
}

// up runs one room's missing migrations. Losing a race against another process shows as a failed statement, after
// which the version row is there: so it looks again before it gives up.
func up(ctx context.Context, sqlDB *sql.DB, room string, files []file, applied map[int64]string) error {
	if missing, err := check(room, files, applied); err != nil || !missing {
		return err
	}
	store := &store{room: room, checksums: map[int64]string{}}
	for _, f := range files {
		store.checksums[f.version] = f.checksum
	}
	var last error
	for try := range 3 {
		p, err := goose.NewProvider(goose.DialectCustom, sqlDB, memFS(files), goose.WithStore(store),
			goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
		if err != nil {
			return fmt.Errorf("migrate: %s: %w", room, err)
		}
		if _, last = p.Up(ctx); last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try+1) * 100 * time.Millisecond):
		}
	}
	return fmt.Errorf("migrate: %s: %w", room, last)
}

// check compares the files with what ran.
func check(room string, files []file, applied map[int64]string) (missing bool, err error) {
	known := map[int64]bool{0: true}
	for _, f := range files {
		known[f.version] = true
		sum, ran := applied[f.version]
		switch {
		case !ran:
			missing = true
		case sum != f.checksum:
			return false, errs.New(errs.Precondition, "base.migration_changed", "room", room, "file", f.name)
		}
	}
	for v := range applied {
		if !known[v] {
			return false, errs.New(errs.Precondition, "base.store_newer", "room", room, "version", v)
		}
	}
	return missing, nil
}

func load(s Set, d db.Dialect) ([]file, error) {
	fsys := s.FS
	if sub, err := fs.Sub(fsys, "migrations"); err == nil {
		if _, err := fs.Stat(fsys, "migrations"); err == nil {
			fsys = sub
		}
	}
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	files := make([]file, 0, len(names))
	for _, n := range names {
		raw, err := fs.ReadFile(fsys, n)
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseInt(strings.SplitN(n, "_", 2)[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migrate: %s/%s: the name must start with a number", s.Room, n)
		}
		sum := sha256.Sum256(raw)
		files = append(files, file{version: v, name: n, text: expand(string(raw), d), checksum: hex.EncodeToString(sum[:8])})
	}
	return files, nil
}

// expand fills the macros of what differs between the engines: a few column types, and {{clustered}} after a table's
// closing bracket, which keeps SQLite's rows inside their primary key (half the pages of a keyed fact table).
func expand(text string, d db.Dialect) string {
	if d == db.Postgres {
		return strings.NewReplacer("{{text}}", `TEXT COLLATE "C"`, "{{json}}", "TEXT", "{{blob}}", "BYTEA", "{{clustered}}", "").Replace(text)
	}
	return strings.NewReplacer("{{text}}", "TEXT", "{{json}}", "TEXT", "{{blob}}", "BLOB",
		"{{clustered}}", " WITHOUT ROWID").Replace(text)
}

// river migrates the job queue's tables once per version of the library's schema.
func river(ctx context.Context, d *db.DB, applied map[string]map[int64]string) error {
	const schema = 6 // the queue library's newest migration line that this program was tested with
	if _, ran := applied["river"][schema]; ran {
		return nil
	}
	cfg := &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)}
	var err error
	if d.Dialect() == db.Postgres {
		var m *rivermigrate.Migrator[pgxTx]
		if m, err = rivermigrate.New(riverpgxv5.New(d.Pool()), cfg); err == nil {
			_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		}
	} else {
		var m *rivermigrate.Migrator[*sql.Tx]
		if m, err = rivermigrate.New(riversqlite.New(d.Writer()), cfg); err == nil {
			_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		}
	}
	if err != nil {
		return fmt.Errorf("migrate: job queue: %w", err)
	}
	_, err = d.Exec(ctx, `INSERT INTO `+tableName+` (room, version, checksum, applied_at) VALUES ('river', $1, '', 0) ON CONFLICT DO NOTHING`, schema)
	return err
}

func readApplied(ctx context.Context, sqlDB *sql.DB) (map[string]map[int64]string, error) {
	rows, err := sqlDB.QueryContext(ctx, `SELECT room, version, checksum FROM `+tableName)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]map[int64]string{}
	for rows.Next() {
		var room, sum string
		var v int64
		if err := rows.Scan(&room, &v, &sum); err != nil {
			return nil, err
		}
		if out[room] == nil {
			out[room] = map[int64]string{}
		}
		if v > 0 {
			out[room][v] = sum
		}
	}
	return out, rows.Err()
}

// handle gives goose a database/sql handle on either engine.
func handle(d *db.DB) (*sql.DB, func()) {
	if d.Dialect() == db.Postgres {
		h := stdlib.OpenDBFromPool(d.Pool())
		return h, func() { _ = h.Close() }
	}
	return d.Writer(), func() {}
}

// lock keeps other processes out on PostgreSQL; on SQLite the immediate transactions do.
func lock(ctx context.Context, d *db.DB) (func(), error) {
	if d.Dialect() != db.Postgres {
		return func() {}, nil
	}
	const key = 0x6b6f736d6f73 // "kosmos"
	conn, err := d.Pool().Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(key)); err != nil {
		conn.Release()
		return nil, err
	}
	return func() {
		_, unlockErr := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(key))
		if unlockErr != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx)) // closing the session frees the lock as well
		}
		conn.Release()
	}, nil
}

// IsNewer tells whether err says that the store was written by a newer program.
func IsNewer(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Slug == "base.store_newer"
}
