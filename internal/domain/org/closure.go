package org

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// ClosureSpan says that a unit lay below an ancestor (or is it) from From up to and including To.
type ClosureSpan struct {
	UnitID     id.ID     `db:"unit_id"`
	AncestorID id.ID     `db:"ancestor_id"`
	From       clock.Day `db:"valid_from_day"`
	To         clock.Day `db:"valid_to_day"`
}

// ClosureSpans reads the whole history of who lay above the units: rollups add figures up in the tree of their day.
func (s *Service) ClosureSpans(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) ([]ClosureSpan, error) {
	var a db.Args
	return db.All[ClosureSpan](ctx, q, "SELECT unit_id, ancestor_id, valid_from_day, valid_to_day FROM org_closure WHERE brand_id = "+a.Add(brand)+
		" AND "+db.Among(q, &a, "unit_id", units)+" ORDER BY unit_id, valid_from_day, depth, ancestor_id", a.Values...)
}
