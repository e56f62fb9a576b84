package mapgen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Module is the import path of the project's module.
const Module = "kosmos"

// Tree is the Go source of the project.
type Tree struct {
	Root     string
	Fset     *token.FileSet
	Packages []*Package // sorted by path
}

// Package is one directory with Go files.
type Package struct {
	Path  string // below the module: "internal/domain/org"
	Name  string
	Doc   string
	Files []*File
}

// File is one parsed Go file.
type File struct {
	Path  string // below the root
	Lines int
	Test  bool
	AST   *ast.File
}

// skipped directories hold no source of ours.
func skipped(rel string) bool {
	return strings.HasPrefix(path.Base(rel), ".") && rel != "." || slices.Contains([]string{"web/node_modules", "web/dist", "bin", "tools"}, rel) ||
		path.Base(rel) == "testdata"
}

// Load parses every Go file below root.
func Load(root string) (*Tree, error) {
	t := &Tree{Root: root, Fset: token.NewFileSet()}
	byDir := map[string]*Package{}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if e.IsDir() {
			if skipped(rel) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		f, err := t.parse(p, rel)
		if err != nil {
			return err
		}
		dir := path.Dir(rel)
		if byDir[dir] == nil {
			byDir[dir] = &Package{Path: dir}
		}
		byDir[dir].add(f)
		return nil
	})
	for _, p := range byDir {
		t.Packages = append(t.Packages, p)
	}
	slices.SortFunc(t.Packages, func(a, b *Package) int { return strings.Compare(a.Path, b.Path) })
	return t, err
}

func (t *Tree) parse(file, rel string) (*File, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseFile(t.Fset, rel, src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	return &File{Path: rel, Lines: strings.Count(string(src), "\n"), Test: strings.HasSuffix(rel, "_test.go"), AST: tree}, nil
}

func (p *Package) add(f *File) {
	p.Files = append(p.Files, f)
	if f.Test {
		return
	}
	p.Name = f.AST.Name.Name
	if f.AST.Doc != nil {
		if text := f.AST.Doc.Text(); len(text) > len(p.Doc) {
			p.Doc = text
		}
	}
}

// Lines returns the lines of production and of test code.
func (p *Package) Lines() (prod, test int) {
	for _, f := range p.Files {
		if f.Test {
			test += f.Lines
		} else {
			prod += f.Lines
		}
	}
	return prod, test
}

// Imports returns the packages of the module that production code imports, below
// the module ("internal/base/db"), sorted.
func (p *Package) Imports() []string {
	var out []string
	for _, f := range p.Files {
		if f.Test {
			continue
		}
		for _, path := range f.Imports() {
			if rest, ours := strings.CutPrefix(path, Module+"/"); ours {
				out = append(out, rest)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Imports returns a file's import paths.
func (f *File) Imports() []string {
	var out []string
	for _, i := range f.AST.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

// Room returns the name of the room a package belongs to, or "".
func (p *Package) Room() string {
	rest, ok := strings.CutPrefix(p.Path, "internal/domain/")
	if !ok {
		return ""
	}
	room, _, _ := strings.Cut(rest, "/")
	return room
}
