package library

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Keep makes an item that another room writes, under an id of that room's own: however often, and by however many at once, it
// asks, the item is there once and as it was written first. Errors: those of Create.
func (s *Service) Keep(ctx context.Context, actor authz.Actor, made id.ID, p Piece) error {
	if err := p.check(); err != nil {
		return err
	}
	unit, err := s.unitFor(ctx, actor, p.Unit)
	if err != nil {
		return err
	}
	v, err := s.examine(ctx, actor.BrandID, p.Kind, &p.Content)
	if err != nil {
		return err
	}
	there := func(q db.Querier) bool {
		_, err := getItem(ctx, q, actor.BrandID, made)
		return err == nil
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if there(tx) {
			return nil
		}
		return s.insert(ctx, tx, actor, made, unit, p, v)
	})
	if err != nil && there(s.DB) { // another was faster by a moment
		return nil
	}
	return err
}
