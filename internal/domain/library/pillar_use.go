package library

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// pillarUsesJob sorts posts anew whose item became known (PostIDs) or whose item went to another pillar (ItemID).
type pillarUsesJob struct {
	BrandID id.ID   `json:"brand_id"`
	ItemID  id.ID   `json:"item_id,omitempty"`
	PostIDs []id.ID `json:"post_ids,omitempty"`
}

// Kind names the job.
func (pillarUsesJob) Kind() string { return "library.pillar_uses" }

// usesToSort asks for the posts of uses to be sorted: a post made of an item belongs to the item's pillar.
func (s *Service) usesToSort(ctx context.Context, tx *db.Tx, brand id.ID, uses []Use) error {
	var posts []id.ID
	for _, u := range uses {
		if u.PostID != 0 {
			posts = append(posts, u.PostID)
		}
	}
	if len(posts) == 0 {
		return nil
	}
	return s.Jobs.Insert(ctx, tx, pillarUsesJob{BrandID: brand, PostIDs: posts})
}

func (s *Service) sortUses(ctx context.Context, actor authz.Actor, j pillarUsesJob) error {
	if j.ItemID == 0 {
		return s.hearPosts(ctx, actor, j.PostIDs)
	}
	after := id.ID(0)
	for {
		posts, err := db.All[id.ID](ctx, s.DB, `SELECT DISTINCT post_id FROM library_use WHERE brand_id = $1 AND item_id = $2 AND post_id <> 0 AND post_id > $3 ORDER BY post_id LIMIT $4`,
			actor.BrandID, j.ItemID, int64(after), countPage)
		if err != nil || len(posts) == 0 {
			return err
		}
		after = posts[len(posts)-1]
		if err := s.hearPosts(ctx, actor, posts); err != nil {
			return err
		}
	}
}

// pillarStands tells with a field error that an item cannot belong to a pillar: it is not there or out of use.
func pillarStands(ctx context.Context, q db.Querier, brand, pillar id.ID) error {
	active, err := db.One[bool](ctx, q, `SELECT active FROM library_pillar WHERE brand_id = $1 AND id = $2`, brand, pillar)
	if db.NoRows(err) || err == nil && !active {
		return errs.Bad().Field("pillar_id", "library.pillar_unknown")
	}
	return err
}
