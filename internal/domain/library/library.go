package library

import (
	"context"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/seal"
	"kosmos/internal/domain/library/same"
	"kosmos/internal/domain/library/variant"
)

// Kind is what an item is.
type Kind string

// The kinds.
const (
	Asset    Kind = "asset"
	Template Kind = "template"
	Script   Kind = "script"
	Rundown  Kind = "rundown"
	Talk     Kind = "talk"
	Idea     Kind = "idea"
	Case     Kind = "case"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Asset, Template, Script, Rundown, Talk, Idea, Case} }

// Valid tells whether k is one of Kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// fillable tells whether texts of the kind hold variables and alternatives.
func (k Kind) fillable() bool { return k == Template || k == Script || k == Talk || k == Rundown }

// State is where the newest version of an item stands.
type State string

// The states.
const (
	Draft    State = "draft"
	Checked  State = "checked"
	Approved State = "approved"
	Out      State = "out"
)

// States lists the states.
func States() []State { return []State{Draft, Checked, Approved, Out} }

// Grade is what the rules say: pass, warn, review, block; "" while nobody asked.
type Grade string

// The grades.
const (
	Pass   Grade = "pass"
	Warn   Grade = "warn"
	Review Grade = "review"
	Block  Grade = "block"
)

// worse tells the worse of two grades.
func worse(a, b Grade) Grade {
	order := []Grade{"", Pass, Warn, Review, Block}
	return order[max(slices.Index(order, a), slices.Index(order, b), 0)]
}

// Finding is a place the rules object to, without its position: texts with alternatives have none.
type Finding struct {
	Field    string `json:"field"`
	Rule     string `json:"rule"`
	Category string `json:"category"`
	Severity string `json:"severity"`
	Text     string `json:"text"`
	Reason   string `json:"reason"`
	ReasonEn string `json:"reason_en"`
	Article  string `json:"article"`
	Rewrite  string `json:"rewrite"`
}

// Verdict is what the rules say of texts. Version is the brand's rule version.
type Verdict struct {
	Grade    Grade
	Version  int
	Findings []Finding
}

// Where is what a check needs to know of a text.
type Where struct {
	Platform string // "" any
	Kind     string // post, reply, live, or "" for a text that is not published as it is
}

// Field is one text under its field's name.
type Field struct {
	Field string
	Text  string
}

// Rules are the brand's rules; the risk room provides them. Check reads memory only and may be called for every text.
type Rules interface {
	// Check gives the verdict on the texts of one publication.
	Check(ctx context.Context, brand id.ID, texts []Field, w Where) (Verdict, error)
	// Industry gives the brand's industry, "" when it chose none.
	Industry(ctx context.Context, brand id.ID) (string, error)
}

// Person is a member as texts name him.
type Person struct {
	ID     id.ID
	UnitID id.ID
	Name   string
	Phone  string // E.164 without the country code for mainland numbers; only where asked for
}

// Place is a unit as texts name it.
type Place struct {
	ID   id.ID
	Name string
	City string // "" when nothing is known
}

// People names members and units; org provides it.
type People interface {
	// Members reads members; phones are opened only when asked for: for texts that go to the members themselves.
	Members(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID, phones bool) (map[id.ID]Person, error)
	// Places reads units with the city they lie in.
	Places(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Place, error)
}

// Price is what a product costs somewhere on a day. Text is ready to be read: "¥9.98万".
type Price struct {
	Fen      int64
	Currency string
	Text     string
}

// Products knows products and prices; the product room provides it.
type Products interface {
	// Names gives the names of products.
	Names(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error)
	// Words gives the names that people write for products: the name and its aliases.
	Words(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID][]string, error)
	// PriceOf gives the price of a product in each unit; units without one are missing. channel is a way to sell (live), ""
	// the stores' own; a brand that does not sell that way has the stores' price.
	PriceOf(ctx context.Context, q db.Querier, brand, product id.ID, units []id.ID, channel string, day clock.Day) (map[id.ID]Price, error)
}

