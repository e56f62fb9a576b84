package insight

import (
	"context"
	"sync"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/memo"
)

// AccountRef is what insight keeps of an account.
type AccountRef struct {
	ID         id.ID
	UnitID     id.ID
	Since      clock.Day // the account is in UnitID from this day on
	Platform   string
	Kind       string
	Counted    bool      // false when the account was given up or handed back
	Abnormal   bool      // it cannot work now: token lost, banned, private, …
	StateSince clock.Day // what Counted and Abnormal say holds from this day on; 0 = as long as it is known
	CreatedDay clock.Day
	League     string
}

// UnitSpan says that an account belonged to a unit from From up to and including To.
type UnitSpan struct {
	AccountID, UnitID id.ID
	From, To          clock.Day
}

// AccountLabel is how an account is shown in lists.
type AccountLabel struct {
	ID       id.ID  `json:"id"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	UnitID   id.ID  `json:"unit_id"`
	UnitName string `json:"unit_name"`
	UnitPath string `json:"unit_path"`
	Platform string `json:"platform"`
	Kind     string `json:"kind"`
	Member   string `json:"member"`
}

// Accounts answers for the accounts; plugged by account.
type Accounts interface {
	InsightRefs(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]AccountRef, error)
	InsightSpans(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]UnitSpan, error)
	InsightLabels(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]AccountLabel, error)
}

// ClosureSpan says that a unit lay below an ancestor (or is it) from From up to and including To.
type ClosureSpan struct {
	UnitID, AncestorID id.ID
	From, To           clock.Day
}

// Tree answers for the organisation; plugged by org.
type Tree interface {
	ClosureSpans(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) ([]ClosureSpan, error)
	// Scope cuts what the actor may see to the unit asked for (id or path, "" = everything he may see).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// Service keeps the sums and answers questions.
type Service struct {
	db       *db.DB
	ids      *id.Source
	clock    clock.Clock
	accounts Accounts
	tree     Tree
	posts    Posts    // nil: changes are not put down to single posts
	owners   Owners   // nil: nobody has accounts of his own
	folding  sync.Map // brands whose fold is waiting
	known    *memo.Memo[known]
	folded   foldedTrees
	drills   drills
	// stepCells replaces moveStep in tests.
	stepCells int64
}

// New makes the service.
func New(d *db.DB, ids *id.Source, c clock.Clock, accounts Accounts, tree Tree) *Service {
	return &Service{db: d, ids: ids, clock: c, accounts: accounts, tree: tree, known: memo.New[known]("insight_memo", lockClass, remembered)}
}

// Plug tells whose accounts are whose, for the pages of one person.
func (s *Service) Plug(o Owners) { s.owners = o }

// zone is the zone the days of all brands are cut in.
func zone() *time.Location { return clock.Shanghai() }

func (s *Service) today() clock.Day { return clock.DayOf(s.clock.Now(), zone()) }
