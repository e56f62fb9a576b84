package product

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// hear looks at posts that came in, were edited or went away: stale ones that show the old price no more settle, others
// that show one join.
func (s *Service) hear(ctx context.Context, actor authz.Actor, posts []id.ID) error {
	have, err := staleOf(ctx, s.DB, actor.BrandID, posts)
	if err != nil {
		return err
	}
	set, _, err := s.settings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	today := s.today(actor)
	list, err := changesSince(ctx, s.DB, actor.BrandID, today.Add(-set.WatchDays), idsOf(have, func(r staleRow) id.ID { return r.CheckID }))
	if err != nil || len(list) == 0 {
		return err
	}
	f, err := s.newFinder(ctx, s.DB, actor.BrandID, list, today)
	if err != nil {
		return err
	}
	now, err := s.Posts.Present(ctx, s.DB, actor.BrandID, posts)
	if err != nil {
		return err
	}
	live := make([]Post, 0, len(now))
	for _, p := range now {
		live = append(live, p)
	}
	found, err := s.look(ctx, actor.BrandID, f, live)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockStale(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		if err := s.mend(ctx, tx, actor, have, found, now); err != nil {
			return err
		}
		_, err := s.open(ctx, tx, actor, found)
		return err
	})
}

// mend calls stale posts fixed that are gone or no longer show the old price.
func (s *Service) mend(ctx context.Context, tx *db.Tx, actor authz.Actor, have []staleRow, found []seenText, now map[id.ID]Post) error {
	still := make(map[staleKey]bool, len(found))
	for _, x := range found {
		still[staleKey{x.product, x.object}] = true
	}
	all := authz.Scope{BrandID: actor.BrandID, All: true}
	var keys []string
	for _, r := range have {
		k := staleKey{r.ProductID, r.ObjectID}
		if r.State != Open || r.Kind != KindPost || still[k] {
			continue
		}
		how := "text_changed"
		if _, live := now[r.ObjectID]; !live {
			how = "gone"
		}
		done, err := decideStale(ctx, tx, all, k, Open, 0, verdict{To: Fixed, How: how, At: s.now()})
		if err != nil {
			return err
		}
		if done {
			keys = append(keys, r.TodoKey)
		}
	}
	return s.settle(ctx, tx, actor.BrandID, keys)
}

// contradict looks at what people called mended: a post that was seen with the old price after that is open again.
func (s *Service) contradict(ctx context.Context, actor authz.Actor) error {
	var after id.ID
	for {
		rows, err := claimedFixed(ctx, s.DB, actor.BrandID, after, walkBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].ObjectID
		posts, err := s.Posts.Present(ctx, s.DB, actor.BrandID, idsOf(rows, func(r staleRow) id.ID { return r.ObjectID }))
		if err != nil {
			return err
		}
		var seen []id.ID
		for _, r := range rows {
			if p, live := posts[r.ObjectID]; live && p.AsOf > r.DecidedAt {
				seen = append(seen, r.ObjectID)
			}
		}
		if len(seen) == 0 {
			continue
		}
		if err := s.hear(ctx, actor, idsOf(seen, func(x id.ID) id.ID { return x })); err != nil {
			return err
		}
	}
}

// hearTemplates looks again at templates with old prices: the library changed some.
func (s *Service) hearTemplates(ctx context.Context, actor authz.Actor) error {
	if s.Templates == nil {
		return nil
	}
	all := authz.Scope{BrandID: actor.BrandID, All: true}
	rows, err := listStale(ctx, s.DB, all, staleFilter{State: Open, Kind: KindTemplate, Limit: 10 * walkBatch})
	if err != nil || len(rows) == 0 {
		return err
	}
	list, err := changesOf(ctx, s.DB, actor.BrandID, idsOf(rows, func(r staleRow) id.ID { return r.CheckID }))
	if err != nil {
		return err
	}
	f, err := s.newFinder(ctx, s.DB, actor.BrandID, list, s.today(actor))
	if err != nil {
		return err
	}
	still := map[staleKey]bool{}
	live := map[id.ID]bool{}
	for product := range f.products {
		var after id.ID
		for {
			texts, err := s.Templates.WalkTexts(ctx, s.DB, actor.BrandID, product, after, walkBatch)
			if err != nil {
				return err
			}
			if len(texts) == 0 {
				break
			}
			after = texts[len(texts)-1].ID
			for _, t := range texts {
				live[t.ID] = true
			}
			for _, x := range lookTemplates(f, product, texts) {
				still[staleKey{x.product, x.object}] = true
			}
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.mendTemplates(ctx, tx, actor, rows, still, live) })
}

func (s *Service) mendTemplates(ctx context.Context, tx *db.Tx, actor authz.Actor, rows []staleRow, still map[staleKey]bool, live map[id.ID]bool) error {
	if err := lockStale(ctx, tx, actor.BrandID); err != nil {
		return err
	}
	all := authz.Scope{BrandID: actor.BrandID, All: true}
	var keys []string
	for _, r := range rows {
		k := staleKey{r.ProductID, r.ObjectID}
		if still[k] {
			continue
		}
		how := "gone"
		if live[r.ObjectID] {
			how = "text_changed"
		}
		done, err := decideStale(ctx, tx, all, k, Open, 0, verdict{To: Fixed, How: how, At: s.now()})
		if err != nil {
			return err
		}
		if done {
			keys = append(keys, r.TodoKey)
		}
	}
	return s.settle(ctx, tx, actor.BrandID, keys)
}
