package scan

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// lookup finds entries by a key made of two neighbouring classes (or one). Three steps, and the first two are small enough
// for the processor's second cache, whatever the number of rules: bitmap, over the hash of the keys, says no to nearly all of
// a text; around, a word for the hash of a key, tells whether what stands beside the pair may do; entries hold the variants.
type lookup struct {
	bitmap  []uint64
	shift   uint32 // of the hash, for the bitmap
	around  []uint64
	circled uint32   // shift of the hash, for around
	starts  []uint32 // bucket → its first entry, and one more for the end of the last
	bucket  uint32   // shift of the hash, for starts
	// entries are in the order of hash and next; rest, at the same places, is what only few comparisons ask for.
	entries []entry
	rest    []rest
}

// entry is a variant to compare where its key was found. Four fill a cache line.
type entry struct {
	hash   uint32 // of the key; no two keys have the same
	rule   int32
	next   uint16 // class that must follow, or repeat; 0 = any
	prev   uint16 // class that must come before the pair, or repeat; 0 = any
	unit   uint8  // the unit at the second character of the pair
	plain  uint8  // count of the classes of a variant all of Han characters or kana, without foldings; 0 = it is not
	traits uint8  // of the rule
	fold   Folding
}

// rest is the other half of an entry.
type rest struct {
	variant int32
	flat    uint32 // plain variants: where their classes begin in Matcher.flat, if the entry does not tell them all
	a, b    uint16 // with foldings: the pair itself
	after   uint16 // with foldings: the class that follows in the term; 0 = none
	before  uint16 // with foldings: the class before the pair in the term; 0 = none
}

// place orders entries.
func (e *entry) place() uint64 { return uint64(e.hash)<<16 | uint64(e.next) }

type keyed struct {
	key uint32
	entry
	rest
	// third are the classes one of which follows, when the foldings allow several; nil = what the entry asks for
	third []uint16
}

// spread is the multiplier of the hash (the golden ratio). It is odd, so no two keys have the same hash.
const spread = 0x9E3779B1

// The sizes of bitmap and around: bits for each key or mark, and powers of two of bits and of words.
const (
	bitsPerKey = 24
	leastBits  = 12
	mostBits   = 20 // 128 KB
	leastWords = 6
	mostWords  = 15 // 256 KB
)

// The marks of an entry in its word of around, two bits each: of what it asks for beside its pair (nothing, the class
// behind it, the one before, or both).
func markAny(h uint32) uint64 { return 1<<(h&63) | 1<<(h>>6&63) }

func markNext(h uint32, next uint16) uint64 {
	x := h + uint32(next)*0x85EBCA6B
	return 1<<(x>>26) | 1<<(x>>20&63)
}

func markBoth(h uint32, next, prev uint16) uint64 {
	x := h + uint32(next)*0x27D4EB2F + uint32(prev)*0x165667B1
	return 1<<(x>>26) | 1<<(x>>20&63)
}

func markPrev(h uint32, prev uint16) uint64 {
	x := h + uint32(prev)*0xC2B2AE35
	return 1<<(x>>26) | 1<<(x>>20&63)
}

// marks are the bits an entry sets.
func (k *keyed) marks() (out uint64) {
	switch {
	case k.third != nil:
		for _, c := range k.third {
			if c == 0 {
				return markAny(k.hash)
			}
			out |= markNext(k.hash, c)
		}
		return out
	case k.next != 0 && k.prev != 0:
		return markBoth(k.hash, k.next, k.prev)
	case k.next != 0:
		return markNext(k.hash, k.next)
	case k.prev != 0:
		return markPrev(k.hash, k.prev)
	}
	return markAny(k.hash)
}

// makeLookup builds the table.
func makeLookup(list []keyed) lookup {
	if len(list) == 0 {
		return lookup{}
	}
	for i := range list {
		list[i].hash = list[i].key * spread
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return cmp.Compare(a.place(), b.place()) })
	keys, marks := 0, 0
	for i := range list {
		if i == 0 || list[i].key != list[i-1].key {
			keys++
		}
		marks += max(1, len(list[i].third))
	}
	wide := min(max(bits.Len(uint(keys*bitsPerKey-1)), leastBits), mostBits)
	words := min(max(bits.Len(uint(marks*bitsPerKey-1))-6, leastWords), mostWords)
	slots := max(bits.Len(uint(keys-1)), 2)
	l := lookup{
		bitmap: make([]uint64, 1<<wide/64), shift: uint32(32 - wide), around: make([]uint64, 1<<words), circled: uint32(32 - words),
		starts: make([]uint32, 1<<slots+1), bucket: uint32(32 - slots), entries: make([]entry, len(list)), rest: make([]rest, len(list)),
	}
	for i := range list {
		k := &list[i]
		l.entries[i], l.rest[i] = k.entry, k.rest
		l.starts[k.hash>>l.bucket+1]++
		l.bitmap[k.hash>>l.shift>>6] |= 1 << (k.hash >> l.shift & 63)
		l.around[k.hash>>l.circled] |= k.marks()
	}
	for i := 1; i < len(l.starts); i++ {
		l.starts[i] += l.starts[i-1]
	}
	return l
}

