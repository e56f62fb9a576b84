package campaign_test

import (
	"fmt"
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
	"kosmos/internal/domain/campaign"
	"kosmos/internal/event"
)

const note = "发一条笔记"

func noteURL(i int) string {
	return fmt.Sprintf("https://www.xiaohongshu.com/explore/64b0a1f20000000012%06x", i)
}

// post is an imported post of a member's account.
func (k *kit) post(x, member id.ID, i int, at clock.Ms) {
	k.w.mu.Lock()
	defer k.w.mu.Unlock()
	views, acts := int64(100), int64(10)
	k.w.posts[x] = campaign.Post{
		ID: x, AccountID: member + 500_000, UnitID: 11, Platform: "xiaohongshu", ExternalID: fmt.Sprintf("64b0a1f20000000012%06x", i), Title: "到店看车 #新品上市",
		URL: noteURL(i), PublishedAt: at, Live: true, Views: &views, Interactions: &acts, AsOf: at,
	}
}

func (k *kit) hand(member id.ID, p campaign.Proof) campaign.Submission {
	k.t.Helper()
	x, err := k.Submit(k.t.Context(), k.kos(member), k.mine(member, note).ID, p)
	k.must(err)
	return x
}

func TestProofs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		ctx := t.Context()
		x := k.run(plan())
		k.post(1, 1001, 1, at(time.Hour))
		k.post(2, 1002, 2, at(-48*time.Hour))
		k.c.Advance(2 * time.Hour)
		text := "到店看了新车，后排很宽 #新品上市"
		for _, c := range []struct {
			name   string
			member id.ID
			p      campaign.Proof
			state  campaign.Step
			reason string
		}{
			{"the own imported post", 1001, campaign.Proof{Link: noteURL(1), Text: text}, campaign.Passed, ""},
			{"another platform", 1004, campaign.Proof{Link: "7.9 复制打开抖音 https://v.douyin.com/iA/ x"}, campaign.Rejected, "campaign.proof_platform_other"},
			{"no link", 1004, campaign.Proof{Text: "发好了 #新品上市"}, campaign.Rejected, "campaign.proof_link_missing"},
			{"another person's post", 1004, campaign.Proof{Link: noteURL(1), Text: text}, campaign.Rejected, "campaign.proof_not_mine"},
			{"before the window", 1002, campaign.Proof{Link: noteURL(2), Text: text}, campaign.Rejected, "campaign.proof_too_early"},
			{"no hashtag", 1005, campaign.Proof{Link: noteURL(5), Text: "今天很开心"}, campaign.Rejected, "campaign.proof_no_hashtag"},
			{"not imported yet", 1005, campaign.Proof{Link: "http://xhslink.com/a/BcD3fG，复制本条信息", Text: "试驾完一圈回来，大家都说座椅舒服 #新品上市"}, campaign.Submitted, "campaign.proof_account_wait"},
			{"the same link", 1007, campaign.Proof{Link: "xhslink.com/a/BcD3fG", Text: "完全不一样的一段话哦 #新品上市"}, campaign.Rejected, "campaign.proof_taken"},
			{"almost the same text", 1008, campaign.Proof{Link: noteURL(8), Text: text + "！"}, campaign.Look, "campaign.proof_alike"},
		} {
			got := k.hand(c.member, c.p)
			if got.State != c.state || got.Reason != c.reason {
				t.Errorf("%s: %s %s %+v", c.name, got.State, got.Reason, got.Checks)
			}
		}
		k.agree(x)
		if k.w.uses != 1 {
			t.Errorf("uses told: %d", k.w.uses)
		}
		// Figures arrive: the post behind the short link is the account's only one near by.
		k.post(15, 1005, 0x55, at(90*time.Minute))
		k.publish(event.PostsChanged{BrandID: brand, PostIDs: []id.ID{15}})
		if own := k.mine(1005, note); own.State != campaign.Passed {
			t.Errorf("figures showed it, and it is %s %s", own.State, own.Reason)
		}
		// A post that passed is deleted, after it was paid too.
		paid := k.mine(1005, note)
		k.closeAndReview(x)
		gone := k.w.posts[15]
		gone.Live = false
		k.w.posts[15] = gone
		k.publish(event.PostsChanged{BrandID: brand, PostIDs: []id.ID{15}})
		one, err := k.ReviewOne(ctx, k.hq(), paid.ID)
		k.must(err)
		if one.Row.State != campaign.Look || one.Row.Reason != "campaign.proof_deleted_paid" {
			t.Errorf("%s %s", one.Row.State, one.Row.Reason)
		}
		k.agree(x)
	})
}

