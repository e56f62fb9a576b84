package pack

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kosmos/internal/base/clock"
)

// limits keep one hostile or mistaken file from filling the memory.
const (
	maxFile  = 4 << 20
	maxRules = 100_000
	maxTerm  = 64 // characters
)

// sheet is the file as written.
type sheet struct {
	Name     string      `yaml:"name"`
	Title    Text        `yaml:"title"`
	Version  string      `yaml:"version"`
	Source   string      `yaml:"source"`
	Category string      `yaml:"category"`
	Fold     []string    `yaml:"fold"`
	Groups   []yaml.Node `yaml:"groups"`
	scope    `yaml:",inline"`
}

// scope is where and when rules count; a rule's own wins over its group's, the group's over the file's.
type scope struct {
	Platforms  []string `yaml:"platforms"`
	Industries []string `yaml:"industries"`
	Kinds      []string `yaml:"kinds"`
	Fields     []string `yaml:"fields"`
	From       string   `yaml:"from"`
	Until      string   `yaml:"until"`
}

// told is what a group says for all its rules, and a rule may say for itself.
type told struct {
	ID       string    `yaml:"id"`
	Category string    `yaml:"category"`
	Severity string    `yaml:"severity"`
	Article  string    `yaml:"article"`
	Source   string    `yaml:"source"`
	Reason   Text      `yaml:"reason"`
	Rewrite  string    `yaml:"rewrite"`
	Replace  string    `yaml:"replace"`
	Note     string    `yaml:"note"`
	Noisy    *bool     `yaml:"noisy"`
	Except   []string  `yaml:"except"`
	Fold     *[]string `yaml:"fold"`
	scope    `yaml:",inline"`
}

type group struct {
	told  `yaml:",inline"`
	Rules []yaml.Node `yaml:"rules"`
}

type entry struct {
	told    `yaml:",inline"`
	Terms   []string `yaml:"terms"`
	Pattern string   `yaml:"pattern"`
	Near    *Near    `yaml:"near"`
	Gap     int      `yaml:"gap"`
	Whole   bool     `yaml:"whole"`
}

// reader collects the faults of one file.
type reader struct {
	file   string
	faults []error
	seen   map[string]int // rule id → line
}

