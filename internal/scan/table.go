package scan

import (
	_ "embed" // the tables below
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A class is what a code point is after folding. Two code points of one class are the same character.
const (
	filler      = 0 // punctuation, symbols, blanks: no character of a word
	digit0      = 1 // ten digits
	letterA     = 11
	letterZ     = 36
	firstOther  = 64
	rareBase    = 0xF000 // characters beyond the basic plane share rareCount classes; a comparison looks at the text, too
	rareCount   = 0x0800
	special     = 0xFFF0 // from here on: not a class
	expands     = 0xFFF1 // the code point stands for several classes
	broken      = 0xFFF2 // no valid encoding
	lastOther   = rareBase - 1
	noSound     = 0
	letterSound = 480 // + letter
)

//go:embed data/simplified.txt
var simplifiedData string

//go:embed data/sounds.txt
var soundsData string

//go:embed data/looks.txt
var looksData string

//go:embed data/mars.txt
var marsData string

//go:embed data/split.txt
var splitData string

// folds is the table of the normalised view, the same for all matchers.
type folds struct {
	wide   [1 << 16]uint16 // of three-byte code points; broken where three bytes are not the way to encode it
	narrow [1 << 11]uint16 // of one- and two-byte code points
	high   [1 << 16]uint16 // of four-byte code points up to U+1FFFF
	many   map[rune][]uint16
	rep    []rune // class → the code point that shows it
	sound  [1 << 16]uint16
	lookAt [1<<16 + 1]uint16 // class → its place in looks
	looks  []uint16
	pinyin map[uint16]string // class → syllable
	chars  map[string][]uint16
	split  map[uint16][]uint16
	simple map[rune]rune
	next   uint16
}

// tables makes the table on first use, in some 15 ms.
var tables = sync.OnceValue(makeTables)

func makeTables() *folds {
	f := &folds{many: map[rune][]uint16{}, rep: make([]rune, 1<<16), simple: map[rune]rune{}, pinyin: map[uint16]string{}, chars: map[string][]uint16{}, split: map[uint16][]uint16{}, next: firstOther}
	for i := range 10 {
		f.rep[digit0+i] = rune('0' + i)
	}
	for i := range 26 {
		f.rep[letterA+i] = rune('a' + i)
	}
	for line := range strings.Lines(simplifiedData) {
		rs := []rune(strings.TrimSpace(line))
		f.simple[rs[0]] = rs[1]
	}
	f.plain()
	f.compatible()
	for i := range 0x800 {
		f.wide[i] = broken
	}
	for i := 0xD800; i < 0xE000; i++ {
		f.wide[i] = broken
	}
	f.sounds()
	f.alike()
	f.splits()
	return f
}

// at gives where a code point below U+20000 has its class.
func (f *folds) at(r rune) *uint16 {
	switch {
	case r < 0x800:
		return &f.narrow[r]
	case r < 0x10000:
		return &f.wide[r]
	}
	return &f.high[r-0x10000]
}

// own gives a base character its class.
func (f *folds) own(r rune) uint16 {
	switch {
	case r >= '0' && r <= '9':
		return digit0 + uint16(r-'0')
	case r >= 'a' && r <= 'z':
		return letterA + uint16(r-'a')
	case r >= 0x10000:
		return rare(r)
	}
	c := f.at(r)
	if *c == filler {
		*c, f.rep[f.next] = f.next, r
		if f.next < lastOther {
			f.next++
		}
	}
	return *c
}

// rare gives the class a character beyond the basic plane shares with others.
func rare(r rune) uint16 { return rareBase + uint16(uint32(r)*2654435761>>16)%rareCount }

// plain gives every letter of the basic plane its class: Han characters through the simplified form, the others as
// they fold. Han come first, so that their classes lie close together.
func (f *folds) plain() {
	for _, span := range [][2]rune{{0x4E00, 0x9FFF}, {0x3041, 0x30FF}, {0x3400, 0x4DBF}, {0xAC00, 0xD7A3}} {
		for r := span[0]; r <= span[1]; r++ {
			if unicode.IsLetter(r) {
				f.set(r, f.base(r))
			}
		}
	}
	for _, t := range []*unicode.RangeTable{unicode.L, unicode.N} {
		for _, s := range t.R16 {
			for r := rune(s.Lo); r <= rune(s.Hi); r += rune(s.Stride) {
				if *f.at(r) == filler {
					f.fold(r)
				}
			}
		}
		for _, s := range t.R32 {
			for r := rune(s.Lo); r <= rune(s.Hi) && r < 0x20000; r += rune(s.Stride) {
				f.fold(r)
			}
		}
	}
}

// compatible folds what is no letter by itself and yet stands for one: ㊙, 🅥, ❶.
func (f *folds) compatible() {
	for _, span := range [][2]rune{{0x2100, 0x214F}, {0x2228, 0x2228}, {0x2E80, 0x2FDF}, {0x2460, 0x24FF}, {0x2776, 0x2793}, {0x3200, 0x33FF}, {0x1F100, 0x1F2FF}} {
		for r := span[0]; r <= span[1]; r++ {
			if *f.at(r) == filler {
				f.fold(r)
			}
		}
	}
}

// base gives the character a Han character is written as here.
func (f *folds) base(r rune) rune {
	if s, ok := f.simple[r]; ok {
		r = s
	}
	if d := strings.IndexRune(numerals, r); d >= 0 {
		return rune('0' + d/3%10)
	}
	return r
}

// numerals are the digits as characters, everyday and in documents: place / 3 mod 10 is the digit.
const numerals = "零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖"

// fold folds one code point by its compatibility form.
func (f *folds) fold(r rune) {
	if invisible(r) {
		return
	}
	var out []rune
	for _, d := range norm.NFKD.String(latin(r)) {
		d = unicode.ToLower(d)
		if twin, ok := twins[d]; ok {
			d = twin
		}
		d = f.base(d)
		switch {
		case invisible(d), !unicode.IsLetter(d) && !unicode.IsNumber(d):
		case unicode.Is(unicode.Nd, d):
			out = append(out, '0'+digitOf(d))
		default:
			out = append(out, d)
		}
	}
	if r >= 0xAC00 && r <= 0xD7A3 {
		out = []rune{r}
	}
	f.set(r, out...)
}

// set writes what a code point folds to.
func (f *folds) set(r rune, out ...rune) {
	if len(out) == 0 {
		return
	}
	classes := make([]uint16, len(out))
	for i, d := range out {
		classes[i] = f.own(d)
	}
	c := classes[0]
	if len(classes) > 1 {
		c = expands
		f.many[r] = classes
	}
	*f.at(r) = c
}

func digitOf(r rune) rune {
	for _, s := range unicode.Nd.R16 {
		if r >= rune(s.Lo) && r <= rune(s.Hi) {
			return (r - rune(s.Lo)) % 10
		}
	}
	for _, s := range unicode.Nd.R32 {
		if r >= rune(s.Lo) && r <= rune(s.Hi) {
			return (r - rune(s.Lo)) % 10
		}
	}
	return 0
}

// latin spells what Unicode calls a symbol of its own.
func latin(r rune) string {
	switch {
	case r >= 0x1F150 && r <= 0x1F169:
		r += 'a' - 0x1F150
	case r >= 0x1F170 && r <= 0x1F189:
		r += 'a' - 0x1F170
	case r >= 0x1F1E6 && r <= 0x1F1FF:
		r += 'a' - 0x1F1E6
	case r >= 0x2776 && r <= 0x2793:
		return number(int(r-0x2776)%10 + 1)
	case r >= 0x24EB && r <= 0x24F4:
		return number(int(r-0x24EB) + 11)
	case r >= 0x24F5 && r <= 0x24FE:
		return number(int(r-0x24F5) + 1)
	case r == 0x24FF:
		return "0"
	case r >= 0x3021 && r <= 0x3029:
		r += '1' - 0x3021
	}
	return string(r)
}

func number(n int) string {
	if n >= 10 {
		return string([]rune{rune('0' + n/10), rune('0' + n%10)})
	}
	return string(rune('0' + n))
}

// twins are Latin letters in the clothes of other scripts, lower case.
var twins = pairs("аaеeоoрpсcуyхxкkмmтtнhвbіiјjѕsԁdѵvѡwԛqһhνvωwοoαaρpτtχxκkιiυuεeβbηnɡgıiɑaᴀaʙbᴄcᴅdᴇeғfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrᴛtᴜuᴠvᴡwʏyᴢzøołlđd∨v")

func pairs(s string) map[rune]rune {
	rs := []rune(s)
	out := make(map[rune]rune, len(rs)/2)
	for i := 0; i+1 < len(rs); i += 2 {
		out[rs[i]] = rs[i+1]
	}
	return out
}

// invisible tells what takes no room in a text: it is skipped without counting as filler.
func invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0x034F, r == 0x115F, r == 0x1160, r == 0x3164, r == 0xFFA0, r >= 0xFE00 && r <= 0xFE0F, r >= 0x200B && r <= 0x200F, r == 0x20E3:
		return true
	case r >= 0x4E00 && r <= 0x9FFF || r >= 0x3000 && r <= 0x3029:
		return false
	}
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r)
}

