package reflow

import (
	"context"
	"errors"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

const importCols = `brand_id, id, created_ms, user_id, user_name, user_kind, grants, source, file_name, file_size, sha256, blob_key,
	state, kind, platform, account_id, account_name, mapping, post_title, as_of_ms, as_of_source, row_count, total_items, done_items,
	inserted, updated, unchanged, error_count, warning_count, slug, params, understood, lease, lease_until_ms, started_ms, ended_ms`

func insertImport(ctx context.Context, tx *db.Tx, i *Import) error {
	_, err := tx.Exec(ctx, "INSERT INTO reflow_import ("+importCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
		$13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)`,
		i.BrandID, int64(i.ID), i.Created, int64(i.UserID), i.UserName, i.UserKind, text(i.Grants), i.Source, i.FileName, i.FileSize, i.SHA256, i.BlobKey,
		i.State, i.Kind, i.Platform, int64(i.AccountID), i.AccountName, i.Mapping, i.PostTitle, int64(i.AsOf), i.AsOfSource, i.Rows, i.Total, i.DoneItems,
		i.Inserted, i.Updated, i.Unchanged, i.Errors, i.Warnings, i.Slug, text(i.Params), text(i.Understood), i.Lease, int64(i.LeaseUntil), int64(i.Started), int64(i.Ended))
	return err
}

// text writes JSON that is never NULL.
func text(raw string) string {
	if raw == "" {
		return "{}"
	}
	return raw
}

// savePreview writes what a new look at the file found, as long as nobody applied it meanwhile.
func savePreview(ctx context.Context, tx *db.Tx, i *Import) error {
	n, err := tx.Exec(ctx, `UPDATE reflow_import SET state = $1, kind = $2, platform = $3, account_id = $4, account_name = $5, mapping = $6,
		post_title = $7, as_of_ms = $8, as_of_source = $9, row_count = $10, total_items = $11, inserted = $12, updated = $13, unchanged = $14,
		error_count = $15, warning_count = $16, slug = $17, params = $18, understood = $19
		WHERE brand_id = $20 AND id = $21 AND state IN ('waiting', 'ready')`,
		i.State, i.Kind, i.Platform, int64(i.AccountID), i.AccountName, i.Mapping, i.PostTitle, int64(i.AsOf), i.AsOfSource, i.Rows, i.Total,
		i.Inserted, i.Updated, i.Unchanged, i.Errors, i.Warnings, i.Slug, text(i.Params), text(i.Understood), i.BrandID, int64(i.ID))
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "reflow.already_applied")
	}
	return err
}

func getImport(ctx context.Context, q db.Querier, brand, imp id.ID) (Import, error) {
	i, err := db.One[Import](ctx, q, "SELECT "+importCols+" FROM reflow_import WHERE brand_id = $1 AND id = $2", brand, int64(imp))
	if errors.Is(err, db.ErrNoRows) {
		return i, errs.New(errs.NotFound, "reflow.no_import")
	}
	return i, err
}

// setState moves an import on; false when it was not in the state it should have been in.
func setState(ctx context.Context, tx *db.Tx, brand, imp id.ID, from, to State) (bool, error) {
	if !from.may(to) {
		return false, errs.New(errs.Conflict, "reflow.wrong_state", "state", string(from))
	}
	n, err := tx.Exec(ctx, "UPDATE reflow_import SET state = $1 WHERE brand_id = $2 AND id = $3 AND state = $4", to, brand, int64(imp), from)
	return n == 1, err
}

// takeLease makes the caller the one who works on the import. force takes it from a process that is believed dead
// although its time is not up.
func takeLease(ctx context.Context, tx *db.Tx, i *Import, lease string, now, until clock.Ms, force bool) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE reflow_import SET lease = $1, lease_until_ms = $2, started_ms = CASE WHEN started_ms = 0 THEN $3 ELSE started_ms END
		WHERE brand_id = $4 AND id = $5 AND state = $6 AND (lease = '' OR lease_until_ms < $7 OR $8 = 1)`,
		lease, int64(until), int64(now), i.BrandID, int64(i.ID), i.State, int64(now), flag(force))
	return n == 1, err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// keepLease is the first statement of every transaction that works on an import: it locks the row and fails when the
// work was given to somebody else.
func keepLease(ctx context.Context, tx *db.Tx, i *Import, until clock.Ms) error {
	n, err := tx.Exec(ctx, "UPDATE reflow_import SET lease_until_ms = $1 WHERE brand_id = $2 AND id = $3 AND lease = $4 AND state = $5",
		int64(until), i.BrandID, int64(i.ID), i.Lease, i.State)
	if err == nil && n == 0 {
		return errLeaseLost
	}
	return err
}

// dropLease lets others go on at once.
func dropLease(ctx context.Context, q db.Querier, i *Import) error {
	_, err := q.Exec(ctx, "UPDATE reflow_import SET lease = '', lease_until_ms = 0 WHERE brand_id = $1 AND id = $2 AND lease = $3", i.BrandID, int64(i.ID), i.Lease)
	return err
}

// errLeaseLost says that another process took the work over.
var errLeaseLost = errors.New("reflow: the work on this import was given to another process")

// saveProgress writes how far an import is, in the transaction of the batch.
func saveProgress(ctx context.Context, tx *db.Tx, i *Import) error {
	_, err := tx.Exec(ctx, `UPDATE reflow_import SET done_items = $1, inserted = $2, updated = $3, unchanged = $4, row_count = $5, total_items = $6,
		error_count = $7, warning_count = $8 WHERE brand_id = $9 AND id = $10`,
		i.DoneItems, i.Inserted, i.Updated, i.Unchanged, i.Rows, i.Total, i.Errors, i.Warnings, i.BrandID, int64(i.ID))
	return err
}

// endImport writes the last state and lets the lease go.
func endImport(ctx context.Context, tx *db.Tx, i *Import, to State, now clock.Ms) error {
	n, err := tx.Exec(ctx, `UPDATE reflow_import SET state = $1, ended_ms = $2, slug = $3, params = $4, lease = '', lease_until_ms = 0
		WHERE brand_id = $5 AND id = $6 AND state = $7 AND lease = $8`, to, int64(now), i.Slug, text(i.Params), i.BrandID, int64(i.ID), i.State, i.Lease)
	if err == nil && n == 0 {
		return errLeaseLost
	}
	return err
}

func addBatch(ctx context.Context, tx *db.Tx, i *Import, batch id.ID) error {
	_, err := tx.Exec(ctx, "INSERT INTO reflow_batch (brand_id, import_id, id) VALUES ($1, $2, $3)", i.BrandID, int64(i.ID), int64(batch))
	return err
}

// lastBatch gives the newest batch not yet taken back, 0 when there is none.
func lastBatch(ctx context.Context, q db.Querier, i *Import) (id.ID, error) {
	b, err := db.One[int64](ctx, q, "SELECT id FROM reflow_batch WHERE brand_id = $1 AND import_id = $2 ORDER BY id DESC LIMIT 1", i.BrandID, int64(i.ID))
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil
	}
	return id.ID(b), err
}

