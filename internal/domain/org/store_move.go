package org

import (
	"context"
	"slices"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// relocation hangs the subtree of Top, or of every open child of From when Top is 0, from From to To as of Day. The
// tree is locked. Units are listed first and then named in each statement: with nested selects the engines, lacking
// statistics, walk the brand once per unit.
type relocation struct {
	Brand id.ID
	Top   id.ID
	From  Unit
	To    Unit
	Day   clock.Day
	Now   clock.Ms

	tops  []id.ID // what hangs directly under From
	units []link  // everything that moves, with its depth below its top
	oldUp []id.ID
	newUp []id.ID
}

// load lists what moves and the ancestors of both ends.
func (r *relocation) load(ctx context.Context, tx *db.Tx) (err error) {
	r.tops = []id.ID{r.Top}
	if r.Top == 0 {
		r.tops, err = db.All[id.ID](ctx, tx, `SELECT id FROM org_unit WHERE brand_id = $1 AND parent_id = $2 AND status = 'open' ORDER BY id`, r.Brand, r.From.ID)
		if err != nil {
			return err
		}
	}
	err = inChunks(tx, r.tops, func(some []id.ID) error {
		var a db.Args
		links, err := db.All[link](ctx, tx, `SELECT unit_id, ancestor_id, depth, valid_from_day, valid_to_day FROM org_closure
			WHERE brand_id = `+a.Add(r.Brand)+` AND valid_to_day = 99991231 AND ancestor_id IN `+db.In(&a, some), a.Values...)
		r.units = append(r.units, links...)
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(r.units, func(a, b link) int { return int(sign(a.UnitID - b.UnitID)) })
	up, err := linksOf(ctx, tx, r.Brand, []id.ID{r.From.ID, r.To.ID})
	r.oldUp, r.newUp = current(up[r.From.ID]), current(up[r.To.ID])
	return err
}

// current gives the ancestors of today, nearest first.
func current(links []link) []id.ID {
	links = slices.DeleteFunc(slices.Clone(links), func(l link) bool { return l.To != clock.Forever })
	slices.SortFunc(links, func(a, b link) int { return a.Depth - b.Depth })
	out := make([]id.ID, 0, len(links))
	for _, l := range links {
		out = append(out, l.AncestorID)
	}
	return out
}

// each runs fn with the units that move, a list at a time.
func (r *relocation) each(tx *db.Tx, fn func(units []id.ID) error) error {
	ids := make([]id.ID, 0, len(r.units))
	for _, l := range r.units {
		ids = append(ids, l.UnitID)
	}
	return inChunks(tx, ids, fn)
}

// check refuses what would break the tree: a cycle, too many levels, a name that is taken, a day before other moves.
func (r *relocation) check(ctx context.Context, tx *db.Tx) error {
	if slices.ContainsFunc(r.tops, func(top id.ID) bool { return slices.Contains(r.newUp, top) }) {
		return errs.New(errs.Precondition, "org.move_into_itself")
	}
	for _, l := range r.units {
		if r.To.Depth+1+l.Depth > MaxDepth {
			return errs.New(errs.Precondition, "org.path_too_deep", "max", MaxDepth)
		}
	}
	var taken []string
	err := inChunks(tx, r.tops, func(some []id.ID) error {
		var a db.Args
		names, err := db.All[string](ctx, tx, `SELECT t.name FROM org_unit t JOIN org_unit o ON o.brand_id = t.brand_id AND o.name = t.name
			WHERE o.brand_id = `+a.Add(r.Brand)+` AND o.parent_id = `+a.Add(r.To.ID)+` AND o.status = 'open' AND t.brand_id = `+a.Add(r.Brand)+
			` AND t.id IN `+db.In(&a, some)+` ORDER BY t.name_key LIMIT 5`, a.Values...)
		taken = append(taken, names...)
		return err
	})
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return errs.New(errs.Conflict, "org.names_taken", "names", taken, "unit", r.To.Name)
	}
	return r.checkDay(ctx, tx)
}

// checkDay refuses a day before which one of the units concerned was itself moved: between the two days nobody could
// say where it was.
func (r *relocation) checkDay(ctx context.Context, tx *db.Tx) error {
	var late int64
	count := func(units []id.ID) error {
		var a db.Args
		var n int64
		q := `SELECT COUNT(*) FROM org_closure WHERE brand_id = ` + a.Add(r.Brand) + ` AND valid_to_day = 99991231 AND valid_from_day > ` +
			a.Add(int64(r.Day)) + ` AND unit_id IN ` + db.In(&a, units)
		err := tx.QueryRow(ctx, q, a.Values...).Scan(&n)
		late += n
		return err
	}
	if err := r.each(tx, count); err != nil {
		return err
	}
	if err := count(r.newUp); err != nil {
		return err
	}
	if late > 0 {
		return errs.New(errs.Precondition, "org.move_before_another", "day", r.Day.String())
	}
	return nil
}

// run checks and carries the relocation out.
func (r *relocation) run(ctx context.Context, tx *db.Tx) error {
	if err := r.load(ctx, tx); err != nil {
		return err
	}
	if err := r.check(ctx, tx); err != nil {
		return err
	}
	if err := r.moveCounts(ctx, tx); err != nil {
		return err
	}
	if err := r.moveLinks(ctx, tx); err != nil {
		return err
	}
	return r.moveUnits(ctx, tx)
}

// moveLinks ends the links to the old ancestors the day before and opens those to the new ones. A link that began on
// the very day never held and goes.
func (r *relocation) moveLinks(ctx context.Context, tx *db.Tx) error {
	err := r.each(tx, func(units []id.ID) error {
		var a db.Args
		_, err := tx.Exec(ctx, `DELETE FROM org_closure WHERE brand_id = `+a.Add(r.Brand)+` AND valid_to_day = 99991231 AND valid_from_day >= `+a.Add(int64(r.Day))+
			` AND ancestor_id IN `+db.In(&a, r.oldUp)+` AND unit_id IN `+db.In(&a, units), a.Values...)
		if err != nil {
			return err
		}
		a = db.Args{}
		_, err = tx.Exec(ctx, `UPDATE org_closure SET valid_to_day = `+a.Add(int64(r.Day.Add(-1)))+` WHERE brand_id = `+a.Add(r.Brand)+
			` AND valid_to_day = 99991231 AND ancestor_id IN `+db.In(&a, r.oldUp)+` AND unit_id IN `+db.In(&a, units), a.Values...)
		return err
	})
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(r.units)*len(r.newUp))
	for _, l := range r.units {
		for i, up := range r.newUp {
			rows = append(rows, []any{r.Brand, l.UnitID, up, l.Depth + 1 + i, int64(r.Day), int64(clock.Forever)})
		}
	}
	return db.Copy(ctx, tx, "org_closure", closureCols(), rows)
}

// moveCounts takes what lies in the subtree from the old ancestors and gives it to the new ones.
func (r *relocation) moveCounts(ctx context.Context, tx *db.Tx) error {
	var c counts3
	err := inChunks(tx, r.tops, func(some []id.ID) error {
		var a db.Args
		var n counts3
		q := `SELECT CAST(COALESCE(SUM(all_units), 0) AS BIGINT), CAST(COALESCE(SUM(all_members), 0) AS BIGINT), CAST(COALESCE(SUM(all_accounts), 0) AS BIGINT)
			FROM org_count WHERE brand_id = ` + a.Add(r.Brand) + ` AND unit_id IN ` + db.In(&a, some)
		err := tx.QueryRow(ctx, q, a.Values...).Scan(&n.units, &n.members, &n.accounts)
		c = c.plus(n)
		return err
	})
	if err != nil {
		return err
	}
	delta := map[id.ID]counts3{}
	for _, u := range r.oldUp {
		delta[u] = delta[u].plus(counts3{units: -c.units, members: -c.members, accounts: -c.accounts})
	}
	for _, u := range r.newUp {
		delta[u] = delta[u].plus(c)
	}
	return bumpCounts(ctx, tx, r.Brand, delta)
}

// moveUnits rewrites parents, paths and levels.
func (r *relocation) moveUnits(ctx context.Context, tx *db.Tx) error {
	head, cut := "", 1
	if r.To.Path != "" {
		head = r.To.Path + "/"
	}
	if r.From.Path != "" {
		cut = utf8.RuneCountInString(r.From.Path) + 2
	}
	err := r.each(tx, func(units []id.ID) error {
		var a db.Args
		_, err := tx.Exec(ctx, `UPDATE org_unit SET path = CAST(`+a.Add(head)+` AS TEXT) || SUBSTR(path, CAST(`+a.Add(cut)+` AS INTEGER)),
			depth = depth + CAST(`+a.Add(r.To.Depth-r.From.Depth)+` AS INTEGER), updated_ms = `+a.Add(int64(r.Now))+`, version = version + 1
			WHERE brand_id = `+a.Add(r.Brand)+` AND id IN `+db.In(&a, units), a.Values...)
		return unitFault(err)
	})
	if err != nil {
		return err
	}
	return inChunks(tx, r.tops, func(some []id.ID) error {
		var a db.Args
		q := `UPDATE org_unit SET parent_id = ` + a.Add(r.To.ID) + ` WHERE brand_id = ` + a.Add(r.Brand) + ` AND id IN ` + db.In(&a, some)
		_, err := tx.Exec(ctx, q, a.Values...)
		return err
	})
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
