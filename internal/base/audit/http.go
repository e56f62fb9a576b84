package audit

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

//go:embed i18n/*.json
var messages embed.FS

// Messages are the texts of the slugs "audit.…".
func Messages() fs.FS { return messages }

// Permissions guard the trail.
func Permissions() []authz.Permission {
	return []authz.Permission{{Key: "audit.read", Roles: []authz.Role{authz.Compliance, authz.Auditor}}}
}

// Routes shows the trail.
func Routes(l *Log) func(*web.Router) {
	return func(r *web.Router) {
		web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/audit/entries", Summary: "Who did what, newest first", Permission: "audit.read"},
			handlers{l, r.Cursors()}.entries)
	}
}

type handlers struct {
	l       *Log
	cursors *web.Cursors
}

type entriesIn struct {
	web.Paging
	Action string    `query:"action" maxLength:"80" doc:"one action, or a room's with a dot at the end: account."`
	Actor  id.ID     `query:"actor"`
	Object id.ID     `query:"object"`
	From   clock.Day `query:"from"`
	To     clock.Day `query:"to" doc:"this day included"`
}

// EntryBody is an entry as its reader sees it.
type EntryBody struct {
	ID         id.ID            `json:"id"`
	At         clock.Ms         `json:"at"`
	ActorKind  authz.Kind       `json:"actor_kind" enum:"user,token,system"`
	ActorName  string           `json:"actor_name"`
	ActorID    id.ID            `json:"actor_id"`
	Action     string           `json:"action"`
	UnitID     id.ID            `json:"unit_id"`
	ObjectKind string           `json:"object_kind"`
	ObjectID   id.ID            `json:"object_id"`
	ObjectName string           `json:"object_name"`
	Counts     map[string]int64 `json:"counts"`
	Before     json.RawMessage  `json:"before" nullable:"true"`
	After      json.RawMessage  `json:"after" nullable:"true"`
}

func (h handlers) entries(ctx context.Context, actor authz.Actor, in *entriesIn) (*web.Page[EntryBody], error) {
	if _, all := actor.Roots("audit.read"); !all { // entries name people and objects of the whole brand
		return nil, errs.New(errs.Forbidden, "audit.whole_brand")
	}
	filter := []any{actor.BrandID, in.Action, in.Actor, in.Object, in.From, in.To}
	f := Filter{Action: in.Action, ActorID: in.Actor, Object: in.Object, Limit: in.Limit + 1}
	if _, err := h.cursors.Read(in.Cursor, "id", filter, &f.Before); err != nil {
		return nil, err
	}
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	if in.From != 0 {
		f.From = clock.MsOf(in.From.In(zone))
	}
	if in.To != 0 {
		f.To = clock.MsOf(in.To.Add(1).In(zone))
	}
	rows, err := h.l.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]EntryBody, 0, len(rows))
	for _, r := range rows {
		items = append(items, bodyOf(r))
	}
	next := ""
	if more {
		next = h.cursors.Next("id", filter, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

func bodyOf(r Row) EntryBody {
	b := EntryBody{
		ID: r.ID, At: r.At, ActorKind: r.ActorKind, ActorName: r.ActorName, ActorID: r.ActorID, Action: r.Action,
		UnitID: r.UnitID, ObjectKind: r.ObjectKind, ObjectID: r.ObjectID, ObjectName: r.ObjectName,
		Counts: map[string]int64{}, Before: raw(r.Before), After: raw(r.After),
	}
	_ = json.Unmarshal([]byte(r.Counts), &b.Counts) // written by Write
	return b
}

func raw(s *string) json.RawMessage {
	if s == nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(*s)
}
