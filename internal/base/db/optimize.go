package db

import (
	"context"
	"strings"
)

// Optimize tells the planner how the tables look now. Call it after a bulk load: until then lists may be read by the
// wrong index. Never inside a transaction.
func (d *DB) Optimize(ctx context.Context) error {
	statement := "PRAGMA optimize"
	if d.dialect == Postgres {
		statement = "ANALYZE"
	}
	_, err := d.Exec(ctx, statement)
	return err
}

// outgrown lists the tables that have become more than eight times as long since PostgreSQL last looked at them.
const outgrown = `SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
	AND pg_relation_size(oid) / current_setting('block_size')::bigint > 8 * relpages + 1 ORDER BY 1`

// Freshen is Optimize in the middle of a bulk load, for the tables that have outgrown what PostgreSQL knows of them. A
// table of which it remembers a handful of rows is read whole for every key asked for: the first import of 100,000 rows
// took minutes. The server looks by itself, too, but only once a minute. Call it between transactions, now and then.
func (d *DB) Freshen(ctx context.Context) error {
	if d.dialect != Postgres {
		return nil // SQLite's statements name their index or are written to need no statistics
	}
	tables, err := All[string](ctx, d, outgrown)
	if err != nil || len(tables) == 0 {
		return err
	}
	_, err = d.Exec(ctx, "ANALYZE (SKIP_LOCKED) "+strings.Join(tables, ", "))
	return err
}
