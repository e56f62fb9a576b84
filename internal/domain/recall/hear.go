package recall

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// hear looks at texts that came in, were edited or went away, for every recall that is not closed.
func (s *Service) hear(ctx context.Context, actor authz.Actor, kind string, objects []id.ID) error {
	rows, err := liveRecalls(ctx, s.DB, actor.BrandID)
	if err != nil || len(rows) == 0 {
		return err
	}
	texts, err := s.Texts.Present(ctx, s.DB, actor.BrandID, kind, objects)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.hearOne(ctx, actor, r, objects, texts); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) hearOne(ctx context.Context, actor authz.Actor, row recallRow, objects []id.ID, texts map[id.ID]Text) error {
	w, err := s.newWalk(actor.BrandID, row.claim, rowScope(actor.BrandID, row))
	if err != nil {
		return err
	}
	var found []find
	var clean []id.ID
	for _, x := range objects {
		t, live := texts[x]
		var spans []Span
		if live {
			spans, w.hits = spansOf(w.m, t.Content, w.hits)
		}
		if len(spans) > 0 {
			found = append(found, find{text: t, spans: spans})
		} else {
			clean = append(clean, x)
		}
	}
	if found, err = w.within(ctx, s.DB, found); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := lockRecall(ctx, tx, actor.BrandID, row.ID)
		if err != nil || now.State == Closed {
			return err
		}
		if err := s.finish(ctx, tx, actor, row, clean, texts); err != nil {
			return err
		}
		fresh, err := s.add(ctx, tx, actor, row, found, true)
		if err != nil || len(fresh) == 0 {
			return err
		}
		return s.tellFound(ctx, tx, actor, row, fresh)
	})
}

// finish calls items done whose text is gone or no longer holds the claim: what came in is the proof.
func (s *Service) finish(ctx context.Context, tx *db.Tx, actor authz.Actor, row recallRow, clean []id.ID, texts map[id.ID]Text) error {
	if len(clean) == 0 {
		return nil
	}
	done, err := finishItems(ctx, tx, actor.BrandID, row.ID, clean, s.now())
	if err != nil || len(done) == 0 {
		return err
	}
	keys, objects := make([]string, len(done)), make([]string, len(done))
	now := map[string]string{}
	for i, x := range done {
		keys[i], objects[i] = todoKey(row.ID, x), x.String()
		if t, live := texts[x]; live {
			now[objects[i]] = t.Content
		}
	}
	if err := s.Todos.Settle(ctx, tx, actor.BrandID, keys); err != nil {
		return err
	}
	return s.Evidence.Append(ctx, tx, actor, Step{
		Kind: "recall.done", Object: row.ID, UnitID: row.UnitID,
		Body: map[string]any{"n": len(objects), "objects": objects, "proof": string(Reimport)}, Texts: now,
	})
}

// contradict looks at what people called done: a text that was seen to stand after that, and holds the claim, waits again.
func (s *Service) contradict(ctx context.Context, actor authz.Actor) error {
	rows, err := liveRecalls(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, kind := range []string{Post, Profile} {
			if err := s.contradictKind(ctx, actor, r, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) contradictKind(ctx context.Context, actor authz.Actor, row recallRow, kind string) error {
	after := id.ID(0)
	for {
		items, err := claimed(ctx, s.DB, actor.BrandID, row.ID, kind, after, walkBatch)
		if err != nil || len(items) == 0 {
			return err
		}
		after = items[len(items)-1].ObjectID
		ids := make([]id.ID, len(items))
		for i, it := range items {
			ids[i] = it.ObjectID
		}
		texts, err := s.Texts.Present(ctx, s.DB, actor.BrandID, kind, ids)
		if err != nil {
			return err
		}
		var stands []id.ID
		for _, it := range items {
			if t, live := texts[it.ObjectID]; live && t.AsOf > it.DecidedAt {
				stands = append(stands, it.ObjectID)
			}
		}
		if len(stands) == 0 {
			continue
		}
		if err := s.hearOne(ctx, actor, row, stands, texts); err != nil {
			return err
		}
	}
}

func rowScope(brand id.ID, row recallRow) authz.Scope {
	if row.UnitID == 0 {
		return authz.Scope{BrandID: brand, All: true}
	}
	return authz.Scope{BrandID: brand, Roots: []id.ID{row.UnitID}}
}
