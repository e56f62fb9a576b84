package product

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// ImportState is where an import stands: ready → applying → done → undoing → undone, or discarded before it was applied.
type ImportState string

// The states of an import.
const (
	ImportReady     ImportState = "ready"
	ImportApplying  ImportState = "applying"
	ImportDone      ImportState = "done"
	ImportUndoing   ImportState = "undoing"
	ImportUndone    ImportState = "undone"
	ImportDiscarded ImportState = "discarded"
)

// Import is a sheet on its way in: what it would do, how far that is, and what was wrong with rows.
type Import struct {
	ID        id.ID       `db:"id"`
	Kind      ImportKind  `db:"kind"`
	FileName  string      `db:"file_name"`
	State     ImportState `db:"state"`
	Rows      int64       `db:"row_count"`
	Added     int64       `db:"added"`
	Changed   int64       `db:"changed"`
	Same      int64       `db:"same"`
	Faulty    int64       `db:"fault_count"`
	FaultJSON string      `db:"faults"`
	Done      int64       `db:"done"`
	Kept      int64       `db:"kept"`
	UndoCheck id.ID       `db:"undo_check"`
	UserID    id.ID       `db:"user_id"`
	UserName  string      `db:"user_name"`
	CreatedAt clock.Ms    `db:"created_at"`
	AppliedAt clock.Ms    `db:"applied_at"`
	UndoneAt  clock.Ms    `db:"undone_at"`
	Faults    []RowFault  `db:"-"`
}

const importColumns = `id, kind, file_name, state, row_count, added, changed, same, fault_count, faults, done, kept, undo_check, user_id, user_name, created_at, applied_at, undone_at`

// permOf is the right that an import of a kind needs.
func permOf(kind ImportKind) string {
	switch kind {
	case SheetPrices:
		return permPrice
	case SheetStock:
		return permStock
	case SheetProducts:
	}
	return permWrite
}

// Read takes a sheet, works out what it would do and keeps that; nothing else is written until Apply. Errors: those of
// package sheet, product.sheet_columns, product.sheet_empty, product.kind, product.region_prices, product.whole_brand.
func (s *Service) Read(ctx context.Context, actor authz.Actor, kind ImportKind, name string, data []byte, heads map[string]string) (Import, error) {
	if columnsOf(kind) == nil {
		return Import{}, errs.Bad().Field("kind", "product.kind")
	}
	if !actor.Can(permOf(kind)) {
		return Import{}, errs.New(errs.Forbidden, "product.import_forbidden")
	}
	t, err := readTable(kind, data, heads)
	if err != nil {
		return Import{}, err
	}
	p, err := s.plan(ctx, actor, t)
	if err != nil {
		return Import{}, err
	}
	sum := sha256.Sum256(data)
	i := Import{
		ID: s.IDs.New(), Kind: kind, FileName: clip(name, 120), State: ImportReady, Rows: int64(len(t.rows)), Added: p.added, Changed: p.changed, Same: p.same,
		Faulty: p.faulty, Faults: p.faults, FaultJSON: jsonText(p.faults), UserID: actor.UserID, UserName: actor.Name, CreatedAt: s.now(),
	}
	// The rows go first, in pieces; an import whose own row is missing is none.
	rows := make([][]any, len(p.rows))
	for n, r := range p.rows {
		rows[n] = []any{actor.BrandID, i.ID, int64(n + 1), int64(r.line), r.act, jsonText(r.payload), "null", rowWaiting}
	}
	for part := range slices.Chunk(rows, 2000) {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return db.Copy(ctx, tx, "product_import_row", []string{"brand_id", "import_id", "n", "line", "act", "payload", "before", "state"}, part)
		})
		if err != nil {
			return i, err
		}
	}
	return i, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertImport(ctx, tx, actor.BrandID, i, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "product.import_read", Kind: "product_import", Object: i.ID, Name: i.FileName, Counts: map[string]int64{"rows": i.Rows, "faults": i.Faulty},
		})
	})
}

// States of a row of an import.
const (
	rowWaiting = "waiting"
	rowApplied = "applied"
	rowSkipped = "skipped" // it had nothing to do any more
	rowUndone  = "undone"
	rowKept    = "kept" // somebody changed it since
)

func insertImport(ctx context.Context, tx *db.Tx, brand id.ID, i Import, sum string) error {
	_, err := tx.Exec(ctx, `INSERT INTO product_import (brand_id, id, kind, file_name, sha256, state, row_count, added, changed, same, fault_count, faults, done, kept,
		undo_check, user_id, user_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, $13, $14, $15)`,
		brand, i.ID, string(i.Kind), i.FileName, sum, string(i.State), i.Rows, i.Added, i.Changed, i.Same, i.Faulty, i.FaultJSON, int64(i.UserID), i.UserName, i.CreatedAt)
	return err
}

