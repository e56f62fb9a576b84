package reflow

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/reflow/layout"
)

// Undo starts taking a finished import back; a job does it. Errors: reflow.wrong_state, reflow.roster_forbidden.
func (s *Service) Undo(ctx context.Context, actor authz.Actor, imp id.ID) (Import, error) {
	i, err := s.Get(ctx, actor, imp)
	if err != nil {
		return i, err
	}
	if i.Kind == layout.KindRoster && !actor.Can("account.import") {
		return i, errs.New(errs.Forbidden, "reflow.roster_forbidden")
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := setState(ctx, tx, i.BrandID, i.ID, i.State, Undoing)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.Conflict, "reflow.wrong_state", "state", string(i.State))
		}
		i.State = Undoing
		if err := s.audit(ctx, tx, actor, "reflow.undo", &i); err != nil {
			return err
		}
		return s.Jobs.Insert(ctx, tx, workJob{i.BrandID, i.ID})
	})
	return i, err
}

// takeBack removes what the import wrote, newest batch first, each in its own transaction, and ends in the given state.
func (s *Service) takeBack(ctx context.Context, i *Import, to State) error {
	actor, err := s.actorOf(ctx, i)
	if err != nil {
		return err
	}
	for {
		batch, err := lastBatch(ctx, s.DB, i)
		if err != nil {
			return err
		}
		if batch == 0 {
			break
		}
		err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := keepLease(ctx, tx, i, until(s.now())); err != nil {
				return err
			}
			deltas, err := s.Posts.Undo(ctx, tx, i.BrandID, []id.ID{batch}, zoneOf(actor))
			if err != nil {
				return err
			}
			if err := s.Figures.Add(ctx, tx, deltas); err != nil {
				return err
			}
			return dropBatch(ctx, tx, i, batch)
		})
		if err != nil {
			return err
		}
	}
	if i.Kind == layout.KindRoster {
		if err := s.takeRosterBack(ctx, actor, i); err != nil {
			return err
		}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := dropParts(ctx, tx, i); err != nil {
			return err
		}
		if err := s.Unofficial.DropProposals(ctx, tx, actor, i.ID); err != nil {
			return err
		}
		if err := endImport(ctx, tx, i, to, s.now()); err != nil {
			return err
		}
		return s.Jobs.Publish(ctx, tx, i.finished(to))
	})
	if err == nil {
		i.State = to
	}
	return err
}

// takeRosterBack undoes a roster; accounts that were used or changed since stay and are named as warnings.
func (s *Service) takeRosterBack(ctx context.Context, actor authz.Actor, i *Import) error {
	after := id.ID(0)
	for {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := keepLease(ctx, tx, i, until(s.now())); err != nil {
				return err
			}
			out, err := s.Roster.RosterUndo(ctx, tx, actor, i.ID, after)
			if err != nil {
				return err
			}
			faults := make([]Fault, 0, len(out.Kept))
			for _, k := range out.Kept {
				faults = append(faults, Fault{Column: string(k.Platform) + ":" + k.Handle, Slug: k.Slug, Params: paramsJSON(map[string]any{"account": string(k.Platform) + ":" + k.Handle}), Warning: true})
			}
			seq, err := countFaults(ctx, tx, i.BrandID, i.ID)
			if err != nil {
				return err
			}
			after = out.Next
			return addFaults(ctx, tx, i.BrandID, i.ID, seq, faults)
		})
		if err != nil || after == 0 {
			return err
		}
	}
}
