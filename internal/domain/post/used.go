package post

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// AccountsUsed tells which of the accounts have posts or account figures, dead ones too: account asks before an undo
// removes an account.
func (s *Service) AccountsUsed(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]bool, error) {
	used := map[id.ID]bool{}
	for _, table := range []string{"post_post", "post_account_snapshot"} {
		var a db.Args
		rows, err := db.All[id.ID](ctx, q, "SELECT DISTINCT account_id FROM "+table+" WHERE brand_id = "+a.Add(brand)+
			" AND account_id IN "+db.IDList(q, &a, ids), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			used[r] = true
		}
	}
	return used, nil
}
