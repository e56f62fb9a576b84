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

// closeDays writes closing counts, league means and peers of days.
func (c *closer) closeDays(ctx context.Context, days []clock.Day) error {
	if len(days) == 0 {
		return nil
	}
	posted, err := c.postedDays(ctx, days)
	if err != nil {
		return err
	}
	if err := c.loadPast(ctx, days[0]); err != nil {
		return err
	}
	for _, day := range days {
		if err := c.closingCounts(ctx, day, posted); err != nil {
			return err
		}
		if err := c.peers(ctx, day); err != nil {
			return err
		}
	}
	return c.writeSpans(ctx, days[0], days[len(days)-1])
}

// loadPast reads what is known of the accounts' standing from a day on: the spans written before, where those were that
// moved since, and from when on the abnormal and ended ones are so.
func (c *closer) loadPast(ctx context.Context, from clock.Day) error {
	rows, err := c.s.db.Query(ctx, "SELECT "+spanCols+" FROM insight_account_span WHERE brand_id = $1 AND to_day >= $2", c.brand, int64(from.Add(-1)))
	if err != nil {
		return err
	}
	if c.known, err = scanSpans(rows); err != nil {
		return err
	}
	c.runs, c.moves, c.since = make(map[id.ID][]span, len(c.states)), map[id.ID][]UnitSpan{}, map[id.ID]clock.Day{}
	var moved, off []id.ID
	for _, st := range c.states {
		if st.Since > from {
			moved = append(moved, st.AccountID)
		}
		if st.Abnormal || !st.Counted {
			off = append(off, st.AccountID)
		}
	}
	err = inChunks(moved, chunkAccounts, func(part []id.ID) error {
		spans, err := c.s.accounts.InsightSpans(ctx, c.s.db, c.brand, part)
		for _, sp := range spans {
			c.moves[sp.AccountID] = append(c.moves[sp.AccountID], sp)
		}
		return err
	})
	if err != nil {
		return err
	}
	return inChunks(off, chunkAccounts, func(part []id.ID) error {
		refs, err := c.s.accounts.InsightRefs(ctx, c.s.db, c.brand, part)
		for _, r := range refs {
			c.since[r.ID] = r.StateSince
		}
		return err
	})
}

// writeSpans puts the runs of the closed days in the place of what was known of them.
func (c *closer) writeSpans(ctx context.Context, from, last clock.Day) error {
	write := func(change *spanChange) error {
		return c.s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return change.write(ctx, tx, c.brand) })
	}
	change := &spanChange{}
	for _, st := range c.states {
		was := c.known[st.AccountID]
		change.compare(was, splice(was, c.runs[st.AccountID], from, last))
		if len(change.gone)+len(change.put) >= chunkRows {
			if err := write(change); err != nil {
				return err
			}
			change = &spanChange{}
		}
	}
	return write(change)
}

// postedDays reads, for accounts that posted after the first of the days, on which days they posted from the time on
// that decides about sleep; the others' last post day is known.
func (c *closer) postedDays(ctx context.Context, days []clock.Day) (map[id.ID][]clock.Day, error) {
	var later []id.ID
	for _, st := range c.states {
		if st.LastPostDay > days[0] {
			later = append(later, st.AccountID)
		}
	}
	out := make(map[id.ID][]clock.Day, len(later))
	err := inChunks(later, chunkAccounts, func(part []id.ID) error {
		var a db.Args
		rows, err := c.s.db.Query(ctx, "SELECT account_id, day FROM insight_account_day WHERE brand_id = "+a.Add(c.brand)+" AND account_id IN "+db.IDList(c.s.db, &a, part)+
			" AND day >= "+a.Add(int64(days[0].Add(-asleepAfterStore)))+" AND posts > 0 AND (source >= 10 OR mask % 2 = 0) ORDER BY account_id, day", a.Values...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var account, day int64
			if err := rows.Scan(&account, &day); err != nil {
				return err
			}
			out[id.ID(account)] = append(out[id.ID(account)], clock.Day(day))
		}
		return rows.Err()
	})
	return out, err
}

// asOf is the account as it was at the end of a day: in its unit of the day, and in the standing that was recorded when
// the day was closed before, else the one known now from the day on since when it holds.
func (c *closer) asOf(st *accountState, day clock.Day, posted map[id.ID][]clock.Day) accountState {
	then := *st
	if day < st.Since && len(c.moves[st.AccountID]) > 0 {
		then.UnitID = id.ID(unitAt(c.moves[st.AccountID], day))
	}
	if sp := spanAt(c.known[st.AccountID], day); sp != nil && sp.from <= c.lastClosed && day <= c.lastClosed {
		then.Counted, then.Abnormal = true, sp.at.bits&bitAbnormal != 0
	} else if since := c.since[st.AccountID]; since != 0 && day < since {
		then.Counted, then.Abnormal = true, false
	}
	if then.LastPostDay > day {
		then.LastPostDay = 0
		for _, d := range posted[st.AccountID] {
			if d <= day {
				then.LastPostDay = d
			}
		}
	}
	if then.CreatedDay > day && then.LastPostDay == 0 {
		then.Counted = false
	}
	return then
}

