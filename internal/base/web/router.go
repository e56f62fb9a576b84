package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
)

// Texts renders a slug in a language; *i18n.Catalogue is the one implementation outside tests.
type Texts interface {
	Text(lang i18n.Lang, slug string, params map[string]any) string
}

// Authenticate finds the caller of a request. A caller without or with wrong credentials is an errs.Unauthenticated.
type Authenticate func(ctx context.Context, r *http.Request) (authz.Actor, error)

// Options are what a Router needs of the program.
type Options struct {
	Perms        *authz.Set
	Messages     Texts
	Authenticate Authenticate
	Clock        clock.Clock
	Cursors      *Cursors
	Idempotency  Idempotency // nil: Idempotency-Key is ignored
	Logger       *slog.Logger
	Version      string
	TrustProxy   bool                            // believe X-Forwarded-For and -Proto of the proxy in front
	Measure      func(http.Handler) http.Handler // metrics around the mux; may be nil
}

// Route declares one route of the API.
type Route struct {
	Method     string
	Path       string // "/api/v1/<room>/…" in ServeMux form
	Summary    string
	Permission string // "<room>.<verb>"; mandatory unless Public
	Public     bool   // no caller needed; the handler gets the zero Actor
	Idempotent bool   // honours the Idempotency-Key header
	Status     int    // of success; 200, or 204 without a body
	MaxBody    int64  // bytes; 1 MiB by default, -1 for no limit (raw handlers that stream)
	Timeout    time.Duration
	Accepts    string // content type of a raw handler's body
	Produces   string // content type of a raw handler's answer
}

// String is "GET /api/v1/…".
func (rt Route) String() string { return rt.Method + " " + rt.Path }

// Router holds the routes of every room.
type Router struct {
	opts    Options
	mux     *http.ServeMux
	handler http.Handler
	oapi    *huma.OpenAPI
	schemas huma.Registry
	namer   *namer
	routes  []Route
}

// New makes an empty Router.
func New(opts Options) *Router {
	useSlugs()
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	r := &Router{opts: opts, mux: http.NewServeMux(), namer: &namer{}}
	r.oapi, r.schemas = newOpenAPI(opts.Version, r.namer)
	r.mux.HandleFunc("/", r.unknown)
	var h http.Handler = r.mux
	if opts.Measure != nil {
		h = opts.Measure(h)
	}
	r.handler = r.guard(h)
	return r
}

// ServeHTTP answers a request of the API.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.handler.ServeHTTP(w, req) }

// Routes lists what was declared, in order of path and method.
func (r *Router) Routes() []Route {
	out := slices.Clone(r.routes)
	slices.SortFunc(out, func(a, b Route) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Method, b.Method)
	})
	return out
}

// Cursors signs and reads list cursors.
func (r *Router) Cursors() *Cursors { return r.opts.Cursors }

// add checks and registers a route. Mistakes are the program's own, found at start-up and in every test: they panic.
func (r *Router) add(rt Route, op *huma.Operation, serve http.HandlerFunc) {
	switch {
	case rt.Summary == "" || rt.Method == "" || !strings.HasPrefix(rt.Path, "/api/"):
		panic(fmt.Sprintf("web: route %s needs a method, a path below /api/ and a summary", rt))
	case rt.Public == (rt.Permission != ""):
		panic(fmt.Sprintf("web: route %s needs a permission or Public, not both", rt))
	case rt.Permission != "" && !r.opts.Perms.Has(rt.Permission):
		panic(fmt.Sprintf("web: route %s: nobody declares the permission %q", rt, rt.Permission))
	}
	r.mux.HandleFunc(rt.Method+" "+rt.Path, serve)
	r.oapi.AddOperation(op)
	r.routes = append(r.routes, rt)
}

// unknown answers paths that no route has, and known paths with another method.
func (r *Router) unknown(w http.ResponseWriter, req *http.Request) {
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := req.Clone(req.Context())
		probe.Method = m
		if _, pattern := r.mux.Handler(probe); pattern != "/" {
			w.Header().Add("Allow", m)
		}
	}
	if w.Header().Get("Allow") != "" {
		r.fail(w, req, authz.Actor{}, errMethod)
		return
	}
	r.fail(w, req, authz.Actor{}, errNoRoute)
}
