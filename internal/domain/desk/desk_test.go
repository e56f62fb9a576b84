package desk_test

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
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/desk"
)

func each(t *testing.T, fn func(t *testing.T, k kit)) {
	t.Helper()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) { fn(t, newKit(t, d)) })
}

func want(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFromSubmissionToLink(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		s := k.submit(post("全城第一的服务"))
		if s.State != desk.Waiting || s.Level != desk.Medium || s.Need != 1 || s.Due.Time().In(clock.Shanghai()).Format("15:04") != "12:00" || s.Platform != "xiaohongshu" || s.UnitID != 11 {
			t.Fatalf("%+v", s)
		}
		if _, err := k.Review(ctx, k.officer(), s.ID, desk.Decision{Version: 1, Verb: desk.Suggest}); !errs.Is(err, "desk.suggestion_missing") {
			t.Fatal(err)
		}
		if _, err := k.Review(ctx, k.officer(), s.ID, desk.Decision{Version: 9, Verb: desk.Approve}); !errs.Is(err, "desk.changed_meanwhile") {
			t.Fatal(err)
		}
		k.c.Advance(30 * time.Minute)
		mark := desk.Mark{Rule: "test/第一", Field: "body", Start: 2, Right: true}
		s = k.review(k.officer(), s, desk.Decision{Version: 1, Verb: desk.Suggest, Reason: "换个说法", Suggestion: []desk.Text{{Field: "body", Text: "很受欢迎的服务"}}, Marks: []desk.Mark{mark, {Rule: "invented"}}})
		if s.State != desk.Changes || len(k.marks) != 1 || k.marks[0].Text != "第一" {
			t.Fatalf("%+v %+v", s, k.marks)
		}
		want(t, k.told(81), []string{"desk.changes"})
		want(t, k.open(), []string{"desk.fix"})
		got, err := k.Accept(ctx, k.kos(), s.ID, 1)
		if err != nil || got.State != desk.Approved || got.Straight != desk.StraightSuggested || got.Version != 2 {
			t.Fatalf("%+v %v", got, err)
		}
		if again, err := k.Accept(ctx, k.kos(), s.ID, 1); err != nil || again.Version != 2 {
			t.Fatalf("the same tap twice: %+v %v", again, err)
		}
		want(t, k.open(), []string{"desk.publish"})
		if _, err := k.Publish(ctx, k.kos(), s.ID, "复制成功"); !errs.Is(err, "desk.link_bad") {
			t.Fatal(err)
		}
		for range 2 {
			got, err = k.Publish(ctx, k.kos(), s.ID, "8 【静安店】发布了一篇小红书笔记，快来看吧！ http://xhslink.com/a/Ab12cD，复制本条信息")
			if err != nil || got.State != desk.Published || got.Link != "http://xhslink.com/a/Ab12cD" {
				t.Fatalf("%+v %v", got, err)
			}
		}
		want(t, k.open(), []string{})
		if _, err := k.Resubmit(ctx, k.kos(), s.ID, desk.Resubmission{Version: 2, Texts: []desk.Text{{Field: "body", Text: "再改"}}}); !errs.Is(err, "desk.state_published") {
			t.Fatal(err)
		}
		want(t, k.kinds(), []string{"desk.queued", "desk.suggested", "desk.passed", "desk.published"})
		story, err := k.Story(ctx, k.officer(), &got)
		if err != nil || len(story.Versions) != 2 || len(story.Reviews) != 1 || story.Reviews[0].Minutes != 30 {
			t.Fatalf("%+v %v", story, err)
		}
	})
}

