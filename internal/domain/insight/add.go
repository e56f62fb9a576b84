package insight

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// unitID is a unit in the store, where 0 stands for the whole brand (an id.ID 0 would be NULL).
type unitID int64

// lockClass and lockShards cut the accounts of all brands into groups that change one transaction at a time.
const (
	lockClass  = 0x696e7369 // "insi"
	lockShards = 64
)

func shardKey(brand id.ID, shard int64) int32 {
	return int32(int64(brand)%(1<<24)*lockShards + shard)
}

func lockAccounts(ctx context.Context, tx *db.Tx, brand id.ID, accounts []id.ID) error {
	var seen [lockShards]bool
	var keys []int32
	for _, a := range accounts {
		if shard := int64(a) >> 3 % lockShards; !seen[shard] {
			seen[shard] = true
			keys = append(keys, shardKey(brand, shard))
		}
	}
	return db.LockKeys(ctx, tx, lockClass, keys)
}

func lockBrand(ctx context.Context, tx *db.Tx, brand id.ID) error {
	keys := make([]int32, lockShards)
	for i := range keys {
		keys[i] = shardKey(brand, int64(i))
	}
	return db.LockKeys(ctx, tx, lockClass, keys)
}

// Add books deltas of one brand (from post.Apply or post.Undo, in the same transaction): facts, cells of every unit
// above as of the fact's day, closed months, and the live counts where an account became active.
func (s *Service) Add(ctx context.Context, tx *db.Tx, deltas []post.Delta) error {
	if len(deltas) == 0 {
		return nil
	}
	w, err := s.add(ctx, newWork(s, tx, deltas[0].BrandID), deltas)
	if err != nil {
		return err
	}
	return w.finish(ctx)
}

// add books deltas into w and writes the facts.
func (s *Service) add(ctx context.Context, w *work, deltas []post.Delta) (*work, error) {
	accounts := accountsOf(deltas)
	if err := lockAccounts(ctx, w.tx, w.brand, accounts); err != nil {
		return nil, err
	}
	states, err := s.ensureStates(ctx, w.tx, w.brand, accounts)
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		if states[account] == nil {
			return nil, errs.New(errs.Invalid, "insight.unknown_account", "account", account.String())
		}
	}
	w.states = states
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	if err := w.loadSpans(ctx, deltas); err != nil {
		return nil, err
	}
	facts, err := loadFacts(ctx, w.tx, w.brand, accounts, deltas)
	if err != nil {
		return nil, err
	}
	return w, w.book(ctx, facts, deltas)
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
	brand  id.ID
	tx     *db.Tx
	s      *Service
	mark   brandMark
	states map[id.ID]*accountState
	spans  map[id.ID][]UnitSpan // accounts with facts from before their present unit
	paths  paths
	units  []unitID // scratch

	cells   map[cellKey]*cell
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

type factKey struct {
	account id.ID
	day     clock.Day
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

// loadSpans reads where accounts were before they came to their present unit, for those with deltas from then.
func (w *work) loadSpans(ctx context.Context, deltas []post.Delta) error {
	var early []id.ID
	for i := range deltas {
		d := &deltas[i]
		if d.Day < w.states[d.AccountID].Since && (len(early) == 0 || early[len(early)-1] != d.AccountID) {
			early = append(early, d.AccountID)
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
func (w *work) book(ctx context.Context, facts map[factKey]*factDay, deltas []post.Delta) error {
	if err := w.loadPaths(ctx, deltas); err != nil {
		return err
	}
	type reach struct {
		last    clock.Day // newest day with posts
		lowered bool      // posts vanished from the day that was newest
	}
	reaches := map[id.ID]*reach{}
	for lo := 0; lo < len(deltas); {
		hi := lo + 1
		for hi < len(deltas) && deltas[hi].AccountID == deltas[lo].AccountID && deltas[hi].Day == deltas[lo].Day {
			hi++
		}
		key := factKey{deltas[lo].AccountID, deltas[lo].Day}
		day := facts[key]
		if day == nil {
			day = &factDay{}
			facts[key] = day
		}
		before := day.counted()
		var asOf clock.Ms
		for i := lo; i < hi; i++ {
			day.apply(&deltas[i])
			asOf = max(asOf, deltas[i].AsOf)
		}
		after := day.counted()
		st := w.states[key.account]
		w.spread(st, place{w.unitOf(st, key.day), key.day, asOf}, &before, &after)
		had, has := total(&before), total(&after)
		if has[post.MPosts] > 0 && key.day > st.LastPostDay || had[post.MPosts] > 0 && has[post.MPosts] <= 0 && key.day == st.LastPostDay {
			r := reaches[key.account]
			if r == nil {
				r = &reach{}
				reaches[key.account] = r
			}
			if has[post.MPosts] > 0 {
				r.last = max(r.last, key.day)
			} else {
				r.lowered = true
			}
		}
		lo = hi
	}
	if err := w.writeFacts(ctx, facts); err != nil {
		return err
	}
	var lowered []id.ID
	for account, r := range reaches {
		if r.lowered && r.last == 0 {
			lowered = append(lowered, account)
			continue
		}
		w.setLastPost(w.states[account], r.last)
	}
	return w.lowerLastPost(ctx, lowered)
}

func total(v *[numClasses]post.Values) (sum post.Values) {
	for c := range v {
		sum.Add(&v[c], 1)
	}
	return sum
}

// place is where and when a fact counts, and how fresh its newest source is.
type place struct {
	unit unitID
	day  clock.Day
	asOf clock.Ms
}

// spread adds after − before of one account and day to the cells of every unit above, and to the closed month.
func (w *work) spread(st *accountState, at place, before, after *[numClasses]post.Values) {
	w.units = w.paths.above(w.units[:0], at.unit, at.day)
	var all post.Values
	for c := range numClasses {
		diff := after[c]
		diff.Add(&before[c], -1)
		if diff.Zero() {
			continue
		}
		all.Add(&diff, 1)
		for _, u := range w.units {
			w.cell(cellKey{u, at.day, st.Platform, st.Kind, int8(c)}).add(&diff, at.asOf)
		}
	}
	w.rollMonth(st.AccountID, at.day, &all)
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
	if err := w.s.foldOrAppend(ctx, w.tx, w.brand, w.cells, w.mark.Rolled); err != nil {
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

func (w *work) lowerLastPost(ctx context.Context, accounts []id.ID) error {
	if len(accounts) == 0 {
		return nil
	}
	slices.Sort(accounts)
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
	for _, account := range accounts {
		w.setLastPost(w.states[account], found[account])
	}
	return nil
}
