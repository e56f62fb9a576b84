package app

import (
	"context"
	"fmt"
	"net"
	"strings"

	"kosmos/internal/app/mapgen"
)

type serveCmd struct {
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080"`
	Demo bool   `help:"Make a demo brand with 300 accounts and 90 days in an empty store and print its logins."`
	Role Role   `help:"all, web (requests only) or worker (jobs only)." default:"all" enum:"all,web,worker"`
	// PollOnly and TrustProxy describe what stands in front of the database and of the program.
	PollOnly   bool `help:"Do not use LISTEN on PostgreSQL (PgBouncer in transaction mode)."`
	TrustProxy bool `help:"Believe X-Forwarded-For and X-Forwarded-Proto of the proxy in front."`
	// AllowPrivate opens networks of one's own to what people type in on the settings pages.
	AllowPrivate []string `help:"Networks inside (10.0.0.0/8,127.0.0.1) that hooks, robots and mail servers may lie in." placeholder:"CIDR,..."`
}

// Run implements kong's command.
func (c *serveCmd) Run(s *shell) error {
	cfg, err := s.config()
	if err != nil {
		return err
	}
	cfg.PollOnly, cfg.TrustProxy, cfg.AllowPrivate = c.PollOnly, c.TrustProxy, c.AllowPrivate
	return Serve(s.ctx, cfg, ServeOptions{Addr: c.Addr, Role: c.Role, Listening: func(ctx context.Context, a *App, addr net.Addr) error {
		return c.greet(ctx, s, a, addr)
	}})
}

func (c *serveCmd) greet(ctx context.Context, s *shell, a *App, addr net.Addr) error {
	if c.Role == Worker {
		return nil
	}
	logins := ""
	if c.Demo {
		var err error
		if logins, err = a.EnsureDemo(ctx, progressTo(s.err, a)); err != nil {
			return err
		}
	}
	first, err := a.firstRun(ctx, addr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Kosmos %s  http://%s\n%s%s", s.build.Version, addr, logins, first)
	return err
}

// firstRun says how an empty store is set up, or nothing.
func (a *App) firstRun(ctx context.Context, addr net.Addr) (string, error) {
	needed, err := a.Identity.NeedsSetup(ctx)
	if err != nil || !needed {
		return "", err
	}
	return fmt.Sprintf("nothing is set up yet: open http://%s/setup on this machine, or from another one with the set-up code %s\n",
		addr, a.Identity.SetupCode()), nil
}

type migrateCmd struct{}

// Run implements kong's command.
func (*migrateCmd) Run(s *shell) error {
	return s.with(func(_ context.Context, a *App) error {
		return s.print(map[string]any{"store": string(a.DB.Dialect()), "rooms": len(a.modules)}, "the store is up to date")
	})
}

type openapiCmd struct{}

// Run implements kong's command.
func (*openapiCmd) Run(s *shell) error {
	r, err := offline()
	if err != nil {
		return err
	}
	_, err = s.out.Write(r.router.OpenAPI())
	return err
}

type mapCmd struct {
	Root string `help:"Root of the source tree." default:"." type:"existingdir"`
}

// Run implements kong's command.
func (c *mapCmd) Run(s *shell) error { return mapgen.Write(s.out, c.Root) }

type versionCmd struct{}

// Run implements kong's command.
func (*versionCmd) Run(s *shell) error {
	b := s.build
	return s.print(b, strings.TrimSpace(fmt.Sprintf("kosmos %s %s %s %s/%s", b.Version, b.Commit, b.Go, b.OS, b.Arch)))
}

type doctorCmd struct{}

// Run implements kong's command.
func (*doctorCmd) Run(s *shell) error {
	return s.with(func(ctx context.Context, a *App) error {
		list := a.Doctor(ctx, s.lang)
		failed := false
		var text strings.Builder
		for _, f := range list {
			failed = failed || f.State == stateFail
			_, _ = fmt.Fprintf(&text, "%-5s %-10s %s\n", f.State, f.Check, f.Detail)
		}
		if err := s.print(map[string]any{"checks": list}, strings.TrimSuffix(text.String(), "\n")); err != nil {
			return err
		}
		if failed {
			return errSilent
		}
		return nil
	})
}