func TestRulesRefuseAndSampling(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent, s.Levels[1].Percent, s.ReuseApproved = 0, 100, false })
		if s := k.submit(post("今天到店看看")); s.State != desk.Approved || s.Straight != desk.StraightClean {
			t.Fatalf("%+v", s)
		}
		if s := k.submit(post("价格便宜")); s.State != desk.Waiting || !s.Sampled {
			t.Fatalf("%+v", s)
		}
		s := k.submit(post("最好的服务"))
		if s.State != desk.Blocked {
			t.Fatalf("%+v", s)
		}
		if _, err := k.Review(ctx, k.officer(), s.ID, desk.Decision{Version: 1, Verb: desk.Approve}); !errs.Is(err, "desk.decided") {
			t.Fatal("a reviewer overruled the rules:", err)
		}
		s, err := k.Resubmit(ctx, k.kos(), s.ID, desk.Resubmission{Version: 1, Texts: []desk.Text{{Field: "body", Text: "用心的服务"}}})
		if err != nil || s.State != desk.Approved || s.Version != 2 {
			t.Fatalf("%+v %v", s, err)
		}
		// what was approved and is edited goes through the desk again
		s, err = k.Resubmit(ctx, k.kos(), s.ID, desk.Resubmission{Version: 2, Texts: []desk.Text{{Field: "body", Text: "全城第一"}}})
		if err != nil || s.State != desk.Waiting {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := k.Publish(ctx, k.kos(), s.ID, "https://xhslink.com/a/1"); !errs.Is(err, "desk.state_waiting") {
			t.Fatal(err)
		}
		want(t, k.kinds(), []string{"desk.passed", "desk.queued", "desk.blocked", "desk.passed", "desk.queued"})
	})
}

func TestApprovedWordsPassAgainUnedited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		first := k.submit(post("全城第一的服务"))
		k.review(k.officer(), first, desk.Decision{Version: 1, Verb: desk.Approve})
		if s := k.submit(post(" 全城第一的服务\n")); s.State != desk.Approved || s.Straight != desk.StraightSame {
			t.Fatalf("%+v", s)
		}
		if s := k.submit(post("全城第一的服务！")); s.State != desk.Waiting {
			t.Fatalf("edited and still straight: %+v", s)
		}
		k.c.Advance(40 * 24 * time.Hour)
		if s := k.submit(post("全城第一的服务")); s.State != desk.Waiting {
			t.Fatalf("an old approval still holds: %+v", s)
		}
	})
}

func TestTwoPeople(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		k.settings(func(s *desk.Settings) {
			s.Levels[2].Reviewers, s.Levels[3] = 2, desk.Rule{Action: desk.ActionReview, Reviewers: 2, Minutes: 60}
		})
		s := k.submit(post("最好的服务"))
		for range 2 { // a retry of the first person changes nothing
			if s = k.review(k.officer(), s, desk.Decision{Version: 1, Verb: desk.Approve}); s.State != desk.Waiting || s.Approvals != 1 {
				t.Fatalf("%+v", s)
			}
		}
		if _, err := k.Review(ctx, k.officer(), s.ID, desk.Decision{Version: 1, Verb: desk.Reject, Reason: "x"}); !errs.Is(err, "desk.second_person") {
			t.Fatal(err)
		}
		if s = k.review(k.second(), s, desk.Decision{Version: 1, Verb: desk.Approve}); s.State != desk.Approved || s.Approvals != 2 {
			t.Fatalf("%+v", s)
		}
		// the words of a reviewer count as the first approval
		s = k.submit(post("全城第一"))
		k.review(k.officer(), s, desk.Decision{Version: 1, Verb: desk.Suggest, Suggestion: []desk.Text{{Field: "body", Text: "同城第一批门店"}}})
		s, err := k.Accept(ctx, k.kos(), s.ID, 1)
		if err != nil || s.State != desk.Waiting || s.Approvals != 1 || s.First != 91 {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := k.Review(ctx, k.officer(), s.ID, desk.Decision{Version: 2, Verb: desk.Approve}); !errs.Is(err, "desk.second_person") {
			t.Fatal(err)
		}
		k.review(k.second(), s, desk.Decision{Version: 2, Verb: desk.Approve})
		want(t, k.kinds(), []string{"desk.queued", "desk.agreed", "desk.approved", "desk.queued", "desk.suggested", "desk.queued", "desk.approved"})
	})
}

