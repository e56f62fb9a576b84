package org

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
	"kosmos/internal/event"
)

// MemberRow is a member as a roster names him. Phone, Role and Title may be empty: what is empty does not change.
// Ready is what ReadMember made of the row; without it UpsertMembers does so itself. NewUnit says that nobody can be in
// the unit yet, because it was made for these very rows.
type MemberRow struct {
	UnitID  id.ID
	NewUnit bool
	Name    string
	Phone   string
	Role    string
	Title   string
	Ready   *ReadyMember
}

// ReadyMember is a member of a roster read, spelled and sealed, all that needs no store: many can be made side by side
// before a transaction begins.
type ReadyMember struct {
	brand           id.ID
	name            string
	nameKey, pinyin string
	phone           string // E.164
	index           []byte // of the phone
	role            authz.Role
	title           string
	spare           Member // carries the id and the sealed phone of somebody new
	column, slug    string // what is wrong with the row
	params          errs.Params
}

// ReadMember reads a row of a roster for UpsertMembers.
func (s *Service) ReadMember(brand id.ID, r MemberRow) (*ReadyMember, error) {
	p := &ReadyMember{brand: brand, title: r.Title}
	var ok bool
	if p.name, ok = cleanName(r.Name); !ok {
		p.column, p.slug, p.params = "member", "org.name_invalid", errs.Params{"max": maxName}
		return p, nil
	}
	if strings.TrimSpace(r.Phone) != "" {
		if p.phone, ok = ParsePhone(r.Phone); !ok {
			p.column, p.slug = "phone", "org.phone_invalid"
			return p, nil
		}
	}
	if p.role, ok = ParseRole(r.Role); !ok && strings.TrimSpace(r.Role) != "" && p.title == "" {
		p.title = strings.TrimSpace(r.Role)
	}
	p.nameKey, p.pinyin = search.Key(p.name), pinyinOf(p.name)
	p.spare = Member{BrandID: brand, ID: s.IDs.New()}
	if err := s.setPhone(&p.spare, p.phone); err != nil {
		return nil, err
	}
	p.index = p.spare.PhoneIndex
	return p, nil
}

// Outcome tells what a row of a roster did.
type Outcome string

// The outcomes of a row.
const (
	Inserted  Outcome = "inserted"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Failed    Outcome = "error"
)

// MemberResult answers a MemberRow: the member and what happened, or what is wrong in which column ("member", "phone").
type MemberResult struct {
	MemberID id.ID
	Outcome  Outcome
	Column   string
	Slug     string
	Params   errs.Params
}

// UpsertMembers finds or makes the members of a roster, in the order of the rows: by phone, else by unit and name. A
// person who is named again further down (one row per account) is the same member, and the first row counts. Whoever
// left and is named again with his phone has rejoined. A role that is no known word is kept as the title. Set-based:
// a few statements per batch. Runs in the import's transaction after EnsurePaths, which checked the units.
func (s *Service) UpsertMembers(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []MemberRow) ([]MemberResult, error) {
	if !actor.Can("org.member_write") {
		return nil, errs.New(errs.Forbidden, "org.forbidden")
	}
	if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
		return nil, err
	}
	u := upsert{s: s, actor: actor, importID: importID, results: make([]MemberResult, len(rows)), changed: map[id.ID]bool{}, delta: map[id.ID]int64{}}
	if err := u.read(rows); err != nil {
		return nil, err
	}
	if err := u.look(ctx, tx); err != nil {
		return nil, err
	}
	for i := range u.people {
		if err := u.decide(&u.people[i]); err != nil {
			return nil, err
		}
	}
	return u.results, u.write(ctx, tx)
}

// person is one member of the roster and the rows that name him.
type person struct {
	*ReadyMember
	rows []int
	unit id.ID
	lone bool // nobody is in the unit yet
}

func (p *person) place() place { return place{p.unit, p.name} }

type upsert struct {
	s        *Service
	actor    authz.Actor
	importID id.ID
	results  []MemberResult
	people   []person
	byPhone  map[string]Member
	byPlace  map[place]Member
	twins    map[place]bool // places that several people of one name share
	inserts  []Member
	saves    []Member
	before   []Member
	moved    map[id.ID][]id.ID
	entries  []Entry
	changed  map[id.ID]bool
	delta    map[id.ID]int64
}

