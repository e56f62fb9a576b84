package insight

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// shares gives what every account did of a metric while it counted for the scope, the largest share first. The list is
// worked out as a whole, because an order by sums has no index, and kept while no figure of the brand changes: the
// pages of a drill come from one list.
func (s *Service) shares(ctx context.Context, r *ranker, m post.Metric, q RowsQuery) ([]Score, error) {
	var err error
	if r.mark, err = readMark(ctx, r.q, r.brand); err != nil {
		return nil, err
	}
	key := drillKey{brand: r.brand, scope: scopeName(r.scope), metric: m, period: q.Period, platform: r.ask.Platform, kind: r.ask.Kind}
	before, err := s.figuresVersion(ctx, r.brand, r.mark)
	if err != nil {
		return nil, err
	}
	if list, ok := s.drills.get(key, before); ok {
		return list, nil
	}
	list, err := r.shares(ctx, m, q.Period)
	if err != nil {
		return nil, err
	}
	if after, err := s.figuresVersion(ctx, r.brand, r.mark); err != nil {
		return nil, err
	} else if after == before {
		s.drills.keep(key, before, list)
	}
	return list, nil
}

// figuresVersion is a number that is another one after every change of figures, states or places in the tree: whoever
// makes one writes a new version of the shards it touches (package memo).
func (s *Service) figuresVersion(ctx context.Context, brand id.ID, mark brandMark) (uint64, error) {
	rows, err := s.db.Query(ctx, "SELECT shard, version FROM insight_memo WHERE brand_id = $1", brand)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	mix := func(h, x uint64) uint64 {
		h = (h ^ x) * 0x9E3779B97F4A7C15
		return h ^ h>>29
	}
	var sum uint64 // of the rows, in whatever order they come
	var shard, version int64
	for rows.Next() {
		if err := rows.Scan(&shard, &version); err != nil {
			return 0, err
		}
		sum += mix(mix(uint64(shard)+1, uint64(version)), 1)
	}
	return mix(mix(sum, uint64(mark.Read)), uint64(mark.Closed)), rows.Err()
}

