package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// span is how an account was counted, and where, from a day up to and including another.
type span struct {
	account  id.ID
	from, to clock.Day
	at       seat
}

// seat is where and as what an account counts. bits are without active_7, which changes with every post.
type seat struct {
	unit           unitID
	platform, kind string
	bits           uint8
}

const spanCols = "account_id, from_day, to_day, unit_id, platform, account_kind, bits"

func scanSpans(rows db.Rows) (map[id.ID][]span, error) {
	defer func() { _ = rows.Close() }()
	out := map[id.ID][]span{}
	var account, from, to, unit, bits int64
	var platform, kind string
	for rows.Next() {
		if err := rows.Scan(&account, &from, &to, &unit, &platform, &kind, &bits); err != nil {
			return nil, err
		}
		sp := span{id.ID(account), clock.Day(from), clock.Day(to), seat{unitID(unit), platform, kind, uint8(bits)}}
		out[sp.account] = append(out[sp.account], sp)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	}
	return out, rows.Err()
}

// spanAt finds the span that covers a day, nil when the account was not counted then.
func spanAt(list []span, day clock.Day) *span {
	for i := range list {
		if list[i].from <= day && day <= list[i].to {
			return &list[i]
		}
	}
	return nil
}

// extend adds a day to the runs of an account; days come in order.
func extend(runs []span, account id.ID, day clock.Day, at seat) []span {
	if n := len(runs); n > 0 && runs[n-1].to == day.Add(-1) && runs[n-1].at == at {
		runs[n-1].to = day
		return runs
	}
	return append(runs, span{account, day, day, at})
}

// splice puts new runs in the place of what was known from a day on, joins what is the same on both sides, and leaves
// the run that reaches the last day open.
func splice(known, runs []span, from, last clock.Day) []span {
	var out []span
	for _, sp := range known {
		if sp.from < from {
			sp.to = min(sp.to, from.Add(-1))
			out = append(out, sp)
		}
	}
	for _, sp := range runs {
		if sp.to == last {
			sp.to = clock.Forever
		}
		if n := len(out); n > 0 && out[n-1].to == sp.from.Add(-1) && out[n-1].at == sp.at {
			out[n-1].to = sp.to
			continue
		}
		out = append(out, sp)
	}
	return out
}

// spanChange is what has to be written to turn one list of spans into another.
type spanChange struct {
	gone []span // by their key
	put  []span
}

func (c *spanChange) compare(was, is []span) {
	starts := make(map[clock.Day]bool, len(is))
	for _, sp := range is {
		starts[sp.from] = true
		if !slices.Contains(was, sp) {
			c.put = append(c.put, sp)
		}
	}
	for _, sp := range was {
		if !starts[sp.from] {
			c.gone = append(c.gone, sp)
		}
	}
}

// write applies the change in one transaction; keep it to some thousand rows.
func (c *spanChange) write(ctx context.Context, tx *db.Tx, brand id.ID) error {
	byKey := func(a, b span) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.from, b.from))
	}
	slices.SortFunc(c.gone, byKey)
	slices.SortFunc(c.put, byKey)
	for _, sp := range c.gone {
		if _, err := tx.Exec(ctx, `DELETE FROM insight_account_span WHERE brand_id = $1 AND account_id = $2 AND from_day = $3`, brand, sp.account, int64(sp.from)); err != nil {
			return err
		}
	}
	rows := make([][]any, len(c.put))
	for i, sp := range c.put {
		rows[i] = []any{int64(brand), int64(sp.account), int64(sp.from), int64(sp.to), int64(sp.at.unit), sp.at.platform, sp.at.kind, int64(sp.at.bits)}
	}
	cols := []string{"brand_id", "account_id", "from_day", "to_day", "unit_id", "platform", "account_kind", "bits"}
	_, err := db.Insert(ctx, tx, "insight_account_span", cols, rows, onConflict("brand_id, account_id, from_day", cols[3:], "", ""))
	return err
}

// closeKey names a row of closing counts.
type closeKey struct {
	countKey
	day clock.Day
}

// closes are changes of closing counts.
type closes map[closeKey]*counts

func (c closes) add(u unitID, day clock.Day, at seat, sign int64) {
	k := closeKey{countKey{u, at.platform, at.kind}, day}
	if c[k] == nil {
		c[k] = &counts{}
	}
	c[k].add(at.bits, sign)
}

