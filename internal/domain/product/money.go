package product

import (
	"strconv"
	"strings"
	"unicode"

	"kosmos/internal/scan"
)

// amount is a sum of money found in a text: what it says in fen, how finely it says it, and where, in code points.
type amount struct {
	fen, step  int64
	start, end int
	marked     bool // a sign or word of money stands beside it
}

const (
	yuan = 100
	wan  = 10_000 * yuan
	// plainFrom is the least bare number that is taken for a price: 129800 is one, 99 (of 99 %) is none.
	plainFrom = 1000 * yuan
)

// shows tells whether the amount is how people write a price: to the fen, or rounded or cut to two places of 万.
func (a amount) shows(fen int64) bool {
	if a.fen == fen {
		return true
	}
	if a.step < 10*yuan || a.step > 100*yuan { // 12.9万 or 12万 would be too many prices at once
		return false
	}
	cut := fen / a.step * a.step
	round := (fen + a.step/2) / a.step * a.step
	return a.fen == cut || a.fen == round
}

// amountsIn finds the sums of money in a text in every form people write them: 12.98万, 129800, ¥129,800, 12万9800,
// 129,800元, full-width and other digits, 十二万九千八.
func amountsIn(text string) []amount {
	rs := []rune(text)
	r := &reader{plain: make([]rune, len(rs))}
	for i, c := range rs {
		r.plain[i] = plainRune(c)
	}
	var out []amount
	for r.at < len(r.plain) {
		start := r.at
		var a amount
		var ok bool
		switch {
		case isDigit(r.plain[r.at]):
			a, ok = r.arabic()
		case hanDigit(r.plain[r.at]) >= 0:
			a, ok = r.han()
		default:
			r.at++
			continue
		}
		a.start, a.end = start, r.at
		if ok && r.isMoney(&a) {
			out = append(out, a)
		}
	}
	return out
}

// plainRune gives the ASCII form of digits and punctuation of any width; what nobody sees becomes 0.
func plainRune(c rune) rune {
	switch {
	case c < 0x80 || unicode.Is(unicode.Han, c):
		return c
	case c == '，' || c == '、':
		return ','
	case c == '．' || c == '。' || c == '·':
		return '.'
	case c == '￥':
		return '¥'
	case c == 0xFE0F || c == 0x20E3 || c == 0x200B || c == 0x200D:
		return 0
	case c == '\u00a0' || c == '\u3000':
		return ' '
	case c == '¥':
		return c
	}
	if f := scan.Fold(string(c)); len(f) == 1 {
		return rune(f[0])
	}
	return c
}

type reader struct {
	plain []rune
	at    int
}

func (r *reader) peek(n int) rune {
	i := r.at
	for ; i < len(r.plain) && r.plain[i] == 0; i++ {
		continue
	}
	for ; n > 0 && i < len(r.plain); n-- {
		i++
		for i < len(r.plain) && r.plain[i] == 0 {
			i++
		}
	}
	if i >= len(r.plain) {
		return -1
	}
	return r.plain[i]
}

