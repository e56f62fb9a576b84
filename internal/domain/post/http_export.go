package post

import (
	"context"
	"io"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
)

// exportPage is how many posts an export reads at once; maxExport bounds its rows.
const (
	exportPage = 1_000
	maxExport  = 200_000
)

func (h handlers) exportRoutes(r *web.Router) {
	web.HandleDownload(r, web.Route{
		Method: "GET", Path: "/api/v1/post/posts.xlsx", Summary: "The filtered list of posts as a spreadsheet", Permission: "post.export",
		Produces: web.XLSX, Timeout: -1,
	}, h.export)
}

type exportIn struct {
	filterIn
	Sort string `query:"sort" enum:"published_at,views,likes,interactions,-published_at,-views,-likes,-interactions" default:"-published_at" doc:"always the highest first"`
}

func (h handlers) export(ctx context.Context, actor authz.Actor, in *exportIn) (*web.Download, error) {
	if _, err := h.s.scoper.Scope(ctx, h.s.db, actor, "post.export", in.Unit); err != nil {
		return nil, err
	}
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	lang := i18n.Match(actor.Lang)
	say := func(slug string) string { return h.texts.Text(lang, "post."+slug, nil) }
	return &web.Download{Name: say("export_name") + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		x, err := sheet.NewXLSX(w)
		if err != nil {
			return err
		}
		if err := x.Sheet(say("export_name"), exportColumns(say)); err != nil {
			return err
		}
		if err := h.exportRows(ctx, actor, filter, Sort(strings.TrimPrefix(in.Sort, "-")), rowsTo{say, x}); err != nil {
			return err
		}
		return x.Close()
	}}, nil
}

// rowsTo is where an export's rows go, and in which words.
type rowsTo struct {
	say   func(string) string
	sheet sheet.Writer
}

// exportRows walks the list to its end, or to maxExport rows.
func (h handlers) exportRows(ctx context.Context, actor authz.Actor, filter Filter, sort Sort, to rowsTo) error {
	var after *Place
	for n := 0; n < maxExport; n += exportPage {
		posts, err := h.s.List(ctx, actor, filter, sort, after, exportPage+1)
		if err != nil {
			return err
		}
		posts, more := web.Cut(posts, exportPage)
		bodies, err := h.bodies(ctx, actor.BrandID, posts)
		if err != nil {
			return err
		}
		for i := range bodies {
			if err := to.sheet.Row(exportCells(&bodies[i], to.say)...); err != nil {
				return err
			}
		}
		if !more {
			return nil
		}
		last := &posts[len(posts)-1]
		after = &Place{last.sortValue(sort), last.ID}
	}
	return nil
}

func exportColumns(say func(string) string) []sheet.Column {
	cols := []sheet.Column{
		{Title: say("col_title"), Width: 40},
		{Title: say("col_platform")},
		{Title: say("col_account"), Width: 20},
		{Title: say("col_unit"), Width: 30},
		{Title: say("col_member")},
		{Title: say("col_kind")},
		{Title: say("col_published"), Width: 18},
		{Title: say("col_status")},
	}
	for _, slug := range append(counterSlugs(), "interactions") {
		cols = append(cols, sheet.Column{Title: say("col_" + slug)})
	}
	return append(cols, sheet.Column{Title: say("col_as_of"), Width: 18}, sheet.Column{Title: say("col_origin")}, sheet.Column{Title: say("col_url"), Width: 30})
}

func exportCells(b *Body, say func(string) string) []any {
	shown := b.Account.Name
	if shown == "" {
		shown = b.Account.Handle
	}
	at := moment(b.PublishedAt)
	if b.DayOnly && len(at) > 10 {
		at = at[:10]
	}
	kind := ""
	if b.Kind != "" {
		kind = say("kind_" + b.Kind)
	}
	cells := []any{b.Title, say("platform_" + b.Platform), shown, b.Account.UnitPath, b.Account.Member, kind, at, say("status_" + b.Status)}
	for _, v := range []*int64{b.Impressions, b.Views, b.Likes, b.Comments, b.Saves, b.Shares, b.FollowersGained, b.Interactions} {
		if v == nil {
			cells = append(cells, nil)
		} else {
			cells = append(cells, *v)
		}
	}
	return append(cells, moment(b.AsOf), say("origin_"+b.Origin), b.URL)
}

// moment writes a time as people read it; empty when unknown.
func moment(ms clock.Ms) string {
	if ms == 0 {
		return ""
	}
	return ms.Time().In(clock.Shanghai()).Format("2006-01-02 15:04")
}
