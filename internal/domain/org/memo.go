package org

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// UnitName is what other rooms show of a unit: all but its counts.
type UnitName struct {
	ID, ParentID id.ID
	Kind         Kind
	Name, Path   string
	City         string
	StoreType    string
	Status       Status
}

// memo remembers what lists ask of each brand's tree in every request: the units' names and the small scopes. It is good
// for one version of the tree; every change of the tree raises that in its own transaction. Scopes are given only after
// the version was read: nobody sees for a moment longer what a change has ended, whichever process made it. Names do
// without that reading for nameFor after one; a change in this process ends that at once.
type memo struct {
	clock  clock.Clock
	mu     sync.Mutex
	brands map[id.ID]*treeMemo
	turn   uint64 // counts changes in this process, so that what was read before one is not kept after it
}

// treeMemo is what is known of one version of a tree. What is added later was read after the version was and is at least
// as new; where it is newer, the next reading finds another version and begins again.
type treeMemo struct {
	root    id.ID
	version int64
	mu      sync.RWMutex
	checked time.Time // when the version was last found to be this one
	names   map[id.ID]UnitName
	scopes  map[string]authz.Scope
}

const (
	// nameFor is how long another process's renaming may go unnoticed where only names are asked for.
	nameFor = time.Second
	// The most one brand's memo holds; beyond it is begun again.
	memoNames  = 50_000
	memoScopes = 1000
)

func newMemo(c clock.Clock) *memo { return &memo{clock: c, brands: map[id.ID]*treeMemo{}} }

// at gives what is known of the tree as it stands now. Error: org.tree_missing.
func (m *memo) at(ctx context.Context, q db.Querier, brand id.ID) (*treeMemo, error) {
	turn := m.turnNow()
	fresh := &treeMemo{checked: m.clock.Now(), names: map[id.ID]UnitName{}, scopes: map[string]authz.Scope{}}
	err := q.QueryRow(ctx, `SELECT root_id, version FROM org_tree WHERE brand_id = $1`, brand).Scan(&fresh.root, &fresh.version)
	if db.NoRows(err) {
		return nil, errs.New(errs.NotFound, "org.tree_missing")
	}
	if err != nil {
		return nil, err
	}
	if _, inTx := q.(*db.Tx); inTx {
		return fresh, nil // what a transaction sees may never come to be
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.brands[brand]
	switch {
	case t != nil && t.version == fresh.version:
		t.mu.Lock()
		t.checked = fresh.checked
		t.mu.Unlock()
		return t, nil
	case turn == m.turn:
		m.brands[brand] = fresh
	}
	return fresh, nil
}

// lately gives what is known of the tree when its version was read a moment ago, else as at does.
func (m *memo) lately(ctx context.Context, q db.Querier, brand id.ID) (*treeMemo, error) {
	m.mu.Lock()
	t := m.brands[brand]
	m.mu.Unlock()
	if t != nil {
		t.mu.RLock()
		since := m.clock.Now().Sub(t.checked)
		t.mu.RUnlock()
		if since < nameFor {
			return t, nil
		}
	}
	return m.at(ctx, q, brand)
}

func (m *memo) turnNow() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.turn
}

// forget is called when a change of a brand's tree is durable.
func (m *memo) forget(brand id.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn++
	delete(m.brands, brand)
}

// scope gives the scope of some subtrees.
func (t *treeMemo) scope(ctx context.Context, q db.Querier, brand id.ID, roots []id.ID) (authz.Scope, error) {
	key := fmt.Sprint(roots)
	t.mu.RLock()
	sc, ok := t.scopes[key]
	t.mu.RUnlock()
	if ok {
		return sc, nil
	}
	sc, err := below(ctx, q, brand, roots)
	if err != nil {
		return sc, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.scopes) >= memoScopes {
		clear(t.scopes)
	}
	t.scopes[key] = sc
	return sc, nil
}

// UnitNames names units of a brand, closed ones too.
func (s *Service) UnitNames(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]UnitName, error) {
	if _, inTx := q.(*db.Tx); inTx {
		return unitNames(ctx, q, brand, ids)
	}
	t, err := s.memo.lately(ctx, q, brand)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]UnitName, len(ids))
	var missing []id.ID
	t.mu.RLock()
	for _, u := range ids {
		if n, ok := t.names[u]; ok {
			out[u] = n
		} else {
			missing = append(missing, u)
		}
	}
	t.mu.RUnlock()
	if len(missing) == 0 {
		return out, nil
	}
	read, err := unitNames(ctx, q, brand, missing)
	if err != nil {
		return nil, err
	}
	maps.Copy(out, read)
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.names) >= memoNames {
		clear(t.names)
	}
	maps.Copy(t.names, read)
	return out, nil
}

func unitNames(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]UnitName, error) {
	out := make(map[id.ID]UnitName, len(ids))
	err := inChunks(q, ids, func(some []id.ID) error {
		var a db.Args
		rows, err := q.Query(ctx, `SELECT u.id, u.parent_id, u.kind, u.name, u.path, u.city, u.store_type, u.status FROM org_unit u WHERE u.brand_id = `+
			a.Add(brand)+` AND `+among(q, &a, "u.id", some), a.Values...)
		if err != nil {
			return err
		}
		for rows.Next() {
			var u UnitName
			if err := rows.Scan(&u.ID, &u.ParentID, &u.Kind, &u.Name, &u.Path, &u.City, &u.StoreType, &u.Status); err != nil {
				return errors.Join(err, rows.Close())
			}
			out[u.ID] = u
		}
		return errors.Join(rows.Err(), rows.Close())
	})
	return out, err
}
