package reflow

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/account"
)

const importsPath = "/api/v1/reflow/imports"

// Routes declares the room's part of the API.
func (s *Service) Routes(r *web.Router) {
	long := 5 * time.Minute
	web.HandleUpload(r, web.Route{
		Method: http.MethodPost, Path: importsPath, Summary: "Upload a file; says what was understood and what importing it would do", Permission: PermImport,
		Status: http.StatusCreated, Idempotent: true, MaxBody: sheet.DefaultLimits().FileBytes + 1<<20, Timeout: long,
	}, s.postImport)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: importsPath, Summary: "Imports, newest first", Permission: PermRead}, s.getImports(r.Cursors()))
	web.Handle(r, web.Route{Method: http.MethodGet, Path: importsPath + "/{id}", Summary: "One import with what was understood and its progress", Permission: PermRead}, s.getImport)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: importsPath + "/{id}/review", Summary: "Look at an uploaded file again with more said about it", Permission: PermImport, Timeout: long}, s.postReview)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: importsPath + "/{id}/apply", Summary: "Write a previewed import", Permission: PermImport, Status: http.StatusAccepted}, s.postApply)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: importsPath + "/{id}/undo", Summary: "Take a finished import back", Permission: PermImport, Status: http.StatusAccepted}, s.postUndo)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: importsPath + "/{id}", Summary: "Forget an uploaded file that was not imported", Permission: PermImport}, s.deleteImport)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: importsPath + "/{id}/faults", Summary: "What was wrong with rows", Permission: PermRead}, s.getFaults)
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: importsPath + "/{id}/faults.xlsx", Summary: "What was wrong with rows, as a sheet", Permission: PermRead, Produces: web.XLSX, Timeout: long}, s.getFaultSheet)
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: "/api/v1/reflow/roster-template", Summary: "Roster sheet to fill in", Permission: PermImport, Produces: web.XLSX}, s.getTemplate)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/reflow/sources", Summary: "How fresh the figures of each kind of file are", Permission: PermRead}, s.getSources)
	s.mappingRoutes(r)
}

// ImportBody is an import on the wire.
type ImportBody struct {
	ID         id.ID       `json:"id"`
	CreatedAt  clock.Ms    `json:"created_at"`
	User       string      `json:"user"`
	Source     string      `json:"source" enum:"console,command"`
	FileName   string      `json:"file_name"`
	FileSize   int64       `json:"file_size"`
	State      State       `json:"state" enum:"waiting,ready,applying,done,undoing,undone,failing,failed"`
	Kind       string      `json:"kind"`
	Platform   string      `json:"platform"`
	Account    string      `json:"account"`
	Mapping    string      `json:"mapping"`
	PostTitle  string      `json:"post_title"`
	AsOf       clock.Ms    `json:"as_of"`
	AsOfSource string      `json:"as_of_source" enum:"given,file,upload"`
	Rows       int         `json:"rows"`
	Total      int         `json:"total"`
	Done       int         `json:"done"`
	Inserted   int         `json:"inserted"`
	Updated    int         `json:"updated"`
	Unchanged  int         `json:"unchanged"`
	Errors     int         `json:"errors"`
	Warnings   int         `json:"warnings"`
	Message    string      `json:"message" doc:"why it waits or failed"`
	Needs      string      `json:"needs" doc:"the answer that is missing: account, platform, post or nothing"`
	FileKept   bool        `json:"file_kept"`
	EndedAt    clock.Ms    `json:"ended_at"`
	Understood *Understood `json:"understood,omitempty"`
}

