package post

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Loss is a sudden loss of an account on a day: posts that are gone, or counters of several posts that fell. Before and
// After are posts, or the sum of the fallen counters.
type Loss struct {
	AccountID     id.ID
	Day           clock.Day
	Before, After int64
}

// LossRow is one line behind a loss: a post that is gone (After 0), a counter of a post that fell, or a count of the
// account itself (no PostID).
type LossRow struct {
	PostID        id.ID
	Title         string
	PublishedAt   clock.Ms
	Counter       string // slug of what fell; "posts" for a post that is gone
	AsOf          clock.Ms
	Before, After *int64
}

// Limits say from when on a loss is worth an alert.
type Limits struct {
	Posts   int // this many posts gone at once …
	Percent int // … and at least this share of the account's posts
	Fallen  int // this many posts with a counter that fell at once
}

// listPosts is how many posts an export tells at one moment, at least, to be taken for the account's list.
const listPosts = 5

// gone is a post that disappeared, on the day it was noticed.
type gone struct {
	Post
	day clock.Day
}

// MassDeletions lists, for ≤ 1,000 accounts, the days since a day on which several posts went: a source marked them as
// taken down, a later list of the same account leaves them out although it covers their days and form, or the account's
// own total of posts fell.
func (s *Service) MassDeletions(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Day, limits Limits) ([]Loss, error) {
	lost, kept, err := s.lostPosts(ctx, q, brand, ids, since)
	if err != nil {
		return nil, err
	}
	byDay := map[Loss]int64{}
	for _, g := range lost {
		byDay[Loss{AccountID: g.AccountID, Day: g.day}]++
	}
	var out []Loss
	for at, n := range byDay {
		at.Before = kept[at.AccountID] + n
		at.After = at.Before - n
		if n >= int64(limits.Posts) && n*100 >= at.Before*int64(limits.Percent) {
			out = append(out, at)
		}
	}
	totals, err := postTotals(ctx, q, brand, ids, since)
	if err != nil {
		return nil, err
	}
	for _, t := range totals {
		n := t.Before - t.After
		if n >= int64(limits.Posts) && n*100 >= t.Before*int64(limits.Percent) && !slices.ContainsFunc(out, func(l Loss) bool { return l.AccountID == t.AccountID && l.Day == t.Day }) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b Loss) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Day, b.Day))
	})
	return out, nil
}

