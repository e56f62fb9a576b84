package post

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// accountState is the snapshots of one account that a batch has to look at.
type accountState struct {
	at    int   // where the account stands in plan.accounts
	items []int // of the batch, in the order given
	need  accountNeed
	snaps []Snap // live, those of the batch last
	had   int    // how many of snaps were there before
	dead  []Snap
}

// planAccounts works out the account snapshots of the batch and the days they change.
func (p *plan) planAccounts(ctx context.Context, q db.Querier) error {
	items := p.batch.Accounts
	p.result.AccountOutcomes = make([]Outcome, len(items))
	if len(items) == 0 {
		return nil
	}
	p.states = p.groupItems()
	if err := p.loadAccountStates(ctx, q); err != nil {
		return err
	}
	p.accountSnaps = make([]accountSnapRow, 0, len(items))
	before, after := &accountBook{cal: p.cal}, &accountBook{cal: p.cal}
	for n := range p.states {
		st := &p.states[n]
		st.had = len(st.snaps)
		if len(st.snaps)+len(st.dead) == 0 {
			p.strangers = append(p.strangers, p.accounts[st.at])
		}
		p.markDoubled(st)
		for _, i := range st.items {
			if p.result.AccountOutcomes[i] != Doubled {
				p.result.AccountOutcomes[i] = p.speakAccount(st, &items[i])
			}
		}
		if len(st.snaps) > st.had {
			p.deltas.change(p.accounts[st.at], BasisAccount, before.days(st.snaps[:st.had]), after.days(st.snaps))
		}
	}
	for _, o := range p.result.AccountOutcomes {
		p.result.count(o)
	}
	return nil
}

// groupItems gathers the account items by account.
func (p *plan) groupItems() []accountState {
	items := p.batch.Accounts
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	byAccount := func(a, b int) int { return cmp.Compare(items[a].AccountID, items[b].AccountID) }
	if !slices.IsSortedFunc(order, byAccount) {
		slices.SortStableFunc(order, byAccount)
	}
	states := make([]accountState, 0, len(p.accounts))
	room := make([]Snap, 2*len(p.accounts)) // enough for one known and one new snapshot of each
	at := 0
	for lo := 0; lo < len(order); {
		account := items[order[lo]].AccountID
		hi := lo + 1
		for hi < len(order) && items[order[hi]].AccountID == account {
			hi++
		}
		for p.accounts[at] != account {
			at++
		}
		st := accountState{at: at, items: order[lo:hi], snaps: room[2*at : 2*at : 2*at+2]}
		for _, i := range st.items {
			st.need.add(&items[i])
		}
		states = append(states, st)
		lo = hi
	}
	return states
}

// markDoubled finds the items that say something of a moment that a later item of the batch speaks of again.
func (p *plan) markDoubled(st *accountState) {
	if len(st.items) == 1 {
		return
	}
	type moment struct {
		asOf  clock.Ms
		daily bool
	}
	last := make(map[moment]int, len(st.items))
	for _, i := range st.items {
		key := moment{p.batch.Accounts[i].AsOf, p.batch.Accounts[i].Daily}
		if earlier, twice := last[key]; twice {
			p.result.AccountOutcomes[earlier] = Doubled
		}
		last[key] = i
	}
}

func (p *plan) speakAccount(st *accountState, it *AccountItem) Outcome {
	out := Inserted
	if same := momentOf(st.snaps, it.AsOf, it.Daily); same != nil {
		if covers(*same, it.Counters) {
			return Unchanged
		}
		out = Updated
	}
	snap := Snap{AsOf: it.AsOf, Daily: it.Daily, LearnedAt: freeMoment(st.snaps, st.dead, it.AsOf, p.batch.LearnedAt), Class: p.batch.Origin.Class(), Counters: it.Counters}
	st.snaps = append(st.snaps, snap)
	p.accountSnaps = append(p.accountSnaps, accountSnapRow{it.AccountID, it.Daily, snap.AsOf, snap.LearnedAt, it.Counters, it.Extra})
	return out
}

// accountNeed is what a batch says about one account: from when on, which counters as states (cumulative) and which as
// day values.
type accountNeed struct {
	first         clock.Ms
	states, daily uint16
}

