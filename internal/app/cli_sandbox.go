package app

import (
	"context"
	"fmt"
	"io"
	"time"
)

type sandboxCmd struct {
	Members int    `help:"People of the invented brand." default:"230"`
	Days    int    `help:"Days of history, ending today." default:"90"`
	Seed    uint64 `help:"The same seed gives the same brand." default:"1"`
	Brand   string `help:"Slug of the brand; made when it does not exist." default:"sandbox"`
}

// Run implements kong's command.
func (c *sandboxCmd) Run(s *shell) error {
	if c.Members < 1 || c.Days < 1 || c.Members > 2_000_000 || c.Days > 3660 {
		return usage{fmt.Errorf("--members must be 1 to 2,000,000 and --days 1 to 3,660")}
	}
	return s.with(func(ctx context.Context, a *App) error {
		done, err := a.Sandbox(ctx, SandboxOptions{Brand: c.Brand, Name: "星屿汽车", Members: c.Members, Days: c.Days, Seed: c.Seed, Progress: progressTo(s.err, a)})
		if err != nil {
			return err
		}
		text := fmt.Sprintf("%s: %d units, %d members, %d accounts in %.1f s", done.Brand, done.Units, done.Members, done.Accounts, done.Seconds)
		if done.AdminLogin != "" {
			text += fmt.Sprintf("\nadministrator %s, password %s", done.AdminLogin, done.AdminPassword)
		}
		return s.print(done, text)
	})
}

// progressTo writes a line when a stage begins and every two seconds.
func progressTo(w io.Writer, a *App) func(stage string, done, all int) {
	var last time.Time
	stage := ""
	return func(now string, done, all int) {
		t := a.Clock.Now()
		if now == stage && t.Sub(last) < 2*time.Second && done < all {
			return
		}
		last, stage = t, now
		_, _ = fmt.Fprintf(w, "%-9s %d/%d\n", now, done, all)
	}
}
