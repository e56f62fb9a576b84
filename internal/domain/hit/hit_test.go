package hit_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/sheet"
	"kosmos/internal/domain/hit"
	"kosmos/internal/event"
)

func TestOneImportFindsAHitAndTellsHeadquarters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.imported(1, "done")
		if rows := b.list(b.hq, hit.Filter{}); len(rows) != 0 || len(b.notices) != 0 {
			t.Fatalf("ordinary posts: %+v %+v", rows, b.notices)
		}
		// import 2 brings the third day of one post: thirty times the usual, at the age of three days
		const p = id.ID(10005)
		b.titles[p] = "星屿S5后排真的能躺平吗？"
		b.tell(2, p, 3, 30_000)
		b.tell(2, 10105, 3, 700)
		b.imported(2, "done")
		rows := b.list(b.hq, hit.Filter{})
		if len(rows) != 1 || rows[0].PostID != p || rows[0].Kind != hit.Own || rows[0].Metric == "" || rows[0].Mark != 3 || rows[0].Label.Name == "" {
			t.Fatalf("%+v", rows)
		}
		s := rows[0].Signals[0]
		if s.OwnTimes < 30 || s.OwnPosts != perAccount-1 || s.LeaguePosts != accounts*perAccount || s.OwnZ < 3.5 || s.LeagueZ < 3.5 {
			t.Fatalf("%+v", s)
		}
		if len(b.notices) != 1 || b.notices[0].Params["n"] != int64(1) || !strings.Contains(b.notices[0].Params["best"].(string), "躺平") {
			t.Fatalf("%+v", b.notices)
		}
		// the same event again, a later import of the same post: one row, stronger, no second alert
		b.imported(2, "done")
		before := rows[0]
		b.tell(3, p, 7, 200_000)
		b.imported(3, "done")
		rows = b.list(b.hq, hit.Filter{})
		if len(rows) != 1 || rows[0].ID != before.ID || rows[0].Strength <= before.Strength || rows[0].Mark != 7 || *rows[0].Views != 200_000 || len(b.notices) != 1 {
			t.Fatalf("%+v %+v", rows, b.notices)
		}
		// another store does not see it, its own does
		if n := len(b.list(as(t, authz.StoreManager, 12), hit.Filter{})); n != 0 {
			t.Errorf("another store sees %d", n)
		}
		if n := len(b.list(as(t, authz.StoreManager, 11), hit.Filter{})); n != 1 {
			t.Errorf("the own store sees %d", n)
		}
		got, err := b.s.Get(b.ctx, b.hq, rows[0].ID)
		if err != nil || len(got.Points) != 3 || len(got.Steps) != 3 || got.Steps[2].OwnViews == nil || *got.Steps[2].OwnViews > 2000 || *got.Followers != 3200 {
			t.Fatalf("%+v %v", got, err)
		}
	})
}

func TestALookGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.imported(1, "done")
		b.tell(2, 10005, 3, 30_000)
		actors, _ := b.SystemActors(b.ctx)
		b.breakAt = b.reads + 1
		if err := b.s.LookAtImport(b.ctx, actors[0], 2); err == nil {
			t.Fatal("the cut line was not noticed")
		}
		var wg sync.WaitGroup // two workers get the job at once
		for range 2 {
			wg.Go(func() {
				if err := b.s.LookAtImport(b.ctx, actors[0], 2); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if rows := b.list(b.hq, hit.Filter{}); len(rows) != 1 || len(b.notices) != 1 {
			t.Fatalf("%d hits, %d notices", len(rows), len(b.notices))
		}
	})
}

func TestFiguresTakenBackTakeTheHitBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.imported(1, "done")
		b.tell(2, 10005, 3, 30_000)
		b.tell(2, 10107, 3, 40_000)
		b.imported(2, "done")
		if n := len(b.list(b.hq, hit.Filter{})); n != 2 {
			t.Fatalf("%d hits", n)
		}
		b.tell(1, 10005, 3, 650) // the import was taken back
		c := b.curves[10107]
		c.Live = false // and the other post is deleted
		b.curves[10107] = c
		delete(b.imports, 2)
		b.imported(2, "undone")
		if rows := b.list(b.hq, hit.Filter{}); len(rows) != 0 {
			t.Fatalf("%+v", rows)
		}
		if rows := b.list(b.hq, hit.Filter{State: hit.Gone}); len(rows) != 2 {
			t.Fatalf("%+v", rows)
		}
		b.tell(4, 10005, 3, 30_000) // it was right after all: the same row, no second alert
		b.imported(4, "done")
		if rows := b.list(b.hq, hit.Filter{}); len(rows) != 1 || len(b.notices) != 1 {
			t.Fatalf("%+v %d notices", rows, len(b.notices))
		}
	})
}

