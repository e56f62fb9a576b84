package identity

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// SystemActors gives one actor per brand for the program's own work, in the brand's zone.
func (s *Service) SystemActors(ctx context.Context) ([]authz.Actor, error) {
	brands, err := s.Brands(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]authz.Actor, 0, len(brands))
	for _, b := range brands {
		out = append(out, authz.SystemActor(b.ID, zoneOf(b.Zone)))
	}
	return out, nil
}

// peopleBatch bounds the ids of one statement.
const peopleBatch = 500

// UsersOf gives the active users of members; members who cannot sign in are absent.
func (s *Service) UsersOf(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) (map[id.ID]id.ID, error) {
	type row struct {
		User   id.ID `db:"id"`
		Member id.ID `db:"member_id"`
	}
	out := map[id.ID]id.ID{}
	for part := range slices.Chunk(members, peopleBatch) {
		var a db.Args
		rows, err := db.All[row](ctx, q, `SELECT id, member_id FROM identity_user WHERE brand_id = `+a.Add(brand)+` AND state = `+
			a.Add(string(Active))+` AND member_id IN `+db.In(&a, part), a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.Member] = r.User
		}
	}
	return out, nil
}

// HoldersOf gives the active users who hold one of the roles exactly at the units (unit 0: over the whole brand).
func (s *Service) HoldersOf(ctx context.Context, q db.Querier, brand id.ID, roles []authz.Role, units []id.ID) (map[id.ID][]id.ID, error) {
	type row struct {
		User id.ID `db:"user_id"`
		Unit id.ID `db:"unit_id"`
	}
	out := map[id.ID][]id.ID{}
	for part := range slices.Chunk(units, peopleBatch) {
		var a db.Args
		rows, err := db.All[row](ctx, q, `SELECT DISTINCT g.user_id, g.unit_id FROM identity_grant g
			JOIN identity_user u ON u.brand_id = g.brand_id AND u.id = g.user_id WHERE g.brand_id = `+a.Add(brand)+
			` AND u.state = `+a.Add(string(Active))+` AND g.role IN `+db.In(&a, texts(roles))+` AND g.unit_id IN `+db.In(&a, ints(part))+
			` ORDER BY g.unit_id, g.user_id`, a.Values...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.Unit] = append(out[r.Unit], r.User)
		}
	}
	return out, nil
}

// Person is a user as others see one.
type Person struct {
	ID   id.ID  `db:"id"`
	Name string `db:"name"`
}

// Holders lists the active users who hold one of the roles, wherever, by name.
func (s *Service) Holders(ctx context.Context, q db.Querier, brand id.ID, roles []authz.Role) ([]Person, error) {
	var a db.Args
	return db.All[Person](ctx, q, `SELECT id, name FROM identity_user WHERE brand_id = `+a.Add(brand)+` AND state = `+a.Add(string(Active))+
		` AND id IN (SELECT user_id FROM identity_grant WHERE brand_id = `+a.Add(brand)+` AND role IN `+db.In(&a, texts(roles))+`) ORDER BY name, id`, a.Values...)
}

func texts(roles []authz.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

// ints keeps unit 0, which an id.ID would store as NULL.
func ints(ids []id.ID) []int64 {
	out := make([]int64, len(ids))
	for i, x := range ids {
		out[i] = int64(x)
	}
	return out
}
