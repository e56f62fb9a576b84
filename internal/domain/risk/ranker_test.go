package risk_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk"
	"kosmos/internal/scan/rank"
)

// things are what texts of the tests speak of, so that no two say nearly the same.
func thing(i int) string {
	a, b := []rune("轿车跑车皮卡房车单车货车校车吊车叉车马车"), []rune("春夏秋冬晨午昏夜山海江湖城乡南北东西")
	return string([]rune{a[i%20], b[i/20%18], a[(i*7+3)%20], b[(i*5+1)%18], a[(i*3+11)%20], b[(i*11+7)%18]})
}

// verdicts are decisions on texts: those about prams are turned down.
func verdicts(n int) []risk.Reviewed {
	var out []risk.Reviewed
	for i := range n {
		text, refused := thing(i/2)+"欢迎周末到店试驾", i%2 == 1
		if refused {
			text = thing(i/2) + "后备箱放得下两辆婴儿车"
		}
		out = append(out, risk.Reviewed{
			Submission: id.ID(9000 + i), Kind: "post", Platform: "douyin", Refused: refused, Texts: []risk.Text{{Field: "title", Text: thing(i / 2)}, {Field: "body", Text: text}},
		})
	}
	return out
}

func (w *world) train(t *testing.T, a authz.Actor) risk.Ranker {
	t.Helper()
	training, err := w.s.StartTraining(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.work(training); err != nil {
		t.Fatal(err)
	}
	v, err := w.s.Rankers(context.Background(), a)
	if err != nil || v.Training == nil || v.Training.State != risk.Done || v.Training.Done != v.Training.Total || len(v.List) == 0 {
		t.Fatalf("%+v %v", v.Training, err)
	}
	return v.List[0]
}

// work does the job of a training.
func (w *world) work(training id.ID) error {
	h, ok := w.jobs.Registry().Handler("risk.train")
	if !ok {
		return errors.New("nobody trains")
	}
	raw, err := json.Marshal(map[string]id.ID{"brand_id": brand, "training": training})
	if err != nil {
		return err
	}
	return h(context.Background(), raw)
}

func pram() []risk.Text {
	return []risk.Text{{Field: "body", Text: "明天后备箱放得下两辆婴儿车吗"}}
}

func TestABrandTrainsItsOwnRanker(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, officer := t.Context(), newWorld(t, d), actor(t, authz.Compliance)
		w.reviewed = verdicts(40)
		if _, err := w.s.StartTraining(ctx, officer); !errs.Is(err, "risk.ranker_few") {
			t.Fatal("twenty of each are too few:", err)
		}
		w.reviewed = verdicts(160)
		r := w.train(t, officer)
		o := r.Measured.Order
		if r.Number != 1 || r.Trainer != "合规小张" || o == nil || o.Rows != 160 || o.Refused != 80 || r.Measured.Alarms != nil {
			t.Fatalf("%+v %+v", r, o)
		}
		if o.Recall.Value < 0.9 || o.Recall.Low > o.Recall.Value || o.Own.Value < 0.95 || o.Shipped.Value >= o.Own.Value || o.Gain.Low <= 0 {
			t.Errorf("%+v", *o)
		}
		if len(r.Measured.Words) == 0 || !slices.ContainsFunc(r.Measured.Words, func(f rank.Feature) bool {
			return strings.Contains("明天后备箱放得下两辆婴儿车吗", strings.Trim(f.Text, "‹› abcdefghijklmnopqrstuvwxyz")) && strings.Contains(f.Text, "婴儿车")
		}) {
			t.Errorf("%+v", r.Measured.Words)
		}
		// not in use yet: nothing changes
		other := w.service(d) // another process
		if x, err := other.Rank(ctx, brand, pram()); err != nil || x.Ranker != 0 || len(x.Top) != 0 {
			t.Fatalf("%+v %v", x, err)
		}
		if x, err := w.s.TryRanker(ctx, officer, 1, pram()[0].Text); err != nil || !x.Over || len(x.Top) == 0 {
			t.Fatalf("%+v %v", x, err)
		}
		if err := w.s.UseRanker(ctx, officer, 1); err != nil {
			t.Fatal(err)
		}
		x, err := w.s.Rank(ctx, brand, pram())
		if err != nil || x.Ranker != 1 || !x.Over || len(x.Top) == 0 {
			t.Fatalf("%+v %v", x, err)
		}
		if g := w.grade(t, w.s, pram()[0].Text); g != "pass" {
			t.Error("the ranker alone decides nothing:", g)
		}
		w.sees(t, other, 1)
		if run := w.lastRun(t, officer); run.Cause != "ranker" {
			t.Errorf("%+v", run)
		}
		for number, slug := range map[int]string{1: "risk.ranker_used", 9: "risk.ranker_gone"} {
			if err := w.s.UseRanker(ctx, officer, number); !errs.Is(err, slug) {
				t.Error(number, err)
			}
		}
		// versions are kept; the same verdicts give the same weights
		if again := w.train(t, officer); again.Number != 2 || again.Weights != r.Weights {
			t.Errorf("%+v", again)
		}
		if err := w.s.UseRanker(ctx, officer, 0); err != nil {
			t.Fatal(err)
		}
		w.sees(t, other, 0)
		if err := w.s.UseRanker(ctx, actor(t, authz.HQOps), 1); errs.CodeOf(err) != errs.Forbidden {
			t.Error("headquarters reads only:", err)
		}
		if err := w.s.UseRanker(ctx, actor(t, authz.Compliance, 11), 1); !errs.Is(err, "risk.whole_brand") {
			t.Error(err)
		}
		var kinds []string
		for _, s := range w.steps {
			kinds = append(kinds, s.Kind)
		}
		if want := []string{"risk.ranker_trained", "risk.ranker_used", "risk.ranker_trained", "risk.ranker_back"}; !slices.Equal(kinds, want) {
			t.Errorf("%v", kinds)
		}
		v, err := w.s.Rankers(ctx, officer)
		if err != nil || v.Use.Number != 0 || v.Use.Rev != 2 || len(v.List) != 2 {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

// sees waits until another process judges by a ranker.
func (w *world) sees(t *testing.T, other *risk.Service, number int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; w.clock.Advance(3 * time.Second) {
		x, err := other.Rank(context.Background(), brand, pram())
		if err != nil {
			t.Fatal(err)
		}
		if x.Ranker == number {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the other process never noticed the ranker")
		}
		time.Sleep(time.Millisecond)
	}
}

// TestFalseAlarmsTeachTheRanker: opinions on findings alone are enough to learn which are none.
func TestFalseAlarmsTeachTheRanker(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, officer := t.Context(), newWorld(t, d), actor(t, authz.Compliance)
		w.posts.list = nil
		var said []risk.Opinion
		for i := range 120 {
			text, right := "底价保障"+thing(i/2)+"不玩套路", i%2 == 1
			if right {
				text = "全城底价" + thing(i/2) + "错过再无"
			}
			post := id.ID(1000 + i)
			w.posts.list = append(w.posts.list, risk.Known{ID: post, AccountID: 500, UnitID: 11, Platform: "douyin", Text: text})
			start := strings.Index(text, "底价") / 3
			said = append(said, risk.Opinion{Rule: "law/cheap", Kind: risk.Post, ObjectID: post, Start: start, Excerpt: "底价", Right: right})
		}
		said = append(said,
			risk.Opinion{Rule: "law/cheap", Kind: risk.Post, ObjectID: 1000, Start: 40, Excerpt: "底价", Right: true},  // edited since
			risk.Opinion{Rule: "law/cheap", Kind: risk.Post, ObjectID: 77_777, Start: 0, Excerpt: "底价", Right: true}, // gone
			risk.Opinion{Rule: "rank/ad", Kind: risk.Post, ObjectID: 1001, Start: 0, Excerpt: "全城", Right: true},     // the ranker's own
		)
		if err := w.s.Judge(ctx, officer, said); err != nil {
			t.Fatal(err)
		}
		v, err := w.s.VerdictsNow(ctx, officer)
		if err != nil || v.Right != 60 || v.FalseAlarms != 60 || v.Left != 2 || v.Refused < 60 {
			t.Fatalf("%+v %v", v, err)
		}
		r := w.train(t, officer)
		if a := r.Measured.Alarms; a == nil || a.Rows != 120 || a.False != 60 || a.Lowered.Value < 0.8 || a.Lost.Value > 0.15 {
			t.Fatalf("%+v", r.Measured)
		}
		raw, err := w.s.RankerFile(ctx, officer, 1)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := rank.Read(bytes.NewReader(raw)); err != nil || m.Version() != r.Weights {
			t.Error(err)
		}
	})
}

// TestATrainingIsKeptOnce: two workers on one training, and one that starts while another is under way.
func TestATrainingIsKeptOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		ctx, w, officer := t.Context(), newWorld(t, d), actor(t, authz.Compliance)
		w.reviewed = verdicts(120)
		training, err := w.s.StartTraining(ctx, officer)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.StartTraining(ctx, officer); !errs.Is(err, "risk.ranker_training") {
			t.Fatal(err)
		}
		if _, err := w.s.Train(ctx, officer); !errs.Is(err, "risk.ranker_training") {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := w.work(training); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		v, err := w.s.Rankers(ctx, officer)
		if err != nil || len(v.List) != 1 || v.Training.State != risk.Done || v.Training.Number != 1 {
			t.Fatalf("%+v %v", v, err)
		}
		trained := 0
		for _, s := range w.steps {
			if s.Kind == "risk.ranker_trained" {
				trained++
			}
		}
		if trained != 1 {
			t.Errorf("%d steps", trained)
		}
		// one whose process died is taken up again
		if _, err := w.s.StartTraining(ctx, officer); err != nil {
			t.Fatal(err)
		}
		w.begin(t, d) // the queue of the dead process is lost
		w.clock.Advance(11 * time.Minute)
		w.rec.Do(ctx, "risk.tend")
		w.rec.Run(ctx)
		if v, err = w.s.Rankers(ctx, officer); err != nil || len(v.List) != 2 {
			t.Fatalf("%+v %v", v.Training, err)
		}
		// verdicts that were taken away meanwhile end it with a reason
		if training, err = w.s.StartTraining(ctx, officer); err != nil {
			t.Fatal(err)
		}
		w.reviewed = nil
		if err := w.work(training); !errs.Is(err, "risk.ranker_few") {
			t.Error(err)
		}
		if v, err = w.s.Rankers(ctx, officer); err != nil || v.Training.State != risk.Failed || v.Training.Fault != "risk.ranker_few" {
			t.Fatalf("%+v %v", v.Training, err)
		}
	})
}

// TestRankersAreTheBrands: another brand's verdicts and rankers are not seen.
func TestRankersAreTheBrands(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, sets())
	w, officer := newWorld(t, d), actor(t, authz.Compliance)
	w.reviewed = verdicts(120)
	w.train(t, officer)
	other := officer
	other.BrandID = 8
	if v, err := w.s.Rankers(t.Context(), other); err != nil || len(v.List) != 0 || v.Training != nil {
		t.Fatalf("%+v %v", v, err)
	}
	if err := w.s.UseRanker(t.Context(), other, 1); !errs.Is(err, "risk.ranker_gone") {
		t.Error(err)
	}
	if v, err := w.s.VerdictsNow(t.Context(), other); err != nil || v != (risk.Verdicts{}) {
		t.Error(v, err)
	}
	if _, err := w.s.TryRanker(t.Context(), other, 1, "x"); !errs.Is(err, "risk.ranker_gone") {
		t.Error(err)
	}
}
