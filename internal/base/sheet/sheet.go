package sheet

import (
	"io"

	"kosmos/internal/base/errs"
)

// Format says what kind of file a Book came from.
type Format string

// The formats Open understands.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Limits bound what a file may cost. Sizes are bytes.
type Limits struct {
	FileBytes  int64 // the file as uploaded
	EntryBytes int64 // one unpacked part of an XLSX
	TotalBytes int64 // all unpacked parts together, by the zip directory
	Entries    int   // parts in the zip
	Ratio      int64 // unpacked : packed, for parts above ratioFloor
	Sheets     int
	Rows       int // rows holding anything, per sheet
	Columns    int
	CellBytes  int
}

// DefaultLimits allow half a million rows and refuse anything that could
// exhaust a small server.
func DefaultLimits() Limits {
	return Limits{
		FileBytes: 128 << 20, EntryBytes: 640 << 20, TotalBytes: 1 << 30,
		Entries: 4000, Ratio: 400, Sheets: 200,
		Rows: 500_000, Columns: 1000, CellBytes: 128 << 10,
	}
}

// ratioFloor is the unpacked size below which a high compression ratio is
// harmless.
const ratioFloor = 16 << 20

// Info describes one sheet of a Book.
type Info struct {
	Name   string
	Hidden bool
}

// Row is one row holding at least one non-empty cell. Number counts from 1 as
// a spreadsheet program shows it. Cells is valid until the next call of Next.
type Row struct {
	Number int
	Cells  []string
}

// Rows walks one sheet.
type Rows interface {
	// Next moves to the next non-empty row; false at the end or on an error.
	Next() bool
	// Row returns the current row.
	Row() Row
	// CutOff reports, at the end, that the last row looks half-written.
	CutOff() bool
	// Err returns what stopped the walk, nil at a clean end.
	Err() error
	// Close releases the walk's resources.
	Close() error
}

// Book is an opened file.
type Book struct {
	Format    Format
	Encoding  string // csv only: utf-8, gb18030, utf-16le, utf-16be
	Separator rune   // csv only

	sheets []Info
	rows   func(i int) (Rows, error)
}

// Sheets lists the sheets in file order. A CSV has one without a name.
func (b *Book) Sheets() []Info { return b.sheets }

// Rows starts a walk over sheet i.
func (b *Book) Rows(i int) (Rows, error) {
	if i < 0 || i >= len(b.sheets) {
		return nil, errs.New(errs.Invalid, "sheet.damaged", "part", "sheet")
	}
	return b.rows(i)
}

// Open recognises the file by its content and prepares it for reading. r must
// stay usable until the last walk is closed.
func Open(r io.ReaderAt, size int64, lim Limits) (*Book, error) {
	if size == 0 {
		return nil, errs.New(errs.Invalid, "sheet.empty")
	}
	if size > lim.FileBytes {
		return nil, errs.New(errs.Invalid, "sheet.too_large", "limit_mb", lim.FileBytes>>20)
	}
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if f := foreign(head); f != "" {
		return nil, errs.New(errs.Invalid, "sheet.unsupported_format", "format", f)
	}
	if string(head[:min(len(head), 4)]) == "PK\x03\x04" {
		return openXLSX(r, size, lim)
	}
	return openCSV(r, size, lim)
}

// foreign names well-known formats that people upload by mistake.
func foreign(head []byte) string {
	for _, m := range []struct{ magic, name string }{
		{"\xd0\xcf\x11\xe0", "xls"}, // also every password-protected xlsx
		{"%PDF", "pdf"},
		{"\x89PNG", "image"},
		{"\xff\xd8\xff", "image"},
		{"GIF8", "image"},
		{"Rar!", "archive"},
		{"7z\xbc\xaf", "archive"},
		{"\x1f\x8b", "archive"},
	} {
		if len(head) >= len(m.magic) && string(head[:len(m.magic)]) == m.magic {
			return m.name
		}
	}
	return ""
}

func hasText(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return true
		}
	}
	return false
}
