package scan

import (
	"slices"
	"strings"
)

// sounds gives classes their syllable. l and n, and the finals -n and -ng, sound alike; digits sound as they are read.
func (f *folds) sounds() {
	ids := map[string]uint16{}
	id := func(syllable string) uint16 {
		key := sameSound(syllable)
		if ids[key] == noSound {
			ids[key] = uint16(len(ids) + 1)
		}
		return ids[key]
	}
	for line := range strings.Lines(soundsData) {
		syllable, chars, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, r := range chars {
			c := f.class(r)
			if c == filler || c >= rareBase || c < firstOther {
				continue
			}
			f.sound[c] = id(syllable)
			f.pinyin[c] = syllable
			f.chars[syllable] = append(f.chars[syllable], c)
		}
	}
	for d, syllable := range strings.Fields("ling yi er san si wu liu qi ba jiu") {
		f.sound[digit0+d] = id(syllable)
		f.pinyin[uint16(digit0+d)] = syllable
	}
	for c := letterA; c <= letterZ; c++ {
		f.sound[c] = letterSound + uint16(c-letterA)
	}
	f.sound[letterA+'v'-'a'] = id("wei") // V信
}

func sameSound(s string) string {
	for _, end := range []string{"ang", "eng", "ing"} {
		if strings.HasSuffix(s, end) {
			s = s[:len(s)-1]
		}
	}
	if s[0] == 'l' {
		s = "n" + s[1:]
	}
	return s
}

// alike collects for each class the classes that may stand for it.
func (f *folds) alike() {
	to := map[uint16][]uint16{}
	add := func(a, b rune) {
		x, y := f.class(a), f.class(b)
		if x == y || x == filler || y == filler || x >= rareBase || y >= rareBase || slices.Contains(to[x], y) {
			return
		}
		to[x] = append(to[x], y)
	}
	for line := range strings.Lines(looksData) {
		rs := []rune(strings.TrimSpace(line))
		for _, r := range rs[1:] {
			add(rs[0], r)
			add(r, rs[0])
		}
	}
	for line := range strings.Lines(marsData) {
		rs := []rune(strings.TrimSpace(line))
		add(rs[0], rs[1])
	}
	for _, pair := range strings.Fields("0o o0 1l l1 1i i1 il li 5s s5 2z z2 8b b8 vu 微徽 徽微 微V 加十 加咖") {
		rs := []rune(pair)
		add(rs[0], rs[1])
	}
	for c := range 1 << 16 {
		f.lookAt[c] = uint16(len(f.looks))
		list := to[uint16(c)]
		slices.Sort(list)
		f.looks = append(f.looks, list...)
	}
	f.lookAt[1<<16] = uint16(len(f.looks))
}

// lookalikes gives the classes that may stand for one.
func (f *folds) lookalikes(c uint16) []uint16 {
	return f.looks[f.lookAt[c]:f.lookAt[int(c)+1]]
}

// splits reads which characters can be written as their parts.
func (f *folds) splits() {
	for line := range strings.Lines(splitData) {
		whole, parts, _ := strings.Cut(strings.TrimSpace(line), " ")
		var classes []uint16
		f.each(parts, func(c uint16, _ rune, _ int) { classes = append(classes, c) })
		f.each(whole, func(c uint16, _ rune, _ int) { f.split[c] = classes })
	}
}
