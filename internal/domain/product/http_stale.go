package product

import (
	"context"
	"net/http"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) staleRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "checks", Summary: "Walks over the texts for changed prices, newest first", Permission: permSettle}, h.checks)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: stalePath, Summary: "Texts that show an old price", Permission: permSettle}, h.stale)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: stalePath + "/units", Summary: "How many texts with an old price each unit has", Permission: permSettle}, h.staleUnits)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: stalePath + "/decide", Summary: "Say that texts were mended, may stand, or are to be looked at again", Permission: permSettle}, h.decide)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "mine", Summary: "The caller's own texts that show an old price", Permission: permMine}, h.mine)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: base + "mine/{product}/{object}/fixed", Summary: "Say that an own post was mended", Permission: permMine, Idempotent: true}, h.markMine)
}

func (h handlers) stockRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "stock", Summary: "Stock of stores", Permission: permRead}, h.stock)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "stock", Summary: "Write the stock of stores: all of the list or nothing", Permission: permStock, Idempotent: true}, h.setStock)
}

type changeBody struct {
	ProductID id.ID       `json:"product_id"`
	SKUID     id.ID       `json:"sku_id"`
	UnitID    id.ID       `json:"unit_id" nullable:"true"`
	Channel   string      `json:"channel"`
	Old       []moneyBody `json:"old"`
	New       *moneyBody  `json:"new"`
}

type checkBody struct {
	ID         id.ID        `json:"id"`
	Title      string       `json:"title"`
	State      string       `json:"state" enum:"searching,done"`
	Looked     int64        `json:"looked"`
	Total      int64        `json:"total"`
	Found      int64        `json:"found"`
	StartedAt  clock.Ms     `json:"started_at"`
	StartedBy  string       `json:"started_by"`
	FinishedAt clock.Ms     `json:"finished_at" nullable:"true"`
	Changes    []changeBody `json:"changes"`
}

func (h handlers) checks(ctx context.Context, actor authz.Actor, in *web.Paging) (*web.Page[checkBody], error) {
	mark := []any{actor.BrandID}
	var before id.ID
	if _, err := h.cursors.Read(in.Cursor, "id", mark, &before); err != nil {
		return nil, err
	}
	rows, err := h.s.Checks(ctx, actor, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]checkBody, len(rows))
	for i, c := range rows {
		b := checkBody{c.ID, c.Title, c.State, c.Looked, c.Total, c.Found, c.StartedAt, c.StartedBy, c.FinishedAt, []changeBody{}}
		for _, x := range c.Changes[:min(len(c.Changes), 50)] {
			one := changeBody{x.product, x.sku, x.unit, x.channel, []moneyBody{}, moneyOf(x.New, x.Currency)}
			for _, fen := range x.Old {
				one.Old = append(one.Old, moneyBody{fen, x.Currency})
			}
			b.Changes = append(b.Changes, one)
		}
		items[i] = b
	}
	next := ""
	if more {
		next = h.cursors.Next("id", mark, rows[len(rows)-1].ID)
	}
	return web.NewPage(items, next), nil
}

type labelBody struct {
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
	Unit     string `json:"unit"`
	Member   string `json:"member"`
}

type spanBody struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type staleBody struct {
	ProductID id.ID      `json:"product_id"`
	ObjectID  id.ID      `json:"object_id"`
	Product   string     `json:"product"`
	Kind      string     `json:"kind" enum:"post,template"`
	Account   labelBody  `json:"account"`
	UnitID    id.ID      `json:"unit_id" nullable:"true"`
	Content   string     `json:"content"`
	Span      spanBody   `json:"span" doc:"where the old price stands, in code points"`
	URL       string     `json:"url"`
	Old       moneyBody  `json:"old"`
	New       *moneyBody `json:"new" doc:"what holds now; null when nothing does"`
	State     StaleState `json:"state" enum:"open,fixed,fine"`
	How       string     `json:"how" doc:"text_changed, gone, person or nothing"`
	Note      string     `json:"note"`
	FoundAt   clock.Ms   `json:"found_at"`
	DecidedAt clock.Ms   `json:"decided_at" nullable:"true"`
	DecidedBy string     `json:"decided_by"`
}

func staleBodies(rows []Stale) []staleBody {
	out := make([]staleBody, len(rows))
	for i, r := range rows {
		l := r.Label
		out[i] = staleBody{
			r.ProductID, r.ObjectID, r.Product, r.Kind,
			labelBody{l.Handle, l.Name, l.Platform, l.Unit, l.Member},
			r.UnitID, r.Content,
			spanBody{r.Start, r.End},
			r.URL,
			moneyBody{r.Old, r.Currency},
			moneyOf(r.New, r.Currency), r.State, r.How, r.Note, r.FoundAt, r.DecidedAt, r.DecidedBy,
		}
	}
	return out
}

type staleIn struct {
	web.Paging
	State   StaleState `query:"state" enum:"open,fixed,fine"`
	Kind    string     `query:"kind" enum:"post,template"`
	Check   id.ID      `query:"check"`
	Product id.ID      `query:"product"`
	Unit    string     `query:"unit" maxLength:"500" doc:"id or path"`
}

