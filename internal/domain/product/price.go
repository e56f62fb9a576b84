package product

import (
	"context"
	"fmt"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// NewPolicy is a policy to be added for several SKUs at once. SKUs empty is the whole product (not for prices).
type NewPolicy struct {
	Policy
	SKUs   []id.ID
	Unit   string // id or path; "" or "/" is the whole brand
	Accept bool   // overlaps that were explained are meant
}

// Planned is what adding a policy would do for one SKU.
type Planned struct {
	SKUID    id.ID
	Overlaps []Overlap
	Before   *int64 // what a customer pays on the first day without it; nil when nobody said
	After    *int64
	Currency string
}

// Preview tells what a policy would do, without writing. Errors: as AddPolicy but for overlaps.
func (s *Service) Preview(ctx context.Context, actor authz.Actor, n NewPolicy) ([]Planned, error) {
	list, err := s.draft(ctx, s.DB, actor, &n)
	if err != nil {
		return nil, err
	}
	up, err := s.upOf(ctx, s.DB, actor.BrandID, n.UnitID)
	if err != nil {
		return nil, err
	}
	b, err := readBook(ctx, s.DB, actor.BrandID, []id.ID{n.ProductID}, append([]id.ID{0}, up...), n.From)
	if err != nil {
		return nil, err
	}
	out := make([]Planned, len(list))
	for i, p := range list {
		have, err := alike(ctx, s.DB, actor.BrandID, p)
		if err != nil {
			return nil, err
		}
		out[i] = Planned{SKUID: p.SKUID, Overlaps: overlaps(p, have)}
		if p.SKUID == 0 {
			continue
		}
		at := place{up, p.Channel, p.From}
		if q := b.at(p.ProductID, p.SKUID, at); q.Price != nil {
			out[i].Before, out[i].Currency = final(q)
		}
		if q := append(slices.Clone(b), p).at(p.ProductID, p.SKUID, at); q.Price != nil {
			out[i].After, out[i].Currency = final(q)
		}
	}
	return out, nil
}

func final(q Quote) (*int64, string) {
	fen, ok := q.Final()
	if !ok {
		return nil, ""
	}
	return &fen, q.Currency()
}

// draft checks a new policy and makes one row per SKU, each with an id of its own.
func (s *Service) draft(ctx context.Context, q db.Querier, actor authz.Actor, n *NewPolicy) ([]Policy, error) {
	set, _, err := s.settings(ctx, q, actor.BrandID)
	if err != nil {
		return nil, err
	}
	if n.UnitID, err = s.priceUnit(ctx, q, actor, set, n.Unit); err != nil {
		return nil, err
	}
	found, err := productsByID(ctx, q, actor.BrandID, []id.ID{n.ProductID})
	if err != nil {
		return nil, err
	}
	product, ok := found[n.ProductID]
	if !ok {
		return nil, errGone()
	}
	skus := n.SKUs
	if len(skus) == 0 {
		skus = []id.ID{0}
	}
	out := make([]Policy, 0, len(skus))
	for i, k := range skus {
		if k != 0 && !slices.ContainsFunc(product.SKUs, func(x SKU) bool { return x.ID == k }) {
			return nil, errs.Bad().Field(fmt.Sprintf("sku_ids[%d]", i), "product.sku_gone")
		}
		p := n.Policy
		p.ID, p.SKUID, p.CreatedAt, p.CreatedBy = s.IDs.New(), k, s.now(), actor.Name
		if err := p.check(set, s.today(actor)); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	n.From, n.To, n.Currency = out[0].From, out[0].To, out[0].Currency
	return out, nil
}

// priceUnit finds the unit that a policy is for and whether the actor may write there; 0 is the whole brand.
// Errors: product.unit_gone, product.region_prices, product.whole_brand.
func (s *Service) priceUnit(ctx context.Context, q db.Querier, actor authz.Actor, set Settings, unit string) (id.ID, error) {
	scope, err := s.Units.Scope(ctx, q, actor, permPrice, "")
	if err != nil {
		return 0, err
	}
	if !scope.All && !set.RegionPrices {
		return 0, errs.New(errs.Forbidden, "product.region_prices")
	}
	if unit == "" || unit == "/" {
		if !scope.All {
			return 0, errs.Bad().Field("unit", "product.unit_needed")
		}
		return 0, nil
	}
	u, err := s.Units.Find(ctx, q, actor.BrandID, unit)
	if err != nil {
		return 0, err
	}
	up, err := s.Units.Ancestors(ctx, q, actor.BrandID, []id.ID{u.ID}, clock.Forever)
	if err != nil {
		return 0, err
	}
	if !scope.Allows(up[u.ID]) {
		return 0, errs.New(errs.NotFound, "product.unit_gone", "unit", unit) // as it was asked for: its name is not theirs to know
	}
	if len(up[u.ID]) == 1 && scope.All {
		return 0, nil // the brand itself
	}
	return u.ID, nil
}

// upOf gives a unit's ancestors, itself first; none for the whole brand.
func (s *Service) upOf(ctx context.Context, q db.Querier, brand, unit id.ID) ([]id.ID, error) {
	if unit == 0 {
		return nil, nil
	}
	up, err := s.Units.Ancestors(ctx, q, brand, []id.ID{unit}, clock.Forever)
	return up[unit], err
}

// AddPolicy adds a policy for each SKU. What changes today's amounts is followed up at once: texts that show the old
// ones are looked for. Errors: fields of the policy, product.unit_gone, product.gone, product.same_start,
// product.overlaps, product.region_prices, product.unit_needed.
func (s *Service) AddPolicy(ctx context.Context, actor authz.Actor, n NewPolicy) ([]id.ID, error) {
	list, err := s.draft(ctx, s.DB, actor, &n)
	if err != nil {
		return nil, err
	}
	today := s.today(actor)
	ids := make([]id.ID, len(list))
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockPolicies(ctx, tx, list); err != nil {
			return err
		}
		w, err := s.watch(ctx, tx, actor.BrandID, list, today)
		if err != nil {
			return err
		}
		for i, p := range list {
			have, err := alike(ctx, tx, actor.BrandID, p)
			if err != nil {
				return err
			}
			if err := refuse(overlaps(p, have), n.Accept); err != nil {
				return err
			}
			done, err := insertPolicy(ctx, tx, actor.BrandID, p, p.From <= today, 0)
			if err != nil {
				return err
			}
			if !done {
				return errs.Bad().Field("from", "product.same_start", "day", p.From.String())
			}
			ids[i] = p.ID
		}
		if err := s.follow(ctx, tx, actor, w, 0); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "product.policy_added", UnitID: n.UnitID, Kind: "product_policy", Object: ids[0], Name: w.title(), Counts: map[string]int64{"policies": int64(len(ids))},
			After: policyForm(list[0]),
		})
	})
	return ids, err
}

