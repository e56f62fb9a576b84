package event

import (
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares an event with every field filled with testdata/<kind>.json. Each room's test file calls it.
func golden(t *testing.T, e interface{ EventKind() string }) {
	t.Helper()
	v := reflect.ValueOf(e)
	if v.NumField() == 0 || v.Type().Field(0).Tag.Get("json") != "brand_id" {
		t.Errorf("%T: the first field is BrandID `json:\"brand_id\"`", e)
	}
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%T.%s: the golden event fills every field", e, v.Type().Field(i).Name)
		}
	}
	got, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", e.EventKind()+".json")
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s changed its wire form:\n%s\nwas\n%s", e.EventKind(), got, want)
	}
	back := reflect.New(v.Type())
	if err := json.Unmarshal(want, back.Interface()); err != nil || !reflect.DeepEqual(back.Elem().Interface(), e) {
		t.Errorf("%s does not come back from its JSON: %v", e.EventKind(), err)
	}
}

// TestEveryEventHasAGolden reads the package's source: an event without a golden file, in another room's file or with
// another prefix is a fault.
func TestEveryEventHasAGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name != "EventKind" {
				continue
			}
			kind, err := strconv.Unquote(fn.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if room := strings.TrimSuffix(name, ".go"); !strings.HasPrefix(kind, room+".") {
				t.Errorf("%s: event %s belongs to another room's file", name, kind)
			}
			if _, err := os.Stat(filepath.Join("testdata", kind+".json")); err != nil {
				t.Errorf("event %s has no golden file: call golden(t, …) in %s_test.go", kind, strings.TrimSuffix(name, ".go"))
			}
		}
	}
}
