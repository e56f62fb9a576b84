package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/domain/reflow"
)

type importCmd struct {
	Brand    string   `help:"Slug of the brand." required:""`
	Account  string   `help:"Whose figures the files hold, when they do not say: PLATFORM:HANDLE."`
	Platform string   `help:"Platform of the accounts a column names, when the file does not say."`
	AsOf     string   `help:"When the figures were true: 2026-07-01T09:00:00+08:00, or a day; now when absent." name:"as-of"`
	Mapping  string   `help:"Saved mapping to read the files with."`
	Post     string   `help:"Title of the note a single-note export is about."`
	DryRun   bool     `help:"Say what would happen and write nothing."`
	Strict   bool     `help:"Exit 1 when a row has errors."`
	Files    []string `arg:"" help:"XLSX or CSV files." name:"file"`
}

// Run implements kong's command.
func (c *importCmd) Run(s *shell) error {
	asOf, err := parseAsOf(c.AsOf)
	if err != nil {
		return usage{err}
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
		report, err := a.Reflow.ImportFiles(ctx, actor, reflow.Files{
			Said:  reflow.Said{Account: c.Account, Platform: c.Platform, AsOf: asOf, Mapping: c.Mapping, PostTitle: c.Post},
			Paths: c.Files, DryRun: c.DryRun, Strict: c.Strict, Lang: s.lang,
		})
		if err != nil {
			return err
		}
		if bulky(report) {
			if err := a.DB.Optimize(ctx); err != nil {
				return err
			}
		}
		if err := s.print(report, reportText(report)); err != nil {
			return err
		}
		if !report.Failed {
			return nil
		}
		for _, f := range report.Files {
			if f.Refused != "" {
				_, _ = fmt.Fprintf(s.err, "kosmos: %s: %s\n", f.File, f.Refused)
			}
		}
		return errSilent
	})
}

// bulky tells whether so much came in that the store's planner should look again.
func bulky(r reflow.Report) bool {
	const many = 5000
	n := 0
	for _, f := range r.Files {
		n += f.Inserted
	}
	return n >= many
}

// parseAsOf reads a moment, or a day as its end in Shanghai.
func parseAsOf(text string) (clock.Ms, error) {
	if text == "" {
		return 0, nil
	}
	if d, err := clock.ParseDay(text); err == nil {
		return clock.MsOf(d.Add(1).In(clock.Shanghai())) - 1, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, text, clock.Shanghai()); err == nil {
			return clock.MsOf(t), nil
		}
	}
	return 0, fmt.Errorf("--as-of %q is no time such as 2026-07-01T09:00:00+08:00", text)
}

// shownFaults is how many errors, and as many warnings, of a file the report for people tells.
const shownFaults = 20

// reportText is the report for people. Refused files are told as errors, apart from it.
func reportText(r reflow.Report) string {
	var b strings.Builder
	for _, f := range r.Files {
		if f.Refused != "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s: %s, %d rows: %d new, %d changed, %d unchanged, %d errors, %d warnings", f.File, f.Kind, f.Rows, f.Inserted, f.Updated, f.Unchanged, len(f.Errors), len(f.Warnings))
		faults(&b, "error", f.Errors)
		faults(&b, "warning", f.Warnings)
	}
	return b.String()
}

func faults(b *strings.Builder, kind string, list []reflow.RowReport) {
	for _, e := range list[:min(len(list), shownFaults)] {
		fmt.Fprintf(b, "\n  %s, row %d %s: %s", kind, e.Row, e.Column, e.Message)
	}
	if more := len(list) - shownFaults; more > 0 {
		fmt.Fprintf(b, "\n  … and %d more; --json tells them all", more)
	}
}
