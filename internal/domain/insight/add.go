package insight

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/memo"
	"kosmos/internal/domain/post"
)

// unitID is a unit in the store, where 0 stands for the whole brand (an id.ID 0 would be NULL).
type unitID int64

// lockClass is the class of the locks on accounts' facts and states; remembered bounds the accounts kept in memory (150
// bytes each).
const (
	lockClass  = 0x696e7369 // "insi"
	remembered = 150_000
)

// known is what is remembered of an account between batches.
type known struct {
	state accountState
	facts clock.Day // the newest day with facts
}

// Add books deltas of one brand (from post.Apply or post.Undo, in the same transaction): facts, cells of every unit
// above as of the fact's day, closed months, and the live counts where an account became active. Once per transaction,
// and with nothing after it that waits for other accounts: on PostgreSQL it holds the units' own cells until the commit.
func (s *Service) Add(ctx context.Context, tx *db.Tx, deltas []post.Delta) error {
	if len(deltas) == 0 {
		return nil
	}
	w := newWork(s, tx, deltas[0].BrandID)
	w.direct = true
	if _, err := s.add(ctx, w, deltas); err != nil {
		return err
	}
	return w.finish(ctx)
}

// add books deltas into w and writes the facts.
func (s *Service) add(ctx context.Context, w *work, deltas []post.Delta) (*work, error) {
	w.accounts = accountsOf(deltas)
	if err := w.lock(ctx, w.accounts); err != nil {
		return nil, err
	}
	if err := w.ensureStates(ctx); err != nil {
		return nil, err
	}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	days := w.groupDeltas(deltas)
	if err := w.loadSpans(ctx, days); err != nil {
		return nil, err
	}
	if err := w.loadFacts(ctx, days); err != nil {
		return nil, err
	}
	if err := w.book(ctx, days); err != nil {
		return nil, err
	}
	w.remember()
	return w, nil
}

// lock keeps others away from the accounts.
func (w *work) lock(ctx context.Context, accounts []id.ID) (err error) {
	w.hold, err = w.s.known.Lock(ctx, w.tx, w.brand, accounts)
	return err
}

// remember keeps states and newest days in memory for the next batch.
func (w *work) remember() {
	for i, day := range w.newest {
		if day != 0 {
			w.hold.Keep(i, known{*w.states[i], day})
		}
	}
}

