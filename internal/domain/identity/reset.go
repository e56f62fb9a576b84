package identity

import (
	"context"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// resetFor is how long a reset link lives.
const resetFor = 24 * time.Hour

// Reset makes a link with which a user chooses a new password and starts without two-step sign-in: for people who lost
// either. It ends earlier links. A login that other brands know too cannot be reset by one of them.
// Errors: identity.user_unknown, identity.user_not_yours, identity.not_yourself, identity.reset_elsewhere.
func (s *Service) Reset(ctx context.Context, actor authz.Actor, user id.ID) (string, Invitation, error) {
	if user == actor.UserID {
		return "", Invitation{}, errs.New(errs.Precondition, "identity.not_yourself")
	}
	secret := newBrandSecret(actor.BrandID)
	i := Invitation{
		ID: s.IDs.New(), Hash: hashSecret(secret), InvitedBy: actor.UserID, UserID: user, Created: s.now(),
		Expires: s.now() + clock.Ms(resetFor.Milliseconds()),
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, grants, err := s.managed(ctx, tx, actor, user)
		if err != nil {
			return err
		}
		if err := onlyHere(ctx, tx, u); err != nil {
			return err
		}
		i.Name = u.Name
		if len(grants) > 0 {
			i.Role, i.UnitID = grants[0].Role, grants[0].UnitID
		}
		if _, err := tx.Exec(ctx, `UPDATE identity_invitation SET revoked_ms = $1 WHERE brand_id = $2 AND user_id = $3 AND accepted_ms IS NULL AND revoked_ms IS NULL`,
			s.now(), actor.BrandID, user); err != nil {
			return err
		}
		if err := insertInvitation(ctx, tx, actor.BrandID, i); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.reset", Kind: "user", Object: user, Name: u.Name})
	})
	return secret, i, err
}

// onlyHere refuses a login that has users in other brands.
func onlyHere(ctx context.Context, q db.Querier, u User) error {
	n, err := db.One[int64](ctx, q, `SELECT CAST(COUNT(*) AS BIGINT) FROM identity_brand b JOIN identity_user u ON u.brand_id = b.id AND u.login_id = $1`, u.LoginID)
	if err == nil && n > 1 {
		return errs.New(errs.Precondition, "identity.reset_elsewhere")
	}
	return err
}

// showReset tells the holder of a reset link whose password it is about.
func (s *Service) showReset(ctx context.Context, brand id.ID, i Invitation, out Invited) (Invited, error) {
	u, err := userByID(ctx, s.DB, brand, i.UserID)
	if err != nil {
		return out, err
	}
	l, err := loginByID(ctx, s.DB, u.LoginID)
	out.Reset, out.Login = true, s.shown(l)
	return out, err
}

// acceptReset sets the new password of a reset link, turns two-step sign-in off, ends every session and signs in.
func (s *Service) acceptReset(ctx context.Context, brand id.ID, i Invitation, password string, from Visitor) (SignedIn, error) {
	u, err := userByID(ctx, s.DB, brand, i.UserID)
	if err != nil {
		return SignedIn{}, err
	}
	l, err := loginByID(ctx, s.DB, u.LoginID)
	if err != nil {
		return SignedIn{}, err
	}
	h := handle{}
	if l.Email != nil {
		h.email = *l.Email
	}
	bad := errs.Bad()
	checkPassword(bad, "password", password, h)
	if err := bad.OrNil(); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if mine, err := spendInvitation(ctx, tx, brand, i, s.now()); err != nil || !mine {
			if err != nil {
				return err
			}
			return errs.New(errs.NotFound, "identity.invitation_over")
		}
		if err := onlyHere(ctx, tx, u); err != nil {
			return err
		}
		if u.State != Active {
			return errs.New(errs.Forbidden, "identity.user_disabled")
		}
		if _, err := tx.Exec(ctx, `UPDATE identity_login SET password = $1, password_ms = $2, totp_sealed = NULL, totp_pending = NULL, recovery = '[]' WHERE id = $3`,
			hash, s.now(), l.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE brand_id = $1 AND user_id = $2`, brand, u.ID); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.actors.drop(brand, u.ID, 0) })
		actor := authz.Actor{Kind: authz.User, BrandID: brand, UserID: u.ID, Name: u.Name}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.accept_reset", Kind: "user", Object: u.ID, Name: u.Name})
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.signIn(ctx, brand, u.ID, from)
}
