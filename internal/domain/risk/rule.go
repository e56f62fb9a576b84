package risk

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/risk/pack"
)

// OwnPack is the pack of the brand's own rules.
const OwnPack = "own"

// Rule is a rule as people write and read it. Code is unique within the brand; Pack is the shipped pack it comes from,
// or OwnPack.
type Rule struct {
	Code       string    `json:"code"`
	Pack       string    `json:"pack"`
	Kind       string    `json:"kind"`                 // literal, set, pattern, near
	Terms      []string  `json:"terms,omitempty"`      // literal: one; set: any
	Pattern    string    `json:"pattern,omitempty"`    // a number shape
	A          []string  `json:"a,omitempty"`          // near: one of A …
	B          []string  `json:"b,omitempty"`          // … and one of B
	Within     int       `json:"within,omitempty"`     // near: characters between
	Except     []string  `json:"except,omitempty"`     // longer phrases in which a hit does not count
	Fold       []string  `json:"fold,omitempty"`       // lookalike, soundalike, pinyin, initials
	Gap        int       `json:"gap,omitempty"`        // filler characters allowed between two characters
	Whole      bool      `json:"whole,omitempty"`      // Latin terms stand alone
	Platforms  []string  `json:"platforms,omitempty"`  // empty: everywhere; so are the next three
	Industries []string  `json:"industries,omitempty"` //
	Kinds      []string  `json:"kinds,omitempty"`      //
	Fields     []string  `json:"fields,omitempty"`     //
	From       clock.Day `json:"from,omitempty"`       // first day, 0 = open
	Until      clock.Day `json:"until,omitempty"`      // last day, 0 = open
	Category   string    `json:"category"`
	Severity   string    `json:"severity"` // low, medium, high
	Reason     string    `json:"reason,omitempty"`
	ReasonEN   string    `json:"reason_en,omitempty"`
	Article    string    `json:"article,omitempty"`
	Source     string    `json:"source,omitempty"`
	Rewrite    string    `json:"rewrite,omitempty"` // advice
	Replace    string    `json:"replace,omitempty"` // words that may stand in place of a hit as they are
	Note       string    `json:"note,omitempty"`
	Noisy      bool      `json:"noisy,omitempty"` // the ranker may lower it
}

// Bounds of a hand-written rule.
const (
	maxTerms  = 500
	maxTerm   = 60
	maxText   = 500
	maxWithin = 50
	maxGap    = 20
)

// RuleKinds lists how a rule may match.
func RuleKinds() []string { return []string{"literal", "set", "pattern", "near"} }

// Patterns lists the number shapes.
func Patterns() []string { return pack.Patterns() }

// Folds lists what a rule may see through beyond what it always does.
func Folds() []string { return []string{"lookalike", "soundalike", "pinyin", "initials"} }

// Severities lists the severities, lightest first.
func Severities() []string { return []string{"low", "medium", "high"} }

// Categories lists what a rule may be about.
func Categories() []string { return pack.Categories() }

// ContentKinds lists the kinds of content a rule may be kept to.
func ContentKinds() []string { return []string{"post", "profile", "reply", "comment", "live"} }

func validSeverity(s string) bool { return slices.Contains(Severities(), s) }

// faults tells everything that is wrong with a rule; path stands before the names of fields.
func (r *Rule) faults(bad *errs.Error, path string) {
	one := func(field, v string, of []string) {
		if !slices.Contains(of, v) {
			bad.Field(path+field, "risk.unknown_"+field, "value", v)
		}
	}
	one("kind", r.Kind, RuleKinds())
	one("category", r.Category, Categories())
	one("severity", r.Severity, Severities())
	for _, f := range r.Fold {
		one("fold", f, Folds())
	}
	r.matchFaults(bad, path)
	for _, k := range r.Kinds {
		if !slices.Contains(ContentKinds(), k) {
			bad.Field(path+"kinds", "risk.unknown_kinds", "value", k)
		}
	}
	r.placeFaults(bad, path)
	if r.From != 0 && r.Until != 0 && r.Until < r.From {
		bad.Field(path+"until", "risk.days_turned")
	}
	if r.Gap < 0 || r.Gap > maxGap {
		bad.Field(path+"gap", "risk.out_of_range", "low", 0, "high", maxGap)
	}
	if r.Reason == "" {
		bad.Field(path+"reason", "risk.reason_missing")
	}
	if r.Article == "" {
		bad.Field(path+"article", "risk.article_missing")
	}
	for field, v := range map[string]string{"reason": r.Reason, "reason_en": r.ReasonEN, "article": r.Article, "source": r.Source, "rewrite": r.Rewrite, "replace": r.Replace, "note": r.Note} {
		if utf8.RuneCountInString(v) > maxText {
			bad.Field(path+field, "risk.too_long", "max", maxText)
		}
	}
}