func accountsOf(deltas []post.Delta) []id.ID {
	out := make([]id.ID, 0, len(deltas))
	for i := range deltas {
		if n := len(out); n == 0 || out[n-1] != deltas[i].AccountID {
			out = append(out, deltas[i].AccountID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// work is the state of one use case that changes sums; begin and finish frame it.
type work struct {
	brand id.ID
	tx    *db.Tx
	s     *Service
	mark  brandMark
	hold  *memo.Hold[known]
	// direct lets PostgreSQL write the units' own cells at once; see foldOrAppend.
	direct bool
	spans  map[id.ID][]UnitSpan // accounts with facts from before their present unit
	paths  paths
	units  []unitID // scratch

	accounts []id.ID         // whose deltas are booked, in order
	states   []*accountState // of accounts
	newest   []clock.Day     // of accounts: the newest day with facts, 0 when not known

	cells   map[cellKey]*cell
	above   map[cellKey][]*cell // by the cell of the account's own unit
	counts  map[countKey]*counts
	months  map[accountMonth]*post.Values
	past    map[pastKey]struct{}
	late    clock.Day
	changed []*accountState
}

// brandMark is how far the brand is closed.
type brandMark struct {
	Closed clock.Day `db:"closed_day"`
	Rolled int32     `db:"rolled_month"` // writers keep months up to here
	Read   int32     `db:"read_month"`   // readers use months up to here
	Spans  clock.Day `db:"span_day"`     // the first closed day that spans cover
}

type accountMonth struct {
	account id.ID
	month   int32
}

func (w *work) begin(ctx context.Context) error {
	w.paths = paths{}
	var err error
	w.mark, err = readMark(ctx, w.tx, w.brand)
	return err
}

func readMark(ctx context.Context, q db.Querier, brand id.ID) (brandMark, error) {
	m, err := db.One[brandMark](ctx, q, `SELECT closed_day, rolled_month, read_month, span_day FROM insight_brand WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		return brandMark{}, nil
	}
	return m, err
}

// accountDay is one account and day whose figures change.
type accountDay struct {
	n      int // of work.accounts
	st     *accountState
	day    clock.Day
	deltas []post.Delta
	facts  factDay
}

// groupDeltas cuts deltas, which are sorted, by account and day.
func (w *work) groupDeltas(deltas []post.Delta) []accountDay {
	out := make([]accountDay, 0, len(deltas))
	n := 0
	for lo := 0; lo < len(deltas); {
		hi := lo + 1
		for hi < len(deltas) && deltas[hi].AccountID == deltas[lo].AccountID && deltas[hi].Day == deltas[lo].Day {
			hi++
		}
		for w.accounts[n] != deltas[lo].AccountID {
			n++
		}
		out = append(out, accountDay{n: n, st: w.states[n], day: deltas[lo].Day, deltas: deltas[lo:hi]})
		lo = hi
	}
	return out
}

// loadSpans reads where accounts were before they came to their present unit, for those with deltas from then.
func (w *work) loadSpans(ctx context.Context, days []accountDay) error {
	var early []id.ID
	for i := range days {
		if d := &days[i]; d.day < d.st.Since && (len(early) == 0 || early[len(early)-1] != d.st.AccountID) {
			early = append(early, d.st.AccountID)
		}
	}
	return w.readSpans(ctx, early)
}

func (w *work) readSpans(ctx context.Context, accounts []id.ID) error {
	w.spans = map[id.ID][]UnitSpan{}
	if len(accounts) == 0 {
		return nil
	}
	slices.Sort(accounts)
	spans, err := w.s.accounts.InsightSpans(ctx, w.tx, w.brand, slices.Compact(accounts))
	if err != nil {
		return err
	}
	for _, sp := range spans {
		w.spans[sp.AccountID] = append(w.spans[sp.AccountID], sp)
	}
	return nil
}

// unitOf gives the account's unit as of a day.
func (w *work) unitOf(st *accountState, day clock.Day) unitID {
	if day < st.Since {
		if spans := w.spans[st.AccountID]; len(spans) > 0 {
			return unitAt(spans, day)
		}
	}
	return unitID(st.UnitID)
}

// book applies the deltas to the facts and spreads what counts over the cells.
func (w *work) book(ctx context.Context, days []accountDay) error {
	units := make(map[unitID]struct{}, len(w.states)/4)
	for _, st := range w.states {
		units[unitID(st.UnitID)] = struct{}{}
	}
	if err := w.needPaths(ctx, w.spanUnits(units)); err != nil {
		return err
	}
	room := make(factRoom, 0, len(days))
	var lowered []*accountState
	for part := range byAccount(days) {
		st := part[0].st
		var last clock.Day // newest day with posts
		vanished := false  // posts vanished from the day that was newest
		for i := range part {
			d := &part[i]
			had, has := w.bookDay(d, &room)
			switch {
			case has > 0 && d.day > st.LastPostDay:
				last = max(last, d.day)
			case had > 0 && has <= 0 && d.day == st.LastPostDay:
				vanished = true
			}
		}
		switch {
		case last != 0:
			w.setLastPost(st, last)
		case vanished:
			lowered = append(lowered, st)
		}
	}
	if err := w.writeFacts(ctx, days); err != nil {
		return err
	}
	return w.lowerLastPost(ctx, lowered)
}

// bookDay applies a day's deltas and tells how many posts it had and has.
func (w *work) bookDay(d *accountDay, room *factRoom) (had, has int64) {
	before := d.facts.counted()
	var asOf clock.Ms
	for i := range d.deltas {
		d.facts.apply(&d.deltas[i], room)
		asOf = max(asOf, d.deltas[i].AsOf)
	}
	after := d.facts.counted()
	w.spread(d.st, place{w.unitOf(d.st, d.day), d.day, asOf}, &before, &after)
	for c := range numClasses {
		had, has = had+before[c][post.MPosts], has+after[c][post.MPosts]
	}
	return had, has
}

// spanUnits adds the units the accounts were in before.
func (w *work) spanUnits(units map[unitID]struct{}) map[unitID]struct{} {
	for _, spans := range w.spans {
		for _, sp := range spans {
			units[unitID(sp.UnitID)] = struct{}{}
		}
	}
	return units
}

// place is where and when a fact counts, and how fresh its newest source is.
type place struct {
	unit unitID
	day  clock.Day
	asOf clock.Ms
}

// spread adds after − before of one account and day to the cells of every unit above, and to the closed month.
func (w *work) spread(st *accountState, at place, before, after *[numClasses]post.Values) {
	var all post.Values
	for c := range numClasses {
		diff := after[c]
		diff.Add(&before[c], -1)
		if diff.Zero() {
			continue
		}
		all.Add(&diff, 1)
		for _, cell := range w.cellsAbove(cellKey{at.unit, at.day, st.Platform, st.Kind, int8(c)}) {
			cell.add(&diff, at.asOf)
		}
	}
	w.rollMonth(st.AccountID, at.day, &all)
}

// cellsAbove gives the cells that a fact of a unit counts in: those of the units above, its own and the brand's.
func (w *work) cellsAbove(k cellKey) []*cell {
	if cells, ok := w.above[k]; ok {
		return cells
	}
	w.units = w.paths.above(w.units[:0], k.unit, k.day)
	cells := make([]*cell, len(w.units))
	for i, u := range w.units {
		to := k
		to.unit = u
		cells[i] = w.cell(to)
		cells[i].own = cells[i].own || u == k.unit
	}
	w.above[k] = cells
	return cells
}

func (w *work) rollMonth(account id.ID, day clock.Day, diff *post.Values) {
	if diff.Zero() {
		return
	}
	if day <= w.mark.Closed && (w.late == 0 || day < w.late) {
		w.late = day
	}
	if m := monthOf(day); m <= w.mark.Rolled {
		key := accountMonth{account, m}
		if w.months[key] == nil {
			w.months[key] = &post.Values{}
		}
		w.months[key].Add(diff, 1)
	}
}

// finish writes the cells, months, states and counts.
func (w *work) finish(ctx context.Context) error {
	if err := w.s.foldOrAppend(ctx, w.tx, w.brand, w.cells, w.mark.Rolled, w.direct); err != nil {
		return err
	}
	return w.finishRest(ctx)
}

// finishRest writes all but the cells.
func (w *work) finishRest(ctx context.Context) error {
	if err := w.writeMonths(ctx); err != nil {
		return err
	}
	if err := w.writePast(ctx); err != nil {
		return err
	}
	if err := writeStates(ctx, w.tx, w.brand, w.changed); err != nil {
		return err
	}
	if err := writeCounts(ctx, w.tx, w.brand, w.counts); err != nil {
		return err
	}
	if w.late == 0 {
		return nil
	}
	_, err := w.tx.Exec(ctx, `UPDATE insight_brand SET late_day = $1 WHERE brand_id = $2 AND (late_day = 0 OR late_day > $3)`, int64(w.late), w.brand, int64(w.late))
	return err
}

// setLastPost moves an account's last post day and adjusts the live counts.
func (w *work) setLastPost(st *accountState, day clock.Day) {
	if day == st.LastPostDay {
		return
	}
	st.LastPostDay = day
	w.recount(st)
	w.changed = append(w.changed, st)
}

// recount brings the live counts in step with what the account counts as today.
func (w *work) recount(st *accountState) {
	bits := contribution(st, w.s.today())
	if bits == st.Bits {
		return
	}
	w.units = w.paths.above(w.units[:0], unitID(st.UnitID), w.s.today())
	for _, u := range w.units {
		c := w.count(countKey{u, st.Platform, st.Kind})
		c.add(st.Bits, -1)
		c.add(bits, +1)
	}
	st.Bits = bits
}

// lowerLastPost looks for the newest day with posts of accounts that lost the one they had.
func (w *work) lowerLastPost(ctx context.Context, states []*accountState) error {
	if len(states) == 0 {
		return nil
	}
	accounts := make([]id.ID, len(states))
	for i, st := range states {
		accounts[i] = st.AccountID
	}
	var a db.Args
	type last struct {
		Account id.ID     `db:"account_id"`
		Day     clock.Day `db:"day"`
	}
	rows, err := db.All[last](ctx, w.tx, "SELECT account_id, MAX(day) AS day FROM insight_account_day WHERE brand_id = "+a.Add(w.brand)+" AND account_id IN "+
		db.IDList(w.tx, &a, accounts)+" AND posts > 0 AND (source >= 10 OR mask % 2 = 0) GROUP BY account_id", a.Values...)
	if err != nil {
		return err
	}
	found := map[id.ID]clock.Day{}
	for _, r := range rows {
		found[r.Account] = r.Day
	}
	for _, st := range states {
		w.setLastPost(st, found[st.AccountID])
	}
	return nil
}
