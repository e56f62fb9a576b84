package product

import (
	"context"
	"reflect"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// productBefore is what a row of products found: the product as it was (ID 0 when there was none), and the version that
// the row wrote.
type productBefore struct {
	Product Product
	Wrote   int64
	ID      id.ID
}

func (x step) applyProducts(ctx context.Context, rows []importRow) error {
	for _, r := range rows {
		p, err := payloadOf[Product](r.Payload)
		if err != nil {
			return err
		}
		if p.LineID, err = x.line(ctx, p.Line); err != nil {
			return err
		}
		have, err := db.All[id.ID](ctx, x.tx, `SELECT id FROM product_product WHERE brand_id = $1 AND code = $2`, x.actor.BrandID, p.Code)
		if err != nil {
			return err
		}
		var state string
		var did productBefore
		if len(have) == 0 {
			p.ID = x.s.IDs.New()
			state, did = rowApplied, productBefore{ID: p.ID, Wrote: 1}
			err = x.s.add(ctx, x.tx, x.actor, &p, x.i.ID)
		} else {
			state, did, err = x.overwrite(ctx, have[0], p)
		}
		if errs.Is(err, "product.taken") { // somebody took the name or a code since the dry run
			state, did, err = rowSkipped, productBefore{}, nil
		}
		if err != nil {
			return err
		}
		if err := x.mark(ctx, r, state, jsonText(did)); err != nil {
			return err
		}
	}
	return nil
}

func (x step) overwrite(ctx context.Context, product id.ID, p Product) (string, productBefore, error) {
	found, err := productsByID(ctx, x.tx, x.actor.BrandID, []id.ID{product})
	if err != nil {
		return "", productBefore{}, err
	}
	before := found[product]
	p.ID = product
	for i := range p.SKUs { // ids of SKUs may have come since the dry run
		p.SKUs[i].ID = 0
	}
	for _, k := range before.SKUs { // what the sheet does not name stays on sale
		if !slices.ContainsFunc(p.SKUs, func(y SKU) bool { return y.Code == k.Code }) {
			p.SKUs = append(p.SKUs, k)
		}
	}
	if reflect.DeepEqual(auditForm(before), auditForm(p)) {
		return rowSkipped, productBefore{}, nil
	}
	err = x.s.change(ctx, x.tx, x.actor, before, &p)
	return rowApplied, productBefore{Product: before, ID: product, Wrote: before.Version + 1}, err
}

// line finds a product line by its name and makes one that is not there.
func (x step) line(ctx context.Context, name string) (id.ID, error) {
	if name == "" {
		return 0, nil
	}
	_, err := x.tx.Exec(ctx, `INSERT INTO product_line (brand_id, id, name, place) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), COUNT(*) FROM product_line WHERE brand_id = $1
		ON CONFLICT DO NOTHING`, x.actor.BrandID, x.s.IDs.New(), name)
	if err != nil {
		return 0, err
	}
	return db.One[id.ID](ctx, x.tx, `SELECT id FROM product_line WHERE brand_id = $1 AND name = $2`, x.actor.BrandID, name)
}

// undoProducts puts products back as they were. One that the import made goes when nothing points to it; one that was
// changed since is kept.
func (x step) undoProducts(ctx context.Context, rows []importRow) error {
	for _, r := range rows {
		did, err := payloadOf[productBefore](r.Before)
		if err != nil {
			return err
		}
		state, err := x.undoProduct(ctx, did)
		if err != nil {
			return err
		}
		if err := x.mark(ctx, r, state, r.Before); err != nil {
			return err
		}
	}
	return nil
}

func (x step) undoProduct(ctx context.Context, did productBefore) (string, error) {
	found, err := productsByID(ctx, x.tx, x.actor.BrandID, []id.ID{did.ID})
	if err != nil {
		return "", err
	}
	now, there := found[did.ID]
	if !there || now.Version != did.Wrote {
		return rowKept, nil
	}
	if did.Product.ID != 0 {
		old := did.Product
		return rowUndone, x.s.change(ctx, x.tx, x.actor, now, &old)
	}
	used, err := x.used(ctx, did.ID)
	if err != nil || used {
		return rowKept, err
	}
	if _, err := x.tx.Exec(ctx, `DELETE FROM product_sku WHERE brand_id = $1 AND product_id = $2`, x.actor.BrandID, did.ID); err != nil {
		return "", err
	}
	_, err = x.tx.Exec(ctx, `DELETE FROM product_product WHERE brand_id = $1 AND id = $2`, x.actor.BrandID, did.ID)
	return rowUndone, err
}

// used tells whether policies, stock, the calendar or stale texts point to a product.
func (x step) used(ctx context.Context, product id.ID) (bool, error) {
	for _, text := range []string{
		`SELECT 1 FROM product_policy WHERE brand_id = $1 AND product_id = $2 LIMIT 1`,
		`SELECT 1 FROM product_launch WHERE brand_id = $1 AND product_id = $2 LIMIT 1`,
		`SELECT 1 FROM product_stale WHERE brand_id = $1 AND product_id = $2 LIMIT 1`,
		`SELECT 1 FROM product_stock s JOIN product_sku k ON k.brand_id = s.brand_id AND k.id = s.sku_id WHERE s.brand_id = $1 AND k.product_id = $2 LIMIT 1`,
	} {
		rows, err := db.All[int64](ctx, x.tx, text, x.actor.BrandID, product)
		if err != nil || len(rows) > 0 {
			return true, err
		}
	}
	return false, nil
}
