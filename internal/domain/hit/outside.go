package hit

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
	"kosmos/internal/scan/link"
)

// Entry is a post that somebody enters. Text holds the link, or the whole text that an app shares.
type Entry struct {
	Text      string
	Kind      Kind
	Title     string
	Author    string
	Followers *int64
	Published clock.Day
	Views     *int64
	Given     Given
	Note      string
}

// Entered tells what became of an entry.
type Entered struct {
	ID    id.ID
	Known bool // it was there before
}

// entry is an Entry that was understood.
type entry struct {
	Entry
	link link.Link
	key  string
}

// read understands an entry, or says what is wrong with it by field.
func (e Entry) read(today clock.Day) (entry, error) {
	bad := errs.Bad()
	out := entry{Entry: e, link: link.Parse(e.Text)}
	out.Title, out.Author, out.Note = strings.TrimSpace(e.Title), strings.TrimSpace(e.Author), strings.TrimSpace(e.Note)
	if slug := refused(out.link); slug != "" {
		bad.Field("link", slug)
	}
	if !slices.Contains(Kinds(), e.Kind) {
		bad.Field("kind", "hit.kind")
	}
	for _, x := range []struct {
		field, text string
		max         int
	}{{"title", out.Title, maxTitle}, {"author", out.Author, maxName}, {"note", out.Note, maxNote}} {
		if utf8.RuneCountInString(x.text) > x.max {
			bad.Field(x.field, "hit.long", "max", x.max)
		}
	}
	if out.Title == "" && e.Kind != Own { // what the matrix published has its title here already
		bad.Field("title", "hit.title_missing")
	}
	for field, n := range map[string]*int64{
		"followers": e.Followers, "views": e.Views, "likes": e.Given.Likes, "comments": e.Given.Comments, "saves": e.Given.Saves, "shares": e.Given.Shares,
	} {
		if n != nil && (*n < 0 || *n > 100_000_000_000) {
			bad.Field(field, "hit.number")
		}
	}
	if e.Published > today {
		bad.Field("published", "hit.day_ahead")
	}
	out.key = out.link.Key()
	return out, bad.OrNil()
}

// refused says why a link names no post, "" when it does.
func refused(l link.Link) string {
	switch {
	case !l.Found():
		return "hit.link_none"
	case l.Platform == "" || len(l.URL) > maxURL:
		return "hit.link_unknown"
	case l.Kind == link.Profile:
		return "hit.link_profile"
	case l.Kind == link.Live:
		return "hit.link_live"
	case l.Kind == link.Other:
		return "hit.link_other"
	}
	return ""
}

// row makes the row of an entry of somebody else's post.
func (e *entry) row(made id.ID, unit id.ID, origin Origin, by string, now clock.Ms) hitRow {
	r := hitRow{
		ID: made, Key: e.key, Kind: e.Kind, Origin: origin, UnitID: unit, Platform: e.link.Platform, Title: e.Title, TitleNorm: post.NormTitle(e.Title), URL: e.link.URL, Author: e.Author,
		Followers: known(e.Followers), PublishedDay: e.Published, DayOnly: true, Views: known(e.Views), Interactions: e.Given.sum(), Note: e.Note, State: Listed, FoundAt: now, UpdatedAt: now, By: by,
	}
	if e.Published != 0 {
		r.PublishedAt = clock.MsOf(e.Published.In(clock.Shanghai()))
	}
	raw, err := json.Marshal(e.Given)
	if err != nil {
		panic(err) // plain numbers
	}
	r.Figures, r.Signals = string(raw), "[]"
	return r
}

// sum adds the known parts; post.Unknown when none is.
func (g Given) sum() int64 {
	n := post.Unknown
	for _, v := range []*int64{g.Likes, g.Comments, g.Saves, g.Shares} {
		if v != nil {
			n = max(n, 0) + *v
		}
	}
	return n
}

// Enter keeps a post that somebody saw. The same post again adds nothing and gives the one that is there; a post of the
// matrix becomes a hit of its own account, whoever's it was said to be. Errors: the fields of the entry, hit.not_ours,
// hit.unit_needed.
func (s *Service) Enter(ctx context.Context, actor authz.Actor, e Entry) (Entered, error) {
	x, err := e.read(s.today())
	if err != nil {
		return Entered{}, err
	}
	unit, err := s.unitOf(ctx, actor)
	if err != nil {
		return Entered{}, err
	}
	var out Entered
	ours, err := s.ours(ctx, s.DB, actor, []*entry{&x})
	if err != nil {
		return out, err
	}
	own, mine := ours[x.key]
	if x.Kind == Own && !mine {
		return out, errs.Bad().Field("link", "hit.not_ours")
	}
	row := x.row(s.IDs.New(), unit, ByLink, actor.Name, s.now())
	if mine {
		row = ownRow(row, own)
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		old, err := hitsByKey(ctx, tx, actor.BrandID, []string{row.Key})
		if err != nil {
			return err
		}
		if was, ok := old[row.Key]; ok {
			out = Entered{was.ID, true}
			return nil
		}
		out = Entered{row.ID, false}
		if _, err := insertHits(ctx, tx, actor.BrandID, []hitRow{row}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "hit.entered", UnitID: row.UnitID, Kind: "hit", Object: row.ID, Name: clip(row.Title, 60)})
	})
	return out, err
}

// ownRow turns an entry into a hit of the account whose post it is.
func ownRow(r hitRow, x post.Seen) hitRow {
	now := r.UpdatedAt
	r.Key, r.Kind, r.PostID, r.AccountID, r.Author = keyOf(x.ID), Own, x.ID, x.AccountID, ""
	r.show(x, now)
	r.PublishedDay, r.Figures = x.PublishedAt.Day(clock.Shanghai()), "{}"
	return r
}

// unitOf is the unit that an actor enters posts for: the whole brand, or the one unit he runs. Errors: hit.unit_needed.
func (s *Service) unitOf(ctx context.Context, actor authz.Actor) (id.ID, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	switch {
	case err != nil:
		return 0, err
	case scope.All:
		return s.Scopes.Root(ctx, s.DB, actor.BrandID)
	case len(scope.Roots) > 0:
		return scope.Roots[0], nil
	}
	return 0, errs.New(errs.Forbidden, "hit.unit_needed")
}

// ours finds, by key, the posts of the matrix that entries name, as far as the actor may see them.
func (s *Service) ours(ctx context.Context, q db.Querier, actor authz.Actor, list []*entry) (map[string]post.Seen, error) {
	out := map[string]post.Seen{}
	for _, e := range list {
		if e.link.ID == "" {
			continue
		}
		seen, err := s.Posts.SeenByExternal(ctx, q, actor.BrandID, e.link.Platform, e.link.ID)
		if err != nil {
			return nil, err
		}
		if len(seen) > 0 {
			out[e.key] = seen[0]
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	return out, s.onlyMine(ctx, q, actor, out)
}

// onlyMine drops posts of units that the actor may not see: to him they are posts of others.
func (s *Service) onlyMine(ctx context.Context, q db.Querier, actor authz.Actor, list map[string]post.Seen) error {
	scope, err := s.Scopes.Scope(ctx, q, actor, permWrite, "")
	if err != nil || scope.All {
		return err
	}
	units := make([]id.ID, 0, len(list))
	for _, x := range list {
		units = append(units, x.UnitID)
	}
	up, err := s.Scopes.Ancestors(ctx, q, actor.BrandID, units, clock.Forever)
	for k, x := range list {
		if !scope.Allows(up[x.UnitID]) {
			delete(list, k)
		}
	}
	return err
}
