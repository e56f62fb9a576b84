package product

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) sheetRoutes(r *web.Router) {
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: base + "template.xlsx", Summary: "An empty sheet with examples", Permission: permRead, Produces: web.XLSX}, h.template)
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: base + "export.xlsx", Summary: "Products, prices or stock as a sheet that can be read in again", Permission: permRead, Produces: web.XLSX, Timeout: -1}, h.export)
	web.HandleUpload(r, web.Route{
		Method: http.MethodPost, Path: importsPath, Summary: "Read a sheet and tell what it would do; nothing is written yet", Permission: permRead, Idempotent: true,
		Status: http.StatusCreated, MaxBody: maxSheet + 1<<16, Timeout: -1,
	}, h.read)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: importsPath, Summary: "Imports, newest first", Permission: permRead}, h.imports)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: importsPath + "/{id}", Summary: "One import with its faults", Permission: permRead}, h.oneImport)
	for verb, do := range map[string]func(context.Context, authz.Actor, id.ID) error{"apply": h.s.Apply, "undo": h.s.Undo, "discard": h.s.Discard} {
		web.Handle(r, web.Route{
			Method: http.MethodPost, Path: importsPath + "/{id}/" + verb,
			Summary:    map[string]string{"apply": "Write what an import read", "undo": "Take an import back", "discard": "Put an import away that was not applied"}[verb],
			Permission: permRead,
		}, func(ctx context.Context, actor authz.Actor, in *oneIn) (*nothing, error) {
			return &nothing{}, do(ctx, actor, in.ID)
		})
	}
}

// say words a slug of the room in the caller's language.
func (h handlers) say(actor authz.Actor) func(slug string) string {
	lang := i18n.Match(actor.Lang)
	return func(slug string) string { return h.texts.Text(lang, "product."+slug, nil) }
}

type templateIn struct {
	Kind ImportKind `query:"kind" required:"true" enum:"products,prices,stock"`
}

func (h handlers) template(_ context.Context, actor authz.Actor, in *templateIn) (*web.Download, error) {
	say := h.say(actor)
	return &web.Download{Name: say("sheet_"+string(in.Kind)) + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error { return writeTemplate(in.Kind, say, w) }}, nil
}

type exportIn struct {
	Kind ImportKind `query:"kind" enum:"products,prices,stock" default:"products"`
	Unit string     `query:"unit" maxLength:"500" doc:"id or path, of prices and stock"`
}

func (h handlers) export(ctx context.Context, actor authz.Actor, in *exportIn) (*web.Download, error) {
	say := h.say(actor)
	write, err := h.s.exporter(ctx, actor, in.Kind, in.Unit)
	if err != nil {
		return nil, err
	}
	return &web.Download{Name: say("sheet_"+string(in.Kind)) + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error { return write(say, w) }}, nil
}

type readIn struct {
	Kind ImportKind `query:"kind" required:"true" enum:"products,prices,stock"`
}

func (h handlers) read(ctx context.Context, actor authz.Actor, in *readIn, req *http.Request) (*importBody, error) {
	var data []byte
	name := ""
	err := web.EachPart(req, func(p web.Part) (err error) {
		if p.FileName != "" && data == nil {
			name = p.FileName
			data, err = io.ReadAll(io.LimitReader(p.Body, maxSheet+1))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, errs.New(errs.Invalid, "product.sheet_missing")
	}
	heads := map[string]string{}
	for _, lang := range []string{"zh", "en"} {
		for _, c := range columnNames(in.Kind) {
			heads[h.texts.Text(i18n.Match(lang), "product.col_"+c, nil)] = c
		}
	}
	i, err := h.s.Read(ctx, actor, in.Kind, name, data, heads)
	var bad *errs.Error
	if errors.As(err, &bad) && bad.Slug == "product.sheet_columns" {
		bad.Params["column"] = h.say(actor)("col_" + bad.Params["column"].(string))
	}
	if err != nil {
		return nil, err
	}
	b := h.importBody(actor, i)
	return &b, nil
}

type faultBody struct {
	Row     int    `json:"row"`
	Column  string `json:"column" doc:"title of the column"`
	Message string `json:"message"`
	Warning bool   `json:"warning" doc:"the row is taken all the same"`
}

type importBody struct {
	ID        id.ID       `json:"id"`
	Kind      ImportKind  `json:"kind" enum:"products,prices,stock"`
	FileName  string      `json:"file_name"`
	State     ImportState `json:"state" enum:"ready,applying,done,undoing,undone,discarded"`
	Rows      int64       `json:"rows"`
	Added     int64       `json:"added"`
	Changed   int64       `json:"changed"`
	Same      int64       `json:"same"`
	Faulty    int64       `json:"faulty" doc:"faults of rows that are not taken"`
	Done      int64       `json:"done" doc:"rows written, or taken back, so far"`
	Kept      int64       `json:"kept" doc:"rows that an undo left, as they were changed since"`
	By        string      `json:"by"`
	CreatedAt clock.Ms    `json:"created_at"`
	AppliedAt clock.Ms    `json:"applied_at" nullable:"true"`
	UndoneAt  clock.Ms    `json:"undone_at" nullable:"true"`
	Faults    []faultBody `json:"faults" doc:"the first 500"`
}

func (h handlers) importBody(actor authz.Actor, i Import) importBody {
	b := importBody{
		i.ID, i.Kind, i.FileName, i.State, i.Rows, i.Added, i.Changed, i.Same, i.Faulty, i.Done, i.Kept, i.UserName, i.CreatedAt, i.AppliedAt, i.UndoneAt, []faultBody{},
	}
	say := h.say(actor)
	for _, f := range i.Faults {
		one := faultBody{Row: f.Row, Message: h.texts.Text(i18n.Match(actor.Lang), f.Slug, plain(f.Params)), Warning: f.Warning}
		if f.Column != "" {
			one.Column = say("col_" + f.Column)
		}
		b.Faults = append(b.Faults, one)
	}
	return b
}

// plain writes whole numbers that went through JSON without a fraction.
func plain(params errs.Params) map[string]any {
	out := make(map[string]any, len(params))
	for k, v := range params {
		if f, ok := v.(float64); ok {
			v = strconv.FormatFloat(f, 'f', -1, 64)
		}
		out[k] = v
	}
	return out
}

func (h handlers) imports(ctx context.Context, actor authz.Actor, in *web.Paging) (*web.Page[importBody], error) {
	mark := []any{actor.BrandID, actor.UserID}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "id", mark, &before); err != nil {
		return nil, err
	}
	rows, err := h.s.Imports(ctx, actor, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]importBody, len(rows))
	for i, x := range rows {
		x.Faults = nil
		items[i] = h.importBody(actor, x)
	}
	next := ""
	if more {
		next = h.cursors.Next("id", mark, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

func (h handlers) oneImport(ctx context.Context, actor authz.Actor, in *oneIn) (*importBody, error) {
	i, err := h.s.Import(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	b := h.importBody(actor, i)
	return &b, nil
}
