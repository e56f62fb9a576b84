package campaign

import (
	"context"
	"io"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) resultRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/results", Summary: "What a campaign brought, for a unit: what the page and the printed report show", Permission: permRead}, h.results)
	web.HandleDownload(r, web.Route{
		Method: http.MethodGet, Path: campaignPath + "/results.xlsx", Summary: "The results as a workbook: figures, units, posts", Permission: permRead, Produces: web.XLSX, Timeout: -1,
	}, h.resultsXLSX)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/war", Summary: "War board of a burst: voice per hour, share of voice, limits of the platforms", Permission: permRead}, h.war)
}

type resultsIn struct {
	ID   id.ID  `path:"id"`
	Unit string `query:"unit" maxLength:"500"`
}

// sumBody adds posts up. Views and interactions are null when no source told any; Told is of how many posts they are known.
type sumBody struct {
	Posts        int64  `json:"posts"`
	Told         int64  `json:"told"`
	Views        *int64 `json:"views" nullable:"true"`
	Interactions *int64 `json:"interactions" nullable:"true"`
}

type unitResultBody struct {
	UnitID id.ID      `json:"unit_id"`
	Name   string     `json:"name"`
	Counts countsBody `json:"counts"`
	Sum    sumBody    `json:"sum"`
}

type postResultBody struct {
	PostID       id.ID    `json:"post_id"`
	Title        string   `json:"title"`
	URL          string   `json:"url"`
	Platform     string   `json:"platform"`
	Account      string   `json:"account"`
	Unit         string   `json:"unit"`
	PublishedAt  clock.Ms `json:"published_at"`
	Views        *int64   `json:"views" nullable:"true"`
	Interactions *int64   `json:"interactions" nullable:"true"`
}

// dayBody is a day of the hashtag curve: what was published with the campaign's hashtags that day, by everybody.
type dayBody struct {
	Day          clock.Day `json:"day"`
	Posts        int64     `json:"posts"`
	Views        *int64    `json:"views" nullable:"true"`
	Interactions *int64    `json:"interactions" nullable:"true"`
}

// againstBody compares a group's days of the campaign with as many days before. Per account and day.
type againstBody struct {
	Accounts          int64    `json:"accounts"`
	Days              int      `json:"days"`
	PostsBefore       *float64 `json:"posts_before" nullable:"true"`
	PostsDuring       *float64 `json:"posts_during" nullable:"true"`
	ViewsBefore       *float64 `json:"views_before" nullable:"true"`
	ViewsDuring       *float64 `json:"views_during" nullable:"true"`
	InteractionBefore *float64 `json:"interactions_before" nullable:"true"`
	InteractionDuring *float64 `json:"interactions_during" nullable:"true"`
}

// followersBody is how followers moved; null when nobody told at both ends.
type followersBody struct {
	Accounts int64  `json:"accounts" doc:"whose number is known at both ends"`
	Start    *int64 `json:"start" nullable:"true"`
	End      *int64 `json:"end" nullable:"true"`
}

type resultsBody struct {
	UnitID      id.ID            `json:"unit_id"`
	Unit        string           `json:"unit"`
	Counts      countsBody       `json:"counts"`
	People      int64            `json:"people" doc:"people with a task"`
	TookPart    int64            `json:"took_part" doc:"people of whom at least one proof passed"`
	UnitsAll    int64            `json:"units_all" doc:"units with a task"`
	UnitsPart   int64            `json:"units_part" doc:"of those with a proof that passed"`
	Target      Target           `json:"target"`
	Sum         sumBody          `json:"sum" doc:"of the posts that passed"`
	Official    sumBody          `json:"official" doc:"posts with the hashtags on accounts of headquarters"`
	Dealers     sumBody          `json:"dealers" doc:"posts with the hashtags on accounts below headquarters"`
	Curve       []dayBody        `json:"curve" doc:"from the first day for 15 days or to the end"`
	Units       []unitResultBody `json:"units"`
	Best        []postResultBody `json:"best" doc:"the ten with most interactions"`
	TookPartBy  againstBody      `json:"participants"`
	StayedAway  againstBody      `json:"others" doc:"accounts with the task whose owners did not hand in"`
	OfficialFan followersBody    `json:"official_followers"`
	MatrixFan   followersBody    `json:"matrix_followers"`
	CostFen     *int64           `json:"cost_fen" nullable:"true" doc:"rewards of what is settled, and partners; null when nothing was entered"`
	AsOf        clock.Ms         `json:"as_of" nullable:"true" doc:"when the newest figure was true"`
	Lessons     string           `json:"lessons"`
}

