package todo

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   Texts
	cursors *web.Cursors
}

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/todo/items", Summary: "To-dos: open ones by due day, or closed ones", Permission: permRead}, h.list)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/todo/summary", Summary: "How much is open for the caller", Permission: permRead}, h.summary)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/todo/items", Summary: "Write a to-do by hand", Permission: permManage, Status: 201}, h.add)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/todo/done", Summary: "Mark to-dos as done", Permission: permRead}, h.turn(Done))
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/todo/dismiss", Summary: "Dismiss to-dos with a reason", Permission: permRead}, h.turn(Dismissed))
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/todo/reopen", Summary: "Undo: open closed to-dos again", Permission: permRead}, h.turn(Open))
}

type none struct{}

type listIn struct {
	web.Paging
	Box    Box       `query:"box" enum:"mine,units" default:"mine" doc:"the caller's own, or those of the units the caller manages"`
	State  string    `query:"state" enum:"open,closed" default:"open"`
	Unit   string    `query:"unit" maxLength:"500" doc:"id or path; with box=units"`
	Member id.ID     `query:"member"`
	Room   string    `query:"room" maxLength:"20" doc:"the room that asked"`
	Due    clock.Day `query:"due" doc:"due on or before"`
}

// ItemBody is a to-do as its reader sees it.
type ItemBody struct {
	ID         id.ID     `json:"id"`
	Kind       string    `json:"kind"`
	Title      string    `json:"title"`
	Why        string    `json:"why" doc:"what it is good for and how it is done, or empty"`
	Platform   string    `json:"platform" doc:"the platform in whose app it is done, or empty"`
	Link       string    `json:"link" doc:"path of the page where it is done, or empty"`
	Locked     bool      `json:"locked" doc:"it closes by itself once the work on that page is done, never by hand"`
	ObjectID   id.ID     `json:"object_id"`
	UnitID     id.ID     `json:"unit_id"`
	UnitName   string    `json:"unit_name"`
	MemberID   id.ID     `json:"member_id"`
	MemberName string    `json:"member_name"`
	Audience   Audience  `json:"audience" enum:"owner,manager,region,hq"`
	Due        clock.Day `json:"due"`
	Overdue    bool      `json:"overdue"`
	State      State     `json:"state" enum:"open,done,dismissed,expired"`
	Outcome    string    `json:"outcome"`
	Note       string    `json:"note"`
	CreatedAt  clock.Ms  `json:"created_at"`
	CreatedBy  string    `json:"created_by"`
	ClosedAt   clock.Ms  `json:"closed_at"`
	ClosedBy   string    `json:"closed_by"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[ItemBody], error) {
	f := Filter{Box: in.Box, Closed: in.State == "closed", Unit: in.Unit, Member: in.Member, Room: in.Room, Due: in.Due, Limit: in.Limit + 1}
	mark := []any{actor.BrandID, actor.UserID, in.Box, in.Unit, in.Member, in.Room, in.Due}
	if _, err := h.cursors.Read(in.Cursor, in.State, mark, &f.After.Key, &f.After.ID); err != nil {
		return nil, err
	}
	items, err := h.s.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	items, more := web.Cut(items, in.Limit)
	bodies, err := h.bodies(ctx, actor, items)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		end := items[len(items)-1]
		key := int64(end.DueDay)
		if f.Closed {
			key = int64(end.ClosedAt)
		}
		next = h.cursors.Next(in.State, mark, key, end.ID)
	}
	return web.NewPage(bodies, next), nil
}

func (h handlers) bodies(ctx context.Context, actor authz.Actor, items []Item) ([]ItemBody, error) {
	var units, members []id.ID
	for _, it := range items {
		units, members = append(units, it.UnitID), append(members, it.MemberID)
	}
	names, err := h.s.People.NamesOf(ctx, h.s.DB, actor.BrandID, distinct(units), distinct(members))
	if err != nil {
		return nil, err
	}
	today, lang := h.s.today(actor), i18n.Match(actor.Lang)
	out := make([]ItemBody, 0, len(items))
	for _, it := range items {
		params := map[string]any{}
		_ = json.Unmarshal([]byte(it.Params), &params) // written by us; a text without parameters shows "?"
		b := ItemBody{
			ID: it.ID, Kind: it.Kind, Title: h.texts.Text(lang, it.Slug, params), Link: it.Link, Locked: h.s.Locked(it.Kind), ObjectID: it.Object,
			UnitID: it.UnitID, UnitName: names[it.UnitID], MemberID: it.MemberID, MemberName: names[it.MemberID], Audience: it.Audience,
			Due: it.DueDay, Overdue: it.State == Open && it.DueDay < today, State: it.State, Outcome: it.Outcome, Note: it.Note,
			CreatedAt: it.CreatedAt, CreatedBy: it.CreatedBy, ClosedAt: it.ClosedAt, ClosedBy: it.ClosedBy,
		}
		b.Platform, _ = params["platform"].(string)
		params["by"] = it.CreatedBy
		if why := it.Slug + "_why"; h.texts.Has(why) {
			b.Why = h.texts.Text(lang, why, params)
		}
		out = append(out, b)
	}
	return out, nil
}

func distinct(ids []id.ID) []id.ID {
	seen := map[id.ID]bool{0: true}
	out := []id.ID{}
	for _, x := range ids {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

func (h handlers) summary(ctx context.Context, actor authz.Actor, _ *none) (*Summary, error) {
	s, err := h.s.Summary(ctx, actor)
	return &s, err
}

type addIn struct {
	Body struct {
		Title    string    `json:"title" maxLength:"200"`
		UnitID   id.ID     `json:"unit_id"`
		MemberID id.ID     `json:"member_id,omitempty"`
		Audience Audience  `json:"audience,omitempty" enum:"manager,region,hq"`
		Due      clock.Day `json:"due,omitempty"`
		Link     string    `json:"link,omitempty" maxLength:"300"`
	}
}

type madeBody struct {
	ID id.ID `json:"id"`
}

func (h handlers) add(ctx context.Context, actor authz.Actor, in *addIn) (*madeBody, error) {
	made, err := h.s.Add(ctx, actor, Draft{
		UnitID: in.Body.UnitID, MemberID: in.Body.MemberID, Audience: in.Body.Audience,
		DueDay: in.Body.Due, Link: in.Body.Link,
	}, in.Body.Title)
	return &madeBody{made}, err
}

type turnIn struct {
	Body struct {
		IDs  []id.ID `json:"ids" minItems:"1" maxItems:"200"`
		Note string  `json:"note,omitempty" maxLength:"500"`
	}
}

func (h handlers) turn(verb State) func(context.Context, authz.Actor, *turnIn) (*none, error) {
	return func(ctx context.Context, actor authz.Actor, in *turnIn) (*none, error) {
		return nil, h.s.Turn(ctx, actor, in.Body.IDs, verb, in.Body.Note)
	}
}
