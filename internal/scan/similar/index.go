package similar

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync"
)

// sketch holds one bit of every register.
type sketch [registers / 64]uint64

// Match is a text that resembles another.
type Match struct {
	ID    int64
	Score float64
}

// Index finds texts by resemblance. It takes 160 bytes a text, some 200 with the map from ids; many may use it at once.
type Index struct {
	mu       sync.RWMutex
	sketches []sketch
	prints   []Print
	ids      []int64
	at       map[int64]int32
}

// NewIndex gives an empty index.
func NewIndex() *Index { return &Index{at: map[int64]int32{}} }

// Add enters a text, in place of the one with the same id. A text without characters is not kept.
func (x *Index) Add(id int64, text string) { x.AddPrint(id, Of(text)) }

// AddPrint enters a text by its fingerprint.
func (x *Index) AddPrint(id int64, p Print) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if p == (Print{}) {
		x.remove(id)
		return
	}
	if i, ok := x.at[id]; ok {
		x.sketches[i], x.prints[i] = p.bits1(), p
		return
	}
	x.at[id] = int32(len(x.ids))
	x.sketches, x.prints, x.ids = append(x.sketches, p.bits1()), append(x.prints, p), append(x.ids, id)
}

// Remove takes a text out; it need not be there.
func (x *Index) Remove(id int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.remove(id)
}

func (x *Index) remove(id int64) {
	i, ok := x.at[id]
	if !ok {
		return
	}
	last := len(x.ids) - 1
	x.sketches[i], x.prints[i], x.ids[i] = x.sketches[last], x.prints[last], x.ids[last]
	x.at[x.ids[i]] = i
	delete(x.at, id)
	x.sketches, x.prints, x.ids = x.sketches[:last], x.prints[:last], x.ids[:last]
}

// Len gives the number of texts.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.ids)
}

// Search gives the texts that resemble one by at least min, the most alike first, then by id; limit 0 gives all.
func (x *Index) Search(text string, min float64, limit int) []Match {
	return x.SearchPrint(Of(text), min, limit)
}

// SearchPrint does the same with a fingerprint.
func (x *Index) SearchPrint(p Print, least float64, limit int) []Match {
	if p == (Print{}) {
		return nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []Match
	own, most := p.bits1(), differences(least)
	for i := range x.sketches {
		s := &x.sketches[i]
		if bits.OnesCount64(s[0]^own[0])+bits.OnesCount64(s[1]^own[1]) > most {
			continue
		}
		if got := score(p.agree(&x.prints[i])); got >= least {
			out = append(out, Match{x.ids[i], got})
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return slices.Clip(out)
}

// differences gives in how many bits a text may differ whose score is at least s. The bits of a register that agrees are
// alike, those of one that does not differ half the time; 3.5 standard deviations are allowed for.
func differences(s float64) int {
	apart := registers * (1 - max(s, 0))
	return int(math.Ceil(apart/2 + 3.5*math.Sqrt(apart)/2))
}
