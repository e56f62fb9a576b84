package scan

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// scratch is the memory of one scan, used again by the next.
type scratch struct {
	w     window
	cand  [room]uint16 // places that may begin something
	from  [room]uint32 // their entries
	raw   []rawHit
	near  []nearHit
	until []int // pattern → end of its last hit
	c     Context
	ways  [2][]int
	// bytes looked through for signs
	signed int
}

// rawHit is a hit before it is counted in code points.
type rawHit struct{ rule, from, to int32 }

// nearHit is one half of a Near rule's hit. first and last are characters of the normalised view.
type nearHit struct {
	rawHit
	first, last int32
	side        uint8
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
	s.w.text, s.c = "", Context{}
	m.scratch.Put(s)
	return dst
}

// run reads the text window by window: what was read before and what is still to come overlap by as much as a hit and
// its surroundings can take.
func (m *Matcher) run(s *scratch, text string, c *Context) {
	w := &s.w
	w.reset(text, m.f)
	s.c, s.signed = *c, 0
	s.until = append(s.until[:0], make([]int, len(m.patterns))...)
	done := 0
	for {
		w.fill(min(w.n+turn, room-16))
		ready := w.n
		if w.next < len(text) {
			ready = max(done, w.n-m.ahead)
		}
		turned := len(s.raw)
		m.look(s, done, ready)
		m.findShapes(s, done, ready)
		if to := len(text); len(m.signs) > 0 {
			if ready < w.n {
				to = int(w.at[ready])
			}
			m.onlySigns(s, max(to, s.signed))
		}
		order(s.raw[turned:])
		if w.next >= len(text) {
			break
		}
		drop := max(0, ready-m.back)
		w.keep(drop)
		done = ready - drop
	}
}

// findShapes looks for patterns at the characters from lo to hi. Of overlapping hits of one pattern the first counts.
func (m *Matcher) findShapes(s *scratch, lo, hi int) {
	if len(m.patterns) == 0 {
		return
	}
	s.w.tokens(lo, hi, func(j int) {
		for i, p := range m.patterns {
			if hit, ok := p.find(&s.w, j); ok && hit.from >= s.until[i] {
				s.until[i] = hit.to
				m.emit(s, p.rule, hitSide, hit)
			}
		}
	})
}

// onlySigns looks for terms without any character that has a class (🐧), in the bytes from s.signed up to to.
func (m *Matcher) onlySigns(s *scratch, to int) {
	for _, i := range m.signs {
		v := &m.variants[i]
		for _, form := range forms(v.units[0].sign) {
			for from := s.signed; ; {
				at := strings.Index(s.w.text[from:to], form)
				if at < 0 {
					break
				}
				at += from
				from = at + len(form)
				m.trySign(s, v, at, from)
			}
		}
	}
	s.signed = to
}

// trySign compares the rest of a variant of signs whose first one stands in the bytes from at to end.
func (m *Matcher) trySign(s *scratch, v *variant, at, end int) {
	walk := walk{j: s.w.after(at) - 1, byte: end}
	for p := 1; p < len(v.units); p++ {
		if !v.sign(&s.w, &walk, p) {
			return
		}
	}
	m.emit(s, v.rule, v.side, found{first: walk.j, last: walk.j, from: at, to: walk.byte})
}

// forms gives the code points that are written for a sign.
func forms(r rune) []string {
	out := []string{string(r)}
	for _, other := range append([]rune("➕﹢⁺￥"), r+0xFEE0) {
		if sign(other) == r && other != r {
			out = append(out, string(other))
		}
	}
	return out
}

// after gives the first character that begins at or after a byte.
func (w *window) after(at int) int {
	j, _ := slices.BinarySearch(w.at[:w.n], uint32(at))
	return j
}

// emit keeps a hit if its rule holds here and no exception covers it.
func (m *Matcher) emit(s *scratch, rule int32, side uint8, hit found) {
	if t := m.traits[rule]; t != 0 {
		if t&contextual != 0 && !m.rules[rule].holds(&s.c) || t&excepting != 0 && m.excepted(&s.w, rule, hit) {
			return
		}
	}
	raw := rawHit{rule, int32(hit.from), int32(hit.to)}
	if side != hitSide {
		s.near = append(s.near, nearHit{raw, int32(s.w.base + hit.first), int32(s.w.base + hit.last), side})
		return
	}
	s.raw = append(s.raw, raw)
}

