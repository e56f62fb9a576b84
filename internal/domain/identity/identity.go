package identity

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Brand is a tenant.
type Brand struct {
	ID      id.ID    `db:"id" json:"id"`
	Slug    string   `db:"slug" json:"slug"`
	Name    string   `db:"name" json:"name"`
	Zone    string   `db:"zone" json:"zone"`
	Created clock.Ms `db:"created_ms" json:"created_at"`
}

// State of a user.
type State string

// The states of a user; a disabled user cannot sign in and can be enabled again.
const (
	Active   State = "active"
	Disabled State = "disabled"
)

// User is a person within a brand.
type User struct {
	BrandID  id.ID    `db:"brand_id"`
	ID       id.ID    `db:"id"`
	LoginID  id.ID    `db:"login_id"`
	Name     string   `db:"name"`
	Lang     string   `db:"lang"`
	MemberID id.ID    `db:"member_id"`
	State    State    `db:"state"`
	Created  clock.Ms `db:"created_ms"`
	Seen     clock.Ms `db:"seen_ms"`
}

// login is a person's way in, the same in every brand.
type login struct {
	ID          id.ID    `db:"id"`
	Email       *string  `db:"email"`
	PhoneIndex  *string  `db:"phone_index"`
	PhoneSealed []byte   `db:"phone_sealed"`
	Password    string   `db:"password"`
	PasswordAt  clock.Ms `db:"password_ms"`
	TOTP        []byte   `db:"totp_sealed"`
	Pending     []byte   `db:"totp_pending"`
	Step        int64    `db:"totp_step"`
	Recovery    string   `db:"recovery"`
	Created     clock.Ms `db:"created_ms"`
}

// Session is a browser that is signed in.
type Session struct {
	ID      id.ID    `db:"id"`
	UserID  id.ID    `db:"user_id"`
	Hash    string   `db:"token_hash"`
	Device  string   `db:"device"`
	Address string   `db:"address"`
	Created clock.Ms `db:"created_ms"`
	Seen    clock.Ms `db:"seen_ms"`
	Expires clock.Ms `db:"expires_ms"`
}

// Token is an API token without its secret.
type Token struct {
	ID      id.ID      `db:"id"`
	UserID  id.ID      `db:"user_id"`
	Name    string     `db:"name"`
	Hash    string     `db:"token_hash"`
	Hint    string     `db:"hint"` // the last four characters
	Role    authz.Role `db:"role"`
	UnitID  id.ID      `db:"unit_id"`
	Scopes  string     `db:"scopes"` // JSON list of permission keys or "room.*"; empty list: all of the role's
	Created clock.Ms   `db:"created_ms"`
	Seen    clock.Ms   `db:"seen_ms"`
	Expires clock.Ms   `db:"expires_ms"`
	Revoked clock.Ms   `db:"revoked_ms"`
}

// Invitation is a link that makes one user.
type Invitation struct {
	ID         id.ID      `db:"id"`
	Hash       string     `db:"token_hash"`
	Name       string     `db:"name"`
	Role       authz.Role `db:"role"`
	UnitID     id.ID      `db:"unit_id"`
	MemberID   id.ID      `db:"member_id"`
	InvitedBy  id.ID      `db:"invited_by"`
	Created    clock.Ms   `db:"created_ms"`
	Expires    clock.Ms   `db:"expires_ms"`
	Accepted   clock.Ms   `db:"accepted_ms"`
	AcceptedBy id.ID      `db:"accepted_by"`
	Revoked    clock.Ms   `db:"revoked_ms"`
	UserID     id.ID      `db:"user_id"` // set: a link for this user to choose a new password
}

// Unit is what identity shows of a unit.
type Unit struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
	Path string `json:"path"`
}

// Units is what identity asks the organisation; org provides it, plugged in app/wire.go.
type Units interface {
	// Scope is the set of units an actor may see with a permission, cut to a unit (id or path, "" for all of it).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Ancestors gives each unit's ancestors, itself included, as of a day (clock.Forever: today's tree);
	// unknown units are absent.
	Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
	// Describe names units; unknown ones are absent.
	Describe(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID]Unit, error)
	// Find resolves a path such as 华东/上海; an unknown one is an errs.NotFound.
	Find(ctx context.Context, q db.Querier, brand id.ID, path string) (id.ID, error)
}