func TestStarsAndDismissals(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.imported(1, "done")
		b.tell(2, 10005, 3, 30_000)
		b.imported(2, "done")
		one := []id.ID{b.list(b.hq, hit.Filter{})[0].ID}
		manager := as(t, authz.StoreManager, 11)
		if _, err := b.s.Turn(b.ctx, manager, one, hit.Star, ""); slug(err) != "hit.verb" {
			t.Errorf("a manager starred: %v", err)
		}
		if n, err := b.s.Turn(b.ctx, as(t, authz.StoreManager, 12), one, hit.Dismiss, "不算"); err != nil || n != 0 {
			t.Errorf("another store dismissed: %d %v", n, err)
		}
		if _, err := b.s.Turn(b.ctx, manager, one, hit.Dismiss, " "); !errs.Is(err, "hit.reason") {
			t.Errorf("dismissed without a reason: %v", err)
		}
		if n, err := b.s.Turn(b.ctx, b.hq, one, hit.Star, ""); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
		// another store's KOS may learn from it, without whose it is and what it counts
		near, err := b.s.Near(b.ctx, as(t, authz.KOS, 12))
		if err != nil || len(near) != 1 || near[0].Mine || !near[0].Star || near[0].Views != nil || near[0].Author != "" || near[0].Times < 30 {
			t.Fatalf("%+v %v", near, err)
		}
		near, err = b.s.Near(b.ctx, as(t, authz.KOS, 11))
		if err != nil || len(near) != 1 || !near[0].Mine || near[0].Views == nil || near[0].Author == "" {
			t.Fatalf("%+v %v", near, err)
		}
		if n, err := b.s.Turn(b.ctx, manager, one, hit.Dismiss, "投流买的"); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
		b.tell(3, 10005, 7, 90_000) // new figures do not bring back what people dismissed
		b.imported(3, "done")
		if n := len(b.list(b.hq, hit.Filter{})); n != 0 {
			t.Errorf("%d listed", n)
		}
		if n, err := b.s.Turn(b.ctx, manager, one, hit.Restore, ""); err != nil || n != 1 {
			t.Fatalf("%d %v", n, err)
		}
	})
}

func TestTwoPeopleTakeOneHitApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		made, err := b.s.Enter(b.ctx, b.hq, hit.Entry{Text: "https://www.douyin.com/video/7301234567890123456", Kind: hit.Competitor, Title: "买SUV前必问的3个问题！ #选车"})
		b.must(err)
		say := func(slug string, _ map[string]any) string { return slug }
		td, err := b.s.Teardown(b.ctx, b.hq, made.ID, say)
		if err != nil || td.Rev != 0 || td.Fields["opening"] == "" || !strings.Contains(td.Fields["title_rhetoric"], "mark_number") {
			t.Fatalf("%+v %v", td, err)
		}
		var wg sync.WaitGroup
		failed := make([]error, 2)
		for i := range 2 {
			wg.Go(func() {
				_, failed[i] = b.s.SaveTeardown(b.ctx, b.hq, made.ID, 0, hit.Fields{"opening": "提问", "creative": []string{"甲", "乙"}[i]})
			})
		}
		wg.Wait()
		lost := failed[0]
		if lost == nil {
			lost = failed[1]
		}
		if (failed[0] == nil) == (failed[1] == nil) || slug(lost) != "hit.teardown_changed" || errs.CodeOf(lost) != errs.Conflict {
			t.Fatalf("%v, %v", failed[0], failed[1])
		}
		if _, err := b.s.SaveTeardown(b.ctx, b.hq, made.ID, 1, hit.Fields{"opening": "提问", "music": "鼓点"}); err != nil {
			t.Fatal(err)
		}
		list, err := b.s.Editions(b.ctx, b.hq, made.ID)
		if err != nil || len(list) != 2 || list[0].Rev != 2 || strings.Join(list[0].Changed, " ") != "creative music" || list[0].By == "" {
			t.Fatalf("%+v %v", list, err)
		}
		if _, err := b.s.SaveTeardown(b.ctx, b.hq, made.ID, 2, hit.Fields{"price": "x"}); !errs.Is(err, "hit.field_unknown") {
			t.Errorf("%v", err)
		}
	})
}

