package insight

import (
	"cmp"
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// maxShards is how many parts of a large scope are summed at the same time; SQLite's readers are four.
const maxShards = 3

// shard is a stretch of account ids, both ends included.
type shard struct{ from, to id.ID }

// ranged sums a range: closed months from month rows, the days around them from facts. A large scope is summed in parts,
// side by side; no account is in two of them.
func (r *ranker) ranged(ctx context.Context, p Period) ([]Score, error) {
	shards, err := r.shards(ctx)
	if err != nil {
		return nil, err
	}
	found := make([][]Score, len(shards))
	g, ctx := errgroup.WithContext(ctx)
	for i, s := range shards {
		g.Go(func() (err error) {
			found[i], err = r.rangedPart(ctx, p, s)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b Score) int {
		order := cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Account, b.Account))
		if r.ask.Last {
			order = -order
		}
		return order
	})
	return all[:min(len(all), r.ask.Limit)], nil
}

// shards cuts the brand's accounts where the scope is too large to be a list of units.
func (r *ranker) shards(ctx context.Context) ([]shard, error) {
	whole := []shard{{0, 1<<63 - 1}}
	n := min(maxShards, runtime.GOMAXPROCS(0))
	if r.scope.Units != nil || n < 2 {
		return whole, nil
	}
	total, err := db.One[int64](ctx, r.q, `SELECT COUNT(*) FROM insight_account_state WHERE brand_id = $1`, r.brand)
	if err != nil || total < 1000 {
		return whole, err
	}
	out := make([]shard, 0, n)
	from := id.ID(0)
	for i := 1; i < n; i++ {
		last, err := db.One[id.ID](ctx, r.q, `SELECT account_id FROM insight_account_state WHERE brand_id = $1 ORDER BY account_id LIMIT 1 OFFSET $2`, r.brand, total*int64(i)/int64(n))
		if db.NoRows(err) {
			break // accounts were removed since they were counted
		}
		if err != nil {
			return nil, err
		}
		out, from = append(out, shard{from, last}), last+1
	}
	return append(out, shard{from, 1<<63 - 1}), nil
}

// rangedPart ranks the accounts of a shard. Each account's months and days are looked up by key, which needs no memory
// and no sorting of rows by account; an account without any is not ranked.
func (r *ranker) rangedPart(ctx context.Context, p Period, part shard) ([]Score, error) {
	var a db.Args
	sum := r.sumBy(&a, r.ask.Metric, p)
	return db.All[Score](ctx, r.q, "WITH t AS MATERIALIZED (SELECT st.account_id AS account_id"+sum.columns+" FROM "+r.accounts()+" WHERE "+r.where(&a)+
		" AND st.account_id BETWEEN "+a.Add(int64(part.from))+" AND "+a.Add(int64(part.to))+") SELECT account_id, CAST("+sum.score+" AS BIGINT) AS score FROM t WHERE "+
		sum.told+r.order()+" LIMIT "+a.Add(r.ask.Limit), a.Values...)
}

// summing are the pieces of a statement that sums a metric of accounts (st) by key: the columns with each account's
// sums, their total, and whether there was anything to sum.
type summing struct{ columns, score, told string }

// sumBy sums closed months from month rows and the days around them from facts.
func (r *ranker) sumBy(a *db.Args, m post.Metric, p Period) summing {
	months, days := p.split(r.mark.Read)
	var s summing
	sum := func(name, value, table, span string, from, to int64) {
		s.columns += ", (SELECT SUM(" + value + ") FROM " + table + " f WHERE f.brand_id = st.brand_id AND f.account_id = st.account_id AND f." + span +
			" BETWEEN " + a.Add(from) + " AND " + a.Add(to) + ") AS " + name
		s.score += " + COALESCE(" + name + ", 0)"
		s.told += " OR " + name + " IS NOT NULL"
	}
	if len(months) > 0 {
		sum("m", valueCols()[m], "insight_account_month", "month", int64(months[0]), int64(months[len(months)-1]))
	}
	for i, d := range days {
		sum("d"+itoa(int64(i)), countedCase(m), "insight_account_day", "day", int64(d.From), int64(d.To))
	}
	s.score, s.told = s.score[len(" + "):], s.told[len(" OR "):]
	return s
}
