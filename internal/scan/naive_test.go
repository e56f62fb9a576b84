package scan

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// naive is the matcher without any of its shortcuts: the whole text folded at once, every spelling compared at every
// character, exceptions and neighbours looked for everywhere. It shares with the fast one only the comparison at one place.
func naive(m *Matcher, text string, c Context) []Hit {
	w := bigWindow(m, text)
	type half struct {
		rule int32
		side uint8
		found
	}
	var halves []half
	var out []Hit
	add := func(rule int32, from, to int) {
		out = append(out, Hit{rule, int32(from), int32(to), int32(utf8.RuneCountInString(text[:from])), int32(utf8.RuneCountInString(text[:to]))})
	}
	emit := func(rule int32, side uint8, f found) {
		if !m.rules[rule].holds(&c) {
			return
		}
		for i := range m.except[rule] {
			for j := range w.n {
				if over, ok := m.except[rule][i].match(w, j); ok && over.from <= f.from && over.to >= f.to {
					return
				}
			}
		}
		if side == hitSide {
			add(rule, f.from, f.to)
			return
		}
		halves = append(halves, half{rule, side, f})
	}
	for i := range m.variants {
		v := &m.variants[i]
		if v.solid == 0 {
			for at, r := range text {
				if sign(r) != v.units[0].sign {
					continue
				}
				s, ok := walk{j: w.after(at) - 1, byte: at + utf8.RuneLen(r)}, true
				for p := 1; p < len(v.units); p++ {
					ok = ok && v.sign(w, &s, p)
				}
				if ok {
					emit(v.rule, v.side, found{s.j, s.j, at, s.byte})
				}
			}
			continue
		}
		for j := range w.n {
			if f, ok := v.match(w, j); ok {
				emit(v.rule, v.side, f)
			}
		}
	}
	for _, p := range m.patterns {
		until := 0
		w.tokens(0, w.n, func(j int) {
			if f, ok := p.find(w, j); ok && f.from >= until {
				until = f.to
				emit(p.rule, hitSide, f)
			}
		})
	}
	for _, a := range halves {
		if a.side != sideA {
			continue
		}
		within := m.rules[a.rule].Near.Within
		var behind, before *half
		for i := range halves {
			b := &halves[i]
			if b.rule != a.rule || b.side != sideB {
				continue
			}
			if b.first > a.last && b.first-a.last-1 <= within && (behind == nil || slices.Compare([]int{b.first, b.last, b.from, b.to}, []int{behind.first, behind.last, behind.from, behind.to}) < 0) {
				behind = b
			}
			if b.last < a.first && a.first-b.last-1 <= within && (before == nil || slices.Compare([]int{b.last, b.first, b.from, b.to}, []int{before.last, before.first, before.from, before.to}) > 0) {
				before = b
			}
		}
		if behind != nil {
			add(a.rule, a.from, behind.to)
		}
		if before != nil {
			add(a.rule, before.from, a.to)
		}
	}
	slices.SortFunc(out, func(a, b Hit) int {
		if d := a.Start - b.Start; d != 0 {
			return int(d)
		}
		if d := a.End - b.End; d != 0 {
			return int(d)
		}
		return int(a.Rule - b.Rule)
	})
	return slices.Compact(out)
}

// bigWindow folds a text without the fast loop. Texts in these tests have fewer characters than the window has room.
func bigWindow(m *Matcher, text string) *window {
	w := &window{}
	w.reset(text, m.f)
	m.f.each(text, func(c uint16, _ rune, at int) {
		if c != filler {
			w.class[w.n], w.at[w.n] = c, uint32(at)
			w.n++
		}
	})
	w.next = len(text)
	return w
}

// compare scans both ways.
func compare(t *testing.T, m *Matcher, text string, c Context) {
	t.Helper()
	fast, slow := m.Scan(text, c, nil), naive(m, text, c)
	if !slices.Equal(fast, slow) {
		for _, h := range slow {
			if !slices.Contains(fast, h) {
				t.Errorf("not found: %+v %q of %+v", h, text[h.Start:h.End], m.rules[h.Rule])
			}
		}
		for _, h := range fast {
			if !slices.Contains(slow, h) {
				t.Errorf("found only by the fast one: %+v %q of %+v", h, text[h.Start:h.End], m.rules[h.Rule])
			}
		}
		t.Errorf("in %q (%d and %d hits)", text, len(fast), len(slow))
	}
	whole(t, text, fast)
}

// whole checks that hits cut the text between code points and agree with themselves.
func whole(t *testing.T, text string, hits []Hit) {
	t.Helper()
	for _, h := range hits {
		if h.Start < 0 || h.End <= h.Start || int(h.End) > len(text) || !utf8.RuneStart(text[h.Start]) || int(h.End) < len(text) && !utf8.RuneStart(text[h.End]) && utf8.ValidString(text) {
			t.Fatalf("%+v does not cut %q between code points", h, text)
		}
		if a, b := utf8.RuneCountInString(text[:h.Start]), utf8.RuneCountInString(text[:h.End]); int(h.RuneStart) != a || int(h.RuneEnd) != b {
			t.Fatalf("%+v: code points %d to %d", h, a, b)
		}
	}
}

