package recall

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/scan"
)

// find is a text that holds the claim.
type find struct {
	text   Text
	spans  []Span
	member id.ID
}

// walk looks for a claim in the texts of a scope.
type walk struct {
	s     *Service
	brand id.ID
	m     *scan.Matcher
	scope authz.Scope
	hits  []scan.Hit
}

func (s *Service) newWalk(brand id.ID, c Claim, scope authz.Scope) (*walk, error) {
	m, err := c.matcher()
	return &walk{s: s, brand: brand, m: m, scope: scope}, err
}

// step looks at the next texts behind a place: what it found, where it stands now, and at how many it looked (0: the end).
func (w *walk) step(ctx context.Context, q db.Querier, at place) (found []find, next place, looked int, err error) {
	next = at
	texts, err := w.s.Texts.Walk(ctx, q, w.brand, Post, at.post, walkBatch)
	if err != nil {
		return nil, at, 0, err
	}
	if len(texts) > 0 {
		next.post = texts[len(texts)-1].ObjectID
	} else {
		if texts, err = w.s.Texts.Walk(ctx, q, w.brand, Profile, at.profile, walkBatch); err != nil || len(texts) == 0 {
			return nil, at, 0, err
		}
		next.profile = texts[len(texts)-1].ObjectID
	}
	for _, t := range texts {
		var spans []Span
		if spans, w.hits = spansOf(w.m, t.Content, w.hits); len(spans) > 0 {
			found = append(found, find{text: t, spans: spans})
		}
	}
	found, err = w.within(ctx, q, found)
	return found, next, len(texts), err
}

// within drops what lies outside the scope.
func (w *walk) within(ctx context.Context, q db.Querier, found []find) ([]find, error) {
	if w.scope.All || len(found) == 0 {
		return found, nil
	}
	units := make([]id.ID, len(found))
	for i, f := range found {
		units[i] = f.text.UnitID
	}
	slices.Sort(units)
	up, err := w.s.Scopes.Ancestors(ctx, q, w.brand, slices.Compact(units), clock.Forever)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(f find) bool { return !w.scope.Allows(up[f.text.UnitID]) }), nil
}

// search walks the texts that a recall has not seen, keeps what it finds, and opens the recall at the end. It goes on
// from its last place: a job that died costs one batch.
func (s *Service) search(ctx context.Context, actor authz.Actor, recall id.ID) error {
	row, err := getRecall(ctx, s.DB, actor.BrandID, recall)
	if db.NoRows(err) || row.State == Closed {
		return nil
	}
	if err != nil {
		return err
	}
	w, err := s.newWalk(actor.BrandID, row.claim, rowScope(actor.BrandID, row))
	if err != nil {
		return err
	}
	at := place{row.AtPost, row.AtProfile}
	for {
		found, next, looked, err := w.step(ctx, s.DB, at)
		if err != nil {
			return err
		}
		if looked == 0 {
			return s.searched(ctx, actor, row)
		}
		if err := s.keep(ctx, actor, row, found, next, looked); err != nil {
			return err
		}
		at = next
	}
}

// keep writes the finds of one step with the place behind them, in one transaction.
func (s *Service) keep(ctx context.Context, actor authz.Actor, row recallRow, found []find, next place, looked int) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := lockRecall(ctx, tx, actor.BrandID, row.ID)
		if err != nil {
			return err
		}
		if now.State == Closed {
			return nil
		}
		fresh, err := s.add(ctx, tx, actor, row, found, false)
		if err != nil {
			return err
		}
		if err := moveSearch(ctx, tx, actor.BrandID, row.ID, next, looked); err != nil || len(fresh) == 0 {
			return err
		}
		return s.tellFound(ctx, tx, actor, row, fresh)
	})
}

// add inserts the items that are not there yet and reopens those that were done and hold the claim again; both are fresh.
// Within the search a done item stays done: what a person proved is only upset by something newer (see hear.go).
func (s *Service) add(ctx context.Context, tx *db.Tx, actor authz.Actor, row recallRow, found []find, newer bool) ([]find, error) {
	if len(found) == 0 {
		return nil, nil
	}
	slices.SortFunc(found, func(a, b find) int { return int(min(max(a.text.ObjectID-b.text.ObjectID, -1), 1)) })
	ids := make([]id.ID, len(found))
	for i, f := range found {
		ids[i] = f.text.ObjectID
	}
	known, err := itemStates(ctx, tx, actor.BrandID, row.ID, ids)
	if err != nil {
		return nil, err
	}
	labels, err := s.labelsOf(ctx, tx, actor.BrandID, found)
	if err != nil {
		return nil, err
	}
	var fresh, again []find
	for _, f := range found {
		f.member = labels[f.text.AccountID].MemberID
		switch known[f.text.ObjectID] {
		case "":
			fresh = append(fresh, f)
		case Done:
			if newer {
				again = append(again, f)
			}
		case Waiting, Proved, Harmless:
		}
	}
	if err := insertItems(ctx, tx, actor.BrandID, row.ID, fresh, s.now()); err != nil {
		return nil, err
	}
	if err := reopenItems(ctx, tx, actor.BrandID, row.ID, again, s.now()); err != nil {
		return nil, err
	}
	return append(fresh, again...), nil
}

func (s *Service) labelsOf(ctx context.Context, q db.Querier, brand id.ID, found []find) (map[id.ID]Label, error) {
	accounts := make([]id.ID, len(found))
	for i, f := range found {
		accounts[i] = f.text.AccountID
	}
	return s.Accounts.Labels(ctx, q, brand, accounts)
}

// tellFound asks the owners and appends what was found to the chain of evidence.
func (s *Service) tellFound(ctx context.Context, tx *db.Tx, actor authz.Actor, row recallRow, found []find) error {
	todos := make([]Todo, len(found))
	objects := make([]string, len(found))
	texts := make(map[string]string, len(found))
	for i, f := range found {
		slug := "recall.todo_" + string(row.Action)
		if f.text.Kind == Profile {
			slug = "recall.todo_profile"
		}
		todos[i] = Todo{
			Key: todoKey(row.ID, f.text.ObjectID), Object: f.text.ObjectID, UnitID: f.text.UnitID, MemberID: f.member, DueDay: max(row.Due, s.today(actor)),
			Slug: slug, Params: map[string]any{"text": clip(f.text.Content, 30), "recall": row.Title}, Link: itemLink(row.ID, f.text.ObjectID),
		}
		objects[i] = f.text.ObjectID.String()
		texts[objects[i]] = f.text.Content
	}
	if err := s.Todos.Create(ctx, tx, actor.BrandID, todos); err != nil {
		return err
	}
	return s.Evidence.Append(ctx, tx, actor, Step{
		Kind: "recall.found", Object: row.ID, UnitID: row.UnitID, Body: map[string]any{"n": len(objects), "objects": objects}, Texts: texts,
	})
}

// searched opens a recall whose walk came to its end.
func (s *Service) searched(ctx context.Context, actor authz.Actor, row recallRow) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		first, err := openRecall(ctx, tx, actor.BrandID, row.ID)
		if err != nil || !first {
			return err
		}
		counts, err := countItems(ctx, tx, authz.Scope{BrandID: actor.BrandID, All: true}, []recallRow{row})
		if err != nil {
			return err
		}
		return s.Evidence.Append(ctx, tx, actor, Step{
			Kind: "recall.searched", Object: row.ID, UnitID: row.UnitID, Body: map[string]any{"n": counts[row.ID][Waiting]},
		})
	})
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
