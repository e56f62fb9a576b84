package post

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// RecentViews gives the views of the newest ≤ n posts of ≤ 1,000 accounts, newest first; posts whose views nobody told
// are left out.
func (s *Service) RecentViews(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, n int) (map[id.ID][]int64, error) {
	var a db.Args
	type row struct {
		AccountID id.ID `db:"account_id"`
		Views     int64 `db:"views"`
	}
	rows, err := db.All[row](ctx, q, `SELECT account_id, views FROM (SELECT account_id, views, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY published_day DESC, id DESC) AS n
		FROM post_post x`+db.IndexedBy(q, "ix_post_post__account_id__published_day")+` WHERE brand_id = `+a.Add(brand)+` AND account_id IN `+db.IDList(q, &a, ids)+` AND status <> 'gone' AND views >= 0) p
		WHERE n <= `+a.Add(n)+` ORDER BY account_id, n`, a.Values...)
	out := make(map[id.ID][]int64, len(ids))
	for _, r := range rows {
		out[r.AccountID] = append(out[r.AccountID], r.Views)
	}
	return out, err
}

// FollowerFall is a loss between two counts that follow each other.
type FollowerFall struct {
	AccountID     id.ID    `db:"account_id"`
	AsOf          clock.Ms `db:"as_of"`
	Before, After int64
}

// FollowerFalls lists, for ≤ 1,000 accounts, the losses of at least percent between neighbouring counts since a moment.
func (s *Service) FollowerFalls(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Ms, percent int) ([]FollowerFall, error) {
	var a db.Args
	type row struct {
		AccountID id.ID    `db:"account_id"`
		AsOf      clock.Ms `db:"as_of"`
		Before    int64    `db:"before_value"`
		After     int64    `db:"after_value"`
	}
	rows, err := db.All[row](ctx, q, `SELECT account_id, as_of, before_value, after_value FROM (SELECT account_id, as_of, followers AS after_value,
		LAG(followers) OVER (PARTITION BY account_id ORDER BY as_of, learned_at) AS before_value FROM post_account_snapshot
		WHERE brand_id = `+a.Add(brand)+` AND account_id IN `+db.IDList(q, &a, ids)+` AND NOT dead AND followers IS NOT NULL AND as_of >= `+a.Add(int64(since)-45*86400000)+`) f
		WHERE as_of >= `+a.Add(since)+` AND before_value IS NOT NULL AND (before_value - after_value) * 100 >= before_value * `+a.Add(percent)+` AND before_value > after_value
		ORDER BY account_id, as_of`, a.Values...)
	out := make([]FollowerFall, len(rows))
	for i, r := range rows {
		out[i] = FollowerFall(r)
	}
	return out, err
}