func dropBatch(ctx context.Context, tx *db.Tx, i *Import, batch id.ID) error {
	_, err := tx.Exec(ctx, "DELETE FROM reflow_batch WHERE brand_id = $1 AND import_id = $2 AND id = $3", i.BrandID, int64(i.ID), int64(batch))
	return err
}

// unfinished finds an import of the same content for the same account that a dead process left half-written.
func unfinished(ctx context.Context, q db.Querier, like *Import) (Import, bool, error) {
	i, err := db.One[Import](ctx, q, "SELECT "+importCols+` FROM reflow_import WHERE brand_id = $1 AND sha256 = $2 AND account_id = $3
		AND state = 'applying' AND source = $4 AND (as_of_ms = $5 OR $6 <> 'given') ORDER BY id DESC LIMIT 1`,
		like.BrandID, like.SHA256, int64(like.AccountID), like.Source, int64(like.AsOf), like.AsOfSource)
	if errors.Is(err, db.ErrNoRows) {
		return i, false, nil
	}
	return i, err == nil, err
}

// stale lists the imports of a brand that should be worked on and are not.
func stale(ctx context.Context, q db.Querier, brand id.ID, now clock.Ms) ([]Import, error) {
	return db.All[Import](ctx, q, "SELECT "+importCols+` FROM reflow_import WHERE brand_id = $1 AND state IN ('applying', 'undoing', 'failing')
		AND lease_until_ms < $2 ORDER BY id LIMIT 100`, brand, int64(now))
}

