package library

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// MixPart is one pillar of a scope. Share and Target are in tenths of a percent; nil while there are no posts, or no target.
type MixPart struct {
	PillarID id.ID // 0: posts without a pillar
	Posts    int64
	Share    *int64
	Target   *int64
	Short    int64 // posts that the judged accounts are short of, added up
}

// MixView is how the accounts of a scope share their posts among the pillars. Left tells that figures are still coming in.
type MixView struct {
	From, To                            clock.Day
	Least                               int
	Posts                               int64
	Accounts, Targeted, Judged, Lacking int64 // with posts; with a target; with enough posts; short of some
	Parts                               []MixPart
	Left                                bool
}

// Mix adds up a scope. Needs library.read. Errors: those of Scope.
func (s *Service) Mix(ctx context.Context, actor authz.Actor, unit string) (MixView, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return MixView{}, err
	}
	st, err := s.pillarState(ctx, s.DB, actor.BrandID)
	if err != nil {
		return MixView{}, err
	}
	today := s.today()
	out := MixView{From: today.Add(1 - st.Days), To: today, Least: st.Least, Left: st.Version > 0 && !st.done(today), Parts: []MixPart{}}
	type sums struct {
		Posts    int64 `db:"posts"`
		Aimed    int64 `db:"aimed"`
		Accounts int64 `db:"accounts"`
		Targeted int64 `db:"targeted"`
		Judged   int64 `db:"judged"`
		Lacking  int64 `db:"lacking"`
	}
	var a db.Args
	all, err := db.One[sums](ctx, s.DB, `SELECT CAST(COALESCE(SUM(x.posts), 0) AS BIGINT) AS posts, CAST(COALESCE(SUM(CASE WHEN x.targeted THEN x.posts ELSE 0 END), 0) AS BIGINT) AS aimed,
		COUNT(*) AS accounts, CAST(COALESCE(SUM(CASE WHEN x.targeted THEN 1 ELSE 0 END), 0) AS BIGINT) AS targeted, CAST(COALESCE(SUM(CASE WHEN x.judged THEN 1 ELSE 0 END), 0) AS BIGINT) AS judged,
		CAST(COALESCE(SUM(CASE WHEN x.short > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS lacking
		FROM library_pillar_account x WHERE x.brand_id = `+a.Add(actor.BrandID)+` AND `+scope.Where("x.unit_id", &a), a.Values...)
	if err != nil {
		return out, err
	}
	out.Posts, out.Accounts, out.Targeted, out.Judged, out.Lacking = all.Posts, all.Accounts, all.Targeted, all.Judged, all.Lacking
	type part struct {
		PillarID id.ID `db:"pillar_id"`
		Posts    int64 `db:"posts"`
		Want     int64 `db:"want"`
		Short    int64 `db:"short"`
	}
	var b db.Args
	parts, err := db.All[part](ctx, s.DB, `SELECT c.pillar_id, CAST(SUM(c.posts) AS BIGINT) AS posts, CAST(SUM(c.want) AS BIGINT) AS want, CAST(SUM(c.short) AS BIGINT) AS short
		FROM library_pillar_count c WHERE c.brand_id = `+b.Add(actor.BrandID)+` AND `+scope.Where("c.unit_id", &b)+` GROUP BY c.pillar_id ORDER BY c.pillar_id`, b.Values...)
	for _, p := range parts {
		x := MixPart{PillarID: p.PillarID, Posts: p.Posts, Share: tenths(p.Posts*1000, all.Posts), Short: p.Short}
		if p.PillarID != 0 {
			x.Target = tenths(p.Want*10, all.Aimed)
		}
		out.Parts = append(out.Parts, x)
	}
	return out, err
}

// tenths divides to the nearest; nil by nothing.
func tenths(n, by int64) *int64 {
	if by <= 0 {
		return nil
	}
	x := (2*n + by) / (2 * by)
	return &x
}

// Standing tells what is said of an account.
type Standing string

// The standings: short of posts, in line, too few posts to judge, without a target.
const (
	Lacking    Standing = "short"
	InLine     Standing = "fine"
	TooFew     Standing = "few"
	Untargeted Standing = "none"
)

