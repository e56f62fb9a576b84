package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Writer streams rows into a file. A cell is a string, a whole number, a
// float64 or nil for an empty cell; strings stay text whatever they look like.
type Writer interface {
	Row(cells ...any) error
	Close() error
}

// Column describes a column of a written XLSX.
type Column struct {
	Title string
	Width float64 // characters; 0 for a default fitting the title
}

// XLSXWriter writes a workbook sheet by sheet.
type XLSXWriter struct {
	out  io.Writer
	file *excelize.File
	cur  *excelize.StreamWriter
	head int
	row  int
	n    int
}

// NewXLSX starts a workbook that is written to w by Close.
func NewXLSX(w io.Writer) (*XLSXWriter, error) {
	f := excelize.NewFile()
	style, err := f.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EAF1FB"}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
	})
	if err != nil {
		return nil, err
	}
	return &XLSXWriter{out: w, file: f, head: style}, nil
}

// Sheet begins a new sheet with a styled, frozen header row. Characters a
// sheet name must not hold are replaced.
func (x *XLSXWriter) Sheet(name string, cols []Column) error {
	if err := x.flush(); err != nil {
		return err
	}
	name = sheetName(name)
	if x.n == 0 {
		if err := x.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := x.file.NewSheet(name); err != nil {
		return err
	}
	x.n++
	s, err := x.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	x.cur, x.row = s, 1
	titles := make([]any, len(cols))
	for i, c := range cols {
		titles[i] = excelize.Cell{StyleID: x.head, Value: c.Title}
		w := c.Width
		if w == 0 {
			w = max(10, float64(len(c.Title))+2)
		}
		if err := s.SetColWidth(i+1, i+1, min(w, 80)); err != nil {
			return err
		}
	}
	if len(cols) == 0 {
		return nil
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return x.write(titles)
}

func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, strings.TrimSpace(s))
	if s == "" {
		s = "Sheet"
	}
	if r := []rune(s); len(r) > 31 {
		s = string(r[:31])
	}
	return s
}

// Row appends a row to the current sheet.
func (x *XLSXWriter) Row(cells ...any) error {
	if x.cur == nil {
		if err := x.Sheet("Sheet1", nil); err != nil {
			return err
		}
	}
	out := make([]any, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case nil, int, int32, int64, float64:
			out[i] = v
		case string:
			out[i] = cleanText(v)
		default:
			out[i] = cleanText(fmt.Sprint(v))
		}
	}
	return x.write(out)
}

func (x *XLSXWriter) write(cells []any) error {
	at, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	x.row++
	return x.cur.SetRow(at, cells)
}

func (x *XLSXWriter) flush() error {
	if x.cur == nil {
		return nil
	}
	err := x.cur.Flush()
	x.cur = nil
	return err
}

// Close finishes the workbook and writes it out.
func (x *XLSXWriter) Close() error {
	defer x.file.Close()
	if err := x.flush(); err != nil {
		return err
	}
	return x.file.Write(x.out)
}

// cleanText drops what XML cannot hold and what is longer than a cell may be.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > excelize.TotalCellChars {
		if r := []rune(s); len(r) > excelize.TotalCellChars {
			s = string(r[:excelize.TotalCellChars])
		}
	}
	return s
}

// CSVWriter writes UTF-8 with a byte order mark, which spreadsheet programs
// need to show Chinese.
type CSVWriter struct {
	buf *bufio.Writer
	csv *csv.Writer
}

// NewCSV starts a CSV on w.
func NewCSV(w io.Writer) (*CSVWriter, error) {
	b := bufio.NewWriter(w)
	if _, err := b.WriteString("\ufeff"); err != nil {
		return nil, err
	}
	return &CSVWriter{buf: b, csv: csv.NewWriter(b)}, nil
}

// Row appends a row. A string a spreadsheet program would run as a formula is
// preceded by an apostrophe.
func (c *CSVWriter) Row(cells ...any) error {
	out := make([]string, len(cells))
	for i, v := range cells {
		switch v := v.(type) {
		case nil:
		case int:
			out[i] = strconv.Itoa(v)
		case int64:
			out[i] = strconv.FormatInt(v, 10)
		case float64:
			out[i] = strconv.FormatFloat(v, 'f', -1, 64)
		case string:
			out[i] = EscapeFormula(v)
		default:
			out[i] = EscapeFormula(fmt.Sprint(v))
		}
	}
	return c.csv.Write(out)
}

// Close flushes what is buffered.
func (c *CSVWriter) Close() error {
	c.csv.Flush()
	if err := c.csv.Error(); err != nil {
		return err
	}
	return c.buf.Flush()
}

// EscapeFormula makes a text harmless in a CSV opened by a spreadsheet program.
// A lone dash, the usual sign for a missing value, stays.
func EscapeFormula(s string) string {
	if s == "" || s == "-" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return "'" + s
	}
	return s
}
