package hit

import (
	"bytes"
	"cmp"
	"context"
	"errors"
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

// columns are what a sheet of posts holds, in order; those with a star must be there. Names are also the text slugs
// hit.col_<name>.
func columns() []string {
	return strings.Fields("link* kind* title* author followers published views likes comments saves shares note")
}

// Columns lists the names without their stars.
func Columns() []string {
	out := columns()
	for i := range out {
		out[i] = strings.TrimSuffix(out[i], "*")
	}
	return out
}

const (
	maxSheet  = 8 << 20
	maxRows   = 5000
	maxFaults = 500
)

// Fault is what is wrong with one row of a sheet.
type Fault struct {
	Row    int
	Column string
	Slug   string
	Params errs.Params
}

// Sheet tells what a sheet did, or would do.
type Sheet struct {
	Rows, Added, Changed, Same int
	Faulty                     int
	Faults                     []Fault // the first 500
}

// table is a sheet read by its head: the cells of each row by column.
type table []struct {
	line  int
	cells map[string]string
}

// readTable reads a file. heads gives the column of each title in every language. Errors: those of package sheet,
// hit.sheet_columns, hit.sheet_empty, hit.sheet_long.
func readTable(data []byte, heads map[string]string) (out table, err error) {
	lim := sheet.DefaultLimits()
	lim.FileBytes, lim.Columns = maxSheet, 60
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		return nil, err
	}
	rows, err := book.Rows(0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var at []string
	for rows.Next() {
		r := rows.Row()
		if at == nil {
			if at, err = headOf(r.Cells, heads); err != nil {
				return nil, err
			}
			continue
		}
		if len(out) == maxRows {
			return nil, errs.New(errs.Invalid, "hit.sheet_long", "max", maxRows)
		}
		cells := make(map[string]string, len(at))
		for i, c := range r.Cells {
			if i < len(at) && at[i] != "" {
				cells[at[i]] = strings.TrimSpace(c)
			}
		}
		out = append(out, struct {
			line  int
			cells map[string]string
		}{r.Number, cells})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, "hit.sheet_empty")
	}
	return out, nil
}

func headOf(cells []string, heads map[string]string) ([]string, error) {
	at := make([]string, len(cells))
	for i, c := range cells {
		c = strings.TrimSuffix(strings.TrimSpace(c), "*")
		if name, ok := heads[c]; ok {
			at[i] = name
		} else if slices.Contains(Columns(), strings.ToLower(c)) {
			at[i] = strings.ToLower(c)
		}
	}
	for _, c := range columns() {
		if must, starred := strings.CutSuffix(c, "*"); starred && !slices.Contains(at, must) {
			return nil, errs.New(errs.Invalid, "hit.sheet_columns", "column", must)
		}
	}
	return at, nil
}

// kindOf reads a kind in the words of either language.
func kindOf(cell string) Kind {
	switch strings.ToLower(cell) {
	case "竞品", "competitor":
		return Competitor
	case "外部", "outside":
		return Outside
	case "自有", "本品牌", "own":
		return Own
	}
	return ""
}

// entryOf reads one row; faults are fields named as the columns.
func entryOf(cells map[string]string, today clock.Day) (entry, error) {
	bad := errs.Bad()
	number := func(column string) *int64 {
		v := strings.NewReplacer(",", "", "，", "", " ", "").Replace(cells[column])
		if v == "" || v == "—" || v == "-" {
			return nil
		}
		scale := 1.0
		if t, ok := strings.CutSuffix(v, "万"); ok {
			v, scale = t, 10_000
		}
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || f < 0 || f*scale > 1e11 {
			bad.Field(column, "hit.number")
			return nil
		}
		n := int64(f*scale + 0.5)
		return &n
	}
	e := Entry{
		Text: cells["link"], Kind: kindOf(cells["kind"]), Title: cells["title"], Author: cells["author"], Note: cells["note"], Followers: number("followers"), Views: number("views"),
		Given: Given{Likes: number("likes"), Comments: number("comments"), Saves: number("saves"), Shares: number("shares")},
	}
	if v := cells["published"]; v != "" {
		day, ok := dayOf(v)
		if !ok {
			bad.Field("published", "hit.day")
		}
		e.Published = day
	}
	out, err := e.read(today)
	var more *errs.Error
	if errors.As(err, &more) {
		bad.Fields = append(bad.Fields, more.Fields...)
	}
	return out, bad.OrNil()
}