func (k *kit) closeAndReview(x id.ID) {
	k.t.Helper()
	_, err := k.Turn(k.t.Context(), k.hq(), x, campaign.Close, "")
	k.must(err)
	_, err = k.Turn(k.t.Context(), k.hq(), x, campaign.Review, "下次早一天派发")
	k.must(err)
	k.queue.Run(k.t.Context())
}

func TestScreenshotsComeWithTheProof(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		p := plan()
		p.Tasks[0].Evidence = campaign.Evidence{Screenshots: 2, ByHand: true}
		k.run(p)
		k.c.Advance(time.Hour)
		png := func(i byte) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), i) }
		own := k.mine(1001, note)
		send := func(key string, images ...[]byte) (campaign.Submission, error) {
			return k.Submit(t.Context(), k.kos(1001), own.ID, campaign.Proof{Key: key, Images: images})
		}
		if _, err := send("a", png(1), []byte("no picture")); !errs.Is(err, "campaign.picture_kind") {
			t.Fatal("taken although one is no picture:", err)
		}
		x, err := send("b", png(1), png(2))
		k.must(err)
		if x.State != campaign.Look || len(x.Pictures) != 2 {
			t.Fatalf("%s with %d pictures", x.State, len(x.Pictures))
		}
		again, err := send("b", png(1), png(2))
		k.must(err)
		n, err := db.One[int64](t.Context(), d, `SELECT COUNT(*) FROM campaign_picture WHERE assignment_id = $1`, own.ID)
		k.must(err)
		if again.ID != x.ID || n != 2 {
			t.Errorf("sent again it is another proof (%v), or %d pictures are kept of 2", again.ID != x.ID, n)
		}
	})
}

func TestTapsAndRaces(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		x := k.run(plan())
		k.post(1, 1001, 1, at(time.Minute))
		k.c.Advance(time.Hour)
		ctx := t.Context()
		own := k.mine(1001, note)
		// A tap sent eight times at once is one proof.
		race(8, func(int) {
			if _, err := k.Submit(ctx, k.kos(1001), own.ID, campaign.Proof{Key: "tap", Link: noteURL(1), Text: "一句话 #新品上市"}); err != nil {
				t.Error(err)
			}
		})
		n, err := db.One[int64](ctx, d, `SELECT COUNT(*) FROM campaign_submission WHERE assignment_id = $1`, own.ID)
		k.must(err)
		if n != 1 {
			t.Errorf("%d proofs of one tap", n)
		}
		// Two people hand one link in at the same moment: one of them has it.
		a, b := k.mine(1005, note), k.mine(1007, note)
		states := make([]campaign.Step, 2)
		race(2, func(i int) {
			m, as := id.ID(1005), a.ID
			if i == 1 {
				m, as = 1007, b.ID
			}
			got, err := k.Submit(ctx, k.kos(m), as, campaign.Proof{Link: "https://xhslink.com/a/Same", Text: fmt.Sprintf("第%d个人自己写的内容各不相同 #新品上市", i)})
			if err != nil {
				t.Error(err)
			}
			states[i] = got.State
		})
		if (states[0] == campaign.Rejected) == (states[1] == campaign.Rejected) {
			t.Errorf("one link: %v", states)
		}
		k.agree(x)
	})
}

func race(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			fn(i)
		}()
	}
	wg.Wait()
}

