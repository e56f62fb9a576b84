package product

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Keys names texts of one product.
func Keys(product id.ID, objects ...id.ID) []staleKey {
	out := make([]staleKey, len(objects))
	for i, x := range objects {
		out[i] = staleKey{product, x}
	}
	return out
}

// CheckNow runs a check's job.
func (s *Service) CheckNow(ctx context.Context, brand, check id.ID) error {
	return s.check(ctx, authz.SystemActor(brand, clock.Shanghai()), check)
}

// TurnDay runs the work of a new day.
func (s *Service) TurnDay(ctx context.Context, brand id.ID) error {
	return s.turnDay(ctx, authz.SystemActor(brand, clock.Shanghai()))
}

// Heads gives the titles of a sheet's columns as their names.
func Heads(kind ImportKind) []string { return columnNames(kind) }
