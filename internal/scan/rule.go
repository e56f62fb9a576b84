package scan

// Kind says how a rule is matched.
type Kind string

// The kinds of rules.
const (
	Literal  Kind = "literal" // one term
	Set      Kind = "set"     // any of several terms
	Pattern  Kind = "pattern" // a shape: see Patterns
	Together Kind = "near"    // two words near each other
)

// Folding is a set of the foldings a rule may ask for beside those that are always on.
type Folding uint8

// The foldings a rule may ask for.
const (
	Lookalike  Folding = 1 << iota // characters of similar shape, Martian writing, characters written as their parts
	Soundalike                     // characters of the same syllable
	Pinyin                         // the term spelled in pinyin, wholly or in part
	Initials                       // the initials of its pinyin, wholly or in part
)

// Near asks for any of A and any of B, in either order, with at most Within characters of the normalised view between.
type Near struct {
	A, B   []string
	Within int
}

// Rule is one thing to look for.
type Rule struct {
	ID      string
	Kind    Kind
	Terms   []string // literal: one; set: any
	Pattern string   // one of Patterns()
	Near    *Near
	Except  []string // phrases in which a hit does not count (第一次)
	Fold    Folding
	Gap     int  // most filler characters between two characters: 0 = 4, below 0 = none
	Whole   bool // Latin letters at either end must not continue in the text; always so for terms all of Latin letters
	Part    bool // takes that back: a Latin term may stand inside a longer word

	// Where the rule holds; empty = everywhere.
	Platforms, Industries, Kinds, Fields []string
	From, Until                          int32 // yyyymmdd, both included, 0 = open
}

// Context says where a text stands. What is left empty is unknown, and then a rule holds whatever it asks for; without
// a day, rules hold at any time.
type Context struct {
	Platform, Industry, Kind, Field string
	Day                             int32 // yyyymmdd
}

// Hit is one place where a rule was found.
type Hit struct {
	Rule               int32 // index into Matcher.Rules
	Start, End         int32 // bytes of the original
	RuneStart, RuneEnd int32 // code points of the original; a broken byte counts as one
}

// holds tells whether the rule applies in the context.
func (r *Rule) holds(c *Context) bool {
	if c.Day != 0 && (r.From != 0 && c.Day < r.From || r.Until != 0 && c.Day > r.Until) {
		return false
	}
	return among(r.Platforms, c.Platform) && among(r.Industries, c.Industry) && among(r.Kinds, c.Kind) && among(r.Fields, c.Field)
}

func among(list []string, s string) bool {
	if len(list) == 0 || s == "" {
		return true
	}
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// bound tells whether the rule depends on a context at all.
func (r *Rule) bound() bool {
	return len(r.Platforms)+len(r.Industries)+len(r.Kinds)+len(r.Fields) > 0 || r.From != 0 || r.Until != 0
}
