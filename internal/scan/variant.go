package scan

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// unit is one character of a term.
type unit struct {
	class uint16
	rare  rune // beyond the basic plane the class is shared: the character itself
	sign  rune // a sign that must stand in the text; then there is no class
	blank bool // the term has a blank before it
}

// variant is one spelling of a term.
type variant struct {
	units []unit
	rule  int32
	side  uint8 // of a Near rule: sideA or sideB; whole for the others
	fold  Folding
	gap   int32
	whole bool
	solid int32  // units that have a class
	first uint16 // class of the first unit that has one
	has   uint64 // bit class & 63 of every class in it
	span  int32  // most classes of a text it can take
}

const (
	hitSide uint8 = iota
	sideA
	sideB
)

const (
	defaultGap  = 4
	maxRepeat   = 16
	maxUnits    = 64
	maxSpelling = 64 // spellings of one term in pinyin, parts and numbers
)

// signs of punctuation that a term keeps; punctuation else is filler.
const keptSigns = "+%#@&$<>=^°℃"

// parse reads a term as units; invisible characters, blanks and filler punctuation are dropped.
func (f *folds) parse(term string) []unit {
	var out []unit
	blank, pending := false, rune(0)
	f.each(term, func(c uint16, r rune, _ int) {
		switch {
		case c != filler:
			if pending != 0 && c >= digit0 && c < letterA {
				out = append(out, unit{sign: sign(pending), blank: blank})
			}
			pending = 0
			u := unit{class: c, blank: blank}
			if c >= rareBase {
				u.rare = r
			}
			out, blank = append(out, u), false
		case unicode.IsSpace(r):
			blank = true
		case invisible(r) || r == unicode.ReplacementChar:
		case kept(r):
			pending = 0
			out, blank = append(out, unit{sign: sign(r), blank: blank}), false
		case len(out) > 0 && out[len(out)-1].class >= digit0 && out[len(out)-1].class < letterA:
			pending = r // stays if a digit follows
		}
	})
	return out
}

func kept(r rune) bool {
	return strings.ContainsRune(keptSigns, sign(r)) || unicode.Is(unicode.Sc, r) || unicode.Is(unicode.So, r) || r >= 0x1F000
}

// sign folds the width of a sign and the dress of the plus.
func sign(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0xFFE5:
		return '¥'
	case r == '➕' || r == '﹢' || r == '⁺':
		return '+'
	case r == '。' || r == '．':
		return '.'
	}
	return r
}

// spellings gives the ways a term may be written under the rule's foldings, the plain one first.
func (f *folds) spellings(term []unit, fold Folding) [][]unit {
	out := [][]unit{term}
	add := func(u []unit) {
		if len(u) > 0 && len(u) <= maxUnits && len(out) < maxSpelling && !slices.ContainsFunc(out, func(o []unit) bool { return slices.Equal(o, u) }) {
			out = append(out, u)
		}
	}
	add(f.otherNumber(term))
	if fold&Lookalike != 0 {
		f.eachChoice(term, func(c uint16) []uint16 { return f.split[c] }, add)
		if i := slices.IndexFunc(term, func(u unit) bool { return u.class == f.class('加') }); i >= 0 && len(term) > 1 {
			plus := slices.Clone(term)
			plus[i] = unit{sign: '+'}
			add(plus)
		}
	}
	if fold&Pinyin != 0 {
		f.eachChoice(term, func(c uint16) []uint16 { return f.letters(c, len(f.pinyin[c])) }, add)
	}
	if fold&Initials != 0 && count(term) > 1 {
		f.eachChoice(term, func(c uint16) []uint16 { return f.letters(c, 1) }, func(u []unit) {
			if !slices.ContainsFunc(u, func(x unit) bool { return isDigit(x.class) }) {
				add(u) // d1 is no 第一
			}
		})
	}
	return out
}

func count(term []unit) (n int) {
	for _, u := range term {
		if u.sign == 0 {
			n++
		}
	}
	return n
}

