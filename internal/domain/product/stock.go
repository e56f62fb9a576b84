package product

import (
	"context"
	"fmt"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Stock is how many of a SKU a store has, as of a moment.
type Stock struct {
	SKUID     id.ID    `db:"sku_id"`
	UnitID    id.ID    `db:"unit_id"`
	ProductID id.ID    `db:"product_id"`
	Product   string   `db:"product"`
	SKU       string   `db:"sku"`
	Code      string   `db:"code"`
	Qty       int64    `db:"qty"`
	AsOf      clock.Ms `db:"as_of"`
	Origin    string   `db:"origin"` // manual, file, api
	By        string   `db:"by_name"`
}

// Origins of stock figures.
const (
	originManual = "manual"
	originFile   = "file"
	originAPI    = "api"
)

const stockSelect = `SELECT s.sku_id, s.unit_id, k.product_id, p.name AS product, k.name AS sku, k.code, s.qty, s.as_of, s.origin, s.by_name FROM product_stock s
	JOIN product_sku k ON k.brand_id = s.brand_id AND k.id = s.sku_id JOIN product_product p ON p.brand_id = k.brand_id AND p.id = k.product_id`

// StockFilter cuts a list of stock.
type StockFilter struct {
	Product id.ID
	Unit    string
	SKU     id.ID // where a page goes on
	After   id.ID // unit
	Limit   int
}

// StockList gives the stock of the stores of the actor's scope.
func (s *Service) StockList(ctx context.Context, actor authz.Actor, f StockFilter) ([]Stock, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	w := ` WHERE s.brand_id = ` + a.Add(actor.BrandID) + ` AND ` + scope.Where("s.unit_id", a)
	if f.Product != 0 {
		w += ` AND k.product_id = ` + a.Add(f.Product)
	}
	if f.SKU != 0 {
		w += ` AND (s.sku_id, s.unit_id) > (` + a.Add(f.SKU) + `, ` + a.Add(f.After) + `)`
	}
	return db.All[Stock](ctx, s.DB, stockSelect+w+` ORDER BY s.sku_id, s.unit_id LIMIT `+a.Add(f.Limit), a.Values...)
}

// sumStock adds up the stock of products in a scope; products nobody told about are missing.
func sumStock(ctx context.Context, q db.Querier, scope authz.Scope, products []id.ID) (map[id.ID]int64, error) {
	type row struct {
		ProductID id.ID `db:"product_id"`
		N         int64 `db:"n"`
	}
	a := &db.Args{}
	rows, err := db.All[row](ctx, q, `SELECT k.product_id, CAST(COALESCE(SUM(s.qty), 0) AS BIGINT) AS n FROM product_stock s
		JOIN product_sku k ON k.brand_id = s.brand_id AND k.id = s.sku_id WHERE s.brand_id = `+a.Add(scope.BrandID)+` AND `+db.Among(q, a, "k.product_id", products)+
		` AND `+scope.Where("s.unit_id", a)+` GROUP BY k.product_id`, a.Values...)
	out := make(map[id.ID]int64, len(rows))
	for _, r := range rows {
		out[r.ProductID] = r.N
	}
	return out, err
}

// SetStock is what a store says it has.
type SetStock struct {
	Unit string // id, path or the customer's own number
	SKU  string // id or code
	Qty  int64
}

const maxQty = 10_000_000

// PutStock writes the stock of stores the actor may write for: all of the list or nothing. Errors by field: product.qty,
// product.sku_unknown, product.unit_gone, product.not_a_store.
func (s *Service) PutStock(ctx context.Context, actor authz.Actor, list []SetStock) error {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permStock, "")
	if err != nil {
		return err
	}
	rows, err := s.stockRows(ctx, actor, scope, list)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putStock(ctx, tx, actor.BrandID, rows, 0); err != nil {
			return err
		}
		unit := id.ID(0)
		if len(rows) == 1 {
			unit = rows[0].UnitID
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.stock_set", UnitID: unit, Kind: "product_stock", Counts: map[string]int64{"rows": int64(len(rows))}})
	})
}

