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

// Owners tells whose accounts are whose; plugged by account.
type Owners interface {
	// MemberAccounts lists the accounts a member looks after.
	MemberAccounts(ctx context.Context, q db.Querier, brand, member id.ID) ([]id.ID, error)
}

// Own is one of the caller's accounts.
type Own struct {
	Account     AccountLabel `json:"account"`
	Asleep      bool         `json:"asleep"`
	Abnormal    bool         `json:"abnormal"`
	LastPostDay clock.Day    `json:"last_post_day"`
	Posts       int64        `json:"posts" doc:"of the week"`
	Views       int64        `json:"views" doc:"of the week"`
}

// MyRank is the place of the caller's best placed account in its league over the last 30 closed days.
type MyRank struct {
	AccountID id.ID  `json:"account_id"`
	Place     int64  `json:"place"`
	Of        int64  `json:"of"`
	League    string `json:"league"`
	Metric    string `json:"metric"`
	Value     int64  `json:"value"`
}

// Wake is one of the caller's accounts that fell silent.
type Wake struct {
	Account AccountLabel `json:"account"`
	Days    *int64       `json:"days" doc:"since the last post; null when there never was one"`
}

// MyFigures are the caller's own accounts added up.
type MyFigures struct {
	Posts          Figure `json:"posts"`
	Views          Figure `json:"views"`
	Interactions   Figure `json:"interactions"`
	FollowersDelta Figure `json:"followers_delta"`
}

// Mine is one person's page: own accounts, own week, own place, what to wake up.
type Mine struct {
	Period   Period    `json:"period"`
	Previous Period    `json:"previous"`
	Accounts []Own     `json:"accounts"`
	Figures  MyFigures `json:"figures"`
	Rank     *MyRank   `json:"rank"`
	Wake     []Wake    `json:"wake"`
}

// Mine gives the caller's own accounts and nobody else's, over the last seven days with today.
func (s *Service) Mine(ctx context.Context, actor authz.Actor) (*Mine, error) {
	today := s.today()
	p := Period{today.Add(-6), today}
	out := &Mine{Period: p, Previous: p.Previous(), Accounts: []Own{}, Wake: []Wake{}}
	if actor.MemberID == 0 || s.owners == nil {
		return out, nil
	}
	ids, err := s.owners.MemberAccounts(ctx, s.db, actor.BrandID, actor.MemberID)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	labels, err := s.accounts.InsightLabels(ctx, s.db, actor.BrandID, ids)
	if err != nil {
		return nil, err
	}
	states, err := readStates(ctx, s.db, actor.BrandID, ids)
	if err != nil {
		return nil, err
	}
	now, err := sumAccounts(ctx, s.db, actor.BrandID, ids, p)
	if err != nil {
		return nil, err
	}
	before, err := sumAccounts(ctx, s.db, actor.BrandID, ids, out.Previous)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(ids, func(a, b id.ID) int { return cmp.Compare(labels[a].Handle, labels[b].Handle) })
	for _, account := range ids {
		if st := states[account]; st != nil && st.Counted {
			out.add(st, labels[account], now[account], today)
		}
	}
	out.total(now, before)
	out.Rank, err = bestRank(ctx, s.db, actor.BrandID, states)
	return out, err
}

func (o *Mine) add(st *accountState, label AccountLabel, week *post.Values, today clock.Day) {
	own := Own{Account: label, Asleep: st.Bits&bitAsleep != 0, Abnormal: st.Abnormal, LastPostDay: st.LastPostDay}
	if week != nil {
		own.Posts, own.Views = week[post.MPosts], week[post.MViews]
	}
	o.Accounts = append(o.Accounts, own)
	if !own.Asleep {
		return
	}
	w := Wake{Account: label}
	if st.LastPostDay != 0 {
		days := int64(today.Sub(st.LastPostDay))
		w.Days = &days
	}
	o.Wake = append(o.Wake, w)
}

func (o *Mine) total(now, before map[id.ID]*post.Values) {
	sum := func(by map[id.ID]*post.Values, m post.Metric) *int64 {
		var n int64
		for _, v := range by {
			n += v[m]
		}
		return &n
	}
	for m, f := range map[post.Metric]*Figure{post.MPosts: &o.Figures.Posts, post.MViews: &o.Figures.Views, post.MInteractions: &o.Figures.Interactions, post.MFollowers: &o.Figures.FollowersDelta} {
		f.Value, f.Previous, f.Origins = sum(now, m), sum(before, m), map[string]int64{}
	}
}

