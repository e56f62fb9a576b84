package recall

import (
	"context"
	"slices"
	"time"

	"kosmos/internal/base/authz"
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

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: time.Hour}, func(ctx context.Context, j searchJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.search(ctx, a, j.RecallID) })
	})
	s.subscribe(reg)
}

func (s *Service) subscribe(reg *jobs.Registry) {
	jobs.Subscribe(reg, "recall", func(ctx context.Context, e event.PostsChanged) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.hear(ctx, a, Post, e.PostIDs) })
	})
	jobs.Subscribe(reg, "recall", func(ctx context.Context, e event.AccountsChanged) error {
		if !slices.ContainsFunc(e.What, renames) {
			return nil
		}
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.hear(ctx, a, Profile, e.AccountIDs) })
	})
	jobs.SubscribeWith(reg, "recall", jobs.Options{Long: true, Timeout: 10 * time.Minute}, func(ctx context.Context, e event.ImportFinished) error {
		if e.State != "done" {
			return nil
		}
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.contradict(ctx, a) })
	})
}

// renames tells whether a kind of change may touch an account's name or whether it lives.
func renames(what string) bool {
	return what == "created" || what == "edited" || what == "status" || what == "removed"
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
