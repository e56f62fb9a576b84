package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

func newWork(s *Service, tx *db.Tx, brand id.ID) *work {
	return &work{brand: brand, tx: tx, s: s, cells: map[cellKey]*cell{}, above: map[cellKey][]*cell{}, counts: map[countKey]*counts{}, months: map[accountMonth]*post.Values{}, past: map[pastKey]struct{}{}}
}

// needPaths reads the folded tree above units, and takes over from org what was never folded.
func (w *work) needPaths(ctx context.Context, set map[unitID]struct{}) error {
	for u := range set {
		if _, ok := w.paths[u]; ok {
			delete(set, u)
		}
	}
	if w.hold != nil {
		w.s.folded.recall(w.brand, w.hold.Common(), set, w.paths)
	}
	if len(set) == 0 {
		return nil
	}
	units := sortedUnits(set)
	if w.hold != nil {
		w.tx.AfterCommit(func() { w.s.folded.keep(w.brand, w.hold.Common(), units, w.paths) })
	}
	var a db.Args
	err := w.readPaths(ctx, "unit_id IN "+db.IDList(w.tx, &a, units), &a)
	if err != nil {
		return err
	}
	var missing []id.ID
	for _, u := range units {
		if _, ok := w.paths[u]; !ok && u != 0 {
			missing = append(missing, id.ID(u))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	spans, err := w.s.tree.ClosureSpans(ctx, w.tx, w.brand, missing)
	if err != nil {
		return err
	}
	if spans, err = w.bend(ctx, spans); err != nil {
		return err
	}
	return w.keepPaths(ctx, spans)
}

func (w *work) readPaths(ctx context.Context, where string, a *db.Args) error {
	rows, err := w.tx.Query(ctx, "SELECT unit_id, ancestor_id, from_day, to_day FROM insight_path WHERE "+where+" AND brand_id = "+a.Add(w.brand), a.Values...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var sp ClosureSpan
		if err := rows.Scan(&sp.UnitID, &sp.AncestorID, &sp.From, &sp.To); err != nil {
			return err
		}
		w.paths[unitID(sp.UnitID)] = append(w.paths[unitID(sp.UnitID)], sp)
	}
	return rows.Err()
}

// keepPaths writes spans to the folded tree and to w.
func (w *work) keepPaths(ctx context.Context, spans []ClosureSpan) error {
	slices.SortFunc(spans, func(a, b ClosureSpan) int {
		return cmp.Or(cmp.Compare(a.UnitID, b.UnitID), cmp.Compare(a.AncestorID, b.AncestorID), cmp.Compare(a.From, b.From))
	})
	rows := make([][]any, len(spans))
	for i, sp := range spans {
		w.paths[unitID(sp.UnitID)] = append(w.paths[unitID(sp.UnitID)], sp)
		rows[i] = []any{int64(w.brand), int64(sp.UnitID), int64(sp.AncestorID), int64(sp.From), int64(sp.To)}
	}
	_, err := db.Insert(ctx, w.tx, "insight_path", []string{"brand_id", "unit_id", "ancestor_id", "from_day", "to_day"}, rows,
		"ON CONFLICT (brand_id, unit_id, ancestor_id, from_day) DO UPDATE SET to_day = excluded.to_day")
	return err
}

func (w *work) moveCounts(ctx context.Context, before paths, unit unitID) error {
	gone, come := differ(before, w.paths, unit, w.s.today())
	type row struct {
		Platform string `db:"platform"`
		Kind     string `db:"account_kind"`
		counts
	}
	rows, err := w.tx.Query(ctx, `SELECT platform, account_kind, accounts, active_7, active_30, asleep_30, abnormal FROM insight_unit_count WHERE brand_id = $1 AND unit_id = $2`, w.brand, int64(unit))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.Platform, &r.Kind, &r.Accounts, &r.Active7, &r.Active30, &r.Asleep, &r.Abnormal); err != nil {
			return err
		}
		neg := counts{-r.Accounts, -r.Active7, -r.Active30, -r.Asleep, -r.Abnormal}
		for _, u := range gone {
			w.count(countKey{u, r.Platform, r.Kind}).plus(neg)
		}
		for _, u := range come {
			w.count(countKey{u, r.Platform, r.Kind}).plus(r.counts)
		}
	}
	return rows.Err()
}

// differ lists the units that were above on a day and are no more, and those that are now and were not.
func differ(before, after paths, unit unitID, day clock.Day) (gone, come []unitID) {
	was, is := before.above(nil, unit, day), after.above(nil, unit, day)
	for _, u := range was {
		if !slices.Contains(is, u) {
			gone = append(gone, u)
		}
	}
	for _, u := range is {
		if !slices.Contains(was, u) {
			come = append(come, u)
		}
	}
	return gone, come
}
