package product

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// importRow is a row of product_import_row.
type importRow struct {
	N       int64  `db:"n"`
	Act     string `db:"act"`
	Payload string `db:"payload"`
	Before  string `db:"before"`
}

const applyBatch = 300

// step is one transaction of an import.
type step struct {
	s     *Service
	tx    *db.Tx
	actor authz.Actor
	i     Import
}

// apply writes the waiting rows of an import, a batch at a time: a row and its mark change together, so that a job that
// died goes on where it stopped.
func (s *Service) apply(ctx context.Context, actor authz.Actor, i id.ID) error {
	return s.work(ctx, actor, i, ImportApplying, ImportDone, func(ctx context.Context, x step) (int, error) {
		rows, err := importRows(ctx, x.tx, actor.BrandID, i, rowWaiting, false)
		if err != nil || len(rows) == 0 {
			return 0, err
		}
		switch x.i.Kind {
		case SheetProducts:
			err = x.applyProducts(ctx, rows)
		case SheetPrices:
			err = x.applyPrices(ctx, rows)
		case SheetStock:
			err = x.applyStock(ctx, rows)
		}
		return len(rows), err
	})
}

// takeBack undoes the applied rows of an import, the last first.
func (s *Service) takeBack(ctx context.Context, actor authz.Actor, i id.ID) error {
	return s.work(ctx, actor, i, ImportUndoing, ImportUndone, func(ctx context.Context, x step) (int, error) {
		rows, err := importRows(ctx, x.tx, actor.BrandID, i, rowApplied, true)
		if err != nil || len(rows) == 0 {
			return 0, err
		}
		switch x.i.Kind {
		case SheetProducts:
			err = x.undoProducts(ctx, rows)
		case SheetPrices:
			err = x.undoPrices(ctx, rows)
		case SheetStock:
			err = x.undoStock(ctx, rows)
		}
		return len(rows), err
	})
}

