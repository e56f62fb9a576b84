package post

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Sort orders a list of posts, highest first.
type Sort string

// The sorts. Posts whose counter nobody told come last.
const (
	ByPublished    Sort = "published_at"
	ByViews        Sort = "views"
	ByLikes        Sort = "likes"
	ByInteractions Sort = "interactions"
)

// Filter narrows a list of posts. Zero fields do not filter.
type Filter struct {
	Unit      string // id or path
	AccountID id.ID
	Platform  string
	Kind      string
	Status    Status
	From, To  clock.Day // publish day
	Query     string    // part of the title
	Fell      bool      // only posts with a counter that fell
	loose     bool      // the days are tested row by row, on a walk in another order
}

// Place is where a page of a list ends.
type Place struct {
	Value int64
	ID    id.ID
}

// Scoper decides what an actor may see; plugged by org.
type Scoper interface {
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// List reads up to limit posts in the actor's scope after a place (nil = from the top), without what no list shows
// (unit, day, normalised title).
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter, sort Sort, after *Place, limit int) ([]Post, error) {
	sc, err := s.scoper.Scope(ctx, s.db, actor, "post.read", f.Unit)
	if err != nil {
		return nil, err
	}
	var a db.Args
	f.loose = sort != ByPublished && f.AccountID == 0 && !fewUnits(sc) && !f.fewDays()
	where := f.where(actor.BrandID, sc, &a)
	col := "p." + string(sort)
	if f.AccountID != 0 || fewUnits(sc) && (sort != ByPublished || len(sc.Units) > 1) || sort != ByPublished && f.fewDays() {
		col = "+" + col // read the account's, units' or days' posts and sort them, rather than walk the whole brand's order
	}
	if after != nil {
		where += " AND (" + col + ", p.id) < (" + a.Add(after.Value) + ", " + a.Add(after.ID) + ")"
	}
	rows, err := s.db.Query(ctx, "SELECT "+shownCols+" FROM post_post p WHERE "+where+" ORDER BY "+col+" DESC, p.id DESC LIMIT "+a.Add(limit), a.Values...)
	if err != nil {
		return nil, err
	}
	return scanShown(rows, limit)
}

// CountLimit is where counting a list stops.
const CountLimit = 10_000

// Count counts the posts a filter lets through, up to CountLimit+1.
func (s *Service) Count(ctx context.Context, actor authz.Actor, f Filter) (int64, error) {
	sc, err := s.scoper.Scope(ctx, s.db, actor, "post.read", f.Unit)
	if err != nil {
		return 0, err
	}
	var a db.Args
	where := f.where(actor.BrandID, sc, &a)
	return db.One[int64](ctx, s.db, "SELECT COUNT(*) FROM (SELECT 1 FROM post_post p WHERE "+where+" LIMIT "+a.Add(CountLimit+1)+") AS t", a.Values...)
}

// fewDays tells whether reading the posts of the days beats walking the brand's order by another column.
func (f *Filter) fewDays() bool { return f.From != 0 && f.To != 0 && f.To.Sub(f.From) < 10 }

// fewUnits tells whether reading a scope's posts unit by unit beats walking the brand's sort order. A dealer of ten
// stores among ten thousand would have to walk a thousand posts for each of its own.
func fewUnits(sc authz.Scope) bool { return sc.Units != nil && len(sc.Units) <= 64 }

func (f *Filter) where(brand id.ID, sc authz.Scope, a *db.Args) string {
	unit := "+p.unit_id" // the sign keeps the planner on the sort index
	if f.AccountID == 0 && fewUnits(sc) {
		unit = "p.unit_id"
	}
	where := "p.brand_id = " + a.Add(brand) + " AND p.status <> 'gone' AND " + sc.Where(unit, a)
	if f.AccountID != 0 {
		where += " AND p.account_id = " + a.Add(f.AccountID)
	}
	if f.Platform != "" {
		where += " AND p.platform = " + a.Add(f.Platform)
	}
	if f.Kind != "" {
		where += " AND p.kind = " + a.Add(f.Kind)
	}
	if f.Status != "" {
		where += " AND p.status = " + a.Add(string(f.Status))
	}
	published := "p.published_at"
	if f.loose {
		published = "+p.published_at"
	}
	if f.From != 0 {
		where += " AND " + published + " >= " + a.Add(clock.MsOf(f.From.In(clock.Shanghai())))
	}
	if f.To != 0 {
		where += " AND " + published + " < " + a.Add(clock.MsOf(f.To.Add(1).In(clock.Shanghai())))
	}
	if f.Query != "" {
		where += " AND p.title_norm LIKE " + a.Add("%"+escapeLike(NormTitle(f.Query))+"%") + ` ESCAPE '\'`
	}
	if f.Fell {
		where += " AND p.fell > 0"
	}
	return where
}

