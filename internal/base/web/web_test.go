package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
)

type thing struct {
	ID    id.ID     `json:"id"`
	Name  string    `json:"name"`
	Since clock.Day `json:"since"`
	Rev   string    `json:"-"`
}

func (t *thing) ETag() string { return web.ETag(t.Rev) }

type listIn struct {
	web.Paging
	From clock.Day `query:"from"`
	Unit id.ID     `query:"unit"`
	Kind string    `query:"kind" enum:"store,region"`
	IDs  []id.ID   `query:"ids"`
}

type thingIn struct {
	Name  string   `json:"name" minLength:"2" maxLength:"5"`
	Owner id.ID    `json:"owner,omitempty" nullable:"true"`
	Tags  []string `json:"tags,omitempty" maxItems:"2"`
}

func routes(calls *int) func(*web.Router) {
	return func(r *web.Router) {
		web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/demo/things", Summary: "List", Permission: "demo.read"},
			func(_ context.Context, a authz.Actor, in *listIn) (*web.Page[thing], error) {
				after := 0
				more, err := r.Cursors().Read(in.Cursor, "id", a.BrandID, &after)
				if err != nil {
					return nil, err
				}
				if more {
					return web.NewPage[thing](nil, ""), nil
				}
				return web.NewPage([]thing{{ID: in.Unit, Name: in.Kind, Since: in.From}}, r.Cursors().Next("id", a.BrandID, 17)), nil
			})
		web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/demo/things", Summary: "Make", Permission: "demo.write", Idempotent: true, Status: 201},
			func(_ context.Context, _ authz.Actor, in *struct{ Body thingIn }) (*thing, error) {
				*calls++
				return &thing{ID: id.ID(*calls), Name: in.Body.Name, Rev: "1"}, nil
			})
		web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/demo/things/{id}", Summary: "One", Permission: "demo.read"},
			func(_ context.Context, _ authz.Actor, in *struct {
				ID id.ID `path:"id"`
			},
			) (*thing, error) {
				switch in.ID {
				case 1:
					return nil, errs.New(errs.NotFound, "demo.gone", "name", "静安店")
				case 2:
					return nil, errors.New("disk on fire")
				case 3:
					panic("oops")
				case 4:
					return nil, context.DeadlineExceeded
				}
				return &thing{ID: in.ID, Name: strings.Repeat("长", 2000), Rev: "r7"}, nil
			})
		web.Handle(r, web.Route{Method: "DELETE", Path: "/api/v1/demo/things/{id}", Summary: "Drop", Permission: "demo.write"},
			func(_ context.Context, _ authz.Actor, in *struct {
				ID      id.ID  `path:"id"`
				IfMatch string `header:"If-Match"`
			},
			) (*struct{}, error) {
				return nil, web.CheckMatch(in.IfMatch, web.ETag("r7"))
			})
		web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/demo/open", Summary: "Open", Public: true},
			func(_ context.Context, a authz.Actor, in *struct {
				Address string `from:"address"`
			},
			) (*thing, error) {
				return &thing{Name: in.Address}, nil
			})
		web.HandleDownload(r, web.Route{Method: "GET", Path: "/api/v1/demo/file", Summary: "File", Permission: "demo.read"},
			func(context.Context, authz.Actor, *struct{}) (*web.Download, error) {
				return &web.Download{Name: "名册.xlsx", ContentType: web.XLSX, Write: func(w io.Writer) error {
					_, err := io.WriteString(w, "rows")
					return err
				}}, nil
			})
		web.HandleUpload(r, web.Route{Method: "POST", Path: "/api/v1/demo/file", Summary: "Upload", Permission: "demo.write", MaxBody: 1 << 12},
			func(_ context.Context, _ authz.Actor, _ *struct{}, req *http.Request) (*thing, error) {
				out := &thing{}
				return out, web.EachPart(req, func(p web.Part) error {
					raw, err := io.ReadAll(p.Body)
					out.Name += p.Field + ":" + p.FileName + "=" + string(raw) + ";"
					return err
				})
			})
	}
}