// sumAccounts sums what accounts did in a period, as counted; those that did nothing are left out.
func sumAccounts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, p Period) (map[id.ID]*post.Values, error) {
	var a db.Args
	rows, err := q.Query(ctx, "SELECT account_id, "+countedSums()+" FROM insight_account_day WHERE brand_id = "+a.Add(brand)+" AND account_id IN "+db.IDList(q, &a, ids)+
		" AND day BETWEEN "+a.Add(int64(p.From))+" AND "+a.Add(int64(p.To))+" GROUP BY account_id", a.Values...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := make(map[id.ID]*post.Values, len(ids))
	for rows.Next() {
		var account int64
		v := &post.Values{}
		if err := rows.Scan(append([]any{&account}, dests(v)...)...); err != nil {
			return nil, err
		}
		out[id.ID(account)] = v
	}
	return out, rows.Err()
}

// bestRank finds the best relative place by views of the accounts within their leagues.
func bestRank(ctx context.Context, q db.Querier, brand id.ID, states map[id.ID]*accountState) (*MyRank, error) {
	var best *MyRank
	for account, st := range states {
		if !st.Counted || st.League == "" {
			continue
		}
		v, err := db.One[int64](ctx, q, `SELECT views FROM insight_account_window WHERE brand_id = $1 AND span = '30d' AND account_id = $2`, brand, account)
		if db.NoRows(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		r := &MyRank{AccountID: account, League: st.League, Metric: "views", Value: v}
		err = q.QueryRow(ctx, `SELECT CAST(COALESCE(SUM(CASE WHEN views > $1 THEN 1 ELSE 0 END), 0) AS BIGINT) + 1, COUNT(*) FROM insight_account_window w`+db.IndexedBy(q, leagueIndex)+
			` WHERE brand_id = $2 AND span = '30d' AND league = $3`,
			v, brand, st.League).Scan(&r.Place, &r.Of)
		if err != nil {
			return nil, err
		}
		if best == nil || r.Place*best.Of < best.Place*r.Of || r.Place*best.Of == best.Place*r.Of && r.AccountID < best.AccountID {
			best = r
		}
	}
	return best, nil
}

// LeagueSize is a league and how many accounts of a scope are in it.
type LeagueSize struct {
	ID       string `json:"id" db:"league"`
	Accounts int64  `json:"accounts" db:"accounts"`
}

// Leagues lists the leagues of a scope, largest first.
func (s *Service) Leagues(ctx context.Context, actor authz.Actor, unit string) ([]LeagueSize, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", unit)
	if err != nil {
		return nil, err
	}
	var a db.Args
	return db.All[LeagueSize](ctx, s.db, "SELECT st.league AS league, COUNT(*) AS accounts FROM "+accountsOfScope(s.db, sc)+" WHERE st.brand_id = "+a.Add(actor.BrandID)+" AND st.counted = "+a.Add(true)+
		" AND st.league <> '' AND "+sc.Where("st.unit_id", &a)+" GROUP BY st.league ORDER BY accounts DESC, league LIMIT 500", a.Values...)
}

// Total is the figure that rows add up to; nil when it is not known.
func (s *Service) Total(ctx context.Context, actor authz.Actor, q RowsQuery) (*int64, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", q.Unit)
	if err != nil {
		return nil, err
	}
	mark, err := readMark(ctx, s.db, actor.BrandID)
	if err != nil {
		return nil, err
	}
	r := reader{q: s.db, brand: actor.BrandID, units: rootsOf(sc), mark: mark}
	pass := func(platform, kind string) bool {
		return (q.Platform == "" || q.Platform == platform) && (q.Kind == "" || q.Kind == kind)
	}
	var n int64
	if bit, ok := figureBit(q.Figure); ok {
		states, err := r.counts(ctx, q.Period.To, s.today())
		for k, c := range states {
			if pass(k.platform, k.kind) {
				n += map[uint8]int64{bitCounted: c.Accounts, bitActive30: c.Active30, bitAsleep: c.Asleep, bitAbnormal: c.Abnormal}[bit]
			}
		}
		return &n, err
	}
	m, _ := post.ParseMetric(q.Figure)
	cells, err := r.cells(ctx, q.Period)
	for k, c := range cells {
		if pass(k.platform, k.kind) {
			n += c.values[m]
		}
	}
	return &n, err
}

// before reads what accounts did over the period before, for figures of a period.
func (s *Service) before(ctx context.Context, brand id.ID, q RowsQuery, ids []id.ID) (func(id.ID) *int64, error) {
	m, ok := post.ParseMetric(q.Figure)
	if !ok || len(ids) == 0 {
		return func(id.ID) *int64 { return nil }, nil
	}
	by, err := sumAccounts(ctx, s.db, brand, ids, q.Period.Previous())
	return func(account id.ID) *int64 {
		var n int64
		if v := by[account]; v != nil {
			n = v[m]
		}
		return &n
	}, err
}
