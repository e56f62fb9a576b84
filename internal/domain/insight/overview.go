package insight

import (
	"context"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Figure is one number of an overview. Previous is the same over the period before, Peer what the scope's accounts
// would have done as the means of their leagues (null for the whole brand, which is its own peer); null is "not known".
type Figure struct {
	Value    *int64           `json:"value"`
	Previous *int64           `json:"previous"`
	Peer     *float64         `json:"peer"`
	Origins  map[string]int64 `json:"origins" doc:"the value by origin class: api, file, self, sandbox"`
	AsOf     clock.Ms         `json:"as_of"`
}

// Figures are the numbers of an overview.
type Figures struct {
	Accounts       Figure `json:"accounts"`
	Active         Figure `json:"active"`
	Asleep         Figure `json:"asleep"`
	Abnormal       Figure `json:"abnormal"`
	Posts          Figure `json:"posts"`
	Lives          Figure `json:"lives"`
	Views          Figure `json:"views"`
	Likes          Figure `json:"likes"`
	Comments       Figure `json:"comments"`
	Saves          Figure `json:"saves"`
	Shares         Figure `json:"shares"`
	Interactions   Figure `json:"interactions"`
	FollowersDelta Figure `json:"followers_delta"`
	Leads          Figure `json:"leads"`
	Inquiries      Figure `json:"inquiries" doc:"people who asked in direct messages"`
	Replies        Figure `json:"replies" doc:"those of them who got an answer"`
}

// Part is an overview cut to one platform or kind.
type Part struct {
	Key      string           `json:"key"`
	Accounts int64            `json:"accounts"`
	Active   int64            `json:"active"`
	Values   map[string]int64 `json:"values" doc:"by metric slug"`
	Previous map[string]int64 `json:"previous"`
}

// Source says how fresh the figures of a platform and origin class are.
type Source struct {
	Platform string   `json:"platform"`
	Origin   string   `json:"origin"`
	AsOf     clock.Ms `json:"as_of"`
}

// Overview answers "how are we doing" for a scope and period.
type Overview struct {
	Period    Period    `json:"period"`
	Previous  Period    `json:"previous"`
	Closed    clock.Day `json:"closed" doc:"the last day whose closing counts and peers are known"`
	Figures   Figures   `json:"figures"`
	Platforms []Part    `json:"platforms"`
	Kinds     []Part    `json:"kinds"`
	Freshness []Source  `json:"freshness"`
}

// maxPeriod bounds a period in days.
const maxPeriod = 36600

// CheckPeriod refuses periods that end before they begin. Zero days become the last 7 days.
// Error: "insight.period_backwards", "insight.period_too_long".
func CheckPeriod(from, to, today clock.Day) (Period, error) {
	switch {
	case from == 0 && to == 0:
		return Period{today.Add(-6), today}, nil
	case to == 0:
		to = max(from, today)
	case from == 0:
		from = to.Add(-6)
	}
	p := Period{from, to}
	if to < from {
		return p, errs.New(errs.Invalid, "base.invalid_input").Field("to", "insight.period_backwards")
	}
	if p.Days() > maxPeriod {
		return p, errs.New(errs.Invalid, "base.invalid_input").Field("to", "insight.period_too_long")
	}
	return p, nil
}

// rootsOf turns a scope into the units whose cells make it up.
func rootsOf(sc authz.Scope) []unitID {
	if sc.All {
		return []unitID{0}
	}
	out := make([]unitID, len(sc.Roots))
	for i, r := range sc.Roots {
		out[i] = unitID(r)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Overview works out the overview of what the actor may see, cut to unit.
func (s *Service) Overview(ctx context.Context, actor authz.Actor, unit string, p Period) (*Overview, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", unit)
	if err != nil {
		return nil, err
	}
	return s.overviewOf(ctx, actor.BrandID, rootsOf(sc), p)
}

func (s *Service) overviewOf(ctx context.Context, brand id.ID, units []unitID, p Period) (*Overview, error) {
	mark, err := readMark(ctx, s.db, brand)
	if err != nil {
		return nil, err
	}
	r := reader{q: s.db, brand: brand, units: units, mark: mark}
	o := &Overview{Period: p, Previous: p.Previous(), Closed: mark.Closed}
	today := s.today()
	var now, before sums
	var states, earlier map[countKey]*counts
	g, gctx := errgroup.WithContext(ctx) // both periods at once: half the wait
	g.Go(func() (err error) {
		if now, err = r.cells(gctx, p); err == nil {
			states, err = r.counts(gctx, p.To, today)
		}
		return err
	})
	g.Go(func() (err error) {
		if before, err = r.cells(gctx, o.Previous); err == nil {
			earlier, err = r.counts(gctx, o.Previous.To, today)
		}
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	o.metrics(now, before)
	o.states(states, earlier)
	o.cut(now, before, states)
	if len(units) == 1 && units[0] == 0 {
		return o, nil
	}
	return o, r.peers(ctx, o)
}

// reader reads the cells of a scope.
type reader struct {
	q     db.Querier
	brand id.ID
	units []unitID
	mark  brandMark
}

// unitList writes the scope's units for IN; a single one as itself, which planners like best.
func (r *reader) unitList(a *db.Args) string {
	if len(r.units) == 1 {
		return "(" + a.Add(int64(r.units[0])) + ")"
	}
	return db.IDList(r.q, a, r.units)
}

// sums is the sum of a scope's cells over a period, by platform, kind and class.
type sums map[cellKey]*cell

// cells sums a period from closed months, the days around them, and what waits for the folder.
func (r *reader) cells(ctx context.Context, p Period) (sums, error) {
	months, days := p.split(r.mark.Read)
	var a db.Args
	brand := a.Add(r.brand)
	units := r.unitList(&a)
	cols := "platform, account_kind, origin, " + valueList("") + ", as_of"
	var parts []string
	if len(months) > 0 {
		parts = append(parts, "SELECT "+cols+" FROM insight_unit_month WHERE brand_id = "+brand+" AND unit_id IN "+units+" AND month BETWEEN "+a.Add(int64(months[0]))+" AND "+a.Add(int64(months[len(months)-1])))
	}
	for _, d := range days {
		parts = append(parts, "SELECT "+cols+" FROM insight_unit_day WHERE brand_id = "+brand+" AND unit_id IN "+units+" AND day BETWEEN "+a.Add(int64(d.From))+" AND "+a.Add(int64(d.To)))
	}
	if r.q.Dialect() == db.Postgres {
		parts = append(parts, "SELECT "+cols+" FROM insight_unit_delta WHERE brand_id = "+brand+" AND unit_id IN "+units+" AND day BETWEEN "+a.Add(int64(p.From))+" AND "+a.Add(int64(p.To)))
	}
	rows, err := r.q.Query(ctx, "SELECT 0, 0, platform, account_kind, origin, COUNT(*), "+sumList()+", MAX(as_of) FROM ("+strings.Join(parts, " UNION ALL ")+") AS t GROUP BY platform, account_kind, origin", a.Values...)
	if err != nil {
		return nil, err
	}
	out := sums{}
	_, err = scanCells(rows, out)
	return out, err
}

// counts reads the account counts at the end of a day: the live ones for today and later, else the closing ones; nil
// when that day was not closed.
func (r *reader) counts(ctx context.Context, day, today clock.Day) (map[countKey]*counts, error) {
	var a db.Args
	from := "insight_unit_count WHERE brand_id = " + a.Add(r.brand) + " AND unit_id IN " + r.unitList(&a)
	if day < today {
		a = db.Args{}
		from = "insight_unit_close WHERE brand_id = " + a.Add(r.brand) + " AND unit_id IN " + r.unitList(&a) + " AND day = " + a.Add(int64(day))
	}
	rows, err := r.q.Query(ctx, "SELECT platform, account_kind, accounts, active_7, active_30, asleep_30, abnormal FROM "+from, a.Values...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[countKey]*counts{}
	for rows.Next() {
		var k countKey
		var c counts
		if err := rows.Scan(&k.platform, &k.kind, &c.Accounts, &c.Active7, &c.Active30, &c.Asleep, &c.Abnormal); err != nil {
			return nil, err
		}
		if out[k] == nil {
			out[k] = &counts{}
		}
		out[k].plus(c)
	}
	if kept := r.mark.Spans != 0 && r.mark.Spans <= day && day <= r.mark.Closed; len(out) == 0 && day < today && !kept {
		out = nil // not closed; of a closed day no rows are no accounts
	}
	return out, rows.Err()
}

// metrics fills the figures that come from cells.
func (o *Overview) metrics(now, before sums) {
	figures := o.byMetric()
	was := map[post.Metric]int64{}
	for _, c := range before {
		for m := range post.NumMetrics {
			was[m] += c.values[m]
		}
	}
	for m, f := range figures {
		var v int64
		f.Origins = map[string]int64{}
		for k, c := range now {
			if x := c.values[m]; x != 0 {
				v += x
				f.Origins[post.Class(k.class).String()] += x
				f.AsOf = max(f.AsOf, c.asOf)
			}
		}
		p := was[m]
		f.Value, f.Previous = &v, &p
	}
	fresh := map[Source]clock.Ms{}
	for k, c := range now {
		src := Source{Platform: k.platform, Origin: post.Class(k.class).String()}
		fresh[src] = max(fresh[src], c.asOf)
	}
	o.Freshness = make([]Source, 0, len(fresh))
	for src, at := range fresh {
		src.AsOf = at
		o.Freshness = append(o.Freshness, src)
	}
	slices.SortFunc(o.Freshness, func(a, b Source) int { return strings.Compare(a.Platform+a.Origin, b.Platform+b.Origin) })
}

func (o *Overview) byMetric() map[post.Metric]*Figure {
	f := &o.Figures
	return map[post.Metric]*Figure{
		post.MPosts: &f.Posts, post.MLives: &f.Lives, post.MViews: &f.Views, post.MLikes: &f.Likes, post.MComments: &f.Comments, post.MSaves: &f.Saves,
		post.MShares: &f.Shares, post.MInteractions: &f.Interactions, post.MFollowers: &f.FollowersDelta, post.MLeads: &f.Leads, post.MInquiries: &f.Inquiries, post.MReplies: &f.Replies,
	}
}

// states fills the figures that come from counts.
func (o *Overview) states(now, earlier map[countKey]*counts) {
	for _, x := range []struct {
		f   *Figure
		get func(*counts) int64
	}{
		{&o.Figures.Accounts, func(c *counts) int64 { return c.Accounts }},
		{&o.Figures.Active, func(c *counts) int64 { return c.Active30 }},
		{&o.Figures.Asleep, func(c *counts) int64 { return c.Asleep }},
		{&o.Figures.Abnormal, func(c *counts) int64 { return c.Abnormal }},
	} {
		x.f.Value, x.f.Previous, x.f.Origins = sumCounts(now, x.get), sumCounts(earlier, x.get), map[string]int64{}
	}
}

func sumCounts(m map[countKey]*counts, get func(*counts) int64) *int64 {
	if m == nil {
		return nil
	}
	var n int64
	for _, c := range m {
		n += get(c)
	}
	return &n
}

// cut fills the parts by platform and by kind.
func (o *Overview) cut(now, before sums, states map[countKey]*counts) {
	platform := func(p, _ string) string { return p }
	kind := func(_, k string) string { return k }
	o.Platforms, o.Kinds = parts(platform, now, before, states), parts(kind, now, before, states)
}

func parts(pick func(platform, kind string) string, now, before sums, states map[countKey]*counts) []Part {
	by := map[string]*Part{}
	at := func(key string) *Part {
		if by[key] == nil {
			by[key] = &Part{Key: key, Values: map[string]int64{}, Previous: map[string]int64{}}
		}
		return by[key]
	}
	slugs := post.MetricSlugs()
	for k, c := range now {
		for m, slug := range slugs {
			at(pick(k.platform, k.kind)).Values[slug] += c.values[m]
		}
	}
	for k, c := range before {
		for m, slug := range slugs {
			at(pick(k.platform, k.kind)).Previous[slug] += c.values[m]
		}
	}
	for k, c := range states {
		p := at(pick(k.platform, k.kind))
		p.Accounts, p.Active = p.Accounts+c.Accounts, p.Active+c.Active30
	}
	out := make([]Part, 0, len(by))
	for _, key := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[key])
	}
	return out
}

// peers fills in what the scope would have done as the means of its leagues, when every closed day of the period that
// has figures has them; the days not yet closed are left out of it.
func (r *reader) peers(ctx context.Context, o *Overview) error {
	var a db.Args
	rows, err := r.q.Query(ctx, "SELECT COUNT(*), "+sumList()+" FROM insight_unit_peer WHERE brand_id = "+a.Add(r.brand)+" AND unit_id IN "+r.unitList(&a)+
		" AND day BETWEEN "+a.Add(int64(o.Period.From))+" AND "+a.Add(int64(o.Period.To)), a.Values...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var n int64
	var v post.Values
	for rows.Next() {
		if err := rows.Scan(append([]any{&n}, dests(&v)...)...); err != nil {
			return err
		}
	}
	if n > 0 {
		for m, f := range o.byMetric() {
			x := float64(v[m]) / 1000
			f.Peer = &x
		}
	}
	return rows.Err()
}
