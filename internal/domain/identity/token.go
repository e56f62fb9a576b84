package identity

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// NewToken is an API token to be made.
type NewToken struct {
	Name   string
	Role   authz.Role
	UnitID id.ID
	Scopes []string // permission keys or "room.*"; empty: all of the role's
	TTL    time.Duration
}

// longestToken bounds the life of a token; programs renew them.
const longestToken = 366 * 24 * time.Hour

// MakeToken makes an API token within the actor's own rights and returns the only copy of its secret.
// Errors: identity.role_unknown, identity.unit_unknown, identity.token_not_yours, identity.scope_unknown, identity.ttl.
func (s *Service) MakeToken(ctx context.Context, actor authz.Actor, in NewToken) (string, Token, error) {
	bad := errs.Bad()
	in.Name = strings.TrimSpace(in.Name)
	checkName(bad, "name", in.Name)
	if !in.Role.Valid() {
		bad.Field("role", "identity.role_unknown")
	}
	if in.TTL <= 0 || in.TTL > longestToken {
		bad.Field("days", "identity.ttl", "limit", int(longestToken.Hours()/24))
	}
	for _, sc := range in.Scopes {
		if !s.knownScope(sc) {
			bad.Field("scopes", "identity.scope_unknown", "scope", sc)
		}
	}
	if err := bad.OrNil(); err != nil {
		return "", Token{}, err
	}
	secret, t := s.newToken(actor, in)
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		up, err := s.ancestors(ctx, tx, actor, in.UnitID)
		if err != nil {
			return err
		}
		if !mayCarry(actor, in.Role, up) && actor.Kind != authz.System {
			return errs.New(errs.Forbidden, "identity.token_not_yours")
		}
		if err := insertToken(ctx, tx, actor.BrandID, t); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.make_token", UnitID: t.UnitID, Kind: "token", Object: t.ID, Name: t.Name})
	})
	return secret, t, err
}

func (s *Service) newToken(actor authz.Actor, in NewToken) (string, Token) {
	body := newBrandSecret(actor.BrandID)
	if in.Scopes == nil {
		in.Scopes = []string{}
	}
	scopes, _ := json.Marshal(in.Scopes) //nolint:errchkjson // strings
	return tokenPrefix + body, Token{
		ID: s.IDs.New(), UserID: actor.UserID, Name: in.Name, Hash: hashSecret(body), Hint: body[len(body)-4:],
		Role: in.Role, UnitID: in.UnitID, Scopes: string(scopes), Created: s.now(), Expires: s.now() + clock.Ms(in.TTL.Milliseconds()),
	}
}

func (s *Service) knownScope(scope string) bool {
	for _, key := range s.perms.Load().Keys() {
		if inScopes([]string{scope}, key) {
			return true
		}
	}
	return false
}

// CreateToken makes a token for the operator of the program: `kosmos token create`. unit is a path, empty for the brand.
// Errors: identity.brand_unknown, identity.role_unknown, identity.ttl and the organisation's for an unknown path.
func (s *Service) CreateToken(ctx context.Context, brandSlug string, role authz.Role, unit string, ttl time.Duration) (string, error) {
	b, err := s.BrandBySlug(ctx, brandSlug)
	if err != nil {
		return "", err
	}
	in := NewToken{Name: "cli " + string(role), Role: role, TTL: ttl}
	if unit != "" {
		if in.UnitID, err = s.Units.Find(ctx, s.DB, b.ID, unit); err != nil {
			return "", err
		}
	}
	secret, _, err := s.MakeToken(ctx, authz.SystemActor(b.ID, zoneOf(b.Zone)), in)
	return secret, err
}

// TokenRow is a token with the name of whoever made it.
type TokenRow struct {
	Token
	Owner string `db:"owner"`
}

// Tokens lists the caller's live tokens; whoever holds identity.brand sees all of the brand.
func (s *Service) Tokens(ctx context.Context, actor authz.Actor) ([]TokenRow, error) {
	var a db.Args
	q := `SELECT t.id, t.user_id, t.name, t.token_hash, t.hint, t.role, t.unit_id, t.scopes, t.created_ms, t.seen_ms, t.expires_ms, t.revoked_ms,
		COALESCE(u.name, '') AS owner FROM identity_token t LEFT JOIN identity_user u ON u.brand_id = t.brand_id AND u.id = t.user_id
		WHERE t.brand_id = ` + a.Add(actor.BrandID) + ` AND t.revoked_ms IS NULL AND (t.expires_ms IS NULL OR t.expires_ms > ` + a.Add(s.now()) + `)`
	if !actor.Can(permBrand) {
		q += ` AND t.user_id = ` + a.Add(actor.UserID)
	}
	return db.All[TokenRow](ctx, s.DB, q+` ORDER BY t.id DESC LIMIT 500`, a.Values...)
}

// RevokeToken ends a token at once. Errors: identity.token_unknown.
func (s *Service) RevokeToken(ctx context.Context, actor authz.Actor, token id.ID) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var a db.Args
		q := `UPDATE identity_token SET revoked_ms = ` + a.Add(s.now()) + ` WHERE brand_id = ` + a.Add(actor.BrandID) + ` AND id = ` + a.Add(token) + ` AND revoked_ms IS NULL`
		if !actor.Can(permBrand) {
			q += ` AND user_id = ` + a.Add(actor.UserID)
		}
		n, err := tx.Exec(ctx, q, a.Values...)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "identity.token_unknown")
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.revoke_token", Kind: "token", Object: token})
	})
	if err == nil {
		s.actors.drop(actor.BrandID, 0, token)
	}
	return err
}
