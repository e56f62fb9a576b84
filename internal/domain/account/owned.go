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
