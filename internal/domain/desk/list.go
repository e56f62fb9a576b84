package desk

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Sort orders a list.
type Sort string

// The sorts: the queue's rank, what is due first, the newest first.
const (
	ByRank Sort = "rank"
	ByDue  Sort = "due"
	ByNew  Sort = "new"
)

// Filter cuts a list; zero fields do not.
type Filter struct {
	Mine     bool // the actor's own, whatever the scope
	Unit     string
	State    State
	Kind     string
	Platform string
	Level    string
	Assigned id.ID // handed over to this person
	Overdue  bool
	Sort     Sort
	Limit    int
	Key      int64 // where the list goes on, with After
	After    id.ID
}

// KeyOf gives the place of a submission in a list.
func (f Filter) KeyOf(s *Submission) int64 {
	switch f.Sort {
	case ByRank:
		return s.Rank
	case ByDue:
		return int64(s.Due)
	}
	return int64(s.Submitted)
}

// List reads submissions: the actor's own, or those of the units that the actor may see.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) ([]Submission, error) {
	r := mine(actor)
	if !f.Mine {
		scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
		if err != nil {
			return nil, err
		}
		r = reach{units: &scope}
	}
	var a db.Args
	text := `SELECT ` + columns + ` FROM desk_submission WHERE brand_id = ` + a.Add(actor.BrandID) + ` AND ` + r.where(&a)
	for _, c := range []struct {
		col string
		val string
	}{{"state", string(f.State)}, {"kind", f.Kind}, {"platform", f.Platform}} {
		if c.val != "" {
			text += ` AND ` + c.col + ` = ` + a.Add(c.val)
		}
	}
	if f.Level != "" {
		text += ` AND level = ` + a.Add(slices.Index(Levels(), f.Level))
	}
	if f.Assigned != 0 {
		text += ` AND assigned_to = ` + a.Add(f.Assigned)
	}
	if f.Overdue {
		text += ` AND state = 'waiting' AND due_ms < ` + a.Add(int64(s.now()))
	}
	col, dir, op := "submitted_ms", "DESC", "<"
	switch f.Sort {
	case ByRank:
		col = "rank"
	case ByDue:
		col, dir, op = "due_ms", "ASC", ">"
	case ByNew:
	}
	if f.After != 0 {
		text += ` AND (` + col + `, id) ` + op + ` (` + a.Add(f.Key) + `, ` + a.Add(f.After) + `)`
	}
	return db.All[Submission](ctx, s.DB, text+` ORDER BY `+col+` `+dir+`, id `+dir+` LIMIT `+a.Add(f.Limit), a.Values...)
}

// Get reads a submission of the actor's own, or of the units that the actor may see. Errors: "desk.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, submission id.ID) (Submission, error) {
	r := mine(actor)
	if actor.Can(permRead) {
		scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
		if err != nil {
			return Submission{}, err
		}
		r.units = &scope
	}
	sub, err := selectOne(ctx, s.DB, actor.BrandID, submission, r)
	return sub, missing(err)
}

// Story is what happened with a submission.
type Story struct {
	Versions []Version
	Reviews  []Review
	Pictures []Picture
	Links    []Link
}

// Story reads what happened with a submission that Get gave.
func (s *Service) Story(ctx context.Context, actor authz.Actor, sub *Submission) (st Story, err error) {
	if st.Versions, err = selectVersions(ctx, s.DB, actor.BrandID, sub.ID); err != nil {
		return st, err
	}
	if st.Reviews, err = selectReviews(ctx, s.DB, actor.BrandID, sub.ID); err != nil {
		return st, err
	}
	if st.Links, err = selectLinks(ctx, s.DB, actor.BrandID, sub); err != nil {
		return st, err
	}
	st.Pictures, err = selectPictures(ctx, s.DB, actor.BrandID, decode[[]id.ID](sub.Pictures))
	return st, err
}

// Around is what a reviewer should know beside the text.
type Around struct {
	Similar   []Review
	Elsewhere []Elsewhere
}

const aroundShown = 8

// Around finds similar past decisions and the same text elsewhere, cut to what the actor may see.
func (s *Service) Around(ctx context.Context, actor authz.Actor, submission id.ID) (Around, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return Around{}, err
	}
	scope.BrandID = actor.BrandID
	sub, err := selectOne(ctx, s.DB, actor.BrandID, submission, reach{units: &scope})
	if err != nil {
		return Around{}, missing(err)
	}
	out := Around{}
	if out.Similar, err = similar(ctx, s.DB, scope, &sub, distinctRules(decode[[]Finding](sub.Findings)), aroundShown); err != nil {
		return out, err
	}
	longest := ""
	for _, t := range decode[[]Text](sub.Texts) {
		if len(t.Text) > len(longest) {
			longest = t.Text
		}
	}
	const looked = 50
	found, err := s.Rules.SameText(ctx, actor.BrandID, longest, looked)
	if err != nil || len(found) == 0 {
		return out, err
	}
	out.Elsewhere, err = s.within(ctx, actor, scope, found)
	return out, err
}

