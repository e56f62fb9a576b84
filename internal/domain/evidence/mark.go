package evidence

import (
	"context"
	"errors"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// markEvery is how often the head is marked: whoever turns a chain back within a day is found out by the marks in the log,
// but for what was written since the last one.
const markEvery = 5 * time.Minute

// Mark is the head as it stood at a moment of a day that has not ended.
type Mark struct {
	Seq  int64    `db:"seq"`
	Hash string   `db:"hash"`
	At   clock.Ms `db:"at_ms"`
}

// MarkAll marks the heads that moved, brand by brand; one brand's failure does not stop the others.
func (s *Service) MarkAll(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range actors {
		faults = append(faults, s.mark(ctx, a.BrandID))
	}
	return errors.Join(faults...)
}

// mark keeps the head and tells it; that the newest mark's step is gone, or another stands in its place, is told as a
// fault.
func (s *Service) mark(ctx context.Context, brand id.ID) error {
	marks, err := selectMarks(ctx, s.DB, brand)
	if err != nil {
		return err
	}
	// Read after the marks: a head never lies behind marks that were there before.
	head, err := selectHead(ctx, s.DB, brand)
	if err != nil || head.Seq == 0 && len(marks) == 0 {
		return err
	}
	if n := len(marks); n > 0 {
		last := marks[n-1]
		if last.Seq == head.Seq && last.Hash == head.Hash {
			return nil
		}
		stands, err := db.One[string](ctx, s.DB, `SELECT hash FROM evidence_step WHERE brand_id = $1 AND seq = $2`, brand, last.Seq)
		if err != nil && !db.NoRows(err) {
			return err
		}
		if stands != last.Hash {
			s.TurnedBack(ctx, brand, last, head)
		}
		if last.Seq >= head.Seq {
			return nil
		}
	}
	m := Mark{Seq: head.Seq, Hash: head.Hash, At: clock.MsOf(s.Clock.Now())}
	fresh := false
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO evidence_mark (brand_id, seq, hash, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (brand_id, seq) DO NOTHING`, brand, m.Seq, m.Hash, int64(m.At))
		if err != nil {
			return err
		}
		fresh = n == 1
		// What lies behind an anchor needs no mark any more.
		_, err = tx.Exec(ctx, `DELETE FROM evidence_mark WHERE brand_id = $1 AND seq < (SELECT COALESCE(MAX(seq), 0) FROM evidence_anchor WHERE brand_id = $2)`, brand, brand)
		return err
	})
	if err == nil && fresh {
		s.Marked(ctx, brand, m)
	}
	return err
}

// selectMarks reads the marks that are kept, oldest first.
func selectMarks(ctx context.Context, q db.Querier, brand id.ID) ([]Mark, error) {
	return db.All[Mark](ctx, q, `SELECT seq, hash, at_ms FROM evidence_mark WHERE brand_id = $1 ORDER BY seq`, brand)
}

// LastMark tells the newest mark; the zero Mark when there is none.
func (s *Service) LastMark(ctx context.Context, brand id.ID) (Mark, error) {
	m, err := db.One[Mark](ctx, s.DB, `SELECT seq, hash, at_ms FROM evidence_mark WHERE brand_id = $1 ORDER BY seq DESC LIMIT 1`, brand)
	if db.NoRows(err) {
		return Mark{}, nil
	}
	return m, err
}
