package org

import (
	"context"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
	"kosmos/internal/event"
)

// The purposes of the blind indexes of phones.
const (
	indexPhone = "phone"
	indexLast4 = "phone_last4"
)

// phoneAAD is the place a sealed phone belongs to.
func phoneAAD(brand, member id.ID) string {
	return brand.String() + "|org_member|phone|" + member.String()
}

// setPhone seals a phone in E.164 into the member; "" takes it away.
func (s *Service) setPhone(m *Member, e164 string) (err error) {
	if e164 == "" {
		m.PhoneSealed, m.PhoneIndex, m.PhoneLast4 = nil, nil, nil
		return nil
	}
	m.PhoneIndex = s.Box.Index(int64(m.BrandID), indexPhone, e164)
	m.PhoneLast4 = s.Box.Index(int64(m.BrandID), indexLast4, e164[len(e164)-4:])
	m.PhoneSealed, err = s.Box.Seal(phoneAAD(m.BrandID, m.ID), []byte(e164))
	return err
}

func (s *Service) openPhone(m Member) (string, error) {
	if len(m.PhoneSealed) == 0 {
		return "", nil
	}
	raw, err := s.Box.Open(phoneAAD(m.BrandID, m.ID), m.PhoneSealed)
	return string(raw), err
}

// NewMember describes a member to add. JoinedDay 0 is unknown.
type NewMember struct {
	UnitID    id.ID
	Name      string
	Phone     string
	Role      authz.Role
	Title     string
	Code      string
	Personas  []string
	Tags      []string
	JoinedDay clock.Day
}

// AddMember adds a person to a unit. Needs org.member_write on the unit.
// Errors: org.unit_not_found, org.unit_closed, org.phone_taken, org.code_taken, field faults.
func (s *Service) AddMember(ctx context.Context, actor authz.Actor, in NewMember) (Member, error) {
	if in.Role == "" {
		in.Role = authz.KOS
	}
	m, phone, err := checkMember(Member{
		BrandID: actor.BrandID, ID: s.IDs.New(), UnitID: in.UnitID, Name: in.Name, Role: in.Role, Title: in.Title,
		Code: in.Code, Personas: in.Personas, Tags: in.Tags, JoinedDay: in.JoinedDay, Status: Active, Version: 1, CreatedAt: s.now(), UpdatedAt: s.now(),
	}, in.Phone)
	if err != nil {
		return Member{}, err
	}
	if err := s.setPhone(&m, phone); err != nil {
		return Member{}, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err := s.openUnit(ctx, tx, actor, in.UnitID)
		if err != nil {
			return err
		}
		if err := insertMembers(ctx, tx, []Member{m}); err != nil {
			return err
		}
		if err := setTags(ctx, tx, m.BrandID, tagMember, m.ID, m.Tags); err != nil {
			return err
		}
		if err := addMembers(ctx, tx, actor.BrandID, map[id.ID]int64{u.ID: 1}); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, m, Entry{Action: ActCreated, To: place4(u)}, audit.Entry{Action: "org.add_member", After: trail(m)})
	})
	if err != nil {
		return Member{}, err
	}
	return s.Member(ctx, actor, m.ID)
}

// place4 names a unit on a timeline: its path, or the brand's name.
func place4(u Unit) string {
	if u.Path == "" {
		return u.Name
	}
	return u.Path
}

// openUnit reads a unit that takes members and that the actor may fill. The tree is locked: it cannot close meanwhile.
func (s *Service) openUnit(ctx context.Context, tx *db.Tx, actor authz.Actor, unit id.ID) (Unit, error) {
	if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
		return Unit{}, err
	}
	u, err := s.reach(ctx, tx, actor, "org.member_write", unit)
	if err == nil && u.Status != Open {
		err = errs.New(errs.Precondition, "org.unit_closed", "unit", u.Name)
	}
	return u, err
}

