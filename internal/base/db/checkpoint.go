package db

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// checkpointPages is how many pages of SQLite's log are worth bringing into the store: 32 MB. Bulk work rewrites hot
	// pages in every transaction; a late checkpoint writes each of them once.
	checkpointPages = 8192
	// checkpointRest is how many pages may be left for the writer, which has to bring in the last ones itself.
	checkpointRest = 2048
	// checkpointLook is how often the log's length is looked at while there are commits.
	checkpointLook = 100 * time.Millisecond
	// checkpointPasses bounds how often the rest of a log that keeps growing is brought in before the writer is asked.
	checkpointPasses = 3
)

// checkpointer brings SQLite's log into the store beside the writer. SQLite itself does so in the transaction that
// fills the log, for half a second at a time. The log begins anew only once all of it is in the store, and while the
// writer goes on there is always a rest: once that is short the writer brings it in, between two transactions.
type checkpointer struct {
	conn *sql.DB // one connection of its own
	last atomic.Int64
	ripe atomic.Bool // all but a short rest is in the store
	mu   sync.Mutex  // held by the one that works
}

// committed looks after the log, in the background and now and then.
func (c *checkpointer) committed(now time.Time) {
	last := c.last.Load()
	if c.ripe.Load() || now.UnixNano()-last < int64(checkpointLook) || !c.last.CompareAndSwap(last, now.UnixNano()) || !c.mu.TryLock() {
		return
	}
	go func() {
		defer c.mu.Unlock()
		c.work(context.Background())
	}()
}

// work brings the log in until the rest is short. Nothing depends on it: SQLite does it itself when the log has become
// four times as long.
func (c *checkpointer) work(ctx context.Context) {
	rest, err := checkpoint(ctx, c.conn, "NOOP")
	if err != nil || rest < checkpointPages {
		return
	}
	for range checkpointPasses {
		if _, err = checkpoint(ctx, c.conn, "PASSIVE"); err != nil {
			return
		}
		// The pass tells what was left when it ended; the writer has gone on since it began.
		if rest, err = checkpoint(ctx, c.conn, "NOOP"); err != nil {
			return
		}
		if rest < checkpointRest {
			break
		}
	}
	c.ripe.Store(true)
}

// finish lets the writer bring in the rest, outside any transaction, so that its next one begins the log anew.
func (c *checkpointer) finish(ctx context.Context, write *sql.DB) {
	if c.ripe.CompareAndSwap(true, false) {
		_, _ = checkpoint(ctx, write, "PASSIVE") // a reader in the way is no harm: it is tried again
	}
}

func (c *checkpointer) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn.Close()
}

// checkpoint runs a checkpoint and tells how many pages of the log are not in the store.
func checkpoint(ctx context.Context, on *sql.DB, mode string) (rest int64, err error) {
	var busy, pages, done int64
	if err := on.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &done); err != nil {
		return 0, err
	}
	return pages - done, nil
}
