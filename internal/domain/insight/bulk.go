package insight

import (
	"context"
	"maps"
	"slices"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// Bulk books the deltas of one brand as Add does, but keeps the cells in memory over many transactions: the cells of the
// brand and the upper units are hot, and writing them once per flush instead of once per batch is most of a large load's
// time. It is for loading a brand nobody reads or writes yet; a load that breaks off, or a transaction that fails after
// Add, leaves the sums behind the facts, so such a brand must be loaded again. Not for use by several goroutines.
type Bulk struct {
	s     *Service
	brand id.ID
	cells map[cellKey]*cell
}

// Bulk begins a large load.
func (s *Service) Bulk(brand id.ID) *Bulk {
	return &Bulk{s: s, brand: brand, cells: map[cellKey]*cell{}}
}

const (
	bulkCells  = 100_000 // held at most
	flushCells = 2_000   // written in one transaction
)

// Add books deltas; see Service.Add.
func (b *Bulk) Add(ctx context.Context, tx *db.Tx, deltas []post.Delta) error {
	if len(deltas) == 0 {
		return nil
	}
	w := newWork(b.s, tx, b.brand)
	w.cells = b.cells
	if _, err := b.s.add(ctx, w, deltas); err != nil {
		return err
	}
	return w.finishRest(ctx)
}

// Full tells whether it is time to Flush.
func (b *Bulk) Full() bool { return len(b.cells) >= bulkCells }

// Flush writes the cells held, in transactions of its own.
func (b *Bulk) Flush(ctx context.Context) error {
	mark, err := readMark(ctx, b.s.db, b.brand)
	if err != nil {
		return err
	}
	keys := slices.SortedFunc(maps.Keys(b.cells), compareCells)
	err = inChunks(keys, flushCells, func(part []cellKey) error {
		cells := make(map[cellKey]*cell, len(part))
		for _, k := range part {
			cells[k] = b.cells[k]
		}
		return b.s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return b.s.foldOrAppend(ctx, tx, b.brand, cells, mark.Rolled, true)
		})
	})
	b.cells = map[cellKey]*cell{}
	return err
}
