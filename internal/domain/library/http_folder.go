package library

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const (
	foldersPath   = base + "/folders"
	proposalsPath = base + "/proposals"
)

func (h handlers) folderRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: foldersPath, Summary: "Folders of the caller's units and those above", Permission: permUse}, h.folders)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: foldersPath, Summary: "Make a folder", Permission: permWrite, Status: http.StatusCreated}, h.addFolder)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: foldersPath + "/{id}", Summary: "Rename a folder", Permission: permWrite}, h.renameFolder)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: foldersPath + "/{id}", Summary: "Remove an empty folder", Permission: permWrite}, h.removeFolder)
}

type folderBody struct {
	ID       id.ID  `json:"id"`
	UnitID   id.ID  `json:"unit_id"`
	ParentID id.ID  `json:"parent_id" nullable:"true"`
	Name     string `json:"name"`
}

type folderList struct {
	Items []folderBody `json:"items"`
}

func (h handlers) folders(ctx context.Context, actor authz.Actor, _ *nothing) (*folderList, error) {
	list, err := h.s.Folders(ctx, actor)
	out := &folderList{Items: make([]folderBody, len(list))}
	for i, f := range list {
		out.Items[i] = folderBody(f)
	}
	return out, err
}

type addFolderIn struct {
	Body struct {
		Unit     string `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty is the top of the caller's units"`
		ParentID id.ID  `json:"parent_id" required:"false" nullable:"true"`
		Name     string `json:"name" maxLength:"200"`
	}
}

func (h handlers) addFolder(ctx context.Context, actor authz.Actor, in *addFolderIn) (*folderBody, error) {
	f, err := h.s.AddFolder(ctx, actor, in.Body.Unit, in.Body.ParentID, in.Body.Name)
	b := folderBody(f)
	return &b, err
}

type renameFolderIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Name string `json:"name" maxLength:"200"`
	}
}

func (h handlers) renameFolder(ctx context.Context, actor authz.Actor, in *renameFolderIn) (*folderBody, error) {
	f, err := h.s.RenameFolder(ctx, actor, in.ID, in.Body.Name)
	b := folderBody(f)
	return &b, err
}

func (h handlers) removeFolder(ctx context.Context, actor authz.Actor, in *oneIn) (*nothing, error) {
	return &nothing{}, h.s.RemoveFolder(ctx, actor, in.ID)
}

func (h handlers) proposalRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: proposalsPath, Summary: "Proposals of the caller's units, or the caller's own", Permission: permUse}, h.proposals)
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: proposalsPath, Summary: "Offer an item to the library", Permission: permUse, Idempotent: true, Status: http.StatusCreated, MaxBody: maxItemBody,
	}, h.propose)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: proposalsPath + "/{id}/accept", Summary: "Take a proposal into the library as a draft", Permission: permWrite}, h.accept)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: proposalsPath + "/{id}/return", Summary: "Return a proposal with a note", Permission: permWrite}, h.giveBack)
}

type proposalBody struct {
	ID        id.ID      `json:"id"`
	Kind      Kind       `json:"kind" enum:"asset,template,script,rundown,talk,idea,case"`
	Title     string     `json:"title"`
	Content   Content    `json:"content"`
	Files     []fileBody `json:"files"`
	Why       string     `json:"pitch" doc:"why it is good, in the author's words"`
	UnitID    id.ID      `json:"unit_id"`
	By        string     `json:"by"`
	State     string     `json:"state" enum:"waiting,accepted,returned"`
	Verdict   Grade      `json:"verdict"`
	Note      string     `json:"note"`
	ItemID    id.ID      `json:"item_id" nullable:"true"`
	DecidedBy string     `json:"decided_by"`
	DecidedAt clock.Ms   `json:"decided_at" nullable:"true"`
	MadeAt    clock.Ms   `json:"made_at"`
}

func proposalOf(p *Proposal) *proposalBody {
	return &proposalBody{
		p.ID, p.Kind, p.Title, p.Content, filesBody(p.Files), p.Why, p.UnitID, p.By, p.State, p.Verdict, p.Note, p.ItemID, p.DecidedBy, p.DecidedAt, p.MadeAt,
	}
}

type proposalsIn struct {
	web.Paging
	Own   bool   `query:"own" doc:"only the caller's own"`
	State string `query:"state" enum:"waiting,accepted,returned"`
}

func (h handlers) proposals(ctx context.Context, actor authz.Actor, in *proposalsIn) (*web.Page[*proposalBody], error) {
	mark := []any{actor.BrandID, in.Own, in.State}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "id", mark, &before); err != nil {
		return nil, err
	}
	rows, err := h.s.Proposals(ctx, actor, in.Own, in.State, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	out := make([]*proposalBody, len(rows))
	for i := range rows {
		out[i] = proposalOf(&rows[i])
	}
	next := ""
	if more {
		next = h.cursors.Next("id", mark, rows[len(rows)-1].ID)
	}
	return web.NewPage(out, next), nil
}

type proposeIn struct {
	Body struct {
		Kind    Kind    `json:"kind" enum:"asset,template,script,talk,idea,case"`
		Title   string  `json:"title" maxLength:"400"`
		Content Content `json:"content"`
		Why     string  `json:"pitch" required:"false" maxLength:"2000" doc:"why it is good"`
	}
}

func (h handlers) propose(ctx context.Context, actor authz.Actor, in *proposeIn) (*proposalBody, error) {
	p, err := h.s.Propose(ctx, actor, Piece{Kind: in.Body.Kind, Title: in.Body.Title, Content: in.Body.Content}, in.Body.Why)
	return proposalOf(&p), err
}

type acceptIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Note     string   `json:"note" required:"false" maxLength:"2000"`
		Unit     string   `json:"unit" required:"false" maxLength:"500" doc:"which unit's item it becomes; empty: the author's"`
		Title    string   `json:"title" required:"false" maxLength:"400"`
		FolderID id.ID    `json:"folder_id" required:"false" nullable:"true"`
		Tags     []string `json:"tags" required:"false" maxItems:"40"`
	}
}

func (h handlers) accept(ctx context.Context, actor authz.Actor, in *acceptIn) (*proposalBody, error) {
	b := &in.Body
	p, err := h.s.Decide(ctx, actor, in.ID, Decision{Accept: true, Note: b.Note, Unit: b.Unit, Title: b.Title, FolderID: b.FolderID, Tags: b.Tags})
	return proposalOf(&p), err
}

type returnIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Note string `json:"note" maxLength:"2000"`
	}
}

func (h handlers) giveBack(ctx context.Context, actor authz.Actor, in *returnIn) (*proposalBody, error) {
	p, err := h.s.Decide(ctx, actor, in.ID, Decision{Note: in.Body.Note})
	return proposalOf(&p), err
}
