package recall

import (
	"context"
	"errors"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// searchJob walks the texts of one recall.
type searchJob struct {
	BrandID  id.ID `json:"brand_id"`
	RecallID id.ID `json:"recall_id"`
}

// Kind names the job.
func (searchJob) Kind() string { return "recall.search" }

const watchEvery = 6 * time.Hour

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: time.Hour}, func(ctx context.Context, j searchJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.search(ctx, a, j.RecallID) })
	})
	jobs.Periodic(reg, "recall.watch", watchEvery, s.watch)
	jobs.SubscribeWith(reg, "recall", jobs.Options{Long: true, Timeout: time.Hour}, func(ctx context.Context, e event.ImportFinished) error {
		if e.State == "failed" {
			return nil
		}
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.look(ctx, a, false) })
	})
}

func (s *Service) forBrand(ctx context.Context, brand id.ID, fn func(authz.Actor) error) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	for _, a := range actors {
		if a.BrandID == brand {
			return fn(a)
		}
	}
	return nil // the brand is gone
}

// watch looks at every open recall of every brand from the beginning: old texts may have been edited. One brand's
// failure does not keep the others waiting.
func (s *Service) watch(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, a := range actors {
		failed = errors.Join(failed, s.look(ctx, a, true))
	}
	return failed
}

// look checks the unfinished items of a brand's open recalls and walks on through the texts that came in since, or
// through all of them.
func (s *Service) look(ctx context.Context, actor authz.Actor, all bool) error {
	rows, err := listRecalls(ctx, s.DB, authz.Scope{BrandID: actor.BrandID, All: true}, Open, 0, 1000)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.recheck(ctx, actor, r); err != nil {
			return err
		}
		if all {
			err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return moveTo(ctx, tx, actor.BrandID, r.ID, place{}) })
			if err != nil {
				return err
			}
		}
		if err := s.search(ctx, actor, r.ID); err != nil {
			return err
		}
	}
	return nil
}
