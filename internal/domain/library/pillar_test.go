package library_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/library/pillar"
	"kosmos/internal/event"
)

// setPillars puts four pillars and gives their ids: brand, product, offer, life.
func (k kit) setPillars() []id.ID {
	k.t.Helper()
	p := func(name string, words, tags []string, products ...id.ID) library.Pillar {
		return library.Pillar{Name: name, Color: "#3366cc", Active: true, Words: words, Hashtags: tags, Products: products}
	}
	now := k.must(k.Pillars(k.t.Context(), k.hq()))
	set := library.Pillars{Version: now.Version, Days: 30, Least: 5, List: []library.Pillar{
		p("品牌种草", []string{"质感", "故事"}, nil), p("产品知识", []string{"空间"}, nil, 5), p("优惠活动", []string{"补贴", "优惠"}, []string{"限时"}), p("人设生活", []string{"日常"}, nil),
	}}
	if err := k.SetPillars(k.t.Context(), k.hq(), set); err != nil {
		k.t.Fatal(err)
	}
	k.jobs.Run(k.t.Context())
	out := []id.ID{}
	for _, x := range k.must(k.Pillars(k.t.Context(), k.hq())).List {
		out = append(out, x.ID)
	}
	return out
}

func (k kit) must(p library.Pillars, err error) library.Pillars {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
	return p
}

// seat opens an account of a unit.
func (k kit) seat(account, unit, member id.ID, kind string) {
	k.seats[account] = library.Seat{ID: account, UnitID: unit, MemberID: member, Platform: "xiaohongshu", Kind: kind}
}

// target sets a mix of the brand from today: percents in the order of the pillars.
func (k kit) target(a authz.Actor, unit, kind string, pillars []id.ID, percents ...int) {
	k.t.Helper()
	m := library.NewMix{Unit: unit, Kind: kind, From: clock.DayOf(k.c.Now(), clock.Shanghai())}
	for i, n := range percents {
		m.Shares = append(m.Shares, pillar.Share{PillarID: pillars[i], Percent: n})
	}
	if err := k.PutMix(k.t.Context(), a, m); err != nil {
		k.t.Fatal(err)
	}
	k.jobs.Run(k.t.Context())
}

func (k kit) heard(posts ...id.ID) {
	k.t.Helper()
	err := k.d.Tx(k.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return k.Jobs.Publish(ctx, tx, event.PostsChanged{BrandID: brand, PostIDs: posts})
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.jobs.Run(k.t.Context())
}

func (k kit) gaps(a authz.Actor, f library.GapFilter) []library.SeatGap {
	k.t.Helper()
	list, _, err := k.Gaps(k.t.Context(), a, f, nil, 100)
	if err != nil {
		k.t.Fatal(err)
	}
	return list
}

// tally tells an account's posts by pillar: "2 1 0 1/1", the last those without one.
func tally(g library.SeatGap, pillars []id.ID) string {
	n := map[id.ID]int64{}
	for _, p := range g.Parts {
		n[p.PillarID] = p.Posts
	}
	out := ""
	for _, p := range pillars {
		out += fmt.Sprint(n[p], " ")
	}
	return out + fmt.Sprint("/", n[0])
}

func TestPillarsAndGaps(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		now := clock.MsOf(k.c.Now())
		k.seat(100, 11, 100, "employee")
		k.seat(200, 12, 201, "employee")
		k.seat(300, 21, 2100, "store")
		for i, text := range []string{"品牌的故事", "质感", "后排空间", "新车 S5 怎么样", "到店优惠", "什么都没说"} {
			k.say(id.ID(1000+i), 100, now, text)
		}
		k.say(2000, 200, now, "我的日常")
		k.say(2001, 200, now-40*24*3600*1000, "日常，很久以前")
		for i := range 6 {
			k.say(id.ID(3000+i), 300, now, "限时优惠 #限时")
		}
		p := k.setPillars()
		gaps := k.gaps(k.hq(), library.GapFilter{})
		if len(gaps) != 3 || gaps[0].Standing != library.Untargeted || gaps[0].Short != nil {
			t.Fatalf("%+v", gaps)
		}
		k.target(k.hq(), "", "", p, 40, 30, 20, 10)
		gaps = k.gaps(k.hq(), library.GapFilter{})
		// 300: 6 offers, 40% of 6 = 2, 30% = 2, 10% = 1 short; 100: short of one everyday post.
		if gaps[0].AccountID != 300 || *gaps[0].Short != 5 || tally(gaps[0], p) != "0 0 6 0 /0" || gaps[0].Standing != library.Lacking {
			t.Errorf("%+v", gaps[0])
		}
		if gaps[1].AccountID != 100 || *gaps[1].Short != 1 || tally(gaps[1], p) != "2 2 1 0 /1" || gaps[1].Worst != p[3] {
			t.Errorf("%+v", gaps[1])
		}
		if gaps[2].AccountID != 200 || gaps[2].Short != nil || gaps[2].Posts != 1 || gaps[2].Standing != library.TooFew {
			t.Errorf("%+v", gaps[2])
		}
		m, err := k.Mix(t.Context(), k.hq(), "")
		if err != nil || m.Posts != 13 || m.Accounts != 3 || m.Targeted != 3 || m.Judged != 2 || m.Lacking != 2 || m.Left {
			t.Errorf("%+v %v", m, err)
		}
		for _, x := range m.Parts {
			if x.PillarID == p[2] && (x.Posts != 7 || *x.Share != 538 || *x.Target != 200 || x.Short != 0) {
				t.Errorf("%+v", x)
			}
		}
		k.target(k.hq(), "21", "store", p, 0, 0, 100)
		if got := k.gaps(k.hq(), library.GapFilter{Unit: "21"}); len(got) != 1 || got[0].Standing != library.InLine || *got[0].Short != 0 {
			t.Errorf("its own target: %+v", got)
		}
		if got := k.gaps(k.hq(), library.GapFilter{Standing: library.TooFew}); len(got) != 1 || got[0].AccountID != 200 {
			t.Errorf("%+v", got)
		}
		if got := k.gaps(k.hq(), library.GapFilter{PillarID: p[3]}); len(got) != 1 || got[0].AccountID != 100 {
			t.Errorf("%+v", got)
		}
		// The window moves on by itself.
		k.c.Advance(31 * 24 * time.Hour)
		k.run("library.pillars_day")
		if got := k.gaps(k.hq(), library.GapFilter{}); len(got) != 0 {
			t.Errorf("a month later: %+v", got)
		}
	})
}