func TestTwoClicksMakeOneTemplate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.imported(1, "done")
		b.tell(2, 10005, 3, 30_000)
		b.imported(2, "done")
		h := b.list(b.hq, hit.Filter{})[0]
		if _, err := b.s.Results(b.ctx, b.hq, h.ID); slug(err) != "hit.no_template" {
			t.Errorf("%v", err)
		}
		var wg sync.WaitGroup
		made := make([]hit.Made, 4)
		for i := range made {
			wg.Go(func() {
				var err error
				if made[i], err = b.s.MakeTemplate(b.ctx, b.hq, h.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		fresh := 0
		for _, m := range made {
			if m.ItemID != made[0].ItemID {
				t.Errorf("%+v", made)
			}
			if m.Fresh {
				fresh++
			}
		}
		if fresh != 1 || len(b.items) != 1 {
			t.Fatalf("%d fresh, %d items", fresh, len(b.items))
		}
		// what came of it: one post twice its account's usual, one as usual
		n := int64(3)
		b.outcome = hit.Outcome{State: "approved", Uses: 5, Posts: 2, Views: &n, Made: []hit.Use{{PostID: 10203, AccountID: 102}, {PostID: 10304, AccountID: 103}}}
		b.tell(3, 10203, 7, 2200)
		b.imported(3, "done")
		r, err := b.s.Results(b.ctx, b.hq, h.ID)
		if err != nil || r.Uses != 5 || r.Views.Posts != 2 || r.Views.Above < 1 || r.Views.Times <= 1 {
			t.Fatalf("%+v %v", r, err)
		}
		if rows := b.list(b.hq, hit.Filter{Templated: true}); len(rows) != 1 || rows[0].TemplateBy == "" {
			t.Fatalf("%+v", rows)
		}
		b.usable = true
		if _, err := b.s.Turn(b.ctx, b.hq, []id.ID{h.ID}, hit.Star, ""); err != nil {
			t.Fatal(err)
		}
		if near, err := b.s.Near(b.ctx, as(t, authz.KOS, 12)); err != nil || near[0].TemplateID != made[0].ItemID {
			t.Fatalf("%+v %v", near, err)
		}
	})
}

func TestPostsOfOthersByLink(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		for text, want := range map[string]string{
			"我已经发好了": "hit.link_none", "https://example.com/a": "hit.link_unknown", "https://www.xiaohongshu.com/user/profile/5f0a1f2000000000120300aa": "hit.link_profile",
			"https://live.douyin.com/123456789": "hit.link_live", "https://www.douyin.com/discover": "hit.link_other",
		} {
			if _, err := b.s.Enter(b.ctx, b.hq, hit.Entry{Text: text, Kind: hit.Outside, Title: "x"}); !errs.Is(err, want) {
				t.Errorf("%s: %v, want %s", text, err, want)
			}
		}
		minus := int64(-1)
		_, err := b.s.Enter(b.ctx, b.hq, hit.Entry{Text: "https://b23.tv/AbC12", Kind: "other", Views: &minus, Published: today.Add(1)})
		for _, want := range []string{"hit.kind", "hit.title_missing", "hit.number", "hit.day_ahead"} {
			if !errs.Is(err, want) {
				t.Errorf("%v lacks %s", err, want)
			}
		}
		likes := int64(8600)
		e := hit.Entry{Text: "7.99 复制打开抖音，看看【某某的作品】 https://www.douyin.com/video/7301234567890123456", Kind: hit.Competitor, Title: "买SUV前必问的3个问题", Given: hit.Given{Likes: &likes}}
		first, err := b.s.Enter(b.ctx, b.hq, e)
		b.must(err)
		again, err := b.s.Enter(b.ctx, b.hq, e)
		if err != nil || !again.Known || again.ID != first.ID {
			t.Fatalf("%+v %v", again, err)
		}
		rows := b.list(b.hq, hit.Filter{Kind: hit.Competitor})
		if len(rows) != 1 || *rows[0].Interactions != 8600 || rows[0].Views != nil || rows[0].URL != "https://www.douyin.com/video/7301234567890123456" {
			t.Fatalf("%+v", rows)
		}
		// a post of the matrix is the account's own, whoever's it was said to be; to another store it is nobody's
		b.external["7309999999999999999"] = 10005
		own := hit.Entry{Text: "https://www.douyin.com/video/7309999999999999999", Kind: hit.Outside, Title: "x"}
		got, err := b.s.Enter(b.ctx, as(t, authz.StoreManager, 11), own)
		b.must(err)
		if rows := b.list(b.hq, hit.Filter{Kind: hit.Own}); len(rows) != 1 || rows[0].ID != got.ID || rows[0].AccountID != 100 {
			t.Fatalf("%+v", rows)
		}
		own.Kind = hit.Own
		if _, err := b.s.Enter(b.ctx, as(t, authz.StoreManager, 12), own); !errs.Is(err, "hit.not_ours") {
			t.Errorf("another store's post: %v", err)
		}
	})
}

