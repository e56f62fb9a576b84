package risk

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/sheet"
)

// column is one column of a sheet of rules.
type column struct {
	name string // text slug risk.col_<name>, also accepted as the header itself
	get  func(r *Ruled) string
	set  func(r *Rule, v string) (ok bool)
}

// between joins the phrases of one cell; a phrase never holds it.
const between = "｜"

func words(field func(*Rule) *[]string) (func(*Ruled) string, func(*Rule, string) bool) {
	return func(r *Ruled) string { return strings.Join(*field(&r.Rule), between) }, func(r *Rule, v string) bool {
		*field(r) = tidyList(strings.FieldsFunc(v, func(c rune) bool { return c == '｜' || c == '|' || c == '\n' }))
		return true
	}
}

func text(field func(*Rule) *string) (func(*Ruled) string, func(*Rule, string) bool) {
	return func(r *Ruled) string { return *field(&r.Rule) }, func(r *Rule, v string) bool { *field(r) = v; return true }
}

func number(field func(*Rule) *int) (func(*Ruled) string, func(*Rule, string) bool) {
	return func(r *Ruled) string {
			if n := *field(&r.Rule); n != 0 {
				return strconv.Itoa(n)
			}
			return ""
		}, func(r *Rule, v string) bool {
			if v == "" {
				return true
			}
			n, err := strconv.Atoi(v)
			*field(r) = n
			return err == nil
		}
}

func day(field func(*Rule) *clock.Day) (func(*Ruled) string, func(*Rule, string) bool) {
	return func(r *Ruled) string { return (*field(&r.Rule)).String() }, func(r *Rule, v string) bool {
		if v == "" {
			return true
		}
		d, err := clock.ParseDay(strings.ReplaceAll(strings.Fields(v)[0], "/", "-"))
		*field(r) = d
		return err == nil
	}
}

func yes(field func(*Rule) *bool) (func(*Ruled) string, func(*Rule, string) bool) {
	return func(r *Ruled) string {
			if *field(&r.Rule) {
				return "1"
			}
			return ""
		}, func(r *Rule, v string) bool {
			switch strings.ToLower(v) {
			case "", "0", "否", "no":
				return true
			case "1", "是", "yes":
				*field(r) = true
				return true
			}
			return false
		}
}

// columns lists what a sheet of rules holds, in order.
func columns() []column {
	var out []column
	add := func(name string, get func(*Ruled) string, set func(*Rule, string) bool) {
		out = append(out, column{name, get, set})
	}
	of := func(name string) func(get func(*Ruled) string, set func(*Rule, string) bool) {
		return func(get func(*Ruled) string, set func(*Rule, string) bool) { add(name, get, set) }
	}
	add("code", func(r *Ruled) string { return r.Code }, nil)
	add("pack", func(r *Ruled) string { return r.Pack }, nil)
	add("state", func(r *Ruled) string { return r.State }, nil)
	of("kind")(text(func(r *Rule) *string { return &r.Kind }))
	of("category")(text(func(r *Rule) *string { return &r.Category }))
	of("severity")(text(func(r *Rule) *string { return &r.Severity }))
	of("terms")(words(func(r *Rule) *[]string { return &r.Terms }))
	of("pattern")(text(func(r *Rule) *string { return &r.Pattern }))
	of("a")(words(func(r *Rule) *[]string { return &r.A }))
	of("b")(words(func(r *Rule) *[]string { return &r.B }))
	of("within")(number(func(r *Rule) *int { return &r.Within }))
	of("except")(words(func(r *Rule) *[]string { return &r.Except }))
	of("fold")(words(func(r *Rule) *[]string { return &r.Fold }))
	of("gap")(number(func(r *Rule) *int { return &r.Gap }))
	of("whole")(yes(func(r *Rule) *bool { return &r.Whole }))
	of("platforms")(words(func(r *Rule) *[]string { return &r.Platforms }))
	of("industries")(words(func(r *Rule) *[]string { return &r.Industries }))
	of("kinds")(words(func(r *Rule) *[]string { return &r.Kinds }))
	of("fields")(words(func(r *Rule) *[]string { return &r.Fields }))
	of("from")(day(func(r *Rule) *clock.Day { return &r.From }))
	of("until")(day(func(r *Rule) *clock.Day { return &r.Until }))
	of("reason")(text(func(r *Rule) *string { return &r.Reason }))
	of("reason_en")(text(func(r *Rule) *string { return &r.ReasonEN }))
	of("article")(text(func(r *Rule) *string { return &r.Article }))
	of("source")(text(func(r *Rule) *string { return &r.Source }))
	of("rewrite")(text(func(r *Rule) *string { return &r.Rewrite }))
	of("replace")(text(func(r *Rule) *string { return &r.Replace }))
	of("note")(text(func(r *Rule) *string { return &r.Note }))
	of("noisy")(yes(func(r *Rule) *bool { return &r.Noisy }))
	return out
}

