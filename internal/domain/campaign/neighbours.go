package campaign

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/audience"
)

// What this room asks of its neighbours; app/wire_campaign.go plugs them.

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Ancestors gives the units above each unit, itself first, as of a day.
	Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
}

// Unit is a place in the tree. Members are the active ones of its subtree.
type Unit struct {
	ID               id.ID
	Name, Path, Kind string
	Leaf             bool
	Members          int64
}

// Units names places; org provides it.
type Units interface {
	// Describe names units.
	Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Unit, error)
	// Below lists the open units right below one, by name.
	Below(ctx context.Context, q db.Querier, brand, unit id.ID) ([]Unit, error)
	// Root is the brand's own unit.
	Root(ctx context.Context, q db.Querier, brand id.ID) (Unit, error)
}

// People gives the members; org provides it.
type People interface {
	// Walk gives ≤ limit active members above an id, in order of id, without accounts and past.
	Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]audience.Person, error)
	// Some gives ≤ 1,000 members, those that left too.
	Some(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]audience.Person, error)
	// Names names members.
	Names(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error)
}

// Accounts gives the accounts of members; account provides it.
type Accounts interface {
	// Of gives the accounts of members, in order of member and id.
	Of(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) ([]Owned, error)
	// Some gives ≤ 1,000 accounts.
	Some(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Owned, error)
	// Labels names accounts, ended ones too.
	Labels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Label, error)
	// Official lists the open accounts of headquarters: of the brand's own unit, or of kind brand.
	Official(ctx context.Context, q db.Querier, brand id.ID) ([]id.ID, error)
	// Named finds accounts by the names others write behind an @; names nobody answers to are missing.
	Named(ctx context.Context, q db.Querier, brand id.ID, names []Handle) (map[Handle]id.ID, error)
}

// Owned is an account with its owner (0 = nobody). ExternalID is the platform's own id, "" while unknown.
type Owned struct {
	audience.Account
	MemberID   id.ID
	ExternalID string
	Place      string // the store location the account publishes with, "" while unknown
}

// Label is how an account is shown.
type Label struct {
	Name, Handle, Platform, UnitPath string
	UnitID, MemberID                 id.ID
}

// Post is an imported post. Views and Interactions are nil while nobody told them.
type Post struct {
	ID, AccountID, UnitID id.ID
	Platform              string
	ExternalID            string
	Title, URL            string
	PublishedAt           clock.Ms
	DayOnly               bool // only the day of publishing is known
	Live                  bool
	Views, Interactions   *int64
	AsOf                  clock.Ms
}

// Posts finds imported posts; post provides it.
type Posts interface {
	// Some gives ≤ 1,000 posts, deleted ones too.
	Some(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Post, error)
	// ByExternal gives the post of a platform's own id, whatever account of the platform it is of; ok false when unknown.
	ByExternal(ctx context.Context, q db.Querier, brand id.ID, platform, external string) (p Post, ok bool, err error)
	// OfAccounts gives live posts of ≤ 1,000 accounts published in [from, to], newest first.
	OfAccounts(ctx context.Context, q db.Querier, brand id.ID, s PostSpan) ([]Post, error)
	// WithWords gives live posts published in [from, to] whose title holds one of the words, in order of time.
	WithWords(ctx context.Context, q db.Querier, brand id.ID, words []string, from, to clock.Ms) ([]Post, error)
}

// PostSpan cuts the posts of accounts.
type PostSpan struct {
	Accounts []id.ID
	From, To clock.Ms
	Limit    int
}

// Figure is what an account brought in some days. Views and Interactions are nil when its sources never told them.
type Figure struct {
	Posts               int64
	Views, Interactions *int64
}

// Figures answers what accounts brought; insight and post provide it.
type Figures interface {
	// During sums the days up to a day.
	During(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, to clock.Day, days int) (map[id.ID]Figure, error)
	// FollowersAt gives the last number of followers known by a moment; accounts nobody told of are missing.
	FollowersAt(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, at clock.Ms) (map[id.ID]int64, error)
}

// FieldText is a text with the place it stands in.
type FieldText struct{ Field, Text string }

// Verdict is what the rules say about texts: pass, warn, review or block.
type Verdict struct {
	Verdict  string
	Findings []Finding
}

// Rules checks texts; risk provides it.
type Rules interface {
	// Check judges texts on a platform ("" = whichever) on a day.
	Check(ctx context.Context, brand id.ID, texts []FieldText, platform string, day clock.Day) (Verdict, error)
}

