package product

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Card is a product as the people in a store need it: what to say, what it costs here today, how many there are.
type Card struct {
	Product Product
	Unit    Unit // the reader's store; zero when the reader works in none
	Channel string
	SKUs    []CardSKU
	Least   *int64 // the lowest price of the SKUs on sale
	Most    *int64
	Coin    string
	Copy    string // the ready words, filled
	Next    []Launch
}

// CardSKU is a SKU on a card.
type CardSKU struct {
	SKU   SKU
	Quote Quote
	Stock *Stock // nil: nobody told
}

// cardChannel is the channel whose prices a card shows first: the store's where the brand has one.
const cardChannel = "store"

// Cards gives cards of the products on sale, by name, for the reader's store.
func (s *Service) Cards(ctx context.Context, actor authz.Actor, query string, after Place, limit int) ([]Card, []Place, error) {
	rows, err := listProducts(ctx, s.DB, productFilter{Brand: actor.BrandID, Query: query, State: Live, AfterID: after.ID, After: after.Key, Limit: limit})
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	ids := make([]id.ID, len(rows))
	places := make([]Place, len(rows))
	for i, r := range rows {
		ids[i], places[i] = r.ID, Place{r.NameKey, r.ID}
	}
	found, err := productsByID(ctx, s.DB, actor.BrandID, ids)
	if err != nil {
		return nil, nil, err
	}
	list := make([]Product, len(ids))
	for i, x := range ids {
		list[i] = found[x]
	}
	cards, err := s.cards(ctx, actor, list, "")
	return cards, places, err
}

// Card gives one card; channel "" is the store's. Errors: product.gone.
func (s *Service) Card(ctx context.Context, actor authz.Actor, product id.ID, channel string) (Card, error) {
	p, err := s.Get(ctx, actor, product)
	if err != nil {
		return Card{}, err
	}
	cards, err := s.cards(ctx, actor, []Product{p}, channel)
	if err != nil {
		return Card{}, err
	}
	c := cards[0]
	today := s.today(actor)
	next, _, err := s.Calendar(ctx, actor, today, today.Add(90))
	for _, l := range next {
		if l.ProductID == product {
			c.Next = append(c.Next, l)
		}
	}
	return c, err
}

func (s *Service) cards(ctx context.Context, actor authz.Actor, list []Product, channel string) ([]Card, error) {
	unit, up, err := s.standing(ctx, actor)
	if err != nil {
		return nil, err
	}
	if channel == "" {
		channel = cardChannel
	}
	today := s.today(actor)
	b, err := readBook(ctx, s.DB, actor.BrandID, idsOf(list, func(p Product) id.ID { return p.ID }), append([]id.ID{0}, up...), today)
	if err != nil {
		return nil, err
	}
	var skus []id.ID
	for _, p := range list {
		skus = append(skus, idsOf(p.SKUs, func(k SKU) id.ID { return k.ID })...)
	}
	stock, err := stockAt(ctx, s.DB, actor.BrandID, unit.ID, skus)
	if err != nil {
		return nil, err
	}
	out := make([]Card, len(list))
	for i, p := range list {
		out[i] = makeCard(p, b, place{up, channel, today}, unit)
		for j := range out[i].SKUs {
			if x, ok := stock[out[i].SKUs[j].SKU.ID]; ok {
				out[i].SKUs[j].Stock = &x
			}
		}
	}
	return out, nil
}

// standing gives where the actor works, and the units above.
func (s *Service) standing(ctx context.Context, actor authz.Actor) (Unit, []id.ID, error) {
	var at id.ID
	var err error
	if actor.MemberID != 0 {
		at, err = s.Units.MemberUnit(ctx, s.DB, actor.BrandID, actor.MemberID)
	} else if roots, all := actor.Roots(permRead); !all && len(roots) == 1 {
		at = roots[0]
	}
	if err != nil || at == 0 {
		return Unit{}, nil, err
	}
	units, err := s.Units.Describe(ctx, s.DB, actor.BrandID, []id.ID{at})
	if err != nil {
		return Unit{}, nil, err
	}
	up, err := s.Units.Ancestors(ctx, s.DB, actor.BrandID, []id.ID{at}, clock.Forever)
	return units[at], up[at], err
}

func makeCard(p Product, b book, at place, unit Unit) Card {
	c := Card{Product: p, Unit: unit, Channel: at.channel}
	var on []id.ID
	for _, k := range p.SKUs {
		if k.State == Ended {
			continue
		}
		on = append(on, k.ID)
		q := b.at(p.ID, k.ID, at)
		c.SKUs = append(c.SKUs, CardSKU{SKU: k, Quote: q})
		if fen, ok := q.Final(); ok {
			c.Coin = q.Currency()
			if c.Least == nil || fen < *c.Least {
				c.Least = &fen
			}
			if c.Most == nil || fen > *c.Most {
				c.Most = &fen
			}
		}
	}
	price := ""
	if t, ok := b.told(p.ID, on, at); ok {
		price = t.Text
	}
	c.Copy = strings.NewReplacer("{price}", price, "{store}", unit.Name, "{product}", p.Name).Replace(p.CopyText)
	if price == "" && strings.Contains(p.CopyText, "{price}") {
		c.Copy = "" // words with a hole where the price should stand must not be posted
	}
	return c
}
