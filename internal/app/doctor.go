package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/i18n"
)

// Finding is one thing the doctor looked at.
type Finding struct {
	Check  string `json:"check"`
	State  string `json:"state" enum:"ok,warn,fail"`
	Detail string `json:"detail"`
}

// The states of a Finding.
const (
	stateOK   = "ok"
	stateWarn = "warn"
	stateFail = "fail"
)

// diskWarn is the free space below which the doctor warns, queueWarn the length of the queue above which it does.
const (
	diskWarn  = 2 << 30
	queueWarn = 10_000
)

// found is a Finding before it is put into words.
type found struct {
	state, slug string
	params      map[string]any
}

func good(slug string, kv ...any) found { return finding(stateOK, slug, kv) }
func warn(slug string, kv ...any) found { return finding(stateWarn, slug, kv) }
func failed(err error) found            { return finding(stateFail, "app.failed", []any{"error", err.Error()}) }

func finding(state, slug string, kv []any) found {
	f := found{state: state, slug: slug, params: map[string]any{}}
	for i := 0; i+1 < len(kv); i += 2 {
		f.params[kv[i].(string)] = kv[i+1]
	}
	return f
}

// Doctor looks at what the program stands on and tells it in a language. It changes nothing but a probe file.
func (a *App) Doctor(ctx context.Context, lang i18n.Lang) []Finding {
	b := a.cfg.Build
	var out []Finding
	for _, c := range []struct {
		name string
		look func(context.Context) found
	}{
		{"version", func(context.Context) found {
			return good("app.version", "version", b.Version, "go", b.Go, "os", b.OS, "arch", b.Arch)
		}},
		{"store", a.checkStore},
		{"schema", a.checkSchema},
		{"setup", a.checkSetup},
		{"clock", a.checkClock},
		{"key", a.checkKey},
		{"disk", a.checkDisk},
		{"jobs", a.checkQueue},
		{"tesseract", checkTesseract},
	} {
		f := c.look(ctx)
		out = append(out, Finding{c.name, f.state, a.texts.Text(lang, f.slug, f.params)})
	}
	return out
}

// checkStore names the engine, its version and, for a file, its size.
func (a *App) checkStore(ctx context.Context) found {
	query := `SELECT 'SQLite ' || sqlite_version()`
	if a.DB.Dialect() == db.Postgres {
		query = `SELECT version()`
	}
	name, err := db.One[string](ctx, a.DB, query)
	if err != nil {
		return failed(err)
	}
	name, _, _ = strings.Cut(name, " on ")
	if a.DB.Dialect() == db.SQLite {
		if st, err := os.Stat(filepath.Join(a.cfg.Data, db.FileName)); err == nil {
			return good("app.store_sized", "engine", name, "size", size(uint64(st.Size())))
		}
	}
	return good("app.store", "engine", name)
}

func (a *App) checkSchema(ctx context.Context) found {
	n, err := db.One[int64](ctx, a.DB, `SELECT COUNT(*) FROM goose_migration WHERE version > 0`)
	if err != nil {
		return failed(err)
	}
	return good("app.schema", "migrations", n, "rooms", len(a.modules))
}

// checkSetup says how a store without a brand is set up.
func (a *App) checkSetup(ctx context.Context) found {
	needed, err := a.Identity.NeedsSetup(ctx)
	switch {
	case err != nil:
		return failed(err)
	case needed:
		return warn("app.not_set_up", "code", a.Identity.SetupCode())
	}
	return good("app.set_up")
}

// checkClock compares the store's newest entry with the machine's clock: entries of the future mean a clock that was
// set back.
func (a *App) checkClock(ctx context.Context) found {
	now := a.Clock.Now()
	newest, err := db.One[clock.Ms](ctx, a.DB, `SELECT COALESCE(MAX(at_ms), 0) FROM base_audit`)
	if err != nil {
		return failed(err)
	}
	stamp := now.In(clock.Shanghai()).Format(time.RFC3339)
	if newest != 0 && newest.Time().After(now.Add(time.Minute)) {
		f := good("app.clock_back", "now", stamp, "newest", newest.Time().Format(time.RFC3339))
		f.state = stateFail
		return f
	}
	if a.DB.Dialect() == db.Postgres {
		there, err := db.One[float64](ctx, a.DB, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)`)
		if off := now.Sub(time.UnixMilli(int64(there * 1000))); err == nil && off.Abs() > 30*time.Second {
			return warn("app.clock_differs", "seconds", int64(off.Abs().Seconds()))
		}
	}
	return good("app.clock", "now", stamp)
}

func (a *App) checkKey(context.Context) found {
	from := "DATA/secret.key"
	if a.cfg.Key != "" {
		from = "KOSMOS_KEY"
	}
	sealed, err := a.Seal.Seal("doctor", []byte("probe"))
	if err == nil {
		_, err = a.Seal.Open("doctor", sealed)
	}
	if err != nil {
		return failed(err)
	}
	return good("app.key", "n", len(a.Seal.KeyIDs()), "source", from)
}

func (a *App) checkDisk(context.Context) found {
	probe, err := os.CreateTemp(a.cfg.Data, "doctor-*")
	if err != nil {
		return failed(err)
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return failed(err)
	}
	free, err := freeBytes(a.cfg.Data)
	switch {
	case err != nil:
		return warn("app.disk_unknown", "dir", a.cfg.Data)
	case free < diskWarn:
		return warn("app.disk", "free", size(free), "dir", a.cfg.Data)
	}
	return good("app.disk", "free", size(free), "dir", a.cfg.Data)
}

// checkQueue counts the jobs that failed for good or wait too long.
func (a *App) checkQueue(ctx context.Context) found {
	dead, err := db.One[int64](ctx, a.DB, `SELECT COUNT(*) FROM river_job WHERE state IN ('discarded', 'cancelled')`)
	if err != nil {
		return failed(err)
	}
	waiting, err := db.One[int64](ctx, a.DB, `SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'retryable')`)
	if err != nil {
		return failed(err)
	}
	if dead > 0 || waiting > queueWarn {
		return warn("app.jobs", "waiting", waiting, "dead", dead)
	}
	return good("app.jobs", "waiting", waiting, "dead", dead)
}

// checkTesseract looks for the optional program that reads text in pictures.
func checkTesseract(ctx context.Context) found {
	path, err := exec.LookPath("tesseract")
	if err != nil {
		return good("app.tool_missing")
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput() //nolint:gosec // a constant name found on PATH
	if err != nil {
		return warn("app.failed", "error", path+": "+err.Error())
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return good("app.tool", "line", line)
}

func size(n uint64) string {
	const step = 1024
	unit, f := 0, float64(n)
	for f >= step && unit < 4 {
		f, unit = f/step, unit+1
	}
	return fmt.Sprintf("%.1f %s", f, []string{"B", "KiB", "MiB", "GiB", "TiB"}[unit])
}
