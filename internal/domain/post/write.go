package post

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// write stores what the plan holds: posts, snapshots, and which accounts the import touched.
func (p *plan) write(ctx context.Context, tx *db.Tx, ids *id.Source) error {
	if err := writePosts(ctx, tx, p.batch.BrandID, p.touched); err != nil {
		return err
	}
	if err := p.writeSnaps(ctx, tx); err != nil {
		return err
	}
	if err := p.writeAccountSnaps(ctx, tx); err != nil {
		return err
	}
	if p.batch.ImportID == 0 || len(p.snaps)+len(p.accountSnaps) == 0 {
		return nil
	}
	accounts, err := json.Marshal(p.accounts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO post_import (brand_id, import_id, id, accounts) VALUES ($1, $2, $3, $4)`,
		p.batch.BrandID, p.batch.ImportID, ids.New(), string(accounts))
	return err
}

func writePosts(ctx context.Context, tx *db.Tx, brand id.ID, records []*record) error {
	slices.SortFunc(records, func(a, b *record) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.ID, b.ID))
	})
	var fresh, known [][]any
	for _, r := range records {
		if r.fresh {
			fresh = append(fresh, r.row(brand))
		} else {
			known = append(known, r.row(brand))
		}
	}
	cols := postColumns()
	if err := db.Copy(ctx, tx, "post_post", cols, fresh); err != nil {
		return err
	}
	_, err := db.Insert(ctx, tx, "post_post", cols, known, replaceAll("brand_id, account_id, id", cols, 3))
	return err
}

func (p *plan) writeSnaps(ctx context.Context, tx *db.Tx) error {
	slices.SortFunc(p.snaps, func(a, b snapRow) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.post, b.post), cmp.Compare(a.asOf, b.asOf))
	})
	var w snapWriter
	for i := range p.snaps {
		w.sees(p.snaps[i].counters, p.snaps[i].extra)
	}
	w.begin(p.batch, len(p.snaps), "brand_id", "account_id", "post_id", "as_of", "learned_at")
	for i := range p.snaps {
		s := &p.snaps[i]
		w.add(s.counters, s.extra, int64(s.account), int64(s.post), int64(s.asOf), int64(s.learnedAt))
	}
	return db.Copy(ctx, tx, "post_snapshot", w.cols, w.rows)
}

func (p *plan) writeAccountSnaps(ctx context.Context, tx *db.Tx) error {
	slices.SortFunc(p.accountSnaps, func(a, b accountSnapRow) int {
		return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.asOf, b.asOf))
	})
	var w snapWriter
	for i := range p.accountSnaps {
		w.sees(p.accountSnaps[i].counters, p.accountSnaps[i].extra)
	}
	w.begin(p.batch, len(p.accountSnaps), "brand_id", "account_id", "as_of", "daily", "learned_at")
	for i := range p.accountSnaps {
		s := &p.accountSnaps[i]
		w.add(s.counters, s.extra, int64(s.account), int64(s.asOf), s.daily, int64(s.learnedAt))
	}
	return db.Copy(ctx, tx, "post_account_snapshot", w.cols, w.rows)
}

// snapWriter lays out rows of snapshots of either kind. Counters that no row tells are left out: most sources tell few,
// and a column costs the same whether it says something or not.
type snapWriter struct {
	told  uint16
	extra bool
	cols  []string
	rows  [][]any
	buf   []any
	brand any
	tail  [3]any // origin, import_id, dead
}

func (w *snapWriter) sees(c Counters, extra string) {
	w.told, w.extra = w.told|c.has, w.extra || extra != ""
}

// begin names the columns; key are those that add is given, after the brand.
func (w *snapWriter) begin(b Batch, rows int, key ...string) {
	w.brand, w.tail = int64(b.BrandID), [3]any{string(b.Origin), nil, false}
	if b.ImportID != 0 {
		w.tail[1] = int64(b.ImportID)
	}
	w.cols = append(key, "origin", "import_id", "dead")
	for c, name := range counterColumns() {
		if w.told&(1<<c) != 0 {
			w.cols = append(w.cols, name)
		}
	}
	if w.extra {
		w.cols = append(w.cols, "extra")
	}
	w.rows, w.buf = make([][]any, 0, rows), make([]any, 0, rows*len(w.cols))
}

func (w *snapWriter) add(c Counters, extra string, key ...any) {
	from := len(w.buf)
	w.buf = append(append(append(w.buf, w.brand), key...), w.tail[:]...)
	for k := range NumCounters {
		if w.told&(1<<k) != 0 {
			w.buf = append(w.buf, nullable(c, k))
		}
	}
	if w.extra {
		w.buf = append(w.buf, text(extra))
	}
	w.rows = append(w.rows, w.buf[from:])
}

// counterColumns names the columns in the order of Counter.
func counterColumns() []string {
	return []string{"impressions", "views", "likes", "comments", "saves", "shares", "followers_gained", "followers", "posts", "lives", "interactions", "leads", "inquiries", "replies"}
}

// accountState is the snapshots of one account that a batch has to look at.
type accountState struct {
	before, after, dead []Snap
	items               map[momentKey]int
}

type momentKey struct {
	asOf  clock.Ms
	daily bool
}

// planAccounts works out the account snapshots of the batch and the days they change.
func (p *plan) planAccounts(ctx context.Context, q db.Querier) error {
	items := p.batch.Accounts
	p.result.AccountOutcomes = make([]Outcome, len(items))
	if len(items) == 0 {
		return nil
	}
	states, err := p.loadAccountStates(ctx, q)
	if err != nil {
		return err
	}
	for i := range items {
		st := states[items[i].AccountID]
		if st.items == nil {
			st.items = map[momentKey]int{}
			st.after = slices.Clone(st.before)
		}
		key := momentKey{items[i].AsOf, items[i].Daily}
		if earlier, twice := st.items[key]; twice {
			p.result.AccountOutcomes[earlier] = Doubled
		}
		st.items[key] = i
	}
	for i := range items {
		if p.result.AccountOutcomes[i] != Doubled {
			p.result.AccountOutcomes[i] = p.speakAccount(states[items[i].AccountID], &items[i])
		}
		p.result.count(p.result.AccountOutcomes[i])
	}
	for account, st := range states {
		if len(st.after) > len(st.before) {
			p.deltas.add(account, BasisAccount, AccountDays(st.before, p.batch.Zone), -1)
			p.deltas.add(account, BasisAccount, AccountDays(st.after, p.batch.Zone), +1)
		}
	}
	return nil
}

func (p *plan) speakAccount(st *accountState, it *AccountItem) Outcome {
	out := Inserted
	if same := momentOf(st.after, it.AsOf, it.Daily); same != nil {
		if covers(*same, it.Counters) {
			return Unchanged
		}
		out = Updated
	}
	snap := Snap{AsOf: it.AsOf, Daily: it.Daily, LearnedAt: freeMoment(slices.Concat(st.after, st.dead), it.AsOf, p.batch.LearnedAt), Class: p.batch.Origin.Class(), Counters: it.Counters}
	st.after = append(st.after, snap)
	p.accountSnaps = append(p.accountSnaps, accountSnapRow{it.AccountID, it.Daily, snap.AsOf, snap.LearnedAt, it.Counters, it.Extra})
	return out
}

// accountNeed is what a batch says about one account: from when on, which counters as states (cumulative) and which as
// day values.
type accountNeed struct {
	first         clock.Ms
	states, daily uint16
}

// stateMask gives the counters of a snapshot that are states.
func stateMask(daily bool, has uint16) uint16 {
	if daily {
		return has & (1 << Followers)
	}
	return has &^ (1 << FollowersGained)
}

// Counters that feed one metric together.
const (
	interactionCounters = 1<<Likes | 1<<Comments | 1<<Saves | 1<<Shares | 1<<Interactions
	followerCounters    = 1<<Followers | 1<<FollowersGained
)

// settledBy tells whether the snapshots read hold all that can matter. What came before cannot change any day when
// every state the batch tells, and every later one of a metric the batch tells, was told on an earlier day already.
func (n *accountNeed) settledBy(snaps []Snap, zone *time.Location) bool {
	day := n.first.Day(zone)
	var earlier, later uint16
	for _, s := range snaps {
		if mask := stateMask(s.Daily, s.Counters.has); s.AsOf.Day(zone) < day {
			earlier |= mask
		} else {
			later |= mask
		}
	}
	told := n.states | n.daily
	if told&interactionCounters != 0 {
		told |= interactionCounters
	}
	if told&followerCounters != 0 {
		told |= followerCounters
	}
	return (n.states|told&later)&^earlier == 0
}

// loadAccountStates reads, per account, the live snapshots from a little before the batch. Most days yesterday's row
// settles it (see settledBy); other accounts are read whole.
func (p *plan) loadAccountStates(ctx context.Context, q db.Querier) (map[id.ID]*accountState, error) {
	needs := make(map[id.ID]*accountNeed, len(p.batch.Accounts))
	states := make(map[id.ID]*accountState, len(p.batch.Accounts))
	var list []id.ID
	since := clock.Ms(0)
	for i := range p.batch.Accounts {
		it := &p.batch.Accounts[i]
		n := needs[it.AccountID]
		if n == nil {
			n = &accountNeed{first: it.AsOf}
			needs[it.AccountID], states[it.AccountID] = n, &accountState{}
			list = append(list, it.AccountID)
		}
		mask := stateMask(it.Daily, it.Counters.has)
		n.first, n.states, n.daily = min(n.first, it.AsOf), n.states|mask, n.daily|it.Counters.has&^mask
		if since == 0 || it.AsOf < since {
			since = it.AsOf
		}
	}
	const day = 24 * 3600 * 1000
	since -= clock.Ms(day + day/2)
	keep := func(account id.ID, s told) {
		st := states[account]
		if s.dead {
			st.dead = append(st.dead, s.Snap)
			return
		}
		st.before = append(st.before, s.Snap)
	}
	if err := loadAccountSnaps(ctx, q, p.batch.BrandID, list, since, keep); err != nil {
		return nil, err
	}
	var whole []id.ID
	for _, a := range list {
		if st := states[a]; !needs[a].settledBy(st.before, p.batch.Zone) {
			st.before, st.dead = nil, nil
			whole = append(whole, a)
		}
	}
	if len(whole) == 0 {
		return states, nil
	}
	return states, loadAccountSnaps(ctx, q, p.batch.BrandID, whole, 0, keep)
}

// loadAccountSnaps reads the snapshots of accounts from a moment on, dead ones too.
func loadAccountSnaps(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, since clock.Ms, fn func(id.ID, told)) error {
	var a db.Args
	tail := " WHERE s.brand_id = " + a.Add(brand) + " AND " + db.Among(q, &a, "s.account_id", accounts) + " AND s.as_of >= " + a.Add(int64(since))
	return eachAccountSnap(ctx, q, tail, &a, fn)
}

// eachAccountSnap reads account snapshots (as s); tail is everything from WHERE on.
func eachAccountSnap(ctx context.Context, q db.Querier, tail string, a *db.Args, fn func(account id.ID, s told)) error {
	rows, err := q.Query(ctx, `SELECT s.account_id, s.as_of, s.daily, s.learned_at, s.origin, s.dead, s.impressions, s.views, s.likes, s.comments, s.saves, s.shares,
		s.followers_gained, s.followers, s.posts, s.lives, s.interactions, s.leads, s.inquiries, s.replies FROM post_account_snapshot s`+tail, a.Values...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var account, asOf, learned int64
	var daily, dead bool
	var origin string
	var v [NumCounters]any // int64 or nil: the cheapest form to scan into
	dest := []any{&account, &asOf, &daily, &learned, &origin, &dead}
	for c := range v {
		dest = append(dest, &v[c])
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		s := Snap{AsOf: clock.Ms(asOf), Daily: daily, LearnedAt: clock.Ms(learned), Class: Origin(origin).Class()}
		for c, x := range v {
			if n, ok := x.(int64); ok {
				s.Counters.Set(Counter(c), n)
			}
		}
		fn(id.ID(account), told{s, Origin(origin), dead})
	}
	return rows.Err()
}