func TestTwoReviewersAndAnAppeal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		p := plan()
		p.Tasks[0].Evidence.ByHand = true
		x := k.run(p)
		ctx := t.Context()
		k.post(1, 1001, 1, at(time.Minute))
		k.c.Advance(time.Hour)
		if got := k.hand(1001, campaign.Proof{Link: noteURL(1), Text: "看车 #新品上市"}); got.State != campaign.Look {
			t.Fatalf("%+v", got)
		}
		rows, err := k.Reviews(ctx, k.hq(), campaign.ReviewFilter{Limit: 10})
		k.must(err)
		if len(rows) != 1 || rows[0].Submission.PostID != 1 || *rows[0].Submission.Views != 100 {
			t.Fatalf("%+v", rows)
		}
		item := campaign.Versioned{ID: rows[0].ID, Rev: rows[0].Rev}
		one, two := actor(t, authz.HQOps, 701), actor(t, authz.HQOps, 702)
		_, err = k.Claim(ctx, one, item.ID)
		k.must(err)
		if _, err := k.Claim(ctx, two, item.ID); !errs.Is(err, "campaign.claimed") {
			t.Fatal(err)
		}
		done, skipped, err := k.DecideProofs(ctx, two, campaign.Decision{Items: []campaign.Versioned{item}, Verdict: "pass"})
		if err != nil || done != 0 || skipped[0].Slug != "campaign.claimed" {
			t.Fatalf("%d %+v %v", done, skipped, err)
		}
		k.c.Advance(11 * time.Minute) // the claim is over: both decide at once
		sum := make([]int, 2)
		race(2, func(i int) {
			who := []authz.Actor{one, two}[i]
			n, _, err := k.DecideProofs(ctx, who, campaign.Decision{Items: []campaign.Versioned{item}, Verdict: "reject", Reason: "off_brief"})
			if err != nil {
				t.Error(err)
			}
			sum[i] = n
		})
		if sum[0]+sum[1] != 1 {
			t.Fatalf("decided %v times", sum)
		}
		if n := k.w.told("campaign.decided"); n != 1 {
			t.Errorf("told %d times", n)
		}
		a, err := k.Appeal(ctx, k.kos(1001), item.ID, "我拍的就是要求里的细节")
		k.must(err)
		if a.State != campaign.Appealed || len(k.w.todos) != 1 {
			t.Fatalf("%+v %v", a, k.w.todos)
		}
		if _, _, err := k.DecideProofs(ctx, one, campaign.Decision{Items: []campaign.Versioned{{ID: a.ID, Rev: a.Rev}}, Verdict: "deny"}); !errs.Is(err, "campaign.note_missing") {
			t.Error(err)
		}
		done, _, err = k.DecideProofs(ctx, one, campaign.Decision{Items: []campaign.Versioned{{ID: a.ID, Rev: a.Rev}}, Verdict: "settle"})
		if err != nil || done != 1 || len(k.w.todos) != 0 {
			t.Fatalf("%d %v %v", done, err, k.w.todos)
		}
		if e := jobstest.Events[event.CampaignSettled](k.queue); len(e) != 1 || e[0].AssignmentIDs[0] != a.ID {
			t.Errorf("%+v", e)
		}
		if rows, err := k.Reviews(ctx, k.manager(12), campaign.ReviewFilter{State: campaign.Rejected, Limit: 10}); err != nil || len(rows) != 0 {
			t.Errorf("%+v %v", rows, err)
		}
		k.agree(x)
	})
}

