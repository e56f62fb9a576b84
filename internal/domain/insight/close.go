package insight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Bounds of the day close.
const (
	chunkAccounts = 2000
	chunkRows     = 5000
	// firstCloseDays is how far back the first close of a brand reaches, and of a large one.
	firstCloseDays      = 400
	firstCloseDaysLarge = 35
	largeBrand          = 5000
	// lateDays is how far back late figures re-open closed days.
	lateDays  = 35
	lateEvery = time.Hour
)

// Sweep closes every brand that is due: a day ended, or closed days got late figures an hour ago. It is safe to run at
// any time and from several processes; closing twice gives the same rows.
func (s *Service) Sweep(ctx context.Context) error {
	brands, err := db.All[id.ID](ctx, s.db, `SELECT DISTINCT brand_id FROM insight_unit_count WHERE unit_id = 0`)
	if err != nil {
		return err
	}
	var failed error
	for _, b := range brands {
		if err := errors.Join(s.FinishMoves(ctx, b), s.closeIfDue(ctx, b)); err != nil {
			failed = errors.Join(failed, fmt.Errorf("insight: close of brand %s: %w", b, err))
		}
	}
	return failed
}

type brandRow struct {
	Closed   clock.Day `db:"closed_day"`
	Rolled   int32     `db:"rolled_month"`
	Read     int32     `db:"read_month"`
	Late     clock.Day `db:"late_day"`
	Counted  clock.Day `db:"counted_day"`
	ClosedAt clock.Ms  `db:"closed_at"`
	Spans    clock.Day `db:"span_day"`
}

func (s *Service) readBrand(ctx context.Context, brand id.ID) (brandRow, error) {
	r, err := db.One[brandRow](ctx, s.db, `SELECT closed_day, rolled_month, read_month, late_day, counted_day, closed_at, span_day FROM insight_brand WHERE brand_id = $1`, brand)
	if db.NoRows(err) {
		_, err = s.db.Exec(ctx, `INSERT INTO insight_brand (brand_id, closed_day, rolled_month, read_month, late_day, counted_day, closed_at) VALUES ($1, 0, 0, 0, 0, 0, 0) ON CONFLICT (brand_id) DO NOTHING`, brand)
	}
	return r, err
}

func (s *Service) closeIfDue(ctx context.Context, brand id.ID) error {
	r, err := s.readBrand(ctx, brand)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	late := r.Late != 0 && now.Sub(r.ClosedAt.Time()) >= lateEvery
	if r.Closed >= s.today().Add(-1) && r.Counted == s.today() && !late {
		return nil
	}
	return s.Close(ctx, brand)
}

// Close brings a brand's day-end work up to yesterday: live counts as of today, closing counts, league means and peers
// of every day missed or changed late, the kept windows with their leaders, and months. Days already closed and not
// changed stay as they are.
func (s *Service) Close(ctx context.Context, brand id.ID) error {
	r, err := s.readBrand(ctx, brand)
	if err != nil {
		return err
	}
	if err := s.FoldAll(ctx, brand); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `UPDATE insight_brand SET late_day = 0 WHERE brand_id = $1`, brand); err != nil {
		return err
	}
	today := s.today()
	if err := s.judgeAll(ctx, brand, today); err != nil {
		return err
	}
	c, err := s.loadCloser(ctx, brand)
	if err != nil {
		return err
	}
	days := daysToClose(r, today.Add(-1), c)
	c.lastClosed = r.Closed
	if err := c.closeDays(ctx, days); err != nil {
		return err
	}
	if len(days) > 0 && (r.Spans == 0 || days[0] < r.Spans) {
		r.Spans = days[0]
	}
	if err := c.windows(ctx, today.Add(-1)); err != nil {
		return err
	}
	if err := s.rollMonths(ctx, brand, r, today.Add(-1)); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `UPDATE insight_brand SET closed_day = $1, counted_day = $2, closed_at = $3, span_day = $4 WHERE brand_id = $5`,
		int64(today.Add(-1)), int64(today), int64(clock.MsOf(s.clock.Now())), int64(r.Spans), brand)
	return err
}

// daysToClose lists the days that were missed and those that late figures changed.
func daysToClose(r brandRow, yesterday clock.Day, c *closer) []clock.Day {
	from := r.Closed.Add(1)
	if r.Closed == 0 || r.Spans == 0 { // never, or by a program that kept no spans
		reach := firstCloseDays
		if len(c.states) > largeBrand {
			reach = firstCloseDaysLarge
		}
		from = max(yesterday.Add(1-reach), min(c.firstDay, yesterday))
	}
	if r.Late != 0 {
		from = min(from, max(r.Late, yesterday.Add(1-lateDays)))
	}
	var days []clock.Day
	for d := from; d <= yesterday; d = d.Add(1) {
		days = append(days, d)
	}
	return days
}

