package reflow

import (
	"context"
	"errors"
	"time"

	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// keepFiles is how long uploaded files are kept.
const keepFiles = 90 * 24 * time.Hour

// workJob does what one import's state asks for: apply, undo or take back.
type workJob struct {
	BrandID  id.ID `json:"brand_id"`
	ImportID id.ID `json:"import_id"`
}

// Kind names the job.
func (workJob) Kind() string { return "reflow.work" }

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: 2 * time.Hour, MaxAttempts: 5}, s.workOn)
	jobs.Periodic(reg, "reflow.recover", 30*time.Second, s.recover)
	jobs.PeriodicWith(reg, "reflow.expire", 24*time.Hour, jobs.Options{Timeout: 10 * time.Minute}, s.expire)
}

// workOn runs one import. An import that failed for a reason of its own has said so in its row; trying again would not
// help, so the job is done.
func (s *Service) workOn(ctx context.Context, j workJob) error {
	i, err := getImport(ctx, s.DB, j.BrandID, j.ImportID)
	if errs.CodeOf(err) == errs.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.work(ctx, &i, false, nil)
	if errors.Is(err, errLeaseLost) || i.State == Failed {
		return nil
	}
	return err
}

// recover puts imports that nobody works on, because their process died, back into the queue.
func (s *Service) recover(ctx context.Context) error {
	brands, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	for _, b := range brands {
		list, err := stale(ctx, s.DB, b.BrandID, s.now())
		if err != nil {
			return err
		}
		for _, i := range list {
			err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				return s.Jobs.Insert(ctx, tx, workJob{i.BrandID, i.ID})
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// expire forgets files that were kept long enough; what they said stays.
func (s *Service) expire(ctx context.Context) error {
	brands, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	before := s.now() - clock.Ms(keepFiles/time.Millisecond)
	for _, b := range brands {
		list, err := expired(ctx, s.DB, b.BrandID, before)
		if err != nil {
			return err
		}
		for _, i := range list {
			err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return forgetBlob(ctx, tx, i.BrandID, i.ID) })
			if err != nil {
				return err
			}
			if err := s.Blobs.Delete(ctx, blob.Key(i.BlobKey)); err != nil {
				return err
			}
		}
	}
	return nil
}
