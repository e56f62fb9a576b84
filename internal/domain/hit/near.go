package hit

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Near is a hit as somebody may learn from it. What comes from another store says neither whose it is nor its counts: a star
// shares what was done, not how others stand.
type Near struct {
	ID         id.ID
	Title      string
	Platform   string
	URL        string
	Day        clock.Day
	Mine       bool // of the actor's own units
	Star       bool
	Metric     Metric
	Mark       int
	Times      float64 // times the account's usual; 0 of posts that were entered
	Author     string  // the account, of the own units; the author of outside posts
	Views      *int64  // of the own units
	Lesson     Fields  // opening, creative point, emotion, usefulness, as far as taken apart
	TemplateID id.ID   // 0 while there is none that can be used
}

const (
	nearDays = 90
	nearMost = 30
)

// Near lists what the actor may learn from: hits of the own units of the last 90 days, and those that headquarters starred,
// starred ones first.
func (s *Service) Near(ctx context.Context, actor authz.Actor) ([]Near, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permNear, "")
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	rows, err := db.All[hitRow](ctx, s.DB, `SELECT `+hitColumns+` FROM hit_hit WHERE brand_id = `+a.Add(actor.BrandID)+` AND state = 'listed' AND (star_ms > 0 OR published_day >= `+
		a.Add(int64(s.today().Add(-nearDays)))+` AND `+scope.Where("unit_id", a)+`) ORDER BY CASE WHEN star_ms > 0 THEN 0 ELSE 1 END, published_day DESC, id DESC LIMIT `+a.Add(nearMost), a.Values...)
	if err != nil {
		return nil, err
	}
	mine, err := s.within(ctx, scope, rows)
	if err != nil {
		return nil, err
	}
	hits, err := s.dress(ctx, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	lessons, err := s.lessons(ctx, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	usable, err := s.usable(ctx, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	out := make([]Near, len(hits))
	for i := range hits {
		out[i] = nearOf(&hits[i], mine[hits[i].ID])
		out[i].Lesson = lessons[hits[i].ID]
		if usable[hits[i].TemplateID] {
			out[i].TemplateID = hits[i].TemplateID
		}
	}
	return out, nil
}

func nearOf(h *Hit, mine bool) Near {
	n := Near{ID: h.ID, Title: h.Title, Platform: h.Platform, URL: h.URL, Day: h.PublishedDay, Mine: mine, Star: h.StarAt != 0, Metric: h.Metric, Mark: h.Mark, Author: h.Author}
	if len(h.Signals) > 0 {
		n.Times = h.Signals[0].OwnTimes
	}
	if mine {
		n.Views = h.Views
		n.Author = cmp.Or(h.Author, h.Label.Name, h.Label.Handle)
	}
	return n
}

// within tells which rows lie in a scope.
func (s *Service) within(ctx context.Context, scope authz.Scope, rows []hitRow) (map[id.ID]bool, error) {
	var ids []id.ID
	for i := range rows {
		ids = append(ids, rows[i].ID)
	}
	out := map[id.ID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	a := &db.Args{}
	in, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM hit_hit WHERE brand_id = `+a.Add(scope.BrandID)+` AND `+db.Among(s.DB, a, "id", ids)+` AND `+scope.Where("unit_id", a), a.Values...)
	for _, x := range in {
		out[x] = true
	}
	return out, err
}

// lessons reads what teardowns say that a reader can learn from.
func (s *Service) lessons(ctx context.Context, brand id.ID, rows []hitRow) (map[id.ID]Fields, error) {
	var ids []id.ID
	for i := range rows {
		ids = append(ids, rows[i].ID)
	}
	out := map[id.ID]Fields{}
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		Hit    id.ID  `db:"hit_id"`
		Fields string `db:"fields"`
	}
	a := &db.Args{}
	list, err := db.All[row](ctx, s.DB, `SELECT hit_id, fields FROM hit_teardown WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(s.DB, a, "hit_id", ids), a.Values...)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		all, err := teardownRow{Fields: r.Fields}.fields()
		if err != nil {
			return nil, err
		}
		few := Fields{}
		for _, k := range []string{"opening", "creative", "emotion", "usefulness"} {
			if all[k] != "" {
				few[k] = all[k]
			}
		}
		out[r.Hit] = few
	}
	return out, nil
}

// usable tells which templates of the rows can be handed out.
func (s *Service) usable(ctx context.Context, brand id.ID, rows []hitRow) (map[id.ID]bool, error) {
	var ids []id.ID
	for i := range rows {
		if t := rows[i].TemplateID; t != 0 && !slices.Contains(ids, t) {
			ids = append(ids, t)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.Templates.Usable(ctx, s.DB, brand, ids)
}