func TestReviewersDoNotCollide(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		s := k.submit(post("全城第一"))
		if _, err := k.Claim(ctx, k.officer(), s.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Claim(ctx, k.second(), s.ID); !errs.Is(err, "desk.claimed") {
			t.Fatal(err)
		}
		if _, err := k.Review(ctx, k.second(), s.ID, desk.Decision{Version: 1, Verb: desk.Approve}); !errs.Is(err, "desk.claimed") {
			t.Fatal(err)
		}
		if err := k.Release(ctx, k.second(), s.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Claim(ctx, k.second(), s.ID); !errs.Is(err, "desk.claimed") {
			t.Fatal("somebody else gave the claim back:", err)
		}
		k.c.Advance(6 * time.Minute)
		if _, err := k.Claim(ctx, k.second(), s.ID); err != nil {
			t.Fatal("the claim did not run out:", err)
		}
		if _, err := k.HandOver(ctx, k.second(), s.ID, 91, "请看"); err != nil {
			t.Fatal(err)
		}
		want(t, k.told(91), []string{"desk.handed"})
		if _, err := k.HandOver(ctx, k.second(), s.ID, 93, ""); !errs.Is(err, "desk.reviewer_unknown") {
			t.Fatal(err)
		}
		// twelve decisions at once: one counts
		var wg sync.WaitGroup
		var done sync.Map
		for i := range 12 {
			wg.Go(func() {
				who := actor(k.t, authz.Compliance, id.ID(1000+i), 0)
				_, err := k.Review(context.Background(), who, s.ID, desk.Decision{Version: 1, Verb: desk.Approve})
				if err == nil {
					done.Store(i, true)
				} else if !errs.Is(err, "desk.decided") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n := 0
		done.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d of twelve decided", n)
		}
		want(t, k.kinds(), []string{"desk.queued", "desk.approved"})
	})
}

func TestSameKeyIsTheSameSubmission(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		var wg sync.WaitGroup
		ids := make([]id.ID, 8)
		for i := range ids {
			wg.Go(func() {
				d := post("全城第一")
				d.Key = "phone-1"
				s, err := k.Submit(context.Background(), k.kos(), d)
				if err != nil {
					t.Error(err)
				}
				ids[i] = s.ID
			})
		}
		wg.Wait()
		slices.Sort(ids)
		if ids[0] == 0 || ids[0] != ids[7] {
			t.Error(ids)
		}
		want(t, k.kinds(), []string{"desk.queued"})
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		hq, store := actor(t, authz.HQOps, 93, 0), actor(t, authz.StoreManager, 82, 53, 11)
		other := actor(t, authz.KOS, 83, 52, 12)
		colleague := actor(t, authz.KOS, 84, 54, 11)
		s := k.submit(post("全城第一"))
		if _, err := k.Review(ctx, hq, s.ID, desk.Decision{Version: 1, Verb: desk.Approve}); !errs.Is(err, "desk.no_reviewer") {
			t.Fatal(err)
		}
		if _, err := k.Get(ctx, other, s.ID); !errs.Is(err, "desk.not_found") {
			t.Fatal(err)
		}
		if _, err := k.Get(ctx, store, s.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Submit(ctx, other, post("x")); !errs.Is(err, "desk.account_unknown") {
			t.Fatal(err)
		}
		if _, err := k.Submit(ctx, colleague, post("x")); !errs.Is(err, "desk.account_unknown") {
			t.Fatal("a colleague hands in for an account of the store:", err)
		}
		if _, err := k.Submit(ctx, store, post("到店看看")); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Resubmit(ctx, other, s.ID, desk.Resubmission{Version: 1, Texts: []desk.Text{{Field: "body", Text: "y"}}}); !errs.Is(err, "desk.not_found") {
			t.Fatal(err)
		}
		k.settings(func(s *desk.Settings) { s.HQReviews = true })
		if _, err := k.Review(ctx, hq, s.ID, desk.Decision{Version: 1, Verb: desk.Reject}); !errs.Is(err, "desk.reason_missing") {
			t.Fatal(err)
		}
		if _, err := k.Review(ctx, hq, s.ID, desk.Decision{Version: 1, Verb: desk.Reject, Reason: "不合适"}); err != nil {
			t.Fatal(err)
		}
		own, err := k.Submit(ctx, hq, desk.Draft{Platform: "weibo", Kind: "post", Texts: []desk.Text{{Field: "body", Text: "全城第一"}}})
		if err != nil || own.UnitID != 1 {
			t.Fatal(own, err)
		}
		if _, err := k.Review(ctx, hq, own.ID, desk.Decision{Version: 1, Verb: desk.Approve}); !errs.Is(err, "desk.own_submission") {
			t.Fatal(err)
		}
		mine, err := k.List(ctx, k.kos(), desk.Filter{Mine: true, Limit: 9, Sort: desk.ByNew})
		if err != nil || len(mine) != 2 {
			t.Fatal(len(mine), err)
		}
		seen, err := k.List(ctx, store, desk.Filter{Limit: 9, Sort: desk.ByRank})
		if err != nil || len(seen) != 2 {
			t.Fatal(len(seen), err)
		}
	})
}

func TestBulkCountsAndFigures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent = 100 })
		var ids []id.ID
		for i := range 6 {
			ids = append(ids, k.submit(post("第 "+string(rune('一'+i))+" 条文字")).ID)
			k.c.Advance(time.Minute)
		}
		hot := k.submit(post("全城第一"))
		queue, err := k.List(ctx, k.officer(), desk.Filter{State: desk.Waiting, Sort: desk.ByRank, Limit: 3})
		if err != nil || queue[0].ID != hot.ID {
			t.Fatal(err)
		}
		next, err := k.List(ctx, k.officer(), desk.Filter{State: desk.Waiting, Sort: desk.ByRank, Limit: 9, Key: queue[2].Rank, After: queue[2].ID})
		if err != nil || len(next) != 4 {
			t.Fatal(len(next), err)
		}
		k.review(k.second(), desk.Submission{ID: ids[0]}, desk.Decision{Version: 1, Verb: desk.Reject, Reason: "不合适"})
		k.c.Advance(10 * time.Hour)
		seen := []desk.Seen{}
		for _, one := range append(ids, 424242) {
			seen = append(seen, desk.Seen{ID: one, Version: 1})
		}
		done, skipped, err := k.Bulk(ctx, k.officer(), seen, desk.Decision{Verb: desk.Approve})
		if err != nil || done != 5 || len(skipped) != 2 || !errs.Is(skipped[0].Err, "desk.decided") || !errs.Is(skipped[1].Err, "desk.not_found") {
			t.Fatal(done, skipped, err)
		}
		st, err := k.Stats(ctx, k.officer(), "", 30)
		if err != nil || st.Waiting != 1 || st.Overdue != 1 || st.Levels[2] != 1 || st.Decided != 6 || len(st.Reviewers) != 2 || st.Reviewers[0].Approved != 5 || st.Reviewers[1].Rejected != 1 {
			t.Fatalf("%+v %v", st, err)
		}
		if st.Median < 470 || st.Late != 0 { // 10:00 to 18:00, and two more hours after closing do not count
			t.Errorf("median %d, late %d", st.Median, st.Late)
		}
		if empty, err := k.Stats(ctx, actor(t, authz.StoreManager, 5, 0, 12), "", 30); err != nil || empty.Decided != 0 || empty.Median != -1 {
			t.Fatalf("%+v %v", empty, err)
		}
		around, err := k.Around(ctx, k.officer(), hot.ID)
		if err != nil || len(around.Similar) != 0 {
			t.Fatalf("%+v %v", around, err)
		}
		k.review(k.officer(), hot, desk.Decision{Version: 1, Verb: desk.Reject, Reason: "夸大"})
		k.same = []desk.Elsewhere{{PostID: 1, AccountID: 501, Score: 1}, {PostID: 2, AccountID: 502, Score: 0.8}}
		near := k.submit(post("华东第一的门店"))
		around, err = k.Around(ctx, k.officer(), near.ID)
		if err != nil || len(around.Similar) != 1 || around.Similar[0].Reason != "夸大" || len(around.Elsewhere) != 2 {
			t.Fatalf("%+v %v", around, err)
		}
		if cut, err := k.Around(ctx, actor(t, authz.StoreManager, 5, 0, 11), near.ID); err != nil || len(cut.Elsewhere) != 1 {
			t.Fatalf("%+v %v", cut, err)
		}
	})
}

