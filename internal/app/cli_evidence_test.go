package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kosmos/internal/app"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/evidence"
)

// TestEvidenceLeavesTheHouse exports a chain and verifies it where there is no store.
func TestEvidenceLeavesTheHouse(t *testing.T) {
	t.Parallel()
	stores(t, func(t *testing.T, cfg app.Config) {
		c := contract{T: t, flags: []string{"--data", cfg.Data, "--db", cfg.DB}, dir: t.TempDir()}
		c.want(0, c.run("Str0ng-pass-9271\n", "brand", "create", "--slug", "acme", "--name", "测试品牌", "--admin-email", "a@example.com", "--admin-password-stdin"))
		c.chain(cfg, 5)
		away := contract{T: t, flags: []string{"--data", filepath.Join(t.TempDir(), "nothing")}, dir: c.dir}
		for _, name := range []string{"chain.jsonl", "chain.zip"} {
			file := filepath.Join(c.dir, name)
			if r := c.want(0, c.run("", "evidence", "export", "--brand", "acme", "--json", file)); !strings.Contains(r.out, `"steps":5`) {
				t.Fatal(r.out)
			}
			if r := away.want(0, away.run("", "evidence", "verify", "--json", file)); !strings.Contains(r.out, `"ok":true`) {
				t.Fatal(r.out)
			}
		}
		raw, err := os.ReadFile(filepath.Join(c.dir, "chain.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(raw), "\n")
		for name, want := range map[string][]string{
			strings.Replace(string(raw), `"n":2`, `"n":3`, 1):            {"步骤 3 被改动"},
			strings.Join(append(lines[:2:2], lines[3:]...), ""):          {"步骤 2 缺失"},
			lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""): {"步骤 1 的顺序被调换"},
			strings.Join(lines[:4], ""):                                  {"结尾被截断", "步骤 4 到 5 缺失"},
		} {
			r := away.want(1, away.run("", "evidence", "verify", c.file("bad.jsonl", name)))
			for _, w := range want {
				if !strings.Contains(r.out, w) {
					t.Errorf("no %q in %s", w, r.out)
				}
			}
		}
		away.want(1, away.run("", "evidence", "verify", c.file("bad.zip", "PK no zip")))
		away.want(2, away.run("", "evidence", "verify", filepath.Join(c.dir, "not-there.jsonl")))
		c.want(1, c.run("", "evidence", "export", "--brand", "nobody", filepath.Join(c.dir, "x.jsonl")))
		c.want(2, c.run("", "evidence", "export", "--brand", "acme", "--from", "yesterday", filepath.Join(c.dir, "x.jsonl")))
		if _, err := os.Stat(filepath.Join(cfg.Data, "..", "nothing")); err == nil {
			t.Error("verify made a store")
		}
	})
}

// chain writes n steps.
func (c contract) chain(cfg app.Config, n int) {
	c.Helper()
	a, err := app.Open(c.Context(), cfg)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	b, err := a.Identity.BrandBySlug(c.Context(), "acme")
	if err != nil {
		c.Fatal(err)
	}
	actor, err := a.Identity.System(c.Context(), b.ID)
	if err != nil {
		c.Fatal(err)
	}
	for i := range n {
		err := a.DB.Tx(c.Context(), func(ctx context.Context, tx *db.Tx) error {
			return a.Evidence.Append(ctx, tx, evidence.Step{BrandID: b.ID, Kind: "evidence.tested", Object: "test", ObjectID: id.ID(i + 1), Actor: actor, Body: map[string]any{"n": i}})
		})
		if err != nil {
			c.Fatal(err)
		}
	}
}
