package search_test

import (
	"slices"
	"strings"
	"testing"

	"kosmos/internal/base/search"
)

func TestKeySorts(t *testing.T) {
	t.Parallel()
	want := []string{"4S店", "阿强", "Bob", "长沙店", "长沙店2", "长沙店10", "重庆店", "王伟", "汪晓", "王小明", "曾国", "张三", "张三丰"}
	got := slices.Clone(want)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(search.Key(a), search.Key(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if search.Key("张三") == search.Key("章三") {
		t.Error("different names with one pinyin need different keys")
	}
	if search.Key("ＫＯＳ　店") != search.Key("kos 店") {
		t.Error("width and case must not matter")
	}
	if search.Key("！！") == "" {
		t.Error("a key is never empty")
	}
}

func TestPinyin(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"王小明": {"wangxiaoming", "wxm"}, "曾祥": {"zengxiang", "zx"}, "单县一店": {"shanxianyidian", "sxyd"},
		"重庆": {"chongqing", "cq"}, "尉迟敬德": {"yuchijingde", "ycjd"}, "4S店A座": {"4sdianazuo", "4sdaz"},
		"": {"", ""}, "…": {"", ""},
	} {
		full, initials := search.Pinyin(name)
		if full != want[0] || initials != want[1] {
			t.Errorf("%s: %s %s", name, full, initials)
		}
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		name, query string
		want        bool
	}{
		{"王小明", "", true},
		{"王小明", "小明", true},
		{"王小明", "wangxiaoming", true},
		{"王小明", "wxm", true},
		{"王小明", "wangxm", true},
		{"王小明", "WangXiaoM", true},
		{"王小明", "xiaom", true},
		{"王小明", "xm", true},
		{"王小明", "ming", true},
		{"王小明", "ang", false},
		{"王小明", "wm", false},
		{"王小明", "wxmx", false},
		{"上海 静安店", "上海静安", true},
		{"上海静安店", "sh ja", true},
		{"上海静安店", "sh 徐汇", false},
		{"长沙店", "changsha", true},
		{"西安店", "xian", true},
		{"kos_sh_01", "sh_01", true},
	} {
		if got := search.Matches(r.name, r.query); got != r.want {
			t.Errorf("%q ~ %q: %v", r.name, r.query, got)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"小红书笔记": {"小红", "书笔", "笔记", "红书"}, "买 4S 店！": {"4s", "买", "店"}, "": nil, "好好好": {"好好"},
		"iPhone17真香": {"iphone17", "真香"},
	} {
		got := search.Tokens(in)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q", in, got)
		}
	}
}
