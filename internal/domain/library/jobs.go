package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// Register declares the room's work.
func (s *Service) Register(reg *jobs.Registry) {
	long := jobs.Options{Long: true, Timeout: 30 * time.Minute}
	jobs.PeriodicWith(reg, "library.recheck", 10*time.Minute, long, func(ctx context.Context) error { return s.eachBrand(ctx, s.Recheck) })
	jobs.PeriodicWith(reg, "library.measure", time.Hour, long, func(ctx context.Context) error {
		return s.eachBrand(ctx, func(ctx context.Context, a authz.Actor) error { return s.measureAll(ctx, a.BrandID) })
	})
	jobs.PeriodicWith(reg, "library.sweep", 6*time.Hour, long, func(ctx context.Context) error {
		return s.eachBrand(ctx, func(ctx context.Context, a authz.Actor) error { return s.sweepUploads(ctx, a.BrandID) })
	})
	s.registerPillars(reg)
}

// registerPillars declares the sorting of posts into pillars.
func (s *Service) registerPillars(reg *jobs.Registry) {
	long := jobs.Options{Long: true, Timeout: time.Hour}
	jobs.PeriodicWith(reg, "library.pillars_day", 10*time.Minute, long, func(ctx context.Context) error { return s.eachBrand(ctx, s.catchUp) })
	jobs.Work(reg, long, func(ctx context.Context, j pillarJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.catchUp(ctx, a) })
	})
	jobs.Work(reg, long, func(ctx context.Context, j pillarUsesJob) error {
		return s.forBrand(ctx, j.BrandID, func(a authz.Actor) error { return s.sortUses(ctx, a, j) })
	})
	jobs.Subscribe(reg, "library", func(ctx context.Context, e event.PostsChanged) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.hearPosts(ctx, a, e.PostIDs) })
	})
	jobs.Subscribe(reg, "library", func(ctx context.Context, e event.AccountsChanged) error {
		return s.forBrand(ctx, e.BrandID, func(a authz.Actor) error { return s.hearAccounts(ctx, a, e.AccountIDs) })
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

func (s *Service) eachBrand(ctx context.Context, fn func(context.Context, authz.Actor) error) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	for _, a := range actors {
		err = errors.Join(err, fn(ctx, a))
	}
	return err
}

const recheckPage = 200

// Recheck asks the rules again about live items that were checked by another version of them, and tells what can no longer
// be handed out: what the rules now refuse and what expired the day before. It goes on where it left off when it is
// interrupted, because what it saw carries the new version.
func (s *Service) Recheck(ctx context.Context, actor authz.Actor) error {
	v, err := s.Rules.Check(ctx, actor.BrandID, nil, Where{})
	if err != nil {
		return err
	}
	after := id.ID(0)
	for {
		rows, err := db.All[itemRow](ctx, s.DB, `SELECT `+itemColumns+` FROM library_item i WHERE i.brand_id = $1 AND i.id > $2 AND i.live > 0 AND i.state <> 'out' AND i.risk_version <> $3
			ORDER BY i.id LIMIT $4`, actor.BrandID, int64(after), v.Version, recheckPage)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return s.tellExpired(ctx, actor)
		}
		after = rows[len(rows)-1].ID
		if err := s.recheckPage(ctx, actor, rows); err != nil {
			return err
		}
	}
}

func (s *Service) recheckPage(ctx context.Context, actor authz.Actor, rows []itemRow) error {
	checks := make([]checkRow, len(rows))
	for i := range rows {
		v, err := getVersion(ctx, s.DB, actor.BrandID, rows[i].ID, rows[i].Live)
		if err != nil {
			return err
		}
		c, err := contentOf(v.Content)
		if err != nil {
			return err
		}
		verdict, err := s.examine(ctx, actor.BrandID, rows[i].Kind, &c)
		if err != nil {
			return err
		}
		checks[i] = checkOf(rows[i].ID, rows[i].Live, verdict, s.now())
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var turned []id.ID
		for i, c := range checks {
			r := &rows[i]
			n, err := tx.Exec(ctx, `UPDATE library_item SET verdict = $1, risk_version = $2 WHERE brand_id = $3 AND id = $4 AND live = $5`,
				string(c.Verdict), c.RiskVersion, actor.BrandID, r.ID, r.Live)
			if err != nil {
				return err
			}
			if was, is := allowed(r.Verdict, r.Accepted), allowed(c.Verdict, r.Accepted); n == 1 && was != is {
				turned = append(turned, r.ID)
				if !is {
					if err := s.tellStopped(ctx, tx, actor, r, NoticeStopped, fmt.Sprint(c.RiskVersion)); err != nil {
						return err
					}
				}
			}
		}
		if err := upsertChecks(ctx, tx, actor.BrandID, checks); err != nil || len(turned) == 0 {
			return err
		}
		return s.Jobs.Publish(ctx, tx, event.LibraryItemsChanged{BrandID: actor.BrandID, ItemIDs: turned})
	})
}

// tellExpired tells of live items whose last day was yesterday or, after a pause of the program, within the last week;
// a notice with the same key is sent once.
func (s *Service) tellExpired(ctx context.Context, actor authz.Actor) error {
	today := s.today()
	rows, err := db.All[itemRow](ctx, s.DB, `SELECT `+itemColumns+` FROM library_item i WHERE i.brand_id = $1 AND i.expires_day >= $2 AND i.expires_day < $3 AND i.live > 0 AND i.state <> 'out'
		ORDER BY i.expires_day, i.id LIMIT 1000`, actor.BrandID, int64(today.Add(-7)), int64(today))
	if err != nil || len(rows) == 0 {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var gone []id.ID
		for i := range rows {
			// The reason says that it was told; neither rev nor the day of change move, because nobody changed the item.
			n, err := tx.Exec(ctx, `UPDATE library_item SET reason = $1 WHERE brand_id = $2 AND id = $3 AND reason <> $1`, WhyExpired, actor.BrandID, rows[i].ID)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			gone = append(gone, rows[i].ID)
			if err := s.tellStopped(ctx, tx, actor, &rows[i], NoticeLapsed, rows[i].Expires.String()); err != nil {
				return err
			}
		}
		if len(gone) == 0 {
			return nil
		}
		return s.Jobs.Publish(ctx, tx, event.LibraryItemsChanged{BrandID: actor.BrandID, ItemIDs: gone})
	})
}

// tellStopped tells the author and those who decide that an item can no longer be handed out, and how many have it.
func (s *Service) tellStopped(ctx context.Context, tx *db.Tx, actor authz.Actor, r *itemRow, kind, when string) error {
	users, err := s.Outbox.Deciders(ctx, tx, actor.BrandID, r.UnitID)
	if err != nil {
		return err
	}
	if r.OwnerID != 0 {
		users = append(users, r.OwnerID)
	}
	told := map[id.ID]bool{}
	var list []Notice
	for _, u := range users {
		if !told[u] {
			told[u] = true
			list = append(list, Notice{u, kind, r.ID.String() + "/" + when, map[string]any{"title": r.Title, "uses": r.Uses}, itemLink(r.ID)})
		}
	}
	return s.Outbox.Tell(ctx, tx, actor.BrandID, list...)
}
