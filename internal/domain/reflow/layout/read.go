package layout

import (
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/sheet"
)

// Ref names an account as a file does; the room finds out which one it is.
type Ref struct {
	Platform string // slug or the word in the file; "" when the file does not say
	Handle   string // handle or shown name
	ID       string // the platform's id
}

// Zero reports whether the file named no account.
func (r Ref) Zero() bool { return r.Handle == "" && r.ID == "" }

// Figure is one number about a post, a session or an account's day.
type Figure struct {
	Field Field
	Value int64
}

// Fault is something wrong with a row. Warn marks what did not keep the row
// out. Slug is a key of the room's catalogue.
type Fault struct {
	Row    int
	Sheet  string
	Column string
	Slug   string
	Params map[string]any
	Warn   bool
}

// Record is one row, understood. A record with a fault that is no warning is
// not to be imported.
type Record struct {
	Row      int
	Sheet    string
	Kind     string
	Grain    Grain
	Accounts []Ref // usually one or none; id lists give several
	Bio      string

	ID        string
	Title     string
	Published time.Time // of posts: publication; of sessions: the start
	Precision Precision
	Form      string // image, video, live, article or ""
	Link      string
	Deleted   bool      // the platform says it was taken down
	Day       time.Time // of account days
	AsOf      time.Time // when the figures were true, where the row itself says

	Figures []Figure
	Roster  RosterCells
	Faults  []Fault
}

// Bad reports whether the record must not be imported.
func (r *Record) Bad() bool {
	return slices.ContainsFunc(r.Faults, func(f Fault) bool { return !f.Warn })
}

func (r *Record) fault(column, slug string, kv ...any) {
	r.Faults = append(r.Faults, Fault{Row: r.Row, Sheet: r.Sheet, Column: column, Slug: slug, Params: params(kv)})
}

func (r *Record) warn(column, slug string, kv ...any) {
	r.Faults = append(r.Faults, Fault{Row: r.Row, Sheet: r.Sheet, Column: column, Slug: slug, Params: params(kv), Warn: true})
}

func params(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i].(string)] = kv[i+1]
	}
	return m
}

