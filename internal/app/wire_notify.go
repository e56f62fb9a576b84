package app

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
)

// newNotify makes the room that tells people, over their logins and the places where they work.
func newNotify(b base, s services) *notify.Service {
	return notify.New(notify.Deps{
		DB: b.DB, IDs: b.IDs, Clock: b.Clock, Box: b.Seal, Audit: b.Audit, Guard: b.Guard,
		People: notifyPeople{s.Identity, s.Org}, Units: s.Org, Brands: s.Identity,
	})
}

// notifyPeople is what notify asks of identity and org.
type notifyPeople struct {
	*identity.Service
	org *org.Service
}

// Reach implements notify.People: a member is where the member works, anybody else where a grant says.
func (p notifyPeople) Reach(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]notify.Reach, error) {
	found, err := p.Service.Reach(ctx, q, brand, users)
	if err != nil {
		return nil, err
	}
	var members []id.ID
	for _, r := range found {
		if r.MemberID != 0 {
			members = append(members, r.MemberID)
		}
	}
	at, err := p.org.MembersByID(ctx, q, brand, members)
	out := make(map[id.ID]notify.Reach, len(found))
	for u, r := range found {
		unit := r.UnitID
		if m, ok := at[r.MemberID]; ok && r.MemberID != 0 {
			unit = m.UnitID
		}
		out[u] = notify.Reach{Mail: r.Mail, Phone: r.Phone, UnitID: unit}
	}
	return out, err
}

// Contacts implements notify.People.
func (p notifyPeople) Contacts(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]notify.Contact, error) {
	found, err := p.Service.Contacts(ctx, q, brand, users)
	out := make(map[id.ID]notify.Contact, len(found))
	for u, c := range found {
		out[u] = notify.Contact(c)
	}
	return out, err
}
