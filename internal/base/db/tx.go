package db

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
)

// Tx is an open writing transaction and a Querier.
type Tx struct {
	dialect Dialect
	lite    *sql.Tx
	pg      pgx.Tx
	after   []func()
}

// Dialect names the engine.
func (t *Tx) Dialect() Dialect { return t.dialect }

// SQL gives SQLite's transaction for the job queue; nil on PostgreSQL.
func (t *Tx) SQL() *sql.Tx { return t.lite }

// PGX gives PostgreSQL's transaction for the job queue; nil on SQLite.
func (t *Tx) PGX() pgx.Tx { return t.pg }

// AfterCommit runs fn once the transaction is durable (signals, caches); never on rollback.
func (t *Tx) AfterCommit(fn func()) { t.after = append(t.after, fn) }

// Exec runs a statement.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if t.dialect == Postgres {
		tag, err := t.pg.Exec(ctx, query, pgArgs(args)...)
		return tag.RowsAffected(), err
	}
	return affected(t.lite.ExecContext(ctx, query, args...))
}

// Query runs a reading statement.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	if t.dialect == Postgres {
		rows, err := t.pg.Query(ctx, query, pgArgs(args)...)
		return pgRows{rows}, err
	}
	return t.lite.QueryContext(ctx, query, args...)
}

// QueryRow runs a statement for its first row.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	rows, err := t.Query(ctx, query, args...)
	return firstRow{rows, err}
}

func (t *Tx) commit(ctx context.Context) error {
	if t.dialect == Postgres {
		return t.pg.Commit(ctx)
	}
	return t.lite.Commit()
}

func (t *Tx) rollback() {
	if t.dialect == Postgres {
		_ = t.pg.Rollback(context.Background())
		return
	}
	_ = t.lite.Rollback()
}

// firstRow adapts Rows to Row, so that both engines answer ErrNoRows alike.
type firstRow struct {
	rows Rows
	err  error
}

// Scan reads the first row and closes the result.
func (f firstRow) Scan(dest ...any) error {
	if f.err != nil {
		return f.err
	}
	defer func() { _ = f.rows.Close() }()
	if !f.rows.Next() {
		if err := f.rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	if err := f.rows.Scan(dest...); err != nil {
		return err
	}
	return f.rows.Close()
}
