package hit

import (
	"context"
	"encoding/json"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
)

// Sort orders a list of hits: a word, with a minus before it for the highest first.
type Sort string

// The sorts that begin with the highest.
const (
	ByStrength  Sort = "-strength"
	ByFound     Sort = "-found"
	ByPublished Sort = "-published"
	ByViews     Sort = "-views"
	ByActions   Sort = "-interactions"
)

// word is the sort without its direction, and whether it begins with the highest.
func (s Sort) word() (Sort, bool) {
	w, down := strings.CutPrefix(string(s), "-")
	return Sort("-" + w), down
}

// column is what a sort goes by; what nobody knows goes by when it was found.
func (s Sort) column() string {
	switch w, _ := s.word(); w {
	case ByStrength:
		return "strength"
	case ByPublished:
		return "published_ms"
	case ByViews:
		return "views"
	case ByActions:
		return "interactions"
	case ByFound:
	}
	return "found_ms"
}

// Filter cuts a list of hits; zero fields do not. State "" is Listed.
type Filter struct {
	Unit      string // id or path
	Kind      Kind
	Platform  string
	State     State
	Metric    Metric
	From, To  clock.Day // publish day
	Query     string    // part of the title
	Starred   bool
	Templated bool // a template was made of it
}

// Place is where a page of a list ends.
type Place struct {
	Value int64
	ID    id.ID
}

func (f *Filter) where(scope authz.Scope, a *db.Args) string {
	state := f.State
	if state == "" {
		state = Listed
	}
	w := "h.brand_id = " + a.Add(scope.BrandID) + " AND h.state = " + a.Add(string(state)) + " AND " + scope.Where("h.unit_id", a)
	for _, x := range []struct{ column, value string }{{"h.kind", string(f.Kind)}, {"h.platform", f.Platform}, {"h.metric", string(f.Metric)}} {
		if x.value != "" {
			w += " AND " + x.column + " = " + a.Add(x.value)
		}
	}
	if f.From != 0 {
		w += " AND h.published_day >= " + a.Add(int64(f.From))
	}
	if f.To != 0 {
		w += " AND h.published_day <= " + a.Add(int64(f.To))
	}
	if q := post.NormTitle(f.Query); q != "" {
		w += " AND h.title_norm LIKE " + a.Add("%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(q)+"%") + " ESCAPE '!'"
	}
	if f.Starred {
		w += " AND h.star_ms > 0"
	}
	if f.Templated {
		w += " AND h.template_id > 0"
	}
	return w
}

// List reads up to limit hits in the actor's scope after a place (nil: from the top). Errors: those of Scope.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter, sort Sort, after *Place, limit int) ([]Hit, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	w := f.where(scope, a)
	col, dir, than := sort.column(), "", ">"
	if _, down := sort.word(); down {
		dir, than = " DESC", "<"
	}
	if after != nil {
		w += " AND (h." + col + ", h.id) " + than + " (" + a.Add(after.Value) + ", " + a.Add(after.ID) + ")"
	}
	rows, err := db.All[hitRow](ctx, s.DB, "SELECT "+hitColumns+" FROM hit_hit h WHERE "+w+" ORDER BY h."+col+dir+", h.id"+dir+" LIMIT "+a.Add(limit), a.Values...)
	if err != nil {
		return nil, err
	}
	return s.dress(ctx, actor.BrandID, rows)
}

// value is what a list in an order is sorted by.
func (h *Hit) value(s Sort) int64 {
	switch w, _ := s.word(); w {
	case ByStrength:
		return int64(h.Strength*100 + 0.5)
	case ByPublished:
		return int64(h.PublishedAt)
	case ByViews:
		return known(h.Views)
	case ByActions:
		return known(h.Interactions)
	case ByFound:
	}
	return int64(h.FoundAt)
}

// hit turns a row into what others see.
func (r *hitRow) hit() Hit {
	h := Hit{
		ID: r.ID, Kind: r.Kind, Origin: r.Origin, PostID: r.PostID, AccountID: r.AccountID, UnitID: r.UnitID, Platform: r.Platform, Media: r.Media, Title: r.Title, URL: r.URL,
		Author: r.Author, Followers: told64(r.Followers), PublishedAt: r.PublishedAt, PublishedDay: r.PublishedDay, DayOnly: r.DayOnly, Strength: float64(r.Strength) / 100,
		Metric: r.Metric, Mark: r.Mark, Signals: r.signals(), Views: told64(r.Views), Interactions: told64(r.Interactions), State: r.State, Reason: r.Reason, Note: r.Note,
		StarAt: r.StarAt, StarBy: r.StarBy, TemplateID: r.TemplateID, TemplateAt: r.TemplateAt, TemplateBy: r.TemplateBy, FoundAt: r.FoundAt, UpdatedAt: r.UpdatedAt, By: r.By,
	}
	if json.Unmarshal([]byte(r.Figures), &h.Given) != nil {
		h.Given = Given{}
	}
	return h
}