// read gathers the rows that name one person and sets down the faults.
func (u *upsert) read(rows []MemberRow) (err error) {
	phones, places := map[string]int{}, map[place]int{}
	for i, r := range rows {
		ready := r.Ready
		if ready == nil || ready.brand != u.actor.BrandID {
			if ready, err = u.s.ReadMember(u.actor.BrandID, r); err != nil {
				return err
			}
		}
		if ready.slug != "" {
			u.results[i] = MemberResult{Outcome: Failed, Column: ready.column, Slug: ready.slug, Params: ready.params}
			continue
		}
		p := person{ReadyMember: ready, rows: []int{i}, unit: r.UnitID, lone: r.NewUnit}
		if j, again := phones[p.phone]; again && p.phone != "" {
			if first := u.people[j].name; first != p.name {
				u.results[i] = MemberResult{Outcome: Failed, Column: "phone", Slug: "org.phone_of_other", Params: errs.Params{"name": first}}
				continue
			}
			u.people[j].rows = append(u.people[j].rows, i)
			continue
		}
		j, again := places[p.place()]
		if again && p.phone == "" {
			u.people[j].rows = append(u.people[j].rows, i)
			continue
		}
		if p.phone != "" {
			phones[p.phone] = len(u.people)
		}
		if !again {
			places[p.place()] = len(u.people)
		}
		u.people = append(u.people, p)
	}
	return nil
}

// look fetches whoever may already be there.
func (u *upsert) look(ctx context.Context, tx *db.Tx) (err error) {
	var indexes [][]byte
	var places []place
	for _, p := range u.people {
		if p.index != nil {
			indexes = append(indexes, p.index)
		}
	}
	if u.byPhone, err = membersByPhone(ctx, tx, u.actor.BrandID, indexes); err != nil {
		return err
	}
	for _, p := range u.people {
		if p.lone {
			continue
		}
		if _, known := u.byPhone[string(p.index)]; !known || p.index == nil {
			places = append(places, p.place())
		}
	}
	u.byPlace, u.twins, err = membersByPlace(ctx, tx, u.actor.BrandID, places)
	return err
}

// find gives the member a person already is. A namesake in the unit with another phone, also one that a row above has
// just given him, is somebody else.
func (u *upsert) find(p *person) (Member, bool) {
	if p.index != nil {
		if m, ok := u.byPhone[string(p.index)]; ok {
			return m, true
		}
	}
	m, ok := u.byPlace[p.place()]
	if !ok || p.index != nil && (len(m.PhoneIndex) > 0 || u.changed[m.ID]) {
		return Member{}, false
	}
	return m, true
}

func (u *upsert) decide(p *person) error {
	if p.index == nil && u.twins[p.place()] { // nobody is guessed
		for _, i := range p.rows {
			u.results[i] = MemberResult{Outcome: Failed, Column: "phone", Slug: "org.member_ambiguous", Params: errs.Params{"name": p.name}}
		}
		return nil
	}
	old, known := u.find(p)
	if !known {
		m := p.spare
		m.UnitID, m.Name, m.NameKey, m.Pinyin, m.Role, m.Title = p.unit, p.name, p.nameKey, p.pinyin, p.role, p.title
		m.Personas, m.Tags, m.Status, m.ImportID, m.Version, m.CreatedAt, m.UpdatedAt = Labels{}, Labels{}, Active, u.importID, 1, u.s.now(), u.s.now()
		if m.Role == "" {
			m.Role = authz.KOS
		}
		u.inserts = append(u.inserts, m)
		u.delta[m.UnitID]++
		u.answer(p, m.ID, Inserted)
		return nil
	}
	m, differs, err := u.merge(p, old)
	if err != nil {
		return err
	}
	if !differs || u.changed[m.ID] {
		u.answer(p, old.ID, Unchanged)
		return nil
	}
	m.Version, m.UpdatedAt = old.Version+1, u.s.now()
	u.changed[m.ID] = true
	u.saves, u.before = append(u.saves, m), append(u.before, old)
	u.answer(p, m.ID, Updated)
	return nil
}

