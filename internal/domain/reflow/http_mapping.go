package reflow

import (
	"context"
	"net/http"
	"strconv"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/reflow/layout"
)

func (s *Service) mappingRoutes(r *web.Router) {
	const path = "/api/v1/reflow/mappings"
	web.Handle(r, web.Route{Method: http.MethodGet, Path: path, Summary: "Saved readings of layouts", Permission: PermRead}, s.getMappings)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: path, Summary: "Save a reading of a layout", Permission: PermMapping, Status: http.StatusCreated}, s.postMapping)
	web.Handle(r, web.Route{Method: http.MethodPut, Path: path + "/{id}", Summary: "Change a saved reading", Permission: PermMapping}, s.putMappingBody)
	web.Handle(r, web.Route{Method: http.MethodDelete, Path: path + "/{id}", Summary: "Forget a saved reading", Permission: PermMapping}, s.deleteMapping)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: "/api/v1/reflow/layouts", Summary: "Layouts and fields the program knows, for the mapping editor", Permission: PermRead}, s.getLayouts)
}

// ColumnBody says what one header means.
type ColumnBody struct {
	Header string `json:"header" maxLength:"120"`
	Field  string `json:"field" maxLength:"40"`
	Unit   string `json:"unit,omitempty" maxLength:"10"`
}

// MappingIn is a mapping as the editor sends it.
type MappingIn struct {
	Name     string       `json:"name" maxLength:"60"`
	Platform string       `json:"platform,omitempty" maxLength:"40"`
	Grain    string       `json:"grain"`
	Columns  []ColumnBody `json:"columns" maxItems:"200"`
}

func (m MappingIn) mapping() layout.Mapping {
	out := layout.Mapping{Name: m.Name, Platform: m.Platform, Grain: layout.Grain(m.Grain)}
	for _, c := range m.Columns {
		out.Columns = append(out.Columns, layout.MapColumn{Header: c.Header, Field: layout.Field(c.Field), Unit: c.Unit})
	}
	return out
}

// MappingBody is a saved mapping on the wire.
type MappingBody struct {
	MappingIn
	ID        id.ID    `json:"id"`
	Version   int      `json:"version"`
	UpdatedAt clock.Ms `json:"updated_at"`
	User      string   `json:"user"`
}

// ETag implements web.Tagged.
func (m MappingBody) ETag() string { return web.ETag(strconv.Itoa(m.Version)) }

func mappingBody(m SavedMapping) MappingBody {
	b := MappingBody{MappingIn: MappingIn{Name: m.Name, Platform: m.Platform, Grain: string(m.Grain), Columns: []ColumnBody{}}, ID: m.ID, Version: m.Version, UpdatedAt: m.Updated, User: m.UserName}
	for _, c := range m.Columns {
		b.Columns = append(b.Columns, ColumnBody{c.Header, string(c.Field), c.Unit})
	}
	return b
}

// MappingsBody lists saved mappings.
type MappingsBody struct {
	Items []MappingBody `json:"items"`
}

func (s *Service) getMappings(ctx context.Context, actor authz.Actor, _ *nothing) (*MappingsBody, error) {
	list, err := s.Mappings(ctx, actor)
	out := &MappingsBody{Items: []MappingBody{}}
	for _, m := range list {
		out.Items = append(out.Items, mappingBody(m))
	}
	return out, err
}

type postMappingInput struct {
	Body MappingIn
}

func (s *Service) postMapping(ctx context.Context, actor authz.Actor, in *postMappingInput) (*MappingBody, error) {
	m, err := s.SaveMapping(ctx, actor, 0, 0, in.Body.mapping())
	if err != nil {
		return nil, err
	}
	b := mappingBody(m)
	return &b, nil
}

type putMappingInput struct {
	importPath
	IfMatch string `header:"If-Match"`
	Body    MappingIn
}

func (s *Service) putMappingBody(ctx context.Context, actor authz.Actor, in *putMappingInput) (*MappingBody, error) {
	version := 0
	if in.IfMatch != "" {
		old, err := oneMapping(ctx, s.DB, actor.BrandID, in.ID)
		if err != nil {
			return nil, err
		}
		if err := web.CheckMatch(in.IfMatch, mappingBody(old).ETag()); err != nil {
			return nil, err
		}
		version = old.Version
	}
	m, err := s.SaveMapping(ctx, actor, in.ID, version, in.Body.mapping())
	if err != nil {
		return nil, err
	}
	b := mappingBody(m)
	return &b, nil
}

func (s *Service) deleteMapping(ctx context.Context, actor authz.Actor, in *importPath) (*nothing, error) {
	return &nothing{}, s.DeleteMapping(ctx, actor, in.ID)
}

// FieldBody is a field a column can mean.
type FieldBody struct {
	Field string `json:"field"`
	Type  string `json:"type" enum:"text,count,ratio,duration,money,day,time"`
}

// LayoutBody is a layout the program knows, with its usual headers as a mapping to start from.
type LayoutBody struct {
	Kind     string       `json:"kind"`
	Platform string       `json:"platform"`
	Grain    string       `json:"grain"`
	Columns  []ColumnBody `json:"columns"`
}

// LayoutsBody is what the mapping editor offers.
type LayoutsBody struct {
	Layouts []LayoutBody `json:"layouts"`
	Fields  []FieldBody  `json:"fields"`
}

func (s *Service) getLayouts(_ context.Context, _ authz.Actor, _ *nothing) (*LayoutsBody, error) {
	out := &LayoutsBody{Layouts: []LayoutBody{}, Fields: []FieldBody{}}
	for _, k := range layout.Kinds() {
		b := LayoutBody{Kind: k.Slug, Platform: k.Platform, Grain: string(k.Grain), Columns: []ColumnBody{}}
		for _, c := range layout.MappingOf(k, layout.Usual(k.Slug)).Columns {
			b.Columns = append(b.Columns, ColumnBody{c.Header, string(c.Field), c.Unit})
		}
		out.Layouts = append(out.Layouts, b)
	}
	for _, f := range layout.Fields() {
		t, _ := layout.TypeOf(f)
		out.Fields = append(out.Fields, FieldBody{string(f), typeName(t)})
	}
	return out, nil
}

func typeName(t layout.Type) string {
	switch t {
	case layout.Count, layout.Signed:
		return "count"
	case layout.Ratio:
		return "ratio"
	case layout.Duration:
		return "duration"
	case layout.Money:
		return "money"
	case layout.DayType:
		return "day"
	case layout.TimeType:
		return "time"
	case layout.Text:
		return "text"
	}
	return "text"
}
