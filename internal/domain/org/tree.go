package org

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// MaxTree is how many units one answer may hold: the whole tree of an ordinary brand.
const MaxTree = 5000

// UnitPlace is where a list of units goes on: after this unit in the order level, name, id.
type UnitPlace struct {
	Depth int    `json:"d"`
	Key   string `json:"k"`
	ID    id.ID  `json:"i"`
}

// UnitFilter cuts the tree; zero fields do not. Query finds by name, pinyin, initials and path, all words of it.
type UnitFilter struct {
	Unit   string
	Parent id.ID
	Query  string
	Status Status
	Kind   Kind
	Tag    string
	After  UnitPlace
	Limit  int
}

// Units lists the units an actor may see, level by level and by name: a parent always comes before its children. Needs
// org.read. more tells that there is a next page.
func (s *Service) Units(ctx context.Context, actor authz.Actor, f UnitFilter) (units []Unit, more bool, err error) {
	scope, err := s.Scope(ctx, s.DB, actor, "org.read", f.Unit)
	if err != nil {
		return nil, false, err
	}
	if f.Limit <= 0 || f.Limit > MaxTree {
		f.Limit = MaxTree
	}
	units, err = listUnits(ctx, s.DB, scope, f)
	if len(units) > f.Limit {
		return units[:f.Limit], true, err
	}
	return units, false, err
}

func listUnits(ctx context.Context, q db.Querier, scope authz.Scope, f UnitFilter) ([]Unit, error) {
	var a db.Args
	text := unitSelect + ` WHERE u.brand_id = ` + a.Add(scope.BrandID) + ` AND ` + scope.Where("u.id", &a)
	if f.Status != "" {
		text += ` AND u.status = ` + a.Add(f.Status)
	}
	if f.Parent != 0 {
		text += ` AND u.parent_id = ` + a.Add(f.Parent)
	}
	if f.Kind != "" {
		text += ` AND u.kind = ` + a.Add(f.Kind)
	}
	if f.Tag != "" {
		text += ` AND EXISTS (SELECT 1 FROM org_tag t WHERE t.brand_id = u.brand_id AND t.subject = 'unit' AND t.tag = ` + a.Add(f.Tag) + ` AND t.subject_id = u.id)`
	}
	for word := range strings.FieldsSeq(search.Normal(f.Query)) {
		text += ` AND (LOWER(u.path) LIKE ` + a.Add(like(word)) + ` ESCAPE '\' OR u.pinyin LIKE ` + a.Add(like(word)) + ` ESCAPE '\' OR LOWER(u.code) LIKE ` +
			a.Add(like(word)) + ` ESCAPE '\')`
	}
	if f.After.ID != 0 {
		text += ` AND (u.depth, u.name_key, u.id) > (` + a.Add(f.After.Depth) + `, ` + a.Add(f.After.Key) + `, ` + a.Add(f.After.ID) + `)`
	}
	return db.All[Unit](ctx, q, text+` ORDER BY u.depth, u.name_key, u.id LIMIT `+a.Add(f.Limit+1), a.Values...)
}

// like makes a pattern that finds the word anywhere.
func like(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}

// UnitView is a unit with what its page shows besides.
type UnitView struct {
	Unit    Unit   `json:"unit"`
	Parents []Unit `json:"parents" doc:"from below the brand down to the parent"`
	Planned []Move `json:"planned" doc:"the move that waits for its day, if any"`
	Target  string `json:"target" doc:"path of the planned move's new parent"`
}

// Unit reads one unit. Needs org.read on it.
func (s *Service) Unit(ctx context.Context, actor authz.Actor, unit id.ID) (UnitView, error) {
	u, err := s.reach(ctx, s.DB, actor, "org.read", unit)
	if err != nil {
		return UnitView{}, err
	}
	v := UnitView{Unit: u, Parents: []Unit{}}
	up, err := ancestorsOf(ctx, s.DB, actor.BrandID, []id.ID{unit}, clock.Forever)
	if err != nil {
		return v, err
	}
	units, err := unitsByID(ctx, s.DB, actor.BrandID, up[unit])
	if err != nil {
		return v, err
	}
	for i := len(up[unit]) - 1; i > 0; i-- {
		v.Parents = append(v.Parents, units[up[unit][i]])
	}
	if v.Planned, err = plannedMoves(ctx, s.DB, actor.BrandID, unit); err != nil || len(v.Planned) == 0 {
		return v, err
	}
	to, err := unitByID(ctx, s.DB, actor.BrandID, v.Planned[0].ToID)
	v.Target = to.Path
	if to.ParentID == 0 {
		v.Target = to.Name
	}
	return v, err
}

// UnitHistory reads the timeline of a unit, newest first. Needs org.read on it.
func (s *Service) UnitHistory(ctx context.Context, actor authz.Actor, unit, before id.ID, limit int) ([]Entry, error) {
	if _, err := s.reach(ctx, s.DB, actor, "org.read", unit); err != nil {
		return nil, err
	}
	return entriesOf(ctx, s.DB, actor.BrandID, unit, before, limit)
}

// Tree reads the whole open tree of a brand, level by level and by name, without asking who wants to know: for other
// rooms that add something up over it.
func (s *Service) Tree(ctx context.Context, q db.Querier, brand id.ID) ([]Unit, error) {
	return db.All[Unit](ctx, q, unitSelect+` WHERE u.brand_id = $1 AND u.status = 'open' ORDER BY u.depth, u.name_key, u.id`, brand)
}

// UnitLabels lists the labels of units in use. Needs org.read.
func (s *Service) UnitLabels(ctx context.Context, actor authz.Actor) ([]Label, error) {
	if _, err := s.Scope(ctx, s.DB, actor, "org.read", ""); err != nil {
		return nil, err
	}
	return labelsInUse(ctx, s.DB, actor.BrandID, tagUnit)
}
