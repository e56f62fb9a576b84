package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestLibraryGolden(t *testing.T) {
	t.Parallel()
	golden(t, LibraryItemsChanged{BrandID: 1, ItemIDs: []id.ID{2, 3}})
}
