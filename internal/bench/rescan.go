package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

const (
	rescanAccounts = 10_000
	rescanEach     = 100 // posts of an account: a million in all
	// pauseTarget is how long a re-scan may go on after it was told to pause.
	pauseTarget = 1000 // ms
	walkAtOnce  = 2000
)

// rescan looks at a million posts again: when nothing was ever looked at, when nothing changed, and when a rule that hits
// every tenth post came or went. The first one is paused on the way and taken up again.
func rescan(ctx context.Context, r *run) error {
	s, done, err := r.store(ctx, recipe{"rescan", func(ctx context.Context, r *run, s *System) error {
		if err := accounts(ctx, r, s, rescanAccounts); err != nil {
			return err
		}
		return posts(ctx, r, s, rescanEach)
	}})
	if err != nil {
		return err
	}
	return joinClose(r.measureRescan(ctx, s), done)
}

func (r *run) measureRescan(ctx context.Context, s *System) error {
	bare, err := r.justJudge(ctx, s)
	if err != nil {
		return err
	}
	if _, err := s.DB.Exec(ctx, "DELETE FROM risk_verdict WHERE brand_id = $1", s.Actor.BrandID); err != nil {
		return err
	}
	if err := r.firstRescan(ctx, s, bare); err != nil {
		return err
	}
	same, err := r.timeRun(ctx, s, func() (id.ID, error) { return s.Risk.StartRescan(ctx, s.Actor) })
	if err != nil {
		return err
	}
	r.throughput("rescan.same", "texts/s", same.perSecond(), bare, same.told("nothing changed"))
	turned, err := r.timeRun(ctx, s, func() (id.ID, error) { return s.turnRule(ctx) })
	if err != nil {
		return err
	}
	if turned.run.Changed == 0 {
		return errors.New("the rule changed no verdict")
	}
	r.throughput("rescan.changed", "texts/s", turned.perSecond(), bare, turned.told(fmt.Sprintf("%d verdicts changed, each in the evidence chain", turned.run.Changed)))
	return nil
}

// justJudge reads every post and judges it with one thread, writes nothing, and gives the texts per second.
func (r *run) justJudge(ctx context.Context, s *System) (float64, error) {
	packs, err := pack.Shipped()
	if err != nil {
		return 0, err
	}
	model, err := pack.ShippedModel()
	if err != nil {
		return 0, err
	}
	checker, err := pack.NewChecker(packs, model)
	if err != nil {
		return 0, err
	}
	n, day := 0, int32(clock.DayOf(s.Clock.Now(), clock.Shanghai()))
	took, err := stopwatch(func() error {
		for after := id.ID(0); ; {
			list, err := s.Post.WalkWords(ctx, s.DB, s.Actor.BrandID, after, walkAtOnce)
			if err != nil || len(list) == 0 {
				return err
			}
			for i := range list {
				checker.Check(list[i].Title, scan.Context{Platform: list[i].Platform, Kind: "post", Field: "title", Day: day})
			}
			n, after = n+len(list), list[len(list)-1].ID
		}
	})
	return float64(n) / took.Seconds(), err
}

// firstRescan judges everything for the first time, pauses at a quarter, and goes on.
func (r *run) firstRescan(ctx context.Context, s *System, bare float64) error {
	run, err := s.Risk.StartRescan(ctx, s.Actor)
	if err != nil {
		return err
	}
	worked := make(chan error, 1)
	var first timed
	go func() {
		var err error
		first, err = s.work(ctx, run)
		worked <- err
	}()
	for {
		now, err := s.Risk.GetRun(ctx, s.Actor, run)
		if err != nil {
			return errors.Join(err, <-worked)
		}
		if now.Total > 0 && now.Done*4 >= now.Total {
			break
		}
		select {
		case err := <-worked:
			return errors.Join(err, errors.New("the re-scan was over before it could be paused"))
		case <-time.After(20 * time.Millisecond):
		}
	}
	stopped, err := stopwatch(func() error {
		return errors.Join(s.Risk.MoveRun(ctx, s.Actor, run, risk.Pause), <-worked)
	})
	if err != nil {
		return err
	}
	rested, err := s.Risk.GetRun(ctx, s.Actor, run)
	if err != nil {
		return err
	}
	if rested.State != risk.Paused || rested.Done == 0 || rested.Done == rested.Total {
		return fmt.Errorf("paused: %s with %d of %d", rested.State, rested.Done, rested.Total)
	}
	r.Say("paused at %d of %d", rested.Done, rested.Total)
	r.latency("rescan.pause", "ms", float64(stopped)/float64(time.Millisecond), pauseTarget, "from the word to standstill; the reference is the promise")
	if err := s.Risk.MoveRun(ctx, s.Actor, run, risk.Resume); err != nil {
		return err
	}
	rest, err := s.work(ctx, run)
	if err != nil {
		return err
	}
	if rest.run.State != risk.Done || rest.run.Done != rest.run.Total {
		return fmt.Errorf("resumed: %s with %d of %d", rest.run.State, rest.run.Done, rest.run.Total)
	}
	rest.took += first.took
	r.throughput("rescan.first", "texts/s", rest.perSecond(), bare, rest.told("no verdict was there before; paused at a quarter and taken up again"))
	return nil
}

