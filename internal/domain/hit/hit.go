package hit

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
)

// Kind is whose post a hit is.
type Kind string

// The kinds.
const (
	Own        Kind = "own"
	Outside    Kind = "outside"
	Competitor Kind = "competitor"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Own, Outside, Competitor} }

// Origin is how a hit came to be here.
type Origin string

// The origins.
const (
	Found    Origin = "found" // by the figures
	ByLink   Origin = "link"
	FromFile Origin = "file"
)

// State is where a hit stands: listed ⇄ dismissed; gone when its post or the figures it was found by are.
type State string

// The states.
const (
	Listed    State = "listed"
	Dismissed State = "dismissed"
	Gone      State = "gone"
)

// Given are figures that somebody entered; nil is not known.
type Given struct {
	Likes    *int64 `json:"likes"`
	Comments *int64 `json:"comments"`
	Saves    *int64 `json:"saves"`
	Shares   *int64 `json:"shares"`
}

// Hit is a post that did well, or one of somebody else's that is worth learning from.
type Hit struct {
	ID           id.ID
	Kind         Kind
	Origin       Origin
	PostID       id.ID // 0 of outside posts
	AccountID    id.ID // 0 of outside posts
	UnitID       id.ID
	Platform     string
	Media        string // video, image, article, …; "" not known
	Title        string
	URL          string
	Author       string // of outside posts
	Followers    *int64 // of outside posts
	PublishedAt  clock.Ms
	PublishedDay clock.Day
	DayOnly      bool
	Strength     float64 // modified z of the strongest signal; 0 when entered
	Metric       Metric
	Mark         int
	Signals      []Signal
	Views        *int64
	Interactions *int64
	Given        Given // of outside posts
	State        State
	Reason       string
	Note         string
	StarAt       clock.Ms
	StarBy       string
	TemplateID   id.ID
	TemplateAt   clock.Ms
	TemplateBy   string
	FoundAt      clock.Ms
	UpdatedAt    clock.Ms
	By           string // who entered it
	Label        account.Label
}

// Posts knows the posts and their figures; *post.Service is it.
type Posts interface {
	// Curves reads posts of ≤ 1,000 accounts with their figures over time.
	Curves(ctx context.Context, q db.Querier, brand id.ID, ask post.CurveAsk) ([]post.Curve, error)
	// AccountsOf lists the accounts that batches brought figures of, in order.
	AccountsOf(ctx context.Context, q db.Querier, brand id.ID, batches []id.ID) ([]id.ID, error)
	// SeenByID reads ≤ 1,000 posts.
	SeenByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]post.Seen, error)
	// KindsOf gives what ≤ 1,000 posts are.
	KindsOf(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error)
	// SeenByExternal finds the posts of a platform's own id.
	SeenByExternal(ctx context.Context, q db.Querier, brand id.ID, platform, external string) ([]post.Seen, error)
	// FollowersAt gives the followers of ≤ 1,000 accounts at a moment, as far as known.
	FollowersAt(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, at clock.Ms) (map[id.ID]int64, error)
}

// Imports knows what an import was written as; *reflow.Service is it.
type Imports interface {
	// Batches gives the ids under which posts keep what an import brought.
	Batches(ctx context.Context, q db.Querier, brand, imp id.ID) ([]id.ID, error)
}

// Accounts knows the registry; *account.Service is it.
type Accounts interface {
	// Facts reads league and unit of accounts.
	Facts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]account.Fact, error)
	// WalkFacts walks the accounts that have not ended, in order of id.
	WalkFacts(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]account.Fact, error)
	// Labels names accounts.
	Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]account.Label, error)
	// BrandWords gives the brand's words.
	BrandWords(ctx context.Context, q db.Querier, brand id.ID) (account.Words, error)
}

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Ancestors gives the units above each unit, itself included.
	Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
	// Root gives the brand's own unit.
	Root(ctx context.Context, q db.Querier, brand id.ID) (id.ID, error)
}

// Notice is what headquarters is told of a look.
type Notice struct {
	Key    string
	Params map[string]any
	Link   string
}

// NoticeFound is the kind of the notice of new hits.
const NoticeFound = "hit.found"

// Outbox reaches headquarters; the notify room provides it.
type Outbox interface {
	// TellHeadquarters sends one notice to everybody who runs the brand's operations; the same key again changes nothing.
	TellHeadquarters(ctx context.Context, tx *db.Tx, brand id.ID, n Notice) error
}

// Brands lists the brands; identity provides it.
type Brands interface {
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Deps are what the room needs from the rest of the house.
type Deps struct {
	DB        *db.DB
	Clock     clock.Clock
	IDs       *id.Source
	Jobs      *jobs.Client
	Audit     *audit.Log
	Posts     Posts
	Imports   Imports
	Accounts  Accounts
	Templates Templates
	Scopes    Scopes
	Outbox    Outbox
	Brands    Brands
}

// Service is the room's use cases.
type Service struct{ Deps }

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d} }

const (
	permNear     = "hit.near"
	permRead     = "hit.read"
	permWrite    = "hit.write"
	permStar     = "hit.star"
	permSettings = "hit.settings"
)

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

func (s *Service) today() clock.Day { return clock.DayOf(s.Clock.Now(), clock.Shanghai()) }
