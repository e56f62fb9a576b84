package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
)

// DefaultTimeout bounds a handler that declares no Timeout of its own.
const DefaultTimeout = 30 * time.Second

// WithCookies is implemented by an output that also sets cookies (signing in and out).
type WithCookies interface {
	Cookies() []*http.Cookie
}

// Handle declares a route whose answer is the JSON of O (nil, or an O without fields: 204).
func Handle[I, O any](r *Router, rt Route, fn func(context.Context, authz.Actor, *I) (*O, error)) {
	in, out := reflect.TypeFor[I](), reflect.TypeFor[O]()
	empty := out.Kind() == reflect.Struct && out.NumField() == 0
	b := r.newBinder(rt, in)
	if rt.Status == 0 {
		rt.Status = http.StatusOK
		if empty {
			rt.Status = http.StatusNoContent
		}
	}
	if rt.Timeout == 0 {
		rt.Timeout = DefaultTimeout
	}
	doc := out
	if empty {
		doc = nil
	}
	r.add(rt, r.operation(rt, b, doc, rt.Status), func(w http.ResponseWriter, req *http.Request) {
		r.serve(w, req, rt, func(ctx context.Context, actor authz.Actor, w http.ResponseWriter, req *http.Request, body []byte) error {
			var input I
			if err := b.bind(req, body, reflect.ValueOf(&input).Elem()); err != nil {
				return err
			}
			output, err := fn(ctx, actor, &input)
			if err != nil {
				return err
			}
			r.answer(w, req, rt.Status, output, output == nil || empty)
			return nil
		}, b.body != nil)
	})
}

// HandleRaw declares a route that reads and writes the connection itself: uploads, downloads, event streams. Only the
// parameters of I are bound. Its error becomes a problem when nothing was written yet.
func HandleRaw[I any](r *Router, rt Route, fn func(context.Context, authz.Actor, *I, http.ResponseWriter, *http.Request) error) {
	b := r.newBinder(rt, reflect.TypeFor[I]())
	if b.body != nil {
		panic("web: route " + rt.String() + ": a raw route reads its body itself")
	}
	if rt.Status == 0 {
		rt.Status = http.StatusOK
	}
	r.add(rt, r.operation(rt, b, nil, rt.Status), func(w http.ResponseWriter, req *http.Request) {
		r.serve(w, req, rt, func(ctx context.Context, actor authz.Actor, w http.ResponseWriter, req *http.Request, _ []byte) error {
			var input I
			if err := b.bind(req, nil, reflect.ValueOf(&input).Elem()); err != nil {
				return err
			}
			req.Body = limited(w, req, rt.MaxBody)
			return fn(ctx, actor, &input, w, req.WithContext(ctx))
		}, false)
	})
}

// HandleUpload declares a raw route that takes a body and answers JSON like Handle.
func HandleUpload[I, O any](r *Router, rt Route, fn func(context.Context, authz.Actor, *I, *http.Request) (*O, error)) {
	b := r.newBinder(rt, reflect.TypeFor[I]())
	if rt.Status == 0 {
		rt.Status = http.StatusOK
	}
	if rt.Accepts == "" {
		rt.Accepts = "multipart/form-data"
	}
	r.add(rt, r.operation(rt, b, reflect.TypeFor[O](), rt.Status), func(w http.ResponseWriter, req *http.Request) {
		r.serve(w, req, rt, func(ctx context.Context, actor authz.Actor, w http.ResponseWriter, req *http.Request, _ []byte) error {
			var input I
			if err := b.bind(req, nil, reflect.ValueOf(&input).Elem()); err != nil {
				return err
			}
			req.Body = limited(w, req, rt.MaxBody)
			output, err := fn(ctx, actor, &input, req.WithContext(ctx))
			if err != nil {
				return err
			}
			r.answer(w, req, rt.Status, output, output == nil)
			return nil
		}, false)
	})
}

type handler func(ctx context.Context, actor authz.Actor, w http.ResponseWriter, req *http.Request, body []byte) error

