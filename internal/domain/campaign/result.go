package campaign

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/proof"
)

// curveDays is how long the hashtag curve is.
const curveDays = 15

// Sum adds posts up: Told of them have figures; Views and Interactions are nil when none has.
type Sum struct {
	Posts, Told         int64
	Views, Interactions *int64
}

func (s *Sum) add(p *Post) {
	s.Posts++
	if p.Views != nil || p.Interactions != nil {
		s.Told++
	}
	s.Views, s.Interactions = plus(s.Views, p.Views), plus(s.Interactions, p.Interactions)
}

// plus adds what is known.
func plus(a, b *int64) *int64 {
	if b == nil {
		return a
	}
	n := *b
	if a != nil {
		n += *a
	}
	return &n
}

// UnitResult is what a unit brought.
type UnitResult struct {
	Unit   Unit
	Counts Counts
	Sum    Sum
}

// CurveDay is a day of the hashtag curve.
type CurveDay struct {
	Day                 clock.Day
	Posts               int64
	Views, Interactions *int64
}

// Group compares days of accounts with as many days before: sums, nil when no source told.
type Group struct {
	Accounts            int64
	Days                int
	Before, During      Figure
	toldBefore, toldNow bool
}

// Fans is how followers of some accounts moved; nil when nobody told at both ends.
type Fans struct {
	Accounts   int64
	Start, End *int64
}

// Result is what a campaign brought, for a unit.
type Result struct {
	Title             string
	Unit              Unit
	Counts            Counts
	People, TookPart  int64
	Units, UnitsPart  int64
	Target            Target
	Sum               Sum
	Official, Dealers Sum
	Curve             []CurveDay
	ByUnit            []UnitResult
	Best              []Post
	Names             map[id.ID]Label // accounts of Best and Posts
	Participants      Group
	Others            Group
	OfficialFans      Fans
	MatrixFans        Fans
	CostFen           *int64
	AsOf              clock.Ms
	Lessons           string
	posts             []Post
	from, to          clock.Ms
}

// resulting gathers a result.
type resulting struct {
	s     *Service
	actor authz.Actor
	row   *row
	plan  *Plan
	scope authz.Scope
	out   *Result
	took  []id.ID // accounts that took part
	away  []id.ID // accounts with a task that did not
}

// Results tells what a campaign brought within a unit: figures of the posts that passed, the curve of its hashtags, and how those
// who took part compare with the days before and with those who did not. Errors: campaign.gone, those of Scope.
func (s *Service) Results(ctx context.Context, actor authz.Actor, campaign id.ID, unit string) (*Result, error) {
	r, _, err := s.visible(ctx, s.DB, actor, permRead, campaign)
	if err != nil {
		return nil, err
	}
	board, err := s.Board(ctx, actor, campaign, unit)
	if err != nil {
		return nil, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return nil, err
	}
	plan := &r.plan
	if r.Version > 0 {
		if plan, err = sentPlan(ctx, s.DB, actor.BrandID, campaign, r.Version); err != nil {
			return nil, err
		}
	}
	x := &resulting{s: s, actor: actor, row: r, plan: plan, scope: scope, out: &Result{
		Title: plan.Title, Unit: board.Unit, Counts: board.Counts, Target: plan.Target, Lessons: r.Lessons, Names: map[id.ID]Label{}, from: plan.StartsAt, to: min(plan.EndsAt, s.now()),
	}}
	for _, step := range []func(context.Context) error{x.people, x.passed, x.tagged, x.groups, x.fans, x.cost} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return x.out, x.units(ctx, board)
}