func (s *Service) body(i *Import, lang i18n.Lang, whole bool) (*ImportBody, error) {
	b := &ImportBody{
		ID: i.ID, CreatedAt: i.Created, User: i.UserName, Source: i.Source, FileName: i.FileName, FileSize: i.FileSize, State: i.State, Kind: i.Kind,
		Platform: i.Platform, Account: i.AccountName, Mapping: i.Mapping, PostTitle: i.PostTitle, AsOf: i.AsOf, AsOfSource: i.AsOfSource, Rows: i.Rows,
		Total: i.Total, Done: i.DoneItems, Inserted: i.Inserted, Updated: i.Updated, Unchanged: i.Unchanged, Errors: i.Errors, Warnings: i.Warnings,
		FileKept: i.BlobKey != "", EndedAt: i.Ended,
	}
	if i.Slug != "" {
		b.Message = s.words(Fault{Slug: i.Slug, Params: i.Params}, lang).Message
	}
	if i.State == Waiting {
		b.Needs = strings.TrimSuffix(strings.TrimPrefix(i.Slug, "reflow."), "_needed")
	}
	if !whole {
		return b, nil
	}
	b.Understood = &Understood{}
	return b, json.Unmarshal([]byte(text(i.Understood)), b.Understood)
}

type uploadInput struct {
	// Key makes a repeated upload harmless; the router keeps the first answer.
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200"`
}

// postImport reads the multipart form: file, and optionally account, platform, as_of, modified, mapping, post_title.
// The parts may stand in any order: a program may well send the file first, and what it says behind it counts too.
func (s *Service) postImport(ctx context.Context, actor authz.Actor, _ *uploadInput, req *http.Request) (*ImportBody, error) {
	up := Upload{Source: FromConsole}
	files := 0
	err := web.EachPart(req, func(p web.Part) (err error) {
		if p.Field != "file" {
			return up.field(p)
		}
		if files++; files > 1 {
			return errs.New(errs.Invalid, "reflow.file_twice").Field("file", "reflow.file_twice")
		}
		up.Name = p.FileName
		up.data, err = readLimited(p.Body)
		return err
	})
	if err != nil {
		return nil, err
	}
	if files == 0 {
		return nil, errs.New(errs.Invalid, "reflow.file_missing").Field("file", "reflow.file_missing")
	}
	imp, err := s.Receive(ctx, actor, up)
	if err != nil {
		return nil, err
	}
	return s.body(&imp, i18n.Match(actor.Lang), true)
}

func (u *Upload) field(p web.Part) error {
	raw, err := io.ReadAll(io.LimitReader(p.Body, 1000))
	if err != nil {
		return err
	}
	v := strings.TrimSpace(string(raw))
	switch p.Field {
	case "account":
		u.Account = v
	case "platform":
		u.Platform = v
	case "mapping":
		u.Mapping = v
	case "post_title":
		u.PostTitle = v
	case "as_of":
		err = u.AsOf.UnmarshalText([]byte(v))
	case "modified":
		err = u.Modified.UnmarshalText([]byte(v))
	}
	if err != nil {
		return errs.New(errs.Invalid, "base.invalid_input").Field(p.Field, "base.not_a_time")
	}
	return nil
}

type importPath struct {
	ID id.ID `path:"id"`
}

type listImportsInput struct {
	web.Paging
}

