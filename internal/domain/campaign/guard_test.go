package campaign_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign"
)

func settings() campaign.Settings {
	return campaign.Settings{Approval: campaign.ApproveOtherIfAny, Planned: campaign.GuardWarn, Submitted: campaign.GuardLook}
}

// compared brings a plan to approval and lets the guard look at it.
func (k *kit) compared(p campaign.Plan) (id.ID, int) {
	k.t.Helper()
	x := k.draft(p)
	k.queue.Run(k.t.Context())
	v, err := k.Get(k.t.Context(), k.boss(), x)
	k.must(err)
	return x, v.Rev
}

func TestThePlannedTextsAreComparedBeforeTheyGoOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 40) // 26 of them on 小红书
		ctx := t.Context()
		set := settings()
		set.Planned = campaign.GuardBlock
		k.must(k.SetSettings(ctx, k.hq(), "", set))

		x := k.draft(plan())
		a, err := k.AlikeTexts(ctx, k.hq(), x, false)
		k.must(err)
		if a.State != "waiting" {
			t.Fatalf("%+v", a)
		}
		v, err := k.Get(ctx, k.boss(), x)
		k.must(err)
		if _, err := k.Decide(ctx, k.boss(), x, campaign.Approve, v.Rev, ""); !errs.Is(err, "campaign.alike_waiting") {
			t.Fatalf("approved before anybody looked: %v", err)
		}
		k.queue.Run(ctx)
		if a, err = k.AlikeTexts(ctx, k.hq(), x, false); err != nil || a.State != "done" || a.Texts != 26 || a.Over != 26 || a.Mode != campaign.GuardBlock {
			t.Fatalf("%+v %v", a, err)
		}
		g := a.Groups[0]
		if g.Platform != "xiaohongshu" || g.Kind != "image" || g.Most != 0.7 || g.Own != "" || len(g.Clusters) != 1 || g.Clusters[0].Size != 26 || g.Clusters[0].Text == "" || len(g.Clusters[0].Who) != 12 {
			t.Errorf("%+v", g)
		}
		if _, err := k.Decide(ctx, k.boss(), x, campaign.Approve, v.Rev, ""); !errs.Is(err, "campaign.alike_blocked") {
			t.Fatalf("approved although alike: %v", err)
		}

		// Facts may be alike; so may what the brand says may be; and the threshold of the campaign itself goes before both.
		fact := plan()
		fact.Tasks[0].Content = "fact"
		y, rev := k.compared(fact)
		if _, err := k.Decide(ctx, k.boss(), y, campaign.Approve, rev, ""); err != nil {
			t.Errorf("facts: %v", err)
		}
		set.Thresholds = []campaign.Threshold{{Platform: "xiaohongshu", Most: 0.92, From: 20261101, Why: "本品牌实测"}, {Platform: "xiaohongshu", Most: 0.6, From: 20270101, Why: "明年起"}}
		k.must(k.SetSettings(ctx, k.hq(), `"1"`, set))
		if err := k.SetSettings(ctx, k.hq(), `"1"`, set); errs.CodeOf(err) != errs.Precondition {
			t.Errorf("an edit of older settings: %v", err)
		}
		z, _ := k.compared(plan())
		if a, err = k.AlikeTexts(ctx, k.hq(), z, false); err != nil || a.Over != 0 || a.Groups[0].Own != "brand" || a.Groups[0].Why != "本品牌实测" {
			t.Errorf("%+v %v", a, err)
		}
		own := plan()
		own.Similar = 80
		z, _ = k.compared(own)
		if a, err = k.AlikeTexts(ctx, k.hq(), z, false); err != nil || a.Over != 26 || a.Groups[0].Own != "campaign" {
			t.Errorf("%+v %v", a, err)
		}
	})
}

func TestTwinsPublishFarApartAndTheGuardMayBeRunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 40)
		ctx := t.Context()
		p := plan()
		p.Quiet = campaign.Quiet{From: 22 * 60, To: 8 * 60}
		x, rev := k.compared(p)
		h, _ := k.jobs.Registry().Handler("campaign.guard")
		args := []byte(`{"brand_id":"7","campaign_id":"` + x.String() + `","rev":` + strconv.Itoa(rev) + `}`)
		for range 2 { // tried again after a death: the same, once
			k.must(h(ctx, args))
		}
		n, err := db.One[int64](ctx, d, `SELECT COUNT(*) FROM campaign_twin WHERE brand_id = $1 AND campaign_id = $2`, brand, x)
		k.must(err)
		if n != 26 {
			t.Fatalf("%d twins", n)
		}
		k.approve(x)
		k.queue.Run(ctx)
		times, err := db.All[clock.Ms](ctx, d, `SELECT publish_at FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 AND publish_at IS NOT NULL ORDER BY publish_at`, brand, x)
		k.must(err)
		if len(times) != 26 {
			t.Fatalf("%d slots", len(times))
		}
		for i, at := range times {
			if h := at.Time().In(clock.Shanghai()).Hour(); h >= 22 || h < 8 {
				t.Errorf("%s lies in quiet hours", at.Time())
			}
			if i > 0 && at-times[i-1] < clock.Ms(time.Hour/time.Millisecond) { // 42 open hours for 26
				t.Errorf("twins publish %s apart", time.Duration(at-times[i-1])*time.Millisecond)
			}
		}
	})
}

func TestAManagerSeesOnlyTheOwnTwins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 40)
		ctx := t.Context()
		x := k.run(plan())
		a, err := k.AlikeTexts(ctx, k.manager(11), x, false)
		k.must(err)
		for _, g := range a.Groups {
			for _, c := range g.Clusters {
				for _, w := range c.Who {
					if w.Unit != 11 {
						t.Errorf("shows somebody of %s", w.Unit)
					}
				}
			}
		}
		for i, m := range []id.ID{1001, 1004, 1002} { // of stores 12, 11 and 21
			own := k.mine(m, "发一条笔记")
			_, err := k.Submit(ctx, k.kos(m), own.ID, campaign.Proof{Link: "https://www.xiaohongshu.com/explore/64b7f3d2000000001203a1b" + string(rune('0'+i)), Text: "到店试驾很稳 #新品上市 " + m.String()})
			k.must(err)
		}
		all, err := k.AlikeTexts(ctx, k.hq(), x, true)
		k.must(err)
		if all.Texts != 3 || all.Over != 3 || len(all.Groups) != 1 {
			t.Errorf("%+v", all)
		}
		some, err := k.AlikeTexts(ctx, k.manager(11), x, true)
		k.must(err)
		if some.Texts >= all.Texts {
			t.Errorf("a store sees the texts of others: %+v", some)
		}
	})
}

func TestSubmittedTwinsAreRefusedWhereTheBrandWantsIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		ctx := t.Context()
		set := settings()
		set.Submitted = campaign.GuardReject
		k.must(k.SetSettings(ctx, k.hq(), "", set))
		x := k.run(plan())
		text := "今天带大家看看后排到底有多宽，一米八的同事坐进去前面还有两拳 #新品上市"
		_, err := k.Submit(ctx, k.kos(1001), k.mine(1001, "发一条笔记").ID, campaign.Proof{Link: "https://www.xiaohongshu.com/explore/64b7f3d2000000001203a1b1", Text: text})
		k.must(err)
		second := k.mine(1002, "发一条笔记")
		got, err := k.Submit(ctx, k.kos(1002), second.ID, campaign.Proof{Link: "https://www.xiaohongshu.com/explore/64b7f3d2000000001203a1b2", Text: text})
		k.must(err)
		if got.State != campaign.Rejected || got.Reason != "campaign.proof_alike_refused" {
			t.Errorf("%s %s", got.State, got.Reason)
		}
		set.Submitted = campaign.GuardOff
		k.must(k.SetSettings(ctx, k.hq(), "", set))
		if got, err = k.Submit(ctx, k.kos(1002), second.ID, campaign.Proof{Link: "https://www.xiaohongshu.com/explore/64b7f3d2000000001203a1b2", Text: text}); err != nil || got.State != campaign.Submitted {
			t.Errorf("%s %s %v", got.State, got.Reason, err)
		}
		k.agree(x)
	})
}

func TestNobodyApprovesTheirOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 8)
		ctx := t.Context()
		x, rev := k.compared(plan())
		_, err := k.Decide(ctx, k.hq(), x, campaign.Approve, rev, "")
		if !errs.Is(err, "campaign.own_approval") {
			t.Fatalf("the author approved: %v", err)
		}
		v, err := k.Get(ctx, k.hq(), x)
		k.must(err)
		if slices.Contains(v.Turns, campaign.Approve) || v.Held == nil || v.Held.Params["names"] != "人1" {
			t.Errorf("%v %v", v.Turns, v.Held)
		}
		// Whoever changes a word of somebody else's is its author as well.
		p := v.Plan
		p.Topic = "新品二"
		_, err = k.Write(ctx, k.boss(), x, "", p)
		k.must(err)
		_, err = k.Turn(ctx, k.boss(), x, campaign.Check, "")
		k.must(err)
		v, err = k.Turn(ctx, k.boss(), x, campaign.Submit, "")
		k.must(err)
		k.w.others = []campaign.Approver{{UserID: 100_001, Name: "人1"}, {UserID: 100_002, Name: "人2"}}
		if _, err := k.Decide(ctx, k.boss(), x, campaign.Approve, v.Rev, ""); !errs.Is(err, "campaign.own_approval") {
			t.Fatalf("who changed it last approved: %v", err)
		}
		// Nobody else is there: allowed, and written into the evidence, unless the brand always wants a second one.
		k.w.others = k.w.others[:1]
		set := settings()
		set.Approval = campaign.ApproveOther
		k.must(k.SetSettings(ctx, k.hq(), "", set))
		if _, err := k.Decide(ctx, k.boss(), x, campaign.Approve, v.Rev, ""); !errs.Is(err, "campaign.own_approval_nobody") {
			t.Fatal(err)
		}
		set.Approval = campaign.ApproveOtherIfAny
		k.must(k.SetSettings(ctx, k.hq(), "", set))
		_, err = k.Decide(ctx, k.boss(), x, campaign.Approve, v.Rev, "")
		k.must(err)
		last := k.w.proven[len(k.w.proven)-1]
		if last.Kind != "campaign.approve" || last.Body["alone"] != true || last.Body["edited_by"] != "人1" {
			t.Errorf("%+v", last)
		}
		k.queue.Run(ctx)
		// What was changed after the dispatch is not sent out by who changed it.
		p.Topic = "新品三"
		_, err = k.Write(ctx, k.hq(), x, "", p)
		k.must(err)
		_, err = k.Turn(ctx, k.hq(), x, campaign.Check, "")
		k.must(err)
		if _, err := k.Turn(ctx, k.hq(), x, campaign.Redispatch, ""); !errs.Is(err, "campaign.own_approval") {
			t.Fatal(err)
		}
		_, err = k.Turn(ctx, k.boss(), x, campaign.Redispatch, "")
		k.must(err)
	})
}

func TestTwoApproveAtOnceAndItGoesOutOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		x, rev := k.compared(plan())
		var wg sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, results[i] = k.Decide(context.WithoutCancel(t.Context()), k.boss(), x, campaign.Approve, rev, "")
			}()
		}
		wg.Wait()
		done := 0
		for _, err := range results {
			switch {
			case err == nil:
				done++
			case !errs.Is(err, "campaign.cannot_turn"):
				t.Error(err)
			}
		}
		k.queue.Run(t.Context())
		n, double := k.sum(x)
		if done != 1 || n != 20 || double != 0 { // 12 trainings, 8 notes
			t.Errorf("%d approved it, %d assignments, %d twice", done, n, double)
		}
		k.agree(x)
	})
}

// TestAnEditMeetsAnApproval: whoever is first wins, and what goes out is what was approved.
func TestAnEditMeetsAnApproval(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 8)
		ctx := context.WithoutCancel(t.Context())
		for range 6 {
			x, rev := k.compared(plan())
			edit := plan()
			v, err := k.Get(ctx, k.hq(), x)
			k.must(err)
			edit.Tasks, edit.Topic = v.Plan.Tasks, "悄悄改过"
			var wg sync.WaitGroup
			var approved, edited error
			wg.Add(2)
			go func() { defer wg.Done(); _, approved = k.Decide(ctx, k.boss(), x, campaign.Approve, rev, "") }()
			go func() { defer wg.Done(); _, edited = k.Write(ctx, k.hq(), x, "", edit) }()
			wg.Wait()
			k.queue.Run(ctx)
			versions, err := k.Versions(ctx, k.hq(), x)
			k.must(err)
			switch {
			case approved == nil && (len(versions) != 1 || versions[0].Plan.Topic != "新品"):
				t.Errorf("something else went out than was approved: %+v", versions)
			case approved != nil && (edited != nil || len(versions) != 0):
				t.Errorf("%v, %v, %d versions", approved, edited, len(versions))
			case approved != nil && !errs.Is(approved, "base.changed_meanwhile") && !errs.Is(approved, "campaign.cannot_turn"):
				t.Error(approved)
			}
		}
	})
}

