package scan

import (
	"unicode"
	"unicode/utf8"
)

// window is a stretch of a text as folded characters: their classes and where they stand. Filler is left out.
type window struct {
	class  [room]uint16
	at     [room]uint32 // byte where the code point of a class begins
	n      int
	base   int // characters of the text before the window
	next   int // byte to be read next
	broken bool
	text   string
	f      *folds
}

// end gives the byte after the code point of character j.
func (w *window) end(j int) int {
	at := int(w.at[j])
	_, size := utf8.DecodeRuneInString(w.text[at:])
	return at + size
}

// rune gives the code point of character j.
func (w *window) rune(j int) rune {
	r, _ := utf8.DecodeRuneInString(w.text[w.at[j]:])
	return r
}

// between counts what stands between two bytes: visible filler, and whether a blank is in it.
func (w *window) between(from, to int) (n int, blank bool) {
	for from < to {
		r, size := utf8.DecodeRuneInString(w.text[from:])
		from += size
		switch {
		case unicode.IsSpace(r):
			blank = true
			n++
		case r == utf8.RuneError && size == 1 || !invisible(r):
			n++
		}
	}
	return n, blank
}

// eq tells whether character j of the text may be unit p of the variant.
func (v *variant) eq(w *window, p, j int) bool {
	u, c := &v.units[p], w.class[j]
	if u.class == c {
		return u.rare == 0 || u.rare == w.rune(j)
	}
	return v.fold != 0 && w.f.eq(v.fold, u.class, c)
}

// eq tells whether class c may stand for class u under a variant's foldings.
func (f *folds) eq(fold Folding, u, c uint16) bool {
	if u == c {
		return true
	}
	if fold&Soundalike != 0 && f.sound[u] == f.sound[c] && f.sound[u] != noSound {
		return true
	}
	if fold&Lookalike != 0 {
		for _, l := range f.lookalikes(u) {
			if l == c {
				return true
			}
		}
	}
	return false
}

// found is a match: characters first to last of the window, bytes from to to.
type found struct{ first, last, from, to int }

// walk carries a comparison through the text.
type walk struct {
	j    int // character matched last
	byte int // end of what was matched last
	// blanks between the letters of the Latin word the walk is in
	spaced, tight bool
}

// match compares the variant with the text whose first character with a class is j. The comparison always runs from the
// front, so a match does not depend on how the place was found.
func (v *variant) match(w *window, j int) (found, bool) {
	first := 0
	for v.units[first].sign != 0 {
		first++
	}
	if !v.eq(w, first, j) {
		return found{}, false
	}
	out := found{first: j, from: int(w.at[j])}
	if first > 0 {
		at, ok := v.before(w, first, j)
		if !ok {
			return found{}, false
		}
		out.from = at
	}
	s := walk{j: j, byte: w.end(j)}
	for p := first + 1; p < len(v.units); p++ {
		var ok bool
		if v.units[p].sign != 0 {
			ok = v.sign(w, &s, p)
		} else {
			ok = v.step(w, &s, p, j)
		}
		if !ok {
			return found{}, false
		}
	}
	out.last, out.to = s.j, s.byte
	if v.whole && !v.bounded(w, out) {
		return found{}, false
	}
	return out, true
}

// step goes to the character that is unit p, over repetitions of the one before.
func (v *variant) step(w *window, s *walk, p, start int) bool {
	from := s.j
	prev := w.class[from]
	for q := from + 1; q < w.n && q-from <= maxRepeat+1; q++ {
		gap, blank := 0, false
		if at := int(w.at[q]); at > s.byte {
			gap, blank = w.between(s.byte, at)
			if gap > int(v.gap) && (!v.units[p].blank || gap != 1) {
				return false
			}
		}
		if surplus := q - from - 1; (surplus != 1 || !letter(prev) || w.dressed(from)) && v.eq(w, p, q) {
			if q-1 == from && letter(prev) && letter(w.class[q]) && !v.units[p].blank && !s.spelled(gap, blank) {
				return false
			}
			if !letter(w.class[q]) {
				s.spaced, s.tight = false, false
			}
			s.j, s.byte = q, w.end(q)
			return true
		}
		// figures do not repeat, as 1000 is not 100; numerals may (独一一一无二)
		if w.class[q] != prev || prev < letterA && (!w.han(q-1) || !w.han(q)) || w.sameRun(start, q) {
			return false
		}
		s.byte = w.end(q)
	}
	return false
}

