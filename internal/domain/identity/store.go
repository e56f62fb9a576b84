package identity

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const (
	brandCols   = `id, slug, name, zone, created_ms`
	userCols    = `brand_id, id, login_id, name, lang, member_id, state, created_ms, seen_ms`
	loginCols   = `id, email, phone_index, phone_sealed, password, password_ms, totp_sealed, totp_pending, totp_step, recovery, created_ms`
	sessionCols = `id, user_id, token_hash, device, address, created_ms, seen_ms, expires_ms`
	tokenCols   = `id, user_id, name, token_hash, hint, role, unit_id, scopes, created_ms, seen_ms, expires_ms, revoked_ms`
	inviteCols  = `id, token_hash, name, role, unit_id, member_id, invited_by, created_ms, expires_ms, accepted_ms, accepted_by, revoked_ms, user_id`
)

func insertBrand(ctx context.Context, q db.Querier, b Brand) (bool, error) {
	if _, err := q.Exec(ctx, `INSERT INTO identity_first_brand (one) VALUES (1) ON CONFLICT (one) DO NOTHING`); err != nil {
		return false, err
	}
	n, err := q.Exec(ctx, `INSERT INTO identity_brand (id, slug, name, zone, settings, created_ms) VALUES ($1, $2, $3, $4, '{}', $5)
		ON CONFLICT (slug) DO NOTHING`, b.ID, b.Slug, b.Name, b.Zone, b.Created)
	return n == 1, err
}

// claimFirstBrand is true for exactly one transaction in the life of a store.
func claimFirstBrand(ctx context.Context, q db.Querier) (bool, error) {
	n, err := q.Exec(ctx, `INSERT INTO identity_first_brand (one) VALUES (1) ON CONFLICT (one) DO NOTHING`)
	return n == 1, err
}

func anyBrand(ctx context.Context, q db.Querier) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT CAST(COUNT(*) AS BIGINT) FROM identity_brand`)
	return n > 0, err
}

func brandBySlug(ctx context.Context, q db.Querier, slug string) (Brand, error) {
	return db.One[Brand](ctx, q, `SELECT `+brandCols+` FROM identity_brand WHERE slug = $1`, slug)
}

func brandByID(ctx context.Context, q db.Querier, brand id.ID) (Brand, error) {
	return db.One[Brand](ctx, q, `SELECT `+brandCols+` FROM identity_brand WHERE id = $1`, brand)
}

// lockBrand makes concurrent edits of a brand's rights wait for one another.
func lockBrand(ctx context.Context, q db.Querier, brand id.ID) error {
	_, err := q.Exec(ctx, `UPDATE identity_brand SET settings = settings WHERE id = $1`, brand)
	return err
}

func loginByEmail(ctx context.Context, q db.Querier, email string) (login, error) {
	return db.One[login](ctx, q, `SELECT `+loginCols+` FROM identity_login WHERE email = $1`, email)
}

func loginByPhone(ctx context.Context, q db.Querier, index string) (login, error) {
	return db.One[login](ctx, q, `SELECT `+loginCols+` FROM identity_login WHERE phone_index = $1`, index)
}

func loginByID(ctx context.Context, q db.Querier, l id.ID) (login, error) {
	return db.One[login](ctx, q, `SELECT `+loginCols+` FROM identity_login WHERE id = $1`, l)
}

// insertLogin is false when the e-mail or phone has a login already.
func insertLogin(ctx context.Context, q db.Querier, l login) (bool, error) {
	n, err := q.Exec(ctx, `INSERT INTO identity_login (`+loginCols+`) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, 0, '[]', $7) ON CONFLICT DO NOTHING`,
		l.ID, l.Email, l.PhoneIndex, l.PhoneSealed, l.Password, l.PasswordAt, l.Created)
	return n == 1, err
}

func insertUser(ctx context.Context, q db.Querier, u User) (bool, error) {
	n, err := q.Exec(ctx, `INSERT INTO identity_user (`+userCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)
		ON CONFLICT (brand_id, login_id) DO NOTHING`, u.BrandID, u.ID, u.LoginID, u.Name, u.Lang, u.MemberID, u.State, u.Created)
	return n == 1, err
}

func userByID(ctx context.Context, q db.Querier, brand, user id.ID) (User, error) {
	return db.One[User](ctx, q, `SELECT `+userCols+` FROM identity_user WHERE brand_id = $1 AND id = $2`, brand, user)
}

func userByLogin(ctx context.Context, q db.Querier, brand, l id.ID) (User, error) {
	return db.One[User](ctx, q, `SELECT `+userCols+` FROM identity_user WHERE brand_id = $1 AND login_id = $2`, brand, l)
}

// place is a brand where a login has an active user.
type place struct {
	Brand
	UserID id.ID    `db:"user_id"`
	Seen   clock.Ms `db:"user_seen_ms"`
}

// places lists where a login may go, the last one used first. It walks the brands, which are few.
func places(ctx context.Context, q db.Querier, l id.ID) ([]place, error) {
	return db.All[place](ctx, q, `SELECT b.id, b.slug, b.name, b.zone, b.created_ms, u.id AS user_id, u.seen_ms AS user_seen_ms
		FROM identity_brand b JOIN identity_user u ON u.brand_id = b.id AND u.login_id = $1 AND u.state = $2
		ORDER BY COALESCE(u.seen_ms, 0) DESC, b.id`, l, Active)
}

