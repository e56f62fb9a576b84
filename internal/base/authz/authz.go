// Package authz decides who may do what where: roles, grants (role × unit subtree), permissions declared by the rooms,
// and the Scope that turns "the units this actor may see" into SQL. Nothing else in the program decides access.
package authz

import (
	"slices"
	"time"

	"kosmos/internal/base/id"
)

// Role is what a person is to the brand. The set is closed.
type Role string

// The roles, from headquarters to customers.
const (
	BrandAdmin    Role = "brand_admin"
	HQOps         Role = "hq_ops"
	Compliance    Role = "compliance"
	Auditor       Role = "auditor"
	RegionManager Role = "region_manager"
	StoreManager  Role = "store_manager"
	KOS           Role = "kos"
	KOC           Role = "koc"
)

// Roles lists every role, from headquarters to customers.
func Roles() []Role {
	return []Role{BrandAdmin, HQOps, Compliance, Auditor, RegionManager, StoreManager, KOS, KOC}
}

// Valid tells whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Grant gives a role over a unit and everything below it. UnitID 0 is the whole brand.
type Grant struct {
	Role   Role
	UnitID id.ID
}

// Kind tells what sort of caller an Actor is.
type Kind string

// The kinds of actors.
const (
	User   Kind = "user"
	Token  Kind = "token"
	System Kind = "system"
)

// Actor is the caller of a use case, already authenticated, within one brand.
type Actor struct {
	Kind     Kind
	BrandID  id.ID
	UserID   id.ID // identity_user row; 0 for System
	MemberID id.ID // org_member row when the user is one of the matrix's people; else 0
	Name     string
	Lang     string // "zh" or "en"
	Zone     *time.Location
	Grants   []Grant
	perms    *Set
}

// NewActor binds an actor to the program's permission set; an actor without one can do nothing.
func NewActor(a Actor, perms *Set) Actor {
	a.perms = perms
	return a
}

// Can tells whether any grant of the actor holds the permission, wherever. System actors may do everything.
func (a Actor) Can(permission string) bool {
	if a.Kind == System {
		return true
	}
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return a.perms.allows(g.Role, permission) })
}

// Roots gives the units below which the actor holds the permission; all is true for the whole brand.
// An empty result without all means: nowhere.
func (a Actor) Roots(permission string) (units []id.ID, all bool) {
	if a.Kind == System {
		return nil, true
	}
	for _, g := range a.Grants {
		if !a.perms.allows(g.Role, permission) {
			continue
		}
		if g.UnitID == 0 {
			return nil, true
		}
		if !slices.Contains(units, g.UnitID) {
			units = append(units, g.UnitID)
		}
	}
	slices.Sort(units)
	return units, false
}

// SystemActor acts for the program itself (jobs, command line) within a brand.
func SystemActor(brand id.ID, zone *time.Location) Actor {
	return Actor{Kind: System, BrandID: brand, Name: "system", Lang: "zh", Zone: zone}
}
