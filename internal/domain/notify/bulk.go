package notify

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Bulk is one notice for many people. Key is mandatory: it makes a repeated or resumed dispatch harmless.
type Bulk struct {
	Kind   string
	Key    string
	Params map[string]any
	Link   string
	Due    clock.Ms // when it shows; 0 is now
	Users  []id.ID  // in any order; 0 and repetitions are dropped
}

// Reached tells what became of a Bulk: the sum is the number of people it named.
type Reached struct {
	Sent   int64 // have the notice now
	Had    int64 // had it already
	Muted  int64 // switched the kind off
	Capped int64 // had the day's reminders already
	Folded int64 // had many of the kind: the newest says "and n more"
}

// SendBulk puts one notice to many people within the sender's transaction: a handful of statements per 5,000 people, no
// job and no event. A dispatch to very many people calls it page by page, in a transaction per page of at most 5,000, with
// the same key. Called by rooms, never by a route.
func (s *Service) SendBulk(ctx context.Context, tx *db.Tx, brand id.ID, b Bulk) (Reached, error) {
	var sum Reached
	k, known := s.kinds[b.Kind]
	if !known || b.Key == "" {
		return sum, fmt.Errorf("notify: a bulk needs a declared kind and a key, not %q, %q", b.Kind, b.Key)
	}
	params, err := encode(b.Kind, b.Params)
	if err != nil {
		return sum, err
	}
	users := slices.Clone(b.Users)
	slices.Sort(users)
	users = slices.DeleteFunc(slices.Compact(users), func(u id.ID) bool { return u == 0 })
	for part := range slices.Chunk(users, bulkChunk) {
		if err := s.bulk(ctx, tx, brand, k, bulkPart{b, params, part}, &sum); err != nil {
			return sum, err
		}
	}
	tx.AfterCommit(func() { s.hub.SignalAll(brand, users, TopicNotice) })
	return sum, nil
}

type bulkPart struct {
	Bulk
	params string
	users  []id.ID // sorted
}

func (s *Service) bulk(ctx context.Context, tx *db.Tx, brand id.ID, k Kind, b bulkPart, sum *Reached) error {
	g, err := s.gateOf(ctx, tx, brand, k, b.users)
	if err != nil {
		return err
	}
	had, err := selectHadKey(ctx, tx, brand, k.Key, b.Key, b.users)
	if err != nil {
		return err
	}
	var folds []id.ID
	pairs := make([][2]id.ID, 0, len(b.users))
	for _, u := range b.users {
		if had[u] {
			sum.Had++
			continue
		}
		switch newest, w := g.pass(u); w {
		case wayMuted:
			sum.Muted++
		case wayCapped:
			sum.Capped++
		case wayFold:
			sum.Folded++
			folds = append(folds, newest)
		default:
			pairs = append(pairs, [2]id.ID{u, s.IDs.New()})
		}
	}
	if len(folds) > 0 {
		if err := fold(ctx, tx, brand, folds); err != nil {
			return err
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	n, err := insertBulk(ctx, tx, bulkRow{brand: brand, kind: k.Key, key: b.Key, params: b.params, link: b.Link, due: cmp.Or(b.Due, s.now()), planned: g.planned}, pairs)
	sum.Sent += n
	sum.Had += int64(len(pairs)) - n // somebody else was faster
	return err
}
