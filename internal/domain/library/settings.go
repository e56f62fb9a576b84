package library

import (
	"context"

	"kosmos/internal/base/id"
)

// rewritten asks the brand's rewriting endpoint for a freer text; without one, or when its answer may not be used, the own
// text stands.
func (s *Service) rewritten(_ context.Context, _ id.ID, _ *itemRow, _ Recipient, own Text) (Text, bool) {
	return own, false
}
