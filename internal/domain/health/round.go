package health

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// The decisions of a clean-up round. Revive keeps the account; the others end it once proof is given.
const (
	Revive = "revive"
	Merge  = "merge"
	Hide   = "hide"
	Cancel = "cancel"
)

// The states of a round's item: pending → decided → proved. A decision may be changed until it is proved.
const (
	itemPending = "pending"
	itemDecided = "decided"
	itemProved  = "proved"
)

// OpenRound starts a clean-up round over the unit's subtree: every zombie of today becomes an item, its owner gets a
// to-do. name is unique per unit, e.g. "2026 Q4". Errors: health.round_name, health.round_due, health.round_exists,
// health.round_empty, those of Scope.
func (s *Service) OpenRound(ctx context.Context, actor authz.Actor, unit, name string, due clock.Day) (id.ID, error) {
	today := s.today(actor)
	bad := errs.Bad()
	if n := len([]rune(name)); n < 1 || n > 60 {
		bad.Field("name", "health.round_name")
	}
	if due <= today || due > today.Add(180) {
		bad.Field("due", "health.round_due")
	}
	if err := bad.OrNil(); err != nil {
		return 0, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, unit)
	if err != nil {
		return 0, err
	}
	root := id.ID(0)
	if !scope.All && len(scope.Roots) > 0 {
		root = scope.Roots[0]
	}
	rows, err := s.allZombies(ctx, actor.BrandID, scope)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, errs.New(errs.Precondition, "health.round_empty")
	}
	labels, err := labelsOf(ctx, s, actor.BrandID, rows)
	if err != nil {
		return 0, err
	}
	round := roundRow{ID: s.IDs.New(), Name: name, UnitID: root, State: stateOpen, Opened: today, Due: due, OpenedBy: actor.UserID, OpenedName: actor.Name}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putRound(ctx, tx, actor.BrandID, round); err != nil {
			return err
		}
		if err := putItems(ctx, tx, actor.BrandID, round.ID, rows); err != nil {
			return err
		}
		if err := s.Todos.Create(ctx, tx, actor.BrandID, cleanUpTodos(round, rows, labels)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "health.round_opened", UnitID: root, Kind: "round", Object: round.ID, Name: name, Counts: map[string]int64{"accounts": int64(len(rows))},
		})
	})
	if db.Violation(err) == "uq_health_round__unit_id__name" {
		return 0, errs.New(errs.Conflict, "health.round_exists", "name", name)
	}
	return round.ID, err
}

func cleanUpTodos(round roundRow, rows []scoreRow, labels map[id.ID]Label) []Todo {
	todos := make([]Todo, len(rows))
	for i, r := range rows {
		l := labels[r.AccountID]
		todos[i] = Todo{
			Kind: todoCleanUp, Object: r.AccountID, Key: round.ID.String() + "/" + r.AccountID.String(), UnitID: r.UnitID, MemberID: l.MemberID,
			Audience: "manager", DueDay: round.Due, Slug: "health.clean_up", Params: map[string]any{"handle": l.Handle, "round": round.Name},
			Link: "/matrix/health/rounds/" + round.ID.String(),
		}
		if l.MemberID != 0 {
			todos[i].Audience = "owner"
		}
	}
	return todos
}

func (s *Service) allZombies(ctx context.Context, brand id.ID, scope authz.Scope) ([]scoreRow, error) {
	var all []scoreRow
	var at Place
	for {
		rows, err := listScores(ctx, s.DB, brand, scoreFilter{Scope: scope, Cause: "any"}, at.Score, at.Account, judgeBatch)
		if err != nil || len(rows) == 0 {
			return all, err
		}
		all = append(all, rows...)
		last := rows[len(rows)-1]
		at = Place{last.Score, last.AccountID}
	}
}

// Decide records the owner's decision on an item, with the reason. Errors: health.decision_unknown,
// health.reason_missing, health.item_gone (not in an open round of the actor's scope, or already proved).
func (s *Service) Decide(ctx context.Context, actor authz.Actor, round, account id.ID, decision, reason string) error {
	switch decision {
	case Revive, Merge, Hide, Cancel:
	default:
		return errs.Bad().Field("decision", "health.decision_unknown")
	}
	if reason == "" && decision != Revive {
		return errs.Bad().Field("reason", "health.reason_missing")
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := decideItem(ctx, tx, scope, itemKey{round, account}, itemChange{decision, reason, actor.Name, clock.MsOf(s.Clock.Now())})
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.NotFound, "health.item_gone")
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "health.item_decided", Kind: "account", Object: account, After: map[string]any{"decision": decision, "reason": reason},
		})
	})
}

