package event

import (
	"testing"

	"kosmos/internal/base/id"
)

func TestProductGolden(t *testing.T) {
	t.Parallel()
	golden(t, ProductPricesChanged{BrandID: 1, ProductIDs: []id.ID{2, 3}, Day: 20261122})
}
