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

// accountState is an account as it is counted now.
type accountState struct {
	AccountID   id.ID     `db:"account_id"`
	UnitID      id.ID     `db:"unit_id"`
	Since       clock.Day `db:"since_day"`
	Platform    string    `db:"platform"`
	Kind        string    `db:"account_kind"`
	Counted     bool      `db:"counted"`
	Abnormal    bool      `db:"abnormal"`
	CreatedDay  clock.Day `db:"created_day"`
	LastPostDay clock.Day `db:"last_post_day"`
	League      string    `db:"league"`
	Bits        uint8     `db:"bits"`
	fresh       bool      // no row yet
}

const stateCols = "account_id, unit_id, since_day, platform, account_kind, counted, abnormal, created_day, last_post_day, league, bits"

func (st *accountState) row(brand id.ID) []any {
	return []any{int64(brand), int64(st.AccountID), int64(st.UnitID), int64(st.Since), st.Platform, st.Kind, st.Counted, st.Abnormal, int64(st.CreatedDay), int64(st.LastPostDay), st.League, int64(st.Bits)}
}

func readStates(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]*accountState, error) {
	var a db.Args
	rows, err := q.Query(ctx, "SELECT "+stateCols+" FROM insight_account_state WHERE brand_id = "+a.Add(brand)+" AND "+db.Among(q, &a, "account_id", accounts), a.Values...)
	if err != nil {
		return nil, err
	}
	return scanStates(rows, len(accounts), nil)
}

