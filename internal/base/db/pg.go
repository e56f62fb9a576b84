package db

import (
	"database/sql/driver"
	"reflect"

	"github.com/jackc/pgx/v5"
)

// pgRows gives pgx rows the shape of database/sql's.
type pgRows struct{ pgx.Rows }

// Close closes the result and tells the statement's error.
func (r pgRows) Close() error {
	r.Rows.Close()
	return r.Err()
}

// Columns names the columns.
func (r pgRows) Columns() ([]string, error) {
	fields := r.FieldDescriptions()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names, nil
}

// NextResultSet is always false: one statement, one result.
func (pgRows) NextResultSet() bool { return false }

// pgArgs turns driver.Valuers and named basic types into the plain values pgx encodes for any column type.
func pgArgs(args []any) []any {
	if len(args) == 0 {
		return args
	}
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = plain(a)
	}
	return out
}

func plain(a any) any {
	switch v := a.(type) {
	case nil, int64, string, bool, []byte, float64, int:
		return a
	case driver.Valuer:
		if rv := reflect.ValueOf(a); rv.Kind() == reflect.Pointer && rv.IsNil() {
			return nil
		}
		if x, err := v.Value(); err == nil {
			return x
		}
		return a
	}
	rv := reflect.ValueOf(a)
	switch rv.Kind() { //nolint:exhaustive // every other kind is passed on as it is
	case reflect.String:
		return rv.String()
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return rv.Int()
	case reflect.Bool:
		return rv.Bool()
	case reflect.Pointer:
		if rv.IsNil() {
			return nil
		}
		return plain(rv.Elem().Interface())
	}
	return a
}
