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
)

// Finding is one thing the doctor looked at.
type Finding struct {
	Check  string `json:"check"`
	State  string `json:"state"` // ok, warn, fail
	Detail string `json:"detail"`
}

// The states of a Finding.
const (
	stateOK   = "ok"
	stateWarn = "warn"
	stateFail = "fail"
)

// diskWarn is the free space below which the doctor warns.
const diskWarn = 2 << 30

// Doctor looks at what the program stands on. It never changes anything but a probe file.
func (a *App) Doctor(ctx context.Context) []Finding {
	list := []Finding{
		{"version", stateOK, fmt.Sprintf("%s (%s, %s/%s)", a.cfg.Build.Version, a.cfg.Build.Go, a.cfg.Build.OS, a.cfg.Build.Arch)},
		a.checkStore(ctx), a.checkSchema(ctx), a.checkClock(ctx), a.checkKey(), a.checkDisk(), a.checkQueue(ctx),
	}
	return append(list, checkTool(ctx, "tesseract", "pictures are searched for QR codes only, not for text"))
}

// checkStore names the engine and its version.
func (a *App) checkStore(ctx context.Context) Finding {
	query := `SELECT 'SQLite ' || sqlite_version()`
	if a.DB.Dialect() == db.Postgres {
		query = `SELECT version()`
	}
	name, err := db.One[string](ctx, a.DB, query)
	if err != nil {
		return Finding{"store", stateFail, err.Error()}
	}
	name, _, _ = strings.Cut(name, " on ")
	if a.DB.Dialect() == db.SQLite {
		if st, err := os.Stat(filepath.Join(a.cfg.Data, db.FileName)); err == nil {
			name += ", " + size(uint64(st.Size()))
		}
	}
	return Finding{"store", stateOK, name}
}

func (a *App) checkSchema(ctx context.Context) Finding {
	n, err := db.One[int64](ctx, a.DB, `SELECT COUNT(*) FROM goose_migration WHERE version > 0`)
	if err != nil {
		return Finding{"schema", stateFail, err.Error()}
	}
	return Finding{"schema", stateOK, fmt.Sprintf("%d migrations of %d rooms", n, len(a.modules))}
}

// checkClock compares the store's newest entry with the machine's clock: entries of the future mean a clock that was set back.
func (a *App) checkClock(ctx context.Context) Finding {
	now := a.Clock.Now()
	newest, err := db.One[clock.Ms](ctx, a.DB, `SELECT COALESCE(MAX(at_ms), 0) FROM base_audit`)
	if err != nil {
		return Finding{"clock", stateFail, err.Error()}
	}
	if newest != 0 && newest.Time().After(now.Add(time.Minute)) {
		return Finding{"clock", stateFail, fmt.Sprintf("the clock says %s, but the store holds entries of %s", now.Format(time.RFC3339), newest.Time().Format(time.RFC3339))}
	}
	if a.DB.Dialect() == db.Postgres {
		there, err := db.One[float64](ctx, a.DB, `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)`)
		if err == nil {
			if off := now.Sub(time.UnixMilli(int64(there * 1000))).Round(time.Second); off.Abs() > 30*time.Second {
				return Finding{"clock", stateWarn, fmt.Sprintf("the database's clock differs by %s", off)}
			}
		}
	}
	return Finding{"clock", stateOK, now.Format(time.RFC3339)}
}

func (a *App) checkKey() Finding {
	from := "DATA/secret.key"
	if a.cfg.Key != "" {
		from = "KOSMOS_KEY"
	}
	sealed, err := a.Seal.Seal("doctor", []byte("probe"))
	if err == nil {
		_, err = a.Seal.Open("doctor", sealed)
	}
	if err != nil {
		return Finding{"key", stateFail, err.Error()}
	}
	return Finding{"key", stateOK, fmt.Sprintf("%d key(s) from %s; keep a copy apart from the backups", len(a.Seal.KeyIDs()), from)}
}

func (a *App) checkDisk() Finding {
	probe, err := os.CreateTemp(a.cfg.Data, "doctor-*")
	if err != nil {
		return Finding{"disk", stateFail, err.Error()}
	}
	err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	free, freeErr := freeBytes(a.cfg.Data)
	switch {
	case err != nil:
		return Finding{"disk", stateFail, err.Error()}
	case freeErr != nil:
		return Finding{"disk", stateWarn, freeErr.Error()}
	case free < diskWarn:
		return Finding{"disk", stateWarn, size(free) + " free in " + a.cfg.Data}
	}
	return Finding{"disk", stateOK, size(free) + " free in " + a.cfg.Data}
}

// checkQueue counts the jobs that failed for good or wait too long.
func (a *App) checkQueue(ctx context.Context) Finding {
	dead, err := db.One[int64](ctx, a.DB, `SELECT COUNT(*) FROM river_job WHERE state IN ('discarded', 'cancelled')`)
	if err != nil {
		return Finding{"jobs", stateFail, err.Error()}
	}
	waiting, err := db.One[int64](ctx, a.DB, `SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'retryable')`)
	if err != nil {
		return Finding{"jobs", stateFail, err.Error()}
	}
	f := Finding{"jobs", stateOK, fmt.Sprintf("%d waiting, %d dead letters", waiting, dead)}
	if dead > 0 || waiting > 10000 {
		f.State = stateWarn
	}
	return f
}

// checkTool looks for an optional program.
func checkTool(ctx context.Context, name, without string) Finding {
	path, err := exec.LookPath(name)
	if err != nil {
		return Finding{name, stateOK, "not installed: " + without}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput() //nolint:gosec // a constant name found on PATH
	line, _, _ := strings.Cut(string(out), "\n")
	if err != nil {
		return Finding{name, stateWarn, path + ": " + err.Error()}
	}
	return Finding{name, stateOK, line}
}

func size(n uint64) string {
	const step = 1024
	unit, f := 0, float64(n)
	for f >= step && unit < 4 {
		f, unit = f/step, unit+1
	}
	return fmt.Sprintf("%.1f %s", f, []string{"B", "KiB", "MiB", "GiB", "TiB"}[unit])
}