// TestBulkDecidesOnlyWhatWasSeen: an author changes the text between the reviewer's look and the approval.
func TestBulkDecidesOnlyWhatWasSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		a, b := k.submit(post("全城第一")), k.submit(post("华东第一"))
		if _, err := k.Resubmit(ctx, k.kos(), a.ID, desk.Resubmission{Version: 1, Texts: []desk.Text{{Field: "body", Text: "加微信，全城第一"}}}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ version, done, left int }{{0, 0, 2}, {1, 1, 1}} {
			done, skipped, err := k.Bulk(ctx, k.officer(), []desk.Seen{{ID: a.ID, Version: c.version}, {ID: b.ID, Version: c.version}}, desk.Decision{Verb: desk.Approve})
			if err != nil || done != c.done || len(skipped) != c.left || !errs.Is(skipped[0].Err, "desk.changed_meanwhile") || skipped[0].ID != a.ID {
				t.Fatalf("%+v: %d %+v %v", c, done, skipped, err)
			}
		}
		got, err := k.Get(ctx, k.officer(), a.ID)
		if err != nil || got.State != desk.Waiting || got.Version != 2 {
			t.Fatalf("%+v %v", got, err)
		}
	})
}

// TestWhoeverATextIsForTakesItOver: the store's manager hands in, the member whose account it is adds a picture.
func TestWhoeverATextIsForTakesItOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		boss := actor(t, authz.StoreManager, 82, 53, 11)
		s, err := k.Submit(ctx, boss, post("全城第一"))
		if err != nil {
			t.Fatal(err)
		}
		in := desk.Resubmission{Version: 1, Texts: []desk.Text{{Field: "body", Text: "同城第一批"}}, Pictures: []id.ID{k.upload(code(t))}}
		for range 2 { // the same tap twice is one version
			if s, err = k.Resubmit(ctx, k.kos(), s.ID, in); err != nil || s.Version != 2 || s.State != desk.Reading {
				t.Fatalf("%+v %v", s, err)
			}
		}
		k.jobs.Run(ctx)
		story, err := k.Story(ctx, k.officer(), &s)
		if err != nil || len(story.Pictures) != 1 || len(story.Versions) != 2 || story.Versions[0].By != boss.Name || story.Versions[1].By != k.kos().Name {
			t.Fatalf("%+v %v", story, err)
		}
		if n := len(k.steps); n != 2 || k.steps[1].Texts["author"] != k.kos().Name {
			t.Fatalf("%+v", k.steps)
		}
		// the same words with other media or pictures are not the same version
		other := in
		other.Pictures = nil
		if _, err := k.Resubmit(ctx, k.kos(), s.ID, other); !errs.Is(err, "desk.changed_meanwhile") {
			t.Fatal(err)
		}
		other = in
		other.Media = []desk.Media{{Kind: "video", Name: "探店"}}
		if _, err := k.Resubmit(ctx, k.kos(), s.ID, other); !errs.Is(err, "desk.changed_meanwhile") {
			t.Fatal(err)
		}
		theirs, err := k.Upload(ctx, actor(t, authz.KOS, 83, 52, 12), "x.png", bytes.NewReader(code(t)))
		if err != nil {
			t.Fatal(err)
		}
		other = desk.Resubmission{Version: 2, Texts: in.Texts, Pictures: []id.ID{theirs.ID}}
		if _, err := k.Resubmit(ctx, k.kos(), s.ID, other); !errs.Is(err, "desk.picture_unknown") {
			t.Fatal("somebody else's picture:", err)
		}
	})
}

