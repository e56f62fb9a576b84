package reflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
)

// Files is what `kosmos import` is asked to bring in.
type Files struct {
	Said
	Paths  []string
	DryRun bool
	Strict bool // row errors make the report fail
	Lang   i18n.Lang
}

// RowReport is a fault in words.
type RowReport struct {
	Row     int    `json:"row"`
	Sheet   string `json:"sheet,omitempty"`
	Column  string `json:"column"`
	Message string `json:"message"`
}

// FileReport is what came of one file. A refused file has Refused set and changed nothing.
type FileReport struct {
	File      string      `json:"file"`
	Kind      string      `json:"kind"`
	AsOf      clock.Ms    `json:"as_of"`
	Rows      int         `json:"rows"`
	Inserted  int         `json:"inserted"`
	Updated   int         `json:"updated"`
	Unchanged int         `json:"unchanged"`
	Errors    []RowReport `json:"errors"`
	Warnings  []RowReport `json:"warnings"`
	Refused   string      `json:"refused,omitempty"`
}

// Report is what came of all files. Failed is set when one was refused, or in strict mode had row errors.
type Report struct {
	Files  []FileReport `json:"files"`
	Failed bool         `json:"-"`
}

// ImportFiles brings files in one after the other, in this process, and returns when lists and figures are exact. A
// file that an earlier run was killed over is finished, not begun again. The error is for faults of the program only.
func (s *Service) ImportFiles(ctx context.Context, actor authz.Actor, f Files) (Report, error) {
	out := Report{Files: []FileReport{}}
	for _, path := range f.Paths {
		r, err := s.importFile(ctx, actor, path, f)
		if err != nil {
			var e *errs.Error
			if !errors.As(err, &e) || e.Code == errs.Internal {
				return out, err
			}
			r = FileReport{File: filepath.Base(path), Refused: s.Texts.Text(f.Lang, e.Slug, e.Params), Errors: []RowReport{}, Warnings: []RowReport{}}
			r.Errors = append(r.Errors, RowReport{Message: r.Refused})
			out.Failed = true
		}
		out.Failed = out.Failed || f.Strict && len(r.Errors) > 0
		out.Files = append(out.Files, r)
	}
	return out, s.settle(ctx, actor.BrandID) // last, so that a file given again is reported as this run's
}

// settle finishes or takes back what dead processes left, so that figures are whole also where nothing is served.
func (s *Service) settle(ctx context.Context, brand id.ID) error {
	list, err := stale(ctx, s.DB, brand, s.now())
	if err != nil {
		return err
	}
	for n := range list {
		err := s.work(ctx, &list[n], false, nil)
		if err != nil && !errors.Is(err, errLeaseLost) && list[n].State != Failed {
			return err
		}
	}
	return nil
}

func (s *Service) importFile(ctx context.Context, actor authz.Actor, path string, f Files) (FileReport, error) {
	data, err := readFile(path)
	if err != nil {
		return FileReport{}, err
	}
	up := Upload{Said: f.Said, Name: filepath.Base(path), Source: FromCommand}
	imp := s.newImport(actor, up, data)
	imp.stream = !f.DryRun && len(data) >= streamFrom
	p, err := s.look(ctx, actor, &imp, f.Said, data)
	if err != nil {
		return FileReport{}, err
	}
	if p.need != nil {
		return FileReport{}, p.need
	}
	if f.DryRun {
		if err := s.previewCounts(ctx, actor, &imp, p); err != nil {
			return FileReport{}, err
		}
		return s.report(&imp, p.faults, f.Lang), nil
	}
	if err := s.writeNow(ctx, actor, &imp, p, data); err != nil {
		return FileReport{}, err
	}
	faults, err := listFaults(ctx, s.DB, imp.BrandID, imp.ID, -1, 2*maxFaults)
	if err != nil {
		return FileReport{}, err
	}
	return s.report(&imp, faults, f.Lang), nil
}

// streamFrom is the size in bytes from which on the rows of a roster are written while others are read. A smaller file
// that is damaged at its end leaves no trace; of a larger one what is in by then is taken back.
const streamFrom = 1 << 20

// readFile reads a file of the command line. Errors: reflow.file_unreadable.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, "reflow.file_unreadable", err, "file", filepath.Base(path))
	}
	defer file.Close()
	data, err := readLimited(file)
	var e *errs.Error
	if err != nil && !errors.As(err, &e) {
		return nil, errs.Wrap(errs.Invalid, "reflow.file_unreadable", err, "file", filepath.Base(path))
	}
	return data, err
}