func TestAPersonSeesAndDecides(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		p := plan()
		p.WeeklyMinutes = 25
		x := k.run(p)
		ctx := t.Context()
		list, err := k.Today(ctx, k.kos(1001))
		k.must(err)
		if len(list.Items) != 2 || list.Open != 1 || list.Later != 1 || list.Cap != 25 {
			t.Fatalf("%+v", list)
		}
		own := k.mine(1001, note)
		one, err := k.Mine(ctx, k.kos(1001), own.ID)
		k.must(err)
		if one.Text.Body != "77给1001" || !one.OwnText || one.Hashtags[0] != "新品上市" {
			t.Fatalf("%+v", one)
		}
		if _, err := k.Mine(ctx, k.kos(1002), own.ID); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("somebody else's task: %v", err)
		}
		race(4, func(int) {
			if err := k.Read(ctx, k.kos(1001), own.ID, 1); err != nil {
				t.Error(err)
			}
		})
		b, err := k.Board(ctx, k.hq(), x, "")
		k.must(err)
		if b.Counts.Read != 1 {
			t.Errorf("read %d", b.Counts.Read)
		}
		race(4, func(int) {
			if _, err := k.Accept(ctx, k.kos(1001), own.ID); err != nil {
				t.Error(err)
			}
		})
		if _, err := k.Decline(ctx, k.kos(1001), own.ID, campaign.OtherReason, ""); !errs.Is(err, "campaign.decline_note") {
			t.Error(err)
		}
		a, err := k.Decline(ctx, k.kos(1001), own.ID, campaign.NoTime, "")
		if err != nil || a.State != campaign.Declined {
			t.Fatal(a, err)
		}
		k.must(k.SetNote(ctx, actor(t, authz.RegionManager, 801, 10), x, "10", "本区周五前发完"))
		if err := k.SetNote(ctx, actor(t, authz.RegionManager, 801, 10), x, "20", "别的区"); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("a note for another region: %v", err)
		}
		if one, err = k.Mine(ctx, k.kos(1001), own.ID); err != nil || len(one.Notes) != 1 || one.Brief.Text != "拍一个细节" {
			t.Errorf("%+v %v", one.Notes, err)
		}
		// Who is behind, reminded once a day.
		rows, err := k.Assignments(ctx, k.hq(), x, campaign.AssignmentFilter{Left: "submit", Limit: 200})
		k.must(err)
		if len(rows) != 39 { // 40, and one declined
			t.Errorf("%d are behind", len(rows))
		}
		got := make([]campaign.Reminded, 2)
		race(2, func(i int) {
			r, err := k.Remind(ctx, k.hq(), x, campaign.Reminder{Left: "submit"})
			if err != nil {
				t.Error(err)
			}
			got[i] = r
		})
		if got[0].People+got[1].People != 24 || got[0].Recent+got[1].Recent != 24 {
			t.Errorf("%+v", got)
		}
		r, err := k.Rank(ctx, k.kos(1001))
		k.must(err)
		if r.Given != 1 || r.Rank == nil || *r.Rank != 1 {
			t.Errorf("%+v", r)
		}
		k.agree(x)
	})
}

func TestResultsAddUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		x := k.run(plan())
		ctx := t.Context()
		for i := range 3 {
			m := id.ID(1001 + i)
			if k.w.accounts[m+500_000].Platform != "xiaohongshu" {
				continue
			}
			k.post(id.ID(i+1), m, i+1, at(time.Hour))
			k.c.Advance(2 * time.Hour)
			if got := k.hand(m, campaign.Proof{Link: noteURL(i + 1), Text: fmt.Sprintf("%d 各写各的完全不同的一段内容 %d #新品上市", i*7919, i*104729)}); got.State != campaign.Passed {
				t.Fatalf("%+v", got)
			}
		}
		r, err := k.Results(ctx, k.hq(), x, "")
		k.must(err)
		if r.Sum.Posts != 2 || *r.Sum.Views != 200 || r.TookPart != 2 || r.People != 24 || r.Dealers.Posts != 2 || r.Official.Posts != 0 {
			t.Errorf("%+v", r)
		}
		if len(r.Curve) != 1 || r.Curve[0].Posts != 2 || r.Participants.Accounts != 2 || r.CostFen != nil {
			t.Errorf("%+v %+v", r.Curve, r.Participants)
		}
		cost := int64(10_000)
		_, err = k.PutPartner(ctx, k.hq(), x, campaign.Partner{Kind: "kol", Name: "车评人", CostFen: &cost, Links: []string{"https://b23.tv/x"}, For: []id.ID{501001}})
		k.must(err)
		_, err = k.AddMention(ctx, k.hq(), x, campaign.Mention{Outside: "路人", To: 501001, By: "post"})
		k.must(err)
		m, err := k.Linkage(ctx, k.hq(), x)
		k.must(err)
		if len(m.Nodes) != 2 || len(m.Edges) != 1 {
			t.Errorf("%+v", m)
		}
		k.closeAndReview(x)
		if r, err = k.Results(ctx, k.hq(), x, ""); err != nil || *r.CostFen != 11_000 || r.Counts.States[campaign.Settled] != 2 || r.Lessons == "" {
			t.Errorf("%+v %v", r, err)
		}
		w, err := k.War(ctx, k.hq(), x, "")
		k.must(err)
		if len(w.Voice) != 4 || w.Voice[1].Posts != 2 || len(w.Hours) != 72 {
			t.Errorf("%+v", w)
		}
		settled := 0
		for _, e := range jobstest.Events[event.CampaignSettled](k.queue) {
			settled += len(e.AssignmentIDs)
		}
		if settled != 2 {
			t.Errorf("settled %d", settled)
		}
		k.agree(x)
	})
}
