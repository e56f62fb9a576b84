package org

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Scope decides which units an actor may see for one use case. unit is "" (everything he may see), an id, or a path;
// "/" is the brand itself. It is the only maker of authz.Scope.
//
// Errors: org.forbidden when he holds the permission nowhere; org.unit_not_found for a unit that does not exist or
// lies outside (the two are not told apart).
func (s *Service) Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	if unit != "" {
		sc, _, err := s.ScopeUnit(ctx, q, actor, permission, unit)
		return sc, err
	}
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	if all {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	sc, _, err := s.ownScope(ctx, q, actor, roots, all)
	return sc, err
}

// ScopeUnit is Scope with the unit at the top: the one asked for, the actor's only root, or the zero Unit when he has
// several roots and asked for none.
func (s *Service) ScopeUnit(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, Unit, error) {
	roots, all := actor.Roots(permission)
	if !all && len(roots) == 0 {
		return authz.Scope{}, Unit{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	if unit == "" {
		sc, top, err := s.ownScope(ctx, q, actor, roots, all)
		if err != nil || top == 0 {
			return sc, Unit{}, err
		}
		u, err := unitByID(ctx, q, actor.BrandID, top)
		return sc, u, err
	}
	u, err := resolve(ctx, q, actor.BrandID, unit)
	if err != nil {
		return authz.Scope{}, Unit{}, err
	}
	if err := inside(ctx, q, actor, permission, u.ID); err != nil {
		return authz.Scope{}, Unit{}, err
	}
	if u.ParentID == 0 {
		return authz.Scope{BrandID: actor.BrandID, All: true}, u, nil
	}
	t, err := s.memo.at(ctx, q, actor.BrandID)
	if err != nil {
		return authz.Scope{}, Unit{}, err
	}
	sc, err := t.scope(ctx, q, actor.BrandID, []id.ID{u.ID})
	return sc, u, err
}

// ownScope is everything the actor may see, and the unit at its top when there is one.
func (s *Service) ownScope(ctx context.Context, q db.Querier, actor authz.Actor, roots []id.ID, all bool) (authz.Scope, id.ID, error) {
	t, err := s.memo.at(ctx, q, actor.BrandID)
	if err != nil {
		return authz.Scope{}, 0, err
	}
	if all || slices.Contains(roots, t.root) {
		return authz.Scope{BrandID: actor.BrandID, All: true}, t.root, nil
	}
	sc, err := t.scope(ctx, q, actor.BrandID, roots)
	switch {
	case err != nil || len(roots) > 1:
		return sc, 0, err
	case sc.Roots == nil:
		return sc, 0, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return sc, roots[0], nil
}

// below makes the scope of some subtrees, with the list of their units when it is short.
func below(ctx context.Context, q db.Querier, brand id.ID, roots []id.ID) (authz.Scope, error) {
	var a db.Args
	units, err := db.All[id.ID](ctx, q, `SELECT DISTINCT unit_id FROM org_closure WHERE brand_id = `+a.Add(brand)+
		` AND valid_to_day = 99991231 AND ancestor_id IN `+db.In(&a, roots)+` LIMIT `+a.Add(authz.SmallScope+1), a.Values...)
	if err != nil {
		return authz.Scope{}, err
	}
	if len(units) == 0 {
		return authz.Scope{BrandID: brand}, nil // an import made them and was undone: he sees nothing
	}
	sc := authz.Scope{BrandID: brand, Roots: roots}
	if len(units) <= authz.SmallScope {
		slices.Sort(units)
		sc.Units = units
	}
	return sc, nil
}

// inside tells with org.unit_not_found that the unit lies outside what the actor holds the permission on.
func inside(ctx context.Context, q db.Querier, actor authz.Actor, permission string, unit id.ID) error {
	roots, all := actor.Roots(permission)
	if all {
		return nil
	}
	up, err := ancestorsOf(ctx, q, actor.BrandID, []id.ID{unit}, clock.Forever)
	if err != nil {
		return err
	}
	if !(authz.Scope{Roots: roots}).Allows(up[unit]) {
		return errs.New(errs.NotFound, "org.unit_not_found")
	}
	return nil
}

// reach reads a unit that the actor holds the permission on.
func (s *Service) reach(ctx context.Context, q db.Querier, actor authz.Actor, permission string, unit id.ID) (Unit, error) {
	if !actor.Can(permission) {
		return Unit{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	u, err := unitByID(ctx, q, actor.BrandID, unit)
	if err != nil {
		return Unit{}, err
	}
	return u, inside(ctx, q, actor, permission, unit)
}

// resolve reads a unit parameter: an id, "/" for the brand, or a path. Names of digits only are still found as paths.
func resolve(ctx context.Context, q db.Querier, brand id.ID, unit string) (Unit, error) {
	if unit == "/" {
		root, err := rootOf(ctx, q, brand)
		if err != nil {
			return Unit{}, err
		}
		return unitByID(ctx, q, brand, root)
	}
	if n, err := id.Parse(unit); err == nil {
		u, err := unitByID(ctx, q, brand, n)
		if err == nil || errs.CodeOf(err) != errs.NotFound {
			return u, err
		}
	}
	names, slug := SplitPath(unit)
	if slug != "" {
		return Unit{}, errs.New(errs.NotFound, "org.unit_not_found")
	}
	path := ""
	for _, n := range names {
		path = joinPath(path, n)
	}
	return unitByPath(ctx, q, brand, path)
}

// ResolvePath finds an open unit by its path, within a brand and without asking who wants to know: for the command
// line and other rooms.
func (s *Service) ResolvePath(ctx context.Context, q db.Querier, brand id.ID, path string) (Unit, error) {
	return resolve(ctx, q, brand, path)
}

// Ancestors gives each unit's ancestors as of a day, itself first and the brand last; clock.Forever asks for today's
// tree.
func (s *Service) Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error) {
	return ancestorsOf(ctx, q, brand, units, day)
}

// UnitsByID reads units of a brand, closed ones too.
func (s *Service) UnitsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Unit, error) {
	return unitsByID(ctx, q, brand, ids)
}

// AddAccounts changes the number of open accounts of units and everything above them; account calls it in each
// transaction that opens, moves or ends accounts.
func (s *Service) AddAccounts(ctx context.Context, tx *db.Tx, brand id.ID, delta map[id.ID]int64) error {
	own := make(map[id.ID]counts3, len(delta))
	for u, n := range delta {
		own[u] = counts3{accounts: n}
	}
	return addCounts(ctx, tx, brand, own)
}
