package db

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Violation names the unique index that err broke, "" when err is something else. Indexes are named
// uq_<table>__<col>__<col> without brand_id; a primary key answers pk_<table>.
func Violation(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if pg.Code != "23505" {
			return ""
		}
		if t, ok := strings.CutSuffix(pg.ConstraintName, "_pkey"); ok {
			return "pk_" + t
		}
		return pg.ConstraintName
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE:
			return sqliteIndex(lite.Error(), lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
		}
	}
	return ""
}

// sqliteIndex rebuilds the index name from "UNIQUE constraint failed: t.brand_id, t.a, t.b" or takes it from
// "… index 'uq_…'" (expression and partial indexes).
func sqliteIndex(msg string, primary bool) string {
	if _, rest, ok := strings.Cut(msg, "index '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		return name
	}
	_, list, ok := strings.Cut(msg, "constraint failed: ")
	if _, after, again := strings.Cut(list, "constraint failed: "); again {
		list = after
	}
	if !ok {
		return ""
	}
	if i := strings.LastIndex(list, " ("); i >= 0 {
		list = list[:i]
	}
	table, name := "", ""
	for c := range strings.SplitSeq(list, ", ") {
		t, col, _ := strings.Cut(c, ".")
		table = t
		if col != "brand_id" {
			name += "__" + col
		}
	}
	if primary {
		return "pk_" + table
	}
	return "uq_" + table + name
}
