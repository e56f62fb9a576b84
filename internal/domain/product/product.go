package product

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

// State is where a product or a SKU stands.
type State string

// The states: a draft is seen by those who write, an ended one is no longer sold.
const (
	Draft State = "draft"
	Live  State = "live"
	Ended State = "ended"
)

// Line is a product line.
type Line struct {
	ID       id.ID  `db:"id" json:"id" nullable:"true"`
	Name     string `db:"name" json:"name" minLength:"1" maxLength:"40"`
	Products int64  `db:"products" json:"products" required:"false" doc:"products in it; not read on writing"`
}

// Point is a selling point: a short claim and what stands behind it.
type Point struct {
	Title string `json:"title" maxLength:"40"`
	Text  string `json:"text" maxLength:"300"`
}

// Scene is a usage scene: who uses the product when.
type Scene struct {
	Title string `json:"title" maxLength:"40"`
	Text  string `json:"text" maxLength:"300"`
}

// SKU is one variant of a product.
type SKU struct {
	ID      id.ID    `json:"id" nullable:"true" required:"false" doc:"null for a new one"`
	Code    string   `json:"code" maxLength:"60" doc:"the brand's own number"`
	Name    string   `json:"name" maxLength:"60"`
	Spec    string   `json:"spec" maxLength:"200" doc:"what sets it apart"`
	Aliases []string `json:"aliases" maxItems:"20" doc:"other names people write"`
	State   State    `json:"state" enum:"live,ended"`
}

// Product is a product with its SKUs.
type Product struct {
	ID        id.ID
	LineID    id.ID
	Line      string
	Code      string
	Name      string
	Aliases   []string
	Points    []Point
	Scenes    []Scene
	CopyText  string // ready words; {price}, {store} and {product} are filled when copied
	State     State
	SKUs      []SKU
	Version   int64
	UpdatedAt clock.Ms
	UpdatedBy string
}

// PolicyKind is what a policy says.
type PolicyKind string

// The kinds of policies.
const (
	Price     PolicyKind = "price"
	Discount  PolicyKind = "discount"
	Promotion PolicyKind = "promotion"
)

// Policy is a price, a discount or a promotion with the place and time where it holds.
type Policy struct {
	ID          id.ID
	ProductID   id.ID
	SKUID       id.ID // 0: every SKU of the product
	UnitID      id.ID // 0: the whole brand
	Channel     string
	Kind        PolicyKind
	Fen         *int64 // the price, or what comes off it
	Rate        *int64 // what is left to pay, of 1,000
	Currency    string
	Title, Note string
	From, To    clock.Day
	Withdrawn   bool
	CreatedAt   clock.Ms
	CreatedBy   string
	WithdrawnAt clock.Ms
	WithdrawnBy string
	WithdrawnNo string
	begun       bool // its first day was followed up
}

// Channel is a way to sell; the list is the brand's.
type Channel struct {
	Key    string `json:"key" minLength:"1" maxLength:"30" doc:"stays for good; letters, digits and _"`
	Name   string `json:"name" minLength:"1" maxLength:"30"`
	Closed bool   `json:"closed" doc:"no new policies"`
}

// Settings are the brand's rules of the room.
type Settings struct {
	Channels     []Channel `json:"channels" minItems:"1" maxItems:"30"`
	RegionPrices bool      `json:"region_prices" doc:"region managers write prices and promotions of their own units"`
	StaleDays    int       `json:"stale_days" minimum:"1" maximum:"60" doc:"days until a text with an old price is to be mended"`
	WatchDays    int       `json:"watch_days" minimum:"1" maximum:"365" doc:"days for which new posts are looked at for the old price"`
}

// Defaults are the settings of a brand that changed nothing. Channel names are the brand's data: they begin in Chinese.
func Defaults() Settings {
	return Settings{
		Channels:  []Channel{{Key: "official", Name: "官方"}, {Key: "dealer", Name: "经销商"}, {Key: "store", Name: "门店"}, {Key: "live", Name: "直播"}, {Key: "shop", Name: "网店"}},
		StaleDays: 2, WatchDays: 90,
	}
}

// StaleState is where a text with an old price stands.
type StaleState string

// The states of a stale text.
const (
	Open  StaleState = "open"
	Fixed StaleState = "fixed"
	Fine  StaleState = "fine"
)

// Kinds of texts.
const (
	KindPost     = "post"
	KindTemplate = "template"
)

// Post is a live post of the matrix.
type Post struct {
	ID, AccountID, UnitID id.ID
	Text, URL             string
	AsOf                  clock.Ms // when it was last seen to stand
}

// Posts gives the live posts; the post room provides it.
type Posts interface {
	// Walk gives ≤ limit live posts above after, in order of id; none is the end.
	Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]Post, error)
	// Present gives the live ones of ≤ 1,000 posts.
	Present(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Post, error)
	// Count counts the live posts.
	Count(ctx context.Context, q db.Querier, brand id.ID) (int64, error)
}

// TemplateText is a template of the library that points to a product.
type TemplateText struct {
	ID          id.ID
	Title, Text string
	OwnerUser   id.ID
}

// Templates gives the templates that can be handed out; the library provides it.
type Templates interface {
	// WalkTexts gives ≤ limit templates of a product above after, in order of id; none is the end.
	WalkTexts(ctx context.Context, q db.Querier, brand, product, after id.ID, limit int) ([]TemplateText, error)
}

// Label is how an account is shown, and whose it is.
type Label struct {
	Handle, Name, Platform, Unit, Member string
	MemberID                             id.ID
}

// Accounts names accounts and their owners; the account room provides it.
type Accounts interface {
	// Labels gives the labels of ≤ 1,000 accounts.
	Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Label, error)
}

// Todo asks somebody to mend what shows an old price.
type Todo struct {
	Key                      string
	Check                    id.ID
	UnitID, MemberID, UserID id.ID
	DueDay                   clock.Day
	Slug                     string
	Params                   map[string]any
	Link                     string
}

// Todos puts things on people's lists; the todo room provides it.
type Todos interface {
	// Create adds the to-dos that are not there yet.
	Create(ctx context.Context, tx *db.Tx, brand id.ID, todos []Todo) error
	// Settle closes the to-dos with these keys.
	Settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error
}

// Unit is a unit as this room needs it.
type Unit struct {
	ID         id.ID
	Name, Path string
	Store      bool
}

// Units knows the organisation; org provides it.
type Units interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Ancestors gives the units above each unit, itself first and the brand last.
	Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
	// Find gives a unit by id or path.
	Find(ctx context.Context, q db.Querier, brand id.ID, unit string) (Unit, error)
	// Describe gives units by id.
	Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Unit, error)
	// Tree gives every open unit, for files.
	Tree(ctx context.Context, q db.Querier, brand id.ID) ([]Store, error)
	// MemberUnit gives the unit somebody works in; 0 when unknown.
	MemberUnit(ctx context.Context, q db.Querier, brand, member id.ID) (id.ID, error)
}

// Store is any open unit by what a file may call it.
type Store struct {
	Unit
	Code string
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
	Templates Templates // nil while no library is there
	Accounts  Accounts
	Todos     Todos
	Units     Units
	Brands    Brands
}

// Service is the room's use cases.
type Service struct{ Deps }

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d} }

const (
	permRead   = "product.read"
	permWrite  = "product.write"
	permPrice  = "product.price"
	permStock  = "product.stock"
	permSettle = "product.settle"
	permMine   = "product.mine"
)

func (s *Service) today(actor authz.Actor) clock.Day {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	return clock.DayOf(s.Clock.Now(), zone)
}

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }
