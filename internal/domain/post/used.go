package post

import (
	"context"

	"kosmos/internal/base/clock"
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

// FollowerLevel is the newest follower count that a live snapshot of an account tells.
type FollowerLevel struct {
	AccountID id.ID    `db:"account_id"`
	Followers int64    `db:"followers"`
	AsOf      clock.Ms `db:"as_of"`
}

// FollowerLevels reads where the followers of accounts stand; accounts nobody told about are missing.
func (s *Service) FollowerLevels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]FollowerLevel, error) {
	var a db.Args
	return db.All[FollowerLevel](ctx, q, "SELECT account_id, followers, as_of FROM (SELECT account_id, followers, as_of, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY as_of DESC, learned_at DESC) AS n FROM post_account_snapshot WHERE brand_id = "+
		a.Add(brand)+" AND account_id IN "+db.IDList(q, &a, ids)+" AND dead = "+a.Add(false)+" AND followers IS NOT NULL) AS t WHERE n = 1", a.Values...)
}
