package org

import (
	"context"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

const unitColumns = `SELECT u.brand_id, u.id, u.parent_id, u.kind, u.name, u.name_key, u.pinyin, u.path, u.depth, u.city, u.store_type,
	u.code, u.tags, u.status, u.implicit, u.opened_day, u.closed_day, u.merged_into, u.import_id, u.version, u.created_ms, u.updated_ms,
	c.members, c.all_members, c.accounts, c.all_accounts, c.all_units`

const unitSelect = unitColumns + ` FROM org_unit u JOIN org_count c ON c.brand_id = u.brand_id AND c.unit_id = u.id`

// lockTree makes every other change of the brand's tree wait until this transaction ends, and gives the root. Whoever
// changes a unit or the closure calls it first: it ends what the memo knows, too.
func (s *Service) lockTree(ctx context.Context, tx *db.Tx, brand id.ID) (root id.ID, err error) {
	tx.AfterCommit(func() { s.memo.forget(brand) })
	err = tx.QueryRow(ctx, `UPDATE org_tree SET version = version + 1 WHERE brand_id = $1 RETURNING root_id`, brand).Scan(&root)
	if db.NoRows(err) {
		return 0, errs.New(errs.NotFound, "org.tree_missing")
	}
	return root, err
}

func rootOf(ctx context.Context, q db.Querier, brand id.ID) (root id.ID, err error) {
	err = q.QueryRow(ctx, `SELECT root_id FROM org_tree WHERE brand_id = $1`, brand).Scan(&root)
	if db.NoRows(err) {
		return 0, errs.New(errs.NotFound, "org.tree_missing")
	}
	return root, err
}

func unitByID(ctx context.Context, q db.Querier, brand, unit id.ID) (Unit, error) {
	u, err := db.One[Unit](ctx, q, unitSelect+` WHERE u.brand_id = $1 AND u.id = $2`, brand, unit)
	if db.NoRows(err) {
		return u, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return u, err
}

func unitByPath(ctx context.Context, q db.Querier, brand id.ID, path string) (Unit, error) {
	u, err := db.One[Unit](ctx, q, unitSelect+` WHERE u.brand_id = $1 AND u.path = $2 AND u.status = 'open'`, brand, path)
	if db.NoRows(err) {
		return u, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return u, err
}

// inChunks calls fn with as many values at a time as the engine likes in one list: SQLite's driver binds long lists
// slowly, PostgreSQL takes them as one array.
func inChunks[T any](q db.Querier, values []T, fn func([]T) error) error {
	most := 100
	if q.Dialect() == db.Postgres {
		most = 5000
	}
	for len(values) > 0 {
		n := min(most, len(values))
		if err := fn(values[:n]); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func unitsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Unit, error) {
	out := make(map[id.ID]Unit, len(ids))
	err := inChunks(q, ids, func(some []id.ID) error {
		var a db.Args
		units, err := db.All[Unit](ctx, q, unitSelect+` WHERE u.brand_id = `+a.Add(brand)+` AND `+among(q, &a, "u.id", some), a.Values...)
		for _, u := range units {
			out[u.ID] = u
		}
		return err
	})
	return out, err
}

// among writes "col is one of ids" for a list of inChunks.
func among(q db.Querier, a *db.Args, col string, ids []id.ID) string {
	if q.Dialect() == db.Postgres {
		return db.Among(q, a, col, ids)
	}
	return col + " IN " + db.In(a, ids)
}

// valuesOf writes a list of values as the table v(column1), to be joined with CROSS JOIN: that makes SQLite look every
// value up by index, where for a long IN list it walks the whole brand.
func valuesOf[T any](a *db.Args, as string, values []T) string {
	var b strings.Builder
	for i, v := range values {
		if i == 0 {
			b.WriteString("(VALUES (CAST(" + a.Add(v) + " AS " + as + "))")
			continue
		}
		b.WriteString(",(" + a.Add(v) + ")")
	}
	return b.String() + ") AS v"
}

// openByPath finds open units by their paths; the ones that do not exist are not in the map.
func openByPath(ctx context.Context, q db.Querier, brand id.ID, paths []string) (map[string]Unit, error) {
	out := make(map[string]Unit, len(paths))
	err := inChunks(q, paths, func(some []string) error {
		var a db.Args
		var text string
		if q.Dialect() == db.Postgres {
			text = unitSelect + ` WHERE u.brand_id = ` + a.Add(brand) + ` AND u.status = 'open' AND ` + db.AmongTexts(q, &a, "u.path", some)
		} else {
			text = unitColumns + ` FROM ` + valuesOf(&a, "TEXT", some) + ` CROSS JOIN org_unit u CROSS JOIN org_count c
				WHERE u.brand_id = ` + a.Add(brand) + ` AND u.status = 'open' AND u.path = v.column1 AND c.brand_id = u.brand_id AND c.unit_id = u.id`
		}
		units, err := db.All[Unit](ctx, q, text, a.Values...)
		for _, u := range units {
			out[u.Path] = u
		}
		return err
	})
	return out, err
}

// link is one row of the closure.
type link struct {
	UnitID     id.ID     `db:"unit_id"`
	AncestorID id.ID     `db:"ancestor_id"`
	Depth      int       `db:"depth"`
	From       clock.Day `db:"valid_from_day"`
	To         clock.Day `db:"valid_to_day"`
}

// linksOf gives all links up from the units, of all days.
func linksOf(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID][]link, error) {
	out := make(map[id.ID][]link, len(units))
	err := inChunks(q, units, func(some []id.ID) error {
		var a db.Args
		links, err := db.All[link](ctx, q, `SELECT unit_id, ancestor_id, depth, valid_from_day, valid_to_day FROM org_closure
			WHERE brand_id = `+a.Add(brand)+` AND `+among(q, &a, "unit_id", some), a.Values...)
		for _, l := range links {
			out[l.UnitID] = append(out[l.UnitID], l)
		}
		return err
	})
	return out, err
}

// ancestorsOf gives each unit's ancestors as of a day, itself first, the brand last.
func ancestorsOf(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error) {
	out := make(map[id.ID][]id.ID, len(units))
	err := inChunks(q, units, func(some []id.ID) error {
		var a db.Args
		links, err := db.All[link](ctx, q, `SELECT unit_id, ancestor_id, depth, valid_from_day, valid_to_day FROM org_closure
			WHERE brand_id = `+a.Add(brand)+` AND valid_from_day <= `+a.Add(day)+` AND valid_to_day >= `+a.Add(day)+
			` AND `+among(q, &a, "unit_id", some)+` ORDER BY unit_id, depth`, a.Values...)
		for _, l := range links {
			out[l.UnitID] = append(out[l.UnitID], l.AncestorID)
		}
		return err
	})
	return out, err
}

// insertUnits writes new units with their closure and counts. up holds the links of every parent that is not itself
// among units; parents come before their children. A new unit's past is its parent's: it takes over all its links.
func insertUnits(ctx context.Context, tx *db.Tx, units []Unit, up map[id.ID][]link) error {
	rows, links, counts := make([][]any, 0, len(units)), make([][]any, 0, 5*len(units)), make([][]any, 0, len(units))
	delta := map[id.ID]counts3{}
	for _, u := range units {
		rows = append(rows, []any{
			u.BrandID, u.ID, u.ParentID, u.Kind, u.Name, u.NameKey, u.Pinyin, u.Path, u.Depth, u.City, u.StoreType,
			u.Code, u.Tags.text(), u.Status, u.Implicit, int64(u.OpenedDay), int64(u.ClosedDay), u.MergedInto, u.ImportID, u.Version, int64(u.CreatedAt), int64(u.UpdatedAt),
		})
		own := []link{{UnitID: u.ID, AncestorID: u.ID, From: FirstDay, To: clock.Forever}}
		for _, l := range up[u.ParentID] {
			own = append(own, link{u.ID, l.AncestorID, l.Depth + 1, l.From, l.To})
		}
		up[u.ID] = own
		for _, l := range own {
			links = append(links, []any{u.BrandID, u.ID, l.AncestorID, l.Depth, int64(l.From), int64(l.To)})
			if l.To == clock.Forever {
				delta[l.AncestorID] = delta[l.AncestorID].plus(counts3{units: 1})
			}
		}
	}
	for _, u := range units { // the new ones start with their count; only the old ones above them are changed
		counts = append(counts, []any{u.BrandID, u.ID, int64(0), int64(0), int64(0), int64(0), delta[u.ID].units})
		delete(delta, u.ID)
	}
	if err := db.Copy(ctx, tx, "org_unit", unitCols(), rows); err != nil {
		return unitFault(err)
	}
	if err := db.Copy(ctx, tx, "org_closure", closureCols(), links); err != nil {
		return err
	}
	if err := db.Copy(ctx, tx, "org_count", countCols(), counts); err != nil {
		return err
	}
	return bumpCounts(ctx, tx, units[0].BrandID, delta)
}

func unitCols() []string {
	return []string{
		"brand_id", "id", "parent_id", "kind", "name", "name_key", "pinyin", "path", "depth", "city", "store_type", "code", "tags",
		"status", "implicit", "opened_day", "closed_day", "merged_into", "import_id", "version", "created_ms", "updated_ms",
	}
}

func closureCols() []string {
	return []string{"brand_id", "unit_id", "ancestor_id", "depth", "valid_from_day", "valid_to_day"}
}

// unitFault gives the slug of a broken unique index of org_unit.
func unitFault(err error) error {
	switch db.Violation(err) {
	case "uq_org_unit__path":
		return errs.Wrap(errs.Conflict, "org.name_taken", err)
	case "uq_org_unit__code":
		return errs.Wrap(errs.Conflict, "org.code_taken", err)
	case "uq_org_move__unit_id":
		return errs.Wrap(errs.Conflict, "org.move_already_planned", err)
	default:
		return err
	}
}

// updateUnit writes the fields people edit, if the row still has the version they saw.
func updateUnit(ctx context.Context, tx *db.Tx, u Unit) error {
	n, err := tx.Exec(ctx, `UPDATE org_unit SET kind = $1, name = $2, name_key = $3, pinyin = $4, city = $5, store_type = $6, code = $7,
		tags = $8, status = $9, implicit = $10, opened_day = $11, closed_day = $12, merged_into = $13, updated_ms = $14, version = version + 1
		WHERE brand_id = $15 AND id = $16 AND version = $17`,
		u.Kind, u.Name, u.NameKey, u.Pinyin, u.City, u.StoreType, u.Code, u.Tags.text(), u.Status, u.Implicit, int64(u.OpenedDay), int64(u.ClosedDay),
		u.MergedInto, int64(u.UpdatedAt), u.BrandID, u.ID, u.Version)
	if err == nil && n == 0 {
		return errs.New(errs.Precondition, "base.changed_meanwhile")
	}
	return unitFault(err)
}

// renamePaths gives the unit and everything below it the path that follows from a new name.
func renamePaths(ctx context.Context, tx *db.Tx, u Unit, path string) error {
	_, err := tx.Exec(ctx, `UPDATE org_unit SET path = CAST($1 AS TEXT) || SUBSTR(path, CAST($2 AS INTEGER)) WHERE brand_id = $3 AND id IN
		(SELECT unit_id FROM org_closure WHERE brand_id = $4 AND ancestor_id = $5 AND valid_to_day = 99991231)`,
		path, utf8.RuneCountInString(u.Path)+1, u.BrandID, u.BrandID, u.ID)
	return unitFault(err)
}

// counts3 are changes of a unit's counts.
type counts3 struct{ units, members, accounts, ownMembers, ownAccounts int64 }

func (c counts3) plus(o counts3) counts3 {
	return counts3{c.units + o.units, c.members + o.members, c.accounts + o.accounts, c.ownMembers + o.ownMembers, c.ownAccounts + o.ownAccounts}
}

func countCols() []string {
	return []string{"brand_id", "unit_id", "members", "all_members", "accounts", "all_accounts", "all_units"}
}