func (s *Service) getImports(cursors *web.Cursors) func(context.Context, authz.Actor, *listImportsInput) (*web.Page[ImportBody], error) {
	return func(ctx context.Context, actor authz.Actor, in *listImportsInput) (*web.Page[ImportBody], error) {
		var before id.ID
		if _, err := cursors.Read(in.Cursor, "id", actor.BrandID, &before); err != nil {
			return nil, err
		}
		rows, err := s.List(ctx, actor, before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		rows, more := web.Cut(rows, in.Limit)
		items := make([]ImportBody, 0, len(rows))
		for n := range rows {
			b, err := s.body(&rows[n], i18n.Match(actor.Lang), false)
			if err != nil {
				return nil, err
			}
			items = append(items, *b)
		}
		next := ""
		if more {
			next = cursors.Next("id", actor.BrandID, rows[len(rows)-1].ID)
		}
		return web.NewPage(items, next), nil
	}
}

func (s *Service) getImport(ctx context.Context, actor authz.Actor, in *importPath) (*ImportBody, error) {
	i, err := s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return s.body(&i, i18n.Match(actor.Lang), true)
}

// SaidBody is what the dialog adds to an uploaded file.
type SaidBody struct {
	Account   string   `json:"account,omitempty" maxLength:"200" doc:"PLATFORM:HANDLE"`
	Platform  string   `json:"platform,omitempty" maxLength:"40"`
	AsOf      clock.Ms `json:"as_of,omitempty"`
	Mapping   string   `json:"mapping,omitempty" maxLength:"60"`
	PostTitle string   `json:"post_title,omitempty" maxLength:"500"`
}

type reviewInput struct {
	importPath
	Body SaidBody
}

func (s *Service) postReview(ctx context.Context, actor authz.Actor, in *reviewInput) (*ImportBody, error) {
	i, err := s.Review(ctx, actor, in.ID, Said(in.Body))
	if err != nil {
		return nil, err
	}
	return s.body(&i, i18n.Match(actor.Lang), true)
}

func (s *Service) postApply(ctx context.Context, actor authz.Actor, in *importPath) (*ImportBody, error) {
	i, err := s.Apply(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return s.body(&i, i18n.Match(actor.Lang), false)
}

func (s *Service) postUndo(ctx context.Context, actor authz.Actor, in *importPath) (*ImportBody, error) {
	i, err := s.Undo(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return s.body(&i, i18n.Match(actor.Lang), false)
}

type nothing struct{}

func (s *Service) deleteImport(ctx context.Context, actor authz.Actor, in *importPath) (*nothing, error) {
	return &nothing{}, s.Discard(ctx, actor, in.ID)
}

type faultsInput struct {
	importPath
	After int `query:"after" minimum:"0" doc:"how many faults were read already"`
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// FaultBody is a row fault on the wire.
type FaultBody struct {
	RowReport
	Warning bool `json:"warning"`
}

// FaultsBody is a part of an import's faults.
type FaultsBody struct {
	Items []FaultBody `json:"items"`
	Next  int         `json:"next" doc:"the after of the next part, 0 on the last"`
}

func (s *Service) getFaults(ctx context.Context, actor authz.Actor, in *faultsInput) (*FaultsBody, error) {
	list, err := s.Faults(ctx, actor, in.ID, in.After-1, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list, more := web.Cut(list, in.Limit)
	out := &FaultsBody{Items: []FaultBody{}}
	for _, f := range list {
		out.Items = append(out.Items, FaultBody{s.words(f, i18n.Match(actor.Lang)), f.Warning})
	}
	if more {
		out.Next = in.After + len(list)
	}
	return out, nil
}

func (s *Service) getFaultSheet(ctx context.Context, actor authz.Actor, in *importPath) (*web.Download, error) {
	i, err := s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%s.xlsx", strings.TrimSuffix(strings.TrimSuffix(i.FileName, ".xlsx"), ".csv"), s.Texts.Text(i18n.Match(actor.Lang), "reflow.fault_title", nil))
	return &web.Download{Name: name, ContentType: web.XLSX, Write: func(w io.Writer) error { return s.WriteFaults(ctx, actor, i, w) }}, nil
}

func (s *Service) getTemplate(_ context.Context, actor authz.Actor, _ *nothing) (*web.Download, error) {
	header, rows := account.RosterTemplate(string(i18n.Match(actor.Lang)))
	return &web.Download{Name: "roster.xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		x, err := sheet.NewXLSX(w)
		if err != nil {
			return err
		}
		cols := make([]sheet.Column, len(header))
		for n, h := range header {
			cols[n] = sheet.Column{Title: h, Width: 18}
		}
		if err := x.Sheet("roster", cols); err != nil {
			return err
		}
		for _, r := range rows {
			cells := make([]any, len(r))
			for n, c := range r {
				cells[n] = c
			}
			if err := x.Row(cells...); err != nil {
				return err
			}
		}
		return x.Close()
	}}, nil
}

// SourcesBody lists freshness by kind of file.
type SourcesBody struct {
	Items []Source `json:"items"`
}

func (s *Service) getSources(ctx context.Context, actor authz.Actor, _ *nothing) (*SourcesBody, error) {
	list, err := s.Sources(ctx, actor)
	if list == nil {
		list = []Source{}
	}
	return &SourcesBody{list}, err
}
