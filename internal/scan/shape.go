package scan

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// shape looks for a pattern at character j, the first of a token: Latin letters and digits with nothing between.
type shape func(w *window, j int) (found, bool)

// Patterns names what Rule.Pattern may be.
func Patterns() []string {
	return []string{"mobile", "landline", "qq", "wechat", "url", "taokouling", "price"}
}

func shapes() map[string]shape {
	return map[string]shape{"mobile": mobile, "landline": landline, "qq": qq, "wechat": wechat, "url": address, "taokouling": token, "price": price}
}

// reach is how far a pattern looks ahead and back, in characters of the normalised view.
const reach = 96

// tokens calls fn for the first character of every token that begins in [from, to).
func (w *window) tokens(from, to int, fn func(j int)) {
	for j := from; j < to; j++ {
		if w.class[j] < firstOther && w.opens(j) {
			fn(j)
		}
	}
}

// opens tells whether a token begins at character j: at a Latin letter or digit after something else, at the first digit
// after letters, and where digits change from characters to figures.
func (w *window) opens(j int) bool {
	if j == 0 {
		return true
	}
	p, c := w.class[j-1], w.class[j]
	if p >= firstOther || !w.joined(j-1) {
		return true
	}
	if isDigit(c) {
		return !isDigit(p) || w.han(j) != w.han(j-1)
	}
	return isDigit(p) && w.han(j-1)
}

func isDigit(c uint16) bool { return c >= digit0 && c < letterA }

// han tells whether a digit is written as a Chinese character.
func (w *window) han(j int) bool { return w.text[w.at[j]] >= 0xE3 && w.rune(j) < 0xA000 }

// figures is a number read across its separators.
type figures struct {
	digits [24]byte
	at     [24]int // the character of each digit
	n      int
	ends   uint32 // bit n: the number may end after n digits
}

// read reads digits from character j: o and l among figures count as 0 and 1, 幺 and 洞 among characters. Up to four
// signs may stand between two digits, but not those of times, dates and fractions.
func (w *window) read(j int) (f figures) {
	fuzzy, kinds, last := 0, 0, rune(0)
	han, change := 0, 0 // Chinese numerals; digits before the first change of kind without a gap
	for q := j; q < w.n && f.n < len(f.digits); q++ {
		d, plain := w.digit(q)
		if d < 0 {
			break
		}
		if !plain {
			fuzzy++
		}
		if q > j {
			end, next := w.end(q-1), int(w.at[q])
			if end < next {
				gap, _ := w.between(end, next)
				if gap > defaultGap || strings.ContainsAny(w.text[end:next], ":：/／%％~～\n年月日@=") {
					break
				}
				if gap > 0 {
					f.ends |= 1 << f.n
					if r, _ := utf8.DecodeRuneInString(w.text[end:]); r != last {
						kinds, last = kinds+1, r
					}
				}
			}
			if w.han(q) != w.han(q-1) {
				if f.ends |= 1 << f.n; change == 0 && end >= next {
					change = f.n
				}
			}
		}
		if kinds > 3 {
			break
		}
		if w.han(q) {
			han++
		}
		f.digits[f.n], f.at[f.n] = byte(d), q
		f.n++
	}
	if change > 0 && min(han, f.n-han) < 3 { // 1646849259一样: the numeral belongs to the next word
		f.n = change
		f.ends &= 1<<change - 1
	}
	if f.n < len(f.digits) {
		f.ends |= 1 << f.n
	}
	if fuzzy*3 > f.n {
		f.n, f.ends = 0, 0
	}
	return f
}

// digit reads one digit; plain is false for what only looks or sounds like one.
func (w *window) digit(j int) (d int, plain bool) {
	c := w.class[j]
	switch {
	case isDigit(c):
		return int(c - digit0), true
	case c == letterA+'o'-'a':
		return 0, false
	case c == letterA+'l'-'a' || c == letterA+'i'-'a':
		return 1, false
	case c < firstOther:
		return -1, false
	}
	switch w.f.rep[c] {
	case '幺':
		return 1, false
	case '洞':
		return 0, false
	}
	return -1, false
}

// span gives the match of the digits from to to-1 of a number.
func (w *window) span(f *figures, from, to int) found {
	a, b := f.at[from], f.at[to-1]
	return found{first: a, last: b, from: int(w.at[a]), to: w.end(b)}
}

// mobile finds mainland mobile numbers, with or without 86 before them.
func mobile(w *window, j int) (found, bool) {
	f := w.read(j)
	start := 0
	switch {
	case f.n >= 15 && f.starts(0, 0, 0, 8, 6):
		start = 4
	case f.n >= 13 && f.starts(0, 8, 6):
		start = 2
	}
	if f.n < start+11 || f.digits[start] != 1 || f.digits[start+1] < 3 || f.ends>>(start+11)&1 == 0 {
		return found{}, false
	}
	return w.span(&f, 0, start+11), true
}

func (f *figures) starts(from int, digits ...byte) bool {
	for i, d := range digits {
		if from+i >= f.n || f.digits[from+i] != d {
			return false
		}
	}
	return true
}

