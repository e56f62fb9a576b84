package product_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/product"
	"kosmos/internal/event"
)

// since backdates a policy, so that it stood before today.
func since(day clock.Day) func(*product.NewPolicy) {
	return func(n *product.NewPolicy) { n.From = day }
}

func TestAChangedPriceFindsWhatStillShowsTheOldOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, since(20261001)))
		b.must(b.price(b.hq, p, 1, 109_800, since(20261001)))
		b.w.say(1001, 101, 11, "星海X7 只要12.98万！")
		b.w.say(1002, 101, 11, "X7 Pro 指导价 １２９，８００元")
		b.w.say(1003, 102, 21, "星海七 12万9千8 开回家")
		b.w.say(1004, 102, 21, "星海X7 Air 10.98万起") // the other SKU: still right
		b.w.say(1005, 102, 21, "隔壁的 Y9 12.98万")    // another product
		b.w.say(1006, 102, 21, "星海X7 到店试驾")
		b.w.templates[p.ID] = []product.TemplateText{{ID: 501, Title: "限时", Text: "现在 ¥129,800 起", OwnerUser: 77}}
		b.queue.Run(t.Context())
		if got := b.stale(""); len(got) != 0 {
			t.Fatalf("a first price is no change: %+v", got)
		}
		b.must(b.price(b.hq, p, 0, 119_800, nil))
		b.queue.Run(t.Context())
		got := b.stale(product.Open)
		for _, x := range []id.ID{1001, 1002, 1003, 501} {
			if s, ok := got[x]; !ok || s.Old != 12_980_000 || s.New == nil || *s.New != 11_980_000 {
				t.Errorf("%d: %+v", x, s)
			}
		}
		if len(got) != 4 {
			t.Errorf("%d texts: %+v", len(got), got)
		}
		if len(b.w.todos) != 3 { // the two owners' and the writer of the template's
			t.Errorf("todos %+v", b.w.todos)
		}
		checks, err := b.s.Checks(t.Context(), b.hq, 0, 10)
		if err != nil || len(checks) != 1 || checks[0].Found != 4 || checks[0].State != "done" || checks[0].Looked != 7 {
			t.Errorf("%+v %v", checks, err)
		}
		if n := len(jobstest.Events[event.ProductPricesChanged](b.queue)); n == 0 {
			t.Error("nobody was told")
		}
	})
}

func TestStaleTextsSettleByThemselves(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, since(20261001)))
		b.w.say(1001, 101, 11, "星海X7 12.98万")
		b.w.say(1002, 101, 11, "X7 Pro 129800")
		b.w.say(1003, 102, 21, "星海X7 12.98万")
		b.must(b.price(b.hq, p, 0, 119_800, nil))
		b.queue.Run(t.Context())
		// one is edited, one is gone; a new one comes with the old price
		b.w.say(1001, 101, 11, "星海X7 11.98万")
		delete(b.w.posts, 1002)
		b.w.say(1009, 101, 12, "星海X7 还是12.98万")
		hear := func(ids ...id.ID) {
			b.must(d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return b.s.Jobs.Publish(ctx, tx, event.PostsChanged{BrandID: brand, PostIDs: ids})
			}))
			b.queue.Run(t.Context())
		}
		hear(1001, 1002, 1009)
		hear(1001, 1002, 1009) // told twice, done once
		fixed, open := b.stale(product.Fixed), b.stale(product.Open)
		if fixed[1001].How != "text_changed" || fixed[1002].How != "gone" || len(fixed) != 2 || len(open) != 2 {
			t.Fatalf("%+v %+v", fixed, open)
		}
		// the owner says it is mended; a later import shows the opposite
		kos := b.as(authz.KOS, 21)
		kos.MemberID = 502
		b.must(b.s.MarkMine(t.Context(), kos, p.ID, 1003))
		if !b.w.settled[open[1003].TodoKey] {
			t.Error("the to-do is still there")
		}
		if err := b.s.MarkMine(t.Context(), kos, p.ID, 1009); !errs.Is(err, "product.stale_gone") {
			t.Errorf("somebody else's: %v", err)
		}
		b.clock.Advance(time.Hour)
		seen := b.w.posts[1003]
		seen.AsOf = clock.MsOf(b.clock.Now())
		b.w.posts[1003] = seen
		b.must(d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return b.s.Jobs.Publish(ctx, tx, event.ImportFinished{BrandID: brand, ImportID: 5, Kind: "posts", State: "done"})
		}))
		b.queue.Run(t.Context())
		if x := b.stale(product.Open); x[1003].State != product.Open {
			t.Errorf("it was seen to stand: %+v", x)
		}
		// what may stand stays so
		n, err := b.s.Decide(t.Context(), b.hq, product.Keys(p.ID, 1003, 1009), product.VerbFine, "历史内容")
		if err != nil || n != 2 {
			t.Fatal(n, err)
		}
		hear(1003, 1009)
		if x := b.stale(product.Open); len(x) != 0 {
			t.Errorf("%+v", x)
		}
	})
}

