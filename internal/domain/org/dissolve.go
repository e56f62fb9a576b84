package org

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// CloseUnit closes a unit. Into takes over its children, members and accounts; without it the unit must be empty.
type CloseUnit struct {
	ID   id.ID
	Into id.ID
	Why  string
}

// Close closes an empty unit, or empties it into another one first. Needs org.write on the unit's parent and on Into.
// Errors: org.unit_not_empty (with what is left in it), and those of Move.
func (s *Service) Close(ctx context.Context, actor authz.Actor, in CloseUnit) (Unit, error) {
	return s.dissolve(ctx, actor, in, ActClosed)
}

// Merge moves everything of a unit into another one and closes it; its history stays.
// Errors: org.names_taken when both hold a unit of one name, and those of Move.
func (s *Service) Merge(ctx context.Context, actor authz.Actor, in CloseUnit) (Unit, error) {
	if in.Into == 0 {
		return Unit{}, errs.Bad().Field("into", "org.target_missing")
	}
	return s.dissolve(ctx, actor, in, ActMerged)
}

func (s *Service) dissolve(ctx context.Context, actor authz.Actor, in CloseUnit, act Action) (Unit, error) {
	why, err := cleanWhy(in.Why)
	if err != nil {
		return Unit{}, err
	}
	today := s.today(actor)
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		u, err := s.closable(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		var into Unit
		counts := map[string]int64{"units": u.AllUnits - 1, "members": u.Members, "accounts": u.Accounts}
		if in.Into != 0 {
			if into, err = s.empty(ctx, tx, actor, u, in.Into); err != nil {
				return err
			}
		} else if u.AllUnits > 1 || u.Members > 0 || u.Accounts > 0 {
			return errs.New(errs.Precondition, "org.unit_not_empty", "units", u.AllUnits-1, "members", u.Members, "accounts", u.Accounts)
		}
		if err := s.shut(ctx, tx, u, into.ID, today); err != nil {
			return err
		}
		c := change{
			Unit: u, Action: act, From: u.Path, To: into.Path, Day: today, Why: why, Verb: "org.close_unit", Counts: counts,
			Event: closing(u, into, today),
		}
		if act == ActMerged {
			c.Verb = "org.merge_unit"
		}
		return s.record(ctx, tx, actor, c)
	})
	if err != nil {
		return Unit{}, err
	}
	return unitByID(ctx, s.DB, actor.BrandID, in.ID)
}

func closing(u, into Unit, day clock.Day) jobs.Event {
	if into.ID != 0 {
		return event.OrgUnitMerged{BrandID: u.BrandID, FromID: u.ID, IntoID: into.ID, Day: int32(day)}
	}
	return event.OrgUnitClosed{BrandID: u.BrandID, UnitID: u.ID, Day: int32(day)}
}

func (s *Service) closable(ctx context.Context, tx *db.Tx, actor authz.Actor, unit id.ID) (Unit, error) {
	u, err := s.reach(ctx, tx, actor, "org.write", unit)
	if err != nil {
		return u, err
	}
	if u.ParentID == 0 {
		return u, errs.New(errs.Precondition, "org.root_fixed")
	}
	if u.Status != Open {
		return u, errs.New(errs.Precondition, "org.unit_closed", "unit", u.Name)
	}
	_, err = s.reach(ctx, tx, actor, "org.write", u.ParentID)
	return u, err
}

// empty gives the unit's children, members and accounts to the target.
func (s *Service) empty(ctx context.Context, tx *db.Tx, actor authz.Actor, u Unit, target id.ID) (into Unit, err error) {
	if into, err = s.reach(ctx, tx, actor, "org.write", target); err != nil {
		return into, err
	}
	switch {
	case into.ID == u.ID:
		return into, errs.New(errs.Precondition, "org.move_into_itself")
	case into.Status != Open:
		return into, errs.New(errs.Precondition, "org.unit_closed", "unit", into.Name)
	}
	today := s.today(actor)
	if u.AllUnits > 1 {
		r := relocation{Brand: u.BrandID, From: u, To: into, Day: today, Now: s.now()}
		if err := r.run(ctx, tx); err != nil {
			return into, err
		}
		if err := s.treeChanged(ctx, tx, u.BrandID, u.ID, today); err != nil {
			return into, err
		}
	}
	if err := s.moveAllMembers(ctx, tx, actor, u, into); err != nil {
		return into, err
	}
	if u.Accounts > 0 {
		if s.accounts == nil {
			return into, errs.New(errs.Precondition, "org.unit_not_empty", "units", 0, "members", 0, "accounts", u.Accounts)
		}
		if _, err := s.accounts.MoveUnitAccounts(ctx, tx, actor, u.ID, into.ID, today); err != nil {
			return into, err
		}
	}
	return into, nil
}

// shut marks an emptied unit closed; what was planned for it is cancelled.
func (s *Service) shut(ctx context.Context, tx *db.Tx, u Unit, into id.ID, today clock.Day) error {
	_, err := tx.Exec(ctx, `UPDATE org_unit SET status = 'closed', closed_day = $1, merged_into = $2, updated_ms = $3, version = version + 1
		WHERE brand_id = $4 AND id = $5`, int64(today), into, int64(s.now()), u.BrandID, u.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE org_move SET state = 'cancelled', done_ms = $1 WHERE brand_id = $2 AND state = 'planned' AND (unit_id = $3 OR to_id = $4)`,
		int64(s.now()), u.BrandID, u.ID, u.ID)
	if err != nil {
		return err
	}
	return addCounts(ctx, tx, u.BrandID, map[id.ID]counts3{u.ID: {units: -1}})
}

// Reopen opens a closed, not merged unit again where it lay. Needs org.write on its parent.
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, unit id.ID) (Unit, error) {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		u, err := s.reach(ctx, tx, actor, "org.write", unit)
		if err != nil {
			return err
		}
		parent, err := s.reach(ctx, tx, actor, "org.write", u.ParentID)
		if err != nil {
			return err
		}
		switch {
		case u.Status == Open:
			return errs.New(errs.Conflict, "org.unit_open", "unit", u.Name)
		case parent.Status != Open:
			return errs.New(errs.Precondition, "org.unit_closed", "unit", parent.Name)
		}
		u.Status, u.ClosedDay, u.MergedInto, u.UpdatedAt = Open, 0, 0, s.now()
		if err := updateUnit(ctx, tx, u); err != nil {
			return err
		}
		if err := addCounts(ctx, tx, u.BrandID, map[id.ID]counts3{u.ID: {units: 1}}); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, change{Unit: u, Action: ActReopened, To: u.Path, Day: s.today(actor), Verb: "org.reopen_unit"})
	})
	if err != nil {
		return Unit{}, err
	}
	return unitByID(ctx, s.DB, actor.BrandID, unit)
}
