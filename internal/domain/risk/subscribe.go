package risk

import (
	"context"
	"maps"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// subscribe hears of posts that were imported or edited, and of accounts that were renamed or moved.
func (s *Service) subscribe(r *jobs.Registry) {
	jobs.Subscribe(r, "risk", func(ctx context.Context, e event.PostsChanged) error {
		return s.Restand(ctx, e.BrandID, Post, e.PostIDs)
	})
	jobs.Subscribe(r, "risk", func(ctx context.Context, e event.AccountsChanged) error {
		if slices.Contains(e.What, "moved") {
			if err := s.follow(ctx, e.BrandID, e.AccountIDs); err != nil {
				return err
			}
		}
		return s.Restand(ctx, e.BrandID, Profile, e.AccountIDs)
	})
}

// follow lets the verdicts of posts go with their accounts to another unit.
func (s *Service) follow(ctx context.Context, brand id.ID, accounts []id.ID) error {
	labels, err := s.Labels.Accounts(ctx, s.DB, brand, accounts)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, a := range slices.Sorted(maps.Keys(labels)) {
			if err := moveStandings(ctx, tx, brand, a, labels[a].UnitID); err != nil {
				return err
			}
		}
		return nil
	})
}
