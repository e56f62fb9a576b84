package todo

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// People knows who is behind members and above units; identity and org provide it.
type People interface {
	// UsersOf gives the users of members who can sign in.
	UsersOf(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) (map[id.ID]id.ID, error)
	// ManagersOf gives the nearest managers at or above each unit.
	ManagersOf(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID][]id.ID, error)
	// UnitsOf gives the units of members.
	UnitsOf(ctx context.Context, q db.Querier, brand id.ID, members []id.ID) (map[id.ID]id.ID, error)
	// NamesOf gives the names of units and members.
	NamesOf(ctx context.Context, q db.Querier, brand id.ID, units, members []id.ID) (map[id.ID]string, error)
	// SystemActors gives one system actor per brand.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Notices tells people; notify provides it.
type Notices interface {
	// Overdue tells managers how many to-dos of their units became overdue on a day.
	Overdue(ctx context.Context, tx *db.Tx, brand id.ID, day clock.Day, counts map[id.ID]int64) error
	// Changed signals open pages that to-dos changed; called after commit.
	Changed(brand, user id.ID)
}

// Deps are what the room needs of the house.
type Deps struct {
	DB      *db.DB
	IDs     *id.Source
	Clock   clock.Clock
	Jobs    *jobs.Client
	Scopes  Scopes
	People  People
	Notices Notices
}

// Service keeps the to-dos.
type Service struct {
	Deps
	locked []string
}

// New makes a Service.
func New(d Deps) *Service { return &Service{Deps: d} }

// Lock names a kind whose to-dos nobody closes by hand: they end when the asking room settles them, because the work
// itself was done on the page they link to. Called while the program is put together.
func (s *Service) Lock(kind string) { s.locked = append(s.locked, kind) }

// Locked tells whether the to-dos of a kind close by themselves only.
func (s *Service) Locked(kind string) bool { return slices.Contains(s.locked, kind) }

const (
	permRead   = "todo.read"
	permManage = "todo.manage"
	batch      = 500
	noDay      = clock.Forever
)

func (s *Service) today(actor authz.Actor) clock.Day {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	return clock.DayOf(s.Clock.Now(), zone)
}

// Create adds the to-dos that are not there yet and tells how many were new. Called by rooms within their transaction,
// never by a route.
func (s *Service) Create(ctx context.Context, tx *db.Tx, brand id.ID, list []Draft) (int64, error) {
	return s.create(ctx, tx, brand, "", list)
}

func (s *Service) create(ctx context.Context, tx *db.Tx, brand id.ID, by string, list []Draft) (int64, error) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Draft) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Key, b.Key))
	})
	list = slices.CompactFunc(list, func(a, b Draft) bool { return a.Kind == b.Kind && a.Key == b.Key })
	now := clock.MsOf(s.Clock.Now())
	rows := make([][]any, 0, len(list))
	for _, n := range list {
		params, err := json.Marshal(n.Params)
		if err != nil || n.Kind == "" || n.Key == "" {
			return 0, fmt.Errorf("todo: kind %q, key %q: %w", n.Kind, n.Key, err)
		}
		if n.Params == nil {
			params = []byte("{}")
		}
		rows = append(rows, []any{
			brand, n.Kind, n.Key, s.IDs.New(), n.Object, int64(n.UnitID), n.MemberID, n.UserID,
			string(n.Audience), n.Slug, string(params), n.Link, cmp.Or(n.DueDay, noDay), cmp.Or(n.ExpireDay, noDay),
			string(Open), "", "", 0, int64(now), by, 0, "",
		})
	}
	n, err := insertItems(ctx, tx, rows)
	if err != nil || n == 0 {
		return n, err
	}
	return n, s.signal(ctx, tx, brand, list)
}

