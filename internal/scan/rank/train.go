package rank

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Example is one judged row. A row is a counter-example of every label but its own, or tells of the label About alone
// when only that question was asked of it.
type Example struct {
	Text  string
	Label string
	About string
}

// Options of a training. The zero value of a field means the default.
type Options struct {
	Bits   int     `json:"bits"`   // 2^bits buckets per label, default 16
	Grams  int     `json:"grams"`  // n-grams of 1 to this many characters, default 3
	Epochs int     `json:"epochs"` // passes over the rows, default 12
	Rate   float64 `json:"rate"`   // step of AdaGrad, default 0.5
	Decay  float64 `json:"decay"`  // L2, default 1e-6
	Alarms float64 `json:"alarms"` // share of false alarms the thresholds are set for, default 0.02
	Seed   uint64  `json:"seed"`

	edition int // of the features; training takes the newest
}

func (o Options) filled() (Options, error) {
	o.Bits, o.Grams, o.Epochs = or(o.Bits, 16), or(o.Grams, 3), or(o.Epochs, 12)
	o.Rate, o.Decay, o.Alarms = or(o.Rate, 0.5), or(o.Decay, 1e-6), or(o.Alarms, 0.02)
	o.edition = or(o.edition, newestEdition)
	if o.Bits < 8 || o.Bits > 22 || o.Grams < 1 || o.Grams > 6 || o.Epochs < 1 || o.Epochs > 200 || o.Rate < 0 || o.Decay < 0 || o.Alarms < 0 || o.Alarms > 0.5 {
		return o, fmt.Errorf("options out of range: %+v", o)
	}
	return o, nil
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// minRows is how many rows a label needs on either side.
const minRows = 10

// row is an example as the learner sees it.
type row struct {
	features []uint32
	positive bool
	fold     int
}

// folds of the cross validation that sets the thresholds.
const folds = 5

// Train learns one set of weights per label found in the rows. Trained and Sources are written down as given.
func Train(rows []Example, o Options, trained int32, sources []string) (*Model, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	var labels []string
	for _, r := range rows {
		if r.Label != "" && !slices.Contains(labels, r.Label) {
			labels = append(labels, r.Label)
		}
	}
	if len(labels) == 0 {
		return nil, errors.New("no row has a label")
	}
	slices.Sort(labels)
	hashed := make([][]uint32, len(rows))
	for i, r := range rows {
		hashed[i] = o.features(r.Text, nil)
	}
	m := &Model{facts: Facts{Trained: trained, Rows: len(rows), Sources: sources, Options: o}}
	for _, label := range labels {
		set, positive := pick(rows, hashed, label)
		if positive < minRows || len(set)-positive < minRows {
			return nil, fmt.Errorf("label %q has %d rows and %d others: at least %d of each are needed", label, positive, len(set)-positive, minRows)
		}
		facts := LabelFacts{Label: label, Rows: positive, Others: len(set) - positive}
		facts.Threshold, facts.Recall, facts.FalseAlarms = o.calibrate(set)
		m.facts.Labels = append(m.facts.Labels, facts)
		m.heads = append(m.heads, o.learn(set, -1).head())
	}
	m.facts.Version = m.digest()
	return m, nil
}

// pick takes the rows that tell something about a label.
func pick(rows []Example, hashed [][]uint32, label string) (set []row, positive int) {
	for i, r := range rows {
		if r.About != "" && r.About != label || len(hashed[i]) == 0 {
			continue
		}
		is := r.Label == label
		if is {
			positive++
		}
		set = append(set, row{features: hashed[i], positive: is, fold: len(set) % folds})
	}
	return set, positive
}

// learner is logistic regression by AdaGrad.
type learner struct {
	bias    float64
	weights []float32
	grads   []float32
}

// Small sets are learned several times in other orders and the weights averaged, as there the order matters.
const (
	smallSet = 5000
	voices   = 5
)

// learn leaves out the rows of fold without.
func (o Options) learn(set []row, without int) *learner {
	l := o.learnOnce(set, without)
	if len(set) > smallSet {
		return l
	}
	for v := 1; v < voices; v++ {
		o.Seed += 7919
		more := o.learnOnce(set, without)
		l.bias += more.bias
		for i, w := range more.weights {
			l.weights[i] += w
		}
	}
	l.bias /= voices
	for i := range l.weights {
		l.weights[i] /= voices
	}
	return l
}

// learnOnce goes over the rows in an order drawn from the seed.
func (o Options) learnOnce(set []row, without int) *learner {
	l := &learner{weights: make([]float32, 1<<o.Bits), grads: make([]float32, 1<<o.Bits)}
	positive, used := 0, 0
	order := make([]int, 0, len(set))
	for i, r := range set {
		if r.fold != without {
			order = append(order, i)
			used++
			if r.positive {
				positive++
			}
		}
	}
	l.bias = math.Log((float64(positive) + 1) / (float64(used-positive) + 1))
	// Rare labels weigh more, or the learner would rather say no to everything.
	heavy := math.Sqrt(float64(used-positive+1) / float64(positive+1))
	heavy = min(max(heavy, 1), 5)
	rng := rand.New(rand.NewPCG(o.Seed, 20261122)) //nolint:gosec // a repeatable order, no secret
	for range o.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			l.step(set[i], o, heavy)
		}
	}
	return l
}