// The alphabets of random rules and texts: few characters, so that they meet, and everything that folds.
const (
	termAlphabet = "一二十百微信加最好第国家级天威薇徽新wxvab1023+%哈𠮷"
	textAlphabet = "一二十百微信加最好第国家级天威薇徽新wxvab1023+%哈𠮷𠮶國級①⑩Ⅷ壹ＷＸ１🅥🐧👍，。！ \n\u200b\uFE0F力口亻言衞芯ᴠ㍿㎏木ei"
)

func randomOf(r *rand.Rand, alphabet []rune, lo, hi int) string {
	out := make([]rune, lo+r.IntN(hi-lo+1))
	for i := range out {
		out[i] = alphabet[r.IntN(len(alphabet))]
		if i > 0 && r.IntN(5) == 0 {
			out[i] = out[i-1]
		}
	}
	return string(out)
}

func randomRules(r *rand.Rand, n int) []Rule {
	letters := []rune(termAlphabet)
	rules := make([]Rule, 0, n)
	for i := range n {
		rule := Rule{ID: fmt.Sprint(i), Kind: Literal, Terms: []string{randomOf(r, letters, 1, 5)}, Gap: []int{0, 0, -1, 1, 9}[r.IntN(5)], Fold: Folding(r.IntN(16)) * Folding(r.IntN(2)), Whole: r.IntN(4) == 0, Part: r.IntN(4) == 0}
		if r.IntN(3) == 0 {
			rule.Except = []string{rule.Terms[0] + randomOf(r, letters, 1, 2), randomOf(r, letters, 1, 1) + rule.Terms[0]}
		}
		switch r.IntN(8) {
		case 0:
			rule.Kind, rule.Terms = Set, append(rule.Terms, randomOf(r, letters, 1, 4), randomOf(r, letters, 2, 4))
		case 1:
			rule.Kind, rule.Near = Together, &Near{A: []string{randomOf(r, letters, 1, 2)}, B: []string{randomOf(r, letters, 1, 2), randomOf(r, letters, 1, 3)}, Within: r.IntN(8)}
		case 2:
			rule.Kind, rule.Pattern = Pattern, Patterns()[r.IntN(len(Patterns()))]
		}
		if r.IntN(5) == 0 {
			rule.Platforms, rule.Until = []string{"xhs"}, 20261122
		}
		rules = append(rules, rule)
	}
	return rules
}

// usable compiles the rules that have no fault.
func usable(t testing.TB, rules []Rule) *Matcher {
	t.Helper()
	m, err := Compile(rules)
	if err == nil {
		return m
	}
	bad := map[string]bool{}
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatal(err)
	}
	for _, f := range faults {
		bad[f.Rule] = true
	}
	m, err = Compile(slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return bad[r.ID] }))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSameHitsAsNaive(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune(textAlphabet)
	for range 50 {
		m := usable(t, randomRules(r, 40))
		for _, n := range []int{0, 1, 3, 30, 200, 3000} {
			compare(t, m, randomOf(r, letters, n, n), Context{})
			if t.Failed() {
				return
			}
		}
		compare(t, m, randomOf(r, letters, 50, 50), Context{Platform: "douyin", Day: 20261123})
		broken := []byte(randomOf(r, letters, 60, 60))
		for range 8 {
			broken[r.IntN(len(broken))] = byte(r.IntN(256))
		}
		compare(t, m, string(broken), Context{Platform: "xhs"})
	}
}

// TestManyRules compares on texts longer than a turn with rules of ordinary length.
func TestManyRules(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	var rules []Rule
	words := []rune(strings.Repeat(frequent[:600], 1))
	for i := range 2000 {
		rules = append(rules, Rule{ID: fmt.Sprint(i), Kind: Literal, Terms: []string{randomOf(r, words, 2, 3)}})
	}
	m := usable(t, rules)
	for range 3 {
		text := randomOf(r, []rune(frequent[:600]+"，。 a１"), 7000, 7000)
		compare(t, m, text, Context{})
	}
}

func FuzzScan(f *testing.F) {
	f.Add(uint64(1), "加微信 wx123，最最好第一次 13800138000")
	f.Add(uint64(7), "V信：abc_2024 ￥CZ0001AbCd￥ t.cn/x 一百元\xff①")
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		if len(text) > 6000 {
			return
		}
		compare(t, usable(t, randomRules(rand.New(rand.NewPCG(seed, 5)), 12)), text, Context{})
	})
}

func FuzzRule(f *testing.F) {
	f.Add("第一", "第一次", "微信", "这是第①名，➕薇芯", uint8(15), 3)
	f.Fuzz(func(t *testing.T, term, except, near, text string, fold uint8, within int) {
		if len(text) > 4000 {
			return
		}
		m, err := Compile([]Rule{
			{ID: "a", Kind: Literal, Terms: []string{term}, Except: []string{except}, Fold: Folding(fold & 15), Gap: within % 8},
			{ID: "b", Kind: Together, Near: &Near{A: []string{term}, B: []string{near}, Within: within}},
		})
		if err == nil {
			compare(t, m, text, Context{})
		}
		Fold(text)
	})
}
