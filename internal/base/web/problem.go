package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
)

// Problem is the body of every error (RFC 9457, application/problem+json).
type Problem struct {
	Type      string         `json:"type" doc:"about:blank; code and slug tell the kind"`
	Title     string         `json:"title" doc:"The kind of error, in the caller's language"`
	Status    int            `json:"status"`
	Code      string         `json:"code" doc:"invalid, unauthenticated, forbidden, not_found, conflict, failed_precondition, rate_limited, unavailable or internal"`
	Slug      string         `json:"slug" doc:"Stable name of the error"`
	Detail    string         `json:"detail" doc:"What is wrong, in the caller's language"`
	Params    map[string]any `json:"params,omitempty"`
	RequestID string         `json:"request_id,omitempty"`
	Errors    []Fault        `json:"errors,omitempty" doc:"Every faulty input"`
}

// Fault is one faulty input.
type Fault struct {
	Path    string         `json:"path" doc:"e.g. query.from, name, rows[3].phone"`
	Message string         `json:"message"`
	Slug    string         `json:"slug"`
	Params  map[string]any `json:"params,omitempty"`
}

// Errors of the edge itself.
var (
	errNoRoute   = errs.New(errs.NotFound, "base.no_route")
	errMethod    = errs.New(errs.Invalid, "base.method_not_allowed")
	errNoCaller  = errs.New(errs.Unauthenticated, "base.login_needed")
	errForbidden = errs.New(errs.Forbidden, "base.not_allowed")
	errCrossSite = errs.New(errs.Forbidden, "base.cross_site")
	errTooLarge  = errs.New(errs.Invalid, "base.body_too_large")
	errMediaType = errs.New(errs.Invalid, "base.content_type")
	errBadJSON   = errs.New(errs.Invalid, "base.bad_json")
	errBodyGone  = errs.New(errs.Invalid, "base.body_incomplete")
	errTimeout   = errs.New(errs.Unavailable, "base.timeout")
	errInternal  = errs.New(errs.Internal, "base.internal")
)

// StatusOf maps an error to its HTTP status; the only place that does.
func StatusOf(err error) int {
	switch errs.SlugOf(err) {
	case "base.method_not_allowed":
		return http.StatusMethodNotAllowed
	case "base.body_too_large":
		return http.StatusRequestEntityTooLarge
	case "base.content_type":
		return http.StatusUnsupportedMediaType
	case "base.body_stalled":
		return http.StatusRequestTimeout
	case "base.bad_json", "base.body_incomplete":
		return http.StatusBadRequest
	}
	switch errs.CodeOf(err) {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.Precondition:
		return http.StatusPreconditionFailed
	case errs.RateLimited:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// fail writes the problem of err. Causes are logged once, here, and never shown.
func (r *Router) fail(w http.ResponseWriter, req *http.Request, actor authz.Actor, err error) {
	var e *errs.Error
	switch {
	case errors.Is(err, context.Canceled) && req.Context().Err() != nil:
		w.WriteHeader(499) // the caller left; the status is for the access log
		return
	case errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &e):
		e = errTimeout
	case !errors.As(err, &e):
		e = errInternal
	}
	reqID := requestID(req.Context())
	if c := errs.CodeOf(e); c == errs.Internal || c == errs.Unavailable || errors.Is(err, context.DeadlineExceeded) {
		r.opts.Logger.ErrorContext(req.Context(), "request failed", "request", reqID, "method", req.Method,
			"path", req.URL.Path, "brand", actor.BrandID, "user", actor.UserID, "error", err)
	}
	if errs.CodeOf(e) == errs.Internal {
		e = errInternal
	}
	p := r.render(e, langOf(req, actor))
	p.RequestID = reqID
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if s, ok := e.Params["retry_after"].(int); ok {
		w.Header().Set("Retry-After", strconv.Itoa(s))
	}
	w.Header().Del("ETag")
	writeJSON(w, req, p.Status, "application/problem+json", p)
}

func (r *Router) render(e *errs.Error, lang i18n.Lang) Problem {
	text := r.opts.Messages.Text
	p := Problem{
		Type: "about:blank", Title: text(lang, "base.code_"+string(e.Code), nil), Status: StatusOf(e),
		Code: string(e.Code), Slug: e.Slug, Detail: text(lang, e.Slug, e.Params), Params: e.Params,
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, Fault{Path: f.Path, Message: text(lang, f.Slug, f.Params), Slug: f.Slug, Params: f.Params})
	}
	return p
}

// langOf is the language a person chose in the profile, else the browser's.
func langOf(req *http.Request, actor authz.Actor) i18n.Lang {
	if actor.Lang != "" && req.Header.Get("Accept-Language") == "" {
		return i18n.Match(actor.Lang)
	}
	return i18n.Match(req.Header.Get("Accept-Language"))
}
