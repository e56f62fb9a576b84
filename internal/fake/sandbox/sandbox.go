package sandbox

import (
	"fmt"
	"math/rand/v2"

	"kosmos/internal/base/clock"
)

// Config says what to invent.
type Config struct {
	Members int       // people with accounts; at least 1
	Days    int       // length of the history that ends on Today; at least 1
	Seed    uint64    // same seed, same brand
	Today   clock.Day // last day of the history
}

// Unit is a node of the tree; Path is relative to the brand's root, parents come before children.
type Unit struct {
	Path   []string
	Kind   string // region, dealer, store
	City   City   // stores only
	Type   string // store type: flagship, standard, express
	Opened clock.Day
}

// Member is a person; Unit indexes Brand.Units.
type Member struct {
	Name   string
	Phone  string
	Unit   int
	Role   string // kos or store_manager
	Joined clock.Day
}

// Account is one social account; Member indexes Brand.Members.
type Account struct {
	Platform   string
	Handle     string
	ExternalID string
	Name       string
	Kind       string // employee, store, persona, adviser, benchmark
	Ownership  string // company or personal
	Member     int
	Status     string // ok, token_expired, banned
	StatusDay  clock.Day
	Verified   bool
	Behaviour  Behaviour
	HandedTo   int // member who took the account over on HandedOn; -1 when nobody did
	HandedOn   clock.Day
	index      int
	quality    float64
}

// Move is a store that went to another dealer; both index Brand.Units.
type Move struct {
	Unit, To int
	Day      clock.Day
}

// Brand is the invented organisation. Posts and follower curves are drawn per account by Posts and Followers.
type Brand struct {
	Config   Config
	Units    []Unit
	Members  []Member
	Accounts []Account
	Moves    []Move
}

// perStore is the mean number of people in a store.
const perStore = 8

// Generate invents the brand's structure. It panics on a Config without members or days.
func Generate(cfg Config) *Brand {
	if cfg.Members < 1 || cfg.Days < 1 || cfg.Today == 0 {
		panic("sandbox: members, days and today are needed")
	}
	b := &Brand{Config: cfg}
	r := b.rng(streamOrg, 0)
	stores := b.units(r, max(1, (cfg.Members+perStore-1)/perStore))
	b.office()
	b.members(r, stores)
	b.accounts()
	b.moves(r, stores)
	return b
}

// First is the first day of the history.
func (b *Brand) First() clock.Day { return b.Config.Today.Add(1 - b.Config.Days) }

// The random streams: each thing draws from its own, so that adding one kind of detail does not reshuffle the others.
const (
	streamOrg = iota + 1
	streamAccount
	streamPosts
	streamFollowers
	streamInquiries
)

func (b *Brand) rng(stream, i int) *rand.Rand {
	return rand.New(rand.NewPCG(b.Config.Seed, uint64(stream)<<40|uint64(i))) //nolint:gosec // invented data, not secrets
}

// units lays out the regions, their dealers and stores, and returns the indexes of the stores.
func (b *Brand) units(r *rand.Rand, stores int) []int {
	regions := map[string]bool{}
	dealers := map[string][]int{}
	opened := b.First().Add(-400)
	var out []int
	named := map[string]bool{}
	for n := range stores {
		c := pickCity(r, n)
		if !regions[c.Region] {
			regions[c.Region] = true
			b.Units = append(b.Units, Unit{Path: []string{c.Region}, Kind: "region", Opened: opened})
		}
		d := b.dealer(r, c.Region, dealers, opened)
		u := Unit{Kind: "store", City: c, Type: storeType(r), Opened: opened}
		u.Path = append(append([]string{}, b.Units[d].Path...), storeName(r, c, named))
		out = append(out, len(b.Units))
		b.Units = append(b.Units, u)
	}
	return out
}

// dealer finds or founds the dealer group that opens the region's next store: groups own about six stores.
func (b *Brand) dealer(r *rand.Rand, region string, dealers map[string][]int, opened clock.Day) int {
	have := dealers[region]
	if len(have) == 0 || r.IntN(6) == 0 {
		i := len(b.Units)
		name := groupNames[len(have)%len(groupNames)] + "集团"
		if k := len(have) / len(groupNames); k > 0 {
			name = fmt.Sprintf("%s%d部", name, k+1)
		}
		b.Units = append(b.Units, Unit{Path: []string{region, name}, Kind: "dealer", Opened: opened})
		dealers[region] = append(have, i)
		return i
	}
	return have[r.IntN(len(have))]
}

func storeType(r *rand.Rand) string {
	switch n := r.IntN(10); {
	case n == 0:
		return "flagship"
	case n < 7:
		return "standard"
	default:
		return "express"
	}
}

// office adds headquarters and the people who keep the brand's and the regions' own accounts, in brands of some size.
func (b *Brand) office() {
	if b.Config.Members < 60 {
		return
	}
	units := len(b.Units)
	b.Units = append(b.Units, Unit{Path: []string{"总部"}, Kind: "team", Opened: b.First().Add(-400)})
	b.hire(units, "hq_ops", "林品牌")
	for i, u := range b.Units[:units] {
		if u.Kind == "region" {
			b.hire(i, "region_manager", u.Path[0]+"运营")
		}
	}
}

func (b *Brand) hire(unit int, role, name string) {
	b.Members = append(b.Members, Member{Name: name, Phone: fmt.Sprintf("139%08d", 90_000_000+len(b.Members)), Unit: unit, Role: role, Joined: b.First().Add(-300)})
}

// members hires the stores' people: the first of each store is its manager.
func (b *Brand) members(r *rand.Rand, stores []int) {
	for i := range b.Config.Members - len(b.Members) {
		u := stores[i%len(stores)]
		role := "kos"
		if i < len(stores) {
			role = "store_manager"
		}
		joined := b.First().Add(-r.IntN(700))
		if r.IntN(6) == 0 {
			joined = b.First().Add(r.IntN(b.Config.Days))
		}
		b.Members = append(b.Members, Member{
			Name: personName(r), Phone: fmt.Sprintf("1%02d%08d", 30+(i/100_000_000)%10, i), Unit: u, Role: role, Joined: joined,
		})
	}
}

// moves lets one store in forty change its dealer within the region, in the middle of the history.
func (b *Brand) moves(r *rand.Rand, stores []int) {
	for _, s := range stores {
		if r.IntN(40) != 0 && len(b.Moves) > 0 || b.Config.Days < 14 {
			continue
		}
		for d, u := range b.Units {
			if u.Kind == "dealer" && u.Path[0] == b.Units[s].Path[0] && u.Path[1] != b.Units[s].Path[1] {
				b.Moves = append(b.Moves, Move{Unit: s, To: d, Day: b.First().Add(b.Config.Days / 2)})
				break
			}
		}
	}
}