func TestPlatformIsOneOfTheSeven(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		for platform, ok := range map[string]bool{"weibo": true, "wechat_oa": true, "": false, "bogus": false, "<img src=x>": false, "Weibo": false} {
			_, err := k.Submit(t.Context(), k.kos(), desk.Draft{Platform: platform, Kind: "post", Texts: []desk.Text{{Field: "body", Text: "到店看看"}}})
			var e *errs.Error
			if ok != (err == nil) || !ok && (!errors.As(err, &e) || len(e.Fields) != 1) {
				t.Errorf("%q: %v", platform, err)
			}
		}
	})
}

func TestLongListsAreCut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		d := post("到店看看")
		d.Media = []desk.Media{{Kind: "video", Name: strings.Repeat("长", 201), Note: strings.Repeat("长", 201)}, {Name: strings.Repeat("长", 200)}}
		_, err := k.Submit(t.Context(), k.kos(), d)
		var e *errs.Error
		if !errors.As(err, &e) || len(e.Fields) != 2 {
			t.Fatal(err)
		}
		k.flood = 260
		s := k.submit(post("全城第一"))
		var kept []desk.Finding
		if err := json.Unmarshal([]byte(s.Findings), &kept); err != nil || len(kept) != 200 || kept[199].More != 61 || s.State != desk.Waiting {
			t.Fatal(len(kept), err)
		}
		if k.steps[0].Body["findings_more"] != 61 {
			t.Error(k.steps[0].Body["findings_more"])
		}
	})
}