// WriteRules writes the draft's rules as a workbook that ReadRules takes back unchanged. say words the columns.
func (s *Service) WriteRules(ctx context.Context, actor authz.Actor, f RuleFilter, say func(slug string) string, w io.Writer) error {
	list, err := s.Rules(ctx, actor, f)
	if err != nil {
		return err
	}
	x, err := sheet.NewXLSX(w)
	if err != nil {
		return err
	}
	cols := columns()
	head := make([]sheet.Column, len(cols))
	for i, c := range cols {
		head[i] = sheet.Column{Title: say("col_" + c.name), Width: map[string]float64{"terms": 40, "code": 26, "reason": 40, "article": 30, "rewrite": 30, "except": 30}[c.name]}
	}
	if err := x.Sheet(say("sheet_rules"), head); err != nil {
		return err
	}
	for i := range list {
		cells := make([]any, len(cols))
		for k, c := range cols {
			cells[k] = c.get(&list[i])
		}
		if err := x.Row(cells...); err != nil {
			return err
		}
	}
	return x.Close()
}

// RowFault is what is wrong with one row of a sheet.
type RowFault struct {
	Row    int
	Column string // name of the column; "" for the whole row
	Slug   string
	Params errs.Params
}

// Taken tells what a sheet of rules did, or would do.
type Taken struct {
	Added, Changed, Switched, Same int
	Faults                         []RowFault
	entries                        []Entry
	own                            []Rule
}

// mostFaults bounds the faults told of one sheet.
const mostFaults = 500

// ReadRules takes a sheet of rules into the draft: a row with the code of a known rule changes or switches it, one
// without a code is a new rule of the brand. Nothing is written when a row is faulty or dry is set. Errors: those of
// package sheet, risk.sheet_columns.
func (s *Service) ReadRules(ctx context.Context, actor authz.Actor, data []byte, heads map[string]string, dry bool) (Taken, error) {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return Taken{}, err
	}
	e, err := s.edition(ctx, s.DB, actor.BrandID, DraftVersion)
	if err != nil {
		return Taken{}, err
	}
	t, err := s.readSheet(e, data, heads)
	if err != nil || dry || len(t.Faults) > 0 || len(t.entries)+len(t.own) == 0 {
		return t, err
	}
	counts := map[string]int64{"added": int64(t.Added), "changed": int64(t.Changed), "switched": int64(t.Switched)}
	return t, s.edit(ctx, actor, audit.Entry{Action: "risk.rules_imported", Counts: counts}, func(ctx context.Context, tx *db.Tx, d *draftRow) error {
		now := s.now()
		list := t.entries
		for i := range t.own {
			r := t.own[i]
			r.Code, r.Pack = ownCode(d.NextCode), OwnPack
			d.NextCode++
			list = append(list, Entry{Code: r.Code, Rule: &r})
		}
		for i := range list {
			list[i].UpdatedAt, list[i].UpdatedBy = now, actor.Name
		}
		slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(a.Code, b.Code) })
		return putEntries(ctx, tx, actor.BrandID, list)
	})
}

