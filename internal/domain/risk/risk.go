package risk

import (
	"context"
	"sync"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan/rank"
)

// The permissions of the room. Rules belong to the brand as a whole, so writing asks for a grant over all of it.
const (
	permCheck = "risk.check"
	permRead  = "risk.read"
	permWrite = "risk.write"
	permJudge = "risk.judge"
)

// Kind is what sort of thing a text belongs to.
type Kind string

// The kinds with a standing verdict. Opinions may name others (a submission of the desk).
const (
	Post    Kind = "post"
	Profile Kind = "profile"
)

// Grade orders verdicts: the worst of several texts counts.
type Grade int

// The grades, as stored.
const (
	Pass Grade = iota
	Warn
	Review
	Block
)

// Grades names the grades in order.
func Grades() []string { return []string{"pass", "warn", "review", "block"} }

// String names the grade as pack does.
func (g Grade) String() string { return Grades()[g] }

// GradeOf reads a grade's name; an unknown one is Pass.
func GradeOf(name string) Grade {
	for g, n := range Grades() {
		if n == name {
			return Grade(g)
		}
	}
	return Pass
}

// Text is one field of what is checked.
type Text struct {
	Field string
	Text  string
}

// Finding is a place in one field where a rule fired.
type Finding struct {
	Field string `json:"field"`
	pack.Finding
}

// Verdict is what the rules say about texts. Version is the brand's pack version, 0 while it never published and the
// shipped rules are in force.
type Verdict struct {
	Grade    Grade
	Score    float64
	Version  int
	Findings []Finding
}

// Known is a text known to the system that wants a standing verdict.
type Known struct {
	ID        id.ID // the post, or the account of a profile
	AccountID id.ID
	UnitID    id.ID
	Platform  string
	Text      string
	Published clock.Ms
}

// Source gives known texts of one kind; post and account provide it.
type Source interface {
	// Walk gives ≤ limit live texts with an id above after, in order of id.
	Walk(ctx context.Context, q db.Querier, brand, after id.ID, limit int) ([]Known, error)
	// ByID gives the live ones of ≤ 1,000 ids.
	ByID(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Known, error)
	// Count counts the live ones.
	Count(ctx context.Context, q db.Querier, brand id.ID) (int64, error)
}

// Posts is the Source of posts, which also gives the newest first.
type Posts interface {
	Source
	// Since gives ≤ limit live posts published at or after from, newest first, before the place (0 = from the newest).
	Since(ctx context.Context, q db.Querier, brand id.ID, s Span) ([]Known, error)
}

// Span is a part of the posts by time of publishing. Of two posts of one moment the one with the higher id comes first.
type Span struct {
	From     clock.Ms
	BeforeAt clock.Ms // 0: from the newest on
	BeforeID id.ID
	Limit    int
}

// Label is how an account is shown.
type Label struct {
	Handle, Name, Platform string
	UnitID                 id.ID
	UnitName, UnitPath     string
	Member                 string
}

// Labels names accounts and units; account and org provide it.
type Labels interface {
	Accounts(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]Label, error)
	Units(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]string, error)
}

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// Brands lists a system actor for every brand; identity provides it.
type Brands interface {
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Step is a decisive step told to the evidence chain.
type Step struct {
	Kind     string // risk.published, risk.verdict_changed, risk.ranker_trained, risk.ranker_used, risk.ranker_back
	UnitID   id.ID
	Object   string // version, post, profile, ranker
	ObjectID id.ID
	Actor    authz.Actor
	At       clock.Ms
	Body     map[string]any    // no personal text
	Texts    map[string]string // by name: only their salted hashes enter the chain
}

// Evidence keeps decisive steps in the brand's hash chain, as the last act of the caller's transaction.
type Evidence interface {
	Append(ctx context.Context, tx *db.Tx, brand id.ID, steps []Step) error
}

// Deps are what the room needs from the rest of the house.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	IDs      *id.Source
	Audit    *audit.Log
	Jobs     *jobs.Client
	Posts    Posts
	Profiles Source
	Labels   Labels
	Scopes   Scopes
	Brands   Brands
	Evidence Evidence  // nil until plugged
	Reviews  Reviews   // nil until the desk is there
	Texts    web.Texts // words of sheets; plugged when all texts are gathered
	// Shipped gives the rules that come with the program; pack.Shipped when nil.
	Shipped func() ([]pack.Pack, error)
}

// Service is the room's use cases.
type Service struct {
	Deps
	shipped shippedRules
	ranker  func() (*rank.Model, error) // the shipped one, read when first compiling
	live    checkers
	same    sameTexts
}

// New makes the Service.
func New(d Deps) *Service {
	if d.Shipped == nil {
		d.Shipped = pack.Shipped
	}
	s := &Service{Deps: d, ranker: sync.OnceValues(pack.ShippedModel)}
	s.live.by = map[id.ID]*live{}
	s.same.by = map[id.ID]*known{}
	return s
}

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

func (s *Service) today(actor authz.Actor) clock.Day {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	return clock.DayOf(s.Clock.Now(), zone)
}

func (s *Service) append(ctx context.Context, tx *db.Tx, brand id.ID, steps []Step) error {
	if s.Evidence == nil || len(steps) == 0 {
		return nil
	}
	return s.Evidence.Append(ctx, tx, brand, steps)
}
