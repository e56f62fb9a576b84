package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// Account is an account as the desk needs it.
type Account struct {
	ID           id.ID
	Platform     string
	Handle, Name string
	UnitID       id.ID
	UnitPath     string
	MemberID     id.ID
	Member       string
}

// Accounts knows the social accounts; account provides it.
type Accounts interface {
	// Labels names accounts, whoever asks.
	Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Account, error)
	// OfMember lists the accounts that a member looks after.
	OfMember(ctx context.Context, q db.Querier, brand, member id.ID) ([]Account, error)
	// InScope keeps the accounts that lie where the actor holds the permission.
	InScope(ctx context.Context, q db.Querier, actor authz.Actor, permission string, ids []id.ID) ([]id.ID, error)
}

// Person is somebody who may sign in.
type Person struct {
	ID   id.ID  `json:"id"`
	Name string `json:"name"`
}

// People knows who is who; identity and org provide it.
type People interface {
	// HomeOf gives the unit of a member, or the brand itself for member 0.
	HomeOf(ctx context.Context, q db.Querier, brand, member id.ID) (id.ID, error)
	// UnitPaths names units.
	UnitPaths(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID]string, error)
	// Holders lists the people who hold one of the roles, wherever.
	Holders(ctx context.Context, q db.Querier, brand id.ID, roles []authz.Role) ([]Person, error)
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Elsewhere is a published text that says the same or nearly the same.
type Elsewhere struct {
	PostID    id.ID
	AccountID id.ID
	UnitID    id.ID
	Platform  string
	Handle    string
	Member    string
	Text      string
	Score     float64
	At        clock.Ms
}

// Checked is where a text stands, for its check.
type Checked struct {
	Platform, Kind string
	Day            clock.Day
}

// Rules judges texts; risk provides it.
type Rules interface {
	// Check gives the verdict on texts by the brand's rules.
	Check(ctx context.Context, brand id.ID, texts []Text, c Checked) (Verdict, error)
	// SameText finds published texts like this one.
	SameText(ctx context.Context, brand id.ID, text string, limit int) ([]Elsewhere, error)
	// Opine takes a reviewer's words on findings of a submission.
	Opine(ctx context.Context, tx *db.Tx, actor authz.Actor, submission id.ID, marks []Mark) error
}

// Step is a decisive act for the evidence chain.
type Step struct {
	Unit   id.ID
	Kind   string
	Of     string // what Object is; "" for a submission
	Object id.ID
	Actor  authz.Actor
	Body   map[string]any
	Texts  map[string]string // personal or free texts
}

// Evidence keeps decisive acts; evidence provides it.
type Evidence interface {
	// Append is the last act of a transaction.
	Append(ctx context.Context, tx *db.Tx, brand id.ID, steps ...Step) error
}

// Notice tells one person what happened.
type Notice struct {
	UserID id.ID
	Kind   string
	Key    string
	Params map[string]any
	Link   string
}

// Todo is something that a person has to do about a submission.
type Todo struct {
	Kind, Key string
	Object    id.ID
	Unit      id.ID
	User      id.ID
	Slug      string
	Params    map[string]any
	Link      string
	Due       clock.Day
}

// Outbox reaches people; notify and todo provide it.
type Outbox interface {
	// Tell sends notices of one kind each.
	Tell(ctx context.Context, tx *db.Tx, brand id.ID, notices ...Notice) error
	// Ask puts to-dos on people's lists.
	Ask(ctx context.Context, tx *db.Tx, brand id.ID, todos ...Todo) error
	// Settle closes the to-dos of a kind about a submission.
	Settle(ctx context.Context, tx *db.Tx, brand id.ID, kind string, submission id.ID) error
}

// Deps are what the room needs of the house.
type Deps struct {
	DB       *db.DB
	IDs      *id.Source
	Clock    clock.Clock
	Jobs     *jobs.Client
	Audit    *audit.Log
	Blobs    blob.Store
	Reader   Reader
	Scopes   Scopes
	Accounts Accounts
	People   People
	Rules    Rules
	Evidence Evidence
	Outbox   Outbox
}

// Service runs the desk.
type Service struct {
	Deps
	decoding chan struct{} // held by who decodes an uploaded image
}

// New makes a Service.
func New(d Deps) *Service { return &Service{d, make(chan struct{}, 1)} }

const (
	permSubmit    = "desk.submit"
	permSubmitFor = "desk.submit_for"
	permRead      = "desk.read"
	permReview    = "desk.review"
	permSettings  = "desk.settings"
)

// ObjectName names a submission in the evidence chain.
const ObjectName = "submission"

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

func zoneOf(actor authz.Actor) *time.Location {
	if actor.Zone == nil {
		return clock.Shanghai()
	}
	return actor.Zone
}

// Settings gives the brand's rules of the desk.
func (s *Service) Settings(ctx context.Context, brand id.ID) (Settings, error) {
	return s.settings(ctx, s.DB, brand)
}

func (s *Service) settings(ctx context.Context, q db.Querier, brand id.ID) (Settings, error) {
	set := Defaults()
	raw, err := selectSettings(ctx, q, brand)
	if err != nil || raw == "" {
		return set, err
	}
	if err := json.Unmarshal([]byte(raw), &set); err != nil {
		return set, fmt.Errorf("desk: settings: %w", err)
	}
	return set, nil
}

// SetSettings changes the brand's rules of the desk. Only who reviews the whole brand may. Errors: those of check;
// "desk.whole_brand".
func (s *Service) SetSettings(ctx context.Context, actor authz.Actor, set Settings) error {
	if err := set.check(); err != nil {
		return err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permSettings, "")
	if err != nil {
		return err
	}
	if !scope.All {
		return errs.New(errs.Forbidden, "desk.whole_brand")
	}
	raw, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := s.settings(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if err := putSettings(ctx, tx, actor.BrandID, string(raw), actor.Name, s.now()); err != nil {
			return err
		}
		if err := s.Audit.Write(ctx, tx, actor, audit.Entry{Action: permSettings, Before: old, After: set}); err != nil {
			return err
		}
		return s.Evidence.Append(ctx, tx, actor.BrandID, Step{Kind: "desk.rules_changed", Of: "settings", Actor: actor, Body: map[string]any{"settings": set}})
	})
}

// reviewer is the actor cut to the grants that review: headquarters' operations only when the settings let them.
func reviewer(actor authz.Actor, set Settings) authz.Actor {
	if set.HQReviews || actor.Kind == authz.System {
		return actor
	}
	actor.Grants = slices.DeleteFunc(slices.Clone(actor.Grants), func(g authz.Grant) bool { return g.Role == authz.HQOps })
	return actor
}

// reviewScope gives the units whose submissions the actor may decide. Errors: "desk.no_reviewer".
func (s *Service) reviewScope(ctx context.Context, actor authz.Actor, set Settings) (authz.Scope, error) {
	cut := reviewer(actor, set)
	if !cut.Can(permReview) {
		return authz.Scope{}, errs.New(errs.Forbidden, "desk.no_reviewer")
	}
	return s.Scopes.Scope(ctx, s.DB, cut, permReview, "")
}

// mine is the reach of who hands in.
func mine(actor authz.Actor) reach { return reach{user: actor.UserID, member: actor.MemberID} }

// missing turns "no row" into the room's word for it.
func missing(err error) error {
	if db.NoRows(err) {
		return errs.New(errs.NotFound, "desk.not_found")
	}
	return err
}

// encode writes what we made ourselves; it cannot fail.
func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(raw)
}

func decode[T any](raw string) T {
	var v T
	_ = json.Unmarshal([]byte(raw), &v) // written by encode
	return v
}