// run runs a periodic job.
func (k kit) run(kind string) {
	k.t.Helper()
	h, ok := k.Jobs.Registry().Handler(kind)
	if !ok {
		k.t.Fatal("no job ", kind)
	}
	if err := h(k.t.Context(), nil); err != nil {
		k.t.Fatal(err)
	}
}

func TestPillarByHandAndByItem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		now := clock.MsOf(k.c.Now())
		k.seat(100, 11, 100, "employee")
		p := k.setPillars()
		k.say(1, 100, now, "空间")
		k.say(2, 100, now, "日常")
		k.say(3, 100, now, "随手拍")
		k.heard(1, 2, 3)
		k.heard(1, 2, 3) // twice
		one := func() string { return tally(k.gaps(k.hq(), library.GapFilter{})[0], p) }
		if got := one(); got != "0 1 0 1 /1" {
			t.Fatal(got)
		}
		if err := k.SortByHand(t.Context(), k.store(), []id.ID{1, 1, 3}, p[0], false); err != nil {
			t.Fatal(err)
		}
		if got := one(); got != "2 0 0 1 /0" {
			t.Fatal(got)
		}
		k.say(1, 100, now, "空间 空间")
		k.heard(1)
		k.setPillarsAgain() // by other rules; hands stay
		if got := one(); got != "2 0 0 1 /0" {
			t.Fatal(got)
		}
		if err := k.SortByHand(t.Context(), k.hq(), []id.ID{1}, 0, true); err != nil {
			t.Fatal(err)
		}
		if got := one(); got != "1 1 0 1 /0" {
			t.Fatal(got)
		}
		// A post made of an item is of the item's pillar, also when that is learnt later or the item's changes.
		piece := template("空间", "来店里{{a: 坐坐 | 看看}}")
		piece.PillarID = p[2]
		it := k.live(k.hq(), piece)
		use := func(ctx context.Context, tx *db.Tx) error {
			return k.Used(ctx, tx, brand, []library.Use{{ItemID: it.ID, Version: 1, MemberID: 100, AccountID: 100, UnitID: 11, Ref: 9, PostID: 2}})
		}
		if err := d.Tx(t.Context(), use); err != nil {
			t.Fatal(err)
		}
		k.jobs.Run(t.Context())
		if got := one(); got != "1 1 1 0 /0" {
			t.Fatal(got)
		}
		piece.PillarID = p[1]
		if _, err := k.Save(t.Context(), k.hq(), it.ID, it.Rev, piece); err != nil {
			t.Fatal(err)
		}
		k.jobs.Run(t.Context())
		if got := one(); got != "1 2 0 0 /0" {
			t.Fatal(got)
		}
		list, _, err := k.List(t.Context(), k.kos(), library.Filter{PillarID: p[1]}, library.ByUpdated, nil, 10)
		if err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		// Gone posts count no more, and come back as they were.
		gone := k.posts[3]
		delete(k.posts, 3)
		k.heard(3)
		if got := one(); got != "0 2 0 0 /0" {
			t.Fatal(got)
		}
		k.posts[3] = gone
		k.heard(3)
		if got := one(); got != "1 2 0 0 /0" {
			t.Fatal(got)
		}
		// The account moves to another region, and its posts with it; then it is closed.
		k.seat(100, 21, 100, "employee")
		k.moved(100)
		if got := k.gaps(actor(t, authz.StoreManager, 81, 0, 11), library.GapFilter{}); len(got) != 0 {
			t.Errorf("the old store sees %+v", got)
		}
		posts, _, err := k.SortedPosts(t.Context(), actor(t, authz.StoreManager, 82, 0, 21), library.SortedFilter{}, nil, 10)
		if err != nil || len(posts) != 3 {
			t.Errorf("%+v %v", posts, err)
		}
		delete(k.seats, 100)
		k.moved(100)
		if got := k.gaps(k.hq(), library.GapFilter{}); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// setPillarsAgain changes a rule.
