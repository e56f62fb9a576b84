package insight

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// maxCurve bounds the days a curve shows, at the end of a longer period.
const maxCurve = 400

// DayValues is what one day brought, by metric slug.
type DayValues struct {
	Day    clock.Day        `json:"day"`
	Values map[string]int64 `json:"values"`
}

// Curve is a period day by day, beside the period before. Every day is there; one without figures holds zeros.
type Curve struct {
	Period   Period      `json:"period"`
	Previous Period      `json:"previous"`
	Days     []DayValues `json:"days"`
	Before   []DayValues `json:"before"`
}

// Series works out the curve of what the actor may see, cut to unit. Its days add up to the overview's figures.
func (s *Service) Series(ctx context.Context, actor authz.Actor, unit string, p Period) (*Curve, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", unit)
	if err != nil {
		return nil, err
	}
	r := reader{q: s.db, brand: actor.BrandID, units: rootsOf(sc)}
	return curveOf(p, func(p Period) (map[clock.Day]post.Values, error) { return r.days(ctx, p) })
}

// AccountCurve is the curve of one account, with its follower counts: those told in the period and the last before it.
type AccountCurve struct {
	Curve
	Followers []FollowerCount `json:"followers"`
}

// FollowerCount is how many followers an account had at a moment, as a source told it.
type FollowerCount struct {
	AsOf      clock.Ms `json:"as_of"`
	Followers int64    `json:"followers"`
	Origin    string   `json:"origin"`
}

// countLookBack is how many days before a period its first follower count may lie.
const countLookBack = 40

// AccountSeries works out the curve of one account the actor may see. Error: "insight.unknown_account".
func (s *Service) AccountSeries(ctx context.Context, actor authz.Actor, account id.ID, p Period) (*AccountCurve, error) {
	sc, err := s.tree.Scope(ctx, s.db, actor, "insight.read", "")
	if err != nil {
		return nil, err
	}
	var a db.Args
	seen, err := db.One[int64](ctx, s.db, "SELECT COUNT(*) FROM insight_account_state st WHERE st.brand_id = "+a.Add(actor.BrandID)+" AND st.account_id = "+a.Add(account)+
		" AND "+sc.Where("st.unit_id", &a), a.Values...)
	if err != nil {
		return nil, err
	}
	if seen == 0 {
		return nil, errs.New(errs.NotFound, "insight.unknown_account")
	}
	c, err := curveOf(p, func(p Period) (map[clock.Day]post.Values, error) {
		return scanDays(ctx, s.db, "SELECT day, "+countedSums()+" FROM insight_account_day WHERE brand_id = $1 AND account_id = $2 AND day BETWEEN $3 AND $4 GROUP BY day",
			actor.BrandID, account, int64(p.From), int64(p.To))
	})
	if err != nil {
		return nil, err
	}
	out := &AccountCurve{Curve: *c, Followers: []FollowerCount{}}
	if s.posts == nil {
		return out, nil
	}
	levels, err := s.posts.FollowerHistory(ctx, s.db, actor.BrandID, account, c.Period.From.Add(-countLookBack), p.To)
	first := clock.MsOf(c.Period.From.In(zone()))
	for i, l := range levels {
		if i+1 < len(levels) && levels[i+1].AsOf < first {
			continue // only the last before the period
		}
		out.Followers = append(out.Followers, FollowerCount{l.AsOf, l.Followers, l.Origin.Class().String()})
	}
	return out, err
}

func curveOf(p Period, read func(Period) (map[clock.Day]post.Values, error)) (*Curve, error) {
	if p.Days() > maxCurve {
		p.From = p.To.Add(1 - maxCurve)
	}
	c := &Curve{Period: p, Previous: p.Previous()}
	now, err := read(p)
	if err != nil {
		return nil, err
	}
	before, err := read(c.Previous)
	c.Days, c.Before = everyDay(p, now), everyDay(c.Previous, before)
	return c, err
}

func everyDay(p Period, known map[clock.Day]post.Values) []DayValues {
	out := make([]DayValues, 0, p.Days())
	slugs := post.MetricSlugs()
	for day := p.From; day <= p.To; day = day.Add(1) {
		d := DayValues{Day: day, Values: make(map[string]int64, len(slugs))}
		v := known[day]
		for m, slug := range slugs {
			d.Values[slug] = v[m]
		}
		out = append(out, d)
	}
	return out
}

// days sums the scope's cells by day, with what waits for the folder.
func (r *reader) days(ctx context.Context, p Period) (map[clock.Day]post.Values, error) {
	var a db.Args
	tail := " WHERE brand_id = " + a.Add(r.brand) + " AND unit_id IN " + r.unitList(&a) + " AND day BETWEEN " + a.Add(int64(p.From)) + " AND " + a.Add(int64(p.To))
	cols := "day, " + valueList("")
	parts := []string{"SELECT " + cols + " FROM insight_unit_day" + tail}
	if r.q.Dialect() == db.Postgres {
		parts = append(parts, "SELECT "+cols+" FROM insight_unit_delta"+tail)
	}
	return scanDays(ctx, r.q, "SELECT day, "+sumList()+" FROM ("+strings.Join(parts, " UNION ALL ")+") AS t GROUP BY day", a.Values...)
}

func scanDays(ctx context.Context, q db.Querier, sql string, args ...any) (map[clock.Day]post.Values, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[clock.Day]post.Values{}
	for rows.Next() {
		var day int64
		var v post.Values
		if err := rows.Scan(append([]any{&day}, dests(&v)...)...); err != nil {
			return nil, err
		}
		out[clock.Day(day)] = v
	}
	return out, rows.Err()
}
