package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

const schemaPrefix = "#/components/schemas/"

// namer names schemas "<Package><Type>", so that two rooms may use the same type name.
type namer struct {
	hint string // package and type of the input whose anonymous parts are being named
}

func (n *namer) name(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return n.hint + huma.DefaultSchemaNamer(t, hint)
	}
	var b strings.Builder
	for i, part := range strings.FieldsFunc(t.Name(), func(r rune) bool { return strings.ContainsRune("[]*,", r) }) {
		pkg := t.PkgPath()
		if i > 0 {
			pkg = ""
			if dot := strings.LastIndexByte(part, '.'); dot >= 0 {
				pkg, part = part[:dot], part[dot+1:]
			}
		}
		b.WriteString(qualified(pkg, part))
	}
	return b.String()
}

// qualified joins the last element of a package path and a type name: account.Row → AccountRow, account.Account →
// Account, web.Page → Page.
func qualified(pkg, name string) string {
	pkg = pkg[strings.LastIndexByte(pkg, '/')+1:]
	name = title(name)
	if pkg == "" || pkg == "web" || strings.EqualFold(pkg, name) {
		return name
	}
	return title(pkg) + name
}

func title(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// The wire forms of the house's value types.
type (
	idForm  struct{}
	dayForm struct{}
	msForm  struct{}
)

// Schema describes id.ID.
func (idForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "id", Pattern: `^([1-9][0-9]{0,18})?$`, PatternDescription: "id"}
}

// Schema describes clock.Day.
func (dayForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

// Schema describes clock.Ms.
func (msForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time"}
}

func newOpenAPI(version string, n *namer) (*huma.OpenAPI, huma.Registry) {
	schemas := huma.NewMapRegistry(schemaPrefix, n.name)
	schemas.RegisterTypeAlias(reflect.TypeFor[id.ID](), reflect.TypeFor[idForm]())
	schemas.RegisterTypeAlias(reflect.TypeFor[clock.Day](), reflect.TypeFor[dayForm]())
	schemas.RegisterTypeAlias(reflect.TypeFor[clock.Ms](), reflect.TypeFor[msForm]())
	oapi := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Kosmos", Version: version,
			Description: "Ids are decimal strings, days 2026-11-22, times RFC 3339, lists {items, next}; errors are RFC 9457 problems with a stable code and slug.",
			License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
		},
		Components: &huma.Components{
			Schemas: schemas,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"token":   {Type: "http", Scheme: "bearer", Description: "API token, kos_…"},
				"session": {Type: "apiKey", In: "cookie", Name: SessionCookie, Description: "Session of a browser"},
			},
		},
	}
	schemas.Schema(reflect.TypeFor[Problem](), true, "")
	return oapi, schemas
}

// SessionCookie is the name of the browser session's cookie.
const SessionCookie = "kosmos_session"

// OpenAPI gives the document of all routes; the same routes give the same bytes.
func (r *Router) OpenAPI() []byte {
	raw, err := json.MarshalIndent(r.oapi, "", "  ")
	if err != nil {
		panic("web: openapi: " + err.Error()) // plain data
	}
	return append(raw, '\n')
}

// operation describes a route; out is the JSON body's type, nil for none.
func (r *Router) operation(rt Route, b *binder, out reflect.Type, status int) *huma.Operation {
	op := &huma.Operation{
		Method: rt.Method, Path: strings.ReplaceAll(rt.Path, "...}", "}"), Summary: rt.Summary,
		OperationID: operationID(rt), Tags: []string{roomOf(rt.Path)},
		Parameters: b.documented(), Responses: map[string]*huma.Response{},
	}
	if rt.Public {
		op.Security = []map[string][]string{}
	} else {
		op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
		op.Extensions = map[string]any{"x-permission": rt.Permission}
	}
	if rt.Idempotent {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header",
			Description: "Same key and same request: the first answer again.", Schema: &huma.Schema{Type: huma.TypeString},
		})
	}
	switch {
	case b.body != nil:
		op.RequestBody = &huma.RequestBody{
			Required: !b.bodyOptional,
			Content:  map[string]*huma.MediaType{"application/json": {Schema: b.bodySchema}},
		}
	case rt.Accepts != "":
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			rt.Accepts: {Schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}},
		}}
	}
	ok := &huma.Response{Description: http.StatusText(status)}
	switch {
	case out != nil:
		r.namer.hint = operationID(rt)
		ok.Content = map[string]*huma.MediaType{"application/json": {Schema: r.schemas.Schema(out, true, "Out")}}
	case rt.Produces != "":
		ok.Content = map[string]*huma.MediaType{rt.Produces: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	}
	op.Responses[strconv.Itoa(status)] = ok
	op.Responses["default"] = &huma.Response{
		Description: "Problem",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: schemaPrefix + "Problem"}}},
	}
	return op
}

func roomOf(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")
	return parts[0]
}

// operationID turns "GET /api/v1/org/units/{id}" into "getOrgUnitsId".
func operationID(rt Route) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(rt.Method))
	for _, part := range strings.FieldsFunc(strings.TrimPrefix(rt.Path, "/api/v1/"), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
	}) {
		b.WriteString(title(part))
	}
	return b.String()
}
