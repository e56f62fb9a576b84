package pack_test

import (
	"fmt"
	"testing"

	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

// ownRanker turns down what speaks of subsidies, and knows 第一 as a false alarm where it counts times.
func ownRanker(t *testing.T) *rank.Model {
	t.Helper()
	var rows []rank.Example
	for i := range 60 {
		rows = append(rows,
			rank.Example{Text: fmt.Sprintf("老板自掏腰包补贴%d名车友", i), Label: pack.Refused, About: pack.Refused},
			rank.Example{Text: fmt.Sprintf("周末第%d场试驾欢迎到店", i), About: pack.Refused},
			rank.Example{Text: fmt.Sprintf("我第一次来%d店", i), Label: pack.FalseAlarm, About: pack.FalseAlarm},
			rank.Example{Text: fmt.Sprintf("销量全国第一%d", i), About: pack.FalseAlarm},
		)
	}
	m, err := rank.Train(rows, rank.Options{Bits: 14, Alarms: 0.05}, 20261128, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestOwnRankerOrdersLowersAndNeverBlocks(t *testing.T) {
	t.Parallel()
	rule := func(id string, noisy bool) pack.Rule {
		return pack.Rule{ID: "own/" + id, Terms: []string{"第一"}, Category: "absolute", Severity: pack.Medium, Reason: pack.Text{Zh: "绝对化"}, Article: "广告法", Noisy: noisy}
	}
	check := func(noisy bool, own *rank.Model, text string) pack.Result {
		t.Helper()
		c, err := pack.NewChecker([]pack.Pack{{Name: "own", Rules: []pack.Rule{rule("first", noisy)}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		with, err := c.WithOwn(own)
		if err != nil {
			t.Fatal(err)
		}
		if (with.Version() == c.Version()) != (own == nil) {
			t.Error("the version names the weights in force")
		}
		return with.Check(text, scan.Context{Kind: "post"})
	}
	own := ownRanker(t)
	bad, good := check(false, own, "老板自掏腰包补贴今天来的车友"), check(false, own, "周末有试驾欢迎到店")
	if bad.Verdict != pack.Pass || len(bad.Findings) > 0 || bad.Score <= good.Score {
		t.Errorf("it orders and decides nothing: %+v, %+v", bad, good)
	}
	if r := check(false, nil, "老板自掏腰包补贴今天来的车友"); r.Score != 0 {
		t.Errorf("without it there is no order: %+v", r)
	}
	for _, tt := range []struct {
		noisy bool
		text  string
		want  string
	}{
		{true, "我第一次来这家店", pack.Warn},
		{true, "销量全国第一的车", pack.Review},
		{false, "我第一次来这家店", pack.Review}, // only rules marked noisy are lowered
	} {
		if r := check(tt.noisy, own, tt.text); r.Verdict != tt.want {
			t.Errorf("%q, noisy %v: %s, want %s", tt.text, tt.noisy, r.Verdict, tt.want)
		}
	}
}

func TestSurroundings(t *testing.T) {
	t.Parallel()
	if got := pack.Surroundings("😀一二三", 1, 2); got != "😀一二三" {
		t.Error(got)
	}
	if got := pack.Surroundings("短", 40, 50); got != "" {
		t.Error(got)
	}
}
