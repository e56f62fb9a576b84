package risk

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/web"
	"kosmos/internal/scan/rank"
)

type rankerBody struct {
	Number    int      `json:"number"`
	TrainedAt clock.Ms `json:"trained_at"`
	Trainer   string   `json:"trainer"`
	InUse     bool     `json:"in_use"`
	Measured
}

type trainingBody struct {
	State      string   `json:"state" enum:"running,done,failed"`
	Done       int      `json:"done"`
	Total      int      `json:"total" doc:"0 = the verdicts are still being gathered"`
	Fault      string   `json:"fault" doc:"slug; empty unless it failed"`
	Number     int      `json:"number" doc:"the ranker that came of it; 0 = none"`
	StartedAt  clock.Ms `json:"started_at"`
	StartedBy  string   `json:"started_by"`
	FinishedAt clock.Ms `json:"finished_at" nullable:"true"`
}

type rankersBody struct {
	InUse    int           `json:"in_use" doc:"0 = the shipped ranker alone"`
	Since    clock.Ms      `json:"since" nullable:"true"`
	By       string        `json:"by"`
	Items    []rankerBody  `json:"items" doc:"newest first"`
	Training *trainingBody `json:"training,omitempty"`
}

type verdictsOutput struct {
	Verdicts
	Least int  `json:"least" doc:"of each kind on either side"`
	Ready bool `json:"ready"`
}

type rankerInput struct {
	Number int `path:"number" minimum:"0"`
}

type tryInput struct {
	rankerInput
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"20000"`
	}
}

type rankedBody struct {
	Likely float64        `json:"likely" doc:"0 to 1; 0.5 is the threshold"`
	Over   bool           `json:"over"`
	Top    []rank.Feature `json:"top" doc:"parts of the text that say so, strongest first"`
}

func (s *Service) rankerRoutes(r *web.Router) {
	route := func(method, path, summary, permission string) web.Route {
		return web.Route{Method: method, Path: "/api/v1/risk/" + path, Summary: summary, Permission: permission}
	}
	web.Handle(r, route(http.MethodGet, "rankers", "The brand's own rankers, the one in use, and the newest training", permRead), s.getRankers)
	web.Handle(r, route(http.MethodGet, "rankers/verdicts", "What a training would learn from now", permRead), func(ctx context.Context, actor authz.Actor, _ *nothing) (*verdictsOutput, error) {
		v, err := s.VerdictsNow(ctx, actor)
		return &verdictsOutput{v, leastVerdicts, v.ready() == nil}, err
	})
	train := route(http.MethodPost, "rankers", "Learn a ranker from the reviewers' verdicts", permWrite)
	train.Status = http.StatusAccepted
	web.Handle(r, train, func(ctx context.Context, actor authz.Actor, _ *nothing) (*startedBody, error) {
		training, err := s.StartTraining(ctx, actor)
		return &startedBody{training}, err
	})
	web.Handle(r, route(http.MethodPost, "rankers/{number}/use", "Put a ranker into use; 0 goes back to the shipped one", permWrite), func(ctx context.Context, actor authz.Actor, in *rankerInput) (*nothing, error) {
		return &nothing{}, s.UseRanker(ctx, actor, in.Number)
	})
	web.Handle(r, route(http.MethodPost, "rankers/{number}/try", "What a ranker finds of a text", permRead), func(ctx context.Context, actor authz.Actor, in *tryInput) (*rankedBody, error) {
		x, err := s.TryRanker(ctx, actor, in.Number, in.Body.Text)
		if x.Top == nil {
			x.Top = []rank.Feature{}
		}
		return &rankedBody{x.Likely, x.Over, x.Top}, err
	})
}

func (s *Service) getRankers(ctx context.Context, actor authz.Actor, _ *nothing) (*rankersBody, error) {
	v, err := s.Rankers(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &rankersBody{InUse: v.Use.Number, Since: v.Use.At, By: v.Use.By, Items: make([]rankerBody, len(v.List))}
	for i, x := range v.List {
		out.Items[i] = rankerBody{x.Number, x.TrainedAt, x.Trainer, x.Number == v.Use.Number, x.Measured}
	}
	if t := v.Training; t != nil {
		out.Training = &trainingBody{t.State, t.Done, t.Total, t.Fault, t.Number, t.StartedAt, t.StartedBy, t.FinishedAt}
	}
	return out, nil
}
