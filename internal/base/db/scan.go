package db

import (
	"context"
	"errors"

	"github.com/georgysavva/scany/v2/dbscan"
)

// scanner maps result columns to struct fields by their `db:"col"` tag; a column without a field is an error.
var scanner = mustScanner()

func mustScanner() *dbscan.API {
	api, err := dbscan.NewAPI(dbscan.WithStructTagKey("db"))
	if err != nil {
		panic(err) // the options are constants
	}
	return api
}

// All reads every row into T (a struct with db tags, or a basic type for one column). No rows give an empty slice.
func All[T any](ctx context.Context, q Querier, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	out := []T{}
	err = scanner.ScanAll(&out, rows) // closes rows
	return out, err
}

// One reads the only row into T; ErrNoRows when there is none.
func One[T any](ctx context.Context, q Querier, query string, args ...any) (T, error) {
	var out T
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return out, err
	}
	err = scanner.ScanOne(&out, rows)
	if errors.Is(err, dbscan.ErrNotFound) {
		err = ErrNoRows
	}
	return out, err
}

// Each calls fn with every row of a result in turn, without holding the rows; T as in All.
func Each[T any](ctx context.Context, q Querier, fn func(T) error, query string, args ...any) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	rs := scanner.NewRowScanner(rows)
	for rows.Next() {
		var v T
		if err := rs.Scan(&v); err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}
