package org

import (
	"context"
	"io"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
	"kosmos/internal/base/sheet"
)

// The sorts of the list of members; a minus turns the order round.
const (
	SortName       = "name"
	SortNameDown   = "-name"
	SortJoined     = "joined"
	SortJoinedDown = "-joined" // the newest first
)

// MemberPlace is where a list of members goes on: after this one.
type MemberPlace struct {
	Key string    `json:"k"`
	Day clock.Day `json:"d"`
	ID  id.ID     `json:"i"`
}

// MemberFilter cuts the list; zero fields do not. Query finds by name, pinyin, initials, title, staff number, a whole
// phone or its last four digits.
type MemberFilter struct {
	Unit    string
	Query   string
	Status  MemberStatus
	Role    authz.Role
	Persona Persona
	Tag     string
	Sort    string
	After   MemberPlace
	Limit   int
}

// Members lists the members an actor may see, phones masked. Needs org.member_read. more tells of a next page.
func (s *Service) Members(ctx context.Context, actor authz.Actor, f MemberFilter) (ms []Member, more bool, err error) {
	scope, err := s.Scope(ctx, s.DB, actor, "org.member_read", f.Unit)
	if err != nil {
		return nil, false, err
	}
	ms, err = s.listMembers(ctx, s.DB, scope, f)
	if err != nil {
		return nil, false, err
	}
	if len(ms) > f.Limit {
		ms, more = ms[:f.Limit], true
	}
	return ms, more, s.dress(ctx, actor.BrandID, ms)
}

// CountMembers counts what Members lists, up to 10,000.
func (s *Service) CountMembers(ctx context.Context, actor authz.Actor, f MemberFilter) (n int64, err error) {
	scope, err := s.Scope(ctx, s.DB, actor, "org.member_read", f.Unit)
	if err != nil {
		return 0, err
	}
	var a db.Args
	where := s.memberWhere(scope, f, &a)
	err = s.DB.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM org_member m WHERE `+where+` LIMIT 10001) t`, a.Values...).Scan(&n)
	return n, err
}

func (s *Service) listMembers(ctx context.Context, q db.Querier, scope authz.Scope, f MemberFilter) ([]Member, error) {
	var a db.Args
	text := memberSelect + ` WHERE ` + s.memberWhere(scope, f, &a)
	cols, after, dir, cmp := "m.name_key, m.id", any(f.After.Key), "", ">"
	if f.Sort == SortJoined || f.Sort == SortJoinedDown {
		cols, after = "m.joined_day, m.id", int64(f.After.Day)
	}
	if strings.HasPrefix(f.Sort, "-") {
		dir, cmp = " DESC", "<"
	}
	if f.After.ID != 0 {
		text += ` AND (` + cols + `) ` + cmp + ` (` + a.Add(after) + `, ` + a.Add(f.After.ID) + `)`
	}
	order := ` ORDER BY ` + strings.ReplaceAll(cols, ",", dir+",") + dir
	return db.All[Member](ctx, q, text+order+` LIMIT `+a.Add(f.Limit+1), a.Values...)
}

func (s *Service) memberWhere(scope authz.Scope, f MemberFilter, a *db.Args) string {
	text := `m.brand_id = ` + a.Add(scope.BrandID) + ` AND ` + scope.Where("m.unit_id", a)
	if f.Status != "" {
		text += ` AND m.status = ` + a.Add(f.Status)
	}
	if f.Role != "" {
		text += ` AND m.role = ` + a.Add(f.Role)
	}
	if f.Persona != "" {
		text += ` AND m.personas LIKE ` + a.Add(`%"`+string(f.Persona)+`"%`)
	}
	if f.Tag != "" {
		text += ` AND EXISTS (SELECT 1 FROM org_tag t WHERE t.brand_id = m.brand_id AND t.subject = 'member' AND t.tag = ` + a.Add(f.Tag) + ` AND t.subject_id = m.id)`
	}
	query := search.Normal(f.Query)
	if len(query) == 4 && strings.Trim(query, "0123456789") == "" {
		return text + ` AND m.phone_last4 = ` + a.Add(s.Box.Index(int64(scope.BrandID), indexLast4, query))
	}
	if phone, ok := ParsePhone(query); ok {
		return text + ` AND m.phone_index = ` + a.Add(s.Box.Index(int64(scope.BrandID), indexPhone, phone))
	}
	for word := range strings.FieldsSeq(query) {
		text += ` AND (LOWER(m.name) LIKE ` + a.Add(like(word)) + ` ESCAPE '\' OR m.pinyin LIKE ` + a.Add(like(word)) + ` ESCAPE '\' OR LOWER(m.title) LIKE ` +
			a.Add(like(word)) + ` ESCAPE '\' OR LOWER(m.code) LIKE ` + a.Add(like(word)) + ` ESCAPE '\')`
	}
	return text
}

