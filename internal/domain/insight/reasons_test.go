package insight

import (
	"testing"

	"kosmos/internal/domain/post"
)

func TestReasons(t *testing.T) {
	t.Parallel()
	p := Period{20261101, 20261130}
	hit := post.Best{ID: 9, Title: "提车", Views: 900, Interactions: 10}
	for name, c := range map[string]struct {
		x           moved
		m           post.Metric
		now, before post.Best
		want        string
	}{
		"a new account":                         {moved{Now: 10, Posts: 3, Created: 20261105}, post.MViews, hit, post.Best{}, "new"},
		"began to post":                         {moved{Now: 1000, Before: 5, Posts: 3}, post.MViews, hit, post.Best{}, "started"},
		"one post made it":                      {moved{Now: 1000, Before: 100, Posts: 4, Earlier: 4}, post.MViews, hit, post.Best{}, "one_post"},
		"the hit counts by its own metric":      {moved{Now: 1000, Before: 100, Posts: 4, Earlier: 4}, post.MInteractions, hit, post.Best{}, "per_post_up"},
		"posted more":                           {moved{Now: 5000, Before: 100, Posts: 8, Earlier: 4}, post.MViews, hit, post.Best{}, "more_posts"},
		"old posts grew":                        {moved{Now: 500, Before: 100, Earlier: 4}, post.MViews, post.Best{}, post.Best{}, "older"},
		"figures were taken back":               {moved{Now: -5, Before: 100, Posts: 1, Earlier: 4}, post.MViews, post.Best{}, hit, "fell"},
		"stopped":                               {moved{Now: 5, Before: 100, Earlier: 4}, post.MViews, post.Best{}, hit, "stopped"},
		"last period had a hit":                 {moved{Now: 50, Before: 1000, Posts: 4, Earlier: 4}, post.MViews, post.Best{}, hit, "one_post_gone"},
		"posted less":                           {moved{Now: 50, Before: 5000, Posts: 2, Earlier: 5}, post.MViews, post.Best{}, hit, "fewer_posts"},
		"as many posts, each worse":             {moved{Now: 50, Before: 5000, Posts: 5, Earlier: 5}, post.MViews, post.Best{}, post.Best{}, "per_post_down"},
		"never posted, followers left":          {moved{Now: 0, Before: 20}, post.MFollowers, post.Best{}, post.Best{}, "older"},
		"a rise of an account seen before only": {moved{Now: 40, Before: 20, Posts: 2, Earlier: 2, Created: 20251105}, post.MLikes, post.Best{}, post.Best{}, "per_post_up"},
	} {
		if got := reasonOf(c.x, c.m, p, c.now, c.before); got.Slug != c.want {
			t.Errorf("%s: %s, want %s", name, got.Slug, c.want)
		}
	}
}
