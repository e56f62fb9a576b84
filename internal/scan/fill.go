package scan

import "unicode/utf8"

// The window of a scan holds room characters; a turn of the loop reads up to turn of them.
const (
	turn = 2048
	room = 8192 // a power of two, at least turn + the longest back and ahead (see Matcher.reaches)
	mask = room - 1
)

// fill reads the text from w.next on until limit characters stand in the window or the text is at its end.
//
// This is one of the two loops that decide the speed: filler is written like every character and then overwritten, so
// nothing is decided by a branch that the processor cannot foresee.
func (w *window) fill(limit int) {
	f := w.f
	text := w.text
	i, k := w.next, w.n
	class, at := &w.class, &w.at
	for k < limit && i+8 <= len(text) {
		word := eight(text[i : i+8])
		if word&0xC0C0F0C0C0F0 == 0x8080E08080E0 { // two code points of three bytes
			a := f.wide[uint16(word<<12|word>>2&0xFC0|word>>16&0x3F)]
			b := f.wide[uint16(word>>24<<12|word>>26&0xFC0|word>>40&0x3F)]
			if a < special && b < special {
				class[k&mask], at[k&mask] = a, uint32(i)
				k += int((uint32(a) + 0xFFFF) >> 16)
				class[k&mask], at[k&mask] = b, uint32(i+3)
				k += int((uint32(b) + 0xFFFF) >> 16)
				i += 6
				continue
			}
		} else if word&0x80 == 0 {
			a := f.narrow[word&0x7F]
			class[k&mask], at[k&mask] = a, uint32(i)
			k += int((uint32(a) + 0xFFFF) >> 16)
			i++
			if word&0x8080 == 0 {
				a := f.narrow[word>>8&0x7F]
				class[k&mask], at[k&mask] = a, uint32(i)
				k += int((uint32(a) + 0xFFFF) >> 16)
				i++
			}
			continue
		} else if word&0xC0C0F0 == 0x8080E0 {
			a := f.wide[uint16(word<<12|word>>2&0xFC0|word>>16&0x3F)]
			if a < special {
				class[k&mask], at[k&mask] = a, uint32(i)
				k += int((uint32(a) + 0xFFFF) >> 16)
				i += 3
				continue
			}
		}
		i, k = w.slow(i, k)
	}
	for k < limit && i < len(text) {
		i, k = w.slow(i, k)
	}
	w.next, w.n = i, k
}

// eight reads eight bytes, the first the lowest; the compiler makes one load of it.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// slow reads one code point of any kind.
func (w *window) slow(i, k int) (next, n int) {
	r, size := utf8.DecodeRuneInString(w.text[i:])
	if r == utf8.RuneError && size == 1 {
		w.broken = true
		return i + 1, k
	}
	switch c := w.f.class(r); c {
	case filler:
	case expands:
		for _, c := range w.f.many[r] {
			w.class[k&mask], w.at[k&mask] = c, uint32(i)
			k++
		}
	default:
		w.class[k&mask], w.at[k&mask] = c, uint32(i)
		k++
	}
	return i + size, k
}

// keep drops what stands before character from and moves the rest to the front.
func (w *window) keep(from int) {
	if from <= 0 {
		return
	}
	copy(w.class[:], w.class[from:w.n])
	copy(w.at[:], w.at[from:w.n])
	w.n -= from
	w.base += from
}

// reset begins a text.
func (w *window) reset(text string, f *folds) {
	w.text, w.f, w.n, w.next, w.base, w.broken = text, f, 0, 0, 0, false
}
