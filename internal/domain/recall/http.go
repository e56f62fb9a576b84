package recall

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

const recallsPath = "/api/v1/recall/recalls"

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: "/api/v1/recall/preview", Summary: "How many live texts hold a claim, with samples; writes nothing", Permission: permWrite, Timeout: 20 * time.Second,
	}, h.preview)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: recallsPath, Summary: "Recalls, newest first", Permission: permRead}, h.list)
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: recallsPath, Summary: "Open a recall: every live text that holds the claim is found and its owner asked", Permission: permWrite,
		Idempotent: true, Status: http.StatusCreated,
	}, h.start)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: recallsPath + "/{id}", Summary: "One recall with its progress", Permission: permRead}, h.get)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: recallsPath + "/{id}/close", Summary: "Close a recall", Permission: permWrite}, h.close)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: recallsPath + "/{id}/units", Summary: "How each unit stands in a recall", Permission: permRead}, h.units)
	web.HandleDownload(r, web.Route{
		Method: http.MethodGet, Path: recallsPath + "/{id}/report.xlsx", Summary: "The recall with every text, proof and decision as a spreadsheet", Permission: permRead,
		Produces: web.XLSX, Timeout: -1,
	}, h.report)
	h.itemRoutes(r)
}

type previewIn struct {
	Body struct {
		Terms  []string `json:"terms" maxItems:"60" doc:"what must not stand any more, in any writing"`
		Except []string `json:"except" required:"false" maxItems:"60" doc:"longer phrases in which a term is harmless"`
		Unit   string   `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty for the caller's whole scope"`
	}
}

type labelBody struct {
	ID       id.ID  `json:"id"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
	Unit     string `json:"unit"`
	Member   string `json:"member"`
}

type sampleBody struct {
	Kind    string    `json:"kind" enum:"post,profile"`
	Content string    `json:"content"`
	Spans   []Span    `json:"spans" doc:"code points of content"`
	URL     string    `json:"url"`
	Account labelBody `json:"account"`
}

type previewBody struct {
	Looked   int64        `json:"looked"`
	Found    int64        `json:"found"`
	Accounts int64        `json:"accounts"`
	Whole    bool         `json:"whole" doc:"false when the time was up before every text was looked at"`
	Samples  []sampleBody `json:"samples"`
}

func label(account id.ID, l Label) labelBody {
	return labelBody{account, l.Handle, l.Name, l.Platform, l.Unit, l.Member}
}

func (h handlers) preview(ctx context.Context, actor authz.Actor, in *previewIn) (*previewBody, error) {
	// A little less than the route's time, so that what was seen until then can still be told.
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	p, err := h.s.Preview(ctx, actor, Claim{in.Body.Terms, in.Body.Except}, in.Body.Unit)
	if err != nil {
		return nil, err
	}
	out := &previewBody{Looked: p.Looked, Found: p.Found, Accounts: p.Accounts, Whole: p.Whole, Samples: make([]sampleBody, len(p.Samples))}
	for i, x := range p.Samples {
		out.Samples[i] = sampleBody{x.Text.Kind, x.Text.Content, x.Spans, x.Text.URL, label(x.Text.AccountID, x.Label)}
	}
	return out, nil
}

type startIn struct {
	Body struct {
		Terms   []string  `json:"terms" maxItems:"60" doc:"what must not stand any more, in any writing"`
		Except  []string  `json:"except" required:"false" maxItems:"60" doc:"longer phrases in which a term is harmless"`
		Title   string    `json:"title"`
		RuleID  string    `json:"rule_id" required:"false" maxLength:"100" doc:"the rule it comes from"`
		Action  Action    `json:"action" enum:"take_down,edit"`
		Reason  string    `json:"reason" doc:"why, as the owners read it"`
		Article string    `json:"article" required:"false" maxLength:"200" doc:"law or source"`
		Unit    string    `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty for the caller's whole scope"`
		Due     clock.Day `json:"due"`
	}
}

type startedBody struct {
	ID id.ID `json:"id"`
}

func (h handlers) start(ctx context.Context, actor authz.Actor, in *startIn) (*startedBody, error) {
	b := &in.Body
	made, err := h.s.Start(ctx, actor, Draft{b.Title, Claim{b.Terms, b.Except}, b.RuleID, b.Action, b.Reason, b.Article, b.Unit, b.Due})
	return &startedBody{made}, err
}

