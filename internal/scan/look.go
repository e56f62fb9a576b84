package scan

import "slices"

// look tests the characters from lo to hi of the window against all rules.
func (m *Matcher) look(s *scratch, lo, hi int) {
	w := &s.w
	if len(m.plain.entries) > 0 {
		n := m.plain.filter(w.class[:hi], lo, s.cand[:])
		n = m.plain.findAll(s, m.plain.refine(s, n))
		for i, j := range s.cand[:n] {
			m.tryPair(s, &m.plain, int(j), int(s.from[i]))
		}
	}
	if len(m.sound.entries) > 0 {
		n := m.refineSound(s, m.filterSound(w.class[:hi], lo, s.cand[:]))
		for _, j := range s.cand[:n] {
			a, b := m.f.sound[w.class[j-1]], m.f.sound[w.class[j]]
			if first := m.sound.find(uint32(a)<<16 | uint32(b)); first >= 0 {
				m.tryPair(s, &m.sound, int(j), first)
			}
		}
	}
	if len(m.single.entries) > 0 {
		n := m.single.filterOne(w.class[:hi], lo, s.cand[:])
		for _, j := range s.cand[:n] {
			if first := m.single.find(uint32(w.class[j])); first >= 0 {
				m.trySingle(s, int(j), first)
			}
		}
	}
}

// refine keeps those of n candidates that may also have around them what a variant needs there: one word more for a few
// places instead of a look-up in a large table. A repetition may hide what follows, so it passes.
func (l *lookup) refine(s *scratch, n int) int {
	w, k, around, shift := &s.w, 0, l.around, l.circled
	for _, j := range s.cand[:n] {
		prev, before, here, next := w.class[(j-2)&mask], w.class[(j-1)&mask], w.class[j&mask], w.class[(j+1)&mask]
		h := (uint32(before)<<16 | uint32(here)) * spread
		word := around[h>>(shift&31)]
		a, b := markAny(h)&^word, markNext(h, next)&^word // 0 = both bits are there
		c, d := markPrev(h, prev)&^word, markBoth(h, next, prev)&^word
		same := uint64(next^here) * uint64(prev^before)
		pass := ((a-1)&^a | (b-1)&^b | (c-1)&^c | (d-1)&^d | (same - 1)) >> 63
		s.cand[k] = j
		k += int(pass)
	}
	return k
}

// refineSound does the same with syllables. 0 is no syllable, so nothing is said about a class without one.
func (m *Matcher) refineSound(s *scratch, n int) int {
	l, sound, w, k := &m.sound, &m.f.sound, &s.w, 0
	around, shift := l.around, l.circled
	for _, j := range s.cand[:n] {
		before, here, next := sound[w.class[(j-1)&mask]], sound[w.class[j&mask]], sound[w.class[(j+1)&mask]]
		h := (uint32(before)<<16 | uint32(here)) * spread
		word := around[h>>(shift&31)]
		a, b, same := markAny(h)&^word, markNext(h, next)&^word, uint64(next^here)
		pass := ((a-1)&^a | (b-1)&^b | (same - 1)) >> 63
		s.cand[k] = j
		k += int(pass)
	}
	return k
}

// findAll looks the n candidates up, keeps those whose pair is a key, and gives their number. It runs ahead of the
// comparison, and reads the buckets before any entry, so that many look-ups wait for memory at once.
func (l *lookup) findAll(s *scratch, n int) int {
	starts, entries, shift, w, k := l.starts, l.entries, l.bucket, &s.w, 0
	for i, j := range s.cand[:n] {
		h := (uint32(w.class[(j-1)&mask])<<16 | uint32(w.class[j&mask])) * spread
		s.from[i] = starts[h>>(shift&31)]
	}
	for c, j := range s.cand[:n] {
		h := (uint32(w.class[(j-1)&mask])<<16 | uint32(w.class[j&mask])) * spread
		i := int(s.from[c])
		for i < len(entries) && entries[i].hash < h {
			i++
		}
		s.cand[k], s.from[k] = j, uint32(i)
		if i < len(entries) && entries[i].hash == h {
			k++
		}
	}
	return k
}

// trySingle compares the entries found for character j, the first of them at a place.
func (m *Matcher) trySingle(s *scratch, j, first int) {
	l := &m.single
	for i := first; i < len(l.entries) && l.entries[i].hash == l.entries[first].hash; i++ {
		v := &m.variants[l.rest[i].variant]
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

// tryPair compares the entries found for characters j-1 and j, the first of them at a place. What must come before and
// after is asked first; entries for a class other than the one that follows are leapt over.
func (m *Matcher) tryPair(s *scratch, l *lookup, j, first int) {
	w, entries := &s.w, l.entries
	next, prev := uint16(0), uint16(0)
	if j+1 < w.n {
		next = w.class[j+1]
	}
	if j >= 2 {
		prev = w.class[j-2]
	}
	here, before, hash := w.class[j], w.class[j-1], entries[first].hash
	for i := first; i < len(entries) && entries[i].hash == hash; i++ {
		e := &entries[i]
		if e.next != 0 && next != e.next && next != here {
			if e.next > next {
				return
			}
			i = l.seek(i, next) - 1 // there the next turn begins
			continue
		}
		if e.prev != 0 && prev != e.prev && prev != before {
			continue
		}
		if e.fold != 0 && !m.f.near(e.fold, &l.rest[i], [4]uint16{prev, before, here, next}) {
			continue
		}
		// a repetition hides what stands beside the pair
		hidden := e.next != 0 && next != e.next || e.prev != 0 && prev != e.prev
		if e.plain == 0 || hidden || m.tryPlain(s, e, &l.rest[i], j) {
			m.begin(s, &m.variants[l.rest[i].variant], int(e.unit), j)
		}
	}
}

// near asks of a variant with foldings what its entry can tell: may the pair be it, and what stands around the pair?
func (f *folds) near(fold Folding, r *rest, c [4]uint16) bool {
	return f.eq(fold, r.b, c[2]) && f.eq(fold, r.a, c[1]) &&
		(r.after == 0 || c[3] == c[2] || f.eq(fold, r.after, c[3])) &&
		(r.before == 0 || c[0] == c[1] || f.eq(fold, r.before, c[0]))
}

// tryPlain compares what is left of a plain variant, whose pair and what stands beside it are there, with a text without
// filler or repetition in it. True means that there is some and that the variant must be compared the long way.
func (m *Matcher) tryPlain(s *scratch, e *entry, r *rest, j int) bool {
	w := &s.w
	n, unit := int(e.plain), int(e.unit)
	first := j - unit
	if n > unit+2 || unit >= 3 {
		classes := m.flat[r.flat : r.flat+uint32(n)]
		for i := unit + 2; i < n; i++ {
			if at := first + i; at >= w.n || w.class[at] != classes[i] {
				return at < w.n && w.class[at] == w.class[at-1]
			}
		}
		for i := unit - 3; i >= 0; i-- {
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
	if e.traits != 0 {
		m.emit(s, e.rule, hitSide, found{first, last, int(start), int(from) + 3})
		return false
	}
	s.raw = append(s.raw, rawHit{e.rule, start, int32(from) + 3})
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
