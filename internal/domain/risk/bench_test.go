package risk_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/risk/pack"
	"kosmos/internal/scan"
)

// titles are what sales staff write; %d makes each its own.
func titles() []string {
	return []string{
		"周末带娃来店里看车，礼物管够%d", "提车日记第%d集：恭喜刘姐喜提新车", "这条路太适合自驾了，第%d次路过", "后备厢能装多少？实测%d个箱子",
		"置换流程一次说清楚，收藏这%d条", "全网第一的续航，跑了%d公里", "加微信领%d元优惠", "冬季续航打几折？%d组数据告诉你",
	}
}

// crowd fills the world with n posts.
func (w *world) crowd(n int) {
	list := titles()
	at := clock.MsOf(w.clock.Now()) - 86_400_000
	w.posts.list = make([]risk.Known, n)
	for i := range w.posts.list {
		w.posts.list[i] = risk.Known{
			ID: id.ID(1000 + i), AccountID: id.ID(1 + i/100), UnitID: id.ID(1 + i/1000), Platform: "douyin", Text: fmt.Sprintf(list[i%len(list)], i), Published: at,
		}
	}
}

// realRules puts the rules in that come with the program.
func (w *world) realRules(b *testing.B, d *db.DB) {
	deps := w.s.Deps
	w.rec, w.jobs = jobstest.New(b)
	deps.DB, deps.Shipped, deps.Jobs, deps.Evidence = d, pack.Shipped, w.jobs, nil
	w.s = risk.New(deps)
	w.s.Register(w.jobs.Registry())
}

// BenchmarkCheck is a post of a title and 200 characters against the shipped rules, as the API does it.
func BenchmarkCheck(b *testing.B) {
	d := dbtest.SQLite(b, sets())
	w := newWorld(b, d)
	w.realRules(b, d)
	body := ""
	for _, t := range titles() {
		body += fmt.Sprintf(t, 7) + "。"
	}
	texts := []risk.Text{{Field: "title", Text: "全网第一的续航"}, {Field: "body", Text: body}}
	w.grade(b, w.s, "热身")
	for b.Loop() {
		if _, err := w.s.Check(context.Background(), brand, texts, scan.Context{Platform: "douyin", Kind: "post"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRescan looks at KOSMOS_BENCH_POSTS posts (50,000 when empty) three times: nothing is known yet, nothing
// changes, and a tenth of the verdicts change. It tells texts a second.
func BenchmarkRescan(b *testing.B) {
	n, _ := strconv.Atoi(os.Getenv("KOSMOS_BENCH_POSTS"))
	if n == 0 {
		n = 50_000
	}
	for name, open := range map[string]func() *db.DB{
		"sqlite": func() *db.DB { return dbtest.SQLite(b, sets()) }, "postgres": func() *db.DB { return dbtest.Postgres(b, sets()) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				rescans(b, open(), n)
			}
		})
	}
}

func rescans(b *testing.B, d *db.DB, n int) {
	b.Helper()
	ctx, w, a := context.Background(), newWorld(b, d), actor(b, authz.Compliance)
	w.crowd(n)
	w.realRules(b, d)
	pass := func(name string) {
		began := clock.System().Now()
		w.rec.Run(ctx)
		took := clock.System().Now().Sub(began)
		run := w.lastRun(b, a)
		if run.State != risk.Done || run.Done < int64(n) {
			b.Fatalf("%+v", run)
		}
		b.ReportMetric(float64(run.Done)/took.Seconds(), name+"/s")
	}
	for _, name := range []string{"first", "same"} {
		if _, err := w.s.StartRescan(ctx, a); err != nil {
			b.Fatal(err)
		}
		pass(name)
	}
	if _, err := w.s.AddRule(ctx, a, own("自驾")); err != nil {
		b.Fatal(err)
	}
	w.publish(b, a)
	pass("changed")
}
