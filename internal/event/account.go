package event

import "kosmos/internal/base/id"

// AccountsChanged says that accounts were created, moved, edited, changed hands or status, or were removed: at most
// 1,000 ids of one batch. What holds every kind of change of the batch (created, moved, kind, status, owner, league,
// removed, edited).
type AccountsChanged struct {
	BrandID    id.ID    `json:"brand_id"`
	AccountIDs []id.ID  `json:"account_ids"`
	What       []string `json:"what"`
	Day        int32    `json:"day"`
}

// EventKind names the event.
func (AccountsChanged) EventKind() string { return "account.changed" }