// Imports lists imports, newest first, before an id. Those who do not write for the whole brand see their own.
func (s *Service) Imports(ctx context.Context, actor authz.Actor, before id.ID, limit int) ([]Import, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(actor.BrandID)
	if !actor.Can(permWrite) {
		w += ` AND user_id = ` + a.Add(int64(actor.UserID))
	}
	if before != 0 {
		w += ` AND id < ` + a.Add(before)
	}
	rows, err := db.All[Import](ctx, s.DB, `SELECT `+importColumns+` FROM product_import WHERE `+w+` ORDER BY id DESC LIMIT `+a.Add(limit), a.Values...)
	for i := range rows {
		if err == nil {
			err = json.Unmarshal([]byte(rows[i].FaultJSON), &rows[i].Faults)
		}
	}
	return rows, err
}

// Import reads one import. Errors: product.import_gone.
func (s *Service) Import(ctx context.Context, actor authz.Actor, i id.ID) (Import, error) {
	got, err := getImport(ctx, s.DB, actor.BrandID, i)
	if err == nil && !actor.Can(permWrite) && got.UserID != actor.UserID {
		err = errs.New(errs.NotFound, "product.import_gone")
	}
	return got, err
}

func getImport(ctx context.Context, q db.Querier, brand, i id.ID) (Import, error) {
	got, err := db.One[Import](ctx, q, `SELECT `+importColumns+` FROM product_import WHERE brand_id = $1 AND id = $2`, brand, i)
	if db.NoRows(err) {
		return got, errs.New(errs.NotFound, "product.import_gone")
	}
	if err == nil {
		err = json.Unmarshal([]byte(got.FaultJSON), &got.Faults)
	}
	return got, err
}

// turnImport moves an import from one state to another; false when it is no longer there.
func turnImport(ctx context.Context, tx *db.Tx, brand, i id.ID, from, to ImportState) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE product_import SET state = $1 WHERE brand_id = $2 AND id = $3 AND state = $4`, string(to), brand, i, string(from))
	return n == 1, err
}

// Apply starts to write an import; a job does it and goes on after a crash. Errors: product.import_gone,
// product.import_state, product.import_empty.
func (s *Service) Apply(ctx context.Context, actor authz.Actor, i id.ID) error {
	return s.turn(ctx, actor, i, ImportReady, ImportApplying)
}

// Undo starts to take an import back: what nobody changed since is as it was before. Errors: product.import_gone,
// product.import_state.
func (s *Service) Undo(ctx context.Context, actor authz.Actor, i id.ID) error {
	return s.turn(ctx, actor, i, ImportDone, ImportUndoing)
}

// Discard puts an import away that was not applied. Errors: product.import_gone, product.import_state.
func (s *Service) Discard(ctx context.Context, actor authz.Actor, i id.ID) error {
	return s.turn(ctx, actor, i, ImportReady, ImportDiscarded)
}

func (s *Service) turn(ctx context.Context, actor authz.Actor, i id.ID, from, to ImportState) error {
	got, err := s.Import(ctx, actor, i)
	if err != nil {
		return err
	}
	if !actor.Can(permOf(got.Kind)) {
		return errs.New(errs.Forbidden, "product.import_forbidden")
	}
	if to == ImportApplying && got.Added+got.Changed == 0 {
		return errs.New(errs.Precondition, "product.import_empty")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		done, err := turnImport(ctx, tx, actor.BrandID, i, from, to)
		if err != nil {
			return err
		}
		if !done {
			return errs.New(errs.Precondition, "product.import_state")
		}
		switch to {
		case ImportApplying:
			err = s.Jobs.Insert(ctx, tx, applyJob{actor.BrandID, i})
		case ImportUndoing:
			if _, err = tx.Exec(ctx, `UPDATE product_import SET done = 0, undo_check = $1 WHERE brand_id = $2 AND id = $3`, s.IDs.New(), actor.BrandID, i); err == nil {
				err = s.Jobs.Insert(ctx, tx, takeBackJob{actor.BrandID, i})
			}
		case ImportReady, ImportDone, ImportUndone, ImportDiscarded:
		}
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "product.import_" + string(to), Kind: "product_import", Object: i, Name: got.FileName, Counts: map[string]int64{"added": got.Added, "changed": got.Changed},
		})
	})
}
