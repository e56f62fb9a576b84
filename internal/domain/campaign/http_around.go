package campaign

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) aroundRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/partners", Summary: "Partners of a campaign: KOL, ambassadors, brands, media", Permission: permRead}, h.partners)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: campaignPath + "/partners", Summary: "Enter or edit a partner", Permission: permWrite, Idempotent: true}, h.putPartner)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: campaignPath + "/partners/{item}", Summary: "Take a partner out", Permission: permWrite}, h.dropPartner)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/activities", Summary: "Public activities with the outsiders that took part", Permission: permRead}, h.activities)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: campaignPath + "/activities", Summary: "Enter or edit a public activity", Permission: permWrite, Idempotent: true}, h.putActivity)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: campaignPath + "/activities/{item}", Summary: "Take a public activity out", Permission: permWrite}, h.dropActivity)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/linkage", Summary: "Who mentions whom, and the followers gained after", Permission: permRead}, h.linkage)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: campaignPath + "/linkage", Summary: "Enter a mention", Permission: permWrite, Idempotent: true, Status: http.StatusCreated}, h.addMention)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: campaignPath + "/linkage/{item}", Summary: "Take a mention out", Permission: permWrite}, h.dropMention)
}

// partnerBody is a partner with what it brought. Null = nobody told.
type partnerBody struct {
	ID       id.ID    `json:"id" required:"false" nullable:"true"`
	Kind     string   `json:"kind" enum:"kol,ambassador,brand,media"`
	Name     string   `json:"name" minLength:"1" maxLength:"80"`
	Platform string   `json:"platform" required:"false"`
	CostFen  *int64   `json:"cost_fen" required:"false" nullable:"true" minimum:"0"`
	Links    []string `json:"links" required:"false" maxItems:"50"`
	For      []id.ID  `json:"for" required:"false" maxItems:"50" doc:"accounts it was to bring something to"`
	Views    *int64   `json:"views" required:"false" nullable:"true" minimum:"0"`
	Engaged  *int64   `json:"interactions" required:"false" nullable:"true" minimum:"0"`
	Fans     *int64   `json:"followers" required:"false" nullable:"true" doc:"followers brought to those accounts"`
	Leads    *int64   `json:"leads" required:"false" nullable:"true" minimum:"0"`
	Note     string   `json:"note" required:"false" maxLength:"500"`
	// ForNames are the shown names of For; ignored when sent.
	ForNames []string `json:"for_names" required:"false"`
}

type partnersBody struct {
	Items []partnerBody `json:"items"`
}

func (h handlers) partners(ctx context.Context, actor authz.Actor, in *oneIn) (*partnersBody, error) {
	list, err := h.s.Partners(ctx, actor, in.ID)
	out := &partnersBody{Items: make([]partnerBody, len(list))}
	for i, x := range list {
		out.Items[i] = partnerBody(x)
	}
	return out, err
}

type putPartnerIn struct {
	ID   id.ID `path:"id"`
	Body partnerBody
}

func (h handlers) putPartner(ctx context.Context, actor authz.Actor, in *putPartnerIn) (*madeBody, error) {
	made, err := h.s.PutPartner(ctx, actor, in.ID, Partner(in.Body))
	return &madeBody{made}, err
}

type itemIn struct {
	ID   id.ID `path:"id"`
	Item id.ID `path:"item"`
}

func (h handlers) dropPartner(ctx context.Context, actor authz.Actor, in *itemIn) (*nothing, error) {
	return &nothing{}, h.s.DropPartner(ctx, actor, in.ID, in.Item)
}

// activityBody is a public activity. Null = nobody told.
type activityBody struct {
	ID        id.ID     `json:"id" required:"false" nullable:"true"`
	Kind      string    `json:"kind" enum:"challenge,draw,qa,co_creation"`
	Title     string    `json:"title" minLength:"1" maxLength:"80"`
	Platform  string    `json:"platform" required:"false"`
	Link      string    `json:"link" required:"false" maxLength:"500"`
	StartsAt  clock.Ms  `json:"starts_at" required:"false" nullable:"true"`
	EndsAt    clock.Ms  `json:"ends_at" required:"false" nullable:"true"`
	Outsiders *int64    `json:"outsiders" required:"false" nullable:"true" minimum:"0" doc:"people from outside who took part"`
	Posts     *int64    `json:"posts" required:"false" nullable:"true" minimum:"0" doc:"posts by outsiders"`
	Views     *int64    `json:"views" required:"false" nullable:"true" minimum:"0"`
	Engaged   *int64    `json:"interactions" required:"false" nullable:"true" minimum:"0"`
	AsOf      clock.Day `json:"as_of" required:"false" nullable:"true" doc:"day the figures are of"`
	Rules     string    `json:"rules" required:"false" maxLength:"2000"`
}

