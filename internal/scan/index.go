package scan

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// lookup finds entries by a key made of two neighbouring classes (or one). A bitmap over the hash of the keys says no to
// nearly all of a text; slots, a table with open addressing, holds the keys themselves.
type lookup struct {
	bitmap  []uint64
	shift   uint32   // of the hash, for the bitmap
	around  []uint64 // bitmap over keys together with what must follow or come before
	circled uint32   // shift of the hash for around
	slots   []slot
	slotted uint32 // shift of the hash for slots
	entries []entry
}

// slot says where the entries of a key begin, counted from 1; 0 = the slot is free.
type slot struct{ key, from uint32 }

// entry is a variant to compare where its key was found.
type entry struct {
	variant int32
	rule    int32
	flat    uint32 // plain variants: where their classes begin in Matcher.flat
	next    uint16 // class that must follow, or repeat; 0 = any
	prev    uint16 // class that must come before the pair, or repeat; 0 = any
	size    uint32 // in the first entry of a key: how many there are
	a, b    uint16 // with foldings: the pair itself
	after   uint16 // with foldings: the class that follows in the term; 0 = none
	before  uint16 // with foldings: the class before the pair in the term; 0 = none
	fold    Folding
	unit    uint8 // the unit at the second character of the pair
	plain   uint8 // count of the classes of a variant all of Han characters or kana, without foldings; 0 = it is not
}

// circle is the hash of the key and of what must follow or else come before, if anything.
func (e *entry) circle(key uint32) uint32 {
	switch {
	case e.next != 0 && e.prev != 0:
		return circleBoth(key*spread, e.next, e.prev)
	case e.next != 0:
		return circleNext(key*spread, e.next)
	case e.prev != 0:
		return circlePrev(key*spread, e.prev)
	}
	return circleAny(key * spread)
}

func circleBoth(h uint32, next, prev uint16) uint32 {
	h ^= uint32(next)<<16 | uint32(prev)
	return (h ^ h>>15) * 0x9E3779B9
}
func circleNext(h uint32, next uint16) uint32 { h ^= uint32(next); return (h ^ h>>15) * 0x85EBCA6B }
func circlePrev(h uint32, prev uint16) uint32 { h ^= uint32(prev); return (h ^ h>>15) * 0xC2B2AE35 }
func circleAny(h uint32) uint32               { return (h ^ h>>15) * 0x27D4EB2F }

type keyed struct {
	key    uint32
	e      entry
	around []entry // stands for e in the bitmap of what must be around; nil = e itself does
}

// spread is the multiplier of the hash (the golden ratio).
const spread = 0x9E3779B1

// makeLookup builds the table. perKey is how many bits the bitmap has for each key.
func makeLookup(list []keyed, perKey int) lookup {
	if len(list) == 0 {
		return lookup{}
	}
	slices.SortStableFunc(list, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.e.next, b.e.next))
	})
	keys := 1
	for i := 1; i < len(list); i++ {
		if list[i].key != list[i-1].key {
			keys++
		}
	}
	wide := min(max(bits.Len(uint(keys*perKey-1)), 12), 23)
	l := lookup{bitmap: make([]uint64, 1<<wide/64), shift: uint32(32 - wide), entries: make([]entry, len(list))}
	l.surround(list, perKey)
	size := max(bits.Len(uint(keys*2-1)), 2)
	l.slots, l.slotted = make([]slot, 1<<size), uint32(32-size)
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to].key == list[from].key {
			l.entries[to] = list[to].e
			to++
		}
		h := list[from].key * spread
		l.bitmap[h>>l.shift>>6] |= 1 << (h >> l.shift & 63)
		at := h >> l.slotted
		for l.slots[at].from != 0 {
			at = (at + 1) & uint32(len(l.slots)-1)
		}
		l.slots[at] = slot{list[from].key, uint32(from) + 1}
		l.entries[from].size = uint32(to - from)
		from = to
	}
	return l
}

