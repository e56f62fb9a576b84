package account

import (
	"context"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/domain/account/geo"
)

// The permissions of the room.
const (
	PermRead     = "account.read"
	PermEdit     = "account.edit"
	PermHandover = "account.handover"
	PermImport   = "account.import"
	PermExport   = "account.export"
	PermLeague   = "account.league"
	PermWords    = "account.words"
)

// Permissions declares who holds them.
func Permissions() []authz.Permission {
	all := []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager, authz.KOS}
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	return []authz.Permission{
		{Key: PermRead, Roles: all},
		{Key: PermEdit, Roles: managers},
		{Key: PermHandover, Roles: managers},
		{Key: PermImport, Roles: []authz.Role{authz.HQOps, authz.RegionManager}},
		{Key: PermExport, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: PermLeague, Roles: []authz.Role{authz.HQOps}},
		{Key: PermWords, Roles: []authz.Role{authz.HQOps, authz.Compliance}},
	}
}

// Deps are what a Service works with. Observers, Used, Levels, Tasks and Undoer may be empty.
type Deps struct {
	DB        *db.DB
	IDs       *id.Source
	Clock     clock.Clock
	Jobs      *jobs.Client
	Audit     *audit.Log
	Units     Units
	People    People
	Observers []Observer
	Used      Usage
	Levels    Levels
	Tasks     Tasks
	Undoer    ImportUndoer
	DataDir   string // where a replacing map file may lie
}

// Service is the room's use cases.
type Service struct {
	Deps
	atlas  *geo.Atlas
	labels *labelMemo
}

// New makes a Service.
func New(d Deps) *Service {
	atlas, err := geo.Load()
	if err != nil {
		panic(err) // data shipped inside the program, proven by its tests
	}
	return &Service{Deps: d, atlas: atlas, labels: newLabelMemo(d.Clock)}
}

// Observe plugs one more observer; for app/wire.go, before the program serves.
func (s *Service) Observe(o Observer) { s.Observers = append(s.Observers, o) }

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

func (s *Service) today(actor authz.Actor) clock.Day { return clock.DayOf(s.Clock.Now(), zone(actor)) }

func zone(actor authz.Actor) *time.Location {
	if actor.Zone != nil {
		return actor.Zone
	}
	return clock.Shanghai()
}

// gateClass keeps this room's locks apart from others'.
const gateClass = 0x61636374 // "acct"

// gate makes the writers of one brand's accounts follow each other until the transaction ends, on both engines. It is
// taken before any other lock.
func gate(ctx context.Context, tx *db.Tx, brand id.ID) error {
	return db.LockKeys(ctx, tx, gateClass, []int32{int32(int64(brand) >> 12 % (1 << 31))})
}

// edit is one account on its way from what it was to what it shall be. Before is nil for a new one; Removed for one
// that goes away.
type edit struct {
	Before  *Account
	After   Account
	What    []What
	Notes   []custodyRow
	Removed bool
}

func (e *edit) add(w What) {
	for _, had := range e.What {
		if had == w {
			return
		}
	}
	e.What = append(e.What, w)
}

// begin copies an account to be changed.
func begin(a Account) *edit { return &edit{Before: &a, After: a} }

// settle (units as of unitsOf) finds what changed, fills the computed columns and tells whether anything did.
func (s *Service) settle(e *edit, units map[id.ID]Unit, def League, today clock.Day) bool {
	a := &e.After
	if u, ok := units[a.UnitID]; ok {
		a.City = u.City
	}
	a.CityTier = s.tierOf(a.City)
	a.League = def.Key(a, today)
	a.index()
	if e.Before == nil {
		e.add(Created)
		return true
	}
	b := e.Before
	if b.UnitID != a.UnitID {
		e.add(Moved)
	}
	if b.Kind != a.Kind {
		e.add(Rekind)
	}
	if b.Status != a.Status {
		e.add(Turned)
	}
	if b.MemberID != a.MemberID {
		e.add(Owned)
	}
	if b.League != a.League || b.CityTier != a.CityTier {
		e.add(Ranked)
	}
	was, is := *b, *a
	was.Rev, was.UpdatedAt, was.Followers, was.FollowersAsOf, was.LastPostDay = is.Rev, is.UpdatedAt, is.Followers, is.FollowersAsOf, is.LastPostDay
	if was != is && len(e.What) == 0 {
		e.add(Edited)
	}
	return len(e.What) > 0
}

func (s *Service) cityOf(u Unit) int {
	if u.City != 0 {
		if c, ok := s.atlas.City(u.City); ok {
			return c.Code
		}
	}
	return s.atlas.Of(strings.Split(u.Path, "/"))
}

func (s *Service) tierOf(city int) int {
	c, _ := s.atlas.City(city)
	return c.Tier
}

// load reads accounts for change: by id, within the scope in which the actor holds the permission. Ids outside are
// answered as not there. The gate must be taken.
func (s *Service) load(ctx context.Context, tx *db.Tx, actor authz.Actor, permission string, ids []id.ID) ([]Account, error) {
	scope, err := s.Units.Scope(ctx, tx, actor, permission, "")
	if err != nil {
		return nil, err
	}
	return accountsIn(ctx, tx, scope, ids)
}

// one is load for a single account. Error: account.not_found.
func (s *Service) one(ctx context.Context, tx *db.Tx, actor authz.Actor, permission string, account id.ID) (Account, error) {
	list, err := s.load(ctx, tx, actor, permission, []id.ID{account})
	if err != nil {
		return Account{}, err
	}
	if len(list) == 0 {
		return Account{}, errs.New(errs.NotFound, "account.not_found")
	}
	return list[0], nil
}

// change runs fn in the brand's gate; for the use cases that change accounts.
func (s *Service) change(ctx context.Context, actor authz.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := gate(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}

// audited writes the audit row of a use case.
func (s *Service) audited(ctx context.Context, tx *db.Tx, actor authz.Actor, e audit.Entry) error {
	if s.Audit == nil {
		return nil
	}
	return s.Audit.Write(ctx, tx, actor, e)
}
