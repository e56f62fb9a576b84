package risk

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
	"kosmos/internal/scan/rank"
)

// trainJob works on one training.
type trainJob struct {
	BrandID  id.ID `json:"brand_id"`
	Training id.ID `json:"training"`
}

// Kind implements jobs.Args.
func (trainJob) Kind() string { return "risk.train" }

// StartTraining begins to learn a ranker of the brand's own from its reviewers' verdicts. Errors: risk.ranker_few,
// risk.ranker_training.
func (s *Service) StartTraining(ctx context.Context, actor authz.Actor) (training id.ID, err error) {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	rows, err := s.rows(ctx, actor.BrandID)
	if err != nil {
		return 0, err
	}
	if err := rows.verdicts.ready(); err != nil {
		return 0, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		training, err = s.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		return s.Jobs.Insert(ctx, tx, trainJob{actor.BrandID, training})
	})
	return training, err
}

// begin notes a training; one at a time.
func (s *Service) begin(ctx context.Context, tx *db.Tx, actor authz.Actor) (id.ID, error) {
	if _, err := openDraft(ctx, tx, actor.BrandID); err != nil {
		return 0, err
	}
	last, err := lastTraining(ctx, tx, actor.BrandID)
	if err != nil {
		return 0, err
	}
	if last != nil && last.State == Running {
		return 0, errs.New(errs.Conflict, "risk.ranker_training")
	}
	now := s.now()
	t := Training{ID: s.IDs.New(), State: Running, StartedAt: now, StartedID: actor.UserID, StartedBy: nameOf(actor), MovedAt: now}
	if err := insertTraining(ctx, tx, actor.BrandID, t); err != nil {
		return 0, err
	}
	return t.ID, s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "risk.ranker_training", Kind: "training", Object: t.ID})
}

// Train learns a ranker at once, for the command line. Errors: as StartTraining.
func (s *Service) Train(ctx context.Context, actor authz.Actor) (Ranker, error) {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return Ranker{}, err
	}
	var training id.ID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		training, err = s.begin(ctx, tx, actor)
		return err
	})
	if err != nil {
		return Ranker{}, err
	}
	if err := s.train(ctx, trainJob{actor.BrandID, training}); err != nil {
		return Ranker{}, err
	}
	t, err := getTraining(ctx, s.DB, actor.BrandID, training)
	if err != nil {
		return Ranker{}, err
	}
	return getRanker(ctx, s.DB, actor.BrandID, t.Number)
}

// RankerFile gives the file of a ranker. Error: risk.ranker_gone.
func (s *Service) RankerFile(ctx context.Context, actor authz.Actor, number int) ([]byte, error) {
	return modelOf(ctx, s.DB, actor.BrandID, number)
}

// train works on a training. It may run twice for one: only the first to end keeps what it learned.
func (s *Service) train(ctx context.Context, j trainJob) error {
	t, err := getTraining(ctx, s.DB, j.BrandID, j.Training)
	if err != nil || t.State != Running {
		return err
	}
	m, measured, err := s.learn(ctx, j.BrandID, func(done, of int) error {
		t.Done, t.Total, t.MovedAt = done, of, s.now()
		still, err := moveTraining(ctx, s.DB, j.BrandID, t)
		if err == nil && !still {
			err = errMoved
		}
		return errors.Join(err, ctx.Err())
	})
	switch {
	case errors.Is(err, errMoved):
		return nil
	case err != nil && ctx.Err() == nil:
		return s.endFailed(ctx, j, t, err)
	case err != nil:
		return err
	}
	if err := s.keep(ctx, j.BrandID, t, m, measured); !errors.Is(err, errMoved) {
		return err
	}
	return nil
}

// endFailed ends a training that cannot succeed. That there are too few verdicts is no fault of the job.
func (s *Service) endFailed(ctx context.Context, j trainJob, t Training, cause error) error {
	t.State, t.Fault, t.FinishedAt = Failed, slugOr(cause, "risk.ranker_broken"), s.now()
	_, err := endTraining(ctx, s.DB, j.BrandID, t)
	return errors.Join(cause, err)
}

