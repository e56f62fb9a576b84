package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/egress"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web"
	"kosmos/internal/connect/hook"
	"kosmos/internal/connect/mail"
	"kosmos/internal/connect/robot"
)

// Reach tells how a person can be told.
type Reach struct {
	Mail   bool
	Phone  bool
	UnitID id.ID // where the person works, or the unit of a grant; 0: the whole brand
}

// Contact is a person's addresses in the clear, for sending only: it is never stored, logged or shown.
type Contact struct {
	Name  string
	Lang  string
	Mail  string
	Phone string // E.164
}

// String hides the addresses wherever a Contact is printed.
func (Contact) String() string { return "notify.Contact" }

// People is what notify asks of identity and org.
type People interface {
	// Reach tells how users can be told; those who may not sign in are absent.
	Reach(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]Reach, error)
	// Contacts opens the addresses of users who may sign in. It is not called within a transaction.
	Contacts(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]Contact, error)
	// Names gives the names of users, also of former ones.
	Names(ctx context.Context, q db.Querier, brand id.ID, users []id.ID) (map[id.ID]string, error)
}

// Units is what notify asks of the organisation.
type Units interface {
	// Scope is the set of units an actor may see with a permission, cut to a unit (id or path, "" for all of it).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
	// Ancestors gives each unit's ancestors, itself included, as of a day (clock.Forever: today's tree).
	Ancestors(ctx context.Context, q db.Querier, brand id.ID, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
}

// Brands lists the brands with their zones.
type Brands interface {
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Deps are what the room needs of the house.
type Deps struct {
	DB     *db.DB
	IDs    *id.Source
	Clock  clock.Clock
	Box    *seal.Box
	Audit  *audit.Log
	People People
	Units  Units
	Brands Brands
	Guard  *egress.Guard // of addresses that people type in; nil allows nothing inside
}

// Service sends and shows notices.
type Service struct {
	Deps
	hub    *Hub
	kinds  map[string]Kind
	texts  web.Texts // of all rooms; set by Module
	robots *robot.Client
	hooks  *hook.Client
	mailer *mail.Mailer
}

// New makes a Service. Declare the kinds before the program starts.
func New(d Deps) *Service {
	if d.Guard == nil {
		d.Guard = &egress.Guard{}
	}
	s := &Service{
		Deps: d, kinds: map[string]Kind{}, robots: robot.New(d.Guard, d.Clock.Now), hooks: hook.New(d.Guard, d.Clock.Now), mailer: mail.New(d.Guard),
	}
	s.hub = newHub(d.Clock, s.freshSince)
	s.Declare(ownKinds()...)
	return s
}

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

// Hub gives the streams, for rooms that signal something else than notices.
func (s *Service) Hub() *Hub { return s.hub }

// Declare adds kinds; a kind declared twice keeps its last form. Not safe once the program runs.
func (s *Service) Declare(kinds ...Kind) {
	for _, k := range kinds {
		if k.Cap == 0 {
			k.Cap = defaultCap
		}
		s.kinds[k.Key] = k
	}
}

// Kinds lists the declared kinds in order.
func (s *Service) Kinds() []Kind {
	list := make([]Kind, 0, len(s.kinds))
	for _, k := range s.kinds {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b Kind) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// Send puts notices of one kind to people within the sender's transaction; who switched the kind off gets none, people at
// their cap get the newest one folded, and who has the notice already keeps it as it is. Called by rooms, never by a route.
func (s *Service) Send(ctx context.Context, tx *db.Tx, brand id.ID, kind string, list []Notice) error {
	k, known := s.kinds[kind]
	if !known {
		return fmt.Errorf("notify: nobody declares the kind %q", kind)
	}
	list = slices.DeleteFunc(slices.Clone(list), func(n Notice) bool { return n.UserID == 0 })
	slices.SortStableFunc(list, func(a, b Notice) int {
		return cmp.Or(cmp.Compare(a.UserID, b.UserID), strings.Compare(a.Key, b.Key))
	})
	for len(list) > 0 {
		n := cut(list)
		if err := s.send(ctx, tx, brand, k, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// cut finds the end of the first chunk's people.
func cut(list []Notice) int {
	people := 0
	for i := range list {
		if i == 0 || list[i].UserID != list[i-1].UserID {
			if people++; people > chunk {
				return i
			}
		}
	}
	return len(list)
}

func (s *Service) send(ctx context.Context, tx *db.Tx, brand id.ID, k Kind, list []Notice) error {
	now := s.now()
	users := people(list)
	g, err := s.gateOf(ctx, tx, brand, k, users)
	if err != nil {
		return err
	}
	had, err := selectHad(ctx, tx, brand, k.Key, list)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, n := range list {
		if n.Key != "" && had[userKey{n.UserID, n.Key}] {
			continue
		}
		switch newest, way := g.pass(n.UserID); way {
		case wayMuted, wayCapped:
			continue
		case wayFold:
			if err := fold(ctx, tx, brand, []id.ID{newest}); err != nil {
				return err
			}
			continue
		}
		row, err := s.row(brand, k.Key, n, now)
		if err != nil {
			return err
		}
		rows = append(rows, append(row, g.planned))
	}
	if len(rows) > 0 {
		if _, err := insertNotices(ctx, tx, rows); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { s.hub.SignalAll(brand, users, TopicNotice) })
	return nil
}

func (s *Service) row(brand id.ID, kind string, n Notice, now clock.Ms) ([]any, error) {
	params, err := encode(kind, n.Params)
	if err != nil {
		return nil, err
	}
	key := s.IDs.New()
	if n.Key == "" {
		n.Key = "#" + key.String()
	}
	return []any{brand, n.UserID, kind, n.Key, key, params, n.Link, max(n.Due, now), 0}, nil
}

func encode(kind string, params map[string]any) (string, error) {
	if len(params) == 0 {
		return "{}", nil
	}
	raw, err := json.Marshal(params)
	if err != nil {
		return "", fmt.Errorf("notify: parameters of %s: %w", kind, err)
	}
	return string(raw), nil
}

func people(list []Notice) []id.ID {
	users := make([]id.ID, 0, len(list))
	for _, n := range list {
		users = append(users, n.UserID)
	}
	return slices.Compact(users) // sorted already
}

// Unread counts the caller's unread notices, up to 100.
func (s *Service) Unread(ctx context.Context, actor authz.Actor) (int, error) {
	return countUnread(ctx, s.DB, actor.BrandID, actor.UserID, s.now())
}

// List reads the caller's notices that are due, newest first, below a place (zero: from the top).
func (s *Service) List(ctx context.Context, actor authz.Actor, unread bool, due clock.Ms, last id.ID, limit int) ([]Row, error) {
	if due == 0 {
		due = s.now() + 1
	}
	return selectNotices(ctx, s.DB, actor.BrandID, actor.UserID, unread, place{due, last}, limit)
}

// Read marks the caller's notices as read: the named ones, or all that are due.
func (s *Service) Read(ctx context.Context, actor authz.Actor, ids []id.ID) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := markRead(ctx, tx, actor.BrandID, actor.UserID, ids, s.now())
		if n > 0 {
			tx.AfterCommit(func() { s.hub.Signal(actor.BrandID, actor.UserID, TopicNotice) })
		}
		return err
	})
}

// freshSince feeds the hub with what other processes sent and with what became due.
func (s *Service) freshSince(ctx context.Context, brand id.ID, since, now clock.Ms) ([]fresh, error) {
	return selectFresh(ctx, s.DB, brand, since, now)
}

func errPerson(actor authz.Actor) error {
	if actor.UserID == 0 {
		return errs.New(errs.Precondition, "notify.no_person")
	}
	return nil
}
