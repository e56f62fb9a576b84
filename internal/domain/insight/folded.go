package insight

import (
	"sync"

	"kosmos/internal/base/id"
)

// foldedTrees remembers the folded tree of brands. A brand's tree stands as long as the version that TreeChanged gives it
// (memo.Hold.Common).
type foldedTrees struct {
	mu     sync.Mutex
	brands map[id.ID]*foldedTree
}

type foldedTree struct {
	version int64
	paths   paths
}

// recall moves what is remembered of units from set to dst.
func (t *foldedTrees) recall(brand id.ID, version int64, set map[unitID]struct{}, dst paths) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.brands[brand]
	if b == nil || b.version != version {
		return
	}
	for u := range set {
		if spans, ok := b.paths[u]; ok {
			dst[u] = spans
			delete(set, u)
		}
	}
}

// keep remembers the units' paths, which were read at version.
func (t *foldedTrees) keep(brand id.ID, version int64, units []unitID, from paths) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.brands[brand]
	if b == nil || b.version != version {
		b = &foldedTree{version: version, paths: paths{}}
		if t.brands == nil {
			t.brands = map[id.ID]*foldedTree{}
		}
		t.brands[brand] = b
	}
	for _, u := range units {
		if spans, ok := from[u]; ok {
			b.paths[u] = spans
		}
	}
}
