package insight

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// BoardQuery asks who leads.
type BoardQuery struct {
	Metric   post.Metric
	Window   Span   // a kept window; "" = Period
	Period   Period // any range
	Unit     string
	Platform string
	League   string
	Kind     string
	Last     bool // the last places instead of the first
	Limit    int
}

// Standing is one place of a leaderboard.
type Standing struct {
	Place   int          `json:"place"`
	Account AccountLabel `json:"account"`
	League  string       `json:"league"`
	Value   int64        `json:"value"`
	// LeagueMean is what an account of the league did on average; null when no day of the period was closed.
	LeagueMean *float64 `json:"league_mean"`
}

// Board is a leaderboard.
type Board struct {
	Metric string     `json:"metric"`
	Window Span       `json:"window" doc:"empty for a range"`
	Period Period     `json:"period"`
	Closed clock.Day  `json:"closed" doc:"the day kept windows end with"`
	Items  []Standing `json:"items"`
}

// Score is an account and its number.
type Score struct {
	Account id.ID `db:"account_id"`
	Value   int64 `db:"score"`
}

// Leaderboard ranks the accounts of a scope, all or of one platform, kind or league. A kept window is read from what the
// day close wrote; any other range is summed when asked.
func (s *Service) Leaderboard(ctx context.Context, actor authz.Actor, q BoardQuery) (*Board, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", q.Unit)
	if err != nil {
		return nil, err
	}
	mark, err := readMark(ctx, s.db, actor.BrandID)
	if err != nil {
		return nil, err
	}
	b := &Board{Metric: post.MetricSlugs()[q.Metric], Window: q.Window, Period: q.Period, Closed: mark.Closed}
	r := ranker{q: s.db, brand: actor.BrandID, scope: sc, ask: q, mark: mark}
	var scores []Score
	switch {
	case q.Window != "" && mark.Closed != 0:
		b.Period = q.Window.Period(mark.Closed)
		scores, err = r.kept(ctx)
	case q.Window != "":
		b.Period = q.Window.Period(s.today().Add(-1))
		scores, err = r.ranged(ctx, b.Period)
	default:
		scores, err = r.ranged(ctx, q.Period)
	}
	if err != nil {
		return nil, err
	}
	if b.Items, err = s.standings(ctx, actor.BrandID, scores); err != nil {
		return nil, err
	}
	return b, s.means(ctx, actor.BrandID, q.Metric, b)
}

func (s *Service) standings(ctx context.Context, brand id.ID, scores []Score) ([]Standing, error) {
	ids := make([]id.ID, len(scores))
	for i, x := range scores {
		ids[i] = x.Account
	}
	labels, err := s.accounts.InsightLabels(ctx, s.db, brand, ids)
	if err != nil {
		return nil, err
	}
	states, err := readStates(ctx, s.db, brand, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Standing, len(scores))
	for i, x := range scores {
		out[i] = Standing{Place: i + 1, Account: labels[x.Account], Value: x.Value}
		if st := states[x.Account]; st != nil {
			out[i].League = st.League
		}
		if i > 0 && x.Value == scores[i-1].Value {
			out[i].Place = out[i-1].Place
		}
	}
	return out, nil
}

// ranker finds the scores of one leaderboard.
type ranker struct {
	q     db.Querier
	brand id.ID
	scope authz.Scope
	ask   BoardQuery
	mark  brandMark
}

func (r *ranker) order() string {
	if r.ask.Last {
		return " ORDER BY score, account_id DESC"
	}
	return " ORDER BY score DESC, account_id"
}

// kept reads a kept window: the written leaders when they hold what is asked, else the accounts' rows.
func (r *ranker) kept(ctx context.Context) ([]Score, error) {
	roots := rootsOf(r.scope)
	if r.ask.League == "" && r.ask.Kind == "" && r.ask.Limit <= keptPlaces && len(roots) == 1 {
		from, to, order := 1, r.ask.Limit, "place"
		if r.ask.Last {
			from, to, order = -r.ask.Limit, -1, "place DESC"
		}
		top, err := db.All[Score](ctx, r.q, `SELECT account_id, score FROM insight_top WHERE brand_id = $1 AND unit_id = $2 AND span = $3 AND platform = $4 AND metric = $5
			AND place BETWEEN $6 AND $7 ORDER BY `+order, r.brand, int64(roots[0]), string(r.ask.Window), r.ask.Platform, valueCols()[r.ask.Metric], from, to)
		if err != nil || len(top) > 0 {
			return top, err
		}
	}
	var a db.Args
	col := valueCols()[r.ask.Metric]
	from, join := r.accounts()+" CROSS JOIN insight_account_window w", "w.span = "+a.Add(string(r.ask.Window))
	if r.ask.League != "" { // a league is small: begin with it
		from = "insight_account_window w" + db.IndexedBy(r.q, leagueIndex) + " CROSS JOIN insight_account_state st"
		join += " AND w.brand_id = " + a.Add(r.brand) + " AND w.league = " + a.Add(r.ask.League)
	}
	where := join + " AND w.brand_id = st.brand_id AND w.account_id = st.account_id AND " + r.where(&a)
	return db.All[Score](ctx, r.q, "SELECT st.account_id AS account_id, w."+col+" AS score FROM "+from+" WHERE "+where+r.order()+" LIMIT "+a.Add(r.ask.Limit), a.Values...)
}

// leagueIndex finds the accounts of a league in a kept window.
const leagueIndex = "ix_insight_account_window__league__span"

// accounts names the table of accounts (as st), read by unit where the scope is a list of units.
func (r *ranker) accounts() string { return accountsOfScope(r.q, r.scope) }

func accountsOfScope(q db.Querier, sc authz.Scope) string {
	if sc.Units == nil {
		return "insight_account_state st"
	}
	return "insight_account_state st" + db.IndexedBy(q, "ix_insight_account_state__unit_id")
}

// where narrows accounts (as st) to the scope and filters.
func (r *ranker) where(a *db.Args) string {
	where := "st.brand_id = " + a.Add(r.brand) + " AND st.counted = " + a.Add(true) + " AND " + r.scope.Where("st.unit_id", a)
	if r.ask.Platform != "" {
		where += " AND st.platform = " + a.Add(r.ask.Platform)
	}
	if r.ask.Kind != "" {
		where += " AND st.account_kind = " + a.Add(r.ask.Kind)
	}
	if r.ask.League != "" {
		where += " AND st.league = " + a.Add(r.ask.League)
	}
	return where
}
