package rank

import (
	"cmp"
	"math"
	"slices"
)

// z95 is the 97.5 % point of the normal distribution: intervals here hold the truth 95 times of 100.
const z95 = 1.959964

// Interval is a figure with its 95 % interval.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Share is right out of n, with Wilson's interval (1927); of nothing it is unknown: 0 to 1.
func Share(right, n int) Interval {
	if n == 0 {
		return Interval{Low: 0, High: 1}
	}
	p, m := float64(right)/float64(n), float64(n)
	mid := (p + z95*z95/(2*m)) / (1 + z95*z95/m)
	half := z95 / (1 + z95*z95/m) * math.Sqrt(p*(1-p)/m+z95*z95/(4*m*m))
	return Interval{round6(p), round6(max(0, mid-half)), round6(min(1, mid+half))}
}

// Areas compares two ways of scoring the same rows by the area under the ROC curve: how often a row with the label
// stands above one without (ties count half). Gain is second minus first. Intervals are DeLong's (1988), which respects
// that both scored the same rows. Without rows on either side all is unknown: 0.5 from 0 to 1, and a gain of −1 to 1.
func Areas(positive []bool, first, second []float64) (a, b, gain Interval) {
	var with, without []int
	for i, p := range positive {
		if p {
			with = append(with, i)
		} else {
			without = append(without, i)
		}
	}
	if len(with) == 0 || len(without) == 0 {
		unknown := Interval{0.5, 0, 1}
		return unknown, unknown, Interval{0, -1, 1}
	}
	x, y := placements(first, with, without), placements(second, with, without)
	n, m := float64(len(with)), float64(len(without))
	variance := func(u, v placed) float64 { return covariance(u.with, v.with)/n + covariance(u.without, v.without)/m }
	least := 3 / min(n, m) // nothing seen to go wrong in n tries may still go wrong 3 times in n (the rule of three)
	a = bounded(x.area, variance(x, x), least, 0, 1)
	b = bounded(y.area, variance(y, y), least, 0, 1)
	return a, b, bounded(y.area-x.area, variance(x, x)+variance(y, y)-2*variance(x, y), least, -1, 1)
}

// bounded makes the interval of a figure; one that never varied is as wide as so few rows allow.
func bounded(v, variance, least, low, high float64) Interval {
	half := z95 * math.Sqrt(max(variance, 0))
	if half < 1e-12 {
		half = least
	}
	return Interval{round6(v), round6(max(low, v-half)), round6(min(high, v+half))}
}

// placed are DeLong's structural components: for each row the share of the other side on the right side of it.
type placed struct {
	with, without []float64
	area          float64
}

func placements(score []float64, with, without []int) placed {
	all := midranks(score, append(slices.Clone(with), without...))
	own, others := midranks(score, with), midranks(score, without)
	p := placed{with: make([]float64, len(with)), without: make([]float64, len(without))}
	for i := range with {
		p.with[i] = (all[i] - own[i]) / float64(len(without))
		p.area += p.with[i] / float64(len(with))
	}
	for i := range without {
		p.without[i] = 1 - (all[len(with)+i]-others[i])/float64(len(with))
	}
	return p
}

// midranks gives the ranks of the rows by score, from 1; equal scores share the middle of their ranks.
func midranks(score []float64, rows []int) []float64 {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(score[rows[a]], score[rows[b]]) })
	out := make([]float64, len(rows))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && score[rows[order[j]]] == score[rows[order[i]]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}

func covariance(a, b []float64) float64 {
	if len(a) < 2 {
		return 0
	}
	var ma, mb, sum float64
	for i := range a {
		ma += a[i] / float64(len(a))
		mb += b[i] / float64(len(b))
	}
	for i := range a {
		sum += (a[i] - ma) * (b[i] - mb)
	}
	return sum / float64(len(a)-1)
}

func round6(v float64) float64 { return math.Round(v*1e6) / 1e6 }
