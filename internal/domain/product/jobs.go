package product

import (
	"context"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// checkJob walks the texts for one check.
type checkJob struct {
	BrandID id.ID `json:"brand_id"`
	CheckID id.ID `json:"check_id"`
}

// Kind names the job.
func (checkJob) Kind() string { return "product.check" }

// applyJob writes an import.
type applyJob struct {
	BrandID  id.ID `json:"brand_id"`
	ImportID id.ID `json:"import_id"`
}

// Kind names the job.
func (applyJob) Kind() string { return "product.apply" }

// takeBackJob takes an import back.
type takeBackJob struct {
	BrandID  id.ID `json:"brand_id"`
	ImportID id.ID `json:"import_id"`
}

// Kind names the job.
func (takeBackJob) Kind() string { return "product.take_back" }

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	long := jobs.Options{Long: true, Unique: true, Timeout: time.Hour}
	jobs.Work(reg, long, func(ctx context.Context, j checkJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.check(ctx, a, j.CheckID) })
	})
	jobs.Work(reg, long, func(ctx context.Context, j applyJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.apply(ctx, a, j.ImportID) })
	})
	jobs.Work(reg, long, func(ctx context.Context, j takeBackJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.takeBack(ctx, a, j.ImportID) })
	})
	jobs.Periodic(reg, "product.day_turn", 10*time.Minute, func(ctx context.Context) error {
		actors, err := s.Brands.SystemActors(ctx)
		if err != nil {
			return err
		}
		for _, a := range actors {
			if err := s.turnDay(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
	s.subscribe(reg)
}

func (s *Service) subscribe(reg *jobs.Registry) {
	jobs.Subscribe(reg, "product", func(ctx context.Context, e event.PostsChanged) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.hear(ctx, a, e.PostIDs) })
	})
	jobs.Subscribe(reg, "product", func(ctx context.Context, e event.LibraryItemsChanged) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.hearTemplates(ctx, a) })
	})
	jobs.SubscribeWith(reg, "product", jobs.Options{Long: true, Timeout: 10 * time.Minute}, func(ctx context.Context, e event.ImportFinished) error {
		if e.State != "done" {
			return nil
		}
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.contradict(ctx, a) })
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
