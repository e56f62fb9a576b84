package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kosmos/internal/base/errs"
)

// The demo brand that `serve --demo` makes in an empty store.
const (
	demoSlug    = "demo"
	demoMembers = 232 // about 300 accounts
	demoDays    = 90
	demoSeed    = 2026
)

// EnsureDemo makes the demo brand unless it is there and returns what to tell the newcomer: who can sign in, and the
// password that was drawn for this store, kept in DATA/demo-logins.txt for the owner of the directory alone.
func (a *App) EnsureDemo(ctx context.Context, progress func(stage string, done, all int)) (string, error) {
	path := filepath.Join(a.cfg.Data, "demo-logins.txt")
	if _, err := a.Identity.BrandBySlug(ctx, demoSlug); err == nil {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil // a brand named demo that is somebody's own
		}
		return string(text), err
	} else if errs.CodeOf(err) != errs.NotFound {
		return "", err
	}
	done, err := a.Sandbox(ctx, SandboxOptions{Brand: demoSlug, Name: "星屿汽车", Members: demoMembers, Days: demoDays, Seed: demoSeed, Progress: progress})
	if err != nil {
		return "", err
	}
	if err := a.demoLogins(ctx, done.loader, done.AdminPassword); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "password for all: %s\n", done.AdminPassword)
	for _, l := range []string{
		done.AdminLogin + "       brand administrator", "hq@demo.example          headquarters operations", "compliance@demo.example  compliance",
		"region@demo.example      region manager", "store@demo.example       store manager", "kos@demo.example         KOS, on the phone: /m",
	} {
		b.WriteString("  " + l + "\n")
	}
	return b.String(), os.WriteFile(path, []byte(b.String()), 0o600)
}
