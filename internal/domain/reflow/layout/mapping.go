package layout

import (
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/errs"
)

// MapColumn says what one header of a user's own layout means.
type MapColumn struct {
	Header string `json:"header"`
	Field  Field  `json:"field"`
	// Unit: "percent" or "fraction" for ratios, "s", "min" or "h" for lengths
	// of time, "wan" for counts in 万; "" for the usual one.
	Unit string `json:"unit,omitempty"`
}

// Mapping is a saved reading of a layout this package does not know, or an
// edited copy of one it does.
type Mapping struct {
	Name     string      `json:"name"`
	Platform string      `json:"platform"` // "" when a column or the caller says
	Grain    Grain       `json:"grain"`
	Columns  []MapColumn `json:"columns"`
}

// MaxMapColumns bounds a mapping.
const MaxMapColumns = 200

// Validate reports all faults of a mapping at once, with paths like
// columns[2].field. Slugs: reflow.mapping_*.
func (m Mapping) Validate() error {
	bad := errs.New(errs.Invalid, "reflow.mapping_invalid")
	if n := len([]rune(strings.TrimSpace(m.Name))); n == 0 || n > 60 {
		bad.Field("name", "reflow.mapping_name")
	}
	if m.Grain != Post && m.Grain != AccountDay && m.Grain != Session {
		bad.Field("grain", "reflow.mapping_grain")
	}
	if len(m.Columns) == 0 || len(m.Columns) > MaxMapColumns {
		bad.Field("columns", "reflow.mapping_columns", "limit", MaxMapColumns)
	}
	heads, fields := map[string]bool{}, map[Field]bool{}
	for i, c := range m.Columns {
		path := "columns[" + strconv.Itoa(i) + "]."
		h := Header(c.Header)
		if _, ok := fieldTypes[c.Field]; !ok {
			bad.Field(path+"field", "reflow.mapping_field", "field", string(c.Field))
		}
		if h == "" || heads[h] {
			bad.Field(path+"header", "reflow.mapping_header")
		}
		if fields[c.Field] {
			bad.Field(path+"field", "reflow.mapping_twice")
		}
		if !validUnit(c) {
			bad.Field(path+"unit", "reflow.mapping_unit")
		}
		heads[h], fields[c.Field] = true, true
	}
	for _, need := range m.needs() {
		if !slices.ContainsFunc(need, func(f Field) bool { return fields[f] }) {
			bad.Field("columns", "reflow.mapping_needs", "field", string(need[0]))
		}
	}
	return bad.OrNil()
}

func (m Mapping) needs() [][]Field {
	var figures []Field
	for f := range fieldTypes {
		if f.Figure() {
			figures = append(figures, f)
		}
	}
	slices.Sort(figures)
	figures = append([]Field{Views}, figures...)
	switch m.Grain {
	case AccountDay:
		return [][]Field{{Day}, figures}
	case Session:
		return [][]Field{{Started}, figures}
	}
	return [][]Field{{Title, PostID}, {Published}, figures}
}

func validUnit(c MapColumn) bool {
	switch fieldTypes[c.Field] {
	case Ratio:
		return c.Unit == "" || c.Unit == "percent" || c.Unit == "fraction"
	case Duration:
		return c.Unit == "" || c.Unit == "s" || c.Unit == "min" || c.Unit == "h" || c.Unit == "ms"
	case Count, Signed, Money:
		return c.Unit == "" || c.Unit == "wan"
	}
	return c.Unit == ""
}

// kind turns a mapping into a layout that knows only what the mapping says.
// Headers of identity, date and account must all be there; of the figures one.
func (m Mapping) kind() Kind {
	k := Kind{Slug: m.Name, Grain: m.Grain, Platform: m.Platform, Columns: map[string]Field{}, Only: true, units: map[string]string{}}
	var figures []string
	for _, c := range m.Columns {
		h := Header(c.Header)
		k.Columns[h] = c.Field
		if c.Unit != "" {
			k.units[h] = c.Unit
		}
		if c.Field.Figure() {
			figures = append(figures, h)
			continue
		}
		if c.Field != Form && c.Field != Link && c.Field != Audit {
			k.Needs = append(k.Needs, []string{h})
		}
	}
	k.Needs = append(k.Needs, figures)
	return k
}

// MappingOf renders a built-in layout as a mapping to edit and save.
func MappingOf(k Kind, headers []string) Mapping {
	m := Mapping{Name: k.Slug, Platform: k.Platform, Grain: k.Grain}
	for _, h := range headers {
		if f, _ := k.meaningOf(Header(h)); f.field != "" {
			m.Columns = append(m.Columns, MapColumn{Header: h, Field: f.field})
		}
	}
	return m
}
