package risk

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type runBody struct {
	ID         id.ID             `json:"id"`
	Kind       string            `json:"kind" enum:"rescan,whatif"`
	State      string            `json:"state" enum:"running,paused,done,cancelled,failed"`
	Cause      string            `json:"cause" enum:"published,first,dated,shipped,asked,ranker"`
	Version    int               `json:"version" doc:"-1 = the draft"`
	Total      int64             `json:"total"`
	Done       int64             `json:"done"`
	Asked      int64             `json:"asked" doc:"Texts the question was about"`
	Changed    int64             `json:"changed"`
	Worse      int64             `json:"worse"`
	Better     int64             `json:"better"`
	PerSecond  int64             `json:"per_second" doc:"Texts a second of work; 0 = not known yet"`
	Fault      string            `json:"fault"`
	StartedAt  clock.Ms          `json:"started_at"`
	StartedBy  string            `json:"started_by"`
	FinishedAt clock.Ms          `json:"finished_at" nullable:"true"`
	At         clock.Day         `json:"at" nullable:"true" doc:"what-if: the day the rules are taken of"`
	Days       int               `json:"days" doc:"what-if: how far back"`
	Severities map[string]string `json:"severities" doc:"what-if: category → severity"`
}

func runOf(r *Run) runBody {
	q := r.question()
	if q.Severities == nil {
		q.Severities = map[string]string{}
	}
	out := runBody{
		ID: r.ID, Kind: r.Kind, State: r.State, Cause: r.Cause, Version: r.Version, Total: max(r.Total, r.Done), Done: r.Done, Asked: r.Asked, Changed: r.Changed,
		Worse: r.Worse, Better: r.Better, Fault: r.Fault, StartedAt: r.StartedAt, StartedBy: r.StartedBy, FinishedAt: r.FinishedAt,
		At: q.At, Days: q.Days, Severities: q.Severities,
	}
	if r.WorkMs > 0 {
		out.PerSecond = r.Done * 1000 / r.WorkMs
	}
	return out
}

type runsBody struct {
	Items []runBody `json:"items"`
}

type runInput struct {
	ID id.ID `path:"id"`
}

type askInput struct {
	Body struct {
		Version    *int              `json:"version,omitempty" minimum:"-1" doc:"-1 = the draft, 0 = the shipped rules; the one in force when empty"`
		At         clock.Day         `json:"at,omitempty" nullable:"true"`
		Days       int               `json:"days" minimum:"1" maximum:"730"`
		Severities map[string]string `json:"severities,omitempty"`
	}
}

type startedBody struct {
	ID id.ID `json:"id"`
}

type moveInput struct {
	runInput
	Body struct {
		Move string `json:"move" enum:"pause,resume,cancel"`
	}
}

type changesInput struct {
	runInput
	web.Paging
	Unit string `query:"unit" doc:"Unit id or path"`
	Turn string `query:"turn" enum:"worse,better,blocked"`
}

type unitsInput struct {
	runInput
	Unit string `query:"unit" doc:"Unit id or path"`
}

type unitTurnBody struct {
	UnitID  id.ID  `json:"unit_id"`
	Path    string `json:"path"`
	Worse   int64  `json:"worse"`
	Better  int64  `json:"better"`
	Blocked int64  `json:"blocked"`
}

type unitsBody struct {
	Items []unitTurnBody `json:"items"`
}

func (s *Service) runRoutes(r *web.Router) {
	route := func(method, path, summary, permission string) web.Route {
		return web.Route{Method: method, Path: "/api/v1/risk/" + path, Summary: summary, Permission: permission}
	}
	web.Handle(r, route(http.MethodGet, "runs", "Re-scans and what-ifs, newest first", permRead), func(ctx context.Context, actor authz.Actor, _ *nothing) (*runsBody, error) {
		list, err := s.Runs(ctx, actor, 50)
		out := &runsBody{Items: make([]runBody, len(list))}
		for i := range list {
			out.Items[i] = runOf(&list[i])
		}
		return out, err
	})
	web.Handle(r, route(http.MethodGet, "runs/{id}", "One run with its progress", permRead), func(ctx context.Context, actor authz.Actor, in *runInput) (*runBody, error) {
		run, err := s.GetRun(ctx, actor, in.ID)
		if err != nil {
			return nil, err
		}
		out := runOf(&run)
		return &out, nil
	})
	start := route(http.MethodPost, "rescans", "Look at everything known again", permWrite)
	start.Status = http.StatusAccepted
	web.Handle(r, start, func(ctx context.Context, actor authz.Actor, _ *nothing) (*startedBody, error) {
		run, err := s.StartRescan(ctx, actor)
		return &startedBody{run}, err
	})
	ask := route(http.MethodPost, "whatifs", "What other rules, another day or other severities would have said", permWrite)
	ask.Status = http.StatusAccepted
	web.Handle(r, ask, func(ctx context.Context, actor authz.Actor, in *askInput) (*startedBody, error) {
		run, err := s.AskWhatIf(ctx, actor, Question{Version: in.Body.Version, At: in.Body.At, Days: in.Body.Days, Severities: in.Body.Severities})
		return &startedBody{run}, err
	})
	web.Handle(r, route(http.MethodPost, "runs/{id}/move", "Pause, resume or cancel a run", permWrite), func(ctx context.Context, actor authz.Actor, in *moveInput) (*nothing, error) {
		return &nothing{}, s.MoveRun(ctx, actor, in.ID, in.Body.Move)
	})
	web.Handle(r, route(http.MethodGet, "runs/{id}/units", "What a run found, by unit", permRead), func(ctx context.Context, actor authz.Actor, in *unitsInput) (*unitsBody, error) {
		list, err := s.ByUnit(ctx, actor, in.ID, in.Unit)
		out := &unitsBody{Items: make([]unitTurnBody, len(list))}
		for i, u := range list {
			out.Items[i] = unitTurnBody(u)
		}
		return out, err
	})
	cursors := r.Cursors()
	web.Handle(r, route(http.MethodGet, "runs/{id}/changes", "What a run found to be judged otherwise", permRead), func(ctx context.Context, actor authz.Actor, in *changesInput) (*web.Page[shownBody], error) {
		filter := []any{actor.BrandID, in.ID, in.Unit, in.Turn}
		q := ChangeQuery{Run: in.ID, Unit: in.Unit, Turn: in.Turn, Limit: in.Limit + 1}
		if _, err := cursors.Read(in.Cursor, "id", filter, &q.Before); err != nil {
			return nil, err
		}
		list, err := s.Changes(ctx, actor, q)
		if err != nil {
			return nil, err
		}
		list, more := web.Cut(list, in.Limit)
		next := ""
		if more {
			next = cursors.Next("id", filter, list[len(list)-1].RowID)
		}
		return web.NewPage(shownBodies(list, actor.Lang), next), nil
	})
}
