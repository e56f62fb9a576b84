// Package app_test checks the rules of the house over the whole source.
package app_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/app/mapgen"
	"kosmos/internal/base/i18n"
)

const root = "../.."

func load(t *testing.T) *mapgen.Tree {
	t.Helper()
	tree, err := mapgen.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// generated files are not held to the sizes of hand-written ones.
func generated(f *mapgen.File) bool { return ast.IsGenerated(f.AST) }

const (
	maxFile  = 600
	maxFunc  = 80
	maxParam = 5 // besides the context, the test and the transaction or querier a store function works on
)

func TestSizes(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, p := range tree.Packages {
		for _, f := range p.Files {
			if f.Test || generated(f) {
				continue
			}
			if f.Lines > maxFile {
				t.Errorf("%s has %d lines, the limit is %d: split it by concept", f.Path, f.Lines, maxFile)
			}
			ast.Inspect(f.AST, func(n ast.Node) bool {
				fn, ok := n.(*ast.FuncDecl)
				if !ok {
					return true
				}
				at := tree.Fset.Position(fn.Pos())
				if span := tree.Span(fn); span > maxFunc {
					t.Errorf("%s: %s has %d lines, the limit is %d", at, fn.Name.Name, span, maxFunc)
				}
				if n := params(fn); n > maxParam {
					t.Errorf("%s: %s has %d parameters besides ctx and tx, the limit is %d: make a struct of them", at, fn.Name.Name, n, maxParam)
				}
				return true
			})
		}
	}
}

// params counts parameters but the plumbing every use case has.
func params(fn *ast.FuncDecl) int {
	n := 0
	for _, p := range fn.Type.Params.List {
		if slices.Contains([]string{"context.Context", "*db.Tx", "db.Querier", "*testing.T", "testing.TB"}, expr(p.Type)) {
			continue
		}
		n += max(1, len(p.Names))
	}
	return n
}

func expr(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.StarExpr:
		return "*" + expr(x.X)
	case *ast.SelectorExpr:
		return expr(x.X) + "." + x.Sel.Name
	}
	return ""
}

func TestDocs(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, p := range tree.Packages {
		if p.Name == "" {
			continue // tests only
		}
		if p.Name != "main" && !strings.HasPrefix(p.Doc, "Package "+p.Name+" ") {
			t.Errorf("%s: a package doc begins with %q", p.Path, "Package "+p.Name+" ")
		}
		if p.Name == "main" && p.Doc == "" {
			t.Errorf("%s: a command says what it does", p.Path)
		}
		if room := p.Room(); room != "" && p.Path == "internal/domain/"+room && !strings.Contains(p.Doc, "Owns") {
			t.Errorf("%s: a room's doc says what it owns", p.Path)
		}
		for _, f := range p.Files {
			if !f.Test && !generated(f) && p.Name != "main" {
				undocumented(t, tree, f)
			}
		}
	}
}

func undocumented(t *testing.T, tree *mapgen.Tree, f *mapgen.File) {
	t.Helper()
	for _, d := range f.AST.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
				t.Errorf("%s: %s is exported and has no comment", tree.Fset.Position(d.Pos()), d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				name, doc := spec(s)
				if name != "" && ast.IsExported(name) && doc == nil && d.Doc == nil {
					t.Errorf("%s: %s is exported and has no comment", tree.Fset.Position(s.Pos()), name)
				}
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if s, ok := typ.(*ast.StarExpr); ok {
		typ = s.X
	}
	if i, ok := typ.(*ast.IndexExpr); ok {
		typ = i.X
	}
	return ast.IsExported(expr(typ))
}

func spec(s ast.Spec) (name string, doc *ast.CommentGroup) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Name.Name, s.Doc
	case *ast.ValueSpec:
		if s.Comment != nil {
			return s.Names[0].Name, s.Comment
		}
		return s.Names[0].Name, s.Doc
	}
	return "", nil
}

// mayChange lists packages whose package variables are written, with the reason.
func mayChange() map[string]string {
	return map[string]string{
		"internal/base/db/dbtest": "all tests of one process share a server, its templates and a lock",
		"internal/base/web":       "huma keeps its message templates in package variables; web sets them to slugs before any route",
	}
}

