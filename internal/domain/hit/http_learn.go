package hit

import (
	"context"
	"errors"
	"io"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

// enterRoutes are those by which posts of others come in.
func (h handlers) enterRoutes(r *web.Router) {
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: hitsPath, Summary: "Enter a post by its link", Permission: permWrite, Idempotent: true, Status: http.StatusCreated,
	}, h.enter)
	web.HandleDownload(r, web.Route{Method: http.MethodGet, Path: base + "template.xlsx", Summary: "An empty sheet of posts with examples", Permission: permWrite, Produces: web.XLSX}, h.template)
	web.HandleUpload(r, web.Route{
		Method: http.MethodPost, Path: base + "sheet", Summary: "Enter the posts of a sheet; with dry=true only tell what it would do", Permission: permWrite, MaxBody: maxSheet + 1<<16, Timeout: -1,
	}, h.sheet)
}

// learnRoutes are teardowns, templates, and what a KOS may learn from.
func (h handlers) learnRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: hitsPath + "/{id}/teardown", Summary: "How a hit was taken apart, filled with what is known", Permission: permRead}, h.teardown)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: hitsPath + "/{id}/teardown", Summary: "Save a teardown over the version that was read", Permission: permWrite}, h.saveTeardown)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: hitsPath + "/{id}/teardown/versions", Summary: "Versions of a teardown, newest first", Permission: permRead}, h.editions)
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: hitsPath + "/{id}/template", Summary: "Make a template of a hit, once", Permission: permWrite,
	}, h.makeTemplate)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: hitsPath + "/{id}/results", Summary: "What a hit's template brought", Permission: permRead}, h.results)
}

type enterIn struct {
	Body struct {
		Text      string    `json:"link" maxLength:"4000" doc:"the link, or the text that an app shares"`
		Kind      Kind      `json:"kind" enum:"own,outside,competitor"`
		Title     string    `json:"title" required:"false" maxLength:"1000"`
		Author    string    `json:"author" required:"false" maxLength:"200"`
		Followers *int64    `json:"followers" required:"false" nullable:"true"`
		Published clock.Day `json:"published" required:"false" nullable:"true"`
		Views     *int64    `json:"views" required:"false" nullable:"true"`
		Likes     *int64    `json:"likes" required:"false" nullable:"true"`
		Comments  *int64    `json:"comments" required:"false" nullable:"true"`
		Saves     *int64    `json:"saves" required:"false" nullable:"true"`
		Shares    *int64    `json:"shares" required:"false" nullable:"true"`
		Note      string    `json:"note" required:"false" maxLength:"1000"`
	}
}

type enteredBody struct {
	ID    id.ID `json:"id"`
	Known bool  `json:"known" doc:"it was there before"`
}

func (h handlers) enter(ctx context.Context, actor authz.Actor, in *enterIn) (*enteredBody, error) {
	b := &in.Body
	got, err := h.s.Enter(ctx, actor, Entry{
		Text: b.Text, Kind: b.Kind, Title: b.Title, Author: b.Author, Followers: b.Followers, Published: b.Published, Views: b.Views,
		Given: Given{Likes: b.Likes, Comments: b.Comments, Saves: b.Saves, Shares: b.Shares}, Note: b.Note,
	})
	return &enteredBody{got.ID, got.Known}, err
}

func (h handlers) template(_ context.Context, actor authz.Actor, _ *nothing) (*web.Download, error) {
	say := h.say(actor.Lang)
	plain := func(slug string) string { return say(slug, nil) }
	return &web.Download{Name: plain("sheet_name") + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error { return writeTemplate(w, plain) }}, nil
}

type sheetIn struct {
	Dry bool `query:"dry" doc:"write nothing"`
}

type faultBody struct {
	Row     int    `json:"row"`
	Column  string `json:"column" doc:"title of the column"`
	Message string `json:"message"`
}

type sheetBody struct {
	Rows    int         `json:"rows"`
	Added   int         `json:"added"`
	Changed int         `json:"changed"`
	Same    int         `json:"same"`
	Faulty  int         `json:"faulty"`
	Faults  []faultBody `json:"faults" doc:"the first 500"`
}