func (c closes) write(ctx context.Context, tx *db.Tx, brand id.ID) error {
	keys := make([]closeKey, 0, len(c))
	for k, n := range c {
		if *n != (counts{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b closeKey) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.day, b.day), cmp.Compare(a.platform, b.platform), cmp.Compare(a.kind, b.kind))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		n := c[k]
		rows[i] = []any{int64(brand), int64(k.unit), int64(k.day), k.platform, k.kind, n.Accounts, n.Active7, n.Active30, n.Asleep, n.Abnormal}
	}
	cols := append([]string{"brand_id", "unit_id", "day", "platform", "account_kind"}, countCols()...)
	_, err := db.Insert(ctx, tx, "insight_unit_close", cols, rows, onConflict("brand_id, unit_id, day, platform, account_kind", countCols(), "insight_unit_close", ""))
	return err
}

// accountSpans reads the spans of accounts, in the same transaction.
func (w *work) accountSpans(ctx context.Context, accounts []id.ID) (map[id.ID][]span, error) {
	var a db.Args
	rows, err := w.tx.Query(ctx, "SELECT "+spanCols+" FROM insight_account_span WHERE brand_id = "+a.Add(w.brand)+" AND "+db.Among(w.tx, &a, "account_id", accounts), a.Values...)
	if err != nil {
		return nil, err
	}
	return scanSpans(rows)
}

// restate brings spans and closing counts of closed days in step with accounts that belong, or always belonged, to
// another unit or kind than was known when the days were closed.
func (w *work) restate(ctx context.Context, moved []reroll) error {
	by := map[id.ID]reroll{}
	var accounts []id.ID
	for _, m := range moved {
		if m.now.Since <= w.mark.Closed || m.old.Kind != m.now.Kind || m.old.Platform != m.now.Platform {
			by[m.now.AccountID] = m
			accounts = append(accounts, m.now.AccountID)
		}
	}
	if w.mark.Closed == 0 || len(accounts) == 0 {
		return nil
	}
	slices.Sort(accounts)
	known, err := w.accountSpans(ctx, accounts)
	if err != nil {
		return err
	}
	var change spanChange
	gone, come := []span{}, []span{}
	units := map[unitID]struct{}{}
	for account, was := range known {
		is := w.placed(by[account].now, was)
		change.compare(was, is)
		for _, sp := range was {
			gone, units[sp.at.unit] = append(gone, sp), struct{}{}
		}
		for _, sp := range is {
			come, units[sp.at.unit] = append(come, sp), struct{}{}
		}
	}
	if len(change.put)+len(change.gone) == 0 {
		return nil
	}
	if err := w.needPaths(ctx, units); err != nil {
		return err
	}
	c := closes{}
	w.countDays(c, gone, -1)
	w.countDays(c, come, +1)
	if err := c.write(ctx, w.tx, w.brand); err != nil {
		return err
	}
	return change.write(ctx, w.tx, w.brand)
}

// placed gives spans with the unit, kind and platform that hold on their days now. w.spans must be read.
func (w *work) placed(now *accountState, was []span) []span {
	var out []span
	for _, sp := range was {
		at := sp.at
		at.platform, at.kind = now.Platform, now.Kind
		for day := sp.from; day <= sp.to; {
			at.unit = w.unitOf(now, day)
			end := min(sp.to, w.unitEnd(now, day))
			if n := len(out); n > 0 && out[n-1].to == day.Add(-1) && out[n-1].at == at {
				out[n-1].to = end
			} else {
				out = append(out, span{sp.account, day, end, at})
			}
			if end == clock.Forever {
				break
			}
			day = end.Add(1)
		}
	}
	return out
}

// unitEnd gives the last day up to which the account's unit is surely that of a day.
func (w *work) unitEnd(st *accountState, day clock.Day) clock.Day {
	if day >= st.Since {
		return clock.Forever
	}
	end := st.Since.Add(-1)
	for _, sp := range w.spans[st.AccountID] {
		if sp.From > day {
			end = min(end, sp.From.Add(-1))
		} else if sp.To >= day {
			end = min(end, sp.To)
		}
	}
	return end
}

// countDays adds spans to closing counts, day by day as the tree stood, up to the last closed day.
func (w *work) countDays(c closes, spans []span, sign int64) {
	for _, sp := range spans {
		for day := max(sp.from, w.mark.Spans); day <= min(sp.to, w.mark.Closed); day = day.Add(1) {
			w.units = w.paths.above(w.units[:0], sp.at.unit, day)
			for _, u := range w.units {
				c.add(u, day, sp.at, sign)
			}
		}
	}
}

