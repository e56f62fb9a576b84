package post

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// Events takes the room's facts; *jobs.Client is the one implementation.
type Events interface {
	Publish(ctx context.Context, tx *db.Tx, e jobs.Event) error
}

// Tell lets the room say which posts are new, renamed, gone or back. Until it is called nothing is said.
func (s *Service) Tell(events Events) { s.events = events }

// mostTold is how many posts one event names.
const mostTold = 1_000

// tell publishes which of the records have another text or state than before.
func (s *Service) tell(ctx context.Context, tx *db.Tx, brand id.ID, records []*record) error {
	if s.events == nil {
		return nil
	}
	var ids []id.ID
	for _, r := range records {
		if r.Title != r.titleBefore || r.Status != r.statusBefore {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, mostTold) {
		if err := s.events.Publish(ctx, tx, event.PostsChanged{BrandID: brand, PostIDs: part}); err != nil {
			return err
		}
	}
	return nil
}

// Words is a live post's text with what stands around it.
type Words struct {
	ID          id.ID    `db:"id"`
	AccountID   id.ID    `db:"account_id"`
	UnitID      id.ID    `db:"unit_id"`
	Platform    string   `db:"platform"`
	Kind        string   `db:"kind"`
	Title       string   `db:"title"`
	URL         string   `db:"url"`
	PublishedAt clock.Ms `db:"published_at"`
	AsOf        clock.Ms `db:"as_of"` // when it was last seen to stand
}

const wordsCols = "p.id, p.account_id, p.unit_id, p.platform, p.kind, p.title, p.url, p.published_at, p.as_of"

// WalkWords walks the live posts of the brand in order of id, limit at a time.
func (s *Service) WalkWords(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]Words, error) {
	return words(ctx, q, "SELECT "+wordsCols+" FROM post_post p"+db.IndexedBy(q, "ix_post_post__brand_id__id")+
		" WHERE p.brand_id = $1 AND p.id > $2 AND p.status = 'live' ORDER BY p.id LIMIT $3", int64(brand), int64(after), limit)
}

// WordsByID reads the live ones of ≤ 1,000 posts.
func (s *Service) WordsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Words, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	text := "SELECT " + wordsCols + " FROM post_post p" + db.IndexedBy(q, "ix_post_post__brand_id__id") + " WHERE p.brand_id = " + a.Add(int64(brand)) +
		" AND " + db.Among(q, &a, "p.id", ids) + " AND p.status = 'live' ORDER BY p.id"
	return words(ctx, q, text, a.Values...)
}

// WordsSpan is a part of the live posts by time of publishing, newest first; BeforeAt 0 begins at the newest.
type WordsSpan struct {
	From     clock.Ms
	BeforeAt clock.Ms
	BeforeID id.ID
	Limit    int
}

// WordsSince reads live posts published at or after a moment, newest first.
func (s *Service) WordsSince(ctx context.Context, q db.Querier, brand id.ID, x WordsSpan) ([]Words, error) {
	var a db.Args
	w := "p.brand_id = " + a.Add(int64(brand)) + " AND p.status <> 'gone' AND p.status = 'live' AND p.published_at >= " + a.Add(int64(x.From))
	if x.BeforeAt != 0 {
		w += " AND (p.published_at, p.id) < (" + a.Add(int64(x.BeforeAt)) + ", " + a.Add(int64(x.BeforeID)) + ")"
	}
	return words(ctx, q, "SELECT "+wordsCols+" FROM post_post p"+db.IndexedBy(q, "ix_post_post__published_at")+" WHERE "+w+
		" ORDER BY p.published_at DESC, p.id DESC LIMIT "+a.Add(x.Limit), a.Values...)
}

// CountWords counts the live posts of the brand.
func (s *Service) CountWords(ctx context.Context, q db.Querier, brand id.ID) (int64, error) {
	return db.One[int64](ctx, q, "SELECT COUNT(*) FROM post_post p WHERE p.brand_id = $1 AND p.status = 'live'", int64(brand))
}

// words reads rows of wordsCols; a walk over a million of them has no time for reflection.
func words(ctx context.Context, q db.Querier, text string, args ...any) ([]Words, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []Words
	for rows.Next() {
		var w Words
		if err := rows.Scan(&w.ID, &w.AccountID, &w.UnitID, &w.Platform, &w.Kind, &w.Title, &w.URL, &w.PublishedAt, &w.AsOf); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, rows.Err()
}
