package product

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/sheet"
)

// ImportKind is what a sheet holds.
type ImportKind string

// The kinds of sheets.
const (
	SheetProducts ImportKind = "products"
	SheetPrices   ImportKind = "prices"
	SheetStock    ImportKind = "stock"
)

// columnsOf lists what a sheet of a kind holds, in order; those with a star must be there. Names are also the text slugs
// product.col_<name>.
func columnsOf(kind ImportKind) []string {
	switch kind {
	case SheetProducts:
		return strings.Fields("line product_code* product* aliases product_state sku_code* sku* spec sku_aliases sku_state points scenes copy")
	case SheetPrices:
		return strings.Fields("sku_code* unit channel kind* amount rate title from* to note")
	case SheetStock:
		return strings.Fields("store* sku_code* qty*")
	}
	return nil
}

// columnNames are the columns without their stars.
func columnNames(kind ImportKind) []string {
	out := columnsOf(kind)
	for i := range out {
		out[i] = strings.TrimSuffix(out[i], "*")
	}
	return out
}

// examples are the rows of a template: what to write into each column.
func examples(kind ImportKind) [][]string {
	switch kind {
	case SheetProducts:
		return [][]string{
			{"SUV", "X7", "星海X7", "X7｜星海七", "live", "X7-PRO", "X7 Pro 长续航", "82 度电池", "X7 Pro", "live", "续航：CLTC 702 公里｜空间：三排六座", "周末露营：后备厢带电源", "星海X7 现在 {price} 起，欢迎到{store}试驾"},
			{"SUV", "X7", "星海X7", "", "live", "X7-AIR", "X7 Air", "62 度电池", "", "live", "", "", ""},
		}
	case SheetPrices:
		return [][]string{
			{"X7-PRO", "", "", "price", "129800", "", "", "2026-12-01", "", ""},
			{"X7-PRO", "华东大区", "live", "discount", "", "9.5", "", "2026-12-01", "2026-12-12", "直播专享"},
			{"X7-PRO", "", "", "promotion", "5000", "", "置换补贴 5000 元", "2026-12-01", "2026-12-31", ""},
		}
	case SheetStock:
		return [][]string{{"华东大区/上海/静安店", "X7-PRO", "3"}}
	}
	return nil
}

// RowFault is what is wrong, or worth a look, with one row of a sheet.
type RowFault struct {
	Row     int         `json:"row"`
	Column  string      `json:"column"`
	Slug    string      `json:"slug"`
	Params  errs.Params `json:"params"`
	Warning bool        `json:"warning"` // the row is taken all the same
}

// mostFaults bounds the faults kept of one sheet.
const mostFaults = 500

// sheetLimits bound an uploaded file.
func sheetLimits() sheet.Limits {
	l := sheet.DefaultLimits()
	l.FileBytes, l.Rows, l.Columns = maxSheet, 200_000, 100
	return l
}

// maxSheet bounds an uploaded file, in bytes.
const maxSheet = 32 << 20

// table is a sheet read by its head.
type table struct {
	kind ImportKind
	at   map[string]int
	rows []tableRow
}

type tableRow struct {
	line  int
	cells []string
}

// readTable reads a file. heads gives the column of each title in every language. Errors: those of package sheet,
// product.sheet_columns, product.sheet_empty.
func readTable(kind ImportKind, data []byte, heads map[string]string) (*table, error) {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheetLimits())
	if err != nil {
		return nil, err
	}
	rows, err := book.Rows(0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	t := &table{kind: kind}
	for rows.Next() {
		row := rows.Row()
		if t.at == nil {
			if err := t.head(row.Cells, heads); err != nil {
				return nil, err
			}
			continue
		}
		t.rows = append(t.rows, tableRow{row.Number, slices.Clone(row.Cells)})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(t.rows) == 0 {
		return nil, errs.New(errs.Invalid, "product.sheet_empty")
	}
	return t, nil
}

func (t *table) head(cells []string, heads map[string]string) error {
	t.at = map[string]int{}
	for i, c := range cells {
		c = strings.TrimSuffix(strings.TrimSpace(c), "*")
		if name, ok := heads[c]; ok {
			t.at[name] = i
		} else {
			t.at[strings.ToLower(c)] = i
		}
	}
	for _, c := range columnsOf(t.kind) {
		must, starred := strings.CutSuffix(c, "*")
		if _, ok := t.at[must]; starred && !ok {
			return errs.New(errs.Invalid, "product.sheet_columns", "column", must)
		}
	}
	return nil
}

func (t *table) cell(r tableRow, name string) string {
	i, ok := t.at[name]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// between joins several words of one cell.
const between = "｜"

func splitCell(v string) []string {
	return tidy(strings.FieldsFunc(v, func(c rune) bool { return c == '｜' || c == '|' || c == '\n' }))
}

// readPoints reads 标题：说明｜标题：说明.
func readPoints(v string) []Point {
	var out []Point
	for _, one := range splitCell(v) {
		title, text, ok := strings.Cut(one, "：")
		if !ok {
			title, text, _ = strings.Cut(one, ":")
		}
		out = append(out, Point{strings.TrimSpace(title), strings.TrimSpace(text)})
	}
	return out
}

func writePoints(list []Point) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Title
		if p.Text != "" {
			out[i] += "：" + p.Text
		}
	}
	return strings.Join(out, between)
}

// readDay reads 2026-12-01, 2026/12/1, 20261201 and what a spreadsheet adds to a day.
func readDay(v string) (clock.Day, bool) {
	v, _, _ = strings.Cut(v, " ")
	v, _, _ = strings.Cut(v, "T")
	v = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "").Replace(v)
	if len(v) == 8 && !strings.Contains(v, "-") {
		v = v[:4] + "-" + v[4:6] + "-" + v[6:]
	}
	parts := strings.Split(v, "-")
	if len(parts) != 3 {
		return 0, false
	}
	for i := range parts[1:] {
		if len(parts[i+1]) == 1 {
			parts[i+1] = "0" + parts[i+1]
		}
	}
	d, err := clock.ParseDay(strings.Join(parts, "-"))
	return d, err == nil
}

// readMoney reads 129800, 129,800.00, ¥129800, 12.98万 into fen.
func readMoney(v string) (int64, bool) {
	v = strings.TrimSpace(strings.NewReplacer("¥", "", "￥", "", "元", "", " ", "").Replace(v))
	if v == "" {
		return 0, false
	}
	list := amountsIn("¥" + v)
	if len(list) != 1 || list[0].end != len([]rune(v))+1 {
		return 0, false
	}
	return list[0].fen, true
}

// readRate reads 9.5 or 9.5折 (95 % is left to pay), 95%, 0.95 into thousandths.
func readRate(v string) (int64, bool) {
	percent := strings.HasSuffix(v, "%") || strings.HasSuffix(v, "％")
	v = strings.TrimRight(strings.TrimSpace(v), "折%％ ")
	f, err := strconv.ParseFloat(v, 64)
	switch {
	case err != nil || f <= 0:
		return 0, false
	case percent:
		f /= 100
	case f > 10:
		f /= 100 // 95 折
	case f > 1:
		f /= 10
	}
	n := int64(f*1000 + 0.5)
	return n, n >= 1 && n <= 999
}