// keep writes what was learned as the next version, with its trail and its evidence.
func (s *Service) keep(ctx context.Context, brand id.ID, t Training, m *rank.Model, measured Measured) error {
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		return err
	}
	actor := authz.SystemActor(brand, clock.Shanghai())
	if t.StartedID != 0 {
		actor.Kind, actor.UserID, actor.Name = authz.User, t.StartedID, t.StartedBy
	}
	r := Ranker{TrainedAt: s.now(), Trainer: t.StartedBy, Weights: m.Version(), Measured: measured}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := openDraft(ctx, tx, brand); err != nil {
			return err
		}
		number, err := insertRanker(ctx, tx, brand, t.StartedID, r, file.Bytes())
		if err != nil {
			return err
		}
		t.State, t.Number, t.FinishedAt = Done, number, r.TrainedAt
		first, err := endTraining(ctx, tx, brand, t)
		if err != nil {
			return err
		}
		if !first {
			return errMoved // another worker kept it: what was written here is undone
		}
		v := measured.Verdicts
		counts := map[string]int64{"refused": int64(v.Refused), "approved": int64(v.Approved), "right": int64(v.Right), "false_alarms": int64(v.FalseAlarms)}
		if err := s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "risk.ranker_trained", Kind: "ranker", Name: rankerName(number), Counts: counts}); err != nil {
			return err
		}
		return s.append(ctx, tx, brand, []Step{{
			Kind: "risk.ranker_trained", Object: "ranker", ObjectID: id.ID(number), Actor: actor, At: r.TrainedAt,
			Body: map[string]any{
				"number": number, "weights": r.Weights, "sha256": hashOf(file.Bytes()), "refused": v.Refused, "approved": v.Approved, "right": v.Right, "false_alarms": v.FalseAlarms,
			},
		}})
	})
}

// learn gathers the verdicts, measures on rows held out, and learns from all of them. Error: risk.ranker_few.
func (s *Service) learn(ctx context.Context, brand id.ID, tell func(done, of int) error) (*rank.Model, Measured, error) {
	rows, err := s.rows(ctx, brand)
	if err != nil {
		return nil, Measured{}, err
	}
	slices.Reverse(rows.order) // oldest first: the same verdicts give the same weights
	slices.Reverse(rows.alarms)
	out := Measured{Verdicts: rows.verdicts, Words: []rank.Feature{}}
	if err := out.Verdicts.ready(); err != nil {
		return nil, out, err
	}
	var all []rank.Example
	steps := counter{tell: tell, of: 1}
	if out.Verdicts.enoughToOrder() {
		steps.of += parts
	}
	if out.Verdicts.enoughToLower() {
		steps.of += parts
	}
	if out.Verdicts.enoughToOrder() {
		if out.Order, err = s.measureOrder(ctx, brand, rows.order, steps.next); err != nil {
			return nil, out, err
		}
		all = append(all, examples(rows.order)...)
	}
	if out.Verdicts.enoughToLower() {
		if out.Alarms, err = measureAlarms(rows.alarms, steps.next); err != nil {
			return nil, out, err
		}
		all = append(all, rows.alarms...)
	}
	m, err := rank.Train(all, pack.OwnOptions(), int32(clock.DayOf(s.Clock.Now(), clock.Shanghai())), []string{"verdicts"})
	if err != nil {
		return nil, out, err
	}
	const shown = 20
	if top := m.Strongest(pack.Refused, textsOfRows(all), shown); top != nil {
		out.Words = top
	}
	return m, out, steps.next(1, 1)
}

// parts is how many parts rows are held out in.
const parts = 5

// counter turns the steps of several measurements into those of one training.
type counter struct {
	tell     func(done, of int) error
	done, of int
}