func (k kit) setPillarsAgain() {
	k.t.Helper()
	now := k.must(k.Pillars(k.t.Context(), k.hq()))
	now.List[3].Words = append(now.List[3].Words, "早起")
	if err := k.SetPillars(k.t.Context(), k.hq(), now); err != nil {
		k.t.Fatal(err)
	}
	k.jobs.Run(k.t.Context())
}

func (k kit) moved(accounts ...id.ID) {
	k.t.Helper()
	err := k.d.Tx(k.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return k.Jobs.Publish(ctx, tx, event.AccountsChanged{BrandID: brand, AccountIDs: accounts, What: []string{"moved"}})
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.jobs.Run(k.t.Context())
}

func TestPillarWalkGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		now := clock.MsOf(k.c.Now())
		for a := range 50 {
			k.seat(id.ID(100+a), 11, id.ID(100+a), "employee")
		}
		for i := range 4500 {
			k.say(id.ID(10_000+i), id.ID(100+i%50), now, "补贴")
		}
		k.broken = 2
		func() { // the job fails in the middle of the walk
			set := library.Pillars{Days: 30, Least: 5, List: []library.Pillar{{Name: "优惠", Color: "#cc3333", Active: true, Words: []string{"补贴"}}}}
			if err := k.SetPillars(t.Context(), k.hq(), set); err != nil {
				t.Fatal(err)
			}
		}()
		h, _ := k.Jobs.Registry().Handler("library.pillars_day")
		if err := h(t.Context(), nil); err == nil {
			t.Fatal("the walk did not fail")
		}
		if !k.must(k.Pillars(t.Context(), k.hq())).Left {
			t.Error("nothing is left")
		}
		walks := k.walks
		k.run("library.pillars_day")
		if k.walks-walks != 3 { // two pages are left, and the end; the first is not read again
			t.Errorf("%d pages", k.walks-walks)
		}
		m, err := k.Mix(t.Context(), k.hq(), "")
		if err != nil || m.Posts != 4500 || m.Accounts != 50 || m.Left {
			t.Errorf("%+v %v", m, err)
		}
		k.run("library.pillars_day")
		if k.walks-walks != 3 {
			t.Error("walked again without need")
		}
	})
}

// TestPillarsAtOnce publishes posts of one account from many sides while the rules change and somebody sorts by hand: in the
// end every post is counted once, by the newest rules.
func TestPillarsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		now := clock.MsOf(k.c.Now())
		k.seat(100, 11, 100, "employee")
		p := k.setPillars()
		k.target(k.hq(), "", "", p, 25, 25, 25, 25)
		for i := range 40 {
			k.say(id.ID(1+i), 100, now, "早起")
		}
		h, _ := k.Jobs.Registry().Handler("event.post.changed.library")
		failed := make([]error, 10)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				failed[i] = h(t.Context(), fmt.Appendf(nil, `{"brand_id":"%s","post_ids":["%d","%d","%d","%d","%d","%d"]}`, brand, 5*i+1, 5*i+2, 5*i+3, 5*i+4, 5*i+5, 5*i%40+1))
			})
		}
		wg.Go(func() {
			set := k.must(k.Pillars(t.Context(), k.hq()))
			set.List[3].Words = append(set.List[3].Words, "早起")
			failed[8] = k.SetPillars(t.Context(), k.hq(), set)
		})
		wg.Go(func() {
			for range 200 {
				if failed[9] = k.SortByHand(t.Context(), k.hq(), []id.ID{7}, p[0], false); failed[9] == nil {
					return
				}
				time.Sleep(5 * time.Millisecond) // not there yet
			}
		})
		wg.Wait()
		if i := slices.IndexFunc(failed, func(err error) bool { return err != nil }); i >= 0 {
			t.Fatal(i, failed[i])
		}
		k.jobs.Run(t.Context())
		k.run("library.pillars_day")
		if got := tally(k.gaps(k.hq(), library.GapFilter{})[0], p); got != "1 0 0 39 /0" {
			t.Error(got)
		}
	})
}