// surround fills the bitmap over what stands around.
func (l *lookup) surround(list []keyed, perKey int) {
	n := 0
	for i := range list {
		n += max(1, len(list[i].around))
	}
	wide := min(max(bits.Len(uint(n*perKey-1)), 12), 22)
	l.around, l.circled = make([]uint64, 1<<wide/64), uint32(32-wide)
	mark := func(key uint32, e *entry) {
		h := e.circle(key) >> l.circled
		l.around[h>>6] |= 1 << (h & 63)
	}
	for i := range list {
		for k := range list[i].around {
			mark(list[i].key, &list[i].around[k])
		}
		if list[i].around == nil {
			mark(list[i].key, &list[i].e)
		}
	}
}

// find gives the entries from the first one of a key on.
func (l *lookup) find(key uint32) []entry {
	slots := l.slots
	for at := key * spread >> (l.slotted & 31); ; at++ {
		s := &slots[int(at)&(len(slots)-1)]
		if s.key == key && s.from != 0 {
			return l.at(s.from - 1)
		}
		if s.from == 0 {
			return nil
		}
	}
}

// at gives the entries of the key whose first one is at a place: first those for any next class, then by next class.
func (l *lookup) at(from uint32) []entry { return l.entries[from : from+l.entries[from].size] }

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
				single = append(single, keyed{key: uint32(c), e: entry{variant: int32(i), unit: uint8(at[0])}})
			}
			continue
		}
		best := v.anchor(m.f, at, &common)
		a, b := v.units[at[best-1]].class, v.units[at[best]].class
		e := entry{variant: int32(i), rule: v.rule, unit: uint8(at[best]), a: a, b: b, fold: v.fold}
		if best >= 2 {
			e.before = v.units[at[best-2]].class
		}
		if best+1 < len(at) {
			e.after = v.units[at[best+1]].class
		}
		switch {
		case v.fold&Soundalike != 0:
			around := m.f.heardAround(v, at, best)
			for _, key := range m.f.soundKeys(v, a, b) {
				sound = append(sound, keyed{key, e, around})
			}
		case v.fold&Lookalike != 0:
			for _, x := range m.f.classes(v, a, nil) {
				for _, y := range m.f.classes(v, b, nil) {
					plain = append(plain, keyed{key: uint32(x)<<16 | uint32(y), e: e})
				}
			}
		default:
			e.prev, e.next = e.before, e.after
			if v.isPlain(m.f) {
				e.flat, e.plain = uint32(len(m.flat)), uint8(len(v.units))
				for _, u := range v.units {
					m.flat = append(m.flat, u.class)
				}
			}
			plain = append(plain, keyed{key: uint32(a)<<16 | uint32(b), e: e})
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
	m.plain, m.sound, m.single = makeLookup(plain, bitsPerKey), makeLookup(sound, bitsPerKey), makeLookup(single, bitsPerKey)
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

// bitsPerKey is the size of the bitmaps: one key in so many bits.
const bitsPerKey = 32

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

// anchor gives the place in at of the second character of the pair that is least common in texts. The last pair comes
// second to others, as nothing that follows it can be asked.
func (v *variant) anchor(f *folds, at []int, common *weights) int {
	best, least := 1, 0.0
	for k := 1; k < len(at); k++ {
		w := common.of(f, v.fold, v.units[at[k-1]].class, v.units[at[k]].class)
		if k == len(at)-1 {
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

// heardAround gives what may be heard behind the pair at place best of at, or else before it.
func (f *folds) heardAround(v *variant, at []int, best int) []entry {
	var out []entry
	switch {
	case best+1 < len(at):
		for _, h := range f.heard(v, v.units[at[best+1]].class) {
			out = append(out, entry{next: h})
		}
	case best >= 2:
		for _, h := range f.heard(v, v.units[at[best-2]].class) {
			out = append(out, entry{prev: h})
		}
	}
	return out
}

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