// serve runs the order that every route shares: who, may they, what do they send, is it a repeat, then the handler. The
// route's time begins when the body is there.
func (r *Router) serve(w http.ResponseWriter, req *http.Request, rt Route, fn handler, hasBody bool) {
	var actor authz.Actor
	if !rt.Public {
		ctx, cancel := context.WithTimeout(req.Context(), DefaultTimeout)
		defer cancel()
		var err error
		if actor, err = r.allowed(ctx, req, rt); err != nil {
			r.fail(w, req, actor, err)
			return
		}
		actor.Lang = string(langOf(req, actor)) // what is rendered for a screen speaks its language
	}
	key := req.Header.Get("Idempotency-Key")
	once := rt.Idempotent && key != "" && r.opts.Idempotency != nil
	if once && !plain(key, maxKey) {
		r.fail(w, req, actor, errs.New(errs.Invalid, "base.key_invalid"))
		return
	}
	body, sum, done, err := r.body(w, req, rt, hasBody, once)
	if err != nil {
		r.fail(w, req, actor, err)
		return
	}
	defer done()
	ctx := req.Context()
	if rt.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, rt.Timeout)
		defer cancel()
	}
	run := func(w http.ResponseWriter, req *http.Request) {
		if err := fn(ctx, actor, w, req, body); err != nil {
			r.failUnlessWritten(w, req, actor, err)
		}
	}
	if once {
		r.once(ctx, w, req, actor, idempotencyKey(actor, key, req, sum), run)
		return
	}
	run(w, req)
}

// body reads what the route takes. An upload under an Idempotency-Key is read whole before its handler sees it, and sum
// then covers its content; any other streams.
func (r *Router) body(w http.ResponseWriter, req *http.Request, rt Route, hasBody, once bool) (raw, sum []byte, done func(), err error) {
	done = func() {}
	if hasBody {
		raw, err = readBody(w, req, rt.MaxBody)
		return raw, raw, done, err
	}
	stream(req)
	if once {
		sum, done, err = spool(w, req, rt.MaxBody)
		return nil, sum, done, err
	}
	return nil, nil, done, nil
}

func (r *Router) allowed(ctx context.Context, req *http.Request, rt Route) (authz.Actor, error) {
	if r.opts.Authenticate == nil {
		return authz.Actor{}, errNoCaller
	}
	actor, err := r.opts.Authenticate(ctx, req)
	if err != nil {
		return actor, err
	}
	if !actor.Can(rt.Permission) {
		return actor, errForbidden
	}
	actor.Lang = string(langOf(req, actor)) // texts made by handlers are in the language of the screen
	return actor, nil
}

// failUnlessWritten answers with the problem; when the answer has begun it can only be cut off.
func (r *Router) failUnlessWritten(w http.ResponseWriter, req *http.Request, actor authz.Actor, err error) {
	if t, ok := w.(interface{ begun() bool }); ok && t.begun() {
		r.opts.Logger.ErrorContext(req.Context(), "answer cut off", "request", requestID(req.Context()),
			"path", req.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	r.fail(w, req, actor, err)
}

// answer writes the output of a handler.
func (r *Router) answer(w http.ResponseWriter, req *http.Request, status int, output any, empty bool) {
	if c, ok := output.(WithCookies); ok && !isNil(output) {
		for _, cookie := range c.Cookies() {
			http.SetCookie(w, cookie)
		}
	}
	if empty {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if t, ok := output.(Tagged); ok {
		tag := t.ETag()
		w.Header().Set("ETag", tag)
		if req.Method == http.MethodGet && matches(req.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	writeJSON(w, req, status, "application/json", output)
}

func isNil(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Pointer && rv.IsNil()
}

const gzipFrom = 1024

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return w }}
)

// encode writes v as JSON.
func encode(buf *bytes.Buffer, v any) {
	if p, ok := v.(interface {
		appendJSON(b []byte) ([]byte, bool)
	}); ok {
		if raw, ok := p.appendJSON(buf.AvailableBuffer()); ok {
			_, _ = buf.Write(raw)
			return
		}
	}
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("web: " + err.Error()) // an output that cannot be JSON is a fault of the program
	}
}

// writeJSON writes v, compressed when it is long and the caller takes gzip.
func writeJSON(w http.ResponseWriter, req *http.Request, status int, contentType string, v any) {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= 1<<20 {
			buf.Reset()
			buffers.Put(buf)
		}
	}()
	encode(buf, v)
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	if buf.Len() < gzipFrom || !strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Length", strconv.Itoa(buf.Len()))
		w.WriteHeader(status)
		_, _ = w.Write(buf.Bytes())
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := zippers.Get().(*gzip.Writer)
	z.Reset(w)
	_, _ = z.Write(buf.Bytes())
	_ = z.Close()
	zippers.Put(z)
}
