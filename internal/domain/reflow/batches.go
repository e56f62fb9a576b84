package reflow

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Batches gives the batches of an import, under whose ids posts and accounts keep what it brought; none once it was taken
// back.
func (s *Service) Batches(ctx context.Context, q db.Querier, brand, imp id.ID) ([]id.ID, error) {
	return db.All[id.ID](ctx, q, `SELECT id FROM reflow_batch WHERE brand_id = $1 AND import_id = $2 ORDER BY id`, brand, imp)
}