// writeNow keeps the file and writes it in this process, or goes on with the import a killed run left of it.
func (s *Service) writeNow(ctx context.Context, actor authz.Actor, imp *Import, p *prepared, data []byte) error {
	old, found, err := unfinished(ctx, s.DB, imp)
	if err != nil {
		return err
	}
	if found {
		err := s.work(ctx, &old, true, data)
		*imp = old
		return s.told(imp, err)
	}
	info, err := s.Blobs.Put(ctx, bytes.NewReader(data), sheet.DefaultLimits().FileBytes)
	if err != nil {
		return err
	}
	imp.BlobKey = string(info.Key)
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertImport(ctx, tx, imp); err != nil {
			return err
		}
		return s.begin(ctx, tx, actor, imp)
	})
	if err != nil {
		return err
	}
	if err := s.take(ctx, imp, false); err != nil {
		return err
	}
	return s.told(imp, s.finishOrFail(ctx, actor, imp, p))
}

// finishOrFail writes a file that is already prepared; a failure of its own takes it back.
func (s *Service) finishOrFail(ctx context.Context, actor authz.Actor, i *Import, p *prepared) error {
	defer func() { _ = dropLease(context.WithoutCancel(ctx), s.DB, i) }()
	err := s.writePrepared(ctx, actor, i, p)
	if err == nil || ctx.Err() != nil || errors.Is(err, errLeaseLost) {
		return err
	}
	return errors.Join(err, s.fail(ctx, i, err))
}

// told turns the end of a command's import into an answer: who lost the work to another process says so.
func (s *Service) told(i *Import, err error) error {
	if errors.Is(err, errLeaseLost) {
		return errs.New(errs.Conflict, "reflow.taken_over", "file", i.FileName)
	}
	return err
}

func (s *Service) report(i *Import, faults []Fault, lang i18n.Lang) FileReport {
	r := FileReport{File: i.FileName, Kind: i.Kind, AsOf: i.AsOf, Rows: i.Rows, Inserted: i.Inserted, Updated: i.Updated, Unchanged: i.Unchanged, Errors: []RowReport{}, Warnings: []RowReport{}}
	for _, f := range faults {
		row := s.words(f, lang)
		if f.Warning {
			r.Warnings = append(r.Warnings, row)
		} else {
			r.Errors = append(r.Errors, row)
		}
	}
	return r
}

// words renders a fault.
func (s *Service) words(f Fault, lang i18n.Lang) RowReport {
	params := map[string]any{}
	if err := json.Unmarshal([]byte(text(f.Params)), &params); err != nil {
		params = nil
	}
	for k, v := range params { // numbers come back from JSON as float64
		if x, ok := v.(float64); ok && x == float64(int64(x)) {
			params[k] = int64(x)
		}
	}
	return RowReport{Row: f.Row, Sheet: f.Sheet, Column: f.Column, Message: s.Texts.Text(lang, f.Slug, params)}
}

// Faults reads an import's row faults behind seq, in words.
func (s *Service) Faults(ctx context.Context, actor authz.Actor, imp id.ID, after, limit int) ([]Fault, error) {
	i, err := s.Get(ctx, actor, imp)
	if err != nil {
		return nil, err
	}
	return listFaults(ctx, s.DB, i.BrandID, i.ID, after, limit)
}

// WriteFaults writes the row faults of an import as a sheet.
func (s *Service) WriteFaults(ctx context.Context, actor authz.Actor, i Import, w io.Writer) error {
	lang := i18n.Match(actor.Lang)
	x, err := sheet.NewXLSX(w)
	if err != nil {
		return err
	}
	title := func(key string) string { return s.Texts.Text(lang, "reflow.fault_"+key, nil) }
	cols := []sheet.Column{{Title: title("row"), Width: 8}, {Title: title("sheet"), Width: 16}, {Title: title("column"), Width: 18}, {Title: title("level"), Width: 10}, {Title: title("message"), Width: 70}}
	if err := x.Sheet(title("title"), cols); err != nil {
		return err
	}
	for after := -1; ; {
		list, err := listFaults(ctx, s.DB, i.BrandID, i.ID, after, 1000)
		if err != nil {
			return err
		}
		for _, f := range list {
			r, level := s.words(f, lang), title("error")
			if f.Warning {
				level = title("warning")
			}
			var row any
			if r.Row > 0 {
				row = r.Row
			}
			if err := x.Row(row, r.Sheet, r.Column, level, r.Message); err != nil {
				return err
			}
		}
		if after += len(list); len(list) < 1000 {
			return x.Close()
		}
	}
}
