package post

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Brought is what a post brought as far as its sources told; nil is not known.
type Brought struct {
	Views, Interactions *int64
}

// BroughtBy reads the newest figures of ≤ 1,000 posts, those that are gone too: what they brought they brought.
func (s *Service) BroughtBy(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Brought, error) {
	out := make(map[id.ID]Brought, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	query := "SELECT " + postCols + " FROM post_post p" + db.IndexedBy(q, "ix_post_post__brand_id__id") + " WHERE p.brand_id = " + a.Add(int64(brand)) + " AND " + db.Among(q, &a, "p.id", ids)
	err := eachPost(ctx, q, query, &a, func(p Post) error {
		out[p.ID] = broughtBy(p.Counters)
		return nil
	})
	return out, err
}

// broughtBy adds likes, comments, saves and shares, as far as any of them is known.
func broughtBy(c Counters) Brought {
	var b Brought
	if v, ok := c.Get(Views); ok {
		b.Views = &v
	}
	for _, k := range []Counter{Likes, Comments, Saves, Shares} {
		if v, ok := c.Get(k); ok {
			if b.Interactions == nil {
				b.Interactions = new(int64)
			}
			*b.Interactions += v
		}
	}
	return b
}
