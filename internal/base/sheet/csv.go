package sheet

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/errs"
)

// sniffBytes is how much decoded text the separator is decided on.
const sniffBytes = 64 << 10

func openCSV(r io.ReaderAt, size int64, lim Limits) (*Book, error) {
	enc, bom, err := detect(r, size)
	if err != nil {
		return nil, err
	}
	if enc == "" {
		return nil, errs.New(errs.Invalid, "sheet.not_a_sheet")
	}
	text := func() *bufio.Reader {
		return bufio.NewReaderSize(decoder(io.NewSectionReader(r, bom, size-bom), enc), sniffBytes)
	}
	head, _ := text().Peek(sniffBytes)
	trimmed := strings.ToLower(strings.TrimSpace(string(head[:min(len(head), 256)])))
	switch {
	case trimmed == "":
		return nil, errs.New(errs.Invalid, "sheet.empty")
	case strings.HasPrefix(trimmed, "<!doctype"), strings.HasPrefix(trimmed, "<html"), strings.HasPrefix(trimmed, "<table"), strings.HasPrefix(trimmed, "<?xml"):
		return nil, errs.New(errs.Invalid, "sheet.unsupported_format", "format", "html")
	case strings.HasPrefix(trimmed, "{\""):
		return nil, errs.New(errs.Invalid, "sheet.unsupported_format", "format", "json")
	}
	sep, hinted := separator(head)
	rows := func(int) (Rows, error) {
		c := &csvRows{in: text(), sep: byte(sep), lim: lim}
		if hinted {
			c.record()
		}
		return c, nil
	}
	return &Book{Format: CSV, Encoding: enc, Separator: sep, sheets: []Info{{}}, rows: rows}, nil
}

// separator picks the character that splits the first records most evenly.
// Excel's own "sep=;" first line decides at once.
func separator(head []byte) (sep rune, hinted bool) {
	if s := string(head[:min(len(head), 8)]); len(s) > 5 && strings.EqualFold(s[:4], "sep=") && (s[5] == '\n' || s[5] == '\r') {
		return rune(s[4]), true
	}
	best, bestScore := ',', 0
	for _, c := range []rune{',', '\t', ';', '|'} {
		rows := &csvRows{in: bufio.NewReader(strings.NewReader(string(head))), sep: byte(c), lim: DefaultLimits()}
		count := map[int]int{}
		for n := 0; n < 30 && rows.record() == nil; n++ {
			count[len(rows.cells)]++
		}
		for fields, times := range count {
			if score := (fields - 1) * times; score > bestScore {
				best, bestScore = c, score
			}
		}
	}
	return best, false
}

// csvRows walks delimited text. Row numbers count records as a spreadsheet
// program shows them: blank lines count, line breaks inside quotes do not.
type csvRows struct {
	in    *bufio.Reader
	sep   byte
	lim   Limits
	cells []string
	buf   []byte
	num   int
	count int
	usual int  // most fields seen on a full row
	open  bool // the record ended inside quotes
	ended bool // the record ended with a line end
	done  bool
	cut   bool
	err   error
}

func (c *csvRows) Row() Row     { return Row{Number: c.num, Cells: c.cells} }
func (c *csvRows) CutOff() bool { return c.cut }
func (c *csvRows) Err() error   { return c.err }
func (c *csvRows) Close() error { return nil }

func (c *csvRows) stop(err error) bool {
	c.done, c.err = true, err
	return false
}

// Next reads on until a record that holds something.
func (c *csvRows) Next() bool {
	for !c.done {
		start := c.num + 1
		err := c.record()
		if errors.Is(err, io.EOF) {
			return c.stop(nil)
		}
		var e *errs.Error
		if errors.As(err, &e) {
			return c.stop(err)
		}
		if err != nil {
			return c.stop(err)
		}
		if c.open {
			return c.stop(errs.New(errs.Invalid, "sheet.truncated", "row", start))
		}
		if !hasText(c.cells) {
			continue
		}
		if !c.ended && len(c.cells) < c.usual {
			c.cut = true
		}
		c.usual = max(c.usual, len(c.cells))
		if c.count++; c.count > c.lim.Rows {
			return c.stop(errs.New(errs.Invalid, "sheet.too_many_rows", "limit", c.lim.Rows))
		}
		return true
	}
	return false
}

// record reads one record into cells; io.EOF when there is none left.
func (c *csvRows) record() error {
	c.cells, c.buf, c.open, c.ended = c.cells[:0], c.buf[:0], false, false
	c.num++
	began, quoted, closed := false, false, false
	for {
		b, err := c.in.ReadByte()
		if err == io.EOF {
			if !began {
				return io.EOF
			}
			c.open = quoted && !closed
			return c.field(closed)
		}
		if err != nil {
			return err
		}
		began = true
		switch {
		case quoted && !closed: // inside quotes
			if b != '"' {
				c.buf = append(c.buf, b)
			} else if p, _ := c.in.Peek(1); len(p) == 1 && p[0] == '"' {
				_, _ = c.in.Discard(1)
				c.buf = append(c.buf, '"')
			} else {
				closed = true
			}
		case b == c.sep:
			if err := c.field(closed); err != nil {
				return err
			}
			quoted, closed = false, false
			continue
		case b == '\n' || b == '\r':
			if p, _ := c.in.Peek(1); b == '\r' && len(p) == 1 && p[0] == '\n' {
				_, _ = c.in.Discard(1)
			}
			c.ended = true
			return c.field(closed)
		case b == '"' && len(c.buf) == 0 && !quoted:
			quoted = true
		default: // also text after a closing quote, as sloppy writers leave it
			c.buf = append(c.buf, b)
		}
		if len(c.buf) > c.lim.CellBytes {
			return errs.New(errs.Invalid, "sheet.cell_too_long", "row", c.num, "limit", c.lim.CellBytes)
		}
	}
}

func (c *csvRows) field(wasQuoted bool) error {
	if len(c.cells) >= c.lim.Columns {
		return errs.New(errs.Invalid, "sheet.too_many_columns", "limit", c.lim.Columns)
	}
	s := string(c.buf)
	if !wasQuoted && len(s) > 3 && s[0] == '=' && s[1] == '"' && s[len(s)-1] == '"' {
		s = s[2 : len(s)-1] // ="0138…", the way to keep a number as text
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	c.cells = append(c.cells, s)
	c.buf = c.buf[:0]
	return nil
}