func server(t testing.TB, calls *int, keep web.Idempotency) *webtest.Server {
	t.Helper()
	return webtest.New(t, webtest.Room{
		Permissions: []authz.Permission{{Key: "demo.read", Roles: []authz.Role{authz.Auditor}}, {Key: "demo.write"}},
		Routes:      routes(calls), Idempotency: keep,
	})
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	calls := 0
	s := server(t, &calls, nil)
	admin, auditor := webtest.Actor(1, authz.BrandAdmin), webtest.Actor(1, authz.Auditor)
	const list = "/api/v1/demo/things"
	rows := []webtest.Scenario{
		{Name: "nobody", URL: list, Status: 401, JSON: map[string]any{"code": "unauthenticated", "slug": "base.login_needed", "status": 401}},
		{Name: "no permission beats a bad body", Method: "POST", URL: list, Actor: &auditor, Body: "{{{", Status: 403, JSON: map[string]any{"code": "forbidden"}},
		{
			Name: "defaults and types", URL: list + "?from=2026-01-31&unit=42&kind=store&ids=1,2", Actor: &auditor,
			JSON: map[string]any{"items.0.id": "42", "items.0.since": "2026-01-31", "items.#": 1},
		},
		{
			Name: "every fault at once", URL: list + "?from=yesterday&unit=x&kind=moon&limit=900&ids=1,z", Actor: &auditor, Status: 422,
			JSON:     map[string]any{"errors.#": 5, "code": "invalid"},
			Contains: []string{"query.from", "base.bad_day", "应为日期，例如 2026-11-22", "base.bad_id", "base.not_one_of", "只能是：store, region", `"path":"query.ids[1]"`, "不能大于 200"},
		},
		{Name: "english", URL: list + "?from=yesterday", Actor: &auditor, Status: 422, Headers: map[string]string{"Accept-Language": "en-GB"}, Contains: []string{"Must be a day such as"}},
		{Name: "a cursor that was altered", URL: list + "?cursor=abc.def", Actor: &auditor, Status: 422, JSON: map[string]any{"slug": "base.cursor_invalid"}},
		{
			Name: "body faults with paths", Method: "POST", URL: list, Actor: &admin, Body: map[string]any{"nam": "x", "tags": []any{"a", 2, "c"}}, Status: 422,
			Contains: []string{`"path":"name"`, "base.required", "base.unknown_field", "base.not_string", `"path":"tags[1]"`, "base.too_many"},
		},
		{Name: "a NUL no store keeps", Method: "POST", URL: list, Actor: &admin, Body: map[string]any{"name": "a\x00b"}, Status: 422, Contains: []string{"base.bad_format"}},
		{Name: "a NUL in the address", URL: list + "?cursor=%00", Actor: &auditor, Status: 422, Contains: []string{"base.bad_format"}},
		{Name: "no UTF-8 in the address", URL: list + "?cursor=%ff", Actor: &auditor, Status: 422, Contains: []string{"base.bad_format"}},
		{Name: "no JSON", Method: "POST", URL: list, Actor: &admin, Body: "{{{", Status: 400, JSON: map[string]any{"slug": "base.bad_json"}},
		{Name: "other content type", Method: "POST", URL: list, Actor: &admin, Body: "a=1", Headers: map[string]string{"Content-Type": "text/plain"}, Status: 415},
		{Name: "too large", Method: "POST", URL: list, Actor: &admin, Body: `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, Status: 413},
		{Name: "null and made", Method: "POST", URL: list, Actor: &admin, Body: map[string]any{"name": "静安店", "owner": nil}, Status: 201, JSON: map[string]any{"name": "静安店"}},
		{Name: "not found speaks", URL: list + "/1", Actor: &auditor, Status: 404, JSON: map[string]any{"params.name": "静安店"}},
		{Name: "faults of the server say nothing", URL: list + "/2", Actor: &auditor, Status: 500, Lacks: []string{"fire"}, JSON: map[string]any{"slug": "base.internal"}},
		{Name: "a panic is a 500", URL: list + "/3", Actor: &auditor, Status: 500, Lacks: []string{"oops"}},
		{Name: "out of time", URL: list + "/4", Actor: &auditor, Status: 503},
		{Name: "etag", URL: list + "/9", Actor: &auditor, Headers: map[string]string{"If-None-Match": `"r7"`}, Status: 304},
		{Name: "edit of an old version", Method: "DELETE", URL: list + "/9", Actor: &admin, Headers: map[string]string{"If-Match": `"r6"`}, Status: 412},
		{Name: "edit", Method: "DELETE", URL: list + "/9", Actor: &admin, Headers: map[string]string{"If-Match": `"r7"`}, Status: 204},
		{Name: "cross site", Method: "DELETE", URL: list + "/9", Actor: &admin, Headers: map[string]string{"Sec-Fetch-Site": "cross-site"}, Status: 403, JSON: map[string]any{"slug": "base.cross_site"}},
		{Name: "public", URL: "/api/v1/demo/open", JSON: map[string]any{"name": "192.0.2.1"}},
		{Name: "no such route", URL: "/api/v1/demo/nothing", Actor: &admin, Status: 404, JSON: map[string]any{"slug": "base.no_route"}},
		{Name: "wrong method", Method: "PATCH", URL: list, Actor: &admin, Status: 405},
		{Name: "download", URL: "/api/v1/demo/file", Actor: &auditor, Contains: []string{"rows"}, After: func(t *testing.T, res *webtest.Result) {
			if d := res.Header.Get("Content-Disposition"); !strings.Contains(d, "filename*=UTF-8''%E5%90%8D%E5%86%8C.xlsx") {
				t.Error(d)
			}
		}},
	}
	s.Run(t, rows)
}

func TestCursorsBelongToTheirList(t *testing.T) {
	t.Parallel()
	calls := 0
	s := server(t, &calls, nil)
	mine, other := webtest.Actor(1, authz.Auditor), webtest.Actor(2, authz.Auditor)
	var page web.Page[thing]
	s.Do(t, webtest.Scenario{URL: "/api/v1/demo/things", Actor: &mine}).Decode(t, &page)
	s.Run(t, []webtest.Scenario{
		{Name: "mine", URL: "/api/v1/demo/things?cursor=" + page.Next, Actor: &mine, JSON: map[string]any{"items.#": 0}},
		{Name: "another brand's", URL: "/api/v1/demo/things?cursor=" + page.Next, Actor: &other, Status: 422},
	})
}

func TestGzip(t *testing.T) {
	t.Parallel()
	calls := 0
	a := webtest.Actor(1, authz.Auditor)
	res := server(t, &calls, nil).Do(t, webtest.Scenario{URL: "/api/v1/demo/things/9", Actor: &a, Headers: map[string]string{"Accept-Encoding": "gzip"}})
	z, err := gzip.NewReader(bytes.NewReader(res.Body))
	if err != nil {
		t.Fatal(err)
	}
	var got thing
	if err := json.NewDecoder(z).Decode(&got); err != nil || got.ID != 9 {
		t.Fatal(got.ID, err)
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	calls := 0
	s := server(t, &calls, nil)
	admin, auditor := webtest.Actor(1, authz.BrandAdmin), webtest.Actor(1, authz.Auditor)
	form := func(n int) (string, string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		_ = w.WriteField("as_of", "x")
		f, _ := w.CreateFormFile("file", "名册.csv")
		_, _ = io.WriteString(f, strings.Repeat("1", n))
		_ = w.Close()
		return b.String(), w.FormDataContentType()
	}
	small, ct := form(3)
	large, ct2 := form(9000)
	head := func(ct string) map[string]string { return map[string]string{"Content-Type": ct} }
	s.Run(t, []webtest.Scenario{
		{Name: "auditor", Method: "POST", URL: "/api/v1/demo/file", Actor: &auditor, Body: "x", Headers: head("multipart/form-data; boundary=x"), Status: 403},
		{Name: "parts", Method: "POST", URL: "/api/v1/demo/file", Actor: &admin, Body: small, Headers: head(ct), JSON: map[string]any{"name": "as_of:=x;file:名册.csv=111;"}},
		{Name: "too large", Method: "POST", URL: "/api/v1/demo/file", Actor: &admin, Body: large, Headers: head(ct2), Status: 413},
		{Name: "half", Method: "POST", URL: "/api/v1/demo/file", Actor: &admin, Body: small[:len(small)-40], Headers: head(ct), Status: 400},
		{Name: "no form", Method: "POST", URL: "/api/v1/demo/file", Actor: &admin, Body: "{}", Headers: head("application/json"), Status: 415},
	})
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		calls, now := 0, clock.NewFake(webtest.Time())
		store := web.NewIdempotency(d, now)
		s := server(t, &calls, store)
		a, other := webtest.Actor(1, authz.BrandAdmin), webtest.Actor(2, authz.BrandAdmin)
		post := func(name, key string, actor *authz.Actor, thing string, status int, wantID any) webtest.Scenario {
			return webtest.Scenario{
				Name: name, Method: "POST", URL: "/api/v1/demo/things", Actor: actor, Body: map[string]any{"name": thing},
				Headers: map[string]string{"Idempotency-Key": key}, Status: status, JSON: map[string]any{"id": wantID},
			}
		}
		s.Run(t, []webtest.Scenario{
			post("first", "k1", &a, "ab", 201, "1"),
			post("again", "k1", &a, "ab", 201, "1"),
			post("other body", "k1", &a, "abc", 409, nil),
			post("other brand", "k1", &other, "ab", 201, "2"),
			post("bad key", "k 1", &a, "ab", 422, nil),
			post("a refusal is kept too", "k2", &a, "a", 422, nil),
		})
		if _, _, err := store.Begin(t.Context(), web.Key{BrandID: 1, UserID: 9001, Key: "k3", Hash: []byte{1}}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := store.Begin(t.Context(), web.Key{BrandID: 1, UserID: 9001, Key: "k3", Hash: []byte{1}}); !errs.Is(err, "base.key_in_flight") {
			t.Fatal(err)
		}
		now.Advance(25 * time.Hour)
		if n, err := store.Sweep(t.Context()); err != nil || n != 4 {
			t.Fatal(n, err)
		}
		s.Run(t, []webtest.Scenario{post("forgotten", "k1", &a, "ab", 201, "3")})
	})
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	calls := 0
	a, b := server(t, &calls, nil).Router.OpenAPI(), server(t, &calls, nil).Router.OpenAPI()
	if !bytes.Equal(a, b) {
		t.Fatal("the document differs between two runs")
	}
	for _, want := range []string{`"operationId": "getDemoThingsId"`, `"x-permission": "demo.read"`, `"PageWeb_testThing"`, `"Problem"`, `"multipart/form-data"`, `"format": "date"`} {
		if !bytes.Contains(a, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	if t.Failed() {
		t.Log(string(a))
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	if bad := i18n.Check(web.Messages()); len(bad) > 0 {
		t.Fatal(strings.Join(bad, "\n"))
	}
}

func TestMistakesPanic(t *testing.T) {
	t.Parallel()
	for name, rt := range map[string]web.Route{
		"no permission":      {Method: "GET", Path: "/api/v1/demo/a", Summary: "A"},
		"unknown permission": {Method: "GET", Path: "/api/v1/demo/a", Summary: "A", Permission: "demo.fly"},
		"both":               {Method: "GET", Path: "/api/v1/demo/a", Summary: "A", Permission: "demo.read", Public: true},
		"no summary":         {Method: "GET", Path: "/api/v1/demo/a", Permission: "demo.read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			r := server(t, &calls, nil).Router
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			web.Handle(r, rt, func(context.Context, authz.Actor, *struct{}) (*struct{}, error) { return nil, nil })
		})
	}
}
