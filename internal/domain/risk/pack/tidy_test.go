package pack

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A finding within a graver or equal one of its category is dropped, whatever stands between; of equals one stays.
func TestTidyAgainstEveryPair(t *testing.T) {
	covers := func(a, b Finding) bool {
		return a.Category == b.Category && a.Start <= b.Start && a.End >= b.End && weight(a.Severity) >= weight(b.Severity)
	}
	source := rand.New(rand.NewPCG(3, 7))
	for range 2_000 {
		fs := make([]Finding, source.IntN(14))
		for i := range fs {
			start := source.IntN(8)
			fs[i] = Finding{
				Rule: string(rune('a' + source.IntN(4))), Category: []string{"absolute", "medical"}[source.IntN(2)],
				Severity: []string{High, Medium, Low}[source.IntN(3)], Start: start, End: start + 1 + source.IntN(5),
			}
		}
		got := tidy(slices.Clone(fs))
		for i, a := range got {
			for j, b := range got {
				if i != j && covers(a, b) {
					t.Fatalf("%+v stays within %+v", b, a)
				}
			}
		}
		for _, f := range fs {
			if !slices.ContainsFunc(got, func(o Finding) bool { return covers(o, f) }) {
				t.Fatalf("%+v was dropped and nothing covers it", f)
			}
		}
	}
}

// Hits are not compared pair by pair: 200,000 of them would take minutes.
func TestTidyOfManyFindings(t *testing.T) {
	fs := make([]Finding, 200_000)
	for i := range fs {
		fs[i] = Finding{Rule: "a", Category: "absolute", Severity: Low, Start: 2 * i, End: 2*i + 2}
	}
	if n := len(tidy(fs)); n != len(fs) {
		t.Fatalf("%d findings stay of %d", n, len(fs))
	}
}
