package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"kosmos/internal/base/config"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/obs"
)

// commands is the command line; docs/operations/commands.md tells the contract.
type commands struct {
	config.Global

	Serve    serveCmd    `cmd:"" help:"Serve the console, the phone pages and the API, and work on jobs."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the store's schema up to date."`
	Brand    brandCmd    `cmd:"" help:"Brands of this store."`
	Token    tokenCmd    `cmd:"" help:"API tokens."`
	Import   importCmd   `cmd:"" help:"Bring files in: rosters and the exports of the platforms."`
	Sandbox  sandboxCmd  `cmd:"" help:"Invent a believable brand with accounts, posts and figures."`
	Evidence evidenceCmd `cmd:"" help:"The proof of what was decided: export and verify."`
	Risk     riskCmd     `cmd:"" help:"Rules of what may not be said: check texts, train the ranker."`
	Bench    benchCmd    `cmd:"" help:"Measure this program against what the machine can do, on scratch stores."`
	OpenAPI  openapiCmd  `cmd:"" name:"openapi" help:"Print the OpenAPI document."`
	Map      mapCmd      `cmd:"" help:"Print the map of rooms, routes, tables, events and jobs (docs/MAP.md)."`
	Doctor   doctorCmd   `cmd:"" help:"Check the store, the key, the disk and the clock."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// shell is what a command has around it.
type shell struct {
	ctx    context.Context //nolint:containedctx // lives as long as the command
	global config.Global
	in     io.Reader
	out    io.Writer
	err    io.Writer
	build  obs.Build
	lang   i18n.Lang
}

type exit int

// errSilent ends a command with exit code 1 after it has said everything itself.
var errSilent = errors.New("")

// usage marks an error of the caller's words: exit code 2.
type usage struct{ error }

// Main runs the command of the process and returns the exit code.
func Main(args []string, version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	sh := &shell{
		ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, build: obs.ReadBuild(version),
		lang: i18n.Match(os.Getenv("KOSMOS_LANG"), os.Getenv("LC_ALL"), os.Getenv("LANG")),
	}
	return sh.main(args)
}

// Command runs one command with its own input and outputs and returns the exit code; for tests and tools.
func Command(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	return (&shell{ctx: ctx, in: in, out: out, err: errs, build: obs.ReadBuild(""), lang: i18n.Zh}).main(args)
}

func (s *shell) main(args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exit)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	var c commands
	options := append(config.Options(), kong.Name("kosmos"), kong.UsageOnError(), kong.Writers(s.out, s.err),
		kong.Description("Runs a brand's KOS/KOC matrix from one self-hosted program."), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { panic(exit(code)) }))
	parser, err := kong.New(&c, options...)
	if err != nil {
		return s.fail(err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(s.err, "kosmos: %s\n", err)
		return exitUsage
	}
	s.global = c.Global
	if err := kctx.Run(s); err != nil {
		return s.fail(err)
	}
	return exitOK
}

// fail tells the reader what went wrong, in words.
func (s *shell) fail(err error) int {
	if errors.Is(err, errSilent) {
		return exitFailed
	}
	_, _ = fmt.Fprintf(s.err, "kosmos: %s\n", s.words(err))
	var u usage
	if errors.As(err, &u) {
		return exitUsage
	}
	return exitFailed
}

// words renders an error from the rooms' texts.
func (s *shell) words(err error) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	texts, loadErr := catalogue()
	if loadErr != nil {
		return err.Error()
	}
	text := texts.Text(s.lang, e.Slug, e.Params)
	for _, f := range e.Fields {
		text += fmt.Sprintf("\n  %s: %s", f.Path, texts.Text(s.lang, f.Slug, f.Params))
	}
	if e.Err != nil && e.Code == errs.Internal {
		text += ": " + e.Err.Error()
	}
	return text
}

// print writes a result: as JSON with --json, else the text.
func (s *shell) print(v any, text string) error {
	if s.global.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	if text == "" {
		return nil
	}
	_, err := fmt.Fprintln(s.out, text)
	return err
}

// config makes the program's configuration of the flags.
func (s *shell) config() (Config, error) {
	log, err := obs.NewLogger(s.err, obs.LogFormat(s.global.LogFormat), s.global.LogLevel)
	if err != nil {
		return Config{}, usage{err}
	}
	return Config{Data: s.global.Data, DB: s.global.DB, Key: os.Getenv("KOSMOS_KEY"), Build: s.build, Log: log}, nil
}

// with opens the program for one command.
func (s *shell) with(fn func(ctx context.Context, a *App) error) error {
	cfg, err := s.config()
	if err != nil {
		return err
	}
	a, err := Open(s.ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(fn(s.ctx, a), a.Close())
}
