package todo

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

func (s *Service) register(r *jobs.Registry) {
	jobs.Periodic(r, "todo.sweep", 15*time.Minute, s.Sweep)
}

// Sweep expires to-dos and tells managers of overdue ones, brand by brand; one brand's failure does not stop the others.
func (s *Service) Sweep(ctx context.Context) error {
	actors, err := s.People.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range actors {
		today := s.today(a)
		faults = append(faults, s.expire(ctx, a, today), s.escalate(ctx, a.BrandID, today))
	}
	return errors.Join(faults...)
}

func (s *Service) expire(ctx context.Context, actor authz.Actor, today clock.Day) error {
	for {
		items, err := selectExpired(ctx, s.DB, actor.BrandID, today, batch)
		if err != nil || len(items) == 0 {
			return err
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return s.turn(ctx, tx, actor.BrandID, items, closing{state: Expired, at: clock.MsOf(s.Clock.Now())})
		})
		if err != nil {
			return err
		}
	}
}

// escalate sums the overdue to-dos per manager first: a manager of many stores gets one notice.
func (s *Service) escalate(ctx context.Context, brand id.ID, today clock.Day) error {
	counts, err := countOverdue(ctx, s.DB, brand, today)
	if err != nil || len(counts) == 0 {
		return err
	}
	told := map[id.ID]int64{}
	for start := 0; start < len(counts); start += batch {
		part := counts[start:min(start+batch, len(counts))]
		units := make([]id.ID, 0, len(part))
		for _, c := range part {
			units = append(units, c.UnitID)
		}
		managers, err := s.People.ManagersOf(ctx, s.DB, brand, units)
		if err != nil {
			return err
		}
		for _, c := range part {
			for _, user := range managers[c.UnitID] {
				told[user] += c.N
			}
		}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.Notices.Overdue(ctx, tx, brand, today, told) })
	for more := true; more && err == nil; {
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := markEscalated(ctx, tx, brand, today, batch)
			more = n == batch
			return err
		})
	}
	return err
}
