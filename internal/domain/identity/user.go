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

// newUser is a user to be made; hash is the password of a login that does not exist yet.
type newUser struct {
	handle handle
	hash   string
	name   string
	lang   string
	member id.ID
	grants []authz.Grant
	fresh  bool // the login must not exist: nobody has proved to own it
}

// addUser makes the login when it is new, the user when it is new in this brand, and adds the grants.
func (s *Service) addUser(ctx context.Context, tx *db.Tx, actor authz.Actor, in newUser) (User, error) {
	l, err := s.loginByHandle(ctx, tx, in.handle)
	if db.NoRows(err) {
		if l, err = s.newLogin(in.handle, in.hash); err != nil {
			return User{}, err
		}
		made, insertErr := insertLogin(ctx, tx, l)
		if insertErr != nil {
			return User{}, insertErr
		}
		if made {
			in.fresh = false
		} else { // made by someone else since we looked
			l, err = s.loginByHandle(ctx, tx, in.handle)
		}
	}
	if err != nil {
		return User{}, err
	}
	if in.fresh {
		return User{}, errs.New(errs.Conflict, "identity.login_taken")
	}
	if in.name == "" {
		in.name, _, _ = strings.Cut(s.shown(l), "@")
	}
	if in.lang == "" {
		in.lang = "zh"
	}
	u := User{BrandID: actor.BrandID, ID: s.IDs.New(), LoginID: l.ID, Name: in.name, Lang: in.lang, State: Active, Created: s.now()}
	made, err := insertUser(ctx, tx, u)
	if err != nil {
		return User{}, err
	}
	if !made {
		if u, err = userByLogin(ctx, tx, actor.BrandID, l.ID); err != nil {
			return User{}, err
		}
	}
	if err := s.link(ctx, tx, &u, in.member); err != nil {
		return User{}, err
	}
	for _, g := range in.grants {
		if err := insertGrant(ctx, tx, actor.BrandID, u.ID, g, grantor{User: actor.UserID, At: s.now()}); err != nil {
			return User{}, err
		}
	}
	return u, nil
}

// NewUser is a user made by the operator or an import rather than by invitation.
type NewUser struct {
	Login, Password, Name string
	MemberID              id.ID
	Grants                []authz.Grant
}

// CreateUser makes a user with a password, for the command line and the sandbox (system actors), who pass it on.
// Errors: identity.login_format, identity.password_…, identity.grant_not_yours.
func (s *Service) CreateUser(ctx context.Context, actor authz.Actor, in NewUser) (User, error) {
	bad := errs.Bad()
	h, ok := parseHandle(in.Login)
	if !ok {
		bad.Field("login", "identity.login_format")
	}
	checkName(bad, "name", in.Name)
	checkPassword(bad, "password", in.Password, h)
	if err := bad.OrNil(); err != nil {
		return User{}, err
	}
	for _, g := range in.Grants {
		if err := s.checkGrant(ctx, s.DB, actor, g); err != nil {
			return User{}, err
		}
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	var u User
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err = s.addUser(ctx, tx, actor, newUser{handle: h, hash: hash, name: strings.TrimSpace(in.Name), member: in.MemberID, grants: in.Grants})
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.create_user", Kind: "user", Object: u.ID, Name: u.Name})
	})
	return u, err
}

// UserRow is a user as managers see one.
type UserRow struct {
	User
	Login  string
	TOTP   bool
	Grants []authz.Grant
	Mine   bool // the actor may edit every grant of this user
}

// UserFilter cuts the list of users.
type UserFilter struct {
	Query string
	Role  authz.Role
	State State
	Unit  string
	After id.ID
	Limit int
}

