package insight

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// drilledRows bounds the rows that drills keep in memory (16 bytes each); a list costs as much as aList rows besides.
const (
	drilledRows = 1_000_000
	aList       = 100
)

// drillKey names the rows behind a figure.
type drillKey struct {
	brand          id.ID
	scope          string
	metric         post.Metric
	period         Period
	platform, kind string
}

// scopeName tells scopes apart.
func scopeName(sc authz.Scope) string {
	if sc.All {
		return "*"
	}
	roots := slices.Clone(sc.Roots)
	slices.Sort(roots)
	return strings.Trim(fmt.Sprint(slices.Compact(roots)), "[]")
}

// drills keeps the rows behind figures while the figures stand, those used last. The lists are shared: nobody changes
// one.
type drills struct {
	mu   sync.Mutex
	kept map[drillKey]*drill
	rows int
	turn int64
}

type drill struct {
	version uint64
	list    []Score
	used    int64
}

func (d *drills) get(k drillKey, version uint64) ([]Score, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	x := d.kept[k]
	if x == nil || x.version != version {
		return nil, false
	}
	d.turn++
	x.used = d.turn
	return x.list, true
}

func (d *drills) keep(k drillKey, version uint64, list []Score) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop(k)
	if len(list)+aList > drilledRows {
		return
	}
	for d.rows+len(list)+aList > drilledRows {
		d.drop(d.oldest())
	}
	if d.kept == nil {
		d.kept = map[drillKey]*drill{}
	}
	d.turn++
	d.kept[k] = &drill{version: version, list: list, used: d.turn}
	d.rows += len(list) + aList
}

func (d *drills) drop(k drillKey) {
	if x := d.kept[k]; x != nil {
		d.rows -= len(x.list) + aList
		delete(d.kept, k)
	}
}

func (d *drills) oldest() (k drillKey) {
	var old *drill
	for key, x := range d.kept {
		if old == nil || x.used < old.used {
			k, old = key, x
		}
	}
	return k
}
