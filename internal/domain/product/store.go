package product

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// productRow is a row of product_product with the name of its line.
type productRow struct {
	ID        id.ID    `db:"id"`
	LineID    id.ID    `db:"line_id"`
	Line      string   `db:"line"`
	Code      string   `db:"code"`
	Name      string   `db:"name"`
	NameKey   string   `db:"name_key"`
	Aliases   string   `db:"aliases"`
	Points    string   `db:"points"`
	Scenes    string   `db:"scenes"`
	CopyText  string   `db:"copy_text"`
	State     State    `db:"state"`
	Version   int64    `db:"version"`
	UpdatedAt clock.Ms `db:"updated_at"`
	UpdatedBy string   `db:"updated_by_name"`
}

const productSelect = `SELECT p.id, p.line_id, COALESCE(l.name, '') AS line, p.code, p.name, p.name_key, p.aliases, p.points, p.scenes, p.copy_text, p.state,
	p.version, p.updated_at, p.updated_by_name FROM product_product p LEFT JOIN product_line l ON l.brand_id = p.brand_id AND l.id = p.line_id`

// read turns the row into a product without its SKUs.
func (r *productRow) read() (Product, error) {
	p := Product{
		ID: r.ID, LineID: r.LineID, Line: r.Line, Code: r.Code, Name: r.Name, CopyText: r.CopyText, State: r.State, Version: r.Version,
		UpdatedAt: r.UpdatedAt, UpdatedBy: r.UpdatedBy,
	}
	for _, x := range []struct {
		raw  string
		into any
	}{{r.Aliases, &p.Aliases}, {r.Points, &p.Points}, {r.Scenes, &p.Scenes}} {
		if err := json.Unmarshal([]byte(x.raw), x.into); err != nil {
			return p, fmt.Errorf("product %s: %w", r.ID, err)
		}
	}
	return p, nil
}

// productFilter cuts the list of products.
type productFilter struct {
	Brand   id.ID
	Query   string
	Line    id.ID
	State   State
	Drafts  bool // drafts too
	AfterID id.ID
	After   string // name key
	Limit   int
}

func listProducts(ctx context.Context, q db.Querier, f productFilter) ([]productRow, error) {
	a := &db.Args{}
	w := ` WHERE p.brand_id = ` + a.Add(f.Brand)
	if f.Line != 0 {
		w += ` AND p.line_id = ` + a.Add(f.Line)
	}
	if f.State != "" {
		w += ` AND p.state = ` + a.Add(string(f.State))
	}
	if !f.Drafts {
		w += ` AND p.state <> 'draft'`
	}
	for word := range strings.FieldsSeq(search.Normal(f.Query)) {
		w += ` AND p.found LIKE ` + a.Add("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)+"%") + ` ESCAPE '\'`
	}
	if f.AfterID != 0 {
		w += ` AND (p.name_key, p.id) > (` + a.Add(f.After) + `, ` + a.Add(f.AfterID) + `)`
	}
	return db.All[productRow](ctx, q, productSelect+w+` ORDER BY p.name_key, p.id LIMIT `+a.Add(f.Limit), a.Values...)
}

func productsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Product, error) {
	out := make(map[id.ID]Product, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	a := &db.Args{}
	rows, err := db.All[productRow](ctx, q, productSelect+` WHERE p.brand_id = `+a.Add(brand)+` AND `+db.Among(q, a, "p.id", ids), a.Values...)
	if err != nil {
		return nil, err
	}
	skus, err := skusOf(ctx, q, brand, ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		p, err := rows[i].read()
		if err != nil {
			return nil, err
		}
		p.SKUs = skus[p.ID]
		out[p.ID] = p
	}
	return out, nil
}

type skuRow struct {
	ID        id.ID  `db:"id"`
	ProductID id.ID  `db:"product_id"`
	Code      string `db:"code"`
	Name      string `db:"name"`
	Spec      string `db:"spec"`
	Aliases   string `db:"aliases"`
	State     State  `db:"state"`
}

func skusOf(ctx context.Context, q db.Querier, brand id.ID, products []id.ID) (map[id.ID][]SKU, error) {
	a := &db.Args{}
	rows, err := db.All[skuRow](ctx, q, `SELECT id, product_id, code, name, spec, aliases, state FROM product_sku WHERE brand_id = `+a.Add(brand)+
		` AND `+db.Among(q, a, "product_id", products)+` ORDER BY product_id, place, id`, a.Values...)
	out := make(map[id.ID][]SKU, len(products))
	for _, r := range rows {
		k := SKU{ID: r.ID, Code: r.Code, Name: r.Name, Spec: r.Spec, State: r.State}
		if err := json.Unmarshal([]byte(r.Aliases), &k.Aliases); err != nil {
			return nil, fmt.Errorf("product: sku %s: %w", r.ID, err)
		}
		out[r.ProductID] = append(out[r.ProductID], k)
	}
	return out, err
}

// skuProducts tells which products SKUs belong to.
func skuProducts(ctx context.Context, q db.Querier, brand id.ID, skus []id.ID) (map[id.ID]id.ID, error) {
	out := make(map[id.ID]id.ID, len(skus))
	if len(skus) == 0 {
		return out, nil
	}
	type row struct {
		ID        id.ID `db:"id"`
		ProductID id.ID `db:"product_id"`
	}
	a := &db.Args{}
	rows, err := db.All[row](ctx, q, `SELECT id, product_id FROM product_sku WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, a, "id", skus), a.Values...)
	for _, r := range rows {
		out[r.ID] = r.ProductID
	}
	return out, err
}

func namesOf(ctx context.Context, q db.Querier, brand id.ID, products []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(products))
	if len(products) == 0 {
		return out, nil
	}
	type row struct {
		ID   id.ID  `db:"id"`
		Name string `db:"name"`
	}
	a := &db.Args{}
	rows, err := db.All[row](ctx, q, `SELECT id, name FROM product_product WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, a, "id", products), a.Values...)
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}

