package identity

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Me is what a caller is and may do.
type Me struct {
	User        User
	Login       string
	Brand       Brand
	Brands      []place
	Permissions []string
	Roles       []authz.Role
	Grantable   []authz.Role
	Units       []Unit // tops of the scope; empty with All
	All         bool
}

// Me tells a caller who they are.
func (s *Service) Me(ctx context.Context, actor authz.Actor) (Me, error) {
	var m Me
	var err error
	if m.Brand, err = brandByID(ctx, s.DB, actor.BrandID); err != nil {
		return m, err
	}
	m.User = User{BrandID: actor.BrandID, ID: actor.UserID, MemberID: actor.MemberID, Name: actor.Name, Lang: actor.Lang}
	if actor.Kind == authz.User {
		if m.User, err = userByID(ctx, s.DB, actor.BrandID, actor.UserID); err != nil {
			return m, err
		}
		l, err := loginByID(ctx, s.DB, m.User.LoginID)
		if err != nil {
			return m, err
		}
		m.Login = s.shown(l)
		if m.Brands, err = places(ctx, s.DB, l.ID); err != nil {
			return m, err
		}
	}
	for _, key := range s.perms.Load().Keys() {
		if actor.Can(key) {
			m.Permissions = append(m.Permissions, key)
		}
	}
	m.Grantable = handedOn(actor)
	return m, s.describeGrants(ctx, actor, &m)
}

func (s *Service) describeGrants(ctx context.Context, actor authz.Actor, m *Me) error {
	var units []id.ID
	for _, g := range actor.Grants {
		if !slices.Contains(m.Roles, g.Role) {
			m.Roles = append(m.Roles, g.Role)
		}
		m.All = m.All || g.UnitID == 0
		if g.UnitID != 0 && !slices.Contains(units, g.UnitID) {
			units = append(units, g.UnitID)
		}
	}
	if m.All {
		return nil
	}
	named, err := s.Units.Describe(ctx, s.DB, actor.BrandID, units)
	if err != nil {
		return err
	}
	for _, u := range units {
		if n, ok := named[u]; ok {
			m.Units = append(m.Units, n)
		}
	}
	return nil
}

// EditMe changes the caller's own name and language; empty values stay.
func (s *Service) EditMe(ctx context.Context, actor authz.Actor, name, lang string) (Me, error) {
	if err := needUser(actor); err != nil {
		return Me{}, err
	}
	bad := errs.Bad()
	name = strings.TrimSpace(name)
	if name != "" {
		checkName(bad, "name", name)
	}
	if err := bad.OrNil(); err != nil {
		return Me{}, err
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err := userByID(ctx, tx, actor.BrandID, actor.UserID)
		if err != nil {
			return err
		}
		if name != "" {
			u.Name = name
		}
		if lang != "" {
			u.Lang = lang
		}
		_, err = tx.Exec(ctx, `UPDATE identity_user SET name = $1, lang = $2 WHERE brand_id = $3 AND id = $4`, u.Name, u.Lang, actor.BrandID, actor.UserID)
		if err == nil {
			tx.AfterCommit(func() { s.actors.drop(actor.BrandID, actor.UserID, 0) })
		}
		return err
	})
	if err != nil {
		return Me{}, err
	}
	return s.Me(ctx, actor)
}

// own reads the caller's user and login.
func (s *Service) own(ctx context.Context, actor authz.Actor) (User, login, error) {
	if err := needUser(actor); err != nil {
		return User{}, login{}, err
	}
	u, err := userByID(ctx, s.DB, actor.BrandID, actor.UserID)
	if err != nil {
		return u, login{}, err
	}
	l, err := loginByID(ctx, s.DB, u.LoginID)
	return u, l, err
}

// proveOwn asks the caller's password again before something that opens doors. Wrong ones count like at the login page.
// Errors: identity.password_wrong, identity.too_many_tries.
func (s *Service) proveOwn(ctx context.Context, actor authz.Actor, password string) (login, error) {
	_, l, err := s.own(ctx, actor)
	if err != nil {
		return l, err
	}
	keys := throttleKeys("own|"+l.ID.String(), "own|"+l.ID.String())
	if err := s.admit(ctx, keys); err != nil {
		return l, err
	}
	right, err := s.hasher.verify(ctx, l.Password, shortened(password))
	if err != nil {
		return l, err
	}
	if !right {
		if err := s.failed(ctx, keys); err != nil {
			return l, err
		}
		return l, errs.Bad().Field("password", "identity.password_wrong")
	}
	return l, s.forgive(ctx, keys)
}

