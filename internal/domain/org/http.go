package org

import (
	"context"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// routes declares the room's part of the API; the handlers of members and of the guide lie in files of their own.
func routes(r *web.Router, s *Service) {
	h := handlers{s: s, cursors: r.Cursors()}
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/units", Summary: "The tree, level by level: whole, below a unit, or found by name, pinyin or path", Permission: "org.read"}, h.units)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/units", Summary: "Add a unit", Permission: "org.write", Status: 201}, h.createUnit)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/units/{id}", Summary: "One unit with its parents, counts and planned move", Permission: "org.read"}, h.unit)
	web.Handle(r, web.Route{Method: "PATCH", Path: "/api/v1/org/units/{id}", Summary: "Rename or edit a unit", Permission: "org.write"}, h.editUnit)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/units/{id}/move", Summary: "Hang a subtree under another unit, today, later, or earlier with a re-roll", Permission: "org.write"}, h.moveUnit)
	web.Handle(r, web.Route{Method: "DELETE", Path: "/api/v1/org/units/{id}/move", Summary: "Take a planned move back", Permission: "org.write"}, h.cancelMove)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/units/{id}/merge", Summary: "Move everything of a unit into another one and close it", Permission: "org.write"}, h.mergeUnit)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/units/{id}/close", Summary: "Close an empty unit, or empty it into another one first", Permission: "org.write"}, h.closeUnit)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/org/units/{id}/reopen", Summary: "Open a closed unit again", Permission: "org.write"}, h.reopenUnit)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/units/{id}/history", Summary: "What happened to a unit, newest first", Permission: "org.read"}, h.unitHistory)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/org/unit-labels", Summary: "Labels of units in use", Permission: "org.read"}, h.unitLabels)
	memberRoutes(r, h)
	fitRoutes(r, h)
}

type handlers struct {
	s       *Service
	cursors *web.Cursors
}

// UnitBody is a unit whose version is its ETag.
type UnitBody struct{ Unit }

// ETag is the unit's version.
func (u UnitBody) ETag() string { return versionTag(u.Version) }

// UnitViewBody is a unit's page; its ETag is the unit's version.
type UnitViewBody struct{ UnitView }

func versionTag(v int64) string { return web.ETag(strconv.FormatInt(v, 10)) }

func unitBody(u Unit, err error) (*UnitBody, error) {
	if err != nil {
		return nil, err
	}
	return &UnitBody{u}, nil
}

type unitsIn struct {
	Unit   string `query:"unit" maxLength:"600" doc:"id or path of the top; empty: everything you may see"`
	Parent id.ID  `query:"parent" doc:"direct children of this unit only"`
	Q      string `query:"q" maxLength:"60" doc:"name, pinyin, initials, path or number; all words"`
	Status Status `query:"status" enum:"open,closed,all" default:"open"`
	Kind   Kind   `query:"kind" enum:"brand,business_line,region,city,dealer,agent,store,team"`
	Tag    string `query:"tag" maxLength:"20"`
	Limit  int    `query:"limit" minimum:"1" maximum:"5000" default:"5000"`
	Cursor string `query:"cursor" maxLength:"2048"`
}

func (h handlers) units(ctx context.Context, actor authz.Actor, in *unitsIn) (*web.Page[Unit], error) {
	f := UnitFilter{Unit: in.Unit, Parent: in.Parent, Query: in.Q, Status: in.Status, Kind: in.Kind, Tag: in.Tag, Limit: in.Limit}
	if f.Status == "all" {
		f.Status = ""
	}
	filter := []any{actor.BrandID, actor.UserID, in.Unit, in.Parent, in.Q, in.Status, in.Kind, in.Tag}
	if _, err := h.cursors.Read(in.Cursor, "tree", filter, &f.After); err != nil {
		return nil, err
	}
	units, more, err := h.s.Units(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		last := units[len(units)-1]
		next = h.cursors.Next("tree", filter, UnitPlace{last.Depth, last.NameKey, last.ID})
	}
	return web.NewPage(units, next), nil
}

type createUnitIn struct {
	Body struct {
		ParentID  id.ID     `json:"parent_id"`
		Kind      Kind      `json:"kind" enum:"business_line,region,city,dealer,agent,store,team"`
		Name      string    `json:"name" minLength:"1" maxLength:"60"`
		City      string    `json:"city,omitempty" maxLength:"6"`
		StoreType string    `json:"store_type,omitempty"`
		Code      string    `json:"code,omitempty"`
		Tags      []string  `json:"tags,omitempty" nullable:"true"`
		OpenedDay clock.Day `json:"opened_day,omitempty" nullable:"true"`
	}
}

func (h handlers) createUnit(ctx context.Context, actor authz.Actor, in *createUnitIn) (*UnitBody, error) {
	b := in.Body
	return unitBody(h.s.CreateUnit(ctx, actor, NewUnit{
		ParentID: b.ParentID, Kind: b.Kind, Name: b.Name, City: b.City, StoreType: b.StoreType,
		Code: b.Code, Tags: b.Tags, OpenedDay: b.OpenedDay,
	}))
}

type unitIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) unit(ctx context.Context, actor authz.Actor, in *unitIn) (*UnitViewBody, error) {
	v, err := h.s.Unit(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &UnitViewBody{v}, nil
}

type editUnitIn struct {
	ID      id.ID  `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name      *string    `json:"name,omitempty" maxLength:"60"`
		Kind      *Kind      `json:"kind,omitempty" enum:"business_line,region,city,dealer,agent,store,team"`
		City      *string    `json:"city,omitempty" maxLength:"6"`
		StoreType *string    `json:"store_type,omitempty"`
		Code      *string    `json:"code,omitempty"`
		Tags      *[]string  `json:"tags,omitempty"`
		OpenedDay *clock.Day `json:"opened_day,omitempty"`
	}
}

func (h handlers) editUnit(ctx context.Context, actor authz.Actor, in *editUnitIn) (*UnitBody, error) {
	version, err := versionOf(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return unitBody(h.s.UpdateUnit(ctx, actor, EditUnit{
		ID: in.ID, Version: version, Name: b.Name, Kind: b.Kind, City: b.City, StoreType: b.StoreType,
		Code: b.Code, Tags: b.Tags, OpenedDay: b.OpenedDay,
	}))
}

// versionOf reads the version an editor saw from If-Match; 0 when he does not say.
func versionOf(ifMatch string) (int64, error) {
	if ifMatch == "" || ifMatch == "*" {
		return 0, nil
	}
	s, err := strconv.Unquote(ifMatch)
	if err != nil {
		s = ifMatch
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, web.CheckMatch(ifMatch, "")
	}
	return n, nil
}

type moveUnitIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		ParentID id.ID     `json:"parent_id"`
		Day      clock.Day `json:"day,omitempty" nullable:"true" doc:"first day in the new place; today when missing"`
		Reroll   bool      `json:"reroll,omitempty" doc:"a day in the past: add up the figures since then again"`
		Why      string    `json:"why,omitempty" maxLength:"500"`
	}
}

func (h handlers) moveUnit(ctx context.Context, actor authz.Actor, in *moveUnitIn) (*Move, error) {
	b := in.Body
	m, err := h.s.Move(ctx, actor, MoveUnit{ID: in.ID, ParentID: b.ParentID, Day: b.Day, Reroll: b.Reroll, Why: b.Why})
	return &m, err
}

func (h handlers) cancelMove(ctx context.Context, actor authz.Actor, in *unitIn) (*struct{}, error) {
	return nil, h.s.CancelMove(ctx, actor, in.ID)
}

type mergeUnitIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Into id.ID  `json:"into"`
		Why  string `json:"why,omitempty" maxLength:"500"`
	}
}

func (h handlers) mergeUnit(ctx context.Context, actor authz.Actor, in *mergeUnitIn) (*UnitBody, error) {
	return unitBody(h.s.Merge(ctx, actor, CloseUnit{ID: in.ID, Into: in.Body.Into, Why: in.Body.Why}))
}

type closeUnitIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Into id.ID  `json:"into,omitempty" nullable:"true"`
		Why  string `json:"why,omitempty" maxLength:"500"`
	} `required:"false"`
}

func (h handlers) closeUnit(ctx context.Context, actor authz.Actor, in *closeUnitIn) (*UnitBody, error) {
	return unitBody(h.s.Close(ctx, actor, CloseUnit{ID: in.ID, Into: in.Body.Into, Why: in.Body.Why}))
}

func (h handlers) reopenUnit(ctx context.Context, actor authz.Actor, in *unitIn) (*UnitBody, error) {
	return unitBody(h.s.Reopen(ctx, actor, in.ID))
}

type historyIn struct {
	web.Paging
	ID id.ID `path:"id"`
}

func (h handlers) unitHistory(ctx context.Context, actor authz.Actor, in *historyIn) (*web.Page[Entry], error) {
	return h.history(ctx, actor, in, "unit", h.s.UnitHistory)
}

// history pages through a timeline.
func (h handlers) history(ctx context.Context, actor authz.Actor, in *historyIn, of string,
	read func(context.Context, authz.Actor, id.ID, id.ID, int) ([]Entry, error),
) (*web.Page[Entry], error) {
	var before id.ID
	filter := []any{actor.BrandID, of, in.ID}
	if _, err := h.cursors.Read(in.Cursor, "history", filter, &before); err != nil {
		return nil, err
	}
	entries, err := read(ctx, actor, in.ID, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	entries, more := web.Cut(entries, in.Limit)
	next := ""
	if more {
		next = h.cursors.Next("history", filter, entries[len(entries)-1].ID)
	}
	return web.NewPage(entries, next), nil
}

type labelsIn struct{}

func (h handlers) unitLabels(ctx context.Context, actor authz.Actor, _ *labelsIn) (*web.Page[Label], error) {
	labels, err := h.s.UnitLabels(ctx, actor)
	return web.NewPage(labels, ""), err
}
