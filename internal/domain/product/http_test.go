package product_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/product"
)

const api = "/api/v1/product/"

// served is the room with the answers of repeated calls kept.
func (b *bench) served() *webtest.Server {
	b.t.Helper()
	m := product.Module(b.s, b.texts)
	return webtest.New(b.t, webtest.Room{
		Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: b.clock, Idempotency: web.NewIdempotency(b.d, b.clock),
	})
}

// upload is a sheet as a form.
func upload(t *testing.T, data []byte) (string, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	p, err := w.CreateFormFile("file", "f.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = p.Write(data)
	_ = w.Close()
	return w.FormDataContentType(), b.String()
}

// TestRoutes: products over the wire: who may, what is refused and how it says so, calls that come twice, and an edit on
// something older.
func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		room := b.served()
		hq, kos, region, auditor := b.hq, b.as(authz.KOS, 11), b.as(authz.RegionManager, east), b.as(authz.Auditor)
		var made, again struct{ ID string }
		sku := func(code string) map[string]any {
			return map[string]any{"code": code, "name": code + " 型", "state": "live", "aliases": []string{}, "spec": ""}
		}
		body := map[string]any{"code": "X9", "name": "星海X9", "state": "live", "aliases": []string{"九号"}, "copy_text": "{product} {price}", "skus": []any{sku("X9-A"), sku("X9-B")}}
		key := map[string]string{"Idempotency-Key": "one"}
		room.Run(t, []webtest.Scenario{
			{Name: "nobody", URL: api + "products", Status: 401},
			{Name: "a KOS adds none", Method: "POST", URL: api + "products", Actor: &kos, Body: body, Status: 403},
			{Name: "a region adds none", Method: "POST", URL: api + "products", Actor: &region, Body: body, Status: 403},
			{Name: "faults are told by field", Method: "POST", URL: api + "products", Actor: &hq, Body: map[string]any{"code": " ", "name": "", "state": "live", "skus": []any{}}, Status: 422, Contains: []string{"\"code\"", "\"name\""}},
			{Name: "add", Method: "POST", URL: api + "products", Actor: &hq, Body: body, Headers: key, Status: 201, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &made) }},
			{Name: "the same call again", Method: "POST", URL: api + "products", Actor: &hq, Body: body, Headers: key, Status: 201, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &again) }},
			{Name: "the key for another call", Method: "POST", URL: api + "products", Actor: &hq, Body: map[string]any{"code": "Y", "name": "Y", "state": "live", "skus": []any{}}, Headers: key, Status: http.StatusConflict, Contains: []string{"base.key_reused"}},
			{Name: "the code is taken", Method: "POST", URL: api + "products", Actor: &hq, Body: body, Status: 422, Contains: []string{"code"}},
			{Name: "one in the list", URL: api + "products?q=%E4%B9%9D%E5%8F%B7", Actor: &auditor, JSON: map[string]any{"items.#": 1, "items.0.least": nil, "items.0.stock": nil}},
		})
		if made.ID == "" || made.ID != again.ID {
			t.Errorf("made %q, then %q", made.ID, again.ID)
		}
		one := api + "products/" + made.ID
		room.Run(t, []webtest.Scenario{
			{Name: "read", URL: one, Actor: &kos, JSON: map[string]any{"name": "星海X9", "skus.#": 2}, After: func(t *testing.T, r *webtest.Result) {
				if r.Header.Get("ETag") == "" {
					t.Error("no ETag")
				}
			}},
			{Name: "an edit names what it saw", Method: "PUT", URL: one, Actor: &hq, Body: body, Headers: map[string]string{"If-Match": `"99"`}, Status: http.StatusPreconditionFailed},
			{Name: "not there", URL: api + "products/12345", Actor: &hq, Status: 404},
		})
	})
}

