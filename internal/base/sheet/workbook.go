package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"kosmos/internal/base/errs"
)

// smallPart bounds the parts that are parsed whole (workbook, relations, styles).
const smallPart = 16 << 20

type relations struct {
	Items []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

type workbookXML struct {
	Pr struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string     `xml:"name,attr"`
		State string     `xml:"state,attr"`
		Attrs []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

// workbook is an opened XLSX: where its sheets are and what its styles mean.
type workbook struct {
	pack     *pack
	paths    []string // of the sheets, in order
	infos    []Info
	strings  string // path of the shared strings, "" when there are none
	styles   []numberKind
	base1904 bool
	shared   []string // loaded on the first walk
	loaded   bool
}

func openXLSX(r io.ReaderAt, size int64, lim Limits) (*Book, error) {
	p, err := openPack(r, size, lim)
	if err != nil {
		return nil, err
	}
	switch {
	case p.has("xl/workbook.bin"):
		return nil, errs.New(errs.Invalid, "sheet.unsupported_format", "format", "xlsb")
	case p.has("content.xml") && p.has("mimetype"):
		return nil, errs.New(errs.Invalid, "sheet.unsupported_format", "format", "ods")
	case p.has("word/document.xml"):
		return nil, errs.New(errs.Invalid, "sheet.unsupported_format", "format", "docx")
	}
	w, err := loadWorkbook(p, lim)
	if err != nil {
		return nil, err
	}
	return &Book{Format: XLSX, sheets: w.infos, rows: w.walk}, nil
}

func loadWorkbook(p *pack, lim Limits) (*workbook, error) {
	main := "xl/workbook.xml"
	if rels, err := p.relations("_rels/.rels"); err == nil {
		for _, r := range rels.Items {
			if strings.HasSuffix(r.Type, "/officeDocument") {
				main = resolve("", r.Target)
			}
		}
	}
	if !p.has(main) {
		return nil, errs.New(errs.Invalid, "sheet.not_a_sheet")
	}
	var x workbookXML
	if err := p.decode(main, &x); err != nil {
		return nil, err
	}
	if len(x.Sheets) == 0 {
		return nil, errs.New(errs.Invalid, "sheet.not_a_sheet")
	}
	if len(x.Sheets) > lim.Sheets {
		return nil, errs.New(errs.Invalid, "sheet.too_many_sheets", "limit", lim.Sheets)
	}
	dir, file := path.Split(main)
	rels, err := p.relations(dir + "_rels/" + file + ".rels")
	if err != nil {
		return nil, err
	}
	w := &workbook{pack: p, base1904: x.Pr.Date1904 == "1" || x.Pr.Date1904 == "true"}
	target := map[string]string{}
	styles := ""
	for _, r := range rels.Items {
		full := resolve(dir, r.Target)
		switch {
		case strings.HasSuffix(r.Type, "/worksheet"):
			target[r.ID] = full
		case strings.HasSuffix(r.Type, "/sharedStrings") && p.has(full):
			w.strings = full
		case strings.HasSuffix(r.Type, "/styles") && p.has(full):
			styles = full
		}
	}
	for _, s := range x.Sheets {
		rid := ""
		for _, a := range s.Attrs {
			if a.Name.Local == "id" {
				rid = a.Value
			}
		}
		full, ok := target[rid]
		if !ok {
			continue // a chart or dialog sheet holds no rows
		}
		w.paths = append(w.paths, full)
		w.infos = append(w.infos, Info{Name: s.Name, Hidden: s.State != "" && s.State != "visible"})
	}
	if len(w.paths) == 0 {
		return nil, errs.New(errs.Invalid, "sheet.not_a_sheet")
	}
	if styles != "" {
		if w.styles, err = p.numberKinds(styles); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func resolve(dir, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(target, "/")
	}
	return path.Join(dir, target)
}

func (p *pack) relations(name string) (relations, error) {
	var r relations
	err := p.decode(name, &r)
	return r, err
}

// decode parses a small part whole.
func (p *pack) decode(name string, into any) error {
	if p.size(name) > smallPart {
		return errs.New(errs.Invalid, "sheet.bomb")
	}
	rc, err := p.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	if err := xml.NewDecoder(io.LimitReader(rc, smallPart)).Decode(into); err != nil {
		var syn *xml.SyntaxError
		if errors.As(err, &syn) || errors.Is(err, io.EOF) {
			return errs.New(errs.Invalid, "sheet.damaged", "part", name)
		}
		return readFault(err, name, 0, p.lim)
	}
	return nil
}

// sharedStrings loads the string table once; cells refer to it by index.
func (w *workbook) sharedStrings() ([]string, error) {
	if w.loaded || w.strings == "" {
		return w.shared, nil
	}
	rc, err := w.pack.open(w.strings)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	lim := w.pack.lim
	sc := newScanner(rc, lim.CellBytes)
	var cell []byte
	inText, phonetic := false, false
	for {
		t, err := sc.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, readFault(err, w.strings, 0, lim)
		}
		switch t.kind {
		case tokStart, tokEmpty:
			switch string(t.name) {
			case "si":
				cell = cell[:0]
				if t.kind == tokEmpty {
					w.shared = append(w.shared, "")
				}
			case "t":
				inText = t.kind == tokStart && !phonetic
			case "rPh":
				phonetic = t.kind == tokStart
			}
		case tokEnd:
			switch string(t.name) {
			case "si":
				w.shared = append(w.shared, string(unicodeEscapes(cell)))
			case "t":
				inText = false
			case "rPh":
				phonetic = false
			}
		case tokText, tokCData:
			if !inText {
				continue
			}
			if cell = appendText(cell, t); len(cell) > lim.CellBytes {
				return nil, errs.New(errs.Invalid, "sheet.cell_too_long", "row", 0, "limit", lim.CellBytes)
			}
		}
	}
	w.loaded = true
	return w.shared, nil
}

func appendText(dst []byte, t token) []byte {
	if t.kind == tokCData {
		return append(dst, t.text...)
	}
	return unescape(dst, t.text)
}
