package risk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/risk/pack"
)

func TestARescanTellsWhatChangedAndCanBePaused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		w.rec.Do(ctx, "risk.tend")
		w.rec.Run(ctx)
		board, err := w.s.Board(ctx, a, "")
		if err != nil || board.Counts[risk.Post] != [4]int64{2, 1, 1, 1} || board.Counts[risk.Profile] != [4]int64{1, 0, 1, 0} || board.Last.State != risk.Done {
			t.Fatalf("%+v %v", board, err)
		}
		if _, err := w.s.AddRule(ctx, a, own("自驾")); err != nil {
			t.Fatal(err)
		}
		if err := w.s.SwitchRule(ctx, a, "law/best", true, ""); err != nil {
			t.Fatal(err)
		}
		w.publish(t, a)
		run := w.lastRun(t, a)
		if err := w.s.MoveRun(ctx, a, run.ID, risk.Pause); err != nil {
			t.Fatal(err)
		}
		w.rec.Run(ctx)
		if run = w.lastRun(t, a); run.State != risk.Paused || run.Done != 0 {
			t.Fatalf("%+v", run)
		}
		if err := w.s.MoveRun(ctx, a, run.ID, risk.Resume); err != nil {
			t.Fatal(err)
		}
		w.rec.Run(ctx)
		if run = w.lastRun(t, a); run.State != risk.Done || run.Done != 7 || run.Worse != 1 || run.Better != 1 || run.Version != 1 {
			t.Fatalf("%+v", run)
		}
		worse, err := w.s.Changes(ctx, a, risk.ChangeQuery{Run: run.ID, Turn: "worse", Limit: 9})
		if err != nil || len(worse) != 1 || worse[0].Text != "秋天适合自驾出游" || worse[0].Findings[0].Text != "自驾" {
			t.Fatalf("%+v %v", worse, err)
		}
		units, err := w.s.ByUnit(ctx, a, run.ID, "")
		if err != nil || len(units) != 1 || units[0].Blocked != 1 || units[0].Better != 1 {
			t.Fatalf("%+v %v", units, err)
		}
		if told := len(slices.DeleteFunc(slices.Clone(w.steps), func(s risk.Step) bool { return s.Kind != "risk.verdict_changed" })); told != 2 {
			t.Fatalf("%d changed verdicts in the chain", told)
		}
		w.edited(ctx, t, a)
	})
}

// edited: an edited post is judged anew, one taken down is forgotten, a store sees its own alone.
func (w *world) edited(ctx context.Context, t *testing.T, a authz.Actor) {
	t.Helper()
	w.clock.Advance(time.Minute)
	w.posts.list[1].Text = "全城底价"
	w.posts.list = slices.Delete(w.posts.list, 3, 4)
	for range 2 { // an event may be heard twice
		if err := w.s.Restand(ctx, brand, risk.Post, []id.ID{101, 103}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.s.Verdicts(ctx, a, risk.VerdictQuery{Limit: 9})
	if err != nil || len(list) != 4 || list[0].Text != "秋天适合自驾出游" || list[0].Grade != risk.Block {
		t.Fatalf("%+v %v", list, err)
	}
	store := actor(t, authz.Auditor, 12)
	seen, err := w.s.Verdicts(ctx, store, risk.VerdictQuery{Limit: 9})
	if err != nil || len(seen) != 1 || seen[0].Text != "全城底价" {
		t.Fatalf("%+v %v", seen, err)
	}
	if _, err := w.s.GetVerdict(ctx, store, risk.Post, 104); !errs.Is(err, "risk.verdict_gone") {
		t.Fatal(err)
	}
	same, err := w.s.SameText(ctx, brand, "秋天适合自驾出游", 5)
	if err != nil || len(same) != 1 || same[0].ID != 104 || same[0].Score < 0.99 {
		t.Fatalf("%+v %v", same, err)
	}
	w.clock.Advance(time.Minute)
	w.posts.list[0].Text = "秋天适合自驾出游！"
	if err := w.s.Restand(ctx, brand, risk.Post, []id.ID{100}); err != nil {
		t.Fatal(err)
	}
	if same, err = w.s.SameText(ctx, brand, "秋天适合自驾出游", 5); err != nil || len(same) != 2 {
		t.Fatalf("%+v %v", same, err)
	}
}

func TestADatedRuleComesIntoForceByItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		r := own("自驾")
		r.From, r.Until = 20261124, 20261125
		if _, err := w.s.AddRule(ctx, a, r); err != nil {
			t.Fatal(err)
		}
		w.publish(t, a)
		w.rec.Run(ctx)
		stands := func(when string, want string) {
			t.Helper()
			w.rec.Do(ctx, "risk.tend")
			w.rec.Run(ctx)
			x, err := w.s.GetVerdict(ctx, a, risk.Post, 104)
			if err != nil || x.Grade.String() != want {
				t.Errorf("%s: %s %v", when, x.Grade, err)
			}
		}
		stands("before", "pass")
		w.clock.Advance(48 * time.Hour)
		stands("its first day", "block")
		w.clock.Advance(48 * time.Hour)
		stands("afterwards", "pass")
	})
}

func TestNewerShippedRulesAreUsedWhereNothingWasPublished(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		w.rec.Do(ctx, "risk.tend")
		w.rec.Run(ctx)
		next := newWorld(t, d) // the program after an upgrade
		next.shipped = func() ([]pack.Pack, error) {
			packs, err := shipped()
			return packs[1:], err
		}
		next.clock.Advance(time.Minute)
		next.begin(t, d)
		next.rec.Do(ctx, "risk.tend")
		next.rec.Run(ctx)
		run := next.lastRun(t, a)
		if run.Cause != "shipped" || run.State != risk.Done || run.Better != 3 {
			t.Fatalf("%+v", run)
		}
		if v, err := next.s.GetVerdict(ctx, a, risk.Post, 100); err != nil || v.Grade != risk.Pass {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

func TestARunThatLostItsProcessGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, a := context.Background(), newWorld(t, d), actor(t, authz.Compliance)
		run, err := w.s.StartRescan(ctx, a)
		if err != nil {
			t.Fatal(err)
		}
		_, lost := newWorld(t, d).rec, run // the job waits in a queue that is never worked on
		w2 := newWorld(t, d)
		w2.clock.Advance(3 * time.Minute)
		w2.rec.Do(ctx, "risk.tend")
		w2.rec.Run(ctx)
		got, err := w2.s.GetRun(ctx, a, lost)
		if err != nil || got.State != risk.Done || got.Done != 7 {
			t.Fatalf("%+v %v", got, err)
		}
		w.rec.Run(ctx) // the first job comes back to life and finds nothing to do
		if board, err := w.s.Board(ctx, a, ""); err != nil || board.Counts[risk.Post] != [4]int64{2, 1, 1, 1} {
			t.Fatalf("%+v %v", board, err)
		}
	})
}