func (s *Service) readSheet(e *Edition, data []byte, heads map[string]string) (Taken, error) {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.DefaultLimits())
	if err != nil {
		return Taken{}, err
	}
	rows, err := book.Rows(0)
	if err != nil {
		return Taken{}, err
	}
	defer func() { _ = rows.Close() }()
	known := map[string]Ruled{}
	for _, r := range e.list() {
		known[r.Code] = r
	}
	reader := sheetReader{known: known, seen: map[string]bool{}}
	for rows.Next() {
		row := rows.Row()
		if reader.at == nil {
			if err := reader.head(row.Cells, heads); err != nil {
				return Taken{}, err
			}
			continue
		}
		reader.row(row)
		if len(reader.out.Faults) >= mostFaults {
			break
		}
	}
	return reader.out, rows.Err()
}

// sheetReader takes one row after the other.
type sheetReader struct {
	at    map[string]int // column → place
	known map[string]Ruled
	seen  map[string]bool
	out   Taken
}

// head finds the columns by their shown title or their name.
func (x *sheetReader) head(cells []string, heads map[string]string) error {
	x.at = map[string]int{}
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if name, ok := heads[c]; ok {
			x.at[name] = i
		} else {
			x.at[strings.ToLower(c)] = i
		}
	}
	for _, must := range []string{"kind", "category", "severity", "reason", "article"} {
		if _, ok := x.at[must]; !ok {
			return errs.New(errs.Invalid, "risk.sheet_columns", "column", must)
		}
	}
	return nil
}

func (x *sheetReader) cell(cells []string, name string) (string, bool) {
	i, ok := x.at[name]
	if !ok {
		return "", false
	}
	if i >= len(cells) {
		return "", true
	}
	return strings.TrimSpace(cells[i]), true
}

func (x *sheetReader) fault(row int, col, slug string, params errs.Params) {
	x.out.Faults = append(x.out.Faults, RowFault{row, col, slug, params})
}

func (x *sheetReader) row(row sheet.Row) {
	code, _ := x.cell(row.Cells, "code")
	old, stands := x.known[code]
	switch {
	case code != "" && !stands:
		x.fault(row.Number, "code", "risk.rule_gone", errs.Params{"code": code})
		return
	case code != "" && x.seen[code]:
		x.fault(row.Number, "code", "risk.code_twice", errs.Params{"code": code})
		return
	}
	x.seen[code] = true
	r := Rule{Code: code, Pack: OwnPack}
	if stands {
		r = old.Rule // columns that the sheet lacks stay as they are
	}
	good := true
	for _, c := range columns() {
		v, there := x.cell(row.Cells, c.name)
		if c.set != nil && there && !c.set(&r, v) {
			x.fault(row.Number, c.name, "risk.cell_wrong", errs.Params{"value": v})
			good = false
		}
	}
	r.tidy()
	bad := errs.Bad()
	r.faults(bad, "")
	for _, f := range bad.Fields {
		col, _, _ := strings.Cut(f.Path, "[")
		x.fault(row.Number, col, f.Slug, f.Params)
		good = false
	}
	if good {
		x.take(row, &r, old, stands)
	}
}

// take counts a faultless row and keeps what it changes.
func (x *sheetReader) take(row sheet.Row, r *Rule, old Ruled, stands bool) {
	state, told := x.cell(row.Cells, "state")
	if !stands {
		if err := tryRule(r); err != nil {
			x.fault(row.Number, "terms", "risk.rules_faulty", errs.Params{"what": err.Error()})
			return
		}
		x.out.Added++
		x.out.own = append(x.out.own, *r)
		return
	}
	off := old.State == StateOff
	if told && (state == StateOff || off) && state != StatePackOff {
		off = state == StateOff
	}
	entry := Entry{Code: r.Code, Off: off, Note: old.Note}
	shipped := old.asShipped()
	if shipped == nil || len(shipped.differs(r)) > 0 {
		entry.Rule = r
	}
	changed, switched := len(old.differs(r)) > 0, off != (old.State == StateOff)
	switch {
	case changed:
		if err := tryRule(r); err != nil {
			x.fault(row.Number, "terms", "risk.rules_faulty", errs.Params{"what": err.Error()})
			return
		}
		x.out.Changed++
	case switched:
		x.out.Switched++
	default:
		x.out.Same++
		return
	}
	x.out.entries = append(x.out.entries, entry)
}