// people counts who took part, and which accounts did and did not.
func (x *resulting) people(ctx context.Context) error {
	var a db.Args
	type person struct {
		Member  id.ID `db:"member_id"`
		Account id.ID `db:"account_id"`
		Unit    id.ID `db:"unit_id"`
		Done    int64 `db:"done"`
	}
	rows, err := db.All[person](ctx, x.s.DB, `SELECT member_id, account_id, unit_id, CAST(MAX(CASE WHEN state IN ('passed', 'settled') THEN 1 ELSE 0 END) AS BIGINT) AS done FROM campaign_assignment
		WHERE brand_id = `+a.Add(x.actor.BrandID)+` AND campaign_id = `+a.Add(x.row.ID)+` AND state <> 'gone' AND `+x.scope.Where("unit_id", &a)+` GROUP BY member_id, account_id, unit_id`, a.Values...)
	members, units := map[id.ID]bool{}, map[id.ID]bool{}
	for _, r := range rows {
		members[r.Member] = members[r.Member] || r.Done == 1
		units[r.Unit] = units[r.Unit] || r.Done == 1
		if r.Account == 0 {
			continue
		}
		if r.Done == 1 {
			x.took = append(x.took, r.Account)
		} else {
			x.away = append(x.away, r.Account)
		}
	}
	x.out.People, x.out.TookPart = tally(members)
	x.out.Units, x.out.UnitsPart = tally(units)
	return err
}

func tally(m map[id.ID]bool) (all, yes int64) {
	for _, v := range m {
		all++
		if v {
			yes++
		}
	}
	return all, yes
}

// passed adds up the posts that passed.
func (x *resulting) passed(ctx context.Context) error {
	var last id.ID
	best := []Post{}
	for {
		var a db.Args
		type ref struct {
			ID   id.ID `db:"id"`
			Post id.ID `db:"post_id"`
		}
		refs, err := db.All[ref](ctx, x.s.DB, `SELECT id, post_id FROM campaign_submission WHERE brand_id = `+a.Add(x.actor.BrandID)+` AND campaign_id = `+a.Add(x.row.ID)+
			` AND state IN ('passed', 'settled') AND post_id IS NOT NULL AND id > `+a.Add(int64(last))+` AND `+x.scope.Where("unit_id", &a)+` ORDER BY id LIMIT 1000`, a.Values...)
		if err != nil {
			return err
		}
		if len(refs) == 0 {
			break
		}
		ids := make([]id.ID, len(refs))
		for i, r := range refs {
			ids[i] = r.Post
		}
		last = refs[len(refs)-1].ID
		posts, err := x.s.Posts.Some(ctx, x.s.DB, x.actor.BrandID, unique(ids))
		if err != nil {
			return err
		}
		for i := range posts {
			x.out.Sum.add(&posts[i])
			x.out.AsOf = max(x.out.AsOf, posts[i].AsOf)
		}
		x.out.posts = append(x.out.posts, posts...)
		best = bestOf(append(best, posts...))
	}
	x.out.Best = best
	return x.nameBest(ctx)
}

// bestOf keeps the ten posts with most interactions.
func bestOf(posts []Post) []Post {
	value := func(p Post) int64 {
		if p.Interactions == nil {
			return -1
		}
		return *p.Interactions
	}
	slices.SortFunc(posts, func(a, b Post) int { return cmp.Or(cmp.Compare(value(b), value(a)), cmp.Compare(a.ID, b.ID)) })
	return posts[:min(len(posts), 10)]
}

func (x *resulting) nameBest(ctx context.Context) error {
	var accounts []id.ID
	for i := range x.out.Best {
		accounts = append(accounts, x.out.Best[i].AccountID)
	}
	if len(accounts) == 0 {
		return nil
	}
	labels, err := x.s.Accounts.Labels(ctx, x.s.DB, x.actor.BrandID, unique(accounts))
	x.out.Names = labels
	return err
}

// tags lists every hashtag of the plan.
func (p *Plan) tags() []string {
	all := slices.Clone(p.Hashtags.All)
	for _, k := range sortedKeys(p.Hashtags.Platforms) {
		all = append(all, p.Hashtags.Platforms[k]...)
	}
	return hashtags(all)
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// tagged gives every imported post with one of the hashtags in its title, and those that passed.
func (s *Service) tagged(ctx context.Context, brand id.ID, p *Plan, from, to clock.Ms, passed []Post) ([]Post, error) {
	tags := p.tags()
	var out []Post
	if len(tags) > 0 {
		found, err := s.Posts.WithWords(ctx, s.DB, brand, tags, from, to)
		if err != nil {
			return nil, err
		}
		for i := range found { // a word is not yet a hashtag
			if proof.HasTag(found[i].Title, tags) {
				out = append(out, found[i])
			}
		}
	}
	seen := map[id.ID]bool{}
	for i := range out {
		seen[out[i].ID] = true
	}
	for i := range passed {
		if !seen[passed[i].ID] {
			seen[passed[i].ID] = true
			out = append(out, passed[i])
		}
	}
	return out, nil
}

// tagged draws the curve of the hashtags and splits it into headquarters and the rest.
func (x *resulting) tagged(ctx context.Context) error {
	zone := zoneOf(x.actor)
	first := x.plan.StartsAt.Day(zone)
	last := min(first.Add(curveDays-1), x.s.today(x.actor))
	end := max(x.out.to, clock.MsOf(last.Add(1).In(zone))-1)
	posts, err := x.s.tagged(ctx, x.actor.BrandID, x.plan, x.plan.StartsAt, end, x.out.posts)
	if err != nil {
		return err
	}
	if posts, err = x.within(ctx, posts); err != nil {
		return err
	}
	official, err := x.s.officials(ctx, x.actor.BrandID)
	if err != nil {
		return err
	}
	byDay := map[clock.Day]*CurveDay{}
	for i := range posts {
		p := &posts[i]
		if official[p.AccountID] {
			x.out.Official.add(p)
		} else {
			x.out.Dealers.add(p)
		}
		d := p.PublishedAt.Day(zone)
		if byDay[d] == nil {
			byDay[d] = &CurveDay{Day: d}
		}
		byDay[d].Posts++
		byDay[d].Views, byDay[d].Interactions = plus(byDay[d].Views, p.Views), plus(byDay[d].Interactions, p.Interactions)
	}
	x.out.Curve = []CurveDay{}
	for d := first; d <= last; d = d.Add(1) {
		if byDay[d] != nil {
			x.out.Curve = append(x.out.Curve, *byDay[d])
		} else {
			x.out.Curve = append(x.out.Curve, CurveDay{Day: d})
		}
	}
	return nil
}

// within keeps the posts of the scope.
func (x *resulting) within(ctx context.Context, posts []Post) ([]Post, error) {
	if x.scope.All || len(posts) == 0 {
		return posts, nil
	}
	units := make([]id.ID, len(posts))
	for i := range posts {
		units[i] = posts[i].UnitID
	}
	up, err := x.s.Scopes.Ancestors(ctx, x.s.DB, x.actor.BrandID, unique(units), clock.Forever)
	return slices.DeleteFunc(posts, func(p Post) bool { return !x.scope.Allows(up[p.UnitID]) }), err
}

// officials is the set of headquarters' accounts.
func (s *Service) officials(ctx context.Context, brand id.ID) (map[id.ID]bool, error) {
	list, err := s.Accounts.Official(ctx, s.DB, brand)
	out := make(map[id.ID]bool, len(list))
	for _, a := range list {
		out[a] = true
	}
	return out, err
}

// groups compares those who took part, and those who did not, with the same number of days before.
func (x *resulting) groups(ctx context.Context) error {
	zone := zoneOf(x.actor)
	end := x.out.to.Day(zone)
	days := end.Sub(x.plan.StartsAt.Day(zone)) + 1
	if x.row.Version == 0 || days < 1 {
		return nil
	}
	for _, g := range []struct {
		into     *Group
		accounts []id.ID
	}{{&x.out.Participants, unique(x.took)}, {&x.out.Others, unique(x.away)}} {
		g.into.Accounts, g.into.Days = int64(len(g.accounts)), days
		for part := range slices.Chunk(g.accounts, 1000) {
			during, err := x.s.Figures.During(ctx, x.s.DB, x.actor.BrandID, part, end, days)
			if err != nil {
				return err
			}
			before, err := x.s.Figures.During(ctx, x.s.DB, x.actor.BrandID, part, end.Add(-days), days)
			if err != nil {
				return err
			}
			g.into.toldNow = g.into.toldNow || len(during) > 0
			g.into.toldBefore = g.into.toldBefore || len(before) > 0
			addFigures(&g.into.During, during)
			addFigures(&g.into.Before, before)
		}
	}
	return nil
}

func addFigures(into *Figure, list map[id.ID]Figure) {
	for _, f := range list {
		into.Posts += f.Posts
		into.Views, into.Interactions = plus(into.Views, f.Views), plus(into.Interactions, f.Interactions)
	}
}

// fans tells how the followers of headquarters' and of the matrix' accounts moved.
func (x *resulting) fans(ctx context.Context) error {
	if x.row.Version == 0 {
		return nil
	}
	official, err := x.s.Accounts.Official(ctx, x.s.DB, x.actor.BrandID)
	if err != nil {
		return err
	}
	if !x.scope.All { // headquarters' accounts are no unit's
		official = nil
	}
	if x.out.OfficialFans, err = x.moved(ctx, official); err != nil {
		return err
	}
	x.out.MatrixFans, err = x.moved(ctx, unique(append(slices.Clone(x.took), x.away...)))
	return err
}

func (x *resulting) moved(ctx context.Context, accounts []id.ID) (Fans, error) {
	var out Fans
	for part := range slices.Chunk(accounts, 1000) {
		start, err := x.s.Figures.FollowersAt(ctx, x.s.DB, x.actor.BrandID, part, x.out.from)
		if err != nil {
			return out, err
		}
		end, err := x.s.Figures.FollowersAt(ctx, x.s.DB, x.actor.BrandID, part, x.out.to)
		if err != nil {
			return out, err
		}
		for a, n := range start {
			if m, ok := end[a]; ok {
				out.Accounts++
				out.Start, out.End = plus(out.Start, &n), plus(out.End, &m)
			}
		}
	}
	return out, nil
}

// cost adds up the rewards of what is settled and what partners cost.
func (x *resulting) cost(ctx context.Context) error {
	var a db.Args
	type part struct {
		Task id.ID `db:"task_id"`
		N    int64 `db:"n"`
	}
	rows, err := db.All[part](ctx, x.s.DB, `SELECT task_id, COUNT(*) AS n FROM campaign_assignment WHERE brand_id = `+a.Add(x.actor.BrandID)+` AND campaign_id = `+a.Add(x.row.ID)+
		` AND state = 'settled' AND `+x.scope.Where("unit_id", &a)+` GROUP BY task_id`, a.Values...)
	if err != nil {
		return err
	}
	tasks, err := tasksOf(ctx, x.s.DB, x.actor.BrandID, x.row.ID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if k := slices.IndexFunc(tasks, func(t taskRow) bool { return t.ID == r.Task }); k >= 0 && tasks[k].plan.Reward.Fen > 0 {
			n := r.N * tasks[k].plan.Reward.Fen
			x.out.CostFen = plus(x.out.CostFen, &n)
		}
	}
	if !x.scope.All {
		return nil
	}
	costs, err := db.All[int64](ctx, x.s.DB, `SELECT cost_fen FROM campaign_partner WHERE brand_id = $1 AND campaign_id = $2 AND cost_fen IS NOT NULL`, x.actor.BrandID, x.row.ID)
	for _, c := range costs {
		x.out.CostFen = plus(x.out.CostFen, &c)
	}
	return err
}

// units lays the posts that passed to the units right below.
func (x *resulting) units(ctx context.Context, board *Board) error {
	var own []id.ID
	for i := range x.out.posts {
		own = append(own, x.out.posts[i].UnitID)
	}
	up := map[id.ID][]id.ID{}
	for part := range slices.Chunk(unique(own), 1000) {
		got, err := x.s.Scopes.Ancestors(ctx, x.s.DB, x.actor.BrandID, part, clock.Forever)
		if err != nil {
			return err
		}
		for k, v := range got {
			up[k] = v
		}
	}
	x.out.ByUnit = make([]UnitResult, len(board.Units))
	at := map[id.ID]int{}
	for i, u := range board.Units {
		x.out.ByUnit[i] = UnitResult{Unit: u.Unit, Counts: u.Counts}
		at[u.Unit.ID] = i
	}
	for i := range x.out.posts {
		for _, u := range up[x.out.posts[i].UnitID] {
			if k, ok := at[u]; ok {
				x.out.ByUnit[k].Sum.add(&x.out.posts[i])
			}
		}
	}
	return nil
}

// perDay turns sums of a group into means of an account and day; nil when nobody told.
func (g *Group) perDay(n *int64) *float64 {
	if n == nil || g.Accounts == 0 || g.Days == 0 {
		return nil
	}
	v := float64(*n) / float64(g.Accounts) / float64(g.Days)
	return &v
}
