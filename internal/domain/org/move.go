package org

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/event"
)

// MoveUnit hangs a subtree under another parent from a day on. Day 0 is today. An earlier day needs Reroll: the
// figures of the days since then are added up again.
type MoveUnit struct {
	ID       id.ID
	ParentID id.ID
	Day      clock.Day
	Reroll   bool
	Why      string
}

// Move carries a move out at once, or plans it when its day is still to come. Needs org.write on the unit's parent and
// on the new parent.
// Errors: org.unit_not_found, org.move_into_itself, org.move_to_same, org.path_too_deep, org.names_taken,
// org.move_backdated, org.move_before_another, org.move_too_far, org.move_already_planned, org.unit_closed, org.root_fixed.
func (s *Service) Move(ctx context.Context, actor authz.Actor, in MoveUnit) (Move, error) {
	today := s.today(actor)
	if in.Day == 0 {
		in.Day = today
	}
	if slug := dayFault(in.Day, today, in.Reroll); slug != "" {
		return Move{}, errs.New(errs.Precondition, slug, "day", in.Day.String())
	}
	why, err := cleanWhy(in.Why)
	if err != nil {
		return Move{}, err
	}
	m := Move{
		BrandID: actor.BrandID, ID: s.IDs.New(), UnitID: in.ID, ToID: in.ParentID, Day: in.Day, Why: why,
		ByID: actor.UserID, ByName: actor.Name, CreatedAt: s.now(),
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		u, to, err := s.movable(ctx, tx, actor, in.ID, in.ParentID)
		if err != nil {
			return err
		}
		m.FromID = u.ParentID
		if in.Day > today {
			return s.plan(ctx, tx, actor, &m, u, to)
		}
		m.State, m.DoneAt = MoveDone, s.now()
		if err := s.carryOut(ctx, tx, actor, m, u, to); err != nil {
			return err
		}
		return insertMove(ctx, tx, m)
	})
	return m, err
}

func cleanWhy(s string) (string, error) {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > maxWhy {
		return "", errs.Bad().Field("why", "org.too_long", "max", maxWhy)
	}
	return s, nil
}

// movable reads both ends of a move and refuses what needs no look at the rest of the tree.
func (s *Service) movable(ctx context.Context, tx *db.Tx, actor authz.Actor, unit, parent id.ID) (u, to Unit, err error) {
	if u, err = s.reach(ctx, tx, actor, "org.write", unit); err != nil {
		return u, to, err
	}
	if u.ParentID == 0 {
		return u, to, errs.New(errs.Precondition, "org.root_fixed")
	}
	if _, err = s.reach(ctx, tx, actor, "org.write", u.ParentID); err != nil {
		return u, to, err
	}
	if to, err = s.reach(ctx, tx, actor, "org.write", parent); err != nil {
		return u, to, err
	}
	switch {
	case u.ParentID == to.ID:
		err = errs.New(errs.Conflict, "org.move_to_same", "unit", to.Name)
	case u.Status != Open:
		err = errs.New(errs.Precondition, "org.unit_closed", "unit", u.Name)
	case to.Status != Open:
		err = errs.New(errs.Precondition, "org.unit_closed", "unit", to.Name)
	}
	return u, to, err
}

// plan keeps a move for its day, after checking that it would be possible today.
func (s *Service) plan(ctx context.Context, tx *db.Tx, actor authz.Actor, m *Move, u, to Unit) error {
	from, err := unitByID(ctx, tx, actor.BrandID, u.ParentID)
	if err != nil {
		return err
	}
	r := relocation{Brand: actor.BrandID, Top: u.ID, From: from, To: to, Day: m.Day}
	if err := r.load(ctx, tx); err != nil {
		return err
	}
	if err := r.check(ctx, tx); err != nil {
		return err
	}
	m.State = MovePlanned
	if err := insertMove(ctx, tx, *m); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, change{Unit: u, Action: ActPlanned, From: from.Path, To: to.Path, Day: m.Day, Why: m.Why, Verb: "org.plan_move"})
}

// carryOut moves the subtree in the store and tells everyone.
func (s *Service) carryOut(ctx context.Context, tx *db.Tx, actor authz.Actor, m Move, u, to Unit) error {
	from, err := unitByID(ctx, tx, actor.BrandID, u.ParentID)
	if err != nil {
		return err
	}
	r := relocation{Brand: actor.BrandID, Top: u.ID, From: from, To: to, Day: m.Day, Now: s.now()}
	if err := r.run(ctx, tx); err != nil {
		return err
	}
	if err := s.treeChanged(ctx, tx, actor.BrandID, u.ID, m.Day); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, change{
		Unit: u, Action: ActMoved, From: from.Path, To: to.Path, Day: m.Day, Why: m.Why, Verb: "org.move_unit",
		Counts: map[string]int64{"units": u.AllUnits, "members": u.AllMembers, "accounts": u.AllAccounts},
		Event: event.OrgUnitMoved{
			BrandID: actor.BrandID, MoveID: m.ID, UnitIDs: []id.ID{u.ID}, FromID: from.ID, ToID: to.ID,
			FromDay: int32(m.Day), Reroll: m.Day < s.today(actor),
		},
	})
}

// CancelMove takes a planned move back. Needs org.write on the unit.
func (s *Service) CancelMove(ctx context.Context, actor authz.Actor, unit id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		u, err := s.reach(ctx, tx, actor, "org.write", unit)
		if err != nil {
			return err
		}
		moves, err := plannedMoves(ctx, tx, actor.BrandID, unit)
		if err != nil {
			return err
		}
		if len(moves) == 0 {
			return errs.New(errs.NotFound, "org.move_not_planned")
		}
		m := moves[0]
		m.State, m.DoneAt = MoveCancelled, s.now()
		if got, err := finishMove(ctx, tx, m); err != nil || !got {
			return err
		}
		return s.record(ctx, tx, actor, change{Unit: u, Action: ActCancelled, Day: m.Day, Verb: "org.cancel_move"})
	})
}

// ApplyDueMoves carries out the planned moves of every brand whose day has come in the brand's own zone. A move that has become impossible is
// marked failed with its reason and stays on the unit's page; the others go on.
func (s *Service) ApplyDueMoves(ctx context.Context) error {
	actors, err := s.brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, actor := range actors {
		due, err := dueMoves(ctx, s.DB, actor.BrandID, s.today(actor))
		faults = append(faults, err)
		for _, m := range due {
			faults = append(faults, s.applyDue(ctx, actor, m))
		}
	}
	return errors.Join(faults...)
}

func (s *Service) applyDue(ctx context.Context, actor authz.Actor, m Move) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.lockTree(ctx, tx, m.BrandID); err != nil {
			return err
		}
		u, to, err := s.movable(ctx, tx, actor, m.UnitID, m.ToID)
		if err != nil {
			return err
		}
		m.FromID, m.State, m.DoneAt = u.ParentID, MoveDone, s.now()
		got, err := finishMove(ctx, tx, m)
		if err != nil || !got {
			return err
		}
		return s.carryOut(ctx, tx, actor, m, u, to)
	})
	if err == nil || errs.CodeOf(err) == errs.Internal {
		return err
	}
	m.State, m.Fault, m.DoneAt = MoveFailed, errs.SlugOf(err), s.now()
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := finishMove(ctx, tx, m); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "org.move_failed", UnitID: m.UnitID, Kind: "unit", Object: m.UnitID, After: map[string]string{"fault": m.Fault}})
	})
}
