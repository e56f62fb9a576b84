package identity

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// Tree is what identity tells the organisation about its brand; org provides it, plugged in app/wire.go.
type Tree interface {
	// EnsureRoot makes the top unit of a brand within the transaction that makes the brand.
	EnsureRoot(ctx context.Context, tx *db.Tx, brand id.ID, name string) (id.ID, error)
	// RenameRoot follows the brand's new name.
	RenameRoot(ctx context.Context, tx *db.Tx, brand id.ID, name string) error
}

// Members joins users to the people of the organisation; org provides it, plugged in app/wire.go.
type Members interface {
	// Member tells where an active member works and which user is joined, 0 for none. Others are an errs.NotFound.
	Member(ctx context.Context, q db.Querier, brand, member id.ID) (unit, user id.ID, err error)
	// LinkUser joins a user to a member.
	LinkUser(ctx context.Context, tx *db.Tx, brand, member, user id.ID) error
}

// checkMember refuses to invite someone as a member of a unit that is not the actor's, or who has a user already.
// Errors: identity.grant_not_yours, identity.member_has_user, org's for an unknown member.
func (s *Service) checkMember(ctx context.Context, q db.Querier, actor authz.Actor, member id.ID) error {
	unit, user, err := s.Members.Member(ctx, q, actor.BrandID, member)
	if err != nil {
		return err
	}
	if user != 0 {
		return errs.New(errs.Conflict, "identity.member_has_user")
	}
	up, err := s.ancestors(ctx, q, actor, unit)
	if err != nil {
		return err
	}
	if !mayGrant(actor, authz.KOS, up) {
		return errs.New(errs.Forbidden, "identity.grant_not_yours")
	}
	return nil
}

// link joins a user to a member unless the user is somebody else already.
func (s *Service) link(ctx context.Context, tx *db.Tx, u *User, member id.ID) error {
	if member == 0 || u.MemberID == member {
		return nil
	}
	if u.MemberID != 0 {
		return errs.New(errs.Conflict, "identity.user_is_other_member")
	}
	_, user, err := s.Members.Member(ctx, tx, u.BrandID, member)
	if err != nil {
		return err
	}
	if user != 0 && user != u.ID {
		return errs.New(errs.Conflict, "identity.member_has_user")
	}
	if _, err := tx.Exec(ctx, `UPDATE identity_user SET member_id = $1 WHERE brand_id = $2 AND id = $3`, member, u.BrandID, u.ID); err != nil {
		return err
	}
	u.MemberID = member
	return s.Members.LinkUser(ctx, tx, u.BrandID, member, u.ID)
}

// subscribe hears of people who left: they cannot sign in any more.
func (s *Service) subscribe(reg *jobs.Registry) {
	jobs.Subscribe(reg, "identity", func(ctx context.Context, e event.OrgMemberLeft) error {
		users, err := s.UsersOf(ctx, s.DB, e.BrandID, e.MemberIDs)
		if err != nil {
			return err
		}
		actor := authz.SystemActor(e.BrandID, clock.Shanghai())
		for _, member := range e.MemberIDs {
			user, ok := users[member]
			if !ok {
				continue
			}
			// The last administrator stays: a brand that nobody can enter helps nobody.
			if _, err := s.SetState(ctx, actor, user, Disabled); err != nil && !errs.Is(err, "identity.last_admin") {
				return err
			}
		}
		return nil
	})
}
