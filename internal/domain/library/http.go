package library

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

const (
	base      = "/api/v1/library"
	itemsPath = base + "/items"
	itemPath  = itemsPath + "/{id}"
)

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemsPath, Summary: "Items: all of the caller's units, live ones of the units above; with q the best 200 by relevance", Permission: permUse}, h.list)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemsPath, Summary: "Make an item; it is a draft", Permission: permWrite, Idempotent: true, Status: http.StatusCreated, MaxBody: maxItemBody}, h.create)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemPath, Summary: "One item with what it says", Permission: permUse}, h.get)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: itemPath, Summary: "Edit an item; a changed title or content makes a new version", Permission: permWrite, MaxBody: maxItemBody}, h.save)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemPath + "/versions", Summary: "What an item said, newest first", Permission: permRead}, h.versions)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemPath + "/shown-in", Summary: "Items that show an asset", Permission: permRead}, h.shownIn)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemPath + "/results", Summary: "Uses, what their posts brought, and who adapted it best", Permission: permRead}, h.results)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/submit", Summary: "Ask for approval", Permission: permWrite}, h.turn(Submit))
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/approve", Summary: "Make the newest version live", Permission: permApprove}, h.turn(Approve))
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/return", Summary: "Give an item back to its author, with a note", Permission: permApprove}, h.turn(Return))
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/retire", Summary: "Take an item out of use, with a note", Permission: permApprove}, h.turn(Retire))
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/restore", Summary: "Make an item a draft again", Permission: permApprove}, h.turn(Restore))
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/take-back", Summary: "Take an item out of use and recall its words wherever they stand", Permission: permApprove}, h.takeBack)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: itemPath + "/take", Summary: "Get an item for oneself: the own text and the files", Permission: permUse}, h.take)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemPath + "/own", Summary: "What the caller took: the own text and the files once more", Permission: permUse}, h.own)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "/accounts", Summary: "The caller's own accounts, for texts", Permission: permUse}, h.accounts)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: base + "/preview", Summary: "Weigh a text and show some of its fillings; writes nothing", Permission: permWrite, MaxBody: maxItemBody}, h.preview)
	h.fileRoutes(r)
	h.folderRoutes(r)
	h.proposalRoutes(r)
	h.settingRoutes(r)
	h.pillarRoutes(r)
	h.talkRoutes(r)
}

// maxItemBody holds a text of 20,000 bytes with shots.
const maxItemBody = 1 << 20

// itemBody is an item on the wire; content, files and findings come with one item only.
type itemBody struct {
	ID           id.ID      `json:"id"`
	Kind         Kind       `json:"kind" enum:"asset,template,script,rundown,talk,idea,case"`
	UnitID       id.ID      `json:"unit_id"`
	FolderID     id.ID      `json:"folder_id" nullable:"true"`
	Title        string     `json:"title"`
	Summary      string     `json:"summary"`
	Tags         []string   `json:"tags"`
	ProductID    id.ID      `json:"product_id" nullable:"true"`
	Product      string     `json:"product"`
	PillarID     id.ID      `json:"pillar_id" nullable:"true"`
	State        State      `json:"state" enum:"draft,checked,approved,out" doc:"of the newest version"`
	Version      int        `json:"version"`
	Live         int        `json:"live" doc:"the version that is handed out; 0 none"`
	Rev          int        `json:"rev" doc:"send it back with an edit"`
	Verdict      Grade      `json:"verdict" doc:"pass, warn, review or block"`
	Usable       bool       `json:"usable" doc:"may be handed out today"`
	Why          string     `json:"why" doc:"slug of why not"`
	Expires      clock.Day  `json:"expires" nullable:"true"`
	PlanDay      clock.Day  `json:"plan_day" nullable:"true"`
	Cover        string     `json:"cover" doc:"address of a small picture, or empty"`
	Reason       string     `json:"reason" doc:"of the last return or retirement"`
	Owner        string     `json:"owner"`
	Uses         int64      `json:"uses"`
	Views        *int64     `json:"views"`
	Interactions *int64     `json:"interactions"`
	Best         string     `json:"best" doc:"who adapted it best"`
	MeasuredAt   clock.Ms   `json:"measured_at" nullable:"true"`
	MadeAt       clock.Ms   `json:"made_at"`
	UpdatedAt    clock.Ms   `json:"updated_at"`
	Content      *Content   `json:"content,omitempty"`
	Findings     []Finding  `json:"findings,omitempty"`
	Files        []fileBody `json:"files,omitempty"`
	MayWrite     bool       `json:"may_write"`
	MayApprove   bool       `json:"may_approve"`
}

