package account

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/web"
)

func (h *handlers) settingRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: url + "/views", Summary: "Saved views of the list", Permission: PermRead}, h.views)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/views", Summary: "Save a view", Permission: PermRead}, h.saveView)
	web.Handle(r, web.Route{Method: "DELETE", Path: url + "/views/{id}", Summary: "Take a saved view away", Permission: PermRead}, h.dropView)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/leagues", Summary: "League definitions, newest first", Permission: PermRead}, h.leagues)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/leagues", Summary: "Make a league definition hold from a day on", Permission: PermLeague}, h.defineLeague)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/leagues/preview", Summary: "How many accounts would fall into each league of a definition", Permission: PermRead, Status: http.StatusOK}, h.previewLeague)
}

// ViewsBody lists saved views.
type ViewsBody struct {
	Items []View `json:"items"`
}

func (h *handlers) views(ctx context.Context, actor authz.Actor, _ *struct{}) (*ViewsBody, error) {
	rows, err := h.s.Views(ctx, actor)
	return &ViewsBody{rows}, err
}

type viewIn struct {
	Body struct {
		Name   string `json:"name" maxLength:"60"`
		Query  string `json:"query" maxLength:"2000"`
		Shared bool   `json:"shared,omitempty"`
	}
}

func (h *handlers) saveView(ctx context.Context, actor authz.Actor, in *viewIn) (*ViewsBody, error) {
	rows, err := h.s.SaveView(ctx, actor, View{Name: in.Body.Name, Query: in.Body.Query, Shared: in.Body.Shared})
	return &ViewsBody{rows}, err
}

func (h *handlers) dropView(ctx context.Context, actor authz.Actor, in *idIn) (*struct{}, error) {
	return nil, h.s.DropView(ctx, actor, in.ID)
}

// LeaguesBody lists the definitions and where the city tiers come from.
type LeaguesBody struct {
	Items     []LeagueVersion `json:"items"`
	Current   int             `json:"current" doc:"index of the definition that holds today"`
	TierText  string          `json:"tier_source"`
	TierSince string          `json:"tier_valid_from"`
}

func (h *handlers) leagues(ctx context.Context, actor authz.Actor, _ *struct{}) (*LeaguesBody, error) {
	rows, err := h.s.Leagues(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &LeaguesBody{rows, currentLeague(rows, h.s.today(actor)), h.s.atlas.Source, h.s.atlas.ValidFrom}, nil
}

type previewIn struct {
	Body struct {
		Definition League `json:"definition"`
	}
}

// LeaguePreview is what a definition would make of the accounts of today.
type LeaguePreview struct {
	Cells    []leagueCell `json:"cells"`
	Leagues  int          `json:"leagues" doc:"those with an account"`
	Accounts int64        `json:"accounts"`
	Small    int64        `json:"small" doc:"accounts in leagues of fewer than five, too few to compare"`
	Moved    int64        `json:"moved" doc:"accounts that are in another league now"`
}

type leagueCell struct {
	Platform  string `json:"platform"`
	Tier      int    `json:"tier" doc:"group of city tiers"`
	Followers int    `json:"followers" doc:"band of followers"`
	Tenure    int    `json:"tenure" doc:"band of tenure"`
	Accounts  int64  `json:"accounts"`
}

// fewAccounts is how many accounts a league needs to be compared.
const fewAccounts = 5

func (h *handlers) previewLeague(ctx context.Context, actor authz.Actor, in *previewIn) (*LeaguePreview, error) {
	cells, err := h.s.PreviewLeagues(ctx, actor, in.Body.Definition)
	if err != nil {
		return nil, err
	}
	out := &LeaguePreview{Cells: make([]leagueCell, len(cells)), Leagues: len(cells)}
	for i, c := range cells {
		out.Cells[i] = leagueCell{c.Platform, c.Tier, c.Followers, c.Tenure, c.Accounts}
		out.Accounts += c.Accounts
		out.Moved += c.Moved
		if c.Accounts < fewAccounts {
			out.Small += c.Accounts
		}
	}
	return out, nil
}

type leagueIn struct {
	Body struct {
		From       clock.Day `json:"from"`
		Note       string    `json:"note,omitempty" maxLength:"200"`
		Definition League    `json:"definition"`
	}
}

func (h *handlers) defineLeague(ctx context.Context, actor authz.Actor, in *leagueIn) (*LeaguesBody, error) {
	if err := h.s.DefineLeague(ctx, actor, in.Body.From, in.Body.Definition, in.Body.Note); err != nil {
		return nil, err
	}
	return h.leagues(ctx, actor, nil)
}
