package org

import (
	"context"
	"strings"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// OwnPhones opens the phones of members for texts that go to the members themselves: their own number in their own text.
// Whoever calls it shows a number to its owner and to nobody else. Numbers of the mainland come without the country code.
func (s *Service) OwnPhones(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) (map[id.ID]string, error) {
	found, err := membersByID(ctx, q, brand, members)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]string, len(found))
	for k, m := range found {
		phone, err := s.openPhone(m)
		if err != nil {
			return nil, err
		}
		if phone != "" {
			out[k] = strings.TrimPrefix(phone, "+86")
		}
	}
	return out, nil
}
