package org

import (
	"time"

	"kosmos/internal/base/jobs"
)

// work declares the room's jobs.
func work(reg *jobs.Registry, s *Service) {
	jobs.Periodic(reg, "org.apply_moves", 10*time.Minute, s.ApplyDueMoves)
}
