package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"
)

// Global is embedded in the command line; its fields are flags of every command.
type Global struct {
	Config    kong.ConfigFlag `help:"Configuration file (YAML or JSON)." type:"path" placeholder:"FILE"`
	Data      string          `help:"Directory for the store, files and the master key." default:"./kosmos-data" env:"KOSMOS_DATA" type:"path" placeholder:"DIR"`
	DB        string          `help:"sqlite, or postgres://user@host/database." name:"db" default:"sqlite" env:"KOSMOS_DB" placeholder:"URL"`
	JSON      bool            `help:"Print results as JSON on stdout." name:"json" env:"KOSMOS_JSON"`
	LogFormat string          `help:"text or json." default:"text" enum:"text,json" env:"KOSMOS_LOG_FORMAT"`
	LogLevel  string          `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"KOSMOS_LOG_LEVEL"`
}

// Postgres reports whether the store is PostgreSQL and not a file below Data.
func (g Global) Postgres() bool {
	return strings.HasPrefix(g.DB, "postgres://") || strings.HasPrefix(g.DB, "postgresql://")
}

// Validate refuses a --db that names no engine; kong calls it.
func (g Global) Validate() error {
	if g.DB != "sqlite" && !g.Postgres() {
		return errors.New("--db is sqlite or postgres://user@host/database")
	}
	return nil
}

// Options returns what kong needs to read the file and the environment.
func Options() []kong.Option {
	return []kong.Option{kong.DefaultEnvars("KOSMOS"), kong.Configuration(Loader)}
}

// Loader reads a configuration file for kong.
func Loader(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	return &resolver{values: values}, nil
}

type resolver struct {
	values map[string]any
}

// Validate refuses keys that name no flag.
func (f *resolver) Validate(app *kong.Application) error {
	return check(f.values, app.Node, "")
}

func check(values map[string]any, node *kong.Node, path string) error {
	names := make([]string, 0, len(values))
	for k := range values {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		if hasFlag(node, k) {
			continue
		}
		child := childOf(node, k)
		sub, isMap := values[k].(map[string]any)
		if child == nil || !isMap {
			return fmt.Errorf("configuration file: %s%s is no setting", path, k)
		}
		if err := check(sub, child, path+k+"."); err != nil {
			return err
		}
	}
	return nil
}

func hasFlag(node *kong.Node, name string) bool {
	return slices.ContainsFunc(node.Flags, func(f *kong.Flag) bool { return f.Name == name })
}

func childOf(node *kong.Node, name string) *kong.Node {
	for _, c := range node.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Resolve gives kong the value of a flag; a variable of the environment is
// stronger, so then it gives nothing.
func (f *resolver) Resolve(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil //nolint:nilnil // kong's word for "nothing here"
		}
	}
	values := f.section(parent.Node())
	v, ok := values[flag.Name]
	if !ok {
		return nil, nil //nolint:nilnil // kong's word for "nothing here"
	}
	return v, nil
}

// section walks down to the part of the file that belongs to a command.
func (f *resolver) section(node *kong.Node) map[string]any {
	if node == nil || node.Parent == nil {
		return f.values
	}
	sub, _ := f.section(node.Parent)[node.Name].(map[string]any)
	return sub
}
