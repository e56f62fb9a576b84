package health

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// AccountFact is what the account room says of one account.
type AccountFact struct {
	ID          id.ID
	Platform    string
	Kind        string
	UnitID      id.ID
	MemberID    id.ID
	Status      string
	StatusSince clock.Day
	CreatedDay  clock.Day
	League      string
}

// Label is how an account is shown.
type Label struct {
	Handle, Name, Platform string
	UnitID                 id.ID
	UnitName               string
	MemberID               id.ID
	MemberName             string
}

// Figure is what insight says of one account as of a day; nil means that such figures never came. Views, Inquiries,
// Replies and Leads are those of the days asked for.
type Figure struct {
	LastPostDay, FirstDay                clock.Day
	Posts30, Views30, Interactions30     int64
	Gained30, Views                      int64
	Followers, Inquiries, Replies, Leads *int64
}

// Fall is a sudden loss: followers, posts that disappeared, or counters of several posts that fell.
type Fall struct {
	AccountID     id.ID
	Kind          string // FollowerCliff, MassDeletion, CounterBurst
	Day           clock.Day
	Before, After int64
}

// The kinds of anomalies.
const (
	FollowerCliff = "follower_cliff"
	MassDeletion  = "mass_deletion"
	CounterBurst  = "counter_burst"
)

// FallRow is one line behind a sudden loss: a post that is gone (After unknown), a counter of a post that fell, or a
// count of the account itself (no PostID).
type FallRow struct {
	PostID        id.ID
	Title         string
	PublishedAt   clock.Ms
	Counter       string
	AsOf          clock.Ms
	Before, After *int64
}

// Accounts is asked for the accounts and their labels; the account room provides it.
type Accounts interface {
	// Walk gives ≤ limit open accounts with an id above after, in order of id.
	Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]AccountFact, error)
	// Labels gives the labels of ≤ 1,000 accounts.
	Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Label, error)
	// Resolve applies a clean-up decision (hide, cancel, merge) to an account: its status changes with the reason.
	Resolve(ctx context.Context, tx *db.Tx, actor authz.Actor, account id.ID, decision, reason string) error
}

// Figures is asked for what the accounts did; post and insight provide it.
type Figures interface {
	// Figures gives the windows of ≤ 1,000 accounts as of day: 30 days, and the asked number of days.
	Figures(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, day clock.Day, asked int) (map[id.ID]Figure, error)
	// RecentViews gives the views of the newest ≤ n live posts of ≤ 1,000 accounts.
	RecentViews(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, n int) (map[id.ID][]int64, error)
	// Falls gives the sudden losses since a day that pass the settings' thresholds: followers lost between two counts,
	// posts that went, counters of several posts that fell at once.
	Falls(ctx context.Context, q db.Querier, brand id.ID, since clock.Day, set Settings) ([]Fall, error)
	// FallRows gives the lines behind one loss of an account.
	FallRows(ctx context.Context, q db.Querier, brand, account id.ID, kind string, day clock.Day) ([]FallRow, error)
}

// Todo is a thing to do that the room asks for; unique by Kind, Object and Audience.
type Todo struct {
	Kind     string // health.wake, health.clean_up
	Object   id.ID  // account
	Key      string // makes the to-do unique: the same key twice is one to-do
	UnitID   id.ID
	MemberID id.ID  // the owner; 0 when it is for the unit's managers
	Audience string // owner, manager, region
	DueDay   clock.Day
	Slug     string
	Params   map[string]any
	Link     string
}

// Todos puts things on people's lists and takes them off when they no longer matter; the todo room provides it.
type Todos interface {
	// Create adds the to-dos that are not there yet.
	Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []Todo) error
	// Settle closes the open to-dos of kind for the objects.
	Settle(ctx context.Context, tx *db.Tx, brand id.ID, kind string, objects []id.ID, outcome string) error
}

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// Brands lists the brands with their zones; identity provides it.
type Brands interface {
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Deps are what the room needs from the rest of the house.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	IDs      *id.Source
	Accounts Accounts
	Figures  Figures
	Todos    Todos
	Scopes   Scopes
	Brands   Brands
	Audit    *audit.Log
	Jobs     *jobs.Client
}

// Service is the room's use cases.
type Service struct{ Deps }

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d} }

func (s *Service) today(actor authz.Actor) clock.Day {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	return clock.DayOf(s.Clock.Now(), zone)
}