func escapeLike(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '%' || r == '_' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}

// Told is a stored snapshot with its provenance, as the post page shows it.
type Told struct {
	AsOf      clock.Ms
	LearnedAt clock.Ms
	Origin    Origin
	Dead      bool
	Counters  Counters
}

// View is a post with its history.
type View struct {
	Post  Post
	Days  []DayFigures
	Tolds []Told
}

// Get reads a post the actor may see, with its day curve and every snapshot. Error: "post.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, post id.ID) (View, error) {
	sc, err := s.scoper.Scope(ctx, s.db, actor, "post.read", "")
	if err != nil {
		return View{}, err
	}
	var a db.Args
	var v View
	found := false
	err = eachPost(ctx, s.db, "SELECT "+postCols+" FROM post_post p WHERE p.brand_id = "+a.Add(actor.BrandID)+" AND p.id = "+a.Add(post)+" AND "+sc.Where("p.unit_id", &a), &a, func(p Post) error {
		v.Post, found = p, true
		return nil
	})
	if err != nil {
		return View{}, err
	}
	if !found {
		return View{}, errs.New(errs.NotFound, "post.not_found")
	}
	var b db.Args
	var live []Snap
	tail := " FROM post_snapshot s WHERE s.brand_id = " + b.Add(actor.BrandID) + " AND s.account_id = " + b.Add(v.Post.AccountID) + " AND s.post_id = " + b.Add(post) + " ORDER BY s.as_of, s.learned_at"
	err = eachSnap(ctx, s.db, tail, &b, func(_ id.ID, t told) {
		v.Tolds = append(v.Tolds, Told{t.AsOf, t.LearnedAt, t.origin, t.dead, t.Counters})
		if !t.dead {
			live = append(live, t.Snap)
		}
	})
	v.Days = Days(v.Post.Kind, v.Post.PublishedDay, live, clock.Shanghai())
	return v, err
}

// AccountsMoved lets the posts of accounts follow them to their unit (access goes by today's tree).
func (s *Service) AccountsMoved(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) error {
	if len(ids) == 0 {
		return nil
	}
	refs, err := s.accounts.PostRefs(ctx, tx, brand, ids)
	if err != nil {
		return err
	}
	for _, account := range ids {
		ref, ok := refs[account]
		if !ok {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE post_post SET unit_id = $1 WHERE brand_id = $2 AND account_id = $3 AND unit_id <> $4`, ref.UnitID, brand, account, ref.UnitID); err != nil {
			return err
		}
	}
	return nil
}

// Followers reads the newest known follower count of accounts (the newest that any live snapshot tells).
func (s *Service) Followers(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]int64, error) {
	out := make(map[id.ID]int64, len(ids))
	var a db.Args
	type row struct {
		Account   id.ID `db:"account_id"`
		Followers int64 `db:"followers"`
	}
	rows, err := db.All[row](ctx, q, "SELECT account_id, followers FROM (SELECT account_id, followers, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY as_of DESC, learned_at DESC) AS n FROM post_account_snapshot WHERE brand_id = "+
		a.Add(brand)+" AND account_id IN "+db.IDList(q, &a, ids)+" AND dead = "+a.Add(false)+" AND followers IS NOT NULL) AS t WHERE n = 1", a.Values...)
	for _, r := range rows {
		out[r.Account] = r.Followers
	}
	return out, err
}
