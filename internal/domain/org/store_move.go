package org

import (
	"context"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// relocation hangs the subtree of Top, or of every open child of From when Top is 0, from From to To as of Day. The
// tree is locked.
type relocation struct {
	Brand id.ID
	Top   id.ID
	From  Unit
	To    Unit
	Day   clock.Day
	Now   clock.Ms
}

// tops writes the statement that selects the tops of what moves.
func (r relocation) tops(a *db.Args) string {
	if r.Top != 0 {
		return `SELECT id FROM org_unit WHERE brand_id = ` + a.Add(r.Brand) + ` AND id = ` + a.Add(r.Top)
	}
	return `SELECT id FROM org_unit WHERE brand_id = ` + a.Add(r.Brand) + ` AND parent_id = ` + a.Add(r.From.ID) + ` AND status = 'open'`
}

// subtree writes the statement that selects every unit that moves.
func (r relocation) subtree(a *db.Args) string {
	return `SELECT unit_id FROM org_closure WHERE brand_id = ` + a.Add(r.Brand) + ` AND valid_to_day = 99991231 AND ancestor_id IN (` + r.tops(a) + `)`
}

// check refuses what would break the tree: a cycle, too many levels, a name that is taken, a day before other moves.
func (r relocation) check(ctx context.Context, tx *db.Tx, newUp []id.ID) error {
	var a db.Args
	var deepest, cycles int64
	q := `SELECT COALESCE(MAX(depth), 0) FROM org_unit WHERE brand_id = ` + a.Add(r.Brand) + ` AND id IN (` + r.subtree(&a) + `)`
	if err := tx.QueryRow(ctx, q, a.Values...).Scan(&deepest); err != nil {
		return err
	}
	if int(deepest)-r.From.Depth+r.To.Depth > MaxDepth {
		return errs.New(errs.Precondition, "org.path_too_deep", "max", MaxDepth)
	}
	a = db.Args{}
	q = `SELECT COUNT(*) FROM (` + r.tops(&a) + `) t WHERE t.id IN ` + db.In(&a, newUp)
	if err := tx.QueryRow(ctx, q, a.Values...).Scan(&cycles); err != nil {
		return err
	}
	if cycles > 0 {
		return errs.New(errs.Precondition, "org.move_into_itself")
	}
	a = db.Args{}
	names, err := db.All[string](ctx, tx, `SELECT name FROM org_unit WHERE brand_id = `+a.Add(r.Brand)+` AND parent_id = `+a.Add(r.To.ID)+
		` AND status = 'open' AND name IN (SELECT name FROM org_unit WHERE brand_id = `+a.Add(r.Brand)+` AND id IN (`+r.tops(&a)+`)) ORDER BY name_key LIMIT 5`, a.Values...)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return errs.New(errs.Conflict, "org.names_taken", "names", names, "unit", r.To.Name)
	}
	return r.checkDay(ctx, tx, newUp)
}

// checkDay refuses a day before which one of the units concerned was itself moved: between the two days nobody could
// say where it was.
func (r relocation) checkDay(ctx context.Context, tx *db.Tx, newUp []id.ID) error {
	var a db.Args
	var late int64
	q := `SELECT COUNT(*) FROM org_closure WHERE brand_id = ` + a.Add(r.Brand) + ` AND valid_to_day = 99991231 AND valid_from_day > ` + a.Add(int64(r.Day)) +
		` AND (unit_id IN (` + r.subtree(&a) + `) OR unit_id IN ` + db.In(&a, newUp) + `)`
	if err := tx.QueryRow(ctx, q, a.Values...).Scan(&late); err != nil {
		return err
	}
	if late > 0 {
		return errs.New(errs.Precondition, "org.move_before_another", "day", r.Day.String())
	}
	return nil
}

// run checks and carries the relocation out.
func (r relocation) run(ctx context.Context, tx *db.Tx) error {
	up, err := ancestorsOf(ctx, tx, r.Brand, []id.ID{r.From.ID, r.To.ID}, clock.Forever)
	if err != nil {
		return err
	}
	oldUp, newUp := up[r.From.ID], up[r.To.ID]
	if err := r.check(ctx, tx, newUp); err != nil {
		return err
	}
	if err := r.moveCounts(ctx, tx, oldUp, newUp); err != nil {
		return err
	}
	if err := r.moveLinks(ctx, tx, oldUp); err != nil {
		return err
	}
	return r.moveUnits(ctx, tx)
}

