package recall

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// State is where a recall stands: searching → open → closed.
type State string

// The states of a recall. While it is open, texts that come in later join it.
const (
	Searching State = "searching"
	Open      State = "open"
	Closed    State = "closed"
)

// ItemState is where an item stands: waiting → proved → done, back to waiting when the proof does not convince, or
// harmless when the text should never have been found.
type ItemState string

// The states of an item.
const (
	Waiting  ItemState = "waiting"
	Proved   ItemState = "proved"
	Done     ItemState = "done"
	Harmless ItemState = "harmless"
)

// ItemStates lists the states of an item.
func ItemStates() []ItemState { return []ItemState{Waiting, Proved, Done, Harmless} }

// Action is what owners are asked to do.
type Action string

// The actions.
const (
	TakeDown Action = "take_down"
	Edit     Action = "edit"
)

// Proof is how it is known that an item is done.
type Proof string

// The proofs.
const (
	Reimport   Proof = "reimport"   // figures that came in later show it
	Link       Proof = "link"       // somebody opened the link
	Screenshot Proof = "screenshot" // a picture of the screen
)

// Kinds of texts.
const (
	Post    = "post"
	Profile = "profile"
)

// Claim is what must not stand any more.
type Claim struct {
	Terms  []string `json:"terms"`
	Except []string `json:"except"` // longer phrases in which a term is harmless
}

// Span is where a text holds the claim, in code points.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Text is one live text of the matrix.
type Text struct {
	Kind      string
	ObjectID  id.ID // the post, or the account
	AccountID id.ID
	UnitID    id.ID
	Content   string
	URL       string
	AsOf      clock.Ms // when it was last seen to stand
}

// place is how far a walk over the texts has come: through the posts, then through the profiles.
type place struct {
	post, profile id.ID
}

// Texts gives the live texts of the matrix.
type Texts interface {
	// Walk gives ≤ limit live texts of a kind whose object's id is above after, in order of id; none is the end.
	Walk(ctx context.Context, q db.Querier, brand id.ID, kind string, after id.ID, limit int) ([]Text, error)
	// Present gives what ≤ 1,000 objects of one kind say today; what is no longer live is missing.
	Present(ctx context.Context, q db.Querier, brand id.ID, kind string, objects []id.ID) (map[id.ID]Text, error)
}

// Label is how an account is shown, and whose it is.
type Label struct {
	Handle, Name, Platform, Unit, Member string
	MemberID                             id.ID
}

// Accounts names the accounts and their owners; the account room provides it.
type Accounts interface {
	// Labels gives the labels of ≤ 1,000 accounts.
	Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Label, error)
}

// Todo asks somebody to see to an item.
type Todo struct {
	Key      string
	Object   id.ID
	UnitID   id.ID
	MemberID id.ID
	DueDay   clock.Day
	Slug     string
	Params   map[string]any
	Link     string
}

// Todos puts items on people's lists; the todo room provides it.
type Todos interface {
	// Create adds the to-dos that are not there yet.
	Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []Todo) error
	// Settle closes the to-dos with these keys.
	Settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error
}

// Step is a decisive step for the chain of evidence. Texts holds words of people: only salted hashes are kept of them.
type Step struct {
	Kind   string
	Object id.ID // the recall
	UnitID id.ID // the recall's unit
	Body   map[string]any
	Texts  map[string]string
}

// Evidence keeps the chain; the evidence room provides it.
type Evidence interface {
	// Append adds a step within the transaction of what it tells.
	Append(ctx context.Context, tx *db.Tx, actor authz.Actor, step Step) error
}

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Ancestors gives the units above each unit, itself included.
	Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
}

// Brands lists the brands; identity provides it.
type Brands interface {
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Deps are what the room needs from the rest of the house.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	IDs      *id.Source
	Blobs    blob.Store
	Jobs     *jobs.Client
	Audit    *audit.Log
	Texts    Texts
	Accounts Accounts
	Todos    Todos
	Evidence Evidence
	Scopes   Scopes
	Brands   Brands
}

// Service is the room's use cases.
type Service struct{ Deps }

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d} }

const (
	permRead  = "recall.read"
	permWrite = "recall.write"
	permProve = "recall.prove"
)

func (s *Service) today(actor authz.Actor) clock.Day {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	return clock.DayOf(s.Clock.Now(), zone)
}

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }
