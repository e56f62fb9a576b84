package risk

import (
	"context"
	"time"

	"kosmos/internal/base/jobs"
)

// Register declares the room's work.
func (s *Service) Register(r *jobs.Registry) {
	jobs.Work(r, jobs.Options{Long: true, Unique: true, Timeout: 5 * time.Minute}, func(ctx context.Context, j walkJob) error { return s.walk(ctx, j) })
	jobs.Work(r, jobs.Options{Long: true, Unique: true, Timeout: 20 * time.Minute}, s.train)
	jobs.Periodic(r, "risk.tend", time.Minute, s.tend)
	s.subscribe(r)
}
