package account

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Shape is a layout that the matrix may be drawn in.
type Shape string

// The layouts; the same keys as org's layout chooser.
const (
	ShapePyramid   Shape = "pyramid"      // 1+X+N
	ShapeOfficial  Shape = "official_kos" // K+N
	ShapeBenchmark Shape = "benchmark"
	ShapePersona   Shape = "persona"
	ShapePrivate   Shape = "private"
)

// ringRule says which accounts make a ring of a layout.
type ringRule struct {
	key    string
	kinds  []Kind
	levels bool // split by level 初/中/高
	side   Side // "" = both
}

// rules gives a layout's rings from the middle outwards. Error: account.shape_unknown.
func (s Shape) rules() ([]ringRule, error) {
	official := ringRule{key: "official", kinds: []Kind{KindBrand, KindBusinessLine}}
	kos := ringRule{key: "kos", kinds: []Kind{KindEmployee, KindAdviser, KindStore, KindDealer, KindAgent, KindRegion}, levels: true}
	koc := ringRule{key: "koc", kinds: []Kind{KindKOC}}
	switch s {
	case ShapePyramid:
		return []ringRule{
			{key: "one", kinds: []Kind{KindBrand, KindBusinessLine}},
			{key: "x", kinds: []Kind{KindRegion, KindDealer, KindAgent, KindStore}},
			{key: "n", kinds: []Kind{KindEmployee, KindAdviser, KindPersona, KindBenchmark}},
			koc,
		}, nil
	case ShapeOfficial:
		return []ringRule{{key: "k", kinds: official.kinds}, {key: "n", kinds: []Kind{KindEmployee, KindAdviser, KindStore, KindDealer, KindAgent, KindRegion}}, koc}, nil
	case ShapeBenchmark:
		return []ringRule{official, {key: "benchmark", kinds: []Kind{KindBenchmark}}, kos}, nil
	case ShapePersona:
		return []ringRule{official, {key: "persona", kinds: []Kind{KindPersona}}, kos}, nil
	case ShapePrivate:
		return []ringRule{
			{key: "pool", kinds: []Kind{KindBrand, KindBusinessLine, KindRegion}, side: PrivateSide},
			{key: "service", kinds: []Kind{KindHQService}},
			{key: "store", kinds: []Kind{KindStore, KindDealer, KindAgent}, side: PrivateSide},
			{key: "staff", kinds: []Kind{KindEmployee, KindAdviser, KindPersona, KindBenchmark}, side: PrivateSide},
		}, nil
	}
	return nil, errs.New(errs.Invalid, "account.shape_unknown", "value", string(s))
}

// Part is a piece of a ring: how many accounts of a kind or level on a platform.
type Part struct {
	Kind      Kind     `db:"kind" json:"kind"`
	Level     Level    `db:"level" json:"level"`
	Platform  Platform `db:"platform" json:"platform"`
	N         int64    `db:"n" json:"accounts"`
	Followers int64    `db:"followers" json:"followers"`
	Known     int64    `db:"known" json:"-"`  // accounts whose followers are known
	Paired    int64    `db:"paired" json:"-"` // accounts that a private one receives for
	Abnormal  int64    `db:"abnormal" json:"abnormal"`
}

// Ring is one circle of a layout.
type Ring struct {
	Key       string `json:"key"`
	Side      Side   `json:"side" enum:",public,private" doc:"only accounts of this side; empty: both"`
	Kinds     []Kind `json:"kinds"`
	Accounts  int64  `json:"accounts"`
	Followers *int64 `json:"followers" nullable:"true" doc:"null while no account told"`
	Abnormal  int64  `json:"abnormal"`
	Levels    bool   `json:"levels" doc:"drawn by level"`
	Parts     []Part `json:"parts"`
}

// Branch is a unit below the scope's top with its accounts per ring, in the order of the rings.
type Branch struct {
	Unit  UnitBody `json:"unit"`
	Rings []int64  `json:"rings"`
}

