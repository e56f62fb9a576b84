package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Dialect names the engine.
type Dialect string

// The two engines.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Rows walks a result; it is what scany's dbscan asks for.
type Rows interface {
	Close() error
	Err() error
	Next() bool
	Columns() ([]string, error)
	Scan(dest ...any) error
	NextResultSet() bool
}

// Row is the first row of a result; Scan returns ErrNoRows when there is none.
type Row interface {
	Scan(dest ...any) error
}

// Querier runs statements: *DB for reads, *Tx inside a transaction. Exec returns the rows affected.
type Querier interface {
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	Query(ctx context.Context, query string, args ...any) (Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) Row
	Dialect() Dialect
}

// ErrNoRows says that a row asked for is not there.
var ErrNoRows = errors.New("db: no rows")

// errInsideTx is what a pool call inside a transaction answers: it would deadlock SQLite's writer or read around the
// transaction.
var errInsideTx = errors.New("db: the pool was used inside a transaction; use the tx")

// DB is an open store.
type DB struct {
	dialect Dialect
	write   *sql.DB   // SQLite: the single writer
	read    *sql.DB   // SQLite: the readers
	texts   *prepared // of the readers
	check   *checkpointer
	pool    *pgxpool.Pool
	onSlow  atomic.Pointer[func(time.Duration)]
}

// Dialect names the engine.
func (d *DB) Dialect() Dialect { return d.dialect }

// Pool gives the pgx pool for the job queue's driver; nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// Writer gives SQLite's single-writer handle for the job queue's driver and migrations; nil on PostgreSQL.
func (d *DB) Writer() *sql.DB { return d.write }

// OnSlowTx is called with the duration of each transaction that was open for more than 250 ms.
func (d *DB) OnSlowTx(fn func(time.Duration)) { d.onSlow.Store(&fn) }

// Ping tells whether the store answers.
func (d *DB) Ping(ctx context.Context) error {
	if d.dialect == Postgres {
		return d.pool.Ping(ctx)
	}
	return d.read.PingContext(ctx)
}

// Close closes every handle.
func (d *DB) Close() error {
	if d.dialect == Postgres {
		d.pool.Close()
		return nil
	}
	return errors.Join(d.check.close(), d.read.Close(), d.write.Close())
}

// Exec runs a single writing statement outside any transaction.
func (d *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if inTx(ctx) {
		return 0, errInsideTx
	}
	if d.dialect == Postgres {
		tag, err := d.pool.Exec(ctx, query, pgArgs(args)...)
		return tag.RowsAffected(), err
	}
	return affected(d.write.ExecContext(ctx, query, args...))
}

// Query reads from the pool.
func (d *DB) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	if inTx(ctx) {
		return nil, errInsideTx
	}
	if d.dialect == Postgres {
		rows, err := d.pool.Query(ctx, query, pgArgs(args)...)
		return pgRows{rows}, err
	}
	return d.texts.query(ctx, query, args)
}

// QueryRow reads one row from the pool.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) Row {
	rows, err := d.Query(ctx, query, args...)
	return firstRow{rows, err}
}

// Tx runs fn in a writing transaction and commits when it returns nil. The context given to fn marks the transaction:
// pass it on, never the outer one. No network, hashing, file parsing or pool use inside.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if inTx(ctx) {
		return errInsideTx
	}
	tx, err := d.begin(ctx)
	if err != nil {
		return fmt.Errorf("db: begin: %w", err)
	}
	start := time.Now() //nolint:forbidigo // a duration, not a point in time
	defer func() {
		if p := recover(); p != nil {
			tx.rollback()
			panic(p)
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, tx), tx); err != nil {
		tx.rollback()
		return err
	}
	if err := tx.commit(ctx); err != nil {
		tx.rollback()
		return fmt.Errorf("db: commit: %w", err)
	}
	if d.check != nil {
		d.check.committed(time.Now()) //nolint:forbidigo // for a duration, not a point in time
	}
	if took := time.Since(start); took > 250*time.Millisecond { //nolint:forbidigo // a duration, not a point in time
		if slow := d.onSlow.Load(); slow != nil {
			(*slow)(took)
		}
	}
	for _, after := range tx.after {
		after()
	}
	return nil
}

func (d *DB) begin(ctx context.Context) (*Tx, error) {
	if d.dialect == Postgres {
		tx, err := d.pool.BeginTx(ctx, pgx.TxOptions{})
		return &Tx{dialect: Postgres, pg: tx}, err
	}
	d.check.finish(ctx, d.write)
	tx, err := d.write.BeginTx(ctx, nil)
	return &Tx{dialect: SQLite, lite: tx}, err
}

type txKey struct{}

func inTx(ctx context.Context) bool { return ctx.Value(txKey{}) != nil }

func affected(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Args collects the arguments of a statement that is put together from parts.
type Args struct {
	Values []any
}

// Add appends a value and returns its placeholder.
func (a *Args) Add(v any) string {
	a.Values = append(a.Values, v)
	return fmt.Sprintf("$%d", len(a.Values))
}

// In appends values and returns "($1,$2,…)"; no values give "(NULL)", which matches nothing.
func In[T any](a *Args, values []T) string {
	if len(values) == 0 {
		return "(NULL)"
	}
	var b strings.Builder
	for i, v := range values {
		b.WriteByte(",("[btoi(i == 0)])
		b.WriteString(a.Add(v))
	}
	b.WriteByte(')')
	return b.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
