package notify

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) logRoutes(r *web.Router) {
	const path = "/api/v1/notify/deliveries"
	web.Handle(r, web.Route{Method: "GET", Path: path, Summary: "What was sent where, newest first", Permission: permLog}, h.log)
	web.Handle(r, web.Route{Method: "GET", Path: path + "/count", Summary: "Deliveries of the last seven days by channel and state", Permission: permLog}, h.count)
	web.Handle(r, web.Route{Method: "POST", Path: path + "/again", Summary: "Send failed, skipped or unknown deliveries again", Permission: permRobots}, h.again)
}

type logIn struct {
	web.Paging
	Channel Channel `query:"channel" enum:"mail,sms,robot"`
	State   State   `query:"state" enum:"queued,sending,sent,failed,skipped,unknown"`
	Kind    string  `query:"kind" maxLength:"80"`
	Target  id.ID   `query:"target" doc:"a person or robot"`
	Unit    string  `query:"unit" maxLength:"500" doc:"id or path"`
}

// DeliveryBody is a line of the log. Addresses are never in it.
type DeliveryBody struct {
	ID       id.ID    `json:"id"`
	Channel  Channel  `json:"channel" enum:"mail,sms,robot"`
	Kind     string   `json:"kind"`
	KindName string   `json:"kind_name"`
	TargetID id.ID    `json:"target_id"`
	Target   string   `json:"target" doc:"name of the person or robot"`
	UnitID   id.ID    `json:"unit_id"`
	People   int      `json:"people" doc:"told by a robot at once"`
	Mode     Mode     `json:"mode" enum:"instant,daily,weekly,off"`
	State    State    `json:"state" enum:"queued,sending,sent,failed,skipped,unknown"`
	Words    string   `json:"words" doc:"why it stands there; empty when there is nothing to say"`
	Detail   string   `json:"detail" doc:"what the other side said"`
	Tries    int      `json:"tries"`
	Due      clock.Ms `json:"due" doc:"when it goes out, or would have"`
	Created  clock.Ms `json:"created_at"`
	Done     clock.Ms `json:"done_at"`
}

func (h handlers) log(ctx context.Context, actor authz.Actor, in *logIn) (*web.Page[DeliveryBody], error) {
	mark := []any{actor.BrandID, in.Channel, in.State, in.Kind, in.Target, in.Unit}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "id", mark, &before); err != nil {
		return nil, err
	}
	rows, err := h.s.Log(ctx, actor, LogFilter{in.Channel, in.State, in.Kind, in.Target, in.Unit, before, in.Limit + 1})
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	lang := i18n.Match(actor.Lang)
	items := make([]DeliveryBody, len(rows))
	for i, r := range rows {
		words := ""
		if r.Reason != "" {
			words = h.s.word(lang, "why_"+r.Reason)
		}
		items[i] = DeliveryBody{
			r.ID, r.Channel, r.Kind, h.texts.Text(lang, slug(r.Kind, "_name"), nil), r.TargetID, r.Name, r.UnitID, r.People, r.Mode, r.State, words, r.Detail,
			r.Tries, r.Due, r.Created, r.Done,
		}
	}
	next := ""
	if more {
		next = h.cursors.Next("id", mark, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

type countIn struct {
	Unit string `query:"unit" maxLength:"500" doc:"id or path"`
}

// CountBody is how many deliveries of a channel are in a state.
type CountBody struct {
	Channel Channel `json:"channel"`
	State   State   `json:"state"`
	N       int64   `json:"n"`
}

func (h handlers) count(ctx context.Context, actor authz.Actor, in *countIn) (*web.Page[CountBody], error) {
	rows, err := h.s.LogCounts(ctx, actor, in.Unit)
	out := make([]CountBody, len(rows))
	for i, r := range rows {
		out[i] = CountBody(r)
	}
	return web.NewPage(out, ""), err
}

type againIn struct {
	Body struct {
		IDs []id.ID `json:"ids" minItems:"1" maxItems:"200"`
	}
}

type againBody struct {
	Queued int64 `json:"queued"`
}

func (h handlers) again(ctx context.Context, actor authz.Actor, in *againIn) (*againBody, error) {
	n, err := h.s.Again(ctx, actor, in.Body.IDs)
	return &againBody{n}, err
}
