package main

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// evasion disguises a term; ok is false where it has nothing to change.
type evasion struct {
	name string
	do   func(term string) (string, bool)
}

// evasions returns the eight kinds, drawn from resources that are not the engine's where there are such.
func (s source) evasions() ([]evasion, error) {
	rng := rand.New(rand.NewPCG(20261122, 8)) //nolint:gosec // a repeatable draw
	sounds, err := lists(filepath.Join(s.dir, "evasion_resources/音近字语料库.txt"))
	if err != nil {
		return nil, err
	}
	looks, err := lists(filepath.Join(s.dir, "evasion_resources/形近字语料库.txt"))
	if err != nil {
		return nil, err
	}
	pinyin, err := readings(filepath.Join(s.dir, "geo/pinyin/kMandarin_8105.txt"))
	if err != nil {
		return nil, err
	}
	trad, err := pairs(filepath.Join(s.root, "internal/scan/data/simplified.txt"))
	if err != nil {
		return nil, err
	}
	join := func(seps ...string) func(string) (string, bool) {
		return func(t string) (string, bool) {
			return strings.Join(strings.Split(t, ""), seps[rng.IntN(len(seps))]), true
		}
	}
	return []evasion{
		{"width", func(t string) (string, bool) { return wide(t), true }},
		{"traditional", func(t string) (string, bool) { return each(t, func(r rune) string { return trad[r] }), true }},
		{"homophone", func(t string) (string, bool) { return one(rng, t, sounds) }},
		{"look-alike", func(t string) (string, bool) { return one(rng, t, looks) }},
		{"split by filler or emoji", join("·", "*", " ", "-", "🌸", "❤️", "|")},
		{"zero-width", join("\u200b", "\u200d", "\ufeff")},
		{"pinyin", func(t string) (string, bool) {
			if rng.IntN(2) == 0 {
				return each(t, func(r rune) string { return pinyin[r] }), true
			}
			return oneOf(rng, t, func(r rune) string { return pinyin[r] })
		}},
		{"repeated", func(t string) (string, bool) {
			return each(t, func(r rune) string {
				if !unicode.Is(unicode.Han, r) {
					return ""
				}
				return strings.Repeat(string(r), 2+rng.IntN(2))
			}), true
		}},
	}, nil
}

func each(t string, f func(rune) string) string {
	var b strings.Builder
	for _, r := range t {
		if s := f(r); s != "" {
			b.WriteString(s)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// one replaces one character by one of its list.
func one(rng *rand.Rand, t string, list map[rune][]rune) (string, bool) {
	return oneOf(rng, t, func(r rune) string {
		if l := list[r]; len(l) > 0 {
			return string(l[rng.IntN(len(l))])
		}
		return ""
	})
}

func oneOf(rng *rand.Rand, t string, f func(rune) string) (string, bool) {
	rs := []rune(t)
	for _, i := range rng.Perm(len(rs)) {
		if s := f(rs[i]); s != "" && s != string(rs[i]) {
			return string(rs[:i]) + s + string(rs[i+1:]), true
		}
	}
	return t, false
}

// wide writes Latin letters, digits and signs in full width, and Han characters with full-width blanks between.
func wide(t string) string {
	return each(t, func(r rune) string {
		if r > ' ' && r < 0x7F {
			return string(r + 0xFEE0)
		}
		return string(r) + "\u3000"
	})
}

// lists reads "字 候选字" lines.
func lists(path string) (map[rune][]rune, error) {
	out := map[rune][]rune{}
	err := lines(path, func(line string) {
		head, rest, ok := strings.Cut(line, " ")
		if rs := []rune(head); ok && len(rs) == 1 {
			for _, r := range rest {
				if unicode.Is(unicode.Han, r) && r != rs[0] {
					out[rs[0]] = append(out[rs[0]], r)
				}
			}
		}
	})
	return out, err
}

// readings reads "U+4E00: yī" lines.
func readings(path string) (map[rune]string, error) {
	out := map[rune]string{}
	err := lines(path, func(line string) {
		code, rest, ok := strings.Cut(line, ":")
		n, err := strconv.ParseInt(strings.TrimPrefix(code, "U+"), 16, 32)
		fields := strings.Fields(rest)
		if !ok || err != nil || len(fields) == 0 {
			return
		}
		first, _, _ := strings.Cut(fields[0], ",")
		out[rune(n)] = strings.Map(func(r rune) rune {
			if r > 0x7F {
				return -1
			}
			return r
		}, norm.NFD.String(strings.ReplaceAll(first, "ü", "v")))
	})
	return out, err
}

// pairs reads "繁简" lines as simplified → traditional.
func pairs(path string) (map[rune]string, error) {
	out := map[rune]string{}
	err := lines(path, func(line string) {
		if rs := []rune(line); len(rs) == 2 && out[rs[1]] == "" {
			out[rs[1]] = string(rs[0])
		}
	})
	return out, err
}

func lines(path string, fn func(string)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewScanner(f)
	for in.Scan() {
		fn(strings.TrimSpace(in.Text()))
	}
	return in.Err()
}
