package i18n

import (
	"fmt"
	"slices"
	"strings"
)

// Check lists what is wrong with the texts, for tests: a language without a slug
// that another has, parameters that differ, empty texts.
func Check(sources ...Source) []string {
	c, err := Load(sources...)
	if err != nil {
		return []string{err.Error()}
	}
	var bad []string
	slugs := map[string]bool{}
	for _, l := range Langs() {
		for s := range c.texts[l] {
			slugs[s] = true
		}
	}
	for s := range slugs {
		zh, inZh := c.texts[Zh][s]
		en, inEn := c.texts[En][s]
		switch {
		case !inZh:
			bad = append(bad, s+": no zh text")
		case !inEn:
			bad = append(bad, s+": no en text")
		default:
			bad = append(bad, compare(s, zh, en)...)
		}
	}
	slices.Sort(bad)
	return bad
}

func compare(slug string, zh, en template) []string {
	var bad []string
	if !slices.Equal(zh.params(), en.params()) {
		bad = append(bad, fmt.Sprintf("%s: zh has parameters %v, en %v", slug, zh.params(), en.params()))
	}
	for _, p := range en.choices() {
		if !slices.Contains(zh.params(), p) {
			bad = append(bad, fmt.Sprintf("%s: en chooses by {%s}, which zh does not have", slug, p))
		}
	}
	for lang, t := range map[Lang]template{Zh: zh, En: en} {
		if strings.TrimSpace(t.render(nil)) == "" {
			bad = append(bad, fmt.Sprintf("%s: %s text is empty", slug, lang))
		}
	}
	return bad
}
