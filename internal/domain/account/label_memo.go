package account

import (
	"context"
	"sync"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const (
	// labelFor is how long another process's renaming of an account may go unnoticed in lists of other rooms. A change in
	// this process shows at once.
	labelFor = 2 * time.Second
	// memoLabels is the most one brand's memo holds; beyond it is begun again.
	memoLabels = 50_000
)

// labelMemo remembers for a moment how accounts are named: the same posts, leaders and anomalies are looked at again and
// again, each time with fifty look-ups for their accounts. It grants nothing: what is shown was cut to the scope before.
type labelMemo struct {
	clock  clock.Clock
	mu     sync.Mutex
	brands map[id.ID]map[id.ID]keptLabel
	turn   uint64 // counts changes, so that what was read before one is not kept after it
}

type keptLabel struct {
	Label
	until time.Time
}

func newLabelMemo(c clock.Clock) *labelMemo {
	return &labelMemo{clock: c, brands: map[id.ID]map[id.ID]keptLabel{}}
}

// rows is labelRows by memory; a transaction reads for itself.
func (m *labelMemo) rows(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Label, error) {
	if _, inTx := q.(*db.Tx); inTx {
		return labelRows(ctx, q, brand, ids)
	}
	out, missing, turn := m.find(brand, ids)
	if len(missing) == 0 {
		return out, nil
	}
	read, err := labelRows(ctx, q, brand, missing)
	if err == nil {
		m.keep(brand, read, turn)
	}
	return append(out, read...), err
}

func (m *labelMemo) find(brand id.ID, ids []id.ID) (found []Label, missing []id.ID, turn uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, now := m.brands[brand], m.clock.Now()
	found = make([]Label, 0, len(ids))
	for _, a := range ids {
		if k, ok := kept[a]; ok && now.Before(k.until) {
			found = append(found, k.Label)
		} else {
			missing = append(missing, a)
		}
	}
	return found, missing, m.turn
}

func (m *labelMemo) keep(brand id.ID, read []Label, turn uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if turn != m.turn {
		return
	}
	kept := m.brands[brand]
	if kept == nil || len(kept) >= memoLabels {
		kept = make(map[id.ID]keptLabel, len(read))
		m.brands[brand] = kept
	}
	until := m.clock.Now().Add(labelFor)
	for _, l := range read {
		kept[l.ID] = keptLabel{l, until}
	}
}

// forget is called when changes of a brand's accounts are durable.
func (m *labelMemo) forget(brand id.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn++
	delete(m.brands, brand)
}
