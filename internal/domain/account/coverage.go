package account

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// By says how coverage is cut.
type By string

// The cuts of the coverage grid.
const (
	ByRegion    By = "region" // the units right below the top of the scope
	ByCity      By = "city"
	ByStoreType By = "store_type"
)

// CoverCell is a platform's column of a row.
type CoverCell struct {
	Platform   Platform `json:"platform"`
	Accounts   int64    `json:"accounts"`
	StoresWith int64    `json:"stores_with" doc:"stores that have an account on the platform"`
}

// CoverRow is one region, city or store type.
type CoverRow struct {
	Key      string      `json:"key"`
	Name     string      `json:"name" doc:"empty when the city or store type is not known"`
	UnitID   id.ID       `json:"unit_id" nullable:"true"`
	City     int         `json:"city" doc:"city code, 0 when not cut by city"`
	Tier     int         `json:"tier"`
	Stores   int64       `json:"stores"`
	Bare     int64       `json:"bare" doc:"stores without any account"`
	Accounts int64       `json:"accounts"`
	Unpaired int64       `json:"unpaired" doc:"public accounts that no private one receives"`
	Cells    []CoverCell `json:"cells"`
}

// Coverage is the grid of platform × region, city or store type.
type Coverage struct {
	By    By         `json:"by"`
	Total CoverRow   `json:"total"`
	Rows  []CoverRow `json:"rows"`
}

// storeKinds are the units that should have accounts of their own.
func storeKinds() []string { return []string{"store"} }

// Coverage adds up accounts and stores over the scope. Error: account.by_unknown.
func (s *Service) Coverage(ctx context.Context, actor authz.Actor, by By, unit string) (Coverage, error) {
	if by != ByRegion && by != ByCity && by != ByStoreType {
		return Coverage{}, errs.New(errs.Invalid, "account.by_unknown", "value", string(by))
	}
	c, err := s.survey(ctx, actor, unit)
	if err != nil {
		return Coverage{}, err
	}
	g := grid{by: by, s: s, c: c, rows: map[string]*CoverRow{}}
	g.total = newCoverRow("", "")
	for _, u := range c.tree {
		if !slices.Contains(storeKinds(), u.Kind) {
			continue
		}
		for _, row := range []*CoverRow{g.row(u.ID), g.total} {
			row.Stores++
			if len(c.stores[u.ID]) == 0 {
				row.Bare++
			}
			for i := range row.Cells {
				if c.stores[u.ID][row.Cells[i].Platform] {
					row.Cells[i].StoresWith++
				}
			}
		}
	}
	for _, n := range c.counts {
		for _, row := range []*CoverRow{g.row(n.UnitID), g.total} {
			row.Accounts += n.N
			row.Cells[slices.Index(Platforms(), n.Platform)].Accounts += n.N
		}
	}
	for u, n := range c.unpaired {
		g.row(u).Unpaired += n
		g.total.Unpaired += n
	}
	return Coverage{By: by, Total: *g.total, Rows: g.sorted()}, nil
}

// survey is what coverage needs to know of a scope.
type survey struct {
	tree     []Unit
	forest   *forest
	counts   []unitCount
	stores   map[id.ID]map[Platform]bool // store → platforms it is on, itself or through its teams
	unpaired map[id.ID]int64
}

func (s *Service) survey(ctx context.Context, actor authz.Actor, unit string) (*survey, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, unit)
	if err != nil {
		return nil, err
	}
	c := &survey{stores: map[id.ID]map[Platform]bool{}, unpaired: map[id.ID]int64{}}
	if c.tree, err = s.Units.Tree(ctx, s.DB, scope); err != nil {
		return nil, err
	}
	c.forest = grow(c.tree)
	if c.counts, err = countsOf(ctx, s.DB, scope); err != nil {
		return nil, err
	}
	for _, n := range c.counts {
		store := c.forest.up(n.UnitID, storeKinds()...)
		if store == 0 {
			continue
		}
		if c.stores[store] == nil {
			c.stores[store] = map[Platform]bool{}
		}
		c.stores[store][n.Platform] = true
	}
	var a db.Args
	rows, err := db.All[unitCount](ctx, s.DB, "SELECT a.unit_id AS unit_id, '' AS platform, '' AS kind, COUNT(*) AS n FROM account_account a WHERE "+
		where(scope, Filter{Unpaired: true}, &a)+" GROUP BY a.unit_id", a.Values...)
	for _, r := range rows {
		c.unpaired[r.UnitID] = r.N
	}
	return c, err
}