func (h handlers) sheet(ctx context.Context, actor authz.Actor, in *sheetIn, req *http.Request) (*sheetBody, error) {
	var data []byte
	err := web.EachPart(req, func(p web.Part) (err error) {
		if p.FileName != "" && data == nil {
			data, err = io.ReadAll(io.LimitReader(p.Body, maxSheet+1))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, errs.New(errs.Invalid, "hit.sheet_missing")
	}
	heads := map[string]string{}
	for _, lang := range []string{"zh", "en"} {
		for _, c := range Columns() {
			heads[h.say(lang)("col_"+c, nil)] = c
		}
	}
	say := h.say(actor.Lang)
	got, err := h.s.EnterSheet(ctx, actor, data, heads, in.Dry)
	var bad *errs.Error
	if errors.As(err, &bad) && bad.Slug == "hit.sheet_columns" {
		bad.Params["column"] = say("col_"+bad.Params["column"].(string), nil)
	}
	if err != nil {
		return nil, err
	}
	out := &sheetBody{got.Rows, got.Added, got.Changed, got.Same, got.Faulty, make([]faultBody, len(got.Faults))}
	for i, f := range got.Faults {
		out.Faults[i] = faultBody{f.Row, say("col_"+f.Column, nil), say(f.Slug[len("hit."):], f.Params)}
	}
	return out, nil
}

type teardownBody struct {
	Rev       int      `json:"rev" doc:"0: nobody wrote yet"`
	Fields    Fields   `json:"fields"`
	Known     Fields   `json:"known" doc:"what the program knows"`
	Parts     []Part   `json:"parts"`
	By        string   `json:"by"`
	UpdatedAt clock.Ms `json:"updated_at" nullable:"true"`
}

func (h handlers) teardown(ctx context.Context, actor authz.Actor, in *oneIn) (*teardownBody, error) {
	t, err := h.s.Teardown(ctx, actor, in.ID, h.say(actor.Lang))
	return &teardownBody{t.Rev, t.Fields, t.Known, Parts(), t.By, t.UpdatedAt}, err
}

type saveTeardownIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Rev    int    `json:"rev" doc:"the version that was read"`
		Fields Fields `json:"fields"`
	}
}

type revBody struct {
	Rev int `json:"rev"`
}

func (h handlers) saveTeardown(ctx context.Context, actor authz.Actor, in *saveTeardownIn) (*revBody, error) {
	rev, err := h.s.SaveTeardown(ctx, actor, in.ID, in.Body.Rev, in.Body.Fields)
	return &revBody{rev}, err
}

type editionBody struct {
	Rev     int      `json:"rev"`
	By      string   `json:"by"`
	At      clock.Ms `json:"at"`
	Fields  Fields   `json:"fields"`
	Changed []string `json:"changed" doc:"fields that it says otherwise than the version before"`
}

type editionList struct {
	Items []editionBody `json:"items"`
}

func (h handlers) editions(ctx context.Context, actor authz.Actor, in *oneIn) (*editionList, error) {
	list, err := h.s.Editions(ctx, actor, in.ID)
	out := &editionList{Items: make([]editionBody, len(list))}
	for i, e := range list {
		out.Items[i] = editionBody(e)
	}
	return out, err
}

type madeBody struct {
	ItemID id.ID `json:"item_id" doc:"the template in the library"`
	Fresh  bool  `json:"fresh" doc:"made by this call"`
}

func (h handlers) makeTemplate(ctx context.Context, actor authz.Actor, in *oneIn) (*madeBody, error) {
	m, err := h.s.MakeTemplate(ctx, actor, in.ID)
	return &madeBody{m.ItemID, m.Fresh}, err
}

type comparedBody struct {
	Posts int     `json:"posts" doc:"posts that can be compared with the usual of their account"`
	Times float64 `json:"times" doc:"the middle post's times of its account's usual; 0 with none"`
	Above int     `json:"above" doc:"posts above their account's usual"`
}

type resultsBody struct {
	State               string       `json:"state" doc:"of the template"`
	Uses                int64        `json:"uses"`
	Posts               int64        `json:"posts"`
	Views               *int64       `json:"views" nullable:"true"`
	Interactions        *int64       `json:"interactions" nullable:"true"`
	Leads               *int64       `json:"leads" nullable:"true"`
	ComparedViews       comparedBody `json:"compared_views"`
	ComparedInteraction comparedBody `json:"compared_interactions"`
}

func (h handlers) results(ctx context.Context, actor authz.Actor, in *oneIn) (*resultsBody, error) {
	r, err := h.s.Results(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	o := r.Outcome
	return &resultsBody{o.State, o.Uses, o.Posts, o.Views, o.Interactions, o.Leads, comparedBody(r.Views), comparedBody(r.Interactions)}, nil
}

type nearBody struct {
	ID         id.ID     `json:"id"`
	Title      string    `json:"title"`
	Platform   string    `json:"platform"`
	URL        string    `json:"url"`
	Day        clock.Day `json:"day" nullable:"true"`
	Mine       bool      `json:"mine" doc:"of the caller's own units"`
	Star       bool      `json:"star" doc:"chosen by headquarters"`
	Metric     Metric    `json:"metric"`
	Mark       int       `json:"mark"`
	Times      float64   `json:"times" doc:"times the account's usual; 0 when entered"`
	Author     string    `json:"author"`
	Views      *int64    `json:"views" nullable:"true"`
	Lesson     Fields    `json:"lesson" doc:"opening, creative, emotion, usefulness"`
	TemplateID id.ID     `json:"template_id" nullable:"true" doc:"a template that can be used"`
}

type nearList struct {
	Items []nearBody `json:"items"`
}

func (h handlers) near(ctx context.Context, actor authz.Actor, _ *nothing) (*nearList, error) {
	list, err := h.s.Near(ctx, actor)
	out := &nearList{Items: make([]nearBody, len(list))}
	for i, n := range list {
		if n.Lesson == nil {
			n.Lesson = Fields{}
		}
		out.Items[i] = nearBody(n)
	}
	return out, err
}
