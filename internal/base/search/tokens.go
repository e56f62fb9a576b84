package search

import (
	"slices"
	"unicode"
)

// Tokens cuts text for an index: neighbouring pairs of Han characters ("小红", "红书"),
// single ones that stand alone, and whole words of letters or digits. Each token
// comes once, sorted.
func Tokens(text string) []string {
	rs := []rune(Normal(text))
	var out []string
	for i := 0; i < len(rs); {
		j := i + 1
		switch {
		case unicode.Is(unicode.Han, rs[i]):
			for j < len(rs) && unicode.Is(unicode.Han, rs[j]) {
				out = append(out, string(rs[j-1:j+1]))
				j++
			}
			if j == i+1 {
				out = append(out, string(rs[i]))
			}
		case isWord(rs[i]):
			for j < len(rs) && isWord(rs[j]) {
				j++
			}
			out = append(out, string(rs[i:j]))
		}
		i = j
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func isWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r)
}
