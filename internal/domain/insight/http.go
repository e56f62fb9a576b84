package insight

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/post"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	const read = "insight.read"
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/overview", Summary: "How a scope is doing over a period, against the period before and the leagues' means", Permission: read}, h.overview)
	h.seriesRoutes(r)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/rows", Summary: "The accounts behind a figure; they add up to it", Permission: read}, h.rows)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/leaderboard", Summary: "Who leads", Permission: read}, h.leaderboard)
	h.exportRoutes(r)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/leagues", Summary: "The leagues of a scope with their sizes", Permission: read}, h.leagues)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/insight/me", Summary: "Own accounts with their last four weeks and places", Permission: "insight.me"}, h.me)
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

type rowsFilter struct {
	periodIn
	Metric   string `query:"metric" enum:"accounts,active,asleep,abnormal,posts,lives,views,likes,comments,saves,shares,interactions,followers_gained,leads,inquiries,replies" default:"views"`
	Platform string `query:"platform" maxLength:"40"`
	Kind     string `query:"kind" maxLength:"40" doc:"account kind"`
}

type rowsIn struct {
	web.Paging
	rowsFilter
}

func (h handlers) query(in *rowsFilter, limit int) (RowsQuery, error) {
	p, err := CheckPeriod(in.From, in.To, h.s.today())
	return RowsQuery{Figure: in.Metric, Period: p, Unit: in.Unit, Platform: in.Platform, Kind: in.Kind, Limit: limit}, err
}

func (h handlers) rows(ctx context.Context, actor authz.Actor, in *rowsIn) (*RowsBody, error) {
	q, err := h.query(&in.rowsFilter, in.Limit+1)
	if err != nil {
		return nil, err
	}
	filter := []any{actor.BrandID, in.rowsFilter}
	var after Score
	more, err := h.cursors.Read(in.Cursor, "share", filter, &after.Value, &after.Account)
	if err != nil {
		return nil, err
	}
	if more {
		q.After = &after
	}
	scores, err := h.s.Rows(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	scores, more = web.Cut(scores, in.Limit)
	items, err := h.label(ctx, actor, q, scores)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		last := scores[len(scores)-1]
		next = h.cursors.Next("share", filter, last.Value, last.Account)
	}
	total, err := h.s.Total(ctx, actor, q)
	return &RowsBody{Items: items, Next: next, Total: total}, err
}

// RowsBody is a page of the rows behind a figure, and the figure.
type RowsBody struct {
	Items []Row  `json:"items"`
	Next  string `json:"next,omitempty"`
	Total *int64 `json:"total" doc:"the figure itself"`
}

func (h handlers) label(ctx context.Context, actor authz.Actor, q RowsQuery, scores []Score) ([]Row, error) {
	items := make([]Row, 0, len(scores))
	err := inChunks(scores, chunkAccounts, func(part []Score) error {
		ids := make([]id.ID, len(part))
		for i, x := range part {
			ids[i] = x.Account
		}
		labels, err := h.s.accounts.InsightLabels(ctx, h.s.db, actor.BrandID, ids)
		if err != nil {
			return err
		}
		before, err := h.s.before(ctx, actor.BrandID, q, ids)
		for _, x := range part {
			items = append(items, Row{Account: labels[x.Account], Value: x.Value, Previous: before(x.Account)})
		}
		return err
	})
	return items, err
}

type boardIn struct {
	periodIn
	Metric   string `query:"metric" enum:"posts,lives,views,likes,comments,saves,shares,interactions,followers_gained,leads,inquiries,replies" default:"views"`
	Window   string `query:"window" enum:"1d,7d,30d,90d,month" doc:"a kept window; without it the period from…to"`
	Platform string `query:"platform" maxLength:"40"`
	Kind     string `query:"kind" maxLength:"40"`
	League   string `query:"league" maxLength:"80" doc:"only accounts of this league"`
	Order    string `query:"order" enum:"top,bottom" default:"top" doc:"the first places or the last"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

func (h handlers) board(in *boardIn) (BoardQuery, error) {
	m, _ := post.ParseMetric(in.Metric)
	q := BoardQuery{Metric: m, Window: Span(in.Window), Unit: in.Unit, Platform: in.Platform, Kind: in.Kind, League: in.League, Last: in.Order == "bottom", Limit: in.Limit}
	if in.Window == "" && in.From == 0 && in.To == 0 {
		q.Window = Day30
	}
	if q.Window == "" {
		p, err := CheckPeriod(in.From, in.To, h.s.today())
		if err != nil {
			return q, err
		}
		q.Period = p
	}
	return q, nil
}

func (h handlers) leaderboard(ctx context.Context, actor authz.Actor, in *boardIn) (*Board, error) {
	q, err := h.board(in)
	if err != nil {
		return nil, err
	}
	return h.s.Leaderboard(ctx, actor, q)
}

type leaguesIn struct {
	Unit string `query:"unit" maxLength:"500"`
}

func (h handlers) leagues(ctx context.Context, actor authz.Actor, in *leaguesIn) (*web.Page[LeagueSize], error) {
	list, err := h.s.Leagues(ctx, actor, in.Unit)
	return web.NewPage(list, ""), err
}

type none struct{}

func (h handlers) me(ctx context.Context, actor authz.Actor, _ *none) (*Mine, error) {
	return h.s.Mine(ctx, actor)
}
