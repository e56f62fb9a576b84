package post

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Seen is a post as another room looks at it: what it is, whether it stands, and the figures known. Views and Interactions are
// nil while nobody told them.
type Seen struct {
	ID, AccountID, UnitID id.ID
	Platform              string
	ExternalID            string
	Title, URL            string
	PublishedAt           clock.Ms
	DayOnly               bool
	Live                  bool
	Views, Interactions   *int64
	AsOf                  clock.Ms
}

const seenCols = "p.id, p.account_id, p.unit_id, p.platform, p.external_id, p.title, p.url, p.published_at, p.day_only, p.status, p.as_of, p.views, p.interactions"

// SeenByID reads ≤ 1,000 posts, deleted ones too.
func (s *Service) SeenByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Seen, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return seen(ctx, q, "SELECT "+seenCols+" FROM post_post p"+db.IndexedBy(q, "ix_post_post__brand_id__id")+" WHERE p.brand_id = "+a.Add(int64(brand))+
		" AND "+db.Among(q, &a, "p.id", ids)+" ORDER BY p.id", a.Values...)
}

// SeenByExternal finds the posts of the platform's own id, one per account that ever showed it.
func (s *Service) SeenByExternal(ctx context.Context, q db.Querier, brand id.ID, platform, external string) ([]Seen, error) {
	return seen(ctx, q, "SELECT "+seenCols+" FROM post_post p WHERE p.brand_id = $1 AND p.external_id = $2 AND p.external_id <> '' AND p.platform = $3 AND p.status <> 'gone' ORDER BY p.id",
		int64(brand), external, platform)
}

// SeenOf reads live posts of ≤ 1,000 accounts published in [from, to], newest first.
func (s *Service) SeenOf(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, from, to clock.Ms, limit int) ([]Seen, error) {
	var a db.Args
	zone := clock.Shanghai() // days only narrow the walk; the moments decide
	return seen(ctx, q, "SELECT "+seenCols+" FROM post_post p WHERE p.brand_id = "+a.Add(int64(brand))+" AND "+db.Among(q, &a, "p.account_id", accounts)+
		" AND p.published_day BETWEEN "+a.Add(from.Day(zone).Add(-1))+" AND "+a.Add(to.Day(zone).Add(1))+" AND p.published_at BETWEEN "+a.Add(int64(from))+" AND "+a.Add(int64(to))+
		" AND p.status = 'live' ORDER BY p.published_at DESC, p.id DESC LIMIT "+a.Add(limit), a.Values...)
}

// mostTagged bounds the posts of one question about words.
const mostTagged = 50_000

// SeenWithWords reads live posts published in [from, to] whose title holds one of the words, oldest first, at most 50,000.
func (s *Service) SeenWithWords(ctx context.Context, q db.Querier, brand id.ID, words []string, from, to clock.Ms) ([]Seen, error) {
	if len(words) == 0 {
		return nil, nil
	}
	var a db.Args
	text := "SELECT " + seenCols + " FROM post_post p" + db.IndexedBy(q, "ix_post_post__published_at") + " WHERE p.brand_id = " + a.Add(int64(brand)) +
		" AND p.published_at BETWEEN " + a.Add(int64(from)) + " AND " + a.Add(int64(to)) + " AND p.status <> 'gone' AND p.status = 'live' AND ("
	for i, w := range words {
		if i > 0 {
			text += " OR "
		}
		text += "p.title_norm LIKE " + a.Add("%"+escapeLike(NormTitle(w))+"%") + ` ESCAPE '\'`
	}
	return seen(ctx, q, text+") ORDER BY p.published_at, p.id LIMIT "+a.Add(mostTagged), a.Values...)
}

func seen(ctx context.Context, q db.Querier, text string, args ...any) ([]Seen, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []Seen
	for rows.Next() {
		var x Seen
		var status string
		var views, interactions int64
		err := rows.Scan(&x.ID, &x.AccountID, &x.UnitID, &x.Platform, &x.ExternalID, &x.Title, &x.URL, &x.PublishedAt, &x.DayOnly, &status, &x.AsOf, &views, &interactions)
		if err != nil {
			return nil, err
		}
		x.Live = Status(status) == Live
		if views >= 0 { // -1 is not known
			x.Views = &views
		}
		if interactions >= 0 {
			x.Interactions = &interactions
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// FollowersAt gives the last number of followers known of ≤ 1,000 accounts at a moment; accounts nobody told of by then are missing.
func (s *Service) FollowersAt(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, at clock.Ms) (map[id.ID]int64, error) {
	out := make(map[id.ID]int64, len(accounts))
	if len(accounts) == 0 {
		return out, nil
	}
	var a db.Args
	b, when := a.Add(int64(brand)), a.Add(int64(at))
	type level struct {
		Account   id.ID `db:"account_id"`
		Followers int64 `db:"followers"`
	}
	rows, err := db.All[level](ctx, q, `SELECT s.account_id, s.followers FROM post_account_snapshot s WHERE s.brand_id = `+b+` AND `+db.Among(q, &a, "s.account_id", accounts)+
		` AND NOT s.dead AND s.followers IS NOT NULL AND s.as_of = (SELECT MAX(x.as_of) FROM post_account_snapshot x WHERE x.brand_id = `+b+
		` AND x.account_id = s.account_id AND x.as_of <= `+when+` AND NOT x.dead AND x.followers IS NOT NULL) ORDER BY s.account_id, s.learned_at`, a.Values...)
	for _, r := range rows {
		out[r.Account] = r.Followers
	}
	return out, err
}
