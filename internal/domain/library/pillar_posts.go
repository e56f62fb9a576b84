package library

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Sorted is a post with its pillar.
type Sorted struct {
	PostID, AccountID, UnitID id.ID
	PillarID                  id.ID
	How                       string
	Day                       clock.Day
	Title, URL                string
	Account                   SeatLabel
}

// SortedFilter cuts the list of sorted posts. Without days it is the window of the gaps.
type SortedFilter struct {
	Unit      string
	AccountID id.ID
	PillarID  id.ID
	None      bool // only posts without a pillar
	How       string
	From, To  clock.Day
}

// SortedPlace is where the list goes on.
type SortedPlace struct {
	Day  clock.Day
	Post id.ID
}

// SortedPosts lists live posts with their pillars, newest first. Needs library.read. Errors: those of Scope.
func (s *Service) SortedPosts(ctx context.Context, actor authz.Actor, f SortedFilter, after *SortedPlace, limit int) ([]Sorted, *SortedPlace, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, nil, err
	}
	if f.From == 0 && f.To == 0 {
		st, err := s.pillarState(ctx, s.DB, actor.BrandID)
		if err != nil {
			return nil, nil, err
		}
		f.From, f.To = s.today().Add(1-st.Days), s.today()
	}
	if f.To == 0 {
		f.To = clock.Forever
	}
	a := &db.Args{}
	w := `p.brand_id = ` + a.Add(actor.BrandID) + ` AND p.live AND p.day BETWEEN ` + a.Add(int64(f.From)) + ` AND ` + a.Add(int64(f.To)) + ` AND ` + scope.Where("p.unit_id", a)
	if f.AccountID != 0 {
		w += ` AND p.account_id = ` + a.Add(f.AccountID)
	}
	if f.PillarID != 0 || f.None {
		w += ` AND p.pillar_id = ` + a.Add(int64(f.PillarID))
	}
	if f.How != "" {
		w += ` AND p.how = ` + a.Add(f.How)
	}
	if after != nil {
		w += ` AND (p.day, p.post_id) < (` + a.Add(int64(after.Day)) + `, ` + a.Add(after.Post) + `)`
	}
	rows, err := db.All[sortedRow](ctx, s.DB, `SELECT `+sortedColumns+` FROM library_pillar_post p WHERE `+w+` ORDER BY p.day DESC, p.post_id DESC LIMIT `+a.Add(limit+1), a.Values...)
	if err != nil {
		return nil, nil, err
	}
	var next *SortedPlace
	if len(rows) > limit {
		rows = rows[:limit]
		next = &SortedPlace{rows[limit-1].Day, rows[limit-1].PostID}
	}
	out, err := s.sortedShown(ctx, actor.BrandID, rows)
	return out, next, err
}

// sortedShown adds what posts say and whose they are.
func (s *Service) sortedShown(ctx context.Context, brand id.ID, rows []sortedRow) ([]Sorted, error) {
	posts, accounts := make([]id.ID, len(rows)), make([]id.ID, len(rows))
	for i, r := range rows {
		posts[i], accounts[i] = r.PostID, r.AccountID
	}
	texts, err := s.Matrix.Texts(ctx, s.DB, brand, posts)
	if err != nil {
		return nil, err
	}
	say := make(map[id.ID]PostText, len(texts))
	for _, p := range texts {
		say[p.ID] = p
	}
	labels, err := s.Seats.SeatLabels(ctx, s.DB, brand, accounts)
	out := make([]Sorted, len(rows))
	for i, r := range rows {
		out[i] = Sorted{
			PostID: r.PostID, AccountID: r.AccountID, UnitID: r.UnitID, PillarID: r.PillarID, How: r.How, Day: r.Day,
			Title: say[r.PostID].Text, URL: say[r.PostID].URL, Account: labels[r.AccountID],
		}
	}
	return out, err
}
