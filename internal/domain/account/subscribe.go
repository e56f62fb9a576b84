package account

import (
	"context"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// actorOf finds the program's actor of a brand; a brand that is gone gets the default zone.
func actorOf(ctx context.Context, brands Brands, brand id.ID) (authz.Actor, error) {
	actors, err := brands.SystemActors(ctx)
	if err != nil {
		return authz.Actor{}, err
	}
	for _, a := range actors {
		if a.BrandID == brand {
			return a, nil
		}
	}
	return authz.SystemActor(brand, clock.Shanghai()), nil
}

// subscribe hears of people who left and of changes of the tree.
func subscribe(r *jobs.Registry, s *Service, brands Brands) {
	jobs.Subscribe(r, "account", func(ctx context.Context, e event.OrgMemberLeft) error {
		actor, err := actorOf(ctx, brands, e.BrandID)
		if err != nil {
			return err
		}
		_, err = s.MembersLeft(ctx, actor, e.MemberIDs)
		return err
	})
	refresh := func(ctx context.Context, brand id.ID) error {
		actor, err := actorOf(ctx, brands, brand)
		if err != nil {
			return err
		}
		_, err = s.RefreshLeagues(ctx, actor)
		return err
	}
	long := jobs.Options{Long: true, Timeout: 10 * time.Minute}
	jobs.SubscribeWith(r, "account", long, func(ctx context.Context, e event.OrgUnitMoved) error { return refresh(ctx, e.BrandID) })
}