// checkMember cleans what people typed, gives the phone in E.164 and tells every fault at once.
func checkMember(m Member, phone string) (Member, string, error) {
	bad := errs.Bad()
	var ok bool
	if m.Name, ok = cleanName(m.Name); !ok {
		bad.Field("name", "org.name_invalid", "max", maxName)
	}
	if phone = strings.TrimSpace(phone); phone != "" {
		if phone, ok = ParsePhone(phone); !ok {
			bad.Field("phone", "org.phone_invalid")
		}
	}
	if !m.Role.Valid() {
		bad.Field("role", "org.role_unknown", "role", string(m.Role))
	}
	m.Title, m.Code = strings.TrimSpace(m.Title), strings.TrimSpace(m.Code)
	if utf8.RuneCountInString(m.Title) > maxName {
		bad.Field("title", "org.too_long", "max", maxName)
	}
	if utf8.RuneCountInString(m.Code) > maxName {
		bad.Field("code", "org.too_long", "max", maxName)
	}
	if m.Personas, ok = cleanPersonas(m.Personas); !ok {
		bad.Field("personas", "org.persona_unknown")
	}
	if m.Tags, ok = cleanLabels(m.Tags); !ok {
		bad.Field("tags", "org.tags_invalid", "max", maxLabels, "length", maxLabel)
	}
	m.NameKey, m.Pinyin = search.Key(m.Name), pinyinOf(m.Name)
	return m, phone, bad.OrNil()
}

// EditMember changes the fields that are not nil. Version is the one the editor saw; 0 edits whatever is there.
type EditMember struct {
	ID        id.ID
	Version   int64
	Name      *string
	Phone     *string
	Role      *authz.Role
	Title     *string
	Code      *string
	Personas  *[]string
	Tags      *[]string
	JoinedDay *clock.Day
}

// UpdateMember edits a member. Needs org.member_write on his unit.
// Errors: org.member_not_found, base.changed_meanwhile, org.phone_taken, org.code_taken, field faults.
func (s *Service) UpdateMember(ctx context.Context, actor authz.Actor, in EditMember) (Member, error) {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := s.reachMember(ctx, tx, actor, "org.member_write", in.ID)
		if err != nil {
			return err
		}
		if in.Version != 0 && in.Version != old.Version {
			return errs.New(errs.Precondition, "base.changed_meanwhile")
		}
		m, phone := applyMemberEdit(old, in)
		m, phone, err = checkMember(m, phone)
		if err != nil {
			return err
		}
		if in.Phone != nil {
			if err := s.setPhone(&m, phone); err != nil {
				return err
			}
		}
		m.Version, m.UpdatedAt = old.Version+1, s.now()
		if err := saveMembers(ctx, tx, []Member{m}); err != nil {
			return err
		}
		if err := setTags(ctx, tx, m.BrandID, tagMember, m.ID, m.Tags); err != nil {
			return err
		}
		e := Entry{Action: ActEdited}
		if m.Name != old.Name {
			e = Entry{Action: ActRenamed, From: old.Name, To: m.Name}
		}
		return s.note(ctx, tx, actor, m, e, audit.Entry{Action: "org.edit_member", Before: trail(old), After: trail(m)})
	})
	if err != nil {
		return Member{}, err
	}
	return s.Member(ctx, actor, in.ID)
}

func applyMemberEdit(m Member, in EditMember) (Member, string) {
	set(&m.Name, in.Name)
	set(&m.Role, in.Role)
	set(&m.Title, in.Title)
	set(&m.Code, in.Code)
	set(&m.JoinedDay, in.JoinedDay)
	if in.Personas != nil {
		m.Personas = *in.Personas
	}
	if in.Tags != nil {
		m.Tags = *in.Tags
	}
	phone := ""
	set(&phone, in.Phone)
	return m, phone
}

