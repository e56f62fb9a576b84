package pack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

// Finding is one place in a text that a rule objects to.
type Finding struct {
	Rule     string         `json:"rule"`
	Category string         `json:"category"`
	Severity string         `json:"severity"`
	Start    int            `json:"start"` // code points of the original
	End      int            `json:"end"`
	Text     string         `json:"text"`
	Reason   string         `json:"reason"`
	ReasonEn string         `json:"reason_en,omitempty"`
	Article  string         `json:"article"`
	Rewrite  string         `json:"rewrite"`           // advice
	Replace  string         `json:"replace,omitempty"` // words that may stand here instead, as they are
	Top      []rank.Feature `json:"top,omitempty"`     // what the ranker saw, for its own findings

	ranked bool // the ranker's own
}

// Result is what a check says about one text.
type Result struct {
	Verdict  string    `json:"verdict"`
	Score    float64   `json:"score"` // 0–1, orders a queue
	Version  string    `json:"version"`
	Findings []Finding `json:"findings"`
}

// Checker judges texts by packs and a ranker. It is safe for concurrent use.
type Checker struct {
	matcher *scan.Matcher
	rules   []Rule
	terms   [][][]rune // per rule: its terms on the folded view
	ranker  *rank.Model
	own     *rank.Model // a brand's, beside the shipped one; may be nil
	version string
}

// NewChecker compiles packs; the ranker may be nil. The error lists every faulty rule. A later rule of the same id
// replaces an earlier one, so a brand's pack may override a shipped rule.
func NewChecker(packs []Pack, ranker *rank.Model) (*Checker, error) {
	c := &Checker{ranker: ranker}
	at := map[string]int{}
	var faults []error
	for _, p := range packs {
		for _, r := range p.Rules {
			for _, f := range r.Faults() {
				faults = append(faults, fmt.Errorf("%s: %s: %s", r.ID, f.Field, f.Message))
			}
			if i, twice := at[r.ID]; twice {
				c.rules[i] = r
				continue
			}
			at[r.ID] = len(c.rules)
			c.rules = append(c.rules, r)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	engine := make([]scan.Rule, len(c.rules))
	c.terms = make([][][]rune, len(c.rules))
	for i, r := range c.rules {
		engine[i] = r.engine()
		for _, t := range r.Terms {
			c.terms[i] = append(c.terms[i], []rune(scan.Fold(t)))
		}
	}
	var err error
	if c.matcher, err = scan.Compile(engine); err != nil {
		return nil, err
	}
	c.version, err = version(c.rules, ranker.Version())
	return c, err
}

// version names the rules and weights in force: the same ones give the same name everywhere.
func version(rules []Rule, weights string) (string, error) {
	b, err := json.Marshal(rules)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(b, weights...))
	return hex.EncodeToString(sum[:6]), nil
}

// Version names the rules and weights in force.
func (c *Checker) Version() string { return c.version }

// Rules returns the rules in force, in order; they are not to be changed.
func (c *Checker) Rules() []Rule { return c.rules }

// Check judges a text. An industry left open means that rules of single industries do not count; an unknown platform
// or kind means that those of every platform and kind do.
func (c *Checker) Check(text string, ctx scan.Context) Result {
	return c.CheckPart(text, ctx, c.Opinion(text))
}

// CheckPart judges one field of a text whose whole the brand's own ranker was asked about.
func (c *Checker) CheckPart(text string, ctx scan.Context, o Opinion) Result {
	if ctx.Industry == "" {
		ctx.Industry = noIndustry
	}
	out := Result{Verdict: Pass, Version: c.version, Findings: []Finding{}}
	scores := c.ranker.Score(text)
	name := isName(text, ctx)
	for _, h := range c.matcher.Scan(plainBreaks(text), ctx, nil) {
		if f, ok := c.finding(text, h, name, scores); ok {
			out.Findings = append(out.Findings, f)
		}
	}
	out.Findings = append(tidy(out.Findings), c.ranked(text, ctx.Kind, scores)...)
	out.Verdict, out.Score = judge(out.Findings, o.mixed(likely(scores)))
	return out
}

// plainBreaks blanks line breaks that came as %0A, without moving anything: what follows them begins a line.
func plainBreaks(text string) string {
	if !strings.Contains(text, "%0") {
		return text
	}
	return strings.NewReplacer("%0A", "   ", "%0a", "   ", "%0D", "   ", "%0d", "   ").Replace(text)
}

// noIndustry is an industry no rule names.
const noIndustry = "-"

// finding turns a hit into a finding, unless it is an accident of sound or shape.
func (c *Checker) finding(text string, h scan.Hit, name bool, scores []rank.Score) (Finding, bool) {
	r := &c.rules[h.Rule]
	word := text[h.Start:h.End]
	severity := r.Severity
	if len(r.Terms) > 0 {
		strange := strangers([]rune(scan.Fold(word)), c.terms[h.Rule])
		if accident(text, int(h.Start), int(h.End), strange) || name && strange > 0 && like(word, r.Category) {
			return Finding{}, false
		}
		if strange > 0 && severity == High && hanOnly(word) && runes(word) <= 2 {
			severity = Medium // 刘伟 may be a person: two characters that only sound alike never block
		}
	}
	if r.Noisy {
		if severity = c.quiet(severity, r.Category, Surroundings(text, int(h.RuneStart), int(h.RuneEnd)), scores); severity == "" {
			return Finding{}, false
		}
	}
	return Finding{
		Rule: r.ID, Category: r.Category, Severity: severity, Start: int(h.RuneStart), End: int(h.RuneEnd), Text: word,
		Reason: r.Reason.Zh, ReasonEn: r.Reason.En, Article: r.Article, Rewrite: r.Rewrite, Replace: r.Replace,
	}, true
}

// tidy orders findings, and drops those that lie within another of their category and at least their severity.
func tidy(fs []Finding) []Finding {
	slices.SortFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(weight(b.Severity), weight(a.Severity)), cmp.Compare(a.Rule, b.Rule))
	})
	// In this order only what stands before can cover, so the furthest end of each category and severity is enough: a
	// long text of nothing but hits is not compared hit by hit.
	type place struct{ category, severity string }
	furthest := map[place]int{}
	out := fs[:0:0]
	for _, f := range fs {
		inside := false
		for _, severity := range []string{High, Medium, Low} {
			inside = inside || weight(severity) >= weight(f.Severity) && furthest[place{f.Category, severity}] >= f.End
		}
		here := place{f.Category, f.Severity}
		furthest[here] = max(furthest[here], f.End)
		if !inside {
			out = append(out, f)
		}
	}
	if out == nil {
		out = []Finding{}
	}
	return out
}

// weight is what one finding adds to the score.
func weight(severity string) float64 {
	switch severity {
	case High:
		return 0.9
	case Medium:
		return 0.6
	case Low:
		return 0.25
	}
	return 0
}

// judge turns findings and what the rankers find likely into a verdict and a score.
func judge(fs []Finding, likely float64) (string, float64) {
	rest, worst := 1.0, 0.0
	for _, f := range fs {
		w := weight(f.Severity)
		worst = max(worst, w)
		if !f.ranked {
			rest *= 1 - w
		}
	}
	verdict := Pass
	switch worst {
	case weight(High):
		verdict = Block
	case weight(Medium):
		verdict = Review
	case weight(Low):
		verdict = Warn
	}
	rest *= 1 - rankShare*likely
	return verdict, math.Round((1-rest)*1000) / 1000
}

// runes counts code points as the engine does: a broken byte is one.
func runes(s string) int { return utf8.RuneCountInString(s) }