func TestTheWalkGoesOnAfterACrashWithoutDoubles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, since(20261001)))
		for i := range id.ID(2500) {
			text := "今天交车"
			if i%500 == 1 {
				text = "星海X7 12.98万"
			}
			b.w.say(1000+i, 101, 11, text)
		}
		b.w.broken = errors.New("the process died")
		b.must(b.price(b.hq, p, 0, 119_800, nil))
		checks, err := b.s.Checks(t.Context(), b.hq, 0, 1)
		b.must(err)
		if err := b.s.CheckNow(t.Context(), brand, checks[0].ID); err == nil {
			t.Fatal("it should have died")
		}
		checks, err = b.s.Checks(t.Context(), b.hq, 0, 1)
		b.must(err)
		if checks[0].State != "searching" || checks[0].Looked != 1000 {
			t.Fatalf("%+v", checks[0])
		}
		for range 2 { // the job comes again, and once more
			b.must(b.s.CheckNow(t.Context(), brand, checks[0].ID))
		}
		checks, err = b.s.Checks(t.Context(), b.hq, 0, 1)
		b.must(err)
		if checks[0].State != "done" || checks[0].Looked != 2500 || checks[0].Found != 5 || len(b.stale(product.Open)) != 5 || len(b.w.todos) != 1 {
			t.Errorf("%+v, %d texts, %d to-dos", checks[0], len(b.stale(product.Open)), len(b.w.todos))
		}
	})
}

func TestPlannedPricesTurnWithTheDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, since(20261001)))
		b.must(b.price(b.hq, p, 0, 99_800, func(n *product.NewPolicy) { n.From, n.To = 20261201, 20261202 }))
		b.w.say(1001, 101, 11, "星海X7 12.98万")
		b.w.say(1002, 101, 11, "星海X7 9.98万")
		b.queue.Run(t.Context())
		if x := b.stale(""); len(x) != 0 {
			t.Fatalf("nothing changed yet: %+v", x)
		}
		b.clock.Advance(9 * 24 * time.Hour)
		for range 2 {
			b.must(b.s.TurnDay(t.Context(), brand))
			b.queue.Run(t.Context())
		}
		if x := b.stale(product.Open); len(x) != 1 || x[1001].Old != 12_980_000 {
			t.Fatalf("%+v", x)
		}
		b.clock.Advance(2 * 24 * time.Hour)
		b.must(b.s.TurnDay(t.Context(), brand))
		b.queue.Run(t.Context())
		if x := b.stale(product.Open); x[1002].Old != 9_980_000 {
			t.Fatalf("the offer is over: %+v", x)
		}
	})
}

func TestWhoWritesPricesWhere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		region := b.as(authz.RegionManager, east)
		own := func(n *product.NewPolicy) { n.Unit = "10" }
		if err := b.price(region, p, 0, 120_000, own); !errs.Is(err, "product.region_prices") {
			t.Fatalf("%v", err)
		}
		set, _, err := b.s.Settings(t.Context(), b.hq)
		b.must(err)
		set.RegionPrices = true
		b.must(b.s.SetSettings(t.Context(), b.hq, func(int64) error { return nil }, set))
		b.must(b.price(region, p, 0, 120_000, own))
		if err := b.price(region, p, 0, 120_000, func(n *product.NewPolicy) { n.Unit = "20" }); !errs.Is(err, "product.unit_gone") {
			t.Errorf("another region: %v", err)
		}
		if err := b.price(region, p, 0, 120_000, nil); !errs.Is(err, "product.unit_needed") {
			t.Errorf("the whole brand: %v", err)
		}
		b.must(b.price(b.hq, p, 0, 130_000, nil))
		got, err := b.s.PriceOf(t.Context(), d, brand, p.ID, []id.ID{11, 12, 21}, "store", today)
		if err != nil || got[11].Text != "120,000元" || got[21].Text != "130,000元" {
			t.Errorf("%+v %v", got, err)
		}
		b.must(b.price(b.hq, p, 0, 125_000, func(n *product.NewPolicy) { n.Channel = "live" }))
		for channel, want := range map[string]string{"": "130,000元", "live": "125,000元", "xiaohongshu": "130,000元", "shop": "130,000元"} {
			if got, err := b.s.PriceOf(t.Context(), d, brand, p.ID, []id.ID{21}, channel, today); err != nil || got[21].Text != want {
				t.Errorf("%q: %+v %v", channel, got, err)
			}
		}
		list, err := b.s.Policies(t.Context(), b.as(authz.RegionManager, west), product.PolicyFilter{Limit: 10})
		if err != nil || len(list) != 2 { // the brand's, not the other region's
			t.Errorf("%+v %v", list, err)
		}
		if err := b.s.WithdrawPolicy(t.Context(), region, list[0].ID, "错了"); !errs.Is(err, "product.policy_gone") {
			t.Errorf("a region withdraws the brand's: %v", err)
		}
	})
}

func TestTwoAtOnceMakeOnePrice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		p := b.car()
		b.must(b.price(b.hq, p, 0, 129_800, since(20261001)))
		b.w.say(1001, 101, 11, "星海X7 12.98万")
		var wg sync.WaitGroup
		failed := make([]error, 8)
		for i := range failed {
			wg.Go(func() { failed[i] = b.price(b.hq, p, 0, 119_800, nil) })
		}
		wg.Wait()
		done := 0
		for _, err := range failed {
			if err == nil {
				done++
			} else if !errs.Is(err, "product.same_start") {
				t.Error(err)
			}
		}
		b.queue.Run(t.Context())
		checks, err := b.s.Checks(t.Context(), b.hq, 0, 10)
		if done != 1 || err != nil || len(checks) != 1 || len(b.w.todos) != 1 {
			t.Errorf("%d made it, %d checks, %d to-dos, %v", done, len(checks), len(b.w.todos), err)
		}
	})
}