// PairCount tells how many public accounts of a platform are received by a private one.
type PairCount struct {
	Platform Platform `json:"platform"`
	Paired   int64    `json:"paired"`
	Unpaired int64    `json:"unpaired"`
}

// Layout is the matrix drawn in one shape, from the accounts as they are.
type Layout struct {
	Shape    Shape       `json:"shape"`
	Rings    []Ring      `json:"rings"`
	Branches []Branch    `json:"branches"`
	Pairs    []PairCount `json:"pairs"`
	Outside  int64       `json:"outside" doc:"accounts that no ring of this layout holds"`
}

// Layout draws the scope in a shape. Error: account.shape_unknown.
func (s *Service) Layout(ctx context.Context, actor authz.Actor, shape Shape, unit string) (Layout, error) {
	out := Layout{Shape: shape, Rings: []Ring{}, Branches: []Branch{}}
	rules, err := shape.rules()
	if err != nil {
		return out, err
	}
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, unit)
	if err != nil {
		return out, err
	}
	parts, err := partsOf(ctx, s.DB, scope)
	if err != nil {
		return out, err
	}
	for _, r := range rules {
		out.Rings = append(out.Rings, Ring{Key: r.key, Side: r.side, Kinds: r.kinds, Levels: r.levels, Parts: []Part{}})
	}
	for _, p := range parts {
		at := slices.IndexFunc(rules, func(r ringRule) bool { return r.holds(p.Platform, p.Kind) })
		if at < 0 {
			out.Outside += p.N
			continue
		}
		ring := &out.Rings[at]
		ring.Accounts, ring.Abnormal = ring.Accounts+p.N, ring.Abnormal+p.Abnormal
		if p.Known > 0 {
			sum := p.Followers
			if ring.Followers != nil {
				sum += *ring.Followers
			}
			ring.Followers = &sum
		}
		ring.Parts = append(ring.Parts, p)
	}
	out.Pairs = pairsOf(parts)
	out.Branches, err = s.branches(ctx, scope, rules)
	return out, err
}

func (r *ringRule) holds(p Platform, k Kind) bool {
	return slices.Contains(r.kinds, k) && (r.side == "" || r.side == SideOf(p, k))
}

func partsOf(ctx context.Context, q db.Querier, scope authz.Scope) ([]Part, error) {
	var a db.Args
	return db.All[Part](ctx, q, `SELECT a.kind AS kind, a.level AS level, a.platform AS platform, COUNT(*) AS n,
		CAST(COALESCE(SUM(CASE WHEN a.followers > 0 THEN a.followers ELSE 0 END), 0) AS BIGINT) AS followers,
		CAST(COALESCE(SUM(CASE WHEN a.followers >= 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS known,
		COUNT(a.paired_id) AS paired,
		CAST(COALESCE(SUM(CASE WHEN a.status = 'ok' THEN 0 ELSE 1 END), 0) AS BIGINT) AS abnormal
		FROM account_account a WHERE a.brand_id = `+a.Add(scope.BrandID)+" AND "+scope.Where("a.unit_id", &a)+
		" AND a.status NOT IN ('handed_over', 'closed') GROUP BY a.kind, a.level, a.platform ORDER BY a.kind, a.level, a.platform", a.Values...)
}

// pairsOf adds up which public accounts are received.
func pairsOf(parts []Part) []PairCount {
	out := []PairCount{}
	for _, p := range Platforms() {
		c := PairCount{Platform: p}
		for _, x := range parts {
			if x.Platform == p && SideOf(x.Platform, x.Kind) == PublicSide {
				c.Paired += x.Paired
				c.Unpaired += x.N - x.Paired
			}
		}
		if c.Paired+c.Unpaired > 0 {
			out = append(out, c)
		}
	}
	return out
}

// unitCount is one row of the counts kept per unit.
type unitCount struct {
	UnitID   id.ID    `db:"unit_id"`
	Platform Platform `db:"platform"`
	Kind     Kind     `db:"kind"`
	N        int64    `db:"n"`
}

