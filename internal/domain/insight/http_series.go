package insight

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/post"
)

// seriesRoutes are the routes of curves and changes.
func (h handlers) seriesRoutes(r *web.Router) {
	const read = "insight.read"
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/series", Summary: "A scope day by day over a period, beside the period before", Permission: read}, h.series)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/accounts/{id}/series", Summary: "One account day by day over a period, beside the period before", Permission: read}, h.accountSeries)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/movers", Summary: "Which accounts changed most against the period before, and why", Permission: read}, h.movers)
}

func (h handlers) series(ctx context.Context, actor authz.Actor, in *periodIn) (*Curve, error) {
	p, err := CheckPeriod(in.From, in.To, h.s.today())
	if err != nil {
		return nil, err
	}
	return h.s.Series(ctx, actor, in.Unit, p)
}

type accountSeriesIn struct {
	ID   id.ID     `path:"id"`
	From clock.Day `query:"from" doc:"first day; without both ends the last 7 days"`
	To   clock.Day `query:"to" doc:"last day, included"`
}

func (h handlers) accountSeries(ctx context.Context, actor authz.Actor, in *accountSeriesIn) (*AccountCurve, error) {
	p, err := CheckPeriod(in.From, in.To, h.s.today())
	if err != nil {
		return nil, err
	}
	return h.s.AccountSeries(ctx, actor, in.ID, p)
}

type moversIn struct {
	periodIn
	Metric string `query:"metric" enum:"posts,lives,views,likes,comments,saves,shares,interactions,followers_gained,leads,inquiries,replies" default:"views"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

func (h handlers) movers(ctx context.Context, actor authz.Actor, in *moversIn) (*Movers, error) {
	p, err := CheckPeriod(in.From, in.To, h.s.today())
	if err != nil {
		return nil, err
	}
	m, _ := post.ParseMetric(in.Metric) // one of the enum
	return h.s.Movers(ctx, actor, in.Unit, m, p, in.Limit)
}