// reachMember reads a member of a unit that the actor holds the permission on.
func (s *Service) reachMember(ctx context.Context, q db.Querier, actor authz.Actor, permission string, member id.ID) (Member, error) {
	if !actor.Can(permission) {
		return Member{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	m, err := memberByID(ctx, q, actor.BrandID, member)
	if err != nil {
		return m, err
	}
	if err := inside(ctx, q, actor, permission, m.UnitID); err != nil {
		return Member{}, errs.New(errs.NotFound, "org.member_not_found")
	}
	return m, nil
}

// MoveMembers lets members work in another unit from today on; their accounts stay where they are. Needs
// org.member_write on both units.
func (s *Service) MoveMembers(ctx context.Context, actor authz.Actor, members []id.ID, to id.ID, why string) error {
	why, err := cleanWhy(why)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err := s.openUnit(ctx, tx, actor, to)
		if err != nil {
			return err
		}
		delta := map[id.ID]int64{}
		var moved []id.ID
		for _, one := range members {
			m, err := s.reachMember(ctx, tx, actor, "org.member_write", one)
			if err != nil {
				return err
			}
			if m.UnitID == u.ID {
				continue
			}
			from, err := unitByID(ctx, tx, actor.BrandID, m.UnitID)
			if err != nil {
				return err
			}
			if m.Status == Active {
				delta[m.UnitID]--
				delta[u.ID]++
			}
			m.UnitID, m.Version, m.UpdatedAt = u.ID, m.Version+1, s.now()
			if err := saveMembers(ctx, tx, []Member{m}); err != nil {
				return err
			}
			if err := s.note(ctx, tx, actor, m, Entry{Action: ActMoved, From: place4(from), To: place4(u), Why: why}, audit.Entry{Action: "org.move_member"}); err != nil {
				return err
			}
			moved = append(moved, m.ID)
		}
		if len(moved) == 0 {
			return nil
		}
		if err := addMembers(ctx, tx, actor.BrandID, delta); err != nil {
			return err
		}
		return s.Events.Publish(ctx, tx, event.OrgMemberMoved{BrandID: actor.BrandID, MemberIDs: moved, ToID: u.ID, Day: int32(s.today(actor))})
	})
}