// Account is one of a member's accounts.
type Account struct {
	ID       id.ID
	MemberID id.ID
	UnitID   id.ID
	Platform string
	Name     string
}

// Accounts knows the registry; the account room provides it.
type Accounts interface {
	// OfMember gives the open accounts a member looks after.
	OfMember(ctx context.Context, q db.Querier, brand, member id.ID) ([]Account, error)
}

// Figures are what a post brought; nil is not known.
type Figures struct {
	Views, Interactions *int64
}

// Posts knows what posts brought; the post room provides it.
type Posts interface {
	// FiguresOf reads ≤ 1,000 posts; those that are gone are missing.
	FiguresOf(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) (map[id.ID]Figures, error)
}

// Claim is what a recall looks for.
type Claim struct {
	Title, Reason string
	Terms         []string
	Due           clock.Day
}

// Recalls takes back what is out; the recall room provides it.
type Recalls interface {
	// Start opens a recall and gives its id. The actor needs the recall room's own permission.
	Start(ctx context.Context, actor authz.Actor, c Claim) (id.ID, error)
}

// Step is a decisive step for the chain of evidence. Texts hold words of people: only salted hashes are kept of them.
type Step struct {
	Kind   string
	Object id.ID
	UnitID id.ID
	Body   map[string]any
	Texts  map[string]string
}

// Evidence keeps the chain; the evidence room provides it.
type Evidence interface {
	// Append adds a step as the last act of the transaction of what it tells.
	Append(ctx context.Context, tx *db.Tx, actor authz.Actor, step Step) error
}

// Notice tells one person something.
type Notice struct {
	UserID id.ID
	Kind   string
	Key    string
	Params map[string]any
	Link   string
}

// Outbox reaches people; the notify room provides it.
type Outbox interface {
	// Tell sends notices within the transaction of what they tell.
	Tell(ctx context.Context, tx *db.Tx, brand id.ID, notices ...Notice) error
	// Deciders gives the users who may decide about items of a unit.
	Deciders(ctx context.Context, q db.Querier, brand, unit id.ID) ([]id.ID, error)
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

// Brands lists the brands; identity provides it.
type Brands interface {
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Deps are what the room needs from the rest of the house. Products may be nil.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	IDs      *id.Source
	Blobs    blob.Store
	Box      *seal.Box
	Jobs     *jobs.Client
	Audit    *audit.Log
	Scopes   Scopes
	People   People
	Products Products
	Accounts Accounts
	Posts    Posts
	Matrix   Matrix
	Seats    Seats
	Rules    Rules
	Recalls  Recalls
	Evidence Evidence
	Outbox   Outbox
	Brands   Brands
	// AccountKinds are the kinds of accounts a target mix may be for.
	AccountKinds []string
	// PrivateEndpoint lets the rewriting endpoint lie in a private network; the operator's decision, not the brand's.
	PrivateEndpoint bool
}

// Service is the room's use cases.
type Service struct {
	Deps
	limits     variant.Limits
	thresholds same.Thresholds
	parsed     *parsed
}

// New makes the Service. Its tables of limits and thresholds ship with the program: one that cannot be read is a fault of
// the program.
func New(d Deps) *Service {
	limits, err := variant.LoadLimits()
	if err != nil {
		panic(err)
	}
	thresholds, err := same.Load()
	if err != nil {
		panic(err)
	}
	return &Service{Deps: d, limits: limits, thresholds: thresholds, parsed: newParsed()}
}

const (
	permUse      = "library.use"
	permRead     = "library.read"
	permWrite    = "library.write"
	permApprove  = "library.approve"
	permSettings = "library.settings"
	permPillars  = "library.pillars"
)

func (s *Service) today() clock.Day { return clock.DayOf(s.Clock.Now(), clock.Shanghai()) }

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }
