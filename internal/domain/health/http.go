package health

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// accountRef is how an account is shown on the wire.
type accountRef struct {
	ID       id.ID  `json:"id"`
	Platform string `json:"platform"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	UnitID   id.ID  `json:"unit_id"`
	Unit     string `json:"unit" doc:"Path of the unit"`
	Member   string `json:"member"`
}

func ref(account id.ID, l Label) accountRef {
	return accountRef{account, l.Platform, l.Handle, l.Name, l.UnitID, l.UnitName, l.MemberName}
}

type judgementBody struct {
	Account  accountRef `json:"account"`
	Kind     string     `json:"kind"`
	League   string     `json:"league"`
	Day      clock.Day  `json:"day"`
	Score    int        `json:"score"`
	Band     string     `json:"band" doc:"red, amber or green"`
	PeerMean int        `json:"peer_mean" doc:"Mean score of the league; 0 when unknown"`
	Cause    string     `json:"cause" doc:"Why the account does not work; empty when it works"`
	Since    clock.Day  `json:"since" nullable:"true"`
	Parts    []Part     `json:"parts"`
	Silent   []silence  `json:"silent" doc:"causes that could not be judged"`
}

// silence is a cause that says nothing because no source told the figures it needs.
type silence struct {
	Cause string   `json:"cause"`
	Needs []string `json:"needs" doc:"inquiries, replies, leads"`
}

func silences(list []Silence) []silence {
	out := make([]silence, len(list))
	for i, x := range list {
		out[i] = silence{string(x.Cause), x.Needs}
	}
	return out
}

func judgementOf(j Judgement) judgementBody {
	return judgementBody{ref(j.AccountID, j.Label), j.Kind, j.League, j.Day, j.Score, j.Band, j.PeerMean, string(j.Cause), j.Since, j.Parts, silences(j.Silent)}
}

type listInput struct {
	web.Paging
	Unit     string `query:"unit" doc:"Unit id or path"`
	Band     string `query:"band" enum:"red,amber,green"`
	Cause    string `query:"cause" enum:"any,banned,token_lost,never_posted,stopped,unseen,no_replies,not_converting,unasked"`
	Platform string `query:"platform"`
	Kind     string `query:"kind"`
}

type accountInput struct {
	ID id.ID `path:"id"`
}

type stepBody struct {
	Step     int       `json:"step"`
	Taken    clock.Day `json:"taken"`
	Due      clock.Day `json:"due"`
	Audience string    `json:"audience" doc:"owner, manager or region"`
}

type episodeBody struct {
	Cause   string     `json:"cause"`
	Since   clock.Day  `json:"since"`
	Found   clock.Day  `json:"found"`
	Closed  clock.Day  `json:"closed" nullable:"true"`
	Outcome string     `json:"outcome"`
	Step    int        `json:"step"`
	Steps   []stepBody `json:"steps"`
}

type accountBody struct {
	judgementBody
	Episodes []episodeBody `json:"episodes"`
}

type boardInput struct {
	Unit string `query:"unit" doc:"Unit id or path"`
}

type boardBody struct {
	Judged     clock.Day        `json:"judged" nullable:"true"`
	JudgedAt   clock.Ms         `json:"judged_at" nullable:"true"`
	Accounts   int64            `json:"accounts"`
	Bands      map[string]int64 `json:"bands"`
	Causes     map[string]int64 `json:"causes"`
	Outcomes30 map[string]int64 `json:"outcomes_30"`
	Silent     map[string]int64 `json:"silent" doc:"Accounts for which a cause could not be judged, by cause"`
	Anomalies  int              `json:"anomalies" doc:"Open ones, counted up to 200"`
	Settings   Settings         `json:"settings"`
}

type anomaliesInput struct {
	web.Paging
	Unit  string `query:"unit" doc:"Unit id or path"`
	State string `query:"state" enum:"open,seen"`
	Kind  string `query:"kind" enum:"follower_cliff,mass_deletion,counter_burst"`
}

type anomalyBody struct {
	ID      id.ID      `json:"id"`
	Account accountRef `json:"account"`
	Kind    string     `json:"kind"`
	Day     clock.Day  `json:"day"`
	Before  int64      `json:"before"`
	After   int64      `json:"after"`
	State   string     `json:"state"`
	Note    string     `json:"note"`
	SeenBy  string     `json:"seen_by"`
	SeenAt  clock.Ms   `json:"seen_at" nullable:"true"`
}

func anomalyOf(a Anomaly) anomalyBody {
	return anomalyBody{a.ID, ref(a.AccountID, a.Label), a.Kind, a.Day, a.Before, a.After, a.State, a.Note, a.SeenBy, a.SeenAt}
}

type fallBody struct {
	PostID      id.ID    `json:"post_id" nullable:"true"`
	Title       string   `json:"title"`
	PublishedAt clock.Ms `json:"published_at" nullable:"true"`
	Counter     string   `json:"counter" doc:"what fell; posts for a post that is gone"`
	AsOf        clock.Ms `json:"as_of"`
	Before      *int64   `json:"before" doc:"the count before; of a post that is gone its last views"`
	After       *int64   `json:"after"`
}

type anomalyView struct {
	anomalyBody
	Rows []fallBody `json:"rows" doc:"what stands behind it"`
}

type anomalyInput struct {
	ID id.ID `path:"id"`
}

type seeInput struct {
	ID   id.ID `path:"id"`
	Body struct {
		Note string `json:"note" maxLength:"500"`
	}
}

type settingsInput struct{ Body Settings }

type nothing struct{}

// Routes declares the room's routes of accounts, board, anomalies and settings; those of the rounds are in
// http_round.go.
func (s *Service) Routes(r *web.Router) {
	cursors := r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/accounts", Summary: "Judged accounts, worst score first", Permission: permRead},
		func(ctx context.Context, actor authz.Actor, in *listInput) (*web.Page[judgementBody], error) {
			filter := Filter{in.Unit, in.Band, in.Cause, in.Platform, in.Kind}
			var at Place
			if _, err := cursors.Read(in.Cursor, "score", []any{actor.BrandID, filter}, &at.Score, &at.Account); err != nil {
				return nil, err
			}
			rows, err := s.List(ctx, actor, filter, at, in.Limit+1)
			if err != nil {
				return nil, err
			}
			rows, more := web.Cut(rows, in.Limit)
			items := make([]judgementBody, len(rows))
			for i, j := range rows {
				items[i] = judgementOf(j)
			}
			next := ""
			if more {
				last := rows[len(rows)-1]
				next = cursors.Next("score", []any{actor.BrandID, filter}, last.Score, last.AccountID)
			}
			return web.NewPage(items, next), nil
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/accounts/{id}", Summary: "One account's score with causes and history", Permission: permRead}, s.getAccount)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/board", Summary: "Zombie board: counts by band and cause", Permission: permRead}, s.getBoard)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/health/judge", Summary: "Judge the brand's accounts now", Permission: permWrite, Status: http.StatusAccepted},
		func(ctx context.Context, actor authz.Actor, _ *nothing) (*nothing, error) {
			return &nothing{}, s.Ask(ctx, actor)
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/anomalies", Summary: "Sudden losses, newest first", Permission: permRead},
		func(ctx context.Context, actor authz.Actor, in *anomaliesInput) (*web.Page[anomalyBody], error) {
			filter := []any{actor.BrandID, in.Unit, in.State, in.Kind}
			var day clock.Day
			var after id.ID
			if _, err := cursors.Read(in.Cursor, "day", filter, &day, &after); err != nil {
				return nil, err
			}
			rows, err := s.Anomalies(ctx, actor, AnomalyQuery{in.Unit, in.State, in.Kind, day, after, in.Limit + 1})
			if err != nil {
				return nil, err
			}
			rows, more := web.Cut(rows, in.Limit)
			items := make([]anomalyBody, len(rows))
			for i, a := range rows {
				items[i] = anomalyOf(a)
			}
			next := ""
			if more {
				next = cursors.Next("day", filter, rows[len(rows)-1].Day, rows[len(rows)-1].ID)
			}
			return web.NewPage(items, next), nil
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/anomalies/{id}", Summary: "A sudden loss with the posts and counts behind it", Permission: permRead}, s.getAnomaly)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/health/anomalies/{id}/seen", Summary: "Mark an anomaly as looked at", Permission: permWrite},
		func(ctx context.Context, actor authz.Actor, in *seeInput) (*nothing, error) {
			return &nothing{}, s.SeeAnomaly(ctx, actor, in.ID, in.Body.Note)
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/health/settings", Summary: "Thresholds", Permission: permRead},
		func(ctx context.Context, actor authz.Actor, _ *nothing) (*Settings, error) {
			set, err := s.Settings(ctx, actor)
			return &set, err
		})
	web.Handle(r, web.Route{Method: http.MethodPut, Path: "/api/v1/health/settings", Summary: "Replace the thresholds", Permission: permSettings},
		func(ctx context.Context, actor authz.Actor, in *settingsInput) (*nothing, error) {
			return &nothing{}, s.SetSettings(ctx, actor, in.Body)
		})
	s.roundRoutes(r)
}

func (s *Service) getAccount(ctx context.Context, actor authz.Actor, in *accountInput) (*accountBody, error) {
	j, episodes, err := s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &accountBody{judgementBody: judgementOf(j), Episodes: make([]episodeBody, len(episodes))}
	for i, e := range episodes {
		steps := make([]stepBody, len(e.Steps))
		for k, st := range e.Steps {
			steps[k] = stepBody(st)
		}
		out.Episodes[i] = episodeBody{string(e.Cause), e.Since, e.Found, e.Closed, e.Outcome, e.Step, steps}
	}
	return out, nil
}

func (s *Service) getAnomaly(ctx context.Context, actor authz.Actor, in *anomalyInput) (*anomalyView, error) {
	a, rows, err := s.Anomaly(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &anomalyView{anomalyOf(a), make([]fallBody, len(rows))}
	for i, r := range rows {
		out.Rows[i] = fallBody(r)
	}
	return out, nil
}

func (s *Service) getBoard(ctx context.Context, actor authz.Actor, in *boardInput) (*boardBody, error) {
	b, err := s.Board(ctx, actor, in.Unit)
	if err != nil {
		return nil, err
	}
	causes := make(map[string]int64, len(b.Causes))
	for c, n := range b.Causes {
		causes[string(c)] = n
	}
	silent := make(map[string]int64, len(b.Silent))
	for c, n := range b.Silent {
		silent[string(c)] = n
	}
	return &boardBody{b.Judged, b.JudgedAt, b.Accounts, b.Bands, causes, b.Outcomes30, silent, b.Anomalies, b.Settings}, nil
}
