package i18n_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kosmos/internal/base/i18n"
)

func source(room, zh, en string) i18n.Source {
	return i18n.Source{Room: room, FS: fstest.MapFS{
		"i18n/zh.json": {Data: []byte(zh)}, "i18n/en.json": {Data: []byte(en)},
	}}
}

func TestText(t *testing.T) {
	t.Parallel()
	c, err := i18n.Load(source("org",
		`{"org.moved":"{n} 个账号移到 {unit}","org.braces":"{{空}}","org.only_zh":"只有中文"}`,
		`{"org.moved":"{n} {n|account|accounts} moved to {unit}","org.braces":"{{none}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		lang   i18n.Lang
		slug   string
		params map[string]any
		want   string
	}{
		{i18n.Zh, "org.moved", map[string]any{"n": 3, "unit": "华东"}, "3 个账号移到 华东"},
		{i18n.En, "org.moved", map[string]any{"n": 1, "unit": "East"}, "1 account moved to East"},
		{i18n.En, "org.moved", map[string]any{"n": int64(1), "unit": nil}, "1 account moved to —"},
		{i18n.En, "org.moved", map[string]any{"n": 2.0}, "2 accounts moved to ?"},
		{i18n.En, "org.moved", map[string]any{"n": 0, "unit": []string{"a", "b"}}, "0 accounts moved to a, b"},
		{i18n.Zh, "org.braces", nil, "{空}"},
		{i18n.En, "org.only_zh", nil, "只有中文"},
		{i18n.En, "org.unknown", nil, "[org.unknown]"},
	} {
		if got := c.Text(r.lang, r.slug, r.params); got != r.want {
			t.Errorf("%s %s: %q, want %q", r.lang, r.slug, got, r.want)
		}
	}
	if !c.Has("org.moved") || c.Has("org.unknown") {
		t.Error("Has is wrong")
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sources []i18n.Source
		want    string
	}{
		"stranger": {[]i18n.Source{source("org", `{"post.x":"a"}`, `{}`)}, "does not begin"},
		"twice":    {[]i18n.Source{source("org", `{"org.x":"a"}`, `{}`), source("org", `{"org.x":"a"}`, `{}`)}, "twice"},
		"open":     {[]i18n.Source{source("org", `{"org.x":"{a"}`, `{}`)}, "braces"},
		"close":    {[]i18n.Source{source("org", `{"org.x":"a}"}`, `{}`)}, "braces"},
		"choice":   {[]i18n.Source{source("org", `{"org.x":"{n|a}"}`, `{}`)}, "one|many"},
		"name":     {[]i18n.Source{source("org", `{"org.x":"{N}"}`, `{}`)}, "bad parameter"},
		"json":     {[]i18n.Source{source("org", `{`, `{}`)}, "org"},
		"no file":  {[]i18n.Source{{Room: "org", FS: fstest.MapFS{}}}, "org"},
	} {
		if _, err := i18n.Load(c.sources...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	got := i18n.Check(source("org",
		`{"org.a":"{x}","org.b":"乙","org.d":"丁","org.e":" ","org.ok":"{n} 个"}`,
		`{"org.a":"{y}","org.c":"c","org.d":"{n|one|many}","org.e":"e","org.ok":"{n} {n|item|items}"}`))
	want := []string{"org.a: zh has", "org.b: no en", "org.c: no zh", "org.d: en chooses", "org.e: zh text is empty"}
	if len(got) != len(want) || !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got %q", got)
	}
	if bad := i18n.Check(source("org", `{"org.x":"a"}`, `[]`)); len(bad) != 1 {
		t.Errorf("got %q", bad)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		in   []string
		want i18n.Lang
	}{
		{nil, i18n.Zh},
		{[]string{""}, i18n.Zh},
		{[]string{"en-GB,en;q=0.9,zh;q=0.8"}, i18n.En},
		{[]string{"fr, en;q=0.5"}, i18n.En},
		{[]string{"fr, en;q=0"}, i18n.Zh},
		{[]string{"", "en_US.UTF-8"}, i18n.En},
		{[]string{"zh-TW", "en"}, i18n.Zh},
	} {
		if got := i18n.Match(r.in...); got != r.want {
			t.Errorf("%v: %s", r.in, got)
		}
	}
}
