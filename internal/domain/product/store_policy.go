package product

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

type policyRow struct {
	ID          id.ID      `db:"id"`
	ProductID   id.ID      `db:"product_id"`
	SKUID       id.ID      `db:"sku_id"`
	UnitID      id.ID      `db:"unit_id"`
	Channel     string     `db:"channel"`
	Kind        PolicyKind `db:"kind"`
	Fen         *int64     `db:"fen"`
	Rate        *int64     `db:"rate"`
	Currency    string     `db:"currency"`
	Title       string     `db:"title"`
	Note        string     `db:"note"`
	From        clock.Day  `db:"from_day"`
	To          clock.Day  `db:"to_day"`
	State       string     `db:"state"`
	CreatedAt   clock.Ms   `db:"created_at"`
	CreatedBy   string     `db:"created_by_name"`
	WithdrawnAt clock.Ms   `db:"withdrawn_at"`
	WithdrawnBy string     `db:"withdrawn_by_name"`
	WithdrawnNo string     `db:"withdrawn_note"`
	Begun       bool       `db:"begun"`
}

const policyColumns = `id, product_id, sku_id, unit_id, channel, kind, fen, rate, currency, title, note, from_day, to_day, state, created_at,
	created_by_name, withdrawn_at, withdrawn_by_name, withdrawn_note, begun`

func (r policyRow) read() Policy {
	return Policy{
		ID: r.ID, ProductID: r.ProductID, SKUID: r.SKUID, UnitID: r.UnitID, Channel: r.Channel, Kind: r.Kind, Fen: r.Fen, Rate: r.Rate, Currency: r.Currency,
		Title: r.Title, Note: r.Note, From: r.From, To: r.To, Withdrawn: r.State == withdrawn, CreatedAt: r.CreatedAt, CreatedBy: r.CreatedBy,
		WithdrawnAt: r.WithdrawnAt, WithdrawnBy: r.WithdrawnBy, WithdrawnNo: r.WithdrawnNo, begun: r.Begun,
	}
}

// States of a stored policy.
const (
	standing  = "live"
	withdrawn = "withdrawn"
)

// seen is which policies somebody may see: those of the units in reach, and those that hold there from above.
type seen struct {
	scope authz.Scope
	above []id.ID
}

func (s seen) where(a *db.Args) string {
	if s.scope.All {
		return "1=1"
	}
	return `(unit_id = 0 OR unit_id IN ` + db.In(a, s.above) + ` OR ` + s.scope.Where("unit_id", a) + `)`
}

// policyFilter cuts a list of policies, newest start first.
type policyFilter struct {
	Brand          id.ID
	Seen           seen
	Product        id.ID
	SKU            id.ID
	Unit           *id.ID
	Channel        *string
	Kind           PolicyKind
	When           string    // now, planned, past, withdrawn; "" is all
	Today          clock.Day // for When
	Begin, BeginTo clock.Day // those that begin or end within these days
	AfterDay       clock.Day
	AfterID        id.ID
	Limit          int
}

func (f policyFilter) where(a *db.Args) string {
	w := `brand_id = ` + a.Add(f.Brand) + ` AND ` + f.Seen.where(a)
	if f.Product != 0 {
		w += ` AND product_id = ` + a.Add(f.Product)
	}
	if f.SKU != 0 {
		w += ` AND sku_id = ` + a.Add(f.SKU)
	}
	if f.Unit != nil {
		w += ` AND unit_id = ` + a.Add(int64(*f.Unit))
	}
	if f.Channel != nil {
		w += ` AND channel = ` + a.Add(*f.Channel)
	}
	if f.Kind != "" {
		w += ` AND kind = ` + a.Add(string(f.Kind))
	}
	switch f.When {
	case "now":
		w += ` AND state = 'live' AND from_day <= ` + a.Add(f.Today) + ` AND to_day >= ` + a.Add(f.Today)
	case "planned":
		w += ` AND state = 'live' AND from_day > ` + a.Add(f.Today)
	case "past":
		w += ` AND state = 'live' AND to_day < ` + a.Add(f.Today)
	case withdrawn:
		w += ` AND state = 'withdrawn'`
	}
	if f.Begin != 0 {
		w += ` AND state = 'live' AND (from_day BETWEEN ` + a.Add(f.Begin) + ` AND ` + a.Add(f.BeginTo) + ` OR to_day BETWEEN ` + a.Add(f.Begin) + ` AND ` + a.Add(f.BeginTo) + `)`
	}
	if f.AfterID != 0 {
		w += ` AND (from_day, id) < (` + a.Add(f.AfterDay) + `, ` + a.Add(f.AfterID) + `)`
	}
	return w
}

func listPolicies(ctx context.Context, q db.Querier, f policyFilter) ([]Policy, error) {
	a := &db.Args{}
	return policies(ctx, q, `SELECT `+policyColumns+` FROM product_policy WHERE `+f.where(a)+` ORDER BY from_day DESC, id DESC LIMIT `+a.Add(f.Limit), a.Values...)
}

