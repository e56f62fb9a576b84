package library

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// reach is what an actor may see: what lies in his units, and what is live in the units above them. With onlyUsable he sees
// nothing but what can be handed out today.
type reach struct {
	scope      authz.Scope
	above      []id.ID
	onlyUsable bool
	today      clock.Day
}

// reach works out what an actor may see. unit cuts it to what the units of a subtree own.
func (s *Service) reach(ctx context.Context, q db.Querier, actor authz.Actor, unit string) (reach, error) {
	r := reach{today: s.today()}
	perm := permRead
	if !actor.Can(permRead) {
		perm, r.onlyUsable = permUse, true
	}
	var err error
	if r.scope, err = s.Scopes.Scope(ctx, q, actor, perm, unit); err != nil || r.scope.All || unit != "" {
		return r, err
	}
	up, err := s.Scopes.Ancestors(ctx, q, actor.BrandID, r.scope.Roots, clock.Forever)
	if err != nil {
		return r, err
	}
	for _, list := range up {
		r.above = append(r.above, list...)
	}
	slices.Sort(r.above)
	r.above = slices.Compact(r.above)
	return r, nil
}

// usableNow is the condition of what can be handed out today, as far as the rows tell.
const usableNow = `i.live > 0 AND i.state <> 'out' AND i.verdict <> 'block' AND (i.verdict <> 'review' OR i.accepted = 'review')`

// where writes the condition on library_item i.
func (r reach) where(a *db.Args) string {
	w := r.scope.Where("i.unit_id", a)
	if len(r.above) > 0 {
		w = `(` + w + ` OR (i.live > 0 AND i.state <> 'out' AND i.unit_id IN ` + db.In(a, r.above) + `))`
	}
	if r.onlyUsable {
		w += ` AND ` + usableNow + ` AND i.expires_day >= ` + a.Add(int64(r.today))
	}
	return w
}

// sees tells whether one item is within reach, given the units above its unit.
func (r reach) sees(row *itemRow, ancestors []id.ID) bool {
	if r.onlyUsable && row.unusable(r.today) != "" {
		return false
	}
	return r.scope.Allows(ancestors) || row.Live > 0 && row.State != Out && slices.Contains(r.above, row.UnitID)
}

// visible reads an item that the actor may see. Errors: library.gone.
func (s *Service) visible(ctx context.Context, q db.Querier, actor authz.Actor, item id.ID) (itemRow, reach, error) {
	r, err := s.reach(ctx, q, actor, "")
	if err != nil {
		return itemRow{}, r, err
	}
	row, err := getItem(ctx, q, actor.BrandID, item)
	if db.NoRows(err) {
		return row, r, errGone()
	}
	if err != nil {
		return row, r, err
	}
	up, err := s.Scopes.Ancestors(ctx, q, actor.BrandID, []id.ID{row.UnitID}, clock.Forever)
	if err != nil {
		return row, r, err
	}
	if !r.sees(&row, up[row.UnitID]) {
		return row, r, errGone()
	}
	return row, r, nil
}

// may tells with org's own error whether the actor holds a permission on a unit.
func (s *Service) may(ctx context.Context, q db.Querier, actor authz.Actor, permission string, unit id.ID) error {
	if actor.Kind == authz.System {
		return nil
	}
	_, err := s.Scopes.Scope(ctx, q, actor, permission, unit.String())
	return err
}

// whole tells whether the actor holds a permission on the whole brand.
func (s *Service) whole(ctx context.Context, q db.Querier, actor authz.Actor, permission string) (bool, error) {
	if !actor.Can(permission) {
		return false, nil
	}
	scope, err := s.Scopes.Scope(ctx, q, actor, permission, "")
	return scope.All, err
}

func errGone() error { return errs.New(errs.NotFound, WhyGone) }
