package similar

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/scan"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	x.Add(1, "新店开业，全场五折，快来带走你的专属好礼吧！")
	x.Add(2, "今天天气不错，适合出门拍照，大家一起来呀")
	x.Add(3, "！！！🎉")
	x.Add(4, "新店开業!!! 全场5折，快来带走你的專屬好礼吧🎉🎉")
	x.Add(5, "新店开业，全场五折，快来领走你的专属好礼")
	x.Add(6, "车")
	got := x.Search("新店开业，全场五折，快来带走你的专属好礼吧！", 0.5, 0)
	var ids []int64
	for _, m := range got {
		ids = append(ids, m.ID)
	}
	if !slices.Equal(ids, []int64{1, 4, 5}) || got[0].Score != 1 || got[1].Score != 1 || got[2].Score > 0.95 {
		t.Errorf("got %v", got)
	}
	if got := x.Search("车", 0.9, 1); len(got) != 1 || got[0].ID != 6 {
		t.Errorf("one character: %v", got)
	}
	if x.Len() != 5 || x.Search("🎉", 0, 10) != nil {
		t.Error("a text without characters is kept or found")
	}
	x.Remove(1)
	x.Remove(99)
	x.Add(4, "完全不同的一句话，说的是别的事情")
	if got := x.Search("新店开业，全场五折，快来带走你的专属好礼吧！", 0.5, 0); len(got) != 1 || got[0].ID != 5 {
		t.Errorf("after remove and replace: %v", got)
	}
}

// TestScore holds the estimate against the exact share of common pairs.
func TestScore(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	sum, n := 0.0, 0
	for range 400 {
		a := randomText(r, 8+r.IntN(300))
		b := change(r, a, r.Float64()*0.6)
		p, q := Of(a), Of(b)
		want, got := jaccard(a, b), p.Score(&q)
		if d := math.Abs(got - want); d > 0.2 {
			t.Errorf("estimate %.2f of %.2f (%d characters)", got, want, len([]rune(a)))
		}
		sum += (got - want) * (got - want)
		n++
	}
	if dev := math.Sqrt(sum / float64(n)); dev > 0.045 {
		t.Errorf("standard error %.3f, promised sqrt(s(1-s)/128), at most 0.044", dev)
	}
}

// TestFindsAll holds the sketch against comparing with all: nothing that scores enough is left out.
func TestFindsAll(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	x := NewIndex()
	for i := range 3000 {
		x.Add(int64(i), randomText(r, 10+r.IntN(100)))
	}
	base := randomText(r, 60)
	for i := range 300 {
		x.Add(int64(10000+i), change(r, base, float64(i)/500))
	}
	p := Of(base)
	found := 0
	for i := range x.prints {
		if score(p.agree(&x.prints[i])) >= 0.6 {
			found++
		}
	}
	if missed := found - len(x.Search(base, 0.6, 0)); missed*200 > found {
		t.Errorf("%d of %d left out", missed, found)
	}
}

func jaccard(a, b string) float64 {
	x, y := pairsOf(scan.Fold(a)), pairsOf(scan.Fold(b))
	both := 0
	for _, p := range x {
		if slices.Contains(y, p) {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteRune(rune(0x4E00 + r.IntN(1+r.IntN(4000))))
	}
	return b.String()
}

func change(r *rand.Rand, s string, share float64) string {
	rs := []rune(s)
	for i := range rs {
		if r.Float64() < share {
			rs[i] = rune(0x4E00 + r.IntN(4000))
		}
	}
	return string(rs)
}

func FuzzPrint(f *testing.F) {
	f.Add("新店开业，全场五折", "新店开业")
	f.Fuzz(func(t *testing.T, a, b string) {
		p, q := Of(a), Of(b)
		s := p.Score(&q)
		if s < 0 || s > 1 || p != Of(a) || q.Score(&p) != s {
			t.Errorf("score %v", s)
		}
		if scan.Fold(a) == scan.Fold(b) && scan.Fold(a) != "" && s != 1 {
			t.Errorf("same text, score %v", s)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	text := randomText(rand.New(rand.NewPCG(3, 3)), 300)
	for b.Loop() {
		Of(text)
	}
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		x := sample(n)
		for _, least := range []float64{0.5, 0.8} {
			b.Run(fmt.Sprintf("%d/%.1f", n, least), func(b *testing.B) {
				for b.Loop() {
					x.Search("新店开业，全场五折，快来带走你的专属好礼吧！", least, 20)
				}
			})
		}
	}
}

// sample fills an index with invented posts.
func sample(n int) *Index {
	r := rand.New(rand.NewPCG(4, 4))
	x := NewIndex()
	for i := range n {
		x.Add(int64(i), randomText(r, 20+r.IntN(80)))
	}
	return x
}