// timed is a run and how long it was worked on.
type timed struct {
	run  risk.Run
	took time.Duration
}

func (t timed) perSecond() float64 { return float64(t.run.Done) / t.took.Seconds() }

func (t timed) told(what string) string {
	return fmt.Sprintf("%d texts in %.1f s, %s; the reference reads and judges the same posts with one thread and writes nothing", t.run.Done, t.took.Seconds(), what)
}

// timeRun starts a run and works on it to its end.
func (r *run) timeRun(ctx context.Context, s *System, start func() (id.ID, error)) (timed, error) {
	run, err := start()
	if err != nil {
		return timed{}, err
	}
	t, err := s.work(ctx, run)
	if err == nil && (t.run.State != risk.Done || t.run.Done != t.run.Total) {
		err = fmt.Errorf("the run ended %s with %d of %d", t.run.State, t.run.Done, t.run.Total)
	}
	return t, err
}

// work does the jobs of a run, one slice after the other as the queue would, until it runs no more.
func (s *System) work(ctx context.Context, run id.ID) (t timed, err error) {
	walk, ok := s.Jobs.Registry().Handler("risk.walk")
	if !ok {
		return t, errors.New("there is no job risk.walk")
	}
	t.took, err = stopwatch(func() error {
		for {
			if t.run, err = s.Risk.GetRun(ctx, s.Actor, run); err != nil || t.run.State != risk.Running {
				return err
			}
			args, err := json.Marshal(map[string]any{"brand_id": s.Actor.BrandID, "run_id": run, "slice": t.run.Slice})
			if err != nil {
				return err
			}
			if err := walk(ctx, args); err != nil {
				return err
			}
		}
	})
	return t, err
}

// tenths are words that stand in every tenth post of the scratch store.
func tenths() []string {
	var out []string
	for n := 3; n <= rescanEach; n += 10 {
		out = append(out, fmt.Sprintf("第%d条", n))
	}
	return out
}

// turnRule publishes the rule of the benchmark where it is not in force, and takes it out of force where it is; it gives
// the re-scan that follows.
func (s *System) turnRule(ctx context.Context) (id.ID, error) {
	own, err := s.Risk.Rules(ctx, s.Actor, risk.RuleFilter{Pack: risk.OwnPack})
	if err != nil {
		return 0, err
	}
	if len(own) == 0 {
		_, err = s.Risk.AddRule(ctx, s.Actor, risk.Rule{
			Kind: "set", Terms: tenths(), Category: "brand", Severity: "medium", Reason: "基准测试", Article: "基准测试",
		})
	} else {
		err = s.Risk.SwitchRule(ctx, s.Actor, own[0].Code, own[0].State != risk.StateOff, "")
	}
	if err != nil {
		return 0, err
	}
	draft, err := s.Risk.Draft(ctx, s.Actor)
	if err != nil {
		return 0, err
	}
	if _, err := s.Risk.Publish(ctx, s.Actor, "bench", draft.Rev); err != nil {
		return 0, err
	}
	runs, err := s.Risk.Runs(ctx, s.Actor, 1)
	if err != nil || len(runs) == 0 {
		return 0, errors.Join(err, errors.New("publishing started no re-scan"))
	}
	return runs[0].ID, nil
}
