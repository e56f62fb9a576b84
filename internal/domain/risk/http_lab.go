package risk

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// shownBody is a judged text on the wire.
type shownBody struct {
	Kind      Kind          `json:"kind"`
	Object    id.ID         `json:"object" doc:"The post, or the account of a profile"`
	Account   accountBody   `json:"account"`
	Text      string        `json:"text"`
	Verdict   string        `json:"verdict" enum:"pass,warn,review,block"`
	Before    string        `json:"before" enum:"pass,warn,review,block"`
	Score     float64       `json:"score"`
	Version   int           `json:"version"`
	Findings  []findingBody `json:"findings"`
	CheckedAt clock.Ms      `json:"checked_at" nullable:"true"`
	Published clock.Ms      `json:"published_at" nullable:"true"`
}

func shownOf(x *Shown, lang string) shownBody {
	l := x.Account
	if l.Platform == "" {
		l.Platform = x.Platform
	}
	return shownBody{
		x.Kind, x.ObjectID, accountOf(x.AccountID, l), x.Text, x.Grade.String(), x.Before.String(), x.Score, x.Version,
		findingBodies(x.Findings, lang), x.CheckedAt, x.Published,
	}
}

func shownBodies(list []Shown, lang string) []shownBody {
	out := make([]shownBody, len(list))
	for i := range list {
		out[i] = shownOf(&list[i], lang)
	}
	return out
}

type precisionBody struct {
	Right int     `json:"right"`
	False int     `json:"false"`
	Low   float64 `json:"low" doc:"Lower end of the 95 % interval"`
	High  float64 `json:"high"`
}

func precisionOf(p Precision) precisionBody { return precisionBody(p) }

type labInput struct {
	Body struct {
		Code   string     `json:"code,omitempty" maxLength:"120" doc:"The rule it is a changed form of"`
		Rule   ruleFields `json:"rule"`
		Days   int        `json:"days" minimum:"1" maximum:"730"`
		Unit   string     `json:"unit,omitempty" maxLength:"400"`
		Sample int        `json:"sample,omitempty" minimum:"1" maximum:"100" default:"30"`
	}
}

type overlapBody struct {
	Code  string `json:"code"`
	Says  string `json:"says"`
	Posts int    `json:"posts"`
}

type labBody struct {
	Scanned   int           `json:"scanned"`
	Cut       bool          `json:"cut" doc:"There were more posts: the newest were looked at"`
	Posts     int           `json:"posts" doc:"With a hit"`
	Hits      int           `json:"hits"`
	Alone     int           `json:"alone" doc:"Posts that no rule in force finds at this place"`
	Precision precisionBody `json:"precision"`
	Overlaps  []overlapBody `json:"overlaps"`
	Sample    []shownBody   `json:"sample"`
}

type judgedBody struct {
	Code      string        `json:"code"`
	Says      string        `json:"says"`
	Category  string        `json:"category"`
	Severity  string        `json:"severity"`
	State     string        `json:"state"`
	Noisy     bool          `json:"noisy"`
	Precision precisionBody `json:"precision"`
}

type judgedInput struct {
	Noisy bool `query:"noisy" doc:"Only the noisy ones"`
}

type judgedList struct {
	Items []judgedBody `json:"items"`
}

type opinionBody struct {
	Rule    string `json:"rule" minLength:"1" maxLength:"120"`
	Kind    string `json:"kind" enum:"post,profile,submission,comment,reply,live"`
	Object  id.ID  `json:"object"`
	Start   int    `json:"start" minimum:"0"`
	Excerpt string `json:"excerpt,omitempty" maxLength:"500"`
	Right   bool   `json:"right" doc:"false = a false alarm"`
}

type opinionsInput struct {
	Body struct {
		Items []opinionBody `json:"items" minItems:"1" maxItems:"200"`
	}
}

func (s *Service) labRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/risk/lab", Summary: "Try a rule on past posts before it goes live", Permission: permRead}, s.postLab)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/risk/judged", Summary: "What reviewers said about rules, the noisiest first", Permission: permRead}, s.getJudged)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/risk/opinions", Summary: "Say of findings that they are right or false alarms", Permission: permJudge}, s.postOpinions)
}

func (s *Service) postLab(ctx context.Context, actor authz.Actor, in *labInput) (*labBody, error) {
	ask := LabAsk{Rule: in.Body.Rule.rule(), Days: in.Body.Days, Unit: in.Body.Unit, Sample: in.Body.Sample}
	ask.Rule.Code = in.Body.Code
	if ask.Sample == 0 {
		ask.Sample = 30
	}
	rep, err := s.TryRule(ctx, actor, ask)
	if err != nil {
		return nil, err
	}
	out := &labBody{rep.Scanned, rep.Cut, rep.Posts, rep.Hits, rep.Alone, precisionOf(rep.Precision), []overlapBody{}, shownBodies(rep.Sample, actor.Lang)}
	for _, o := range rep.Overlaps {
		out.Overlaps = append(out.Overlaps, overlapBody(o))
	}
	return out, nil
}