// dressed tells whether a Latin letter and the next, which folds to the same, are written differently (cⓒ). Otherwise a
// letter repeats from the third on only, as one surplus letter is another word (god, good).
func (w *window) dressed(j int) bool {
	return unicode.ToLower(w.rune(j)) != unicode.ToLower(w.rune(j+1))
}

// spelled allows blanks in a Latin word only between all of its letters.
func (s *walk) spelled(gap int, blank bool) bool {
	if blank {
		s.spaced = true
	}
	if gap == 0 {
		s.tight = true
	}
	return !s.spaced || !s.tight
}

// sameRun tells whether all characters from a to b are the same one: at its beginning a match skips no repetitions.
func (w *window) sameRun(a, b int) bool {
	for k := b; k > a; k-- {
		if w.class[k-1] != w.class[b] {
			return false
		}
	}
	return true
}

// sign finds a sign in the filler that follows.
func (v *variant) sign(w *window, s *walk, p int) bool {
	limit := len(w.text)
	if s.j+1 < w.n {
		limit = int(w.at[s.j+1])
	}
	seen := int32(0)
	for at := s.byte; at < limit; {
		r, size := utf8.DecodeRuneInString(w.text[at:])
		at += size
		if sign(r) == v.units[p].sign {
			s.byte, s.spaced, s.tight = at, false, false
			return true
		}
		if !invisible(r) {
			if seen++; seen > v.gap {
				return false
			}
		}
	}
	return false
}

// before finds the signs that stand before the first character with a class, back from character j.
func (v *variant) before(w *window, first, j int) (at int, ok bool) {
	limit := 0
	if j > 0 {
		limit = w.end(j - 1)
	}
	at = int(w.at[j])
	for p := first - 1; p >= 0; p-- {
		seen := int32(0)
		for {
			if at <= limit {
				return 0, false
			}
			r, size := utf8.DecodeLastRuneInString(w.text[:at])
			at -= size
			if sign(r) == v.units[p].sign {
				break
			}
			if !invisible(r) {
				if seen++; seen > v.gap {
					return 0, false
				}
			}
		}
	}
	return at, true
}

func letter(c uint16) bool { return c >= letterA && c <= letterZ }

// bounded tells whether Latin letters at the ends of a match stop there. Three of a kind at an end are one letter drawn
// out (vxxx).
func (v *variant) bounded(w *window, m found) bool {
	if v.units[0].sign == 0 && letter(w.class[m.first]) {
		j, surplus := m.first, 0
		for j > 0 && surplus <= maxRepeat && w.joined(j-1) && w.class[j-1] == w.class[m.first] {
			j--
			surplus++
		}
		if surplus == 1 && !w.dressed(j) || surplus > maxRepeat || j > 0 && w.joined(j-1) && letter(w.class[j-1]) {
			return false
		}
	}
	if v.units[len(v.units)-1].sign == 0 && letter(w.class[m.last]) {
		j, surplus := m.last, 0
		for j+1 < w.n && surplus <= maxRepeat && w.joined(j) && w.class[j+1] == w.class[m.last] {
			j++
			surplus++
		}
		if surplus == 1 && !w.dressed(j-1) || surplus > maxRepeat || j+1 < w.n && w.joined(j) && letter(w.class[j+1]) {
			return false
		}
	}
	return true
}

// joined tells whether nothing that is seen stands between character j and the next.
func (w *window) joined(j int) bool {
	end, next := w.end(j), int(w.at[j+1])
	if end >= next {
		return true
	}
	n, _ := w.between(end, next)
	return n == 0
}
