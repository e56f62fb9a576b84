package post

import (
	"context"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Post is a published work with its newest known counters.
type Post struct {
	ID, AccountID, UnitID  id.ID
	Platform               string
	ExternalID, URL        string
	Title, TitleNorm, Kind string
	PublishedAt            clock.Ms
	PublishedDay           clock.Day
	DayOnly                bool
	Status                 Status
	DeletedDay             clock.Day // the first day a source called it deleted; 0 when none did
	AsOf                   clock.Ms
	Origin                 Origin
	Fell                   uint16 // counters (bit = Counter) that fell at some time
	Counters               Counters
}

// Interactions sums the known parts; known is false when the platform told none of them.
func (p *Post) Interactions() (sum int64, known bool) {
	for c := Likes; c <= Shares; c++ {
		if v, ok := p.Counters.Get(c); ok {
			sum, known = sum+v, true
		}
	}
	return sum, known
}

const postCols = `p.account_id, p.id, p.unit_id, p.platform, p.external_id, p.url, p.title, p.title_norm, p.kind, p.published_at,
	p.published_day, p.day_only, p.status, p.as_of, p.origin, p.fell, p.impressions, p.views, p.likes, p.comments, p.saves, p.shares, p.followers_gained, p.deleted_day`

// scanPost reads one row of postCols; -1 and NULL are "not known".
func scanPost(rows db.Rows) (Post, error) {
	var p Post
	var status, origin string
	var fell int64
	var v [NumPostCounters]int64
	var gained *int64
	err := rows.Scan(&p.AccountID, &p.ID, &p.UnitID, &p.Platform, &p.ExternalID, &p.URL, &p.Title, &p.TitleNorm, &p.Kind, &p.PublishedAt,
		&p.PublishedDay, &p.DayOnly, &status, &p.AsOf, &origin, &fell, &v[Impressions], &v[Views], &v[Likes], &v[Comments], &v[Saves], &v[Shares], &gained, &p.DeletedDay)
	if err != nil {
		return p, err
	}
	p.Status, p.Origin, p.Fell = Status(status), Origin(origin), uint16(fell)
	p.learn(&v, gained)
	return p, nil
}

// unknown is how a counter that is a sort column is stored when nobody told it.
const unknown = -1

func eachPost(ctx context.Context, q db.Querier, query string, a *db.Args, fn func(Post) error) error {
	rows, err := q.Query(ctx, query, a.Values...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		p, err := scanPost(rows)
		if err != nil {
			return err
		}
		if err := fn(p); err != nil {
			return err
		}
	}
	return rows.Err()
}

// shownCols are what a list shows of a post.
const shownCols = `p.account_id, p.id, p.platform, p.external_id, p.url, p.title, p.kind, p.published_at, p.day_only, p.status, p.as_of, p.origin, p.fell,
	p.impressions, p.views, p.likes, p.comments, p.saves, p.shares, p.followers_gained`

// scanShown reads rows of shownCols into the posts of a list; one set of plain variables serves every row.
func scanShown(rows db.Rows, limit int) ([]Post, error) {
	defer func() { _ = rows.Close() }()
	out := make([]Post, 0, limit)
	var p Post
	var account, post, published, asOf, fell int64
	var v [NumPostCounters]int64
	var gained *int64
	var status, origin string
	dest := []any{
		&account, &post, &p.Platform, &p.ExternalID, &p.URL, &p.Title, &p.Kind, &published, &p.DayOnly, &status, &asOf, &origin, &fell,
		&v[Impressions], &v[Views], &v[Likes], &v[Comments], &v[Saves], &v[Shares], &gained,
	}
	for rows.Next() {
		p.Counters = Counters{}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		p.AccountID, p.ID, p.PublishedAt, p.AsOf = id.ID(account), id.ID(post), clock.Ms(published), clock.Ms(asOf)
		p.Status, p.Origin, p.Fell = Status(status), Origin(origin), uint16(fell)
		p.learn(&v, gained)
		out = append(out, p)
	}
	return out, rows.Err()
}

// learn takes stored counters over; -1 and NULL are "not known".
func (p *Post) learn(v *[NumPostCounters]int64, gained *int64) {
	for c := Impressions; c < FollowersGained; c++ {
		if v[c] != unknown {
			p.Counters.Set(c, v[c])
		}
	}
	if gained != nil {
		p.Counters.Set(FollowersGained, *gained)
	}
}

func eachRecord(ctx context.Context, q db.Querier, where string, a *db.Args, fn func(*record) error) error {
	return eachPost(ctx, q, "SELECT "+postCols+" FROM post_post p WHERE "+where, a, func(p Post) error {
		return fn(&record{Post: p, dayBefore: p.PublishedDay, kindBefore: p.Kind, titleBefore: p.Title, statusBefore: p.Status})
	})
}

// loadSnaps reads the live snapshots of the records.
func loadSnaps(ctx context.Context, q db.Querier, brand id.ID, records []*record) error {
	if len(records) == 0 {
		return nil
	}
	byID := make(map[id.ID]*record, len(records))
	pairs := make([][2]id.ID, len(records))
	for i, r := range records {
		byID[r.ID], pairs[i] = r, [2]id.ID{r.AccountID, r.ID}
	}
	var a db.Args
	// CROSS JOIN keeps SQLite at one key look-up per post; left alone it scanned all snapshots for each.
	from := " FROM " + db.PairList(q, &a, pairs) + " k CROSS JOIN post_snapshot s WHERE s.brand_id = " + a.Add(brand) + " AND s.account_id = k.a AND s.post_id = k.b"
	return eachSnap(ctx, q, from, &a, func(post id.ID, s told) {
		r := byID[post]
		if s.dead {
			r.dead = append(r.dead, s.Snap)
			return
		}
		r.before = append(r.before, s.Snap)
	})
}

// told is a stored snapshot.
type told struct {
	Snap
	origin Origin
	dead   bool
}

// eachSnap reads post snapshots, dead ones too; tail is everything from FROM on, with the snapshot as s.
func eachSnap(ctx context.Context, q db.Querier, tail string, a *db.Args, fn func(post id.ID, s told)) error {
	rows, err := q.Query(ctx, `SELECT s.post_id, s.as_of, s.learned_at, s.origin, s.dead, s.impressions, s.views, s.likes, s.comments, s.saves, s.shares, s.followers_gained`+tail, a.Values...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var post, asOf, learned int64
		var origin string
		var dead bool
		var v [NumPostCounters]*int64
		if err := rows.Scan(&post, &asOf, &learned, &origin, &dead, &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6]); err != nil {
			return err
		}
		s := Snap{AsOf: clock.Ms(asOf), LearnedAt: clock.Ms(learned), Class: Origin(origin).Class()}
		for c, x := range v {
			if x != nil {
				s.Counters.Set(Counter(c), *x)
			}
		}
		fn(id.ID(post), told{s, Origin(origin), dead})
	}
	return rows.Err()
}

