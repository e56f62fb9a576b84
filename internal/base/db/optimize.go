package db

import "context"

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
