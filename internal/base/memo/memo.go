package memo

import (
	"context"
	"math/rand/v2"
	"sync"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Shards is how many groups the rows of a brand are locked in. Rows made within a quarter of a second share a shard, so
// batches of neighbours take few locks and two writers on different neighbours do not wait for each other.
const (
	Shards = 128
	// common is the number of the row that holds the version of what belongs to no single row.
	common = Shards
	// blockBits are the bits of an id that do not count: 22 for node and sequence, 8 of milliseconds.
	blockBits = 22 + 8
)

// Memo remembers a V for each of a room's rows. Safe for concurrent use.
type Memo[V any] struct {
	table string
	class int32
	limit int

	path   string // see KeepIn
	codec  Codec[V]
	loaded sync.Once

	mu     sync.Mutex
	rows   int
	brands map[id.ID]*shelf[V]
}

type shelf[V any] [Shards]struct {
	version int64
	rows    map[id.ID]V
}

// New makes a memo. Table is the room's table of versions, class its class of locks (db.LockKeys), limit the number of
// rows remembered at most.
func New[V any](table string, class int32, limit int) *Memo[V] {
	return &Memo[V]{table: table, class: class, limit: limit, brands: map[id.ID]*shelf[V]{}}
}

// Hold is a transaction's right to change some rows. It ends with the transaction.
type Hold[V any] struct {
	m       *Memo[V]
	brand   id.ID
	ids     []id.ID
	all     bool
	shards  [Shards]bool
	was     [common + 1]int64 // versions before
	version int64             // version now
	known   []V
	isKnown []bool
	next    []V
	keep    []bool
}

func shardOf(row id.ID) int {
	return int(uint64(row>>blockBits) * 0x9E3779B97F4A7C15 >> 57)
}

// key is the lock of a shard.
func key(brand id.ID, shard int) int32 { return int32(int64(brand)%(1<<23)*Shards + int64(shard)) }

// Lock keeps other transactions away from the rows until tx ends. Rows that are not kept (Hold.Keep) are forgotten when
// it commits.
func (m *Memo[V]) Lock(ctx context.Context, tx *db.Tx, brand id.ID, ids []id.ID) (*Hold[V], error) {
	m.loaded.Do(m.load)
	h := &Hold[V]{m: m, brand: brand, ids: ids}
	for _, r := range ids {
		h.shards[shardOf(r)] = true
	}
	return h, h.take(ctx, tx)
}

// LockAll locks every row of the brand and forgets them all, with what depends on Hold.Common.
func (m *Memo[V]) LockAll(ctx context.Context, tx *db.Tx, brand id.ID) error {
	m.loaded.Do(m.load)
	h := &Hold[V]{m: m, brand: brand, all: true}
	for i := range h.shards {
		h.shards[i] = true
	}
	return h.take(ctx, tx)
}

func (h *Hold[V]) take(ctx context.Context, tx *db.Tx) error {
	var locks []int32
	var rows [][]any
	h.version = rand.Int64() //nolint:gosec // needs to be new, not secret
	for i, held := range h.shards {
		if held {
			locks = append(locks, key(h.brand, i))
			rows = append(rows, []any{int64(h.brand), int64(i), h.version})
		}
	}
	if h.all {
		rows = append(rows, []any{int64(h.brand), int64(common), h.version})
	}
	if len(rows) == 0 {
		return nil
	}
	if err := db.LockKeys(ctx, tx, h.m.class, locks); err != nil {
		return err
	}
	if err := h.readVersions(ctx, tx); err != nil {
		return err
	}
	cols := []string{"brand_id", "shard", "version"}
	if _, err := db.Insert(ctx, tx, h.m.table, cols, rows, "ON CONFLICT (brand_id, shard) DO UPDATE SET version = excluded.version"); err != nil {
		return err
	}
	if !h.all {
		h.recall()
	}
	tx.AfterCommit(h.settle)
	return nil
}

func (h *Hold[V]) readVersions(ctx context.Context, tx *db.Tx) error {
	rows, err := tx.Query(ctx, "SELECT shard, version FROM "+h.m.table+" WHERE brand_id = $1", h.brand)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var shard, version int64
	for rows.Next() {
		if err := rows.Scan(&shard, &version); err != nil {
			return err
		}
		if shard >= 0 && shard <= common {
			h.was[shard] = version
		}
	}
	return rows.Err()
}

// recall takes over what is remembered of the rows at the versions read.
func (h *Hold[V]) recall() {
	h.known, h.isKnown = make([]V, len(h.ids)), make([]bool, len(h.ids))
	h.next, h.keep = make([]V, len(h.ids)), make([]bool, len(h.ids))
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	s := h.m.brands[h.brand]
	if s == nil {
		return
	}
	for i, r := range h.ids {
		n := shardOf(r)
		if sh := &s[n]; sh.version == h.was[n] && sh.version != 0 {
			h.known[i], h.isKnown[i] = sh.rows[r]
		}
	}
}

// Known gives what is remembered of row i of those locked, nil when nothing is.
func (h *Hold[V]) Known(i int) *V {
	if !h.isKnown[i] {
		return nil
	}
	return &h.known[i]
}

// Keep remembers v for row i once the transaction has committed.
func (h *Hold[V]) Keep(i int, v V) { h.next[i], h.keep[i] = v, true }

// Drop forgets row i, whatever was said before.
func (h *Hold[V]) Drop(i int) { h.keep[i] = false }

// KeepAll remembers every row as it was: for transactions that lock rows but do not change what is remembered.
func (h *Hold[V]) KeepAll() { copy(h.next, h.known); copy(h.keep, h.isKnown) }

// Common is a version that changes with every LockAll of the brand, for what is remembered of the brand as a whole.
func (h *Hold[V]) Common() int64 { return h.was[common] }

// settle brings the memo to what the committed transaction left.
func (h *Hold[V]) settle() {
	m := h.m
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.brands[h.brand]
	if s == nil {
		s = &shelf[V]{}
		m.brands[h.brand] = s
	}
	for n, held := range h.shards {
		if !held {
			continue
		}
		sh := &s[n]
		if h.all || sh.version != h.was[n] { // somebody else came between
			m.rows -= len(sh.rows)
			sh.rows = nil
		}
		sh.version = h.version
	}
	for i, r := range h.ids {
		sh := &s[shardOf(r)]
		_, had := sh.rows[r]
		switch {
		case h.keep[i] && (had || m.rows < h.m.limit):
			if sh.rows == nil {
				sh.rows = map[id.ID]V{}
			}
			if !had {
				m.rows++
			}
			sh.rows[r] = h.next[i]
		case had:
			delete(sh.rows, r)
			m.rows--
		}
	}
}
