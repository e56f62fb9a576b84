package library

import (
	"context"
	"io"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web"
)

const (
	gapPage     = 500
	mostGapRows = 200_000
)

// gapSheet writes the filtered list of accounts: three columns a pillar (posts, target, short), empty where nothing is known.
func (h handlers) gapSheet(ctx context.Context, actor authz.Actor, in *gapFilterIn) (*web.Download, error) {
	if _, err := h.s.Scopes.Scope(ctx, h.s.DB, actor, permRead, in.Unit); err != nil {
		return nil, err
	}
	set, err := h.s.Pillars(ctx, actor)
	if err != nil {
		return nil, err
	}
	lang := i18n.Match(actor.Lang)
	say := func(slug string) string { return h.texts.Text(lang, "library."+slug, nil) }
	cols := []sheet.Column{
		{Title: say("col_account"), Width: 24},
		{Title: say("col_platform")},
		{Title: say("col_account_kind")},
		{Title: say("col_unit"), Width: 30},
		{Title: say("col_member")},
		{Title: say("col_posts")},
		{Title: say("col_standing")},
		{Title: say("col_short")},
	}
	var shown []id.ID
	for _, p := range set.List {
		if p.Active {
			shown = append(shown, p.ID)
			cols = append(cols, sheet.Column{Title: p.Name}, sheet.Column{Title: p.Name + " " + say("col_target")}, sheet.Column{Title: p.Name + " " + say("col_short")})
		}
	}
	cols = append(cols, sheet.Column{Title: say("col_none")})
	return &web.Download{Name: say("sheet_gaps") + ".xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
		x, err := sheet.NewXLSX(w)
		if err != nil {
			return err
		}
		if err := x.Sheet(say("sheet_gaps"), cols); err != nil {
			return err
		}
		var after *GapPlace
		for n := 0; n < mostGapRows; n += gapPage {
			list, next, err := h.s.Gaps(ctx, actor, in.filter(), after, gapPage)
			if err != nil {
				return err
			}
			for i := range list {
				if err := x.Row(gapCells(&list[i], shown, say)...); err != nil {
					return err
				}
			}
			if after = next; next == nil {
				break
			}
		}
		return x.Close()
	}}, nil
}

func gapCells(g *SeatGap, pillars []id.ID, say func(string) string) []any {
	name := g.Label.Name
	if name == "" {
		name = g.Label.Handle
	}
	cells := []any{name, say("platform_" + g.Platform), say("account_" + g.Kind), g.Label.Unit, g.Label.Member, g.Posts, say("standing_" + string(g.Standing)), number(g.Short)}
	byID := make(map[id.ID]SeatPart, len(g.Parts))
	for _, p := range g.Parts {
		byID[p.PillarID] = p
	}
	for _, x := range pillars {
		p := byID[x]
		var target, short any
		if p.Target != nil {
			target = *p.Target
			if g.Short != nil {
				short = p.Short
			}
		}
		cells = append(cells, p.Posts, target, short)
	}
	return append(cells, byID[0].Posts)
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}