// placeFaults refuses platforms and industries that nothing is of: a rule kept to them would never fire, and nobody told.
func (r *Rule) placeFaults(bad *errs.Error, path string) {
	for _, p := range r.Platforms {
		if !slices.Contains(account.Platforms(), account.Platform(p)) {
			bad.Field(path+"platforms", "risk.unknown_platform", "value", p)
		}
	}
	for _, i := range r.Industries {
		if !slices.Contains(Industries(), i) {
			bad.Field(path+"industries", "risk.unknown_industry", "value", i)
		}
	}
}

// platformOf writes a platform as it is known here; what is none stays.
func platformOf(name string) string {
	if p, err := account.ParsePlatform(name); err == nil {
		return string(p)
	}
	return name
}

// matchFaults looks at what the rule matches.
func (r *Rule) matchFaults(bad *errs.Error, path string) {
	phrases := func(field string, list []string, most int) {
		if len(list) == 0 || len(list) > most {
			bad.Field(path+field, "risk.how_many", "max", most)
		}
		checkPhrases(bad, path+field, list)
	}
	switch r.Kind {
	case "literal":
		phrases("terms", r.Terms, 1)
	case "set":
		phrases("terms", r.Terms, maxTerms)
	case "pattern":
		if !slices.Contains(Patterns(), r.Pattern) {
			bad.Field(path+"pattern", "risk.unknown_pattern", "value", r.Pattern)
		}
	case "near":
		phrases("a", r.A, maxTerms)
		phrases("b", r.B, maxTerms)
		if r.Within < 1 || r.Within > maxWithin {
			bad.Field(path+"within", "risk.out_of_range", "low", 1, "high", maxWithin)
		}
	}
	if len(r.Except) > maxTerms {
		bad.Field(path+"except", "risk.how_many", "max", maxTerms)
	}
	checkPhrases(bad, path+"except", r.Except)
}

func checkPhrases(bad *errs.Error, path string, list []string) {
	for i, t := range list {
		if n := utf8.RuneCountInString(t); n == 0 || n > maxTerm {
			bad.Field(fmt.Sprintf("%s[%d]", path, i), "risk.term_length", "max", maxTerm)
			return
		}
	}
}

// tidy trims what people paste, drops doubles, and writes platforms and industries as they are known here (小红书, 汽车).
func (r *Rule) tidy() {
	for _, list := range []*[]string{&r.Terms, &r.A, &r.B, &r.Except, &r.Fold, &r.Platforms, &r.Industries, &r.Kinds, &r.Fields} {
		*list = tidyList(*list)
	}
	for i, name := range r.Platforms {
		r.Platforms[i] = platformOf(name)
	}
	for i, name := range r.Industries {
		r.Industries[i] = cmp.Or(pack.IndustryOf(name), name)
	}
	r.Platforms, r.Industries = tidyList(r.Platforms), tidyList(r.Industries)
	for _, v := range []*string{&r.Pattern, &r.Category, &r.Severity, &r.Reason, &r.ReasonEN, &r.Article, &r.Source, &r.Rewrite, &r.Replace, &r.Note} {
		*v = strings.TrimSpace(*v)
	}
	if r.Kind == "literal" && len(r.Terms) > 1 {
		r.Kind = "set"
	}
	if r.Kind != "near" {
		r.A, r.B, r.Within = nil, nil, 0
	}
	if r.Kind != "pattern" {
		r.Pattern = ""
	}
	if r.Kind == "near" || r.Kind == "pattern" {
		r.Terms = nil
	}
}

func tidyList(list []string) []string {
	var out []string
	for _, v := range list {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// Says shows in a few words what a rule looks for.
func (r *Rule) Says() string {
	switch r.Kind {
	case "pattern":
		return r.Pattern
	case "near":
		return strings.Join(firsts(r.A), "、") + " … " + strings.Join(firsts(r.B), "、")
	default:
		return strings.Join(firsts(r.Terms), "、")
	}
}

func firsts(list []string) []string { return list[:min(len(list), 6)] }

// differs names the fields in which two rules differ, in the order of Rule.
func (r *Rule) differs(o *Rule) []string {
	var out []string
	a, b := reflect.ValueOf(*r), reflect.ValueOf(*o)
	for i := range a.NumField() {
		x, y := a.Field(i), b.Field(i)
		if x.Kind() == reflect.Slice && x.Len() == 0 && y.Len() == 0 {
			continue
		}
		if !reflect.DeepEqual(x.Interface(), y.Interface()) {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			out = append(out, name)
		}
	}
	return out
}
