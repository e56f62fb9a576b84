package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestAccountGolden(t *testing.T) {
	t.Parallel()
	golden(t, AccountsChanged{BrandID: 1, AccountIDs: []id.ID{2, 3}, What: []string{"created"}, Day: 20261122})
}
