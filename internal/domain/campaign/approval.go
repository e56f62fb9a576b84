package campaign

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// wrote tells whether an actor wrote a campaign: made it, or changed its text last. What runs already was approved once, so
// only the last change counts there.
func (r *row) wrote(actor authz.Actor) bool {
	if actor.UserID == 0 { // the program itself
		return false
	}
	return r.EditedBy == actor.UserID || r.CreatedBy == actor.UserID && r.Version == 0
}

// others gives who else may approve a campaign.
func (s *Service) others(ctx context.Context, q db.Querier, actor authz.Actor, r *row) ([]Approver, error) {
	units := []id.ID{0}
	if r.UnitID != 0 {
		up, err := s.Scopes.Ancestors(ctx, q, actor.BrandID, []id.ID{r.UnitID}, clock.Forever)
		if err != nil {
			return nil, err
		}
		units = append(units, up[r.UnitID]...)
	} else {
		root, err := s.Units.Root(ctx, q, actor.BrandID)
		if err != nil {
			return nil, err
		}
		units = append(units, root.ID)
	}
	list, err := s.Approvers.Of(ctx, q, actor.BrandID, units)
	return slices.DeleteFunc(list, func(a Approver) bool {
		return a.UserID == actor.UserID || a.UserID == r.EditedBy || a.UserID == r.CreatedBy && r.Version == 0
	}), err
}

// sole says what an approval of one's own work means by the brand's rule. alone is true when it is allowed because nobody else
// could: that goes into the evidence. Errors: campaign.own_approval (naming who can), campaign.own_approval_nobody.
func (s *Service) sole(ctx context.Context, q db.Querier, actor authz.Actor, r *row, set *Settings) (alone bool, err error) {
	if !r.wrote(actor) {
		return false, nil
	}
	others, err := s.others(ctx, q, actor, r)
	switch {
	case err != nil:
		return false, err
	case len(others) > 0:
		return false, errs.New(errs.Precondition, "campaign.own_approval", "names", namesOf(others, actor.Lang))
	case set.Approval == ApproveOther:
		return false, errs.New(errs.Precondition, "campaign.own_approval_nobody")
	}
	return true, nil
}

// shownApprovers is how many are named.
const shownApprovers = 5

func namesOf(list []Approver, lang string) string {
	comma := "、"
	if lang == "en" {
		comma = ", "
	}
	names := make([]string, 0, shownApprovers)
	for _, a := range list[:min(len(list), shownApprovers)] {
		names = append(names, a.Name)
	}
	out := strings.Join(names, comma)
	if len(list) > shownApprovers {
		out += " …"
	}
	return out
}

// mayDecide tells whether a campaign waits for somebody like the actor: who may approve in its units. may is false, with the
// reason, when it waits for somebody else.
func (s *Service) mayDecide(ctx context.Context, actor authz.Actor, r *row) (decides, may bool, why *errs.Error, err error) {
	if !actor.Can(permApprove) {
		return false, false, nil, nil
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permApprove, "")
	if err != nil {
		return false, false, nil, err
	}
	if decides, err = s.owns(ctx, s.DB, scope, r.UnitID); err != nil || !decides {
		return false, false, nil, err
	}
	set, err := settingsOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return false, false, nil, err
	}
	_, err = s.sole(ctx, s.DB, actor, r, &set)
	if errors.As(err, &why) && why.Code == errs.Precondition {
		return true, false, why, nil
	}
	return true, err == nil, nil, err
}
