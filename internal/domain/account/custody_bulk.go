package account

import (
	"context"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// bulkCustody is how many accounts one transaction of a bulk change of custody takes.
const bulkCustody = 250

// Turn is a status that an account has had since a day.
type Turn struct {
	AccountID id.ID
	To        Status
	Cause     string
	Since     clock.Day
}

// TurnAll is SetStatusSince for many accounts, for loading what happened elsewhere; each account once. It works in short
// transactions and stops at the first error. Errors: those of SetStatusSince.
func (s *Service) TurnAll(ctx context.Context, actor authz.Actor, turns []Turn) error {
	for part := range slices.Chunk(turns, bulkCustody) {
		ids := make([]id.ID, len(part))
		for i, t := range part {
			ids[i] = t.AccountID
		}
		err := s.custody(ctx, actor, custodyBatch{"account.status", PermEdit, ids}, func(_ context.Context, _ *db.Tx, i int, a Account) (*edit, error) {
			e := begin(a)
			err := s.turn(actor, e, part[i].To, part[i].Cause)
			e.After.StatusSince = min(part[i].Since, e.After.StatusSince)
			return e, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// HandOverAll is HandOver for many accounts that stay where they are; each account once. It works in short transactions
// and stops at the first error. Errors: those of HandOver.
func (s *Service) HandOverAll(ctx context.Context, actor authz.Actor, list []Handover) error {
	for part := range slices.Chunk(list, bulkCustody) {
		ids, to := make([]id.ID, len(part)), make([]id.ID, len(part))
		for i := range part {
			if err := part[i].check(); err != nil {
				return err
			}
			ids[i], to[i] = part[i].AccountID, part[i].ToMember
		}
		var people map[id.ID]Member
		err := s.custody(ctx, actor, custodyBatch{"account.handover", PermHandover, ids}, func(ctx context.Context, tx *db.Tx, i int, a Account) (_ *edit, err error) {
			if people == nil {
				if people, err = s.People.MembersByID(ctx, tx, actor.BrandID, to); err != nil {
					return nil, err
				}
			}
			if err := s.closeTasks(ctx, tx, a.BrandID, a.ID, "handover"); err != nil {
				return nil, err
			}
			return s.handedOver(a, part[i], people)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// custodyBatch is the accounts of one transaction, and what is done to them with which permission.
type custodyBatch struct {
	action, permission string
	ids                []id.ID
}

// custody changes the accounts of a batch in one transaction; fn makes the edit of ids[i].
func (s *Service) custody(ctx context.Context, actor authz.Actor, b custodyBatch, fn func(ctx context.Context, tx *db.Tx, i int, a Account) (*edit, error)) error {
	return s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		list, err := s.load(ctx, tx, actor, b.permission, b.ids)
		if err != nil {
			return err
		}
		by := make(map[id.ID]Account, len(list))
		for _, a := range list {
			by[a.ID] = a
		}
		edits := make([]*edit, len(b.ids))
		for i, x := range b.ids {
			a, ok := by[x]
			if !ok {
				return errs.New(errs.NotFound, "account.not_found")
			}
			if edits[i], err = fn(ctx, tx, i, a); err != nil {
				return err
			}
		}
		n, err := s.write(ctx, tx, actor, edits)
		if err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: b.action, Counts: map[string]int64{"changed": int64(n)}})
	})
}
