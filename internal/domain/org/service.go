package org

import (
	"context"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/search"
	"kosmos/internal/event"
)

// Accounts is what org asks of the room that owns social accounts; plugged in app/wire.go.
type Accounts interface {
	// MoveUnitAccounts gives every account of one unit to another from a day on, within the same transaction, and
	// tells how many. It keeps org's counts itself (AddAccounts).
	MoveUnitAccounts(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID, day clock.Day) (int64, error)
}

// Figures is what org tells the room that sums figures up the tree; plugged in app/wire.go.
type Figures interface {
	// TreeChanged says that the unit and all below it have other ancestors from a day on, within the same transaction.
	TreeChanged(ctx context.Context, tx *db.Tx, brand, unit id.ID, from clock.Day) error
}

// Brands lists the brands with an actor that acts for the program in each, in the brand's zone; identity provides it.
type Brands interface {
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Deps are what the room needs from the house.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	IDs    *id.Source
	Box    *seal.Box
	Audit  *audit.Log
	Events *jobs.Client
}

// Service holds the use cases of the room. Every exported method that takes an actor checks his right to it.
type Service struct {
	Deps
	accounts Accounts
	figures  Figures
	brands   Brands
	memo     *memo
}

// New makes the Service.
func New(d Deps) *Service { return &Service{Deps: d, memo: newMemo(d.Clock)} }

// Plug connects the room of accounts; called once, before the program serves.
func (s *Service) Plug(a Accounts) { s.accounts = a }

// Follow connects the room of figures; called once, before the program serves.
func (s *Service) Follow(f Figures) { s.figures = f }

// Serve names the brands that the room works for without being asked; called once, before the program serves.
func (s *Service) Serve(b Brands) { s.brands = b }

// treeChanged tells the room of figures, if there is one.
func (s *Service) treeChanged(ctx context.Context, tx *db.Tx, brand, unit id.ID, from clock.Day) error {
	if s.figures == nil {
		return nil
	}
	return s.figures.TreeChanged(ctx, tx, brand, unit, from)
}

func (s *Service) now() clock.Ms { return clock.MsOf(s.Clock.Now()) }

// today is the calendar day in the actor's zone.
func (s *Service) today(actor authz.Actor) clock.Day {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	return clock.DayOf(s.Clock.Now(), zone)
}

// EnsureRoot makes the brand's tree if it has none yet and gives its root. Identity calls it in the transaction that
// creates a brand; calling it again changes nothing.
func (s *Service) EnsureRoot(ctx context.Context, tx *db.Tx, brand id.ID, name string) (id.ID, error) {
	root := s.IDs.New()
	n, err := tx.Exec(ctx, `INSERT INTO org_tree (brand_id, root_id, version) VALUES ($1, $2, 0) ON CONFLICT (brand_id) DO NOTHING`, brand, root)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return rootOf(ctx, tx, brand)
	}
	u := s.newUnit(Unit{BrandID: brand, Kind: KindBrand, Name: name})
	u.ID = root
	return root, insertUnits(ctx, tx, []Unit{u}, map[id.ID][]link{})
}

