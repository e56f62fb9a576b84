package product

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) priceRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: policiesPath, Summary: "Prices, discounts and promotions, the newest start first", Permission: permRead}, h.policies)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: policiesPath, Summary: "Add a price, a discount or a promotion for SKUs", Permission: permPrice, Idempotent: true, Status: http.StatusCreated}, h.addPolicy)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: policiesPath + "/preview", Summary: "What a policy would do; writes nothing", Permission: permPrice}, h.previewPolicy)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: policiesPath + "/{id}/end", Summary: "Set the last day of a policy", Permission: permPrice}, h.endPolicy)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: policiesPath + "/{id}/withdraw", Summary: "Take a policy back as if it had never been", Permission: permPrice}, h.withdrawPolicy)
}

// policyBody is a policy on the wire.
type policyBody struct {
	ID          id.ID      `json:"id"`
	ProductID   id.ID      `json:"product_id"`
	Product     string     `json:"product"`
	SKUID       id.ID      `json:"sku_id" nullable:"true" doc:"null: every SKU of the product"`
	SKU         string     `json:"sku"`
	UnitID      id.ID      `json:"unit_id" nullable:"true" doc:"null: the whole brand"`
	Unit        string     `json:"unit" doc:"path"`
	Channel     string     `json:"channel" doc:"empty: every channel"`
	Kind        PolicyKind `json:"kind" enum:"price,discount,promotion"`
	Money       *moneyBody `json:"money" doc:"the price, or what comes off it"`
	Rate        *int64     `json:"rate" nullable:"true" doc:"what is left to pay, of 1,000"`
	Title       string     `json:"title"`
	Note        string     `json:"note"`
	From        clock.Day  `json:"from"`
	To          clock.Day  `json:"to" nullable:"true" doc:"null: until another follows"`
	When        string     `json:"when" enum:"now,planned,past,withdrawn"`
	CreatedAt   clock.Ms   `json:"created_at"`
	CreatedBy   string     `json:"created_by"`
	WithdrawnAt clock.Ms   `json:"withdrawn_at" nullable:"true"`
	WithdrawnBy string     `json:"withdrawn_by"`
	WithdrawnNo string     `json:"withdrawn_note"`
}

func (p Policy) when(today clock.Day) string {
	switch {
	case p.Withdrawn:
		return withdrawn
	case p.From > today:
		return "planned"
	case p.To < today:
		return "past"
	}
	return "now"
}

func (h handlers) policyBodies(ctx context.Context, actor authz.Actor, list []Policy) ([]policyBody, error) {
	s, brand := h.s, actor.BrandID
	units, err := s.Units.Describe(ctx, s.DB, brand, idsOf(list, func(p Policy) id.ID { return p.UnitID }))
	if err != nil {
		return nil, err
	}
	products, err := productsByID(ctx, s.DB, brand, idsOf(list, func(p Policy) id.ID { return p.ProductID }))
	if err != nil {
		return nil, err
	}
	today := s.today(actor)
	out := make([]policyBody, len(list))
	for i, p := range list {
		sku := ""
		for _, k := range products[p.ProductID].SKUs {
			if k.ID == p.SKUID {
				sku = k.Name
			}
		}
		out[i] = policyBody{
			p.ID, p.ProductID, products[p.ProductID].Name, p.SKUID, sku, p.UnitID, units[p.UnitID].Path, p.Channel, p.Kind, moneyOf(p.Fen, p.Currency), p.Rate,
			p.Title, p.Note, p.From, p.To, p.when(today), p.CreatedAt, p.CreatedBy, p.WithdrawnAt, p.WithdrawnBy, p.WithdrawnNo,
		}
	}
	return out, nil
}

type policiesIn struct {
	web.Paging
	Product id.ID      `query:"product"`
	Unit    string     `query:"unit" maxLength:"500" doc:"id or path"`
	Channel string     `query:"channel" maxLength:"30" doc:"* is: every channel"`
	Kind    PolicyKind `query:"kind" enum:"price,discount,promotion"`
	When    string     `query:"when" enum:"now,planned,past,withdrawn"`
}

