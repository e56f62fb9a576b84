package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite" // the pure-Go SQLite driver registers itself
)

// FileName is the SQLite store inside the data directory.
const FileName = "kosmos.db"

// Open opens the store: target "sqlite" (DATA/kosmos.db) or a postgres:// URL. It creates the directory, not the
// schema; see package migrate.
func Open(ctx context.Context, target, dataDir string) (*DB, error) {
	switch {
	case target == "" || target == string(SQLite):
		if err := os.MkdirAll(dataDir, 0o700); err != nil {
			return nil, fmt.Errorf("db: data directory: %w", err)
		}
		return openSQLite(ctx, filepath.Join(dataDir, FileName))
	case strings.HasPrefix(target, "postgres://"), strings.HasPrefix(target, "postgresql://"):
		return openPostgres(ctx, target)
	default:
		return nil, fmt.Errorf("db: %q is neither \"sqlite\" nor a postgres:// URL", target)
	}
}

// openSQLite opens one writer, four readers, and a connection for checkpoints. busy_timeout comes first so that even switching to WAL waits for
// another process; writers begin IMMEDIATE, so a transaction never fails half-way for want of the lock.
func openSQLite(ctx context.Context, path string) (*DB, error) {
	dsn := func(extra string) string {
		pragmas := []string{"busy_timeout(30000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)", "temp_store(MEMORY)"}
		v := url.Values{}
		for _, p := range append(pragmas, extra) {
			v.Add("_pragma", p)
		}
		v.Set("_txlock", "immediate")
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
	}
	// See checkpointer: SQLite's own checkpoint is for when that one could not.
	write, err := sql.Open("sqlite", dsn("cache_size(-65536)")+"&_pragma=wal_autocheckpoint(65536)&_pragma=journal_size_limit(134217728)")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil { // creates the file and WAL before the readers come
		_ = write.Close()
		return nil, fmt.Errorf("db: open %s: %w", path, err)
	}
	read, err := sql.Open("sqlite", dsn("cache_size(-8192)")+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	check, err := sql.Open("sqlite", dsn("cache_size(-64)")+"&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		return nil, err
	}
	check.SetMaxOpenConns(1)
	return &DB{dialect: SQLite, write: write, read: read, texts: newPrepared(read), check: &checkpointer{conn: check}}, nil
}

func openPostgres(ctx context.Context, target string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(target)
	if err != nil {
		return nil, fmt.Errorf("db: postgres URL: %w", err)
	}
	if !strings.Contains(target, "pool_max_conns") {
		cfg.MaxConns = 16
	}
	cfg.MaxConnIdleTime = 5 * time.Minute
	// A generic plan made while a table is empty stays until the next ANALYZE: a first import of 100,000 rows would walk
	// the growing table for every batch.
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "SET plan_cache_mode = force_custom_plan")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("db: connect: %w", err)
	}
	return &DB{dialect: Postgres, pool: pool}, nil
}
