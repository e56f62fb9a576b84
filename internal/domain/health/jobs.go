package health

import (
	"context"
	"errors"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// judgeJob judges one brand.
type judgeJob struct {
	BrandID id.ID `json:"brand_id"`
}

// Kind names the job.
func (judgeJob) Kind() string { return "health.judge" }

// Register declares the room's work: judging on demand, and an hourly look for brands whose day was not judged yet.
func (s *Service) Register(reg *jobs.Registry) {
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: 30 * time.Minute}, func(ctx context.Context, j judgeJob) error {
		actors, err := s.Brands.SystemActors(ctx)
		if err != nil {
			return err
		}
		for _, a := range actors {
			if a.BrandID == j.BrandID {
				_, err := s.Judge(ctx, a)
				return err
			}
		}
		return nil // the brand is gone
	})
	jobs.Periodic(reg, "health.due", time.Hour, s.judgeDue)
}

// judgeDue judges every brand that was not judged on this day of its own zone. One brand's failure does not keep the
// others waiting.
func (s *Service) judgeDue(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, a := range actors {
		day, _, err := getRun(ctx, s.DB, a.BrandID)
		if err == nil && day < s.today(a) {
			_, err = s.Judge(ctx, a)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// Ask puts a judgement of the actor's brand in the queue; asked several times before it runs, it runs once.
func (s *Service) Ask(ctx context.Context, actor authz.Actor) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.Jobs.Insert(ctx, tx, judgeJob{actor.BrandID})
	})
}

// Fresh tells the day and time of the last judgement, 0 when there was none.
func (s *Service) Fresh(ctx context.Context, brand id.ID) (clock.Day, clock.Ms, error) {
	return getRun(ctx, s.DB, brand)
}