// class gives what one code point folds to; several for expands.
func (f *folds) class(r rune) uint16 {
	switch {
	case r < 0x800:
		return f.narrow[r]
	case r < 0x10000:
		return f.wide[r]
	}
	if r < 0x20000 {
		return f.high[r-0x10000]
	}
	return f.beyond(r)
}

// beyond gives the class of a code point from U+20000 on: rare and old Han characters; the few that are only another
// encoding of one below fold to it.
func (f *folds) beyond(r rune) uint16 {
	switch {
	case r >= 0x2F800 && r <= 0x2FA1F:
		d := f.base([]rune(norm.NFKC.String(string(r)))[0])
		if d < 0x20000 {
			return *f.at(d)
		}
		return rare(d)
	case r < 0x32400:
		return rare(r)
	}
	return filler
}

// each calls fn for every class of a text, with the code point and its place in bytes.
func (f *folds) each(text string, fn func(class uint16, r rune, at int)) {
	for i, r := range text {
		c := filler + uint16(0)
		if r != utf8.RuneError {
			c = f.class(r)
		}
		if c == expands {
			for _, m := range f.many[r] {
				fn(m, r, i)
			}
			continue
		}
		fn(c, r, i)
	}
}

// Fold gives the normalised view of a text: folded characters without filler; three or more of a kind in a row, unless
// digits, are one.
func Fold(text string) string {
	f := tables()
	var b strings.Builder
	b.Grow(len(text))
	var last rune
	count := 0
	flush := func() {
		n := count
		if n > 2 && (last < '0' || last > '9') {
			n = 1
		}
		for range n {
			b.WriteRune(last)
		}
	}
	f.each(text, func(c uint16, r rune, _ int) {
		if c == filler {
			return
		}
		shown := f.rep[c]
		if c >= rareBase {
			shown = r
		}
		if shown == last {
			count++
			return
		}
		flush()
		last, count = shown, 1
	})
	flush()
	return b.String()
}