// judgeAll judges every account as of today, which puts those to sleep that fell silent.
func (s *Service) judgeAll(ctx context.Context, brand id.ID, today clock.Day) error {
	after := id.ID(0)
	for {
		ids, err := db.All[id.ID](ctx, s.db, `SELECT account_id FROM insight_account_state WHERE brand_id = $1 AND account_id > $2 ORDER BY account_id LIMIT $3`, brand, int64(after), chunkAccounts)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.judge(ctx, tx, brand, ids) })
		if err != nil {
			return err
		}
	}
}

func (s *Service) judge(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) error {
	w := newWork(s, tx, brand)
	w.accounts = ids
	if err := w.lock(ctx, ids); err != nil {
		return err
	}
	if err := w.loadStates(ctx); err != nil {
		return err
	}
	if err := w.begin(ctx); err != nil {
		return err
	}
	units := map[unitID]struct{}{}
	for _, st := range w.states {
		if st != nil {
			units[unitID(st.UnitID)] = struct{}{}
		}
	}
	if err := w.needPaths(ctx, units); err != nil {
		return err
	}
	for i, st := range w.states {
		if st == nil {
			continue
		}
		if w.hold.Known(i) == nil {
			w.newest[i] = 0 // the nightly close shall not fill the memory with accounts that nobody brings figures of
		}
		was := st.Bits
		if w.recount(st); st.Bits != was {
			w.changed = append(w.changed, st)
		}
	}
	w.remember()
	return w.finish(ctx)
}

// closer is a brand as the close reads it: every account and the tree.
type closer struct {
	s          *Service
	brand      id.ID
	states     []*accountState // by account id
	paths      paths
	firstDay   clock.Day
	lastClosed clock.Day            // as of the close before
	units      []int64              // every unit there is or was, and 0
	known      map[id.ID][]span     // of the days to be closed and the day before
	runs       map[id.ID][]span     // of the days that were closed
	moves      map[id.ID][]UnitSpan // of accounts that came to their unit after the first of the days
	since      map[id.ID]clock.Day  // from when on an abnormal or ended account is so
	leagues    []string             // every league there is or was
}

func (s *Service) loadCloser(ctx context.Context, brand id.ID) (*closer, error) {
	c := &closer{s: s, brand: brand, paths: paths{}}
	rows, err := s.db.Query(ctx, "SELECT "+stateCols+" FROM insight_account_state WHERE brand_id = $1", brand)
	if err != nil {
		return nil, err
	}
	states, err := scanStates(rows, 1024, nil)
	if err != nil {
		return nil, err
	}
	for _, st := range states {
		c.states = append(c.states, st)
	}
	slices.SortFunc(c.states, func(a, b *accountState) int { return int(a.AccountID - b.AccountID) })
	spans, err := db.All[pathRow](ctx, s.db, `SELECT unit_id, ancestor_id, from_day, to_day FROM insight_path WHERE brand_id = $1`, brand)
	if err != nil {
		return nil, err
	}
	for _, p := range spans {
		c.paths[unitID(p.Unit)] = append(c.paths[unitID(p.Unit)], ClosureSpan{p.Unit, p.Ancestor, p.From, p.To})
	}
	if err := c.loadKeys(ctx); err != nil {
		return nil, err
	}
	first, err := db.One[int64](ctx, s.db, `SELECT CAST(COALESCE(MIN(day), 0) AS BIGINT) FROM insight_unit_day WHERE brand_id = $1 AND unit_id = 0`, brand)
	c.firstDay = clock.Day(first)
	if first == 0 {
		c.firstDay = s.today()
	}
	return c, err
}

// loadKeys lists what the day tables are keyed by, so that a day is replaced key by key, not by looking at every row.
func (c *closer) loadKeys(ctx context.Context) error {
	units := map[unitID]struct{}{0: {}}
	for _, spans := range c.paths {
		for _, sp := range spans {
			units[unitID(sp.UnitID)], units[unitID(sp.AncestorID)] = struct{}{}, struct{}{}
		}
	}
	for _, st := range c.states {
		units[unitID(st.UnitID)] = struct{}{}
		c.leagues = append(c.leagues, st.League)
	}
	for _, u := range sortedUnits(units) {
		c.units = append(c.units, int64(u))
	}
	known, err := db.All[string](ctx, c.s.db, `SELECT DISTINCT league FROM insight_league_day WHERE brand_id = $1`, c.brand)
	c.leagues = append(c.leagues, known...)
	slices.Sort(c.leagues)
	c.leagues = slices.Compact(c.leagues)
	return err
}

type pathRow struct {
	Unit     id.ID     `db:"unit_id"`
	Ancestor id.ID     `db:"ancestor_id"`
	From     clock.Day `db:"from_day"`
	To       clock.Day `db:"to_day"`
}

// inChunks calls fn with runs of at most size elements.
func inChunks[T any](list []T, size int, fn func([]T) error) error {
	for part := range slices.Chunk(list, size) {
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}
