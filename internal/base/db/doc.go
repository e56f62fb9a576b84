// Package db is the one door to the store: SQLite (one writer, four readers) or PostgreSQL (a pgx pool), with one SQL
// text for both. Statements use $1…$n. Reads go through *DB, writes through Tx; inside a Tx the pool is out of bounds.
//
// The dialect seam is kept narrow: Dialect() exists for the few places where the engines truly differ (bulk copy,
// locks, delta folding), never for a room's ordinary SQL.
package db
