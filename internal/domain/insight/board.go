package insight

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
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

// RowsQuery asks for the accounts behind a figure.
type RowsQuery struct {
	Figure   string // a metric slug, or accounts, active, asleep, abnormal
	Period   Period
	Unit     string
	Platform string
	Kind     string
	Limit    int
	After    *Score
}

// Row is one account's share of a figure.
type Row struct {
	Account  AccountLabel `json:"account"`
	Value    int64        `json:"value"`
	Previous *int64       `json:"previous" doc:"the same account over the period before; null for counts"`
}

func figureBit(figure string) (uint8, bool) {
	bit, ok := map[string]uint8{"accounts": bitCounted, "active": bitActive30, "asleep": bitAsleep, "abnormal": bitAbnormal}[figure]
	return bit, ok
}

// Rows lists the accounts behind a figure, largest share first; their values add up to the figure. Figures of a period
// count an account's days where it was on the day; counts of a period that ended before today are those of its last day.
// Error: "insight.figure_unknown", "insight.rows_not_kept".
func (s *Service) Rows(ctx context.Context, actor authz.Actor, q RowsQuery) ([]Score, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", q.Unit)
	if err != nil {
		return nil, err
	}
	r := ranker{q: s.db, brand: actor.BrandID, scope: sc, ask: BoardQuery{Platform: q.Platform, Kind: q.Kind}}
	if bit, ok := figureBit(q.Figure); ok && q.Period.To < s.today() {
		if r.mark, err = readMark(ctx, s.db, actor.BrandID); err != nil {
			return nil, err
		}
		return r.countedThen(ctx, bit, q)
	} else if ok {
		return r.counted(ctx, bit, q)
	}
	m, ok := post.ParseMetric(q.Figure)
	if !ok {
		return nil, errs.New(errs.Invalid, "base.invalid_input").Field("figure", "insight.figure_unknown")
	}
	return r.shares(ctx, m, q)
}

func (r *ranker) counted(ctx context.Context, bit uint8, q RowsQuery) ([]Score, error) {
	var a db.Args
	where := "st.brand_id = " + a.Add(r.brand) + " AND " + r.scope.Where("st.unit_id", &a) + " AND (st.bits / " + itoa(int64(bit)) + ") % 2 = 1" + r.cut(&a)
	if q.After != nil {
		where += " AND st.account_id > " + a.Add(q.After.Account)
	}
	return db.All[Score](ctx, r.q, "SELECT st.account_id AS account_id, CAST(1 AS BIGINT) AS score FROM "+r.accounts()+" WHERE "+where+" ORDER BY st.account_id LIMIT "+a.Add(q.Limit), a.Values...)
}

func (r *ranker) cut(a *db.Args) (where string) {
	if r.ask.Platform != "" {
		where += " AND st.platform = " + a.Add(r.ask.Platform)
	}
	if r.ask.Kind != "" {
		where += " AND st.account_kind = " + a.Add(r.ask.Kind)
	}
	return where
}

// shares sums each account's facts that counted for the scope as the tree stood on their day.
func (r *ranker) shares(ctx context.Context, m post.Metric, q RowsQuery) ([]Score, error) {
	var a db.Args
	const from = "insight_account_state st CROSS JOIN insight_account_day f"
	where := "f.brand_id = st.brand_id AND f.account_id = st.account_id AND f.day BETWEEN " + a.Add(int64(q.Period.From)) + " AND " + a.Add(int64(q.Period.To)) + " AND st.brand_id = " + a.Add(r.brand) + r.cut(&a)
	if !r.scope.All {
		in, accounts, err := r.wasInside(ctx, &a)
		if err != nil {
			return nil, err
		}
		where += " AND st.account_id IN " + accounts + " AND " + in
	}
	having := "SUM(" + countedCase(m) + ") <> 0"
	if q.After != nil {
		having += " AND (CAST(SUM(" + countedCase(m) + ") AS BIGINT) < " + a.Add(q.After.Value) + " OR (CAST(SUM(" + countedCase(m) + ") AS BIGINT) = " + a.Add(q.After.Value) + " AND st.account_id > " + a.Add(q.After.Account) + "))"
	}
	return db.All[Score](ctx, r.q, "SELECT st.account_id AS account_id, "+countedSumAs(m, "score")+" FROM "+from+" WHERE "+where+" GROUP BY st.account_id HAVING "+having+
		" ORDER BY score DESC, account_id LIMIT "+a.Add(q.Limit), a.Values...)
}

// wasInside writes the condition "the fact (f) counted for the scope", and the accounts that can have such facts.
func (r *ranker) wasInside(ctx context.Context, a *db.Args) (in, accounts string, err error) {
	spans, err := r.pathsBelow(ctx)
	if err != nil {
		return "", "", err
	}
	begin := map[id.ID]clock.Day{}
	for _, p := range spans {
		if d, ok := begin[p.Unit]; !ok || p.From < d {
			begin[p.Unit] = p.From
		}
	}
	var always, touched []int64
	dated := ""
	for _, p := range spans {
		if !slices.Contains(r.scope.Roots, p.Ancestor) {
			continue
		}
		touched = append(touched, int64(p.Unit))
		if p.From == begin[p.Unit] {
			p.From = 0 // days before the unit existed count as its first
		}
		if p.From == 0 && p.To == clock.Forever {
			always = append(always, int64(p.Unit))
			continue
		}
		dated += " OR (f.unit_id = " + a.Add(p.Unit) + " AND f.day BETWEEN " + a.Add(int64(p.From)) + " AND " + a.Add(int64(p.To)) + ")"
	}
	for _, root := range r.scope.Roots {
		if _, folded := begin[root]; !folded {
			always, touched = append(always, int64(root)), append(touched, int64(root))
		}
	}
	in = "(f.unit_id IN " + db.IDList(r.q, a, always) + dated + ")"
	list := db.IDList(r.q, a, touched)
	accounts = "(SELECT x.account_id FROM insight_account_state x WHERE x.brand_id = " + a.Add(r.brand) + " AND x.unit_id IN " + list +
		" UNION SELECT y.account_id FROM insight_account_past y WHERE y.brand_id = " + a.Add(r.brand) + " AND y.unit_id IN " + list + ")"
	return in, accounts, nil
}

// pathsBelow reads the whole tree above every unit that ever lay in the scope.
func (r *ranker) pathsBelow(ctx context.Context) ([]pathRow, error) {
	var a db.Args
	return db.All[pathRow](ctx, r.q, "SELECT p.unit_id, p.ancestor_id, p.from_day, p.to_day FROM insight_path p WHERE p.brand_id = "+a.Add(r.brand)+" AND p.unit_id IN (SELECT q.unit_id FROM insight_path q WHERE q.brand_id = "+
		a.Add(r.brand)+" AND q.ancestor_id IN "+db.IDList(r.q, &a, r.scope.Roots)+")", a.Values...)
}
