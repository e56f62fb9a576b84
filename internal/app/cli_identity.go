package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/domain/identity"
)

type brandCmd struct {
	Create brandCreateCmd `cmd:"" help:"Make a brand and its first administrator."`
	List   brandListCmd   `cmd:"" help:"List the brands."`
}

type brandCreateCmd struct {
	Slug               string `help:"Short name: a-z, 0-9 and -." required:""`
	Name               string `help:"The brand's name." required:""`
	AdminEmail         string `help:"E-mail address the administrator signs in with." required:""`
	AdminName          string `help:"The administrator's name; the address when absent."`
	AdminPasswordStdin bool   `help:"Read the administrator's password from standard input." required:""`
}

// Run implements kong's command.
func (c *brandCreateCmd) Run(s *shell) error {
	raw, err := io.ReadAll(io.LimitReader(s.in, 4096))
	if err != nil {
		return err
	}
	password := strings.TrimRight(string(raw), "\r\n")
	if password == "" {
		return usage{errors.New("no password on standard input")}
	}
	return s.with(func(ctx context.Context, a *App) error {
		b, err := a.Identity.CreateBrand(ctx, identity.NewBrand{Slug: c.Slug, Name: c.Name, AdminLogin: c.AdminEmail, AdminName: c.AdminName, Password: password})
		if err != nil {
			return err
		}
		return s.print(map[string]any{"id": b.ID, "slug": b.Slug}, fmt.Sprintf("%s (%s)", b.Slug, b.Name))
	})
}

type brandListCmd struct{}

// Run implements kong's command.
func (*brandListCmd) Run(s *shell) error {
	return s.with(func(ctx context.Context, a *App) error {
		list, err := a.Identity.Brands(ctx)
		if err != nil {
			return err
		}
		lines := make([]string, 0, len(list))
		for _, b := range list {
			lines = append(lines, b.Slug+"\t"+b.Name)
		}
		return s.print(map[string]any{"brands": list}, strings.Join(lines, "\n"))
	})
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an API token and print it alone."`
}

type tokenCreateCmd struct {
	Brand string        `help:"Slug of the brand." required:""`
	Role  authz.Role    `help:"Role of the token." required:"" enum:"brand_admin,hq_ops,compliance,auditor,region_manager,store_manager,kos,koc"`
	Unit  string        `help:"Path of the unit it is for, e.g. 华东/上海; the whole brand when absent."`
	TTL   time.Duration `help:"How long it lives." name:"ttl" default:"24h"`
}

// Run implements kong's command.
func (c *tokenCreateCmd) Run(s *shell) error {
	return s.with(func(ctx context.Context, a *App) error {
		token, err := a.Identity.CreateToken(ctx, c.Brand, c.Role, c.Unit, c.TTL)
		if err != nil {
			return err
		}
		return s.print(map[string]string{"token": token}, token)
	})
}