// TestNoHiddenState holds that nothing happens at import time and that package
// variables are tables, errors and guards which nobody writes.
func TestNoHiddenState(t *testing.T) {
	t.Parallel()
	tree := load(t)
	for _, p := range tree.Packages {
		if mayChange()[p.Path] != "" {
			continue
		}
		vars := map[string]bool{}
		for _, f := range p.Files {
			if !f.Test {
				packageVars(t, tree, p, f, vars)
			}
		}
		for _, f := range p.Files {
			if f.Test {
				continue
			}
			imports := importNames(f)
			ast.Inspect(f.AST, func(n ast.Node) bool {
				for _, target := range written(n) {
					id, field := rootOf(target)
					switch {
					case id == nil:
					case vars[id.Name] && global(id):
						t.Errorf("%s: package variable %s is written", tree.Fset.Position(n.Pos()), id.Name)
					case field && imports[id.Name] && id.Obj == nil:
						t.Errorf("%s: a variable of package %s is written", tree.Fset.Position(n.Pos()), id.Name)
					}
				}
				return true
			})
		}
	}
}

// packageVars collects a file's package variables and refuses init and variables
// that start empty, because those exist to be written.
func packageVars(t *testing.T, tree *mapgen.Tree, p *mapgen.Package, f *mapgen.File, vars map[string]bool) {
	t.Helper()
	for _, d := range f.AST.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "init" && fn.Recv == nil {
			t.Errorf("%s: no init(): say it in app", tree.Fset.Position(fn.Pos()))
		}
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			for _, name := range v.Names {
				vars[name.Name] = name.Name != "_"
			}
			embedded := g.Doc != nil && strings.Contains(fmt.Sprint(comments(g.Doc)), "//go:embed") || v.Doc != nil && strings.Contains(fmt.Sprint(comments(v.Doc)), "//go:embed")
			stamped := p.Name == "main" && v.Names[0].Name == "version"
			if len(v.Values) == 0 && !embedded && !stamped {
				t.Errorf("%s: package variable %s starts empty: give it to those who need it instead", tree.Fset.Position(v.Pos()), v.Names[0].Name)
			}
		}
	}
}

func comments(g *ast.CommentGroup) []string {
	var out []string
	for _, c := range g.List {
		out = append(out, c.Text)
	}
	return out
}

func importNames(f *mapgen.File) map[string]bool {
	out := map[string]bool{}
	for _, i := range f.AST.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		out[name] = true
	}
	return out
}

// written returns what a statement writes to.
func written(n ast.Node) []ast.Expr {
	switch s := n.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return s.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{s.X}
	case *ast.CallExpr:
		if id, ok := s.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear") && len(s.Args) > 0 {
			return s.Args[:1]
		}
	}
	return nil
}

func rootOf(e ast.Expr) (id *ast.Ident, field bool) {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x, field
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e, field = x.X, true
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil, false
		}
	}
}

// global tells whether a name means the package's variable: the parser resolves
// local names to their declaration and leaves those of other files open.
func global(id *ast.Ident) bool {
	if id.Obj == nil {
		return true
	}
	v, ok := id.Obj.Decl.(*ast.ValueSpec)
	return ok && id.Obj.Kind == ast.Var && v.Names[0].Obj != nil && !local(id)
}

// local is true for var declarations inside a function, which look the same to the
// parser but are used within the lines of their own function.
func local(id *ast.Ident) bool {
	v := id.Obj.Decl.(*ast.ValueSpec)
	return v.Doc == nil && v.Values == nil
}

func TestMarks(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("git", "-C", root, "grep", "-nIE", `\b(TO`+`DO|FIX`+`ME|XX`+`X|HA`+`CK)\b`, "--", "*.go", "*.ts", "*.tsx", "*.sql", "*.md").Output()
	if len(out) > 0 {
		t.Errorf("finish these or write them down as issues (%v):\n%s", err, out)
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	tree := load(t)
	var sources []i18n.Source
	for _, p := range tree.Packages {
		dir := root + "/" + p.Path
		if zh, err := os.ReadFile(dir + "/i18n/zh.json"); err == nil {
			room := p.Name
			if p.Room() == "" && !strings.Contains(string(zh), `"`+p.Name+`.`) {
				room = "base" // the house speaks with one voice
			}
			sources = append(sources, i18n.Source{Room: room, FS: os.DirFS(dir)})
		}
	}
	for _, bad := range i18n.Check(sources...) {
		t.Error(bad)
	}
	han := regexp.MustCompile(`\p{Han}`)
	for _, s := range sources {
		b, err := os.ReadFile(root + "/internal/domain/" + s.Room + "/i18n/en.json")
		if err != nil {
			continue // base packages are few and read by eye
		}
		for line := range strings.Lines(string(b)) {
			if m := han.FindString(line); m != "" && !strings.Contains(line, "小红书") {
				t.Errorf("%s: Chinese in an English text: %s", s.Room, strings.TrimSpace(line))
			}
		}
	}
}