// dress turns rows into hits and names their accounts.
func (s *Service) dress(ctx context.Context, brand id.ID, rows []hitRow) ([]Hit, error) {
	out := make([]Hit, len(rows))
	var ids []id.ID
	for i := range rows {
		out[i] = rows[i].hit()
		if rows[i].AccountID != 0 {
			ids = append(ids, rows[i].AccountID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	labels, err := s.Accounts.Labels(ctx, s.DB, brand, ids)
	for i := range out {
		out[i].Label = labels[out[i].AccountID]
	}
	return out, err
}

// Counts are the hits of a scope that a page's head tells of.
type Counts struct {
	Listed    int64 `db:"listed"`
	Week      int64 `db:"week"` // found within seven days
	Starred   int64 `db:"starred"`
	Templated int64 `db:"templated"`
}

// Count counts the listed hits of the actor's scope, with the end of the last look (0: none yet).
func (s *Service) Count(ctx context.Context, actor authz.Actor, unit string) (Counts, clock.Ms, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return Counts{}, 0, err
	}
	a := &db.Args{}
	week := a.Add(int64(s.now()) - 7*dayMs)
	f := Filter{}
	c, err := db.One[Counts](ctx, s.DB, `SELECT COUNT(*) AS listed, CAST(COALESCE(SUM(CASE WHEN h.found_ms >= `+week+` THEN 1 ELSE 0 END), 0) AS BIGINT) AS week,
		CAST(COALESCE(SUM(CASE WHEN h.star_ms > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS starred,
		CAST(COALESCE(SUM(CASE WHEN h.template_id > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS templated FROM hit_hit h WHERE `+f.where(scope, a), a.Values...)
	if err != nil {
		return c, 0, err
	}
	ended, err := db.All[clock.Ms](ctx, s.DB, `SELECT ended_ms FROM hit_look WHERE brand_id = $1 AND ended_ms IS NOT NULL ORDER BY ended_ms DESC LIMIT 1`, actor.BrandID)
	if err != nil || len(ended) == 0 {
		return c, 0, err
	}
	return c, ended[0], nil
}

// Step is one mark on the way of a post, with what is usual there.
type Step struct {
	Mark                                         int
	Views, Interactions, Saves                   *int64
	OwnViews, OwnInteractions, OwnSaves          *int64 // the usual of the account's other posts; nil with too few of them
	LeagueViews, LeagueInteractions, LeagueSaves *int64
}

// Detail is one hit with its curve.
type Detail struct {
	Hit       Hit
	League    string
	Points    []post.Point
	Steps     []Step
	Followers *int64 // of the account when it was published
}

// Get gives one hit with its curve. Errors: hit.gone.
func (s *Service) Get(ctx context.Context, actor authz.Actor, hit id.ID) (Detail, error) {
	row, err := s.visible(ctx, s.DB, actor, permRead, hit)
	if err != nil {
		return Detail{}, err
	}
	hits, err := s.dress(ctx, actor.BrandID, []hitRow{row})
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Hit: hits[0], Followers: hits[0].Followers, Points: []post.Point{}, Steps: []Step{}}
	if row.PostID == 0 {
		return d, nil
	}
	return d, s.curve(ctx, actor.BrandID, &row, &d)
}

// curve adds how a post of the matrix grew and what is usual at the same ages.
func (s *Service) curve(ctx context.Context, brand id.ID, row *hitRow, d *Detail) error {
	ids := []id.ID{row.AccountID}
	followers, err := s.Posts.FollowersAt(ctx, s.DB, brand, ids, row.PublishedAt)
	if err != nil {
		return err
	}
	if n, ok := followers[row.AccountID]; ok {
		d.Followers = &n
	}
	curves, err := s.Posts.Curves(ctx, s.DB, brand, post.CurveAsk{Accounts: ids, Post: row.PostID})
	if err != nil || len(curves) == 0 {
		return err
	}
	d.Points = curves[0].Points
	set, err := s.settings(ctx, s.DB, brand)
	if err != nil {
		return err
	}
	from := s.today().Add(-set.WindowDays)
	facts, err := s.Accounts.Facts(ctx, s.DB, brand, ids)
	if err != nil {
		return err
	}
	d.League = facts[row.AccountID].League
	league, err := s.usualIn(ctx, brand, d.League, from)
	if err != nil {
		return err
	}
	rows, err := figuresOfAccounts(ctx, s.DB, brand, ids, from)
	if err != nil {
		return err
	}
	d.Steps = stepsOf(figuresOf(&curves[0]), rows, row.PostID, league, &set)
	return nil
}

func stepsOf(f figures, rows []figureRow, self id.ID, league *usuals, set *Settings) []Step {
	posts, skip := make([]figures, len(rows)), -1
	for i := range rows {
		posts[i] = rows[i].figures
		if rows[i].PostID == self {
			skip = i
		}
	}
	pools := poolsOf(posts)
	var out []Step
	for m, mark := range Marks() {
		if f[m] == noFigures()[m] {
			continue
		}
		var own, peer [numMetrics]*int64
		for k := range numMetrics {
			own[k] = enough(pools[m][k].without(skip), set.OwnPosts)
			peer[k] = enough(league[m][k], set.LeaguePosts)
		}
		out = append(out, Step{mark, told64(f[m][0]), told64(f[m][1]), told64(f[m][2]), own[0], own[1], own[2], peer[0], peer[1], peer[2]})
	}
	return out
}

func enough(u usual, least int) *int64 {
	if u.N < least {
		return nil
	}
	n := u.count()
	return &n
}

var _ Accounts = (*account.Service)(nil)