// within keeps what lies in the scope.
func (s *Service) within(ctx context.Context, actor authz.Actor, scope authz.Scope, found []Elsewhere) ([]Elsewhere, error) {
	if !scope.All {
		ids := make([]id.ID, len(found))
		for i, e := range found {
			ids[i] = e.AccountID
		}
		in, err := s.Accounts.InScope(ctx, s.DB, actor, permRead, ids)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(e Elsewhere) bool { return !slices.Contains(in, e.AccountID) })
	}
	return found[:min(len(found), aroundShown)], nil
}

// Load is how one reviewer did.
type Load struct {
	UserID   id.ID
	Name     string
	Decided  int
	Approved int
	Changes  int
	Rejected int
	Late     int
	Median   int // minutes of business hours
}

// Stats are the figures of the service level.
type Stats struct {
	Waiting   int64
	Reading   int64
	Overdue   int64
	Second    int64 // wait for the second person
	Oldest    clock.Ms
	Levels    [4]int64 // waiting, by level
	Decided   int
	Late      int
	Median    int // minutes of business hours until the decision; -1 when nothing was decided
	P90       int
	Straight  int64 // versions that passed without a reviewer
	Blocked   int64 // versions that the rules refused
	Reviewers []Load
}

// Stats counts for the units that the actor may see; days back for what was decided.
func (s *Service) Stats(ctx context.Context, actor authz.Actor, unit string, days int) (Stats, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return Stats{}, err
	}
	out := Stats{Median: -1, P90: -1, Reviewers: []Load{}}
	if err := s.openStats(ctx, actor, scope, &out); err != nil {
		return out, err
	}
	since := int64(clock.MsOf(s.Clock.Now().AddDate(0, 0, -days)))
	var a db.Args
	row := s.DB.QueryRow(ctx, `SELECT COUNT(*) FILTER (WHERE outcome = 'approved'), COUNT(*) FILTER (WHERE outcome = 'blocked') FROM desk_version WHERE brand_id = `+
		a.Add(actor.BrandID)+` AND at_ms >= `+a.Add(since)+` AND `+scope.Where("desk_version.unit_id", &a), a.Values...)
	if err := row.Scan(&out.Straight, &out.Blocked); err != nil {
		return out, err
	}
	const most = 200_000
	var b db.Args
	list, err := db.All[Review](ctx, s.DB, `SELECT `+reviewColumns+` FROM desk_review WHERE brand_id = `+b.Add(actor.BrandID)+` AND at_ms >= `+b.Add(since)+
		` AND `+scope.Where("desk_review.unit_id", &b)+` ORDER BY at_ms DESC LIMIT `+b.Add(most), b.Values...)
	out.count(list)
	return out, err
}

func (s *Service) openStats(ctx context.Context, actor authz.Actor, scope authz.Scope, out *Stats) error {
	var a db.Args
	row := s.DB.QueryRow(ctx, `SELECT COUNT(*) FILTER (WHERE state = 'waiting'), COUNT(*) FILTER (WHERE state = 'reading'),
		COUNT(*) FILTER (WHERE state = 'waiting' AND due_ms < `+a.Add(int64(s.now()))+`), COUNT(*) FILTER (WHERE state = 'waiting' AND approvals > 0),
		CAST(COALESCE(MIN(CASE WHEN state = 'waiting' THEN submitted_ms END), 0) AS BIGINT),
		COUNT(*) FILTER (WHERE state = 'waiting' AND level = 0), COUNT(*) FILTER (WHERE state = 'waiting' AND level = 1),
		COUNT(*) FILTER (WHERE state = 'waiting' AND level = 2), COUNT(*) FILTER (WHERE state = 'waiting' AND level = 3)
		FROM desk_submission WHERE brand_id = `+a.Add(actor.BrandID)+` AND state IN ('waiting', 'reading') AND `+scope.Where("desk_submission.unit_id", &a), a.Values...)
	return row.Scan(&out.Waiting, &out.Reading, &out.Overdue, &out.Second, &out.Oldest, &out.Levels[0], &out.Levels[1], &out.Levels[2], &out.Levels[3])
}

// count sums reviews up, by reviewer.
func (st *Stats) count(list []Review) {
	by := map[id.ID]*Load{}
	minutes := map[id.ID][]int{}
	var all []int
	for _, r := range list {
		l := by[r.UserID]
		if l == nil {
			l = &Load{UserID: r.UserID, Name: r.Reviewer}
			by[r.UserID] = l
		}
		l.Decided++
		switch r.Decision {
		case Approve:
			l.Approved++
		case Suggest:
			l.Changes++
		case Reject:
			l.Rejected++
		}
		if r.Late {
			l.Late++
			st.Late++
		}
		minutes[r.UserID], all = append(minutes[r.UserID], r.Minutes), append(all, r.Minutes)
	}
	st.Decided, st.Median, st.P90 = len(all), quantile(all, 50), quantile(all, 90)
	for who, l := range by {
		l.Median = quantile(minutes[who], 50)
		st.Reviewers = append(st.Reviewers, *l)
	}
	slices.SortFunc(st.Reviewers, func(a, b Load) int { return cmp.Or(cmp.Compare(b.Decided, a.Decided), cmp.Compare(a.UserID, b.UserID)) })
}

// quantile gives the nearest rank; -1 of nothing.
func quantile(list []int, percent int) int {
	if len(list) == 0 {
		return -1
	}
	slices.Sort(list)
	return list[(len(list)*percent+99)/100-1]
}