// ListUsers lists the users who hold a grant within the actor's units, newest first; Limit+1 rows are read.
func (s *Service) ListUsers(ctx context.Context, actor authz.Actor, f UserFilter) ([]UserRow, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	var a db.Args
	q := `SELECT ` + userCols + ` FROM identity_user u WHERE u.brand_id = ` + a.Add(actor.BrandID)
	if !scope.All || f.Role != "" {
		q += ` AND EXISTS (SELECT 1 FROM identity_grant g WHERE g.brand_id = u.brand_id AND g.user_id = u.id`
		if !scope.All {
			q += ` AND g.unit_id <> 0 AND ` + scope.Where("g.unit_id", &a)
		}
		if f.Role != "" {
			q += ` AND g.role = ` + a.Add(f.Role)
		}
		q += `)`
	}
	if f.State != "" {
		q += ` AND u.state = ` + a.Add(f.State)
	}
	if f.Query != "" {
		q += ` AND LOWER(u.name) LIKE ` + a.Add("%"+likeText(strings.ToLower(f.Query))+"%") + ` ESCAPE '\'`
	}
	if f.After != 0 {
		q += ` AND u.id < ` + a.Add(f.After)
	}
	users, err := db.All[User](ctx, s.DB, q+` ORDER BY u.id DESC LIMIT `+a.Add(f.Limit+1), a.Values...)
	if err != nil {
		return nil, err
	}
	return s.rows(ctx, actor, users)
}

func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// rows adds logins and grants to users and tells which of them the actor may edit.
func (s *Service) rows(ctx context.Context, actor authz.Actor, users []User) ([]UserRow, error) {
	out := make([]UserRow, 0, len(users))
	var ids, logins, units []id.ID
	for _, u := range users {
		ids, logins = append(ids, u.ID), append(logins, u.LoginID)
	}
	var a db.Args
	ls, err := db.All[login](ctx, s.DB, `SELECT `+loginCols+` FROM identity_login WHERE id IN `+db.In(&a, logins), a.Values...)
	if err != nil {
		return nil, err
	}
	byLogin := map[id.ID]login{}
	for _, l := range ls {
		byLogin[l.ID] = l
	}
	a = db.Args{}
	type userGrant struct {
		UserID id.ID      `db:"user_id"`
		Role   authz.Role `db:"role"`
		UnitID id.ID      `db:"unit_id"`
	}
	gs, err := db.All[userGrant](ctx, s.DB, `SELECT user_id, role, unit_id FROM identity_grant WHERE brand_id = `+a.Add(actor.BrandID)+
		` AND user_id IN `+db.In(&a, ids)+` ORDER BY user_id, role, unit_id`, a.Values...)
	if err != nil {
		return nil, err
	}
	byUser := map[id.ID][]authz.Grant{}
	for _, g := range gs {
		byUser[g.UserID] = append(byUser[g.UserID], authz.Grant{Role: g.Role, UnitID: g.UnitID})
		if g.UnitID != 0 {
			units = append(units, g.UnitID)
		}
	}
	up, err := s.Units.Ancestors(ctx, s.DB, actor.BrandID, units, clock.Forever)
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		l := byLogin[u.LoginID]
		r := UserRow{User: u, Login: s.shown(l), TOTP: len(l.TOTP) > 0, Grants: byUser[u.ID]}
		r.Mine = actor.Can(permManage) && !slices.ContainsFunc(r.Grants, func(g authz.Grant) bool { return !mayGrant(actor, g.Role, up[g.UnitID]) })
		out = append(out, r)
	}
	return out, nil
}

// managed reads a user whose every grant the actor may hand on. A user outside the actor's units does not exist.
// Errors: identity.user_unknown, identity.user_not_yours.
func (s *Service) managed(ctx context.Context, tx *db.Tx, actor authz.Actor, user id.ID) (User, []authz.Grant, error) {
	u, err := userByID(ctx, tx, actor.BrandID, user)
	if db.NoRows(err) {
		return u, nil, errs.New(errs.NotFound, "identity.user_unknown")
	}
	if err != nil {
		return u, nil, err
	}
	grants, err := grantsOf(ctx, tx, actor.BrandID, user)
	if err != nil {
		return u, nil, err
	}
	seen, all := actor.Kind == authz.System, true
	for _, g := range grants {
		up, err := s.ancestors(ctx, tx, actor, g.UnitID)
		if err != nil && !errs.Is(err, "identity.unit_unknown") {
			return u, nil, err
		}
		seen = seen || slices.ContainsFunc(actor.Grants, func(own authz.Grant) bool { return covers(own, up) })
		all = all && mayGrant(actor, g.Role, up)
	}
	whole := slices.ContainsFunc(actor.Grants, func(own authz.Grant) bool { return own.UnitID == 0 })
	switch {
	case !seen && !whole:
		return u, nil, errs.New(errs.NotFound, "identity.user_unknown")
	case !all:
		return u, nil, errs.New(errs.Forbidden, "identity.user_not_yours")
	}
	return u, grants, nil
}