type activitiesBody struct {
	Items []activityBody `json:"items"`
}

func (h handlers) activities(ctx context.Context, actor authz.Actor, in *oneIn) (*activitiesBody, error) {
	list, err := h.s.Activities(ctx, actor, in.ID)
	out := &activitiesBody{Items: make([]activityBody, len(list))}
	for i, x := range list {
		out.Items[i] = activityBody(x)
	}
	return out, err
}

type putActivityIn struct {
	ID   id.ID `path:"id"`
	Body activityBody
}

func (h handlers) putActivity(ctx context.Context, actor authz.Actor, in *putActivityIn) (*madeBody, error) {
	made, err := h.s.PutActivity(ctx, actor, in.ID, Activity(in.Body))
	return &madeBody{made}, err
}

func (h handlers) dropActivity(ctx context.Context, actor authz.Actor, in *itemIn) (*nothing, error) {
	return &nothing{}, h.s.DropActivity(ctx, actor, in.ID, in.Item)
}

// nodeBody is an account, partner or outsider on the linkage map.
type nodeBody struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Kind    string `json:"kind" enum:"account,partner,outside"`
	Unit    string `json:"unit"`
	Gained  *int64 `json:"gained" nullable:"true" doc:"followers gained within seven days after the last mention; null = nobody told"`
	In      int    `json:"in"`
	Out     int    `json:"out"`
	Partner bool   `json:"partner"`
}

// edgeBody is who mentions whom.
type edgeBody struct {
	ID   id.ID    `json:"id" nullable:"true" doc:"null when it comes from a task"`
	From string   `json:"from"`
	To   string   `json:"to"`
	By   string   `json:"by" enum:"post,live,activity,home,external"`
	N    int      `json:"n"`
	Last clock.Ms `json:"last"`
}

type linkageBody struct {
	Nodes []nodeBody `json:"nodes"`
	Edges []edgeBody `json:"edges"`
}

func (h handlers) linkage(ctx context.Context, actor authz.Actor, in *oneIn) (*linkageBody, error) {
	m, err := h.s.Linkage(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &linkageBody{Nodes: make([]nodeBody, len(m.Nodes)), Edges: make([]edgeBody, len(m.Edges))}
	for i, n := range m.Nodes {
		out.Nodes[i] = nodeBody{n.Key, n.Name, n.Kind, n.Unit, n.Gained, n.In, n.Out, n.Kind == "partner"}
	}
	for i, e := range m.Edges {
		out.Edges[i] = edgeBody(e)
	}
	return out, nil
}

type addMentionIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		From    id.ID    `json:"from" required:"false" nullable:"true" doc:"an account, or a partner"`
		Outside string   `json:"outside" required:"false" maxLength:"80" doc:"somebody outside who mentions"`
		To      id.ID    `json:"to" doc:"an account"`
		By      string   `json:"by" enum:"post,live,activity,home,external"`
		Link    string   `json:"link" required:"false" maxLength:"500"`
		At      clock.Ms `json:"at" required:"false" nullable:"true" doc:"null = now"`
	}
}

func (h handlers) addMention(ctx context.Context, actor authz.Actor, in *addMentionIn) (*madeBody, error) {
	b := &in.Body
	made, err := h.s.AddMention(ctx, actor, in.ID, Mention{From: b.From, Outside: b.Outside, To: b.To, By: b.By, Link: b.Link, At: b.At})
	return &madeBody{made}, err
}

func (h handlers) dropMention(ctx context.Context, actor authz.Actor, in *itemIn) (*nothing, error) {
	return &nothing{}, h.s.DropMention(ctx, actor, in.ID, in.Item)
}