// signal tells the owners' pages after commit. A bulk call tells nobody: their pages look again by themselves.
func (s *Service) signal(ctx context.Context, tx *db.Tx, brand id.ID, list []Draft) error {
	if len(list) > batch {
		return nil
	}
	var members, users []id.ID
	for _, n := range list {
		if n.MemberID != 0 {
			members = append(members, n.MemberID)
		}
		if n.UserID != 0 {
			users = append(users, n.UserID)
		}
	}
	if len(members) > 0 {
		known, err := s.People.UsersOf(ctx, tx, brand, members)
		if err != nil {
			return err
		}
		for _, u := range known {
			users = append(users, u)
		}
	}
	tx.AfterCommit(func() {
		for _, u := range users {
			s.Notices.Changed(brand, u)
		}
	})
	return nil
}

// Settle closes the open to-dos of a kind about objects because their reason is gone. Called by the asking room.
func (s *Service) Settle(ctx context.Context, tx *db.Tx, brand id.ID, kind string, objects []id.ID, outcome string) error {
	c := closing{state: Done, outcome: cmp.Or(outcome, OutcomeSettled), at: clock.MsOf(s.Clock.Now())}
	for part := range slices.Chunk(objects, batch) {
		if _, err := settle(ctx, tx, brand, kind, part, c); err != nil {
			return err
		}
	}
	return nil
}

// SettleKeys closes the open to-dos of a kind whose key is one of the given, or begins with one and a colon. Called by
// the asking room.
func (s *Service) SettleKeys(ctx context.Context, tx *db.Tx, brand id.ID, kind string, keys []string) error {
	c := closing{state: Done, outcome: OutcomeSettled, at: clock.MsOf(s.Clock.Now())}
	for _, k := range keys {
		if err := settleKey(ctx, tx, brand, kind, k, c); err != nil {
			return err
		}
	}
	return nil
}

// Add writes a to-do by hand for a unit's managers or one of its members. Errors: "base.required", "base.too_long",
// "todo.link_outside", "todo.due_past", "todo.member_unknown", and those of the scope.
func (s *Service) Add(ctx context.Context, actor authz.Actor, n Draft, title string) (id.ID, error) {
	if err := checkManual(title, n.Link); err != nil {
		return 0, err
	}
	if n.DueDay != 0 && n.DueDay < s.today(actor) {
		return 0, errs.Bad().Field("due", "todo.due_past")
	}
	if n.MemberID != 0 { // a member's errands belong to the member's own unit
		units, err := s.People.UnitsOf(ctx, s.DB, actor.BrandID, []id.ID{n.MemberID})
		if err != nil {
			return 0, err
		}
		if n.UnitID = units[n.MemberID]; n.UnitID == 0 {
			return 0, errs.Bad().Field("member_id", "todo.member_unknown")
		}
	}
	if _, err := s.Scopes.Scope(ctx, s.DB, actor, permManage, n.UnitID.String()); err != nil {
		return 0, err
	}
	key := s.IDs.New()
	n.Kind, n.Key, n.Slug, n.Params = KindManual, key.String(), slugManual, map[string]any{"title": strings.TrimSpace(title)}
	if n.Audience == "" {
		n.Audience = Manager
	}
	if n.MemberID != 0 {
		n.Audience = Owner
	}
	var made id.ID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.create(ctx, tx, actor.BrandID, actor.Name, []Draft{n}); err != nil {
			return err
		}
		var err error
		made, err = db.One[id.ID](ctx, tx, `SELECT id FROM todo_item WHERE brand_id = $1 AND kind = $2 AND dedup = $3`,
			actor.BrandID, KindManual, n.Key)
		return err
	})
	return made, err
}

// List reads to-dos: the caller's own, or those of the units the caller manages.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) ([]Item, error) {
	r, err := s.reach(ctx, actor, f.Box, f.Unit)
	if err != nil {
		return nil, err
	}
	return selectItems(ctx, s.DB, actor.BrandID, r, f)
}

// Summary counts what is open for the caller.
func (s *Service) Summary(ctx context.Context, actor authz.Actor) (Summary, error) {
	r, err := s.reach(ctx, actor, Mine, "")
	if err != nil {
		return Summary{}, err
	}
	return selectSummary(ctx, s.DB, actor.BrandID, r, s.today(actor))
}