func postColumns() []string {
	return []string{
		"brand_id", "account_id", "id", "unit_id", "platform", "external_id", "url", "title", "title_norm", "kind", "published_at", "published_day",
		"day_only", "status", "as_of", "origin", "fell", "impressions", "views", "likes", "comments", "saves", "shares", "followers_gained", "interactions", "deleted_day",
	}
}

func (p *Post) row(brand id.ID) []any {
	stored := func(c Counter) int64 {
		if v, ok := p.Counters.Get(c); ok {
			return v
		}
		return unknown
	}
	interactions, ok := p.Interactions()
	if !ok {
		interactions = unknown
	}
	return []any{
		int64(brand), int64(p.AccountID), int64(p.ID), int64(p.UnitID), p.Platform, p.ExternalID, p.URL, p.Title, p.TitleNorm, p.Kind, int64(p.PublishedAt),
		int64(p.PublishedDay), p.DayOnly, string(p.Status), int64(p.AsOf), string(p.Origin), int64(p.Fell), stored(Impressions), stored(Views), stored(Likes),
		stored(Comments), stored(Saves), stored(Shares), nullable(p.Counters, FollowersGained), interactions, int64(p.DeletedDay),
	}
}

func nullable(s Counters, c Counter) any {
	if v, ok := s.Get(c); ok {
		return v
	}
	return nil
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// replaceAll writes the ON CONFLICT clause that takes over every column but the key's.
func replaceAll(key string, cols []string, keyLen int) string {
	var b strings.Builder
	b.WriteString("ON CONFLICT (" + key + ") DO UPDATE SET ")
	for i, c := range cols[keyLen:] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c + " = excluded." + c)
	}
	return b.String()
}
