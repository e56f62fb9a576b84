package product

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/scan"
)

// finder looks for old prices of some changes in texts.
type finder struct {
	m        *scan.Matcher
	named    []spot             // what each rule of m names: a product, or one of its SKUs
	changes  map[id.ID][]change // by product
	products map[id.ID]Product
	books    map[id.ID]book
	today    clock.Day
	hits     []scan.Hit
}

// find is a text that shows an old price of a product.
type find struct {
	product  id.ID
	check    id.ID
	old      int64
	new      *int64
	currency string
	start    int
	end      int
}

// newFinder compiles the names of the products that the changes are about. Products that are gone are left out.
func (s *Service) newFinder(ctx context.Context, q db.Querier, brand id.ID, list []change, today clock.Day) (*finder, error) {
	f := &finder{changes: map[id.ID][]change{}, books: map[id.ID]book{}, today: today}
	for _, c := range list {
		f.changes[c.product] = append(f.changes[c.product], c)
	}
	ids := idsOf(list, func(c change) id.ID { return c.product })
	var err error
	if f.products, err = productsByID(ctx, q, brand, ids); err != nil {
		return nil, err
	}
	all, err := readBook(ctx, q, brand, ids, nil, today)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		f.books[p.ProductID] = append(f.books[p.ProductID], p)
	}
	var rules []scan.Rule
	add := func(what spot, words []string) {
		words = slices.DeleteFunc(tidy(words), func(w string) bool { return !searchable(w) })
		if len(words) > 0 {
			rules = append(rules, scan.Rule{ID: strconv.Itoa(len(rules)), Kind: scan.Set, Terms: words})
			f.named = append(f.named, what)
		}
	}
	for _, i := range ids {
		p, ok := f.products[i]
		if !ok {
			continue
		}
		words := append([]string{p.Name}, p.Aliases...)
		for _, k := range p.SKUs {
			words = append(words, k.Aliases...)
			add(spot{product: p.ID, sku: k.ID}, append([]string{k.Name, k.Code}, k.Aliases...))
		}
		add(spot{product: p.ID}, words)
	}
	f.m, err = scan.Compile(rules)
	return f, err
}

// candidate is a text that names products with changes and shows sums of money.
type candidate struct {
	skus    map[id.ID][]id.ID // product → the SKUs named; none is all of them
	amounts []amount
}

// candidate reads a text; false when it names none of the products or shows no old price of any unit.
func (f *finder) candidate(text string) (candidate, bool) {
	f.hits = f.m.Scan(text, scan.Context{}, f.hits[:0])
	c := candidate{}
	var skus []spot
	for _, h := range f.hits {
		x := f.named[h.Rule]
		if x.sku != 0 {
			skus = append(skus, x)
			continue
		}
		if c.skus == nil {
			c.skus = map[id.ID][]id.ID{}
		}
		c.skus[x.product] = nil
	}
	if c.skus == nil {
		return c, false
	}
	for _, x := range skus {
		if list, named := c.skus[x.product]; named && !slices.Contains(list, x.sku) {
			c.skus[x.product] = append(list, x.sku)
		}
	}
	c.amounts = amountsIn(text)
	return c, len(c.amounts) > 0
}

// judge gives the old prices that a text shows to somebody in a unit. Up are the units above, itself first; everywhere
// judges a text that is used in every unit.
func (f *finder) judge(c candidate, up []id.ID, everywhere bool) []find {
	var out []find
	for product, named := range c.skus {
		if x, ok := f.judgeOne(c, product, named, up, everywhere); ok {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b find) int { return int(min(max(a.product-b.product, -1), 1)) })
	return out
}

func (f *finder) judgeOne(c candidate, product id.ID, named, up []id.ID, everywhere bool) (find, bool) {
	valid := f.valid(product, named, up, everywhere)
	list := f.changes[product]
	for i := len(list) - 1; i >= 0; i-- { // the newest change first: its new price is the one to write
		x := list[i]
		if len(named) > 0 && !slices.Contains(named, x.sku) || !everywhere && x.unit != 0 && !slices.Contains(up, x.unit) {
			continue
		}
		for _, a := range c.amounts {
			old := slices.IndexFunc(x.Old, a.shows)
			if old < 0 || slices.ContainsFunc(valid, a.shows) {
				continue
			}
			return find{product, x.CheckID, x.Old[old], f.present(x, up), x.Currency, a.start, a.end}, true
		}
	}
	return find{}, false
}

// present is what the SKU of a change costs now at the place of the text, or where the change was made.
func (f *finder) present(x change, up []id.ID) *int64 {
	if fen, ok := f.books[x.product].at(x.product, x.sku, place{up, x.channel, f.today}).Final(); ok {
		return &fen
	}
	return x.New
}

// valid are the amounts that may stand: those that hold for the SKUs named (all when none is) at the place of the text.
func (f *finder) valid(product id.ID, named, up []id.ID, everywhere bool) []int64 {
	b := f.books[product]
	if everywhere {
		var out []int64
		for i := range b {
			if x := &b[i]; x.Kind == Price && (len(named) == 0 || slices.Contains(named, x.SKUID)) {
				out = append(out, b.amounts(product, x.SKUID, place{[]id.ID{x.UnitID}, x.Channel, f.today})...)
			}
		}
		return out
	}
	var out []int64
	for _, k := range f.products[product].SKUs {
		if len(named) == 0 || slices.Contains(named, k.ID) {
			out = append(out, b.current(product, k.ID, up, f.today)...)
		}
	}
	return out
}

// ups reads the units above the units of texts.
func (s *Service) ups(ctx context.Context, q db.Querier, brand id.ID, units []id.ID) (map[id.ID][]id.ID, error) {
	if len(units) == 0 {
		return map[id.ID][]id.ID{}, nil
	}
	return s.Units.Ancestors(ctx, q, brand, units, clock.Forever)
}

// clip shortens a text for a list.
func clip(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n]) + "…"
}
