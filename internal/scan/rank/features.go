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

// features hashes a text to its distinct buckets, sorted. names, when given, receives a readable name per bucket.
func (o Options) features(text string, names map[uint32]string) []uint32 {
	if len(text) > maxRead {
		text = text[:maxRead]
		for len(text) > 0 && !utf8.ValidString(text[max(0, len(text)-utf8.UTFMax):]) && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
	}
	text, mentions, stickers := addressed(text)
	view := []rune(scan.Fold(text))
	mask := uint32(1)<<o.Bits - 1
	out := make([]uint32, 0, len(view)*o.Grams+24)
	for i := range view {
		h := uint32(2166136261)
		for n := 1; n <= o.Grams && i+n <= len(view); n++ {
			h = mix(h, uint32(view[i+n-1]))
			b := (h ^ uint32(n)*0x9E3779B9) * 0x85EBCA6B >> 7 & mask
			out = append(out, b)
			if names != nil {
				if _, known := names[b]; !known {
					names[b] = string(view[i : i+n])
				}
			}
		}
	}
	for _, s := range append(shape(text, len(view)), mentions, stickers) {
		if s == "" {
			continue
		}
		h := uint32(0x01234567)
		for _, r := range s {
			h = mix(h, uint32(r))
		}
		b := h * 0x85EBCA6B >> 7 & mask
		out = append(out, b)
		if names != nil {
			names[b] = s
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