func (s *Service) getJudged(ctx context.Context, actor authz.Actor, in *judgedInput) (*judgedList, error) {
	list, err := s.JudgedRules(ctx, actor, in.Noisy)
	if err != nil {
		return nil, err
	}
	out := &judgedList{Items: make([]judgedBody, len(list))}
	for i, j := range list {
		out.Items[i] = judgedBody{Code: j.Code, State: j.State, Noisy: j.Noisy, Precision: precisionOf(j.Precision)}
		if j.Rule != nil {
			out.Items[i].Says, out.Items[i].Category, out.Items[i].Severity = j.Rule.Says(), j.Rule.Category, j.Rule.Severity
		}
	}
	return out, nil
}

func (s *Service) postOpinions(ctx context.Context, actor authz.Actor, in *opinionsInput) (*nothing, error) {
	list := make([]Opinion, len(in.Body.Items))
	for i, o := range in.Body.Items {
		list[i] = Opinion{o.Rule, Kind(o.Kind), o.Object, o.Start, o.Excerpt, o.Right}
	}
	return &nothing{}, s.Judge(ctx, actor, list)
}

type verdictsInput struct {
	web.Paging
	Unit     string `query:"unit" doc:"Unit id or path"`
	Verdict  string `query:"verdict" enum:"warn,review,block"`
	Kind     string `query:"kind" enum:"post,profile"`
	Platform string `query:"platform" maxLength:"40"`
	Rule     string `query:"rule" maxLength:"120"`
}

type boardInput struct {
	Unit string `query:"unit" doc:"Unit id or path"`
}

type boardBody struct {
	Version int                         `json:"version"`
	Counts  map[string]map[string]int64 `json:"counts" doc:"kind → verdict → how many stand"`
	Last    *runBody                    `json:"last,omitempty" doc:"The newest re-scan"`
}

type verdictInput struct {
	Kind string `path:"kind"`
	ID   id.ID  `path:"id"`
}

func (s *Service) verdictRoutes(r *web.Router) {
	cursors := r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/risk/verdicts", Summary: "What stands and does not pass, the worst and newest first", Permission: permRead},
		func(ctx context.Context, actor authz.Actor, in *verdictsInput) (*web.Page[shownBody], error) {
			filter := []any{actor.BrandID, in.Unit, in.Verdict, in.Kind, in.Platform, in.Rule}
			q := VerdictQuery{Unit: in.Unit, Verdict: in.Verdict, Kind: Kind(in.Kind), Platform: in.Platform, Rule: in.Rule, Limit: in.Limit + 1}
			if _, err := cursors.Read(in.Cursor, "grade", filter, &q.AfterGrade, &q.After); err != nil {
				return nil, err
			}
			list, err := s.Verdicts(ctx, actor, q)
			if err != nil {
				return nil, err
			}
			list, more := web.Cut(list, in.Limit)
			next := ""
			if more {
				last := list[len(list)-1]
				next = cursors.Next("grade", filter, int(last.Grade), last.ObjectID)
			}
			return web.NewPage(shownBodies(list, actor.Lang), next), nil
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/risk/verdicts/{kind}/{id}", Summary: "The standing verdict of one post or profile", Permission: permRead},
		func(ctx context.Context, actor authz.Actor, in *verdictInput) (*shownBody, error) {
			x, err := s.GetVerdict(ctx, actor, Kind(in.Kind), in.ID)
			if err != nil {
				return nil, err
			}
			out := shownOf(&x, actor.Lang)
			return &out, nil
		})
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/risk/board", Summary: "How many verdicts stand, and the newest re-scan", Permission: permRead}, s.getBoard)
}

func (s *Service) getBoard(ctx context.Context, actor authz.Actor, in *boardInput) (*boardBody, error) {
	b, err := s.Board(ctx, actor, in.Unit)
	if err != nil {
		return nil, err
	}
	out := &boardBody{Version: b.Version, Counts: map[string]map[string]int64{}}
	for kind, c := range b.Counts {
		out.Counts[string(kind)] = map[string]int64{}
		for g, n := range c {
			out.Counts[string(kind)][Grade(g).String()] = n
		}
	}
	if b.Last != nil {
		r := runOf(b.Last)
		out.Last = &r
	}
	return out, nil
}
