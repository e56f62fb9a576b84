package account

import (
	"context"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/org"
)

// OrgSide answers for org: it implements Units, People and ImportUndoer over the organisation's service.
type OrgSide struct {
	org *org.Service
}

// OverOrg makes an OrgSide.
func OverOrg(o *org.Service) *OrgSide { return &OrgSide{o} }

func unitOf(u org.Unit) Unit {
	city, _ := strconv.Atoi(u.City) // empty or an adcode, org checks it
	return Unit{ID: u.ID, ParentID: u.ParentID, Kind: string(u.Kind), Name: u.Name, Path: u.Path, City: city, StoreType: u.StoreType, Open: u.Status == org.Open}
}

// Scope implements Units.
func (o *OrgSide) Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	return o.org.Scope(ctx, q, actor, permission, unit)
}

// Find implements Units.
func (o *OrgSide) Find(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (Unit, error) {
	_, u, err := o.org.ScopeUnit(ctx, q, actor, permission, unit)
	return unitOf(u), err
}

// UnitsByID implements Units.
func (o *OrgSide) UnitsByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Unit, error) {
	found, err := o.org.UnitNames(ctx, q, brand, ids)
	out := make(map[id.ID]Unit, len(found))
	for k, u := range found {
		city, _ := strconv.Atoi(u.City) // as in unitOf
		out[k] = Unit{ID: u.ID, ParentID: u.ParentID, Kind: string(u.Kind), Name: u.Name, Path: u.Path, City: city, StoreType: u.StoreType, Open: u.Status == org.Open}
	}
	return out, err
}

// Tree implements Units: the open units whose subtree lies in the scope, parents before children.
func (o *OrgSide) Tree(ctx context.Context, q db.Querier, scope authz.Scope) ([]Unit, error) {
	all, err := o.org.Tree(ctx, q, scope.BrandID)
	if err != nil {
		return nil, err
	}
	in := make(map[id.ID]bool, len(all))
	for _, r := range scope.Roots {
		in[r] = true
	}
	out := make([]Unit, 0, len(all))
	for _, u := range all {
		if scope.All || in[u.ID] || in[u.ParentID] {
			in[u.ID] = true
			out = append(out, unitOf(u))
		}
	}
	return out, nil
}

// EnsurePaths implements Units.
func (o *OrgSide) EnsurePaths(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, paths []PathWant) (PathsFound, error) {
	specs := make([]org.PathSpec, len(paths))
	for i, p := range paths {
		specs[i] = org.PathSpec{Path: p.Path, Kind: p.Kind}
	}
	results, err := o.org.EnsurePaths(ctx, tx, actor, importID, specs)
	if err != nil {
		return PathsFound{}, err
	}
	out := PathsFound{Units: make(map[string]Unit, len(paths)), Faults: map[string]Fault{}}
	ids := make([]id.ID, 0, len(results))
	for i, r := range results {
		if r.Slug != "" {
			out.Faults[paths[i].Path] = Fault{Column: r.Column, Slug: r.Slug, Params: r.Params}
		} else {
			ids = append(ids, r.UnitID)
		}
	}
	units, err := o.UnitsByID(ctx, tx, actor.BrandID, unique(ids))
	for i, r := range results {
		if r.Slug == "" {
			u := units[r.UnitID]
			u.Made = r.Created
			out.Units[paths[i].Path] = u
		}
	}
	return out, err
}

// AddAccounts implements Units.
func (o *OrgSide) AddAccounts(ctx context.Context, tx *db.Tx, brand id.ID, delta map[id.ID]int64) error {
	return o.org.AddAccounts(ctx, tx, brand, delta)
}

// MembersByID implements People.
func (o *OrgSide) MembersByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Member, error) {
	found, err := o.org.MembersByID(ctx, q, brand, ids)
	out := make(map[id.ID]Member, len(found))
	for k, m := range found {
		out[k] = Member{ID: m.ID, UnitID: m.UnitID, Name: m.Name, Active: m.Status == org.Active}
	}
	return out, err
}

// ReadMember implements People.
func (o *OrgSide) ReadMember(brand id.ID, row MemberWant) (MemberReady, error) {
	return o.org.ReadMember(brand, org.MemberRow{Name: row.Name, Phone: row.Phone, Role: row.Role})
}

// UpsertMembers implements People.
func (o *OrgSide) UpsertMembers(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, rows []MemberWant) ([]MemberFound, error) {
	in := make([]org.MemberRow, len(rows))
	for i, r := range rows {
		in[i] = org.MemberRow{UnitID: r.UnitID, NewUnit: r.NewUnit, Name: r.Name, Phone: r.Phone, Role: r.Role}
		in[i].Ready, _ = r.Ready.(*org.ReadyMember)
	}
	results, err := o.org.UpsertMembers(ctx, tx, actor, importID, in)
	if err != nil {
		return nil, err
	}
	out := make([]MemberFound, len(results))
	for i, r := range results {
		if r.Outcome == org.Failed {
			out[i].Fault = &Fault{Column: r.Column, Slug: r.Slug, Params: r.Params}
			continue
		}
		out[i] = MemberFound{ID: r.MemberID, Name: rows[i].Name}
	}
	return out, nil
}

// UndoImport implements ImportUndoer: members somebody still answers with for an account stay.
func (o *OrgSide) UndoImport(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID) error {
	_, _, err := o.org.UndoImport(ctx, tx, actor, importID, func(ctx context.Context, tx *db.Tx, members []id.ID) (map[id.ID]bool, error) {
		list, err := ofMembers(ctx, tx, actor.BrandID, members)
		used := map[id.ID]bool{}
		for _, a := range list {
			used[a.MemberID] = true
		}
		return used, err
	})
	if errs.Is(err, "org.forbidden") {
		return nil // who may import accounts but not write the tree made no units
	}
	return err
}
