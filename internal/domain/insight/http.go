package insight

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	cursors *web.Cursors
}

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	const read = "insight.read"
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/overview", Summary: "How a scope is doing over a period, against the period before and the leagues' means", Permission: read}, h.overview)
	h.seriesRoutes(r)
}

type periodIn struct {
	From clock.Day `query:"from" doc:"first day; without both ends the last 7 days"`
	To   clock.Day `query:"to" doc:"last day, included"`
	Unit string    `query:"unit" maxLength:"500" doc:"unit id or path; empty: everything you may see"`
}

func (h handlers) overview(ctx context.Context, actor authz.Actor, in *periodIn) (*Overview, error) {
	p, err := CheckPeriod(in.From, in.To, h.s.today())
	if err != nil {
		return nil, err
	}
	return h.s.Overview(ctx, actor, in.Unit, p)
}