// letters gives the first n letters of the pinyin of a Han character or a digit.
func (f *folds) letters(c uint16, n int) []uint16 {
	s := f.pinyin[c]
	if s == "" || n == 0 {
		return nil
	}
	out := make([]uint16, n)
	for i := range out {
		out[i] = letterA + uint16(s[i]-'a')
	}
	return out
}

// eachChoice replaces characters by what spell gives for them: in short terms every choice of characters, in longer ones
// all, each alone, and every run of neighbours. Blanks may stand before and after what was replaced.
func (f *folds) eachChoice(term []unit, spell func(uint16) []uint16, add func([]unit)) {
	var at []int
	for i, u := range term {
		if u.sign == 0 && u.rare == 0 && len(spell(u.class)) > 0 {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return
	}
	replace := func(chosen func(n int) bool) {
		var out []unit
		n, after := 0, false
		for i, u := range term {
			if n < len(at) && at[n] == i {
				n++
				if chosen(n - 1) {
					for k, c := range spell(u.class) {
						out = append(out, unit{class: c, blank: k == 0})
					}
					after = true
					continue
				}
			}
			u.blank = u.blank || after
			after = false
			out = append(out, u)
		}
		add(out)
	}
	replace(func(int) bool { return true })
	if len(at) <= 4 {
		for set := 1; set < 1<<len(at)-1; set++ {
			replace(func(n int) bool { return set>>n&1 == 1 })
		}
		return
	}
	for size := 1; size < len(at); size++ {
		for from := 0; from+size <= len(at); from++ {
			replace(func(n int) bool { return n >= from && n < from+size })
		}
	}
}

// otherNumber spells the first number of two digits or more the other way: 10 as 十, 三十 as 30.
func (f *folds) otherNumber(term []unit) []unit {
	for i := range term {
		n := 0
		for i+n < len(term) && f.numeral(term[i+n].class) {
			n++
		}
		if n == 0 {
			continue
		}
		run := term[i : i+n]
		var spelled string
		switch value, units := f.value(run); {
		case units && value > 0:
			spelled = strconv.Itoa(value)
		case !units && n >= 2 && n <= 8 && run[0].class != digit0:
			spelled = chineseNumber(value)
		default:
			return nil
		}
		out := slices.Clone(term[:i])
		out = append(out, f.parse(spelled)...)
		return append(out, term[i+n:]...)
	}
	return nil
}

// scale gives what a character multiplies by in a number.
func (f *folds) scale(c uint16) int {
	if c < firstOther {
		return 0
	}
	switch f.rep[c] {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '万':
		return 10000
	}
	return 0
}

func (f *folds) numeral(c uint16) bool {
	return c >= digit0 && c < letterA || f.scale(c) > 0
}

// value reads a number; units tells that it has 十, 百, 千 or 万 in it. 百 and more must follow a digit (百分百 is no
// number); 0 when it is none.
func (f *folds) value(run []unit) (value int, units bool) {
	total, part, digit, seen := 0, 0, 0, false
	for i, u := range run {
		s := f.scale(u.class)
		switch {
		case s == 0:
			if seen = true; digit > 1e8 {
				return 0, units
			}
			digit = digit*10 + int(u.class-digit0)
			continue
		case s == 10 && digit == 0 && (i == 0 || !seen):
			digit = 1
		case digit == 0 && part == 0 && s < 10000, digit == 0 && part == 0 && total == 0:
			return 0, true
		}
		units, seen = true, false
		if s == 10000 {
			total += (part + digit) * s
			part = 0
		} else {
			part += digit * s
		}
		digit = 0
	}
	return total + part + digit, units
}

// chineseNumber spells 10 to 99,999,999 in characters.
func chineseNumber(n int) string {
	if n >= 10000 {
		rest := ""
		if n%10000 > 0 {
			if rest = chineseNumber(n % 10000); n%10000 < 1000 {
				rest = "零" + rest
			}
		}
		return chineseNumber(n/10000) + "万" + rest
	}
	var b strings.Builder
	zero := false
	for _, s := range []struct {
		by   int
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / s.by % 10
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteString("零")
			zero = false
		}
		if d != 1 || s.by != 10 || b.Len() > 0 {
			b.WriteString([]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}[d])
		}
		b.WriteString(s.name)
	}
	return b.String()
}
