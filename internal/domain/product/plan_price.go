package product

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// pricePlanner reads rows of a price sheet.
type pricePlanner struct {
	t       *table
	set     Settings
	scope   authz.Scope
	where   *placesOf
	codes   map[string]id.ID
	product map[id.ID]id.ID
	have    map[spot][]Policy // standing ones, by product, SKU, unit and channel
	today   clock.Day
	out     *plan
	seen    map[string]int
}

func (s *Service) planPrices(ctx context.Context, actor authz.Actor, t *table) (*plan, error) {
	p := &pricePlanner{t: t, out: &plan{}, seen: map[string]int{}, today: s.today(actor)}
	var err error
	if p.scope, err = s.Units.Scope(ctx, s.DB, actor, permPrice, ""); err != nil {
		return nil, err
	}
	if p.set, _, err = s.settings(ctx, s.DB, actor.BrandID); err != nil {
		return nil, err
	}
	if !p.scope.All && !p.set.RegionPrices {
		return nil, errs.New(errs.Forbidden, "product.region_prices")
	}
	if p.where, err = s.places(ctx, s.DB, actor.BrandID); err != nil {
		return nil, err
	}
	if p.codes, err = s.skuCodes(ctx, s.DB, actor.BrandID); err != nil {
		return nil, err
	}
	var used []id.ID
	for _, r := range t.rows {
		if k := p.codes[t.cell(r, "sku_code")]; k != 0 {
			used = append(used, k)
		}
	}
	used = idsOf(used, func(x id.ID) id.ID { return x })
	if p.product, err = skuProducts(ctx, s.DB, actor.BrandID, used); err != nil {
		return nil, err
	}
	var products []id.ID
	for _, x := range p.product {
		products = append(products, x)
	}
	products = idsOf(products, func(x id.ID) id.ID { return x })
	if p.have, err = s.standing4(ctx, actor.BrandID, products, p.today.Add(-366)); err != nil {
		return nil, err
	}
	for _, r := range t.rows {
		p.row(r)
	}
	return p.out, nil
}

// standing4 gives the policies of products that stand on or after a day, by spot.
func (s *Service) standing4(ctx context.Context, brand id.ID, products []id.ID, day clock.Day) (map[spot][]Policy, error) {
	out := map[spot][]Policy{}
	for _, x := range products {
		list, err := policies(ctx, s.DB, `SELECT `+policyColumns+` FROM product_policy WHERE brand_id = $1 AND product_id = $2 AND state = 'live' AND to_day >= $3 ORDER BY from_day, id`,
			brand, x, day)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			k := spot{p.ProductID, p.SKUID, p.UnitID, p.Channel}
			out[k] = append(out[k], p)
		}
	}
	return out, nil
}

func (p *pricePlanner) row(r tableRow) {
	x, ok := p.read(r)
	if !ok {
		return
	}
	if err := x.check(p.set, p.today); err != nil {
		if bad, ok := err.(*errs.Error); ok { //nolint:errorlint // check gives nothing else
			for _, f := range bad.Fields {
				p.out.fault(r.line, map[string]string{"money": "amount", "sku_id": "sku_code"}[f.Path]+plainField(f.Path), f.Slug, f.Params)
			}
		}
		return
	}
	key := jsonText([]any{x.SKUID, x.UnitID, x.Channel, x.Kind, x.From, promotionTitle(x)})
	if first, twice := p.seen[key]; twice {
		p.out.fault(r.line, "from", "product.row_twice", errs.Params{"row": first})
		return
	}
	p.seen[key] = r.line
	at := spot{x.ProductID, x.SKUID, x.UnitID, x.Channel}
	if i := slices.IndexFunc(p.have[at], func(y Policy) bool { return sameTarget(x, y) }); i >= 0 {
		if samePolicy(x, p.have[at][i]) {
			p.out.same++
		} else {
			p.out.change(r.line, x)
		}
		return
	}
	for _, o := range overlaps(x, p.have[at]) {
		if o.asks() {
			p.out.warn(r.line, "from", "product.overlap_"+o.Kind, errs.Params{"from": o.From.String(), "to": dayOrOpen(o.To)})
		}
	}
	p.out.add(r.line, x)
	p.have[at] = append(p.have[at], x)
}

