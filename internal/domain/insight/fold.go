package insight

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// cellKey names a cell of a brand.
type cellKey struct {
	unit     unitID
	day      clock.Day
	platform string
	kind     string
	class    int8
}

// cell is a change of a cell, and how fresh its newest source is. own says that accounts of the unit itself are in it.
type cell struct {
	values post.Values
	asOf   clock.Ms
	own    bool
}

func (c *cell) add(v *post.Values, asOf clock.Ms) {
	c.values.Add(v, 1)
	c.asOf = max(c.asOf, asOf)
}

func (w *work) cell(k cellKey) *cell {
	c := w.cells[k]
	if c == nil {
		c = &cell{}
		w.cells[k] = c
	}
	return c
}

// foldOrAppend brings cells into the store: inline on SQLite, for the folder on PostgreSQL, where every transaction
// updating the brand's own row would wait for the others. With direct, PostgreSQL too takes the cells of the units that
// the accounts are in at once: they are most of the cells, and only neighbours share them. They are taken in order of
// their keys, like the folder's, so nobody waits in a circle; closed months are left to the folder, which the month's
// making waits for.
func (s *Service) foldOrAppend(ctx context.Context, tx *db.Tx, brand id.ID, cells map[cellKey]*cell, rolled int32, direct bool) error {
	if tx.Dialect() == db.SQLite {
		return foldCells(ctx, tx, brand, cells, rolled)
	}
	own := map[cellKey]*cell{}
	rest := cells
	if direct {
		rest = map[cellKey]*cell{}
		for k, c := range cells {
			if c.own && monthOf(k.day) > rolled {
				own[k] = c
			} else {
				rest[k] = c
			}
		}
	}
	if err := foldCells(ctx, tx, brand, own, rolled); err != nil {
		return err
	}
	return s.appendCells(ctx, tx, brand, rest)
}

// appendCells leaves cells to the folder.
func (s *Service) appendCells(ctx context.Context, tx *db.Tx, brand id.ID, cells map[cellKey]*cell) error {
	cols := append([]string{"brand_id", "id", "unit_id", "day", "platform", "account_kind", "origin"}, valueCols()...)
	rows := make([][]any, 0, len(cells))
	seq := int64(s.ids.New())
	for k, c := range cells {
		if c.values.Zero() {
			continue
		}
		rows = append(rows, append(valueRow([]any{int64(brand), seq, int64(k.unit), int64(k.day), k.platform, k.kind, int64(k.class)}, &c.values), int64(c.asOf)))
	}
	if len(rows) == 0 {
		return nil
	}
	tx.AfterCommit(func() { s.foldSoon(brand) })
	return db.Copy(ctx, tx, "insight_unit_delta", append(cols, "as_of"), rows)
}

// foldCells adds cells to the day and, for closed months, to the month rows, in key order.
func foldCells(ctx context.Context, q db.Querier, brand id.ID, cells map[cellKey]*cell, rolled int32) error {
	keys := make([]cellKey, 0, len(cells))
	for k, c := range cells {
		if !c.values.Zero() {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, compareCells)
	if err := upsertCells(ctx, q, "day", brand, keys, func(k cellKey) *cell { return cells[k] }); err != nil {
		return err
	}
	months := map[cellKey]*cell{}
	for _, k := range keys {
		if monthOf(k.day) > rolled {
			continue
		}
		m := k
		m.day = clock.Day(monthOf(k.day))
		if months[m] == nil {
			months[m] = &cell{}
		}
		months[m].add(&cells[k].values, cells[k].asOf)
	}
	keys = keys[:0]
	for k := range months {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareCells)
	return upsertCells(ctx, q, "month", brand, keys, func(k cellKey) *cell { return months[k] })
}

func upsertCells(ctx context.Context, q db.Querier, grain string, brand id.ID, keys []cellKey, at func(cellKey) *cell) error {
	table := "insight_unit_" + grain
	cols := append([]string{"brand_id", "unit_id", grain, "platform", "account_kind", "origin"}, valueCols()...)
	rows := make([][]any, len(keys))
	const width = 7 + int(post.NumMetrics)
	buf := make([]any, 0, len(keys)*width)
	var of, day, asOf any = int64(brand), int64(0), int64(0)
	for i, k := range keys {
		c := at(k)
		if day != int64(k.day) {
			day = int64(k.day)
		}
		if asOf != int64(c.asOf) {
			asOf = int64(c.asOf)
		}
		buf = append(buf, of, int64(k.unit), day, k.platform, k.kind, int64(k.class))
		for _, v := range c.values {
			buf = append(buf, v)
		}
		buf = append(buf, asOf)
		rows[i] = buf[i*width : (i+1)*width]
	}
	_, err := db.Insert(ctx, q, table, append(cols, "as_of"), rows, onConflict("brand_id, unit_id, "+grain+", platform, account_kind, origin", valueCols(), table, "as_of"))
	return err
}

func compareCells(a, b cellKey) int {
	return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.day, b.day), cmp.Compare(a.platform, b.platform), cmp.Compare(a.kind, b.kind), cmp.Compare(a.class, b.class))
}

