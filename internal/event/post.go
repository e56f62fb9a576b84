package event

import "kosmos/internal/base/id"

// PostsChanged says that posts are new, have another title, or came to life or an end: at most 1,000 ids of one batch.
// Counters alone do not make the event.
type PostsChanged struct {
	BrandID id.ID   `json:"brand_id"`
	PostIDs []id.ID `json:"post_ids"`
}

// EventKind names the event.
func (PostsChanged) EventKind() string { return "post.changed" }