// TestPriceRoutes: walls between regions, overlaps, and the price somebody in a store sees, with the promotion beside it.
func TestPriceRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		room := b.served()
		p := b.car()
		set, _, err := b.s.Settings(t.Context(), b.hq)
		b.must(err)
		set.RegionPrices = true
		b.must(b.s.SetSettings(t.Context(), b.hq, func(int64) error { return nil }, set))
		hq, eastern, western, shop := b.hq, b.as(authz.RegionManager, east), b.as(authz.RegionManager, west), b.as(authz.StoreManager, 11)
		kos := b.as(authz.KOS, 11)
		policy := func(kind string, yuan int64, more map[string]any) map[string]any {
			out := map[string]any{"product_id": p.ID, "sku_ids": []id.ID{p.SKUs[0].ID}, "kind": kind, "money": map[string]any{"fen": yuan * 100}}
			for k, v := range more {
				out[k] = v
			}
			return out
		}
		const path = api + "policies"
		key := map[string]string{"Idempotency-Key": "price"}
		list := "?product=" + p.ID.String()
		room.Run(t, []webtest.Scenario{
			{Name: "a store sets none", Method: "POST", URL: path, Actor: &shop, Body: policy("price", 100_000, nil), Status: 403},
			{Name: "a region not for the brand", Method: "POST", URL: path, Actor: &eastern, Body: policy("price", 100_000, nil), Status: 422, Contains: []string{"product.unit_needed"}},
			{Name: "nor for another region", Method: "POST", URL: path, Actor: &eastern, Body: policy("price", 100_000, map[string]any{"unit": "20"}), Status: 404, Contains: []string{"product.unit_gone", "20"}},
			{Name: "no money", Method: "POST", URL: path, Actor: &hq, Body: policy("price", 0, nil), Status: 422, Contains: []string{"money"}},
			{Name: "an end before the start", Method: "POST", URL: path, Actor: &hq, Body: policy("price", 100, map[string]any{"from": "2026-12-02", "to": "2026-12-01"}), Status: 422, Contains: []string{"\"to\""}},
			{Name: "the brand's", Method: "POST", URL: path, Actor: &hq, Body: policy("price", 130_000, nil), Headers: key, Status: 201, JSON: map[string]any{"ids.#": 1}},
			{Name: "the same call again", Method: "POST", URL: path, Actor: &hq, Body: policy("price", 130_000, nil), Headers: key, Status: 201, JSON: map[string]any{"ids.#": 1}},
			{Name: "the same start", Method: "POST", URL: path, Actor: &hq, Body: policy("price", 120_000, nil), Status: 422, Contains: []string{"product.same_start"}},
			{Name: "the region's own", Method: "POST", URL: path, Actor: &eastern, Body: policy("price", 125_000, map[string]any{"unit": "10"}), Status: 201},
			{Name: "and its promotion", Method: "POST", URL: path, Actor: &eastern, Body: policy("promotion", 5_000, map[string]any{"unit": "10", "title": "置换补贴"}), Status: 201},
			{Name: "the other region sees the brand's", URL: path + list, Actor: &western, JSON: map[string]any{"items.#": 1}},
			{Name: "the region all three", URL: path + list, Actor: &eastern, JSON: map[string]any{"items.#": 3}},
			{Name: "what the store pays", URL: api + "products/" + p.ID.String() + "/quotes?unit=11", Actor: &shop, JSON: map[string]any{"items.0.final.fen": 12_500_000, "items.0.promoted.fen": 12_000_000, "items.0.promotions.0.title": "置换补贴"}},
			{Name: "another store is not its business", URL: api + "products/" + p.ID.String() + "/quotes?unit=21", Actor: &shop, Status: 404},
			{Name: "the card of a KOS", URL: api + "cards/" + p.ID.String(), Actor: &kos, JSON: map[string]any{"skus.0.quote.final.fen": 12_500_000, "skus.0.quote.promoted.fen": 12_000_000}},
			{Name: "stock of another store", Method: "PUT", URL: api + "stock", Actor: &shop, Body: map[string]any{"items": []any{map[string]any{"unit": "21", "sku": "X7-PRO", "qty": 3}}}, Status: 422, Contains: []string{"items[0].unit"}},
			{Name: "all or nothing", Method: "PUT", URL: api + "stock", Actor: &shop, Body: map[string]any{"items": []any{map[string]any{"unit": "11", "sku": "X7-PRO", "qty": 3}, map[string]any{"unit": "11", "sku": "NO", "qty": 1}}}, Status: 422, Contains: []string{"items[1].sku"}},
			{Name: "nothing was written", URL: api + "stock?product=" + p.ID.String(), Actor: &shop, JSON: map[string]any{"items.#": 0}},
			{Name: "its own", Method: "PUT", URL: api + "stock", Actor: &shop, Body: map[string]any{"items": []any{map[string]any{"unit": "11", "sku": "X7-PRO", "qty": 3}}}, Status: 204},
			{Name: "the other region sees none", URL: api + "stock?product=" + p.ID.String(), Actor: &western, JSON: map[string]any{"items.#": 0}},
		})
	})
}

