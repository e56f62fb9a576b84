package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// maxParams bounds one bulk statement. modernc's driver looks each parameter up in a list, so long lists cost
// quadratically; PostgreSQL is happy with thousands.
const (
	maxParamsSQLite   = 120
	maxParamsPostgres = 8000
)

// Insert writes rows in few statements: INSERT INTO table (cols) VALUES … suffix, where suffix is "" or an ON CONFLICT
// clause. Rows must already be sorted by the conflict key (unsorted upserts deadlock on PostgreSQL) and hold no key
// twice. It returns the rows affected.
func Insert(ctx context.Context, q Querier, table string, cols []string, rows [][]any, suffix string) (int64, error) {
	limit := maxParamsSQLite
	if q.Dialect() == Postgres {
		limit = maxParamsPostgres
	}
	chunk := max(1, limit/len(cols))
	var total int64
	var text string
	textRows := 0
	for len(rows) > 0 {
		n := min(chunk, len(rows))
		if n != textRows {
			text, textRows = insertText(q.Dialect(), table, cols, n, suffix), n
		}
		args := make([]any, 0, n*len(cols))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		k, err := q.Exec(ctx, text, args...)
		if err != nil {
			return total, fmt.Errorf("db: insert into %s: %w", table, err)
		}
		total += k
		rows = rows[n:]
	}
	return total, nil
}

// Copy bulk-loads rows that cannot conflict: COPY on PostgreSQL, multi-row inserts on SQLite.
func Copy(ctx context.Context, tx *Tx, table string, cols []string, rows [][]any) error {
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

// insertText writes the statement for n rows. SQLite gets anonymous "?" marks: with "$n" modernc compares the names of
// all arguments for each parameter.
func insertText(d Dialect, table string, cols []string, n int, suffix string) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + table + " (" + strings.Join(cols, ", ") + ") VALUES ")
	p := 0
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j := range cols {
			if j > 0 {
				b.WriteByte(',')
			}
			if d == SQLite {
				b.WriteByte('?')
			} else {
				p++
				fmt.Fprintf(&b, "$%d", p)
			}
		}
		b.WriteByte(')')
	}
	if suffix != "" {
		b.WriteString(" " + suffix)
	}
	return b.String()
}

// NoRows tells whether err says that the row asked for is not there.
func NoRows(err error) bool { return errors.Is(err, ErrNoRows) }
