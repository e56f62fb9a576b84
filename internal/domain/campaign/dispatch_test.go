package campaign_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/event"
)

func TestACampaignFromDraftToReview(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 40)
		ctx := t.Context()
		p := plan()
		p.Tasks[0].Mandatory = true
		x, err := k.Create(ctx, k.hq(), campaign.NewCampaign{Title: "新品上市"})
		k.must(err)
		_, err = k.Write(ctx, k.hq(), x, "", p)
		k.must(err)
		if _, err = k.Turn(ctx, k.hq(), x, campaign.Check, ""); !errs.Is(err, "campaign.mandatory_personal") {
			t.Fatalf("an order on personal accounts: %v", err)
		}
		p.Tasks[0].Mandatory, p.Briefs[0].Text = false, "我们的最好"
		v, err := k.Write(ctx, k.hq(), x, "", p)
		k.must(err)
		if v.Plan.Tasks[0].ID == 0 {
			t.Fatal("tasks get ids")
		}
		v, err = k.Turn(ctx, k.hq(), x, campaign.Check, "")
		k.must(err)
		if v.State != campaign.Drafted || v.Verdict != "block" || len(v.Findings) != 1 || v.Findings[0].Field != "briefs[0].text" {
			t.Fatalf("a blocked text stays a draft: %+v", v)
		}
		p.Briefs[0].Text, p.Tasks = "拍一个细节", v.Plan.Tasks
		if _, err := k.Write(ctx, k.hq(), x, `"1"`, p); errs.CodeOf(err) != errs.Precondition {
			t.Fatalf("an edit of an older one: %v", err)
		}
		_, err = k.Write(ctx, k.hq(), x, "", p)
		k.must(err)
		_, err = k.Turn(ctx, k.hq(), x, campaign.Check, "")
		k.must(err)
		v, err = k.Turn(ctx, k.hq(), x, campaign.Submit, "")
		k.must(err)
		if _, err := k.Decide(ctx, k.hq(), x, campaign.Return, v.Rev, " "); !errs.Is(err, "campaign.note_missing") {
			t.Fatal(err)
		}
		k.approve(x)
		k.queue.Run(ctx)
		v, err = k.Get(ctx, k.hq(), x)
		k.must(err)
		// 40 trainings; notes for the 26 accounts on 小红书.
		if v.State != campaign.Running || v.Progress.Made != 66 || v.Progress.People != 40 || v.Progress.Ended == 0 {
			t.Fatalf("%s %+v", v.State, v.Progress)
		}
		if n := k.w.told("campaign.given"); n != 40 {
			t.Errorf("told %d people", n)
		}
		told := 0
		for _, e := range jobstest.Events[event.CampaignDispatched](k.queue) {
			told += len(e.AssignmentIDs)
		}
		if told != 66 {
			t.Errorf("events tell %d", told)
		}
		k.agree(x)
		board, err := k.Board(ctx, k.hq(), x, "")
		k.must(err)
		if board.Counts.Total() != 66 || len(board.Units) != 2 || len(board.Tasks) != 2 {
			t.Fatalf("%+v", board)
		}
		if _, err := k.Board(ctx, k.manager(11), x, "12"); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("a store manager sees another store: %v", err)
		}
		own, err := k.Board(ctx, k.manager(11), x, "")
		k.must(err)
		if own.Unit.ID != 11 || own.Counts.Total() >= 66 || own.Counts.Total() == 0 {
			t.Errorf("%+v", own)
		}
		if _, err := k.Turn(ctx, k.hq(), x, campaign.Submit, ""); !errs.Is(err, "campaign.cannot_turn") {
			t.Error(err)
		}
	})
}

func TestAWalkThatDiesGoesOnWithoutDoubles(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 9000)
		x := k.draft(plan())
		k.approve(x)
		k.w.cutAt = 1000 + 3900 // the power goes after the first page
		h, ok := k.jobs.Registry().Handler("campaign.dispatch")
		if !ok {
			t.Fatal("no handler")
		}
		args := []byte(`{"brand_id":"7","campaign_id":"` + x.String() + `"}`)
		if err := h(t.Context(), args); !errors.Is(err, errPower) {
			t.Fatalf("the walk did not die: %v", err)
		}
		if n, _ := k.sum(x); n == 0 || n >= 15000 {
			t.Fatalf("%d after the cut", n)
		}
		// Two of them go on at once: a job that was thought dead, and the one that took over.
		var wg sync.WaitGroup
		for range 2 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if err := h(t.Context(), args); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		n, double := k.sum(x)
		if n != 15000 || double != 0 { // 9,000 trainings, 6,000 notes
			t.Fatalf("%d assignments, %d twice", n, double)
		}
		v, err := k.Get(t.Context(), k.hq(), x)
		k.must(err)
		if v.State != campaign.Running || v.Progress.Made != 15000 || v.Progress.People != 9000 {
			t.Fatalf("%+v", v.Progress)
		}
		k.agree(x)
	})
}

func TestWhoLeavesDuringTheWalkHasNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 5000)
		x := k.draft(plan())
		k.approve(x)
		left := []id.ID{1003, 1004, 1000 + 4500}
		k.w.onWalk = func(_ db.Querier, after id.ID) {
			if after < 2000 {
				return
			}
			k.w.onWalk = nil // between the pages: one of each side of the walk
			k.w.mu.Lock()
			for i := range k.w.people {
				if m := k.w.people[i].ID; m == left[0] || m == left[1] || m == left[2] {
					k.w.people[i].Active = false
				}
			}
			k.w.mu.Unlock()
		}
		k.queue.Run(t.Context())
		k.publish(event.OrgMemberLeft{BrandID: brand, MemberIDs: left, Day: 20261128})
		for _, m := range left {
			list, err := k.Today(t.Context(), k.kos(m))
			k.must(err)
			if len(list.Items) != 0 {
				t.Errorf("%s left and has %d tasks", m, len(list.Items))
			}
		}
		k.agree(x)
	})
}

func TestWhoMatchesLaterJoinsAndWhoLosesAnAccountLosesItsTask(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		ctx := t.Context()
		x := k.run(plan())
		before, _ := k.sum(x)
		k.w.mu.Lock()
		k.w.people = append(k.w.people, k.w.people[1])
		late := &k.w.people[len(k.w.people)-1]
		late.ID, late.UserID = 5000, 6000
		acc := *k.w.accounts[501001]
		acc.ID, acc.MemberID = 505000, 5000
		k.w.accounts[505000] = &acc
		k.w.mu.Unlock()
		for range 2 { // told twice, joined once
			k.publish(event.AccountsChanged{BrandID: brand, AccountIDs: []id.ID{505000}, What: []string{"created"}, Day: 20261128})
		}
		if n, double := k.sum(x); n != before+2 || double != 0 {
			t.Fatalf("%d, before %d, %d twice", n, before, double)
		}
		k.agree(x)
		// The account goes to somebody else: its task goes, the training stays.
		k.w.accounts[505000].MemberID = 1001
		k.publish(event.AccountsChanged{BrandID: brand, AccountIDs: []id.ID{505000}, What: []string{"owner"}, Day: 20261128})
		list, err := k.Today(ctx, k.kos(5000))
		k.must(err)
		if len(list.Items) != 1 || list.Items[0].Task.Type != campaign.AttendTraining {
			t.Fatalf("%+v", list.Items)
		}
		k.agree(x)
		// It comes back, and so does the task, as the same.
		k.w.accounts[505000].MemberID = 5000
		k.publish(event.AccountsChanged{BrandID: brand, AccountIDs: []id.ID{505000}, What: []string{"owner"}, Day: 20261128})
		if list, err = k.Today(ctx, k.kos(5000)); err != nil || len(list.Items) != 2 {
			t.Fatalf("%+v %v", list.Items, err)
		}
		k.agree(x)
		k.queue.Do(ctx, "campaign.join")
		k.agree(x)
	})
}

func TestAnEditIsSentAsANewVersion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		ctx := t.Context()
		x := k.run(plan())
		own := k.mine(1001, "发一条笔记")
		k.must(k.Read(ctx, k.kos(1001), own.ID, 1))
		v, err := k.Get(ctx, k.hq(), x)
		k.must(err)
		p := v.Plan
		p.Title = "新品上市二"
		p.Tasks = append(p.Tasks[:1], campaign.TaskPlan{Type: campaign.Form, Title: "填表", Evidence: campaign.Evidence{Form: true}, Fields: []campaign.FormField{{Key: "a", Label: "几位客户", Kind: "number", Required: true}}})
		p.Tasks[0].Steps = "拍三张"
		v, err = k.Write(ctx, k.hq(), x, "", p)
		k.must(err)
		if !v.Changed || v.State != campaign.Running {
			t.Fatalf("%+v", v)
		}
		if one, err := k.Mine(ctx, k.kos(1001), own.ID); err != nil || one.Own.Task.Steps != "" || one.Plan.Title != "新品上市" {
			t.Fatalf("what is not sent reached the phone: %+v %v", one, err)
		}
		if _, err := k.Turn(ctx, k.boss(), x, campaign.Redispatch, ""); !errs.Is(err, "campaign.unchecked") {
			t.Fatal(err)
		}
		_, err = k.Turn(ctx, k.hq(), x, campaign.Check, "")
		k.must(err)
		_, err = k.Turn(ctx, k.boss(), x, campaign.Redispatch, "")
		k.must(err)
		k.queue.Run(ctx)
		one, err := k.Mine(ctx, k.kos(1001), own.ID)
		k.must(err)
		if one.Own.Task.Steps != "拍三张" || !one.Changed || one.Version != 2 {
			t.Fatalf("%+v", one)
		}
		list, err := k.Today(ctx, k.kos(1001))
		k.must(err)
		titles := map[string]bool{}
		for _, i := range list.Items {
			titles[i.Task.Title] = true
		}
		if !titles["填表"] || titles["看培训"] || len(list.Items) != 2 {
			t.Errorf("%v", titles)
		}
		if k.w.told("campaign.changed") != 12 {
			t.Errorf("told of the change: %d", k.w.told("campaign.changed"))
		}
		versions, err := k.Versions(ctx, k.hq(), x)
		k.must(err)
		if len(versions) != 2 || len(versions[0].Changed) != 2 {
			t.Errorf("%+v", versions)
		}
		k.agree(x)
		k.c.Advance(80 * time.Hour)
		k.queue.Do(ctx, "campaign.clock")
		if v, err = k.Get(ctx, k.hq(), x); err != nil || v.State != campaign.Closed {
			t.Errorf("%s %v", v.State, err)
		}
	})
}
