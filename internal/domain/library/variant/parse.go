package variant

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// parser reads one part. A group is found whole before its alternatives are read.
type parser struct {
	t         *Template
	part      int
	in        []rune
	at        int
	line, col int
}

func (p *parser) fault(slug, name string) *SyntaxError {
	return &SyntaxError{Part: p.part, Line: p.line, Column: p.col, Slug: slug, Name: name}
}

func (p *parser) end() bool { return p.at >= len(p.in) }

// take goes one code point on and keeps count of line and column.
func (p *parser) take() rune {
	r := p.in[p.at]
	p.at++
	if r == '\n' {
		p.line, p.col = p.line+1, 1
	} else {
		p.col++
	}
	return r
}

func (p *parser) ahead(s string) bool {
	rs := []rune(s)
	if p.at+len(rs) > len(p.in) {
		return false
	}
	for i, r := range rs {
		if p.in[p.at+i] != r {
			return false
		}
	}
	return true
}

func (p *parser) skip(n int) {
	for range n {
		p.take()
	}
}

// text reads pieces: to the end of the part or, within a group, up to the next | or }}.
func (p *parser) text(inside bool) ([]piece, error) {
	var out []piece
	var words strings.Builder
	flush := func() {
		if words.Len() > 0 {
			out = append(out, piece{text: words.String(), group: -1})
			words.Reset()
		}
	}
	for !p.end() {
		switch {
		case p.in[p.at] == '\\' && p.at+1 < len(p.in) && strings.ContainsRune(`\{}|`, p.in[p.at+1]):
			p.take()
			words.WriteRune(p.take())
		case inside && (p.in[p.at] == '|' || p.ahead("}}")):
			flush()
			return out, nil
		case p.ahead("{{"):
			if inside {
				return nil, p.fault("nested", "")
			}
			flush()
			one, err := p.group()
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		case p.in[p.at] == '{':
			flush()
			one, err := p.variable()
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		case p.in[p.at] == '}':
			return nil, p.fault("brace", "}")
		default:
			words.WriteRune(p.take())
		}
	}
	if inside {
		return nil, p.fault("brace", "}}")
	}
	flush()
	return out, nil
}

// name reads up to one of the ends.
func (p *parser) name(ends string) (string, error) {
	start := *p
	from := p.at
	for !p.end() && !strings.ContainsRune(ends, p.in[p.at]) {
		r := p.in[p.at]
		if r == '\n' || r == '{' || r == '|' || r == '\\' {
			return "", start.fault("brace", "}")
		}
		p.take()
	}
	if p.end() {
		return "", start.fault("brace", "}")
	}
	name := strings.TrimSpace(string(p.in[from:p.at]))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxName || strings.IndexFunc(name, unicode.IsControl) >= 0 {
		return "", start.fault("name", name)
	}
	return name, nil
}

func (p *parser) variable() (piece, error) {
	use := Use{Part: p.part, Line: p.line, Column: p.col}
	p.take()
	name, err := p.name("}")
	if err != nil {
		return piece{}, err
	}
	p.take()
	use.Name = name
	known := false
	for _, u := range p.t.uses {
		known = known || u.Name == name
	}
	if !known {
		p.t.uses = append(p.t.uses, use)
	}
	return piece{name: name, group: -1}, nil
}

// group reads {{name: A | B}} or {{name}}.
func (p *parser) group() (piece, error) {
	start := *p
	p.skip(2)
	name, err := p.name(":：}")
	if err != nil {
		return piece{}, err
	}
	known := -1
	for i, g := range p.t.groups {
		if g.name == name {
			known = i
		}
	}
	if p.ahead("}}") {
		if known < 0 {
			return piece{}, start.fault("unknown", name)
		}
		p.skip(2)
		return piece{group: known}, nil
	}
	if p.in[p.at] == '}' {
		return piece{}, p.fault("brace", "}")
	}
	p.take()
	switch {
	case known >= 0:
		return piece{}, start.fault("twice", name)
	case len(p.t.groups) == MaxGroups:
		return piece{}, start.fault("many", name)
	}
	g, err := p.alternatives(name)
	if err != nil {
		return piece{}, err
	}
	if len(g.alts) < 2 {
		return piece{}, start.fault("empty", name)
	}
	p.t.groups = append(p.t.groups, g)
	return piece{group: len(p.t.groups) - 1}, nil
}

func (p *parser) alternatives(name string) (group, error) {
	g := group{name: name, seen: map[string]bool{}}
	for {
		start, from := *p, p.at
		one, err := p.text(true)
		if err != nil {
			return g, err
		}
		source := strings.TrimSpace(string(p.in[from:p.at]))
		switch {
		case g.seen[source]:
			return g, start.fault("twice", source)
		case len(g.alts) == MaxAlternatives:
			return g, start.fault("many", name)
		}
		g.seen[source] = true
		g.alts = append(g.alts, trimmed(one))
		if p.ahead("}}") {
			p.skip(2)
			return g, nil
		}
		p.take() // the |
	}
}

// trimmed takes the blanks off both ends of an alternative.
func trimmed(list []piece) []piece {
	if n := len(list); n > 0 {
		if list[0].name == "" {
			list[0].text = strings.TrimLeftFunc(list[0].text, unicode.IsSpace)
		}
		if list[n-1].name == "" {
			list[n-1].text = strings.TrimRightFunc(list[n-1].text, unicode.IsSpace)
		}
	}
	return list
}
