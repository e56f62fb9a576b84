package risk

import (
	"context"

	"kosmos/internal/base/id"
)

// Industry gives the industry that the brand's published rules are for; "" when it chose none.
func (s *Service) Industry(ctx context.Context, brand id.ID) (string, error) {
	c, err := s.checker(ctx, brand, soon)
	if err != nil {
		return "", err
	}
	return c.industry, nil
}
