// Package rank orders texts by how much they look like those people judged before: a small linear model on hashed
// character n-grams of the folded text (scan.Fold) and on its shape (numbers, links, length). One model holds several
// labels, each with its own weights and bias; it is trained from labelled rows (Train), kept in a versioned file with
// the facts of its training (Write, Read) and explains itself by its strongest features (Explain, Strongest). What such
// a training is worth is measured on rows that were held out (HoldOut, Areas).
//
// It knows no business words and decides nothing: what a score may lead to is the caller's matter. A Model is read only
// and safe for concurrent use; the same rows and options give the same file, byte for byte.
package rank

import "math"

// Score is how likely a label is, between 0 and 1.
type Score struct {
	Label string  `json:"label"`
	P     float64 `json:"p"`
	Over  bool    `json:"over"` // at or above the threshold
	// Threshold was calibrated in training for a share of false alarms.
	Threshold float64 `json:"threshold"`
	// Trust is the recall the label reached at its threshold in training.
	Trust float64 `json:"trust"`
}

// Feature is a part of a text and how much it pulls towards (or, negative, away from) a label, in log-odds.
type Feature struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// LabelFacts say how a label was learned. Recall and FalseAlarms are of rows held out in five folds.
type LabelFacts struct {
	Label       string  `json:"label"`
	Rows        int     `json:"rows"`   // rows with the label
	Others      int     `json:"others"` // rows judged not to have it
	Threshold   float64 `json:"threshold"`
	Recall      float64 `json:"recall"`
	FalseAlarms float64 `json:"false_alarms"`
}

// Facts tell where a model comes from.
type Facts struct {
	Version string       `json:"version"` // of the weights: the first twelve digits of their SHA-256
	Trained int32        `json:"trained"` // yyyymmdd
	Rows    int          `json:"rows"`
	Sources []string     `json:"sources"`
	Labels  []LabelFacts `json:"labels"`
	Options Options      `json:"options"`
}

// Model holds the weights of its labels.
type Model struct {
	facts Facts
	heads []head
}

type head struct {
	bias    float32
	scale   float32
	weights []int8 // one per bucket, in steps of scale
}

// Facts returns where the model comes from.
func (m *Model) Facts() Facts { return m.facts }

// Version names the weights.
func (m *Model) Version() string {
	if m == nil {
		return ""
	}
	return m.facts.Version
}

// Labels lists what the model knows, in order of name.
func (m *Model) Labels() []string {
	var out []string
	if m != nil {
		for _, l := range m.facts.Labels {
			out = append(out, l.Label)
		}
	}
	return out
}

// Score rates a text for every label, in order of name. A nil model and an empty text give none.
func (m *Model) Score(text string) []Score {
	if m == nil {
		return nil
	}
	fs := m.facts.Options.features(text, nil)
	if len(fs) == 0 {
		return nil
	}
	out := make([]Score, len(m.heads))
	for i := range m.heads {
		p := sigmoid(m.heads[i].margin(fs))
		l := &m.facts.Labels[i]
		out[i] = Score{Label: l.Label, P: p, Over: p >= l.Threshold, Threshold: l.Threshold, Trust: l.Recall}
	}
	return out
}

func (h *head) margin(fs []uint32) float64 {
	var sum int64
	for _, f := range fs {
		sum += int64(h.weights[f])
	}
	return float64(h.bias) + float64(sum)*float64(h.scale)/norm(len(fs))
}

// norm keeps long texts from weighing more than short ones.
func norm(features int) float64 { return math.Sqrt(float64(max(features, 1))) }

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