// refuse says no to a second policy of the same day, and to overlaps that nobody said are meant.
func refuse(list []Overlap, accept bool) error {
	n := 0
	for _, o := range list {
		if o.Kind == sameStart {
			return errs.Bad().Field("from", "product.same_start", "day", o.Policy.From.String())
		}
		if o.asks() {
			n++
		}
	}
	if n > 0 && !accept {
		o := list[slices.IndexFunc(list, Overlap.asks)]
		return errs.New(errs.Conflict, "product.overlaps", "from", o.From.String(), "to", o.To.String(), "n", n)
	}
	return nil
}

// policyForm is what the trail keeps of a policy.
func policyForm(p Policy) map[string]any {
	return map[string]any{
		"kind": p.Kind, "fen": p.Fen, "rate": p.Rate, "currency": p.Currency, "title": p.Title, "channel": p.Channel, "from": p.From.String(), "to": p.To.String(),
	}
}

// EndPolicy sets the last day of a policy; one that is over already is not changed. Errors: product.policy_gone,
// product.days_order, product.policy_past.
func (s *Service) EndPolicy(ctx context.Context, actor authz.Actor, policy id.ID, day clock.Day) error {
	today := s.today(actor)
	return s.touch(ctx, actor, policy, "product.policy_ended", func(ctx context.Context, tx *db.Tx, p Policy) error {
		if day < p.From {
			return errs.Bad().Field("day", "product.days_order")
		}
		if p.To < today || day < today.Add(-1) {
			return errs.New(errs.Precondition, "product.policy_past")
		}
		done, err := endPolicy(ctx, tx, actor.BrandID, p.ID, day, day < today)
		if err == nil && !done {
			err = errPolicyGone()
		}
		return err
	})
}

