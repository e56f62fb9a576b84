package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Parameters of one bulk statement. SQLite runs long statements best, but parsing them pays only for many rows.
const (
	paramsPostgres = 8000
	paramsSQLite   = 640
	paramsFew      = 120
	few            = 200 // rows
)

func chunkRows(d Dialect, rows, cols int) int {
	limit := paramsSQLite
	switch {
	case d == Postgres:
		limit = paramsPostgres
	case rows < few:
		limit = paramsFew
	}
	return max(1, limit/cols)
}

// Insert writes rows in few statements: INSERT INTO table (cols) VALUES … suffix, where suffix is "" or an ON CONFLICT
// clause. Rows must already be sorted by the conflict key (unsorted upserts deadlock on PostgreSQL) and hold no key
// twice. It returns the rows affected.
func Insert(ctx context.Context, q Querier, table string, cols []string, rows [][]any, suffix string) (int64, error) {
	w := bulkWriter{q: q, table: table, cols: cols, suffix: suffix}
	if q.Dialect() == Postgres && len(rows) > fewArrays {
		return w.arrays(ctx, rows)
	}
	return w.values(ctx, rows)
}

// values writes the rows as lists of VALUES.
func (w *bulkWriter) values(ctx context.Context, rows [][]any) (int64, error) {
	q, cols := w.q, w.cols
	if q.Dialect() == SQLite && len(rows) >= few {
		w.same = sameColumns(rows)
		for j := range cols {
			if _, ok := w.same[j]; !ok {
				w.vary = append(w.vary, j)
			}
		}
	}
	chunk := chunkRows(q.Dialect(), len(rows), max(1, len(cols)-len(w.same)))
	defer w.close()
	var total int64
	for part := range slices.Chunk(rows, chunk) {
		k, err := w.write(ctx, part, len(rows) >= 2*chunk)
		if err != nil {
			return total, fmt.Errorf("db: insert into %s: %w", w.table, err)
		}
		total += k
	}
	return total, nil
}

// bulkWriter writes pieces of one insert. Inside SQLite's transaction the statement of full pieces is prepared once:
// parsing it costs as much as running it.
type bulkWriter struct {
	q      Querier
	table  string
	cols   []string
	suffix string
	same   map[int]string // columns with the same value in every row, and that value as SQL
	vary   []int          // the other columns, when there are any of those
	text   string
	rows   int // of text
	ready  *sql.Stmt
	args   []any
}

// sameColumns finds the columns that hold one and the same plain value in every row. Written into the statement they cost
// a third of a parameter.
func sameColumns(rows [][]any) map[int]string {
	same := map[int]string{}
	for j, v := range rows[0] {
		text := ""
		switch x := v.(type) {
		case nil:
			text = "NULL"
		case int64:
			text = strconv.FormatInt(x, 10)
		case bool:
			text = strconv.Itoa(btoi(x))
		case string:
			if len(x) <= 32 && !strings.ContainsAny(x, "'\x00") {
				text = "'" + x + "'"
			}
		}
		if text == "" {
			continue
		}
		same[j] = text
		for _, r := range rows[1:] {
			if r[j] != v {
				delete(same, j)
				break
			}
		}
	}
	return same
}

func (w *bulkWriter) write(ctx context.Context, rows [][]any, often bool) (int64, error) {
	if len(rows) != w.rows {
		w.close()
		w.text, w.rows = w.insertText(len(rows)), len(rows)
	}
	w.args = w.args[:0]
	for _, r := range rows {
		if len(w.same) == 0 {
			w.args = append(w.args, r...)
			continue
		}
		for _, j := range w.vary {
			w.args = append(w.args, r[j])
		}
	}
	tx, ok := w.q.(*Tx)
	if !ok || !often || tx.dialect != SQLite {
		return w.q.Exec(ctx, w.text, w.args...)
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	short := context.WithoutCancel(ctx) // the driver would start a watcher for each of these short statements
	if w.ready == nil {
		ready, err := tx.lite.PrepareContext(short, w.text)
		if err != nil {
			return 0, err
		}
		w.ready = ready
	}
	return affected(w.ready.ExecContext(short, w.args...))
}

// verb spares SQLite the journal of a statement that may fail half-way: a failed insert ends its transaction anyhow, as
// it must on PostgreSQL. Outside a transaction the statement itself has to be all or nothing.
func (w *bulkWriter) verb() string {
	if tx, ok := w.q.(*Tx); ok && tx.dialect == SQLite && w.suffix == "" {
		return "INSERT OR FAIL INTO "
	}
	return "INSERT INTO "
}

func (w *bulkWriter) close() {
	if w.ready != nil {
		_ = w.ready.Close()
		w.ready = nil
	}
}

// Copy bulk-loads rows that cannot conflict: COPY on PostgreSQL, multi-row inserts on SQLite.
func Copy(ctx context.Context, tx *Tx, table string, cols []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.dialect == SQLite {
		_, err := Insert(ctx, tx, table, cols, rows, "")
		return err
	}
	_, err := tx.pg.CopyFrom(ctx, pgx.Identifier{table}, cols, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		return pgArgs(rows[i]), nil
	}))
	if err != nil {
		return fmt.Errorf("db: copy into %s: %w", table, err)
	}
	return nil
}

// Repeat runs one statement for every row of arguments: prepared once on SQLite, sent together on PostgreSQL. For what
// no single statement says well on both.
func Repeat(ctx context.Context, tx *Tx, query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.dialect == Postgres {
		var b pgx.Batch
		for _, args := range rows {
			b.Queue(query, pgArgs(args)...)
		}
		return tx.pg.SendBatch(ctx, &b).Close()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	short := context.WithoutCancel(ctx) // see bulkWriter
	ready, err := tx.lite.PrepareContext(short, query)
	if err != nil {
		return err
	}
	defer func() { _ = ready.Close() }()
	for _, args := range rows {
		if _, err := ready.ExecContext(short, args...); err != nil {
			return err
		}
	}
	return nil
}

// insertText writes the statement for n rows. SQLite gets anonymous "?" marks: with "$n" modernc compares the names of
// all arguments for each parameter.
func (w *bulkWriter) insertText(n int) string {
	var b strings.Builder
	b.WriteString(w.verb() + w.table + " (" + strings.Join(w.cols, ", ") + ") VALUES ")
	p := 0
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range w.cols {
			if j > 0 {
				b.WriteByte(',')
			}
			if text, ok := w.same[j]; ok {
				b.WriteString(text)
			} else if w.q.Dialect() == SQLite {
				b.WriteByte('?')
			} else {
				p++
				fmt.Fprintf(&b, "$%d", p)
			}
		}
		b.WriteByte(')')
	}
	if w.suffix != "" {
		b.WriteString(" " + w.suffix)
	}
	return b.String()
}

// NoRows tells whether err says that the row asked for is not there.
func NoRows(err error) bool { return errors.Is(err, ErrNoRows) }
