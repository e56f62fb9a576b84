// Package web carries the built console and phone pages inside the binary and serves them.
//
// Owns: the files of web/dist, the content security policy of pages, cache rules.
// Not here: the HTTP API → internal/base/web.
package web

import (
	"crypto/rand"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// noncePlaceholder stands in the built html wherever a nonce belongs.
const noncePlaceholder = "__CSP_NONCE__"

// notBuilt is what a binary without built pages answers.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Kosmos</title>
<body><h1>Kosmos</h1><p>This binary was built without its pages. The API works. For the pages run <code>make web</code> and build again.</p></body></html>`

// Assets returns the built pages; without a build it holds no index.html.
func Assets() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // "dist" is a constant valid path
		panic(err)
	}
	return sub
}

// Handler serves the pages of this binary: /m and below the phone entry, any other path the console entry.
// Mount it at "/" after every /api route.
func Handler() http.Handler { return newHandler(Assets()) }

type handler struct {
	files          fs.FS
	console, phone []byte
}

func newHandler(files fs.FS) *handler {
	h := &handler{files: files}
	// A missing file is an unbuilt tree: serve says so.
	h.console, _ = fs.ReadFile(files, "index.html")
	h.phone, _ = fs.ReadFile(files, "m.html")
	return h
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case name == "api" || strings.HasPrefix(name, "api/"):
		http.NotFound(w, r)
	case h.isFile(name):
		h.serveFile(w, r, name)
	case path.Ext(name) != "" && strings.HasPrefix(name, "assets/"):
		http.NotFound(w, r) // an old page asking for a file of another build must not get html
	case name == "m" || name == "m.html" || strings.HasPrefix(name, "m/"):
		h.servePage(w, r, h.phone)
	default:
		h.servePage(w, r, h.console)
	}
}

// isFile tells whether name is a built file that is served as it is.
func (h *handler) isFile(name string) bool {
	if name == "" || strings.HasSuffix(name, ".html") || name == ".gitkeep" || name == "manifest.json" {
		return false
	}
	info, err := fs.Stat(h.files, name)
	return err == nil && info.Mode().IsRegular()
}

func (h *handler) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	switch {
	case strings.HasPrefix(name, "assets/"): // names hold a content hash
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	case name == "sw.js": // the phone's service worker: what is kept of it would keep an old build alive
		w.Header().Set("Cache-Control", "no-cache")
	default:
		w.Header().Set("Cache-Control", "public, max-age=3600")
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFileFS(w, r, h.files, name) //nolint:gosec // name was found in the embedded files; there is no path beyond them
}

func (h *handler) servePage(w http.ResponseWriter, r *http.Request, page []byte) {
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "same-origin")
	body := notBuilt
	nonce := newNonce()
	if page != nil {
		body = strings.ReplaceAll(string(page), noncePlaceholder, nonce)
	}
	head.Set("Content-Security-Policy", policy(nonce))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	// The client hung up: nobody is left to tell.
	_, _ = w.Write([]byte(body))
}

// policy is the content security policy of a page. style-src-attr is open because components position
// themselves with style attributes; an attribute cannot run a script.
func policy(nonce string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"style-src-elem 'self' 'nonce-" + nonce + "'",
		"style-src-attr 'unsafe-inline'",
		"img-src 'self' data: blob:",
		"font-src 'self' data:",
		"connect-src 'self'",
		"worker-src 'self'",
		"manifest-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"object-src 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

func newNonce() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails on the supported systems
	return base64.RawStdEncoding.EncodeToString(b[:])
}