// merge gives the member as the roster wants him.
func (u *upsert) merge(p *person, old Member) (m Member, differs bool, err error) {
	m = old
	if m.Name != p.name {
		m.Name, m.NameKey, m.Pinyin = p.name, p.nameKey, p.pinyin
		differs = true
	}
	if p.role != "" && p.role != m.Role {
		m.Role, differs = p.role, true
	}
	if p.title != "" && p.title != m.Title {
		m.Title, differs = p.title, true
	}
	if p.index != nil && len(m.PhoneIndex) == 0 {
		differs = true
		if err := u.s.setPhone(&m, p.phone); err != nil {
			return m, false, err
		}
	}
	if old.Status == Left {
		m.Status, m.LeftDay, differs = Active, 0, true
		u.delta[p.unit]++
		u.tell(Entry{SubjectID: m.ID, Action: ActRejoined})
	} else if old.UnitID != p.unit {
		u.delta[old.UnitID]--
		u.delta[p.unit]++
	}
	if old.UnitID != p.unit {
		m.UnitID, differs = p.unit, true
		if u.moved == nil {
			u.moved = map[id.ID][]id.ID{}
		}
		u.moved[m.UnitID] = append(u.moved[m.UnitID], m.ID)
		u.tell(Entry{SubjectID: m.ID, Action: ActMoved, From: old.UnitID.String(), To: m.UnitID.String()})
	}
	return m, differs, nil
}

func (u *upsert) tell(e Entry) {
	e.BrandID, e.ID, e.Day, e.ByID, e.By, e.At = u.actor.BrandID, u.s.IDs.New(), u.s.today(u.actor), u.actor.UserID, u.actor.Name, u.s.now()
	u.entries = append(u.entries, e)
}

// answer gives the first row of a person the outcome and the others "unchanged".
func (u *upsert) answer(p *person, m id.ID, o Outcome) {
	for n, i := range p.rows {
		u.results[i] = MemberResult{MemberID: m, Outcome: o}
		if n > 0 {
			u.results[i].Outcome = Unchanged
		}
	}
}

func (u *upsert) write(ctx context.Context, tx *db.Tx) error {
	if len(u.inserts)+len(u.saves) == 0 {
		return nil
	}
	if err := u.keepBefore(ctx, tx); err != nil {
		return err
	}
	if err := insertMembers(ctx, tx, u.inserts); err != nil {
		return err
	}
	if err := saveMembers(ctx, tx, u.saves); err != nil {
		return err
	}
	if err := u.nameUnits(ctx, tx); err != nil {
		return err
	}
	if err := insertEntries(ctx, tx, u.entries); err != nil {
		return err
	}
	if err := addMembers(ctx, tx, u.actor.BrandID, u.delta); err != nil {
		return err
	}
	if err := u.publishMoves(ctx, tx); err != nil {
		return err
	}
	return u.s.Audit.Write(ctx, tx, u.actor, audit.Entry{
		Action: "org.import_members", Kind: "import", Object: u.importID,
		Counts: map[string]int64{"inserted": int64(len(u.inserts)), "updated": int64(len(u.saves))},
	})
}

// nameUnits turns the unit ids of moves into paths, as a timeline tells them.
func (u *upsert) nameUnits(ctx context.Context, tx *db.Tx) error {
	var ids []id.ID
	for _, e := range u.entries {
		for _, t := range []string{e.From, e.To} {
			if n, err := id.Parse(t); err == nil {
				ids = append(ids, n)
			}
		}
	}
	units, err := unitsByID(ctx, tx, u.actor.BrandID, compactIDs(ids))
	if err != nil {
		return err
	}
	for i := range u.entries {
		for _, t := range []*string{&u.entries[i].From, &u.entries[i].To} {
			if n, err := id.Parse(*t); err == nil {
				*t = place4(units[n])
			}
		}
	}
	return nil
}

func (u *upsert) publishMoves(ctx context.Context, tx *db.Tx) error {
	for _, to := range sortedKeys(u.moved) {
		e := event.OrgMemberMoved{BrandID: u.actor.BrandID, MemberIDs: u.moved[to], ToID: to, Day: int32(u.s.today(u.actor))}
		if err := u.s.Events.Publish(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// keepBefore sets down what the import changes, once per import and member: the first state counts.
func (u *upsert) keepBefore(ctx context.Context, tx *db.Tx) error {
	if u.importID == 0 {
		return nil
	}
	rows := make([][]any, 0, len(u.before))
	for _, m := range u.before {
		raw, err := json.Marshal(beforeOf(m))
		if err != nil {
			return err
		}
		rows = append(rows, []any{m.BrandID, u.importID, m.ID, string(raw)})
	}
	slices.SortFunc(rows, func(a, b []any) int { return int(sign(a[2].(id.ID) - b[2].(id.ID))) })
	_, err := db.Insert(ctx, tx, "org_undo", []string{"brand_id", "import_id", "member_id", "old_row"}, rows, `ON CONFLICT (brand_id, import_id, member_id) DO NOTHING`)
	return err
}

func compactIDs(ids []id.ID) []id.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func sortedKeys[V any](m map[id.ID]V) []id.ID {
	keys := make([]id.ID, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
