package layout

import (
	"slices"
	"strings"

	"kosmos/internal/base/errs"
	"kosmos/internal/base/sheet"
)

// headerRows is how many rows from the top may hold the header; banners,
// titles and notes stand above it.
const headerRows = 10

// sampleRows is how many rows below the header are looked at to settle units.
const sampleRows = 200

// Column is one understood column.
type Column struct {
	Index  int
	Header string // as it stands in the file
	Field  Field
	Type   Type
	Bare   RatioUnit // of ratios
	UnitMs int64     // of durations
	fixed  bool      // the unit was said, not guessed
	Suffix string    // appended to counts: "万" from a header "播放量(万)"
}

// Plan is how one sheet is read.
type Plan struct {
	Sheet     int
	Name      string
	Kind      Kind
	Mapping   string // name of the saved mapping that decided
	HeaderRow int
	Columns   []Column
	Ignored   []string // headers not understood
	Twice     []string // headers read from a better column
	Doubled   []string // of those, the ones that say no less than the column that was taken: which is right only their author knows
	Sample    [][]string
}

// Has reports whether a column of that meaning was found.
func (p *Plan) Has(f Field) bool {
	return slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Field == f })
}

// Hint is what the caller knows besides the file.
type Hint struct {
	Platform string    // of the account given in the dialog
	Mappings []Mapping // the brand's saved mappings
	Use      string    // name of the mapping to use whatever else fits
}

// Understanding is what Recognise made of a file.
type Understanding struct {
	Kind    string // slug of the file's kind
	Plans   []Plan
	Skipped []string // sheets left out: hidden or not understood
}

// Recognise decides how each visible sheet of a book is read. Slugs:
// reflow.not_recognised {headers}, reflow.wrong_platform {platform, given}, reflow.mapping_unfit {mapping, headers}.
func Recognise(b *sheet.Book, hint Hint) (*Understanding, error) {
	if names := seriesSheets(b); len(names) > 0 && hint.Use == "" {
		return recogniseSeries(b, names, hint)
	}
	u := &Understanding{}
	var seen []string
	var refused error
	for i, info := range b.Sheets() {
		if info.Hidden {
			u.Skipped = append(u.Skipped, info.Name)
			continue
		}
		top, err := readTop(b, i)
		if err != nil {
			return nil, err
		}
		p, err := choose(top, hint)
		if err != nil {
			refused = err
		}
		if p == nil {
			if len(top) > 0 {
				u.Skipped = append(u.Skipped, info.Name)
				seen = append(seen, widest(top)...)
			}
			continue
		}
		p.Sheet, p.Name = i, info.Name
		u.Plans = append(u.Plans, *p)
	}
	if len(u.Plans) == 0 {
		if refused != nil {
			return nil, refused
		}
		if hint.Use != "" {
			return nil, errs.New(errs.Invalid, "reflow.mapping_unfit", "mapping", hint.Use, "headers", shown(seen))
		}
		return nil, errs.New(errs.Invalid, "reflow.not_recognised", "headers", shown(seen))
	}
	u.Kind = u.Plans[0].Kind.Slug
	if part := u.Plans[0].Kind.Part; part != "" {
		u.Kind = part
	}
	return u, nil
}

// shown joins a few headers for a message.
func shown(headers []string) string {
	var out []string
	for _, h := range headers {
		if h = Clean(h); h != "" && len(out) < 12 {
			if r := []rune(h); len(r) > 20 {
				h = string(r[:20]) + "…"
			}
			out = append(out, h)
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ", ")
}

func widest(top []sheet.Row) []string {
	var best []string
	for _, r := range top[:min(len(top), headerRows)] {
		if len(r.Cells) > len(best) {
			best = r.Cells
		}
	}
	return best
}

// readTop copies the first rows of a sheet.
func readTop(b *sheet.Book, i int) ([]sheet.Row, error) {
	rows, err := b.Rows(i)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var top []sheet.Row
	for len(top) < headerRows+sampleRows && rows.Next() {
		r := rows.Row()
		top = append(top, sheet.Row{Number: r.Number, Cells: slices.Clone(r.Cells)})
	}
	return top, rows.Err()
}

// choose finds the best pair of row and kind. A saved mapping that fits beats
// the built-in layouts: a user made it for just this.
func choose(top []sheet.Row, hint Hint) (*Plan, error) {
	var candidates []Kind
	for _, m := range hint.Mappings {
		if hint.Use == "" || m.Name == hint.Use {
			candidates = append(candidates, m.kind())
		}
	}
	if hint.Use == "" {
		candidates = append(candidates, kinds()...)
	}
	best, at, kind := 0, -1, Kind{}
	foreign, foreignKind := 0, Kind{}
	for n := range min(len(top), headerRows) {
		headers := normalised(top[n].Cells)
		for _, k := range candidates {
			s := k.score(headers)
			if s > 0 && hint.Platform != "" && k.Platform != "" && k.Platform != hint.Platform {
				if s > foreign {
					foreign, foreignKind = s, k
				}
				continue
			}
			if s > best {
				best, at, kind = s, n, k
			}
		}
	}
	// A layout of another platform that fits far better is a mix-up, not a
	// reason to read the file with a poorer layout.
	if foreign > best+3 {
		return nil, errs.New(errs.Invalid, "reflow.wrong_platform", "platform", platformName(foreignKind.Platform), "given", platformName(hint.Platform))
	}
	if at < 0 {
		return nil, nil //nolint:nilnil // no plan is an answer: the sheet is skipped
	}
	return build(top, at, kind), nil
}

func normalised(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		if len(c) <= 120 { // a header is short; a post's text is not
			out[i] = Header(c)
		}
	}
	return out
}

