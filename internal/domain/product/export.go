package product

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
)

// headOf gives the columns of a sheet; those that an import cannot do without carry a star.
func headOf(kind ImportKind, say func(string) string) []sheet.Column {
	cols := columnsOf(kind)
	out := make([]sheet.Column, len(cols))
	for i, c := range cols {
		name, must := strings.CutSuffix(c, "*")
		out[i] = sheet.Column{Title: say("col_" + name), Width: map[string]float64{"points": 40, "scenes": 40, "copy": 40, "product": 20, "sku": 24, "unit": 30, "store": 30, "title": 24}[name]}
		if must {
			out[i].Title += "*"
		}
	}
	return out
}

func writeTemplate(kind ImportKind, say func(string) string, w io.Writer) error {
	x, err := sheet.NewXLSX(w)
	if err != nil {
		return err
	}
	if err := x.Sheet(say("sheet_"+string(kind)), headOf(kind, say)); err != nil {
		return err
	}
	for _, r := range examples(kind) {
		if err := x.Row(cellsOf(r)...); err != nil {
			return err
		}
	}
	if err := x.Sheet(say("sheet_help"), []sheet.Column{{Title: say("help_column"), Width: 22}, {Title: say("help_text"), Width: 80}}); err != nil {
		return err
	}
	for _, c := range columnNames(kind) {
		if err := x.Row(say("col_"+c), say("help_"+c)); err != nil {
			return err
		}
	}
	return x.Close()
}

func cellsOf(row []string) []any {
	out := make([]any, len(row))
	for i, v := range row {
		out[i] = v
	}
	return out
}

// exporter prepares a sheet of what the actor may see, in the form that an import reads. Errors: those of Scope.
func (s *Service) exporter(ctx context.Context, actor authz.Actor, kind ImportKind, unit string) (func(say func(string) string, w io.Writer) error, error) {
	if _, err := s.Units.Scope(ctx, s.DB, actor, permRead, unit); err != nil {
		return nil, err
	}
	rows := map[ImportKind]func(context.Context, authz.Actor, string, func(...any) error) error{
		SheetProducts: s.productRows, SheetPrices: s.priceRows, SheetStock: s.stockRowsOut,
	}[kind]
	return func(say func(string) string, w io.Writer) error {
		x, err := sheet.NewXLSX(w)
		if err != nil {
			return err
		}
		if err := x.Sheet(say("sheet_"+string(kind)), headOf(kind, say)); err != nil {
			return err
		}
		if err := rows(ctx, actor, unit, x.Row); err != nil {
			return err
		}
		return x.Close()
	}, nil
}

func (s *Service) productRows(ctx context.Context, actor authz.Actor, _ string, row func(...any) error) error {
	all, err := s.byCode(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	list := make([]Product, 0, len(all))
	for _, p := range all {
		if p.State != Draft || actor.Can(permWrite) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Product) int { return strings.Compare(a.Line+"\x00"+a.Code, b.Line+"\x00"+b.Code) })
	for _, p := range list {
		points := make([]Point, len(p.Scenes))
		for i, x := range p.Scenes {
			points[i] = Point(x)
		}
		for _, k := range p.SKUs {
			err := row(p.Line, p.Code, p.Name, strings.Join(p.Aliases, between), string(p.State), k.Code, k.Name, k.Spec, strings.Join(k.Aliases, between), string(k.State),
				writePoints(p.Points), writePoints(points), p.CopyText)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) priceRows(ctx context.Context, actor authz.Actor, unit string, row func(...any) error) error {
	who, err := s.seen(ctx, actor, unit)
	if err != nil {
		return err
	}
	codes, err := s.codesOf(ctx, actor.BrandID)
	if err != nil {
		return err
	}
	f := policyFilter{Brand: actor.BrandID, Seen: who, Limit: 500}
	for {
		list, err := listPolicies(ctx, s.DB, f)
		if err != nil {
			return err
		}
		units, err := s.Units.Describe(ctx, s.DB, actor.BrandID, idsOf(list, func(p Policy) id.ID { return p.UnitID }))
		if err != nil {
			return err
		}
		for _, p := range list {
			if p.Withdrawn || p.SKUID == 0 {
				continue // a sheet names SKUs; what holds for a whole product is on its page
			}
			if err := row(policyCells(p, codes[p.SKUID], units[p.UnitID].Path)...); err != nil {
				return err
			}
		}
		if len(list) < f.Limit {
			return nil
		}
		f.AfterDay, f.AfterID = list[len(list)-1].From, list[len(list)-1].ID
	}
}

func policyCells(p Policy, code, unit string) []any {
	amount, rate, to := "", "", ""
	if p.Fen != nil {
		amount = strings.TrimSuffix(strings.ReplaceAll(yuanText(*p.Fen), ",", ""), "元")
	}
	if p.Rate != nil {
		rate = strconv.FormatFloat(float64(*p.Rate)/10, 'f', -1, 64) + "%"
	}
	if p.To != clock.Forever {
		to = p.To.String()
	}
	return []any{code, unit, p.Channel, string(p.Kind), amount, rate, p.Title, p.From.String(), to, p.Note}
}

func (s *Service) codesOf(ctx context.Context, brand id.ID) (map[id.ID]string, error) {
	all, err := db.All[skuRow](ctx, s.DB, `SELECT id, product_id, code, name, spec, aliases, state FROM product_sku WHERE brand_id = $1`, brand)
	out := make(map[id.ID]string, len(all))
	for _, k := range all {
		out[k.ID] = k.Code
	}
	return out, err
}

func (s *Service) stockRowsOut(ctx context.Context, actor authz.Actor, unit string, row func(...any) error) error {
	f := StockFilter{Unit: unit, Limit: 1000}
	for {
		list, err := s.StockList(ctx, actor, f)
		if err != nil {
			return err
		}
		units, err := s.Units.Describe(ctx, s.DB, actor.BrandID, idsOf(list, func(x Stock) id.ID { return x.UnitID }))
		if err != nil {
			return err
		}
		for _, x := range list {
			if err := row(units[x.UnitID].Path, x.Code, x.Qty); err != nil {
				return err
			}
		}
		if len(list) < f.Limit {
			return nil
		}
		f.SKU, f.After = list[len(list)-1].SKUID, list[len(list)-1].UnitID
	}
}
