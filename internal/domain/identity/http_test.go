package identity

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
)

// browser is a client of the whole edge with real sessions.
type browser struct {
	t    *testing.T
	url  string
	http *http.Client
	via  string // of a proxy in between
}

func open(t *testing.T, w *world) func() *browser {
	t.Helper()
	texts, err := i18n.Load(web.Messages(), i18n.Source{Room: "identity", FS: messages})
	if err != nil {
		t.Fatal(err)
	}
	r := web.New(web.Options{Perms: w.perms.Load(), Messages: texts, Authenticate: w.Authenticate, Clock: w.clock, Cursors: w.Cursors})
	w.Routes(r)
	srv := httptest.NewServer(r)
	t.Cleanup(srv.Close)
	return func() *browser {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		return &browser{t: t, url: srv.URL + base, http: &http.Client{Jar: jar}}
	}
}

func (b *browser) call(method, path string, body any, status int) map[string]any {
	b.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequest(method, b.url+path, bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (iPhone) Safari/605")
	if b.via != "" {
		req.Header.Set("X-Forwarded-For", b.via)
	}
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		b.t.Fatalf("%s %s: %d, want %d: %s %v", method, path, res.StatusCode, status, text, err)
	}
	out := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out); err != nil {
			b.t.Fatal(err)
		}
	}
	return out
}

type m = map[string]any

// Whoever finds an empty store on the network does not become its administrator without the printed code.
func TestSetupFromAfar(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []migrate.Set{Migrations()}, func(t *testing.T, d *db.DB) {
		w := bare(t, d)
		far := open(t, w)()
		far.via = "203.0.113.9"
		if got := far.call("GET", "/setup", nil, 200); got["code_needed"] != true {
			t.Fatal(got)
		}
		asked := m{"brand_name": "极光汽车", "slug": "aurora", "name": "王管理", "login": "admin@aurora.cn", "password": goodPassword}
		if got := far.call("POST", "/setup", asked, 422); got["errors"].([]any)[0].(m)["path"] != "code" {
			t.Fatal(got)
		}
		asked["code"] = "aaaaa-aaaaa"
		far.call("POST", "/setup", asked, 422)
		asked["code"] = " " + strings.ToUpper(strings.ReplaceAll(w.SetupCode(), "-", "")) + " "
		far.call("POST", "/setup", asked, 200)
		if got := far.call("GET", "/setup", nil, 200); got["needed"] != false || got["code_needed"] != false {
			t.Fatal(got)
		}
	})
}

func TestAFirstDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []migrate.Set{Migrations()}, func(t *testing.T, d *db.DB) {
		fresh := open(t, bare(t, d))
		admin, colleague := fresh(), fresh()
		if got := admin.call("GET", "/setup", nil, 200); got["needed"] != true || got["code_needed"] != false {
			t.Fatal(got)
		}
		admin.call("GET", "/me", nil, 401)
		admin.call("POST", "/setup", m{"brand_name": "极光汽车", "slug": "极光", "name": "王管理", "login": "x", "password": "short"}, 422)
		admin.call("POST", "/setup", m{"brand_name": "极光汽车", "slug": "aurora", "name": "王管理", "login": "admin@aurora.cn", "password": goodPassword}, 200)
		admin.call("POST", "/setup", m{"brand_name": "二", "slug": "two", "name": "乙", "login": "b@aurora.cn", "password": goodPassword}, 409)
		me := admin.call("GET", "/me", nil, 200)
		if me["brand"].(m)["slug"] != "aurora" || me["user"].(m)["email"] != "admin@aurora.cn" || me["all"] != true {
			t.Fatal(me)
		}
		inv := admin.call("POST", "/invitations", m{"name": "小李", "role": "store_manager", "unit_id": "100"}, 201)
		secret := inv["secret"].(string)
		colleague.call("POST", "/invitations/show", m{"secret": secret}, 200)
		colleague.call("POST", "/invitations/accept", m{"secret": secret, "login": "li@aurora.cn", "name": "小李", "password": goodPassword}, 200)
		if got := colleague.call("GET", "/me", nil, 200); got["units"].([]any)[0].(m)["id"] != "100" {
			t.Fatal(got)
		}
		colleague.call("GET", "/tokens", nil, 403)
		colleague.call("POST", "/invitations", m{"role": "hq_ops"}, 403)
		users := admin.call("GET", "/users?limit=1", nil, 200)
		li := users["items"].([]any)[0].(m)
		if users["next"] == nil || li["name"] != "小李" {
			t.Fatal(users)
		}
		admin.call("GET", "/users?limit=1&cursor="+users["next"].(string), nil, 200)
		admin.call("GET", "/users?limit=1&role=kos&cursor="+users["next"].(string), nil, 422)
		admin.call("PUT", "/users/"+li["id"].(string)+"/grants", m{"grants": []m{{"role": "kos", "unit_id": "100"}}}, 200)
		tok := admin.call("POST", "/tokens", m{"name": "BI", "role": "auditor", "days": 30}, 201)
		if !strings.HasPrefix(tok["secret"].(string), "kos_") {
			t.Fatal(tok)
		}
		admin.call("PUT", "/users/"+li["id"].(string)+"/state", m{"state": "disabled"}, 200)
		colleague.call("GET", "/me", nil, 401)
		sessions := admin.call("GET", "/sessions", nil, 200)
		if s := sessions["items"].([]any)[0].(m); s["current"] != true || s["device"] != "Safari iPhone" {
			t.Fatal(sessions)
		}
		admin.call("POST", "/logout", nil, 200)
		admin.call("GET", "/me", nil, 401)
		if p := admin.call("POST", "/login", m{"login": "admin@aurora.cn", "password": "wrong"}, 401); p["slug"] != "identity.login_wrong" || p["detail"] != "账号或密码不对" {
			t.Fatal(p)
		}
		admin.call("POST", "/login", m{"login": "admin@aurora.cn", "password": goodPassword}, 200)
	})
}

func TestTokensCannotTouchDoors(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		s := webtest.New(t, webtest.Room{
			Permissions: append(Permissions(), authz.Permission{Key: "post.read"}),
			Messages:    []i18n.Source{{Room: "identity", FS: messages}}, Routes: w.Routes, Clock: w.clock,
		})
		token := webtest.Actor(w.brand.ID, authz.BrandAdmin)
		token.Kind, token.UserID = authz.Token, w.admin.UserID
		kos := webtest.Actor(w.brand.ID, authz.KOS, 100)
		stranger := webtest.Actor(id.ID(4242), authz.BrandAdmin)
		s.Run(t, []webtest.Scenario{
			{Name: "me", URL: base + "/me", Actor: &token, JSON: m{"brand.slug": "acme", "roles.0": "brand_admin"}},
			{Name: "password", Method: "POST", URL: base + "/password", Actor: &token, Body: m{"password": goodPassword, "new_password": "another pass 7"}, Status: 403, JSON: m{"slug": "identity.person_needed"}},
			{Name: "totp", Method: "POST", URL: base + "/totp/begin", Actor: &token, Body: m{"password": goodPassword}, Status: 403},
			{Name: "sessions", URL: base + "/sessions", Actor: &token, Status: 403},
			{Name: "a KOS sees no users", URL: base + "/users", Actor: &kos, Status: 403},
			{Name: "another brand sees none of ours", URL: base + "/users", Actor: &stranger, JSON: m{"items.#": 0}},
			{Name: "another brand cannot edit ours", Method: "PUT", URL: base + "/users/" + w.admin.UserID.String() + "/state", Actor: &stranger, Body: m{"state": "disabled"}, Status: 404},
			{Name: "wrong language for a role", Method: "POST", URL: base + "/invitations", Actor: &token, Body: m{"role": "店长"}, Status: 422, Contains: []string{"base.not_one_of"}},
		})
	})
}