func (h handlers) results(ctx context.Context, actor authz.Actor, in *resultsIn) (*resultsBody, error) {
	r, err := h.s.Results(ctx, actor, in.ID, in.Unit)
	if err != nil {
		return nil, err
	}
	return resultsOf(r), nil
}

func (h handlers) resultsXLSX(ctx context.Context, actor authz.Actor, in *resultsIn) (*web.Download, error) {
	r, err := h.s.Results(ctx, actor, in.ID, in.Unit)
	if err != nil {
		return nil, err
	}
	lang := i18n.Match(actor.Lang)
	say := func(slug string) string { return h.texts.Text(lang, "campaign."+slug, nil) }
	return &web.Download{Name: say("sheet_results") + " " + r.Title + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		return h.s.WriteResults(ctx, actor, w, r, say)
	}}, nil
}

// hourBody is an hour of a burst.
type hourBody struct {
	At     clock.Ms `json:"at" doc:"begin of the hour"`
	Posts  int64    `json:"posts" doc:"published in it"`
	Handed int64    `json:"handed" doc:"proofs handed in"`
	Slots  int64    `json:"slots" doc:"planned for it"`
}

// voiceBody is a share of voice: posts with the hashtags.
type voiceBody struct {
	Who    string `json:"who" enum:"official,dealers,partners,outsiders"`
	Posts  int64  `json:"posts"`
	Views  *int64 `json:"views" nullable:"true"`
	Told   int64  `json:"told"`
	Places int64  `json:"places" doc:"accounts they are from"`
}

// limitBody is what a platform bears.
type limitBody struct {
	Platform   string    `json:"platform"`
	PerHour    int       `json:"per_hour" doc:"posts of one hashtag and one brand an hour beyond which a platform treats it as mass publishing"`
	PerDay     int       `json:"per_day" doc:"posts a day and account"`
	From       clock.Day `json:"from" doc:"day since which it holds"`
	Source     string    `json:"source" doc:"empty: the program's own estimate"`
	Confidence string    `json:"confidence" enum:"official,observed,estimate"`
	Peak       int64     `json:"peak" doc:"the fullest hour of this campaign, planned or published"`
	Over       bool      `json:"over"`
}

type warBody struct {
	Hours  []hourBody  `json:"hours"`
	Voice  []voiceBody `json:"voice"`
	Limits []limitBody `json:"limits"`
	Counts countsBody  `json:"counts"`
	AsOf   clock.Ms    `json:"as_of"`
}

func (h handlers) war(ctx context.Context, actor authz.Actor, in *resultsIn) (*warBody, error) {
	x, err := h.s.War(ctx, actor, in.ID, in.Unit)
	if err != nil {
		return nil, err
	}
	out := &warBody{Hours: make([]hourBody, len(x.Hours)), Voice: make([]voiceBody, len(x.Voice)), Limits: make([]limitBody, len(x.Limits)), Counts: countsOf(x.Counts), AsOf: x.AsOf}
	for i, v := range x.Hours {
		out.Hours[i] = hourBody(v)
	}
	for i, v := range x.Voice {
		out.Voice[i] = voiceBody(v)
	}
	for i, v := range x.Limits {
		out.Limits[i] = limitBody{v.Platform, v.PerHour, v.PerDay, v.From, v.Source, v.Confidence, v.Peak, v.Over}
	}
	return out, nil
}
