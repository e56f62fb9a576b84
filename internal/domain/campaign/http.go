package campaign

import (
	"context"
	"net/http"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/campaign/audience"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

const (
	rootPath     = "/api/v1/campaign/"
	listPath     = rootPath + "campaigns"
	campaignPath = listPath + "/{id}"
)

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: listPath, Summary: "Campaigns, newest first", Permission: permRead}, h.list)
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: listPath, Summary: "A new draft: empty, a copy, or from a template", Permission: permWrite, Idempotent: true, Status: http.StatusCreated,
	}, h.create)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: rootPath + "templates", Summary: "The templates that come with the program", Permission: permWrite}, h.templates)
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: rootPath + "audience", Summary: "How many an audience holds; writes nothing", Permission: permWrite, Timeout: 20 * time.Second,
	}, h.audience)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath, Summary: "One campaign", Permission: permRead}, h.get)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: campaignPath, Summary: "Write a campaign's plan; after the dispatch this makes a new version, which is sent out by the verb redispatch", Permission: permWrite}, h.put)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: campaignPath, Summary: "Throw a draft away", Permission: permWrite}, h.drop)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: campaignPath + "/turn", Summary: "Move a campaign on", Permission: permWrite, Idempotent: true}, h.turn)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: campaignPath + "/approve", Summary: "Approve and dispatch, or return with a note", Permission: permApprove, Idempotent: true}, h.approve)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/progress", Summary: "How far the dispatch is", Permission: permRead}, h.progress)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: campaignPath + "/versions", Summary: "The versions that were dispatched", Permission: permRead}, h.versions)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: campaignPath + "/note", Summary: "A unit's own note beside headquarters' text; empty takes it away", Permission: permNote}, h.note)
	h.historyRoutes(r)
	h.guardRoutes(r)
	h.boardRoutes(r)
	h.mineRoutes(r)
	h.reviewRoutes(r)
	h.resultRoutes(r)
	h.aroundRoutes(r)
}

// campaignBody is a campaign on the wire.
type campaignBody struct {
	ID         id.ID      `json:"id"`
	UnitID     id.ID      `json:"unit_id"`
	State      State      `json:"state" enum:"draft,checked,approval,dispatching,running,closed,reviewed"`
	Plan       Plan       `json:"plan"`
	Rev        int        `json:"rev"`
	Version    int        `json:"version" doc:"of what was dispatched; 0 before"`
	Changed    bool       `json:"changed" doc:"edited after the dispatch and not yet sent out"`
	Verdict    string     `json:"verdict" doc:"of the rules: pass, warn, review, block, or empty while not checked"`
	Findings   []Finding  `json:"findings"`
	CreatedAt  clock.Ms   `json:"created_at"`
	CreatedBy  string     `json:"created_by"`
	ApprovedBy string     `json:"approved_by"`
	Note       string     `json:"note" doc:"of who returned it"`
	Lessons    string     `json:"lessons"`
	Template   string     `json:"template"`
	Progress   Progress   `json:"progress"`
	ClosedAt   clock.Ms   `json:"closed_at" nullable:"true"`
	Notes      []noteBody `json:"notes" doc:"of units, with the unit's path"`
	Turns      []Verb     `json:"turns" doc:"what the caller may do now: check, submit, withdraw, approve, return, redispatch, close, review, reopen"`
	Editable   bool       `json:"editable"`
	EditedBy   string     `json:"edited_by" doc:"who changed the text last; empty while only its author wrote"`
	Held       string     `json:"held" doc:"why the caller, who approves otherwise, cannot approve this one; empty when they can"`
	Case       id.ID      `json:"case" nullable:"true" doc:"the item of the library that keeps its lessons"`
}

// ETag is the version for edits.
func (b *campaignBody) ETag() string { return web.ETag(revTag(b.Rev)) }

type noteBody struct {
	UnitID id.ID    `json:"unit_id"`
	Unit   string   `json:"unit"`
	Text   string   `json:"text"`
	At     clock.Ms `json:"at"`
	By     string   `json:"by"`
}

// rowBody is a campaign in a list.
type rowBody struct {
	ID        id.ID          `json:"id"`
	Title     string         `json:"title"`
	Topic     string         `json:"topic"`
	State     State          `json:"state" enum:"draft,checked,approval,dispatching,running,closed,reviewed"`
	Mode      Mode           `json:"mode" enum:",spread,burst"`
	Unit      string         `json:"unit" doc:"path; empty for the whole brand"`
	StartsAt  clock.Ms       `json:"starts_at" nullable:"true"`
	EndsAt    clock.Ms       `json:"ends_at" nullable:"true"`
	Platforms []string       `json:"platforms"`
	Tasks     int            `json:"tasks"`
	CreatedAt clock.Ms       `json:"created_at"`
	CreatedBy string         `json:"created_by"`
	Counts    map[Step]int64 `json:"counts" doc:"assignments of the caller's units by state"`
	Read      int64          `json:"read" doc:"assignments that were read"`
}

