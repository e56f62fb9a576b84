package app

import (
	"archive/zip"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/domain/evidence"
)

type evidenceCmd struct {
	Export evidenceExportCmd `cmd:"" help:"Write a brand's evidence chain to a file that can be verified offline."`
	Verify evidenceVerifyCmd `cmd:"" help:"Verify an exported chain; needs neither store nor network."`
}

type evidenceExportCmd struct {
	Brand string `help:"Slug of the brand." required:""`
	From  string `help:"First day, e.g. 2026-07-01; the whole chain when absent."`
	To    string `help:"Last day."`
	File  string `arg:"" help:"File to write; .zip wraps it with a note for its reader."`
}

// Run implements kong's command.
func (c *evidenceExportCmd) Run(s *shell) error {
	e := evidence.Export{Zip: zipped(c.File), Program: s.build.Version}
	for _, d := range []struct {
		text string
		into *clock.Day
	}{{c.From, &e.From}, {c.To, &e.To}} {
		if d.text == "" {
			continue
		}
		day, err := clock.ParseDay(d.text)
		if err != nil {
			return usage{err}
		}
		*d.into = day
	}
	return s.with(func(ctx context.Context, a *App) error {
		b, err := a.Identity.BrandBySlug(ctx, c.Brand)
		if err != nil {
			return err
		}
		actor, err := a.Identity.System(ctx, b.ID)
		if err != nil {
			return err
		}
		done, err := writeWhole(c.File, func(w io.Writer) (evidence.Exported, error) { return a.Evidence.Write(ctx, actor, e, w) })
		if err != nil {
			return err
		}
		return s.print(map[string]any{"file": c.File, "steps": done.Steps, "anchors": done.Anchors, "head": done.Head, "key": done.Key},
			a.texts.Text(s.lang, "evidence.exported", map[string]any{"steps": done.Steps, "anchors": done.Anchors, "file": c.File}))
	})
}

func zipped(file string) bool { return strings.EqualFold(filepath.Ext(file), ".zip") }

// writeWhole writes beside the target and renames, so that nobody ever takes half a file for the whole.
func writeWhole[T any](file string, fn func(io.Writer) (T, error)) (T, error) {
	var zero T
	f, err := os.CreateTemp(filepath.Dir(file), ".evidence-*")
	if err != nil {
		return zero, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	out, err := fn(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return zero, err
	}
	return out, os.Rename(f.Name(), file)
}

type evidenceVerifyCmd struct {
	Key    string   `help:"Public key that must have signed the file, in hex, as export and the console show it."`
	Anchor []string `help:"An anchor kept elsewhere, DAY:HASH; may be given several times." placeholder:"DAY:HASH"`
	Head   []string `help:"A head kept elsewhere (the log has one every five minutes), STEPS:HASH; may be given several times." placeholder:"STEPS:HASH"`
	File   string   `arg:"" help:"Exported file (.jsonl or .zip)." type:"existingfile"`
}

// Run implements kong's command.
func (c *evidenceVerifyCmd) Run(s *shell) error {
	pins, err := c.pins()
	if err != nil {
		return usage{err}
	}
	texts, err := catalogue()
	if err != nil {
		return err
	}
	v, err := verifyFile(c.File, pins)
	if err != nil {
		return err
	}
	type named struct {
		evidence.Fault
		Text string `json:"text"`
	}
	faults := make([]named, len(v.Faults))
	for i, f := range v.Faults {
		faults[i] = named{f, f.Words(texts, s.lang)}
	}
	out := map[string]any{
		"ok": v.OK, "brand": v.Brand, "made": v.Made, "steps": v.Steps, "first": v.First, "last": v.Last, "whole": v.Whole, "head": v.Head,
		"anchors": v.Anchors, "texts": v.Texts, "erased": v.Erased, "key": v.Key, "faults": faults, "more": v.More,
	}
	if err := s.print(out, c.words(texts, s.lang, v)); err != nil {
		return err
	}
	if !v.OK {
		return errSilent
	}
	return nil
}

func (c *evidenceVerifyCmd) words(texts *i18n.Catalogue, lang i18n.Lang, v evidence.Verdict) string {
	if v.OK {
		slug := "evidence.verified"
		if !v.Whole {
			slug += "_part"
		}
		return texts.Text(lang, slug, map[string]any{
			"steps": v.Steps, "first": v.First, "last": v.Last, "anchors": v.Anchors, "texts": v.Texts, "erased": v.Erased, "brand": v.Brand, "key": v.Key,
		})
	}
	lines := []string{texts.Text(lang, "evidence.broken", map[string]any{"n": len(v.Faults) + v.More})}
	for _, f := range v.Faults {
		lines = append(lines, "  "+f.Words(texts, lang))
	}
	return strings.Join(lines, "\n")
}

func (c *evidenceVerifyCmd) pins() (evidence.Pins, error) {
	p := evidence.Pins{Key: strings.ToLower(c.Key), Anchors: map[clock.Day]string{}, Heads: map[int64]string{}}
	if _, err := hex.DecodeString(p.Key); err != nil {
		return p, fmt.Errorf("--key %q is no key in hex", c.Key)
	}
	for _, a := range c.Anchor {
		text, hash, _ := strings.Cut(a, ":")
		day, err := clock.ParseDay(text)
		if raw, bad := hex.DecodeString(hash); err != nil || bad != nil || len(raw) != 32 {
			return p, fmt.Errorf("--anchor %q is not DAY:HASH", a)
		}
		p.Anchors[day] = strings.ToLower(hash)
	}
	for _, h := range c.Head {
		text, hash, _ := strings.Cut(h, ":")
		seq, err := strconv.ParseInt(text, 10, 64)
		if raw, bad := hex.DecodeString(hash); err != nil || seq < 1 || bad != nil || len(raw) != 32 {
			return p, fmt.Errorf("--head %q is not STEPS:HASH", h)
		}
		p.Heads[seq] = strings.ToLower(hash)
	}
	return p, nil
}

// verifyFile reads a file of either form.
func verifyFile(file string, pins evidence.Pins) (v evidence.Verdict, err error) {
	if !zipped(file) {
		f, err := os.Open(file)
		if err != nil {
			return v, err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		return evidence.Verify(f, pins)
	}
	broken := evidence.Verdict{Faults: []evidence.Fault{{What: evidence.FaultForm, Line: 1}}}
	z, err := zip.OpenReader(file)
	if err != nil {
		return broken, nil
	}
	defer func() { _ = z.Close() }()
	for _, in := range z.File {
		if in.Name != "evidence.jsonl" {
			continue
		}
		f, err := in.Open()
		if err != nil {
			return broken, nil
		}
		defer func() { _ = f.Close() }() //nolint:revive // the function ends with this file
		v, err := evidence.Verify(f, pins)
		if err != nil {
			return broken, nil
		}
		return v, nil
	}
	return broken, nil
}