// scanStates reads rows of stateCols and, with newest, of the newest day with facts.
func scanStates(rows db.Rows, n int, newest map[id.ID]clock.Day) (map[id.ID]*accountState, error) {
	defer func() { _ = rows.Close() }()
	out := make(map[id.ID]*accountState, n)
	var account, unit, since, created, last, bits int64 // plain types: this is read for every account of large batches
	same := map[string]string{}                         // the few different texts, once
	once := func(s *string) {
		if kept, ok := same[*s]; ok {
			*s = kept
		} else {
			same[*s] = *s
		}
	}
	for rows.Next() {
		st := &accountState{}
		var day int64
		dest := []any{&account, &unit, &since, &st.Platform, &st.Kind, &st.Counted, &st.Abnormal, &created, &last, &st.League, &bits, &day}
		if newest == nil {
			dest = dest[:len(dest)-1]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		if newest != nil {
			newest[id.ID(account)] = clock.Day(day)
		}
		once(&st.Platform)
		once(&st.Kind)
		once(&st.League)
		st.AccountID, st.UnitID, st.Bits = id.ID(account), id.ID(unit), uint8(bits)
		st.Since, st.CreatedDay, st.LastPostDay = clock.Day(since), clock.Day(created), clock.Day(last)
		out[st.AccountID] = st
	}
	return out, rows.Err()
}

func writeStates(ctx context.Context, tx *db.Tx, brand id.ID, changed []*accountState) error {
	if len(changed) == 0 {
		return nil
	}
	slices.SortFunc(changed, func(a, b *accountState) int { return cmp.Compare(a.AccountID, b.AccountID) })
	changed = slices.Compact(changed)
	fresh, rows := make([][]any, 0, len(changed)), make([][]any, 0, len(changed))
	for _, st := range changed {
		if st.fresh {
			fresh, st.fresh = append(fresh, st.row(brand)), false
		} else {
			rows = append(rows, st.row(brand))
		}
	}
	cols := []string{"brand_id", "account_id", "unit_id", "since_day", "platform", "account_kind", "counted", "abnormal", "created_day", "last_post_day", "league", "bits"}
	if err := db.Copy(ctx, tx, "insight_account_state", cols, fresh); err != nil {
		return err
	}
	_, err := db.Insert(ctx, tx, "insight_account_state", cols, rows, onConflict("brand_id, account_id", cols[2:], "", ""))
	return err
}

// ensureStates reads the states of the accounts and makes those that insight was never told about.
func (w *work) ensureStates(ctx context.Context) error {
	if err := w.loadStates(ctx); err != nil {
		return err
	}
	var missing []id.ID
	for i, st := range w.states {
		if st == nil {
			missing = append(missing, w.accounts[i])
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if err := w.s.accountsChanged(ctx, w.tx, w.brand, missing); err != nil {
		return err
	}
	made, err := readStates(ctx, w.tx, w.brand, missing)
	if err != nil {
		return err
	}
	for i, st := range w.states {
		if st != nil {
			continue
		}
		if w.states[i], w.newest[i] = made[w.accounts[i]], 0; w.states[i] == nil {
			return errs.New(errs.Invalid, "insight.unknown_account", "account", w.accounts[i].String())
		}
	}
	return nil
}

// loadStates gives the states of the accounts, as remembered or read; nil where there is none.
func (w *work) loadStates(ctx context.Context) error {
	w.states, w.newest = make([]*accountState, len(w.accounts)), make([]clock.Day, len(w.accounts))
	room := make([]accountState, len(w.accounts))
	var ask []id.ID
	for i, account := range w.accounts {
		if k := w.hold.Known(i); k != nil {
			room[i] = k.state
			w.states[i], w.newest[i] = &room[i], k.facts
		} else {
			ask = append(ask, account)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	read, newest, err := readNewest(ctx, w.tx, w.brand, ask)
	for i, account := range w.accounts {
		if w.states[i] == nil && read[account] != nil {
			w.states[i], w.newest[i] = read[account], newest[account]
		}
	}
	return err
}

// noFacts stands for the newest day of an account without facts.
const noFacts = clock.Day(1)

// readNewest reads states, and the newest day with facts of each.
func readNewest(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]*accountState, map[id.ID]clock.Day, error) {
	var a db.Args
	rows, err := q.Query(ctx, "SELECT "+stateCols+", COALESCE((SELECT f.day FROM insight_account_day f WHERE f.brand_id = s.brand_id AND f.account_id = s.account_id ORDER BY f.day DESC LIMIT 1), "+
		itoa(int64(noFacts))+") FROM insight_account_state s WHERE s.brand_id = "+a.Add(brand)+" AND "+db.Among(q, &a, "s.account_id", accounts), a.Values...)
	if err != nil {
		return nil, nil, err
	}
	newest := make(map[id.ID]clock.Day, len(accounts))
	states, err := scanStates(rows, len(accounts), newest)
	return states, newest, err
}

// AccountsChanged brings what insight keeps of accounts in step after they were created, moved, or changed status, kind
// or league, in the same transaction. Facts follow a change of kind, and a move wherever their day lies in the new unit.
func (s *Service) AccountsChanged(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) error {
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if _, err := s.known.Lock(ctx, tx, brand, ids); err != nil { // and forgets what it knew of them
		return err
	}
	return s.accountsChanged(ctx, tx, brand, ids)
}

// AccountsCreated is AccountsChanged for new accounts only, each once, of which the caller tells what they are.
func (s *Service) AccountsCreated(ctx context.Context, tx *db.Tx, brand id.ID, refs []AccountRef) error {
	ids := make([]id.ID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := s.known.Lock(ctx, tx, brand, ids); err != nil {
		return err
	}
	return s.takeOver(ctx, tx, brand, nil, refs)
}

func (s *Service) accountsChanged(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) error {
	refs, err := s.accounts.InsightRefs(ctx, tx, brand, ids)
	if err != nil {
		return err
	}
	old, err := readStates(ctx, tx, brand, ids)
	if err != nil {
		return err
	}
	return s.takeOver(ctx, tx, brand, old, refs)
}

// takeOver takes over what accounts are now and were before; those that were and have no ref are no more.
func (s *Service) takeOver(ctx context.Context, tx *db.Tx, brand id.ID, old map[id.ID]*accountState, refs []AccountRef) error {
	w := newWork(s, tx, brand)
	if err := w.begin(ctx); err != nil {
		return err
	}
	units := map[unitID]struct{}{}
	for _, r := range refs {
		units[unitID(r.UnitID)] = struct{}{}
		if o := old[r.ID]; o != nil {
			units[unitID(o.UnitID)] = struct{}{}
		}
	}
	if err := w.needPaths(ctx, units); err != nil {
		return err
	}
	if err := w.forget(ctx, old, refs); err != nil {
		return err
	}
	var moved []reroll
	for _, r := range refs {
		st := &accountState{AccountID: r.ID, UnitID: r.UnitID, Since: r.Since, Platform: r.Platform, Kind: r.Kind, Counted: r.Counted, Abnormal: r.Abnormal, CreatedDay: r.CreatedDay, League: r.League}
		o := old[r.ID]
		if o != nil {
			st.LastPostDay = o.LastPostDay
			w.uncount(o)
			if o.UnitID != st.UnitID || o.Since != st.Since || o.Kind != st.Kind || o.Platform != st.Platform {
				moved = append(moved, reroll{old: o, now: st})
			}
		}
		w.recount(st)
		st.fresh = o == nil
		if o == nil || *o != *st {
			w.changed = append(w.changed, st)
		}
	}
	if err := w.rerollAccounts(ctx, moved); err != nil {
		return err
	}
	if err := w.restate(ctx, moved); err != nil {
		return err
	}
	return w.finish(ctx)
}

// forget drops the accounts that are no more (a roster import that was undone) from the live counts.
func (w *work) forget(ctx context.Context, old map[id.ID]*accountState, refs []AccountRef) error {
	gone := make(map[id.ID]*accountState, len(old))
	for k, o := range old {
		gone[k] = o
	}
	for _, r := range refs {
		delete(gone, r.ID)
	}
	ids := make([]id.ID, 0, len(gone))
	for k, o := range gone {
		w.uncount(o)
		ids = append(ids, k)
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	if err := w.unclose(ctx, ids); err != nil {
		return err
	}
	var a db.Args
	_, err := w.tx.Exec(ctx, "DELETE FROM insight_account_state WHERE brand_id = "+a.Add(w.brand)+" AND account_id IN "+db.IDList(w.tx, &a, ids), a.Values...)
	return err
}

// uncount takes an account's old contribution out of the live counts.
func (w *work) uncount(o *accountState) {
	if o.Bits == 0 {
		return
	}
	w.units = w.paths.above(w.units[:0], unitID(o.UnitID), w.s.today())
	for _, u := range w.units {
		w.count(countKey{u, o.Platform, o.Kind}).add(o.Bits, -1)
	}
}

// countKey names a row of live counts.
type countKey struct {
	unit     unitID
	platform string
	kind     string
}

// counts are the live counts, or a change of them.
type counts struct {
	Accounts int64 `db:"accounts" json:"accounts"`
	Active7  int64 `db:"active_7" json:"active_7"`
	Active30 int64 `db:"active_30" json:"active_30"`
	Asleep   int64 `db:"asleep_30" json:"asleep_30"`
	Abnormal int64 `db:"abnormal" json:"abnormal"`
}

func (c *counts) add(bits uint8, sign int64) {
	on := func(bit uint8) int64 { return int64((bits&bit)/bit) * sign }
	c.Accounts += on(bitCounted)
	c.Active7 += on(bitActive7)
	c.Active30 += on(bitActive30)
	c.Asleep += on(bitAsleep)
	c.Abnormal += on(bitAbnormal)
}

func (c *counts) plus(o counts) {
	c.Accounts += o.Accounts
	c.Active7 += o.Active7
	c.Active30 += o.Active30
	c.Asleep += o.Asleep
	c.Abnormal += o.Abnormal
}

func (w *work) count(k countKey) *counts {
	c := w.counts[k]
	if c == nil {
		c = &counts{}
		w.counts[k] = c
	}
	return c
}

func countCols() []string {
	return []string{"accounts", "active_7", "active_30", "asleep_30", "abnormal"}
}

func writeCounts(ctx context.Context, tx *db.Tx, brand id.ID, changes map[countKey]*counts) error {
	keys := make([]countKey, 0, len(changes))
	for k, c := range changes {
		if *c != (counts{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b countKey) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.platform, b.platform), cmp.Compare(a.kind, b.kind))
	})
	rows := make([][]any, len(keys))
	for i, k := range keys {
		c := changes[k]
		rows[i] = []any{int64(brand), int64(k.unit), k.platform, k.kind, c.Accounts, c.Active7, c.Active30, c.Asleep, c.Abnormal}
	}
	cols := append([]string{"brand_id", "unit_id", "platform", "account_kind"}, countCols()...)
	_, err := db.Insert(ctx, tx, "insight_unit_count", cols, rows, onConflict("brand_id, unit_id, platform, account_kind", countCols(), "insight_unit_count", ""))
	return err
}