func TestSweepExpiresAndReminds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k kit) {
		ctx := t.Context()
		k.settings(func(s *desk.Settings) { s.Levels[0].Percent = 0 })
		ok, late := k.submit(post("到店看看")), k.submit(post("全城第一"))
		k.c.Advance(24 * time.Hour)
		for range 2 {
			if err := k.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		want(t, k.told(91), []string{"desk.overdue"})
		k.c.Advance(30 * 24 * time.Hour)
		if _, err := k.Publish(ctx, k.kos(), ok.ID, "https://xhslink.com/1"); !errs.Is(err, "desk.state_expired") {
			t.Fatal("published after the approval was over:", err)
		}
		for range 2 {
			if err := k.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		got, err := k.Get(ctx, k.kos(), ok.ID)
		if err != nil || got.State != desk.Expired {
			t.Fatalf("%+v %v", got, err)
		}
		want(t, k.told(81), []string{"desk.expired"})
		want(t, k.open(), []string{})
		for range 2 {
			if got, err = k.Withdraw(ctx, k.kos(), late.ID); err != nil || got.State != desk.Withdrawn {
				t.Fatalf("%+v %v", got, err)
			}
		}
		want(t, k.kinds(), []string{"desk.passed", "desk.queued", "desk.expired", "desk.withdrawn"})
	})
}

func TestFaultsAllAtOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t, sets()))
	_, err := k.Submit(t.Context(), k.kos(), desk.Draft{AccountID: 501, Kind: "post", Texts: []desk.Text{{Field: "bio", Text: "x"}, {Field: "body", Text: " "}}, Media: []desk.Media{{Link: "javascript:1"}}})
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) != 3 {
		t.Fatal(err)
	}
}