// score counts the headers a kind knows; 0 when it does not fit. Marks count
// three times: they are what tells platforms apart.
func (k Kind) score(headers []string) int {
	have := map[string]bool{}
	for _, h := range headers {
		if h == "" {
			continue
		}
		have[h] = true
		if name, _ := splitUnit(h); name != h {
			have[name] = true
		}
	}
	for _, group := range k.Needs {
		if !slices.ContainsFunc(group, func(h string) bool { return have[h] }) {
			return 0
		}
	}
	for _, h := range k.Not {
		if have[h] {
			return 0
		}
	}
	score := 1
	for _, h := range headers {
		if m, _ := k.meaningOf(h); h != "" && m.field != "" {
			score++
		}
	}
	for _, h := range k.Marks {
		if have[h] {
			score += 2
		}
	}
	if k.Only {
		score += 1000
	}
	return score
}

// build lays out the columns of the chosen header row.
func build(top []sheet.Row, at int, k Kind) *Plan {
	p := &Plan{Kind: k, HeaderRow: top[at].Number}
	if k.Only {
		p.Mapping = k.Slug
		p.Kind.Slug = KindGeneric
	}
	taken := map[Field]int{} // field → index in p.Columns
	ranks := map[Field]int{}
	for i, raw := range top[at].Cells {
		h := Header(raw)
		if h == "" {
			continue
		}
		m, unit := k.meaningOf(h)
		if m.field == "" {
			p.Ignored = append(p.Ignored, Clean(raw))
			continue
		}
		c := column(i, Clean(raw), m.field, unit, k)
		if j, ok := taken[m.field]; ok {
			if m.rank == ranks[m.field] {
				p.Doubled = append(p.Doubled, c.Header)
			}
			if m.rank < ranks[m.field] {
				p.Twice = append(p.Twice, p.Columns[j].Header)
				p.Columns[j], ranks[m.field] = c, m.rank
			} else {
				p.Twice = append(p.Twice, c.Header)
			}
			continue
		}
		taken[m.field], ranks[m.field] = len(p.Columns), m.rank
		p.Columns = append(p.Columns, c)
	}
	for _, r := range top[at+1:] {
		p.Sample = append(p.Sample, r.Cells)
	}
	p.settleRatios()
	return p
}

func column(i int, header string, f Field, unit string, k Kind) Column {
	c := Column{Index: i, Header: header, Field: f, Type: fieldTypes[f], Bare: k.Bare, UnitMs: durationUnit(unit)}
	if c.Type == Count || c.Type == Signed || c.Type == Money {
		switch unit {
		case "万", "w", "万次", "万人", "万元":
			c.Suffix = "万"
		case "亿", "亿次":
			c.Suffix = "亿"
		}
	}
	if c.Type == Ratio && unit == "%" {
		c.Bare = Percent
	}
	switch k.units[Header(header)] {
	case "percent":
		c.Bare, c.fixed = Percent, true
	case "fraction":
		c.Bare, c.fixed = Fraction, true
	case "s", "min", "h", "ms":
		c.UnitMs = durationUnit(k.units[Header(header)])
	case "wan":
		c.Suffix = "万"
	}
	return c
}

// settleRatios decides per column what a bare ratio is worth: the layout's
// unit, unless the values cannot be that.
func (p *Plan) settleRatios() {
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Type != Ratio || c.fixed {
			continue
		}
		above, bare := false, 0
		for _, r := range p.Sample {
			if c.Index >= len(r) {
				continue
			}
			s := Clean(r[c.Index])
			if strings.HasSuffix(s, "%") {
				continue
			}
			n, err := ParseRatio(s, Fraction)
			if err != nil || !n.OK || n.Value == 0 {
				continue
			}
			bare++
			above = above || n.Value > RatioDen
		}
		switch {
		case above:
			c.Bare = Percent
		case bare > 0 && p.Kind.Bare == Percent && !strings.Contains(c.Header, "%"):
			c.Bare = Fraction // a layout that always writes %, saved by a program that dropped the style
		}
	}
}
