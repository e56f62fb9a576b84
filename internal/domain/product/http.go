package product

import (
	"context"
	"net/http"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

const (
	base         = "/api/v1/product/"
	productsPath = base + "products"
	policiesPath = base + "policies"
	launchesPath = base + "launches"
	importsPath  = base + "imports"
	stalePath    = base + "stale"
)

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: http.MethodGet, Path: productsPath, Summary: "Products by name, with today's prices in the unit asked for", Permission: permRead}, h.list)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: productsPath, Summary: "Add a product with its SKUs", Permission: permWrite, Idempotent: true, Status: http.StatusCreated}, h.create)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: productsPath + "/{id}", Summary: "One product", Permission: permRead}, h.get)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: productsPath + "/{id}", Summary: "Change a product; a SKU left out is ended", Permission: permWrite}, h.update)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: productsPath + "/{id}/quotes", Summary: "What holds for each SKU in a unit, a channel and on a day, and why", Permission: permRead}, h.quotes)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: productsPath + "/{id}/recheck", Summary: "Look again for texts that show an old price of the product", Permission: permWrite, Idempotent: true, Status: http.StatusCreated}, h.recheck)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "lines", Summary: "Product lines", Permission: permRead}, h.lines)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "lines", Summary: "Put the whole list of product lines", Permission: permWrite}, h.setLines)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "settings", Summary: "Channels and rules of the room", Permission: permRead}, h.settings)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: base + "settings", Summary: "Change channels and rules", Permission: permWrite}, h.setSettings)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "calendar", Summary: "What happens to products between two days", Permission: permRead}, h.calendar)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: launchesPath, Summary: "Add an entry to the launch calendar", Permission: permWrite, Status: http.StatusCreated}, h.addLaunch)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: launchesPath + "/{id}", Summary: "Change an entry of the launch calendar", Permission: permWrite}, h.putLaunch)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: launchesPath + "/{id}", Summary: "Take an entry out of the launch calendar", Permission: permWrite}, h.dropLaunch)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "cards", Summary: "Cards of the products on sale, for the caller's store", Permission: permRead}, h.cards)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: base + "cards/{id}", Summary: "One card", Permission: permRead}, h.card)
	h.priceRoutes(r)
	h.stockRoutes(r)
	h.staleRoutes(r)
	h.sheetRoutes(r)
}

// moneyBody is money on the wire.
type moneyBody struct {
	Fen      int64  `json:"fen"`
	Currency string `json:"currency" required:"false" doc:"CNY when empty"`
}

func moneyOf(fen *int64, currency string) *moneyBody {
	if fen == nil {
		return nil
	}
	return &moneyBody{*fen, currency}
}

// productIn is a product as it is written.
type productIn struct {
	LineID   id.ID    `json:"line_id" nullable:"true" required:"false"`
	Code     string   `json:"code" maxLength:"200"`
	Name     string   `json:"name" maxLength:"200"`
	Aliases  []string `json:"aliases" required:"false" maxItems:"50" doc:"other names people write; texts are found by them"`
	Points   []Point  `json:"points" required:"false" maxItems:"50"`
	Scenes   []Scene  `json:"scenes" required:"false" maxItems:"50"`
	CopyText string   `json:"copy_text" required:"false" maxLength:"3000" doc:"{price}, {store} and {product} are filled"`
	State    State    `json:"state" enum:"draft,live,ended"`
	SKUs     []SKU    `json:"skus" maxItems:"300"`
}

func (in productIn) product(x id.ID) Product {
	return Product{
		ID: x, LineID: in.LineID, Code: in.Code, Name: in.Name, Aliases: in.Aliases, Points: in.Points, Scenes: in.Scenes, CopyText: in.CopyText,
		State: in.State, SKUs: in.SKUs,
	}
}

// productBody is a product on the wire.
type productBody struct {
	ID        id.ID    `json:"id"`
	LineID    id.ID    `json:"line_id" nullable:"true"`
	Line      string   `json:"line"`
	Code      string   `json:"code"`
	Name      string   `json:"name"`
	Aliases   []string `json:"aliases"`
	Points    []Point  `json:"points"`
	Scenes    []Scene  `json:"scenes"`
	CopyText  string   `json:"copy_text"`
	State     State    `json:"state" enum:"draft,live,ended"`
	SKUs      []SKU    `json:"skus"`
	Version   int64    `json:"version"`
	UpdatedAt clock.Ms `json:"updated_at"`
	UpdatedBy string   `json:"updated_by"`
}

// ETag is the version an edit names.
func (b *productBody) ETag() string { return web.ETag(strconv.FormatInt(b.Version, 10)) }

func bodyOf(p Product) productBody {
	return productBody{
		p.ID, p.LineID, p.Line, p.Code, p.Name, some(p.Aliases), some(p.Points), some(p.Scenes), p.CopyText, p.State, some(p.SKUs), p.Version, p.UpdatedAt, p.UpdatedBy,
	}
}

// some makes a list that is never null in JSON.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type itemBody struct {
	productBody
	Least *moneyBody `json:"least" doc:"lowest price today of the SKUs on sale, after discounts"`
	Most  *moneyBody `json:"most"`
	Stock *int64     `json:"stock" nullable:"true" doc:"in the stores of the scope"`
	Stale int64      `json:"stale" doc:"texts of the scope that show an old price"`
}