func (r *reader) fault(line int, rule, field, format string, args ...any) {
	where := fmt.Sprintf("%s:%d", r.file, line)
	if rule != "" {
		where += ": " + rule
	}
	if field != "" {
		where += ": " + field
	}
	r.faults = append(r.faults, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

// Parse reads a pack from YAML. The error joins every fault with file, line, rule and field.
func Parse(name string, data []byte) (Pack, error) {
	r := &reader{file: name, seen: map[string]int{}}
	if len(data) > maxFile {
		return Pack{}, fmt.Errorf("%s: the file is larger than %d MB", name, maxFile>>20)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return Pack{}, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return Pack{}, fmt.Errorf("%s: a pack begins with name, title, version, source, category and groups", name)
	}
	var s sheet
	r.decode(doc.Content[0], &s, "", "name title version source category fold groups platforms industries kinds fields from until")
	p := Pack{Name: s.Name, Title: s.Title, Version: s.Version, Source: s.Source}
	if !slug(s.Name) {
		r.fault(doc.Content[0].Line, "", "name", "small letters, digits and hyphens, not %q", s.Name)
	}
	if s.Version == "" {
		r.fault(doc.Content[0].Line, "", "version", "missing")
	}
	if s.Title.Zh == "" {
		r.fault(doc.Content[0].Line, "", "title", "needs zh")
	}
	for i := range s.Groups {
		r.group(&s, &s.Groups[i], &p)
	}
	if len(p.Rules) > maxRules {
		r.fault(1, "", "groups", "more than %d rules", maxRules)
	}
	return p, errors.Join(r.faults...)
}

// decode fills a struct and names keys that are none.
func (r *reader) decode(n *yaml.Node, into any, rule, keys string) {
	if n.Kind != yaml.MappingNode {
		r.fault(n.Line, rule, "", "expected fields, found %q", n.Value)
		return
	}
	known := strings.Fields(keys)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if k := n.Content[i]; !slices.Contains(known, k.Value) {
			r.fault(k.Line, rule, k.Value, "there is no such field")
		}
	}
	if err := n.Decode(into); err != nil {
		r.fault(n.Line, rule, "", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
}

const toldKeys = "id category severity article source reason rewrite replace note noisy except fold platforms industries kinds fields from until"

func (r *reader) group(s *sheet, n *yaml.Node, p *Pack) {
	var g group
	r.decode(n, &g, "", toldKeys+" rules")
	for i := range g.Rules {
		var e entry
		id := ""
		if m := field(&g.Rules[i], "id"); m != nil {
			id = m.Value
		}
		r.decode(&g.Rules[i], &e, id, toldKeys+" terms pattern near gap whole")
		p.Rules = append(p.Rules, r.rule(s, &g, &e, g.Rules[i].Line))
	}
}

func field(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// rule makes a rule of what file, group and entry say, and checks it.
func (r *reader) rule(s *sheet, g *group, e *entry, line int) Rule {
	out := Rule{
		ID: s.Name + "/" + e.ID, Terms: trimmed(e.Terms), Pattern: e.Pattern, Near: e.Near, Gap: e.Gap, Whole: e.Whole,
		Except: slices.Concat(g.Except, e.Except), Fold: s.Fold,
		Platforms: first(e.Platforms, g.Platforms, s.Platforms), Industries: first(e.Industries, g.Industries, s.Industries),
		Kinds: first(e.Kinds, g.Kinds, s.Kinds), Fields: first(e.Fields, g.Fields, s.Fields),
		Category: word(e.Category, g.Category, s.Category), Severity: word(e.Severity, g.Severity),
		Article: word(e.Article, g.Article), Source: word(e.Source, g.Source, s.Source),
		Rewrite: word(e.Rewrite, g.Rewrite), Replace: word(e.Replace, g.Replace), Note: word(e.Note, g.Note), Reason: g.Reason,
	}
	if e.Reason.Zh != "" {
		out.Reason = e.Reason
	}
	switch {
	case e.Fold != nil:
		out.Fold = *e.Fold
	case g.Fold != nil:
		out.Fold = *g.Fold
	}
	if e.Near != nil && e.Fold == nil {
		// Two short words that only sound right meet by chance too often.
		out.Fold = slices.DeleteFunc(slices.Clone(out.Fold), func(f string) bool { return f == "soundalike" })
	}
	for _, b := range []*bool{e.Noisy, g.Noisy} {
		if b != nil {
			out.Noisy = *b
			break
		}
	}
	out.From = r.day(line, e.ID, "from", word(e.From, g.From, s.From))
	out.Until = r.day(line, e.ID, "until", word(e.Until, g.Until, s.Until))
	if !slug(e.ID) {
		r.fault(line, e.ID, "id", "small letters, digits and hyphens, not %q", e.ID)
	} else if before, twice := r.seen[e.ID]; twice {
		r.fault(line, e.ID, "id", "used on line %d already", before)
	}
	r.seen[e.ID] = line
	for _, f := range out.Faults() {
		r.fault(line, e.ID, f.Field, "%s", f.Message)
	}
	return out
}

// day reads 2021-01-01 as 20210101.
func (r *reader) day(line int, rule, field, s string) int32 {
	if s == "" {
		return 0
	}
	d, err := clock.ParseDay(s)
	if err != nil {
		r.fault(line, rule, field, "a day is written 2021-01-01, not %q", s)
	}
	return int32(d)
}

// Fault is what is wrong with one field of a rule.
type Fault struct{ Field, Message string }

// Faults lists what is wrong with a rule.
func (r Rule) Faults() []Fault {
	var out []Fault
	add := func(field, format string, args ...any) {
		out = append(out, Fault{field, fmt.Sprintf(format, args...)})
	}
	said := 0
	for _, is := range []bool{len(r.Terms) > 0, r.Pattern != "", r.Near != nil} {
		if is {
			said++
		}
	}
	if said != 1 {
		add("terms", "a rule has either terms, pattern or near")
	}
	if r.Pattern != "" && !slices.Contains(Patterns(), r.Pattern) {
		add("pattern", "%q is none of %s", r.Pattern, strings.Join(Patterns(), ", "))
	}
	terms := slices.Clone(r.Terms)
	if r.Near != nil {
		if len(r.Near.A) == 0 || len(r.Near.B) == 0 {
			add("near", "needs words in a and in b")
		}
		if r.Near.Within < 0 || r.Near.Within > 100 {
			add("near", "within is between 0 and 100 characters, not %d", r.Near.Within)
		}
		terms = slices.Concat(r.Near.A, r.Near.B)
	}
	for _, t := range terms {
		if n := len([]rune(t)); strings.TrimSpace(t) == "" || n > maxTerm {
			add("terms", "a word has 1 to %d characters: %.40q", maxTerm, t)
		}
	}
	if r.Gap < 0 || r.Gap > 50 {
		add("gap", "is between 0 and 50, not %d", r.Gap)
	}
	if !slices.Contains(Categories(), r.Category) {
		add("category", "%q is none of %s", r.Category, strings.Join(Categories(), ", "))
	}
	if !slices.Contains(Severities(), r.Severity) {
		add("severity", "%q is none of low, medium, high", r.Severity)
	}
	if r.Reason.Zh == "" {
		add("reason", "says why, at least in zh")
	}
	if r.Article == "" {
		add("article", "names the law or the platform's rule")
	}
	for _, f := range r.Fold {
		if _, ok := folds()[f]; !ok {
			add("fold", "%q is none of lookalike, soundalike, pinyin, initials", f)
		}
	}
	if r.From > 0 && r.Until > 0 && r.Until < r.From {
		add("until", "lies before from")
	}
	return out
}

func trimmed(in []string) []string {
	for i := range in {
		in[i] = strings.TrimSpace(in[i])
	}
	return in
}

func first(lists ...[]string) []string {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

func word(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func slug(s string) bool { return slugShape.MatchString(s) }

var slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
