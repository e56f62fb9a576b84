package event

import "kosmos/internal/base/id"

// ProductPricesChanged says that other amounts than before hold for products from Day (yyyymmdd) on: at most 1,000 ids of
// one batch.
type ProductPricesChanged struct {
	BrandID    id.ID   `json:"brand_id"`
	ProductIDs []id.ID `json:"product_ids"`
	Day        int32   `json:"day"`
}

// EventKind names the event.
func (ProductPricesChanged) EventKind() string { return "product.prices_changed" }
