package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"strings"

	"kosmos/internal/base/errs"
)

// pack is a zip whose directory passed the limits; parts are opened through it
// so that what is really unpacked is bounded too, whatever the directory says.
type pack struct {
	parts map[string]*zip.File // by lower-case name without leading slash
	lim   Limits
}

func openPack(r io.ReaderAt, size int64, lim Limits) (*pack, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		// The bytes start like a zip but its directory, which is written last,
		// is missing: a half-finished upload.
		return nil, errs.New(errs.Invalid, "sheet.incomplete")
	}
	if len(z.File) > lim.Entries {
		return nil, errs.New(errs.Invalid, "sheet.bomb")
	}
	p := &pack{parts: make(map[string]*zip.File, len(z.File)), lim: lim}
	var total uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > uint64(lim.EntryBytes) {
			return nil, errs.New(errs.Invalid, "sheet.bomb")
		}
		if f.UncompressedSize64 > ratioFloor && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(lim.Ratio) {
			return nil, errs.New(errs.Invalid, "sheet.bomb")
		}
		if total += f.UncompressedSize64; total > uint64(lim.TotalBytes) {
			return nil, errs.New(errs.Invalid, "sheet.bomb")
		}
		p.parts[partName(f.Name)] = f
	}
	return p, nil
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, "\\", "/"), "/"))
}

func (p *pack) has(name string) bool { return p.parts[partName(name)] != nil }

func (p *pack) size(name string) uint64 {
	if f := p.parts[partName(name)]; f != nil {
		return f.UncompressedSize64
	}
	return 0
}

// open unpacks one part; the reader fails with errBomb past the entry limit.
func (p *pack) open(name string) (io.ReadCloser, error) {
	f := p.parts[partName(name)]
	if f == nil {
		return nil, errs.New(errs.Invalid, "sheet.damaged", "part", name)
	}
	rc, err := f.Open()
	if err != nil {
		if errors.Is(err, zip.ErrAlgorithm) {
			return nil, errs.New(errs.Invalid, "sheet.damaged", "part", name)
		}
		return nil, errs.New(errs.Invalid, "sheet.incomplete")
	}
	return &bounded{rc: rc, left: p.lim.EntryBytes, packed: int64(f.CompressedSize64), ratio: p.lim.Ratio}, nil
}

// errBomb marks a part that unpacks to more than allowed.
var errBomb = errors.New("sheet: part unpacks to more than allowed")

type bounded struct {
	rc            io.ReadCloser
	left, read    int64
	packed, ratio int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBomb
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.rc.Read(p)
	b.left -= int64(n)
	b.read += int64(n)
	if b.read > ratioFloor && b.read/max(b.packed, 1) > b.ratio {
		return n, errBomb
	}
	return n, err
}

func (b *bounded) Close() error { return b.rc.Close() }

// readFault turns an error met while unpacking or scanning into an errs error.
func readFault(err error, part string, row int, lim Limits) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errBomb):
		return errs.New(errs.Invalid, "sheet.bomb")
	case errors.Is(err, errTokenTooLong):
		return errs.New(errs.Invalid, "sheet.cell_too_long", "row", row+1, "limit", lim.CellBytes)
	case errors.Is(err, errCut), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		if row == 0 {
			return errs.New(errs.Invalid, "sheet.incomplete")
		}
		return errs.New(errs.Invalid, "sheet.truncated", "row", row)
	}
	var e *errs.Error
	if errors.As(err, &e) {
		return err
	}
	return errs.New(errs.Invalid, "sheet.damaged", "part", part) // bad checksum, bad deflate data
}
