package insight

import (
	"context"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// AccountFigure is what one account did up to a day, for rooms that judge accounts. Leads60 is nil when the account's
// sources never told leads.
type AccountFigure struct {
	LastPostDay clock.Day // 0 = never posted
	FirstDay    clock.Day // of any figure in the last 120 days; 0 = none
	Last30      post.Values
	Last60      post.Values
	Leads60     *int64
}

// AccountFigures gives the figures of ≤ 1,000 accounts over the 30 and 60 days that end on day, as they are counted.
func (s *Service) AccountFigures(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, day clock.Day) (map[id.ID]AccountFigure, error) {
	out := make(map[id.ID]AccountFigure, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	if err := lastPosts(ctx, q, brand, ids, out); err != nil {
		return nil, err
	}
	leads, err := tellsLeads(ctx, q, brand, ids, day)
	if err != nil {
		return nil, err
	}
	if err := firstDays(ctx, q, brand, ids, day, out); err != nil {
		return nil, err
	}
	for _, span := range []int{30, 60} {
		var a db.Args
		rows, err := q.Query(ctx, "SELECT account_id, "+countedSums()+" FROM insight_account_day WHERE brand_id = "+a.Add(brand)+
			" AND account_id IN "+db.IDList(q, &a, ids)+" AND day > "+a.Add(int64(day.Add(-span)))+" AND day <= "+a.Add(int64(day))+" GROUP BY account_id", a.Values...)
		if err != nil {
			return nil, err
		}
		if err := readSpan(rows, span, leads, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readSpan(rows db.Rows, span int, leads map[id.ID]bool, out map[id.ID]AccountFigure) error {
	defer func() { _ = rows.Close() }()
	var account int64
	var v post.Values
	dest := append([]any{&account}, dests(&v)...)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		f := out[id.ID(account)]
		if span == 30 {
			f.Last30 = v
		} else {
			f.Last60 = v
			if leads[id.ID(account)] {
				n := v[post.MLeads]
				f.Leads60 = &n
			}
		}
		out[id.ID(account)] = f
	}
	return rows.Err()
}

// firstDays looks back twice as far as the sums, so that a reader can tell "nothing for 60 days" from "known for less".
func firstDays(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, day clock.Day, out map[id.ID]AccountFigure) error {
	var a db.Args
	type row struct {
		AccountID id.ID     `db:"account_id"`
		First     clock.Day `db:"first"`
	}
	rows, err := db.All[row](ctx, q, "SELECT account_id, MIN(day) AS first FROM insight_account_day WHERE brand_id = "+a.Add(brand)+
		" AND account_id IN "+db.IDList(q, &a, ids)+" AND day > "+a.Add(int64(day.Add(-120)))+" AND day <= "+a.Add(int64(day))+" GROUP BY account_id", a.Values...)
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

// tellsLeads finds the accounts whose own figures told leads, even none, within 60 days.
func tellsLeads(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, day clock.Day) (map[id.ID]bool, error) {
	var a db.Args
	rows, err := db.All[id.ID](ctx, q, "SELECT DISTINCT account_id FROM insight_account_day WHERE brand_id = "+a.Add(brand)+
		" AND account_id IN "+db.IDList(q, &a, ids)+" AND day > "+a.Add(int64(day.Add(-60)))+" AND day <= "+a.Add(int64(day))+
		" AND source >= 10 AND (mask / "+itoa(int64(1)<<post.MLeads)+") % 2 = 1", a.Values...)
	out := make(map[id.ID]bool, len(rows))
	for _, r := range rows {
		out[r] = true
	}
	return out, err
}