// Prove closes a decided item with proof (a link, or what was seen) and carries the decision out on the account.
// Errors: health.proof_missing, health.item_gone.
func (s *Service) Prove(ctx context.Context, actor authz.Actor, round, account id.ID, proof string) error {
	if proof == "" {
		return errs.Bad().Field("proof", "health.proof_missing")
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		decision, reason, err := proveItem(ctx, tx, scope, itemKey{round, account}, itemProof{proof, actor.Name, clock.MsOf(s.Clock.Now())})
		if db.NoRows(err) {
			return errs.New(errs.NotFound, "health.item_gone")
		}
		if err != nil {
			return err
		}
		if decision != Revive {
			if err := s.Accounts.Resolve(ctx, tx, actor, account, decision, reason); err != nil {
				return err
			}
		}
		if err := s.Todos.Settle(ctx, tx, actor.BrandID, todoCleanUp, []id.ID{account}, decision); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "health.item_proved", Kind: "account", Object: account, After: map[string]any{"decision": decision, "proof": proof},
		})
	})
}

// CloseRound ends a round; what is undecided stays a zombie and comes into the next one. Errors: health.round_gone.
func (s *Service) CloseRound(ctx context.Context, actor authz.Actor, round id.ID) error {
	if _, err := s.round(ctx, actor, permWrite, round); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE health_round SET state = 'closed', closed_day = $1 WHERE brand_id = $2 AND id = $3 AND state = 'open'`,
			s.today(actor), actor.BrandID, round)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "health.round_gone")
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "health.round_closed", Kind: "round", Object: round})
	})
}

// round reads a round whose unit lies in the actor's scope.
func (s *Service) round(ctx context.Context, actor authz.Actor, permission string, round id.ID) (roundRow, error) {
	gone := errs.New(errs.NotFound, "health.round_gone")
	r, err := getRound(ctx, s.DB, actor.BrandID, round)
	if db.NoRows(err) {
		return r, gone
	}
	if err != nil {
		return r, err
	}
	if _, err := s.Scopes.Scope(ctx, s.DB, actor, permission, r.UnitID.String()); err != nil {
		if c := errs.CodeOf(err); c == errs.NotFound || c == errs.Forbidden {
			return r, gone
		}
		return r, err
	}
	if _, all := actor.Roots(permission); r.UnitID == 0 && !all {
		return r, gone
	}
	return r, nil
}

// Round is a clean-up round with its progress.
type Round struct {
	ID                  id.ID
	Name                string
	UnitID              id.ID
	State               string
	Opened, Due, Closed clock.Day
	OpenedBy            string
	Counts              map[string]int64 // items by state, within the actor's scope
}

// Rounds lists the rounds that hold items of the actor's scope, newest first.
func (s *Service) Rounds(ctx context.Context, actor authz.Actor) ([]Round, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	rows, err := listRounds(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	out := []Round{}
	for _, r := range rows {
		counts, err := tallyItems(ctx, s.DB, actor.BrandID, r.ID, scope)
		if err != nil {
			return nil, err
		}
		if len(counts) == 0 {
			continue
		}
		x := Round{ID: r.ID, Name: r.Name, UnitID: r.UnitID, State: r.State, Opened: r.Opened, Due: r.Due, Closed: r.Closed, OpenedBy: r.OpenedName, Counts: map[string]int64{}}
		for _, c := range counts {
			x.Counts[c.Key] = c.Count
		}
		out = append(out, x)
	}
	return out, nil
}

// Item is one account of a round.
type Item struct {
	AccountID                  id.ID
	Label                      Label
	Cause                      Cause
	State, Decision, Reason    string
	DecidedBy, Proof, ProvedBy string
	DecidedAt, ProvedAt        clock.Ms
}

// ItemQuery asks for a page of a round's items: those of a state ("" = every), after an account.
type ItemQuery struct {
	Round id.ID
	State string
	After id.ID
	Limit int
}

// Items gives items of a round within the actor's scope, by account.
func (s *Service) Items(ctx context.Context, actor authz.Actor, q ItemQuery) ([]Item, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	rows, err := listItems(ctx, s.DB, actor.BrandID, scope, q)
	if err != nil {
		return nil, err
	}
	labels, err := labelsOf(ctx, s, actor.BrandID, rows)
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = Item{r.AccountID, labels[r.AccountID], r.Cause, r.State, r.Decision, r.Reason, r.DecidedBy, r.Proof, r.ProvedBy, r.DecidedAt, r.ProvedAt}
	}
	return out, err
}
