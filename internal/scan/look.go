package scan

import "slices"

// look tests the characters from lo to hi of the window against all rules.
func (m *Matcher) look(s *scratch, lo, hi int) {
	w := &s.w
	if len(m.plain.slots) > 0 {
		n := m.plain.filter(w.class[:hi], lo, s.cand[:])
		for _, j := range s.cand[:n] {
			m.tryPair(s, int(j), m.plain.find(w.pair(int(j))))
		}
	}
	if len(m.sound.slots) > 0 {
		n := m.filterSound(w.class[:hi], lo, s.cand[:])
		for _, j := range s.cand[:n] {
			a, b := m.f.sound[w.class[j-1]], m.f.sound[w.class[j]]
			m.tryPair(s, int(j), m.sound.find(uint32(a)<<16|uint32(b)))
		}
	}
	if len(m.single.slots) > 0 {
		n := m.single.filterOne(w.class[:hi], lo, s.cand[:])
		for _, j := range s.cand[:n] {
			for _, e := range m.single.find(uint32(w.class[j])) {
				v := &m.variants[e.variant]
				if hit, ok := v.match(w, int(j)); ok {
					m.emit(s, v.rule, v.side, hit)
				}
			}
		}
	}
}

// pair gives the key of characters j-1 and j.
func (w *window) pair(j int) uint32 { return uint32(w.class[j-1])<<16 | uint32(w.class[j]) }

// filter writes to out the places from lo on whose pair with the character before may be a key.
//
// This is the other loop that decides the speed; it, too, has no branch but its own end.
func (l *lookup) filter(class []uint16, lo int, out []uint16) int {
	n := 0
	key := uint32(0)
	if lo > 0 {
		key = uint32(class[lo-1])
	} else if lo++; len(class) > 0 {
		key = uint32(class[0])
	}
	if lo >= len(class) {
		return 0
	}
	bitmap, shift := l.bitmap, l.shift
	for i, c := range class[lo:] {
		key = key<<16 | uint32(c)
		h := key * spread >> (shift & 31)
		out[n] = uint16(lo + i)
		n += int(bitmap[h>>6] >> (h & 63) & 1)
	}
	return n
}

// filterSound does the same with syllables.
func (m *Matcher) filterSound(class []uint16, lo int, out []uint16) int {
	n := 0
	l, sound := &m.sound, &m.f.sound
	key := uint32(0)
	if lo > 0 {
		key = uint32(sound[class[lo-1]])
	} else if lo++; len(class) > 0 {
		key = uint32(sound[class[0]])
	}
	if lo >= len(class) {
		return 0
	}
	bitmap, shift := l.bitmap, l.shift
	for i, c := range class[lo:] {
		key = key<<16 | uint32(sound[c])
		h := key * spread >> (shift & 31)
		out[n] = uint16(lo + i)
		n += int(bitmap[h>>6] >> (h & 63) & 1)
	}
	return n
}

// filterOne does the same with single classes.
func (l *lookup) filterOne(class []uint16, lo int, out []uint16) int {
	n := 0
	if lo >= len(class) {
		return 0
	}
	bitmap, shift := l.bitmap, l.shift
	for i, c := range class[lo:] {
		h := uint32(c) * spread >> (shift & 31)
		out[n] = uint16(lo + i)
		n += int(bitmap[h>>6] >> (h & 63) & 1)
	}
	return n
}

// tryPair compares the entries found for characters j-1 and j. What must come before and after is asked first.
func (m *Matcher) tryPair(s *scratch, j int, entries []entry) {
	w := &s.w
	for i := range entries {
		e := &entries[i]
		if e.next != 0 && (j+1 >= w.n || w.class[j+1] != e.next && w.class[j+1] != w.class[j]) {
			continue
		}
		if e.prev != 0 && (j < 2 || w.class[j-2] != e.prev && w.class[j-2] != w.class[j-1]) {
			continue
		}
		if e.plain != 0 && m.tryPlain(s, e, j) {
			continue
		}
		v := &m.variants[e.variant]
		m.begin(s, v, int(e.unit), j)
	}
}

// tryPlain makes a hit of a plain variant that stands in the text without filler or repetition; false means that it must
// be compared the long way.
func (m *Matcher) tryPlain(s *scratch, e *entry, j int) bool {
	w := &s.w
	first := j - int(e.unit)
	last := first + int(e.plain) - 1
	if first < 0 || last >= w.n || w.at[last]-w.at[first] != 3*uint32(e.plain-1) || w.text[w.at[last]]&0xF0 != 0xE0 {
		return false
	}
	if e.plain > 2 {
		for i, c := range m.flat[e.flat : e.flat+uint32(e.plain)] {
			if w.class[first+i] != c || w.at[first+i]-w.at[first] != 3*uint32(i) {
				return false
			}
		}
	}
	from := int32(w.at[first])
	if m.traits[e.rule] != 0 {
		m.emit(s, e.rule, hitSide, found{first, last, int(from), int(from) + 3*int(e.plain)})
		return true
	}
	s.raw = append(s.raw, rawHit{e.rule, hitSide, from, from + 3*int32(e.plain), int32(w.base + first), int32(w.base + last)})
	return true
}

// begin goes back from character j, which stands for unit p, to where the match begins, over repetitions, and compares
// from there.
func (m *Matcher) begin(s *scratch, v *variant, p, j int) {
	w := &s.w
	if v.fold != 0 {
		m.beginAny(s, v, p, j)
		return
	}
	for before := v.solidBefore(p); before >= 0; before = v.solidBefore(before) {
		q := j - 1
		for q >= 0 && j-q <= maxRepeat+1 && !v.eq(w, before, q) && w.class[q] == w.class[j] {
			q--
		}
		if q < 0 || !v.eq(w, before, q) {
			return
		}
		j = q
	}
	if hit, ok := v.match(w, j); ok {
		m.emit(s, v.rule, v.side, hit)
	}
}

// solidBefore gives the unit with a class before unit p, or -1.
func (v *variant) solidBefore(p int) int {
	for p--; p >= 0 && v.units[p].sign != 0; p-- {
	}
	return p
}

// beginAny does the same where foldings may make neighbouring units of a term alike, so that there is more than one way
// back: it keeps all places where a unit may stand.
func (m *Matcher) beginAny(s *scratch, v *variant, p, j int) {
	w := &s.w
	now, then := append(s.ways[0][:0], j), s.ways[1][:0]
	for before := v.solidBefore(p); before >= 0 && len(now) > 0; before = v.solidBefore(before) {
		then = then[:0]
		for _, x := range now {
			for q := x - 1; q >= 0 && x-q <= maxRepeat+1; q-- {
				if v.eq(w, before, q) && !slices.Contains(then, q) {
					then = append(then, q)
				}
				if w.class[q] != w.class[x] {
					break
				}
			}
		}
		now, then = then, now
	}
	for _, j := range now {
		if hit, ok := v.match(w, j); ok {
			m.emit(s, v.rule, v.side, hit)
		}
	}
	s.ways[0], s.ways[1] = now, then
}