// RenameRoot follows a brand's new name; identity calls it in the transaction that renames the brand.
func (s *Service) RenameRoot(ctx context.Context, tx *db.Tx, brand id.ID, name string) error {
	root, err := s.lockTree(ctx, tx, brand)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE org_unit SET name = $1, name_key = $2, pinyin = $3, version = version + 1 WHERE brand_id = $4 AND id = $5`,
		name, search.Key(name), pinyinOf(name), brand, root)
	return err
}

// newUnit fills what every new unit has in common.
func (s *Service) newUnit(u Unit) Unit {
	u.ID, u.Status, u.Version, u.CreatedAt, u.UpdatedAt = s.IDs.New(), Open, 1, s.now(), s.now()
	u.NameKey, u.Pinyin = search.Key(u.Name), pinyinOf(u.Name)
	return u
}

// NewUnit describes a unit to create. OpenedDay 0 is today.
type NewUnit struct {
	ParentID  id.ID
	Kind      Kind
	Name      string
	City      string
	StoreType string
	Code      string
	Tags      []string
	OpenedDay clock.Day
}

// CreateUnit adds a unit below an open one. Needs org.write on the parent.
// Errors: org.unit_not_found, org.name_taken, org.code_taken, org.path_too_deep, org.unit_closed, field faults.
func (s *Service) CreateUnit(ctx context.Context, actor authz.Actor, in NewUnit) (Unit, error) {
	u, err := checkUnit(Unit{
		BrandID: actor.BrandID, ParentID: in.ParentID, Kind: in.Kind, Name: in.Name, City: in.City,
		StoreType: in.StoreType, Code: in.Code, Tags: in.Tags, OpenedDay: in.OpenedDay,
	})
	if err != nil {
		return Unit{}, err
	}
	if u.OpenedDay == 0 {
		u.OpenedDay = s.today(actor)
	}
	u = s.newUnit(u)
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		parent, err := s.reach(ctx, tx, actor, "org.write", in.ParentID)
		if err != nil {
			return err
		}
		if parent.Status != Open {
			return errs.New(errs.Precondition, "org.unit_closed", "unit", parent.Name)
		}
		if parent.Depth >= MaxDepth {
			return errs.New(errs.Precondition, "org.path_too_deep", "max", MaxDepth)
		}
		u.Path, u.Depth = joinPath(parent.Path, u.Name), parent.Depth+1
		up, err := linksOf(ctx, tx, actor.BrandID, []id.ID{parent.ID})
		if err != nil {
			return err
		}
		if err := insertUnits(ctx, tx, []Unit{u}, up); err != nil {
			return err
		}
		if err := setTags(ctx, tx, u.BrandID, tagUnit, u.ID, u.Tags); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, change{Unit: u, Action: ActCreated, To: u.Path, Day: u.OpenedDay, Verb: "org.create_unit", After: u})
	})
	if err != nil {
		return Unit{}, err
	}
	return unitByID(ctx, s.DB, actor.BrandID, u.ID)
}

// checkUnit cleans what people typed and tells every fault at once.
func checkUnit(u Unit) (Unit, error) {
	bad := errs.Bad()
	var ok bool
	if u.Name, ok = cleanName(u.Name); !ok {
		bad.Field("name", "org.name_invalid", "max", maxName)
	}
	if k, ok := ParseKind(string(u.Kind)); !ok || k == KindBrand {
		bad.Field("kind", "org.kind_unknown", "kind", string(u.Kind))
	} else {
		u.Kind = k
	}
	if !isAdcode(u.City) {
		bad.Field("city", "org.city_invalid")
	}
	if u.Tags, ok = cleanLabels(u.Tags); !ok {
		bad.Field("tags", "org.tags_invalid", "max", maxLabels, "length", maxLabel)
	}
	u.StoreType, u.Code = strings.TrimSpace(u.StoreType), strings.TrimSpace(u.Code)
	if utf8.RuneCountInString(u.StoreType) > maxLabel {
		bad.Field("store_type", "org.too_long", "max", maxLabel)
	}
	if utf8.RuneCountInString(u.Code) > maxName {
		bad.Field("code", "org.too_long", "max", maxName)
	}
	return u, bad.OrNil()
}

// EditUnit changes the fields that are not nil. Version is the one the editor saw; 0 edits whatever is there.
type EditUnit struct {
	ID        id.ID
	Version   int64
	Name      *string
	Kind      *Kind
	City      *string
	StoreType *string
	Code      *string
	Tags      *[]string
	OpenedDay *clock.Day
}

// UpdateUnit edits a unit; a new name renames every path below it. Needs org.write on it.
// Errors: org.unit_not_found, base.changed_meanwhile, org.name_taken, org.code_taken, org.root_fixed, field faults.
func (s *Service) UpdateUnit(ctx context.Context, actor authz.Actor, in EditUnit) (Unit, error) {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.lockTree(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		old, err := s.reach(ctx, tx, actor, "org.write", in.ID)
		if err != nil {
			return err
		}
		u, err := applyEdit(old, in)
		if err != nil {
			return err
		}
		if in.Version != 0 {
			u.Version = in.Version
		}
		u.UpdatedAt, u.NameKey, u.Pinyin = s.now(), search.Key(u.Name), pinyinOf(u.Name)
		if err := updateUnit(ctx, tx, u); err != nil {
			return err
		}
		if err := setTags(ctx, tx, u.BrandID, tagUnit, u.ID, u.Tags); err != nil {
			return err
		}
		c := change{Unit: u, Action: ActEdited, Day: s.today(actor), Verb: "org.edit_unit", Before: old, After: u}
		if u.Name != old.Name {
			parent := strings.TrimSuffix(strings.TrimSuffix(old.Path, old.Name), "/")
			if err := renamePaths(ctx, tx, old, joinPath(parent, u.Name)); err != nil {
				return err
			}
			c.Action, c.From, c.To = ActRenamed, old.Name, u.Name
		}
		return s.record(ctx, tx, actor, c)
	})
	if err != nil {
		return Unit{}, err
	}
	return unitByID(ctx, s.DB, actor.BrandID, in.ID)
}

// applyEdit gives the unit as it shall be.
func applyEdit(u Unit, in EditUnit) (Unit, error) {
	if u.ParentID == 0 && (in.Name != nil || in.Kind != nil) {
		return u, errs.New(errs.Precondition, "org.root_fixed")
	}
	set(&u.Name, in.Name)
	set(&u.Kind, in.Kind)
	set(&u.City, in.City)
	set(&u.StoreType, in.StoreType)
	set(&u.Code, in.Code)
	set(&u.OpenedDay, in.OpenedDay)
	if in.Tags != nil {
		u.Tags = *in.Tags
	}
	if u.ParentID == 0 {
		kept := u
		kept.Kind = KindRegion // the root passes the same checks but keeps its own kind
		kept, err := checkUnit(kept)
		kept.Kind = u.Kind
		return kept, err
	}
	u.Implicit = u.Implicit && in.Kind == nil
	return checkUnit(u)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// change is one use case as the timeline, the trail and the notice board hear of it.
type change struct {
	Unit     Unit
	Action   Action
	From, To string
	Day      clock.Day
	Why      string
	Verb     string
	Before   any
	After    any
	Counts   map[string]int64
	Event    jobs.Event // OrgUnitsChanged of the unit when nil
}

// record writes a change to the timeline and the trail and publishes its event.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor authz.Actor, c change) error {
	e := Entry{
		BrandID: actor.BrandID, SubjectID: c.Unit.ID, ID: s.IDs.New(), Action: c.Action, From: c.From, To: c.To, Day: c.Day,
		Why: c.Why, ByID: actor.UserID, By: actor.Name, At: s.now(),
	}
	if err := insertEntries(ctx, tx, []Entry{e}); err != nil {
		return err
	}
	err := s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: c.Verb, UnitID: c.Unit.ID, Kind: "unit", Object: c.Unit.ID, Name: c.Unit.Name,
		Counts: c.Counts, Before: c.Before, After: c.After,
	})
	if err != nil {
		return err
	}
	if c.Event == nil {
		c.Event = event.OrgUnitsChanged{BrandID: actor.BrandID, UnitIDs: []id.ID{c.Unit.ID}}
	}
	return s.Events.Publish(ctx, tx, c.Event)
}