// work runs fn in transactions until it has no rows left, then moves the import to its end.
func (s *Service) work(ctx context.Context, actor authz.Actor, i id.ID, from, to ImportState, fn func(context.Context, step) (int, error)) error {
	got, err := getImport(ctx, s.DB, actor.BrandID, i)
	if errs.CodeOf(err) == errs.NotFound || err == nil && got.State != from {
		return nil
	}
	if err != nil {
		return err
	}
	actor.Name = got.UserName // what the import writes is written by who uploaded it
	for {
		n := 0
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			// The write locks the import: two jobs never take the same rows.
			now, err := db.All[ImportState](ctx, tx, `UPDATE product_import SET state = state WHERE brand_id = $1 AND id = $2 RETURNING state`, actor.BrandID, i)
			if err != nil || len(now) == 0 || now[0] != from {
				return err
			}
			if n, err = fn(ctx, step{s, tx, actor, got}); err != nil {
				return err
			}
			if n > 0 {
				_, err = tx.Exec(ctx, `UPDATE product_import SET done = done + $1 WHERE brand_id = $2 AND id = $3`, n, actor.BrandID, i)
				return err
			}
			return s.finishImport(ctx, tx, actor.BrandID, got, to)
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// finishImport moves an import to its end and starts the walk for the changes of its prices.
func (s *Service) finishImport(ctx context.Context, tx *db.Tx, brand id.ID, i Import, to ImportState) error {
	column := "applied_at"
	if to == ImportUndone {
		column = "undone_at"
	}
	if _, err := tx.Exec(ctx, `UPDATE product_import SET state = $1, `+column+` = $2 WHERE brand_id = $3 AND id = $4`, string(to), s.now(), brand, i.ID); err != nil {
		return err
	}
	check, err := getCheck(ctx, tx, brand, i.checkID(to))
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Jobs.Insert(ctx, tx, checkJob{brand, check.ID})
}

// checkID names the one check of everything an import changes, and another for taking it back.
func (i Import) checkID(to ImportState) id.ID {
	if to == ImportUndone {
		return i.UndoCheck
	}
	return i.ID
}

func importRows(ctx context.Context, q db.Querier, brand, i id.ID, state string, last bool) ([]importRow, error) {
	order := "n"
	if last {
		order = "n DESC"
	}
	return db.All[importRow](ctx, q, `SELECT n, act, payload, before FROM product_import_row WHERE brand_id = $1 AND import_id = $2 AND state = $3 ORDER BY `+order+` LIMIT $4`,
		brand, i, state, applyBatch)
}

// mark writes what became of a row.
func (x step) mark(ctx context.Context, r importRow, state, before string) error {
	_, err := x.tx.Exec(ctx, `UPDATE product_import_row SET state = $1, before = $2 WHERE brand_id = $3 AND import_id = $4 AND n = $5`, state, before, x.actor.BrandID, x.i.ID, r.N)
	if err == nil && state == rowKept {
		_, err = x.tx.Exec(ctx, `UPDATE product_import SET kept = kept + 1 WHERE brand_id = $1 AND id = $2`, x.actor.BrandID, x.i.ID)
	}
	return err
}

func (x step) applyStock(ctx context.Context, rows []importRow) error {
	for _, r := range rows {
		want, err := payloadOf[Stock](r.Payload)
		if err != nil {
			return err
		}
		have, err := stockAt(ctx, x.tx, x.actor.BrandID, want.UnitID, []id.ID{want.SKUID})
		if err != nil {
			return err
		}
		before := "null"
		if old, there := have[want.SKUID]; there {
			before = jsonText(old)
		}
		want.AsOf, want.Origin, want.By = x.s.now(), originFile, x.actor.Name
		if err := putStock(ctx, x.tx, x.actor.BrandID, []Stock{want}, x.i.ID); err != nil {
			return err
		}
		if err := x.mark(ctx, r, rowApplied, before); err != nil {
			return err
		}
	}
	return nil
}

func (x step) undoStock(ctx context.Context, rows []importRow) error {
	for _, r := range rows {
		wrote, err := payloadOf[Stock](r.Payload)
		if err != nil {
			return err
		}
		own := ` WHERE brand_id = $1 AND sku_id = $2 AND unit_id = $3 AND import_id = $4`
		n, err := x.tx.Exec(ctx, `DELETE FROM product_stock`+own, x.actor.BrandID, wrote.SKUID, wrote.UnitID, x.i.ID)
		if err != nil {
			return err
		}
		state := rowUndone
		switch {
		case n == 0:
			state = rowKept
		case r.Before != "null":
			old, err := payloadOf[Stock](r.Before)
			if err != nil {
				return err
			}
			if err := putStock(ctx, x.tx, x.actor.BrandID, []Stock{old}, 0); err != nil {
				return err
			}
		}
		if err := x.mark(ctx, r, state, r.Before); err != nil {
			return err
		}
	}
	return nil
}

// pricesBefore is what a row of prices did: the policy it added, and the one it took the place of.
type pricesBefore struct {
	Added    id.ID
	Replaced id.ID
}

func (x step) applyPrices(ctx context.Context, rows []importRow) error {
	list := make([]Policy, len(rows))
	for i, r := range rows {
		p, err := payloadOf[Policy](r.Payload)
		if err != nil {
			return err
		}
		if p.To == 0 {
			p.To = clock.Forever
		}
		p.ID, p.CreatedAt, p.CreatedBy = x.s.IDs.New(), x.s.now(), x.actor.Name
		list[i] = p
	}
	today := x.s.today(x.actor)
	return x.following(ctx, list, today, func() error {
		for i, p := range list {
			did, err := x.putPolicy(ctx, p, today)
			if err != nil {
				return err
			}
			state := rowApplied
			if did.Added == 0 {
				state = rowSkipped
			}
			if err := x.mark(ctx, rows[i], state, jsonText(did)); err != nil {
				return err
			}
		}
		return nil
	})
}

// following runs fn and follows up what it did to the amounts of the policies, into the import's one check.
func (x step) following(ctx context.Context, list []Policy, today clock.Day, fn func() error) error {
	if err := lockPolicies(ctx, x.tx, list); err != nil {
		return err
	}
	w, err := x.s.watch(ctx, x.tx, x.actor.BrandID, list, today)
	if err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	check := x.i.checkID(ImportDone)
	if x.i.State == ImportUndoing {
		check = x.i.checkID(ImportUndone)
	}
	return x.s.follow(ctx, x.tx, x.actor, w, check)
}

// putPolicy adds a policy in the place of one of the same target, unless that says the same.
func (x step) putPolicy(ctx context.Context, p Policy, today clock.Day) (pricesBefore, error) {
	var did pricesBefore
	have, err := alike(ctx, x.tx, x.actor.BrandID, p)
	if err != nil {
		return did, err
	}
	for _, y := range have {
		if !sameTarget(p, y) {
			continue
		}
		if samePolicy(p, y) {
			return did, nil
		}
		if _, err := withdrawPolicy(ctx, x.tx, x.actor.BrandID, y.ID, x.s.now(), x.actor.Name, x.i.FileName); err != nil {
			return did, err
		}
		did.Replaced = y.ID
	}
	done, err := insertPolicy(ctx, x.tx, x.actor.BrandID, p, p.From <= today, x.i.ID)
	if done {
		did.Added = p.ID
	}
	return did, err
}

func (x step) undoPrices(ctx context.Context, rows []importRow) error {
	did := make([]pricesBefore, len(rows))
	var ids []id.ID
	for i, r := range rows {
		var err error
		if did[i], err = payloadOf[pricesBefore](r.Before); err != nil {
			return err
		}
		ids = append(ids, did[i].Added)
	}
	list, err := policiesByID(ctx, x.tx, x.actor.BrandID, ids)
	if err != nil {
		return err
	}
	return x.following(ctx, list, x.s.today(x.actor), func() error {
		for i, r := range rows {
			gone, err := withdrawPolicy(ctx, x.tx, x.actor.BrandID, did[i].Added, x.s.now(), x.actor.Name, x.i.FileName)
			if err != nil {
				return err
			}
			state := rowUndone
			if !gone {
				state = rowKept
			} else if did[i].Replaced != 0 {
				if err := restorePolicy(ctx, x.tx, x.actor.BrandID, did[i].Replaced); err != nil {
					return err
				}
			}
			if err := x.mark(ctx, r, state, r.Before); err != nil {
				return err
			}
		}
		return nil
	})
}

func restorePolicy(ctx context.Context, tx *db.Tx, brand, policy id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE product_policy SET state = 'live', withdrawn_at = NULL, withdrawn_by_name = '', withdrawn_note = '' WHERE brand_id = $1 AND id = $2 AND state = 'withdrawn'`,
		brand, policy)
	return err
}