func (c *closer) closingCounts(ctx context.Context, day clock.Day, posted map[id.ID][]clock.Day) error {
	by := map[countKey]*counts{}
	var units []unitID
	for _, st := range c.states {
		then := c.asOf(st, day, posted)
		bits := contribution(&then, day)
		if bits == 0 {
			continue
		}
		c.runs[st.AccountID] = extend(c.runs[st.AccountID], st.AccountID, day, seat{unitID(then.UnitID), st.Platform, st.Kind, bits &^ bitActive7})
		units = c.paths.above(units[:0], unitID(then.UnitID), day)
		for _, u := range units {
			k := countKey{u, st.Platform, st.Kind}
			if by[k] == nil {
				by[k] = &counts{}
			}
			by[k].add(bits, 1)
		}
	}
	keys := make([]countKey, 0, len(by))
	for k := range by {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b countKey) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.platform, b.platform), cmp.Compare(a.kind, b.kind))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		n := by[k]
		rows[i] = []any{int64(c.brand), int64(k.unit), int64(day), k.platform, k.kind, n.Accounts, n.Active7, n.Active30, n.Asleep, n.Abnormal}
	}
	cols := append([]string{"brand_id", "unit_id", "day", "platform", "account_kind"}, countCols()...)
	return c.replace(ctx, replacement{table: "insight_unit_close", where: "day = " + itoa(int64(day)), cols: cols, rows: rows})
}

// replacement is rows of a table that take the place of those a condition names, of every unit or else league.
type replacement struct {
	table, where string
	byLeague     bool
	cols         []string
	rows         [][]any
}

// replace writes a replacement: in one transaction when it is small, else in pieces (a reader may see the old and new
// mixed for a moment; every row on its own is right).
func (c *closer) replace(ctx context.Context, r replacement) error {
	first := true
	write := func(part [][]any) error {
		return c.s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if first {
				var a db.Args
				var key string
				if r.byLeague {
					key = "league IN " + db.TextList(tx, &a, c.leagues)
				} else {
					key = "unit_id IN " + db.IDList(tx, &a, c.units)
				}
				if _, err := tx.Exec(ctx, "DELETE FROM "+r.table+" WHERE "+key+" AND brand_id = "+a.Add(c.brand)+" AND "+r.where, a.Values...); err != nil {
					return err
				}
			}
			first = false
			return db.Copy(ctx, tx, r.table, r.cols, part)
		})
	}
	if len(r.rows) == 0 {
		return write(nil)
	}
	return inChunks(r.rows, chunkRows, write)
}

// leagueSum is what a league's accounts did.
type leagueSum struct {
	accounts int64
	values   post.Values
}

// peers writes the means of the leagues of one day, and what each unit would have done at them.
func (c *closer) peers(ctx context.Context, day clock.Day) error {
	leagues := map[string]*leagueSum{}
	members := map[unitID]map[string]int64{}
	var units []unitID
	did, err := c.sums(ctx, Period{day, day})
	if err != nil {
		return err
	}
	for _, st := range c.states {
		if !st.Counted || st.League == "" {
			continue
		}
		l := leagues[st.League]
		if l == nil {
			l = &leagueSum{}
			leagues[st.League] = l
		}
		l.accounts++
		if v := did[st.AccountID]; v != nil {
			l.values.Add(v, 1)
		}
		units = c.paths.above(units[:0], unitID(st.UnitID), day)
		for _, u := range units {
			if members[u] == nil {
				members[u] = map[string]int64{}
			}
			members[u][st.League]++
		}
	}
	rows := make([][]any, 0, len(leagues))
	for name, l := range leagues {
		rows = append(rows, valueRow([]any{int64(c.brand), name, int64(day), l.accounts}, &l.values))
	}
	slices.SortFunc(rows, func(a, b []any) int { return cmp.Compare(a[1].(string), b[1].(string)) })
	where := "day = " + itoa(int64(day))
	err = c.replace(ctx, replacement{"insight_league_day", where, true, append([]string{"brand_id", "league", "day", "accounts"}, valueCols()...), rows})
	if err != nil {
		return err
	}
	rows = rows[:0]
	for u, by := range members {
		var v post.Values
		for name, n := range by {
			l := leagues[name]
			for m := range v {
				v[m] += l.values[m] * 1000 * n / l.accounts
			}
		}
		rows = append(rows, valueRow([]any{int64(c.brand), int64(u), int64(day)}, &v))
	}
	slices.SortFunc(rows, func(a, b []any) int { return cmp.Compare(a[1].(int64), b[1].(int64)) })
	return c.replace(ctx, replacement{"insight_unit_peer", where, false, append([]string{"brand_id", "unit_id", "day"}, valueCols()...), rows})
}

// sums reads what every account did in a period, as counted. Accounts that did nothing are left out.
func (c *closer) sums(ctx context.Context, p Period) (map[id.ID]*post.Values, error) {
	out := make(map[id.ID]*post.Values, len(c.states))
	rows, err := c.s.db.Query(ctx, "SELECT a.account_id, "+countedSums()+` FROM insight_account_state a CROSS JOIN insight_account_day f WHERE f.brand_id = a.brand_id AND f.account_id = a.account_id
		AND f.day BETWEEN $1 AND $2 AND a.brand_id = $3 GROUP BY a.account_id`, int64(p.From), int64(p.To), c.brand)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var account int64
		v := &post.Values{}
		if err := rows.Scan(append([]any{&account}, dests(v)...)...); err != nil {
			return nil, err
		}
		out[id.ID(account)] = v
	}
	return out, rows.Err()
}
