package scan

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// scratch is the memory of one scan, used again by the next.
type scratch struct {
	w     window
	raw   []rawHit
	near  []rawHit
	until []int // pattern → end of its last hit
}

// rawHit is a hit before it is counted in code points. first and last are characters of the normalised view.
type rawHit struct {
	rule        int32
	side        uint8
	from, to    int32
	first, last int32
}

// Scan appends every hit in a text to dst, sorted by start, end and rule. Texts of 2 GB and more are read up to there.
func (m *Matcher) Scan(text string, c Context, dst []Hit) []Hit {
	if len(text) > 1<<31-2 {
		text = text[:1<<31-2]
	}
	s := m.scratch.Get().(*scratch)
	s.raw, s.near = s.raw[:0], s.near[:0]
	m.run(s, text, &c)
	m.pair(s)
	dst = finish(s, text, dst)
	s.w.text = ""
	m.scratch.Put(s)
	return dst
}

func (m *Matcher) run(s *scratch, text string, c *Context) {
	w := &s.w
	w.f, w.text, w.n = m.f, text, 0
	w.class, w.at = w.class[:0], w.at[:0]
	m.f.each(text, func(class uint16, _ rune, at int) {
		if class != filler {
			w.class, w.at = append(w.class, class), append(w.at, uint32(at))
		}
	})
	w.n = len(w.class)
	for j := range w.n {
		for _, i := range m.first[w.class[j]] {
			v := &m.variants[i]
			if hit, ok := v.match(w, j); ok {
				m.emit(s, c, v.rule, v.side, hit)
			}
		}
	}
	s.until = append(s.until[:0], make([]int, len(m.patterns))...)
	m.findShapes(s, c, 0, w.n)
	m.onlySigns(s, text, c)
}

// findShapes looks for patterns at the characters from lo to hi. Of overlapping hits of one pattern the first counts.
func (m *Matcher) findShapes(s *scratch, c *Context, lo, hi int) {
	if len(m.patterns) == 0 {
		return
	}
	s.w.tokens(lo, hi, func(j int) {
		for i, p := range m.patterns {
			if hit, ok := p.find(&s.w, j); ok && hit.from >= s.until[i] {
				s.until[i] = hit.to
				m.emit(s, c, p.rule, hitSide, hit)
			}
		}
	})
}

// onlySigns looks for terms without any character that has a class (🐧).
func (m *Matcher) onlySigns(s *scratch, text string, c *Context) {
	for _, i := range m.signs {
		v := &m.variants[i]
		for at, r := range text {
			if sign(r) != v.units[0].sign {
				continue
			}
			walk := walk{j: s.w.after(at) - 1, byte: at + utf8.RuneLen(r)}
			ok := true
			for p := 1; p < len(v.units) && ok; p++ {
				ok = v.sign(&s.w, &walk, p)
			}
			if ok {
				m.emit(s, c, v.rule, v.side, found{first: walk.j, last: walk.j, from: at, to: walk.byte})
			}
		}
	}
}

// after gives the first character that begins at or after a byte.
func (w *window) after(at int) int {
	j, _ := slices.BinarySearch(w.at[:w.n], uint32(at))
	return j
}

// emit keeps a hit if its rule holds here and no exception covers it.
func (m *Matcher) emit(s *scratch, c *Context, rule int32, side uint8, hit found) {
	if m.bound[rule] && !m.rules[rule].holds(c) {
		return
	}
	if m.excepted(&s.w, rule, hit) {
		return
	}
	raw := rawHit{rule, side, int32(hit.from), int32(hit.to), int32(hit.first), int32(hit.last)}
	if side != hitSide {
		s.near = append(s.near, raw)
		return
	}
	s.raw = append(s.raw, raw)
}

func (m *Matcher) excepted(w *window, rule int32, hit found) bool {
	list := m.except[rule]
	for i := range list {
		e := &list[i]
		for j := max(hit.first, 0); j >= 0 && j > hit.first-int(e.span); j-- {
			if j >= w.n {
				continue
			}
			if over, ok := e.match(w, j); ok && over.from <= hit.from && over.to >= hit.to {
				return true
			}
		}
	}
	return false
}

// pair makes hits of the halves of Near rules: each A with the nearest B behind it and the nearest B before it.
func (m *Matcher) pair(s *scratch) {
	if len(s.near) == 0 {
		return
	}
	slices.SortFunc(s.near, func(a, b rawHit) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last), cmp.Compare(a.side, b.side))
	})
	for from := 0; from < len(s.near); {
		to := from
		for to < len(s.near) && s.near[to].rule == s.near[from].rule {
			to++
		}
		group := s.near[from:to]
		within := int32(m.rules[group[0].rule].Near.Within)
		for i, a := range group {
			if a.side == sideA {
				s.raw = joinBehind(s.raw, group[i:], a, within)
				s.raw = joinBefore(s.raw, group[:i], a, within)
			}
		}
		from = to
	}
}

func joinBehind(out, group []rawHit, a rawHit, within int32) []rawHit {
	for _, b := range group {
		if b.side != sideB || b.first <= a.last {
			if b.first > a.last+within+1 {
				break
			}
			continue
		}
		if b.first-a.last-1 <= within {
			out = append(out, rawHit{rule: a.rule, from: a.from, to: b.to, first: a.first, last: b.last})
		}
		break
	}
	return out
}

// joinBefore looks back; a B may be long, so the nearest end counts, not the nearest beginning.
func joinBefore(out, group []rawHit, a rawHit, within int32) []rawHit {
	best := -1
	for i := len(group) - 1; i >= 0; i-- {
		b := group[i]
		if a.first-b.first > within+maxUnits*(maxRepeat+1) {
			break
		}
		if b.side == sideB && b.last < a.first && a.first-b.last-1 <= within && (best < 0 || b.last > group[best].last) {
			best = i
		}
	}
	if best >= 0 {
		b := group[best]
		out = append(out, rawHit{rule: a.rule, from: b.from, to: a.to, first: b.first, last: a.last})
	}
	return out
}

// finish sorts the hits, drops those found twice and counts code points.
func finish(s *scratch, text string, dst []Hit) []Hit {
	slices.SortFunc(s.raw, func(a, b rawHit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.rule, b.rule))
	})
	at, runes := 0, 0
	for i, h := range s.raw {
		if i > 0 && h.rule == s.raw[i-1].rule && h.from == s.raw[i-1].from && h.to == s.raw[i-1].to {
			continue
		}
		runes += utf8.RuneCountInString(text[at:h.from])
		at = int(h.from)
		dst = append(dst, Hit{Rule: h.rule, Start: h.from, End: h.to, RuneStart: int32(runes), RuneEnd: int32(runes + utf8.RuneCountInString(text[h.from:h.to]))})
	}
	return dst
}
