package scan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// speedRules are literals of common characters, as many as asked for.
func speedRules(n int, fold Folding) []Rule {
	r := rand.New(rand.NewPCG(8, 8))
	letters := speedLetters()
	seen := map[string]bool{}
	var rules []Rule
	for len(rules) < n {
		term := randomOf(r, letters, 2, 6)
		if !seen[term] {
			seen[term] = true
			rules = append(rules, Rule{ID: fmt.Sprint(len(rules)), Kind: Literal, Terms: []string{term}, Fold: fold})
		}
	}
	return rules
}

// speedLetters are some six thousand characters, the most common ones several times.
func speedLetters() []rune {
	return []rune(strings.Repeat(frequent, 6) + strings.ReplaceAll(looksData, "\n", ""))
}

func speedText(n int) string {
	return randomOf(rand.New(rand.NewPCG(9, 9)), append(speedLetters(), []rune(strings.Repeat("，。！ a1🎉", 200))...), n, n)
}

// TestNoAllocations: a scan into a slice with room allocates nothing, whatever the length of the text. Under the race
// detector a sync.Pool forgets at random, so that a scan may have to make its window again; 20,000 characters may not.
func TestNoAllocations(t *testing.T) {
	m := usable(t, append(speedRules(500, 0), speedRules(20, Lookalike|Soundalike|Pinyin)...)[:510])
	text := speedText(20_000)
	hits := m.Scan(text, Context{}, nil)
	if len(hits) == 0 {
		t.Fatal("the text has no hit")
	}
	if n := testing.AllocsPerRun(20, func() { hits = m.Scan(text, Context{}, hits[:0]) }); n > 2 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkScan(b *testing.B) {
	text := speedText(1_000_000)
	for _, c := range []struct {
		name string
		n    int
		fold Folding
	}{{"rules=10000", 10_000, 0}, {"rules=100000", 100_000, 0}, {"rules=1000,alike", 1000, Lookalike | Soundalike}} {
		b.Run(c.name, func(b *testing.B) {
			m, err := Compile(speedRules(c.n, c.fold))
			if err != nil {
				b.Fatal(err)
			}
			var hits []Hit
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				hits = m.Scan(text, Context{}, hits[:0])
			}
			b.ReportMetric(float64(len(hits))/float64(len(text))*1000, "hits/KB")
		})
	}
}

// BenchmarkPost is one check of a post of a thousand characters; p99 is what 99 of 100 take at most.
func BenchmarkPost(b *testing.B) {
	m := usable(b, speedRules(10_000, 0))
	text := speedText(1000)
	var hits []Hit
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		hits = m.Scan(text, Context{}, hits[:0])
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
	b.ReportMetric(float64(len(hits)), "hits")
}

func BenchmarkCompile(b *testing.B) {
	rules := speedRules(10_000, 0)
	for b.Loop() {
		if _, err := Compile(rules); err != nil {
			b.Fatal(err)
		}
	}
}