func (h handlers) stale(ctx context.Context, actor authz.Actor, in *staleIn) (*web.Page[staleBody], error) {
	mark := []any{actor.BrandID, in.State, in.Kind, in.Check, in.Product, in.Unit}
	f := StaleFilter{State: in.State, Kind: in.Kind, Check: in.Check, Product: in.Product, Unit: in.Unit, Limit: in.Limit + 1}
	if _, err := h.cursors.Read(in.Cursor, "object", mark, &f.Object, &f.AfterP); err != nil {
		return nil, err
	}
	rows, err := h.s.StaleTexts(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	next := ""
	if more {
		next = h.cursors.Next("object", mark, rows[len(rows)-1].ObjectID, rows[len(rows)-1].ProductID)
	}
	return web.NewPage(staleBodies(rows), next), nil
}

type unitIn struct {
	Unit string `query:"unit" maxLength:"500" doc:"id or path"`
}

type staleUnit struct {
	UnitID id.ID                `json:"unit_id" nullable:"true" doc:"null: templates"`
	Counts map[StaleState]int64 `json:"counts"`
}

type staleUnitsBody struct {
	Items []staleUnit `json:"items"`
}

func (h handlers) staleUnits(ctx context.Context, actor authz.Actor, in *unitIn) (*staleUnitsBody, error) {
	rows, err := h.s.StaleUnits(ctx, actor, in.Unit)
	out := &staleUnitsBody{Items: []staleUnit{}}
	for _, r := range rows {
		if n := len(out.Items); n == 0 || out.Items[n-1].UnitID != r.UnitID {
			out.Items = append(out.Items, staleUnit{r.UnitID, map[StaleState]int64{}})
		}
		out.Items[len(out.Items)-1].Counts[r.State] = r.N
	}
	return out, err
}

type decideIn struct {
	Body struct {
		Texts []staleKey `json:"texts" minItems:"1" maxItems:"500"`
		Verb  Verb       `json:"verb" enum:"fixed,fine,reopen"`
		Note  string     `json:"note" required:"false" maxLength:"300" doc:"why; needed for fine and reopen"`
	}
}

type decidedBody struct {
	Moved   int `json:"moved"`
	Skipped int `json:"skipped" doc:"those that were moved before, or lie outside the caller's scope"`
}

func (h handlers) decide(ctx context.Context, actor authz.Actor, in *decideIn) (*decidedBody, error) {
	n, err := h.s.Decide(ctx, actor, in.Body.Texts, in.Body.Verb, strings.TrimSpace(in.Body.Note))
	return &decidedBody{n, len(in.Body.Texts) - n}, err
}

type mineBody struct {
	Items []staleBody `json:"items"`
}

func (h handlers) mine(ctx context.Context, actor authz.Actor, _ *nothing) (*mineBody, error) {
	rows, err := h.s.Mine(ctx, actor)
	return &mineBody{staleBodies(rows)}, err
}

type markIn struct {
	Product id.ID `path:"product"`
	Object  id.ID `path:"object"`
}

func (h handlers) markMine(ctx context.Context, actor authz.Actor, in *markIn) (*nothing, error) {
	return &nothing{}, h.s.MarkMine(ctx, actor, in.Product, in.Object)
}

type stockBody struct {
	SKUID     id.ID    `json:"sku_id"`
	UnitID    id.ID    `json:"unit_id"`
	ProductID id.ID    `json:"product_id"`
	Product   string   `json:"product"`
	SKU       string   `json:"sku"`
	Code      string   `json:"code"`
	Qty       int64    `json:"qty"`
	AsOf      clock.Ms `json:"as_of"`
	Origin    string   `json:"origin" enum:"manual,file,api"`
	By        string   `json:"by"`
}

type stockIn struct {
	web.Paging
	Product id.ID  `query:"product"`
	Unit    string `query:"unit" maxLength:"500" doc:"id or path"`
}

func (h handlers) stock(ctx context.Context, actor authz.Actor, in *stockIn) (*web.Page[stockBody], error) {
	mark := []any{actor.BrandID, in.Product, in.Unit}
	f := StockFilter{Product: in.Product, Unit: in.Unit, Limit: in.Limit + 1}
	if _, err := h.cursors.Read(in.Cursor, "sku", mark, &f.SKU, &f.After); err != nil {
		return nil, err
	}
	rows, err := h.s.StockList(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]stockBody, len(rows))
	for i, x := range rows {
		items[i] = stockBody(x)
	}
	next := ""
	if more {
		next = h.cursors.Next("sku", mark, rows[len(rows)-1].SKUID, rows[len(rows)-1].UnitID)
	}
	return web.NewPage(items, next), nil
}

type setStockIn struct {
	Body struct {
		Items []struct {
			Unit string `json:"unit" maxLength:"500" doc:"id, path or the customer's own number of the store"`
			SKU  string `json:"sku" maxLength:"200" doc:"id or code"`
			Qty  int64  `json:"qty"`
		} `json:"items" minItems:"1" maxItems:"1000"`
	}
}

func (h handlers) setStock(ctx context.Context, actor authz.Actor, in *setStockIn) (*nothing, error) {
	list := make([]SetStock, len(in.Body.Items))
	for i, x := range in.Body.Items {
		list[i] = SetStock{x.Unit, x.SKU, x.Qty}
	}
	return &nothing{}, h.s.PutStock(ctx, actor, list)
}
