package pillar

import (
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

func TestSorter(t *testing.T) {
	t.Parallel()
	s := NewSorter([]Rule{
		{ID: 1, Words: []string{"质感", "故事"}, Hashtags: []string{"#星屿生活"}},
		{ID: 2, Words: []string{"空间", "油耗"}, Products: []string{"星屿 S5", "S5"}},
		{ID: 3, Words: []string{"优惠", "补贴", "空间"}},
	})
	for text, want := range map[string]id.ID{
		"周末出城":           0,
		"":               0,
		"Ｓ５的后排":          2,
		"坐坐 xs50":        0, // part of a longer word
		"今天的故事 #星屿生活 谁懂": 1,
		"#星屿生活圈 故事":      1, // by the word
		"＃星屿生活[话题]# 到店优惠 补贴": 1, // a hashtag counts for more than two words
		"空间":    2, // equals: the first in order
		"空间 优惠": 3,
		"新能源补贴还有三天，s5 有优惠":        2, // 2 for the product, 2 for the words: the first in order
		"#星屿生活S5 的空间":             2,
		"#星屿生活日记 与 #星屿生活 两个话题 空间": 1,
	} {
		if got := s.Of(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	some := []Share{{1, 100}}
	list := []Target{
		{From: 20260101, Shares: some},
		{From: 20260601, Shares: some},
		{Kind: "store", From: 20260101, Shares: some},
		{UnitID: 10, From: 20260301, Shares: some},
		{UnitID: 10, From: 20260901}, // ended
		{UnitID: 11, Kind: "store", From: 20260301, Shares: some},
	}
	for name, c := range map[string]struct {
		up   []id.ID
		kind string
		day  clock.Day
		want int // index; -1 none
	}{
		"before any":            {[]id.ID{12, 1}, "employee", 20251231, -1},
		"brand":                 {[]id.ID{12, 1}, "employee", 20260101, 0},
		"newest":                {[]id.ID{12, 1}, "employee", 20261001, 1},
		"kind":                  {[]id.ID{12, 1}, "store", 20261001, 2},
		"unit before kind":      {[]id.ID{12, 10, 1}, "store", 20260401, 3},
		"ended":                 {[]id.ID{12, 10, 1}, "store", 20261001, -1},
		"nearest with the kind": {[]id.ID{11, 10, 1}, "store", 20261001, 5},
		"nearest without":       {[]id.ID{11, 10, 1}, "employee", 20260401, 3},
	} {
		got := Choose(list, c.up, c.kind, c.day)
		switch {
		case c.want < 0 && got != nil, c.want >= 0 && got != &list[c.want]:
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestGap(t *testing.T) {
	t.Parallel()
	mix := &Target{Shares: []Share{{1, 40}, {2, 40}, {3, 20}}}
	g := Of(map[id.ID]int64{1: 7, 2: 1, 0: 2}, mix, 5)
	if !g.Judged || g.Posts != 10 || g.Short != 3+2 || g.Worst != 2 || len(g.Parts) != 4 {
		t.Errorf("%+v", g)
	}
	if p := g.Parts[2]; p.PillarID != 2 || p.Short != 3 || *p.Target != 40 || p.Want != 400 {
		t.Errorf("%+v", p)
	}
	if g = Of(map[id.ID]int64{1: 4}, mix, 5); g.Judged || g.Short != 0 || g.Worst != 0 {
		t.Errorf("too few posts: %+v", g)
	}
	if g = Of(map[id.ID]int64{1: 9}, nil, 5); g.Judged || g.Short != 0 {
		t.Errorf("no target: %+v", g)
	}
	if g = Of(nil, mix, 0); g.Judged {
		t.Errorf("no posts: %+v", g)
	}
}
