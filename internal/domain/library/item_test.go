package library_test

import (
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/library"
	"kosmos/internal/event"
)

// TestLife: draft → checked → approved, a new version beside the live one, who sees what, out of use.
func TestLife(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		it := k.create(k.hq(), template("周末到店", rich))
		if it.State != library.Draft || it.Usable || it.Why != library.WhyNotApproved || it.Verdict != library.Pass || !it.MayPass {
			t.Fatalf("%+v", it)
		}
		if _, err := k.Get(ctx, k.kos(), it.ID); !errs.Is(err, library.WhyGone) {
			t.Error("a KOS sees a draft", err)
		}
		if _, err := k.Get(ctx, k.store(), it.ID); !errs.Is(err, library.WhyGone) {
			t.Error("a store sees headquarters' draft", err)
		}
		it = k.turn(k.hq(), it, library.Submit, library.Approve)
		if !it.Usable || it.Live != 1 || k.told(library.NoticeSubmitted) != 0 {
			t.Errorf("%+v", it)
		}
		if n := jobstest.Events[event.LibraryItemsChanged](k.jobs); len(n) != 1 {
			t.Errorf("events %v", n)
		}
		p := template("周末到店 2", rich+"！")
		it2, err := k.Save(ctx, k.hq(), it.ID, it.Rev, p)
		if err != nil || it2.Version != 2 || it2.Live != 1 || it2.State != library.Draft || !it2.Usable {
			t.Fatalf("%+v %v", it2, err)
		}
		if _, err := k.Save(ctx, k.hq(), it.ID, it.Rev, p); !errs.Is(err, "base.changed_meanwhile") {
			t.Error(err)
		}
		seen, err := k.Get(ctx, k.kos(), it.ID)
		if err != nil || seen.Title != "周末到店" || seen.Version != 1 {
			t.Errorf("%+v %v", seen, err)
		}
		m, err := k.Describe(ctx, d, brand, []id.ID{it.ID, 999})
		if err != nil || len(m) != 1 || !m[it.ID].Usable || m[it.ID].Version != 1 || m[it.ID].Choices != 72 {
			t.Errorf("%+v %v", m, err)
		}
		vs, err := k.Versions(ctx, k.hq(), it.ID)
		if err != nil || len(vs) != 2 || vs[0].Title != "周末到店 2" {
			t.Errorf("%+v %v", vs, err)
		}
		out := k.turn(k.hq(), it2, library.Retire)
		if out.Usable || out.Why != library.WhyOut {
			t.Errorf("%+v", out)
		}
		if _, err := k.Get(ctx, k.kos(), it.ID); !errs.Is(err, library.WhyGone) {
			t.Error(err)
		}
		if _, err := k.Turn(ctx, k.hq(), it.ID, out.Rev, library.Approve, ""); !errs.Is(err, "library.turn") {
			t.Error(err)
		}
		if _, err := k.Turn(ctx, k.store(), it.ID, out.Rev, library.Restore, ""); errs.CodeOf(err) != errs.NotFound {
			t.Error("a store turns headquarters' item", err)
		}
	})
}

// TestStoreItems: a store's own items stay in the store and are seen from above.
func TestStoreItems(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		own := k.live(k.store(), template("本店", rich))
		if own.UnitID != 11 {
			t.Fatalf("%+v", own)
		}
		if _, err := k.Get(ctx, k.kos(), own.ID); err != nil {
			t.Error(err)
		}
		if _, err := k.Get(ctx, k.other(), own.ID); !errs.Is(err, library.WhyGone) {
			t.Error("another store sees it", err)
		}
		all, _, err := k.List(ctx, k.hq(), library.Filter{Unit: "10"}, library.ByUpdated, nil, 10)
		if err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
		review := template("评审", "我们是第一")
		review.Content.Title = ""
		it := k.turn(k.store(), k.create(k.store(), review), library.Submit)
		if _, err := k.Turn(ctx, k.store(), it.ID, it.Rev, library.Approve, ""); !errs.Is(err, "library.review_needed") {
			t.Error(err)
		}
		it = k.turn(k.hq(), it, library.Approve)
		if !it.Usable {
			t.Errorf("%+v", it)
		}
		bad := template("禁", "最好的车")
		b := k.create(k.store(), bad)
		if _, err := k.Turn(ctx, k.store(), b.ID, b.Rev, library.Submit, ""); !errs.Is(err, "library.blocked") || b.Verdict != library.Block {
			t.Error(err, b.Verdict)
		}
	})
}

