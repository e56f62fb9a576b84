package insight

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// moveStep is how many cells of the moved unit one transaction moves; each is written once for every unit that it
// leaves or joins. Tests make it smaller.
const moveStep = 1500

// pendingMove says that the days of a unit from From up to and including Upto are still folded as the tree was before
// the unit moved. A brand has one at most: whoever changes the tree again finishes it first.
type pendingMove struct {
	Unit id.ID     `db:"unit_id"`
	From clock.Day `db:"from_day"`
	Upto clock.Day `db:"upto_day"`
}

// TreeChanged re-rolls after a unit got other ancestors from a day on (a move, a merge, a close), in the same
// transaction: its cells leave the units that were above it on a day and join those that are. Where that is much, this
// transaction moves the newest days only and FinishMoves the others, again from the newest to the oldest: at every
// moment the folded tree says which days have moved, and the rows behind a figure add up to it.
func (s *Service) TreeChanged(ctx context.Context, tx *db.Tx, brand, unit id.ID, from clock.Day) error {
	if err := s.lockTree(ctx, tx, brand); err != nil {
		return err
	}
	open, err := readMoves(ctx, tx, brand)
	if err != nil {
		return err
	}
	for _, m := range open {
		if err := s.moveDays(ctx, tx, brand, m, noLimit); err != nil {
			return err
		}
	}
	return s.moveDays(ctx, tx, brand, pendingMove{unit, from, clock.Forever}, s.moveStep())
}

// FinishMoves moves what TreeChanged left, a transaction for some weeks at a time. It may end anywhere and be called
// again.
func (s *Service) FinishMoves(ctx context.Context, brand id.ID) error {
	for {
		if more, err := s.stepMove(ctx, brand); err != nil || !more {
			return err
		}
	}
}

// stepMove moves the next days of a move that is under way and tells whether there was one.
func (s *Service) stepMove(ctx context.Context, brand id.ID) (found bool, err error) {
	open, err := readMoves(ctx, s.db, brand)
	if err != nil || len(open) == 0 {
		return false, err
	}
	return true, s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.lockTree(ctx, tx, brand); err != nil {
			return err
		}
		open, err := readMoves(ctx, tx, brand)
		if err != nil || len(open) == 0 { // somebody else was faster
			return err
		}
		return s.moveDays(ctx, tx, brand, open[0], s.moveStep())
	})
}

func (s *Service) moveStep() int64 {
	if s.stepCells > 0 {
		return s.stepCells
	}
	return moveStep
}

// noLimit moves all days at once.
const noLimit = 1 << 62

func readMoves(ctx context.Context, q db.Querier, brand id.ID) ([]pendingMove, error) {
	return db.All[pendingMove](ctx, q, `SELECT unit_id, from_day, upto_day FROM insight_move WHERE brand_id = $1`, brand)
}

// lockTree keeps everybody away from the brand's figures and sees to it that no cells wait.
func (s *Service) lockTree(ctx context.Context, tx *db.Tx, brand id.ID) error {
	if err := s.known.LockAll(ctx, tx, brand); err != nil || tx.Dialect() != db.Postgres {
		return err
	}
	if err := lockFolder(ctx, tx, brand); err != nil {
		return err
	}
	for {
		if more, err := foldPending(ctx, tx, brand); err != nil || !more {
			return err
		}
	}
}

