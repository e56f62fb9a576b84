package rank

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kosmos/internal/scan"
)

// maxRead is how much of a text is looked at: what a post may hold, and no more of a hostile one.
const maxRead = 20_000

// Editions of the features. A model reads texts as it learned them, so the edition stands in its file.
const (
	plainEdition  = 1 // n-grams and shape
	edgedEdition  = 2 // and how a text begins and ends, and what stands around numbers and Latin words
	newestEdition = edgedEdition
)

// features hashes a text to its distinct buckets, sorted. A trace, when given, learns what each of them is of.
func (o Options) features(text string, t *trace) []uint32 {
	text, mentions, stickers := addressed(clipped(text))
	view := []rune(scan.Fold(text))
	c := collector{mask: uint32(1)<<o.Bits - 1, trace: t, out: make([]uint32, 0, len(view)*(o.Grams+1)+32)}
	if t != nil {
		t.view = view
	}
	for i := range view {
		c.grams(view, i, o.Grams)
	}
	for _, s := range append(shape(text, len(view)), mentions, stickers) {
		if s != "" {
			c.named(s)
		}
	}
	if o.edition >= edgedEdition {
		c.edges(view)
		c.outline(view)
	}
	slices.Sort(c.out)
	return slices.Compact(c.out)
}

// clipped cuts a text to what is looked at, between two characters.
func clipped(text string) string {
	if len(text) <= maxRead {
		return text
	}
	text = text[:maxRead]
	for len(text) > 0 && !utf8.ValidString(text[max(0, len(text)-utf8.UTFMax):]) && !utf8.RuneStart(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

// collector gathers the buckets of one text.
type collector struct {
	mask  uint32
	out   []uint32
	trace *trace
}

// add takes a hash in; it stands for the characters from up to to of the view, or for none when both are 0.
func (c *collector) add(h uint32, from, to int, kind sightKind) uint32 {
	b := h * 0x85EBCA6B >> 7 & c.mask
	c.out = append(c.out, b)
	if c.trace != nil {
		c.trace.seen = append(c.trace.seen, sight{bucket: b, from: from, to: to, kind: kind})
	}
	return b
}

// grams takes the n-grams that begin at a character.
func (c *collector) grams(view []rune, i, longest int) {
	h := uint32(2166136261)
	for n := 1; n <= longest && i+n <= len(view); n++ {
		h = mix(h, uint32(view[i+n-1]))
		c.add(h^uint32(n)*0x9E3779B9, i, i+n, gram)
	}
}

// seed begins the hash of what is no n-gram.
const seed = 0x01234567

// named takes what has a name of its own and no place.
func (c *collector) named(name string) {
	h := uint32(seed)
	for _, r := range name {
		h = mix(h, uint32(r))
	}
	c.add(h, 0, 0, shaped)
	if c.trace != nil {
		c.trace.seen[len(c.trace.seen)-1].name = name
	}
}

// maxEdge is how many characters of a beginning or an end are one feature.
const maxEdge = 3

// edges tells how a text begins and ends: an offer of a few words begins with selling or asking (出…, 谁有…) and the rest
// names what nobody could list.
func (c *collector) edges(view []rune) {
	begin, end := mix(seed, '^'), mix(seed, '$')
	for n := 1; n <= min(maxEdge, len(view)); n++ {
		begin = mix(begin, uint32(view[n-1]))
		c.add(begin, 0, n, opening)
		end = mix(end, uint32(view[len(view)-n]))
		c.add(end, len(view)-n, len(view), closing)
	}
}

// sign is a character of the outline, with what it stands for in the view.
type sign struct {
	r        rune
	from, to int
	run      bool
}

// The signs of a run of digits, of a Latin word, and of the ends of a text; none is a character of a view.
const (
	aNumber = '#'
	aWord   = 'A'
	aBegin  = '^'
	anEnd   = '$'
)

// outlined writes a view with one sign for each number and each Latin word of two letters or more.
func outlined(view []rune) []sign {
	out := append(make([]sign, 0, len(view)+2), sign{r: aBegin})
	for i := 0; i < len(view); {
		j, r := i+1, view[i]
		switch {
		case digit(r):
			for r = aNumber; j < len(view) && digit(view[j]); j++ {
			}
		case lowLatin(r):
			for j < len(view) && lowLatin(view[j]) {
				j++
			}
			if j > i+1 {
				r = aWord
			}
		}
		out = append(out, sign{r, i, j, r == aNumber || r == aWord})
		i = j
	}
	return append(out, sign{r: anEnd, from: len(view), to: len(view)})
}

func digit(r rune) bool    { return r >= '0' && r <= '9' }
func lowLatin(r rune) bool { return r >= 'a' && r <= 'z' }

// maxOutline is how many signs of the outline are one feature.
const maxOutline = 3

// outline tells what stands around numbers and Latin words, whichever they are: 出#, #元, 加#, A号.
func (c *collector) outline(view []rune) {
	signs := outlined(view)
	for i := range signs {
		h, run := mix(seed, '~'), false
		for n := 1; n <= maxOutline && i+n <= len(signs); n++ {
			s := signs[i+n-1]
			h, run = mix(h, uint32(s.r)), run || s.run
			if n == 1 || !run {
				continue
			}
			kind := gram
			switch {
			case i == 0:
				kind = opening
			case s.r == anEnd:
				kind = closing
			}
			c.add(h, signs[i].from, s.to, kind)
		}
	}
}

// addressed takes out whom a text speaks to (@2173624542) and the stickers in it ([表情: 托腮], [送心]): their numbers
// and names say nothing about what is said.
func addressed(text string) (rest, mentions, stickers string) {
	if !strings.ContainsAny(text, "@＠[") {
		return text, "", ""
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch r {
		case '@', '＠':
			mentions = "‹mention›"
			i += n
			for i < len(text) && text[i] > ' ' && text[i] < utf8.RuneSelf {
				i++
			}
			b.WriteByte(' ')
			continue
		case '[':
			if end := strings.IndexByte(text[i:], ']'); end > 0 && utf8.RuneCountInString(text[i:i+end]) <= 12 {
				stickers = "‹sticker›"
				i += end + 1
				b.WriteByte(' ')
				continue
			}
		}
		b.WriteString(text[i : i+n])
		i += n
	}
	return b.String(), mentions, stickers
}

// mix is FNV-1a over the bytes of a code point.
func mix(h, r uint32) uint32 {
	for range 3 {
		h = (h ^ r&0xFF) * 16777619
		r >>= 8
	}
	return h
}

// shape describes what n-grams cannot see: runs of digits and letters, length, marks, emoji.
func shape(text string, view int) []string {
	if text == "" {
		return nil
	}
	out := []string{"‹length " + bucket(view) + "›"}
	digits, latin, marks, emoji, runs, total := 0, 0, 0, 0, 0, 0
	run := 0
	flush := func() {
		if run >= 2 {
			out = append(out, "‹"+strconv.Itoa(min(run, 12))+" digits›")
			runs++
		}
		run = 0
	}
	for _, r := range text {
		total++
		if r >= 0x4E00 && r <= 0x9FFF { // nearly all of them
			flush()
			continue
		}
		if unicode.IsDigit(r) {
			digits++
			run++
			continue
		}
		flush()
		switch {
		case r < 0x250 && unicode.IsLetter(r):
			latin++
		case r >= 0x1F000 || r >= 0x2600 && r < 0x2800:
			emoji++
		case unicode.IsPunct(r) || unicode.IsSymbol(r):
			marks++
		}
	}
	flush()
	for _, x := range []struct {
		name string
		n    int
	}{{"digits", digits}, {"latin", latin}, {"marks", marks}, {"emoji", emoji}} {
		if x.n > 0 {
			out = append(out, "‹"+x.name+" "+share(x.n, total)+"›")
		}
	}
	if runs > 1 {
		out = append(out, "‹numbers "+bucket(runs)+"›")
	}
	return out
}

func bucket(n int) string {
	for _, edge := range []int{0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 1024} {
		if n <= edge {
			return "≤" + strconv.Itoa(edge)
		}
	}
	return ">1024"
}

func share(n, of int) string {
	switch p := n * 20 / max(of, 1); {
	case p < 1:
		return "few"
	case p < 3:
		return "some"
	case p < 8:
		return "many"
	}
	return "most"
}
