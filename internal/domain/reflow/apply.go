package reflow

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/domain/account"
	"kosmos/internal/event"
)

const (
	// maxBatch bounds what one transaction writes; the size in use follows how long the last one took.
	maxBatch   = 5000
	firstBatch = 1000
	minBatch   = 200
	// aim is how long a transaction of an import should hold the writer.
	aim = 150 * time.Millisecond
	// leaseTime is how long a process may be silent before others take its work over.
	leaseTime = time.Minute
)

// Apply starts writing a previewed import; a job does it. Errors: reflow.wrong_state.
func (s *Service) Apply(ctx context.Context, actor authz.Actor, imp id.ID) (Import, error) {
	i, err := s.Get(ctx, actor, imp)
	if err != nil {
		return i, err
	}
	if i.State != Ready {
		return i, errs.New(errs.Conflict, "reflow.wrong_state", "state", string(i.State))
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.begin(ctx, tx, actor, &i); err != nil {
			return err
		}
		return s.Jobs.Insert(ctx, tx, workJob{i.BrandID, i.ID})
	})
	return i, err
}

// begin moves a ready import to applying and sets its counts to what is really written from now on.
func (s *Service) begin(ctx context.Context, tx *db.Tx, actor authz.Actor, i *Import) error {
	ok, err := setState(ctx, tx, i.BrandID, i.ID, i.State, Applying)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Conflict, "reflow.wrong_state", "state", string(i.State))
	}
	i.State, i.DoneItems, i.Inserted, i.Updated, i.Unchanged = Applying, 0, 0, 0, 0
	if err := saveProgress(ctx, tx, i); err != nil {
		return err
	}
	return s.audit(ctx, tx, actor, "reflow.apply", i)
}

// take claims the import for this process.
func (s *Service) take(ctx context.Context, i *Import, force bool) error {
	lease := s.IDs.New().String()
	now := s.now()
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := takeLease(ctx, tx, i, lease, now, until(now), force)
		if err != nil {
			return err
		}
		if !ok {
			return errLeaseLost
		}
		i.Lease = lease
		fresh, err := getImport(ctx, tx, i.BrandID, i.ID)
		if err == nil {
			*i = fresh
		}
		return err
	})
}

func until(now clock.Ms) clock.Ms { return now + clock.Ms(leaseTime/time.Millisecond) }

// work does what an import's state asks for, from where the last process stopped. A failure of the import itself takes
// back what was written; a stop of the program leaves it to be continued.
func (s *Service) work(ctx context.Context, i *Import, force bool, data []byte) error {
	if !i.State.running() {
		return nil
	}
	if err := s.take(ctx, i, force); err != nil {
		return err
	}
	defer func() { _ = dropLease(context.WithoutCancel(ctx), s.DB, i) }()
	switch i.State {
	case Applying:
		err := s.write(ctx, i, data)
		if err == nil || ctx.Err() != nil || errors.Is(err, errLeaseLost) {
			return err
		}
		if ferr := s.fail(ctx, i, err); ferr != nil {
			return errors.Join(err, ferr)
		}
		return err
	case Failing:
		return s.takeBack(ctx, i, Failed)
	default:
		return s.takeBack(ctx, i, Undone)
	}
}

// write prepares the file again, exactly as it was looked at, and writes what is not in yet.
func (s *Service) write(ctx context.Context, i *Import, data []byte) error {
	actor, err := s.actorOf(ctx, i)
	if err != nil {
		return err
	}
	if data == nil {
		if data, err = s.load(ctx, i); err != nil {
			return err
		}
	}
	set, err := s.settings(ctx, actor, i, Said{Account: i.AccountName, Platform: i.Platform, Mapping: i.Mapping, PostTitle: i.PostTitle})
	if err != nil {
		return err
	}
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.DefaultLimits())
	if err != nil {
		return err
	}
	p, err := s.prepare(ctx, actor, book, set)
	if err != nil {
		return err
	}
	return s.writePrepared(ctx, actor, i, p)
}

