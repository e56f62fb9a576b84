package reflow

import (
	"context"
	"sync"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/reflow/layout"
)

// writeRoster writes some size rows of the roster in the transaction of a batch, in whole calls of RosterApply: half a
// call costs as much in statements as a whole one.
func (s *Service) writeRoster(ctx context.Context, tx *db.Tx, actor authz.Actor, i *Import, p *prepared, size int) (Counts, []Fault, int, error) {
	call := account.RosterCall(tx.Dialect())
	rows := p.roster[i.DoneItems:rosterUpto(i, p, size, call)]
	var c Counts
	var faults []Fault
	for from := 0; from < len(rows); from += call {
		out, err := s.Roster.RosterApply(ctx, tx, actor, i.ID, rows[from:min(from+call, len(rows))])
		if err != nil {
			return Counts{}, nil, 0, err
		}
		c.Inserted, c.Updated, c.Unchanged = c.Inserted+out.Inserted, c.Updated+out.Updated, c.Unchanged+out.Unchanged
		for _, f := range out.Errors {
			faults = append(faults, Fault{Row: f.Row, Column: p.column(f.Column), Slug: f.Slug, Params: paramsJSON(f.Params)})
		}
	}
	return c, faults, len(rows), nil
}

// rosterUpto is where a batch of some size rows ends, of which a call takes so many.
func rosterUpto(i *Import, p *prepared, size, call int) int {
	return min(rosterEnd(i, size, call), len(p.roster))
}

func rosterEnd(i *Import, size, call int) int { return i.DoneItems + max(1, size/call)*call }

// rosterFeed gives the rows of a roster to their writer as they become ready: cells, phones and spelling are made ready,
// and of a large file the rows read and checked, while those before them are written. Rows come in the order of the
// file.
type rosterFeed struct {
	read func(yield func(*layout.Record) error) error // nil when all rows have been read

	mu    sync.Mutex
	more  chan struct{} // closed and made again with every change
	rows  []account.RosterRow
	ended bool
	err   error
}

// readChunk is how many rows are read and checked at once.
const readChunk = 2 * account.RosterBatch

// start begins to make rows ready, for a writer that goes on at row from.
func (f *rosterFeed) start(ctx context.Context, s *Service, brand id.ID, p *prepared, from int) {
	f.more = make(chan struct{})
	go func() {
		var err error
		if f.read != nil {
			err = f.readAll(ctx, s, brand, p)
		} else {
			err = f.readyAll(ctx, s, brand, p.roster, from)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.ended, f.err = true, err
		close(f.more)
	}()
}

func (f *rosterFeed) readyAll(ctx context.Context, s *Service, brand id.ID, rows []account.RosterRow, from int) error {
	for to := from; to < len(rows); {
		at := to
		to = min(to+account.RosterBatch, len(rows))
		if err := s.Roster.RosterReady(brand, rows[at:to]); err != nil {
			return err
		}
		f.publish(rows[:to])
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	f.publish(rows)
	return nil
}

// readAll reads the file. What it writes to p but the roster, the writer reads after the end.
func (f *rosterFeed) readAll(ctx context.Context, s *Service, brand id.ID, p *prepared) error {
	seen := account.RosterSeen{}
	var rows []account.RosterRow
	recs := make([]*layout.Record, 0, readChunk)
	flush := func() error {
		sound := p.checkRoster(s.Roster, seen, recs)
		recs = recs[:0]
		if err := s.Roster.RosterReady(brand, sound); err != nil {
			return err
		}
		rows = append(rows, sound...)
		f.publish(rows)
		return ctx.Err()
	}
	err := f.read(func(r *layout.Record) error {
		p.rows++
		if recs = append(recs, r); len(recs) < readChunk {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (f *rosterFeed) publish(rows []account.RosterRow) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = rows
	close(f.more)
	f.more = make(chan struct{})
}

// wait gives the rows that are ready once those before upto are, or all are; all tells which.
func (f *rosterFeed) wait(ctx context.Context, upto int) (rows []account.RosterRow, all bool, err error) {
	for {
		f.mu.Lock()
		rows, ended, err, more := f.rows, f.ended, f.err, f.more
		f.mu.Unlock()
		if err != nil || ended || len(rows) >= upto {
			return rows, ended, err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}