// moveDays moves the newest days of a move, about limit cells of them, and keeps what is left.
func (s *Service) moveDays(ctx context.Context, tx *db.Tx, brand id.ID, m pendingMove, limit int64) error {
	w := newWork(s, tx, brand)
	if err := w.begin(ctx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM insight_move WHERE brand_id = $1`, brand); err != nil {
		return err
	}
	below, err := db.All[id.ID](ctx, tx, `SELECT DISTINCT unit_id FROM insight_path WHERE brand_id = $1 AND ancestor_id = $2 ORDER BY unit_id`, brand, m.Unit)
	if err != nil || len(below) == 0 {
		return err // never folded: org is asked when it is
	}
	var a db.Args
	if err := w.readPaths(ctx, "unit_id IN "+db.IDList(tx, &a, below), &a); err != nil {
		return err
	}
	if !slices.Contains(below, m.Unit) {
		if err := w.derive(ctx, m.Unit); err != nil {
			return err
		}
		below = append(below, m.Unit)
	}
	before := w.paths
	now, err := s.tree.ClosureSpans(ctx, tx, brand, below)
	if err != nil {
		return err
	}
	if samePaths(before, now) {
		return nil
	}
	top := unitID(m.Unit)
	if is := pathsOf(now); m.From <= first(before[top]) || m.From <= first(is[top]) {
		m.From = 0 // earlier days count as the unit's first day, which changed
	}
	since, err := stepSince(ctx, tx, brand, m, limit)
	if err != nil {
		return err
	}
	if since > m.From {
		now = join(before, now, since)
		if err := saveMove(ctx, tx, brand, pendingMove{m.Unit, m.From, since.Add(-1)}); err != nil {
			return err
		}
	}
	return w.refold(ctx, before, now, below, pendingMove{m.Unit, since, m.Upto})
}

func saveMove(ctx context.Context, tx *db.Tx, brand id.ID, m pendingMove) error {
	_, err := tx.Exec(ctx, `INSERT INTO insight_move (brand_id, unit_id, from_day, upto_day) VALUES ($1, $2, $3, $4)`, brand, m.Unit, int64(m.From), int64(m.Upto))
	return err
}

// refold replaces the folded tree of the units below and moves the days of m with it.
func (w *work) refold(ctx context.Context, before paths, now []ClosureSpan, below []id.ID, m pendingMove) error {
	var a db.Args
	if _, err := w.tx.Exec(ctx, "DELETE FROM insight_path WHERE brand_id = "+a.Add(w.brand)+" AND unit_id IN "+db.IDList(w.tx, &a, below), a.Values...); err != nil {
		return err
	}
	w.paths = paths{}
	if err := w.keepPaths(ctx, now); err != nil {
		return err
	}
	top, days := unitID(m.Unit), Period{m.From, m.Upto}
	if err := w.moveCells(ctx, before, top, days); err != nil {
		return err
	}
	if err := w.moveCounts(ctx, before, top); err != nil {
		return err
	}
	if err := w.moveCloses(ctx, before, top, days); err != nil {
		return err
	}
	if err := foldCells(ctx, w.tx, w.brand, w.cells, w.mark.Rolled); err != nil {
		return err
	}
	return writeCounts(ctx, w.tx, w.brand, w.counts)
}

// stepSince finds the first of the newest days that hold about limit cells of the unit, at least one day; the first day
// of the move when that is all.
func stepSince(ctx context.Context, tx *db.Tx, brand id.ID, m pendingMove, limit int64) (clock.Day, error) {
	if limit == noLimit {
		return m.From, nil
	}
	rows, err := tx.Query(ctx, `SELECT day, COUNT(*) FROM insight_unit_day WHERE brand_id = $1 AND unit_id = $2 AND day BETWEEN $3 AND $4 GROUP BY day ORDER BY day DESC`,
		brand, m.Unit, int64(m.From), int64(m.Upto))
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	var day, n, sum int64
	since := m.From
	for rows.Next() {
		if err := rows.Scan(&day, &n); err != nil {
			return 0, err
		}
		if sum += n; sum > limit && sum > n {
			since = clock.Day(day).Add(1)
			break
		}
	}
	return since, rows.Err()
}

func pathsOf(spans []ClosureSpan) paths {
	out := paths{}
	for _, sp := range spans {
		out[unitID(sp.UnitID)] = append(out[unitID(sp.UnitID)], sp)
	}
	return out
}

// samePaths tells whether spans are what is folded.
func samePaths(folded paths, spans []ClosureSpan) bool {
	n := 0
	for _, list := range folded {
		n += len(list)
	}
	return n == len(spans) && !slices.ContainsFunc(spans, func(sp ClosureSpan) bool { return !slices.Contains(folded[unitID(sp.UnitID)], sp) })
}

// join gives the tree as it was folded before a day and as it is from that day on.
func join(before paths, now []ClosureSpan, since clock.Day) []ClosureSpan {
	var out []ClosureSpan
	for _, list := range before {
		for _, sp := range list {
			if sp.From < since {
				sp.To = min(sp.To, since.Add(-1))
				out = append(out, sp)
			}
		}
	}
	for _, sp := range now {
		if sp.To < since {
			continue
		}
		sp.From = max(sp.From, since)
		// What did not change goes on, so that nothing looks moved that was not.
		at := slices.IndexFunc(out, func(old ClosureSpan) bool {
			return old.UnitID == sp.UnitID && old.AncestorID == sp.AncestorID && old.To == since.Add(-1) && sp.From == since
		})
		if at >= 0 {
			out[at].To = sp.To
			continue
		}
		out = append(out, sp)
	}
	return out
}

// bend gives units that are folded for the first time the place that the unit above them still has on the days of a move
// that is under way: those days are moved with that unit's cells.
func (w *work) bend(ctx context.Context, spans []ClosureSpan) ([]ClosureSpan, error) {
	open, err := readMoves(ctx, w.tx, w.brand)
	if err != nil || len(open) == 0 {
		return spans, err
	}
	m := open[0]
	folded := paths{}
	was := w.paths
	w.paths = folded
	var a db.Args
	err = w.readPaths(ctx, "unit_id = "+a.Add(m.Unit), &a)
	w.paths = was
	if err != nil {
		return nil, err
	}
	by := pathsOf(spans)
	above := map[id.ID]bool{} // of the moved unit, at any time
	is, err := w.s.tree.ClosureSpans(ctx, w.tx, w.brand, []id.ID{m.Unit})
	if err != nil {
		return nil, err
	}
	for _, sp := range is {
		above[sp.AncestorID] = sp.AncestorID != m.Unit
	}
	var out []ClosureSpan
	for _, list := range by {
		if !slices.ContainsFunc(list, func(sp ClosureSpan) bool { return sp.AncestorID == m.Unit }) {
			out = append(out, list...)
			continue
		}
		out = append(out, bent(list, folded[unitID(m.Unit)], above, m)...)
	}
	return out, nil
}

// bent is the tree above one unit below a moved one: up to m.Upto as that one is folded.
func bent(list, folded []ClosureSpan, above map[id.ID]bool, m pendingMove) []ClosureSpan {
	var inner, old []ClosureSpan
	unit := list[0].UnitID
	for _, sp := range list {
		if !above[sp.AncestorID] {
			inner = append(inner, sp)
		} else if sp.To > m.Upto {
			sp.From = max(sp.From, m.Upto.Add(1))
			old = append(old, sp)
		}
	}
	for _, sp := range folded {
		if sp.AncestorID != m.Unit && sp.From <= m.Upto {
			old = append(old, ClosureSpan{UnitID: unit, AncestorID: sp.AncestorID, From: sp.From, To: min(sp.To, m.Upto)})
		}
	}
	return append(inner, old...)
}

// moveCells takes the unit's cells of some days away from where they counted and adds them where they count now.
func (w *work) moveCells(ctx context.Context, before paths, unit unitID, days Period) error {
	rows, err := w.tx.Query(ctx, `SELECT unit_id, day, platform, account_kind, origin, 1, `+valueList("")+`, as_of FROM insight_unit_day WHERE brand_id = $1 AND unit_id = $2
		AND day BETWEEN $3 AND $4`, w.brand, int64(unit), int64(days.From), int64(days.To))
	if err != nil {
		return err
	}
	own := map[cellKey]*cell{}
	if _, err := scanCells(rows, own); err != nil {
		return err
	}
	for k, c := range own {
		gone, come := differ(before, w.paths, unit, k.day)
		neg := post.Values{}
		neg.Add(&c.values, -1)
		for _, u := range gone {
			w.cell(cellKey{u, k.day, k.platform, k.kind, k.class}).add(&neg, 0)
		}
		for _, u := range come {
			w.cell(cellKey{u, k.day, k.platform, k.kind, k.class}).add(&c.values, c.asOf)
		}
	}
	return nil
}
