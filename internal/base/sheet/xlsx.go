package sheet

import (
	"errors"
	"io"
	"slices"
	"strconv"

	"kosmos/internal/base/errs"
)

// mergeScan is the size of a sheet up to which merged cells are looked up
// before its rows are read (they stand behind the rows in the file). Sheets
// above it are machine-made and hold none that matter.
const mergeScan = 16 << 20

// maxMerges bounds how many merged areas are kept.
const maxMerges = 100_000

// walk starts reading sheet i.
func (w *workbook) walk(i int) (Rows, error) {
	shared, err := w.sharedStrings()
	if err != nil {
		return nil, err
	}
	var merges map[int][]merge
	if w.pack.size(w.paths[i]) <= mergeScan {
		if merges, err = w.merges(w.paths[i]); err != nil {
			return nil, err
		}
	}
	rc, err := w.pack.open(w.paths[i])
	if err != nil {
		return nil, err
	}
	return &xlsxRows{
		book: w, rc: rc, part: w.paths[i], shared: shared, merges: merges,
		sc: newScanner(rc, w.pack.lim.CellBytes), lim: w.pack.lim,
	}, nil
}

// merge is one vertically merged run of cells in one column.
type merge struct {
	first, last int
	value       string
}

// merges lists vertical merges by column.
func (w *workbook) merges(part string) (map[int][]merge, error) {
	rc, err := w.pack.open(part)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	sc := newScanner(rc, w.pack.lim.CellBytes)
	out := map[int][]merge{}
	for n := 0; n < maxMerges; {
		t, err := sc.next()
		if err != nil {
			break // the walk over the rows reports faults with their row
		}
		if (t.kind != tokEmpty && t.kind != tokStart) || string(t.name) != "mergeCell" {
			continue
		}
		ref := attr(t.attr, "ref")
		for k := range ref {
			if ref[k] != ':' {
				continue
			}
			c, r := cellRef(ref[:k])
			_, last := cellRef(ref[k+1:])
			if last > r && r > 0 && c >= 0 && c < w.pack.lim.Columns {
				out[c] = append(out[c], merge{first: r, last: last})
				n++
			}
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b merge) int { return a.first - b.first })
	}
	return out, nil
}

// cellRef splits "B12" into column 1 and row 12; -1 and 0 when absent.
func cellRef(ref []byte) (col, row int) {
	for _, c := range ref {
		switch {
		case c >= 'A' && c <= 'Z':
			col = col*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			col = col*26 + int(c-'a') + 1
		case c >= '0' && c <= '9':
			row = row*10 + int(c-'0')
		}
		if col > 1<<20 || row > 1<<24 {
			return -1, 0
		}
	}
	return col - 1, row
}

// xlsxRows walks the rows of one worksheet part.
type xlsxRows struct {
	book   *workbook
	rc     io.ReadCloser
	sc     *scanner
	part   string
	shared []string
	merges map[int][]merge
	lim    Limits

	cells []string
	num   int // number of the current row
	count int // non-empty rows so far
	begun bool
	done  bool
	err   error

	col   int
	typ   byte // s, i(nline), f(ormula string), b, e, n
	style int
	val   []byte
}

func (r *xlsxRows) Row() Row     { return Row{Number: r.num, Cells: r.cells} }
func (r *xlsxRows) CutOff() bool { return false }
func (r *xlsxRows) Err() error   { return r.err }
func (r *xlsxRows) Close() error { return r.rc.Close() }

func (r *xlsxRows) fail(err error) bool {
	r.err = readFault(err, r.part, r.num, r.lim)
	r.done = true
	return false
}

// Next reads on until a row that holds something.
func (r *xlsxRows) Next() bool {
	for !r.done {
		t, err := r.sc.next()
		if errors.Is(err, io.EOF) {
			r.done = true
			if !r.begun {
				r.err = errs.New(errs.Invalid, "sheet.damaged", "part", r.part)
				return false
			}
			return r.fail(errCut) // sheetData was never closed
		}
		if err != nil {
			return r.fail(err)
		}
		switch {
		case string(t.name) == "sheetData" && (t.kind == tokEnd || t.kind == tokEmpty):
			r.begun, r.done = true, true
		case t.kind == tokStart && string(t.name) == "sheetData":
			r.begun = true
		case string(t.name) == "row" && (t.kind == tokStart || t.kind == tokEmpty):
			if err := r.readRow(t); err != nil {
				return r.fail(err)
			}
			r.fillMerged()
			if hasText(r.cells) {
				if r.count++; r.count > r.lim.Rows {
					return r.fail(errs.New(errs.Invalid, "sheet.too_many_rows", "limit", r.lim.Rows))
				}
				return true
			}
		}
	}
	return false
}

