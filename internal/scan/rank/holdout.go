package rank

import (
	"errors"
	"fmt"
	"slices"
)

// ErrTooFew says that there are too few rows on one side, or too few that say something of their own, to hold some out.
var ErrTooFew = errors.New("too few rows to hold some out")

// Held is a row as a model rated it that had not learned from it.
type Held struct {
	Row       int // place among the rows given
	Positive  bool
	P         float64
	Threshold float64 // set without the row as well
}

// Over tells whether the row lies at or above the threshold.
func (h Held) Over() bool { return h.P >= h.Threshold }

// HoldOut rates each row about a label by a model that learned from other rows alone. The rows are dealt into five
// parts, those with and those without the label evenly; rows of one group (group[i], e.g. near-duplicates) stay
// together, or a model would be asked about what it knows by heart. Each part is rated by a model, and held against a
// threshold, made of the other four. tell, when given, is told of each part; its error ends the work.
func HoldOut(rows []Example, group []int, label string, o Options, tell func(done, of int) error) ([]Held, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	set, at, positive := about(rows, label, o)
	if positive < 2*minRows || len(set)-positive < 2*minRows {
		return nil, fmt.Errorf("%w: label %q has %d rows and %d others, at least %d of each are needed", ErrTooFew, label, positive, len(set)-positive, 2*minRows)
	}
	part := deal(set, at, group)
	out := make([]Held, 0, len(set))
	for k := range folds {
		var learn []row
		for i, r := range set {
			if part[i] != k {
				r.fold = len(learn) % folds
				learn = append(learn, r)
			}
		}
		if !both(learn) {
			return nil, fmt.Errorf("%w: too many of label %q say the same", ErrTooFew, label)
		}
		threshold, _, _ := o.calibrate(learn)
		h := o.learn(learn, -1).head()
		for i, r := range set {
			if part[i] == k {
				out = append(out, Held{Row: at[i], Positive: r.positive, P: sigmoid(h.margin(r.features)), Threshold: threshold})
			}
		}
		if tell != nil {
			if err := tell(k+1, folds); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(out, func(a, b Held) int { return a.Row - b.Row })
	return out, nil
}

// about takes the rows that tell something about a label, with their places.
func about(rows []Example, label string, o Options) (set []row, at []int, positive int) {
	for i, r := range rows {
		if r.About != "" && r.About != label {
			continue
		}
		fs := o.features(r.Text, nil)
		if len(fs) == 0 {
			continue
		}
		if r.Label == label {
			positive++
		}
		set, at = append(set, row{features: fs, positive: r.Label == label}), append(at, i)
	}
	return set, at, positive
}

// deal gives each row a part: whole groups, those with the label first, always into the part that has the fewest.
func deal(set []row, at, group []int) []int {
	members, order := map[int][]int{}, []int(nil)
	for i := range set {
		g := group[at[i]]
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], i)
	}
	positives := func(g int) int {
		n := 0
		for _, i := range members[g] {
			if set[i].positive {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(members[b]) - len(members[a]) })
	part := make([]int, len(set))
	var with, all [folds]int
	for _, g := range order {
		p, best := positives(g), 0
		for k := 1; k < folds; k++ {
			if p > 0 && (with[k] < with[best] || with[k] == with[best] && all[k] < all[best]) || p == 0 && all[k]-with[k] < all[best]-with[best] {
				best = k
			}
		}
		with[best] += p
		all[best] += len(members[g])
		for _, i := range members[g] {
			part[i] = best
		}
	}
	return part
}

// both tells whether a set has enough rows of either side to learn from and to set a threshold by.
func both(set []row) bool {
	n := 0
	for _, r := range set {
		if r.positive {
			n++
		}
	}
	return n >= minRows && len(set)-n >= minRows
}