// dayOf reads 2026-12-01, 2026/12/1, 20261201 and what a spreadsheet adds to a day.
func dayOf(v string) (clock.Day, bool) {
	v, _, _ = strings.Cut(v, " ")
	v, _, _ = strings.Cut(v, "T")
	v = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "").Replace(v)
	if len(v) == 8 && !strings.Contains(v, "-") {
		v = v[:4] + "-" + v[4:6] + "-" + v[6:]
	}
	parts := strings.Split(v, "-")
	for i := range parts {
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i]
		}
	}
	d, err := clock.ParseDay(strings.Join(parts, "-"))
	return d, err == nil
}

// EnterSheet keeps the posts of a sheet: new ones are added, figures that were told anew replace the old ones, the same sheet
// again changes nothing. Rows with faults are left out and told. With dry nothing is written. Errors: those of package sheet,
// hit.sheet_columns, hit.sheet_empty, hit.sheet_long, hit.unit_needed.
func (s *Service) EnterSheet(ctx context.Context, actor authz.Actor, data []byte, heads map[string]string, dry bool) (Sheet, error) {
	t, err := readTable(data, heads)
	if err != nil {
		return Sheet{}, err
	}
	unit, err := s.unitOf(ctx, actor)
	if err != nil {
		return Sheet{}, err
	}
	out := Sheet{Rows: len(t), Faults: []Fault{}}
	rows, err := s.sheetRows(ctx, actor, t, &out, func(e *entry) hitRow { return e.row(s.IDs.New(), unit, FromFile, actor.Name, s.now()) })
	if err != nil {
		return out, err
	}
	return out, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockBrand(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		return s.putSheet(ctx, tx, actor, rows, &out, dry)
	})
}

