package app_test

import (
	"slices"
	"strings"
	"testing"

	"kosmos/internal/app/mapgen"
)

// rooms is the allow-map: which rooms a room may import. It is a DAG (tested).
// Everything else goes sideways: an event for what may lag, an interface declared
// by the room that needs it and plugged in app/wire.go for what may not.
func rooms() map[string][]string {
	return map[string][]string{
		"identity": {},
		"org":      {"identity"},
		"account":  {"identity", "org"},
		"post":     {"identity", "org", "account"},
		"insight":  {"identity", "org", "account", "post"},
		"reflow":   {"identity", "org", "account", "post", "insight"},
		"health":   {"identity", "org", "account", "post", "insight"},
		"risk":     {"identity", "org", "account", "post"},
		"todo":     {"identity"},
		"notify":   {"identity"},
		"evidence": {"identity"},
		"desk":     {"identity", "org", "account"},
		"recall":   {"identity"},
		"product":  {"identity", "org"},
		"library":  {"identity", "org"},
		"campaign": {"identity", "org", "account"},
		"hit":      {"identity", "org", "account", "post"},
	}
}

// ban is an import that is refused, and why.
type ban struct {
	from, to string // path prefixes below the module; a to with a dot or without "internal" is a library
	but      []string
	why      string
}

func bans() []ban {
	return []ban{
		{"internal/base/", "internal/domain/", nil, "base has no business words: the room declares what it needs"},
		{"internal/base/", "internal/event", []string{"internal/base/jobs"}, "facts belong to rooms"},
		{"internal/base/", "internal/connect", nil, "base does not know platforms"},
		{"internal/scan", "internal/domain/", nil, "the text engine is a leaf"},
		{"internal/event", "internal/domain/", nil, "an event is ids and facts; whoever hears it asks the room"},
		{"internal/event", "internal/base/", []string{"internal/base/id", "internal/base/clock"}, "an event is ids, days and facts"},
		{"internal/connect", "internal/domain/", nil, "a connector knows its platform, not our rooms"},
		{"internal/", "internal/app", []string{"internal/app"}, "app knows every room; nobody knows app"},
		{"internal/domain/", "internal/fake", nil, "what is invented for demo and test stays outside the product"},
		{"internal/base/", "internal/fake", nil, "what is invented for demo and test stays outside the product"},
		{"internal/domain/", "database/sql", nil, "one SQL text for both engines, through base/db"},
		{"internal/domain/", "github.com/jackc/pgx", nil, "one SQL text for both engines, through base/db"},
		{"internal/domain/", "modernc.org/sqlite", nil, "one SQL text for both engines, through base/db"},
		{"internal/domain/", "github.com/riverqueue", nil, "jobs and events go through base/jobs"},
		{"internal/domain/", "github.com/pressly/goose", nil, "migrations go through base/migrate"},
		{"internal/domain/", "log", nil, "slog, and at the edge"},
		{"internal/domain/", "github.com/alecthomas/kong", nil, "the command line belongs to app"},
		{"web", "internal/", nil, "web carries the built pages and nothing else"},
	}
}

func within(path, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range load(t).Packages {
		for _, f := range p.Files {
			if f.Test {
				continue
			}
			for _, imp := range f.Imports() {
				imp = strings.TrimPrefix(imp, mapgen.Module+"/")
				for _, b := range bans() {
					if within(p.Path, b.from) && within(imp, b.to) && !exempt(b, p.Path, imp) {
						t.Errorf("%s imports %s: %s", f.Path, imp, b.why)
					}
				}
				checkRoom(t, p, f, imp)
			}
		}
	}
}

// exempt lets a ban's exceptions through, which name importers or what is imported.
func exempt(b ban, from, to string) bool {
	return slices.ContainsFunc(b.but, func(x string) bool { return within(from, x) || within(to, x) })
}

func checkRoom(t *testing.T, p *mapgen.Package, f *mapgen.File, imp string) {
	t.Helper()
	room := p.Room()
	rest, toRoom := strings.CutPrefix(imp, "internal/domain/")
	if room == "" || !toRoom {
		return
	}
	target, _, _ := strings.Cut(rest, "/")
	if target == room {
		return
	}
	allowed, known := rooms()[room]
	if !known {
		t.Errorf("room %s has no row in the allow-map", room)
	}
	if !slices.Contains(allowed, target) {
		t.Errorf("%s imports room %s, which %s may not: declare an interface or hear an event", f.Path, target, room)
	}
}

func TestRoomsAreADag(t *testing.T) {
	t.Parallel()
	var visit func(room string, path []string)
	visit = func(room string, path []string) {
		if slices.Contains(path, room) {
			t.Fatalf("the allow-map goes round: %v", append(path, room))
		}
		for _, next := range rooms()[room] {
			if _, known := rooms()[next]; !known {
				t.Errorf("%s may import %s, which is no room", room, next)
			}
			visit(next, append(slices.Clone(path), room))
		}
	}
	for room := range rooms() {
		visit(room, nil)
	}
}

// TestPackageNames refuses drawers for everything and names that repeat.
func TestPackageNames(t *testing.T) {
	t.Parallel()
	banned := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "manager", "misc", "shared", "types", "lib", "core"}
	for _, p := range load(t).Packages {
		if slices.Contains(banned, p.Name) {
			t.Errorf("%s: %q says nothing about what is inside", p.Path, p.Name)
		}
		if dir := p.Path[strings.LastIndex(p.Path, "/")+1:]; p.Name != "" && p.Name != "main" && p.Name != dir {
			t.Errorf("%s: package %s differs from its folder", p.Path, p.Name)
		}
	}
}
