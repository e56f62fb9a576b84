// Package dbtest hands each test its own empty, migrated store on every engine. The schema is built once per set of
// migrations and process, then copied: a file copy on SQLite, CREATE DATABASE … TEMPLATE on PostgreSQL.
//
// KOSMOS_TEST_PG names a running test server (see pgtemp); without it the package starts one of its own.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest/pgserver"
	"kosmos/internal/base/migrate"
)

// Each runs fn on a fresh store of each engine with the sets migrated, as parallel subtests "sqlite" and "postgres".
func Each(t *testing.T, sets []migrate.Set, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t, sets))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t, sets))
	})
}

// SQLite opens a fresh migrated SQLite store that goes away with the test.
func SQLite(t testing.TB, sets []migrate.Set) *db.DB {
	t.Helper()
	dir := t.TempDir()
	tpl, err := templateFor("sqlite", sets, makeFile)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(tpl)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, db.FileName), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite", dir)
}

// Postgres opens a fresh migrated PostgreSQL database that goes away with the test.
func Postgres(t testing.TB, sets []migrate.Set) *db.DB {
	t.Helper()
	url := URL(t, sets)
	mark := "?"
	if strings.Contains(url, "?") {
		mark = "&"
	}
	return open(t, url+mark+"pool_max_conns=6", t.TempDir())
}

// URL makes a fresh migrated PostgreSQL database and returns its address, for tests that start whole programs.
func URL(t testing.TB, sets []migrate.Set) string {
	t.Helper()
	base, err := server()
	if err != nil {
		t.Fatalf("no PostgreSQL for the tests: %v", err)
	}
	tpl, err := templateFor("postgres", sets, makeDatabase)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), counter.Add(1))
	if err := admin(base, "CREATE DATABASE "+name+" TEMPLATE "+tpl); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin(base, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return withDatabase(base, name)
}

var (
	counter   atomic.Int64             // makes database names unique within the process
	templates = map[string]*template{} // by engine+hash, under tplMu
	tplMu     sync.Mutex
	server    = sync.OnceValues(func() (string, error) {
		if url := os.Getenv("KOSMOS_TEST_PG"); url != "" {
			return url, nil
		}
		return pgserver.Shared()
	})
)

type template struct {
	once sync.Once
	name string
	err  error
}

func templateFor(engine string, sets []migrate.Set, build func(hash string, sets []migrate.Set) (string, error)) (string, error) {
	h := hash(sets)
	tplMu.Lock()
	tpl := templates[engine+h]
	if tpl == nil {
		tpl = &template{}
		templates[engine+h] = tpl
	}
	tplMu.Unlock()
	tpl.once.Do(func() { tpl.name, tpl.err = build(h, sets) })
	return tpl.name, tpl.err
}

func makeFile(_ string, sets []migrate.Set) (string, error) {
	dir, err := os.MkdirTemp("", "kosmos-dbtest-")
	if err != nil {
		return "", err
	}
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite", dir)
	if err != nil {
		return "", err
	}
	if err := migrate.Up(ctx, d, sets...); err != nil {
		return "", err
	}
	if _, err := d.Writer().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return "", err
	}
	return filepath.Join(dir, db.FileName), d.Close()
}

func makeDatabase(h string, sets []migrate.Set) (string, error) {
	base, err := server()
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("tpl_%s_%d", h, os.Getpid())
	if err := admin(base, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	ctx := context.Background()
	d, err := db.Open(ctx, withDatabase(base, name), "")
	if err != nil {
		return "", err
	}
	err = migrate.Up(ctx, d, sets...)
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return name, err
}

func hash(sets []migrate.Set) string {
	h := sha256.New()
	for _, s := range sets {
		_, _ = fmt.Fprintln(h, s.Room)
		_ = fs.WalkDir(s.FS, ".", func(p string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				raw, _ := fs.ReadFile(s.FS, p)
				_, _ = fmt.Fprintln(h, p, len(raw))
				_, _ = h.Write(raw)
			}
			return nil
		})
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

func open(t testing.TB, target, dir string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), target, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// admin runs one statement on the server's maintenance database. CREATE DATABASE … TEMPLATE fails while another
// session copies the same template, so copies are made one at a time.
func admin(base, statement string) error {
	adminMu.Lock()
	defer adminMu.Unlock()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, withDatabase(base, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

var adminMu sync.Mutex

func withDatabase(base, name string) string {
	head, query, _ := strings.Cut(base, "?")
	scheme, rest, _ := strings.Cut(head, "://")
	host, _, _ := strings.Cut(rest, "/")
	if query != "" {
		query = "?" + query
	}
	return scheme + "://" + host + "/" + name + query
}
