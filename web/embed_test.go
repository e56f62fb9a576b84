package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte(`<p>console</p><script nonce="__CSP_NONCE__" src="/assets/console-1.js"></script>`)},
		"m.html":              {Data: []byte(`<p>phone</p>`)},
		"assets/console-1.js": {Data: []byte(`1`)},
		"kosmos.svg":          {Data: []byte(`<svg/>`)},
		"sw.js":               {Data: []byte(`worker`)},
		"manifest.json":       {Data: []byte(`{}`)},
		".gitkeep":            {},
	}
}

func get(t *testing.T, h http.Handler, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, target, nil))
	return rec
}

func TestHandlerPicksThePage(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	for _, c := range []struct {
		method, path string
		status       int
		body, cache  string
	}{
		{"GET", "/", 200, "console", "no-store"},
		{"GET", "/matrix/accounts?unit=1", 200, "console", "no-store"},
		{"GET", "/m", 200, "phone", "no-store"},
		{"GET", "/m/me", 200, "phone", "no-store"},
		{"GET", "/matrix", 200, "console", "no-store"},
		{"GET", "/index.html", 200, "console", "no-store"},
		{"GET", "/.gitkeep", 200, "console", "no-store"},
		{"GET", "/manifest.json", 200, "console", "no-store"},
		{"GET", "/assets/console-1.js", 200, "1", "public, max-age=31536000, immutable"},
		{"GET", "/kosmos.svg", 200, "<svg/>", "public, max-age=3600"},
		{"GET", "/sw.js", 200, "worker", "no-cache"},
		{"GET", "/assets/gone-2.js", 404, "", ""},
		{"GET", "/api/v1/nothing", 404, "", ""},
		{"POST", "/", 405, "", ""},
		{"HEAD", "/", 200, "", "no-store"},
	} {
		t.Run(c.method+c.path, func(t *testing.T) {
			t.Parallel()
			rec := get(t, h, c.method, c.path)
			if rec.Code != c.status {
				t.Fatalf("status %d, want %d", rec.Code, c.status)
			}
			if !strings.Contains(rec.Body.String(), c.body) {
				t.Errorf("body %q lacks %q", rec.Body, c.body)
			}
			if got := rec.Header().Get("Cache-Control"); c.cache != "" && got != c.cache {
				t.Errorf("cache %q, want %q", got, c.cache)
			}
		})
	}
}

func TestEveryPageHasItsOwnNonce(t *testing.T) {
	t.Parallel()
	h := newHandler(built())
	seen := map[string]bool{}
	for range 3 {
		rec := get(t, h, "GET", "/")
		policy := rec.Header().Get("Content-Security-Policy")
		_, rest, ok := strings.Cut(policy, "'nonce-")
		if !ok {
			t.Fatalf("no nonce in %q", policy)
		}
		nonce, _, _ := strings.Cut(rest, "'")
		if seen[nonce] {
			t.Fatalf("nonce %q twice", nonce)
		}
		seen[nonce] = true
		if !strings.Contains(rec.Body.String(), `nonce="`+nonce+`"`) {
			t.Errorf("page lacks its nonce: %s", rec.Body)
		}
		if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "script-src 'self' ") {
			t.Errorf("policy opens scripts: %s", policy)
		}
	}
}

func TestUnbuiltTreeSaysSo(t *testing.T) {
	t.Parallel()
	rec := get(t, newHandler(fstest.MapFS{".gitkeep": {}}), "GET", "/")
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "make web") {
		t.Fatalf("got %d %s", rec.Code, rec.Body)
	}
}
