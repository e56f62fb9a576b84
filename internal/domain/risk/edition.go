package risk

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"sync"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan/rank"
)

// Shipped is a pack that comes with the program.
type Shipped struct {
	Name    string `json:"name"`
	TitleZH string `json:"title_zh"`
	TitleEN string `json:"title_en"`
	Version string `json:"version"`
	Source  string `json:"source"`
	Rules   []Rule `json:"rules"`
}

// Config is what a brand has switched on. Packs that are not switched off are in force, also those that a newer program
// brings. Rules kept to industries count only for the brand's own one.
type Config struct {
	Industry string   `json:"industry"`
	Off      []string `json:"off"`
}

// Entry is the brand's word on one rule: Rule is its own or the changed form (nil: as shipped), Off switches it off.
type Entry struct {
	Code      string   `json:"code"`
	Rule      *Rule    `json:"rule,omitempty"`
	Off       bool     `json:"off,omitempty"`
	Note      string   `json:"note,omitempty"`
	UpdatedAt clock.Ms `json:"updated_at"`
	UpdatedBy string   `json:"updated_by"`
}

// Edition is a whole set of rules: the draft's or a version's, over the shipped rules it was made with.
type Edition struct {
	Config  Config  `json:"config"`
	Entries []Entry `json:"entries"`
	shipped []Shipped
}

// The states of a rule within an edition.
const (
	StateShipped = "shipped" // as it comes
	StateChanged = "changed" // shipped, put otherwise by the brand
	StateOwn     = "own"
	StateOff     = "off"      // switched off by the brand
	StatePackOff = "pack_off" // its pack is not in force
)

// Ruled is a rule with its state.
type Ruled struct {
	Rule
	State   string
	Note    string // the brand's note on its entry
	By      string
	At      clock.Ms
	Shipped *Rule // how it came, when the brand changed it
}

// list gives every rule with its state, in the order of pack and code.
func (e *Edition) list() []Ruled {
	entries := make(map[string]*Entry, len(e.Entries))
	for i := range e.Entries {
		entries[e.Entries[i].Code] = &e.Entries[i]
	}
	var out []Ruled
	for p := range e.shipped {
		off := slices.Contains(e.Config.Off, e.shipped[p].Name)
		for i := range e.shipped[p].Rules {
			r := Ruled{Rule: e.shipped[p].Rules[i], State: StateShipped}
			if x := entries[r.Code]; x != nil {
				delete(entries, r.Code)
				r.apply(x)
			}
			if off {
				r.State = StatePackOff
			}
			out = append(out, r)
		}
	}
	var own []Ruled
	for _, x := range entries {
		if x.Rule != nil { // else: a word on a rule that no longer ships
			r := Ruled{Rule: *x.Rule, State: StateOwn, Note: x.Note, By: x.UpdatedBy, At: x.UpdatedAt}
			r.Pack = OwnPack
			if x.Off {
				r.State = StateOff
			}
			own = append(own, r)
		}
	}
	slices.SortFunc(own, func(a, b Ruled) int {
		return cmp.Or(cmp.Compare(len(a.Code), len(b.Code)), cmp.Compare(a.Code, b.Code))
	})
	return append(own, out...)
}

func (r *Ruled) apply(x *Entry) {
	r.Note, r.By, r.At = x.Note, x.UpdatedBy, x.UpdatedAt
	if x.Rule != nil {
		shipped := r.Rule
		r.Rule, r.Shipped, r.State = *x.Rule, &shipped, StateChanged
		r.Pack = shipped.Pack
	}
	if x.Off {
		r.State = StateOff
	}
}

// inForce tells whether the state lets a rule fire.
func (r *Ruled) inForce() bool { return r.State != StateOff && r.State != StatePackOff }

// rules gives the rules in force by code.
func (e *Edition) rules() map[string]Rule {
	out := map[string]Rule{}
	for _, r := range e.list() {
		if r.inForce() {
			out[r.Code] = r.Rule
		}
	}
	return out
}

