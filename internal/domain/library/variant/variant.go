package variant

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Bounds of a template: what a person can still read and the program can count.
const (
	MaxText         = 20_000 // bytes of a part
	MaxGroups       = 40
	MaxAlternatives = 60 // of one group
	maxName         = 20 // code points
)

// SyntaxError says where a template is wrong. Slug is one of: "brace" (a brace that is not closed or opened), "name" (a missing or
// long name), "empty" (a group without two alternatives), "twice" (an alternative or a group that comes twice), "nested" (a
// group within a group), "unknown" (a group that is repeated but nowhere given), "many" (too many groups or alternatives),
// "long" (the text is too long).
type SyntaxError struct {
	Part   int // 0 the title, 1 the body
	Line   int // from 1
	Column int // code points, from 1
	Slug   string
	Name   string
}

// Error implements error for logs.
func (f *SyntaxError) Error() string {
	return fmt.Sprintf("variant: part %d, line %d, column %d: %s %q", f.Part, f.Line, f.Column, f.Slug, f.Name)
}

// piece is a bit of a text: plain words, a variable, or a group by its number.
type piece struct {
	text  string
	name  string // of a variable
	group int    // -1 for words and variables
}

// group is a set of alternatives of which one is taken.
type group struct {
	name string
	alts [][]piece
	seen map[string]bool // their source, to find twins
}

// Use is a variable and where it first stands.
type Use struct {
	Name         string
	Part         int
	Line, Column int
}

// Template is a parsed text of several parts (title and body) that share their groups. It does not change and may be used
// by many at once.
type Template struct {
	parts  [][]piece
	groups []group
	uses   []Use
	count  uint64
}

// Parse reads the parts of a template. Its error is a *SyntaxError.
func Parse(parts ...string) (*Template, error) {
	t := &Template{count: 1}
	for i, text := range parts {
		p := parser{t: t, part: i, line: 1, col: 1}
		if len(text) > MaxText {
			return nil, p.fault("long", "")
		}
		p.in = []rune(text)
		pieces, err := p.text(false)
		if err != nil {
			return nil, err
		}
		t.parts = append(t.parts, pieces)
	}
	for _, g := range t.groups {
		n := uint64(len(g.alts))
		if t.count > math.MaxInt64/n {
			t.count = math.MaxInt64
			break
		}
		t.count *= n
	}
	return t, nil
}

// Count is how many choices the template has: the product of the sizes of its groups, at most 2^63-1.
func (t *Template) Count() uint64 { return t.count }

// Variables lists the variables, each once, in order of their places.
func (t *Template) Variables() []Use { return slices.Clone(t.uses) }

// Group is a group of alternatives as a reader sees it.
type Group struct {
	Name         string
	Alternatives int
}

// Groups lists the groups in order of their places.
func (t *Template) Groups() []Group {
	out := make([]Group, len(t.groups))
	for i, g := range t.groups {
		out[i] = Group{g.name, len(g.alts)}
	}
	return out
}

// Fill writes the parts with the n-th choice (modulo Count) and the values of the variables. A variable without a value is
// written as {name}; see Missing.
func (t *Template) Fill(n uint64, values map[string]string) []string {
	taken := t.digits(n % t.count)
	out := make([]string, len(t.parts))
	for i, p := range t.parts {
		var b strings.Builder
		t.write(&b, p, taken, values)
		out[i] = strings.TrimSpace(b.String())
	}
	return out
}

// digits splits a number into one choice a group.
func (t *Template) digits(n uint64) []int {
	out := make([]int, len(t.groups))
	for i, g := range t.groups {
		size := uint64(len(g.alts))
		out[i] = int(n % size)
		n /= size
	}
	return out
}

func (t *Template) write(b *strings.Builder, pieces []piece, taken []int, values map[string]string) {
	for _, p := range pieces {
		switch {
		case p.group >= 0:
			t.write(b, t.groups[p.group].alts[taken[p.group]], taken, values)
		case p.name == "":
			b.WriteString(p.text)
		default:
			if v, ok := values[p.name]; ok {
				b.WriteString(v)
			} else {
				b.WriteString("{" + p.name + "}")
			}
		}
	}
}

// Missing gives the first variable that the n-th choice needs and values lacks; "" when there is none.
func (t *Template) Missing(n uint64, values map[string]string) string {
	taken := t.digits(n % t.count)
	for _, p := range t.parts {
		if name := t.missing(p, taken, values); name != "" {
			return name
		}
	}
	return ""
}

func (t *Template) missing(pieces []piece, taken []int, values map[string]string) string {
	for _, p := range pieces {
		if p.group >= 0 {
			if name := t.missing(t.groups[p.group].alts[taken[p.group]], taken, values); name != "" {
				return name
			}
		} else if p.name != "" {
			if _, ok := values[p.name]; !ok {
				return p.name
			}
		}
	}
	return ""
}

// Cover gives the fewest choices in which every alternative of every group is taken at least once: what a check of the
// template has to look at.
func (t *Template) Cover() []uint64 {
	most := 1
	for _, g := range t.groups {
		most = max(most, len(g.alts))
	}
	out := make([]uint64, 0, most)
	for k := range most {
		n, place := uint64(0), uint64(1)
		for _, g := range t.groups {
			size := uint64(len(g.alts))
			if place > math.MaxInt64/size {
				break // beyond what Count tells apart
			}
			n += place * uint64(k%len(g.alts))
			place *= size
		}
		out = append(out, n%t.count)
	}
	return out
}

// Different counts the different texts of the template, values being equal. Up to limit choices are written out; with
// more of them the number of choices is given and exact is false.
func (t *Template) Different(limit uint64) (n uint64, exact bool) {
	if t.count > limit {
		return t.count, false
	}
	seen := make(map[string]struct{}, t.count)
	for i := range t.count {
		seen[strings.Join(t.Fill(i, nil), "\x00")] = struct{}{}
	}
	return uint64(len(seen)), true
}