// foldLimit bounds the pending rows one fold takes.
const foldLimit = 200_000

// Fold merges a brand's pending cells (PostgreSQL; elsewhere there are none). It tells whether rows were left. Only one
// folder works on a brand at a time; others return at once.
func (s *Service) Fold(ctx context.Context, brand id.ID) (more bool, err error) {
	if s.db.Dialect() != db.Postgres {
		return false, nil
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var free bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock(CAST($1 AS INTEGER), CAST($2 AS INTEGER))`, int32(foldClass), foldKey(brand)).Scan(&free); err != nil || !free {
			return err
		}
		more, err = foldPending(ctx, tx, brand)
		return err
	})
	return more, err
}

// foldClass locks out a second folder of the same brand.
const foldClass = 0x666f6c64 // "fold"

func foldKey(brand id.ID) int32 { return int32(int64(brand) % (1 << 30)) }

// lockFolder keeps the folder of a brand out until tx ends.
func lockFolder(ctx context.Context, tx *db.Tx, brand id.ID) error {
	return db.LockKeys(ctx, tx, foldClass, []int32{foldKey(brand)})
}

func foldPending(ctx context.Context, tx *db.Tx, brand id.ID) (more bool, err error) {
	mark, err := readMark(ctx, tx, brand)
	if err != nil {
		return false, err
	}
	rows, err := tx.Query(ctx, `WITH d AS (DELETE FROM insight_unit_delta WHERE ctid IN (SELECT ctid FROM insight_unit_delta WHERE brand_id = $1 LIMIT `+strconv.Itoa(foldLimit)+`) RETURNING *)
		SELECT unit_id, day, platform, account_kind, origin, COUNT(*), `+sumList()+`, MAX(as_of) FROM d GROUP BY unit_id, day, platform, account_kind, origin`, brand)
	if err != nil {
		return false, err
	}
	cells := map[cellKey]*cell{}
	taken, err := scanCells(rows, cells)
	if err != nil {
		return false, err
	}
	return taken == foldLimit, foldCells(ctx, tx, brand, cells, mark.Rolled)
}

func scanCells(rows db.Rows, cells map[cellKey]*cell) (taken int64, err error) {
	defer func() { _ = rows.Close() }()
	var unit, day, class, n, asOf int64
	var platform, kind string
	var v post.Values
	dest := append(append([]any{&unit, &day, &platform, &kind, &class, &n}, dests(&v)...), &asOf)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return 0, err
		}
		taken += n
		cells[cellKey{unitID(unit), clock.Day(day), platform, kind, int8(class)}] = &cell{values: v, asOf: clock.Ms(asOf)}
	}
	return taken, rows.Err()
}

// FoldAll merges everything pending of a brand. Unlike Fold it waits for a folder at work: when it returns, what was
// committed before the call is in the cells.
func (s *Service) FoldAll(ctx context.Context, brand id.ID) error {
	if s.db.Dialect() != db.Postgres {
		return nil
	}
	for more := true; more; {
		err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if err = lockFolder(ctx, tx, brand); err != nil {
				return err
			}
			more, err = foldPending(ctx, tx, brand)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