// TestRecheck: new rules and the last day stop an item, everywhere it is handed out, and say so once.
func TestRecheck(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		it := k.live(k.hq(), template("试驾", "欢迎试驾，{{a: 全网独家 | 惊喜}}"))
		k.ban("独家")
		m, err := k.Describe(ctx, d, brand, []id.ID{it.ID})
		if err != nil || m[it.ID].Usable || m[it.ID].Why != library.WhyUnlawful {
			t.Errorf("before the job: %+v %v", m, err)
		}
		for range 2 {
			k.jobs.Do(ctx, "library.recheck")
		}
		if _, err := k.Personal(ctx, d, brand, it.ID, 1, crowd(1)); !errs.Is(err, library.WhyUnlawful) {
			t.Error(err)
		}
		if k.told(library.NoticeStopped) != 1 || len(jobstest.Events[event.LibraryItemsChanged](k.jobs)) != 2 {
			t.Errorf("told %d", k.told(library.NoticeStopped))
		}
		p := template("限时", "欢迎 {{a: 来 | 到店}}")
		p.Content.Expires = clock.DayOf(k.c.Now(), clock.Shanghai())
		e := k.live(k.hq(), p)
		k.c.Advance(24 * time.Hour)
		for range 2 {
			k.jobs.Do(ctx, "library.recheck")
		}
		got, err := k.Get(ctx, k.hq(), e.ID)
		if err != nil || got.Usable || got.Why != library.WhyExpired || got.Reason != "" || k.told(library.NoticeStopped) != 1 || k.told(library.NoticeLapsed) != 1 {
			t.Errorf("%+v %v", got, err)
		}
		recall, err := k.TakeBack(ctx, k.hq(), it.ID, []string{"全网独家"}, "不实", clock.DayOf(k.c.Now(), clock.Shanghai()))
		if err != nil || recall != 77 || k.recalls[0].Terms[0] != "全网独家" {
			t.Error(err)
		}
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, sets())
	k := newKit(t, d)
	for slug, p := range map[string]library.Piece{
		"library.title":            template("", rich),
		"library.body_missing":     template("x", ""),
		"library.syntax_brace":     template("x", "{{a: 1 | 2"),
		"library.variable_unknown": template("x", "{口令}"),
		"library.files_missing":    {Kind: library.Asset, Title: "图"},
		"library.shots_missing":    {Kind: library.Script, Title: "脚本"},
		"library.variable_value":   {Kind: library.Talk, Title: "话术", Content: library.Content{Body: "{口令}", Variables: []library.Variable{{Name: "口令", Type: library.VarFree}}}},
	} {
		if _, err := k.Create(t.Context(), k.hq(), p); !errs.Is(err, slug) {
			t.Errorf("%s: %v", slug, err)
		}
	}
}

// TestSearch finds two-character words in title, tags and text, in that order, within reach.
func TestSearch(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		ctx := t.Context()
		body := k.live(k.hq(), template("周末到店", "这周末来试驾，{{a: 送礼 | 抽奖}}"))
		tagged := template("新品", "欢迎到店 {{a: 来 | 到}}")
		tagged.Tags = []string{"试驾"}
		tag := k.live(k.hq(), tagged)
		title := k.live(k.hq(), template("试驾邀约 ET5", "欢迎 {{a: 来 | 到}}"))
		draft := k.create(k.hq(), template("试驾草稿", "欢迎 {{a: 来 | 到}}"))
		find := func(q string) string {
			items, _, err := k.Search(ctx, k.kos(), library.Filter{Query: q}, 0, 10)
			if err != nil {
				t.Fatal(q, err)
			}
			var out []string
			for _, it := range items {
				out = append(out, it.ID.String())
			}
			return strings.Join(out, " ")
		}
		if got, want := find("试驾"), title.ID.String()+" "+tag.ID.String()+" "+body.ID.String(); got != want {
			t.Errorf("%s, want %s (draft %s)", got, want, draft.ID)
		}
		if find("et5 邀约") != title.ID.String() || find("送礼") != body.ID.String() || find("没有") != "" {
			t.Error("words")
		}
		p := template("试驾邀约 ET5", "欢迎 {{a: 来 | 到}}")
		p.Tags = []string{"夏天"}
		if _, err := k.Save(ctx, k.hq(), title.ID, title.Rev, p); err != nil {
			t.Fatal(err)
		}
		if find("夏天") != title.ID.String() {
			t.Error("a new tag is not found")
		}
		if _, _, err := k.Search(ctx, k.kos(), library.Filter{Query: "！"}, 0, 10); !errs.Is(err, "library.search_empty") {
			t.Error(err)
		}
	})
}
