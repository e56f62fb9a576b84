package hit

import (
	"context"
	"net/http"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

const (
	base     = "/api/v1/hit/"
	hitsPath = base + "hits"
)

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: hitsPath, Summary: "Hits of the caller's units", Permission: permRead}, h.list)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "count", Summary: "How many hits there are, and when posts were last looked at", Permission: permRead}, h.count)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: hitsPath + "/{id}", Summary: "One hit with its curve and what is usual", Permission: permRead}, h.get)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: base + "turn", Summary: "Star hits or take stars back, dismiss hits or bring them back", Permission: permRead}, h.turn)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "calendar", Summary: "Days on which hits were published", Permission: permRead}, h.calendar)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "near", Summary: "Hits the caller may learn from: of the own units, and starred ones", Permission: permNear}, h.near)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "settings", Summary: "When a post is a hit", Permission: permRead}, h.settings)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "settings", Summary: "Change when a post is a hit; everything is looked at again", Permission: permSettings}, h.setSettings)
	h.enterRoutes(r)
	h.learnRoutes(r)
}

type nothing struct{}

type oneIn struct {
	ID id.ID `path:"id"`
}

// say words the room's slugs in a language.
func (h handlers) say(lang string) Say {
	l := i18n.Match(lang)
	return func(slug string, params map[string]any) string { return h.texts.Text(l, "hit."+slug, params) }
}

type accountBody struct {
	ID     id.ID  `json:"id"`
	Handle string `json:"handle"`
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Member string `json:"member"`
}

// hitBody is a hit on the wire.
type hitBody struct {
	ID           id.ID        `json:"id"`
	Kind         Kind         `json:"kind" enum:"own,outside,competitor"`
	Origin       Origin       `json:"origin" enum:"found,link,file"`
	PostID       id.ID        `json:"post_id" nullable:"true"`
	Account      *accountBody `json:"account" required:"false" doc:"of own posts; null otherwise"`
	UnitID       id.ID        `json:"unit_id"`
	Platform     string       `json:"platform"`
	Media        string       `json:"media"`
	Title        string       `json:"title"`
	URL          string       `json:"url"`
	Author       string       `json:"author" doc:"of posts of others"`
	Followers    *int64       `json:"followers" nullable:"true" doc:"of the author, as entered"`
	PublishedAt  clock.Ms     `json:"published_at" nullable:"true"`
	PublishedDay clock.Day    `json:"published_day" nullable:"true"`
	DayOnly      bool         `json:"day_only" doc:"the time of day is not known"`
	Strength     float64      `json:"strength" doc:"modified z of the strongest signal, the weaker of account and league; 0 when entered"`
	Metric       Metric       `json:"metric"`
	Mark         int          `json:"mark" doc:"age in days of the strongest signal"`
	Signals      []Signal     `json:"signals" doc:"every figure that beats account and league, strongest first"`
	Views        *int64       `json:"views" nullable:"true"`
	Interactions *int64       `json:"interactions" nullable:"true"`
	Given        Given        `json:"given" doc:"figures as entered"`
	State        State        `json:"state" enum:"listed,dismissed,gone"`
	Reason       string       `json:"reason" doc:"why dismissed"`
	Note         string       `json:"note"`
	StarAt       clock.Ms     `json:"star_at" nullable:"true"`
	StarBy       string       `json:"star_by"`
	TemplateID   id.ID        `json:"template_id" nullable:"true"`
	TemplateAt   clock.Ms     `json:"template_at" nullable:"true"`
	TemplateBy   string       `json:"template_by"`
	FoundAt      clock.Ms     `json:"found_at"`
	UpdatedAt    clock.Ms     `json:"updated_at"`
	By           string       `json:"by" doc:"who entered it"`
}

