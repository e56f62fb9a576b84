package rank_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"kosmos/internal/scan/rank"
)

func TestAreas(t *testing.T) {
	t.Parallel()
	positive := []bool{true, true, true, false, false, false, false}
	good := []float64{0.9, 0.8, 0.4, 0.5, 0.3, 0.2, 0.1}
	flat := []float64{1, 1, 1, 1, 1, 1, 1}
	a, b, gain := rank.Areas(positive, flat, good)
	if a.Value != 0.5 || math.Abs(b.Value-11.0/12) > 1e-6 || math.Abs(gain.Value-5.0/12) > 1e-6 {
		t.Errorf("%+v %+v %+v", a, b, gain)
	}
	// By hand: with = (1, 1, 3/4), variance 1/48, without = (2/3, 1, 1, 1), variance 1/36.
	if want := 1.959964 * math.Sqrt(1.0/48/3+1.0/36/4); math.Abs((b.Value-b.Low)-want) > 1e-5 || b.High != 1 {
		t.Errorf("interval %+v, half %v", b, want)
	}
	if _, perfect, _ := rank.Areas(positive, flat, []float64{9, 8, 7, 3, 2, 1, 0}); perfect.Value != 1 || perfect.Low > 0.1 {
		t.Errorf("three rows prove nothing: %+v", perfect)
	}
	if a, _, g := rank.Areas([]bool{true, true}, flat[:2], flat[:2]); a.Low != 0 || a.High != 1 || g.Low != -1 || g.High != 1 {
		t.Errorf("one side alone: %+v %+v", a, g)
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	if s := rank.Share(0, 0); s.Low != 0 || s.High != 1 {
		t.Errorf("%+v", s)
	}
	if s := rank.Share(8, 10); s.Value != 0.8 || math.Abs(s.Low-0.4902) > 1e-3 || math.Abs(s.High-0.9433) > 1e-3 {
		t.Errorf("%+v", s)
	}
}

// verdicts are texts that speak of two things, and a mark that decides.
func verdicts(n int) ([]rank.Example, []int) {
	var rows []rank.Example
	var group []int
	for i := range n {
		refused := i%3 == 0
		text, label := fmt.Sprintf("周末第%d场试驾活动欢迎到店", i*37%101), ""
		if refused {
			text, label = fmt.Sprintf("老板自掏腰包补贴%d名车友", i*37%101), "refused"
		}
		rows, group = append(rows, rank.Example{Text: text, Label: label, About: "refused"}), append(group, i)
	}
	return rows, group
}

func TestHoldOut(t *testing.T) {
	t.Parallel()
	rows, group := verdicts(150)
	rows = append(rows, rank.Example{Text: "别的问题", About: "other"}) // tells nothing of the label
	group = append(group, 999)
	told := 0
	held, err := rank.HoldOut(rows, group, "refused", rank.Options{Bits: 12}, func(done, of int) error {
		told++
		if done != told || of != 5 {
			t.Errorf("%d of %d", done, of)
		}
		return nil
	})
	if err != nil || len(held) != 150 || told != 5 {
		t.Fatal(len(held), told, err)
	}
	right := 0
	for i, h := range held {
		if h.Row != i || h.Positive != (i%3 == 0) {
			t.Fatalf("row %d: %+v", i, h)
		}
		if h.Over() == h.Positive {
			right++
		}
	}
	if right < 145 {
		t.Errorf("%d of 150", right)
	}
	stop := errors.New("stopped")
	if _, err := rank.HoldOut(rows, group, "refused", rank.Options{Bits: 12}, func(int, int) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

// TestHoldOutKeepsGroupsTogether: what is known only from near-duplicates is not known.
func TestHoldOutKeepsGroupsTogether(t *testing.T) {
	t.Parallel()
	var rows []rank.Example
	var group []int
	for g := range 40 { // each group says something of its own, and half of the groups are refused
		for range 5 {
			label := ""
			if g%2 == 0 {
				label = "refused"
			}
			word := string([]rune{rune(0x4E00 + g*131), rune(0x5200 + g*97), rune(0x6100 + g*89), rune(0x7000 + g*53)})
			rows, group = append(rows, rank.Example{Text: word, Label: label, About: "refused"}), append(group, g)
		}
	}
	alone := make([]int, len(rows))
	for i := range alone {
		alone[i] = i
	}
	area := func(group []int) float64 {
		held, err := rank.HoldOut(rows, group, "refused", rank.Options{Bits: 12}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var positive []bool
		var p []float64
		for _, h := range held {
			positive, p = append(positive, h.Positive), append(p, h.P)
		}
		a, _, _ := rank.Areas(positive, p, p)
		return a.Value
	}
	if by, apart := area(group), area(alone); apart < 0.95 || by > 0.75 {
		t.Errorf("together %.2f, apart %.2f", by, apart)
	}
}

func TestHoldOutNeedsRows(t *testing.T) {
	t.Parallel()
	rows, group := verdicts(40)
	if _, err := rank.HoldOut(rows, group, "refused", rank.Options{}, nil); err == nil || !strings.Contains(err.Error(), "14 rows") {
		t.Error(err)
	}
	if _, err := rank.HoldOut(rows, group, "refused", rank.Options{Bits: 99}, nil); err == nil {
		t.Error("bad options")
	}
}

func TestStrongest(t *testing.T) {
	t.Parallel()
	rows, _ := verdicts(150)
	m, err := rank.Train(rows, rank.Options{Bits: 14}, 20261128, nil)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, r := range rows {
		texts = append(texts, r.Text)
	}
	top := m.Strongest("refused", texts, 4)
	if len(top) < 3 || len(top) > 4 || top[0].Weight < top[len(top)-1].Weight {
		t.Fatalf("%+v", top)
	}
	for i, f := range top {
		for _, g := range top[:i] {
			if strings.Contains(f.Text, g.Text) || strings.Contains(g.Text, f.Text) {
				t.Errorf("%q and %q hold each other", f.Text, g.Text)
			}
		}
		if part := bare(f.Text); !strings.HasPrefix(part, "‹") && !strings.Contains("老板自掏腰包补贴名车友", strings.Trim(part, "0123456789")) {
			t.Errorf("%q comes from a harmless text", f.Text)
		}
	}
	if m.Strongest("nobody", texts, 3) != nil {
		t.Error("an unknown label has features")
	}
}