func (r *xlsxRows) readRow(start token) error {
	r.num++
	if a := attr(start.attr, "r"); a != nil {
		if n, err := strconv.Atoi(string(a)); err == nil && n > 0 {
			r.num = n
		}
	}
	r.cells, r.col = r.cells[:0], -1
	if start.kind == tokEmpty {
		return nil
	}
	collect := false
	for {
		t, err := r.sc.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return errCut
			}
			return err
		}
		switch t.kind {
		case tokText, tokCData:
			if collect {
				if r.val = appendText(r.val, t); len(r.val) > r.lim.CellBytes {
					return errs.New(errs.Invalid, "sheet.cell_too_long", "row", r.num, "limit", r.lim.CellBytes)
				}
			}
		case tokStart, tokEmpty:
			switch string(t.name) {
			case "c":
				r.startCell(t)
				if t.kind == tokEmpty {
					r.val = r.val[:0]
				}
			case "v", "t":
				collect = t.kind == tokStart
			case "f", "rPh":
				if t.kind == tokStart {
					if err := r.skipElement(string(t.name)); err != nil {
						return err
					}
				}
			}
		case tokEnd:
			switch string(t.name) {
			case "v", "t":
				collect = false
			case "c":
				if err := r.endCell(); err != nil {
					return err
				}
			case "row":
				return nil
			}
		}
	}
}

func (r *xlsxRows) skipElement(name string) error {
	for {
		t, err := r.sc.next()
		if errors.Is(err, io.EOF) {
			return errCut
		}
		if err != nil {
			return err
		}
		if t.kind == tokEnd && string(t.name) == name {
			return nil
		}
	}
}

// startCell reads position, type and style in one pass over the attributes.
func (r *xlsxRows) startCell(t token) {
	r.col++
	r.typ, r.style, r.val = 'n', 0, r.val[:0]
	if a := attr(t.attr, "r"); a != nil {
		if c, _ := cellRef(a); c >= 0 {
			r.col = c
		}
	}
	if a := attr(t.attr, "t"); len(a) > 0 {
		switch string(a) {
		case "s", "b", "e", "d":
			r.typ = a[0]
		case "str":
			r.typ = 'f'
		case "inlineStr":
			r.typ = 'i'
		}
	}
	if a := attr(t.attr, "s"); a != nil {
		r.style, _ = strconv.Atoi(string(a))
	}
}

func (r *xlsxRows) endCell() error {
	if len(r.val) == 0 {
		return nil
	}
	if r.col >= r.lim.Columns {
		return errs.New(errs.Invalid, "sheet.too_many_columns", "limit", r.lim.Columns)
	}
	for len(r.cells) <= r.col {
		r.cells = append(r.cells, "")
	}
	var text string
	switch r.typ {
	case 's':
		i, err := strconv.Atoi(string(r.val))
		if err != nil || i < 0 || i >= len(r.shared) {
			return errs.New(errs.Invalid, "sheet.damaged", "part", r.book.strings)
		}
		text = r.shared[i]
	case 'b':
		text = "FALSE"
		if r.val[0] == '1' {
			text = "TRUE"
		}
	case 'n':
		kind := plainNumber
		if r.style > 0 && r.style < len(r.book.styles) {
			kind = r.book.styles[r.style]
		}
		text = number(string(r.val), kind, r.book.base1904)
	default:
		text = string(unicodeEscapes(r.val))
	}
	r.cells[r.col] = text
	return nil
}

// fillMerged repeats the value of a vertically merged cell on the rows below.
// Areas of a column are sorted and never overlap in a sound file, so one
// cursor per column is enough.
func (r *xlsxRows) fillMerged() {
	if len(r.merges) == 0 || !hasText(r.cells) {
		return
	}
	for col, list := range r.merges {
		for len(list) > 0 && list[0].last < r.num {
			list = list[1:]
		}
		r.merges[col] = list
		if len(list) == 0 || r.num < list[0].first {
			continue
		}
		if r.num == list[0].first {
			if col < len(r.cells) {
				list[0].value = r.cells[col]
			}
			continue
		}
		for list[0].value != "" && len(r.cells) <= col {
			r.cells = append(r.cells, "")
		}
		if list[0].value != "" && r.cells[col] == "" {
			r.cells[col] = list[0].value
		}
	}
}
