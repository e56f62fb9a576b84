package account

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/event"
)

// write settles and stores a batch of edits: rows, places, counts, custody, observers and one event. Every change of
// an account goes through here; at most RosterCall edits a call. It returns how many really changed.
// Errors: account.handle_taken, account.external_taken.
func (s *Service) write(ctx context.Context, tx *db.Tx, actor authz.Actor, edits []*edit) (int, error) {
	changed, err := s.settleAll(ctx, tx, actor, edits)
	if err != nil || len(changed) == 0 {
		return 0, err
	}
	slices.SortFunc(changed, func(a, b *edit) int { return cmpID(a.After.ID, b.After.ID) })
	tx.AfterCommit(func() { s.labels.forget(actor.BrandID) })
	now, today := s.now(), s.today(actor)
	var saved []Account
	var gone []id.ID
	for _, e := range changed {
		if e.Removed {
			gone = append(gone, e.After.ID)
			continue
		}
		e.After.UpdatedAt = now
		if e.Before != nil {
			e.After.Rev++
		}
		saved = append(saved, e.After)
	}
	if err := s.checkTaken(ctx, tx, changed); err != nil {
		return 0, err
	}
	if err := saveAccounts(ctx, tx, saved); err != nil {
		return 0, taken(err)
	}
	if err := removeAccounts(ctx, tx, actor.BrandID, gone); err != nil {
		return 0, err
	}
	if err := s.savePlaces(ctx, tx, changed, today); err != nil {
		return 0, err
	}
	if err := s.recount(ctx, tx, actor.BrandID, changed); err != nil {
		return 0, err
	}
	if err := s.noteCustody(ctx, tx, actor, changed); err != nil {
		return 0, err
	}
	return len(changed), s.tell(ctx, tx, actor.BrandID, changed, today)
}

func cmpID(a, b id.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (s *Service) settleAll(ctx context.Context, tx *db.Tx, actor authz.Actor, edits []*edit) ([]*edit, error) {
	units, err := s.unitsOf(ctx, tx, actor.BrandID, edits)
	if err != nil {
		return nil, err
	}
	today := s.today(actor)
	def, err := s.leagueAt(ctx, tx, actor.BrandID, today)
	if err != nil {
		return nil, err
	}
	changed := edits[:0:0]
	for _, e := range edits {
		if e.Removed {
			e.add(Removed)
			changed = append(changed, e)
			continue
		}
		if s.settle(e, units, def, today) || len(e.Notes) > 0 {
			changed = append(changed, e)
		}
	}
	return changed, nil
}

// unitsOf finds the units of new and moved accounts with the city they lie in, which is looked for once per unit and
// not per account; the city of an account that stays put is known.
func (s *Service) unitsOf(ctx context.Context, q db.Querier, brand id.ID, edits []*edit) (map[id.ID]Unit, error) {
	var ids []id.ID
	for _, e := range edits {
		if !e.Removed && (e.Before == nil || e.Before.UnitID != e.After.UnitID) {
			ids = append(ids, e.After.UnitID)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // an empty map reads the same
	}
	units, err := s.Units.UnitsByID(ctx, q, brand, ids)
	for k, u := range units {
		u.City = s.cityOf(u)
		units[k] = u
	}
	return units, err
}

// taken names the unique index an insert broke. Inside the gate this happens only when checkTaken was by-passed.
func taken(err error) error {
	switch db.Violation(err) {
	case "uq_account_account__platform__handle_norm":
		return errs.Wrap(errs.Conflict, "account.handle_taken", err)
	case "uq_account_account__platform__external_id":
		return errs.Wrap(errs.Conflict, "account.external_taken", err)
	}
	return err
}

// checkTaken finds handles and external ids that belong to another account before the store refuses them: a failed
// statement would end a PostgreSQL transaction.
func (s *Service) checkTaken(ctx context.Context, q db.Querier, edits []*edit) error {
	for _, e := range edits {
		a, b := &e.After, e.Before
		if e.Removed || e.Before == nil && a.ImportID != 0 {
			continue // imports have looked already
		}
		if b == nil || b.HandleNorm != a.HandleNorm {
			if other, err := byHandle(ctx, q, a.BrandID, a.Platform, a.HandleNorm); err != nil {
				return err
			} else if other != 0 && other != a.ID {
				return errs.New(errs.Conflict, "account.handle_taken", "handle", a.Handle, "account", other.String())
			}
		}
		if a.ExternalID != "" && (b == nil || b.ExternalID != a.ExternalID) {
			if other, err := byExternal(ctx, q, a.BrandID, a.Platform, a.ExternalID); err != nil {
				return err
			} else if other != 0 && other != a.ID {
				return errs.New(errs.Conflict, "account.external_taken", "external_id", a.ExternalID, "account", other.String())
			}
		}
	}
	return nil
}

// recount moves the counts by unit × platform × kind × status, here and in the tree.
func (s *Service) recount(ctx context.Context, tx *db.Tx, brand id.ID, edits []*edit) error {
	delta := map[countKey]int64{}
	units := map[id.ID]int64{}
	book := func(a *Account, n int64) {
		delta[countKey{a.UnitID, a.Platform, a.Kind, a.Status}] += n
		if !a.Status.Ended() {
			units[a.UnitID] += n
		}
	}
	for _, e := range edits {
		if e.Before != nil {
			book(e.Before, -1)
		}
		if !e.Removed {
			book(&e.After, 1)
		}
	}
	if err := addCounts(ctx, tx, brand, delta); err != nil {
		return err
	}
	for u, n := range units {
		if n == 0 {
			delete(units, u)
		}
	}
	if len(units) == 0 {
		return nil
	}
	return s.Units.AddAccounts(ctx, tx, brand, units)
}

// tell informs the observers within the transaction and publishes the event for those who may lag.
func (s *Service) tell(ctx context.Context, tx *db.Tx, brand id.ID, edits []*edit, today clock.Day) error {
	changes := make([]Change, 0, len(edits))
	e := event.AccountsChanged{BrandID: brand, Day: int32(today)}
	for _, x := range edits {
		c := Change{ID: x.After.ID, Day: today, What: x.What}
		if x.Before != nil {
			c.Before = x.Before.fact()
		}
		if !x.Removed {
			c.After = x.After.fact()
		}
		if len(c.What) == 0 {
			continue
		}
		changes = append(changes, c)
		e.AccountIDs = append(e.AccountIDs, c.ID)
		for _, w := range c.What {
			if !slices.Contains(e.What, string(w)) {
				e.What = append(e.What, string(w))
			}
		}
	}
	if len(changes) == 0 {
		return nil
	}
	for _, o := range s.Observers {
		if err := o.AccountsChanged(ctx, tx, brand, changes); err != nil {
			return err
		}
	}
	slices.Sort(e.What)
	if s.Jobs == nil {
		return nil
	}
	for ids := range slices.Chunk(e.AccountIDs, idsPerStatement) {
		e.AccountIDs = ids
		if err := s.Jobs.Publish(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}