// listImports reads a page, newest first. user limits it to one person's own imports; 0 does not.
func listImports(ctx context.Context, q db.Querier, brand, user, before id.ID, limit int) ([]Import, error) {
	var a db.Args
	sql := "SELECT " + importCols + " FROM reflow_import WHERE brand_id = " + a.Add(brand)
	if user != 0 {
		sql += " AND user_id = " + a.Add(int64(user))
	}
	if before != 0 {
		sql += " AND id < " + a.Add(int64(before))
	}
	return db.All[Import](ctx, q, sql+" ORDER BY id DESC LIMIT "+a.Add(limit), a.Values...)
}

// expired lists imports whose file has been kept long enough.
func expired(ctx context.Context, q db.Querier, brand id.ID, before clock.Ms) ([]Import, error) {
	return db.All[Import](ctx, q, "SELECT "+importCols+` FROM reflow_import WHERE brand_id = $1 AND created_ms < $2 AND blob_key <> ''
		AND state NOT IN ('applying', 'undoing', 'failing') ORDER BY id LIMIT 500`, brand, int64(before))
}

func forgetBlob(ctx context.Context, tx *db.Tx, brand, imp id.ID) error {
	_, err := tx.Exec(ctx, "UPDATE reflow_import SET blob_key = '' WHERE brand_id = $1 AND id = $2", brand, int64(imp))
	return err
}

func deleteImport(ctx context.Context, tx *db.Tx, brand, imp id.ID) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM reflow_import WHERE brand_id = $1 AND id = $2 AND state IN ('waiting', 'ready')", brand, int64(imp))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, "DELETE FROM reflow_fault WHERE brand_id = $1 AND import_id = $2", brand, int64(imp))
	return true, err
}

func clearFaults(ctx context.Context, tx *db.Tx, brand, imp id.ID) error {
	_, err := tx.Exec(ctx, "DELETE FROM reflow_fault WHERE brand_id = $1 AND import_id = $2", brand, int64(imp))
	return err
}

// addFaults appends faults from seq on.
func addFaults(ctx context.Context, tx *db.Tx, brand, imp id.ID, seq int, faults []Fault) error {
	rows := make([][]any, len(faults))
	for n, f := range faults {
		rows[n] = []any{brand, int64(imp), seq + n, f.Row, f.Sheet, f.Column, f.Slug, text(f.Params), f.Warning}
	}
	_, err := db.Insert(ctx, tx, "reflow_fault", []string{"brand_id", "import_id", "seq", "row_no", "sheet", "column_name", "slug", "params", "warning"}, rows, "")
	return err
}

func countFaults(ctx context.Context, q db.Querier, brand, imp id.ID) (int, error) {
	return db.One[int](ctx, q, "SELECT CAST(COALESCE(MAX(seq) + 1, 0) AS BIGINT) FROM reflow_fault WHERE brand_id = $1 AND import_id = $2", brand, int64(imp))
}

// listFaults reads faults behind seq, in file order.
func listFaults(ctx context.Context, q db.Querier, brand, imp id.ID, after, limit int) ([]Fault, error) {
	return db.All[Fault](ctx, q, `SELECT row_no, sheet, column_name, slug, params, warning FROM reflow_fault
		WHERE brand_id = $1 AND import_id = $2 AND seq > $3 ORDER BY seq LIMIT $4`, brand, int64(imp), after, limit)
}

// Source is how fresh the figures of one kind of file are.
type Source struct {
	Kind     string   `db:"kind" json:"kind"`
	Platform string   `db:"platform" json:"platform"`
	AsOf     clock.Ms `db:"as_of" json:"as_of"`
	Imported clock.Ms `db:"imported" json:"imported_at"`
	Imports  int      `db:"imports" json:"imports"`
}

func sources(ctx context.Context, q db.Querier, brand id.ID) ([]Source, error) {
	return db.All[Source](ctx, q, `SELECT kind, platform, MAX(as_of_ms) AS as_of, MAX(ended_ms) AS imported, COUNT(*) AS imports FROM reflow_import
		WHERE brand_id = $1 AND state = 'done' GROUP BY kind, platform ORDER BY platform, kind`, brand)
}
