package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/pprof"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/bench"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/reflow"
)

type benchCmd struct {
	Name    string `arg:"" optional:"" help:"Which one; without a name they are listed."`
	Profile string `help:"Write where the processor's time goes to this file, for go tool pprof." placeholder:"FILE"`
}

// Run implements kong's command.
func (c *benchCmd) Run(s *shell) error {
	if c.Name == "" {
		lines := make([]string, 0, len(bench.List()))
		for _, b := range bench.List() {
			lines = append(lines, fmt.Sprintf("%-9s %s", b.Name, b.About))
		}
		return s.print(map[string]any{"benches": bench.List()}, strings.Join(lines, "\n"))
	}
	b, ok := bench.Find(c.Name)
	if !ok {
		return usage{fmt.Errorf("there is no benchmark %q; kosmos bench lists them", c.Name)}
	}
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	stop, err := profile(c.Profile)
	if err != nil {
		return err
	}
	defer stop()
	results, err := b.Run(s.ctx, bench.Kit{Open: s.scratch, Binary: binary, Target: s.global.DB, Data: s.global.Data, Say: func(format string, args ...any) {
		_, _ = fmt.Fprintf(s.err, format+"\n", args...)
	}})
	if err != nil {
		return err
	}
	lines := make([]string, 0, len(results))
	for _, r := range results {
		lines = append(lines, fmt.Sprintf("%-18s %-8s %10.1f %10.1f %-12s ×%.2f  %s", r.Name, r.Engine, r.Ours, r.Reference, r.Unit, r.Ratio, r.Detail))
	}
	return s.print(map[string]any{"results": results}, strings.Join(lines, "\n"))
}

// profile records the processor's time until stop is called; without a file it does nothing.
func profile(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}

// scratchBrand is the slug of the brand in benchmarks' own stores.
const scratchBrand = "bench"

// scratch opens a store for a benchmark and makes its brand.
func (s *shell) scratch(ctx context.Context, data, target string) (*bench.System, error) {
	a, err := Open(ctx, Config{Data: data, DB: target, Build: s.build, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	brand, err := a.Identity.BrandBySlug(ctx, scratchBrand)
	if errs.CodeOf(err) == errs.NotFound {
		brand, err = a.Identity.CreateBrand(ctx, identity.NewBrand{Slug: scratchBrand, Name: "Benchmark", AdminLogin: "admin@bench.example", Password: newPassword()})
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	actor, err := a.Identity.System(ctx, brand.ID)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return &bench.System{
		DB: a.DB, IDs: a.IDs, Clock: a.Clock, Org: a.Org, Account: a.Account, Post: a.Post, Insight: a.Insight, Risk: a.Risk, Library: a.Library,
		Campaign: a.Campaign,
		Jobs:     a.Jobs, Handler: a.handler(All), Actor: actor, Close: a.Close,
		Token: func(ctx context.Context, role authz.Role, unit string) (string, error) {
			return a.Identity.CreateToken(ctx, scratchBrand, role, unit, 24*time.Hour)
		},
		Import: func(ctx context.Context, account, path string) (int, error) {
			report, err := a.Reflow.ImportFiles(ctx, actor, reflow.Files{Said: reflow.Said{Account: account}, Paths: []string{path}, Lang: s.lang})
			if err != nil {
				return 0, err
			}
			f := report.Files[0]
			if f.Refused != "" || len(f.Errors) > 0 {
				return 0, fmt.Errorf("%s was not taken in whole: %s %v", f.File, f.Refused, f.Errors[:min(3, len(f.Errors))])
			}
			return f.Rows, nil
		},
	}, nil
}
