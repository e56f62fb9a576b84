package identity

import (
	"context"
	"encoding/hex"
	"strings"
	"sync/atomic"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web"
)

// Deps are what the room needs of the house.
type Deps struct {
	DB      *db.DB
	IDs     *id.Source
	Clock   clock.Clock
	Box     *seal.Box
	Audit   *audit.Log
	Cursors *web.Cursors
	Units   Units
	Tree    Tree
	Members Members
}

// Service holds the use cases of the room.
type Service struct {
	Deps
	hasher *hasher
	actors *actorCache
	perms  atomic.Pointer[authz.Set]
}

// New makes the Service; call UsePermissions before anyone signs in.
func New(d Deps) *Service { return newService(d, argonMemory) }

func newService(d Deps, memory uint32) *Service {
	return &Service{Deps: d, hasher: newHasher(memory), actors: newActorCache(d.Clock)}
}

// UsePermissions gives the program's whole permission table, which is known once every room is made.
func (s *Service) UsePermissions(p *authz.Set) { s.perms.Store(p) }

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

// needUser refuses tokens and the system where only a person at a screen will do.
func needUser(actor authz.Actor) error {
	if actor.Kind != authz.User || actor.UserID == 0 {
		return errs.New(errs.Forbidden, "identity.person_needed")
	}
	return nil
}

// phoneIndex is the blind index of a phone number over all brands.
func (s *Service) phoneIndex(phone string) string {
	return hex.EncodeToString(s.Box.Index(0, "login_phone", phone))
}

func (s *Service) loginByHandle(ctx context.Context, q db.Querier, h handle) (login, error) {
	if h.email != "" {
		return loginByEmail(ctx, q, h.email)
	}
	return loginByPhone(ctx, q, s.phoneIndex(h.phone))
}

// newLogin makes the row of a login; password is already hashed.
func (s *Service) newLogin(h handle, password string) (login, error) {
	l := login{ID: s.IDs.New(), Password: password, PasswordAt: s.now(), Created: s.now()}
	if h.email != "" {
		l.Email = &h.email
		return l, nil
	}
	index := s.phoneIndex(h.phone)
	l.PhoneIndex = &index
	var err error
	l.PhoneSealed, err = s.Box.Seal(aadPhone(l.ID), []byte(h.phone))
	return l, err
}

// shown is the login name a person recognises.
func (s *Service) shown(l login) string {
	if l.Email != nil {
		return *l.Email
	}
	phone, err := s.Box.Open(aadPhone(l.ID), l.PhoneSealed)
	if err != nil {
		return ""
	}
	return masked(string(phone))
}

// ancestors gives a unit's ancestors for mayGrant; nil for the whole brand. Errors: identity.unit_unknown.
func (s *Service) ancestors(ctx context.Context, q db.Querier, actor authz.Actor, unit id.ID) ([]id.ID, error) {
	if unit == 0 {
		return nil, nil
	}
	m, err := s.Units.Ancestors(ctx, q, actor.BrandID, []id.ID{unit}, clock.Forever)
	if err != nil {
		return nil, err
	}
	if len(m[unit]) == 0 {
		return nil, errs.New(errs.Invalid, "identity.unit_unknown")
	}
	return m[unit], nil
}

// checkGrant refuses a role over a unit that the actor may not hand on. Errors: identity.grant_not_yours.
func (s *Service) checkGrant(ctx context.Context, q db.Querier, actor authz.Actor, g authz.Grant) error {
	if !g.Role.Valid() {
		return errs.New(errs.Invalid, "identity.role_unknown")
	}
	up, err := s.ancestors(ctx, q, actor, g.UnitID)
	if err != nil {
		return err
	}
	if !mayGrant(actor, g.Role, up) {
		return errs.New(errs.Forbidden, "identity.grant_not_yours")
	}
	return nil
}

// secretOf cuts "<brand>_<secret>" as cookies, tokens and links carry it.
func secretOf(s string) (brand id.ID, hash string, ok bool) {
	head, secret, ok := strings.Cut(s, "_")
	if !ok || secret == "" {
		return 0, "", false
	}
	brand, err := id.Parse(head)
	return brand, hashSecret(s), err == nil
}

func newBrandSecret(brand id.ID) string { return brand.String() + "_" + newSecret() }

func zoneOf(name string) *time.Location {
	if name == clock.Shanghai().String() || name == "" {
		return clock.Shanghai()
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return clock.Shanghai()
	}
	return loc
}
