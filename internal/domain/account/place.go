package account

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// savePlaces keeps the dated history of unit and kind. An account that was registered today and has no figures yet was
// put in the wrong place, not moved: its only span is corrected.
func (s *Service) savePlaces(ctx context.Context, tx *db.Tx, edits []*edit, today clock.Day) error {
	var fresh [][]any
	var moved []*edit
	var young []id.ID
	for _, e := range edits {
		a := &e.After
		switch {
		case e.Removed:
		case e.Before == nil:
			fresh = append(fresh, []any{a.BrandID, a.ID, Since, clock.Forever, a.UnitID, a.Kind})
		case e.Before.UnitID != a.UnitID || e.Before.Kind != a.Kind:
			moved = append(moved, e)
			if a.CreatedAt.Day(clock.Shanghai()) == today {
				young = append(young, a.ID)
			}
		}
	}
	used := map[id.ID]bool{}
	if len(young) > 0 && s.Used != nil {
		var err error
		if used, err = s.Used.AccountsUsed(ctx, tx, edits[0].After.BrandID, young); err != nil {
			return err
		}
	}
	correct := map[id.ID]bool{}
	for _, y := range young {
		correct[y] = !used[y]
	}
	for _, e := range moved {
		if err := movePlace(ctx, tx, &e.After, today, correct[e.After.ID]); err != nil {
			return err
		}
	}
	return db.Copy(ctx, tx, "account_unit", []string{"brand_id", "account_id", "valid_from_day", "valid_to_day", "unit_id", "kind"}, fresh)
}

// movePlace ends the running span yesterday and begins one today; a span that began today is overwritten.
func movePlace(ctx context.Context, tx *db.Tx, a *Account, today clock.Day, correct bool) error {
	if correct {
		n, err := tx.Exec(ctx, `UPDATE account_unit SET unit_id = $1, kind = $2 WHERE brand_id = $3 AND account_id = $4
			AND valid_from_day = 19000101 AND valid_to_day = 99991231`, a.UnitID, a.Kind, a.BrandID, a.ID)
		if err != nil || n == 1 {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE account_unit SET valid_to_day = $1 WHERE brand_id = $2 AND account_id = $3
		AND valid_to_day = 99991231 AND valid_from_day < $4`, today.Add(-1), a.BrandID, a.ID, today); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO account_unit (brand_id, account_id, valid_from_day, valid_to_day, unit_id, kind)
		VALUES ($1, $2, $3, 99991231, $4, $5)
		ON CONFLICT (brand_id, account_id, valid_from_day) DO UPDATE SET unit_id = excluded.unit_id, kind = excluded.kind`,
		a.BrandID, a.ID, today, a.UnitID, a.Kind)
	return err
}