// sheetRows understands the rows of a sheet, one for each post, in order of key; faults go into out.
func (s *Service) sheetRows(ctx context.Context, actor authz.Actor, t table, out *Sheet, make func(*entry) hitRow) ([]hitRow, error) {
	lines, byKey := map[string]int{}, map[string]*entry{}
	for _, r := range t {
		e, err := entryOf(r.cells, s.today())
		var bad *errs.Error
		if errors.As(err, &bad) {
			out.fault(r.line, bad.Fields)
			continue
		}
		if first, twice := lines[e.key]; twice {
			out.fault(r.line, []errs.Field{{Path: "link", Slug: "hit.sheet_twice", Params: errs.Params{"row": first}}})
			continue
		}
		lines[e.key], byKey[e.key] = r.line, &e
	}
	list := []*entry{}
	for _, e := range byKey {
		list = append(list, e)
	}
	ours, err := s.ours(ctx, s.DB, actor, list)
	if err != nil {
		return nil, err
	}
	rows := []hitRow{}
	for _, e := range list {
		own, mine := ours[e.key]
		if e.Kind == Own && !mine {
			out.fault(lines[e.key], []errs.Field{{Path: "link", Slug: "hit.not_ours"}})
			continue
		}
		row := make(e)
		if mine {
			row = ownRow(row, own)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(out.Faults, func(a, b Fault) int { return cmp.Compare(a.Row, b.Row) })
	slices.SortFunc(rows, func(a, b hitRow) int { return cmp.Compare(a.Key, b.Key) })
	return slices.CompactFunc(rows, func(a, b hitRow) bool { return a.Key == b.Key }), nil
}

func (o *Sheet) fault(line int, fields []errs.Field) {
	o.Faulty++
	for _, f := range fields {
		if len(o.Faults) < maxFaults {
			o.Faults = append(o.Faults, Fault{line, f.Path, f.Slug, f.Params})
		}
	}
}

// putSheet counts what the rows change and, unless dry, writes it.
func (s *Service) putSheet(ctx context.Context, tx *db.Tx, actor authz.Actor, rows []hitRow, out *Sheet, dry bool) error {
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = rows[i].Key
	}
	old, err := hitsByKey(ctx, tx, actor.BrandID, keys)
	if err != nil {
		return err
	}
	var fresh []hitRow
	var changed [][]any
	for i := range rows {
		r := rows[i]
		was, ok := old[r.Key]
		switch {
		case !ok:
			fresh = append(fresh, r)
		case was.PostID != 0 || was.UnitID != r.UnitID || sameEntry(&was, &r): // our own posts have better figures; others' entries are theirs
			out.Same++
		default:
			var followers any
			if r.Followers >= 0 {
				followers = r.Followers
			}
			changed = append(changed, []any{
				string(r.Kind), r.Title, r.TitleNorm, r.Author, followers, int64(r.PublishedAt), int64(r.PublishedDay), r.Views, r.Interactions, r.Figures, r.Note, int64(r.UpdatedAt), int64(actor.BrandID), int64(was.ID),
			})
		}
	}
	out.Added, out.Changed = len(fresh), len(changed)
	if dry || len(fresh)+len(changed) == 0 {
		return nil
	}
	if _, err := insertHits(ctx, tx, actor.BrandID, fresh); err != nil {
		return err
	}
	err = db.Repeat(ctx, tx, `UPDATE hit_hit SET kind = $1, title = $2, title_norm = $3, author = $4, followers = $5, published_ms = $6, published_day = $7, views = $8, interactions = $9, figures = $10,
		note = $11, updated_ms = $12 WHERE brand_id = $13 AND id = $14`, changed)
	if err != nil {
		return err
	}
	return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "hit.sheet", Kind: "hit", Counts: map[string]int64{"added": int64(out.Added), "changed": int64(out.Changed), "faults": int64(out.Faulty)}})
}

func sameEntry(a, b *hitRow) bool {
	return a.Kind == b.Kind && a.Title == b.Title && a.Author == b.Author && a.Followers == b.Followers && a.PublishedDay == b.PublishedDay && a.Views == b.Views &&
		a.Interactions == b.Interactions && a.Figures == b.Figures && a.Note == b.Note
}

// writeTemplate writes an empty sheet with two examples and a page that explains the columns.
func writeTemplate(w io.Writer, say func(string) string) error {
	x, err := sheet.NewXLSX(w)
	if err != nil {
		return err
	}
	var cols []sheet.Column
	for _, c := range columns() {
		name, star := strings.CutSuffix(c, "*")
		title := say("col_" + name)
		if star {
			title += "*"
		}
		cols = append(cols, sheet.Column{Title: title, Width: map[string]float64{"link": 50, "title": 40, "author": 18, "note": 30}[name]})
	}
	if err := x.Sheet(say("sheet_name"), cols); err != nil {
		return err
	}
	examples := [][]any{
		{"https://www.xiaohongshu.com/explore/64b0a1f2000000001203abcd", say("kind_competitor"), say("example_title"), say("example_author"), 120000, "2026-11-03", nil, 8600, 420, 5100, 300, ""},
		{"https://www.douyin.com/video/7301234567890123456", say("kind_outside"), say("example_title2"), "", nil, "2026-11-08", 560000, 21000, 900, nil, nil, ""},
	}
	for _, r := range examples {
		if err := x.Row(r...); err != nil {
			return err
		}
	}
	if err := x.Sheet(say("sheet_help"), []sheet.Column{{Title: say("help_column"), Width: 20}, {Title: say("help_text"), Width: 80}}); err != nil {
		return err
	}
	for _, c := range Columns() {
		if err := x.Row(say("col_"+c), say("help_"+c)); err != nil {
			return err
		}
	}
	return x.Close()
}
