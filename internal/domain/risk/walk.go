package risk

import (
	"context"
	"errors"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// walkBatch is how many texts one transaction judges; walkSlice how long a job works before it makes room for others.
const (
	walkBatch = 2_000
	walkSlice = 20 * time.Second
)

// errMoved says that somebody else moved the run meanwhile: it was paused, cancelled, or another process works on it.
var errMoved = errors.New("risk: the run was moved")

// walk works on a run until it is done, paused, or the slice is over; then the next job goes on. Two jobs on one run do
// no harm: each batch is committed only from the place it began at.
func (s *Service) walk(ctx context.Context, j walkJob) error {
	r, err := getRun(ctx, s.DB, j.BrandID, j.RunID)
	if err != nil || r.State != Running {
		return nil //nolint:nilerr // the run is gone or at rest: nothing to do
	}
	w, err := s.walker(ctx, j.BrandID, r)
	if err != nil {
		return s.fail(ctx, j.BrandID, r.ID, err)
	}
	end := s.Clock.Now().Add(walkSlice)
	for w.run.State == Running {
		if err := w.step(ctx); err != nil {
			if errors.Is(err, errMoved) {
				return nil
			}
			return err
		}
		if w.run.State == Running && (ctx.Err() != nil || s.Clock.Now().After(end)) {
			return s.handOn(context.WithoutCancel(ctx), j.BrandID, w.run)
		}
	}
	return nil
}

// handOn lets the next job go on where this one ends.
func (s *Service) handOn(ctx context.Context, brand id.ID, r Run) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE risk_run SET slice = slice + 1, moved_at = $1 WHERE brand_id = $2 AND id = $3 AND slice = $4 AND state = 'running'`, s.now(), brand, r.ID, r.Slice)
		if err != nil || n == 0 {
			return err
		}
		return s.Jobs.Insert(ctx, tx, walkJob{brand, r.ID, r.Slice + 1})
	})
}

// fail ends a run that cannot go on; it can be resumed by hand.
func (s *Service) fail(ctx context.Context, brand, run id.ID, cause error) error {
	_, err := s.DB.Exec(ctx, `UPDATE risk_run SET state = 'failed', fault = $1, moved_at = $2 WHERE brand_id = $3 AND id = $4 AND state = 'running'`, slugOr(cause, "risk.run_broken"), s.now(), brand, run)
	return errors.Join(cause, err)
}

// walker is one job's work on a run.
type walker struct {
	s     *Service
	brand id.ID
	run   Run
	rules *checker // what the run judges by
	base  *checker // what a what-if compares with; nil for a re-scan
	day   clock.Day
	today clock.Day
	from  clock.Ms // a what-if's oldest post
}

func (s *Service) walker(ctx context.Context, brand id.ID, r Run) (*walker, error) {
	w := &walker{s: s, brand: brand, run: r, today: clock.DayOf(s.Clock.Now(), clock.Shanghai())}
	w.day = w.today
	var err error
	if r.Kind == Rescan {
		w.rules, err = s.checker(ctx, brand, exact)
	} else {
		q := r.question()
		if q.At != 0 {
			w.day = q.At
		}
		w.from = clock.MsOf(w.today.Add(-q.Days).In(clock.Shanghai()))
		if w.rules, err = s.compileQuestion(ctx, brand, q); err == nil {
			w.base, err = s.checker(ctx, brand, exact)
		}
	}
	if err == nil && r.Total == 0 && r.Done == 0 {
		err = w.count(ctx)
	}
	return w, err
}

// count works out how much there is to do.
func (w *walker) count(ctx context.Context) error {
	posts, err := w.s.Posts.Count(ctx, w.s.DB, w.brand)
	if err != nil {
		return err
	}
	w.run.Total = posts
	if w.run.Kind == Rescan {
		profiles, err := w.s.Profiles.Count(ctx, w.s.DB, w.brand)
		if err != nil {
			return err
		}
		w.run.Total += profiles
	}
	_, err = w.s.DB.Exec(ctx, `UPDATE risk_run SET total = $1 WHERE brand_id = $2 AND id = $3`, w.run.Total, w.brand, w.run.ID)
	return err
}

// step judges one batch and commits it with the run's new place.
func (w *walker) step(ctx context.Context) error {
	began := w.s.Clock.Now()
	after := id.ID(w.run.Place)
	list, err := w.s.source(w.run.Phase).Walk(ctx, w.s.DB, w.brand, after, walkBatch)
	if err != nil {
		return err
	}
	next := w.run
	read := clock.MsOf(began)
	x := stretch{w.run.Phase, after, lastID}
	if len(list) == walkBatch {
		x.To = list[len(list)-1].ID
	}
	next.Done += int64(len(list))
	next.Place = int64(x.To)
	if len(list) < walkBatch {
		next.advance()
	}
	var b batch
	if w.run.Kind == Rescan {
		b, err = w.rescan(ctx, x, list, read)
	} else {
		b = w.whatIf(list)
	}
	if err != nil {
		return err
	}
	next.count(b.changes)
	next.Asked += int64(b.asked)
	next.WorkMs += w.s.Clock.Now().Sub(began).Milliseconds()
	err = w.s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return w.commit(ctx, tx, &next, x, &b, read) })
	if err == nil {
		w.run = next
	}
	return err
}

// lastID is above every id.
const lastID id.ID = 1<<63 - 1

// advance goes to the next kind of texts, or ends.
func (r *Run) advance() {
	if r.Kind == Rescan && r.Phase == Post {
		r.Phase, r.Place = Profile, 0
		return
	}
	r.State = Done
}

func (r *Run) count(list []change) {
	r.Changed += int64(len(list))
	for i := range list {
		if list[i].After > list[i].Before {
			r.Worse++
		} else if list[i].After < list[i].Before {
			r.Better++
		}
	}
}

// batch is what one step found.
type batch struct {
	rows    []standing
	gone    []id.ID
	changes []change
	asked   int
	steps   []Step
}

// rescan compares the batch with what stands.
func (w *walker) rescan(ctx context.Context, x stretch, list []Known, read clock.Ms) (batch, error) {
	before, err := standingsIn(ctx, w.s.DB, w.brand, x)
	if err != nil {
		return batch{}, err
	}
	verdicts, system := judge(w.rules, x.Kind, list, w.day), authz.SystemActor(w.brand, clock.Shanghai())
	b := batch{asked: len(list)}
	for i := range list {
		k := &list[i]
		old, known := before[k.ID]
		delete(before, k.ID)
		var was *standing
		if known {
			was = &old
		}
		row := verdicts[i].row(x.Kind, k, was, read)
		if known && row.same(&old) {
			continue
		}
		b.rows = append(b.rows, row)
		if known && old.Grade == row.Grade || !known && row.Grade == Pass {
			continue
		}
		b.changes = append(b.changes, changeOf(&row, old.Grade))
		if known {
			b.steps = append(b.steps, verdictStep(system, old.Grade, &row, k.Text))
		}
	}
	for gone := range before {
		b.gone = append(b.gone, gone)
	}
	return b, nil
}

// whatIf compares the question's rules with today's over the posts of its days.
func (w *walker) whatIf(list []Known) batch {
	asked := list[:0:0]
	for i := range list {
		if list[i].Published >= w.from {
			asked = append(asked, list[i])
		}
	}
	now, then := judge(w.base, Post, asked, w.today), judge(w.rules, Post, asked, w.day)
	b := batch{asked: len(asked)}
	for i := range asked {
		if now[i].Grade == then[i].Grade {
			continue
		}
		row := then[i].row(Post, &asked[i], nil, 0)
		if then[i].Grade < now[i].Grade { // show what would no longer fire
			row.Findings = findingsText(now[i].Findings)
		}
		b.changes = append(b.changes, changeOf(&row, now[i].Grade))
	}
	return b
}

// commit writes a batch and moves the run on, if it is still where the batch began.
func (w *walker) commit(ctx context.Context, tx *db.Tx, next *Run, x stretch, b *batch, read clock.Ms) error {
	now := w.s.now()
	next.MovedAt = now
	if next.State == Done {
		next.FinishedAt = now
	}
	n, err := tx.Exec(ctx, `UPDATE risk_run SET state = $1, phase = $2, place = $3, done = $4, changed = $5, worse = $6, better = $7, asked = $8, work_ms = $9, moved_at = $10, finished_at = $11
		WHERE brand_id = $12 AND id = $13 AND state = 'running' AND phase = $14 AND place = $15`,
		next.State, string(next.Phase), next.Place, next.Done, next.Changed, next.Worse, next.Better, next.Asked, next.WorkMs, next.MovedAt, next.FinishedAt,
		w.brand, w.run.ID, string(w.run.Phase), w.run.Place)
	if err != nil {
		return err
	}
	if n == 0 {
		return errMoved
	}
	if w.run.Kind == Rescan {
		if err := stamp(ctx, tx, w.brand, x, w.rules.version, read); err != nil {
			return err
		}
		if err := putStandings(ctx, tx, w.brand, b.rows, read+1); err != nil {
			return err
		}
		if err := dropStandings(ctx, tx, w.brand, x.Kind, b.gone); err != nil {
			return err
		}
	}
	if err := putChanges(ctx, tx, w.brand, w.run.ID, w.s.IDs, b.changes); err != nil {
		return err
	}
	return w.s.append(ctx, tx, w.brand, b.steps)
}

// tend starts the first run of a brand, puts runs and trainings that nobody works on back into the queue, and looks at everything
// again on the first and after the last day of a dated rule.
func (s *Service) tend(ctx context.Context) error {
	actors, err := s.Brands.SystemActors(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, a := range actors {
		failed = errors.Join(failed, s.tendBrand(ctx, a))
	}
	return failed
}

// idle is how long a running run may stand still before somebody else takes it up.
const idle = 2 * time.Minute

func (s *Service) tendBrand(ctx context.Context, actor authz.Actor) error {
	head, err := headVersion(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	turned, err := s.turned(ctx, actor, head)
	if err != nil {
		return err
	}
	_, fingerprint, err := s.shippedNow()
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.tendTraining(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		last, err := db.One[Run](ctx, tx, "SELECT "+runCols+" FROM risk_run WHERE brand_id = $1 AND kind = 'rescan' ORDER BY id DESC LIMIT 1", actor.BrandID)
		if db.NoRows(err) {
			_, err = s.startRun(ctx, tx, actor, Run{Kind: Rescan, Cause: causeFirst, Version: head})
			return err
		}
		if err != nil {
			return err
		}
		if last.State == Done && (turned || head == 0 && last.question().Shipped != fingerprint) {
			cause := causeShipped
			if turned {
				cause = causeDated
			}
			_, err = s.startRun(ctx, tx, actor, Run{Kind: Rescan, Cause: cause, Version: head})
			return err
		}
		left, err := db.All[Run](ctx, tx, "SELECT "+runCols+" FROM risk_run WHERE brand_id = $1 AND state = 'running' AND moved_at < $2",
			actor.BrandID, clock.MsOf(s.Clock.Now().Add(-idle)))
		if err != nil {
			return err
		}
		for _, r := range left {
			if _, err := tx.Exec(ctx, `UPDATE risk_run SET slice = slice + 1, moved_at = $1 WHERE brand_id = $2 AND id = $3`, s.now(), actor.BrandID, r.ID); err != nil {
				return err
			}
			if err := s.Jobs.Insert(ctx, tx, walkJob{actor.BrandID, r.ID, r.Slice + 1}); err != nil {
				return err
			}
		}
		return nil
	})
}

// turned tells whether a rule of a version began or ended since the newest re-scan. Most days nothing has to be read.
func (s *Service) turned(ctx context.Context, actor authz.Actor, number int) (bool, error) {
	var at clock.Ms
	err := s.DB.QueryRow(ctx, "SELECT started_at FROM risk_run WHERE brand_id = $1 AND kind = 'rescan' ORDER BY id DESC LIMIT 1", actor.BrandID).Scan(&at)
	if db.NoRows(err) {
		return false, nil
	}
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	last, today := at.Day(zone), s.today(actor)
	if err != nil || last >= today {
		return false, err
	}
	e, err := s.edition(ctx, s.DB, actor.BrandID, number)
	return err == nil && e.turns(last, today), err
}
