package insight

import (
	"context"
	"io"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
)

// maxExport bounds the rows of a spreadsheet.
const maxExport = 200_000

func (h handlers) exportRoutes(r *web.Router) {
	const export = "insight.export"
	web.HandleDownload(r, web.Route{Method: "GET", Path: "/api/v1/insight/rows.xlsx", Summary: "The accounts behind a figure as a spreadsheet", Permission: export, Produces: web.XLSX}, h.rowsSheet)
	web.HandleDownload(r, web.Route{Method: "GET", Path: "/api/v1/insight/leaderboard.xlsx", Summary: "A leaderboard as a spreadsheet", Permission: export, Produces: web.XLSX}, h.boardSheet)
	web.HandleDownload(r, web.Route{Method: "GET", Path: "/api/v1/insight/overview.xlsx", Summary: "An overview as a spreadsheet", Permission: export, Produces: web.XLSX}, h.overviewSheet)
}

// table is a spreadsheet to be written.
type table struct {
	name string
	cols []sheet.Column
	rows [][]any
}

func (t table) download() *web.Download {
	return &web.Download{Name: t.name + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		x, err := sheet.NewXLSX(w)
		if err != nil {
			return err
		}
		if err := x.Sheet(t.name, t.cols); err != nil {
			return err
		}
		for _, r := range t.rows {
			if err := x.Row(r...); err != nil {
				return err
			}
		}
		return x.Close()
	}}
}

// say gives the room's texts in the caller's language.
func (h handlers) say(actor authz.Actor) func(slug string) string {
	lang := i18n.Match(actor.Lang)
	return func(slug string) string { return h.texts.Text(lang, "insight."+slug, nil) }
}

func accountCols(say func(string) string) []sheet.Column {
	return []sheet.Column{{Title: say("col_account"), Width: 24}, {Title: say("col_platform")}, {Title: say("col_kind")}, {Title: say("col_unit"), Width: 30}, {Title: say("col_member")}}
}

func accountCells(l *AccountLabel, say func(string) string) []any {
	shown := l.Name
	if shown == "" {
		shown = l.Handle
	}
	return []any{shown, say("platform_" + l.Platform), say("kind_" + l.Kind), l.UnitPath, l.Member}
}

func named(what string, p Period) string { return what + " " + p.From.String() + "–" + p.To.String() }

type rowsSheetIn struct{ rowsFilter }

func (h handlers) rowsSheet(ctx context.Context, actor authz.Actor, in *rowsSheetIn) (*web.Download, error) {
	q, err := h.query(&in.rowsFilter, maxExport)
	if err != nil {
		return nil, err
	}
	scores, err := h.s.Rows(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	rows, err := h.label(ctx, actor, q, scores)
	if err != nil {
		return nil, err
	}
	say := h.say(actor)
	figure := say("figure_" + q.Figure)
	t := table{name: named(figure, q.Period), cols: append(accountCols(say), sheet.Column{Title: figure}, sheet.Column{Title: say("col_previous")})}
	for i := range rows {
		t.rows = append(t.rows, append(accountCells(&rows[i].Account, say), rows[i].Value, number(rows[i].Previous)))
	}
	return t.download(), nil
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func (h handlers) boardSheet(ctx context.Context, actor authz.Actor, in *boardIn) (*web.Download, error) {
	q, err := h.board(in)
	if err != nil {
		return nil, err
	}
	b, err := h.s.Leaderboard(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	say := h.say(actor)
	t := table{name: named(say("figure_"+b.Metric), b.Period), cols: append([]sheet.Column{{Title: say("col_place")}}, append(accountCols(say), sheet.Column{Title: say("figure_" + b.Metric)})...)}
	for i := range b.Items {
		t.rows = append(t.rows, append(append([]any{b.Items[i].Place}, accountCells(&b.Items[i].Account, say)...), b.Items[i].Value))
	}
	return t.download(), nil
}

type overviewSheetIn struct{ periodIn }

func (h handlers) overviewSheet(ctx context.Context, actor authz.Actor, in *overviewSheetIn) (*web.Download, error) {
	o, err := h.overview(ctx, actor, &in.periodIn)
	if err != nil {
		return nil, err
	}
	say := h.say(actor)
	t := table{name: named(say("overview"), o.Period), cols: []sheet.Column{{Title: say("col_figure"), Width: 20}, {Title: say("col_value")}, {Title: say("col_previous")}, {Title: say("col_peer")}}}
	for _, f := range o.list() {
		var peer any
		if f.figure.Peer != nil {
			peer = strconv.FormatFloat(*f.figure.Peer, 'f', 1, 64)
		}
		t.rows = append(t.rows, []any{say("figure_" + f.slug), number(f.figure.Value), number(f.figure.Previous), peer})
	}
	for _, p := range o.Platforms {
		for _, slug := range valueCols() {
			t.rows = append(t.rows, []any{say("platform_"+p.Key) + " · " + say("figure_"+slug), p.Values[slug], p.Previous[slug], nil})
		}
	}
	return t.download(), nil
}

// namedFigure is a figure with its slug.
type namedFigure struct {
	slug   string
	figure *Figure
}

// list gives the figures in the order people read them.
func (o *Overview) list() []namedFigure {
	f := &o.Figures
	return []namedFigure{
		{"accounts", &f.Accounts},
		{"active", &f.Active},
		{"asleep", &f.Asleep},
		{"abnormal", &f.Abnormal},
		{"posts", &f.Posts},
		{"lives", &f.Lives},
		{"views", &f.Views},
		{"likes", &f.Likes},
		{"comments", &f.Comments},
		{"saves", &f.Saves},
		{"shares", &f.Shares},
		{"interactions", &f.Interactions},
		{"followers_gained", &f.FollowersDelta},
		{"leads", &f.Leads},
		{"inquiries", &f.Inquiries},
		{"replies", &f.Replies},
	}
}
