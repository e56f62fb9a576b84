package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// Lang is a language the product speaks.
type Lang string

// The languages. Zh is the default.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// Langs returns all languages, the default one first.
func Langs() []Lang { return []Lang{Zh, En} }

// Match picks the language for an Accept-Language header, a stored preference
// ("zh-CN", "en") or an environment variable (LANG).
func Match(prefs ...string) Lang {
	for _, pref := range prefs {
		for part := range strings.SplitSeq(pref, ",") {
			tag, q, _ := strings.Cut(strings.TrimSpace(part), ";")
			if strings.TrimSpace(q) == "q=0" {
				continue
			}
			base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
			switch Lang(base) {
			case Zh:
				return Zh
			case En:
				return En
			}
		}
	}
	return Zh
}

// Source is the texts of one room: FS holds i18n/zh.json and i18n/en.json.
type Source struct {
	Room string
	FS   fs.FS
}

// Catalogue renders texts. It does not change after Load.
type Catalogue struct {
	texts map[Lang]map[string]template
}

// Load reads the sources of all rooms. It fails on a missing or malformed file,
// on a slug outside its room's prefix and on a slug that two rooms claim.
func Load(sources ...Source) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]template{}}
	for _, l := range Langs() {
		c.texts[l] = map[string]template{}
	}
	for _, s := range sources {
		for _, l := range Langs() {
			raw, err := s.read(l)
			if err != nil {
				return nil, err
			}
			for slug, text := range raw {
				if !strings.HasPrefix(slug, s.Room+".") {
					return nil, fmt.Errorf("i18n: %s/%s: %q does not begin with %q", s.Room, l, slug, s.Room+".")
				}
				t, err := parse(text)
				if err != nil {
					return nil, fmt.Errorf("i18n: %s/%s: %q: %w", s.Room, l, slug, err)
				}
				if _, twice := c.texts[l][slug]; twice {
					return nil, fmt.Errorf("i18n: %q is defined twice", slug)
				}
				c.texts[l][slug] = t
			}
		}
	}
	return c, nil
}

func (s Source) read(l Lang) (map[string]string, error) {
	name := "i18n/" + string(l) + ".json"
	b, err := fs.ReadFile(s.FS, name)
	if err != nil {
		return nil, fmt.Errorf("i18n: %s: %w", s.Room, err)
	}
	out := map[string]string{}
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("i18n: %s %s: %w", s.Room, name, err)
	}
	return out, nil
}

// Has reports whether a text exists.
func (c *Catalogue) Has(slug string) bool {
	_, ok := c.texts[Zh][slug]
	return ok
}

// Text renders slug in a language. A slug without a text gives "[slug]", a
// parameter that was not passed gives "?": visible, and harmless to the reader.
func (c *Catalogue) Text(lang Lang, slug string, params map[string]any) string {
	t, ok := c.texts[lang][slug]
	if !ok {
		if t, ok = c.texts[Zh][slug]; !ok {
			return "[" + slug + "]"
		}
	}
	return t.render(params)
}