// find gives the place of the first entry of a key, or -1.
func (l *lookup) find(key uint32) int {
	h := key * spread
	b := h >> (l.bucket & 31)
	for i := l.starts[b]; i < l.starts[b+1]; i++ {
		if l.entries[i].hash == h {
			return int(i)
		}
	}
	return -1
}

// seek gives the first place behind i whose entry is of another key or asks for next or a later class; the entry at i
// asks for an earlier one.
func (l *lookup) seek(i int, next uint16) int {
	want, step := uint64(l.entries[i].hash)<<16|uint64(next), 1
	for i+step < len(l.entries) && l.entries[i+step].place() < want {
		i += step
		step *= 2
	}
	lo, hi := i+1, min(i+step, len(l.entries))
	for lo < hi {
		if mid := (lo + hi) / 2; l.entries[mid].place() < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// index enters every variant under its rarest pair.
func (m *Matcher) index() {
	bySound := m.f.bySound()
	common := weights{common: commonness(m.f), pairs: m.pairCounts(), sounds: map[uint16]float64{}}
	for sound, classes := range bySound {
		for _, c := range classes {
			common.sounds[sound] += common.one(c)
		}
	}
	var plain, sound, single []keyed
	span, except := int32(0), int32(0)
	for i := range m.variants {
		v := &m.variants[i]
		span = max(span, v.span)
		if v.solid == 0 {
			m.signs = append(m.signs, int32(i))
			continue
		}
		at := v.solids()
		if v.solid == 1 {
			for _, c := range m.f.classes(v, v.units[at[0]].class, bySound) {
				single = append(single, keyed{key: uint32(c), entry: entry{rule: v.rule, unit: uint8(at[0])}, rest: rest{variant: int32(i)}})
			}
			continue
		}
		best := v.anchor(m.f, at, &common)
		a, b := v.units[at[best-1]].class, v.units[at[best]].class
		k := keyed{entry: entry{rule: v.rule, unit: uint8(at[best]), fold: v.fold, traits: m.traits[v.rule]}, rest: rest{variant: int32(i), a: a, b: b}}
		if best >= 2 {
			k.before = v.units[at[best-2]].class
		}
		if best+1 < len(at) {
			k.after = v.units[at[best+1]].class
		}
		switch {
		case v.fold&Soundalike != 0:
			if k.after != 0 {
				k.third = m.f.heard(v, k.after)
			}
			for _, k.key = range m.f.soundKeys(v, a, b) {
				sound = append(sound, k)
			}
		case v.fold&Lookalike != 0:
			if k.after != 0 {
				k.third = m.f.classes(v, k.after, nil)
			}
			for _, x := range m.f.classes(v, a, nil) {
				for _, y := range m.f.classes(v, b, nil) {
					k.key = uint32(x)<<16 | uint32(y)
					plain = append(plain, k)
				}
			}
		default:
			k.key, k.prev, k.next = uint32(a)<<16|uint32(b), k.before, k.after
			if v.isPlain(m.f) {
				k.plain = uint8(len(v.units))
			}
			plain = append(plain, k)
		}
	}
	for _, list := range m.except {
		for i := range list {
			except = max(except, list[i].span)
		}
	}
	m.ahead = int(max(span, except)) + maxRepeat + 4
	m.back = int(span+except) + maxRepeat + 4
	if len(m.patterns) > 0 {
		m.ahead, m.back = max(m.ahead, reach), max(m.back, reach)+int(except)
	}
	m.plain, m.sound, m.single = makeLookup(plain), makeLookup(sound), makeLookup(single)
	m.layFlat()
}

// layFlat writes the classes of the longer plain variants in the order of their entries.
func (m *Matcher) layFlat() {
	for i := range m.plain.entries {
		e, r := &m.plain.entries[i], &m.plain.rest[i]
		if unit := int(e.unit); int(e.plain) > unit+2 || e.plain > 0 && unit >= 3 {
			r.flat = uint32(len(m.flat))
			for _, u := range m.variants[r.variant].units {
				m.flat = append(m.flat, u.class)
			}
		}
	}
}

// isPlain tells whether the variant, written without filler, takes three bytes for each unit and nothing else is to be asked.
func (v *variant) isPlain(f *folds) bool {
	if v.whole || v.side != hitSide || v.fold != 0 {
		return false
	}
	for _, u := range v.units {
		if u.sign != 0 || u.class < firstOther || u.class >= rareBase || f.rep[u.class] < 0x3041 {
			return false
		}
	}
	return true
}

// solids gives the units that have a class.
func (v *variant) solids() []int {
	out := make([]int, 0, len(v.units))
	for p, u := range v.units {
		if u.sign == 0 {
			out = append(out, p)
		}
	}
	return out
}

// weights estimate how often a pair of classes is met in texts.
type weights struct {
	common map[uint16]float64
	sounds map[uint16]float64 // syllable → how often it is heard
	pairs  map[uint32]int32   // pair → variants that have it
}

func (m *Matcher) pairCounts() map[uint32]int32 {
	out := make(map[uint32]int32, len(m.variants))
	for i := range m.variants {
		last := uint16(0)
		for _, u := range m.variants[i].units {
			if u.sign != 0 {
				continue
			}
			if last != 0 {
				out[uint32(last)<<16|uint32(u.class)]++
			}
			last = u.class
		}
	}
	return out
}

// one estimates a class.
func (w *weights) one(c uint16) float64 {
	if x, ok := w.common[c]; ok {
		return x
	}
	return 0.00002
}

// of estimates a pair: by how common its characters are, or all that sound like them, and how many rules have it, as
// rules are made of what people write; that also keeps the lists of entries short.
func (w *weights) of(f *folds, fold Folding, a, b uint16) float64 {
	out := float64(4 + w.pairs[uint32(a)<<16|uint32(b)])
	for _, c := range [2]uint16{a, b} {
		if fold&Soundalike != 0 && f.sound[c] != noSound {
			out *= w.sounds[f.sound[c]]
		} else {
			out *= max(w.one(c), 0.0002)
		}
	}
	if a == b {
		out *= 4
	}
	return out
}

// anchor gives the place in at of the second character of the pair that is least common in texts. The first and the last pair
// come second to others, as there is less to be asked around them; foldings ask for what follows alone, so the last one is
// not theirs unless there is no other.
func (v *variant) anchor(f *folds, at []int, common *weights) int {
	best, least, last := 1, 0.0, len(at)-1
	for k := 1; k <= last; k++ {
		if k == last && k > 1 && v.fold != 0 {
			break
		}
		w := common.of(f, v.fold, v.units[at[k-1]].class, v.units[at[k]].class)
		if k == 1 || k == last {
			w *= 2
		}
		if k == 1 || w < least {
			best, least = k, w
		}
	}
	return best
}

// frequent are the most common characters of modern Chinese, the most common first.
const frequent = "的1是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机10民第公此已工使情明性知全3又关点正业外将2高间由问很最重并物手应战向头文体政美相见被利什等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变4神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司5基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔"

// commonness estimates how often characters are met: by rank, as 1/(rank+10); letters and digits are common, too.
func commonness(f *folds) map[uint16]float64 {
	out := map[uint16]float64{}
	rank := 0
	for _, r := range frequent {
		rank++
		out[f.class(r)] = 0.2 / float64(rank+10)
	}
	for c := digit0; c <= letterZ; c++ {
		out[uint16(c)] = 0.004
	}
	for _, c := range strings.Fields("吃 买 喜 欢 爱 店 拍 吧 啊 呢 哈 嘛 妈 钱 车 皮 肤 超") {
		out[f.class([]rune(c)[0])] = 0.002
	}
	return out
}

// bySound gives the classes of each syllable.
func (f *folds) bySound() map[uint16][]uint16 {
	out := map[uint16][]uint16{}
	for c, s := range f.sound {
		if s != noSound {
			out[s] = append(out[s], uint16(c))
		}
	}
	return out
}

// classes gives every class that may stand for one under the foldings of a variant.
func (f *folds) classes(v *variant, c uint16, bySound map[uint16][]uint16) []uint16 {
	out := []uint16{c}
	if v.fold&Lookalike != 0 {
		out = append(out, f.lookalikes(c)...)
	}
	if v.fold&Soundalike != 0 {
		out = append(out, bySound[f.sound[c]]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// soundKeys gives the pairs of syllables under which two neighbouring classes, or what looks like them, are heard.
func (f *folds) soundKeys(v *variant, a, b uint16) []uint32 {
	var out []uint32
	for _, x := range f.heard(v, a) {
		for _, y := range f.heard(v, b) {
			out = append(out, uint32(x)<<16|uint32(y))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// heard gives the syllables under which a class, or what looks like it, is heard, sorted; 0 = none, which may be anything.
func (f *folds) heard(v *variant, c uint16) []uint16 {
	out := []uint16{f.sound[c]}
	if v.fold&Lookalike != 0 {
		for _, l := range f.lookalikes(c) {
			out = append(out, f.sound[l])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
