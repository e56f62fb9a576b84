package campaign

import (
	"context"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
)

// period gives how far a recurring campaign moves on.
func (r Recur) period(from clock.Ms, zone *time.Location) clock.Ms {
	t := from.Time().In(zone)
	switch r.Every {
	case "week":
		return clock.MsOf(t.AddDate(0, 0, 7)) - from
	case "month":
		return clock.MsOf(t.AddDate(0, 1, 0)) - from
	}
	return 0
}

// recurAll makes the next one of every recurring campaign whose period is over. The copy waits for approval: a campaign never goes
// out without anybody having said so.
func (s *Service) recurAll(ctx context.Context, actor authz.Actor) error {
	rows, err := inStates(ctx, s.DB, actor.BrandID, Running, Closed, Reviewed)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		by := r.plan.Recur.period(r.plan.StartsAt, zoneOf(actor))
		if by == 0 || r.RecurDay != 0 {
			continue
		}
		begins := r.plan.StartsAt + by
		until := r.plan.Recur.Until
		if begins-s.now() > escalateBefore*2 || until != 0 && begins.Day(zoneOf(actor)) > until {
			continue // two days before is early enough to check and approve it
		}
		if err := s.recur(ctx, actor, r, by); err != nil {
			return err
		}
	}
	return nil
}

// recur makes the next one in one transaction with the mark that it was made, so that it is made once.
func (s *Service) recur(ctx context.Context, actor authz.Actor, r *row, by clock.Ms) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := lockRow(ctx, tx, actor.BrandID, r.ID)
		if err != nil || now.RecurDay != 0 {
			return err
		}
		next := &row{ID: s.IDs.New(), UnitID: now.UnitID, State: Drafted, CreatedAt: s.now(), Creator: now.Creator, CreatedBy: now.CreatedBy, From: now.ID, plan: now.plan.again(by)}
		next.plan.Recur = now.plan.Recur
		for i := range next.plan.Tasks {
			next.plan.Tasks[i].ID = s.IDs.New()
		}
		if err := insertRow(ctx, tx, actor.BrandID, next); err != nil {
			return err
		}
		if err := s.audited(ctx, tx, actor, next, "campaign.created", nil); err != nil {
			return err
		}
		now.RecurDay = s.today(actor)
		if err := saveState(ctx, tx, actor.BrandID, now); err != nil {
			return err
		}
		unit := now.UnitID
		if unit == 0 {
			root, err := s.Units.Root(ctx, tx, actor.BrandID)
			if err != nil {
				return err
			}
			unit = root.ID
		}
		return s.Outbox.Ask(ctx, tx, actor.BrandID, Todo{
			Key: "recur/" + next.ID.String(), Object: next.ID, UnitID: unit, DueDay: next.plan.StartsAt.Day(zoneOf(actor)), Slug: "campaign.todo_recur",
			Params: map[string]any{"title": next.plan.Title}, Link: "/content/campaigns/" + next.ID.String(),
		})
	})
}
