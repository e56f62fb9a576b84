package pillar

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kosmos/internal/base/id"
	"kosmos/internal/base/search"
)

// Rule says what belongs to a pillar. Hashtags stand without their sign; Products are the names people write.
type Rule struct {
	ID                        id.ID
	Words, Hashtags, Products []string
}

// What a match counts: who sets a hashtag means it, who names a product talks about it, a word is a hint.
const (
	hashtagCounts = 4
	productCounts = 2
	wordCounts    = 1
)

// Sorter finds the pillar of a text. It is not changed once made and may be used by several goroutines.
type Sorter struct{ rules []compiled }

type compiled struct {
	id                        id.ID
	words, hashtags, products []string
}

// NewSorter makes a Sorter. The order of the rules decides between equals.
func NewSorter(rules []Rule) *Sorter {
	s := &Sorter{rules: make([]compiled, 0, len(rules))}
	for _, r := range rules {
		c := compiled{id: r.ID, words: normal(r.Words), products: normal(r.Products)}
		for _, h := range normal(r.Hashtags) {
			if h = strings.Trim(h, "# "); h != "" {
				c.hashtags = append(c.hashtags, "#"+h)
			}
		}
		s.rules = append(s.rules, c)
	}
	return s
}

func normal(list []string) []string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		if x = fold(x); x != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// fold makes texts comparable: width, case, every kind of sign of a hashtag.
func fold(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(search.Normal(text), "＃", "#"))
}

// Of gives the pillar of a text: the one with the most that matches; 0 when nothing does.
func (s *Sorter) Of(text string) id.ID {
	text = fold(text)
	var best id.ID
	most := 0
	for i := range s.rules {
		if n := s.rules[i].count(text); n > most {
			best, most = s.rules[i].id, n
		}
	}
	return best
}

func (c *compiled) count(text string) int {
	n := 0
	for _, h := range c.hashtags {
		if holds(text, h, true) {
			n += hashtagCounts
		}
	}
	for _, p := range c.products {
		if holds(text, p, false) {
			n += productCounts
		}
	}
	for _, w := range c.words {
		if holds(text, w, false) {
			n += wordCounts
		}
	}
	return n
}

// holds tells whether a text holds a term. A term that ends in a letter or digit is no part of a longer word ("S5" is not in
// "S50"); a hashtag goes on to its end: #星屿 is not in #星屿S5.
func holds(text, term string, whole bool) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], term)
		if i < 0 {
			return false
		}
		at, end := from+i, from+i+len(term)
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		first, _ := utf8.DecodeRuneInString(term)
		last, _ := utf8.DecodeLastRuneInString(term)
		cut := latin(before) && latin(first) || latin(last) && latin(after)
		if whole {
			cut = end < len(text) && (unicode.IsLetter(after) || unicode.IsDigit(after) || after == '_')
		}
		if !cut {
			return true
		}
		from = at + utf8.RuneLen(first)
	}
}

func latin(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
