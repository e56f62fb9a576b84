package product

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// plannedRow is what a sheet asks for: one product, policy or figure of stock.
type plannedRow struct {
	line    int
	act     string // add, change
	payload any
}

// plan is what a sheet would do.
type plan struct {
	rows                 []plannedRow
	added, changed, same int64
	faults               []RowFault
	faulty               int64 // rows that are not taken
}

func (p *plan) fault(line int, column, slug string, params errs.Params) {
	p.faulty++
	if len(p.faults) < mostFaults {
		p.faults = append(p.faults, RowFault{Row: line, Column: column, Slug: slug, Params: params})
	}
}

func (p *plan) warn(line int, column, slug string, params errs.Params) {
	if len(p.faults) < mostFaults {
		p.faults = append(p.faults, RowFault{Row: line, Column: column, Slug: slug, Params: params, Warning: true})
	}
}

func (p *plan) add(line int, payload any) {
	p.added++
	p.rows = append(p.rows, plannedRow{line, "add", payload})
}

func (p *plan) change(line int, payload any) {
	p.changed++
	p.rows = append(p.rows, plannedRow{line, "change", payload})
}

// plan works out what a sheet would do for the actor. It writes nothing.
func (s *Service) plan(ctx context.Context, actor authz.Actor, t *table) (*plan, error) {
	switch t.kind {
	case SheetProducts:
		if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
			return nil, err
		}
		return s.planProducts(ctx, actor, t)
	case SheetPrices:
		return s.planPrices(ctx, actor, t)
	case SheetStock:
		return s.planStock(ctx, actor, t)
	}
	return nil, errs.Bad().Field("kind", "product.kind")
}

// planProducts groups the rows by product: each row is a SKU. Columns that the sheet lacks, and cells left empty in all
// rows of a product, stay as they are.
func (s *Service) planProducts(ctx context.Context, actor authz.Actor, t *table) (*plan, error) {
	known, err := s.byCode(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	var order []string
	groups := map[string][]tableRow{}
	out := &plan{}
	for _, r := range t.rows {
		code := t.cell(r, "product_code")
		if code == "" {
			out.fault(r.line, "product_code", "product.cell_missing", nil)
			continue
		}
		if groups[code] == nil {
			order = append(order, code)
		}
		groups[code] = append(groups[code], r)
	}
	owner := map[string]string{} // SKU code → product code
	for code, p := range known {
		for _, k := range p.SKUs {
			owner[k.Code] = code
		}
	}
	names := map[string]string{}
	for code, p := range known {
		names[p.Name] = code
	}
	planner := productPlanner{t, out, owner, names}
	for _, code := range order {
		before, there := known[code]
		planner.product(groups[code], before, there)
	}
	return out, nil
}

// productPlanner works out what the rows of one product after the other would do.
type productPlanner struct {
	t     *table
	out   *plan
	owner map[string]string // SKU code → product code
	names map[string]string // product name → product code
}

func (x productPlanner) product(rows []tableRow, before Product, there bool) {
	t, out, owner, names := x.t, x.out, x.owner, x.names
	line := rows[0].line
	p := before
	p.SKUs = slices.Clone(before.SKUs)
	if !there {
		p = Product{Code: t.cell(rows[0], "product_code"), State: Live}
	}
	for _, r := range rows {
		t.fillProduct(&p, r)
		t.fillSKU(&p, r)
	}
	faulty := false
	for _, k := range p.SKUs {
		if o, used := owner[k.Code]; used && o != p.Code {
			out.fault(line, "sku_code", "product.taken", errs.Params{"value": k.Code})
			faulty = true
		}
		owner[k.Code] = p.Code
	}
	if o, used := names[p.Name]; used && o != p.Code {
		out.fault(line, "product", "product.taken", errs.Params{"value": p.Name})
		faulty = true
	}
	names[p.Name] = p.Code
	if err := p.check(); err != nil {
		var bad *errs.Error
		if e, ok := err.(*errs.Error); ok { //nolint:errorlint // check gives nothing else
			bad = e
		}
		for _, f := range bad.Fields {
			out.fault(line, columnOfField(f.Path), f.Slug, f.Params)
		}
		return
	}
	switch {
	case faulty:
	case !there:
		out.add(line, p)
	case reflect.DeepEqual(auditForm(before), auditForm(p)):
		out.same++
	default:
		out.change(line, p)
	}
}

// columnOfField names the column behind a field of a product.
func columnOfField(path string) string {
	switch head, _, _ := strings.Cut(path, "["); head {
	case "code":
		return "product_code"
	case "name":
		return "product"
	case "state":
		return "product_state"
	case "copy_text":
		return "copy"
	case "skus":
		if strings.HasSuffix(path, "name") {
			return "sku"
		}
		return "sku_code"
	default:
		return head
	}
}

func (t *table) fillProduct(p *Product, r tableRow) {
	set := func(column string, fn func(v string)) {
		if v := t.cell(r, column); v != "" {
			fn(v)
		}
	}
	set("product", func(v string) { p.Name = v })
	set("line", func(v string) { p.Line = v })
	set("aliases", func(v string) { p.Aliases = splitCell(v) })
	set("product_state", func(v string) { p.State = readState(v) })
	set("points", func(v string) { p.Points = readPoints(v) })
	set("scenes", func(v string) {
		p.Scenes = p.Scenes[:0:0]
		for _, x := range readPoints(v) {
			p.Scenes = append(p.Scenes, Scene(x))
		}
	})
	set("copy", func(v string) { p.CopyText = v })
}

func (t *table) fillSKU(p *Product, r tableRow) {
	code := t.cell(r, "sku_code")
	at := slices.IndexFunc(p.SKUs, func(k SKU) bool { return k.Code == code })
	if at < 0 {
		p.SKUs = append(p.SKUs, SKU{Code: code, State: Live, Aliases: []string{}})
		at = len(p.SKUs) - 1
	}
	k := &p.SKUs[at]
	if v := t.cell(r, "sku"); v != "" {
		k.Name = v
	}
	if v := t.cell(r, "spec"); v != "" {
		k.Spec = v
	}
	if v := t.cell(r, "sku_aliases"); v != "" {
		k.Aliases = splitCell(v)
	}
	if v := t.cell(r, "sku_state"); v != "" {
		k.State = readState(v)
	}
}

// readState takes a state by its code or its Chinese or English word; anything else is refused by the check.
func readState(v string) State {
	switch strings.ToLower(v) {
	case "live", "在售", "on sale":
		return Live
	case "ended", "停售", "no longer sold":
		return Ended
	case "draft", "草稿":
		return Draft
	}
	return State(v)
}

// byCode gives every product with its SKUs by its code.
func (s *Service) byCode(ctx context.Context, q db.Querier, brand id.ID) (map[string]Product, error) {
	ids, err := db.All[id.ID](ctx, q, `SELECT id FROM product_product WHERE brand_id = $1 ORDER BY id`, brand)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Product, len(ids))
	for part := range slices.Chunk(ids, 1000) {
		found, err := productsByID(ctx, q, brand, part)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			out[p.Code] = p
		}
	}
	return out, nil
}

