package campaign

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) historyRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/history", Summary: "What happened to a campaign, who did it and why, newest first", Permission: permRead}, h.history)
}

// happeningBody is one change of a campaign.
type happeningBody struct {
	ID      id.ID            `json:"id"`
	At      clock.Ms         `json:"at"`
	By      string           `json:"by"`
	System  bool             `json:"system" doc:"the program did it by itself"`
	What    string           `json:"what" enum:"created,edited,check,submit,withdraw,approve,return,dispatched,redispatch,close,reopen,review,noted,reminded,proofs_pass,proofs_reject,proofs_settle,proofs_deny,partner_saved,partner_dropped,activity_saved,activity_dropped,mention_added,mention_dropped,case_kept"`
	Unit    string           `json:"unit" doc:"path of the unit a note, a reminder or decisions are of; empty for several or all"`
	Version int              `json:"version" doc:"that was dispatched; 0 = not about a dispatch"`
	Parts   []string         `json:"parts" doc:"members of the plan that were changed"`
	Note    string           `json:"note" doc:"why, in the words of who did it"`
	Reason  string           `json:"reason" doc:"slug of why proofs were rejected"`
	Why     string           `json:"why" doc:"the reason in the caller's language"`
	Name    string           `json:"name" doc:"of the partner or activity"`
	Left    string           `json:"left" enum:",read,accept,submit" doc:"what those who were reminded had not done"`
	Verdict string           `json:"verdict" enum:",pass,warn,review,block" doc:"of the rules, with check"`
	Alone   bool             `json:"alone" doc:"approved by who wrote it, because nobody else could"`
	Counts  map[string]int64 `json:"counts" doc:"people, made; recent, no_user; decided"`
}

type historyIn struct {
	web.Paging
	ID id.ID `path:"id"`
}

func (h handlers) history(ctx context.Context, actor authz.Actor, in *historyIn) (*web.Page[happeningBody], error) {
	mark := []any{actor.BrandID, in.ID}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "history", mark, &before); err != nil {
		return nil, err
	}
	list, place, err := h.s.History(ctx, actor, in.ID, before, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]happeningBody, len(list))
	for i := range list {
		items[i] = h.happeningOf(actor, &list[i])
	}
	next := ""
	if place != 0 {
		next = h.cursors.Next("history", mark, place)
	}
	return web.NewPage(items, next), nil
}

func (h handlers) happeningOf(actor authz.Actor, x *Happening) happeningBody {
	t := &x.trace
	b := happeningBody{
		ID: x.ID, At: x.At, By: x.By, System: x.System, What: x.What, Unit: x.Unit, Version: t.Version, Parts: full(t.Parts), Note: t.Note, Reason: t.Reason, Why: h.why(actor, t.Reason),
		Name: t.Name, Left: t.Left, Verdict: t.Verdict, Counts: x.Counts, Alone: t.Alone,
	}
	if t.Text != "" {
		b.Note = t.Text
	}
	if t.People > 0 || t.Made > 0 {
		b.Counts["people"], b.Counts["made"] = t.People, t.Made
	}
	return b
}
