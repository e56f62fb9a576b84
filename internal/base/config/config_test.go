package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"kosmos/internal/base/config"
)

type cli struct {
	config.Global
	Serve struct {
		Addr    string `default:"127.0.0.1:8080"`
		Workers int    `default:"4"`
	} `cmd:""`
	Brand struct {
		Create struct {
			Slug string `default:""`
		} `cmd:""`
	} `cmd:""`
}

func parse(t *testing.T, file string, args ...string) (cli, error) {
	t.Helper()
	var c cli
	k, err := kong.New(&c, config.Options()...)
	if err != nil {
		t.Fatal(err)
	}
	if file != "" {
		p := filepath.Join(t.TempDir(), "kosmos.yaml")
		if err := os.WriteFile(p, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--config", p}, args...)
	}
	_, err = k.Parse(args)
	return c, err
}

const file = "db: postgres://file@h/d\nlog-format: json\nserve:\n  addr: 0.0.0.0:80\n  workers: 8\nbrand:\n  create:\n    slug: acme\n"

func TestOrder(t *testing.T) { // sets the environment, so not parallel
	c, err := parse(t, "", "serve")
	if err != nil || c.DB != "sqlite" || c.Serve.Addr != "127.0.0.1:8080" || c.LogFormat != "text" || c.Postgres() {
		t.Errorf("defaults: %+v %v", c, err)
	}
	c, err = parse(t, file, "serve")
	if err != nil || c.DB != "postgres://file@h/d" || c.Serve.Addr != "0.0.0.0:80" || c.Serve.Workers != 8 || c.LogFormat != "json" || !c.Postgres() {
		t.Errorf("file: %+v %v", c, err)
	}
	if c, err = parse(t, file, "brand", "create"); err != nil || c.Brand.Create.Slug != "acme" {
		t.Errorf("file, nested command: %+v %v", c, err)
	}
	t.Setenv("KOSMOS_DB", "postgres://env@h/d")
	t.Setenv("KOSMOS_ADDR", "127.0.0.1:1")
	c, err = parse(t, file, "serve")
	if err != nil || c.DB != "postgres://env@h/d" || c.Serve.Addr != "127.0.0.1:1" || c.Serve.Workers != 8 {
		t.Errorf("environment: %+v %v", c, err)
	}
	c, err = parse(t, file, "serve", "--db", "sqlite", "--addr", "127.0.0.1:2")
	if err != nil || c.DB != "sqlite" || c.Serve.Addr != "127.0.0.1:2" {
		t.Errorf("flags: %+v %v", c, err)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"misspelt":    {"dbb: x\n", "dbb is no setting"},
		"in command":  {"serve:\n  adr: x\n", "serve.adr is no setting"},
		"not a map":   {"serve: 1\n", "serve is no setting"},
		"not yaml":    {"\t{", "configuration file"},
		"unknown db":  {"db: mysql://x\n", "--db is sqlite or postgres"},
		"bad level":   {"log-level: loud\n", "log-level"},
		"not a count": {"serve:\n  workers: many\n", "workers"},
	} {
		if _, err := parse(t, c.file, "serve"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := parse(t, "{}\n", "serve"); err != nil {
		t.Errorf("an empty file is fine: %v", err)
	}
	if _, err := parse(t, "# nothing\n", "serve"); err != nil {
		t.Errorf("a file of comments is fine: %v", err)
	}
}