// placesOf finds units by path, by the customer's own number, or by a name that only one unit has.
type placesOf struct {
	byText map[string]Store
	twice  map[string]bool
	up     map[id.ID][]id.ID
}

func (s *Service) places(ctx context.Context, q db.Querier, brand id.ID) (*placesOf, error) {
	list, err := s.Units.Tree(ctx, q, brand)
	if err != nil {
		return nil, err
	}
	out := &placesOf{byText: map[string]Store{}, twice: map[string]bool{}}
	for _, u := range list { // names first, so that paths and numbers win over them
		if _, there := out.byText[u.Name]; there {
			out.twice[u.Name] = true
		}
		out.byText[u.Name] = u
	}
	for _, u := range list {
		for _, key := range []string{u.Code, u.Path, u.ID.String()} {
			if key != "" {
				out.byText[key] = u
				delete(out.twice, key)
			}
		}
	}
	out.up = map[id.ID][]id.ID{}
	for part := range slices.Chunk(idsOf(list, func(u Store) id.ID { return u.ID }), 1000) {
		up, err := s.Units.Ancestors(ctx, q, brand, part, clock.Forever)
		if err != nil {
			return nil, err
		}
		for k, v := range up {
			out.up[k] = v
		}
	}
	return out, nil
}

// find gives the unit of a cell within a scope, or the slug of what is wrong.
func (p *placesOf) find(text string, scope authz.Scope) (Store, string) {
	text = strings.Trim(strings.TrimSpace(text), "/")
	u, ok := p.byText[text]
	switch {
	case p.twice[text]:
		return u, "product.unit_twice"
	case !ok || !scope.Allows(p.up[u.ID]):
		return u, "product.unit_gone"
	}
	return u, ""
}

func (s *Service) planStock(ctx context.Context, actor authz.Actor, t *table) (*plan, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permStock, "")
	if err != nil {
		return nil, err
	}
	where, err := s.places(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	codes, err := s.skuCodes(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	have, err := allStock(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	out, seen := &plan{}, map[[2]id.ID]int{}
	for _, r := range t.rows {
		u, wrong := where.find(t.cell(r, "store"), scope)
		if wrong == "" && !u.Store {
			wrong = "product.not_a_store"
		}
		if wrong != "" {
			out.fault(r.line, "store", wrong, errs.Params{"unit": t.cell(r, "store")})
			continue
		}
		sku, ok := codes[t.cell(r, "sku_code")]
		if !ok {
			out.fault(r.line, "sku_code", "product.sku_unknown", errs.Params{"sku": t.cell(r, "sku_code")})
			continue
		}
		qty, err := strconv.ParseInt(strings.ReplaceAll(t.cell(r, "qty"), ",", ""), 10, 64)
		if err != nil || qty < 0 || qty > maxQty {
			out.fault(r.line, "qty", "product.qty", errs.Params{"max": maxQty})
			continue
		}
		key := [2]id.ID{sku, u.ID}
		if first, twice := seen[key]; twice {
			out.fault(r.line, "sku_code", "product.row_twice", errs.Params{"row": first})
			continue
		}
		seen[key] = r.line
		row := Stock{SKUID: sku, UnitID: u.ID, Qty: qty}
		switch old, there := have[key]; {
		case !there:
			out.add(r.line, row)
		case old == qty:
			out.same++
		default:
			out.change(r.line, row)
		}
	}
	return out, nil
}

func allStock(ctx context.Context, q db.Querier, brand id.ID) (map[[2]id.ID]int64, error) {
	type row struct {
		SKUID  id.ID `db:"sku_id"`
		UnitID id.ID `db:"unit_id"`
		Qty    int64 `db:"qty"`
	}
	out := map[[2]id.ID]int64{}
	err := db.Each(ctx, q, func(r row) error {
		out[[2]id.ID{r.SKUID, r.UnitID}] = r.Qty
		return nil
	}, `SELECT sku_id, unit_id, qty FROM product_stock WHERE brand_id = $1`, brand)
	return out, err
}

func payloadOf[T any](raw string) (T, error) {
	var out T
	err := json.Unmarshal([]byte(raw), &out)
	return out, err
}
