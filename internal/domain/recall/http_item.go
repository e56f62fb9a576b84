package recall

import (
	"context"
	"io"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const itemPath = recallsPath + "/{id}/items/{object}"

func (h handlers) itemRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: recallsPath + "/{id}/items", Summary: "Texts of a recall", Permission: permRead}, h.items)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: recallsPath + "/{id}/decide", Summary: "Accept or return proofs, or say that texts are harmless", Permission: permWrite}, h.decide)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/recall/mine", Summary: "Texts of the caller's own accounts that wait", Permission: permProve}, h.mine)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: itemPath, Summary: "One text of a recall, for whoever sees to it", Permission: permProve}, h.item)
	// A screenshot comes as base64 within JSON, so that the phone's queue of unsent work can hold it like anything else.
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: itemPath + "/proof", Summary: "Prove that a text was taken down or edited", Permission: permProve, Idempotent: true, MaxBody: maxPicture*4/3 + 1<<16,
	}, h.prove)
	web.HandleDownload(r, web.Route{
		Method: http.MethodGet, Path: itemPath + "/picture", Summary: "The screenshot that proves an item", Permission: permProve, Produces: "image/*",
	}, h.picture)
}

// itemBody is an item on the wire.
type itemBody struct {
	RecallID   id.ID     `json:"recall_id"`
	ObjectID   id.ID     `json:"object_id"`
	Kind       string    `json:"kind" enum:"post,profile"`
	Account    labelBody `json:"account"`
	UnitID     id.ID     `json:"unit_id"`
	Content    string    `json:"content"`
	Spans      []Span    `json:"spans" doc:"code points of content"`
	URL        string    `json:"url"`
	FoundAt    clock.Ms  `json:"found_at"`
	State      ItemState `json:"state" enum:"waiting,proved,done,harmless"`
	Proof      Proof     `json:"proof" doc:"reimport, link, screenshot or nothing"`
	HasPicture bool      `json:"has_picture"`
	Note       string    `json:"note"`
	ProvedAt   clock.Ms  `json:"proved_at" nullable:"true"`
	ProvedBy   string    `json:"proved_by"`
	DecidedAt  clock.Ms  `json:"decided_at" nullable:"true"`
	DecidedBy  string    `json:"decided_by" doc:"empty when an import showed it"`
	Decision   string    `json:"decision_note"`
}

func bodyOf(it Item) itemBody {
	return itemBody{
		it.RecallID, it.ObjectID, it.Kind, label(it.AccountID, it.Label), it.UnitID, it.Content, it.Spans, it.URL, it.FoundAt, it.State, it.Proof,
		it.HasPicture, it.Note, it.ProvedAt, it.ProvedBy, it.DecidedAt, it.DecidedBy, it.DecidedNote,
	}
}

func bodiesOf(items []Item) []itemBody {
	out := make([]itemBody, len(items))
	for i, it := range items {
		out[i] = bodyOf(it)
	}
	return out
}

type itemsIn struct {
	web.Paging
	ID    id.ID     `path:"id"`
	State ItemState `query:"state" enum:"waiting,proved,done,harmless"`
}

func (h handlers) items(ctx context.Context, actor authz.Actor, in *itemsIn) (*web.Page[itemBody], error) {
	mark := []any{actor.BrandID, in.ID, in.State}
	var after id.ID
	if _, err := h.cursors.Read(in.Cursor, "object", mark, &after); err != nil {
		return nil, err
	}
	rows, err := h.s.Items(ctx, actor, in.ID, in.State, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	next := ""
	if more {
		next = h.cursors.Next("object", mark, rows[len(rows)-1].ObjectID)
	}
	return web.NewPage(bodiesOf(rows), next), nil
}

type mineBody struct {
	Items []itemBody `json:"items"`
}

func (h handlers) mine(ctx context.Context, actor authz.Actor, _ *nothing) (*mineBody, error) {
	items, err := h.s.Mine(ctx, actor, 100)
	return &mineBody{bodiesOf(items)}, err
}

type itemIn struct {
	ID     id.ID `path:"id"`
	Object id.ID `path:"object"`
}

type itemPageBody struct {
	Item   itemBody `json:"item"`
	Recall struct {
		Title   string    `json:"title"`
		Action  Action    `json:"action" enum:"take_down,edit"`
		Reason  string    `json:"reason"`
		Article string    `json:"article"`
		Due     clock.Day `json:"due"`
		State   State     `json:"state" enum:"searching,open,closed"`
	} `json:"recall"`
}

func (h handlers) item(ctx context.Context, actor authz.Actor, in *itemIn) (*itemPageBody, error) {
	it, r, err := h.s.Item(ctx, actor, in.ID, in.Object)
	if err != nil {
		return nil, err
	}
	out := &itemPageBody{Item: bodyOf(it)}
	out.Recall.Title, out.Recall.Action, out.Recall.Reason, out.Recall.Article = r.Title, r.Action, r.Reason, r.Article
	out.Recall.Due, out.Recall.State = r.Due, r.State
	return out, nil
}

type proveIn struct {
	ID     id.ID `path:"id"`
	Object id.ID `path:"object"`
	Body   struct {
		Proof   Proof  `json:"proof" enum:"link,screenshot"`
		Note    string `json:"note" required:"false" doc:"with link: what was seen"`
		Picture []byte `json:"picture" required:"false" doc:"with screenshot: PNG, JPEG or WebP, base64"`
	}
}

func (h handlers) prove(ctx context.Context, actor authz.Actor, in *proveIn) (*nothing, error) {
	return &nothing{}, h.s.Prove(ctx, actor, in.ID, in.Object, Given{in.Body.Proof, in.Body.Note, in.Body.Picture})
}

type decideIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Objects []id.ID `json:"objects" minItems:"1" maxItems:"500"`
		Verb    Verb    `json:"verb" enum:"accept,return,dismiss,restore"`
		Note    string  `json:"note" required:"false" doc:"why; needed for all but accept"`
	}
}

type decidedBody struct {
	Moved   int `json:"moved"`
	Skipped int `json:"skipped" doc:"those that somebody else had moved before, or outside the caller's scope"`
}

func (h handlers) decide(ctx context.Context, actor authz.Actor, in *decideIn) (*decidedBody, error) {
	n, err := h.s.Decide(ctx, actor, in.ID, in.Body.Objects, in.Body.Verb, in.Body.Note)
	return &decidedBody{n, len(in.Body.Objects) - n}, err
}

func (h handlers) picture(ctx context.Context, actor authz.Actor, in *itemIn) (*web.Download, error) {
	media, size, from, err := h.s.Picture(ctx, actor, in.ID, in.Object)
	if err != nil {
		return nil, err
	}
	return &web.Download{Name: "proof-" + in.Object.String(), ContentType: media, Size: size, Write: func(w io.Writer) error {
		defer func() { _ = from.Close() }()
		_, err := io.Copy(w, from)
		return err
	}}, nil
}