func body(it *Item) *itemBody {
	b := &itemBody{
		ID: it.ID, Kind: it.Kind, UnitID: it.UnitID, FolderID: it.FolderID, Title: it.Title, Summary: it.Summary, Tags: it.Tags, ProductID: it.ProductID, Product: it.Product, PillarID: it.PillarID,
		State: it.State, Version: it.Version, Live: it.Live, Rev: it.Rev, Verdict: it.Verdict, Usable: it.Usable, Why: it.Why, Expires: it.Expires, PlanDay: it.PlanDay,
		Reason: it.Reason, Owner: it.Owner, Uses: it.Uses, Views: it.Views, Interactions: it.Interactions, Best: it.BestName, MeasuredAt: it.MeasuredAt,
		MadeAt: it.MadeAt, UpdatedAt: it.UpdatedAt, Content: it.Content, Findings: it.Findings, MayWrite: it.MayWrite, MayApprove: it.MayPass,
	}
	if it.CoverID != 0 {
		b.Cover = filesPath + "/" + it.CoverID.String() + "/thumb"
	}
	if it.Files != nil {
		b.Files = filesBody(it.Files)
	}
	return b
}

type listIn struct {
	web.Paging
	Unit    string    `query:"unit" maxLength:"500" doc:"id or path: what the units below own"`
	Kind    Kind      `query:"kind" enum:"asset,template,script,rundown,talk,idea,case"`
	State   State     `query:"state" enum:"draft,checked,approved,out"`
	Folder  id.ID     `query:"folder"`
	Tag     string    `query:"tag" maxLength:"20"`
	Product id.ID     `query:"product"`
	Pillar  id.ID     `query:"pillar"`
	Usable  bool      `query:"usable" doc:"only what may be handed out today"`
	Mine    bool      `query:"mine" doc:"only what the caller made"`
	From    clock.Day `query:"from" doc:"planned day"`
	To      clock.Day `query:"to" doc:"planned day"`
	Q       string    `query:"q" maxLength:"100" doc:"words: pairs of Chinese characters and whole words"`
	Sort    Sort      `query:"sort" enum:"-updated,title,-uses,plan" default:"-updated"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[*itemBody], error) {
	f := Filter{
		Unit: in.Unit, Kind: in.Kind, State: in.State, FolderID: in.Folder, Tag: in.Tag, ProductID: in.Product, PillarID: in.Pillar, Usable: in.Usable, Mine: in.Mine, From: in.From, To: in.To, Query: in.Q,
	}
	mark := []any{actor.BrandID, f}
	if in.Q != "" {
		return h.search(ctx, actor, in, f, mark)
	}
	var after At
	more, err := h.cursors.Read(in.Cursor, string(in.Sort), mark, &after.Number, &after.Text, &after.ID)
	if err != nil {
		return nil, err
	}
	at := &after
	if !more {
		at = nil
	}
	items, next, err := h.s.List(ctx, actor, f, in.Sort, at, in.Limit)
	if err != nil {
		return nil, err
	}
	cursor := ""
	if next != nil {
		cursor = h.cursors.Next(string(in.Sort), mark, next.Number, next.Text, next.ID)
	}
	return web.NewPage(bodies(items), cursor), nil
}

func (h handlers) search(ctx context.Context, actor authz.Actor, in *listIn, f Filter, mark []any) (*web.Page[*itemBody], error) {
	offset := 0
	if _, err := h.cursors.Read(in.Cursor, "found", mark, &offset); err != nil {
		return nil, err
	}
	items, more, err := h.s.Search(ctx, actor, f, offset, in.Limit)
	if err != nil {
		return nil, err
	}
	cursor := ""
	if more {
		cursor = h.cursors.Next("found", mark, offset+in.Limit)
	}
	return web.NewPage(bodies(items), cursor), nil
}

func bodies(items []Item) []*itemBody {
	out := make([]*itemBody, len(items))
	for i := range items {
		out[i] = body(&items[i])
	}
	return out
}

type createIn struct {
	Body struct {
		Kind      Kind      `json:"kind" enum:"asset,template,script,rundown,talk,idea,case"`
		Unit      string    `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty is the top of the caller's units"`
		FolderID  id.ID     `json:"folder_id" required:"false" nullable:"true"`
		Title     string    `json:"title" maxLength:"400"`
		Tags      []string  `json:"tags" required:"false" maxItems:"40"`
		ProductID id.ID     `json:"product_id" required:"false" nullable:"true"`
		PillarID  id.ID     `json:"pillar_id" required:"false" nullable:"true"`
		PlanDay   clock.Day `json:"plan_day" required:"false" nullable:"true"`
		Content   Content   `json:"content"`
		Note      string    `json:"note" required:"false" maxLength:"2000"`
	}
}

