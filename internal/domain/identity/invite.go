package identity

import (
	"context"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// NewInvitation asks someone in with a role over a unit.
type NewInvitation struct {
	Name     string // of the person, as a suggestion
	Role     authz.Role
	UnitID   id.ID
	MemberID id.ID
	Days     int
}

// Invite makes an invitation and returns the secret of its link, once.
// Errors: identity.role_unknown, identity.unit_unknown, identity.grant_not_yours, identity.member_has_user.
func (s *Service) Invite(ctx context.Context, actor authz.Actor, in NewInvitation) (string, Invitation, error) {
	bad := errs.Bad()
	in.Name = strings.TrimSpace(in.Name)
	if in.Name != "" {
		checkName(bad, "name", in.Name)
	}
	if in.Days == 0 {
		in.Days = 7
	}
	if in.Days < 1 || in.Days > 30 {
		bad.Field("days", "base.too_large", "limit", 30)
	}
	if err := bad.OrNil(); err != nil {
		return "", Invitation{}, err
	}
	secret := newBrandSecret(actor.BrandID)
	i := Invitation{
		ID: s.IDs.New(), Hash: hashSecret(secret), Name: in.Name, Role: in.Role, UnitID: in.UnitID, MemberID: in.MemberID,
		InvitedBy: actor.UserID, Created: s.now(), Expires: s.now() + clock.Ms((time.Duration(in.Days) * 24 * time.Hour).Milliseconds()),
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.checkGrant(ctx, tx, actor, authz.Grant{Role: in.Role, UnitID: in.UnitID}); err != nil {
			return err
		}
		if in.MemberID != 0 {
			if err := s.checkMember(ctx, tx, actor, in.MemberID); err != nil {
				return err
			}
		}
		if err := insertInvitation(ctx, tx, actor.BrandID, i); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.invite", UnitID: i.UnitID, Kind: "invitation", Object: i.ID, Name: i.Name})
	})
	return secret, i, err
}

// Invited is what the holder of a link sees before accepting.
type Invited struct {
	Brand   string
	Name    string
	Role    authz.Role
	Unit    string
	Expires clock.Ms
	Reset   bool   // a new password for a user who is one already
	Login   string // of that user
}

// openInvitation finds a live invitation by its secret. Errors: identity.invitation_over.
func (s *Service) openInvitation(ctx context.Context, secret string) (id.ID, Invitation, error) {
	over := errs.New(errs.NotFound, "identity.invitation_over")
	brand, hash, ok := secretOf(secret)
	if !ok {
		return 0, Invitation{}, over
	}
	i, err := invitationByHash(ctx, s.DB, brand, hash)
	if db.NoRows(err) || err == nil && (i.Accepted != 0 || i.Revoked != 0 || i.Expires <= s.now()) {
		return 0, Invitation{}, over
	}
	return brand, i, err
}

// ShowInvitation tells the holder of a link what it offers. Errors: identity.invitation_over.
func (s *Service) ShowInvitation(ctx context.Context, secret string) (Invited, error) {
	brand, i, err := s.openInvitation(ctx, secret)
	if err != nil {
		return Invited{}, err
	}
	b, err := brandByID(ctx, s.DB, brand)
	if err != nil {
		return Invited{}, err
	}
	out := Invited{Brand: b.Name, Name: i.Name, Role: i.Role, Expires: i.Expires}
	if i.UserID != 0 {
		return s.showReset(ctx, brand, i, out)
	}
	if i.UnitID != 0 {
		named, err := s.Units.Describe(ctx, s.DB, brand, []id.ID{i.UnitID})
		if err != nil {
			return Invited{}, err
		}
		out.Unit = named[i.UnitID].Name
	}
	return out, nil
}

// Acceptance is what the invited person types. A login that exists already is proved with its own password (and code).
type Acceptance struct {
	Secret, Login, Name, Password, Code string
}

