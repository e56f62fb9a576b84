package app

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/desk"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/health"
	"kosmos/internal/domain/hit"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/org"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/product"
	"kosmos/internal/domain/recall"
	"kosmos/internal/domain/reflow"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/todo"
)

// services are the rooms' services, plugged into each other.
type services struct {
	Identity *identity.Service
	Org      *org.Service
	Account  *account.Service
	Evidence *evidence.Service
	Post     *post.Service
	Insight  *insight.Service
	Reflow   *reflow.Service
	Notify   *notify.Service
	Todo     *todo.Service
	Health   *health.Service
	Recall   *recall.Service
	Risk     *risk.Service
	Desk     *desk.Service
	Library  *library.Service
	Product  *product.Service
	Campaign *campaign.Service
	Hit      *hit.Service
}

// wire makes the services and plugs what one needs of another.
func wire(b base, cursors *web.Cursors, dataDir string) services {
	var s services
	s.Org = org.New(org.Deps{DB: b.DB, Clock: b.Clock, IDs: b.IDs, Box: b.Seal, Audit: b.Audit, Events: b.Jobs})
	s.Identity = identity.New(identity.Deps{
		DB: b.DB, IDs: b.IDs, Clock: b.Clock, Box: b.Seal, Audit: b.Audit, Cursors: cursors,
		Units: identityUnits{s.Org}, Tree: s.Org, Members: identityUnits{s.Org},
	})
	s.Org.Serve(s.Identity)
	s.Evidence = newEvidence(b, s)
	s.Account = newAccount(b, s.Org, dataDir)
	s.Post, s.Insight = newFigures(b, s.Org, s.Account, dataDir)
	s.Reflow = newReflow(b, s)
	s.Notify = newNotify(b, s)
	s.Todo = newTodo(b, &s)
	s.Account.Tasks = accountTasks{s.Todo}
	s.Health = newHealth(b, s)
	s.Recall = newRecall(b, s)
	s.Risk = newRisk(b, s)
	s.Desk = newDesk(b, s)
	s.Library = newLibrary(b, s)
	s.Product = newProduct(b, s)
	s.Campaign = newCampaign(b, s)
	s.Hit = newHit(b, s)
	return s
}

// authenticate finds the caller of a request; perms is the table the caller's roles are read with.
func (s services) authenticate(perms *authz.Set) web.Authenticate {
	s.Identity.UsePermissions(perms)
	return s.Identity.Authenticate
}

// identityUnits is what identity asks of the organisation.
type identityUnits struct{ *org.Service }

// Describe implements identity.Units.
func (u identityUnits) Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]identity.Unit, error) {
	units, err := u.UnitsByID(ctx, q, brand, ids)
	out := make(map[id.ID]identity.Unit, len(units))
	for k, v := range units {
		out[k] = identity.Unit{ID: v.ID, Name: v.Name, Path: v.Path}
	}
	return out, err
}

// Find implements identity.Units.
func (u identityUnits) Find(ctx context.Context, q db.Querier, brand id.ID, path string) (id.ID, error) {
	unit, err := u.ResolvePath(ctx, q, brand, path)
	return unit.ID, err
}

// Member implements identity.Members.
func (u identityUnits) Member(ctx context.Context, q db.Querier, brand, member id.ID) (unit, user id.ID, err error) {
	found, err := u.MembersByID(ctx, q, brand, []id.ID{member})
	if err != nil {
		return 0, 0, err
	}
	m, ok := found[member]
	if !ok || m.Status != org.Active {
		return 0, 0, errs.New(errs.NotFound, "org.member_not_found")
	}
	return m.UnitID, m.UserID, nil
}