func (h handlers) create(ctx context.Context, actor authz.Actor, in *createIn) (*itemBody, error) {
	it, err := h.s.Create(ctx, actor, Piece(in.Body))
	return body(&it), err
}

type oneIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *oneIn) (*itemBody, error) {
	it, err := h.s.Get(ctx, actor, in.ID)
	return body(&it), err
}

type saveIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Rev       int       `json:"rev" minimum:"1" doc:"of the item as it was read"`
		Title     string    `json:"title" maxLength:"400"`
		FolderID  id.ID     `json:"folder_id" required:"false" nullable:"true"`
		Tags      []string  `json:"tags" required:"false" maxItems:"40"`
		ProductID id.ID     `json:"product_id" required:"false" nullable:"true"`
		PillarID  id.ID     `json:"pillar_id" required:"false" nullable:"true"`
		PlanDay   clock.Day `json:"plan_day" required:"false" nullable:"true"`
		Content   Content   `json:"content"`
		Note      string    `json:"note" required:"false" maxLength:"2000" doc:"what changed"`
	}
}

func (h handlers) save(ctx context.Context, actor authz.Actor, in *saveIn) (*itemBody, error) {
	b := &in.Body
	p := Piece{FolderID: b.FolderID, Title: b.Title, Tags: b.Tags, ProductID: b.ProductID, PillarID: b.PillarID, PlanDay: b.PlanDay, Content: b.Content, Note: b.Note}
	it, err := h.s.Save(ctx, actor, in.ID, b.Rev, p)
	return body(&it), err
}

type turnIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Rev  int    `json:"rev" minimum:"1"`
		Note string `json:"note" required:"false" maxLength:"2000"`
	}
}

func (h handlers) turn(v Verb) func(context.Context, authz.Actor, *turnIn) (*itemBody, error) {
	return func(ctx context.Context, actor authz.Actor, in *turnIn) (*itemBody, error) {
		it, err := h.s.Turn(ctx, actor, in.ID, in.Body.Rev, v, in.Body.Note)
		return body(&it), err
	}
}

type takeBackIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Terms  []string  `json:"terms" minItems:"1" maxItems:"50" doc:"what must not stand any more"`
		Reason string    `json:"reason" maxLength:"500"`
		Due    clock.Day `json:"due"`
	}
}

type recallBody struct {
	RecallID id.ID `json:"recall_id"`
}

func (h handlers) takeBack(ctx context.Context, actor authz.Actor, in *takeBackIn) (*recallBody, error) {
	recall, err := h.s.TakeBack(ctx, actor, in.ID, in.Body.Terms, in.Body.Reason, in.Body.Due)
	return &recallBody{recall}, err
}