func (h handlers) policies(ctx context.Context, actor authz.Actor, in *policiesIn) (*web.Page[policyBody], error) {
	mark := []any{actor.BrandID, in.Product, in.Unit, in.Channel, in.Kind, in.When}
	f := PolicyFilter{Product: in.Product, Unit: in.Unit, Kind: in.Kind, When: in.When, Limit: in.Limit + 1}
	if in.Channel != "" {
		key := in.Channel
		if key == "*" {
			key = ""
		}
		f.Channel = &key
	}
	if _, err := h.cursors.Read(in.Cursor, "from", mark, &f.Day, &f.ID); err != nil {
		return nil, err
	}
	rows, err := h.s.Policies(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items, err := h.policyBodies(ctx, actor, rows)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		next = h.cursors.Next("from", mark, rows[len(rows)-1].From, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

// policyIn is a policy as it is written.
type policyIn struct {
	ProductID id.ID      `json:"product_id"`
	SKUIDs    []id.ID    `json:"sku_ids" required:"false" maxItems:"300" doc:"empty: the whole product (not for prices)"`
	Unit      string     `json:"unit" required:"false" maxLength:"500" doc:"id or path; empty is the whole brand"`
	Channel   string     `json:"channel" required:"false" maxLength:"30" doc:"empty: every channel"`
	Kind      PolicyKind `json:"kind" enum:"price,discount,promotion"`
	Money     *moneyBody `json:"money" required:"false"`
	Rate      *int64     `json:"rate" required:"false" nullable:"true" doc:"what is left to pay, of 1,000"`
	Title     string     `json:"title" required:"false" maxLength:"200"`
	Note      string     `json:"note" required:"false" maxLength:"1000"`
	From      clock.Day  `json:"from" required:"false" nullable:"true" doc:"today when empty"`
	To        clock.Day  `json:"to" required:"false" nullable:"true"`
	Accept    bool       `json:"accept" required:"false" doc:"overlaps that the preview told are meant"`
}

func (in policyIn) policy() NewPolicy {
	p := Policy{ProductID: in.ProductID, Channel: in.Channel, Kind: in.Kind, Rate: in.Rate, Title: in.Title, Note: in.Note, From: in.From, To: in.To}
	if in.Money != nil {
		p.Fen, p.Currency = &in.Money.Fen, in.Money.Currency
	}
	return NewPolicy{Policy: p, SKUs: in.SKUIDs, Unit: in.Unit, Accept: in.Accept}
}

type addPolicyIn struct {
	Body policyIn
}

type madeIDs struct {
	IDs []id.ID `json:"ids"`
}

func (h handlers) addPolicy(ctx context.Context, actor authz.Actor, in *addPolicyIn) (*madeIDs, error) {
	ids, err := h.s.AddPolicy(ctx, actor, in.Body.policy())
	return &madeIDs{some(ids)}, err
}

type overlapBody struct {
	Kind   string     `json:"kind" enum:"same_start,covers,covered,returns"`
	From   clock.Day  `json:"from"`
	To     clock.Day  `json:"to" nullable:"true"`
	Policy policyBody `json:"policy"`
}

type plannedBody struct {
	SKUID    id.ID         `json:"sku_id" nullable:"true"`
	Before   *moneyBody    `json:"before" doc:"what a customer pays on the first day without it"`
	After    *moneyBody    `json:"after"`
	Overlaps []overlapBody `json:"overlaps"`
	Asks     bool          `json:"asks" doc:"somebody must accept"`
	Refused  bool          `json:"refused"`
}

type previewBody struct {
	Items []plannedBody `json:"items"`
}

func (h handlers) previewPolicy(ctx context.Context, actor authz.Actor, in *addPolicyIn) (*previewBody, error) {
	list, err := h.s.Preview(ctx, actor, in.Body.policy())
	if err != nil {
		return nil, err
	}
	out := &previewBody{Items: make([]plannedBody, len(list))}
	for i, p := range list {
		b := plannedBody{SKUID: p.SKUID, Before: moneyOf(p.Before, p.Currency), After: moneyOf(p.After, p.Currency), Overlaps: []overlapBody{}}
		for _, o := range p.Overlaps {
			one, err := h.policyBodies(ctx, actor, []Policy{o.Policy})
			if err != nil {
				return nil, err
			}
			b.Overlaps = append(b.Overlaps, overlapBody{o.Kind, o.From, o.To, one[0]})
			b.Asks, b.Refused = b.Asks || o.asks(), b.Refused || o.Kind == sameStart
		}
		out.Items[i] = b
	}
	return out, nil
}

type endIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Day clock.Day `json:"day" doc:"the last day it holds"`
	}
}

func (h handlers) endPolicy(ctx context.Context, actor authz.Actor, in *endIn) (*nothing, error) {
	return &nothing{}, h.s.EndPolicy(ctx, actor, in.ID, in.Body.Day)
}

type withdrawIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Note string `json:"note" maxLength:"1000" doc:"why"`
	}
}