// SeatPart is one pillar of an account. Target is in percent, nil when the mix does not speak of it.
type SeatPart struct {
	PillarID id.ID `db:"pillar_id" json:"pillar_id"`
	Posts    int64 `db:"posts" json:"posts"`
	Target   *int  `db:"target" json:"target"`
	Short    int64 `db:"short" json:"short"`
}

// SeatGap is how an account stands. Short is nil unless it is judged.
type SeatGap struct {
	AccountID, UnitID, MemberID id.ID
	Platform, Kind              string
	Label                       SeatLabel
	Posts                       int64
	Standing                    Standing
	Short                       *int64
	Worst                       id.ID
	Parts                       []SeatPart
}

// GapFilter cuts the list of accounts; zero fields do not.
type GapFilter struct {
	Unit     string
	Platform string
	Kind     string
	Standing Standing
	PillarID id.ID // short of this one
}

// GapPlace is where the list goes on.
type GapPlace struct {
	Short   int64
	Account id.ID
}

type gapRow struct {
	AccountID id.ID  `db:"account_id"`
	UnitID    id.ID  `db:"unit_id"`
	MemberID  id.ID  `db:"member_id"`
	Platform  string `db:"platform"`
	Kind      string `db:"kind"`
	Posts     int64  `db:"posts"`
	Targeted  bool   `db:"targeted"`
	Judged    bool   `db:"judged"`
	Short     int64  `db:"short"`
	Worst     id.ID  `db:"worst_id"`
}

const gapColumns = `x.account_id, x.unit_id, x.member_id, x.platform, x.kind, x.posts, x.targeted, x.judged, x.short, x.worst_id`

// Gaps lists the accounts of a scope that have posts in the window, those short of the most first. Needs library.read.
// Errors: those of Scope.
func (s *Service) Gaps(ctx context.Context, actor authz.Actor, f GapFilter, after *GapPlace, limit int) ([]SeatGap, *GapPlace, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, nil, err
	}
	a := &db.Args{}
	w := `x.brand_id = ` + a.Add(actor.BrandID) + ` AND ` + scope.Where("x.unit_id", a) + f.condition(a)
	if after != nil {
		w += ` AND (x.short < ` + a.Add(after.Short) + ` OR x.short = ` + a.Add(after.Short) + ` AND x.account_id > ` + a.Add(after.Account) + `)`
	}
	rows, err := db.All[gapRow](ctx, s.DB, `SELECT `+gapColumns+` FROM library_pillar_account x WHERE `+w+` ORDER BY x.short DESC, x.account_id LIMIT `+a.Add(limit+1), a.Values...)
	if err != nil {
		return nil, nil, err
	}
	var next *GapPlace
	if len(rows) > limit {
		rows = rows[:limit]
		next = &GapPlace{rows[limit-1].Short, rows[limit-1].AccountID}
	}
	out, err := s.gaps(ctx, actor.BrandID, rows)
	return out, next, err
}

func (f GapFilter) condition(a *db.Args) string {
	w := ""
	if f.Platform != "" {
		w += ` AND x.platform = ` + a.Add(f.Platform)
	}
	if f.Kind != "" {
		w += ` AND x.kind = ` + a.Add(f.Kind)
	}
	switch f.Standing {
	case Lacking:
		w += ` AND x.short > 0`
	case InLine:
		w += ` AND x.judged AND x.short = 0`
	case TooFew:
		w += ` AND x.targeted AND NOT x.judged`
	case Untargeted:
		w += ` AND NOT x.targeted`
	}
	if f.PillarID != 0 {
		w += ` AND EXISTS (SELECT 1 FROM library_pillar_count c WHERE c.brand_id = x.brand_id AND c.account_id = x.account_id AND c.pillar_id = ` + a.Add(f.PillarID) + ` AND c.short > 0)`
	}
	return w
}

func (r *gapRow) standing() Standing {
	switch {
	case !r.Targeted:
		return Untargeted
	case !r.Judged:
		return TooFew
	case r.Short > 0:
		return Lacking
	}
	return InLine
}

