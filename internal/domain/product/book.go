package product

import (
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// book is a set of policies in which quotes are looked up.
type book []Policy

// Quote is what holds for a SKU in a unit, a channel and on a day, with the policies that say so.
type Quote struct {
	SKUID      id.ID
	Channel    string
	Price      *Policy // nil: nobody said what it costs
	Discount   *Policy
	Promotions []Policy
}

// List is the price before the discount; false when there is none.
func (q Quote) List() (int64, bool) {
	if q.Price == nil || q.Price.Fen == nil {
		return 0, false
	}
	return *q.Price.Fen, true
}

// Final is the price after the discount; false when there is none.
func (q Quote) Final() (int64, bool) {
	fen, ok := q.List()
	if !ok || q.Discount == nil {
		return fen, ok
	}
	return q.Discount.off(fen), true
}

// off is what is left of an amount.
func (p *Policy) off(fen int64) int64 {
	switch {
	case p.Rate != nil:
		return (fen**p.Rate + 500) / 1000
	case p.Fen != nil:
		return max(0, fen-*p.Fen)
	}
	return fen
}

// With is what a customer pays who takes part in a promotion; false when the promotion takes no money off. It never stands
// for the final price: promotions have conditions (a car to trade in, a day), and they do not add up.
func (q Quote) With(p *Policy) (int64, bool) {
	fen, ok := q.Final()
	if !ok || p.Rate == nil && p.Fen == nil {
		return 0, false
	}
	return p.off(fen), true
}

// Promoted is the least that a customer pays who takes part in one of the promotions; false without one that takes money off.
func (q Quote) Promoted() (int64, bool) {
	least, found := int64(0), false
	for i := range q.Promotions {
		if fen, ok := q.With(&q.Promotions[i]); ok && (!found || fen < least) {
			least, found = fen, true
		}
	}
	return least, found
}

// Currency is that of the price, "" without one.
func (q Quote) Currency() string {
	if q.Price == nil {
		return ""
	}
	return q.Price.Currency
}

// place is where and when a quote is asked for. Up are the units above, itself first.
type place struct {
	up      []id.ID
	channel string
	day     clock.Day
}

// near tells how far above a policy's unit stands; -1 when it does not hold at the place. The whole brand is the farthest.
func (p place) near(x *Policy) int {
	if x.Withdrawn || x.From > p.day || x.To < p.day || x.Channel != "" && x.Channel != p.channel {
		return -1
	}
	if x.UnitID == 0 {
		return len(p.up)
	}
	return slices.Index(p.up, x.UnitID)
}

// beats tells whether a wins over b at the place: the nearest unit, then the named channel, then the SKU over the whole
// product, then the newest start.
func (p place) beats(a, b *Policy) bool {
	if x, y := p.near(a), p.near(b); x != y {
		return x < y
	}
	if (a.Channel == "") != (b.Channel == "") {
		return a.Channel != ""
	}
	if (a.SKUID == 0) != (b.SKUID == 0) {
		return a.SKUID != 0
	}
	if a.From != b.From {
		return a.From > b.From
	}
	return a.ID > b.ID
}

// at looks up what holds for a SKU of a product.
func (b book) at(product, sku id.ID, p place) Quote {
	q := Quote{SKUID: sku, Channel: p.channel}
	for i := range b {
		x := &b[i]
		if x.ProductID != product || x.SKUID != 0 && x.SKUID != sku || p.near(x) < 0 {
			continue
		}
		switch x.Kind {
		case Price:
			if q.Price == nil || p.beats(x, q.Price) {
				q.Price = x
			}
		case Discount:
			if q.Discount == nil || p.beats(x, q.Discount) {
				q.Discount = x
			}
		case Promotion:
			q.Promotions = append(q.Promotions, *x)
		}
	}
	slices.SortFunc(q.Promotions, func(a, b Policy) int {
		if p.beats(&a, &b) {
			return -1
		}
		return 1
	})
	return q
}

// amounts are the prices that a text may lawfully show for a SKU at a place: before the discount, with each promotion, and
// last what is paid without any.
func (b book) amounts(product, sku id.ID, p place) []int64 {
	q := b.at(product, sku, p)
	list, ok := q.List()
	if !ok {
		return nil
	}
	final, _ := q.Final()
	var out []int64
	add := func(fen int64) {
		if fen != final && !slices.Contains(out, fen) {
			out = append(out, fen)
		}
	}
	add(list)
	for i := range q.Promotions {
		if fen, ok := q.With(&q.Promotions[i]); ok {
			add(fen)
		}
	}
	return append(out, final)
}

// current are the amounts of a SKU in every channel that the book names.
func (b book) current(product, sku id.ID, up []id.ID, day clock.Day) []int64 {
	channels := []string{""}
	for i := range b {
		if b[i].ProductID == product && !slices.Contains(channels, b[i].Channel) {
			channels = append(channels, b[i].Channel)
		}
	}
	var out []int64
	for _, c := range channels {
		for _, fen := range b.amounts(product, sku, place{up, c, day}) {
			if !slices.Contains(out, fen) {
				out = append(out, fen)
			}
		}
	}
	return out
}

// Overlap says how a policy and one that stands already share days.
type Overlap struct {
	Kind   string // same_start, covers (the new one wins from its start), covered (the old one wins from its start), returns
	Policy Policy // the one that stands
	From   clock.Day
	To     clock.Day
}

// Kinds of overlaps. Only sameStart is refused; returns needs no consent, it tells what holds again afterwards.
const (
	sameStart = "same_start"
	covers    = "covers"
	covered   = "covered"
	returns   = "returns"
)

// overlaps compares a new policy with those of the same target, unit, channel and kind. A price that began earlier and
// has no end is simply followed by a newer one: that is no overlap.
func overlaps(fresh Policy, standing []Policy) []Overlap {
	var out []Overlap
	for _, x := range standing {
		if x.Withdrawn || x.Kind != fresh.Kind || x.Kind == Promotion || x.ProductID != fresh.ProductID || x.SKUID != fresh.SKUID ||
			x.UnitID != fresh.UnitID || x.Channel != fresh.Channel || x.To < fresh.From || x.From > fresh.To {
			continue
		}
		o := Overlap{Policy: x, From: max(x.From, fresh.From), To: min(x.To, fresh.To)}
		switch {
		case x.From == fresh.From:
			o.Kind = sameStart
		case x.From > fresh.From:
			if fresh.To == clock.Forever {
				continue // planned before the newer one: it is followed by it
			}
			o.Kind = covered
		case x.To != clock.Forever:
			o.Kind = covers
		case fresh.To != clock.Forever:
			o.Kind, o.From, o.To = returns, fresh.To.Add(1), x.To
		default:
			continue
		}
		out = append(out, o)
	}
	return out
}

// asks tells whether somebody must say that an overlap is meant.
func (o Overlap) asks() bool { return o.Kind == covers || o.Kind == covered }