// writePrepared writes from the import's progress on, batch by batch, and ends the import. A file that is still being
// read has no total, and its rows' faults are told when it ends.
func (s *Service) writePrepared(ctx context.Context, actor authz.Actor, i *Import, p *prepared) error {
	if p.need != nil {
		return p.need
	}
	w := &writing{s: s, actor: actor, i: i, p: p, size: firstBatch, look: i.DoneItems + 1}
	if err := w.begin(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx) // ends the feed
	defer cancel()
	p.feed.start(ctx, s, i.BrandID, p, i.DoneItems)
	for {
		if more, err := w.ready(ctx); err != nil {
			return err
		} else if !more {
			break
		}
		start := s.Clock.Now()
		if err := s.writeBatch(ctx, actor, i, p, w.size); err != nil {
			return err
		}
		w.size = nextSize(w.size, s.Clock.Now().Sub(start))
	}
	if w.late {
		i.Errors, i.Warnings = i.Errors+p.errors, i.Warnings+p.warnings
	}
	i.Rows, i.Total = p.rows, p.total()
	if err := s.propose(ctx, actor, i, p); err != nil {
		return err
	}
	if !w.late {
		return s.finish(ctx, actor, i, nil)
	}
	return s.finish(ctx, actor, i, p.faults)
}

// writing is an import being written.
type writing struct {
	s     *Service
	actor authz.Actor
	i     *Import
	p     *prepared
	size  int  // of the next batch
	look  int  // from how many items on the store's planner has to look again
	late  bool // the faults of the rows are told at the end
}

// begin checks that the file is the one that was begun, and tells the faults that are known.
func (w *writing) begin(ctx context.Context) error {
	i, p := w.i, w.p
	streamed := i.DoneItems > 0 && i.Total == 0 // by a run that was killed
	w.late = p.feed != nil || streamed
	if i.DoneItems > 0 && !w.late && i.Total != p.total() {
		return errs.New(errs.Conflict, "reflow.changed_meanwhile") // the roster moved under a half-written import
	}
	if i.DoneItems == 0 {
		if err := w.s.firstFaults(ctx, i, p); err != nil {
			return err
		}
	}
	if !w.late {
		i.Rows, i.Total = p.rows, p.total()
	}
	if p.feed == nil {
		p.feed = &rosterFeed{}
	}
	return nil
}

// ready waits for the rows of the next batch; more is false when everything is written.
func (w *writing) ready(ctx context.Context) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if w.i.DoneItems >= w.look {
		if err := w.s.DB.Freshen(ctx); err != nil {
			return false, err
		}
		w.look = 2 * w.i.DoneItems
	}
	rows, _, err := w.p.feed.wait(ctx, rosterEnd(w.i, w.size, account.RosterCall(w.s.DB.Dialect())))
	if err != nil {
		return false, err
	}
	w.p.roster = rows
	return w.i.DoneItems < w.p.total(), nil
}

// nextSize keeps transactions near the aim.
func nextSize(size int, took time.Duration) int {
	switch {
	case took > 2*aim:
		size /= 2
	case took > aim:
		size = size * 3 / 4
	case took < aim/2:
		size *= 2
	}
	return min(max(size, minBatch), maxBatch)
}

// firstFaults replaces the preview's faults by those of this reading; a file that is still being read has none yet.
func (s *Service) firstFaults(ctx context.Context, i *Import, p *prepared) error {
	i.Errors, i.Warnings = p.errors, p.warnings
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := keepLease(ctx, tx, i, until(s.now())); err != nil {
			return err
		}
		if err := clearFaults(ctx, tx, i.BrandID, i.ID); err != nil {
			return err
		}
		return addFaults(ctx, tx, i.BrandID, i.ID, 0, p.faults)
	})
}

// writeBatch writes the next batch and the progress in one transaction.
func (s *Service) writeBatch(ctx context.Context, actor authz.Actor, i *Import, p *prepared, size int) error {
	next := *i
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := keepLease(ctx, tx, i, until(s.now())); err != nil {
			return err
		}
		var c Counts
		var faults []Fault
		var n int
		var err error
		if i.DoneItems < len(p.roster) {
			c, faults, n, err = s.writeRoster(ctx, tx, actor, i, p, size)
			next.Errors += len(faults)
		} else {
			c, n, err = s.writeFigures(ctx, tx, actor, i, p, size)
		}
		if err != nil {
			return err
		}
		next.DoneItems += n
		next.Inserted, next.Updated, next.Unchanged = next.Inserted+c.Inserted, next.Updated+c.Updated, next.Unchanged+c.Unchanged
		if len(faults) > 0 {
			seq, err := countFaults(ctx, tx, i.BrandID, i.ID)
			if err != nil {
				return err
			}
			if err := addFaults(ctx, tx, i.BrandID, i.ID, seq, faults); err != nil {
				return err
			}
		}
		return saveProgress(ctx, tx, &next)
	})
	if err == nil {
		*i = next
	}
	return err
}

