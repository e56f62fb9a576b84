package i18n

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// part is plain text, or a parameter, or a choice by a parameter's number.
type part struct {
	text      string
	param     string
	one, many string
	choice    bool
}

type template []part

var errBraces = errors.New("braces do not match")

func parse(s string) (template, error) {
	var t template
	var text strings.Builder
	for len(s) > 0 {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			text.WriteString(s)
			break
		}
		text.WriteString(s[:i])
		if i+1 < len(s) && s[i+1] == s[i] {
			text.WriteByte(s[i])
			s = s[i+2:]
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		if s[i] == '}' || end < 0 {
			return nil, errBraces
		}
		p, err := parseParam(s[i+1 : i+end])
		if err != nil {
			return nil, err
		}
		t = append(t, part{text: text.String()}, p)
		text.Reset()
		s = s[i+end+1:]
	}
	return append(t, part{text: text.String()}), nil
}

func parseParam(s string) (part, error) {
	bits := strings.Split(s, "|")
	if bits[0] == "" || strings.Trim(bits[0], "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return part{}, fmt.Errorf("bad parameter name %q", bits[0])
	}
	switch len(bits) {
	case 1:
		return part{param: bits[0]}, nil
	case 3:
		return part{param: bits[0], choice: true, one: bits[1], many: bits[2]}, nil
	}
	return part{}, fmt.Errorf("a choice is {n|one|many}, not {%s}", s)
}

// params lists the parameters that are shown or decide, each once, sorted.
// Choices do not count: Chinese has no use for them.
func (t template) params() []string {
	var out []string
	for _, p := range t {
		if p.param != "" && !p.choice {
			out = append(out, p.param)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (t template) choices() []string {
	var out []string
	for _, p := range t {
		if p.choice {
			out = append(out, p.param)
		}
	}
	return out
}

func (t template) render(params map[string]any) string {
	var b strings.Builder
	for _, p := range t {
		v, ok := params[p.param]
		switch {
		case p.param == "":
			b.WriteString(p.text)
		case p.choice && ok && show(v) == "1":
			b.WriteString(p.one)
		case p.choice:
			b.WriteString(p.many)
		case ok:
			b.WriteString(show(v))
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

func show(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case []string:
		return strings.Join(x, ", ")
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case nil:
		return "—"
	}
	return fmt.Sprint(v)
}