// TestSheetRoutes: a sheet with bad rows over the wire: nothing is written before it is applied, bad rows are told with row and
// column, the good ones are taken, once.
func TestSheetRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		room := b.served()
		p := b.car()
		hq, kos, other := b.hq, b.as(authz.KOS, 11), b.as(authz.RegionManager, west)
		other.UserID = 4711
		row := make([]any, len(product.Heads(product.SheetPrices)))
		at := func(values ...any) []any {
			out := append([]any{}, row...)
			copy(out, values)
			return out
		}
		kind, form := upload(t, file(t, product.SheetPrices, at("X7-PRO", "", "", "price", "129800", "", "", "2026-12-01"), at("NO-SUCH", "", "", "price", "1", "", "", "2026-12-01"), at("X7-AIR", "", "", "price", "免费", "", "", "2026-12-01")))
		headers := map[string]string{"Content-Type": kind, "Idempotency-Key": "sheet"}
		var imp struct {
			ID    string
			State string
		}
		room.Run(t, []webtest.Scenario{
			{Name: "no sheet", Method: "POST", URL: api + "imports?kind=prices", Actor: &hq, Body: "x", Headers: map[string]string{"Content-Type": "multipart/form-data; boundary=x", "Idempotency-Key": "k"}, Status: 400},
			{Name: "a KOS may not", Method: "POST", URL: api + "imports?kind=prices", Actor: &kos, Body: form, Headers: map[string]string{"Content-Type": kind, "Idempotency-Key": "k2"}, Status: 403},
			{Name: "read", Method: "POST", URL: api + "imports?kind=prices", Actor: &hq, Body: form, Headers: headers, Status: 201, JSON: map[string]any{"state": "ready", "rows": 3, "added": 1, "faults.#": 2, "faults.0.row": 3}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &imp) }},
		})
		one := api + "imports/" + imp.ID
		room.Run(t, []webtest.Scenario{
			{Name: "nothing is written yet", URL: api + "policies?product=" + p.ID.String(), Actor: &hq, JSON: map[string]any{"items.#": 0}},
			{Name: "not another's", URL: one, Actor: &other, Status: 404},
			{Name: "apply", Method: "POST", URL: one + "/apply", Actor: &hq, Status: 204},
		})
		b.queue.Run(t.Context())
		room.Run(t, []webtest.Scenario{
			{Name: "the good row", URL: api + "policies?product=" + p.ID.String(), Actor: &hq, JSON: map[string]any{"items.#": 1, "items.0.money.fen": 12_980_000}},
			{Name: "done", URL: one, Actor: &hq, JSON: map[string]any{"state": "done"}},
			{Name: "once", Method: "POST", URL: one + "/apply", Actor: &hq, Status: http.StatusPreconditionFailed, Contains: []string{"product.import_state"}},
		})
	})
}
