package insight

import (
	"context"

	"kosmos/internal/base/id"
)

// SetMoveStep makes the steps of moves smaller.
func (s *Service) SetMoveStep(cells int64) { s.stepCells = cells }

// StepMove takes one step of a move that is under way.
func (s *Service) StepMove(ctx context.Context, brand id.ID) (found bool, err error) {
	return s.stepMove(ctx, brand)
}
