package recall

import (
	"context"
	"encoding/json"
	"fmt"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// recallRow is a row of recall_recall; UnitID 0 is the whole brand.
type recallRow struct {
	ID         id.ID     `db:"id"`
	Title      string    `db:"title"`
	Claim      string    `db:"claim"`
	RuleID     string    `db:"rule_id"`
	Action     Action    `db:"action"`
	Reason     string    `db:"reason"`
	Article    string    `db:"article"`
	UnitID     id.ID     `db:"unit_id"`
	Due        clock.Day `db:"due_day"`
	State      State     `db:"state"`
	AtPost     id.ID     `db:"at_post"`
	AtProfile  id.ID     `db:"at_profile"`
	Looked     int64     `db:"looked"`
	OpenedAt   clock.Ms  `db:"opened_at"`
	OpenedBy   id.ID     `db:"opened_by"`
	OpenedName string    `db:"opened_by_name"`
	ClosedAt   clock.Ms  `db:"closed_at"`
	ClosedName string    `db:"closed_by_name"`
	CloseNote  string    `db:"close_note"`
	claim      Claim
}

const recallColumns = `id, title, claim, rule_id, action, reason, article, unit_id, due_day, state, at_post, at_profile, looked,
	opened_at, opened_by, opened_by_name, closed_at, closed_by_name, close_note`

// read fills what the row keeps as JSON.
func (r *recallRow) read() error {
	if err := json.Unmarshal([]byte(r.Claim), &r.claim); err != nil {
		return fmt.Errorf("recall %s: claim: %w", r.ID, err)
	}
	return nil
}

func insertRecall(ctx context.Context, q db.Querier, brand id.ID, r recallRow) error {
	claim, err := json.Marshal(r.claim)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `INSERT INTO recall_recall (brand_id, id, title, claim, rule_id, action, reason, article, unit_id, due_day, state,
		at_post, at_profile, looked, opened_at, opened_by, opened_by_name, closed_by_name, close_note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, $12, $13, $14, '', '')`,
		brand, r.ID, r.Title, string(claim), r.RuleID, string(r.Action), r.Reason, r.Article, int64(r.UnitID), r.Due, string(r.State),
		r.OpenedAt, r.OpenedBy, r.OpenedName)
	return err
}

func getRecall(ctx context.Context, q db.Querier, brand, recall id.ID) (recallRow, error) {
	return oneRecall(ctx, q, `SELECT `+recallColumns+` FROM recall_recall WHERE brand_id = $1 AND id = $2`, brand, recall)
}

// lockRecall reads a recall and holds it until the transaction ends: a write that changes nothing locks on both engines.
func lockRecall(ctx context.Context, q db.Querier, brand, recall id.ID) (recallRow, error) {
	return oneRecall(ctx, q, `UPDATE recall_recall SET state = state WHERE brand_id = $1 AND id = $2 RETURNING `+recallColumns, brand, recall)
}

func oneRecall(ctx context.Context, q db.Querier, text string, args ...any) (recallRow, error) {
	r, err := db.One[recallRow](ctx, q, text, args...)
	if err == nil {
		err = r.read()
	}
	return r, err
}

// liveRecalls gives the recalls that are not closed; a brand has a handful.
func liveRecalls(ctx context.Context, q db.Querier, brand id.ID) ([]recallRow, error) {
	rows, err := db.All[recallRow](ctx, q, `SELECT `+recallColumns+` FROM recall_recall WHERE brand_id = $1 AND state IN ('searching', 'open') ORDER BY id`, brand)
	for i := range rows {
		if err == nil {
			err = rows[i].read()
		}
	}
	return rows, err
}

// listRecalls gives recalls newest first, before an id (0: from the top). A scope that is not the whole brand sees those
// with items in it.
func listRecalls(ctx context.Context, q db.Querier, scope authz.Scope, state State, before id.ID, limit int) ([]recallRow, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(scope.BrandID)
	if state != "" {
		w += ` AND state = ` + a.Add(string(state))
	}
	if before != 0 {
		w += ` AND id < ` + a.Add(before)
	}
	if !scope.All {
		w += ` AND EXISTS (SELECT 1 FROM recall_item i WHERE i.brand_id = recall_recall.brand_id AND i.recall_id = recall_recall.id AND ` + scope.Where("i.unit_id", a) + `)`
	}
	rows, err := db.All[recallRow](ctx, q, `SELECT `+recallColumns+` FROM recall_recall WHERE `+w+` ORDER BY id DESC LIMIT `+a.Add(limit), a.Values...)
	for i := range rows {
		if err == nil {
			err = rows[i].read()
		}
	}
	return rows, err
}

// moveSearch writes how far the search has come and how many texts more it looked at.
func moveSearch(ctx context.Context, q db.Querier, brand, recall id.ID, at place, looked int) error {
	_, err := q.Exec(ctx, `UPDATE recall_recall SET at_post = $1, at_profile = $2, looked = looked + $3 WHERE brand_id = $4 AND id = $5`,
		int64(at.post), int64(at.profile), looked, brand, recall)
	return err
}

// openRecall opens a recall after its first search and tells whether this was it.
func openRecall(ctx context.Context, q db.Querier, brand, recall id.ID) (bool, error) {
	n, err := q.Exec(ctx, `UPDATE recall_recall SET state = 'open' WHERE brand_id = $1 AND id = $2 AND state = 'searching'`, brand, recall)
	return n == 1, err
}

func closeRecall(ctx context.Context, q db.Querier, actor authz.Actor, recall id.ID, at clock.Ms, note string) error {
	_, err := q.Exec(ctx, `UPDATE recall_recall SET state = 'closed', closed_at = $1, closed_by_name = $2, close_note = $3 WHERE brand_id = $4 AND id = $5`,
		at, actor.Name, note, actor.BrandID, recall)
	return err
}
