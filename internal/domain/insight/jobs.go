package insight

import (
	"context"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// jobTimeout bounds a close or a re-roll of a large brand.
const jobTimeout = 2 * time.Hour

func (s *Service) jobs(r *jobs.Registry) {
	s.subscribe(r)
	jobs.PeriodicWith(r, "insight.sweep", 10*time.Minute, jobs.Options{Timeout: jobTimeout, Long: true}, s.Sweep)
	jobs.Periodic(r, "insight.fold", time.Minute, s.foldLeft)
}

// foldLeft merges what a process that ended left behind.
func (s *Service) foldLeft(ctx context.Context) error {
	if s.db.Dialect() != db.Postgres {
		return nil
	}
	brands, err := db.All[id.ID](ctx, s.db, `SELECT DISTINCT brand_id FROM insight_unit_delta`)
	if err != nil {
		return err
	}
	for _, b := range brands {
		if err := s.FoldAll(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// foldDelay is how long pending cells wait for more of them.
const foldDelay = 500 * time.Millisecond

// foldSoon merges a brand's pending cells after a moment, in the background; once for all who ask meanwhile. Nothing is
// lost when the process ends before: readers add what is pending and the next fold takes it.
func (s *Service) foldSoon(brand id.ID) {
	if _, waiting := s.folding.LoadOrStore(brand, true); waiting {
		return
	}
	time.AfterFunc(foldDelay, func() {
		s.folding.Delete(brand)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_ = s.FoldAll(ctx, brand)
	})
}