// lostPosts finds the posts that went since a day, and how many posts each account still has.
func (s *Service) lostPosts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Day) ([]gone, map[id.ID]int64, error) {
	var a db.Args
	where := "p.brand_id = " + a.Add(brand) + " AND p.account_id IN " + db.IDList(q, &a, ids) + " AND p.status <> 'gone'"
	by := map[id.ID][]Post{}
	var lost []gone
	kept := map[id.ID]int64{}
	err := eachPost(ctx, q, "SELECT "+postCols+" FROM post_post p WHERE "+where, &a, func(p Post) error {
		switch {
		case p.Status == Deleted && p.DeletedDay >= since:
			lost = append(lost, gone{p, p.DeletedDay})
		case p.Status == Live:
			kept[p.AccountID]++
			if p.Origin == Export || p.Origin == API {
				by[p.AccountID] = append(by[p.AccountID], p)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var suspects []id.ID
	for account, posts := range by {
		if _, out := leftOut(posts, newestList(posts)); len(out) > 0 {
			suspects = append(suspects, account)
		}
	}
	slices.Sort(suspects)
	lists, err := listsOf(ctx, q, brand, suspects, since.Add(-45))
	if err != nil {
		return nil, nil, err
	}
	for _, account := range suspects {
		for _, g := range vanished(by[account], lists[account]) {
			if g.day >= since {
				lost = append(lost, g)
				kept[account]--
			}
		}
	}
	return lost, kept, nil
}

// newestList gives the newest moment at which enough posts were told at once to be a list; 0 when there is none.
func newestList(posts []Post) (at clock.Ms) {
	n := map[clock.Ms]int{}
	for i := range posts {
		if n[posts[i].AsOf]++; n[posts[i].AsOf] >= listPosts {
			at = max(at, posts[i].AsOf)
		}
	}
	return at
}

// leftOut lists the posts that a list does not tell any more although it covers them: published between its first and
// last post, and of a form that it tells. told are those it does tell.
func leftOut(posts []Post, at clock.Ms) (told, out []Post) {
	if at == 0 {
		return nil, nil
	}
	var lo, hi clock.Ms
	kinds := map[string]bool{}
	for i := range posts {
		if p := &posts[i]; p.AsOf == at {
			told = append(told, *p)
			kinds[p.Kind] = true
			if lo == 0 || p.PublishedAt < lo {
				lo = p.PublishedAt
			}
			hi = max(hi, p.PublishedAt)
		}
	}
	for i := range posts {
		if p := &posts[i]; p.AsOf < at && p.PublishedAt > lo && p.PublishedAt < hi && kinds[p.Kind] {
			out = append(out, *p)
		}
	}
	return told, out
}

// vanished dates the posts that the newest list leaves out: the first of the lists after the one that told them last.
// Only what a list told before can vanish from the next.
func vanished(posts []Post, lists []clock.Ms) (out []gone) {
	_, missing := leftOut(posts, newestList(posts))
	for _, p := range missing {
		if i, ok := slices.BinarySearch(lists, p.AsOf); ok && i+1 < len(lists) {
			out = append(out, gone{p, lists[i+1].Day(clock.Shanghai())})
		}
	}
	return out
}

// listsOf reads, in order, the moments of the accounts' lists since a day.
func listsOf(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Day) (map[id.ID][]clock.Ms, error) {
	out := map[id.ID][]clock.Ms{}
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	type row struct {
		AccountID id.ID    `db:"account_id"`
		AsOf      clock.Ms `db:"as_of"`
	}
	rows, err := db.All[row](ctx, q, "SELECT account_id, as_of FROM post_snapshot WHERE brand_id = "+a.Add(brand)+" AND account_id IN "+db.IDList(q, &a, ids)+
		" AND as_of >= "+a.Add(clock.MsOf(since.In(clock.Shanghai())))+" AND NOT dead AND origin IN ('export', 'api') GROUP BY account_id, as_of HAVING COUNT(*) >= "+a.Add(listPosts)+" ORDER BY account_id, as_of", a.Values...)
	for _, r := range rows {
		out[r.AccountID] = append(out[r.AccountID], r.AsOf)
	}
	return out, err
}

// postTotals lists the falls of the accounts' own total of posts.
func postTotals(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Day) ([]Loss, error) {
	from := clock.MsOf(since.In(clock.Shanghai()))
	var a db.Args
	type row struct {
		AccountID id.ID    `db:"account_id"`
		AsOf      clock.Ms `db:"as_of"`
		Before    int64    `db:"before_value"`
		After     int64    `db:"after_value"`
	}
	rows, err := db.All[row](ctx, q, `SELECT account_id, as_of, before_value, after_value FROM (SELECT account_id, as_of, posts AS after_value,
		LAG(posts) OVER (PARTITION BY account_id ORDER BY as_of, learned_at) AS before_value FROM post_account_snapshot
		WHERE brand_id = `+a.Add(brand)+` AND account_id IN `+db.IDList(q, &a, ids)+` AND NOT dead AND NOT daily AND posts IS NOT NULL AND as_of >= `+a.Add(int64(from)-45*86400000)+`) f
		WHERE as_of >= `+a.Add(int64(from))+` AND before_value > after_value ORDER BY account_id, as_of`, a.Values...)
	out := make([]Loss, len(rows))
	for i, r := range rows {
		out[i] = Loss{r.AccountID, r.AsOf.Day(clock.Shanghai()), r.Before, r.After}
	}
	return out, err
}

// CounterBursts lists, for ≤ 1,000 accounts, the days since a day on which counters of several posts fell at once.
func (s *Service) CounterBursts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Day, limits Limits) ([]Loss, error) {
	rows, err := fallenCounters(ctx, q, brand, ids, since)
	if err != nil {
		return nil, err
	}
	type sum struct {
		Loss
		posts map[id.ID]bool
	}
	by := map[Loss]*sum{}
	for _, r := range rows {
		key := Loss{AccountID: r.account, Day: r.AsOf.Day(clock.Shanghai())}
		x := by[key]
		if x == nil {
			x = &sum{key, map[id.ID]bool{}}
			by[key] = x
		}
		x.posts[r.PostID] = true
		x.Before, x.After = x.Before+*r.Before, x.After+*r.After
	}
	var out []Loss
	for _, x := range by {
		if len(x.posts) >= limits.Fallen {
			out = append(out, x.Loss)
		}
	}
	slices.SortFunc(out, func(a, b Loss) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Day, b.Day))
	})
	return out, nil
}

// fallen is a counter of a post that fell from one snapshot to the next.
type fallen struct {
	LossRow
	account id.ID
}