// Read walks the rows of every plan below its header and yields one record a
// row, in file order, the same for the same file. asOf carries the brand's
// zone. Rows that are totals, repeated headers or notes are left out.
func (u *Understanding) Read(b *sheet.Book, asOf time.Time, yield func(*Record) error) error {
	if u.Kind == KindSeries {
		return u.readSeries(b, asOf, yield)
	}
	for i := range u.Plans {
		if err := u.Plans[i].read(b, asOf, yield); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) read(b *sheet.Book, asOf time.Time, yield func(*Record) error) error {
	rows, err := b.Rows(p.Sheet)
	if err != nil {
		return err
	}
	defer rows.Close()
	day := p.sheetDay(asOf)
	var last *Record
	for rows.Next() {
		row := rows.Row()
		if row.Number <= p.HeaderRow || p.repeated(row.Cells, asOf) {
			continue
		}
		if last != nil {
			if err := yield(last); err != nil {
				return err
			}
		}
		last = p.record(row, asOf, day)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if last == nil {
		return nil
	}
	if rows.CutOff() {
		last.fault("", "reflow.row_cut_off")
	}
	return yield(last)
}

// sheetDay is the day a sheet's name stands for, where the layout has a sheet
// a day.
func (p *Plan) sheetDay(asOf time.Time) time.Time {
	if p.Kind.Grain != AccountDay || p.Has(Day) {
		return time.Time{}
	}
	t, err := ParseTime(p.Name, asOf)
	if err != nil || !t.OK {
		return time.Time{}
	}
	return midnight(t.At)
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// repeated finds header rows pasted again between data, and the notes and
// totals exports put under their tables.
func (p *Plan) repeated(cells []string, asOf time.Time) bool {
	same, filled := 0, 0
	for _, c := range p.Columns {
		if c.Index >= len(cells) || cells[c.Index] == "" {
			continue
		}
		// Once a cell differs only their number counts.
		if same == filled && (cells[c.Index] == c.Header || Clean(cells[c.Index]) == c.Header) {
			same++
		}
		filled++
	}
	if filled == 0 || same == filled && same > 0 {
		return true
	}
	if filled > 1 && p.Kind.Grain == Roster {
		return false
	}
	first := ""
	for _, c := range cells {
		if first = Clean(c); first != "" {
			break
		}
	}
	switch first {
	case "合计", "总计", "汇总", "总和", "小计", "平均", "平均值", "均值", "total", "Total":
		return !p.dated(cells, asOf) // with a date it is a post or a day of that name
	}
	return filled == 1 && (strings.HasPrefix(first, "注:") || strings.HasPrefix(first, "备注:") || strings.HasPrefix(first, "说明:") || strings.HasPrefix(first, "最多导出") || strings.HasPrefix(first, "数据来源"))
}

// dated reports whether a row says when it was.
func (p *Plan) dated(cells []string, asOf time.Time) bool {
	return slices.ContainsFunc(p.Columns, func(c Column) bool {
		if c.Index >= len(cells) || c.Type != DayType && c.Type != TimeType {
			return false
		}
		t, err := ParseTime(cells[c.Index], asOf)
		return err == nil && t.OK
	})
}

// record turns one row into a record by the plan's columns.
func (p *Plan) record(row sheet.Row, asOf, day time.Time) *Record {
	r := &Record{Row: row.Number, Sheet: p.Name, Kind: p.Kind.Slug, Grain: p.Kind.Grain, Day: day}
	if r.Grain == Roster {
		p.rosterRow(r, row.Cells)
		return r
	}
	r.Figures = make([]Figure, 0, len(p.Columns))
	var ref Ref
	var ids []string
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Index >= len(row.Cells) {
			continue
		}
		raw := row.Cells[c.Index]
		if raw == "" {
			continue
		}
		if c.Type != Text {
			r.cell(c, raw, asOf)
			continue
		}
		v := Clean(raw)
		if v == "" {
			continue
		}
		switch c.Field {
		case Title:
			r.Title = v
		case PostID:
			r.ID = p.identifier(r, c, v)
		case Form:
			r.Form = form(v)
		case Link:
			r.Link = v
		case Audit:
			r.Deleted = strings.Contains(v, "删除") || strings.Contains(v, "下架")
		case AccountHandle:
			ref.Handle = strings.TrimPrefix(v, "@")
		case AccountID:
			ref.ID = v
		case AccountIDs:
			ids = splitIDs(v)
		case AccountBio:
			r.Bio = v
		case Platform:
			ref.Platform = v
		}
	}
	if ref.Platform == "" {
		ref.Platform = p.Kind.Platform
	}
	if len(ids) > 0 {
		for _, id := range ids {
			r.Accounts = append(r.Accounts, Ref{Platform: ref.Platform, ID: id})
		}
	} else if !ref.Zero() {
		r.Accounts = []Ref{ref}
	}
	p.check(r)
	return r
}

// cell reads a typed cell into the record.
func (r *Record) cell(c *Column, raw string, asOf time.Time) {
	var n Number
	var err error
	switch c.Type {
	case Count, Signed:
		if c.Suffix != "" && !Missing(Clean(raw)) {
			raw += c.Suffix
		}
		n, err = ParseCount(raw, c.Type == Signed)
	case Ratio:
		n, err = ParseRatio(raw, c.Bare)
	case Duration:
		n, err = ParseDuration(raw, c.UnitMs)
	case Money:
		n, err = ParseMoney(raw + c.Suffix)
	case DayType, TimeType:
		r.date(c, raw, asOf)
		return
	case Text:
		return
	}
	if err != nil {
		r.fault(c.Header, "reflow.cell_"+err.Error(), "value", brief(raw))
		return
	}
	if n.OK {
		r.Figures = append(r.Figures, Figure{c.Field, n.Value})
		if n.AtLeast {
			r.warn(c.Header, "reflow.cell_at_least", "value", brief(raw))
		}
	}
}

func (r *Record) date(c *Column, raw string, asOf time.Time) {
	t, err := ParseTime(raw, asOf)
	switch {
	case err != nil:
		r.fault(c.Header, "reflow.cell_"+err.Error(), "value", brief(raw))
	case !t.OK:
	case c.Field == Day:
		r.Day = midnight(t.At)
	default:
		r.Published, r.Precision = t.At, t.Prec
	}
}

func brief(s string) string {
	s = Clean(s)
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

// identifier warns of ids a spreadsheet program has rounded to 15 digits.
func (p *Plan) identifier(r *Record, c *Column, v string) string {
	if Missing(v) {
		return ""
	}
	if len(v) > 16 && strings.Trim(v, "0123456789") == "" && strings.Trim(v[15:], "0") == "" {
		r.warn(c.Header, "reflow.id_rounded", "value", v)
		return ""
	}
	return v
}

func form(v string) string {
	switch {
	case strings.Contains(v, "直播"):
		return "live"
	case strings.Contains(v, "视频"):
		return "video"
	case strings.Contains(v, "图"), strings.Contains(v, "笔记"):
		return "image"
	case strings.Contains(v, "文章"):
		return "article"
	}
	return ""
}

// splitIDs explodes a list cell.
func splitIDs(v string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(",;|、/，；｜ \n", r) }) {
		s = strings.TrimSuffix(strings.TrimSpace(s), ".0")
		if s != "" && !Missing(s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// check refuses rows that cannot stand for anything.
func (p *Plan) check(r *Record) {
	if r.Bad() {
		return
	}
	switch p.Kind.Grain {
	case Post:
		if r.Published.IsZero() {
			r.fault(p.headerOf(Published), "reflow.row_no_date")
		} else if r.Title == "" && r.ID == "" && r.Precision == ToDay {
			r.fault(p.headerOf(Title), "reflow.row_no_title")
		}
		if r.Form == "" {
			r.Form = defaultForm(p.Kind)
		}
	case Session:
		r.Form = "live"
		if r.Published.IsZero() {
			r.fault(p.headerOf(Started), "reflow.row_no_date")
		}
	case AccountDay:
		if r.Day.IsZero() {
			r.fault(p.headerOf(Day), "reflow.row_no_date")
		} else if len(r.Figures) == 0 {
			r.warn("", "reflow.row_empty")
		}
	case Roster, Series:
	}
}

func defaultForm(k Kind) string {
	switch k.Platform {
	case Channels, Bilibili, Douyin, Kuaishou:
		return "video"
	case WechatOA:
		return "article"
	}
	return ""
}

func (p *Plan) headerOf(f Field) string {
	for _, c := range p.Columns {
		if c.Field == f {
			return c.Header
		}
	}
	return ""
}

// rosterRow keeps the cells as they stand; the account room knows its words.
func (p *Plan) rosterRow(r *Record, cells []string) {
	for i := range p.Columns {
		c := &p.Columns[i]
		if c.Index >= len(cells) {
			continue
		}
		if to := r.Roster.at(c.Field); to != nil {
			*to = Clean(cells[c.Index])
		}
	}
}

// RosterCells are the cells of a roster's row; "" where the sheet has none.
type RosterCells struct {
	UnitPath, UnitKind, Member, Phone, Role, Platform, Handle, ExternalID, AccountKind, Ownership string
}

func (c *RosterCells) at(f Field) *string {
	switch f {
	case UnitPath:
		return &c.UnitPath
	case UnitKind:
		return &c.UnitKind
	case Member:
		return &c.Member
	case Phone:
		return &c.Phone
	case Role:
		return &c.Role
	case Platform:
		return &c.Platform
	case AccountHandle:
		return &c.Handle
	case AccountID:
		return &c.ExternalID
	case AccountKind:
		return &c.AccountKind
	case Ownership:
		return &c.Ownership
	}
	return nil
}

// RosterHeaders names the roster's columns as the file wrote them, for faults
// the account room reports by field.
func (u *Understanding) RosterHeaders() map[string]string {
	out := map[string]string{}
	for _, p := range u.Plans {
		for _, c := range p.Columns {
			out[string(c.Field)] = c.Header
		}
	}
	return out
}
