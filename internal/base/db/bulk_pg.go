package db

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
)

const (
	// fewArrays is the number of rows up to which a statement of VALUES is used: there are so few texts of those that
	// all of them are kept.
	fewArrays = 3
	// rowsArrays bounds the rows of one statement, and with them the memory it takes.
	rowsArrays = 5000
)

// arrayTypes are the column types that arrays of plain values are passed as.
const (
	bigints  = "bigint"
	texts    = "text"
	booleans = "boolean"
	byteas   = "bytea"
)

// columns are the rows of one insert as PostgreSQL takes them best: each column is one parameter, so that the text is
// the same for every number of rows. It is parsed and described once per connection, and planned like a short one.
type columns struct {
	rows  [][]any // of plain values
	types []string
	same  []bool // the column holds one value in every row
}

// columnsOf gives rows as columns; ok is false where a value is none of the plain ones.
func columnsOf(rows [][]any, n int) (c columns, ok bool) {
	c = columns{rows: make([][]any, len(rows)), types: make([]string, n), same: make([]bool, n)}
	for i, r := range rows {
		c.rows[i] = pgArgs(r)
	}
	for j := range n {
		c.same[j] = true
		for i, r := range c.rows {
			t, known := arrayType(r[j])
			if !known || t != "" && c.types[j] != "" && t != c.types[j] {
				return c, false
			}
			if t != "" {
				c.types[j] = t
			}
			c.same[j] = c.same[j] && (i == 0 || t != byteas && r[j] == c.rows[0][j])
		}
		if c.types[j] == byteas {
			c.same[j] = false
		}
	}
	return c, true
}

func arrayType(v any) (t string, known bool) {
	switch v.(type) {
	case nil:
		return "", true
	case int64, int:
		return bigints, true
	case string:
		return texts, true
	case bool:
		return booleans, true
	case []byte:
		return byteas, true
	}
	return "", false
}

// insertText writes INSERT … SELECT from the columns, and their arguments.
func (c columns) insertText(table string, cols []string, suffix string) (text string, args []any) {
	var picks, arrays, names []string
	for j, t := range c.types {
		switch {
		case t == "":
			picks = append(picks, "NULL")
		case c.same[j]:
			args = append(args, c.rows[0][j])
			picks = append(picks, "$"+strconv.Itoa(len(args))+"::"+t)
		default:
			args = append(args, column{c.rows, j})
			arrays = append(arrays, "$"+strconv.Itoa(len(args))+"::"+t+"[]")
			names = append(names, "c"+strconv.Itoa(j))
			picks = append(picks, "u.c"+strconv.Itoa(j))
		}
	}
	if len(arrays) == 0 {
		return "", nil
	}
	return "INSERT INTO " + table + " (" + strings.Join(cols, ", ") + ") SELECT " + strings.Join(picks, ", ") +
		" FROM unnest(" + strings.Join(arrays, ", ") + ") AS u(" + strings.Join(names, ", ") + ") " + suffix, args
}

// arrays writes the rows as columns, rowsArrays at a time.
func (w *bulkWriter) arrays(ctx context.Context, rows [][]any) (int64, error) {
	var total int64
	for part := range slices.Chunk(rows, rowsArrays) {
		n, err := w.someArrays(ctx, part)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// someArrays writes at most rowsArrays rows; values that are no plain ones go the other way.
func (w *bulkWriter) someArrays(ctx context.Context, rows [][]any) (int64, error) {
	c, ok := columnsOf(rows, len(w.cols))
	if !ok {
		return w.values(ctx, rows)
	}
	text, args := c.insertText(w.table, w.cols, w.suffix)
	if text == "" {
		return w.values(ctx, rows)
	}
	n, err := w.q.Exec(ctx, text, args...)
	if err != nil {
		return 0, fmt.Errorf("db: insert into %s: %w", w.table, err)
	}
	return n, nil
}

// column is one column of rows as an array; it implements pgtype.ArrayGetter without copying the values.
type column struct {
	rows [][]any
	j    int
}

// Dimensions implements pgtype.ArrayGetter.
func (c column) Dimensions() []pgtype.ArrayDimension {
	return []pgtype.ArrayDimension{{Length: int32(min(len(c.rows), rowsArrays)), LowerBound: 1}}
}

// Index implements pgtype.ArrayGetter.
func (c column) Index(i int) any { return c.rows[i][c.j] }

// IndexType implements pgtype.ArrayGetter.
func (c column) IndexType() any {
	for _, r := range c.rows {
		if v := r[c.j]; v != nil {
			return v
		}
	}
	return nil
}
