package org

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Seat is what a choice among members asks: where somebody works, as what, since when, and how to reach them.
type Seat struct {
	ID, UnitID, UserID id.ID
	Role               authz.Role
	Tags               Labels
	Joined             clock.Day
	Active             bool
}

const seatCols = "id, unit_id, user_id, role, tags, joined_day, status"

// WalkSeats walks the active members of the brand in order of id, limit at a time.
func (s *Service) WalkSeats(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]Seat, error) {
	return seats(ctx, q, limit, "SELECT "+seatCols+" FROM org_member WHERE brand_id = $1 AND id > $2 AND status = 'active' ORDER BY id LIMIT $3", int64(brand), int64(after), limit)
}

// SeatsByID reads the seats of ≤ 1,000 members, those that left too, in order of id.
func (s *Service) SeatsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Seat, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return seats(ctx, q, len(ids), "SELECT "+seatCols+" FROM org_member WHERE brand_id = "+a.Add(int64(brand))+" AND "+db.Among(q, &a, "id", ids)+" ORDER BY id", a.Values...)
}

// seats reads rows of seatCols; a walk over a hundred thousand of them has no time for reflection.
func seats(ctx context.Context, q db.Querier, size int, text string, args ...any) ([]Seat, error) {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := make([]Seat, 0, min(size, 5000))
	for rows.Next() {
		var x Seat
		var role, tags, status string
		if err := rows.Scan(&x.ID, &x.UnitID, &x.UserID, &role, &tags, &x.Joined, &status); err != nil {
			return nil, err
		}
		x.Role, x.Active = authz.Role(role), MemberStatus(status) == Active
		if tags != "[]" && tags != "" {
			if err := x.Tags.Scan(tags); err != nil {
				return nil, err
			}
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// UnitsBelow lists the open units right below one, by name.
func (s *Service) UnitsBelow(ctx context.Context, q db.Querier, brand, unit id.ID) ([]Unit, error) {
	return db.All[Unit](ctx, q, unitSelect+` WHERE u.brand_id = $1 AND u.parent_id = $2 AND u.status = 'open' ORDER BY u.name_key, u.id`, brand, unit)
}
