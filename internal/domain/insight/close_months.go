package insight

import (
	"context"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// rollMonths writes the month rows of every month that ended by day. First writers are told to keep the month in step,
// then its rows are built piece by piece, then readers are told that it is complete: a delta that comes in between is
// either in the days a piece is built from, or added to the piece.
func (s *Service) rollMonths(ctx context.Context, brand id.ID, r brandRow, day clock.Day) error {
	span, err := db.One[struct {
		First int64 `db:"first"`
		Last  int64 `db:"last"`
	}](ctx, s.db, `SELECT CAST(COALESCE(MIN(day), 0) AS BIGINT) AS first, CAST(COALESCE(MAX(day), 0) AS BIGINT) AS last FROM insight_unit_day WHERE brand_id = $1 AND unit_id = 0`, brand)
	if err != nil || span.First == 0 {
		return err
	}
	last := monthOf(day)
	if monthOf(day.Add(1)) == last {
		last = monthOf((day/100*100 + 1).Add(-1))
	}
	m := r.Read
	if m == 0 {
		m = monthOf(clock.Day(span.First)) - 1
	}
	if r.Rolled < last {
		err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := s.known.LockAll(ctx, tx, brand); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE insight_brand SET rolled_month = $1 WHERE brand_id = $2`, int64(last), brand)
			return err
		})
		if err != nil {
			return err
		}
	}
	for m = nextMonth(m); m <= last; m = nextMonth(m) {
		if err := s.rollMonth(ctx, brand, m); err != nil {
			return err
		}
		if _, err := s.db.Exec(ctx, `UPDATE insight_brand SET read_month = $1 WHERE brand_id = $2`, int64(m), brand); err != nil {
			return err
		}
	}
	return nil
}

func nextMonth(m int32) int32 {
	if m%100 >= 12 {
		return m/100*100 + 101
	}
	return m + 1
}

const chunkUnits = 100

func (s *Service) rollMonth(ctx context.Context, brand id.ID, month int32) error {
	units, err := db.All[int64](ctx, s.db, `SELECT 0 AS unit_id UNION SELECT unit_id FROM insight_path WHERE brand_id = $1 UNION SELECT ancestor_id FROM insight_path WHERE brand_id = $2 ORDER BY unit_id`, brand, brand)
	if err != nil {
		return err
	}
	err = inChunks(units, chunkUnits, func(part []int64) error {
		return s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return rollUnits(ctx, tx, brand, month, part) })
	})
	if err != nil {
		return err
	}
	after := int64(0)
	for {
		ids, err := db.All[int64](ctx, s.db, `SELECT account_id FROM insight_account_state WHERE brand_id = $1 AND account_id > $2 ORDER BY account_id LIMIT $3`, brand, after, chunkAccounts)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		err = s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.rollAccounts(ctx, tx, brand, month, ids) })
		if err != nil {
			return err
		}
	}
}

func rollUnits(ctx context.Context, tx *db.Tx, brand id.ID, month int32, units []int64) error {
	if err := lockFolder(ctx, tx, brand); err != nil {
		return err
	}
	var a db.Args
	if _, err := tx.Exec(ctx, "DELETE FROM insight_unit_month WHERE brand_id = "+a.Add(brand)+" AND unit_id IN "+db.IDList(tx, &a, units)+" AND month = "+a.Add(int64(month)), a.Values...); err != nil {
		return err
	}
	var b db.Args
	cols := strings.Join(valueCols(), ", ")
	_, err := tx.Exec(ctx, "INSERT INTO insight_unit_month (brand_id, unit_id, month, platform, account_kind, origin, "+cols+", as_of) SELECT brand_id, unit_id, "+itoa(int64(month))+
		", platform, account_kind, origin, "+sumList()+", MAX(as_of) FROM insight_unit_day WHERE brand_id = "+b.Add(brand)+" AND unit_id IN "+db.IDList(tx, &b, units)+
		" AND day BETWEEN "+b.Add(int64(month)*100+1)+" AND "+b.Add(int64(month)*100+31)+" GROUP BY brand_id, unit_id, platform, account_kind, origin", b.Values...)
	return err
}

func (s *Service) rollAccounts(ctx context.Context, tx *db.Tx, brand id.ID, month int32, accounts []int64) error {
	ids := make([]id.ID, len(accounts))
	for i, x := range accounts {
		ids[i] = id.ID(x)
	}
	hold, err := s.known.Lock(ctx, tx, brand, ids)
	if err != nil {
		return err
	}
	hold.KeepAll()
	var a db.Args
	if _, err := tx.Exec(ctx, "DELETE FROM insight_account_month WHERE brand_id = "+a.Add(brand)+" AND account_id IN "+db.IDList(tx, &a, accounts)+" AND month = "+a.Add(int64(month)), a.Values...); err != nil {
		return err
	}
	var b db.Args
	_, err = tx.Exec(ctx, "INSERT INTO insight_account_month (brand_id, account_id, month, "+strings.Join(valueCols(), ", ")+") SELECT brand_id, account_id, "+itoa(int64(month))+", "+countedSums()+
		" FROM insight_account_day WHERE brand_id = "+b.Add(brand)+" AND account_id IN "+db.IDList(tx, &b, accounts)+" AND day BETWEEN "+b.Add(int64(month)*100+1)+" AND "+b.Add(int64(month)*100+31)+
		" GROUP BY brand_id, account_id", b.Values...)
	return err
}