// compile makes the checker of an edition. Errors: risk.rules_faulty.
func (e *Edition) compile(number int, ranker *rank.Model) (*checker, error) {
	packs := map[string]*pack.Pack{}
	var order []string
	for _, r := range e.list() {
		if !r.inForce() {
			continue
		}
		p := packs[r.Pack]
		if p == nil {
			p = &pack.Pack{Name: r.Pack}
			packs[r.Pack] = p
			order = append(order, r.Pack)
		}
		p.Rules = append(p.Rules, r.pack())
	}
	list := make([]pack.Pack, len(order))
	for i, name := range order {
		list[i] = *packs[name]
	}
	c, err := pack.NewChecker(list, ranker)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, "risk.rules_faulty", err, "what", err.Error())
	}
	return &checker{version: number, industry: e.Config.Industry, pack: c}, nil
}

// turns tells whether a rule began or ended after from and not after to.
func (e *Edition) turns(from, to clock.Day) bool {
	within := func(d clock.Day) bool { return d > from && d <= to }
	return slices.ContainsFunc(e.list(), func(r Ruled) bool {
		return r.inForce() && (within(r.From) || r.Until != 0 && r.Until != clock.Forever && within(r.Until.Add(1)))
	})
}

// Change is how one rule differs between two editions. Before is nil when it is new, After when it is gone.
type Change struct {
	Code   string
	Before *Rule
	After  *Rule
	Fields []string
}

// Diff compares the rules in force of two editions, in the order of pack and code.
func (e *Edition) diff(newer *Edition) []Change {
	before, after := e.rules(), newer.rules()
	var out []Change
	for code, b := range before {
		a, stays := after[code]
		if !stays {
			out = append(out, Change{Code: code, Before: &b})
		} else if fields := b.differs(&a); len(fields) > 0 {
			out = append(out, Change{Code: code, Before: &b, After: &a, Fields: fields})
		}
	}
	for code, a := range after {
		if _, stood := before[code]; !stood {
			out = append(out, Change{Code: code, After: &a})
		}
	}
	slices.SortFunc(out, func(x, y Change) int {
		return cmp.Or(cmp.Compare(x.rule().Pack, y.rule().Pack), cmp.Compare(x.Code, y.Code))
	})
	return out
}

func (c *Change) rule() *Rule {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// tally counts a diff.
func tally(list []Change) (added, changed, removed int) {
	for i := range list {
		switch {
		case list[i].Before == nil:
			added++
		case list[i].After == nil:
			removed++
		default:
			changed++
		}
	}
	return added, changed, removed
}

// shippedRules are the program's own packs, read once.
type shippedRules struct {
	once        sync.Once
	packs       []Shipped
	fingerprint string
	err         error
}

// compile makes the checker of an edition with the shipped ranker and the brand's own one in use.
func (s *Service) compile(ctx context.Context, q db.Querier, brand id.ID, e *Edition, number int) (*checker, error) {
	ranker, err := s.ranker()
	if err != nil {
		return nil, err
	}
	c, err := e.compile(number, ranker)
	if err != nil {
		return nil, err
	}
	use, own, err := s.own(ctx, q, brand)
	if err != nil {
		return nil, err
	}
	c.use = use
	c.pack, err = c.pack.WithOwn(own)
	return c, err
}

// shippedNow gives the packs of this program and their fingerprint.
func (s *Service) shippedNow() ([]Shipped, string, error) {
	r := &s.shipped
	r.once.Do(func() {
		packs, err := s.Shipped()
		if err != nil {
			r.err = err
			return
		}
		slices.SortStableFunc(packs, func(a, b pack.Pack) int { return cmp.Compare(rankOf(a.Name), rankOf(b.Name)) })
		r.packs = make([]Shipped, len(packs))
		for i := range packs {
			r.packs[i] = shippedOf(&packs[i])
		}
		raw, err := json.Marshal(r.packs)
		if err != nil {
			r.err = err
			return
		}
		sum := sha256.Sum256(raw)
		r.fingerprint = hex.EncodeToString(sum[:12])
	})
	return r.packs, r.fingerprint, r.err
}

// rankOf puts the law first and the rude words last; the rest stay in order of name.
func rankOf(name string) int {
	switch name {
	case "ad-law":
		return 0
	case "abuse":
		return 2
	default:
		return 1
	}
}

// packed is v as gzipped JSON.
func packed(v any) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// maxPacked bounds what an unpacked body may take: our own, but a store can be damaged.
const maxPacked = 256 << 20

func unpack(raw []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	return json.NewDecoder(io.LimitReader(z, maxPacked)).Decode(v)
}

// ownCode names the brand's n-th own rule.
func ownCode(n int) string { return "own-" + strconv.Itoa(n) }
