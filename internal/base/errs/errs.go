// Package errs is the one error type that crosses room borders: a code (what kind of failure, mapped to HTTP once at
// the edge), a slug (a stable machine word, rendered in the reader's language from the room's catalogue) and its
// parameters. Text never lives in an Error.
package errs

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Code is the kind of a failure; the HTTP edge maps it to a status.
type Code string

// The closed set of codes.
const (
	Invalid         Code = "invalid"
	Unauthenticated Code = "unauthenticated"
	Forbidden       Code = "forbidden"
	NotFound        Code = "not_found"
	Conflict        Code = "conflict"
	Precondition    Code = "failed_precondition"
	RateLimited     Code = "rate_limited"
	Unavailable     Code = "unavailable"
	Internal        Code = "internal"
)

// Params fill the placeholders of a slug's text.
type Params map[string]any

// Field is a fault of one input, e.g. Path "rows[3].phone".
type Field struct {
	Path   string
	Slug   string
	Params Params
}

// Error carries a code, a slug "room.what_is_wrong", parameters, the faulty fields (all at once) and the cause.
type Error struct {
	Code   Code
	Slug   string
	Params Params
	Fields []Field
	Err    error
}

// New makes an Error; kv are parameter name/value pairs.
func New(code Code, slug string, kv ...any) *Error {
	return &Error{Code: code, Slug: slug, Params: params(kv)}
}

// Wrap makes an Error around a cause that is logged and never shown.
func Wrap(code Code, slug string, cause error, kv ...any) *Error {
	return &Error{Code: code, Slug: slug, Params: params(kv), Err: cause}
}

// Bad starts an invalid-input Error (slug "base.invalid_input") that collects Fields; see OrNil.
func Bad() *Error { return New(Invalid, "base.invalid_input") }

// Error implements error with the slug, its parameters in order, and the cause: for logs only.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Slug)
	keys := make([]string, 0, len(e.Params))
	for k := range e.Params {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		fmt.Fprintf(&b, " %s=%v", k, e.Params[k])
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s %v]", f.Path, f.Slug, map[string]any(f.Params))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Field adds a faulty input and returns e.
func (e *Error) Field(path, slug string, kv ...any) *Error {
	e.Fields = append(e.Fields, Field{Path: path, Slug: slug, Params: params(kv)})
	return e
}

// OrNil returns nil when no Field was added, so that validators end with `return bad.OrNil()`.
func (e *Error) OrNil() error {
	if e == nil || len(e.Fields) == 0 {
		return nil
	}
	return e
}

// CodeOf gives the code of err; Internal for anything that is not an *Error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// SlugOf gives the slug of err, or "" when it carries none.
func SlugOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Slug
	}
	return ""
}

// Is tells whether err carries the slug, at the top or on one of its fields.
func Is(err error, slug string) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Slug == slug {
		return true
	}
	for _, f := range e.Fields {
		if f.Slug == slug {
			return true
		}
	}
	return false
}

func params(kv []any) Params {
	if len(kv) == 0 {
		return nil
	}
	if len(kv)%2 != 0 {
		panic("errs: parameters come in name/value pairs")
	}
	p := make(Params, len(kv)/2)
	for i := 0; i < len(kv); i += 2 {
		p[kv[i].(string)] = kv[i+1]
	}
	return p
}