// WithdrawPolicy takes a policy back as if it had never been; the row stays as history. Errors: product.policy_gone,
// product.withdrawn_note.
func (s *Service) WithdrawPolicy(ctx context.Context, actor authz.Actor, policy id.ID, note string) error {
	if n := length(note); n < 1 || n > maxNote {
		return errs.Bad().Field("note", "product.withdrawn_note", "max", maxNote)
	}
	return s.touch(ctx, actor, policy, "product.policy_withdrawn", func(ctx context.Context, tx *db.Tx, p Policy) error {
		done, err := withdrawPolicy(ctx, tx, actor.BrandID, p.ID, s.now(), actor.Name, note)
		if err == nil && !done {
			err = errPolicyGone()
		}
		return err
	})
}

func errPolicyGone() *errs.Error { return errs.New(errs.NotFound, "product.policy_gone") }

// touch changes one policy that the actor may write, and follows up what that does to today's amounts.
func (s *Service) touch(ctx context.Context, actor authz.Actor, policy id.ID, action string, fn func(context.Context, *db.Tx, Policy) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := policiesByID(ctx, tx, actor.BrandID, []id.ID{policy})
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Withdrawn {
			return errPolicyGone()
		}
		if err := lockPolicies(ctx, tx, list); err != nil {
			return err
		}
		p := list[0]
		if err := s.mayWrite(ctx, tx, actor, p.UnitID); err != nil {
			return err
		}
		w, err := s.watch(ctx, tx, actor.BrandID, list, s.today(actor))
		if err != nil {
			return err
		}
		if err := fn(ctx, tx, p); err != nil {
			return err
		}
		if err := s.follow(ctx, tx, actor, w, 0); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: action, UnitID: p.UnitID, Kind: "product_policy", Object: p.ID, Name: w.title(), Before: policyForm(p)})
	})
}

// mayWrite refuses policies of units outside the actor's reach. Errors: product.policy_gone, product.region_prices.
func (s *Service) mayWrite(ctx context.Context, q db.Querier, actor authz.Actor, unit id.ID) error {
	scope, err := s.Units.Scope(ctx, q, actor, permPrice, "")
	if err != nil || scope.All {
		return err
	}
	set, _, err := s.settings(ctx, q, actor.BrandID)
	if err != nil {
		return err
	}
	if !set.RegionPrices {
		return errs.New(errs.Forbidden, "product.region_prices")
	}
	up, err := s.upOf(ctx, q, actor.BrandID, unit)
	if err == nil && (unit == 0 || !scope.Allows(up)) {
		err = errPolicyGone()
	}
	return err
}

// seen gives which policies an actor may read.
func (s *Service) seen(ctx context.Context, actor authz.Actor, unit string) (seen, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil || scope.All {
		return seen{scope: scope}, err
	}
	up, err := s.Units.Ancestors(ctx, s.DB, actor.BrandID, scope.Roots, clock.Forever)
	out := seen{scope: scope}
	for _, list := range up {
		out.above = append(out.above, list...)
	}
	slices.Sort(out.above)
	out.above = slices.Compact(out.above)
	return out, err
}

// PolicyFilter cuts the list of policies.
type PolicyFilter struct {
	Product id.ID
	Unit    string // policies of this unit, what is below and what holds there from above
	Channel *string
	Kind    PolicyKind
	When    string
	Day     clock.Day // where a page goes on
	ID      id.ID
	Limit   int
}

// Policies lists policies that hold, held or will hold in the actor's units, the newest start first.
func (s *Service) Policies(ctx context.Context, actor authz.Actor, f PolicyFilter) ([]Policy, error) {
	who, err := s.seen(ctx, actor, f.Unit)
	if err != nil {
		return nil, err
	}
	return listPolicies(ctx, s.DB, policyFilter{
		Brand: actor.BrandID, Seen: who, Product: f.Product, Channel: f.Channel, Kind: f.Kind, When: f.When, Today: s.today(actor),
		AfterDay: f.Day, AfterID: f.ID, Limit: f.Limit,
	})
}