func fallenCounters(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, since clock.Day) ([]fallen, error) {
	from := clock.MsOf(since.In(clock.Shanghai()))
	var a db.Args
	where := "p.brand_id = " + a.Add(brand) + " AND p.account_id IN " + db.IDList(q, &a, ids) + " AND p.status <> 'gone' AND p.fell > 0 AND p.as_of >= " + a.Add(int64(from))
	var records []*record
	if err := eachRecord(ctx, q, where, &a, func(r *record) error {
		records = append(records, r)
		return nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(records, func(a, b *record) int { return cmp.Compare(a.ID, b.ID) })
	var out []fallen
	err := inRuns(records, 1000, func(part []*record) error {
		if err := loadSnaps(ctx, q, brand, part); err != nil {
			return err
		}
		for _, r := range part {
			out = append(out, fallsOf(r, from)...)
		}
		return nil
	})
	return out, err
}

func fallsOf(r *record, from clock.Ms) (out []fallen) {
	var last Counters
	for _, s := range Fold(r.before) {
		for c := Views; c < NumPostCounters; c++ {
			v, ok := s.Counters.Get(c)
			if !ok {
				continue
			}
			if before, known := last.Get(c); known && v < before && s.AsOf >= from {
				out = append(out, fallen{LossRow{r.ID, r.Title, r.PublishedAt, counterSlugs()[c], s.AsOf, &before, &v}, r.AccountID})
			}
			last.Set(c, v)
		}
	}
	return out
}

func inRuns[T any](list []T, size int, fn func([]T) error) error {
	for part := range slices.Chunk(list, size) {
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

// DeletedRows lists the posts of an account that went on a day, and the falls of its own total.
func (s *Service) DeletedRows(ctx context.Context, q db.Querier, brand, account id.ID, day clock.Day) ([]LossRow, error) {
	lost, _, err := s.lostPosts(ctx, q, brand, []id.ID{account}, day)
	if err != nil {
		return nil, err
	}
	var out []LossRow
	for _, g := range lost {
		if g.day == day {
			out = append(out, LossRow{g.ID, g.Title, g.PublishedAt, "posts", g.AsOf, known(g.Counters, Views), nil})
		}
	}
	totals, err := postTotals(ctx, q, brand, []id.ID{account}, day)
	for _, t := range totals {
		if t.Day == day {
			out = append(out, LossRow{Counter: "posts", AsOf: clock.MsOf(day.In(clock.Shanghai())), Before: &t.Before, After: &t.After})
		}
	}
	slices.SortFunc(out, func(a, b LossRow) int {
		return cmp.Or(cmp.Compare(b.PublishedAt, a.PublishedAt), cmp.Compare(a.PostID, b.PostID))
	})
	return out, err
}

// FallenRows lists the counters of an account's posts that fell on a day, the deepest falls first.
func (s *Service) FallenRows(ctx context.Context, q db.Querier, brand, account id.ID, day clock.Day) ([]LossRow, error) {
	rows, err := fallenCounters(ctx, q, brand, []id.ID{account}, day)
	var out []LossRow
	for _, r := range rows {
		if r.AsOf.Day(clock.Shanghai()) == day {
			out = append(out, r.LossRow)
		}
	}
	slices.SortFunc(out, func(a, b LossRow) int {
		return cmp.Or(cmp.Compare(*a.After-*a.Before, *b.After-*b.Before), cmp.Compare(a.PostID, b.PostID))
	})
	return out, err
}

// FollowerRows lists an account's follower counts around a day, newest first: what was counted, beside the count before.
func (s *Service) FollowerRows(ctx context.Context, q db.Querier, brand, account id.ID, day clock.Day) ([]LossRow, error) {
	levels, err := s.FollowerHistory(ctx, q, brand, account, day.Add(-60), day.Add(30))
	var out []LossRow
	for i, l := range levels {
		row := LossRow{Counter: "followers", AsOf: l.AsOf, After: &levels[i].Followers}
		if i > 0 {
			row.Before = &levels[i-1].Followers
		}
		out = append(out, row)
	}
	slices.Reverse(out)
	return out, err
}

// Level is how many followers an account had at a moment.
type Level struct {
	AsOf      clock.Ms
	Origin    Origin
	Followers int64
}

// FollowerHistory gives an account's follower counts of some days, in order; of several at one moment the one learned
// last.
func (s *Service) FollowerHistory(ctx context.Context, q db.Querier, brand, account id.ID, from, to clock.Day) ([]Level, error) {
	type row struct {
		AsOf      clock.Ms `db:"as_of"`
		Origin    string   `db:"origin"`
		Followers int64    `db:"followers"`
	}
	zone := clock.Shanghai()
	rows, err := db.All[row](ctx, q, `SELECT as_of, origin, followers FROM post_account_snapshot WHERE brand_id = $1 AND account_id = $2 AND as_of >= $3 AND as_of < $4
		AND NOT dead AND followers IS NOT NULL ORDER BY as_of, learned_at`, brand, account, clock.MsOf(from.In(zone)), clock.MsOf(to.Add(1).In(zone)))
	var out []Level
	for _, r := range rows {
		l := Level{r.AsOf, Origin(r.Origin), r.Followers}
		if n := len(out); n > 0 && out[n-1].AsOf == l.AsOf {
			out[n-1] = l
			continue
		}
		out = append(out, l)
	}
	return out, err
}
