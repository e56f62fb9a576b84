package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Posts tells which post of an account did best, and how many followers it had when; plugged by post.
type Posts interface {
	FollowerHistory(ctx context.Context, q db.Querier, brand, account id.ID, from, to clock.Day) ([]post.Level, error)
	Bests(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, from, to clock.Day) (map[id.ID]post.Best, error)
}

// PlugPosts tells which posts stand behind a change; without it no change is put down to a single post.
func (s *Service) PlugPosts(p Posts) { s.posts = p }

// Mover is an account that changed against the period before.
type Mover struct {
	Account  AccountLabel `json:"account"`
	Value    int64        `json:"value"`
	Previous int64        `json:"previous"`
	Reason   Reason       `json:"reason"`
}

// Movers are the accounts of a scope that changed most.
type Movers struct {
	Period   Period  `json:"period"`
	Previous Period  `json:"previous"`
	Up       []Mover `json:"up"`
	Down     []Mover `json:"down"`
}

// moved is what one account did in a period and in the one before.
type moved struct {
	Account id.ID     `db:"account_id"`
	Now     int64     `db:"now_value"`
	Before  int64     `db:"before_value"`
	Posts   int64     `db:"now_posts"`
	Earlier int64     `db:"before_posts"`
	Created clock.Day `db:"created_day"`
}

func (m moved) delta() int64 { return m.Now - m.Before }

// manyAccounts is from how many accounts on the candidates are found in the kept windows first.
const manyAccounts = 5_000

// candidates is how many of them are then worked out exactly, each way.
const candidates = 300

// Movers finds the accounts that rose and fell most in a metric, with the reason the figures show. In a scope of more
// than 5,000 accounts a period of up to 31 days that ends now is searched among the accounts whose kept windows moved most.
func (s *Service) Movers(ctx context.Context, actor authz.Actor, unit string, m post.Metric, p Period, limit int) (*Movers, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", unit)
	if err != nil {
		return nil, err
	}
	mark, err := readMark(ctx, s.db, actor.BrandID)
	if err != nil {
		return nil, err
	}
	out := &Movers{Period: p, Previous: p.Previous(), Up: []Mover{}, Down: []Mover{}}
	r := ranker{q: s.db, brand: actor.BrandID, scope: sc, ask: BoardQuery{Metric: m}, mark: mark}
	only, err := r.likely(ctx, p)
	if err != nil {
		return nil, err
	}
	all, err := r.changes(ctx, p, only)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b moved) int {
		return cmp.Or(cmp.Compare(b.delta(), a.delta()), cmp.Compare(a.Account, b.Account))
	})
	up, down := ends(all, limit)
	if out.Up, err = s.explain(ctx, actor.BrandID, m, p, up); err != nil {
		return nil, err
	}
	out.Down, err = s.explain(ctx, actor.BrandID, m, p, down)
	return out, err
}

// ends takes the highest rises and the deepest falls of a sorted list.
func ends(all []moved, limit int) (up, down []moved) {
	for i := 0; i < len(all) && i < limit && all[i].delta() > 0; i++ {
		up = append(up, all[i])
	}
	for i := len(all) - 1; i >= 0 && len(down) < limit && all[i].delta() < 0; i-- {
		down = append(down, all[i])
	}
	return up, down
}

// likely names the accounts worth working out in a large scope; nil means all of them.
func (r *ranker) likely(ctx context.Context, p Period) ([]id.ID, error) {
	var a db.Args
	n, err := db.One[int64](ctx, r.q, "SELECT COUNT(*) FROM "+r.accounts()+" WHERE "+r.where(&a), a.Values...)
	if err != nil || n <= manyAccounts || p.Days() > 31 || r.mark.Closed == 0 || p.To < r.mark.Closed {
		return nil, err
	}
	short, long, share := Day30, Day90, "2"
	if p.Days() <= 10 {
		short, long, share = Day7, Day30, "3"
	}
	out := []id.ID{}
	for _, order := range []string{"DESC", "ASC"} {
		var a db.Args
		col := valueCols()[r.ask.Metric]
		rows, err := db.All[Score](ctx, r.q, "SELECT st.account_id AS account_id, w.col - (l.col - w.col) / "+share+" AS score FROM "+r.accounts()+" JOIN (SELECT account_id, "+col+
			" AS col FROM insight_account_window WHERE brand_id = "+a.Add(r.brand)+" AND span = "+a.Add(string(short))+") w ON w.account_id = st.account_id JOIN (SELECT account_id, "+col+
			" AS col FROM insight_account_window WHERE brand_id = "+a.Add(r.brand)+" AND span = "+a.Add(string(long))+") l ON l.account_id = st.account_id WHERE "+r.where(&a)+
			" ORDER BY score "+order+", account_id LIMIT "+a.Add(candidates), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, x := range rows {
			out = append(out, x.Account)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// changes sums both periods of every account (or of those named) in one reading.
func (r *ranker) changes(ctx context.Context, p Period, only []id.ID) ([]moved, error) {
	before := p.Previous()
	var a db.Args
	from := a.Add(int64(p.From))
	sum := func(m post.Metric, cond, name string) string {
		return "CAST(COALESCE(SUM(CASE WHEN f.day " + cond + " " + from + " THEN " + countedCase(m) + " ELSE 0 END), 0) AS BIGINT) AS " + name
	}
	query := "SELECT st.account_id AS account_id, MAX(st.created_day) AS created_day, " + sum(r.ask.Metric, ">=", "now_value") + ", " + sum(r.ask.Metric, "<", "before_value") + ", " +
		sum(post.MPosts, ">=", "now_posts") + ", " + sum(post.MPosts, "<", "before_posts") +
		" FROM " + r.accounts() + " CROSS JOIN insight_account_day f WHERE f.brand_id = st.brand_id AND f.account_id = st.account_id AND f.day BETWEEN " + a.Add(int64(before.From)) + " AND " + a.Add(int64(p.To)) +
		" AND " + r.where(&a)
	if only != nil {
		query += " AND st.account_id IN " + db.IDList(r.q, &a, only)
	}
	return db.All[moved](ctx, r.q, query+" GROUP BY st.account_id", a.Values...)
}

func (s *Service) explain(ctx context.Context, brand id.ID, m post.Metric, p Period, list []moved) ([]Mover, error) {
	ids := make([]id.ID, len(list))
	for i, x := range list {
		ids[i] = x.Account
	}
	labels, err := s.accounts.InsightLabels(ctx, s.db, brand, ids)
	if err != nil {
		return nil, err
	}
	now, before := map[id.ID]post.Best{}, map[id.ID]post.Best{}
	if s.posts != nil && (m == post.MViews || m == post.MInteractions) {
		if now, err = s.posts.Bests(ctx, s.db, brand, ids, p.From, p.To); err != nil {
			return nil, err
		}
		last := p.Previous()
		if before, err = s.posts.Bests(ctx, s.db, brand, ids, last.From, last.To); err != nil {
			return nil, err
		}
	}
	out := make([]Mover, len(list))
	for i, x := range list {
		out[i] = Mover{Account: labels[x.Account], Value: x.Now, Previous: x.Before, Reason: reasonOf(x, m, p, now[x.Account], before[x.Account])}
	}
	return out, nil
}
