package org

import (
	"context"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

const memberColumns = `SELECT m.brand_id, m.id, m.unit_id, m.name, m.name_key, m.pinyin, m.role, m.title, m.code, m.phone_sealed, m.phone_index,
	m.phone_last4, m.personas, m.tags, m.status, m.joined_day, m.left_day, m.user_id, m.import_id, m.version, m.created_ms, m.updated_ms`

const memberSelect = memberColumns + ` FROM org_member m`

func memberCols() []string {
	return []string{
		"brand_id", "id", "unit_id", "name", "name_key", "pinyin", "role", "title", "code", "phone_sealed", "phone_index", "phone_last4",
		"personas", "tags", "status", "joined_day", "left_day", "user_id", "import_id", "version", "created_ms", "updated_ms",
	}
}

func (m Member) row() []any {
	return []any{
		m.BrandID, m.ID, m.UnitID, m.Name, m.NameKey, m.Pinyin, m.Role, m.Title, m.Code, null(m.PhoneSealed), null(m.PhoneIndex), null(m.PhoneLast4),
		m.Personas.text(), m.Tags.text(), m.Status, int64(m.JoinedDay), int64(m.LeftDay), m.UserID, m.ImportID, m.Version, int64(m.CreatedAt), int64(m.UpdatedAt),
	}
}

// null stores no bytes as NULL.
func null(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

func memberByID(ctx context.Context, q db.Querier, brand, member id.ID) (Member, error) {
	m, err := db.One[Member](ctx, q, memberSelect+` WHERE m.brand_id = $1 AND m.id = $2`, brand, member)
	if db.NoRows(err) {
		return m, errs.New(errs.NotFound, "org.member_not_found")
	}
	return m, err
}

func membersByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Member, error) {
	out := make(map[id.ID]Member, len(ids))
	err := inChunks(q, ids, func(some []id.ID) error {
		var a db.Args
		ms, err := db.All[Member](ctx, q, memberSelect+` WHERE m.brand_id = `+a.Add(brand)+` AND `+among(q, &a, "m.id", some), a.Values...)
		for _, m := range ms {
			out[m.ID] = m
		}
		return err
	})
	return out, err
}

// membersByPhone finds members by blind index; an active one hides those who left, the newest of them the others.
// Sorting is done here: ORDER BY id makes SQLite walk the whole brand.
func membersByPhone(ctx context.Context, q db.Querier, brand id.ID, indexes [][]byte) (map[string]Member, error) {
	out := make(map[string]Member, len(indexes))
	err := inChunks(q, indexes, func(some [][]byte) error {
		var a db.Args
		ms, err := db.All[Member](ctx, q, memberSelect+` WHERE m.brand_id = `+a.Add(brand)+` AND `+db.AmongBytes(q, &a, "m.phone_index", some), a.Values...)
		for _, m := range ms {
			if old, ok := out[string(m.PhoneIndex)]; !ok || old.Status != Active && (m.Status == Active || m.ID > old.ID) {
				out[string(m.PhoneIndex)] = m
			}
		}
		return err
	})
	return out, err
}

// place is where a member without a phone is looked for.
type place struct {
	unit id.ID
	name string
}

// membersByPlace finds active members by unit and name: the oldest of namesakes, and where there are any.
func membersByPlace(ctx context.Context, q db.Querier, brand id.ID, places []place) (found map[place]Member, twins map[place]bool, err error) {
	wanted, units, names := make(map[place]bool, len(places)), make([]id.ID, 0, len(places)), make([]string, 0, len(places))
	for _, p := range places {
		wanted[p], units, names = true, append(units, p.unit), append(names, p.name)
	}
	found, twins = make(map[place]Member, len(places)), map[place]bool{}
	err = inChunks(q, compactIDs(units), func(some []id.ID) error {
		var a db.Args
		var text string
		if q.Dialect() == db.Postgres {
			text = memberSelect + ` WHERE m.brand_id = ` + a.Add(brand) + ` AND m.status = 'active' AND ` + among(q, &a, "m.unit_id", some) + ` AND ` + db.AmongTexts(q, &a, "m.name", names)
		} else {
			text = memberColumns + ` FROM ` + valuesOf(&a, "BIGINT", some) + ` CROSS JOIN org_member m WHERE m.brand_id = ` + a.Add(brand) +
				` AND m.unit_id = v.column1 AND m.status = 'active'`
		}
		return db.Each(ctx, q, func(m Member) error {
			at := place{m.UnitID, m.Name}
			old, ok := found[at]
			twins[at] = twins[at] || ok
			if wanted[at] && (!ok || m.ID < old.ID) {
				found[at] = m
			}
			return nil
		}, text, a.Values...)
	})
	return found, twins, err
}

func insertMembers(ctx context.Context, tx *db.Tx, ms []Member) error {
	rows := make([][]any, 0, len(ms))
	for _, m := range ms {
		rows = append(rows, m.row())
	}
	return memberFault(db.Copy(ctx, tx, "org_member", memberCols(), rows))
}

// saveMembers writes members back whole, in the order of ids.
func saveMembers(ctx context.Context, tx *db.Tx, ms []Member) error {
	slices.SortFunc(ms, func(a, b Member) int { return int(sign(a.ID - b.ID)) })
	rows := make([][]any, 0, len(ms))
	for _, m := range ms {
		rows = append(rows, m.row())
	}
	_, err := db.Insert(ctx, tx, "org_member", memberCols(), rows, `ON CONFLICT (brand_id, id) DO UPDATE SET unit_id = excluded.unit_id, name = excluded.name,
		name_key = excluded.name_key, pinyin = excluded.pinyin, role = excluded.role, title = excluded.title, code = excluded.code,
		phone_sealed = excluded.phone_sealed, phone_index = excluded.phone_index, phone_last4 = excluded.phone_last4, personas = excluded.personas,
		tags = excluded.tags, status = excluded.status, joined_day = excluded.joined_day, left_day = excluded.left_day, user_id = excluded.user_id,
		import_id = excluded.import_id, version = excluded.version, updated_ms = excluded.updated_ms`)
	return memberFault(err)
}

func memberFault(err error) error {
	switch db.Violation(err) {
	case "uq_org_member__phone_index":
		return errs.Wrap(errs.Conflict, "org.phone_taken", err)
	case "uq_org_member__code":
		return errs.Wrap(errs.Conflict, "org.code_taken", err)
	case "uq_org_member__user_id":
		return errs.Wrap(errs.Conflict, "org.user_taken", err)
	default:
		return err
	}
}
