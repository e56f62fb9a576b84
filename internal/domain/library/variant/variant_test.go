package variant

import (
	"errors"
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	t.Parallel()
	tpl, err := Parse("{{开头: 周末来 {门店} | {顾问}带你试驾}}", "{{开头}}，{价格} 起 \\{实价\\} {{表情：🚗|✨|🎉 }}\n等你\\|来")
	if err != nil {
		t.Fatal(err)
	}
	if tpl.Count() != 6 {
		t.Fatalf("%d choices", tpl.Count())
	}
	values := map[string]string{"门店": "静安店", "顾问": "小明", "价格": "9.98万"}
	seen := map[string]bool{}
	for n := range tpl.Count() {
		got := tpl.Fill(n, values)
		if !strings.HasPrefix(got[1], got[0]+"，9.98万 起 {实价} ") || !strings.HasSuffix(got[1], "\n等你|来") {
			t.Errorf("%d: %q", n, got)
		}
		seen[got[1]] = true
	}
	if len(seen) != 6 || !seen["周末来 静安店，9.98万 起 {实价} 🚗\n等你|来"] {
		t.Errorf("texts: %v", seen)
	}
	if got := tpl.Missing(0, map[string]string{"门店": "x"}); got != "价格" {
		t.Errorf("missing %q", got)
	}
	if n, exact := tpl.Different(100); n != 6 || !exact {
		t.Errorf("%d different", n)
	}
	var names []string
	for _, u := range tpl.Variables() {
		names = append(names, u.Name)
	}
	if strings.Join(names, ",") != "门店,顾问,价格" {
		t.Errorf("variables %v", names)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]SyntaxError{
		"好{{a: 1 | 2":                       {1, 1, 12, "brace", "}}"},
		"第一行\n{{a: 1 | {{b: 2 | 3}} }}":     {1, 2, 10, "nested", ""},
		"{{a: 1 | 1}}":                      {1, 1, 9, "twice", "1"},
		"{{a: 1}}":                          {1, 1, 1, "empty", "a"},
		"{{a: 1|2}}{{a: 3|4}}":              {1, 1, 11, "twice", "a"},
		"x{{b}}":                            {1, 1, 2, "unknown", "b"},
		"门店}":                               {1, 1, 3, "brace", "}"},
		"{门店":                               {1, 1, 2, "brace", "}"},
		"{}":                                {1, 1, 2, "name", ""},
		"{" + strings.Repeat("长", 21) + "}": {1, 1, 2, "name", strings.Repeat("长", 21)},
		strings.Repeat("x", MaxText+1):      {1, 1, 1, "long", ""},
	} {
		_, err := Parse("", text)
		var f *SyntaxError
		if !errors.As(err, &f) || *f != want {
			t.Errorf("%.40q: %v, want %v", text, f, want)
		}
	}
}

// TestOrder holds that an order goes through every choice once, for sizes with few and many divisors.
func TestOrder(t *testing.T) {
	t.Parallel()
	for _, count := range []uint64{1, 2, 3, 4, 6, 12, 97, 360, 720, 1024, 5040, 30030} {
		for seed := range uint64(20) {
			o, seen := NewOrder(count, Seed(int64(seed))), make(map[uint64]bool, count)
			for n := range count {
				seen[o.At(n)] = true
			}
			if uint64(len(seen)) != count {
				t.Fatalf("%d choices, seed %d: %d seen", count, seed, len(seen))
			}
			if o.At(count) != o.At(0) {
				t.Fatalf("%d choices: the order does not begin again", count)
			}
		}
	}
	big := NewOrder(1<<63-1, 5)
	if big.At(0) == big.At(1) || big.At(1<<62) >= 1<<63-1 {
		t.Error("large orders")
	}
}

// TestOrderStays keeps the numbers: what was handed out must be written again by later programs.
func TestOrderStays(t *testing.T) {
	t.Parallel()
	o := NewOrder(720, Seed(11, 1, 99, 5))
	got := [4]uint64{o.At(0), o.At(1), o.At(2), o.At(719)}
	if want := [4]uint64{o.first, (o.first + o.step) % 720, (o.first + 2*o.step) % 720, (o.first + 719*o.step) % 720}; got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestCover(t *testing.T) {
	t.Parallel()
	tpl, err := Parse("", "{{a: 1|2|3}}{{b: x|y}}{{c: p|q|r|s}}")
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, n := range tpl.Cover() {
		all += tpl.Fill(n, nil)[1]
	}
	if len(tpl.Cover()) != 4 || strings.Trim("123xypqrs", all) != "" {
		t.Errorf("%d texts: %s", len(tpl.Cover()), all)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	l, err := LoadLimits()
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Over("xiaohongshu", "title", strings.Repeat("车", 23), 20261128); got != 3 {
		t.Errorf("over by %d", got)
	}
	if l.Of("xiaohongshu", "title", 20190101) != 0 || l.Of("elsewhere", "title", 20261128) != 0 {
		t.Error("a limit where none is known")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"{{a: 1 | {b}}}", "{x}{{y: \\| | 2}}{{y}}", "\\{{{", "{{a:|}}", "}}", "{{：|}}"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		tpl, err := Parse(a, b)
		if err != nil {
			var fault *SyntaxError
			if !errors.As(err, &fault) || fault.Line < 1 || fault.Column < 1 {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, n := range append(tpl.Cover(), 0, tpl.Count()-1, 1<<63) {
			values := map[string]string{}
			for _, u := range tpl.Variables() {
				values[u.Name] = "v"
			}
			if tpl.Missing(n, values) != "" || len(tpl.Fill(n, values)) != 2 {
				t.Fatal("a text that cannot be filled")
			}
		}
	})
}