// moveAllMembers gives every active member of a unit to another one; part of dissolving it.
func (s *Service) moveAllMembers(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to Unit) error {
	ids, err := db.All[id.ID](ctx, tx, `SELECT id FROM org_member WHERE brand_id = $1 AND unit_id = $2 AND status = 'active' ORDER BY id`, from.BrandID, from.ID)
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE org_member SET unit_id = $1, version = version + 1, updated_ms = $2 WHERE brand_id = $3 AND unit_id = $4 AND status = 'active'`,
		to.ID, int64(s.now()), from.BrandID, from.ID)
	if err != nil {
		return err
	}
	entries := make([]Entry, 0, len(ids))
	for _, m := range ids {
		entries = append(entries, Entry{
			BrandID: from.BrandID, SubjectID: m, ID: s.IDs.New(), Action: ActMoved, From: place4(from), To: place4(to),
			Day: s.today(actor), ByID: actor.UserID, By: actor.Name, At: s.now(),
		})
	}
	if err := insertEntries(ctx, tx, entries); err != nil {
		return err
	}
	return addMembers(ctx, tx, from.BrandID, map[id.ID]int64{from.ID: -int64(len(ids)), to.ID: int64(len(ids))})
}

// Leave ends memberships as of a day (0: today, never later). What becomes of the leavers' accounts is the account
// room's business: it hears of it. Needs org.member_write on their units.
func (s *Service) Leave(ctx context.Context, actor authz.Actor, members []id.ID, day clock.Day, why string) error {
	why, err := cleanWhy(why)
	if err != nil {
		return err
	}
	today := s.today(actor)
	if day == 0 {
		day = today
	}
	if day > today {
		return errs.Bad().Field("day", "org.day_ahead")
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		delta := map[id.ID]int64{}
		var left []id.ID
		for _, one := range members {
			m, err := s.reachMember(ctx, tx, actor, "org.member_write", one)
			if err != nil {
				return err
			}
			if m.Status == Left {
				continue
			}
			delta[m.UnitID]--
			m.Status, m.LeftDay, m.Version, m.UpdatedAt = Left, day, m.Version+1, s.now()
			if err := saveMembers(ctx, tx, []Member{m}); err != nil {
				return err
			}
			if err := s.note(ctx, tx, actor, m, Entry{Action: ActLeft, Day: day, Why: why}, audit.Entry{Action: "org.leave_member"}); err != nil {
				return err
			}
			left = append(left, m.ID)
		}
		if len(left) == 0 {
			return nil
		}
		if err := addMembers(ctx, tx, actor.BrandID, delta); err != nil {
			return err
		}
		return s.Events.Publish(ctx, tx, event.OrgMemberLeft{BrandID: actor.BrandID, MemberIDs: left, Day: int32(day)})
	})
}

// Rejoin takes a leaver back into a unit. Needs org.member_write on it and on the old one.
// Errors: org.member_active, org.phone_taken.
func (s *Service) Rejoin(ctx context.Context, actor authz.Actor, member, unit id.ID) (Member, error) {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err := s.openUnit(ctx, tx, actor, unit)
		if err != nil {
			return err
		}
		m, err := s.reachMember(ctx, tx, actor, "org.member_write", member)
		if err != nil {
			return err
		}
		if m.Status == Active {
			return errs.New(errs.Conflict, "org.member_active", "name", m.Name)
		}
		m.Status, m.LeftDay, m.UnitID, m.Version, m.UpdatedAt = Active, 0, u.ID, m.Version+1, s.now()
		if err := saveMembers(ctx, tx, []Member{m}); err != nil {
			return err
		}
		if err := addMembers(ctx, tx, actor.BrandID, map[id.ID]int64{u.ID: 1}); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, m, Entry{Action: ActRejoined, To: place4(u)}, audit.Entry{Action: "org.rejoin_member"})
	})
	if err != nil {
		return Member{}, err
	}
	return s.Member(ctx, actor, member)
}

// Reveal gives a member's phone in the clear and leaves a row on the trail and on his timeline. Needs org.reveal.
func (s *Service) Reveal(ctx context.Context, actor authz.Actor, member id.ID, why string) (phone string, err error) {
	why, err = cleanWhy(why)
	if err != nil {
		return "", err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.reachMember(ctx, tx, actor, "org.reveal", member)
		if err != nil {
			return err
		}
		if phone, err = s.openPhone(m); err != nil {
			return err
		}
		if phone == "" {
			return errs.New(errs.NotFound, "org.no_phone", "name", m.Name)
		}
		return s.note(ctx, tx, actor, m, Entry{Action: ActRevealed, Why: why}, audit.Entry{Action: "org.reveal", Counts: map[string]int64{"revealed": 1}})
	})
	return phone, err
}

// LinkUser joins a login to a member (0 parts them); identity calls it in the transaction that accepts an invitation.
func (s *Service) LinkUser(ctx context.Context, tx *db.Tx, brand, member, user id.ID) error {
	n, err := tx.Exec(ctx, `UPDATE org_member SET user_id = $1, version = version + 1 WHERE brand_id = $2 AND id = $3`, user, brand, member)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "org.member_not_found")
	}
	return memberFault(err)
}

// note writes a change of a member to the timeline and the trail.
func (s *Service) note(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member, e Entry, a audit.Entry) error {
	e.BrandID, e.SubjectID, e.ID, e.ByID, e.By, e.At = actor.BrandID, m.ID, s.IDs.New(), actor.UserID, actor.Name, s.now()
	if e.Day == 0 {
		e.Day = s.today(actor)
	}
	if err := insertEntries(ctx, tx, []Entry{e}); err != nil {
		return err
	}
	a.UnitID, a.Kind, a.Object, a.Name = m.UnitID, "member", m.ID, m.Name
	return s.Audit.Write(ctx, tx, actor, a)
}

// trail is a member as the audit trail may keep him: the phone as a hash.
func trail(m Member) any {
	return map[string]any{
		"name": m.Name, "role": m.Role, "title": m.Title, "code": m.Code, "personas": m.Personas, "tags": m.Tags,
		"joined_day": m.JoinedDay, "phone": audit.Hash(m.BrandID, string(m.PhoneIndex)),
	}
}
