package insight

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// AccountFigure is what one account did up to a day, for rooms that judge accounts.
type AccountFigure struct {
	LastPostDay clock.Day // 0 = never posted
	FirstDay    clock.Day // of any figure in twice the longer span; 0 = none
	Last30      post.Values
	Asked       post.Values // over the days asked for
	// Told holds the metrics (bit = Metric) that the account's own figures told in the days asked for, even as none.
	Told uint16
}

// Tells gives the figure over the days asked for, nil when the account's sources never told it.
func (f *AccountFigure) Tells(m post.Metric) *int64 {
	if f.Told&(1<<m) == 0 {
		return nil
	}
	n := f.Asked[m]
	return &n
}

// AccountFigures gives the figures of ≤ 1,000 accounts over the 30 days and the asked number of days that end on day, as
// they are counted.
func (s *Service) AccountFigures(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, day clock.Day, asked int) (map[id.ID]AccountFigure, error) {
	out := make(map[id.ID]AccountFigure, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	if err := lastPosts(ctx, q, brand, ids, out); err != nil {
		return nil, err
	}
	if err := toldMetrics(ctx, q, brand, ids, Period{day.Add(1 - asked), day}, out); err != nil {
		return nil, err
	}
	if err := firstDays(ctx, q, brand, ids, Period{day.Add(1 - 2*max(asked, 30)), day}, out); err != nil {
		return nil, err
	}
	for _, days := range []int{30, asked} {
		sums, err := sumAccounts(ctx, q, brand, ids, Period{day.Add(1 - days), day})
		if err != nil {
			return nil, err
		}
		for account, v := range sums {
			f := out[account]
			if days == 30 {
				f.Last30 = *v
			}
			if days == asked {
				f.Asked = *v
			}
			out[account] = f
		}
	}
	return out, nil
}

// firstDays looks back further than the sums, so that a reader can tell "nothing for 60 days" from "known for less".
func firstDays(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, p Period, out map[id.ID]AccountFigure) error {
	var a db.Args
	type row struct {
		AccountID id.ID     `db:"account_id"`
		First     clock.Day `db:"first"`
	}
	rows, err := db.All[row](ctx, q, "SELECT account_id, MIN(day) AS first FROM insight_account_day WHERE brand_id = "+a.Add(brand)+
		" AND account_id IN "+db.IDList(q, &a, ids)+" AND day BETWEEN "+a.Add(int64(p.From))+" AND "+a.Add(int64(p.To))+" GROUP BY account_id", a.Values...)
	for _, r := range rows {
		f := out[r.AccountID]
		f.FirstDay = r.First
		out[r.AccountID] = f
	}
	return err
}

// LastPostDays reads the day of each account's last post; accounts without one are missing.
func (s *Service) LastPostDays(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]clock.Day, error) {
	figures := map[id.ID]AccountFigure{}
	if err := lastPosts(ctx, q, brand, ids, figures); err != nil {
		return nil, err
	}
	out := make(map[id.ID]clock.Day, len(figures))
	for a, f := range figures {
		if f.LastPostDay != 0 {
			out[a] = f.LastPostDay
		}
	}
	return out, nil
}

func lastPosts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, out map[id.ID]AccountFigure) error {
	var a db.Args
	type state struct {
		AccountID   id.ID     `db:"account_id"`
		LastPostDay clock.Day `db:"last_post_day"`
	}
	rows, err := db.All[state](ctx, q, "SELECT account_id, last_post_day FROM insight_account_state WHERE brand_id = "+a.Add(brand)+
		" AND account_id IN "+db.IDList(q, &a, ids), a.Values...)
	for _, r := range rows {
		out[r.AccountID] = AccountFigure{LastPostDay: r.LastPostDay}
	}
	return err
}

// toldMetrics finds which metrics the accounts' own figures told in a period, even as none.
func toldMetrics(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, p Period, out map[id.ID]AccountFigure) error {
	var a db.Args
	type row struct {
		AccountID id.ID `db:"account_id"`
		Mask      int64 `db:"mask"`
	}
	rows, err := db.All[row](ctx, q, "SELECT DISTINCT account_id, mask FROM insight_account_day WHERE brand_id = "+a.Add(brand)+
		" AND account_id IN "+db.IDList(q, &a, ids)+" AND day BETWEEN "+a.Add(int64(p.From))+" AND "+a.Add(int64(p.To))+" AND source >= 10", a.Values...)
	for _, r := range rows {
		f := out[r.AccountID]
		f.Told |= uint16(r.Mask)
		out[r.AccountID] = f
	}
	return err
}