func bodyOf(x *Hit) *hitBody {
	b := &hitBody{
		ID: x.ID, Kind: x.Kind, Origin: x.Origin, PostID: x.PostID, UnitID: x.UnitID, Platform: x.Platform, Media: x.Media, Title: x.Title, URL: x.URL, Author: x.Author, Followers: x.Followers,
		PublishedAt: x.PublishedAt, PublishedDay: x.PublishedDay, DayOnly: x.DayOnly, Strength: x.Strength, Metric: x.Metric, Mark: x.Mark, Signals: x.Signals, Views: x.Views,
		Interactions: x.Interactions, Given: x.Given, State: x.State, Reason: x.Reason, Note: x.Note, StarAt: x.StarAt, StarBy: x.StarBy, TemplateID: x.TemplateID,
		TemplateAt: x.TemplateAt, TemplateBy: x.TemplateBy, FoundAt: x.FoundAt, UpdatedAt: x.UpdatedAt, By: x.By,
	}
	if x.AccountID != 0 {
		b.Account = &accountBody{x.AccountID, x.Label.Handle, x.Label.Name, x.Label.UnitPath, x.Label.Member}
	}
	return b
}

func bodies(list []Hit) []*hitBody {
	out := make([]*hitBody, len(list))
	for i := range list {
		out[i] = bodyOf(&list[i])
	}
	return out
}

type filterIn struct {
	Unit      string `query:"unit" maxLength:"500" doc:"id or path"`
	Kind      Kind   `query:"kind" enum:"own,outside,competitor"`
	Platform  string `query:"platform" maxLength:"20"`
	State     State  `query:"state" enum:"listed,dismissed,gone" doc:"listed when empty"`
	Metric    Metric `query:"metric" enum:"views,interactions,saves"`
	Published string `query:"published" maxLength:"30" doc:"2026-11-01..2026-11-22; either end may be open"`
	Q         string `query:"q" maxLength:"100" doc:"part of the title"`
	Starred   bool   `query:"starred"`
	Templated bool   `query:"templated" doc:"only hits that a template was made of"`
}

// filter reads the range of days and gives the filter.
func (in *filterIn) filter() (Filter, error) {
	f := Filter{Unit: in.Unit, Kind: in.Kind, Platform: in.Platform, State: in.State, Metric: in.Metric, Query: in.Q, Starred: in.Starred, Templated: in.Templated}
	from, to, _ := strings.Cut(in.Published, "..")
	for _, x := range []struct {
		text string
		day  *clock.Day
	}{{from, &f.From}, {to, &f.To}} {
		if x.text == "" {
			continue
		}
		d, err := clock.ParseDay(x.text)
		if err != nil {
			return f, errs.Bad().Field("published", "hit.day")
		}
		*x.day = d
	}
	return f, nil
}

