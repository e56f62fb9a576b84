package post

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Unknown stands for a figure of a Point that nobody told.
const Unknown int64 = -1

// Point is what was known of a post at a moment. A figure is Unknown unless it was told of that moment; interactions are
// told when one of their parts was, the other parts as they were last known.
type Point struct {
	AsOf                       clock.Ms
	Views, Interactions, Saves int64
}

// Curve is a post with its figures moment by moment, corrections settled.
type Curve struct {
	ID, AccountID id.ID
	Kind          string
	PublishedAt   clock.Ms
	PublishedDay  clock.Day
	DayOnly       bool // PublishedAt tells the day, not the time
	Live          bool
	Points        []Point // by AsOf
}

// CurveAsk says whose curves are wanted: of ≤ 1,000 accounts, published from a day on.
type CurveAsk struct {
	Accounts []id.ID
	From     clock.Day
	Batches  []id.ID // only posts that these batches spoke of; none: all
	Post     id.ID   // only this post; 0: all
}

// Curves reads posts with their figures over time, by account and id; those that are gone are left out.
func (s *Service) Curves(ctx context.Context, q db.Querier, brand id.ID, ask CurveAsk) ([]Curve, error) {
	if len(ask.Accounts) == 0 {
		return nil, nil
	}
	var a db.Args
	where := "p.brand_id = " + a.Add(int64(brand)) + " AND " + db.Among(q, &a, "p.account_id", ask.Accounts) + " AND p.published_day >= " + a.Add(int64(ask.From)) + " AND p.status <> 'gone'"
	if ask.Post != 0 {
		where += " AND p.id = " + a.Add(int64(ask.Post))
	}
	if len(ask.Batches) > 0 {
		where += " AND EXISTS (SELECT 1 FROM post_snapshot s WHERE s.brand_id = p.brand_id AND s.account_id = p.account_id AND s.post_id = p.id AND s.import_id IN " + db.IDList(q, &a, ask.Batches) + ")"
	}
	var records []*record
	err := eachRecord(ctx, q, where+" ORDER BY p.account_id, p.id", &a, func(r *record) error {
		records = append(records, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := loadSnaps(ctx, q, brand, records); err != nil {
		return nil, err
	}
	out := make([]Curve, len(records))
	for i, r := range records {
		out[i] = Curve{
			ID: r.ID, AccountID: r.AccountID, Kind: r.Kind, PublishedAt: r.PublishedAt, PublishedDay: r.PublishedDay, DayOnly: r.DayOnly,
			Live: r.Status == Live, Points: pointsOf(r.before),
		}
	}
	return out, nil
}

// pointsOf settles the snapshots of a post moment by moment.
func pointsOf(snaps []Snap) []Point {
	var last Counters
	var out []Point
	folded := Fold(snaps)
	for lo := 0; lo < len(folded); {
		var told Counters
		hi := lo
		for ; hi < len(folded) && folded[hi].AsOf == folded[lo].AsOf; hi++ {
			told.merge(folded[hi].Counters)
		}
		last.merge(told)
		out = append(out, pointOf(folded[lo].AsOf, told, last))
		lo = hi
	}
	return out
}

func pointOf(at clock.Ms, told, last Counters) Point {
	p := Point{AsOf: at, Views: Unknown, Interactions: Unknown, Saves: Unknown}
	if v, ok := told.Get(Views); ok {
		p.Views = v
	}
	if v, ok := told.Get(Saves); ok {
		p.Saves = v
	}
	for c := Likes; c <= Shares; c++ {
		if _, ok := told.Get(c); ok {
			p.Interactions = 0
		}
	}
	if p.Interactions == Unknown {
		return p
	}
	for c := Likes; c <= Shares; c++ {
		if v, ok := last.Get(c); ok {
			p.Interactions += v
		}
	}
	return p
}

// AccountsOf lists the accounts that batches (Batch.ImportID) brought figures of, in order; none once they were taken back.
func (s *Service) AccountsOf(ctx context.Context, q db.Querier, brand id.ID, batches []id.ID) ([]id.ID, error) {
	if len(batches) == 0 {
		return nil, nil
	}
	return importedAccounts(ctx, q, brand, batches)
}

// KindsOf gives what ≤ 1,000 posts are: video, image, live, article, text or "".
func (s *Service) KindsOf(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error) {
	out := make(map[id.ID]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var a db.Args
	type kind struct {
		ID   id.ID  `db:"id"`
		Kind string `db:"kind"`
	}
	rows, err := db.All[kind](ctx, q, "SELECT p.id, p.kind FROM post_post p"+db.IndexedBy(q, "ix_post_post__brand_id__id")+" WHERE p.brand_id = "+a.Add(int64(brand))+" AND "+db.Among(q, &a, "p.id", ids), a.Values...)
	for _, r := range rows {
		out[r.ID] = r.Kind
	}
	return out, err
}