// Accept makes the invited person a user, or adds the role when the person is one already, and signs them in. Of two at
// once, one wins. Errors: identity.invitation_over, identity.login_format, identity.password_… and those of Login.
func (s *Service) Accept(ctx context.Context, in Acceptance, from Visitor) (SignedIn, error) {
	brand, i, err := s.openInvitation(ctx, in.Secret)
	if err != nil {
		return SignedIn{}, err
	}
	if i.UserID != 0 {
		return s.acceptReset(ctx, brand, i, in.Password, from)
	}
	nu, err := s.accepting(ctx, in, i, from)
	if err != nil {
		return SignedIn{}, err
	}
	actor := authz.Actor{Kind: authz.User, BrandID: brand, UserID: i.InvitedBy, Name: nu.name, Zone: clock.Shanghai()}
	var u User
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if mine, err := spendInvitation(ctx, tx, brand, i, s.now()); err != nil || !mine {
			if err != nil {
				return err
			}
			return errs.New(errs.NotFound, "identity.invitation_over")
		}
		if u, err = s.addUser(ctx, tx, actor, nu); err != nil {
			return err
		}
		if u.State != Active {
			return errs.New(errs.Forbidden, "identity.user_disabled")
		}
		if _, err := tx.Exec(ctx, `UPDATE identity_invitation SET accepted_by = $1 WHERE brand_id = $2 AND id = $3`, u.ID, brand, i.ID); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.actors.drop(brand, u.ID, 0) })
		actor.UserID, actor.Name = u.ID, u.Name
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.accept", UnitID: i.UnitID, Kind: "invitation", Object: i.ID, Name: u.Name})
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.signIn(ctx, brand, u.ID, from)
}

// accepting checks what was typed and hashes a new password; no transaction is open.
func (s *Service) accepting(ctx context.Context, in Acceptance, i Invitation, from Visitor) (newUser, error) {
	nu := newUser{name: strings.TrimSpace(in.Name), member: i.MemberID, grants: []authz.Grant{{Role: i.Role, UnitID: i.UnitID}}}
	bad := errs.Bad()
	h, ok := parseHandle(in.Login)
	if !ok {
		return nu, bad.Field("login", "identity.login_format")
	}
	nu.handle = h
	_, err := s.loginByHandle(ctx, s.DB, h)
	if err == nil {
		_, err = s.prove(ctx, h, Credentials{Login: in.Login, Password: in.Password, Code: in.Code}, from)
		return nu, err
	}
	if !db.NoRows(err) {
		return nu, err
	}
	checkName(bad, "name", nu.name)
	checkPassword(bad, "password", in.Password, h)
	if err := bad.OrNil(); err != nil {
		return nu, err
	}
	nu.fresh = true
	nu.hash, err = s.hasher.hash(ctx, in.Password)
	return nu, err
}

// Invitations lists the open invitations within the actor's units, newest first.
func (s *Service) Invitations(ctx context.Context, actor authz.Actor) ([]Invitation, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permManage, "")
	if err != nil {
		return nil, err
	}
	var a db.Args
	q := `SELECT ` + inviteCols + ` FROM identity_invitation i WHERE i.brand_id = ` + a.Add(actor.BrandID) +
		` AND i.user_id IS NULL AND i.accepted_ms IS NULL AND i.revoked_ms IS NULL AND i.expires_ms > ` + a.Add(s.now())
	if !scope.All {
		q += ` AND i.unit_id <> 0 AND ` + scope.Where("i.unit_id", &a)
	}
	return db.All[Invitation](ctx, s.DB, q+` ORDER BY i.id DESC LIMIT 500`, a.Values...)
}

// Withdraw ends an open invitation. Errors: identity.invitation_over, identity.grant_not_yours.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, invitation id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		over := errs.New(errs.NotFound, "identity.invitation_over")
		i, err := db.One[Invitation](ctx, tx, `SELECT `+inviteCols+` FROM identity_invitation WHERE brand_id = $1 AND id = $2`, actor.BrandID, invitation)
		if db.NoRows(err) {
			return over
		}
		if err != nil {
			return err
		}
		if err := s.checkGrant(ctx, tx, actor, authz.Grant{Role: i.Role, UnitID: i.UnitID}); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE identity_invitation SET revoked_ms = $1 WHERE brand_id = $2 AND id = $3 AND accepted_ms IS NULL AND revoked_ms IS NULL`, s.now(), actor.BrandID, invitation)
		if err != nil {
			return err
		}
		if n == 0 {
			return over
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.withdraw", UnitID: i.UnitID, Kind: "invitation", Object: i.ID, Name: i.Name})
	})
}