func (m *Matcher) excepted(w *window, rule int32, hit found) bool {
	list := m.except[rule]
	need := uint64(0)
	if hit.first >= 0 && int(w.at[hit.first]) >= hit.from {
		need = 1<<(w.class[hit.first]&63) | 1<<(w.class[hit.last]&63)
	}
	for i := range list {
		e := &list[i]
		if e.has&need != need {
			continue // what it should cover has a character that it has not
		}
		for j := min(hit.first+1, w.n-1); j >= 0 && j > hit.first-int(e.span); j-- {
			if w.class[j] != e.first {
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
	slices.SortFunc(s.near, func(a, b nearHit) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.side, b.side))
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

func joinBehind(out []rawHit, group []nearHit, a nearHit, within int32) []rawHit {
	for _, b := range group {
		if b.side != sideB || b.first <= a.last {
			if b.first > a.last+within+1 {
				break
			}
			continue
		}
		if b.first-a.last-1 <= within {
			out = append(out, rawHit{a.rule, a.from, b.to})
		}
		break
	}
	return out
}

// joinBefore looks back; a B may be long, so the nearest end counts, not the nearest beginning.
func joinBefore(out []rawHit, group []nearHit, a nearHit, within int32) []rawHit {
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
		out = append(out, rawHit{a.rule, b.from, a.to})
	}
	return out
}

// finish sorts the hits, drops those found twice and counts code points, each stretch of the text once.
func finish(s *scratch, text string, dst []Hit) []Hit {
	order(s.raw)
	at, runes, last := 0, 0, rawHit{rule: -1}
	dst = slices.Grow(dst, len(s.raw))
	for _, h := range s.raw {
		if h == last {
			continue
		}
		if last = h; int(h.from) > at {
			runes += s.w.runes(text[at:h.from])
			at = int(h.from)
		}
		dst = append(dst, Hit{Rule: h.rule, Start: h.from, End: h.to, RuneStart: int32(runes), RuneEnd: int32(runes + s.w.within(text, int(h.from), int(h.to)))})
	}
	return dst
}

// within counts the code points of a hit: most hits are short, and what follows them may be read along.
func (w *window) within(text string, from, to int) int {
	n := to - from
	if w.broken || n > 24 || from+24 > len(text) {
		return w.runes(text[from:to])
	}
	a, b, c := eight(text[from:from+8]), eight(text[from+8:from+16]), eight(text[from+16:from+24])
	return leads(a, n) + leads(b, n-8) + leads(c, n-16)
}

// leads counts the code points that begin in the first n of eight bytes; none when n is 0 or less.
func leads(word uint64, n int) int {
	n = min(max(n, 0), 8)
	return bits.OnesCount64((^word>>7 | word>>6) & 0x0101010101010101 & (1<<(8*uint(n)) - 1))
}

// order sorts hits by start, end and rule. They come nearly in order, so each is moved to its place; only where that
// takes too long are all sorted.
func order(hits []rawHit) {
	moves := 16*len(hits) + 64
	for i := 1; i < len(hits); i++ {
		if !less(&hits[i], &hits[i-1]) {
			continue
		}
		h, k := hits[i], i
		for ; k > 0 && less(&h, &hits[k-1]); k-- {
			hits[k] = hits[k-1]
			moves--
		}
		hits[k] = h
		if moves < 0 {
			slices.SortFunc(hits, func(a, b rawHit) int {
				return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.rule, b.rule))
			})
			return
		}
	}
}

func less(a, b *rawHit) bool {
	x, y := uint64(a.from)<<32|uint64(a.to), uint64(b.from)<<32|uint64(b.to)
	return x < y || x == y && a.rule < b.rule
}

// runes counts code points: in a text without broken bytes, the bytes that begin one.
func (w *window) runes(s string) int {
	if w.broken {
		return utf8.RuneCountInString(s)
	}
	n, i := 0, 0
	for ; i+8 <= len(s); i += 8 {
		word := eight(s[i : i+8])
		n += bits.OnesCount64((^word>>7 | word>>6) & 0x0101010101010101)
	}
	for ; i < len(s); i++ {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}