// moveLinks ends the links to the old ancestors the day before and opens those to the new ones. A link that began on
// the very day never held and goes.
func (r relocation) moveLinks(ctx context.Context, tx *db.Tx, oldUp []id.ID) error {
	var a db.Args
	_, err := tx.Exec(ctx, `DELETE FROM org_closure WHERE brand_id = `+a.Add(r.Brand)+` AND valid_to_day = 99991231 AND valid_from_day >= `+a.Add(int64(r.Day))+
		` AND ancestor_id IN `+db.In(&a, oldUp)+` AND unit_id IN (`+r.subtree(&a)+`)`, a.Values...)
	if err != nil {
		return err
	}
	a = db.Args{}
	_, err = tx.Exec(ctx, `UPDATE org_closure SET valid_to_day = `+a.Add(int64(r.Day.Add(-1)))+` WHERE brand_id = `+a.Add(r.Brand)+
		` AND valid_to_day = 99991231 AND ancestor_id IN `+db.In(&a, oldUp)+` AND unit_id IN (`+r.subtree(&a)+`)`, a.Values...)
	if err != nil {
		return err
	}
	a = db.Args{}
	_, err = tx.Exec(ctx, `INSERT INTO org_closure (brand_id, unit_id, ancestor_id, depth, valid_from_day, valid_to_day)
		SELECT s.brand_id, s.unit_id, n.ancestor_id, s.depth + n.depth + 1, CAST(`+a.Add(int64(r.Day))+` AS INTEGER), 99991231
		FROM org_closure s JOIN org_closure n ON n.brand_id = s.brand_id
		WHERE s.brand_id = `+a.Add(r.Brand)+` AND s.valid_to_day = 99991231 AND s.ancestor_id IN (`+r.tops(&a)+`)
		AND n.unit_id = `+a.Add(r.To.ID)+` AND n.valid_to_day = 99991231`, a.Values...)
	return err
}

// moveCounts takes what lies in the subtree from the old ancestors and gives it to the new ones.
func (r relocation) moveCounts(ctx context.Context, tx *db.Tx, oldUp, newUp []id.ID) error {
	var a db.Args
	var c counts3
	q := `SELECT CAST(COALESCE(SUM(all_units), 0) AS BIGINT), CAST(COALESCE(SUM(all_members), 0) AS BIGINT), CAST(COALESCE(SUM(all_accounts), 0) AS BIGINT)
		FROM org_count WHERE brand_id = ` + a.Add(r.Brand) + ` AND unit_id IN (` + r.tops(&a) + `)`
	if err := tx.QueryRow(ctx, q, a.Values...).Scan(&c.units, &c.members, &c.accounts); err != nil {
		return err
	}
	delta := map[id.ID]counts3{}
	for _, u := range oldUp {
		delta[u] = delta[u].plus(counts3{units: -c.units, members: -c.members, accounts: -c.accounts})
	}
	for _, u := range newUp {
		delta[u] = delta[u].plus(c)
	}
	return bumpCounts(ctx, tx, r.Brand, delta)
}

// moveUnits rewrites parents, paths and levels; the parents last, because tops asks for them.
func (r relocation) moveUnits(ctx context.Context, tx *db.Tx) error {
	head, cut := "", 1
	if r.To.Path != "" {
		head = r.To.Path + "/"
	}
	if r.From.Path != "" {
		cut = utf8.RuneCountInString(r.From.Path) + 2
	}
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE org_unit SET path = CAST(`+a.Add(head)+` AS TEXT) || SUBSTR(path, CAST(`+a.Add(cut)+` AS INTEGER)),
		depth = depth + CAST(`+a.Add(r.To.Depth-r.From.Depth)+` AS INTEGER), updated_ms = `+a.Add(int64(r.Now))+`, version = version + 1
		WHERE brand_id = `+a.Add(r.Brand)+` AND id IN (`+r.subtree(&a)+`)`, a.Values...)
	if err != nil {
		return unitFault(err)
	}
	a = db.Args{}
	q := `UPDATE org_unit SET parent_id = ` + a.Add(r.To.ID) + ` WHERE brand_id = ` + a.Add(r.Brand) + ` AND id IN (` + r.tops(&a) + `)`
	_, err = tx.Exec(ctx, q, a.Values...)
	return err
}

const moveCols = `brand_id, id, unit_id, from_id, to_id, day, state, why, fault, by_id, by_name, created_ms, done_ms`

func insertMove(ctx context.Context, tx *db.Tx, m Move) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_move (`+moveCols+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.BrandID, m.ID, m.UnitID, m.FromID, m.ToID, int64(m.Day), m.State, m.Why, m.Fault, m.ByID, m.ByName, int64(m.CreatedAt), m.DoneAt)
	return unitFault(err)
}

// finishMove leaves the planned state; got is false when someone else was first.
func finishMove(ctx context.Context, tx *db.Tx, m Move) (got bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE org_move SET state = $1, fault = $2, from_id = $3, done_ms = $4 WHERE brand_id = $5 AND id = $6 AND state = 'planned'`,
		m.State, m.Fault, m.FromID, m.DoneAt, m.BrandID, m.ID)
	return n == 1, err
}

func plannedMoves(ctx context.Context, q db.Querier, brand, unit id.ID) ([]Move, error) {
	return db.All[Move](ctx, q, `SELECT `+moveCols+` FROM org_move WHERE brand_id = $1 AND unit_id = $2 AND state = 'planned'`, brand, unit)
}

func dueMoves(ctx context.Context, q db.Querier, brand id.ID, today clock.Day) ([]Move, error) {
	return db.All[Move](ctx, q, `SELECT `+moveCols+` FROM org_move WHERE brand_id = $1 AND state = 'planned' AND day <= $2 ORDER BY day, id`, brand, int64(today))
}