func (c *counter) next(int, int) error {
	c.done++
	return c.tell(c.done, c.of)
}

// measureOrder rates each text by rankers that had not learned from it, and compares the queue's order with the one that
// the shipped ranker alone gives.
func (s *Service) measureOrder(ctx context.Context, brand id.ID, rows []ordered, tell func(done, of int) error) (*OrderFigures, error) {
	c, err := s.checker(ctx, brand, exact)
	if err != nil {
		return nil, err
	}
	plain, err := c.pack.WithOwn(nil)
	if err != nil {
		return nil, err
	}
	list := examples(rows)
	held, err := holdOut(list, pack.Refused, tell)
	if err != nil {
		return nil, err
	}
	f := &OrderFigures{Rows: len(held)}
	over, caught := 0, 0
	for _, h := range held {
		if h.Positive {
			f.Refused++
		}
		if h.Over() {
			over++
			if h.Positive {
				caught++
			}
		}
	}
	f.Precision, f.Recall = rank.Share(caught, over), rank.Share(caught, f.Refused)
	day := int32(clock.DayOf(s.Clock.Now(), clock.Shanghai()))
	positive, before, after := make([]bool, len(held)), make([]float64, len(held)), make([]float64, len(held))
	for i, h := range held {
		r := rows[h.Row]
		x := scan.Context{Platform: r.platform, Industry: c.industry, Kind: r.kind, Day: day}
		positive[i] = h.Positive
		before[i] = plain.CheckPart(r.Text, x, pack.Opinion{}).Score
		after[i] = plain.CheckPart(r.Text, x, pack.OpinionOf(h.P, h.Threshold, f.Recall.Value)).Score
	}
	f.Shipped, f.Own, f.Gain = rank.Areas(positive, before, after)
	return f, nil
}

// measureAlarms tells how many false alarms, and how many right findings, lie over a threshold made without them.
func measureAlarms(rows []rank.Example, tell func(done, of int) error) (*AlarmFigures, error) {
	held, err := holdOut(rows, pack.FalseAlarm, tell)
	if err != nil {
		return nil, err
	}
	f := &AlarmFigures{Rows: len(held)}
	lowered, lost := 0, 0
	for _, h := range held {
		if h.Positive {
			f.False++
		}
		if h.Over() && h.Positive {
			lowered++
		} else if h.Over() {
			lost++
		}
	}
	f.Lowered, f.Lost = rank.Share(lowered, f.False), rank.Share(lost, f.Rows-f.False)
	return f, nil
}

// holdOut keeps near-duplicates together. Error: risk.ranker_alike.
func holdOut(rows []rank.Example, label string, tell func(done, of int) error) ([]rank.Held, error) {
	held, err := rank.HoldOut(rows, groups(textsOfRows(rows)), label, pack.OwnOptions(), tell)
	if errors.Is(err, rank.ErrTooFew) {
		return nil, errs.Wrap(errs.Precondition, "risk.ranker_alike", err)
	}
	return held, err
}

func examples(rows []ordered) []rank.Example {
	out := make([]rank.Example, len(rows))
	for i, r := range rows {
		out[i] = r.Example
	}
	return out
}

func textsOfRows(rows []rank.Example) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Text
	}
	return out
}

// idleTraining is how long a training may stand still before another process takes it up.
const idleTraining = 10 * 60 * 1000

// tendTraining puts a training that nobody works on back into the queue.
func (s *Service) tendTraining(ctx context.Context, tx *db.Tx, brand id.ID) error {
	t, err := lastTraining(ctx, tx, brand)
	if err != nil || t == nil || t.State != Running || t.MovedAt > s.now()-idleTraining {
		return err
	}
	t.MovedAt = s.now()
	if _, err := moveTraining(ctx, tx, brand, *t); err != nil {
		return err
	}
	return s.Jobs.Insert(ctx, tx, trainJob{brand, t.ID})
}