// Material is an item of the library.
type Material struct {
	ID      id.ID
	Kind    string
	Title   string
	Version int
	Usable  bool
	Why     string // slug of why it is not usable
	Files   []File
}

// File is a file of a material.
type File struct {
	Name, Media, URL string
	Size             int64
}

// Recipient is who gets a text.
type Recipient struct {
	MemberID, UnitID, AccountID id.ID
	Platform                    string
}

// Text is an own text. Fault is the slug of why there is none.
type Text struct{ Title, Body, Fault string }

// Use is one use of an item: Ref is the assignment.
type Use struct {
	ItemID                      id.ID
	Version                     int
	MemberID, AccountID, UnitID id.ID
	Ref, PostID                 id.ID
}

// Materials gives texts and files; library provides it.
type Materials interface {
	// Describe gives items; those that are gone are missing.
	Describe(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Material, error)
	// Personal makes a text for each, in their order: the same for the same template version, salt and member, and no two
	// alike within a unit.
	Personal(ctx context.Context, q db.Querier, brand id.ID, template, salt id.ID, people []Recipient) ([]Text, error)
	// Used notes uses, once per item and Ref.
	Used(ctx context.Context, tx *db.Tx, brand id.ID, uses []Use) error
}

// Notice tells many people the same. The same Key of a Kind reaches a person once.
type Notice struct {
	Kind, Key string
	Params    map[string]any
	Link      string
	Due       clock.Ms // not before; 0 = now
	Users     []id.ID
}

// Todo asks somebody to see to something. MemberID 0 asks the managers of the unit.
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

// Outbox reaches people; notify and todo provide it.
type Outbox interface {
	// Tell sends one notice to many.
	Tell(ctx context.Context, tx *db.Tx, brand id.ID, n Notice) error
	// Ask adds to-dos that are not there yet.
	Ask(ctx context.Context, tx *db.Tx, brand id.ID, todos ...Todo) error
	// Settle closes to-dos by their keys.
	Settle(ctx context.Context, tx *db.Tx, brand id.ID, keys []string) error
}

// Proven is a decisive step for the chain of evidence. Texts holds words of people: only salted hashes are kept of them.
type Proven struct {
	Kind   string
	Object id.ID // the campaign
	UnitID id.ID
	Body   map[string]any
	Texts  map[string]string
}

// Chain keeps the chain of evidence; evidence provides it.
type Chain interface {
	// Append adds a step within the transaction of what it tells.
	Append(ctx context.Context, tx *db.Tx, actor authz.Actor, p Proven) error
}

// Brands lists the brands; identity provides it.
type Brands interface {
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Planned is a text that is about to be published, or was handed in; the ID is the asker's.
type Planned struct {
	ID   int64
	Text string
}

// SameCluster is a set of texts that hang together by scores above the threshold; Best is the one most others are like.
type SameCluster struct {
	IDs   []int64
	Best  int64
	Score float64
}

// SameReport is how texts stand against each other, the largest cluster first.
type SameReport struct {
	Texts, Over int
	Highest     float64
	Clusters    []SameCluster
}

// Measures are the thresholds that come with the program, and the brand's industry, which they may depend on.
type Measures struct {
	Table    []Threshold
	Industry string
}

// SameWhere is what a threshold is looked up by.
type SameWhere struct {
	Platform, Kind, Industry string
	Day                      clock.Day
}

// Sameness scores texts against each other; the library's guard provides it.
type Sameness interface {
	// Measures gives what comes with the program.
	Measures(ctx context.Context, brand id.ID) (Measures, error)
	// Fits picks the threshold of a table that fits best; the later of two that fit alike.
	Fits(table []Threshold, w SameWhere) Threshold
	// Compare scores texts: two whose score is above most are too much alike.
	Compare(texts []Planned, most float64) SameReport
}

// Approver is a user who may approve campaigns.
type Approver struct {
	UserID id.ID
	Name   string
}

// Approvers finds who may approve; identity provides it.
type Approvers interface {
	// Of gives the active users who may approve campaigns of one of the units (0: of the whole brand), by name.
	Of(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) ([]Approver, error)
}

// Cases keeps what was learned; library provides it.
type Cases interface {
	// Keep writes a case under its id, once.
	Keep(ctx context.Context, actor authz.Actor, c Case) error
}
