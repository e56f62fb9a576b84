package campaign

import (
	"context"
	"io"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
)

// WriteResults writes a result as a workbook of three sheets: figures, units, posts. say gives a heading. The export leaves an
// entry in the trail.
func (s *Service) WriteResults(ctx context.Context, actor authz.Actor, w io.Writer, r *Result, say func(slug string) string) error {
	x, err := sheet.NewXLSX(w)
	if err != nil {
		return err
	}
	if err := figuresSheet(x, r, say); err != nil {
		return err
	}
	if err := unitsSheet(x, r, say); err != nil {
		return err
	}
	if err := s.postsSheet(ctx, actor, x, r, say); err != nil {
		return err
	}
	if err := x.Close(); err != nil {
		return err
	}
	return s.DB.Tx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "campaign.exported", UnitID: r.Unit.ID, Kind: "campaign", Name: r.Title, Counts: map[string]int64{"posts": int64(len(r.posts))}})
	})
}

// cell is a figure for a sheet: empty when nobody told it.
func cell(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

func figuresSheet(x *sheet.XLSXWriter, r *Result, say func(string) string) error {
	if err := x.Sheet(say("sheet_figures"), []sheet.Column{{Title: say("col_figure"), Width: 28}, {Title: say("col_value"), Width: 20}}); err != nil {
		return err
	}
	rows := []struct {
		slug  string
		value any
	}{
		{"col_title", r.Title},
		{"col_unit", pathOf(r.Unit)},
		{"col_people", r.People},
		{"col_took_part", r.TookPart},
		{"col_units", r.Units},
		{"col_units_part", r.UnitsPart},
		{"col_posts", r.Sum.Posts},
		{"col_views", cell(r.Sum.Views)},
		{"col_interactions", cell(r.Sum.Interactions)},
		{"col_official_posts", r.Official.Posts},
		{"col_official_views", cell(r.Official.Views)},
		{"col_dealer_posts", r.Dealers.Posts},
		{"col_dealer_views", cell(r.Dealers.Views)},
		{"col_cost", yuan(r.CostFen)},
		{"col_lessons", r.Lessons},
	}
	for _, row := range rows {
		if err := x.Row(say(row.slug), row.value); err != nil {
			return err
		}
	}
	for _, d := range r.Curve {
		if err := x.Row(d.Day.String(), d.Posts); err != nil {
			return err
		}
	}
	return nil
}

func yuan(fen *int64) any {
	if fen == nil {
		return nil
	}
	return float64(*fen) / 100
}

func unitsSheet(x *sheet.XLSXWriter, r *Result, say func(string) string) error {
	cols := []string{"col_unit", "col_total", "col_read", "col_done", "col_waiting", "col_declined", "col_posts", "col_views", "col_interactions"}
	if err := x.Sheet(say("sheet_units"), columns(cols, say)); err != nil {
		return err
	}
	for _, u := range r.ByUnit {
		st := u.Counts.States
		err := x.Row(u.Unit.Name, u.Counts.Total(), u.Counts.Read, st[Passed]+st[Settled], st[Given]+st[Accepted]+st[Rejected], st[Declined], u.Sum.Posts, cell(u.Sum.Views), cell(u.Sum.Interactions))
		if err != nil {
			return err
		}
	}
	return nil
}

func columns(slugs []string, say func(string) string) []sheet.Column {
	out := make([]sheet.Column, len(slugs))
	for i, s := range slugs {
		out[i] = sheet.Column{Title: say(s), Width: 16}
	}
	return out
}

func (s *Service) postsSheet(ctx context.Context, actor authz.Actor, x *sheet.XLSXWriter, r *Result, say func(string) string) error {
	cols := []string{"col_title", "col_platform", "col_account", "col_unit", "col_published", "col_views", "col_interactions", "col_link"}
	if err := x.Sheet(say("sheet_posts"), columns(cols, say)); err != nil {
		return err
	}
	for part := range slices.Chunk(r.posts, 1000) {
		var accounts []id.ID
		for i := range part {
			accounts = append(accounts, part[i].AccountID)
		}
		labels, err := s.Accounts.Labels(ctx, s.DB, actor.BrandID, unique(accounts))
		if err != nil {
			return err
		}
		for i := range part {
			p := &part[i]
			l := labels[p.AccountID]
			err := x.Row(p.Title, say("platform_"+p.Platform), l.Name, l.UnitPath, p.PublishedAt.Time().Format("2006-01-02 15:04"), cell(p.Views), cell(p.Interactions), p.URL)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func resultsOf(r *Result) *resultsBody {
	out := &resultsBody{
		UnitID: r.Unit.ID, Unit: pathOf(r.Unit), Counts: countsOf(r.Counts), People: r.People, TookPart: r.TookPart, UnitsAll: r.Units, UnitsPart: r.UnitsPart,
		Target: r.Target, Sum: sumBody(r.Sum), Official: sumBody(r.Official), Dealers: sumBody(r.Dealers), Curve: make([]dayBody, len(r.Curve)),
		Units: make([]unitResultBody, len(r.ByUnit)), Best: make([]postResultBody, len(r.Best)), TookPartBy: againstOf(&r.Participants), StayedAway: againstOf(&r.Others),
		OfficialFan: followersBody(r.OfficialFans), MatrixFan: followersBody(r.MatrixFans), CostFen: r.CostFen, AsOf: r.AsOf, Lessons: r.Lessons,
	}
	for i, d := range r.Curve {
		out.Curve[i] = dayBody(d)
	}
	for i, u := range r.ByUnit {
		out.Units[i] = unitResultBody{u.Unit.ID, u.Unit.Name, countsOf(u.Counts), sumBody(u.Sum)}
	}
	for i := range r.Best {
		p := &r.Best[i]
		l := r.Names[p.AccountID]
		out.Best[i] = postResultBody{p.ID, p.Title, p.URL, p.Platform, l.Name, l.UnitPath, p.PublishedAt, p.Views, p.Interactions}
	}
	return out
}

func againstOf(g *Group) againstBody {
	posts := func(told bool, n int64) *float64 {
		if !told {
			return nil
		}
		return g.perDay(&n)
	}
	return againstBody{
		Accounts: g.Accounts, Days: g.Days, PostsBefore: posts(g.toldBefore, g.Before.Posts), PostsDuring: posts(g.toldNow, g.During.Posts),
		ViewsBefore: g.perDay(g.Before.Views), ViewsDuring: g.perDay(g.During.Views), InteractionBefore: g.perDay(g.Before.Interactions), InteractionDuring: g.perDay(g.During.Interactions),
	}
}
