package hit

import (
	"context"
	"errors"
	"slices"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// lookJob looks at everything of one brand.
type lookJob struct {
	BrandID id.ID `json:"brand_id"`
}

// Kind names the job.
func (lookJob) Kind() string { return "hit.look" }

// lookTime bounds one try of a look; what it did not reach is gone on with by the next.
const lookTime = 30 * time.Minute

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	long := jobs.Options{Long: true, Timeout: lookTime}
	jobs.Work(reg, jobs.Options{Long: true, Unique: true, Timeout: lookTime}, func(ctx context.Context, j lookJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.LookAtAll(ctx, a) })
	})
	jobs.PeriodicWith(reg, "hit.due", time.Hour, long, s.due)
	jobs.SubscribeWith(reg, "hit", long, func(ctx context.Context, e event.ImportFinished) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error {
			switch e.State {
			case "done":
				return s.LookAtImport(ctx, a, e.ImportID)
			case "undone": // which posts it spoke of is no longer known
				return s.LookAtAll(ctx, a)
			}
			return nil
		})
	})
	jobs.Subscribe(reg, "hit", func(ctx context.Context, e event.AccountsChanged) error {
		if !slices.Contains(e.What, "moved") {
			return nil
		}
		return s.follow(ctx, e.BrandID, e.AccountIDs)
	})
}

// due looks at brands that were never looked at, and forgets figures that are out of the window.
func (s *Service) due(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, a := range actors {
		failed = errors.Join(failed, s.dueOf(ctx, a))
	}
	return failed
}

func (s *Service) dueOf(ctx context.Context, a authz.Actor) error {
	before, err := s.lookedBefore(ctx, a.BrandID)
	if err != nil {
		return err
	}
	if !before {
		return s.LookAtAll(ctx, a)
	}
	set, err := s.settings(ctx, s.DB, a.BrandID)
	if err != nil {
		return err
	}
	_, err = s.DB.Exec(ctx, `DELETE FROM hit_figure WHERE brand_id = $1 AND published_day < $2`, a.BrandID, int64(s.today().Add(-set.WindowDays)))
	return err
}

// follow lets hits stand where their accounts are.
func (s *Service) follow(ctx context.Context, brand id.ID, accounts []id.ID) error {
	if len(accounts) == 0 {
		return nil
	}
	facts, err := s.Accounts.Facts(ctx, s.DB, brand, accounts)
	if err != nil {
		return err
	}
	ids := slices.Clone(accounts)
	slices.Sort(ids)
	rows := make([][]any, 0, len(ids))
	for _, x := range ids {
		if f, ok := facts[x]; ok {
			rows = append(rows, []any{int64(f.UnitID), int64(brand), int64(x)})
		}
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return db.Repeat(ctx, tx, `UPDATE hit_hit SET unit_id = $1 WHERE brand_id = $2 AND account_id = $3 AND account_id <> 0`, rows)
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