// unclose takes accounts that are no more out of the closing counts.
func (w *work) unclose(ctx context.Context, accounts []id.ID) error {
	known, err := w.accountSpans(ctx, accounts)
	if err != nil || len(known) == 0 {
		return err
	}
	c, change, units := closes{}, spanChange{}, map[unitID]struct{}{}
	for _, list := range known {
		for _, sp := range list {
			units[sp.at.unit] = struct{}{}
		}
	}
	if err := w.needPaths(ctx, units); err != nil {
		return err
	}
	for _, list := range known {
		change.compare(list, nil)
		w.countDays(c, list, -1)
	}
	if err := c.write(ctx, w.tx, w.brand); err != nil {
		return err
	}
	return change.write(ctx, w.tx, w.brand)
}

// moveCloses takes a unit's closing counts of some days away from where they counted and adds them where they count now.
func (w *work) moveCloses(ctx context.Context, before paths, unit unitID, days Period) error {
	type row struct {
		Day      clock.Day `db:"day"`
		Platform string    `db:"platform"`
		Kind     string    `db:"account_kind"`
		counts
	}
	rows, err := db.All[row](ctx, w.tx, `SELECT day, platform, account_kind, accounts, active_7, active_30, asleep_30, abnormal FROM insight_unit_close
		WHERE brand_id = $1 AND unit_id = $2 AND day BETWEEN $3 AND $4`, w.brand, int64(unit), int64(days.From), int64(days.To))
	if err != nil {
		return err
	}
	c := closes{}
	at := func(u unitID, r row) *counts {
		k := closeKey{countKey{u, r.Platform, r.Kind}, r.Day}
		if c[k] == nil {
			c[k] = &counts{}
		}
		return c[k]
	}
	for _, r := range rows {
		gone, come := differ(before, w.paths, unit, r.Day)
		for _, u := range gone {
			at(u, r).plus(counts{-r.Accounts, -r.Active7, -r.Active30, -r.Asleep, -r.Abnormal})
		}
		for _, u := range come {
			at(u, r).plus(r.counts)
		}
	}
	return c.write(ctx, w.tx, w.brand)
}

// countedThen lists the accounts behind a closing count: those whose span covers the day, in the units that lay in the
// scope on it. Error: "insight.rows_not_kept".
func (r *ranker) countedThen(ctx context.Context, bit uint8, q RowsQuery) ([]Score, error) {
	day := q.Period.To
	if r.mark.Spans == 0 || day < r.mark.Spans || day > r.mark.Closed {
		return nil, errs.New(errs.Precondition, "insight.rows_not_kept", "day", day.String())
	}
	var a db.Args
	where := "st.brand_id = " + a.Add(r.brand) + " AND st.from_day <= " + a.Add(int64(day)) + " AND st.to_day >= " + a.Add(int64(day)) +
		" AND (st.bits / " + itoa(int64(bit)) + ") % 2 = 1" + r.cut(&a)
	if !r.scope.All {
		units, err := r.unitsAt(ctx, day)
		if err != nil || len(units) == 0 {
			return nil, err
		}
		where += " AND st.unit_id IN " + db.IDList(r.q, &a, units)
	}
	if q.After != nil {
		where += " AND st.account_id > " + a.Add(q.After.Account)
	}
	return db.All[Score](ctx, r.q, "SELECT st.account_id AS account_id, CAST(1 AS BIGINT) AS score FROM insight_account_span st WHERE "+where+
		" ORDER BY st.account_id LIMIT "+a.Add(q.Limit), a.Values...)
}

// unitsAt lists the units that lay in the scope on a day; a day before a unit existed counts as its first day.
func (r *ranker) unitsAt(ctx context.Context, day clock.Day) ([]int64, error) {
	spans, err := r.pathsBelow(ctx)
	if err != nil {
		return nil, err
	}
	begin := map[id.ID]clock.Day{}
	for _, p := range spans {
		if d, ok := begin[p.Unit]; !ok || p.From < d {
			begin[p.Unit] = p.From
		}
	}
	var out []int64
	for _, p := range spans {
		if d := max(day, begin[p.Unit]); slices.Contains(r.scope.Roots, p.Ancestor) && p.From <= d && d <= p.To {
			out = append(out, int64(p.Unit))
		}
	}
	for _, root := range r.scope.Roots {
		if _, folded := begin[root]; !folded {
			out = append(out, int64(root))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