type listIn struct {
	web.Paging
	filterIn
	Sort Sort `query:"sort" enum:"-strength,strength,-found,found,-published,published,-views,views,-interactions,interactions" default:"-found"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[*hitBody], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	mark := []any{actor.BrandID, f}
	var place Place
	more, err := h.cursors.Read(in.Cursor, string(in.Sort), mark, &place.Value, &place.ID)
	if err != nil {
		return nil, err
	}
	after := &place
	if !more {
		after = nil
	}
	rows, err := h.s.List(ctx, actor, f, in.Sort, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more = web.Cut(rows, in.Limit)
	next := ""
	if more {
		last := &rows[len(rows)-1]
		next = h.cursors.Next(string(in.Sort), mark, last.value(in.Sort), last.ID)
	}
	return web.NewPage(bodies(rows), next), nil
}

type countIn struct {
	Unit string `query:"unit" maxLength:"500" doc:"id or path"`
}

type countBody struct {
	Listed    int64    `json:"listed"`
	Week      int64    `json:"week" doc:"found within seven days"`
	Starred   int64    `json:"starred"`
	Templated int64    `json:"templated"`
	LookedAt  clock.Ms `json:"looked_at" nullable:"true" doc:"when posts were last looked at"`
}

func (h handlers) count(ctx context.Context, actor authz.Actor, in *countIn) (*countBody, error) {
	c, at, err := h.s.Count(ctx, actor, in.Unit)
	return &countBody{c.Listed, c.Week, c.Starred, c.Templated, at}, err
}

type pointBody struct {
	At           clock.Ms `json:"at"`
	Views        *int64   `json:"views" nullable:"true"`
	Interactions *int64   `json:"interactions" nullable:"true"`
	Saves        *int64   `json:"saves" nullable:"true"`
}

type stepBody struct {
	Mark               int    `json:"mark" doc:"age in days"`
	Views              *int64 `json:"views" nullable:"true"`
	Interactions       *int64 `json:"interactions" nullable:"true"`
	Saves              *int64 `json:"saves" nullable:"true"`
	OwnViews           *int64 `json:"own_views" nullable:"true" doc:"the usual of the account's other posts at this age"`
	OwnInteractions    *int64 `json:"own_interactions" nullable:"true"`
	OwnSaves           *int64 `json:"own_saves" nullable:"true"`
	LeagueViews        *int64 `json:"league_views" nullable:"true" doc:"the usual of the league at this age"`
	LeagueInteractions *int64 `json:"league_interactions" nullable:"true"`
	LeagueSaves        *int64 `json:"league_saves" nullable:"true"`
}

type detailBody struct {
	Hit       *hitBody    `json:"hit"`
	League    string      `json:"league"`
	Followers *int64      `json:"followers" nullable:"true" doc:"of the account when it was published"`
	Points    []pointBody `json:"points"`
	Steps     []stepBody  `json:"steps"`
	MayWrite  bool        `json:"may_write"`
	MayStar   bool        `json:"may_star"`
}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *oneIn) (*detailBody, error) {
	d, err := h.s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &detailBody{
		Hit: bodyOf(&d.Hit), League: d.League, Followers: d.Followers, Points: make([]pointBody, len(d.Points)), Steps: make([]stepBody, len(d.Steps)),
		MayWrite: actor.Can(permWrite), MayStar: actor.Can(permStar),
	}
	for i, p := range d.Points {
		out.Points[i] = pointBody{p.AsOf, told64(p.Views), told64(p.Interactions), told64(p.Saves)}
	}
	for i, x := range d.Steps {
		out.Steps[i] = stepBody(x)
	}
	return out, nil
}

type turnIn struct {
	Body struct {
		IDs    []id.ID `json:"ids" minItems:"1" maxItems:"500"`
		Verb   Verb    `json:"verb" enum:"star,unstar,dismiss,restore"`
		Reason string  `json:"reason" required:"false" maxLength:"500" doc:"why dismissed"`
	}
}

type turnedBody struct {
	Changed int64 `json:"changed"`
}

func (h handlers) turn(ctx context.Context, actor authz.Actor, in *turnIn) (*turnedBody, error) {
	n, err := h.s.Turn(ctx, actor, in.Body.IDs, in.Body.Verb, in.Body.Reason)
	return &turnedBody{n}, err
}

type dayBody struct {
	Day  clock.Day  `json:"day"`
	N    int        `json:"n"`
	Hits []*hitBody `json:"hits" doc:"the strongest five"`
}

type daysBody struct {
	Items []dayBody `json:"items"`
}

func (h handlers) calendar(ctx context.Context, actor authz.Actor, in *filterIn) (*daysBody, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	days, err := h.s.Calendar(ctx, actor, f)
	out := &daysBody{Items: make([]dayBody, len(days))}
	for i, d := range days {
		out.Items[i] = dayBody{d.Day, d.N, bodies(d.Hits)}
	}
	return out, err
}

type settingsBody struct {
	Settings
	Marks   []int `json:"marks"`
	MayEdit bool  `json:"may_edit"`
}

func (h handlers) settings(ctx context.Context, actor authz.Actor, _ *nothing) (*settingsBody, error) {
	set, err := h.s.Settings(ctx, actor)
	marks := Marks()
	return &settingsBody{set, marks[:], actor.Can(permSettings)}, err
}

type setSettingsIn struct{ Body Settings }

func (h handlers) setSettings(ctx context.Context, actor authz.Actor, in *setSettingsIn) (*nothing, error) {
	return &nothing{}, h.s.SetSettings(ctx, actor, in.Body)
}