func (l *learner) step(r row, o Options, heavy float64) {
	unit := 1 / norm(len(r.features))
	p := sigmoid(l.margin(r.features))
	g := p
	if r.positive {
		g = (p - 1) * heavy
	}
	if math.Abs(g) < 1e-4 {
		return
	}
	l.bias -= 0.01 * o.Rate * g
	for _, f := range r.features {
		d := g*unit + o.Decay*float64(l.weights[f])
		l.grads[f] += float32(d * d)
		l.weights[f] -= float32(o.Rate * d / (math.Sqrt(float64(l.grads[f])) + 1e-6))
	}
}

func (l *learner) margin(fs []uint32) float64 {
	sum := 0.0
	for _, f := range fs {
		sum += float64(l.weights[f])
	}
	return l.bias + sum/norm(len(fs))
}

// head keeps the weights in one byte each.
func (l *learner) head() head {
	top := float32(0)
	for _, w := range l.weights {
		top = max(top, float32(math.Abs(float64(w))))
	}
	h := head{bias: float32(l.bias), scale: max(top/127, 1e-9), weights: make([]int8, len(l.weights))}
	for i, w := range l.weights {
		h.weights[i] = int8(math.Round(float64(w / h.scale)))
	}
	return h
}

// calibrate finds, on rows the learner had not seen, the threshold that keeps false alarms within the wanted share.
func (o Options) calibrate(set []row) (threshold, recall, alarms float64) {
	var good, bad []float64
	for f := range folds {
		h := o.learn(set, f).head()
		for _, r := range set {
			if r.fold != f {
				continue
			}
			p := sigmoid(h.margin(r.features))
			if r.positive {
				bad = append(bad, p)
			} else {
				good = append(good, p)
			}
		}
	}
	threshold = Threshold(good, o.Alarms)
	// Where the two sides lie apart the threshold stands in the middle, not at the edge of what was harmless.
	slices.Sort(bad)
	if low := bad[len(bad)/20]; low > threshold {
		threshold = sigmoid((logit(low) + logit(threshold)) / 2)
	}
	return threshold, share64(bad, threshold), share64(good, threshold)
}

func logit(p float64) float64 {
	p = min(max(p, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}

// Threshold is the least score at which no more than the given share of harmless scores lies at or above it.
func Threshold(harmless []float64, alarms float64) float64 {
	s := slices.Clone(harmless)
	slices.Sort(s)
	if len(s) == 0 {
		return 0.5
	}
	allowed := int(alarms * float64(len(s)))
	edge := s[len(s)-1-min(allowed, len(s)-1)]
	return math.Nextafter(edge, 2)
}

func share64(scores []float64, threshold float64) float64 {
	n := 0
	for _, s := range scores {
		if s >= threshold {
			n++
		}
	}
	return math.Round(float64(n)/float64(max(len(scores), 1))*10000) / 10000
}