func grantsOf(ctx context.Context, q db.Querier, brand, user id.ID) ([]authz.Grant, error) {
	return db.All[authz.Grant](ctx, q, `SELECT role AS role, unit_id AS unit_id FROM identity_grant WHERE brand_id = $1 AND user_id = $2 ORDER BY role, unit_id`, brand, user)
}

func insertGrant(ctx context.Context, q db.Querier, brand, user id.ID, g authz.Grant, by grantor) error {
	_, err := q.Exec(ctx, `INSERT INTO identity_grant (brand_id, user_id, role, unit_id, granted_by, granted_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		brand, user, g.Role, int64(g.UnitID), by.User, by.At)
	return err
}

type grantor struct {
	User id.ID
	At   clock.Ms
}

func deleteGrant(ctx context.Context, q db.Querier, brand, user id.ID, g authz.Grant) error {
	_, err := q.Exec(ctx, `DELETE FROM identity_grant WHERE brand_id = $1 AND user_id = $2 AND role = $3 AND unit_id = $4`, brand, user, g.Role, int64(g.UnitID))
	return err
}

// otherAdmins counts the active administrators of the whole brand but one user.
func otherAdmins(ctx context.Context, q db.Querier, brand, but id.ID) (int64, error) {
	return db.One[int64](ctx, q, `SELECT CAST(COUNT(*) AS BIGINT) FROM identity_grant g JOIN identity_user u ON u.brand_id = g.brand_id AND u.id = g.user_id
		WHERE g.brand_id = $1 AND g.role = $2 AND g.unit_id = 0 AND u.state = $3 AND u.id <> $4`, brand, authz.BrandAdmin, Active, but)
}

func insertSession(ctx context.Context, q db.Querier, brand id.ID, s Session) error {
	_, err := q.Exec(ctx, `INSERT INTO identity_session (brand_id, `+sessionCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		brand, s.ID, s.UserID, s.Hash, s.Device, s.Address, s.Created, s.Seen, s.Expires)
	return err
}

func sessionByHash(ctx context.Context, q db.Querier, brand id.ID, hash string) (Session, error) {
	return db.One[Session](ctx, q, `SELECT `+sessionCols+` FROM identity_session WHERE brand_id = $1 AND token_hash = $2`, brand, hash)
}

func sessionsOf(ctx context.Context, q db.Querier, brand, user id.ID, now clock.Ms) ([]Session, error) {
	return db.All[Session](ctx, q, `SELECT `+sessionCols+` FROM identity_session WHERE brand_id = $1 AND user_id = $2 AND expires_ms > $3 ORDER BY seen_ms DESC, id`, brand, user, now)
}

func touchSession(ctx context.Context, q db.Querier, brand id.ID, s Session) error {
	_, err := q.Exec(ctx, `UPDATE identity_session SET seen_ms = $1, expires_ms = $2, address = $3 WHERE brand_id = $4 AND id = $5`, s.Seen, s.Expires, s.Address, brand, s.ID)
	return err
}

func touchUser(ctx context.Context, q db.Querier, brand, user id.ID, now clock.Ms) error {
	_, err := q.Exec(ctx, `UPDATE identity_user SET seen_ms = $1 WHERE brand_id = $2 AND id = $3`, now, brand, user)
	return err
}

func insertToken(ctx context.Context, q db.Querier, brand id.ID, t Token) error {
	_, err := q.Exec(ctx, `INSERT INTO identity_token (brand_id, `+tokenCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11, NULL)`,
		brand, t.ID, t.UserID, t.Name, t.Hash, t.Hint, t.Role, int64(t.UnitID), t.Scopes, t.Created, t.Expires)
	return err
}

func tokenByHash(ctx context.Context, q db.Querier, brand id.ID, hash string) (Token, error) {
	return db.One[Token](ctx, q, `SELECT `+tokenCols+` FROM identity_token WHERE brand_id = $1 AND token_hash = $2`, brand, hash)
}

func insertInvitation(ctx context.Context, q db.Querier, brand id.ID, i Invitation) error {
	_, err := q.Exec(ctx, `INSERT INTO identity_invitation (brand_id, `+inviteCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL, NULL, $11)`,
		brand, i.ID, i.Hash, i.Name, i.Role, int64(i.UnitID), i.MemberID, i.InvitedBy, i.Created, i.Expires, i.UserID)
	return err
}

func invitationByHash(ctx context.Context, q db.Querier, brand id.ID, hash string) (Invitation, error) {
	return db.One[Invitation](ctx, q, `SELECT `+inviteCols+` FROM identity_invitation WHERE brand_id = $1 AND token_hash = $2`, brand, hash)
}

// spendInvitation marks an open invitation as accepted; false when someone was faster.
func spendInvitation(ctx context.Context, q db.Querier, brand id.ID, i Invitation, now clock.Ms) (bool, error) {
	n, err := q.Exec(ctx, `UPDATE identity_invitation SET accepted_ms = $1 WHERE brand_id = $2 AND id = $3
		AND accepted_ms IS NULL AND revoked_ms IS NULL AND expires_ms > $4`, now, brand, i.ID, now)
	return n == 1, err
}