// grid collects the rows of one cut.
type grid struct {
	by    By
	s     *Service
	c     *survey
	total *CoverRow
	rows  map[string]*CoverRow
}

func newCoverRow(key, name string) *CoverRow {
	r := &CoverRow{Key: key, Name: name}
	for _, p := range Platforms() {
		r.Cells = append(r.Cells, CoverCell{Platform: p})
	}
	return r
}

// row finds the row a unit counts in; what belongs nowhere has a row without a name.
func (g *grid) row(unit id.ID) *CoverRow {
	u := g.c.forest.units[unit]
	key, name, city := "", "", 0
	var top id.ID
	switch g.by {
	case ByRegion:
		if top = g.c.forest.branch(unit); top != 0 {
			key, name = top.String(), g.c.forest.units[top].Name
		} else if len(g.c.forest.tops) == 1 { // the top's own accounts: its subtree is the whole grid, so nothing to drill to
			key, name = "top", g.c.forest.units[g.c.forest.tops[0]].Name
		}
	case ByCity:
		if city = g.s.cityOf(u); city != 0 {
			c, _ := g.s.atlas.City(city)
			key, name = strconv.Itoa(city), c.Short
		}
	case ByStoreType:
		if store := g.c.forest.up(unit, storeKinds()...); store != 0 {
			key = "type:" + g.c.forest.units[store].StoreType
			name = g.c.forest.units[store].StoreType
		}
	}
	r := g.rows[key]
	if r == nil {
		r = newCoverRow(key, name)
		r.UnitID, r.City, r.Tier = top, city, g.s.tierOf(city)
		g.rows[key] = r
	}
	return r
}

// sorted puts regions by name and the others by size; rows without a name come last.
func (g *grid) sorted() []CoverRow {
	out := make([]CoverRow, 0, len(g.rows))
	for _, r := range g.rows {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b CoverRow) int {
		if (a.Name == "") != (b.Name == "") {
			return map[bool]int{true: 1, false: -1}[a.Name == ""]
		}
		if g.by != ByRegion {
			if c := cmp.Compare(b.Stores+b.Accounts, a.Stores+a.Accounts); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(search.Key(a.Name), search.Key(b.Name)), cmp.Compare(a.Key, b.Key))
	})
	return out
}

// Gap is a store that lacks an account.
type Gap struct {
	Unit UnitBody   `json:"unit"`
	City string     `json:"city"`
	Has  []Platform `json:"has" doc:"platforms it is on"`
}

// GapQuery asks for stores without an account: on one platform, or on none at all.
type GapQuery struct {
	Unit      string
	Platform  Platform // "" = without any account
	City      int
	StoreType *string
	After     string // path of the last store of the page before
	Limit     int
}

// Gaps lists the stores without an account, by path. more is true when there are others behind.
func (s *Service) Gaps(ctx context.Context, actor authz.Actor, q GapQuery) (gaps []Gap, more bool, err error) {
	c, err := s.survey(ctx, actor, q.Unit)
	if err != nil {
		return nil, false, err
	}
	stores := slices.Clone(c.tree)
	slices.SortFunc(stores, func(a, b Unit) int { return cmp.Compare(a.Path, b.Path) })
	gaps = []Gap{}
	for _, u := range stores {
		has := c.stores[u.ID]
		switch {
		case !slices.Contains(storeKinds(), u.Kind), u.Path <= q.After && q.After != "",
			q.Platform == "" && len(has) > 0, q.Platform != "" && has[q.Platform],
			q.City != 0 && s.cityOf(u) != q.City, q.StoreType != nil && u.StoreType != *q.StoreType:
			continue
		}
		if len(gaps) == q.Limit {
			return gaps, true, nil
		}
		g := Gap{Unit: UnitBody{ID: u.ID, Name: u.Name, Path: u.Path, Kind: u.Kind}, Has: []Platform{}}
		for _, p := range Platforms() {
			if has[p] {
				g.Has = append(g.Has, p)
			}
		}
		city, _ := s.atlas.City(s.cityOf(u))
		g.City = city.Short
		gaps = append(gaps, g)
	}
	return gaps, false, nil
}