// BusyMembers lists the members who have something to do, whoever asks: for choosing whom to show the program with.
func (s *Service) BusyMembers(ctx context.Context, brand id.ID) ([]id.ID, error) {
	return db.All[id.ID](ctx, s.DB, `SELECT DISTINCT member_id FROM todo_item WHERE brand_id = $1 AND state = 'open' AND member_id IS NOT NULL ORDER BY member_id`, brand)
}

// reach gives what the caller sees in a box.
func (s *Service) reach(ctx context.Context, actor authz.Actor, box Box, unit string) (reach, error) {
	if box == Units {
		scope, err := s.Scopes.Scope(ctx, s.DB, actor, permManage, unit)
		return reach{units: &scope}, err
	}
	r := reach{member: actor.MemberID, user: actor.UserID}
	for _, a := range []Audience{Manager, Region, HQ} {
		// Only a role held by name: administrators hold every permission, but not everybody's errands.
		if !slices.ContainsFunc(actor.Grants, func(g authz.Grant) bool { return g.Role == a.role() }) {
			continue
		}
		scope, err := s.Scopes.Scope(ctx, s.DB, actor, permManage+"_"+string(a), "")
		if err != nil {
			return r, err
		}
		r.audiences = append(r.audiences, audienceScope{a, scope})
	}
	return r, nil
}

// whole is everything a caller may close: what is theirs and what they manage.
func (s *Service) whole(ctx context.Context, actor authz.Actor) (reach, error) {
	r, err := s.reach(ctx, actor, Mine, "")
	if err != nil || !actor.Can(permManage) {
		return r, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permManage, "")
	r.units = &scope
	return r, err
}

// Turn closes to-dos as done or dismissed, or opens them again. Errors: "todo.gone" when one is not the caller's,
// "todo.state" when one cannot turn that way, "todo.locked" when one closes by itself only.
func (s *Service) Turn(ctx context.Context, actor authz.Actor, ids []id.ID, verb State, note string) error {
	r, err := s.whole(ctx, actor)
	if err != nil {
		return err
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		items, err := selectReached(ctx, tx, actor.BrandID, r, ids)
		if err != nil {
			return err
		}
		if len(items) != len(ids) {
			return errs.New(errs.NotFound, "todo.gone")
		}
		if slices.ContainsFunc(items, func(it Item) bool { return s.Locked(it.Kind) }) {
			return errs.New(errs.Precondition, "todo.locked")
		}
		c := closing{state: verb, note: note, by: actor.Name, outcome: OutcomeManual, at: clock.MsOf(s.Clock.Now())}
		if verb == Open {
			c = closing{state: Open}
		}
		return s.turn(ctx, tx, actor.BrandID, items, c)
	})
}

func (s *Service) turn(ctx context.Context, tx *db.Tx, brand id.ID, items []Item, c closing) error {
	var turned []Item
	var ids []id.ID
	for _, it := range items {
		switch next(it.State, c.state) {
		case "":
			return errs.New(errs.Precondition, "todo.state")
		case it.State: // it is so already
		default:
			turned, ids = append(turned, it), append(ids, it.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := updateState(ctx, tx, brand, ids, c); err != nil {
		return err
	}
	if err := s.publish(ctx, tx, brand, turned, c); err != nil {
		return err
	}
	owners := make([]Draft, 0, len(turned))
	for _, it := range turned {
		owners = append(owners, Draft{MemberID: it.MemberID, UserID: it.UserID})
	}
	return s.signal(ctx, tx, brand, owners)
}

// publish tells the asking rooms, one event per kind.
func (s *Service) publish(ctx context.Context, tx *db.Tx, brand id.ID, items []Item, c closing) error {
	kinds := map[string][]id.ID{}
	for _, it := range items {
		kinds[it.Kind] = append(kinds[it.Kind], it.Object)
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		var e jobs.Event = event.TodoClosed{BrandID: brand, Kind: kind, Objects: kinds[kind], State: string(c.state), Note: c.note}
		if c.state == Open {
			e = event.TodoReopened{BrandID: brand, Kind: kind, Objects: kinds[kind]}
		}
		if err := s.Jobs.Publish(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}