type listIn struct {
	web.Paging
	Query string `query:"q" maxLength:"100"`
	Line  id.ID  `query:"line"`
	State State  `query:"state" enum:"draft,live,ended"`
	Unit  string `query:"unit" maxLength:"500" doc:"id or path"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[itemBody], error) {
	mark := []any{actor.BrandID, in.Query, in.Line, in.State, in.Unit}
	f := Filter{Query: in.Query, Line: in.Line, State: in.State, Unit: in.Unit, Limit: in.Limit + 1}
	if _, err := h.cursors.Read(in.Cursor, "name", mark, &f.After.Key, &f.After.ID); err != nil {
		return nil, err
	}
	rows, err := h.s.Products(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]itemBody, len(rows))
	for i, x := range rows {
		items[i] = itemBody{bodyOf(x.Product), moneyOf(x.Least, x.Coin), moneyOf(x.Most, x.Coin), x.Stock, x.Stale}
	}
	next := ""
	if more {
		last := rows[len(rows)-1]
		next = h.cursors.Next("name", mark, last.Key, last.ID)
	}
	return web.NewPage(items, next), nil
}

type createIn struct {
	Body productIn
}

type madeBody struct {
	ID id.ID `json:"id"`
}

func (h handlers) create(ctx context.Context, actor authz.Actor, in *createIn) (*madeBody, error) {
	made, err := h.s.Create(ctx, actor, in.Body.product(0))
	return &madeBody{made}, err
}

type oneIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *oneIn) (*productBody, error) {
	p, err := h.s.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	b := bodyOf(p)
	return &b, nil
}

type updateIn struct {
	ID    id.ID  `path:"id"`
	Match string `header:"If-Match"`
	Body  productIn
}

type nothing struct{}

// matching compares an edit's If-Match with the version that stands.
func matching(header string) func(version int64) error {
	return func(version int64) error { return web.CheckMatch(header, web.ETag(strconv.FormatInt(version, 10))) }
}

func (h handlers) update(ctx context.Context, actor authz.Actor, in *updateIn) (*nothing, error) {
	return &nothing{}, h.s.Update(ctx, actor, in.Body.product(in.ID), matching(in.Match))
}

func (h handlers) recheck(ctx context.Context, actor authz.Actor, in *oneIn) (*madeBody, error) {
	made, err := h.s.Recheck(ctx, actor, in.ID)
	return &madeBody{made}, err
}

type linesBody struct {
	Items []Line `json:"items"`
}

func (h handlers) lines(ctx context.Context, actor authz.Actor, _ *nothing) (*linesBody, error) {
	list, err := h.s.Lines(ctx, actor)
	return &linesBody{list}, err
}

type setLinesIn struct {
	Body struct {
		Items []Line `json:"items" maxItems:"200"`
	}
}

func (h handlers) setLines(ctx context.Context, actor authz.Actor, in *setLinesIn) (*nothing, error) {
	return &nothing{}, h.s.SetLines(ctx, actor, in.Body.Items)
}

type settingsBody struct {
	Settings
	Version int64 `json:"version"`
}

// ETag is the version an edit names.
func (b *settingsBody) ETag() string { return web.ETag(strconv.FormatInt(b.Version, 10)) }

func (h handlers) settings(ctx context.Context, actor authz.Actor, _ *nothing) (*settingsBody, error) {
	set, version, err := h.s.Settings(ctx, actor)
	return &settingsBody{set, version}, err
}

type setSettingsIn struct {
	Match string `header:"If-Match"`
	Body  Settings
}

func (h handlers) setSettings(ctx context.Context, actor authz.Actor, in *setSettingsIn) (*nothing, error) {
	return &nothing{}, h.s.SetSettings(ctx, actor, matching(in.Match), in.Body)
}

type calendarIn struct {
	From clock.Day `query:"from" required:"true"`
	To   clock.Day `query:"to" required:"true"`
}

type calendarBody struct {
	Launches []Launch     `json:"launches"`
	Policies []policyBody `json:"policies" doc:"those that begin or end within the days"`
}

func (h handlers) calendar(ctx context.Context, actor authz.Actor, in *calendarIn) (*calendarBody, error) {
	launches, list, err := h.s.Calendar(ctx, actor, in.From, in.To)
	if err != nil {
		return nil, err
	}
	bodies, err := h.policyBodies(ctx, actor, list)
	return &calendarBody{some(launches), bodies}, err
}

type launchBody struct {
	ProductID id.ID      `json:"product_id"`
	Kind      LaunchKind `json:"kind" enum:"teaser,launch,refresh,offer,end"`
	Day       clock.Day  `json:"day"`
	EndDay    clock.Day  `json:"end_day" nullable:"true" required:"false"`
	Title     string     `json:"title" maxLength:"200"`
	Note      string     `json:"note" required:"false" maxLength:"1000"`
}

func (b launchBody) launch(x id.ID) Launch {
	return Launch{ID: x, ProductID: b.ProductID, Kind: b.Kind, Day: b.Day, EndDay: b.EndDay, Title: b.Title, Note: b.Note}
}

type addLaunchIn struct {
	Body launchBody
}

func (h handlers) addLaunch(ctx context.Context, actor authz.Actor, in *addLaunchIn) (*madeBody, error) {
	made, err := h.s.PutLaunch(ctx, actor, in.Body.launch(0))
	return &madeBody{made}, err
}

type putLaunchIn struct {
	ID   id.ID `path:"id"`
	Body launchBody
}

func (h handlers) putLaunch(ctx context.Context, actor authz.Actor, in *putLaunchIn) (*nothing, error) {
	_, err := h.s.PutLaunch(ctx, actor, in.Body.launch(in.ID))
	return &nothing{}, err
}

func (h handlers) dropLaunch(ctx context.Context, actor authz.Actor, in *oneIn) (*nothing, error) {
	return &nothing{}, h.s.DropLaunch(ctx, actor, in.ID)
}