type listIn struct {
	web.Paging
	State State  `query:"state" enum:"draft,checked,approval,dispatching,running,closed,reviewed"`
	Query string `query:"q" maxLength:"60" doc:"part of the title or topic"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[rowBody], error) {
	mark := []any{actor.BrandID, in.State, in.Query}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "id", mark, &before); err != nil {
		return nil, err
	}
	rows, err := h.s.List(ctx, actor, ListFilter{in.State, in.Query, before, in.Limit + 1})
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]rowBody, len(rows))
	for i := range rows {
		items[i] = rowOf(&rows[i])
	}
	next := ""
	if more {
		next = h.cursors.Next("id", mark, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

type createIn struct {
	Body struct {
		Title    string `json:"title" maxLength:"80"`
		From     id.ID  `json:"from" required:"false" nullable:"true" doc:"a campaign to copy"`
		Template string `json:"template" required:"false" maxLength:"40" doc:"key of a template"`
		Unit     string `json:"unit" required:"false" maxLength:"500" doc:"id or path of the unit it belongs to; empty for the caller's own"`
	}
}

type madeBody struct {
	ID id.ID `json:"id"`
}

func (h handlers) create(ctx context.Context, actor authz.Actor, in *createIn) (*madeBody, error) {
	b := &in.Body
	made, err := h.s.Create(ctx, actor, NewCampaign{b.Title, b.From, b.Template, b.Unit})
	return &madeBody{made}, err
}

// templateBody is a shipped template, its texts in the caller's language.
type templateBody struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	About string `json:"about"`
	Plan  Plan   `json:"plan"`
}

type templatesBody struct {
	Items []templateBody `json:"items"`
}

func (h handlers) templates(_ context.Context, actor authz.Actor, _ *nothing) (*templatesBody, error) {
	out := &templatesBody{}
	for _, t := range Templates(actor.Lang) {
		out.Items = append(out.Items, templateBody(t))
	}
	return out, nil
}

type audienceIn struct {
	Body struct {
		Filter audience.Filter `json:"filter"`
		Unit   string          `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty for the caller's whole scope"`
	}
}

func (h handlers) audience(ctx context.Context, actor authz.Actor, in *audienceIn) (*audience.Count, error) {
	n, err := h.s.CountAudience(ctx, actor, in.Body.Filter, in.Body.Unit)
	return &n, err
}

type oneIn struct {
	ID id.ID `path:"id"`
}

type nothing struct{}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *oneIn) (*campaignBody, error) {
	v, err := h.s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return h.bodyOf(v, actor), nil
}

type putIn struct {
	ID      id.ID  `path:"id"`
	IfMatch string `header:"If-Match" doc:"ETag of the campaign that was edited"`
	Body    Plan
}

func (h handlers) put(ctx context.Context, actor authz.Actor, in *putIn) (*campaignBody, error) {
	v, err := h.s.Write(ctx, actor, in.ID, in.IfMatch, in.Body)
	if err != nil {
		return nil, err
	}
	return h.bodyOf(v, actor), nil
}

func (h handlers) drop(ctx context.Context, actor authz.Actor, in *oneIn) (*nothing, error) {
	return &nothing{}, h.s.Drop(ctx, actor, in.ID)
}

type turnIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Verb    Verb   `json:"verb" enum:"check,submit,withdraw,redispatch,close,review,reopen"`
		Lessons string `json:"lessons" required:"false" maxLength:"4000" doc:"with review: what was learned"`
	}
}

func (h handlers) turn(ctx context.Context, actor authz.Actor, in *turnIn) (*campaignBody, error) {
	v, err := h.s.Turn(ctx, actor, in.ID, in.Body.Verb, in.Body.Lessons)
	if err != nil {
		return nil, err
	}
	return h.bodyOf(v, actor), nil
}

type approveIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Verb Verb   `json:"verb" enum:"approve,return"`
		Note string `json:"note" required:"false" maxLength:"500" doc:"with return: why"`
		Rev  int    `json:"rev" doc:"of the campaign that was read: what was changed meanwhile is not approved"`
	}
}

func (h handlers) approve(ctx context.Context, actor authz.Actor, in *approveIn) (*campaignBody, error) {
	v, err := h.s.Decide(ctx, actor, in.ID, in.Body.Verb, in.Body.Rev, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return h.bodyOf(v, actor), nil
}

type progressBody struct {
	State    State    `json:"state" enum:"draft,checked,approval,dispatching,running,closed,reviewed"`
	Progress Progress `json:"progress"`
}

func (h handlers) progress(ctx context.Context, actor authz.Actor, in *oneIn) (*progressBody, error) {
	st, p, err := h.s.Progress(ctx, actor, in.ID)
	return &progressBody{st, p}, err
}

type versionBody struct {
	Version int      `json:"version"`
	Plan    Plan     `json:"plan"`
	At      clock.Ms `json:"at"`
	By      string   `json:"by"`
	Changed []string `json:"changed" doc:"parts of the plan that differ from the version before"`
}

type versionsBody struct {
	Items []versionBody `json:"items"`
}

func (h handlers) versions(ctx context.Context, actor authz.Actor, in *oneIn) (*versionsBody, error) {
	list, err := h.s.Versions(ctx, actor, in.ID)
	out := &versionsBody{Items: make([]versionBody, len(list))}
	for i, v := range list {
		out.Items[i] = versionBody(v)
	}
	return out, err
}

type noteIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Unit string `json:"unit" maxLength:"500" doc:"id or path"`
		Text string `json:"text" required:"false" maxLength:"500"`
	}
}

func (h handlers) note(ctx context.Context, actor authz.Actor, in *noteIn) (*nothing, error) {
	return &nothing{}, h.s.SetNote(ctx, actor, in.ID, in.Body.Unit, in.Body.Text)
}
