package recall

import (
	"testing"

	"kosmos/internal/base/errs"
)

func TestClaims(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		claim Claim
		want  string // slug of the first fault, "" for none
		kept  int
	}{
		{"one", Claim{Terms: []string{" 全网最低价 ", "全网最低价", ""}}, "", 1},
		{"none", Claim{Terms: []string{" "}}, "recall.terms_missing", 0},
		{"one character would recall everything", Claim{Terms: []string{"最"}}, "recall.term_short", 1},
		{"a sentence", Claim{Terms: []string{string(make([]rune, 0)) + long(61)}}, "recall.term_long", 1},
		{"an exception that takes the term away", Claim{Terms: []string{"试驾"}, Except: []string{"试驾"}}, "recall.except_whole", 1},
		{"a short exception is fine", Claim{Terms: []string{"最低价"}, Except: []string{"价"}}, "", 1},
	} {
		bad := errs.Bad()
		c.claim.check(bad)
		err := bad.OrNil()
		if (err == nil) != (c.want == "") || (err != nil && !errs.Is(err, c.want)) && !hasField(bad, c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if len(c.claim.Terms) != c.kept {
			t.Errorf("%s: kept %q", c.name, c.claim.Terms)
		}
	}
}

func hasField(e *errs.Error, slug string) bool {
	for _, f := range e.Fields {
		if f.Slug == slug {
			return true
		}
	}
	return false
}

func long(n int) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = rune('一' + i*7)
	}
	return string(out)
}

func TestSpansFindEveryWriting(t *testing.T) {
	t.Parallel()
	m, err := Claim{Terms: []string{"全网最低价", "保证收益"}, Except: []string{"不保证收益"}}.matcher()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"今天全网最低价":            1,
		"全網最低價！":             1,
		"全·网·最·低·价":          1,
		"全\u200b网最低价 保证收益":   2,
		"全 网 最 低 价全网最低价":     1, // side by side are one span
		"本产品不保证收益":           0,
		"全网都在看最低价":           0,
		"😀😀全网最低价😀":           1,
		"quan网最低价":           1,
		"quanwangzuidijia 冲": 1,
		"":                   0,
	} {
		spans, _ := spansOf(m, text, nil)
		if len(spans) != want {
			t.Errorf("%q: %v, want %d", text, spans, want)
		}
		for _, s := range spans {
			if s.Start < 0 || s.End > len([]rune(text)) || s.Start >= s.End {
				t.Errorf("%q: span %v", text, s)
			}
		}
	}
	if spans, _ := spansOf(m, "😀😀全网最低价😀", nil); len(spans) != 1 || spans[0] != (Span{2, 7}) {
		t.Errorf("spans are code points: %v", spans)
	}
}

func TestVerbs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from ItemState
		verb Verb
		to   ItemState
	}{
		{Waiting, Prove, Proved},
		{Proved, Prove, Proved},
		{Done, Prove, ""},
		{Waiting, Accept, ""},
		{Proved, Accept, Done},
		{Proved, Return, Waiting},
		{Done, Return, Waiting},
		{Waiting, Dismiss, Harmless},
		{Done, Dismiss, ""},
		{Harmless, Restore, Waiting},
		{Waiting, "burn", ""},
	} {
		if got := next(c.from, c.verb); got != c.to {
			t.Errorf("%s %s: %q, want %q", c.from, c.verb, got, c.to)
		}
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"\x89PNG\r\n\x1a\n1234": "image/png",
		"\xff\xd8\xff\xe0":      "image/jpeg",
		"RIFF0000WEBPVP8 ":      "image/webp",
		"<svg onload=alert(1)>": "",
		"GIF89a":                "",
		"":                      "",
	} {
		if got := picture([]byte(data)); got != want {
			t.Errorf("%q: %q, want %q", data, got, want)
		}
	}
}