func (n *accountNeed) add(it *AccountItem) {
	mask := stateMask(it.Daily, it.Counters.has)
	if n.first == 0 || it.AsOf < n.first {
		n.first = it.AsOf
	}
	n.states, n.daily = n.states|mask, n.daily|it.Counters.has&^mask
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

// settledBy tells whether the snapshots read, which are all from some moment on, hold all that can matter. What came
// before cannot change any day when every state the batch tells, and every later one of a metric the batch tells, was
// told on an earlier day already.
func (n *accountNeed) settledBy(snaps []Snap, cal *calendar) bool {
	day := cal.day(n.first)
	var earlier, later uint16
	for i := range snaps {
		s := &snaps[i]
		if mask := stateMask(s.Daily, s.Counters.has); cal.day(s.AsOf) < day {
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

// tail is the newest snapshot of an account, alone of its moment; nothing is known of later ones, dead or alive.
type tail struct {
	asOf, learnedAt clock.Ms
	counters        Counters
	class           Class
	daily           bool
}

func (t *tail) snap() Snap {
	return Snap{AsOf: t.asOf, LearnedAt: t.learnedAt, Class: t.class, Daily: t.daily, Counters: t.counters}
}

// tail gives the newest snapshot, false when it does not stand alone.
func (st *accountState) tail() (t tail, ok bool) {
	alone := false
	for i := range st.snaps {
		s := &st.snaps[i]
		switch {
		case s.AsOf > t.asOf:
			t, alone = tail{s.AsOf, s.LearnedAt, s.Counters, s.Class, s.Daily}, true
		case s.AsOf == t.asOf:
			alone = false
		}
	}
	for i := range st.dead {
		alone = alone && st.dead[i].AsOf < t.asOf
	}
	return t, alone
}

// remember keeps the newest snapshots in memory for the next batch.
func (p *plan) remember() {
	p.hold.KeepAll()
	for n := range p.states {
		st := &p.states[n]
		if t, ok := st.tail(); ok {
			p.hold.Keep(st.at, t)
		} else {
			p.hold.Drop(st.at)
		}
	}
}

// loadAccountStates gives every state the live snapshots it needs: the newest one as remembered, else those from a
// little before the batch. Most days that settles it (see settledBy); other accounts are read whole.
func (p *plan) loadAccountStates(ctx context.Context, q db.Querier) error {
	var ask []*accountState
	since := clock.Ms(0)
	for n := range p.states {
		st := &p.states[n]
		if p.recall(st) {
			continue
		}
		ask = append(ask, st)
		if since == 0 || st.need.first < since {
			since = st.need.first
		}
	}
	const day = 24 * 3600 * 1000
	if err := p.readStates(ctx, q, ask, since-clock.Ms(day+day/2)); err != nil {
		return err
	}
	var whole []*accountState
	for _, st := range ask {
		if !st.need.settledBy(st.snaps, p.cal) {
			st.snaps, st.dead = st.snaps[:0], nil
			whole = append(whole, st)
		}
	}
	return p.readStates(ctx, q, whole, 0)
}

// recall takes an account's newest snapshot from memory, if it is all that the batch needs.
func (p *plan) recall(st *accountState) bool {
	if p.hold == nil {
		return false
	}
	t := p.hold.Known(st.at)
	if t == nil || st.need.first <= t.asOf {
		return false
	}
	st.snaps = append(st.snaps, t.snap())
	if st.need.settledBy(st.snaps, p.cal) {
		return true
	}
	st.snaps = st.snaps[:0]
	return false
}

func (p *plan) readStates(ctx context.Context, q db.Querier, states []*accountState, since clock.Ms) error {
	if len(states) == 0 {
		return nil
	}
	by := make(map[id.ID]*accountState, len(states))
	list := make([]id.ID, len(states))
	for i, st := range states {
		list[i] = p.accounts[st.at]
		by[list[i]] = st
	}
	return loadAccountSnaps(ctx, q, p.batch.BrandID, list, since, func(account id.ID, s told) {
		st := by[account]
		if s.dead {
			st.dead = append(st.dead, s.Snap)
			return
		}
		st.snaps = append(st.snaps, s.Snap)
	})
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
