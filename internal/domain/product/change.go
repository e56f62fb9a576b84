package product

import (
	"context"
	"slices"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/event"
)

// spot is where a policy may change what a SKU costs.
type spot struct {
	product, sku, unit id.ID
	channel            string
}

// change is a spot whose amounts changed: what held and holds no more, and what a customer pays now.
type change struct {
	ID      id.ID
	CheckID id.ID
	spot
	Day      clock.Day
	Old      []int64
	New      *int64
	Currency string
}

// watched holds what stood at the spots of some policies before they are written.
type watched struct {
	today    clock.Day
	products []id.ID
	names    map[id.ID]string
	spots    []spot
	up       map[id.ID][]id.ID
	before   map[spot][]int64
	coin     map[spot]string
}

// watch reads what the spots of the policies cost, as of a day, before something is written.
func (s *Service) watch(ctx context.Context, tx *db.Tx, brand id.ID, list []Policy, day clock.Day) (*watched, error) {
	w := &watched{today: day, products: idsOf(list, func(p Policy) id.ID { return p.ProductID }), up: map[id.ID][]id.ID{}}
	var err error
	if w.names, err = namesOf(ctx, tx, brand, w.products); err != nil {
		return nil, err
	}
	skus, err := skusOf(ctx, tx, brand, w.products)
	if err != nil {
		return nil, err
	}
	seen := map[spot]bool{}
	for _, p := range list {
		for _, k := range skus[p.ProductID] {
			x := spot{p.ProductID, k.ID, p.UnitID, p.Channel}
			if (p.SKUID == 0 || p.SKUID == k.ID) && !seen[x] {
				seen[x] = true
				w.spots = append(w.spots, x)
			}
		}
	}
	units := idsOf(list, func(p Policy) id.ID { return p.UnitID })
	for part := range slices.Chunk(units, 1000) {
		up, err := s.Units.Ancestors(ctx, tx, brand, part, clock.Forever)
		if err != nil {
			return nil, err
		}
		for u, list := range up {
			w.up[u] = list
		}
	}
	w.before, w.coin, err = w.read(ctx, tx, brand, day)
	return w, err
}

func (w *watched) read(ctx context.Context, q db.Querier, brand id.ID, day clock.Day) (map[spot][]int64, map[spot]string, error) {
	b, err := readBook(ctx, q, brand, w.products, nil, day)
	amounts, coin := make(map[spot][]int64, len(w.spots)), map[spot]string{}
	if err != nil || len(b) == 0 {
		return amounts, coin, err
	}
	byProduct := map[id.ID]book{}
	for _, p := range b {
		byProduct[p.ProductID] = append(byProduct[p.ProductID], p)
	}
	for _, x := range w.spots {
		p := place{w.up[x.unit], x.channel, day}
		amounts[x] = byProduct[x.product].amounts(x.product, x.sku, p)
		coin[x] = byProduct[x.product].at(x.product, x.sku, p).Currency()
	}
	return amounts, coin, nil
}

// title names what was watched: the product, or the first of several.
func (w *watched) title() string {
	if len(w.products) == 0 {
		return ""
	}
	t := w.names[w.products[0]]
	if len(w.products) > 1 {
		t += " +" + strconv.Itoa(len(w.products)-1)
	}
	return t
}

// follow compares what the watched spots cost now with what stood before. Changes become a check that looks for texts
// with the old amounts; nothing happens where nothing changed. into is the check of a longer piece of work, which starts
// its walk itself; 0 opens one and starts it.
func (s *Service) follow(ctx context.Context, tx *db.Tx, actor authz.Actor, w *watched, into id.ID) error {
	after, coin, err := w.read(ctx, tx, actor.BrandID, w.today)
	if err != nil {
		return err
	}
	var list []change
	var told []id.ID
	for _, x := range w.spots {
		old := slices.DeleteFunc(slices.Clone(w.before[x]), func(fen int64) bool { return slices.Contains(after[x], fen) })
		if !slices.Equal(w.before[x], after[x]) && !slices.Contains(told, x.product) {
			told = append(told, x.product)
		}
		if len(old) == 0 {
			continue
		}
		c := change{ID: s.IDs.New(), spot: x, Day: w.today, Old: old, Currency: w.coin[x]}
		if n := len(after[x]); n > 0 {
			c.New, c.Currency = &after[x][n-1], coin[x]
		}
		list = append(list, c)
	}
	for part := range slices.Chunk(told, 1000) {
		if err := s.Jobs.Publish(ctx, tx, event.ProductPricesChanged{BrandID: actor.BrandID, ProductIDs: part, Day: int32(w.today)}); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return nil
	}
	check := into
	if into == 0 {
		check = s.IDs.New()
	}
	if err := insertChanges(ctx, tx, actor.BrandID, check, list); err != nil {
		return err
	}
	if err := insertCheck(ctx, tx, actor, checkRow{ID: check, Title: w.title(), Day: w.today, StartedAt: s.now()}); err != nil || into != 0 {
		return err
	}
	return s.Jobs.Insert(ctx, tx, checkJob{actor.BrandID, check})
}

// turnDay follows up the policies of a brand that began or ended with the days until today, a batch at a time. What a
// crash leaves is found again: a policy is marked in the transaction that keeps its changes.
func (s *Service) turnDay(ctx context.Context, actor authz.Actor) error {
	today := s.today(actor)
	for {
		more := false
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			list, err := turning(ctx, tx, actor.BrandID, today, turnBatch)
			if err != nil || len(list) == 0 {
				return err
			}
			more = len(list) == turnBatch
			if err := lockPolicies(ctx, tx, list); err != nil {
				return err
			}
			w, err := s.watch(ctx, tx, actor.BrandID, list, eve(list))
			if err != nil {
				return err
			}
			if err := markTurned(ctx, tx, actor.BrandID, list, today); err != nil {
				return err
			}
			w.today = today
			return s.follow(ctx, tx, actor, w, 0)
		})
		if err != nil || !more {
			return err
		}
	}
}

const turnBatch = 500

// eve is the day before the first turn of the policies: what stood then is what texts may still show.
func eve(list []Policy) clock.Day {
	first := clock.Forever
	for _, p := range list {
		d := p.From
		if p.begun {
			d = p.To.Add(1)
		}
		first = min(first, d)
	}
	return first.Add(-1)
}
