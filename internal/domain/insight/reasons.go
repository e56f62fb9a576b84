package insight

import (
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Reason says why an account changed, as far as its figures show: new, more_posts, fewer_posts, stopped, started,
// one_post, one_post_gone, per_post_up, per_post_down, fell, older.
type Reason struct {
	Slug          string  `json:"slug"`
	Posts         int64   `json:"posts"`
	PreviousPosts int64   `json:"previous_posts"`
	PostID        id.ID   `json:"post_id" doc:"the post that made the difference"`
	Title         string  `json:"title"`
	Share         float64 `json:"share" doc:"what that post brought, as a part of its period's value"`
}

// decisive is the share from which on one post explains a period.
const decisive = 0.5

// reasonOf explains one account's change; now and before are the best posts published in each period.
func reasonOf(x moved, m post.Metric, p Period, now, before post.Best) Reason {
	r := Reason{Posts: x.Posts, PreviousPosts: x.Earlier}
	single := func(slug string, b post.Best, value int64) bool {
		brought := b.Views
		if m == post.MInteractions {
			brought = b.Interactions
		}
		if b.ID == 0 || value <= 0 || float64(brought) < decisive*float64(value) {
			return false
		}
		r.Slug, r.PostID, r.Title, r.Share = slug, b.ID, b.Title, min(1, float64(brought)/float64(value))
		return true
	}
	if x.delta() > 0 {
		switch {
		case x.Created >= p.From && x.Before == 0:
			r.Slug = "new"
		case x.Earlier == 0 && x.Posts > 0:
			r.Slug = "started"
		case x.Posts > 1 && single("one_post", now, x.Now):
		case x.Posts == 0:
			r.Slug = "older"
		case x.Posts-x.Earlier >= 2 && 10*x.Posts >= 13*x.Earlier:
			r.Slug = "more_posts"
		default:
			r.Slug = "per_post_up"
		}
		return r
	}
	switch {
	case x.Now < 0:
		r.Slug = "fell"
	case x.Posts == 0 && x.Earlier > 0:
		r.Slug = "stopped"
	case x.Earlier > 1 && single("one_post_gone", before, x.Before):
	case x.Earlier == 0:
		r.Slug = "older"
	case x.Earlier-x.Posts >= 2 && 10*x.Posts <= 7*x.Earlier:
		r.Slug = "fewer_posts"
	default:
		r.Slug = "per_post_down"
	}
	return r
}
