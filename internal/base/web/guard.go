package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
)

type requestKey struct{}

func requestID(ctx context.Context) string {
	v, _ := ctx.Value(requestKey{}).(string)
	return v
}

// guard is around every request: id, access log, panics, secure headers, cross-site requests.
func (r *Router) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		start := time.Now() //nolint:forbidigo // a duration, not a point in time
		reqID := req.Header.Get("X-Request-Id")
		if !plain(reqID, 64) {
			reqID = randomID()
		}
		req = req.WithContext(context.WithValue(req.Context(), requestKey{}, reqID))
		t := &tracker{ResponseWriter: w}
		r.secureHeaders(t.Header(), req, reqID)
		defer func() {
			if p := recover(); p != nil {
				r.panicked(t, req, p)
			}
			level := slog.LevelInfo
			if t.status < http.StatusBadRequest && (req.Method == http.MethodGet || req.Method == http.MethodHead) {
				level = slog.LevelDebug // what was only looked at would drown what was done
			}
			r.opts.Logger.Log(req.Context(), level, "request", "request", reqID, "method", req.Method, "path", req.URL.Path,
				"status", t.status, "bytes", t.bytes, "ms", time.Since(start).Milliseconds(), //nolint:forbidigo // a duration
				"address", address(req, r.opts.TrustProxy))
		}()
		if err := cross.Check(req); err != nil {
			r.fail(t, req, authz.Actor{}, errCrossSite)
			return
		}
		next.ServeHTTP(t, req)
	})
}

// panicked answers 500 and keeps the process alive; a handler that aborts on purpose goes on aborting.
func (r *Router) panicked(t *tracker, req *http.Request, p any) {
	if p == http.ErrAbortHandler { //nolint:errorlint,err113 // net/http compares it likewise
		panic(p)
	}
	r.opts.Logger.ErrorContext(req.Context(), "panic", "request", requestID(req.Context()), "path", req.URL.Path,
		"panic", p, "stack", string(debug.Stack()))
	if t.begun() {
		panic(http.ErrAbortHandler)
	}
	r.fail(t, req, authz.Actor{}, errs.New(errs.Internal, "base.internal"))
}

func (r *Router) secureHeaders(h http.Header, req *http.Request, reqID string) {
	h.Set("X-Request-Id", reqID)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	if secure(req, r.opts.TrustProxy) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// plain tells whether s is 1…limit visible ASCII characters.
func plain(s string, limit int) bool {
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}

func randomID() string {
	raw := make([]byte, 8)
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}

// tracker knows what was answered.
type tracker struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (t *tracker) WriteHeader(code int) {
	if t.status == 0 && code >= http.StatusOK {
		t.status = code
	}
	t.ResponseWriter.WriteHeader(code)
}

// Write counts the bytes.
func (t *tracker) Write(p []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	n, err := t.ResponseWriter.Write(p)
	t.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (t *tracker) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func (t *tracker) begun() bool { return t.status != 0 }
