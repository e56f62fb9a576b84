package account

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// MemberAccounts lists the accounts a member looks after, whatever their status.
func (s *Service) MemberAccounts(ctx context.Context, q db.Querier, brand, member id.ID) ([]id.ID, error) {
	return db.All[id.ID](ctx, q, `SELECT id FROM account_account WHERE brand_id = $1 AND member_id = $2 ORDER BY id`, brand, member)
}

// Names gives the shown names of accounts; ended ones too.
func (s *Service) Names(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error) {
	rows, err := labelRows(ctx, q, brand, unique(ids))
	out := make(map[id.ID]string, len(rows))
	for i := range rows {
		out[rows[i].ID] = rows[i].Name
	}
	return out, err
}

// CountOpen counts the accounts that WalkFacts walks.
func (s *Service) CountOpen(ctx context.Context, q db.Querier, brand id.ID) (int64, error) {
	return db.One[int64](ctx, q, "SELECT COUNT(*) FROM account_account WHERE brand_id = $1 AND status NOT IN ('handed_over', 'closed')", brand)
}
