package app_test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kosmos/internal/app/mapgen"
)

// globalTables hold no brand's data and need no prefix of a room; the list is
// complete (docs/adr/0003).
func globalTables() []string { return []string{"brand", "login", "node_lease"} }

// TestSameWord holds that one word names a room everywhere: package, tables,
// routes, permissions, texts, page feature.
func TestSameWord(t *testing.T) {
	t.Parallel()
	facts, err := load(t).Rooms()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		for _, table := range f.Tables {
			if table != f.Room && !strings.HasPrefix(table, f.Room+"_") && !slices.Contains(globalTables(), table) {
				t.Errorf("%s: table %s does not begin with %s_", f.Room, table, f.Room)
			}
		}
		for _, route := range f.Routes {
			_, path, _ := strings.Cut(route, " ")
			path = strings.TrimPrefix(path, "/api/v1")
			if path != "/"+f.Room && !strings.HasPrefix(path, "/"+f.Room+"/") {
				t.Errorf("%s: route %s is not below /api/v1/%s/", f.Room, route, f.Room)
			}
		}
	}
	features, err := filepath.Glob(root + "/web/src/features/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range features {
		if _, known := rooms()[filepath.Base(dir)]; !known {
			t.Errorf("%s: there is no room of this name", dir)
		}
	}
}

// TestMigrations reads every room's SQL: names of indexes, and the brand first in
// every key.
func TestMigrations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root + "/internal/domain/*/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	index := regexp.MustCompile(`(?is)CREATE\s+(UNIQUE\s+)?INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z0-9_]+)\s+ON\s+([a-z0-9_]+)\s*\(\s*([a-z0-9_]+)`)
	primary := regexp.MustCompile(`(?is)PRIMARY\s+KEY\s*\(\s*([a-z0-9_]+)`)
	inline := regexp.MustCompile(`(?im)^\s*([a-z0-9_]+)\s+[A-Z{].*\b(PRIMARY\s+KEY|UNIQUE)\b`)
	table := regexp.MustCompile(`(?is)CREATE\s+TABLE\s+([a-z0-9_]+)\s*\((.*?)\n\)`)
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sql := regexp.MustCompile(`--[^\n]*`).ReplaceAllString(string(src), "")
		short := strings.TrimPrefix(name, root+"/")
		for _, m := range index.FindAllStringSubmatch(sql, -1) {
			unique, idx, tbl, first := m[1] != "", m[2], m[3], m[4]
			if want := map[bool]string{true: "uq_", false: "ix_"}[unique] + tbl + "__"; !strings.HasPrefix(idx, want) {
				t.Errorf("%s: index %s is named %s<col>__<col>", short, idx, want)
			}
			if first != "brand_id" && !isGlobal(tbl) {
				t.Errorf("%s: index %s begins with brand_id, not %s", short, idx, first)
			}
		}
		for _, m := range table.FindAllStringSubmatch(sql, -1) {
			if isGlobal(m[1]) {
				continue
			}
			if pk := primary.FindStringSubmatch(m[2]); pk == nil || pk[1] != "brand_id" {
				t.Errorf("%s: the primary key of %s begins with brand_id", short, m[1])
			}
			for _, c := range inline.FindAllStringSubmatch(m[2], -1) {
				t.Errorf("%s: %s.%s: keys are of the table and hold the brand", short, m[1], c[1])
			}
		}
	}
}

// isGlobal knows the tables above, with or without their room's prefix.
func isGlobal(table string) bool {
	return slices.ContainsFunc(globalTables(), func(g string) bool { return table == g || strings.HasSuffix(table, "_"+g) })
}

// TestPortableSQL looks for words that only one engine knows in the rooms' Go code.
func TestPortableSQL(t *testing.T) {
	t.Parallel()
	traps := map[string]*regexp.Regexp{
		"ILIKE is PostgreSQL's; store a folded key":                regexp.MustCompile(`\bILIKE\b`),
		"now() is PostgreSQL's; pass the clock's time":             regexp.MustCompile(`\b(now\(\)|CURRENT_TIMESTAMP)`),
		"date_trunc is PostgreSQL's; store days":                   regexp.MustCompile(`\bdate_trunc\b`),
		"::type is PostgreSQL's; use CAST":                         regexp.MustCompile(`[a-z0-9_)]::[a-z]+`),
		"= ANY is PostgreSQL's; use IN with db.Args":               regexp.MustCompile(`(?i)=\s*ANY\s*\(`),
		"GREATEST and LEAST are PostgreSQL's; use CASE":            regexp.MustCompile(`\b(GREATEST|LEAST)\s*\(`),
		"INSERT OR … is SQLite's; use ON CONFLICT":                 regexp.MustCompile(`\bINSERT OR\b`),
		"strftime and julianday are SQLite's; store days":          regexp.MustCompile(`\b(strftime|julianday)\s*\(`),
		"JSON operators differ; read the text and decode it in Go": regexp.MustCompile(`->>`),
	}
	for _, p := range load(t).Packages {
		if p.Room() == "" {
			continue
		}
		for _, f := range p.Files {
			if f.Test {
				continue
			}
			for _, s := range sqlStrings(f) {
				for why, re := range traps {
					if re.MatchString(s) {
						t.Errorf("%s: %s: %.80q", f.Path, why, s)
					}
				}
			}
		}
	}
}

// sqlStrings returns a file's string literals that look like SQL.
func sqlStrings(f *mapgen.File) []string {
	verb := regexp.MustCompile(`^\s*(WITH|SELECT|INSERT|UPDATE|DELETE|AND|WHERE|FROM|ON CONFLICT)\b`)
	var out []string
	ast.Inspect(f.AST, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if s, err := strconv.Unquote(lit.Value); err == nil && verb.MatchString(s) {
			out = append(out, s)
		}
		return true
	})
	return out
}