// dress adds what readers see besides the row: the unit's name and path, the masked phone.
func (s *Service) dress(ctx context.Context, brand id.ID, ms []Member) error {
	ids := make([]id.ID, 0, len(ms))
	for _, m := range ms {
		ids = append(ids, m.UnitID)
	}
	units, err := unitsByID(ctx, s.DB, brand, compactIDs(ids))
	if err != nil {
		return err
	}
	for i := range ms {
		m := &ms[i]
		m.UnitName, m.UnitPath, m.HasUser = units[m.UnitID].Name, place4(units[m.UnitID]), m.UserID != 0
		phone, err := s.openPhone(*m)
		if err != nil {
			return errs.Wrap(errs.Internal, "org.phone_sealed", err)
		}
		if phone != "" {
			m.Phone = MaskPhone(phone)
		}
	}
	return nil
}

// Member reads one member, phone masked. Needs org.member_read on his unit; everybody reads himself.
func (s *Service) Member(ctx context.Context, actor authz.Actor, member id.ID) (Member, error) {
	var m Member
	var err error
	if member != 0 && member == actor.MemberID {
		m, err = memberByID(ctx, s.DB, actor.BrandID, member)
	} else {
		m, err = s.reachMember(ctx, s.DB, actor, "org.member_read", member)
	}
	if err != nil {
		return m, err
	}
	one := []Member{m}
	err = s.dress(ctx, actor.BrandID, one)
	return one[0], err
}

// MemberHistory reads a member's timeline, newest first. Needs org.member_read on his unit.
func (s *Service) MemberHistory(ctx context.Context, actor authz.Actor, member, before id.ID, limit int) ([]Entry, error) {
	if _, err := s.reachMember(ctx, s.DB, actor, "org.member_read", member); err != nil {
		return nil, err
	}
	return entriesOf(ctx, s.DB, actor.BrandID, member, before, limit)
}

// MembersByID reads members of a brand for other rooms, leavers too, without phones.
func (s *Service) MembersByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Member, error) {
	return membersByID(ctx, q, brand, ids)
}

// MemberLabels lists the labels of members in use. Needs org.member_read.
func (s *Service) MemberLabels(ctx context.Context, actor authz.Actor) ([]Label, error) {
	if _, err := s.Scope(ctx, s.DB, actor, "org.member_read", ""); err != nil {
		return nil, err
	}
	return labelsInUse(ctx, s.DB, actor.BrandID, tagMember)
}

// maxExport bounds one export.
const maxExport = 200_000

// Headings are the column titles and words of an export in the reader's language, as the edge renders them.
type Headings struct {
	Sheet   string
	Columns []string
	Role    func(authz.Role) string
	Status  func(MemberStatus) string
}

// ExportMembers prepares the list as a workbook, phones masked, and leaves a row on the trail. Needs org.export and
// org.member_read. The returned function writes the file.
func (s *Service) ExportMembers(ctx context.Context, actor authz.Actor, f MemberFilter, h Headings) (func(io.Writer) error, error) {
	scope, err := s.Scope(ctx, s.DB, actor, "org.export", f.Unit)
	if err != nil {
		return nil, err
	}
	f.Limit = maxExport
	ms, err := s.listMembers(ctx, s.DB, scope, f)
	if err != nil {
		return nil, err
	}
	if err := s.dress(ctx, actor.BrandID, ms); err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "org.export_members", Kind: "member", Counts: map[string]int64{"rows": int64(len(ms))}})
	})
	return func(w io.Writer) error { return writeMembers(w, ms, h) }, err
}

func writeMembers(w io.Writer, ms []Member, h Headings) error {
	x, err := sheet.NewXLSX(w)
	if err != nil {
		return err
	}
	cols := make([]sheet.Column, 0, len(h.Columns))
	for _, c := range h.Columns {
		cols = append(cols, sheet.Column{Title: c})
	}
	if err := x.Sheet(h.Sheet, cols); err != nil {
		return err
	}
	for _, m := range ms {
		if err := x.Row(m.Name, m.UnitPath, h.Role(m.Role), m.Title, m.Code, m.Phone, h.Status(m.Status), m.JoinedDay.String(), m.LeftDay.String(),
			strings.Join(m.Tags, " ")); err != nil {
			return err
		}
	}
	return x.Close()
}