func jsonText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("product: " + err.Error()) // lists of plain structs always encode
	}
	return string(raw)
}

func insertProduct(ctx context.Context, tx *db.Tx, brand id.ID, p *Product, importID id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO product_product (brand_id, id, line_id, code, name, name_key, found, aliases, points, scenes, copy_text, state, version,
		import_id, created_at, updated_at, updated_by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14, $14, $15)`,
		brand, p.ID, int64(p.LineID), p.Code, p.Name, search.Key(p.Name), p.found(), jsonText(p.Aliases), jsonText(p.Points), jsonText(p.Scenes), p.CopyText,
		string(p.State), int64(importID), p.UpdatedAt, p.UpdatedBy)
	return err
}

// updateProduct writes a product over the version that was read; false when somebody was faster.
func updateProduct(ctx context.Context, tx *db.Tx, brand id.ID, p *Product) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE product_product SET line_id = $1, code = $2, name = $3, name_key = $4, found = $5, aliases = $6, points = $7, scenes = $8,
		copy_text = $9, state = $10, version = version + 1, updated_at = $11, updated_by_name = $12 WHERE brand_id = $13 AND id = $14 AND version = $15`,
		int64(p.LineID), p.Code, p.Name, search.Key(p.Name), p.found(), jsonText(p.Aliases), jsonText(p.Points), jsonText(p.Scenes), p.CopyText,
		string(p.State), p.UpdatedAt, p.UpdatedBy, brand, p.ID, p.Version)
	return n == 1, err
}

func putSKUs(ctx context.Context, tx *db.Tx, brand id.ID, p *Product) error {
	// Codes are unique: those that stand step aside first, so that two SKUs may swap theirs.
	if _, err := tx.Exec(ctx, `UPDATE product_sku SET code = '~' || CAST(id AS TEXT) WHERE brand_id = $1 AND product_id = $2`, brand, p.ID); err != nil {
		return err
	}
	for i, k := range p.SKUs {
		_, err := tx.Exec(ctx, `INSERT INTO product_sku (brand_id, id, product_id, code, name, spec, aliases, state, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (brand_id, id) DO UPDATE SET code = excluded.code, name = excluded.name, spec = excluded.spec, aliases = excluded.aliases,
			state = excluded.state, place = excluded.place`, brand, k.ID, p.ID, k.Code, k.Name, k.Spec, jsonText(k.Aliases), string(k.State), i)
		if err != nil {
			return err
		}
	}
	return nil
}

// taken tells which product or SKU of the brand already has one of the codes, or the name, of p; "" when none.
func taken(ctx context.Context, q db.Querier, brand id.ID, p *Product) (field, value string, err error) {
	type row struct {
		Code string `db:"code"`
		Name string `db:"name"`
	}
	same, err := db.All[row](ctx, q, `SELECT code, name FROM product_product WHERE brand_id = $1 AND id <> $2 AND (code = $3 OR name = $4) LIMIT 1`,
		brand, int64(p.ID), p.Code, p.Name)
	if err != nil {
		return "", "", err
	}
	if len(same) > 0 {
		if same[0].Code == p.Code {
			return "code", p.Code, nil
		}
		return "name", p.Name, nil
	}
	codes := make([]string, len(p.SKUs))
	for i, k := range p.SKUs {
		codes[i] = k.Code
	}
	a := &db.Args{}
	used, err := db.All[string](ctx, q, `SELECT code FROM product_sku WHERE brand_id = `+a.Add(brand)+` AND product_id <> `+a.Add(int64(p.ID))+
		` AND `+db.AmongTexts(q, a, "code", codes)+` LIMIT 1`, a.Values...)
	if err == nil && len(used) > 0 {
		return "skus", used[0], nil
	}
	return "", "", err
}