// Quotes tells what holds for every SKU of a product in a unit, a channel and on a day, and why. unit "" is the actor's
// top unit. Errors: product.gone, product.unit_gone.
func (s *Service) Quotes(ctx context.Context, actor authz.Actor, product id.ID, unit, channel string, day clock.Day) ([]Quote, error) {
	p, err := s.Get(ctx, actor, product)
	if err != nil {
		return nil, err
	}
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return nil, err
	}
	up, err := s.topOf(ctx, actor, scope)
	if err != nil {
		return nil, err
	}
	if day == 0 {
		day = s.today(actor)
	}
	b, err := readBook(ctx, s.DB, actor.BrandID, []id.ID{product}, append([]id.ID{0}, up...), day)
	out := make([]Quote, len(p.SKUs))
	for i, k := range p.SKUs {
		out[i] = b.at(product, k.ID, place{up, channel, day})
	}
	return out, err
}

// Told is a price as a text tells it.
type Told struct {
	Fen      int64
	Currency string
	Text     string // 129,800元, with 起 behind the lowest of several
}

// PriceOf gives what a product (or a SKU) costs today in units for customers of a channel, for other rooms: the lowest of
// the SKUs on sale, after discounts. Units without a price are missing. channel "", or one that the brand does not have, has
// closed or gave no price, is the stores'. Promotions have conditions and are not in it.
func (s *Service) PriceOf(ctx context.Context, q db.Querier, brand, product id.ID, units []id.ID, channel string, day clock.Day) (map[id.ID]Told, error) {
	out := make(map[id.ID]Told, len(units))
	skus, owner, err := s.onSale(ctx, q, brand, product)
	if err != nil || len(skus) == 0 {
		return out, err
	}
	set, _, err := s.settings(ctx, q, brand)
	if err != nil {
		return nil, err
	}
	if c, ok := set.channel(channel); !ok || c.Closed {
		channel = cardChannel
	}
	b, err := readBook(ctx, q, brand, []id.ID{owner}, nil, day)
	if err != nil || len(b) == 0 {
		return out, err
	}
	for part := range slices.Chunk(idsOf(units, func(u id.ID) id.ID { return u }), 1000) {
		up, err := s.Units.Ancestors(ctx, q, brand, part, clock.Forever)
		if err != nil {
			return nil, err
		}
		for _, u := range part {
			t, ok := b.told(owner, skus, place{up[u], channel, day})
			if !ok && channel != cardChannel { // nobody said what it costs there
				t, ok = b.told(owner, skus, place{up[u], cardChannel, day})
			}
			if ok {
				out[u] = t
			}
		}
	}
	return out, nil
}

// onSale gives the SKUs of a product that are on sale, or the one SKU that was named, and the product.
func (s *Service) onSale(ctx context.Context, q db.Querier, brand, product id.ID) ([]id.ID, id.ID, error) {
	owner, err := skuProducts(ctx, q, brand, []id.ID{product})
	if err != nil {
		return nil, 0, err
	}
	if p, ok := owner[product]; ok {
		return []id.ID{product}, p, nil
	}
	all, err := skusOf(ctx, q, brand, []id.ID{product})
	var out []id.ID
	for _, k := range all[product] {
		if k.State != Ended {
			out = append(out, k.ID)
		}
	}
	return out, product, err
}

func (b book) told(product id.ID, skus []id.ID, p place) (Told, bool) {
	var t Told
	found, differ := false, false
	for _, k := range skus {
		q := b.at(product, k, p)
		fen, ok := q.Final()
		if !ok {
			continue
		}
		differ = differ || found && fen != t.Fen
		if !found || fen < t.Fen {
			t.Fen, t.Currency = fen, q.Currency()
		}
		found = true
	}
	t.Text = moneyText(t.Fen, t.Currency)
	if differ {
		t.Text += "起"
	}
	return t, found
}

// moneyText is how ready words tell an amount: yuan as people write it, other money by its code.
func moneyText(fen int64, currency string) string {
	text := yuanText(fen)
	if currency == "" || currency == yuanCNY {
		return text
	}
	return currency + " " + text[:len(text)-len("元")]
}
