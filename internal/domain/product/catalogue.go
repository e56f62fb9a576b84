package product

import (
	"context"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

func errGone() *errs.Error { return errs.New(errs.NotFound, "product.gone") }

// Filter cuts the list of products.
type Filter struct {
	Query string
	Line  id.ID
	State State
	Unit  string // where prices and stock are read; "" is the actor's own units
	After Place
	Limit int
}

// Place is where a list of products goes on: after this name.
type Place struct {
	Key string
	ID  id.ID
}

// Item is a product in a list, with what it costs today and how many there are.
type Item struct {
	Product
	Key   string // for Place
	Least *int64 // the lowest price after discounts of its SKUs on sale in the unit asked for; nil when nobody said
	Most  *int64
	Coin  string
	Stock *int64 // in the stores of the scope; nil when none told
	Stale int64  // texts of the scope that show an old price
}

// Products lists products by name with today's prices at the unit asked for. Drafts are for those who may write.
func (s *Service) Products(ctx context.Context, actor authz.Actor, f Filter) ([]Item, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	rows, err := listProducts(ctx, s.DB, productFilter{
		Brand: actor.BrandID, Query: f.Query, Line: f.Line, State: f.State, Drafts: actor.Can(permWrite), AfterID: f.After.ID, After: f.After.Key, Limit: f.Limit,
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	out := make([]Item, len(rows))
	ids := make([]id.ID, len(rows))
	for i := range rows {
		if out[i].Product, err = rows[i].read(); err != nil {
			return nil, err
		}
		out[i].Key, ids[i] = rows[i].NameKey, rows[i].ID
	}
	skus, err := skusOf(ctx, s.DB, actor.BrandID, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].SKUs = skus[out[i].ID]
	}
	return out, s.figures(ctx, actor, scope, ids, out)
}

// figures fills prices, stock and stale texts of listed products.
func (s *Service) figures(ctx context.Context, actor authz.Actor, scope authz.Scope, ids []id.ID, out []Item) error {
	today := s.today(actor)
	up, err := s.topOf(ctx, actor, scope)
	if err != nil {
		return err
	}
	b, err := readBook(ctx, s.DB, actor.BrandID, ids, append([]id.ID{0}, up...), today)
	if err != nil {
		return err
	}
	stock, err := sumStock(ctx, s.DB, scope, ids)
	if err != nil {
		return err
	}
	stale, err := countStale(ctx, s.DB, scope, ids)
	if err != nil {
		return err
	}
	for i := range out {
		x := &out[i]
		x.Stale = stale[x.ID]
		if n, ok := stock[x.ID]; ok {
			x.Stock = &n
		}
		for _, k := range x.SKUs {
			if k.State == Ended && x.State != Ended {
				continue
			}
			x.span(b, k.ID, place{up, "", today})
		}
	}
	return nil
}

// span widens the item's prices by those of a SKU: in no channel, else in any.
func (x *Item) span(b book, sku id.ID, p place) {
	add := func(q Quote) bool {
		fen, ok := q.Final()
		if !ok {
			return false
		}
		x.Coin = q.Currency()
		if x.Least == nil || fen < *x.Least {
			x.Least = &fen
		}
		if x.Most == nil || fen > *x.Most {
			x.Most = &fen
		}
		return true
	}
	if add(b.at(x.ID, sku, p)) {
		return
	}
	var tried []string
	for i := range b {
		if c := b[i].Channel; b[i].ProductID == x.ID && !slices.Contains(tried, c) {
			tried = append(tried, c)
			add(b.at(x.ID, sku, place{p.up, c, p.day}))
		}
	}
}

// topOf gives the unit at the top of a scope and those above it; nothing for the whole brand or several tops.
func (s *Service) topOf(ctx context.Context, actor authz.Actor, scope authz.Scope) ([]id.ID, error) {
	if scope.All || len(scope.Roots) != 1 {
		return nil, nil
	}
	up, err := s.Units.Ancestors(ctx, s.DB, actor.BrandID, scope.Roots, clock.Forever)
	return up[scope.Roots[0]], err
}

// Get reads one product. Errors: product.gone.
func (s *Service) Get(ctx context.Context, actor authz.Actor, product id.ID) (Product, error) {
	found, err := productsByID(ctx, s.DB, actor.BrandID, []id.ID{product})
	if err != nil {
		return Product{}, err
	}
	p, ok := found[product]
	if !ok || p.State == Draft && !actor.Can(permWrite) {
		return Product{}, errGone()
	}
	return p, nil
}

// Create adds a product with its SKUs. Errors: fields of the product, product.taken on a field.
func (s *Service) Create(ctx context.Context, actor authz.Actor, p Product) (id.ID, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	p.ID = s.IDs.New()
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.add(ctx, tx, actor, &p, 0); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.created", Kind: "product", Object: p.ID, Name: p.Name})
	})
	return p.ID, err
}

