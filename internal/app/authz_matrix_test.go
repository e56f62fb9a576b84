package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/obs"
	"kosmos/internal/base/web"
)

// The tests here walk every route × every role × inside and outside the scope × another brand. What is expected is
// worked out from the permission table and the OpenAPI document: a new route is covered when it is declared.

// matrix is the whole program over two invented brands.
type matrix struct {
	*App
	doc    document
	tokens map[string]string // "role@unit" of brand one, "other" = administrator of brand two
	inside string            // path of a region of brand one
	beside string            // path of another
}

type document struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

type operation struct {
	Permission string      `json:"x-permission"`
	Parameters []parameter `json:"parameters"`
	Body       struct {
		Content map[string]struct {
			Schema schema `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]struct{} `json:"content"`
	} `json:"responses"`
}

type parameter struct {
	Name string `json:"name"`
	In   string `json:"in"`
}

type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Format     string            `json:"format"`
	Enum       []any             `json:"enum"`
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Minimum    float64           `json:"minimum"`
	MinLength  int               `json:"minLength"`
}

func (o operation) takes(query string) bool {
	return slices.ContainsFunc(o.Parameters, func(p parameter) bool { return p.In == "query" && p.Name == query })
}

// json tells whether a plain call answers JSON: not a download and not an endless stream.
func (o operation) json() bool {
	for _, r := range o.Responses {
		if _, ok := r.Content["application/json"]; ok {
			return true
		}
	}
	return false
}

func newMatrix(t *testing.T, cfg Config) *matrix {
	t.Helper()
	ctx := t.Context()
	cfg.Data, cfg.Log, cfg.Build = t.TempDir(), slog.New(slog.DiscardHandler), obs.ReadBuild("test")
	a, err := Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	m := &matrix{App: a, tokens: map[string]string{}}
	if err := json.Unmarshal(a.router.OpenAPI(), &m.doc); err != nil {
		t.Fatal(err)
	}
	for i, slug := range []string{"one", "two"} {
		if _, err := a.Sandbox(ctx, SandboxOptions{Brand: slug, Name: slug, Members: 40 - 20*i, Days: 10, Seed: uint64(i + 1)}); err != nil {
			t.Fatal(err)
		}
	}
	m.token(t, "one", authz.BrandAdmin, "")
	m.tokens["other"] = m.token(t, "two", authz.BrandAdmin, "")
	m.regions(t)
	for _, role := range authz.Roles() {
		m.token(t, "one", role, m.inside)
	}
	return m
}

func (m *matrix) token(t *testing.T, brand string, role authz.Role, unit string) string {
	t.Helper()
	token, err := m.Identity.CreateToken(t.Context(), brand, role, unit, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if brand == "one" {
		m.tokens[string(role)+"@"+unit] = token
	}
	return token
}

// regions picks two units below the top that both have accounts.
func (m *matrix) regions(t *testing.T) {
	t.Helper()
	var page struct {
		Items []struct{ ID, Parent_ID, Path string }
	}
	_, body := m.call(t, http.MethodGet, "/api/v1/org/units?limit=5000", m.admin(), nil)
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatal(err)
	}
	for _, u := range page.Items {
		if u.Path == "" || strings.Contains(u.Path, "/") {
			continue
		}
		if n := len(m.idsAt(t, "/api/v1/account/accounts", u.Path)); n == 0 {
			continue
		}
		if m.inside == "" {
			m.inside = u.Path
		} else if m.beside == "" {
			m.beside = u.Path
		}
	}
	if m.beside == "" {
		t.Fatalf("the sandbox has no two regions with accounts: %s", body)
	}
}

func (m *matrix) admin() string { return m.tokens["brand_admin@"] }

func (m *matrix) call(t *testing.T, method, target, token string, body []byte) (int, []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req := httptest.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if strings.HasPrefix(string(body), "--x") {
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	}
	rec := httptest.NewRecorder()
	m.router.ServeHTTP(rec, req)
	return rec.Code, rec.Body.Bytes()
}

func slugOf(body []byte) string {
	var p web.Problem
	_ = json.Unmarshal(body, &p)
	return p.Slug
}

// fill puts an id into every parameter of a path.
func fill(path, id string) string {
	for strings.Contains(path, "{") {
		a, b := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		path = path[:a] + id + path[b+1:]
	}
	return path
}

// each calls fn for every operation of the document, streams left out.
func (m *matrix) each(fn func(method, path string, o operation)) {
	for path, ops := range m.doc.Paths {
		for method, o := range ops {
			if !strings.HasSuffix(path, "/stream") {
				fn(strings.ToUpper(method), path, o)
			}
		}
	}
}

// sample makes the smallest valid body of an operation.
func (m *matrix) sample(o operation) []byte {
	if c, ok := o.Body.Content["application/json"]; ok {
		raw, _ := json.Marshal(m.value(c.Schema))
		return raw
	}
	if len(o.Body.Content) > 0 {
		return []byte("--x--\r\n")
	}
	return nil
}

func (m *matrix) value(s schema) any {
	if s.Ref != "" {
		s = m.doc.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	kind := fmt.Sprint(s.Type)
	switch {
	case strings.Contains(kind, "object"):
		out := map[string]any{}
		for _, name := range s.Required {
			out[name] = m.value(s.Properties[name])
		}
		return out
	case strings.Contains(kind, "array"):
		return []any{m.value(*s.Items)}
	case strings.Contains(kind, "integer"), strings.Contains(kind, "number"):
		return max(1, s.Minimum)
	case strings.Contains(kind, "boolean"):
		return true
	case s.Format == "id":
		return "1"
	case s.Format == "date":
		return "2026-11-22"
	case s.Format == "date-time":
		return "2026-11-22T09:00:00+08:00"
	default:
		return strings.Repeat("x", max(3, s.MinLength))
	}
}

// idsAt lists the ids of a list's items within a unit; "" for all.
func (m *matrix) idsAt(t *testing.T, path, unit string) []string {
	t.Helper()
	q := url.Values{}
	if unit != "" {
		q.Set("unit", unit)
	}
	code, body := m.call(t, http.MethodGet, path+"?"+q.Encode(), m.admin(), nil)
	if code != http.StatusOK {
		return nil
	}
	var page struct {
		Items []map[string]any `json:"items"`
	}
	if json.Unmarshal(body, &page) != nil {
		return nil // not a list of objects
	}
	var out []string
	for _, i := range page.Items {
		if s, ok := i["id"].(string); ok && isID(s) {
			out = append(out, s)
		}
	}
	return out
}

// isID tells an object's id from a word that names a class of things.
func isID(s string) bool {
	return len(s) > 10 && strings.Trim(s, "0123456789") == ""
}

// lists gives the ids of every list route, within a unit where the route can be cut to one.
func (m *matrix) lists(t *testing.T, unit string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	m.each(func(method, path string, o operation) {
		if method == http.MethodGet && !strings.Contains(path, "{") && o.json() && (unit == "" || o.takes("unit")) {
			if ids := m.idsAt(t, path, unit); len(ids) > 0 {
				out[path] = ids
			}
		}
	})
	return out
}

// sourceOf finds the list whose ids a path takes: the longest one it begins with.
func sourceOf(lists map[string][]string, path string) string {
	best := ""
	for list := range lists {
		if strings.HasPrefix(path, list+"/{") && len(list) > len(best) {
			best = list
		}
	}
	return best
}

func matrices(t *testing.T, fn func(t *testing.T, m *matrix)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, newMatrix(t, Config{DB: "sqlite"}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, newMatrix(t, Config{DB: dbtest.URL(t, nil)}))
	})
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	matrices(t, func(t *testing.T, m *matrix) {
		everyRoleOnEveryRoute(t, m)
		unitsOutsideTheScope(t, m)
		listsStayInsideTheScope(t, m)
		objectsOutsideTheScope(t, m)
	})
}

// everyRoleOnEveryRoute: nobody gets 401, a role without the permission 403 before anything is read, a role with it an
// answer that is neither.
func everyRoleOnEveryRoute(t *testing.T, m *matrix) {
	m.each(func(method, path string, o operation) {
		target := fill(path, "1")
		if o.Permission == "" {
			if _, body := m.call(t, method, target, "", m.sample(o)); slugOf(body) == "base.login_needed" {
				t.Errorf("%s %s is public and asks for a login", method, path)
			}
			return
		}
		for _, token := range []string{"", "kos_1_wrong"} {
			if code, _ := m.call(t, method, target, token, []byte("{{{")); code != http.StatusUnauthorized {
				t.Errorf("%s %s answers %d to nobody", method, path, code)
			}
		}
		for _, role := range authz.Roles() {
			token := m.tokens[string(role)+"@"+m.inside]
			if !m.perms.Allows(role, o.Permission) {
				if code, body := m.call(t, method, target, token, []byte("{{{")); code != http.StatusForbidden || slugOf(body) != "base.not_allowed" {
					t.Errorf("%s %s answers %d %s to a %s without %s", method, path, code, body, role, o.Permission)
				}
				continue
			}
			code, body := m.call(t, method, target, token, m.sample(o))
			if code == http.StatusUnauthorized || slugOf(body) == "base.not_allowed" || code >= 500 {
				t.Errorf("%s %s answers %d %s to a %s with %s", method, path, code, body, role, o.Permission)
			}
		}
	})
}

// unitsOutsideTheScope: asking for the own region works, for another one, the whole brand's top or another brand's unit
// does not.
func unitsOutsideTheScope(t *testing.T, m *matrix) {
	foreign := m.foreign(t)
	m.each(func(method, path string, o operation) {
		if method != http.MethodGet || !o.takes("unit") || strings.Contains(path, "{") {
			return
		}
		for _, role := range authz.Roles() {
			if !m.perms.Allows(role, o.Permission) {
				continue
			}
			token, extra := m.tokens[string(role)+"@"+m.inside], ""
			if o.takes("box") { // of to-dos: only the box of the units looks at the unit, and asks for todo.manage
				extra = "&box=units"
			}
			code, body := m.call(t, method, path+"?unit="+url.QueryEscape(m.inside)+extra, token, nil)
			if code != http.StatusOK && (extra == "" || m.perms.Allows(role, "todo.manage")) {
				t.Errorf("%s %s answers %d %s to a %s about the own unit", method, path, code, body, role)
			}
			for _, unit := range []string{m.beside, foreign, "没有/这里"} {
				if code, _ := m.call(t, method, path+"?unit="+url.QueryEscape(unit)+extra, token, nil); code != http.StatusForbidden && code != http.StatusNotFound {
					t.Errorf("%s %s answers %d to a %s about %s", method, path, code, role, unit)
				}
			}
		}
	})
}

// foreign is a unit of the other brand.
func (m *matrix) foreign(t *testing.T) string {
	t.Helper()
	var page struct {
		Items []struct{ ID string }
	}
	_, body := m.call(t, http.MethodGet, "/api/v1/org/units", m.tokens["other"], nil)
	if err := json.Unmarshal(body, &page); err != nil || len(page.Items) == 0 {
		t.Fatal(err, string(body))
	}
	return page.Items[0].ID
}

// listsStayInsideTheScope: no list shows an object of another region or brand.
func listsStayInsideTheScope(t *testing.T, m *matrix) {
	hidden, all := flat(m.lists(t, m.beside)), flat(m.lists(t, ""))
	if len(hidden) < 10 {
		t.Fatalf("only %d objects to hide", len(hidden))
	}
	m.each(func(method, path string, o operation) {
		if method != http.MethodGet || strings.Contains(path, "{") || o.Permission == "" {
			return
		}
		target := path
		if o.takes("limit") {
			target += "?limit=200"
		}
		_, body := m.call(t, method, target, m.tokens["other"], nil)
		if id := firstIn(body, all); id != "" {
			t.Errorf("%s %s shows %s to another brand", method, path, id)
		}
		for _, role := range authz.Roles() {
			if m.perms.Allows(role, o.Permission) {
				_, body := m.call(t, method, target, m.tokens[string(role)+"@"+m.inside], nil)
				if id := firstIn(body, hidden); id != "" {
					t.Errorf("%s %s shows %s of another region to a %s", method, path, id, role)
				}
			}
		}
	})
}

func flat(lists map[string][]string) []string {
	var out []string
	for _, ids := range lists {
		out = append(out, ids...)
	}
	return out
}

func firstIn(body []byte, ids []string) string {
	for _, id := range ids {
		if bytes.Contains(body, []byte(`"`+id+`"`)) {
			return id
		}
	}
	return ""
}

// objectsOutsideTheScope: an object of another region or brand can neither be read nor changed by its id.
func objectsOutsideTheScope(t *testing.T, m *matrix) {
	beside, all := m.lists(t, m.beside), m.lists(t, "")
	tried := 0
	try := func(method, path, id, token, who string, o operation) {
		tried++
		code, body := m.call(t, method, fill(path, id), token, m.sample(o))
		if code < 400 || code >= 500 || method == http.MethodGet && code != http.StatusForbidden && code != http.StatusNotFound {
			t.Errorf("%s %s answers %d %.200s to %s", method, path, code, body, who)
		}
	}
	m.each(func(method, path string, o operation) {
		if o.Permission == "" || !strings.Contains(path, "{") {
			return
		}
		if list := sourceOf(all, path); list != "" {
			try(method, path, all[list][0], m.tokens["other"], "another brand", o)
		}
		list := sourceOf(beside, path)
		if list == "" {
			return
		}
		for _, role := range authz.Roles() {
			if m.perms.Allows(role, o.Permission) {
				try(method, path, beside[list][0], m.tokens[string(role)+"@"+m.inside], "a "+string(role)+" of another region", o)
			}
		}
	})
	if tried < 50 {
		t.Errorf("only %d calls about foreign objects", tried)
	}
}
