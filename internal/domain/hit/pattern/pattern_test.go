package pattern

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	t.Parallel()
	brand := func(s string) string {
		if strings.Contains(s, "星屿") {
			return "星屿"
		}
		return ""
	}
	for _, x := range []struct {
		title, opening, rest string
		length               int
		tags                 []string
		marks                []Mark
	}{
		{"买车前一定要问的3个问题！", "买车前一定要问的3个问题！", "", 13, nil, []Mark{Number, Exclamation}},
		{"星屿S5后排真的能躺平吗？试了才知道 #星屿S5 #周末试驾", "星屿S5后排真的能躺平吗？", "试了才知道", 18, []string{"星屿S5", "周末试驾"}, []Mark{Brand, Question, Hashtag}},
		{"【避坑】提车：十分钟验车清单", "【避坑】提车", "十分钟验车清单", 14, nil, []Mark{Number, Bracket, Colon, Warning, Steps}},
		{"没想到我也开上了🚗", "没想到我也开上了🚗", "", 9, nil, []Mark{Contrast, Person, Emoji}},
		{"今天一起去试驾", "今天一起去试驾", "", 7, nil, nil},
		{"#话题#正文", "", "", 0, []string{"话题", "正文"}, []Mark{Hashtag}},
		{"", "", "", 0, nil, nil},
	} {
		got := Read(x.title, brand)
		if got.Opening != x.opening || got.Rest != x.rest || got.Length != x.length || !slices.Equal(got.Tags, x.tags) || !slices.Equal(got.Marks, x.marks) {
			t.Errorf("%q: %+v", x.title, got)
		}
	}
	if w := Read("星屿怎么选？3款对比", brand).Words; !slices.Equal(w, []string{"3款", "星屿", "怎么"}) {
		t.Errorf("%q", w)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("星屿S5后排真的能躺平吗？ #星屿S5#")
	f.Add("##＃3")
	f.Fuzz(func(t *testing.T, s string) {
		got := Read(s, nil)
		if utf8.ValidString(s) && (!utf8.ValidString(got.Opening) || got.Length > utf8.RuneCountInString(s)) {
			t.Fatalf("%q: %+v", s, got)
		}
	})
}