// add writes a new product within a transaction.
func (s *Service) add(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Product, importID id.ID) error {
	if err := s.free(ctx, tx, actor.BrandID, p); err != nil {
		return err
	}
	p.UpdatedAt, p.UpdatedBy = s.now(), actor.Name
	for i := range p.SKUs {
		p.SKUs[i].ID = s.IDs.New()
	}
	if err := insertProduct(ctx, tx, actor.BrandID, p, importID); err != nil {
		return err
	}
	return putSKUs(ctx, tx, actor.BrandID, p)
}

// free refuses names and codes that another product has, and lines that are not there; it fills the line's name.
func (s *Service) free(ctx context.Context, tx *db.Tx, brand id.ID, p *Product) error {
	if p.LineID != 0 {
		line, err := db.All[string](ctx, tx, `SELECT name FROM product_line WHERE brand_id = $1 AND id = $2`, brand, p.LineID)
		if err != nil {
			return err
		}
		if len(line) == 0 {
			return errs.Bad().Field("line_id", "product.line_gone")
		}
		p.Line = line[0]
	}
	field, value, err := taken(ctx, tx, brand, p)
	if err == nil && field != "" {
		err = errs.Bad().Field(field, "product.taken", "value", value)
	}
	return err
}

// Update changes a product and its SKUs as a whole: a SKU that is left out stays and is ended, as its history needs it.
// Errors: fields of the product, product.gone, product.taken on a field, product.sku_gone, base.changed_meanwhile.
func (s *Service) Update(ctx context.Context, actor authz.Actor, p Product, match func(version int64) error) error {
	if err := p.check(); err != nil {
		return err
	}
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		found, err := productsByID(ctx, tx, actor.BrandID, []id.ID{p.ID})
		if err != nil {
			return err
		}
		before, ok := found[p.ID]
		if !ok {
			return errGone()
		}
		if err := match(before.Version); err != nil {
			return err
		}
		if err := s.change(ctx, tx, actor, before, &p); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "product.changed", Kind: "product", Object: p.ID, Name: p.Name, Before: auditForm(before), After: auditForm(p),
		})
	})
}

// change writes a product over its state before.
func (s *Service) change(ctx context.Context, tx *db.Tx, actor authz.Actor, before Product, p *Product) error {
	if err := s.free(ctx, tx, actor.BrandID, p); err != nil {
		return err
	}
	p.Version, p.UpdatedAt, p.UpdatedBy = before.Version, s.now(), actor.Name
	for i := range p.SKUs {
		k := &p.SKUs[i]
		at := slices.IndexFunc(before.SKUs, func(x SKU) bool { return x.ID == k.ID || k.ID == 0 && x.Code == k.Code })
		switch {
		case at >= 0:
			k.ID = before.SKUs[at].ID
		case k.ID == 0:
			k.ID = s.IDs.New()
		default:
			return errs.Bad().Field("skus", "product.sku_gone")
		}
	}
	for _, k := range before.SKUs {
		if !slices.ContainsFunc(p.SKUs, func(x SKU) bool { return x.ID == k.ID }) {
			k.State = Ended
			p.SKUs = append(p.SKUs, k)
		}
	}
	done, err := updateProduct(ctx, tx, actor.BrandID, p)
	if err != nil {
		return err
	}
	if !done {
		return errs.New(errs.Precondition, "base.changed_meanwhile")
	}
	return putSKUs(ctx, tx, actor.BrandID, p)
}

// auditForm is what the trail keeps of a product.
func auditForm(p Product) map[string]any {
	return map[string]any{
		"code": p.Code, "name": p.Name, "line": p.Line, "state": p.State, "aliases": p.Aliases, "points": p.Points, "scenes": p.Scenes,
		"copy_text": p.CopyText, "skus": p.SKUs,
	}
}

// Names gives the names of products, for other rooms; unknown ones are missing.
func (s *Service) Names(ctx context.Context, q db.Querier, brand id.ID, products []id.ID) (map[id.ID]string, error) {
	return namesOf(ctx, q, brand, products)
}

// Words gives the names that people write for products, for other rooms: the name and its aliases. Unknown ones are missing.
func (s *Service) Words(ctx context.Context, q db.Querier, brand id.ID, products []id.ID) (map[id.ID][]string, error) {
	found, err := productsByID(ctx, q, brand, products)
	out := make(map[id.ID][]string, len(found))
	for x, p := range found {
		out[x] = append([]string{p.Name}, p.Aliases...)
	}
	return out, err
}
