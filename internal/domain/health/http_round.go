package health

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type roundBody struct {
	ID       id.ID            `json:"id"`
	Name     string           `json:"name"`
	State    string           `json:"state" doc:"open or closed"`
	Opened   clock.Day        `json:"opened"`
	Due      clock.Day        `json:"due"`
	Closed   clock.Day        `json:"closed" nullable:"true"`
	OpenedBy string           `json:"opened_by"`
	Counts   map[string]int64 `json:"counts" doc:"Items by state: pending, decided, proved"`
}

type roundList struct {
	Items []roundBody `json:"items"`
}

type openRoundInput struct {
	Body struct {
		Unit string    `json:"unit" required:"false" doc:"Unit id or path; empty for all of the caller's scope"`
		Name string    `json:"name"`
		Due  clock.Day `json:"due"`
	}
}

type openedBody struct {
	ID id.ID `json:"id"`
}

type itemsInput struct {
	web.Paging
	ID    id.ID  `path:"id"`
	State string `query:"state" enum:"pending,decided,proved"`
}

type itemBody struct {
	Account   accountRef `json:"account"`
	Cause     string     `json:"cause"`
	State     string     `json:"state"`
	Decision  string     `json:"decision"`
	Reason    string     `json:"reason"`
	DecidedBy string     `json:"decided_by"`
	DecidedAt clock.Ms   `json:"decided_at" nullable:"true"`
	Proof     string     `json:"proof"`
	ProvedBy  string     `json:"proved_by"`
	ProvedAt  clock.Ms   `json:"proved_at" nullable:"true"`
}

type decideInput struct {
	ID      id.ID `path:"id"`
	Account id.ID `path:"account"`
	Body    struct {
		Decision string `json:"decision" enum:"revive,merge,hide,cancel"`
		Reason   string `json:"reason" required:"false" maxLength:"500"`
	}
}

type proveInput struct {
	ID      id.ID `path:"id"`
	Account id.ID `path:"account"`
	Body    struct {
		Proof string `json:"proof" maxLength:"1000"`
	}
}

type roundInput struct {
	ID id.ID `path:"id"`
}

func (s *Service) roundRoutes(r *web.Router) {
	cursors := r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/rounds", Summary: "Clean-up rounds, newest first", Permission: permRead}, s.getRounds)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/health/rounds", Summary: "Open a clean-up round", Permission: permWrite, Idempotent: true, Status: http.StatusCreated},
		func(ctx context.Context, actor authz.Actor, in *openRoundInput) (*openedBody, error) {
			round, err := s.OpenRound(ctx, actor, in.Body.Unit, in.Body.Name, in.Body.Due)
			return &openedBody{round}, err
		})
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/health/rounds/{id}/close", Summary: "Close a clean-up round", Permission: permWrite},
		func(ctx context.Context, actor authz.Actor, in *roundInput) (*nothing, error) {
			return &nothing{}, s.CloseRound(ctx, actor, in.ID)
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/rounds/{id}/items", Summary: "Accounts of a clean-up round", Permission: permRead},
		func(ctx context.Context, actor authz.Actor, in *itemsInput) (*web.Page[itemBody], error) {
			filter := []any{actor.BrandID, in.ID, in.State}
			var after id.ID
			if _, err := cursors.Read(in.Cursor, "account", filter, &after); err != nil {
				return nil, err
			}
			rows, err := s.Items(ctx, actor, ItemQuery{in.ID, in.State, after, in.Limit + 1})
			if err != nil {
				return nil, err
			}
			rows, more := web.Cut(rows, in.Limit)
			items := make([]itemBody, len(rows))
			for i, x := range rows {
				items[i] = itemBody{
					ref(x.AccountID, x.Label), string(x.Cause), x.State, x.Decision, x.Reason, x.DecidedBy, x.DecidedAt, x.Proof, x.ProvedBy, x.ProvedAt,
				}
			}
			next := ""
			if more {
				next = cursors.Next("account", filter, rows[len(rows)-1].AccountID)
			}
			return web.NewPage(items, next), nil
		})
	web.Handle(r, web.Route{Method: http.MethodPut, Path: "/api/v1/health/rounds/{id}/items/{account}/decision", Summary: "Decide what becomes of an account", Permission: permWrite},
		func(ctx context.Context, actor authz.Actor, in *decideInput) (*nothing, error) {
			return &nothing{}, s.Decide(ctx, actor, in.ID, in.Account, in.Body.Decision, in.Body.Reason)
		})
	web.Handle(r, web.Route{Method: http.MethodPut, Path: "/api/v1/health/rounds/{id}/items/{account}/proof", Summary: "Give proof that the decision was carried out", Permission: permWrite},
		func(ctx context.Context, actor authz.Actor, in *proveInput) (*nothing, error) {
			return &nothing{}, s.Prove(ctx, actor, in.ID, in.Account, in.Body.Proof)
		})
}

func (s *Service) getRounds(ctx context.Context, actor authz.Actor, _ *nothing) (*roundList, error) {
	rounds, err := s.Rounds(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &roundList{Items: make([]roundBody, len(rounds))}
	for i, r := range rounds {
		out.Items[i] = roundBody{r.ID, r.Name, r.State, r.Opened, r.Due, r.Closed, r.OpenedBy, r.Counts}
	}
	return out, nil
}
