package event

import "kosmos/internal/base/id"

// LibraryItemsChanged says that items of the library became usable, have another live version, or can no longer be handed
// out (taken out of use, expired, refused by the rules): at most 1,000 ids of one batch.
type LibraryItemsChanged struct {
	BrandID id.ID   `json:"brand_id"`
	ItemIDs []id.ID `json:"item_ids"`
}

// EventKind names the event.
func (LibraryItemsChanged) EventKind() string { return "library.items_changed" }
