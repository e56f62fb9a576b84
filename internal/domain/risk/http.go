package risk

import (
	"cmp"
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

type nothing struct{}

type textBody struct {
	Field string `json:"field" maxLength:"40" doc:"e.g. title, body, name, reply"`
	Text  string `json:"text" maxLength:"20000"`
}

type checkInput struct {
	Body struct {
		Texts    []textBody `json:"texts" minItems:"1" maxItems:"20"`
		Platform string     `json:"platform,omitempty" maxLength:"40" doc:"e.g. xiaohongshu or 小红书"`
		Industry string     `json:"industry,omitempty" maxLength:"40" doc:"e.g. automotive or 汽车; the brand's own when empty"`
		Kind     string     `json:"kind,omitempty" enum:"post,profile,reply,comment,live" doc:"What the texts are; rules of every kind count when empty"`
		At       clock.Day  `json:"at,omitempty" nullable:"true" doc:"Judge as on this day; today when empty"`
	}
}

type findingBody struct {
	Field    string `json:"field"`
	Rule     string `json:"rule"`
	Category string `json:"category"`
	Severity string `json:"severity" enum:"low,medium,high"`
	Start    int    `json:"start" doc:"First character, counted in Unicode code points"`
	End      int    `json:"end" doc:"Behind the last character"`
	Text     string `json:"text"`
	Reason   string `json:"reason" doc:"In the caller's language where it is known"`
	Article  string `json:"article"`
	Rewrite  string `json:"rewrite" doc:"Advice"`
	Replace  string `json:"replace" doc:"Words that may stand there instead as they are; empty when only leaving out or facts will do"`
}

type checkBody struct {
	Verdict  string        `json:"verdict" enum:"pass,warn,review,block"`
	Score    float64       `json:"score" doc:"0 to 1, orders a queue"`
	Version  int           `json:"version" doc:"Of the brand's rules; 0 while the shipped ones are in force"`
	Findings []findingBody `json:"findings"`
	More     int           `json:"findings_more" doc:"Findings beyond the gravest 200, which are listed"`
}

func findingBodies(list []Finding, lang string) []findingBody {
	out := make([]findingBody, len(list))
	for i := range list {
		f := &list[i]
		out[i] = findingBody{f.Field, f.Rule, f.Category, f.Severity, f.Start, f.End, f.Text, f.Reason, f.Article, f.Rewrite, f.Replace}
		if lang == "en" && f.ReasonEn != "" {
			out[i].Reason = f.ReasonEn
		}
	}
	return out
}

type sameInput struct {
	Body struct {
		Text  string `json:"text" maxLength:"20000"`
		Limit int    `json:"limit,omitempty" minimum:"1" maximum:"50" default:"10"`
	}
}

type sameBody struct {
	Items []sameItem `json:"items"`
}

type sameItem struct {
	Post      id.ID       `json:"post" doc:"The post"`
	Text      string      `json:"text"`
	Score     float64     `json:"score" doc:"1 = the same text"`
	Platform  string      `json:"platform"`
	Account   accountBody `json:"account"`
	Published clock.Ms    `json:"published_at" nullable:"true"`
}

// accountBody is how an account is shown on the wire.
type accountBody struct {
	ID       id.ID  `json:"id"`
	Platform string `json:"platform"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	UnitID   id.ID  `json:"unit_id"`
	Unit     string `json:"unit" doc:"Path of the unit"`
	Member   string `json:"member"`
}

func accountOf(account id.ID, l Label) accountBody {
	return accountBody{account, l.Platform, l.Handle, l.Name, l.UnitID, l.UnitPath, l.Member}
}

// Routes declares the room's part of the API; rules are in http_rule.go, runs in http_run.go.
func (s *Service) Routes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/risk/check", Summary: "What the rules say about texts, while they are typed", Permission: permCheck}, s.postCheck)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: "/api/v1/risk/same", Summary: "Known posts that say the same or nearly the same", Permission: permRead}, s.postSame)
	s.ruleRoutes(r)
	s.sheetRoutes(r)
	s.labRoutes(r)
	s.verdictRoutes(r)
	s.runRoutes(r)
	s.rankerRoutes(r)
}

func (s *Service) postCheck(ctx context.Context, actor authz.Actor, in *checkInput) (*checkBody, error) {
	texts := make([]Text, len(in.Body.Texts))
	for i, t := range in.Body.Texts {
		texts[i] = Text(t)
	}
	x := scan.Context{Platform: platformOf(in.Body.Platform), Industry: cmp.Or(pack.IndustryOf(in.Body.Industry), in.Body.Industry), Kind: in.Body.Kind, Day: int32(in.Body.At)}
	if x.Day == 0 {
		x.Day = int32(s.today(actor))
	}
	v, err := s.Check(ctx, actor.BrandID, texts, x)
	if err != nil {
		return nil, err
	}
	list, more := gravest(v.Findings)
	return &checkBody{v.Grade.String(), v.Score, v.Version, findingBodies(list, actor.Lang), more}, nil
}

func (s *Service) postSame(ctx context.Context, actor authz.Actor, in *sameInput) (*sameBody, error) {
	limit := in.Body.Limit
	if limit == 0 {
		limit = 10
	}
	list, err := s.SameSeen(ctx, actor, in.Body.Text, limit)
	out := &sameBody{Items: make([]sameItem, len(list))}
	for i := range list {
		x := &list[i]
		out.Items[i] = sameItem{x.ID, x.Text, x.Score, x.Platform, accountOf(x.AccountID, x.Account), x.Published}
	}
	return out, err
}
