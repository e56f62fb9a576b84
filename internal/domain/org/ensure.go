package org

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/event"
)

// PathSpec asks for a unit by its path. Kind is a slug or a Chinese word; "" leaves it open (a new one is a region).
type PathSpec struct {
	Path string
	Kind string
}

// PathResult answers a PathSpec: the unit, or what is wrong with the row (Column "unit_path" or "unit_kind").
type PathResult struct {
	UnitID  id.ID
	Created bool
	Column  string
	Slug    string
	Params  errs.Params
}

// EnsurePaths finds or makes the units of a roster, in the order of the specs: missing parents become regions, one
// statement per batch and never one per row. The kind of a unit that was made up as somebody's parent follows the first
// spec that names it; a kind somebody chose stays. Rows outside what the actor may write get a fault of their own.
// Runs in the import's transaction; units it makes carry importID.
func (s *Service) EnsurePaths(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, specs []PathSpec) ([]PathResult, error) {
	root, err := s.lockTree(ctx, tx, actor.BrandID)
	if err != nil {
		return nil, err
	}
	may, err := s.writablePaths(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	p := planner{brand: actor.BrandID, importID: importID, root: root, made: map[string]*Unit{}, day: s.today(actor), s: s}
	results := make([]PathResult, len(specs))
	wants := parseSpecs(specs, results, may)
	if p.known, err = openByPath(ctx, tx, actor.BrandID, prefixes(wants)); err != nil {
		return nil, err
	}
	for i, w := range wants {
		if results[i].Slug == "" {
			results[i].UnitID, results[i].Created = p.ensure(w)
		}
	}
	if err := p.write(ctx, tx); err != nil {
		return nil, err
	}
	if n := len(p.order) + len(p.rekind); n > 0 {
		err = s.Events.Publish(ctx, tx, event.OrgUnitsChanged{BrandID: actor.BrandID, UnitIDs: p.touched(1000), All: n > 1000})
	}
	return results, err
}

// writablePaths gives the paths below which the actor may make units; "" among them is the whole brand.
func (s *Service) writablePaths(ctx context.Context, q db.Querier, actor authz.Actor) ([]string, error) {
	roots, all := actor.Roots("org.write")
	if all {
		return []string{""}, nil
	}
	if len(roots) == 0 {
		return nil, errs.New(errs.Forbidden, "org.forbidden")
	}
	units, err := unitsByID(ctx, q, actor.BrandID, roots)
	paths := make([]string, 0, len(units))
	for _, u := range units {
		paths = append(paths, u.Path)
	}
	return paths, err
}

// want is a spec after reading; Kind "" is open.
type want struct {
	path  string
	names []string
	kind  Kind
}

// parseSpecs reads the specs and puts the faults of single rows into results.
func parseSpecs(specs []PathSpec, results []PathResult, may []string) []want {
	wants := make([]want, len(specs))
	seen := make(map[PathSpec]int, len(specs)) // rosters repeat their units row by row
	for i, sp := range specs {
		if j, again := seen[sp]; again {
			wants[i], results[i] = wants[j], results[j]
			continue
		}
		seen[sp] = i
		names, slug := SplitPath(sp.Path)
		if slug != "" {
			results[i] = PathResult{Column: "unit_path", Slug: slug, Params: errs.Params{"path": sp.Path, "max": MaxDepth}}
			continue
		}
		w := want{path: strings.Join(names, "/"), names: names}
		if strings.TrimSpace(sp.Kind) != "" {
			kind, ok := ParseKind(sp.Kind)
			if !ok || kind == KindBrand {
				results[i] = PathResult{Column: "unit_kind", Slug: "org.kind_unknown", Params: errs.Params{"kind": sp.Kind}}
				continue
			}
			w.kind = kind
		}
		if !slices.ContainsFunc(may, func(top string) bool { return within(w.path, top) }) {
			results[i] = PathResult{Column: "unit_path", Slug: "org.path_outside", Params: errs.Params{"path": sp.Path}}
			continue
		}
		wants[i] = w
	}
	return wants
}

// within tells whether path lies at or below top.
func within(path, top string) bool {
	return top == "" || path == top || strings.HasPrefix(path, top+"/")
}

// prefixes gives every path the wants pass through, once, in order.
func prefixes(wants []want) []string {
	set := map[string]struct{}{}
	for _, w := range wants {
		path := ""
		for _, n := range w.names {
			path = joinPath(path, n)
			set[path] = struct{}{}
		}
	}
	out := make([]string, 0, len(set))
	for p := range set {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// planner collects the units that are missing before any of them is written.
type planner struct {
	s        *Service
	brand    id.ID
	importID id.ID
	root     id.ID
	day      clock.Day
	known    map[string]Unit
	made     map[string]*Unit
	order    []*Unit // parents before children
	rekind   []Unit
}

// ensure finds or plans the unit of a want.
func (p *planner) ensure(w want) (unit id.ID, created bool) {
	parent, path := p.root, ""
	for i, name := range w.names {
		path = joinPath(path, name)
		last := i == len(w.names)-1
		if u, ok := p.known[path]; ok {
			if last && w.kind != "" && u.Implicit {
				u.Kind, u.Implicit = w.kind, false
				p.known[path] = u
				p.rekind = append(p.rekind, u)
			}
			parent = u.ID
			continue
		}
		u, ok := p.made[path]
		if !ok {
			u = p.add(parent, path, name, i+1)
			created = last
		}
		if last && w.kind != "" && u.Implicit {
			u.Kind, u.Implicit = w.kind, false
		}
		parent = u.ID
	}
	return parent, created
}

func (p *planner) add(parent id.ID, path, name string, depth int) *Unit {
	u := p.s.newUnit(Unit{
		BrandID: p.brand, ParentID: parent, Kind: KindRegion, Name: name, Path: path, Depth: depth, Implicit: true,
		ImportID: p.importID, OpenedDay: p.day,
	})
	p.made[path] = &u
	p.order = append(p.order, &u)
	return &u
}

func (p *planner) write(ctx context.Context, tx *db.Tx) error {
	for _, u := range p.rekind {
		if err := updateUnit(ctx, tx, u); err != nil {
			return err
		}
	}
	if len(p.order) == 0 {
		return nil
	}
	units := make([]Unit, 0, len(p.order))
	made := make(map[id.ID]bool, len(p.order))
	var parents []id.ID
	for _, u := range p.order {
		if !made[u.ParentID] {
			parents = append(parents, u.ParentID)
		}
		units, made[u.ID] = append(units, *u), true
	}
	slices.Sort(parents)
	parents = slices.Compact(parents)
	up, err := linksOf(ctx, tx, p.brand, parents)
	if err != nil {
		return err
	}
	return insertUnits(ctx, tx, units, up)
}

// touched lists the units made or changed, at most n.
func (p *planner) touched(n int) []id.ID {
	out := make([]id.ID, 0, min(n, len(p.order)+len(p.rekind)))
	for _, u := range p.order {
		if len(out) < n {
			out = append(out, u.ID)
		}
	}
	for _, u := range p.rekind {
		if len(out) < n {
			out = append(out, u.ID)
		}
	}
	return out
}
