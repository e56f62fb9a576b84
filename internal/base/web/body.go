package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"kosmos/internal/base/errs"
)

const defaultMaxBody = 1 << 20

// readBody reads a JSON body whole, within the route's limit.
func readBody(w http.ResponseWriter, req *http.Request, limit int64) ([]byte, error) {
	if ct := req.Header.Get("Content-Type"); ct != "" && req.ContentLength != 0 {
		if mt, _, err := mime.ParseMediaType(ct); err != nil || mt != "application/json" {
			return nil, errMediaType
		}
	}
	raw, err := io.ReadAll(limited(w, req, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case errs.Is(err, "base.body_stalled"):
		return nil, errStalled
	case err != nil:
		return nil, errBodyGone
	}
	return raw, nil
}

func limited(w http.ResponseWriter, req *http.Request, limit int64) io.ReadCloser {
	switch {
	case limit < 0:
		return req.Body
	case limit == 0:
		limit = defaultMaxBody
	}
	return http.MaxBytesReader(w, req.Body, limit)
}

// bindBody validates the JSON and reads it into field. A body that is no JSON at all ends the binding; other faults are
// added to bad.
func (b *binder) bindBody(bad *errs.Error, raw []byte, field reflect.Value) error {
	if len(raw) == 0 {
		if b.bodyOptional {
			return nil
		}
		raw = []byte("{}")
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return errBadJSON
	}
	before := len(bad.Fields)
	if bytes.Contains(raw, []byte(`\u0000`)) && hasNUL(tree) {
		bad.Field("body", "base.bad_format")
		return nil
	}
	b.validate(bad, b.bodySchema, "body", "", tree)
	if len(bad.Fields) > before {
		return nil
	}
	if err := json.Unmarshal(raw, field.Addr().Interface()); err != nil {
		path := ""
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			path = strings.TrimPrefix(wrong.Field, "Body.")
		}
		bad.Field(path, "base.bad_format")
	}
	return nil
}

// hasNUL finds a text with a NUL anywhere in a decoded body.
func hasNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return !storable(v)
	case []any:
		return slices.ContainsFunc(v, hasNUL)
	case map[string]any:
		for key, one := range v {
			if !storable(key) || hasNUL(one) {
				return true
			}
		}
	}
	return false
}
