package risk

import (
	"context"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/scan/similar"
)

// sameTexts are the texts this process knows, per brand.
type sameTexts struct {
	mu sync.Mutex
	by map[id.ID]*known
}

// known is a brand's index of post texts. It is filled on first use and then keeps up with what was imported or edited,
// whichever process did it.
type known struct {
	index   *similar.Index
	load    sync.Mutex
	filling chan struct{} // closed when every post is in; nil before the first use
	full    bool
	seen    clock.Ms // texts that became new before this are in
}

func (x *sameTexts) of(brand id.ID) *known {
	x.mu.Lock()
	defer x.mu.Unlock()
	k := x.by[brand]
	if k == nil {
		k = &known{index: similar.NewIndex()}
		x.by[brand] = k
	}
	return k
}

// Same is a known post with the same or nearly the same text. Score is 1 for the same text.
type Same struct {
	Known
	Account Label
	Score   float64
}

// Bounds of a look-up. Texts shorter than minSame say too little.
const (
	minSame   = 6
	leastSame = 0.6
	fillWait  = time.Second // how long a look-up waits for the index; then it looks through what is in
	maxSame   = 50
	overlapMs = 10_000 // a text written by a transaction that committed late is read again
)

// SameText finds known posts of the brand that say the same or nearly the same, best first. Whoever asks sees all: the
// caller cuts to what a person may see.
func (s *Service) SameText(ctx context.Context, brand id.ID, text string, limit int) ([]Same, error) {
	if utf8.RuneCountInString(text) < minSame {
		return nil, nil
	}
	k := s.same.of(brand)
	if err := s.catchUp(ctx, brand, k); err != nil {
		return nil, err
	}
	return s.sameShown(ctx, brand, k.index.Search(text, leastSame, min(limit, maxSame)*2), min(limit, maxSame))
}

// sameShown reads the posts behind matches and drops those that are live no more.
func (s *Service) sameShown(ctx context.Context, brand id.ID, found []similar.Match, limit int) ([]Same, error) {
	ids := make([]id.ID, len(found))
	score := make(map[id.ID]float64, len(found))
	for i, m := range found {
		ids[i], score[id.ID(m.ID)] = id.ID(m.ID), m.Score
	}
	list, err := s.Posts.ByID(ctx, s.DB, brand, ids)
	if err != nil {
		return nil, err
	}
	order := make(map[id.ID]int, len(ids))
	for i, x := range ids {
		order[x] = i
	}
	slices.SortFunc(list, func(a, b Known) int { return order[a.ID] - order[b.ID] })
	list = list[:min(len(list), limit)]
	accounts := make([]id.ID, len(list))
	for i := range list {
		accounts[i] = list[i].AccountID
	}
	labels, err := s.Labels.Accounts(ctx, s.DB, brand, accounts)
	out := make([]Same, len(list))
	for i := range list {
		out[i] = Same{list[i], labels[list[i].AccountID], score[list[i].ID]}
	}
	return out, err
}

// SameSeen is SameText cut to the units the actor may see. Errors: risk.text_short, those of Scope.
func (s *Service) SameSeen(ctx context.Context, actor authz.Actor, text string, limit int) ([]Same, error) {
	if utf8.RuneCountInString(text) < minSame {
		return nil, errs.Bad().Field("text", "risk.text_short", "min", minSame)
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	list, err := s.SameText(ctx, actor.BrandID, text, maxSame)
	if err != nil || scope.All {
		return list[:min(len(list), limit)], err
	}
	posts := make([]Known, len(list))
	for i := range list {
		posts[i] = list[i].Known
	}
	seen, err := unitsWithin(ctx, s.DB, scope, posts)
	list = slices.DeleteFunc(list, func(x Same) bool { return !seen[x.UnitID] })
	return list[:min(len(list), limit)], err
}

// catchUp brings the index in step with the store: all posts at first, which goes on beside when it takes longer than
// fillWait, then those whose text is new.
func (s *Service) catchUp(ctx context.Context, brand id.ID, k *known) error {
	k.load.Lock()
	if !k.full {
		filled := s.fillBeside(ctx, brand, k)
		k.load.Unlock()
		wait, cancel := context.WithTimeout(ctx, fillWait)
		defer cancel()
		select {
		case <-filled:
		case <-wait.Done():
		}
		return ctx.Err()
	}
	defer k.load.Unlock()
	for {
		fresh, err := freshTexts(ctx, s.DB, brand, k.seen, walkBatch)
		if err != nil || len(fresh) == 0 {
			return err
		}
		ids := make([]id.ID, len(fresh))
		for i := range fresh {
			ids[i] = fresh[i].ObjectID
		}
		for part := range slices.Chunk(ids, 1_000) {
			list, err := s.Posts.ByID(ctx, s.DB, brand, part)
			if err != nil {
				return err
			}
			k.take(list)
		}
		last := fresh[len(fresh)-1].TextAt
		if len(fresh) < walkBatch || last == k.seen {
			k.seen = max(k.seen, min(last, s.now()-overlapMs)+1)
			return nil
		}
		k.seen = last
	}
}

// fillBeside makes sure that somebody fills the index, and says when it is done. The caller holds k.load.
func (s *Service) fillBeside(ctx context.Context, brand id.ID, k *known) <-chan struct{} {
	if k.filling != nil {
		return k.filling
	}
	done := make(chan struct{})
	k.filling = done
	beside, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	go func() {
		defer cancel()
		defer close(done)
		began := s.now()
		err := s.fill(beside, brand, k)
		k.load.Lock()
		defer k.load.Unlock()
		k.seen, k.full = began-overlapMs, err == nil
		if err != nil {
			k.filling = nil // the next look-up tries again
		}
	}()
	return done
}

func (s *Service) fill(ctx context.Context, brand id.ID, k *known) error {
	after := id.ID(0)
	for {
		list, err := s.Posts.Walk(ctx, s.DB, brand, after, walkBatch)
		if err != nil {
			return err
		}
		k.take(list)
		if len(list) < walkBatch {
			return nil
		}
		after = list[len(list)-1].ID
	}
}

// take puts texts into the index, in place of what they were.
func (k *known) take(list []Known) {
	for i := range list {
		k.index.Remove(int64(list[i].ID))
		if utf8.RuneCountInString(list[i].Text) >= minSame {
			k.index.Add(int64(list[i].ID), list[i].Text)
		}
	}
}
