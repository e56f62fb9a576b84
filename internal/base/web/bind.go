package web

import (
	"encoding"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// binder fills an input struct from a request; it is worked out once per route.
type binder struct {
	schemas      huma.Registry
	params       []param
	body         []int // index of the Body field, nil without one
	bodySchema   *huma.Schema
	bodyOptional bool
	trustProxy   bool
}

type param struct {
	in       string // path, query, header, cookie or from
	name     string
	index    []int
	schema   *huma.Schema
	required bool
	fallback string
	doc      string
}

func (r *Router) newBinder(rt Route, t reflect.Type) *binder {
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("web: route %s: the input must be a struct", rt))
	}
	b := &binder{schemas: r.schemas, trustProxy: r.opts.TrustProxy}
	r.namer.hint = operationID(rt)
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		if f.Name == "Body" && len(f.Index) == 1 {
			b.body, b.bodyOptional = f.Index, f.Type.Kind() == reflect.Pointer || f.Tag.Get("required") == "false"
			b.bodySchema = r.schemas.Schema(f.Type, true, "Body")
			continue
		}
		p, ok := r.newParam(f)
		if !ok {
			panic(fmt.Sprintf("web: route %s: field %s has none of the tags path, query, header, cookie, from", rt, f.Name))
		}
		b.params = append(b.params, p)
	}
	for _, p := range b.params {
		if p.in == "path" && !strings.Contains(rt.Path, "{"+p.name+"}") && !strings.Contains(rt.Path, "{"+p.name+"...}") {
			panic(fmt.Sprintf("web: route %s has no {%s}", rt, p.name))
		}
	}
	return b
}

func (r *Router) newParam(f reflect.StructField) (param, bool) {
	for _, in := range []string{"path", "query", "header", "cookie", "from"} {
		name := f.Tag.Get(in)
		if name == "" {
			continue
		}
		p := param{
			in: in, name: name, index: f.Index, required: in == "path" || f.Tag.Get("required") == "true",
			fallback: f.Tag.Get("default"), doc: f.Tag.Get("doc"),
		}
		if in != "from" {
			p.schema = huma.SchemaFromField(r.schemas, f, f.Name)
		}
		return p, true
	}
	return param{}, false
}

// documented gives the parameters for OpenAPI.
func (b *binder) documented() []*huma.Param {
	var out []*huma.Param
	no := false
	for _, p := range b.params {
		if p.in == "from" || p.in == "cookie" {
			continue
		}
		d := &huma.Param{Name: p.name, In: p.in, Description: p.doc, Required: p.required, Schema: p.schema}
		if p.in == "query" && p.schema.Type == huma.TypeArray {
			d.Explode = &no
		}
		out = append(out, d)
	}
	return out
}

// bind fills dst from the request and its body, telling every fault at once.
func (b *binder) bind(req *http.Request, body []byte, dst reflect.Value) error {
	bad := errs.Bad()
	var query url.Values
	for i := range b.params {
		p := &b.params[i]
		var raw []string
		if p.in == "query" {
			if query == nil {
				query = req.URL.Query()
			}
			raw = query[p.name]
		} else if v := b.read(p, req); v != "" {
			raw = []string{v}
		}
		if len(raw) == 0 || len(raw) == 1 && raw[0] == "" {
			if p.required {
				bad.Field(p.in+"."+p.name, requiredSlug)
			}
			if p.fallback == "" {
				continue
			}
			raw = []string{p.fallback}
		}
		b.set(bad, p, dst.FieldByIndex(p.index), raw)
	}
	if b.body != nil {
		if err := b.bindBody(bad, body, dst.FieldByIndex(b.body)); err != nil {
			return err
		}
	}
	return bad.OrNil()
}

func (b *binder) read(p *param, req *http.Request) string {
	switch p.in {
	case "path":
		return req.PathValue(p.name)
	case "header":
		return req.Header.Get(p.name)
	case "cookie":
		if c, err := req.Cookie(p.name); err == nil {
			return c.Value
		}
	case "from":
		if p.name == "address" {
			return address(req, b.trustProxy)
		}
		if p.name == "local" {
			return strconv.FormatBool(local(req))
		}
		return strconv.FormatBool(secure(req, b.trustProxy))
	}
	return ""
}

