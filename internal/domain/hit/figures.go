package hit

import (
	"math"
	"strconv"
	"strings"

	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Metric is a figure that posts are compared by.
type Metric string

// The metrics, in the order of figures.
const (
	Views        Metric = "views"
	Interactions Metric = "interactions"
	Saves        Metric = "saves"
)

// Metrics lists the metrics.
func Metrics() []Metric { return []Metric{Views, Interactions, Saves} }

const (
	numMarks   = 6
	numMetrics = 3
	dayMs      = 86_400_000
)

// Marks are the ages, in days, at which posts are compared.
func Marks() [numMarks]int { return [numMarks]int{1, 3, 7, 14, 30, 90} }

// figures holds what a post had at each mark; post.Unknown where nothing is known.
type figures [numMarks][numMetrics]int64

func noFigures() (f figures) {
	for m := range f {
		for k := range f[m] {
			f[m][k] = post.Unknown
		}
	}
	return f
}

// encode writes the figures as they are kept.
func (f *figures) encode() string {
	b := make([]byte, 0, 64)
	for m := range f {
		if m > 0 {
			b = append(b, ';')
		}
		for k, v := range f[m] {
			if k > 0 {
				b = append(b, ',')
			}
			if v != post.Unknown {
				b = strconv.AppendInt(b, v, 10)
			}
		}
	}
	return string(b)
}

// decode reads what encode wrote.
func decode(text string) figures {
	f := noFigures()
	for m := range numMarks {
		var one string
		one, text, _ = strings.Cut(text, ";")
		for k := range numMetrics {
			var v string
			v, one, _ = strings.Cut(one, ",")
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				f[m][k] = n
			}
		}
	}
	return f
}

// figuresOf reads a post's curve at the marks.
//
// A count at a mark lies between the last telling at or before the mark and the first one at or after it, neither younger
// than a third nor older than three times the mark, on a straight line of ln(1+count) over ln(age): counters grow about as a
// power of age. Where only one side was told, the nearest telling stands for the mark when its age is within two thirds and
// one and a half times of it. Otherwise the mark stays unknown, so an old post is never held against a young one.
func figuresOf(c *post.Curve) figures {
	f := noFigures()
	published := int64(c.PublishedAt)
	if published == 0 {
		return f
	}
	if c.DayOnly {
		published += dayMs / 2 // some time of that day
	}
	for k := range numMetrics {
		ages, counts := told(c, published, k)
		for m, mark := range Marks() {
			f[m][k] = at(ages, counts, float64(mark))
		}
	}
	return f
}

// told lists the ages in days at which a metric was told, and the counts.
func told(c *post.Curve, published int64, metric int) (ages []float64, counts []int64) {
	for _, p := range c.Points {
		v := [numMetrics]int64{p.Views, p.Interactions, p.Saves}[metric]
		if age := float64(int64(p.AsOf)-published) / dayMs; v >= 0 && age > 0 {
			ages, counts = append(ages, age), append(counts, v)
		}
	}
	return ages, counts
}

// How far from a mark a telling may lie: between two of them, and alone.
const (
	between = 3.0
	alone   = 1.5
)

func at(ages []float64, counts []int64, mark float64) int64 {
	before, after := -1, -1
	for i, a := range ages {
		if a <= mark {
			before = i
		}
		if a >= mark && after < 0 {
			after = i
		}
	}
	if before >= 0 && ages[before] < mark/between {
		before = -1
	}
	if after >= 0 && ages[after] > mark*between {
		after = -1
	}
	switch {
	case before >= 0 && after >= 0:
		return line(ages[before], ages[after], counts[before], counts[after], mark)
	case before >= 0 && ages[before] >= mark/alone:
		return counts[before]
	case after >= 0 && ages[after] <= mark*alone:
		return counts[after]
	}
	return post.Unknown
}

// line reads a count at an age between two ages.
func line(a, b float64, from, to int64, mark float64) int64 {
	if a == b {
		return to
	}
	share := (math.Log(mark) - math.Log(a)) / (math.Log(b) - math.Log(a))
	return int64(math.Round(math.Expm1(logOf(from) + share*(logOf(to)-logOf(from)))))
}

// logOf is the scale on which counts are compared: doubling is the same step for the small and the large.
func logOf(count int64) float64 { return math.Log1p(float64(max(count, 0))) }

// pickOf draws a number from a post's id, the same one every time.
func pickOf(post id.ID) int64 {
	x := uint64(post) * 0x9e3779b97f4a7c15
	x ^= x >> 32
	return int64(x % 1_000_000)
}
