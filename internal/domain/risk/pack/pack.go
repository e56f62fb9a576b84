package pack

import (
	"kosmos/internal/scan"
)

// Text is a text in both languages of the house.
type Text struct {
	Zh string `yaml:"zh" json:"zh"`
	En string `yaml:"en" json:"en"`
}

// In returns the text in a language ("zh" or "en"), the Chinese where the other is missing.
func (t Text) In(lang string) string {
	if lang == "en" && t.En != "" {
		return t.En
	}
	return t.Zh
}

// Severity of a rule: how much a hit weighs.
const (
	Low    = "low"    // shown to the author
	Medium = "medium" // a reviewer decides
	High   = "high"   // may not go out
)

// Severities lists them, from mild to strict.
func Severities() []string { return []string{Low, Medium, High} }

// Verdicts, from mild to strict.
const (
	Pass   = "pass"
	Warn   = "warn"
	Review = "review"
	Block  = "block"
)

// Categories are the themes a rule may belong to.
func Categories() []string {
	return []string{"absolute", "medical", "finance", "property", "education", "automotive", "diversion", "bait", "superstition", "abuse", "brand", "illegal"}
}

// Patterns are the shapes a rule may look for instead of words.
func Patterns() []string {
	return []string{"mobile", "landline", "qq", "wechat", "url", "taokouling", "price"}
}

// Near is two sets of words that count only when close together, in either order.
type Near struct {
	A      []string `yaml:"a" json:"a"`
	B      []string `yaml:"b" json:"b"`
	Within int      `yaml:"within" json:"within"` // characters between the two
}

// Rule is one rule in readable form. Exactly one of Terms, Pattern and Near says what it looks for.
type Rule struct {
	ID      string   `json:"id"` // <pack>/<rule>, the same in every version of the pack
	Terms   []string `json:"terms,omitempty"`
	Pattern string   `json:"pattern,omitempty"`
	Near    *Near    `json:"near,omitempty"`
	Except  []string `json:"except,omitempty"` // longer phrases in which a hit does not count
	Fold    []string `json:"fold,omitempty"`   // lookalike, soundalike, pinyin, initials
	Gap     int      `json:"gap,omitempty"`    // filler characters allowed between two characters, 0 = the engine's default
	Whole   bool     `json:"whole,omitempty"`  // Latin words stand alone

	Platforms  []string `json:"platforms,omitempty"` // empty = everywhere
	Industries []string `json:"industries,omitempty"`
	Kinds      []string `json:"kinds,omitempty"`
	Fields     []string `json:"fields,omitempty"`
	From       int32    `json:"from,omitempty"` // yyyymmdd, first day in force, 0 = always
	Until      int32    `json:"until,omitempty"`

	Category string `json:"category"`
	Severity string `json:"severity"`
	Reason   Text   `json:"reason"`
	Article  string `json:"article"`
	Source   string `json:"source,omitempty"`
	Rewrite  string `json:"rewrite,omitempty"` // advice how to say it safely
	Replace  string `json:"replace,omitempty"` // words that may stand in place of a hit as they are
	Note     string `json:"note,omitempty"`
	Noisy    bool   `json:"noisy,omitempty"` // the ranker may lower its hits
}

// Pack is one theme of rules at one version.
type Pack struct {
	Name    string `json:"name"`
	Title   Text   `json:"title"`
	Version string `json:"version"`
	Source  string `json:"source"`
	Rules   []Rule `json:"rules"`
}

// engine says the rule to the text engine.
func (r Rule) engine() scan.Rule {
	out := scan.Rule{
		ID: r.ID, Terms: r.Terms, Pattern: r.Pattern, Except: r.Except, Gap: r.Gap, Whole: r.Whole,
		Platforms: r.Platforms, Industries: r.Industries, Kinds: r.Kinds, Fields: r.Fields, From: r.From, Until: r.Until,
	}
	switch {
	case r.Near != nil:
		out.Kind, out.Near = scan.Together, &scan.Near{A: r.Near.A, B: r.Near.B, Within: r.Near.Within}
	case r.Pattern != "":
		out.Kind = scan.Pattern
	case len(r.Terms) == 1:
		out.Kind = scan.Literal
	default:
		out.Kind = scan.Set
	}
	for _, f := range r.Fold {
		out.Fold |= folds()[f]
	}
	return out
}

func folds() map[string]scan.Folding {
	return map[string]scan.Folding{"lookalike": scan.Lookalike, "soundalike": scan.Soundalike, "pinyin": scan.Pinyin, "initials": scan.Initials}
}