// gaps adds the names and the pillars of accounts.
func (s *Service) gaps(ctx context.Context, brand id.ID, rows []gapRow) ([]SeatGap, error) {
	out := make([]SeatGap, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	ids := make([]id.ID, len(rows))
	at := make(map[id.ID]int, len(rows))
	for i, r := range rows {
		ids[i], at[r.AccountID] = r.AccountID, i
	}
	labels, err := s.Seats.SeatLabels(ctx, s.DB, brand, ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		out[i] = SeatGap{
			AccountID: r.AccountID, UnitID: r.UnitID, MemberID: r.MemberID, Platform: r.Platform, Kind: r.Kind, Label: labels[r.AccountID], Posts: r.Posts,
			Standing: r.standing(), Worst: r.Worst, Parts: []SeatPart{},
		}
		if r.Judged {
			out[i].Short = &r.Short
		}
	}
	type part struct {
		AccountID id.ID `db:"account_id"`
		SeatPart
	}
	var a db.Args
	parts, err := db.All[part](ctx, s.DB, `SELECT account_id, pillar_id, posts, target, short FROM library_pillar_count WHERE brand_id = `+a.Add(brand)+` AND `+
		db.Among(s.DB, &a, "account_id", ids)+` ORDER BY account_id, pillar_id`, a.Values...)
	for _, p := range parts {
		if i, ok := at[p.AccountID]; ok {
			out[i].Parts = append(out[i].Parts, p.SeatPart)
		}
	}
	return out, err
}

// Lack is a pillar that one of the actor's own accounts is short of, with how much of the library fits.
type Lack struct {
	AccountID id.ID
	Account   string
	Platform  string
	PillarID  id.ID
	Pillar    string
	Color     string
	Short     int64
	Items     int64 // of the library that can be taken today
}

// MyLacks tells the actor what his own accounts are short of, the most first.
func (s *Service) MyLacks(ctx context.Context, actor authz.Actor) ([]Lack, error) {
	out := []Lack{}
	if actor.MemberID == 0 {
		return out, nil
	}
	rows, err := db.All[gapRow](ctx, s.DB, `SELECT `+gapColumns+` FROM library_pillar_account x WHERE x.brand_id = $1 AND x.member_id = $2 AND x.short > 0 ORDER BY x.short DESC, x.account_id LIMIT 20`,
		actor.BrandID, actor.MemberID)
	if err != nil || len(rows) == 0 {
		return out, err
	}
	gaps, err := s.gaps(ctx, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	list, err := pillarsOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	items, err := s.itemsByPillar(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, g := range gaps {
		name := g.Label.Name
		if name == "" {
			name = g.Label.Handle
		}
		for _, p := range g.Parts {
			i := slices.IndexFunc(list, func(x Pillar) bool { return x.ID == p.PillarID && x.Active })
			if p.Short > 0 && i >= 0 {
				out = append(out, Lack{g.AccountID, name, g.Platform, p.PillarID, list[i].Name, list[i].Color, p.Short, items[p.PillarID]})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Lack) int { return int(b.Short - a.Short) })
	return out, nil
}

// itemsByPillar counts what the actor can take today.
func (s *Service) itemsByPillar(ctx context.Context, actor authz.Actor) (map[id.ID]int64, error) {
	r, err := s.reach(ctx, s.DB, actor, "")
	if err != nil {
		return nil, err
	}
	type row struct {
		PillarID id.ID `db:"pillar_id"`
		N        int64 `db:"n"`
	}
	a := &db.Args{}
	rows, err := db.All[row](ctx, s.DB, `SELECT i.pillar_id, COUNT(*) AS n FROM library_item i WHERE i.brand_id = `+a.Add(actor.BrandID)+` AND i.pillar_id <> 0 AND `+
		Filter{Usable: true}.condition(a, actor, r)+` GROUP BY i.pillar_id`, a.Values...)
	out := make(map[id.ID]int64, len(rows))
	for _, x := range rows {
		out[x.PillarID] = x.N
	}
	return out, err
}
