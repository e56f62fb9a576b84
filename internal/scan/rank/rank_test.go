package rank_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"kosmos/internal/scan/rank"
)

// rows are of two labels: ads with numbers and prices, abuse, and plain talk.
func rows() []rank.Example {
	var out []rank.Example
	for i := range 40 {
		out = append(out,
			rank.Example{Text: fmt.Sprintf("出售游戏账号便宜联系%d", 100000000+i*7919), Label: "ad"},
			rank.Example{Text: fmt.Sprintf("你这个坏蛋真讨厌%d", i), Label: "abuse", About: "abuse"},
			rank.Example{Text: fmt.Sprintf("今天第%d次去公园散步", i)},
			rank.Example{Text: fmt.Sprintf("晚饭吃了%d个饺子很香", i)},
		)
	}
	return out
}

func model(t testing.TB, o rank.Options) *rank.Model {
	t.Helper()
	m, err := rank.Train(rows(), o, 20261122, []string{"test"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func score(m *rank.Model, label, text string) rank.Score {
	for _, s := range m.Score(text) {
		if s.Label == label {
			return s
		}
	}
	return rank.Score{}
}

func TestTrain(t *testing.T) {
	t.Parallel()
	m := model(t, rank.Options{Seed: 3, Bits: 14})
	for _, tt := range []struct {
		text      string
		ad, abuse bool
	}{
		{"出售账号便宜，联系900000001", true, false},
		{"出 售 账 號 便 宜", true, false}, // folded as the engine does
		{"你真讨厌，坏蛋", false, true},
		{"今天去公园散步", false, false},
		{"", false, false},
		{"@123456789 @987654321", false, false},
	} {
		if ad, abuse := score(m, "ad", tt.text).Over, score(m, "abuse", tt.text).Over; ad != tt.ad || abuse != tt.abuse {
			t.Errorf("%q: ad %v abuse %v", tt.text, ad, abuse)
		}
	}
	f := m.Facts()
	if f.Rows != 160 || f.Trained != 20261122 || len(f.Labels) != 2 || f.Labels[0].Rows != 40 || f.Labels[0].FalseAlarms > 0.021 {
		t.Errorf("%+v", f)
	}
	if m.Explain("nobody", "x", 3) != nil || (*rank.Model)(nil).Score("x") != nil || (*rank.Model)(nil).Version() != "" {
		t.Error("unknown labels and no model say nothing")
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	m := model(t, rank.Options{Seed: 3, Bits: 12})
	if err := m.Write(&a); err != nil {
		t.Fatal(err)
	}
	if err := model(t, rank.Options{Seed: 3, Bits: 12}).Write(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatal("the same rows give the same file", err)
	}
	if other := model(t, rank.Options{Seed: 4, Bits: 12}); other.Version() == m.Version() {
		t.Error("other weights, the same version")
	}
	back, err := rank.Read(bytes.NewReader(a.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if x, y := score(m, "ad", "出售账号"), score(back, "ad", "出售账号"); x != y {
		t.Errorf("%+v, read back %+v", x, y)
	}
	whole := a.Bytes()
	for name, bad := range map[string][]byte{
		"nothing": nil, "another file": []byte("PK\x03\x04\n"), "no facts": []byte("kosmos-rank 2\n"), "a later edition": append([]byte("kosmos-rank 3"), whole[13:]...),
		"cut":                whole[:len(whole)-20],
		"facts of another":   bytes.Replace(whole, []byte(m.Version()), []byte("000000000000"), 1),
		"buckets out of all": bytes.Replace(whole, []byte(`"bits":12`), []byte(`"bits":60`), 1),
	} {
		if _, err := rank.Read(bytes.NewReader(bad)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

// edition1 are texts with what testdata/edition1.rank said of them when it was trained: abuse, then ad.
func edition1() map[string][2]float64 {
	return map[string][2]float64{
		"出售账号便宜，联系900000001": {0.173716330883, 0.998369222311},
		"你真讨厌，坏蛋":            {0.967829807171, 0.379308726037},
		"今天去公园散步":            {0.002267829483, 0.003059415463},
	}
}

// TestOlderEdition: what a brand trained before texts' edges were features judges as it did, and is written as it was read.
func TestOlderEdition(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/edition1.rank")
	if err != nil {
		t.Fatal(err)
	}
	m, err := rank.Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range edition1() {
		s := m.Score(text)
		if len(s) != 2 || math.Abs(s[0].P-want[0]) > 1e-9 || math.Abs(s[1].P-want[1]) > 1e-9 {
			t.Errorf("%q: %+v, %v when it was trained", text, s, want)
		}
		for _, f := range m.Explain("ad", text, 9) {
			if strings.Contains(f.Text, "begins") || strings.Contains(f.Text, "ends") {
				t.Errorf("%q: %+v was not learned", text, f)
			}
		}
	}
	var again bytes.Buffer
	if err := m.Write(&again); err != nil || !bytes.Equal(again.Bytes(), file) {
		t.Error("written otherwise than it was read", err)
	}
	if m.Facts().Version != "596f414a3a4a" {
		t.Error(m.Facts().Version)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rows []rank.Example
		o    rank.Options
	}{
		"no rows":       {},
		"no label":      {rows: []rank.Example{{Text: "a"}}},
		"one of a kind": {rows: append(rows()[:8], rank.Example{Text: "x", Label: "odd"})},
		"bad options":   {rows: rows(), o: rank.Options{Bits: 40}},
	} {
		if _, err := rank.Train(tt.rows, tt.o, 0, nil); err == nil {
			t.Errorf("%s is learned from", name)
		}
	}
}

func TestThreshold(t *testing.T) {
	t.Parallel()
	harmless := []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}
	for _, tt := range []struct {
		alarms float64
		over   int
	}{{0, 0}, {0.1, 1}, {0.25, 2}, {0.5, 5}} {
		n := 0
		for _, s := range harmless {
			if s >= rank.Threshold(harmless, tt.alarms) {
				n++
			}
		}
		if n != tt.over {
			t.Errorf("%v: %d alarms", tt.alarms, n)
		}
	}
}

// FuzzRead: no bytes make Read panic or take memory without end.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	_ = model(f, rank.Options{Bits: 8}).Write(&b)
	f.Add(b.Bytes())
	f.Add([]byte("kosmos-rank 1\n{}\n"))
	f.Add([]byte("kosmos-rank 2\n{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := rank.Read(bytes.NewReader(data)); err == nil {
			m.Score("出售账号")
			for _, l := range m.Labels() {
				m.Explain(l, "出售账号", 3)
			}
		}
	})
}

// FuzzScore: any text has a score between 0 and 1.
func FuzzScore(f *testing.F) {
	m := model(f, rank.Options{Bits: 10})
	for _, s := range []string{"出售账号", "@", "[表情: 托腮]", "\xff[\xfe]", strings.Repeat("好", 9000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range m.Score(text) {
			if !(s.P >= 0 && s.P <= 1) {
				t.Fatalf("%q: %+v", text, s)
			}
		}
	})
}

func BenchmarkScore(b *testing.B) {
	m := model(b, rank.Options{})
	text := strings.Repeat("今天店里来了三款新车，试驾的时候师傅讲得很细。", 44)
	for b.Loop() {
		m.Score(text)
	}
}
