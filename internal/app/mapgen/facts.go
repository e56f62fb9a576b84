package mapgen

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Facts are what a room's source tells about it.
type Facts struct {
	Room        string
	Tables      []string
	Permissions []string
	Routes      []string
	Events      []string // published, from internal/event/<room>.go
	Imports     []string // rooms
}

// Rooms returns the facts of every room, sorted by name.
func (t *Tree) Rooms() ([]Facts, error) {
	byRoom := map[string]*Facts{}
	for _, p := range t.Packages {
		room := p.Room()
		if room == "" {
			continue
		}
		f := byRoom[room]
		if f == nil {
			f = &Facts{Room: room}
			byRoom[room] = f
			tables, err := t.tables(room)
			if err != nil {
				return nil, err
			}
			f.Tables, f.Events = tables, t.events(room)
		}
		f.fill(p)
	}
	var out []Facts
	for _, f := range byRoom {
		for _, list := range []*[]string{&f.Permissions, &f.Routes, &f.Imports} {
			slices.Sort(*list)
			*list = slices.Compact(*list)
		}
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Facts) int { return strings.Compare(a.Room, b.Room) })
	return out, nil
}

func createTable(line string) string {
	m := regexp.MustCompile(`(?i)^\s*CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([a-z0-9_]+)`).FindStringSubmatch(line)
	if m == nil {
		return ""
	}
	return m[1]
}

// tables reads the room's migrations.
func (t *Tree) tables(room string) ([]string, error) {
	files, _ := filepath.Glob(filepath.Join(t.Root, "internal/domain", room, "migrations", "*.sql"))
	var out []string
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(src)) {
			if table := createTable(line); table != "" {
				out = append(out, table)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (t *Tree) events(room string) []string {
	var out []string
	for _, p := range t.Packages {
		if p.Path != "internal/event" {
			continue
		}
		for _, f := range p.Files {
			if f.Path != "internal/event/"+room+".go" {
				continue
			}
			for _, d := range f.AST.Decls {
				if g, ok := d.(*ast.GenDecl); ok {
					out = append(out, structs(g)...)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

func structs(g *ast.GenDecl) []string {
	var out []string
	for _, s := range g.Specs {
		if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.IsExported() {
			if _, is := ts.Type.(*ast.StructType); is {
				out = append(out, ts.Name.Name)
			}
		}
	}
	return out
}

// fill adds the string constants of a package that are routes or permissions.
func (f *Facts) fill(p *Package) {
	perm := regexp.MustCompile(`^` + regexp.QuoteMeta(f.Room) + `\.[a-z][a-z_]*$`)
	for _, i := range p.Imports() {
		if rest, ok := strings.CutPrefix(i, "internal/domain/"); ok {
			if room, _, _ := strings.Cut(rest, "/"); room != f.Room {
				f.Imports = append(f.Imports, room)
			}
		}
	}
	known := p.constants()
	for _, file := range p.Files {
		if file.Test {
			continue
		}
		ast.Inspect(file.AST, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			fields := stringFields(lit, known)
			if fields["Method"] != "" && strings.HasPrefix(fields["Path"], "/") {
				f.Routes = append(f.Routes, fields["Method"]+" "+fields["Path"])
			}
			if perm.MatchString(fields["Key"]) {
				f.Permissions = append(f.Permissions, fields["Key"])
			}
			return true
		})
	}
}

// stringFields returns the fields of a struct literal that hold a string literal or
// a constant, or one of http's method names.
func stringFields(lit *ast.CompositeLit, known map[string]string) map[string]string {
	out := map[string]string{}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		switch v := kv.Value.(type) {
		case *ast.BasicLit:
			if s, err := strconv.Unquote(v.Value); err == nil {
				out[key.Name] = s
			}
		case *ast.Ident:
			out[key.Name] = known[v.Name]
		case *ast.SelectorExpr:
			if m, isMethod := strings.CutPrefix(v.Sel.Name, "Method"); isMethod {
				out[key.Name] = strings.ToUpper(m)
			}
		}
	}
	return out
}

// constants returns a package's string constants.
func (p *Package) constants() map[string]string {
	out := map[string]string{}
	for _, f := range p.Files {
		for _, d := range f.AST.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i, value := range v.Values {
					if lit, ok := value.(*ast.BasicLit); ok && i < len(v.Names) {
						if text, err := strconv.Unquote(lit.Value); err == nil {
							out[v.Names[i].Name] = text
						}
					}
				}
			}
		}
	}
	return out
}
