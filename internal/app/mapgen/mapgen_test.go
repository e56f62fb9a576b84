package mapgen_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kosmos/internal/app/mapgen"
)

func project(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestWrite(t *testing.T) {
	t.Parallel()
	root := project(t, map[string]string{
		"internal/domain/org/doc.go":                  "// Package org keeps the tree of units. More.\n//\n// Owns: units.\npackage org\n",
		"internal/domain/org/http.go":                 "package org\n\nimport (\n\t\"net/http\"\n\n\t_ \"kosmos/internal/domain/identity\"\n)\n\nvar r = Route{Method: http.MethodGet, Path: \"/api/v1/org/units\"}\nvar p = Permission{Key: \"org.read\"}\n",
		"internal/domain/org/org_test.go":             "package org\n",
		"internal/domain/org/migrations/0001_org.sql": "-- +goose Up\nCREATE TABLE org_unit (\n  id BIGINT\n);\nCREATE TABLE org_closure (id BIGINT);\n",
		"internal/event/org.go":                       "// Package event is the notice board.\npackage event\n\n// UnitMoved says so.\ntype UnitMoved struct{}\n\ntype hidden struct{}\n",
		"internal/base/db/db.go":                      "// Package db opens stores.\npackage db\n\n// Open opens.\nfunc Open() {\n}\n",
		"web/node_modules/x/x.go":                     "package broken {",
		"internal/base/db/testdata/x.go":              "package broken {",
	})
	var b strings.Builder
	if err := mapgen.Write(&b, root); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"### org\nkeeps the tree of units.\n", "- uses: `identity`\n", "- tables: `org_closure` `org_unit`\n", "- events: `UnitMoved`\n",
		"- permissions: `org.read`\n", "- routes: `GET /api/v1/org/units`\n", "| `internal/base/db` | 100 | 0 | opens stores. |",
		"| `internal/event` | 100 | 0 | is the notice board. |",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestOwnMap(t *testing.T) {
	t.Parallel()
	tree, err := mapgen.Load("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range tree.Packages {
		if p.Path == "internal/app/mapgen" && p.Name == "mapgen" && len(p.Files) >= 4 {
			return
		}
	}
	t.Error("the project's own source was not found")
}
