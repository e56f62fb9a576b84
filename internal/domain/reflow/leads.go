package reflow

import (
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/reflow/layout"
)

// Some exports tell a day's leads by where they came from, one file or sheet a channel. The day's leads are the sum of
// what every channel last said, whichever file said it; so the parts are kept here beside the sum that post keeps.

// leadParts are the fields that add up to a day's leads.
func leadParts() []layout.Field {
	return []layout.Field{layout.LeadsVideo, layout.LeadsLive, layout.LeadsMessage}
}

// partRow is what one import said about one channel on one day.
type partRow struct {
	Account int64  `db:"account_id"`
	Day     int    `db:"day"`
	Part    string `db:"part"`
	Value   int64  `db:"value"`
}

// sumLeads sets the leads of account days told by channel: this file's parts, and for channels it does not tell the
// newest of earlier imports. With a transaction the parts are kept, too.
func (p *prepared) sumLeads(ctx context.Context, q db.Querier, i *Import, items []post.AccountItem) error {
	var told []dayKey
	for _, it := range items {
		if key := p.keyOf(it); len(p.parts[key]) > 0 {
			told = append(told, key)
		}
	}
	if len(told) == 0 {
		return nil
	}
	known, err := earlierParts(ctx, q, i, told)
	if err != nil {
		return err
	}
	for n := range items {
		key := p.keyOf(items[n])
		if len(p.parts[key]) == 0 {
			continue
		}
		var sum int64
		for _, f := range leadParts() {
			v, ok := p.parts[key][f]
			if !ok {
				v = known[key][f]
			}
			sum += v
		}
		items[n].Counters.Set(post.Leads, sum)
	}
	if tx, ok := q.(*db.Tx); ok {
		return p.keepParts(ctx, tx, i, told)
	}
	return nil
}

func (p *prepared) keyOf(it post.AccountItem) dayKey {
	return dayKey{it.AccountID, it.AsOf.Day(p.zone)}
}

// earlierParts reads the newest value of every part of the days, as imports other than this one told it.
func earlierParts(ctx context.Context, q db.Querier, i *Import, days []dayKey) (map[dayKey]map[layout.Field]int64, error) {
	var a db.Args
	accounts := make([]id.ID, 0, len(days))
	lo, hi := days[0].day, days[0].day
	for _, d := range days {
		accounts = append(accounts, d.account)
		lo, hi = min(lo, d.day), max(hi, d.day)
	}
	slices.Sort(accounts)
	accounts = slices.Compact(accounts)
	rows, err := db.All[partRow](ctx, q, "SELECT account_id, day, part, value FROM reflow_lead_part WHERE brand_id = "+a.Add(i.BrandID)+
		" AND account_id IN "+db.IDList(q, &a, accounts)+" AND day BETWEEN "+a.Add(lo)+" AND "+a.Add(hi)+
		" AND import_id <> "+a.Add(int64(i.ID))+" ORDER BY import_id", a.Values...)
	if err != nil {
		return nil, err
	}
	out := map[dayKey]map[layout.Field]int64{}
	for _, r := range rows {
		key := dayKey{id.ID(r.Account), clock.Day(r.Day)}
		if out[key] == nil {
			out[key] = map[layout.Field]int64{}
		}
		out[key][layout.Field(r.Part)] = r.Value
	}
	return out, nil
}

func (p *prepared) keepParts(ctx context.Context, tx *db.Tx, i *Import, days []dayKey) error {
	var rows [][]any
	for _, d := range days {
		for _, f := range leadParts() { // in the order of the key
			if v, ok := p.parts[d][f]; ok {
				rows = append(rows, []any{i.BrandID, int64(d.account), d.day, string(f), int64(i.ID), v})
			}
		}
	}
	slices.SortFunc(rows, func(a, b []any) int {
		if a[1] != b[1] {
			return cmpInt(a[1].(int64), b[1].(int64))
		}
		if a[2] != b[2] {
			return cmpInt(int64(a[2].(clock.Day)), int64(b[2].(clock.Day)))
		}
		if a[3].(string) < b[3].(string) {
			return -1
		}
		return 1
	})
	_, err := db.Insert(ctx, tx, "reflow_lead_part", []string{"brand_id", "account_id", "day", "part", "import_id", "value"}, rows,
		"ON CONFLICT (brand_id, account_id, day, part, import_id) DO UPDATE SET value = excluded.value")
	return err
}

func cmpInt(a, b int64) int {
	if a < b {
		return -1
	}
	return 1
}

// dropParts forgets what an import said by channel.
func dropParts(ctx context.Context, tx *db.Tx, i *Import) error {
	_, err := tx.Exec(ctx, "DELETE FROM reflow_lead_part WHERE brand_id = $1 AND import_id = $2", i.BrandID, int64(i.ID))
	return err
}