func (s *Service) writeFigures(ctx context.Context, tx *db.Tx, actor authz.Actor, i *Import, p *prepared, size int) (Counts, int, error) {
	b, n := p.batch(i, i.DoneItems, size)
	b.ImportID, b.Zone = s.IDs.New(), zoneOf(actor)
	if err := addBatch(ctx, tx, i, b.ImportID); err != nil {
		return Counts{}, 0, err
	}
	if err := p.sumLeads(ctx, tx, i, b.Accounts); err != nil {
		return Counts{}, 0, err
	}
	res, deltas, err := s.Posts.Apply(ctx, tx, b)
	if err != nil {
		return Counts{}, 0, err
	}
	if err := s.Figures.Add(ctx, tx, deltas); err != nil {
		return Counts{}, 0, err
	}
	return Counts{res.Inserted, res.Updated, res.Unchanged}, n, nil
}

// finish ends a written import, with the faults not yet told, and tells whoever listens.
func (s *Service) finish(ctx context.Context, actor authz.Actor, i *Import, faults []Fault) error {
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := keepLease(ctx, tx, i, until(s.now())); err != nil {
			return err
		}
		if len(faults) > 0 {
			seq, err := countFaults(ctx, tx, i.BrandID, i.ID)
			if err != nil {
				return err
			}
			if err := addFaults(ctx, tx, i.BrandID, i.ID, seq, faults); err != nil {
				return err
			}
		}
		if err := saveProgress(ctx, tx, i); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, actor, "reflow.applied", i); err != nil {
			return err
		}
		if err := endImport(ctx, tx, i, Done, s.now()); err != nil {
			return err
		}
		return s.Jobs.Publish(ctx, tx, i.finished(Done))
	})
	if err == nil {
		i.State = Done
	}
	return err
}

func (i *Import) finished(state State) event.ImportFinished {
	return event.ImportFinished{
		BrandID: i.BrandID, ImportID: i.ID, UserID: i.UserID, Kind: i.Kind, State: string(state), FileName: i.FileName,
		Inserted: i.Inserted, Updated: i.Updated, Errors: i.Errors,
	}
}

// fail marks an import whose writing cannot go on and takes back what is in.
func (s *Service) fail(ctx context.Context, i *Import, cause error) error {
	i.Slug, i.Params = "reflow.failed", ""
	var e *errs.Error
	if errors.As(cause, &e) && e.Code != errs.Internal {
		i.Slug, i.Params = e.Slug, paramsJSON(e.Params)
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := keepLease(ctx, tx, i, until(s.now())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE reflow_import SET state = $1, slug = $2, params = $3 WHERE brand_id = $4 AND id = $5",
			Failing, i.Slug, text(i.Params), i.BrandID, int64(i.ID))
		return err
	})
	if err != nil {
		return err
	}
	i.State = Failing
	return s.takeBack(ctx, i, Failed)
}

// actorOf rebuilds who asked for the import, with the grants of that moment.
func (s *Service) actorOf(ctx context.Context, i *Import) (authz.Actor, error) {
	list, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return authz.Actor{}, err
	}
	for _, a := range list {
		if a.BrandID != i.BrandID {
			continue
		}
		if i.UserKind == string(authz.System) {
			return a, nil
		}
		var grants []authz.Grant
		if err := json.Unmarshal([]byte(i.Grants), &grants); err != nil {
			return authz.Actor{}, err
		}
		return s.Bind(authz.Actor{Kind: authz.Kind(i.UserKind), BrandID: i.BrandID, UserID: i.UserID, Name: i.UserName, Lang: a.Lang, Zone: a.Zone, Grants: grants}), nil
	}
	return authz.Actor{}, errs.New(errs.NotFound, "reflow.no_brand")
}
