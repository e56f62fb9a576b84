package identity

import (
	"context"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Reach tells how a user can be told, without the addresses themselves.
type Reach struct {
	Mail     bool
	Phone    bool
	MemberID id.ID
	UnitID   id.ID // of a grant, the smallest id; 0 for the whole brand
}

// Reach tells how active users can be told; others are absent. Addresses are those people sign in with.
func (s *Service) Reach(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]Reach, error) {
	type row struct {
		User   id.ID `db:"id"`
		Member id.ID `db:"member_id"`
		Mail   int   `db:"mail"`
		Phone  int   `db:"phone"`
	}
	var a db.Args
	rows, err := db.All[row](ctx, q, `SELECT u.id, u.member_id, CASE WHEN l.email IS NULL THEN 0 ELSE 1 END AS mail,
		CASE WHEN l.phone_sealed IS NULL THEN 0 ELSE 1 END AS phone FROM identity_user u JOIN identity_login l ON l.id = u.login_id
		WHERE u.brand_id = `+a.Add(brand)+` AND u.state = `+a.Add(string(Active))+` AND `+db.Among(q, &a, "u.id", users), a.Values...)
	if err != nil {
		return nil, err
	}
	type grant struct {
		User id.ID `db:"user_id"`
		Unit int64 `db:"unit_id"`
	}
	var b db.Args
	grants, err := db.All[grant](ctx, q, `SELECT user_id, MIN(unit_id) AS unit_id FROM identity_grant WHERE brand_id = `+b.Add(brand)+` AND `+
		db.Among(q, &b, "user_id", users)+` GROUP BY user_id`, b.Values...)
	if err != nil {
		return nil, err
	}
	units := make(map[id.ID]id.ID, len(grants))
	for _, g := range grants {
		units[g.User] = id.ID(g.Unit)
	}
	out := make(map[id.ID]Reach, len(rows))
	for _, r := range rows {
		out[r.User] = Reach{Mail: r.Mail == 1, Phone: r.Phone == 1, MemberID: r.Member, UnitID: units[r.User]}
	}
	return out, nil
}

// Contact is a user's addresses in the clear: for sending, never for a log or a page.
type Contact struct {
	Name  string
	Lang  string
	Mail  string
	Phone string
}

// String hides the addresses wherever a Contact is printed.
func (Contact) String() string { return "identity.Contact" }

// Contacts opens the addresses of active users; others are absent. A phone that cannot be opened (its key is gone) is empty.
func (s *Service) Contacts(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]Contact, error) {
	type row struct {
		User  id.ID   `db:"id"`
		Login id.ID   `db:"login_id"`
		Name  string  `db:"name"`
		Lang  string  `db:"lang"`
		Email *string `db:"email"`
		Phone []byte  `db:"phone_sealed"`
	}
	var a db.Args
	rows, err := db.All[row](ctx, q, `SELECT u.id, u.login_id, u.name, u.lang, l.email, l.phone_sealed FROM identity_user u
		JOIN identity_login l ON l.id = u.login_id WHERE u.brand_id = `+a.Add(brand)+` AND u.state = `+a.Add(string(Active))+` AND `+
		db.Among(q, &a, "u.id", users), a.Values...)
	out := make(map[id.ID]Contact, len(rows))
	for _, r := range rows {
		c := Contact{Name: r.Name, Lang: r.Lang}
		if r.Email != nil {
			c.Mail = *r.Email
		}
		if len(r.Phone) > 0 {
			if phone, err := s.Box.Open(aadPhone(r.Login), r.Phone); err == nil {
				c.Phone = string(phone)
			}
		}
		out[r.User] = c
	}
	return out, err
}

// Names gives the names of users, also of those who may not sign in any more.
func (s *Service) Names(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	users = slices.Compact(slices.Sorted(slices.Values(users)))
	if len(users) == 0 {
		return out, nil
	}
	var a db.Args
	rows, err := db.All[Person](ctx, q, `SELECT id, name FROM identity_user WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "id", users), a.Values...)
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, err
}