// recallBody is a recall on the wire.
type recallBody struct {
	ID        id.ID               `json:"id"`
	Title     string              `json:"title"`
	Terms     []string            `json:"terms"`
	Except    []string            `json:"except"`
	RuleID    string              `json:"rule_id"`
	Action    Action              `json:"action" enum:"take_down,edit"`
	Reason    string              `json:"reason"`
	Article   string              `json:"article"`
	UnitID    id.ID               `json:"unit_id"`
	Due       clock.Day           `json:"due"`
	Overdue   bool                `json:"overdue"`
	State     State               `json:"state" enum:"searching,open,closed"`
	Looked    int64               `json:"looked" doc:"texts the running search has looked at"`
	OpenedAt  clock.Ms            `json:"opened_at"`
	OpenedBy  string              `json:"opened_by"`
	ClosedAt  clock.Ms            `json:"closed_at" nullable:"true"`
	ClosedBy  string              `json:"closed_by"`
	CloseNote string              `json:"close_note"`
	Counts    map[ItemState]int64 `json:"counts" doc:"items by state: waiting, proved, done, harmless"`
}

func body(r Recall) recallBody {
	return recallBody{
		r.ID, r.Title, r.Claim.Terms, r.Claim.Except, r.RuleID, r.Action, r.Reason, r.Article, r.UnitID, r.Due, r.Overdue, r.State, r.Looked,
		r.OpenedAt, r.OpenedBy, r.ClosedAt, r.ClosedBy, r.ClosedN, r.Counts,
	}
}

type listIn struct {
	web.Paging
	State State `query:"state" enum:"searching,open,closed"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[recallBody], error) {
	mark := []any{actor.BrandID, in.State}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "id", mark, &before); err != nil {
		return nil, err
	}
	rows, err := h.s.List(ctx, actor, in.State, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]recallBody, len(rows))
	for i, r := range rows {
		items[i] = body(r)
	}
	next := ""
	if more {
		next = h.cursors.Next("id", mark, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

type oneIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *oneIn) (*recallBody, error) {
	r, err := h.s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	b := body(r)
	return &b, nil
}

type closeIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Note string `json:"note" required:"false" maxLength:"500" doc:"why, when texts are still waiting"`
	}
}

type nothing struct{}

func (h handlers) close(ctx context.Context, actor authz.Actor, in *closeIn) (*nothing, error) {
	return &nothing{}, h.s.Close(ctx, actor, in.ID, in.Body.Note)
}

type unitBody struct {
	UnitID id.ID               `json:"unit_id"`
	Counts map[ItemState]int64 `json:"counts"`
	First  clock.Ms            `json:"first_found"`
	Last   clock.Ms            `json:"last_decided" nullable:"true"`
}

type unitList struct {
	Items []unitBody `json:"items"`
}

func (h handlers) units(ctx context.Context, actor authz.Actor, in *oneIn) (*unitList, error) {
	rows, err := h.s.Report(ctx, actor, in.ID)
	out := &unitList{Items: make([]unitBody, len(rows))}
	for i, u := range rows {
		out.Items[i] = unitBody(u)
	}
	return out, err
}

// report writes one sheet with a row for every text.
func (h handlers) report(ctx context.Context, actor authz.Actor, in *oneIn) (*web.Download, error) {
	r, err := h.s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	lang := i18n.Match(actor.Lang)
	say := func(slug string) string { return h.texts.Text(lang, "recall."+slug, nil) }
	return &web.Download{Name: say("sheet_name") + " " + r.Title + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		x, err := sheet.NewXLSX(w)
		if err != nil {
			return err
		}
		if err := x.Sheet(say("sheet_name"), reportColumns(say)); err != nil {
			return err
		}
		var after id.ID
		for {
			items, err := h.s.Items(ctx, actor, r.ID, "", after, 500)
			if err != nil {
				return err
			}
			for _, it := range items {
				if err := x.Row(reportCells(it, say)...); err != nil {
					return err
				}
			}
			if len(items) < 500 {
				return x.Close()
			}
			after = items[len(items)-1].ObjectID
		}
	}}, nil
}

func reportColumns(say func(string) string) []sheet.Column {
	widths := []float64{40, 12, 20, 30, 12, 12, 12, 12, 30, 18, 12, 18, 12, 30, 30}
	out := make([]sheet.Column, 0, len(widths))
	for i, slug := range strings.Fields("content kind account unit member platform state proof note proved proved_by decided decided_by decision_note url") {
		out = append(out, sheet.Column{Title: say("col_" + slug), Width: widths[i]})
	}
	return out
}

func reportCells(it Item, say func(string) string) []any {
	proof := ""
	if it.Proof != "" {
		proof = say("proof_" + string(it.Proof))
	}
	name := it.Label.Name
	if name == "" {
		name = it.Label.Handle
	}
	by := it.DecidedBy
	if by == "" && it.DecidedAt != 0 {
		by = say("by_program")
	}
	return []any{
		it.Content, say("kind_" + it.Kind), name, it.Label.Unit, it.Label.Member, say("platform_" + it.Label.Platform), say("state_" + string(it.State)), proof,
		it.Note, moment(it.ProvedAt), it.ProvedBy, moment(it.DecidedAt), by, it.DecidedNote, it.URL,
	}
}

func moment(at clock.Ms) any {
	if at == 0 {
		return nil
	}
	return at.Time().In(clock.Shanghai()).Format("2006-01-02 15:04")
}
