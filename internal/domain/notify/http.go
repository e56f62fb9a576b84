package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const pingEvery = 25 * time.Second

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	const read = permRead
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/notify/unread", Summary: "How many notices are unread", Permission: read}, h.unread)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/notify/notices", Summary: "Own notices, newest first", Permission: read}, h.list)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/notify/read", Summary: "Mark notices as read", Permission: read}, h.read)
	web.HandleRaw(r, web.Route{
		Method: "GET", Path: "/api/v1/notify/stream", Summary: "Event stream: notice, todo, job",
		Permission: read, Produces: "text/event-stream",
	}, h.stream)
	h.preferRoutes(r)
	h.settingRoutes(r)
	h.robotRoutes(r)
	h.logRoutes(r)
}

type none struct{}

type unreadBody struct {
	Unread int `json:"unread" doc:"stops at 100"`
}

func (h handlers) unread(ctx context.Context, actor authz.Actor, _ *none) (*unreadBody, error) {
	n, err := h.s.Unread(ctx, actor)
	return &unreadBody{n}, err
}

type listIn struct {
	web.Paging
	Unread bool `query:"unread" doc:"unread ones only"`
}

// NoticeBody is a notice as its reader sees it.
type NoticeBody struct {
	ID     id.ID    `json:"id"`
	Kind   string   `json:"kind"`
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	Link   string   `json:"link" doc:"path of the page to open, or empty"`
	At     clock.Ms `json:"at"`
	Read   bool     `json:"read"`
	Folded int      `json:"folded" doc:"how many more of the kind were folded into this one"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[NoticeBody], error) {
	var due clock.Ms
	var last id.ID
	filter := []any{actor.BrandID, actor.UserID, in.Unread}
	if _, err := h.cursors.Read(in.Cursor, "due", filter, &due, &last); err != nil {
		return nil, err
	}
	rows, err := h.s.List(ctx, actor, in.Unread, due, last, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]NoticeBody, 0, len(rows))
	for _, r := range rows {
		items = append(items, h.body(actor, r))
	}
	next := ""
	if more {
		end := rows[len(rows)-1]
		next = h.cursors.Next("due", filter, end.Due, end.ID)
	}
	return web.NewPage(items, next), nil
}

func (h handlers) body(actor authz.Actor, r Row) NoticeBody {
	params := map[string]any{}
	_ = json.Unmarshal([]byte(r.Params), &params) // written by us; a text without parameters shows "?"
	lang := i18n.Match(actor.Lang)
	b := NoticeBody{
		ID: r.ID, Kind: r.Kind, Link: r.Link, At: r.Due, Read: r.ReadAt != 0, Folded: r.Folded,
		Title: h.texts.Text(lang, slug(r.Kind, ""), params), Body: h.texts.Text(lang, slug(r.Kind, "_body"), params),
	}
	if r.Folded > 0 {
		b.Body += " " + h.texts.Text(lang, "notify.folded", map[string]any{"n": r.Folded})
	}
	return b
}

type readIn struct {
	Body struct {
		IDs []id.ID `json:"ids,omitempty" maxItems:"200" doc:"none: all"`
	}
}

func (h handlers) read(ctx context.Context, actor authz.Actor, in *readIn) (*none, error) {
	return nil, h.s.Read(ctx, actor, in.Body.IDs)
}

type signal struct {
	Unread int `json:"unread,omitempty"`
}

func (h handlers) stream(ctx context.Context, actor authz.Actor, _ *none, w http.ResponseWriter, _ *http.Request) error {
	open, err := h.s.hub.Open(actor.BrandID, actor.UserID)
	if err != nil {
		return err
	}
	defer h.s.hub.Close(open)
	events, err := web.NewEvents(w)
	if err != nil {
		return nil
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ping.C:
			err = events.Ping()
		case topic := <-open.C:
			var data signal
			if topic == TopicNotice {
				if data.Unread, err = h.s.Unread(ctx, actor); err != nil {
					return nil
				}
			}
			err = events.Send(topic, data)
		}
		if err != nil {
			return nil
		}
	}
}