func TestTheBoardGrowsWhileTheFirstWalkRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 9000)
		ctx := t.Context()
		x, _ := k.compared(plan())
		k.approve(x)
		var seen []int64
		k.w.onWalk = func(_ db.Querier, after id.ID) {
			b, err := k.Board(ctx, k.hq(), x, "")
			if err != nil {
				t.Error(err)
				return
			}
			store, err := k.Board(ctx, k.manager(11), x, "")
			if err != nil && after > 0 {
				t.Error(err)
			}
			if after > 0 && (store.Counts.Total() == 0 || store.Counts.Total() >= b.Counts.Total()) {
				t.Errorf("a store has %d of %d", store.Counts.Total(), b.Counts.Total())
			}
			seen = append(seen, b.Counts.Total())
		}
		k.queue.Run(ctx)
		k.w.onWalk = nil
		if len(seen) < 3 || !slices.IsSorted(seen) || seen[0] != 0 || seen[1] == 0 || seen[2] == seen[1] {
			t.Errorf("the board showed %v", seen)
		}
		k.agree(x)
	})
}

func TestSettingsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 4)
		ctx := t.Context()
		set := settings()
		set.Thresholds = []campaign.Threshold{{Most: 0.3, Why: "x"}}
		set.Limits = []campaign.Limit{
			{Platform: "myspace", PerHour: 1, PerDay: 1, Source: "x", Confidence: campaign.Observed}, {Platform: "douyin", PerDay: 1, Confidence: "sure"},
		}
		err := k.SetSettings(ctx, k.hq(), "", set)
		for _, slug := range []string{"campaign.setting_most", "campaign.setting_platform", "campaign.setting_per_hour", "campaign.setting_source", "campaign.setting_choice"} {
			if !errs.Is(err, slug) {
				t.Errorf("%s is not said: %v", slug, err)
			}
		}
		if err := k.SetSettings(ctx, actor(t, "hq_ops", 5, 10), "", settings()); !errs.Is(err, "campaign.whole_brand") {
			t.Errorf("a region changes the brand's: %v", err)
		}
		set = settings()
		set.Limits = []campaign.Limit{
			{Platform: "xiaohongshu", PerHour: 4, PerDay: 2, From: 20261101, Source: "十月的活动", Confidence: campaign.Observed},
			{Platform: "xiaohongshu", PerHour: 9000, PerDay: 2, From: 20270101, Source: "明年", Confidence: campaign.Observed},
		}
		k.must(k.SetSettings(ctx, k.hq(), "", set))
		got, _, err := k.Settings(ctx, k.hq())
		if err != nil || len(got.Limits) != 2 || got.By == "" || got.Rev != 1 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// TestABurstIsPackedByTheBrandsOwnLimit: four an hour spread what six hundred would pack into one.
func TestABurstIsPackedByTheBrandsOwnLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 40) // 26 notes
		ctx := t.Context()
		last := func() clock.Ms {
			p := plan()
			p.Mode = campaign.Burst
			x := k.run(p)
			last, err := db.One[clock.Ms](ctx, d, `SELECT MAX(publish_at) FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2`, brand, x)
			k.must(err)
			return last - at(0)
		}
		if got := last(); got > clock.Ms(time.Hour/time.Millisecond) {
			t.Errorf("600 an hour take %d ms for 26", got)
		}
		set := settings()
		set.Limits = []campaign.Limit{{Platform: "xiaohongshu", PerHour: 4, PerDay: 2, From: 20261101, Source: "十月的活动", Confidence: campaign.Observed}}
		k.must(k.SetSettings(ctx, k.hq(), "", set))
		if got := last(); got < clock.Ms(6*time.Hour/time.Millisecond) || got > clock.Ms(9*time.Hour/time.Millisecond) {
			t.Errorf("4 an hour take %d ms for 26", got)
		}
	})
}