func (s *Service) stockRows(ctx context.Context, actor authz.Actor, scope authz.Scope, list []SetStock) ([]Stock, error) {
	bad := errs.Bad()
	codes, err := s.skuCodes(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	where, err := s.places(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	origin := originManual
	if actor.Kind == authz.Token {
		origin = originAPI
	}
	rows := make([]Stock, 0, len(list))
	for i, x := range list {
		sku, ok := codes[x.SKU]
		if !ok {
			bad.Field(fmt.Sprintf("items[%d].sku", i), "product.sku_unknown", "sku", x.SKU)
		}
		if x.Qty < 0 || x.Qty > maxQty {
			bad.Field(fmt.Sprintf("items[%d].qty", i), "product.qty", "max", maxQty)
		}
		u, wrong := where.find(x.Unit, scope)
		if wrong == "" && !u.Store {
			wrong = "product.not_a_store"
		}
		if wrong != "" {
			bad.Field(fmt.Sprintf("items[%d].unit", i), wrong, "unit", x.Unit)
		}
		rows = append(rows, Stock{SKUID: sku, UnitID: u.ID, Qty: x.Qty, AsOf: s.now(), Origin: origin, By: actor.Name})
	}
	return rows, bad.OrNil()
}

// skuCodes gives every SKU by its code and by its id as text.
func (s *Service) skuCodes(ctx context.Context, q db.Querier, brand id.ID) (map[string]id.ID, error) {
	type row struct {
		ID   id.ID  `db:"id"`
		Code string `db:"code"`
	}
	rows, err := db.All[row](ctx, q, `SELECT id, code FROM product_sku WHERE brand_id = $1`, brand)
	out := make(map[string]id.ID, 2*len(rows))
	for _, r := range rows {
		out[r.ID.String()] = r.ID
	}
	for _, r := range rows {
		out[r.Code] = r.ID
	}
	return out, err
}

// putStock upserts stock; the last of several rows of one store and SKU holds.
func putStock(ctx context.Context, tx *db.Tx, brand id.ID, list []Stock, importID id.ID) error {
	last := make(map[[2]id.ID]Stock, len(list))
	for _, x := range list {
		last[[2]id.ID{x.SKUID, x.UnitID}] = x
	}
	rows := make([][]any, 0, len(last))
	for _, x := range last {
		rows = append(rows, []any{brand, x.SKUID, x.UnitID, x.Qty, x.AsOf, x.Origin, x.By, int64(importID)})
	}
	slices.SortFunc(rows, func(a, b []any) int {
		x, y := a[1].(id.ID)-b[1].(id.ID), a[2].(id.ID)-b[2].(id.ID)
		if x == 0 {
			x = y
		}
		return int(min(max(x, -1), 1))
	})
	_, err := db.Insert(ctx, tx, "product_stock", []string{"brand_id", "sku_id", "unit_id", "qty", "as_of", "origin", "by_name", "import_id"}, rows,
		`ON CONFLICT (brand_id, sku_id, unit_id) DO UPDATE SET qty = excluded.qty, as_of = excluded.as_of, origin = excluded.origin, by_name = excluded.by_name, import_id = excluded.import_id`)
	return err
}

// stockAt reads the stock of SKUs in a store.
func stockAt(ctx context.Context, q db.Querier, brand, unit id.ID, skus []id.ID) (map[id.ID]Stock, error) {
	out := make(map[id.ID]Stock, len(skus))
	if unit == 0 || len(skus) == 0 {
		return out, nil
	}
	a := &db.Args{}
	rows, err := db.All[Stock](ctx, q, stockSelect+` WHERE s.brand_id = `+a.Add(brand)+` AND s.unit_id = `+a.Add(unit)+` AND `+db.Among(q, a, "s.sku_id", skus), a.Values...)
	for _, r := range rows {
		out[r.SKUID] = r
	}
	return out, err
}