func policies(ctx context.Context, q db.Querier, text string, args ...any) ([]Policy, error) {
	rows, err := db.All[policyRow](ctx, q, text, args...)
	out := make([]Policy, len(rows))
	for i, r := range rows {
		out[i] = r.read()
	}
	return out, err
}

// readBook reads the standing policies of products that hold on a day, of the given units and the whole brand; no units
// read those of every unit.
func readBook(ctx context.Context, q db.Querier, brand id.ID, products, units []id.ID, day clock.Day) (book, error) {
	if len(products) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	w := `brand_id = ` + a.Add(brand) + ` AND ` + db.Among(q, a, "product_id", products) + ` AND state = 'live' AND to_day >= ` + a.Add(day) + ` AND from_day <= ` + a.Add(day)
	if units != nil {
		w += ` AND (unit_id = 0 OR ` + db.Among(q, a, "unit_id", units) + `)`
	}
	return policies(ctx, q, `SELECT `+policyColumns+` FROM product_policy WHERE `+w+` ORDER BY id`, a.Values...)
}

// alike reads the standing policies of the same product and unit as one: what it may overlap with.
func alike(ctx context.Context, q db.Querier, brand id.ID, p Policy) ([]Policy, error) {
	return policies(ctx, q, `SELECT `+policyColumns+` FROM product_policy WHERE brand_id = $1 AND product_id = $2 AND state = 'live' AND sku_id = $3 AND unit_id = $4
		AND channel = $5 AND kind = $6 AND to_day >= $7 AND from_day <= $8 ORDER BY from_day`,
		brand, p.ProductID, int64(p.SKUID), int64(p.UnitID), p.Channel, string(p.Kind), p.From, p.To)
}

// insertPolicy adds a policy; false when a standing one of the same target begins on the same day.
func insertPolicy(ctx context.Context, tx *db.Tx, brand id.ID, p Policy, begun bool, importID id.ID) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO product_policy (brand_id, id, product_id, sku_id, unit_id, channel, kind, fen, rate, currency, title, note, from_day, to_day,
		state, begun, ended, import_id, created_at, created_by_name, withdrawn_by_name, withdrawn_note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'live', $15, FALSE, $16, $17, $18, '', '') ON CONFLICT DO NOTHING`,
		brand, p.ID, p.ProductID, int64(p.SKUID), int64(p.UnitID), p.Channel, string(p.Kind), p.Fen, p.Rate, p.Currency, p.Title, p.Note, p.From, p.To,
		begun, int64(importID), p.CreatedAt, p.CreatedBy)
	return n == 1, err
}

func policiesByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Policy, error) {
	a := &db.Args{}
	return policies(ctx, q, `SELECT `+policyColumns+` FROM product_policy WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, a, "id", ids)+` ORDER BY id`, a.Values...)
}

// withdrawPolicy takes a standing policy back; false when it was already.
func withdrawPolicy(ctx context.Context, tx *db.Tx, brand, policy id.ID, at clock.Ms, by, note string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE product_policy SET state = 'withdrawn', withdrawn_at = $1, withdrawn_by_name = $2, withdrawn_note = $3
		WHERE brand_id = $4 AND id = $5 AND state = 'live'`, at, by, note, brand, policy)
	return n == 1, err
}

func endPolicy(ctx context.Context, tx *db.Tx, brand, policy id.ID, day clock.Day, ended bool) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE product_policy SET to_day = $1, ended = $2 WHERE brand_id = $3 AND id = $4 AND state = 'live' AND from_day <= $1`, day, ended, brand, policy)
	return n == 1, err
}

// turning gives standing policies that begin on or before a day, or ended before it, and were not followed up yet.
func turning(ctx context.Context, q db.Querier, brand id.ID, day clock.Day, limit int) ([]Policy, error) {
	began, err := policies(ctx, q, `SELECT `+policyColumns+` FROM product_policy WHERE brand_id = $1 AND begun = FALSE AND from_day <= $2 AND state = 'live' ORDER BY from_day, id LIMIT $3`, brand, day, limit)
	if err != nil || len(began) == limit {
		return began, err
	}
	over, err := policies(ctx, q, `SELECT `+policyColumns+` FROM product_policy WHERE brand_id = $1 AND begun = TRUE AND ended = FALSE AND to_day < $2 AND state = 'live' ORDER BY to_day, id LIMIT $3`,
		brand, day, limit-len(began))
	return append(began, over...), err
}

func markTurned(ctx context.Context, tx *db.Tx, brand id.ID, list []Policy, today clock.Day) error {
	rows := make([][]any, 0, len(list))
	for _, p := range list {
		rows = append(rows, []any{p.To < today, brand, p.ID})
	}
	return db.Repeat(ctx, tx, `UPDATE product_policy SET begun = TRUE, ended = $1 WHERE brand_id = $2 AND id = $3`, rows)
}
