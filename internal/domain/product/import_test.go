package product_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/product"
)

// file makes a sheet with the columns of a kind.
func file(t *testing.T, kind product.ImportKind, rows ...[]any) []byte {
	t.Helper()
	var buf bytes.Buffer
	x, err := sheet.NewXLSX(&buf)
	if err != nil {
		t.Fatal(err)
	}
	var cols []sheet.Column
	for _, h := range product.Heads(kind) {
		cols = append(cols, sheet.Column{Title: h})
	}
	if err := x.Sheet("s", cols); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := x.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func (b *bench) read(a authz.Actor, kind product.ImportKind, data []byte) product.Import {
	b.t.Helper()
	i, err := b.s.Read(b.t.Context(), a, kind, "f.xlsx", data, nil)
	b.must(err)
	return i
}

func (b *bench) apply(a authz.Actor, i product.Import) product.Import {
	b.t.Helper()
	b.must(b.s.Apply(b.t.Context(), a, i.ID))
	b.queue.Run(b.t.Context())
	got, err := b.s.Import(b.t.Context(), a, i.ID)
	b.must(err)
	return got
}

func (b *bench) undo(a authz.Actor, i product.Import) product.Import {
	b.t.Helper()
	b.must(b.s.Undo(b.t.Context(), a, i.ID))
	b.queue.Run(b.t.Context())
	got, err := b.s.Import(b.t.Context(), a, i.ID)
	b.must(err)
	return got
}

func TestProductsComeAndGoByFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		data := file(
			t, product.SheetProducts,
			[]any{"SUV", "X7", "星海X7", "X7", "live", "X7-PRO", "Pro", "82度", "", "live", "续航：702公里", "", "{product} {price}"},
			[]any{"SUV", "X7", "", "", "", "X7-AIR", "Air", "", "", "", "", "", ""},
			[]any{"", "Y9", "星海Y9", "", "live", "X7-AIR", "Y", "", "", "", "", "", ""}, // the code is taken
			[]any{"", "", "无编码", "", "", "Z", "Z", "", "", "", "", "", ""},
		)
		i := b.read(b.hq, product.SheetProducts, data)
		if i.Added != 1 || i.Faulty != 2 || len(i.Faults) != 2 || i.Faults[0].Column == "" {
			t.Fatalf("%+v", i)
		}
		list, err := b.s.Products(t.Context(), b.hq, product.Filter{Limit: 10})
		if err != nil || len(list) != 0 {
			t.Fatalf("a dry run writes nothing: %+v %v", list, err)
		}
		if done := b.apply(b.hq, i); done.State != product.ImportDone || done.Done != 1 {
			t.Fatalf("%+v", done)
		}
		list, err = b.s.Products(t.Context(), b.hq, product.Filter{Query: "xhx7", Limit: 10})
		if err != nil || len(list) != 1 || list[0].Line != "SUV" || len(list[0].SKUs) != 2 || list[0].Points[0].Text != "702公里" {
			t.Fatalf("%+v %v", list, err)
		}
		if again := b.read(b.hq, product.SheetProducts, data); again.Same != 1 || again.Added+again.Changed != 0 {
			t.Fatalf("the same file again: %+v", again)
		}
		if err := b.s.Apply(t.Context(), b.hq, i.ID); !errs.Is(err, "product.import_state") {
			t.Errorf("applied twice: %v", err)
		}
		if gone := b.undo(b.hq, i); gone.State != product.ImportUndone || gone.Kept != 0 {
			t.Fatalf("%+v", gone)
		}
		if list, err = b.s.Products(t.Context(), b.hq, product.Filter{Limit: 10}); err != nil || len(list) != 0 {
			t.Fatalf("%+v %v", list, err)
		}
	})
}

func TestPricesByFileMakeOneCheckAndComeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, since(20261001)))
		b.w.say(1001, 101, 11, "星海X7 12.98万")
		i := b.read(b.hq, product.SheetPrices, file(
			t, product.SheetPrices,
			[]any{"X7-PRO", "", "", "price", "11.98万", "", "", "2026-11-22", "", ""},
			[]any{"X7-AIR", "华东/静安店", "直播", "价格", "109,800", "", "", "2026/12/1", "2026/12/31", ""},
			[]any{"X7-PRO", "", "live", "discount", "", "9.5", "", "2026-12-01", "2026-12-12", ""},
			[]any{"NOPE", "", "", "price", "1", "", "", "2026-12-01", "", ""},
			[]any{"X7-PRO", "没有这里", "", "price", "1", "", "", "2026-12-01", "", ""},
			[]any{"X7-PRO", "", "", "price", "许多", "", "", "2026-12-01", "", ""},
			[]any{"X7-PRO", "", "", "price", "11.98万", "", "", "2026-11-22", "", ""},
		))
		if i.Added != 3 || i.Faulty != 4 {
			t.Fatalf("%+v", i)
		}
		if done := b.apply(b.hq, i); done.State != product.ImportDone {
			t.Fatalf("%+v", done)
		}
		if x := b.stale(product.Open); len(x) != 1 || *x[1001].New != 11_980_000 {
			t.Fatalf("%+v", x)
		}
		checks, err := b.s.Checks(t.Context(), b.hq, 0, 10)
		if err != nil || len(checks) != 1 {
			t.Fatalf("%+v %v", checks, err)
		}
		b.w.say(1001, 101, 11, "星海X7 11.98万")
		if gone := b.undo(b.hq, i); gone.State != product.ImportUndone {
			t.Fatalf("%+v", gone)
		}
		got, err := b.s.PriceOf(t.Context(), d, brand, p.SKUs[0].ID, []id.ID{11}, "store", today)
		if err != nil || got[11].Fen != 12_980_000 {
			t.Errorf("%+v %v", got, err)
		}
		if x := b.stale(product.Open); len(x) != 1 || x[1001].Old != 11_980_000 {
			t.Errorf("what shows the price that was taken back: %+v", x)
		}
	})
}

func TestStoresWriteTheirOwnStock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		store := b.as(authz.StoreManager, 11)
		i := b.read(store, product.SheetStock, file(
			t, product.SheetStock,
			[]any{"S11", "X7-PRO", 3}, []any{"华东/静安店", "X7-AIR", "5"}, []any{"12", "X7-PRO", 9}, []any{"S11", "X7-PRO", 4}, []any{"S11", "X7-AIR", -1},
		))
		if i.Added != 2 || i.Faulty != 3 {
			t.Fatalf("%+v", i)
		}
		b.apply(store, i)
		b.must(b.s.PutStock(t.Context(), store, []product.SetStock{{Unit: "11", SKU: "X7-AIR", Qty: 7}}))
		if err := b.s.PutStock(t.Context(), store, []product.SetStock{{Unit: "12", SKU: "X7-AIR", Qty: 7}}); !errs.Is(err, "product.unit_gone") {
			t.Errorf("another store's: %v", err)
		}
		kos := b.as(authz.KOS, 11)
		kos.MemberID = 501
		card, err := b.s.Card(t.Context(), kos, p.ID, "")
		if err != nil || card.SKUs[0].Stock.Qty != 3 || card.SKUs[1].Stock.Qty != 7 || card.Copy != "" {
			t.Fatalf("%+v %v", card, err)
		}
		b.must(b.price(b.hq, p, 0, 129_800, nil))
		if card, err = b.s.Card(t.Context(), kos, p.ID, ""); err != nil || card.Copy != "星海X7 129,800元，华东/静安店见" {
			t.Errorf("%q %v", card.Copy, err)
		}
		gone := b.undo(store, i) // what was written by hand since is kept
		if gone.Kept != 1 {
			t.Errorf("%+v", gone)
		}
		list, err := b.s.StockList(t.Context(), b.hq, product.StockFilter{Limit: 10})
		if err != nil || len(list) != 1 || list[0].Qty != 7 {
			t.Errorf("%+v %v", list, err)
		}
		if _, err := b.s.Import(t.Context(), b.as(authz.StoreManager, 21), i.ID); err != nil && !errs.Is(err, "product.import_gone") {
			t.Error(err)
		}
	})
}

func TestSheetsRoundTrip(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, nil))
		b.must(b.s.PutStock(t.Context(), b.hq, []product.SetStock{{Unit: "11", SKU: "X7-AIR", Qty: 7}}))
		for _, kind := range []string{"products", "prices", "stock"} {
			out := b.room.Do(t, webtest.Scenario{URL: "/api/v1/product/export.xlsx?kind=" + kind, Actor: &b.hq})
			if out.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", kind, out.Status, out.Body)
			}
			var form bytes.Buffer
			mw := multipart.NewWriter(&form)
			part, err := mw.CreateFormFile("file", kind+".xlsx")
			b.must(err)
			_, err = part.Write(out.Body)
			b.must(err)
			b.must(mw.Close())
			in := b.room.Do(t, webtest.Scenario{
				Method: http.MethodPost, URL: "/api/v1/product/imports?kind=" + kind, Actor: &b.hq, Body: &form, Headers: map[string]string{"Content-Type": mw.FormDataContentType()},
			})
			var got struct{ Same, Added, Changed, Faulty int }
			in.Decode(t, &got)
			if in.Status != http.StatusCreated || got.Added+got.Changed+got.Faulty != 0 || got.Same == 0 {
				t.Errorf("%s: %d %s", kind, in.Status, in.Body)
			}
		}
	})
}
