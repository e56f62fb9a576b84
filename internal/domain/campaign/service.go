package campaign

import (
	"context"
	"strconv"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// Deps are what the room needs from the rest of the house.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	IDs       *id.Source
	Blobs     blob.Store // sealed: screenshots show people
	Jobs      *jobs.Client
	Audit     *audit.Log
	Scopes    Scopes
	Units     Units
	People    People
	Accounts  Accounts
	Posts     Posts
	Figures   Figures
	Rules     Rules
	Materials Materials
	Outbox    Outbox
	Evidence  Chain
	Brands    Brands
	Same      Sameness
	Approvers Approvers
	Cases     Cases
}

// Service is the room's use cases.
type Service struct {
	Deps
	texts memory
}

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d} }

const (
	permRead     = "campaign.read"
	permWrite    = "campaign.write"
	permApprove  = "campaign.approve"
	permNote     = "campaign.note"
	permReview   = "campaign.review"
	permRemind   = "campaign.remind"
	permDo       = "campaign.do"
	permSettings = "campaign.settings"
)

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

func (s *Service) today(actor authz.Actor) clock.Day { return s.now().Day(zoneOf(actor)) }

func revTag(rev int) string { return strconv.Itoa(rev) }

func errGone() error { return errs.New(errs.NotFound, "campaign.gone") }

// forBrand runs fn as the program in a brand; a brand that is gone has nothing to do.
func (s *Service) forBrand(ctx context.Context, brand id.ID, fn func(authz.Actor) error) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	for _, a := range actors {
		if a.BrandID == brand {
			return fn(a)
		}
	}
	return nil
}

// visible reads a campaign that the actor may see with a permission. The whole brand's are seen by everybody below once
// they are dispatched; drafts only by those whose unit they belong to.
func (s *Service) visible(ctx context.Context, q db.Querier, actor authz.Actor, permission string, campaign id.ID) (*row, authz.Scope, error) {
	scope, err := s.Scopes.Scope(ctx, q, actor, permission, "")
	if err != nil {
		return nil, scope, err
	}
	r, err := getRow(ctx, q, actor.BrandID, campaign)
	if db.NoRows(err) {
		return nil, scope, errGone()
	}
	if err != nil || scope.All {
		return r, scope, err
	}
	owns, err := s.owns(ctx, q, scope, r.UnitID)
	if err != nil || owns {
		return r, scope, err
	}
	if r.Version > 0 {
		some, err := hasAssignments(ctx, q, scope, campaign)
		if err != nil || some {
			return r, scope, err
		}
	}
	return nil, scope, errGone()
}

// owns tells whether a unit lies within a scope; 0 is the whole brand.
func (s *Service) owns(ctx context.Context, q db.Querier, scope authz.Scope, unit id.ID) (bool, error) {
	if scope.All || unit == 0 {
		return scope.All, nil
	}
	up, err := s.Scopes.Ancestors(ctx, q, scope.BrandID, []id.ID{unit}, clock.Forever)
	return scope.Allows(up[unit]), err
}

// locked reads, and holds until the transaction ends, a campaign that belongs to the actor's own units.
func (s *Service) locked(ctx context.Context, tx *db.Tx, actor authz.Actor, permission string, campaign id.ID) (*row, error) {
	scope, err := s.Scopes.Scope(ctx, tx, actor, permission, "")
	if err != nil {
		return nil, err
	}
	r, err := lockRow(ctx, tx, actor.BrandID, campaign)
	if db.NoRows(err) {
		return nil, errGone()
	}
	if err != nil {
		return nil, err
	}
	owns, err := s.owns(ctx, tx, scope, r.UnitID)
	if err == nil && !owns {
		err = errGone()
	}
	return r, err
}
