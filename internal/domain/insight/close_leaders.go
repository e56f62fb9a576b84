package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Span names a kept window that ends with the last closed day.
type Span string

// The kept windows.
const (
	Day1  Span = "1d"
	Day7  Span = "7d"
	Day30 Span = "30d"
	Day90 Span = "90d"
	Month Span = "month" // month to date
)

// Spans lists the kept windows.
func Spans() []Span { return []Span{Day1, Day7, Day30, Day90, Month} }

// Period gives the days of the window that ends with last.
func (s Span) Period(last clock.Day) Period {
	switch s {
	case Day7:
		return Period{last.Add(-6), last}
	case Day30:
		return Period{last.Add(-29), last}
	case Day90:
		return Period{last.Add(-89), last}
	case Month:
		return Period{last/100*100 + 1, last}
	case Day1:
	}
	return Period{last, last}
}

const (
	// keptPlaces is how many first and last places are kept.
	keptPlaces = 200
	// keptFrom is the number of accounts from which a unit's leaders are kept; smaller ones are sorted when asked.
	keptFrom = 2000
)

// windows writes the kept windows that end with day and the leaders of the large units.
func (c *closer) windows(ctx context.Context, day clock.Day) error {
	large := c.largeUnits(day)
	for _, span := range Spans() {
		did, err := c.sums(ctx, span.Period(day))
		if err != nil {
			return err
		}
		if err := c.writeWindow(ctx, span, did); err != nil {
			return err
		}
		if err := c.writeLeaders(ctx, span, did, large); err != nil {
			return err
		}
	}
	return nil
}

// largeUnits gives, for each unit, those of its ancestors (0 included) whose leaders are kept.
func (c *closer) largeUnits(day clock.Day) map[unitID][]unitID {
	size := map[unitID]int{}
	var up []unitID
	for _, st := range c.states {
		if st.Counted {
			up = c.paths.above(up[:0], unitID(st.UnitID), day)
			for _, u := range up {
				size[u]++
			}
		}
	}
	out := map[unitID][]unitID{}
	for _, st := range c.states {
		u := unitID(st.UnitID)
		if _, ok := out[u]; ok {
			continue
		}
		out[u] = []unitID{}
		for _, x := range c.paths.above(nil, u, day) {
			if x == 0 || size[x] >= keptFrom {
				out[u] = append(out[u], x)
			}
		}
	}
	return out
}

func (c *closer) writeWindow(ctx context.Context, span Span, did map[id.ID]*post.Values) error {
	cols := append([]string{"brand_id", "span", "account_id", "league", "platform"}, valueCols()...)
	var none post.Values
	err := inChunks(c.states, chunkRows, func(part []*accountState) error {
		rows := make([][]any, 0, len(part))
		for _, st := range part {
			if !st.Counted {
				continue
			}
			v := did[st.AccountID]
			if v == nil {
				v = &none
			}
			rows = append(rows, valueRow([]any{int64(c.brand), string(span), int64(st.AccountID), st.League, st.Platform}, v))
		}
		return c.s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `DELETE FROM insight_account_window WHERE brand_id = $1 AND span = $2 AND account_id BETWEEN $3 AND $4`, c.brand, string(span),
				part[0].AccountID, part[len(part)-1].AccountID); err != nil {
				return err
			}
			return db.Copy(ctx, tx, "insight_account_window", cols, rows)
		})
	})
	return err
}

// leaderKey names a list of leaders.
type leaderKey struct {
	unit     unitID
	platform string
	metric   post.Metric
}

// writeLeaders writes first places 1…200 and last places −1…−200 of the large units.
func (c *closer) writeLeaders(ctx context.Context, span Span, did map[id.ID]*post.Values, large map[unitID][]unitID) error {
	counted := make([]*accountState, 0, len(c.states))
	for _, st := range c.states {
		if st.Counted {
			counted = append(counted, st)
		}
	}
	var none post.Values
	score := func(st *accountState, m post.Metric) int64 {
		if v := did[st.AccountID]; v != nil {
			return v[m]
		}
		return none[m]
	}
	var rows [][]any
	for m := range post.NumMetrics {
		slices.SortFunc(counted, func(a, b *accountState) int {
			return cmp.Or(cmp.Compare(score(b, m), score(a, m)), cmp.Compare(a.AccountID, b.AccountID))
		})
		taken := map[leaderKey]int64{}
		take := func(st *accountState, sign int64) {
			for _, u := range large[unitID(st.UnitID)] {
				for _, p := range [2]string{"", st.Platform} {
					k := leaderKey{u, p, m}
					if taken[k] < keptPlaces {
						taken[k]++
						rows = append(rows, []any{int64(c.brand), int64(u), string(span), p, valueCols()[m], sign * taken[k], int64(st.AccountID), score(st, m)})
					}
				}
			}
		}
		for _, st := range counted {
			take(st, 1)
		}
		clear(taken)
		for i := len(counted) - 1; i >= 0; i-- {
			take(counted[i], -1)
		}
	}
	slices.SortFunc(rows, func(a, b []any) int {
		return cmp.Or(cmp.Compare(a[1].(int64), b[1].(int64)), cmp.Compare(a[3].(string), b[3].(string)), cmp.Compare(a[4].(string), b[4].(string)), cmp.Compare(a[5].(int64), b[5].(int64)))
	})
	return c.replace(ctx, replacement{"insight_top", "span = '" + string(span) + "'", false, []string{"brand_id", "unit_id", "span", "platform", "metric", "place", "account_id", "score"}, rows})
}
