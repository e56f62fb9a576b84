package insight

import (
	"context"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// means puts beside each place what the accounts of its league did on average over the board's closed days.
func (s *Service) means(ctx context.Context, brand id.ID, m post.Metric, b *Board) error {
	var a db.Args
	seen := map[string]struct{}{}
	for i := range b.Items {
		if l := b.Items[i].League; l != "" {
			seen[l] = struct{}{}
		}
	}
	if len(seen) == 0 {
		return nil
	}
	head := "brand_id = " + a.Add(brand) + " AND day BETWEEN " + a.Add(int64(b.Period.From)) + " AND " + a.Add(int64(b.Period.To))
	list := make([]string, 0, len(seen))
	for l := range seen {
		list = append(list, a.Add(l))
	}
	type row struct {
		League   string    `db:"league"`
		Day      clock.Day `db:"day"`
		Accounts int64     `db:"accounts"`
		Value    int64     `db:"v"`
	}
	rows, err := db.All[row](ctx, s.db, "SELECT league, day, accounts, "+valueCols()[m]+" AS v FROM insight_league_day WHERE "+head+" AND accounts > 0 AND league IN ("+strings.Join(list, ", ")+")", a.Values...)
	if err != nil {
		return err
	}
	sums := map[string]float64{}
	for _, r := range rows {
		sums[r.League] += float64(r.Value) / float64(r.Accounts)
	}
	for i := range b.Items {
		if mean, ok := sums[b.Items[i].League]; ok {
			b.Items[i].LeagueMean = &mean
		}
	}
	return nil
}
