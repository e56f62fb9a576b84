package org

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
	"kosmos/internal/event"
)

// before is a member as he was; sealed bytes stay sealed.
type before struct {
	UnitID      id.ID        `json:"unit_id"`
	Name        string       `json:"name"`
	Role        authz.Role   `json:"role"`
	Title       string       `json:"title"`
	PhoneSealed []byte       `json:"phone_sealed,omitempty"`
	PhoneIndex  []byte       `json:"phone_index,omitempty"`
	PhoneLast4  []byte       `json:"phone_last4,omitempty"`
	Status      MemberStatus `json:"status"`
	LeftDay     clock.Day    `json:"left_day"`
	Version     int64        `json:"version"`
}

func beforeOf(m Member) before {
	return before{m.UnitID, m.Name, m.Role, m.Title, m.PhoneSealed, m.PhoneIndex, m.PhoneLast4, m.Status, m.LeftDay, m.Version}
}

// UndoImport takes back what an import did to members and units: members it changed are as they were, unless somebody
// changed them since; members it made go, unless used; then units it made that hold nothing go. used tells which of
// some members other rooms still refer to (nil: none). Runs in the undoing transaction, after account removed the
// accounts.
func (s *Service) UndoImport(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID,
	used func(context.Context, *db.Tx, []id.ID) (map[id.ID]bool, error),
) (units, members int64, err error) {
	if importID == 0 {
		return 0, 0, nil
	}
	if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
		return 0, 0, err
	}
	if err := s.restoreMembers(ctx, tx, actor.BrandID, importID); err != nil {
		return 0, 0, err
	}
	if members, err = s.removeMembers(ctx, tx, actor.BrandID, importID, used); err != nil {
		return 0, 0, err
	}
	if units, err = removeUnits(ctx, tx, actor.BrandID, importID); err != nil {
		return 0, 0, err
	}
	err = s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: "org.undo_import", Kind: "import", Object: importID,
		Counts: map[string]int64{"members": members, "units": units},
	})
	if err != nil || units == 0 {
		return units, members, err
	}
	return units, members, s.Events.Publish(ctx, tx, event.OrgUnitsChanged{BrandID: actor.BrandID, All: true})
}

type undoRow struct {
	MemberID id.ID  `db:"member_id"`
	OldRow   string `db:"old_row"`
}

func (s *Service) restoreMembers(ctx context.Context, tx *db.Tx, brand, importID id.ID) error {
	rows, err := db.All[undoRow](ctx, tx, `SELECT member_id, old_row FROM org_undo WHERE brand_id = $1 AND import_id = $2 ORDER BY member_id`, brand, importID)
	if err != nil {
		return err
	}
	ids := make([]id.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.MemberID)
	}
	now, err := membersByID(ctx, tx, brand, ids)
	if err != nil {
		return err
	}
	delta := map[id.ID]int64{}
	var saves []Member
	for _, r := range rows {
		var old before
		if err := json.Unmarshal([]byte(r.OldRow), &old); err != nil {
			return err
		}
		m, ok := now[r.MemberID]
		if !ok || m.Version != old.Version+1 {
			continue // somebody changed him since: his word stands
		}
		if m.Status == Active {
			delta[m.UnitID]--
		}
		if old.Status == Active {
			delta[old.UnitID]++
		}
		m.UnitID, m.Name, m.Role, m.Title, m.Status, m.LeftDay = old.UnitID, old.Name, old.Role, old.Title, old.Status, old.LeftDay
		m.PhoneSealed, m.PhoneIndex, m.PhoneLast4 = old.PhoneSealed, old.PhoneIndex, old.PhoneLast4
		m.NameKey, m.Pinyin, m.Version, m.UpdatedAt = search.Key(m.Name), pinyinOf(m.Name), m.Version+1, s.now()
		saves = append(saves, m)
	}
	if err := saveMembers(ctx, tx, saves); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM org_undo WHERE brand_id = $1 AND import_id = $2`, brand, importID); err != nil {
		return err
	}
	return addMembers(ctx, tx, brand, delta)
}

func (s *Service) removeMembers(ctx context.Context, tx *db.Tx, brand, importID id.ID,
	used func(context.Context, *db.Tx, []id.ID) (map[id.ID]bool, error),
) (int64, error) {
	type made struct {
		ID     id.ID        `db:"id"`
		UnitID id.ID        `db:"unit_id"`
		Status MemberStatus `db:"status"`
	}
	all, err := db.All[made](ctx, tx, `SELECT id, unit_id, status FROM org_member WHERE brand_id = $1 AND import_id = $2 AND version = 1 AND user_id IS NULL ORDER BY id`, brand, importID)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	ids := make([]id.ID, 0, len(all))
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	keep := map[id.ID]bool{}
	if used != nil {
		if keep, err = used(ctx, tx, ids); err != nil {
			return 0, err
		}
	}
	delta := map[id.ID]int64{}
	gone := make([]id.ID, 0, len(all))
	for _, m := range all {
		if keep[m.ID] {
			continue
		}
		gone = append(gone, m.ID)
		if m.Status == Active {
			delta[m.UnitID]--
		}
	}
	err = inChunks(tx, gone, func(some []id.ID) error {
		var a db.Args
		_, err := tx.Exec(ctx, `DELETE FROM org_member WHERE brand_id = `+a.Add(brand)+` AND id IN `+db.In(&a, some), a.Values...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int64(len(gone)), addMembers(ctx, tx, brand, delta)
}

// removeUnits deletes the units an import made whose whole subtree the import made and nobody is in.
func removeUnits(ctx context.Context, tx *db.Tx, brand, importID id.ID) (int64, error) {
	ids, err := db.All[id.ID](ctx, tx, `SELECT u.id FROM org_unit u JOIN org_count c ON c.brand_id = u.brand_id AND c.unit_id = u.id
		WHERE u.brand_id = $1 AND u.import_id = $2 AND u.status = 'open' AND c.all_members = 0 AND c.all_accounts = 0
		AND NOT EXISTS (SELECT 1 FROM org_closure l JOIN org_unit d ON d.brand_id = l.brand_id AND d.id = l.unit_id
			WHERE l.brand_id = u.brand_id AND l.ancestor_id = u.id AND l.valid_to_day = 99991231 AND (d.import_id IS NULL OR d.import_id <> $3))
		AND NOT EXISTS (SELECT 1 FROM org_closure l JOIN org_member m ON m.brand_id = l.brand_id AND m.unit_id = l.unit_id
			WHERE l.brand_id = u.brand_id AND l.ancestor_id = u.id AND l.valid_to_day = 99991231)
		ORDER BY u.id`, brand, importID, importID)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	own := make(map[id.ID]counts3, len(ids))
	for _, u := range ids {
		own[u] = counts3{units: -1}
	}
	if err := addCounts(ctx, tx, brand, own); err != nil {
		return 0, err
	}
	err = inChunks(tx, ids, func(some []id.ID) error {
		for _, from := range []string{
			"org_count WHERE brand_id = $1 AND unit_id IN ", "org_closure WHERE brand_id = $1 AND unit_id IN ",
			"org_history WHERE brand_id = $1 AND subject_id IN ", "org_unit WHERE brand_id = $1 AND id IN ",
		} {
			a := db.Args{Values: []any{brand}}
			if _, err := tx.Exec(ctx, `DELETE FROM `+from+db.In(&a, some), a.Values...); err != nil {
				return err
			}
		}
		return nil
	})
	return int64(len(ids)), err
}