// countsOf reads the counts of running accounts by unit, platform and kind.
func countsOf(ctx context.Context, q db.Querier, scope authz.Scope) ([]unitCount, error) {
	var a db.Args
	return db.All[unitCount](ctx, q, `SELECT c.unit_id AS unit_id, c.platform AS platform, c.kind AS kind, CAST(SUM(c.n) AS BIGINT) AS n
		FROM account_count c WHERE c.brand_id = `+a.Add(scope.BrandID)+" AND "+scope.Where("c.unit_id", &a)+
		" AND c.status NOT IN ('handed_over', 'closed') AND c.n <> 0 GROUP BY c.unit_id, c.platform, c.kind", a.Values...)
}

// branches adds the counts up to the units right below the top of the scope.
func (s *Service) branches(ctx context.Context, scope authz.Scope, rules []ringRule) ([]Branch, error) {
	tree, err := s.Units.Tree(ctx, s.DB, scope)
	if err != nil {
		return nil, err
	}
	counts, err := countsOf(ctx, s.DB, scope)
	if err != nil {
		return nil, err
	}
	f := grow(tree)
	by := map[id.ID]*Branch{}
	for _, c := range counts {
		at := slices.IndexFunc(rules, func(r ringRule) bool { return r.holds(c.Platform, c.Kind) })
		top := f.branch(c.UnitID)
		if at < 0 || top == 0 {
			continue
		}
		b := by[top]
		if b == nil {
			u := f.units[top]
			b = &Branch{Unit: UnitBody{ID: u.ID, Name: u.Name, Path: u.Path, Kind: u.Kind}, Rings: make([]int64, len(rules))}
			by[top] = b
		}
		b.Rings[at] += c.N
	}
	out := make([]Branch, 0, len(by))
	for _, b := range by {
		out = append(out, *b)
	}
	sum := func(b Branch) (n int64) {
		for _, v := range b.Rings {
			n += v
		}
		return n
	}
	slices.SortFunc(out, func(a, b Branch) int {
		if d := sum(b) - sum(a); d != 0 {
			return int(max(-1, min(1, d)))
		}
		return strings.Compare(a.Unit.Path, b.Unit.Path)
	})
	return out, nil
}

// forest is a scope's part of the tree, for adding up.
type forest struct {
	units map[id.ID]Unit
	tops  []id.ID
	below map[id.ID]id.ID // unit → its ancestor right below the single top, itself for tops
}

func grow(tree []Unit) *forest {
	f := &forest{units: make(map[id.ID]Unit, len(tree)), below: make(map[id.ID]id.ID, len(tree))}
	for _, u := range tree {
		f.units[u.ID] = u
	}
	for _, u := range tree {
		if _, inside := f.units[u.ParentID]; !inside {
			f.tops = append(f.tops, u.ID)
		}
	}
	return f
}

// branch gives the unit right below the scope's only top that u lies in; with several tops, the top. Zero for the only
// top itself and for units outside.
func (f *forest) branch(u id.ID) id.ID {
	if b, ok := f.below[u]; ok {
		return b
	}
	unit, ok := f.units[u]
	if !ok {
		return 0
	}
	_, hasParent := f.units[unit.ParentID]
	var b id.ID
	switch {
	case !hasParent && len(f.tops) == 1:
		b = 0
	case !hasParent, len(f.tops) == 1 && unit.ParentID == f.tops[0]:
		b = u
	default:
		b = f.branch(unit.ParentID)
	}
	f.below[u] = b
	return b
}

// up gives the nearest unit of the kind at or above u within the forest; zero when there is none.
func (f *forest) up(u id.ID, kinds ...string) id.ID {
	for {
		unit, ok := f.units[u]
		if !ok {
			return 0
		}
		if slices.Contains(kinds, unit.Kind) {
			return u
		}
		u = unit.ParentID
	}
}
