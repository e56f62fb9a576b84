package campaign_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign"
)

func say(slug string) string { return slug }

func TestLessonsGoIntoTheCaseLibraryOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		ctx := t.Context()
		x := k.run(plan())
		if _, err := k.KeepCase(ctx, k.hq(), x, say); !errs.Is(err, "campaign.not_reviewed") {
			t.Fatal(err)
		}
		_, err := k.Turn(ctx, k.hq(), x, campaign.Close, "")
		k.must(err)
		v, err := k.Turn(ctx, k.hq(), x, campaign.Review, "周末发的收藏多一倍")
		k.must(err)
		if v.CaseID != 0 {
			t.Error("nobody kept it yet")
		}
		k.w.keepErr = errPower
		if _, err := k.KeepCase(ctx, k.hq(), x, say); err == nil {
			t.Fatal("the power did not go")
		}
		ids := make([]id.ID, 4)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Add(1)
			go func() {
				defer wg.Done()
				var err error
				if ids[i], err = k.KeepCase(ctx, k.hq(), x, say); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		if len(k.w.cases) != 1 || ids[0] == 0 || ids[0] != ids[3] {
			t.Fatalf("%d cases: %v", len(k.w.cases), ids)
		}
		c := k.w.cases[ids[0]]
		if c.Title != "新品上市" || c.Lesson != "周末发的收藏多一倍" || !strings.Contains(c.Body, "case_goal：让本地客户看到") || !strings.Contains(c.Body, "col_people：12") {
			t.Errorf("%+v", c)
		}
		if v, err = k.Get(ctx, k.hq(), x); err != nil || v.CaseID != ids[0] {
			t.Errorf("%v %v", v.CaseID, err)
		}
		before := k.w.keptIn
		if _, err = k.KeepCase(ctx, k.hq(), x, say); err != nil || k.w.keptIn != before {
			t.Errorf("asked again: %v", err)
		}
	})
}

func TestPostsTellWhoMentionsWhom(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		ctx := t.Context()
		x := k.run(plan())
		post := func(n, account, unit id.ID, title string) {
			k.w.posts[n] = campaign.Post{ID: n, AccountID: account, UnitID: unit, Platform: "xiaohongshu", Title: title, URL: "https://x/" + n.String(), PublishedAt: at(time.Hour), Live: true}
		}
		post(1, 501_001, 11, "和 @账号501002 一起试驾")
		post(2, 501_002, 12, "感谢@账号501001！@账号9 ")
		post(3, 9, 1, "看看 @账号501001 怎么说")                                                                                     // headquarters
		post(4, 777, 11, "@账号501001 路过")                                                                                      // not of this campaign
		post(5, 778, 11, "@账号501001 #新品上市")                                                                                   // its hashtag
		post(6, 501_001, 11, "@账号501001 自己, @没有这个人, @账号501002")                                                               // oneself does not count
		_, err := k.AddMention(ctx, k.hq(), x, campaign.Mention{From: 501_001, To: 501_002, By: "post", Link: "https://x/1"}) // entered by hand before
		k.must(err)
		m, err := k.Linkage(ctx, k.hq(), x)
		k.must(err)
		got := map[string]int{}
		for _, e := range m.Edges {
			got[e.From+">"+e.To] = e.N
		}
		want := map[string]int{"501001>501002": 2, "501002>501001": 1, "501002>9": 1, "9>501001": 1, "778>501001": 1}
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%s: %d, want %d", k, got[k], n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%v", got)
		}
		own, err := k.Linkage(ctx, k.manager(11), x)
		k.must(err)
		for _, e := range own.Edges {
			if e.From == "501002" {
				t.Error("a store sees what another store posted")
			}
		}
	})
}

func TestATaskMayAskForAPlace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 12)
		ctx := t.Context()
		p := plan()
		p.Tasks[0].Evidence.Place = true
		x := k.run(p)
		k.w.accounts[501_002].Place = "静安展厅"
		hand := func(m id.ID, n string, proof campaign.Proof) campaign.Submission {
			proof.Link = "https://www.xiaohongshu.com/explore/64b7f3d2000000001203a1" + n
			s, err := k.Submit(ctx, k.kos(m), k.mine(m, "发一条笔记").ID, proof)
			k.must(err)
			return s
		}
		if s := hand(1001, "b1", campaign.Proof{Text: "今天试驾很稳 #新品上市"}); s.State != campaign.Rejected || s.Reason != "campaign.proof_no_place" {
			t.Errorf("without a place: %s %s", s.State, s.Reason)
		}
		if s := hand(1001, "b1", campaign.Proof{Text: "在单位12试驾，后排坐三个人也不挤 #新品上市"}); s.State != campaign.Submitted {
			t.Errorf("with the store's name: %s %s", s.State, s.Reason)
		}
		if s := hand(1002, "b2", campaign.Proof{Text: "来 静安 展厅 看车，带上一家老小 #新品上市"}); s.State != campaign.Submitted {
			t.Errorf("with the account's location: %s %s", s.State, s.Reason)
		}
		if s := hand(1004, "b3", campaign.Proof{Text: "方向盘换了新皮子，手感细很多 #新品上市", Images: [][]byte{[]byte("\x89PNG\r\n\x1a\n7")}}); s.State != campaign.Look || s.Reason != "campaign.proof_place_picture" {
			t.Errorf("with a picture: %s %s", s.State, s.Reason)
		}
		k.agree(x)
	})
}

// TestEverythingThePhoneShowsIsChecked: everybody reads it on the phone, so the rules do as well.
func TestEverythingThePhoneShowsIsChecked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 4)
		ctx := t.Context()
		for field, spoil := range map[string]func(*campaign.Plan){
			"goal":         func(p *campaign.Plan) { p.Goal = "做最好的一次" },
			"tasks[0].why": func(p *campaign.Plan) { p.Tasks[0].Why = "最好的机会" },
			"phases[0].name": func(p *campaign.Plan) {
				p.Phases = []campaign.Phase{{Name: "最好的一周", StartsAt: p.StartsAt, EndsAt: p.EndsAt}}
			},
			"hashtags.platforms.weibo[0]":   func(p *campaign.Plan) { p.Hashtags.Platforms = map[string][]string{"weibo": {"最好的车"}} },
			"briefs[0].question.options[0]": func(p *campaign.Plan) { p.Briefs[0].Question.Options[0] = "我们最好" },
		} {
			p := plan()
			spoil(&p)
			x, err := k.Create(ctx, k.hq(), campaign.NewCampaign{Title: p.Title})
			k.must(err)
			_, err = k.Write(ctx, k.hq(), x, "", p)
			k.must(err)
			v, err := k.Turn(ctx, k.hq(), x, campaign.Check, "")
			k.must(err)
			if v.Verdict != "block" || v.State != campaign.Drafted || len(v.Findings) != 1 || v.Findings[0].Field != field {
				t.Errorf("%s: %s %+v", field, v.Verdict, v.Findings)
			}
		}
		p := plan() // the wrong answer may well be wrong
		p.Briefs[0].Question.Options[1] = "我们最好"
		k.draft(p)
	})
}