// shares works the list out. Accounts all of whose facts counted for the scope are summed from closed months and the
// days around them; those that moved, or whose unit did, day by day as the tree stood.
func (r *ranker) shares(ctx context.Context, m post.Metric, p Period) ([]Score, error) {
	var parts []string // conditions on st, no account in two of them
	var args [][]any
	if r.scope.All {
		shards, err := r.shards(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range shards {
			var a db.Args
			parts = append(parts, "st.account_id BETWEEN "+a.Add(int64(s.from))+" AND "+a.Add(int64(s.to)))
			args = append(args, a.Values)
		}
	}
	var in inside
	if !r.scope.All {
		var err error
		if in, err = r.inside(ctx); err != nil {
			return nil, err
		}
		for _, units := range in.parts() {
			var a db.Args
			parts = append(parts, "st.unit_id IN "+db.IDList(r.q, &a, units)+" AND st.account_id NOT IN "+pastAccounts(&a, r.brand))
			args = append(args, a.Values)
		}
	}
	found := make([][]Score, len(parts)+1)
	g, gctx := errgroup.WithContext(ctx)
	for i := range parts {
		g.Go(func() (err error) {
			found[i], err = r.wholeShares(gctx, m, p, parts[i], args[i])
			return err
		})
	}
	if !r.scope.All {
		g.Go(func() (err error) {
			found[len(parts)], err = r.datedShares(gctx, m, p, in)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	list := slices.Concat(found...)
	slices.SortFunc(list, byShare)
	return list, nil
}

// wholeShares sums accounts (st) by key, closed months and days.
func (r *ranker) wholeShares(ctx context.Context, m post.Metric, p Period, where string, args []any) ([]Score, error) {
	a := db.Args{Values: args}
	sum := r.sumBy(&a, m, p)
	from := "insight_account_state st"
	if !r.scope.All {
		from += db.IndexedBy(r.q, "ix_insight_account_state__unit_id")
	}
	return readScores(ctx, r.q, "WITH t AS MATERIALIZED (SELECT st.account_id AS account_id"+sum.columns+" FROM "+from+" WHERE st.brand_id = "+a.Add(r.brand)+r.cut(&a)+" AND "+where+
		") SELECT account_id, CAST("+sum.score+" AS BIGINT) AS score FROM t WHERE "+sum.score+" <> 0", a.Values)
}

// datedShares sums the accounts that not all of their facts count for the scope, fact by fact.
func (r *ranker) datedShares(ctx context.Context, m post.Metric, p Period, in inside) ([]Score, error) {
	if len(in.touched) == 0 {
		return nil, nil
	}
	var a db.Args
	where := "f.brand_id = st.brand_id AND f.account_id = st.account_id AND f.day BETWEEN " + a.Add(int64(p.From)) + " AND " + a.Add(int64(p.To)) + " AND st.brand_id = " + a.Add(r.brand) + r.cut(&a)
	accounts := "(SELECT y.account_id FROM insight_account_past y WHERE y.brand_id = " + a.Add(r.brand) + " AND y.unit_id IN " + db.IDList(r.q, &a, in.touched) +
		" UNION SELECT x.account_id FROM insight_account_state x WHERE x.brand_id = " + a.Add(r.brand) + " AND x.unit_id IN " + db.IDList(r.q, &a, in.touched) +
		" AND (x.unit_id NOT IN " + db.IDList(r.q, &a, in.always) + " OR x.account_id IN " + pastAccounts(&a, r.brand) + "))"
	where += " AND st.account_id IN " + accounts + " AND " + in.counted(r.q, &a)
	return readScores(ctx, r.q, "SELECT st.account_id AS account_id, "+countedSumAs(m, "score")+" FROM insight_account_state st CROSS JOIN insight_account_day f WHERE "+where+
		" GROUP BY st.account_id HAVING SUM("+countedCase(m)+") <> 0", a.Values)
}

// pastAccounts lists the accounts that have facts in a unit they are not in now.
func pastAccounts(a *db.Args, brand id.ID) string {
	return "(SELECT z.account_id FROM insight_account_past z WHERE z.brand_id = " + a.Add(brand) + ")"
}

// readScores reads pairs of an account and its number into plain integers: there may be as many as accounts.
func readScores(ctx context.Context, q db.Querier, text string, args []any) ([]Score, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	var out []Score
	var account, value int64
	for rows.Next() {
		if err := rows.Scan(&account, &value); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out = append(out, Score{id.ID(account), value})
	}
	return out, errors.Join(rows.Err(), rows.Close())
}

// inside says which facts counted for a scope that is not the whole brand.
type inside struct {
	always  []int64 // units whose facts all count
	dated   []pathRow
	touched []int64 // units of which any fact counts
}

// parts cuts the units whose facts all count into as many parts as are worth reading side by side.
func (in *inside) parts() [][]int64 {
	const few = 64
	n := min(maxShards, runtime.GOMAXPROCS(0))
	if len(in.always) < few || n < 2 {
		return [][]int64{in.always}
	}
	return slices.Collect(slices.Chunk(in.always, (len(in.always)+n-1)/n))
}

// counted writes the condition "the fact (f) counted for the scope".
func (in *inside) counted(q db.Querier, a *db.Args) string {
	var b strings.Builder
	b.WriteString("(f.unit_id IN " + db.IDList(q, a, in.always))
	for _, p := range in.dated {
		fmt.Fprintf(&b, " OR (f.unit_id = %s AND f.day BETWEEN %s AND %s)", a.Add(p.Unit), a.Add(int64(p.From)), a.Add(int64(p.To)))
	}
	return b.String() + ")"
}

// inside reads where the scope's facts lie.
func (r *ranker) inside(ctx context.Context) (in inside, err error) {
	spans, err := r.pathsBelow(ctx)
	if err != nil {
		return in, err
	}
	begin := map[id.ID]clock.Day{}
	for _, p := range spans {
		if d, ok := begin[p.Unit]; !ok || p.From < d {
			begin[p.Unit] = p.From
		}
	}
	for _, p := range spans {
		if !slices.Contains(r.scope.Roots, p.Ancestor) {
			continue
		}
		in.touched = append(in.touched, int64(p.Unit))
		if p.From == begin[p.Unit] {
			p.From = 0 // days before the unit existed count as its first
		}
		if p.From == 0 && p.To == clock.Forever {
			in.always = append(in.always, int64(p.Unit))
			continue
		}
		in.dated = append(in.dated, p)
	}
	for _, root := range r.scope.Roots {
		if _, folded := begin[root]; !folded {
			in.always, in.touched = append(in.always, int64(root)), append(in.touched, int64(root))
		}
	}
	slices.Sort(in.always)
	slices.Sort(in.touched)
	in.always, in.touched = slices.Compact(in.always), slices.Compact(in.touched)
	return in, nil
}

// pathsBelow reads the whole tree above every unit that ever lay in the scope.
func (r *ranker) pathsBelow(ctx context.Context) ([]pathRow, error) {
	var a db.Args
	return db.All[pathRow](ctx, r.q, "SELECT p.unit_id, p.ancestor_id, p.from_day, p.to_day FROM insight_path p WHERE p.brand_id = "+a.Add(r.brand)+" AND p.unit_id IN (SELECT q.unit_id FROM insight_path q WHERE q.brand_id = "+
		a.Add(r.brand)+" AND q.ancestor_id IN "+db.IDList(r.q, &a, r.scope.Roots)+")", a.Values...)
}
