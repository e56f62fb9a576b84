package post

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Best is an account's most viewed post of some days.
type Best struct {
	ID           id.ID  `json:"id"`
	Title        string `json:"title"`
	Views        int64  `json:"views"`
	Interactions int64  `json:"interactions"`
}

// Bests finds the most viewed post of each account among those published from one day to another.
func (s *Service) Bests(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, from, to clock.Day) (map[id.ID]Best, error) {
	out := make(map[id.ID]Best, len(accounts))
	if len(accounts) == 0 {
		return out, nil
	}
	var a db.Args
	query := "SELECT " + postCols + " FROM post_post p WHERE p.brand_id = " + a.Add(brand) + " AND p.account_id IN " + db.IDList(q, &a, accounts) +
		" AND p.published_day BETWEEN " + a.Add(int64(from)) + " AND " + a.Add(int64(to)) + " AND p.status <> 'gone'"
	err := eachPost(ctx, q, query, &a, func(p Post) error {
		views, _ := p.Counters.Get(Views)
		if b, ok := out[p.AccountID]; ok && b.Views >= views {
			return nil
		}
		total, _ := p.Interactions()
		out[p.AccountID] = Best{p.ID, p.Title, views, total}
		return nil
	})
	return out, err
}