func TestPillarWallsAndFaults(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		now := clock.MsOf(k.c.Now())
		k.seat(100, 11, 100, "employee")
		k.seat(300, 21, 2100, "store")
		for i := range 6 {
			k.say(id.ID(1+i), 100, now, "优惠")
			k.say(id.ID(51+i), 300, now, "优惠")
		}
		p := k.setPillars()
		k.target(k.hq(), "", "", p, 50, 50)
		store := actor(t, authz.StoreManager, 81, 0, 11)
		region := actor(t, authz.RegionManager, 80, 0, 10)
		if got := k.gaps(store, library.GapFilter{}); len(got) != 1 || got[0].AccountID != 100 {
			t.Errorf("%+v", got)
		}
		if _, _, err := k.Gaps(t.Context(), store, library.GapFilter{Unit: "21"}, nil, 10); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("another store: %v", err)
		}
		if m, err := k.Mix(t.Context(), store, ""); err != nil || m.Posts != 6 {
			t.Errorf("%+v %v", m, err)
		}
		if err := k.SortByHand(t.Context(), store, []id.ID{1, 51}, p[0], false); !errs.Is(err, "library.post_gone") {
			t.Errorf("another store's post: %v", err)
		}
		if err := k.SortByHand(t.Context(), store, []id.ID{1}, 999, false); !errs.Is(err, "library.pillar_unknown") {
			t.Error(err)
		}
		if err := k.SetPillars(t.Context(), region, library.Pillars{Days: 30, Least: 5}); !errs.Is(err, "library.whole_brand") {
			t.Error(err)
		}
		mix := library.NewMix{Unit: "11", From: 20261201, Shares: []pillar.Share{{PillarID: p[0], Percent: 90}}}
		if err := k.PutMix(t.Context(), region, mix); !errs.Is(err, "library.mix_sum") {
			t.Error(err)
		}
		mix.Shares[0].Percent = 100
		if err := k.PutMix(t.Context(), region, mix); err != nil {
			t.Error(err)
		}
		mix.Unit = "21"
		if err := k.PutMix(t.Context(), region, mix); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("another region's: %v", err)
		}
		if list, err := k.Mixes(t.Context(), actor(t, authz.StoreManager, 82, 0, 21)); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
		if list, err := k.Mixes(t.Context(), store); err != nil || len(list) != 2 {
			t.Errorf("%+v %v", list, err)
		}
		piece := template("到店", "来{{a: 坐坐 | 看看}}")
		piece.PillarID = p[0]
		k.live(k.hq(), piece)
		lacks, err := k.MyLacks(t.Context(), k.kos())
		if err != nil || len(lacks) != 2 || lacks[0].Short != 3 || lacks[0].Pillar != "品牌种草" || lacks[0].Items != 1 || lacks[1].Items != 0 {
			t.Errorf("%+v %v", lacks, err)
		}
		old := k.must(k.Pillars(t.Context(), k.hq()))
		set := old
		set.List = slices.Clone(old.List[1:]) // the first is put out of use
		if err := k.SetPillars(t.Context(), k.hq(), set); err != nil {
			t.Fatal(err)
		}
		if err := k.SetPillars(t.Context(), k.hq(), set); !errs.Is(err, "base.changed_meanwhile") {
			t.Error(err)
		}
		if now := k.must(k.Pillars(t.Context(), k.hq())); len(now.List) != 4 || now.List[3].Active {
			t.Errorf("%+v", now.List)
		}
		set = k.must(k.Pillars(t.Context(), k.hq()))
		set.List[0].Name, set.List[1].Name, set.List[2].Color, set.Days = set.List[1].Name, " "+set.List[1].Name, "red", 3
		if err := k.SetPillars(t.Context(), k.hq(), set); !errs.Is(err, "library.pillar_twice") {
			t.Error(err)
		}
	})
}