func (h handlers) withdrawPolicy(ctx context.Context, actor authz.Actor, in *withdrawIn) (*nothing, error) {
	return &nothing{}, h.s.WithdrawPolicy(ctx, actor, in.ID, in.Body.Note)
}

type quotesIn struct {
	ID      id.ID     `path:"id"`
	Unit    string    `query:"unit" maxLength:"500" doc:"id or path; empty is the caller's top unit"`
	Channel string    `query:"channel" maxLength:"30" doc:"empty: what holds in every channel"`
	Day     clock.Day `query:"day" doc:"today when empty"`
}

type quoteBody struct {
	SKUID      id.ID        `json:"sku_id"`
	List       *moneyBody   `json:"list" doc:"before the discount"`
	Final      *moneyBody   `json:"final" doc:"what a customer pays"`
	Promoted   *moneyBody   `json:"promoted" doc:"what a customer pays with the promotion that takes the most off"`
	Price      *policyBody  `json:"price" doc:"why"`
	Discount   *policyBody  `json:"discount"`
	Promotions []policyBody `json:"promotions"`
}

type quotesBody struct {
	Items []quoteBody `json:"items"`
}

func (h handlers) quotes(ctx context.Context, actor authz.Actor, in *quotesIn) (*quotesBody, error) {
	list, err := h.s.Quotes(ctx, actor, in.ID, in.Unit, in.Channel, in.Day)
	if err != nil {
		return nil, err
	}
	out := &quotesBody{Items: make([]quoteBody, len(list))}
	for i, q := range list {
		if out.Items[i], err = h.quoteBody(ctx, actor, q); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (h handlers) quoteBody(ctx context.Context, actor authz.Actor, q Quote) (quoteBody, error) {
	b := quoteBody{SKUID: q.SKUID}
	if fen, ok := q.List(); ok {
		b.List = &moneyBody{fen, q.Currency()}
	}
	if fen, ok := q.Final(); ok {
		b.Final = &moneyBody{fen, q.Currency()}
	}
	if fen, ok := q.Promoted(); ok {
		b.Promoted = &moneyBody{fen, q.Currency()}
	}
	var all []Policy
	for _, p := range []*Policy{q.Price, q.Discount} {
		if p != nil {
			all = append(all, *p)
		}
	}
	bodies, err := h.policyBodies(ctx, actor, append(all, q.Promotions...))
	if err != nil {
		return b, err
	}
	if q.Price != nil {
		b.Price, bodies = &bodies[0], bodies[1:]
	}
	if q.Discount != nil {
		b.Discount, bodies = &bodies[0], bodies[1:]
	}
	b.Promotions = bodies
	return b, nil
}

type cardsIn struct {
	web.Paging
	Query string `query:"q" maxLength:"100"`
}

type cardSKUBody struct {
	SKU   SKU       `json:"sku"`
	Quote quoteBody `json:"quote"`
	Stock *int64    `json:"stock" nullable:"true" doc:"in the caller's store; null when nobody told"`
	AsOf  clock.Ms  `json:"stock_as_of" nullable:"true"`
}

type cardBody struct {
	ID      id.ID         `json:"id"`
	Name    string        `json:"name"`
	Line    string        `json:"line"`
	Points  []Point       `json:"points"`
	Scenes  []Scene       `json:"scenes"`
	Unit    string        `json:"unit" doc:"the caller's unit"`
	Channel string        `json:"channel"`
	Least   *moneyBody    `json:"least"`
	Most    *moneyBody    `json:"most"`
	SKUs    []cardSKUBody `json:"skus"`
	Copy    string        `json:"copy" doc:"ready words with the price of today; empty when a price is missing"`
	Next    []Launch      `json:"next" doc:"entries of the launch calendar within 90 days"`
}

func (h handlers) cardBody(ctx context.Context, actor authz.Actor, c Card) (cardBody, error) {
	p := c.Product
	b := cardBody{
		p.ID, p.Name, p.Line, some(p.Points), some(p.Scenes), c.Unit.Name, c.Channel, moneyOf(c.Least, c.Coin), moneyOf(c.Most, c.Coin), []cardSKUBody{}, c.Copy, some(c.Next),
	}
	for _, k := range c.SKUs {
		q, err := h.quoteBody(ctx, actor, k.Quote)
		if err != nil {
			return b, err
		}
		one := cardSKUBody{SKU: k.SKU, Quote: q}
		if k.Stock != nil {
			one.Stock, one.AsOf = &k.Stock.Qty, k.Stock.AsOf
		}
		b.SKUs = append(b.SKUs, one)
	}
	return b, nil
}

type cardItem struct {
	ID    id.ID      `json:"id"`
	Name  string     `json:"name"`
	Line  string     `json:"line"`
	Point string     `json:"point" doc:"the first selling point"`
	Least *moneyBody `json:"least"`
	Most  *moneyBody `json:"most"`
	Stock *int64     `json:"stock" nullable:"true" doc:"of all SKUs in the caller's store; null when nobody told"`
}

func (h handlers) cards(ctx context.Context, actor authz.Actor, in *cardsIn) (*web.Page[cardItem], error) {
	mark := []any{actor.BrandID, in.Query}
	var after Place
	if _, err := h.cursors.Read(in.Cursor, "name", mark, &after.Key, &after.ID); err != nil {
		return nil, err
	}
	cards, places, err := h.s.Cards(ctx, actor, in.Query, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	cards, more := web.Cut(cards, in.Limit)
	items := make([]cardItem, len(cards))
	for i, c := range cards {
		items[i] = cardItem{ID: c.Product.ID, Name: c.Product.Name, Line: c.Product.Line, Least: moneyOf(c.Least, c.Coin), Most: moneyOf(c.Most, c.Coin)}
		if len(c.Product.Points) > 0 {
			items[i].Point = c.Product.Points[0].Title
		}
		for _, k := range c.SKUs {
			if k.Stock != nil {
				sum := k.Stock.Qty
				if items[i].Stock != nil {
					sum += *items[i].Stock
				}
				items[i].Stock = &sum
			}
		}
	}
	next := ""
	if more {
		last := places[len(cards)-1]
		next = h.cursors.Next("name", mark, last.Key, last.ID)
	}
	return web.NewPage(items, next), nil
}

type cardIn struct {
	ID      id.ID  `path:"id"`
	Channel string `query:"channel" maxLength:"30"`
}

func (h handlers) card(ctx context.Context, actor authz.Actor, in *cardIn) (*cardBody, error) {
	c, err := h.s.Card(ctx, actor, in.ID, in.Channel)
	if err != nil {
		return nil, err
	}
	b, err := h.cardBody(ctx, actor, c)
	return &b, err
}
