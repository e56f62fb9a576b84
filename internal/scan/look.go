package scan

import "slices"

// look tests the characters from lo to hi of the window against all rules.
func (m *Matcher) look(s *scratch, lo, hi int) {
	w := &s.w
	if len(m.plain.slots) > 0 {
		n := m.plain.filter(w.class[:hi], lo, s.cand[:])
		n = m.plain.findAll(s, m.plain.refine(s, n))
		for i, j := range s.cand[:n] {
			m.tryPair(s, int(j), m.plain.at(s.from[i]))
		}
	}
	if len(m.sound.slots) > 0 {
		n := m.refineSound(s, m.filterSound(w.class[:hi], lo, s.cand[:]))
		for _, j := range s.cand[:n] {
			a, b := m.f.sound[w.class[j-1]], m.f.sound[w.class[j]]
			m.tryPair(s, int(j), m.sound.find(uint32(a)<<16|uint32(b)))
		}
	}
	if len(m.single.slots) > 0 {
		n := m.single.filterOne(w.class[:hi], lo, s.cand[:])
		for _, j := range s.cand[:n] {
			m.trySingle(s, int(j), m.single.find(uint32(w.class[j])))
		}
	}
}

// refine keeps those of n candidates that may also have around them what a variant needs there: one test more for a few
// places instead of a look-up in a large table. A repetition may hide what follows, so it passes.
func (l *lookup) refine(s *scratch, n int) int {
	w, k, around, shift := &s.w, 0, l.around, l.circled
	for _, j := range s.cand[:n] {
		prev, before, here, next := w.class[(j-2)&mask], w.class[(j-1)&mask], w.class[j&mask], w.class[(j+1)&mask]
		h := (uint32(before)<<16 | uint32(here)) * spread
		a, b := circleAny(h)>>(shift&31), circleNext(h, next)>>(shift&31)
		c, d := circlePrev(h, prev)>>(shift&31), circleBoth(h, next, prev)>>(shift&31)
		bit := around[a>>6]>>(a&63) | around[b>>6]>>(b&63) | around[c>>6]>>(c&63) | around[d>>6]>>(d&63)
		same := (uint32(next^here)-1)>>31 | (uint32(prev^before)-1)>>31
		s.cand[k] = j
		k += int(bit&1) | int(same)
	}
	return k
}

// refineSound does the same with syllables. 0 is no syllable, so nothing is said about a class without one.
func (m *Matcher) refineSound(s *scratch, n int) int {
	l, sound, w, k := &m.sound, &m.f.sound, &s.w, 0
	around, shift := l.around, l.circled
	for _, j := range s.cand[:n] {
		prev, before, here, next := sound[w.class[(j-2)&mask]], sound[w.class[(j-1)&mask]], sound[w.class[j&mask]], sound[w.class[(j+1)&mask]]
		h := (uint32(before)<<16 | uint32(here)) * spread
		a, b, c := circleAny(h)>>(shift&31), circleNext(h, next)>>(shift&31), circlePrev(h, prev)>>(shift&31)
		bit := around[a>>6]>>(a&63) | around[b>>6]>>(b&63) | around[c>>6]>>(c&63)
		same := (uint32(next^here)-1)>>31 | (uint32(prev^before)-1)>>31
		s.cand[k] = j
		k += int(bit&1) | int(same)
	}
	return k
}

// findAll looks the n candidates up, keeps those whose pair is a key, and gives their number. It runs ahead of the
// comparison so that many look-ups wait for memory at once; that is also why it touches the entries.
func (l *lookup) findAll(s *scratch, n int) int {
	slots, w, k, touched := l.slots, &s.w, 0, uint8(0)
	for _, j := range s.cand[:n] {
		key := uint32(w.class[(j-1)&mask])<<16 | uint32(w.class[j&mask])
		at := int(key*spread>>(l.slotted&31)) & (len(slots) - 1)
		for slots[at].from != 0 && slots[at].key != key {
			at = (at + 1) & (len(slots) - 1)
		}
		if from := slots[at].from; from != 0 {
			s.cand[k], s.from[k] = j, from-1
			touched += l.entries[from-1].unit
			k++
		}
	}
	s.touched = touched
	return k
}

// trySingle compares the entries found for character j.
func (m *Matcher) trySingle(s *scratch, j int, entries []entry) {
	for i := range entries {
		v := &m.variants[entries[i].variant]
		if hit, ok := v.match(&s.w, j); ok {
			m.emit(s, v.rule, v.side, hit)
		}
	}
}

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

// tryPair compares the entries found for characters j-1 and j. What must come before and after is asked first; where there
// are many entries, those for the class that follows are searched for.
func (m *Matcher) tryPair(s *scratch, j int, entries []entry) {
	w := &s.w
	next, prev := uint16(0), uint16(0)
	if j+1 < w.n {
		next = w.class[j+1]
	}
	if j >= 2 {
		prev = w.class[j-2]
	}
	here, before := w.class[j], w.class[j-1]
	jump := len(entries) > 8 && next != here
	for i := 0; i < len(entries); i++ {
		e := &entries[i]
		if e.next != 0 && next != e.next && next != here {
			if !jump {
				continue
			}
			if e.next > next {
				return
			}
			rest, _ := slices.BinarySearchFunc(entries[i:], next, func(e entry, next uint16) int { return int(e.next) - int(next) })
			i += rest - 1 // there the next turn begins; behind it, all are greater
			continue
		}
		if e.prev != 0 && prev != e.prev && prev != before {
			continue
		}
		if e.fold != 0 && !m.f.near(e, [4]uint16{prev, before, here, next}) {
			continue
		}
		if e.plain == 0 || m.tryPlain(s, e, j) {
			m.begin(s, &m.variants[e.variant], int(e.unit), j)
		}
	}
}

// near asks of a variant with foldings what its entry can tell: may the pair be it, and what stands around the pair?
func (f *folds) near(e *entry, c [4]uint16) bool {
	return f.eq(e.fold, e.b, c[2]) && f.eq(e.fold, e.a, c[1]) &&
		(e.after == 0 || c[3] == c[2] || f.eq(e.fold, e.after, c[3])) &&
		(e.before == 0 || c[0] == c[1] || f.eq(e.fold, e.before, c[0]))
}

// tryPlain compares a plain variant with a text without filler or repetition in it. True means that there is some and
// that the variant must be compared the long way.
func (m *Matcher) tryPlain(s *scratch, e *entry, j int) bool {
	w := &s.w
	n, unit := int(e.plain), int(e.unit)
	first := j - unit
	if n > 2 {
		classes := m.flat[e.flat : e.flat+uint32(e.plain)]
		for i := unit + 1; i < n; i++ {
			if at := j + i - unit; at >= w.n || w.class[at] != classes[i] {
				return at < w.n && w.class[at] == w.class[at-1]
			}
		}
		for i := unit - 2; i >= 0; i-- {
			if at := first + i; at < 0 || w.class[at] != classes[i] {
				return at >= 0 && w.class[at] == w.class[at+1]
			}
		}
	}
	last := first + n - 1
	from := w.at[first]
	for i := first + 1; i <= last; i++ {
		if from += 3; w.at[i] != from {
			return true
		}
	}
	if w.text[from]&0xF0 != 0xE0 {
		return true
	}
	start := int32(w.at[first])
	if m.traits[e.rule] != 0 {
		m.emit(s, e.rule, hitSide, found{first, last, int(start), int(from) + 3})
		return false
	}
	s.raw = append(s.raw, rawHit{e.rule, hitSide, start, int32(from) + 3, int32(w.base + first), int32(w.base + last)})
	return false
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