func (r *reader) take() rune {
	for r.at < len(r.plain) && r.plain[r.at] == 0 {
		r.at++
	}
	if r.at >= len(r.plain) {
		return -1
	}
	c := r.plain[r.at]
	r.at++
	return c
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

// digits reads a whole number with or without separators of thousands.
func (r *reader) digits() string {
	latin := r.at > 0 && isLetter(r.plain[r.at-1]) // X7 129,800: the 7 begins no number of thousands
	text := ""
	for isDigit(r.peek(0)) {
		text += string(r.take())
	}
	sep := r.peek(0)
	if len(text) > 3 || latin || sep != ',' && sep != ' ' {
		return text
	}
	mark, short := r.at, text
	for r.peek(0) == sep && isDigit(r.peek(1)) && isDigit(r.peek(2)) && isDigit(r.peek(3)) && !isDigit(r.peek(4)) {
		r.take()
		text += string(r.take()) + string(r.take()) + string(r.take())
	}
	if sep == ' ' && r.peek(0) == ',' && isDigit(r.peek(1)) { // 7 129,800 are two numbers
		r.at = mark
		return short
	}
	return text
}

// arabic reads 129800, 129,800.00, 12.98万, 12万9800, 12万9千8, 9.8k.
func (r *reader) arabic() (amount, bool) {
	whole := r.digits()
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || len(whole) > 12 {
		return amount{}, false
	}
	a := amount{fen: n * yuan, step: yuan}
	decimals := ""
	if r.peek(0) == '.' && isDigit(r.peek(1)) {
		r.take()
		for isDigit(r.peek(0)) {
			decimals += string(r.take())
		}
	}
	unit := r.unit()
	if unit == 0 {
		switch len(decimals) {
		case 0:
			return a, true
		case 1, 2:
			frac, _ := strconv.ParseInt((decimals + "0")[:2], 10, 64)
			a.fen, a.step = a.fen+frac, 1
			return a, true
		}
		return a, false
	}
	a.fen, a.step = n*unit, unit
	for _, d := range decimals {
		a.step /= 10
		a.fen += int64(d-'0') * a.step
	}
	if decimals == "" && unit == wan {
		r.rest(&a)
	}
	return a, a.step > 0
}

// unit reads 万, 千 and their letters, as fen per one; 0 when there is none.
func (r *reader) unit() int64 {
	if c := r.peek(1); r.peek(0) == ' ' && (c == '万' || c == '萬') {
		r.take()
	}
	next := r.peek(1)
	switch c := r.peek(0); {
	case c == '万' || c == '萬':
		r.take()
		return wan
	case (c == 'w' || c == 'W') && !isLetter(next):
		r.take()
		return wan
	case c == '千':
		r.take()
		return 1000 * yuan
	case (c == 'k' || c == 'K') && !isLetter(next):
		r.take()
		return 1000 * yuan
	}
	return 0
}

func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// rest reads what follows 万: 12万9800, 12万9千8, and the short forms 12万9 and 12万98.
func (r *reader) rest(a *amount) {
	if !isDigit(r.peek(0)) {
		return
	}
	mark := r.at
	text := r.digits()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || len(text) > 4 {
		r.at = mark
		return
	}
	switch {
	case r.peek(0) == '千':
		r.take()
		a.fen, a.step = a.fen+n*1000*yuan, 1000*yuan
		if isDigit(r.peek(0)) && !isDigit(r.peek(1)) {
			a.fen, a.step = a.fen+int64(r.take()-'0')*100*yuan, 100*yuan
		}
	case len(text) == 4:
		a.fen, a.step = a.fen+n*yuan, yuan
	case len(text) == 1:
		a.fen, a.step = a.fen+n*1000*yuan, 1000*yuan
	case len(text) == 2:
		a.fen, a.step = a.fen+n*100*yuan, 100*yuan
	default:
		a.fen, a.step = a.fen+n*10*yuan, 10*yuan
	}
}

// hanDigit gives the value of a Chinese digit or unit (十 as 10 …), -1 for any other character.
func hanDigit(c rune) int64 {
	switch c {
	case '零', '〇':
		return 0
	case '一', '壹':
		return 1
	case '二', '两', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	case '十', '拾':
		return 10
	}
	return -1
}

func hanUnit(c rune) int64 {
	switch c {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}

// han reads 十二万九千八百, 十二万九千八, 十二点九八万. It wants a unit of 千 or more: 三 alone is no price.
func (r *reader) han() (amount, bool) {
	var total, part, digit int64
	last, big := int64(1), false
	have := false
	for {
		c := r.peek(0)
		switch {
		case hanUnit(c) > 0:
			r.take()
			last = hanUnit(c)
			part += max(digit, b2i(!have)) * last
			digit, have, big = 0, false, big || last >= 1000
		case hanDigit(c) >= 0:
			r.take()
			digit, have = hanDigit(c), true
			if digit == 0 {
				have, last = false, 10 // 十二万零八百
			}
		case c == '万' || c == '萬':
			r.take()
			total, part, digit, have, last, big = (part+digit)*10_000, 0, 0, false, 10_000, true
		case c == '点' && hanDigit(r.peek(1)) >= 0 && total == 0:
			return r.hanDecimals(part + digit)
		default:
			if have && last >= 100 { // 九千八 is 9,800
				digit *= last / 10
			}
			return amount{fen: (total + part + digit) * yuan, step: yuan}, big
		}
	}
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// hanDecimals reads what follows 点; only with 万 behind it is it a price.
func (r *reader) hanDecimals(whole int64) (amount, bool) {
	r.take()
	a := amount{fen: whole * wan, step: wan}
	for hanDigit(r.peek(0)) >= 0 && hanDigit(r.peek(0)) < 10 {
		a.step /= 10
		a.fen += hanDigit(r.take()) * a.step
	}
	if c := r.peek(0); c != '万' && c != '萬' {
		return amount{}, false
	}
	r.take()
	return a, a.step > 0
}

// isMoney looks at what stands around a number: signs and words of money mark it, counters and shares rule it out, and a
// bare number must be large.
func (r *reader) isMoney(a *amount) bool {
	for i := a.start - 1; i >= 0; i-- {
		c := r.plain[i]
		if c == 0 || c == ' ' {
			continue
		}
		a.marked = strings.ContainsRune("¥$价BY", c) // RMB and CNY too
		if (c == '.' || isDigit(c)) && i == a.start-1 || c == '第' {
			return false
		}
		break
	}
	mark := r.at
	for r.peek(0) == ' ' {
		r.take()
	}
	c := r.peek(0)
	r.at = mark
	switch {
	case strings.ContainsRune("元块圆¥", c):
		a.marked = true
	case c == '%' || strings.ContainsRune("人次个公里米粉年月天号台辆播条位名岁分折倍级℃", c):
		return a.marked
	case isLetter(c):
		return a.marked || strings.ContainsRune("rRcC", c)
	}
	return a.marked || a.fen >= plainFrom
}

// yuanText writes an amount as people do in a text: 129,800元, 99.50元.
func yuanText(fen int64) string {
	n := strconv.FormatInt(fen/yuan, 10)
	for i := len(n) - 3; i > 0; i -= 3 {
		n = n[:i] + "," + n[i:]
	}
	if cents := fen % yuan; cents != 0 {
		n += "." + strconv.FormatInt(cents/10, 10) + strconv.FormatInt(cents%10, 10)
	}
	return n + "元"
}
