package reflow

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
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
	return min(i.DoneItems+max(1, size/call)*call, len(p.roster))
}

// ahead is how far the rows of a roster are ready to be written.
type ahead struct {
	upto chan int // closed at the end or after err
	err  error
	done int
}

// aheadBy is how many thousand rows are made ready before the writer asks for them.
const aheadBy = 8

// readyAhead makes the rows of a roster from start on ready, beside the writing of those before them.
func (s *Service) readyAhead(ctx context.Context, brand id.ID, rows []account.RosterRow, start int) *ahead {
	a := &ahead{upto: make(chan int, aheadBy), done: start}
	go func() {
		defer close(a.upto)
		for from := start; from < len(rows); from += account.RosterBatch {
			to := min(from+account.RosterBatch, len(rows))
			if a.err = s.Roster.RosterReady(brand, rows[from:to]); a.err != nil {
				return
			}
			select {
			case a.upto <- to:
			case <-ctx.Done():
				a.err = ctx.Err()
				return
			}
		}
	}()
	return a
}

// wait returns when the rows before upto are ready.
func (a *ahead) wait(upto int) error {
	for a.done < upto {
		n, open := <-a.upto
		if !open {
			return a.err
		}
		a.done = n
	}
	return nil
}
