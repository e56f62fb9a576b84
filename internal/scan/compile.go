package scan

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Fault is what is wrong with one rule.
type Fault struct {
	Rule   string // its ID, or its place (#3) when it has none
	Reason string
}

// Faults is the error of Compile: every faulty rule, in the order of the rules.
type Faults []Fault //nolint:errname // a list of faults, each shown by itself, is more to its users than an error

// Error implements error.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Rule + ": " + f.Reason
	}
	return strings.Join(lines, "\n")
}

// Matcher holds compiled rules. It does not change and may be used by many at once.
type Matcher struct {
	f        *folds
	rules    []Rule
	variants []variant
	except   [][]variant // rule → phrases in which it does not count
	traits   []uint8     // rule → what to ask when it hits
	signs    []int32     // variants made of signs only
	patterns []use
	flat     []uint16 // classes of the plain variants
	plain    lookup   // by pairs of classes
	sound    lookup   // by pairs of syllables, for rules with Soundalike
	single   lookup   // by one class
	ahead    int      // characters of a text a hit and what surrounds it take behind the place where it is found
	back     int      // and before it
	scratch  sync.Pool
}

// What to ask of a rule that hits.
const (
	contextual = 1 << iota // does it hold here?
	excepting              // is the hit inside an exception?
)

// use is a pattern a rule asks for.
type use struct {
	rule int32
	find shape
}

// Rules gives the rules of the matcher; Hit.Rule is an index into it. It must not be changed.
func (m *Matcher) Rules() []Rule { return m.rules }

// Compile makes a matcher. The error is of type Faults and names every faulty rule, not the first only.
func Compile(rules []Rule) (*Matcher, error) {
	m := &Matcher{f: tables(), rules: slices.Clone(rules), except: make([][]variant, len(rules)), traits: make([]uint8, len(rules))}
	var faults Faults
	seen := make(map[string]bool, len(rules))
	for i := range m.rules {
		r := &m.rules[i]
		name := r.ID
		if name == "" {
			name = fmt.Sprintf("#%d", i+1)
		}
		say := func(format string, args ...any) { faults = append(faults, Fault{name, fmt.Sprintf(format, args...)}) }
		if r.ID == "" {
			say("has no ID")
		} else if seen[r.ID] {
			say("its ID is used twice")
		}
		seen[r.ID] = true
		if r.bound() {
			m.traits[i] |= contextual
		}
		m.add(int32(i), r, say)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	m.index()
	m.scratch.New = func() any { return &scratch{} }
	return m, nil
}

// add compiles one rule.
func (m *Matcher) add(i int32, r *Rule, say func(string, ...any)) {
	if r.From != 0 && r.Until != 0 && r.From > r.Until {
		say("ends (%d) before it begins (%d)", r.Until, r.From)
	}
	if r.Fold > Lookalike|Soundalike|Pinyin|Initials {
		say("folding %d does not exist", r.Fold)
	}
	switch r.Kind {
	case Literal:
		if len(r.Terms) != 1 {
			say("a literal has one term, not %d", len(r.Terms))
		}
		m.terms(i, hitSide, r.Terms, say)
	case Set:
		if len(r.Terms) == 0 {
			say("a set has at least one term")
		}
		m.terms(i, hitSide, r.Terms, say)
	case Pattern:
		find, ok := shapes()[r.Pattern]
		if !ok {
			say("pattern %q is none of %s", r.Pattern, strings.Join(Patterns(), ", "))
			break
		}
		m.patterns = append(m.patterns, use{i, find})
	case Together:
		if r.Near == nil || len(r.Near.A) == 0 || len(r.Near.B) == 0 {
			say("near needs terms on both sides")
			break
		}
		if r.Near.Within < 0 || r.Near.Within > maxWithin {
			say("within is from 0 to %d, not %d", maxWithin, r.Near.Within)
		}
		m.terms(i, sideA, r.Near.A, say)
		m.terms(i, sideB, r.Near.B, say)
	default:
		say("kind %q is none of literal, set, pattern, near", r.Kind)
	}
	m.exceptions(i, r, say)
}

// maxWithin is the longest distance of a Near rule.
const maxWithin = 1000

// terms compiles the spellings of terms.
func (m *Matcher) terms(rule int32, side uint8, terms []string, say func(string, ...any)) {
	r := &m.rules[rule]
	for _, term := range terms {
		units := m.f.parse(term)
		switch {
		case len(units) == 0:
			say("term %q has no character to look for", term)
			continue
		case len(units) > maxUnits:
			say("term %q has more than %d characters", term, maxUnits)
			continue
		}
		plain := len(m.variants)
		for k, spelling := range m.f.spellings(units, r.Fold) {
			v := m.variant(rule, side, spelling)
			v.whole = v.whole || k > 0 && r.Fold&(Pinyin|Initials) != 0
			if slices.ContainsFunc(m.variants[plain:], func(o variant) bool { return slices.Equal(o.units, v.units) }) {
				continue
			}
			m.variants = append(m.variants, v)
		}
	}
}

func (m *Matcher) variant(rule int32, side uint8, units []unit) variant {
	r := &m.rules[rule]
	v := variant{units: units, rule: rule, side: side, fold: r.Fold & (Lookalike | Soundalike), gap: gapOf(r)}
	latin := true
	for _, u := range units {
		if u.sign == 0 {
			if v.solid++; v.solid == 1 {
				v.first = u.class
			}
			v.has |= 1 << (u.class & 63)
			latin = latin && letter(u.class)
		}
	}
	v.whole = r.Whole || v.solid > 0 && latin && !r.Part || v.fold != 0
	v.span = v.solid * (maxRepeat + 1)
	return v
}

func gapOf(r *Rule) int32 {
	switch {
	case r.Gap == 0:
		return defaultGap
	case r.Gap < 0:
		return 0
	}
	return int32(min(r.Gap, 64))
}

// exceptions compiles the phrases in which a rule does not count. They are matched without the rule's own foldings, so
// that 威信 can be an exception of a rule for what sounds like 微信.
func (m *Matcher) exceptions(i int32, r *Rule, say func(string, ...any)) {
	for _, phrase := range r.Except {
		units := m.f.parse(phrase)
		if count(units) == 0 || len(units) > maxUnits {
			say("exception %q has no character, or more than %d", phrase, maxUnits)
			continue
		}
		if slices.ContainsFunc(m.variants, func(v variant) bool { return v.rule == i && slices.Equal(v.units, units) }) {
			say("exception %q takes the term itself away", phrase)
			continue
		}
		v := m.variant(i, hitSide, units)
		v.fold, v.whole = 0, false
		m.except[i] = append(m.except[i], v)
		m.traits[i] |= excepting
	}
}
