package layout

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean is the form of a cell's text all parsing starts from: compatibility
// forms (full-width digits and brackets) made plain, zero-width and control
// characters dropped, blanks trimmed.
func Clean(s string) string {
	if plainText(s) {
		return strings.TrimSpace(s)
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, "")) // around broken bytes the normal form depends on what stands before
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000':
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r), r == 0xFFFD:
			return -1
		}
		return r
	}, s))
}

// plainText tells of ASCII and Chinese characters only, which are their own plain form.
func plainText(s string) bool {
	for _, r := range s {
		if (r < ' ' || r >= 0x7F) && (r < 0x4E00 || r > 0x9FFF) {
			return false
		}
	}
	return true
}

// punctuation maps Chinese marks that NFKC leaves alone.
func punctuation(r rune) rune {
	switch r {
	case '、', '，':
		return ','
	case '【', '〔', '[':
		return '('
	case '】', '〕', ']':
		return ')'
	case '“', '”', '‘', '’', '"', '\'', '*', ' ', ':':
		return -1
	case '—', '–', '－':
		return '-'
	}
	return unicode.ToLower(r)
}

// Header normalises a column title: blanks, quotes and case do not count,
// brackets and commas are of one kind.
func Header(s string) string { return strings.Map(punctuation, Clean(s)) }

// splitUnit separates a trailing bracket: "直播时长(分)" → "直播时长", "分".
func splitUnit(h string) (name, unit string) {
	if !strings.HasSuffix(h, ")") {
		return h, ""
	}
	i := strings.LastIndexByte(h, '(')
	if i <= 0 {
		return h, ""
	}
	return h[:i], h[i+1 : len(h)-1]
}
