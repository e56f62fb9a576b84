package health

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// roundRow is a row of health_round; UnitID 0 is the whole brand.
type roundRow struct {
	ID         id.ID     `db:"id"`
	Name       string    `db:"name"`
	UnitID     id.ID     `db:"unit_id"`
	State      string    `db:"state"`
	Opened     clock.Day `db:"opened_day"`
	Due        clock.Day `db:"due_day"`
	Closed     clock.Day `db:"closed_day"`
	OpenedBy   id.ID     `db:"opened_by"`
	OpenedName string    `db:"opened_by_name"`
}

const roundColumns = `id, name, unit_id, state, opened_day, due_day, closed_day, opened_by, opened_by_name`

func putRound(ctx context.Context, q db.Querier, brand id.ID, r roundRow) error {
	_, err := q.Exec(ctx, `INSERT INTO health_round (brand_id, id, name, unit_id, state, opened_day, due_day, opened_by, opened_by_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, brand, r.ID, r.Name, int64(r.UnitID), r.State, r.Opened, r.Due, r.OpenedBy, r.OpenedName)
	return err
}

func getRound(ctx context.Context, q db.Querier, brand, round id.ID) (roundRow, error) {
	return db.One[roundRow](ctx, q, `SELECT `+roundColumns+` FROM health_round WHERE brand_id = $1 AND id = $2`, brand, round)
}

// listRounds gives the newest rounds; a brand has a handful a year.
func listRounds(ctx context.Context, q db.Querier, brand id.ID) ([]roundRow, error) {
	return db.All[roundRow](ctx, q, `SELECT `+roundColumns+` FROM health_round WHERE brand_id = $1 ORDER BY id DESC LIMIT 200`, brand)
}

func putItems(ctx context.Context, q db.Querier, brand, round id.ID, rows []scoreRow) error {
	vals := make([][]any, len(rows))
	for i, r := range rows {
		vals[i] = []any{brand, round, r.AccountID, r.UnitID, r.Cause, itemPending, "", "", "", "", ""}
	}
	_, err := db.Insert(ctx, q, "health_round_item",
		[]string{"brand_id", "round_id", "account_id", "unit_id", "cause", "state", "decision", "reason", "decided_by", "proof", "proved_by"}, vals, "")
	return err
}

// itemRow is a row of health_round_item.
type itemRow struct {
	AccountID id.ID    `db:"account_id"`
	UnitID    id.ID    `db:"unit_id"`
	Cause     Cause    `db:"cause"`
	State     string   `db:"state"`
	Decision  string   `db:"decision"`
	Reason    string   `db:"reason"`
	DecidedBy string   `db:"decided_by"`
	DecidedAt clock.Ms `db:"decided_at"`
	Proof     string   `db:"proof"`
	ProvedBy  string   `db:"proved_by"`
	ProvedAt  clock.Ms `db:"proved_at"`
}

// listItems gives items of a round within the scope, by account, after the query's account.
func listItems(ctx context.Context, q db.Querier, brand id.ID, scope authz.Scope, f ItemQuery) ([]itemRow, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(brand) + ` AND round_id = ` + a.Add(f.Round) + ` AND account_id > ` + a.Add(int64(f.After)) + ` AND ` + scope.Where("unit_id", a)
	if f.State != "" {
		w += ` AND state = ` + a.Add(f.State)
	}
	return db.All[itemRow](ctx, q, `SELECT account_id, unit_id, cause, state, decision, reason, decided_by, decided_at, proof, proved_by, proved_at
		FROM health_round_item WHERE `+w+` ORDER BY account_id LIMIT `+a.Add(f.Limit), a.Values...)
}

func tallyItems(ctx context.Context, q db.Querier, brand, round id.ID, scope authz.Scope) ([]tally, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(brand) + ` AND round_id = ` + a.Add(round) + ` AND ` + scope.Where("unit_id", a)
	return db.All[tally](ctx, q, `SELECT state AS key, COUNT(*) AS n FROM health_round_item WHERE `+w+` GROUP BY state ORDER BY state`, a.Values...)
}

// itemKey names an item.
type itemKey struct{ round, account id.ID }

// itemProof is the proof of an item.
type itemProof struct {
	Proof, By string
	At        clock.Ms
}

type itemChange struct {
	Decision, Reason, By string
	At                   clock.Ms
}

const inOpenRound = ` AND EXISTS (SELECT 1 FROM health_round r WHERE r.brand_id = health_round_item.brand_id AND r.id = health_round_item.round_id AND r.state = 'open')`

func decideItem(ctx context.Context, q db.Querier, scope authz.Scope, k itemKey, c itemChange) (bool, error) {
	a := &db.Args{}
	text := `UPDATE health_round_item SET state = 'decided', decision = ` + a.Add(c.Decision) + `, reason = ` + a.Add(c.Reason) +
		`, decided_by = ` + a.Add(c.By) + `, decided_at = ` + a.Add(c.At) + ` WHERE brand_id = ` + a.Add(scope.BrandID) + ` AND round_id = ` + a.Add(k.round) +
		` AND account_id = ` + a.Add(k.account) + ` AND state <> 'proved' AND ` + scope.Where("unit_id", a) + inOpenRound
	n, err := q.Exec(ctx, text, a.Values...)
	return n == 1, err
}

// proveItem marks a decided item as proved and returns the decision; ErrNoRows when there is no such item.
func proveItem(ctx context.Context, q db.Querier, scope authz.Scope, k itemKey, p itemProof) (decision, reason string, err error) {
	a := &db.Args{}
	text := `UPDATE health_round_item SET state = 'proved', proof = ` + a.Add(p.Proof) + `, proved_by = ` + a.Add(p.By) + `, proved_at = ` + a.Add(p.At) +
		` WHERE brand_id = ` + a.Add(scope.BrandID) + ` AND round_id = ` + a.Add(k.round) + ` AND account_id = ` + a.Add(k.account) +
		` AND state = 'decided' AND ` + scope.Where("unit_id", a) + inOpenRound + ` RETURNING decision, reason`
	err = q.QueryRow(ctx, text, a.Values...).Scan(&decision, &reason)
	return decision, reason, err
}