// file makes a sheet of posts.
func file(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	var buf bytes.Buffer
	x, err := sheet.NewXLSX(&buf)
	if err != nil {
		t.Fatal(err)
	}
	var cols []sheet.Column
	for _, c := range hit.Columns() {
		cols = append(cols, sheet.Column{Title: c})
	}
	if err := x.Sheet("s", cols); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := x.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestPostsOfOthersByFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		data := file(
			t, []any{"https://www.xiaohongshu.com/explore/64b0a1f2000000001203abcd", "竞品", "选车的3个问题", "某某汽车", "12万", "2026/11/3", "", 8600, 420, 5100, 300, ""},
			[]any{"https://www.douyin.com/video/7301234567890123456", "外部", "第一次露营", "", "", "2026-11-08", 560000, 21000, 900, "", "", ""},
			[]any{"https://www.douyin.com/video/7301234567890123456", "外部", "同一条", "", "", "", "", "", "", "", "", ""},
			[]any{"哪里", "别的", "", "", "x", "明天", "", "", "", "", "", ""},
		)
		dry, err := b.s.EnterSheet(b.ctx, b.hq, data, nil, true)
		if err != nil || dry.Rows != 4 || dry.Added != 2 || dry.Faulty != 2 || len(b.list(b.hq, hit.Filter{})) != 0 {
			t.Fatalf("%+v %v", dry, err)
		}
		seen := map[string]bool{}
		for _, f := range dry.Faults {
			seen[f.Column+" "+f.Slug] = true
		}
		for _, want := range []string{"link hit.sheet_twice", "link hit.link_none", "kind hit.kind", "title hit.title_missing", "followers hit.number", "published hit.day"} {
			if !seen[want] {
				t.Errorf("no fault %q in %v", want, seen)
			}
		}
		if done, err := b.s.EnterSheet(b.ctx, b.hq, data, nil, false); err != nil || done.Added != 2 {
			t.Fatalf("%+v %v", done, err)
		}
		if again, err := b.s.EnterSheet(b.ctx, b.hq, data, nil, false); err != nil || again.Added+again.Changed != 0 || again.Same != 2 {
			t.Fatalf("the same file again: %+v %v", again, err)
		}
		newer := file(t, []any{"https://www.douyin.com/video/7301234567890123456", "外部", "第一次露营", "", "", "2026-11-08", 600000, 22000, 900, "", "", ""})
		if got, err := b.s.EnterSheet(b.ctx, b.hq, newer, nil, false); err != nil || got.Changed != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		rows := b.list(b.hq, hit.Filter{Kind: hit.Outside})
		if len(rows) != 1 || *rows[0].Views != 600000 || *rows[0].Interactions != 22900 {
			t.Fatalf("%+v", rows)
		}
		if rows := b.list(b.hq, hit.Filter{Kind: hit.Competitor}); *rows[0].Followers != 120000 || rows[0].Views != nil || rows[0].PublishedDay != 20261103 {
			t.Fatalf("%+v", rows)
		}
		for want, data := range map[string][]byte{"hit.sheet_columns": []byte("link,kind\nx,y\n"), "hit.sheet_empty": []byte("link,kind,title\n")} {
			if _, err := b.s.EnterSheet(b.ctx, b.hq, data, nil, true); slug(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		days, err := b.s.Calendar(b.ctx, b.hq, hit.Filter{From: 20261101, To: 20261130})
		if err != nil || len(days) != 2 || days[0].Day != 20261103 || days[1].N != 1 || len(days[1].Hits) != 1 {
			t.Fatalf("%+v %v", days, err)
		}
	})
}

func TestHitsFollowTheirAccountAndSettingsLookAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		b.imported(1, "done")
		b.tell(2, 10005, 3, 30_000)
		b.imported(2, "done")
		b.units[100] = 12
		b.must(d.Tx(b.ctx, func(ctx context.Context, tx *db.Tx) error {
			return b.jobs.Publish(ctx, tx, event.AccountsChanged{BrandID: brand, AccountIDs: []id.ID{100}, What: []string{"moved"}, Day: int32(today)})
		}))
		b.queue.Run(b.ctx)
		if n := len(b.list(as(t, authz.StoreManager, 12), hit.Filter{})); n != 1 {
			t.Errorf("the new store sees %d", n)
		}
		set := hit.DefaultSettings()
		set.OwnZ, set.LeagueZ = 1, 1
		b.must(b.s.SetSettings(b.ctx, b.hq, set))
		b.queue.Run(b.ctx)
		if n := len(b.list(b.hq, hit.Filter{})); n < 1 {
			t.Errorf("%d hits", n)
		}
		if got, err := b.s.Settings(b.ctx, b.hq); err != nil || got != set {
			t.Errorf("%+v %v", got, err)
		}
		c, at, err := b.s.Count(b.ctx, b.hq, "")
		if err != nil || c.Listed < 1 || c.Week != c.Listed || at == 0 {
			t.Errorf("%+v %d %v", c, at, err)
		}
	})
}
