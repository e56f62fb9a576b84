package rank_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/scan/rank"
)

// contacts teach that people are asked to add somebody elsewhere, and that an offer begins with 出.
func contacts(t testing.TB) (*rank.Model, []string) {
	t.Helper()
	var rows []rank.Example
	var texts []string
	things := strings.Split("面霜 口红 车位 奶粉 礼品卡 门票 相机 手表", " ")
	talk := strings.Split("今天店里很忙 微信支付可以吗 明天加班到十点 这款面霜很好用 周末去看车 门票已经买好 相机没电 手表修好", " ")
	for i := range 40 {
		text := fmt.Sprintf("出%s要的人加微信详谈%d", things[i%len(things)], i)
		rows = append(rows, rank.Example{Text: text, Label: "ad"}, rank.Example{Text: fmt.Sprintf("%s%d", talk[i%len(talk)], i)})
		texts = append(texts, text)
	}
	m, err := rank.Train(rows, rank.Options{Bits: 15, Seed: 1}, 20261129, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m, texts
}

// bare takes a part out of what says that it stands at an edge.
func bare(text string) string {
	for _, edge := range []string{"begins ", "ends "} {
		if rest, ok := strings.CutPrefix(text, "‹"+edge); ok {
			return strings.TrimSuffix(rest, "›")
		}
	}
	return text
}

func TestExplain(t *testing.T) {
	t.Parallel()
	m, texts := contacts(t)
	const text = "出电动车要的人加微信详谈"
	top := m.Explain("ad", text, 5)
	if len(top) == 0 || len(top) > 5 || !slices.IsSortedFunc(top, func(a, b rank.Feature) int { return int(1000 * (b.Weight - a.Weight)) }) {
		t.Fatalf("%+v", top)
	}
	at := map[string]bool{}
	for _, f := range top {
		part := bare(f.Text)
		if strings.HasPrefix(part, "‹") {
			continue
		}
		place := strings.Index(text, part)
		if place < 0 {
			t.Fatalf("%q does not stand in the text", f.Text)
		}
		for i := range part {
			key := fmt.Sprint(place + i)
			if at[key] {
				t.Errorf("%+v: %q overlaps another part", top, f.Text)
			}
			at[key] = true
		}
	}
	if !slices.ContainsFunc(top, func(f rank.Feature) bool {
		return len([]rune(bare(f.Text))) >= 4 && !strings.HasPrefix(f.Text, "‹length")
	}) {
		t.Errorf("nothing was merged: %+v", top)
	}
	if got := m.Explain("ad", "", 5); len(got) != 0 {
		t.Errorf("an empty text: %+v", got)
	}
	// the parts of many texts do not overlap each other, either
	var long []string
	for _, f := range m.Strongest("ad", texts, 6) {
		if strings.HasPrefix(f.Text, "‹") && bare(f.Text) == f.Text {
			continue
		}
		part := bare(f.Text)
		for _, other := range long {
			if strings.Contains(other, part) || strings.Contains(part, other) {
				t.Errorf("%q and %q", other, part)
			}
		}
		long = append(long, part)
	}
	if len(long) == 0 {
		t.Error("no part of a text is strong")
	}
}

// TestEdges: the same words count for more where an offer begins.
func TestEdges(t *testing.T) {
	t.Parallel()
	m, _ := contacts(t)
	if begin, within := score(m, "ad", "出耳机").P, score(m, "ad", "耳机出").P; begin <= within {
		t.Errorf("出 at the beginning %v, at the end %v", begin, within)
	}
}

// A hostile text takes no time without end.
func TestExplainLong(t *testing.T) {
	t.Parallel()
	m, _ := contacts(t)
	text := strings.Repeat("出面霜加微信详谈，", 3000)
	if top := m.Explain("ad", text, 5); len(top) == 0 || len(top) > 5 {
		t.Errorf("%+v", top)
	}
	if top := m.Strongest("ad", []string{text, text}, 5); len(top) == 0 {
		t.Error("nothing")
	}
}