// plainField keeps the names of fields that are columns themselves.
func plainField(path string) string {
	if path == "money" || path == "sku_id" {
		return ""
	}
	return path
}

func promotionTitle(x Policy) string {
	if x.Kind == Promotion {
		return x.Title
	}
	return ""
}

func dayOrOpen(d clock.Day) string {
	if d == clock.Forever {
		return "…"
	}
	return d.String()
}

// sameTarget tells whether two policies of one spot are the same one: kind and first day, and a promotion's name.
func sameTarget(a, b Policy) bool {
	return a.Kind == b.Kind && a.From == b.From && (a.Kind != Promotion || a.Title == b.Title)
}

// samePolicy tells whether two policies of the same target say the same.
func samePolicy(a, b Policy) bool {
	same := func(x, y *int64) bool { return (x == nil) == (y == nil) && (x == nil || *x == *y) }
	return same(a.Fen, b.Fen) && same(a.Rate, b.Rate) && a.Currency == b.Currency && a.Title == b.Title && a.Note == b.Note && a.To == b.To
}

// read takes the cells of a row; false when one is wrong.
func (p *pricePlanner) read(r tableRow) (Policy, bool) {
	var x Policy
	before := p.out.faulty
	cell := func(name string) string { return p.t.cell(r, name) }
	if x.SKUID = p.codes[cell("sku_code")]; x.SKUID == 0 {
		p.out.fault(r.line, "sku_code", "product.sku_unknown", errs.Params{"sku": cell("sku_code")})
	}
	x.ProductID = p.product[x.SKUID]
	x.UnitID = p.unit(r, cell("unit"))
	x.Channel = p.channel(r, cell("channel"))
	var ok bool
	if x.Kind, ok = readKind(cell("kind")); !ok {
		p.out.fault(r.line, "kind", "product.kind", nil)
	}
	if v := cell("amount"); v != "" {
		fen, ok := readMoney(v)
		if !ok {
			p.out.fault(r.line, "amount", "product.cell_wrong", errs.Params{"value": v})
		}
		x.Fen = &fen
	}
	if v := cell("rate"); v != "" {
		rate, ok := readRate(v)
		if !ok {
			p.out.fault(r.line, "rate", "product.cell_wrong", errs.Params{"value": v})
		}
		x.Rate = &rate
	}
	if v := cell("from"); v != "" {
		if x.From, ok = readDay(v); !ok {
			p.out.fault(r.line, "from", "product.cell_wrong", errs.Params{"value": v})
		}
	} else {
		p.out.fault(r.line, "from", "product.cell_missing", nil)
	}
	if v := cell("to"); v != "" {
		if x.To, ok = readDay(v); !ok {
			p.out.fault(r.line, "to", "product.cell_wrong", errs.Params{"value": v})
		}
	}
	x.Title, x.Note = cell("title"), cell("note")
	return x, p.out.faulty == before
}

func (p *pricePlanner) unit(r tableRow, v string) id.ID {
	if v == "" || v == "/" {
		if !p.scope.All {
			p.out.fault(r.line, "unit", "product.unit_needed", nil)
		}
		return 0
	}
	u, wrong := p.where.find(v, p.scope)
	if wrong != "" {
		p.out.fault(r.line, "unit", wrong, errs.Params{"unit": v})
		return 0
	}
	if len(p.where.up[u.ID]) == 1 {
		return 0 // the brand itself
	}
	return u.ID
}

func (p *pricePlanner) channel(r tableRow, v string) string {
	if v == "" {
		return ""
	}
	i := slices.IndexFunc(p.set.Channels, func(c Channel) bool { return c.Key == v || c.Name == v })
	if i < 0 {
		p.out.fault(r.line, "channel", "product.channel_unknown", errs.Params{"channel": v})
		return ""
	}
	return p.set.Channels[i].Key
}

func readKind(v string) (PolicyKind, bool) {
	switch strings.ToLower(v) {
	case "price", "价格", "指导价":
		return Price, true
	case "discount", "折扣", "优惠":
		return Discount, true
	case "promotion", "促销", "促销政策":
		return Promotion, true
	}
	return "", false
}