// SetGrants replaces a user's grants. Every grant that goes or comes must be the actor's to hand on, and the brand keeps
// an administrator. Errors: identity.user_unknown, identity.user_not_yours, identity.grant_not_yours,
// identity.last_admin, identity.grant_needed.
func (s *Service) SetGrants(ctx context.Context, actor authz.Actor, user id.ID, grants []authz.Grant) (UserRow, error) {
	if len(grants) == 0 {
		return UserRow{}, errs.New(errs.Invalid, "identity.grant_needed")
	}
	var u User
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		var was []authz.Grant
		var err error
		if u, was, err = s.managed(ctx, tx, actor, user); err != nil {
			return err
		}
		for _, g := range was {
			if !slices.Contains(grants, g) {
				if err := deleteGrant(ctx, tx, actor.BrandID, user, g); err != nil {
					return err
				}
			}
		}
		for _, g := range grants {
			if slices.Contains(was, g) {
				continue
			}
			if err := s.checkGrant(ctx, tx, actor, g); err != nil {
				return err
			}
			if err := insertGrant(ctx, tx, actor.BrandID, user, g, grantor{User: actor.UserID, At: s.now()}); err != nil {
				return err
			}
		}
		if err := s.keepAdmin(ctx, tx, actor.BrandID, user, was, grants); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.actors.drop(actor.BrandID, user, 0) })
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.set_grants", Kind: "user", Object: user, Name: u.Name, Before: was, After: grants})
	})
	if err != nil {
		return UserRow{}, err
	}
	return s.row(ctx, actor, u)
}

func (s *Service) row(ctx context.Context, actor authz.Actor, u User) (UserRow, error) {
	rows, err := s.rows(ctx, actor, []User{u})
	if err != nil {
		return UserRow{}, err
	}
	return rows[0], nil
}

// keepAdmin refuses to take the last administrator's right away.
func (s *Service) keepAdmin(ctx context.Context, tx *db.Tx, brand, user id.ID, was, will []authz.Grant) error {
	admin := authz.Grant{Role: authz.BrandAdmin}
	if !slices.Contains(was, admin) || slices.Contains(will, admin) {
		return nil
	}
	n, err := otherAdmins(ctx, tx, brand, user)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Precondition, "identity.last_admin")
	}
	return nil
}

// SetState disables or enables a user; a disabled one is signed out everywhere at once.
// Errors: identity.user_unknown, identity.user_not_yours, identity.last_admin, identity.not_yourself.
func (s *Service) SetState(ctx context.Context, actor authz.Actor, user id.ID, state State) (UserRow, error) {
	if user == actor.UserID {
		return UserRow{}, errs.New(errs.Precondition, "identity.not_yourself")
	}
	var u User
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		var was []authz.Grant
		var err error
		if u, was, err = s.managed(ctx, tx, actor, user); err != nil {
			return err
		}
		before := u.State
		u.State = state
		if _, err := tx.Exec(ctx, `UPDATE identity_user SET state = $1 WHERE brand_id = $2 AND id = $3`, state, actor.BrandID, user); err != nil {
			return err
		}
		if state == Disabled {
			if err := s.keepAdmin(ctx, tx, actor.BrandID, user, was, nil); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE brand_id = $1 AND user_id = $2`, actor.BrandID, user); err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { s.actors.drop(actor.BrandID, user, 0) })
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "identity.set_state", Kind: "user", Object: user, Name: u.Name,
			Before: map[string]State{"state": before}, After: map[string]State{"state": state},
		})
	})
	if err != nil {
		return UserRow{}, err
	}
	return s.row(ctx, actor, u)
}