// landline finds numbers with an area code, and 400 and 800 numbers.
func landline(w *window, j int) (found, bool) {
	f := w.read(j)
	if f.starts(0, 4, 0, 0) || f.starts(0, 8, 0, 0) {
		return w.spanIf(&f, 10, f.n >= 10 && f.ends>>10&1 == 1)
	}
	if f.n < 10 || f.digits[0] != 0 || f.digits[1] == 0 {
		return found{}, false
	}
	area := 4
	if f.digits[1] <= 2 {
		area = 3
	}
	if f.digits[area] < 2 {
		return found{}, false
	}
	for _, n := range []int{area + 8, area + 7} {
		if n >= 11 && n <= f.n && f.ends>>n&1 == 1 {
			return w.span(&f, 0, n), true
		}
	}
	return found{}, false
}

func (w *window) spanIf(f *figures, n int, ok bool) (found, bool) {
	if !ok {
		return found{}, false
	}
	return w.span(f, 0, n), true
}

// longest gives the greatest count of digits from lo to hi at which the number may end.
func (f *figures) longest(lo, hi int) int {
	for n := min(hi, f.n); n >= lo; n-- {
		if f.ends>>n&1 == 1 {
			return n
		}
	}
	return 0
}

// price finds amounts of money: a sign or 价 before a number, or 元, 块 and the like behind it.
func price(w *window, j int) (found, bool) {
	if !isDigit(w.class[j]) || j > 0 && w.numeralBefore(j) {
		return found{}, false
	}
	end, count, hanOnly := w.amount(j)
	hit := found{first: j, last: end, from: int(w.at[j]), to: w.end(end)}
	signed := false
	if at, ok := w.moneySign(j); ok {
		hit.from, signed = at, true
	}
	if next := end + 1; next < w.n {
		if n := w.currency(next); n > 0 && (!hanOnly || count > 1 || w.f.rep[w.class[next]] != '块') {
			if gap, _ := w.between(hit.to, int(w.at[next])); gap <= 1 {
				hit.last, hit.to = next+n-1, w.end(next+n-1)
				return hit, true
			}
		}
	}
	if signed {
		return hit, true
	}
	if j > 0 && w.f.rep[w.class[j-1]] == '价' {
		gap, _ := w.between(w.end(j-1), int(w.at[j]))
		return hit, gap <= 2
	}
	return found{}, false
}

func (w *window) numeralBefore(j int) bool {
	if !w.f.numeral(w.class[j-1]) {
		return false
	}
	gap := w.text[w.end(j-1):max(w.end(j-1), int(w.at[j]))]
	return gap == "" || gap == "." || gap == "," || gap == "．"
}

// amount reads a number with its point, commas and 十百千万亿, and gives its last character.
func (w *window) amount(j int) (end, count int, hanOnly bool) {
	end, count, hanOnly = j, 1, w.han(j)
	for q := j + 1; q < w.n && count < 16; q++ {
		c := w.class[q]
		if !w.f.numeral(c) && (c < firstOther || w.f.rep[c] != '亿') {
			break
		}
		gap := w.text[min(w.end(q-1), int(w.at[q])):w.at[q]]
		if gap != "" && gap != "." && gap != "," && gap != "．" {
			break
		}
		if isDigit(c) && !w.han(q) {
			hanOnly = false
		}
		end = q
		count++
	}
	return end, count, hanOnly
}

// moneySign finds a sign of money before character j.
func (w *window) moneySign(j int) (at int, ok bool) {
	limit := 0
	if j > 0 {
		limit = w.end(j - 1)
	}
	at = int(w.at[j])
	for range 3 {
		if at <= limit {
			return 0, false
		}
		r, size := utf8.DecodeLastRuneInString(w.text[:at])
		at -= size
		switch sign(r) {
		case '¥', '$', '€', '£', '₩', '💰', '💲':
			return at, true
		case ' ', ':', '\uFE0F':
		default:
			return 0, false
		}
	}
	return 0, false
}

// currency tells how many characters at j name a currency.
func (w *window) currency(j int) int {
	for _, word := range currencies() {
		if w.spells(j, word) {
			last := j + len(word) - 1
			if letter(w.class[last]) && last+1 < w.n && letter(w.class[last+1]) && w.joined(last) {
				continue
			}
			return len(word)
		}
	}
	return 0
}

// spells tells whether the characters from j on are these.
func (w *window) spells(j int, classes []uint16) bool {
	if j < 0 || j+len(classes) > w.n {
		return false
	}
	for i, c := range classes {
		if w.class[j+i] != c {
			return false
		}
	}
	return true
}

var currencies = words("元 块钱 块 圆 人民币 软妹币 rmb 美元 美金 美刀 港币 港元 欧元 日元 円 大洋 毛钱 r")

// words gives the classes of words, made on first use.
func words(list string) func() [][]uint16 {
	return sync.OnceValue(func() [][]uint16 {
		var out [][]uint16
		for word := range strings.FieldsSeq(list) {
			var classes []uint16
			tables().each(word, func(c uint16, _ rune, _ int) { classes = append(classes, c) })
			out = append(out, classes)
		}
		return out
	})
}