// ChangePassword replaces the caller's password and signs out every other session of the login, in all brands.
// Errors: identity.password_wrong, identity.password_short, …_long, …_weak.
func (s *Service) ChangePassword(ctx context.Context, actor authz.Actor, old, fresh, cookie string) error {
	l, err := s.proveOwn(ctx, actor, old)
	if err != nil {
		return err
	}
	h := handle{}
	if l.Email != nil {
		h.email = *l.Email
	}
	bad := errs.Bad()
	checkPassword(bad, "new_password", fresh, h)
	if err := bad.OrNil(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, fresh)
	if err != nil {
		return err
	}
	all, err := places(ctx, s.DB, l.ID)
	if err != nil {
		return err
	}
	_, keep, _ := secretOf(cookie)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE identity_login SET password = $1, password_ms = $2 WHERE id = $3 AND password = $4`, hash, s.now(), l.ID, l.Password)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "base.changed_meanwhile")
		}
		for _, p := range all {
			if _, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE brand_id = $1 AND user_id = $2 AND token_hash <> $3`, p.ID, p.UserID, keep); err != nil {
				return err
			}
			tx.AfterCommit(func() { s.actors.drop(p.ID, p.UserID, 0) })
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.change_password", Kind: "user", Object: actor.UserID, Name: actor.Name})
	})
}

// Security is the state of the caller's own doors.
type Security struct {
	Login        string
	TOTP         bool
	RecoveryLeft int
	PasswordAt   clock.Ms
}

// Security tells the state of the caller's own doors.
func (s *Service) Security(ctx context.Context, actor authz.Actor) (Security, error) {
	_, l, err := s.own(ctx, actor)
	if err != nil {
		return Security{}, err
	}
	return Security{Login: s.shown(l), TOTP: len(l.TOTP) > 0, RecoveryLeft: recoveryLeft(l.Recovery), PasswordAt: l.PasswordAt}, nil
}

// Switch signs the caller into another brand of the same login and ends the present session.
// Errors: identity.no_brand.
func (s *Service) Switch(ctx context.Context, actor authz.Actor, brand id.ID, cookie string, from Visitor) (SignedIn, error) {
	_, l, err := s.own(ctx, actor)
	if err != nil {
		return SignedIn{}, err
	}
	all, err := places(ctx, s.DB, l.ID)
	if err != nil {
		return SignedIn{}, err
	}
	i := slices.IndexFunc(all, func(p place) bool { return p.ID == brand })
	if i < 0 {
		return SignedIn{}, errs.New(errs.NotFound, "identity.no_brand")
	}
	in, err := s.signIn(ctx, brand, all[i].UserID, from)
	if err != nil {
		return SignedIn{}, err
	}
	return in, s.Logout(ctx, cookie)
}

// Logout ends the session of a cookie; one that is over already is fine.
func (s *Service) Logout(ctx context.Context, cookie string) error {
	brand, hash, ok := secretOf(cookie)
	if !ok {
		return nil
	}
	ses, err := sessionByHash(ctx, s.DB, brand, hash)
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := s.DB.Exec(ctx, `DELETE FROM identity_session WHERE brand_id = $1 AND id = $2`, brand, ses.ID); err != nil {
		return err
	}
	s.actors.drop(brand, 0, ses.ID)
	return nil
}

// Sessions lists where the caller is signed in, in this brand.
func (s *Service) Sessions(ctx context.Context, actor authz.Actor) ([]Session, error) {
	if err := needUser(actor); err != nil {
		return nil, err
	}
	return sessionsOf(ctx, s.DB, actor.BrandID, actor.UserID, s.now())
}

// EndSession signs one of the caller's browsers out; session 0 means all but the one with the cookie.
// Errors: identity.session_unknown.
func (s *Service) EndSession(ctx context.Context, actor authz.Actor, session id.ID, cookie string) error {
	if err := needUser(actor); err != nil {
		return err
	}
	defer s.actors.drop(actor.BrandID, actor.UserID, 0)
	if session == 0 {
		_, keep, _ := secretOf(cookie)
		_, err := s.DB.Exec(ctx, `DELETE FROM identity_session WHERE brand_id = $1 AND user_id = $2 AND token_hash <> $3`, actor.BrandID, actor.UserID, keep)
		return err
	}
	n, err := s.DB.Exec(ctx, `DELETE FROM identity_session WHERE brand_id = $1 AND user_id = $2 AND id = $3`, actor.BrandID, actor.UserID, session)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "identity.session_unknown")
	}
	return err
}
