package pack

import (
	"kosmos/internal/scan/rank"
)

// A brand's own ranker stands beside the shipped one. It knows up to two labels, learned from what the brand's reviewers
// said: Refused orders texts through the score, as far as it proved itself; FalseAlarm lowers findings of rules marked
// noisy by one step. It never adds a finding, never raises one, and so never blocks.

// Labels of a brand's own ranker.
const (
	Refused    = "refused"     // a reviewer turned the whole text down, or asked for changes
	FalseAlarm = "false_alarm" // a reviewer called the finding in these surroundings a false alarm
)

// OwnOptions are those of a brand's own ranker. The seed is fixed: the same verdicts give the same weights. Thresholds let
// 5 % of what was approved, or right, over.
func OwnOptions() rank.Options { return rank.Options{Seed: 1, Bits: 16, Alarms: 0.05} }

// surroundings is how many characters on either side of a finding tell whether it is one.
const surroundings = 24

// Surroundings cuts a finding out of its text with what stands around it. Start and end count code points.
func Surroundings(text string, start, end int) string {
	view := []rune(text)
	return string(view[max(0, min(start-surroundings, len(view))):max(0, min(end+surroundings, len(view)))])
}

// WithOwn is the checker with a brand's own ranker; nil takes it away. The checker itself stays as it is.
func (c *Checker) WithOwn(own *rank.Model) (*Checker, error) {
	out := *c
	out.own = own
	weights := c.ranker.Version()
	if own != nil {
		weights += "+" + own.Version()
	}
	var err error
	out.version, err = version(c.rules, weights)
	return &out, err
}

// Opinion is what a brand's own ranker finds of a whole text. Likely has 0.5 at the ranker's threshold; Trust is how much
// of the order it decides, the share of turned-down texts it found in training. The zero Opinion is none.
type Opinion struct {
	Likely float64
	Trust  float64
	Over   bool
}

// OpinionOf makes the opinion of a score, also of one that was taken with rows held out.
func OpinionOf(p, threshold, trust float64) Opinion {
	return Opinion{relative(rank.Score{P: p, Threshold: threshold}), trust, p >= threshold}
}

// Opinion asks the brand's own ranker about a whole text.
func (c *Checker) Opinion(text string) Opinion {
	for _, s := range c.own.Score(text) {
		if s.Label == Refused {
			return OpinionOf(s.P, s.Threshold, s.Trust)
		}
	}
	return Opinion{}
}

// Why lists the parts of a text that pull the brand's own ranker towards turning it down, strongest first.
func (c *Checker) Why(text string, n int) []rank.Feature { return c.own.Explain(Refused, text, n) }

// mixed lets the opinion decide the order as far as it is trusted, and the shipped ranker the rest.
func (o Opinion) mixed(shipped float64) float64 { return o.Trust*o.Likely + (1-o.Trust)*shipped }

// quiet gives the severity of a noisy rule's finding, "" when it is dropped: the brand's own ranker may take a step off
// where it knows false alarms; else the shipped one may.
func (c *Checker) quiet(severity, category, around string, scores []rank.Score) string {
	for _, s := range c.own.Score(around) {
		if s.Label == FalseAlarm && s.Over {
			return milder(severity)
		}
	}
	return lowered(severity, category, scores)
}