// set parses raw into the field and validates it.
func (b *binder) set(bad *errs.Error, p *param, field reflect.Value, raw []string) {
	place := p.in + "." + p.name
	if field.Kind() == reflect.Slice && !isText(field.Type()) {
		var parts []string
		for _, r := range raw {
			parts = append(parts, strings.Split(r, ",")...)
		}
		list := reflect.MakeSlice(field.Type(), len(parts), len(parts))
		values := make([]any, len(parts))
		for i, part := range parts {
			v, slug := parseValue(list.Index(i), strings.TrimSpace(part))
			if slug != "" {
				bad.Field(fmt.Sprintf("%s[%d]", place, i), slug)
				return
			}
			values[i] = v
		}
		field.Set(list)
		b.validate(bad, p.schema, p.in, p.name, values)
		return
	}
	v, slug := parseValue(field, raw[0])
	if slug != "" {
		bad.Field(place, slug)
		return
	}
	if p.schema != nil {
		b.validate(bad, p.schema, p.in, p.name, v)
	}
}

func (b *binder) validate(bad *errs.Error, s *huma.Schema, in, name string, v any) {
	path := huma.NewPathBuffer(make([]byte, 0, 64), 0)
	path.Push(in)
	if name != "" {
		path.Push(name)
	}
	var res huma.ValidateResult
	huma.Validate(b.schemas, s, path, huma.ModeWriteToServer, v, &res)
	for _, err := range res.Errors {
		d, ok := err.(*huma.ErrorDetail) //nolint:errorlint // the library hands out nothing else
		if !ok {
			bad.Field(in, "base.bad_format")
			continue
		}
		path, slug, params := fault(d)
		bad.Fields = append(bad.Fields, errs.Field{Path: path, Slug: slug, Params: params})
	}
}

func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// parseValue reads text into a field; it returns the value as the validator wants it, or the slug of the fault.
func parseValue(field reflect.Value, s string) (any, string) {
	if field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		return parseValue(field.Elem(), s)
	}
	if u, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if u.UnmarshalText([]byte(s)) != nil {
			return nil, badText(field.Type())
		}
		return s, ""
	}
	switch field.Kind() {
	case reflect.String:
		if !storable(s) {
			return nil, "base.bad_format"
		}
		field.SetString(s)
		return s, ""
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(s, 10, field.Type().Bits())
		if err != nil {
			return nil, "base.not_integer"
		}
		field.SetInt(n)
		return n, ""
	case reflect.Float32, reflect.Float64:
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, "base.not_number"
		}
		field.SetFloat(n)
		return n, ""
	case reflect.Bool:
		v, err := strconv.ParseBool(s)
		if err != nil {
			return nil, "base.not_boolean"
		}
		field.SetBool(v)
		return v, ""
	default:
		panic("web: a parameter cannot be a " + field.Type().String())
	}
}

// storable reports whether every store can keep the text: PostgreSQL takes no NUL and no broken UTF-8.
func storable(s string) bool { return !strings.ContainsRune(s, 0) && utf8.ValidString(s) }

// badText is the fault of a text value that does not parse.
func badText(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[id.ID]():
		return "base.bad_id"
	case reflect.TypeFor[clock.Day]():
		return "base.bad_day"
	case reflect.TypeFor[clock.Ms](), reflect.TypeFor[time.Time]():
		return "base.bad_time"
	default:
		return "base.bad_format"
	}
}

// address is the caller's network address, for throttling and the list of devices.
func address(req *http.Request, trustProxy bool) string {
	if trustProxy {
		if first, _, _ := strings.Cut(req.Header.Get("X-Forwarded-For"), ","); net.ParseIP(strings.TrimSpace(first)) != nil {
			return strings.TrimSpace(first)
		}
	}
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		return req.RemoteAddr
	}
	return host
}

func secure(req *http.Request, trustProxy bool) bool {
	return req.TLS != nil || trustProxy && req.Header.Get("X-Forwarded-Proto") == "https"
}

// local tells whether the caller sits at this very machine: the connection comes from it, no proxy stands in between, and
// the browser was asked for this machine by its own name (another site's name that leads here is not).
func local(req *http.Request) bool {
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if req.Header.Get(h) != "" {
			return false
		}
	}
	host := req.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return loopback(address(req, false)) && (host == "localhost" || loopback(strings.Trim(host, "[]")))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
