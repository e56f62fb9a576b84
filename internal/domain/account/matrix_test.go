package account_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
)

// set gives an account figures.
func set(w *world, a id.ID, followers int64, last int) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		w.board.levels[a] = account.LevelNow{Followers: followers, AsOf: clock.MsOf(w.clock.Now()), LastPostDay: clock.Day(last)}
		return w.s.TakeLevels(ctx, tx, brand, []id.ID{a})
	}
}

func TestLevelsAreTakenBack(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		a := w.handle("kos_sh_01")
		w.must(w.d.Tx(w.ctx, set(w, a.ID, 900, 20261120)))
		if a = w.handle("kos_sh_01"); a.Followers != 900 || a.LastPostDay != 20261120 || a.FollowersAsOf != clock.MsOf(w.clock.Now()) {
			w.Errorf("%+v", a.Account)
		}
		w.must(w.d.Tx(w.ctx, set(w, a.ID, 0, 20261119))) // zero is a number, a correction goes down
		if a = w.handle("kos_sh_01"); a.Followers != 0 || a.LastPostDay != 20261119 {
			w.Errorf("%+v", a.Account)
		}
		delete(w.board.levels, a.ID)
		w.must(w.s.TakeAllLevels(w.ctx, brand))
		if a = w.handle("kos_sh_01"); a.Followers != -1 || a.LastPostDay != 0 || a.FollowersAsOf != 0 {
			w.Errorf("%+v", a.Account)
		}
	})
}

func TestCoverageAndGaps(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		w.tree.ensure("华东/上海/浦东店", "store")
		c, err := w.s.Coverage(w.ctx, w.hq, account.ByRegion, "")
		w.must(err)
		if c.Total.Stores != 4 || c.Total.Bare != 1 || c.Total.Accounts != 4 || c.Total.Unpaired != 3 || len(c.Rows) != 2 {
			w.Fatalf("%+v", c)
		}
		east := c.Rows[slices.IndexFunc(c.Rows, func(r account.CoverRow) bool { return r.Name == "华东" })]
		if east.Stores != 3 || east.Bare != 1 || east.Accounts != 3 || east.Cells[0].StoresWith != 1 || east.Cells[0].Accounts != 1 {
			w.Errorf("%+v", east)
		}
		var sum int64
		for _, r := range c.Rows {
			sum += r.Accounts
		}
		if sum != c.Total.Accounts {
			w.Errorf("rows add up to %d of %d", sum, c.Total.Accounts)
		}
		city, err := w.s.Coverage(w.ctx, w.hq, account.ByCity, "华东")
		w.must(err)
		if len(city.Rows) != 1 || city.Rows[0].City != 310000 || city.Rows[0].Name != "上海" || city.Rows[0].Tier != 1 {
			w.Errorf("%+v", city.Rows)
		}
		gaps, more, err := w.s.Gaps(w.ctx, w.hq, account.GapQuery{Platform: account.Xiaohongshu, Limit: 1})
		w.must(err)
		if len(gaps) != 1 || !more || gaps[0].Unit.Path != "华东/上海/徐汇店" && gaps[0].Unit.Path != "华东/上海/浦东店" {
			w.Errorf("%+v", gaps)
		}
		rest, more, err := w.s.Gaps(w.ctx, w.hq, account.GapQuery{Platform: account.Xiaohongshu, Limit: 5, After: gaps[0].Unit.Path})
		w.must(err)
		if len(rest) != 1 || more {
			w.Errorf("%+v", rest)
		}
		if bare, _, err := w.s.Gaps(w.ctx, w.hq, account.GapQuery{Limit: 5}); err != nil || len(bare) != 1 || bare[0].City != "上海" {
			w.Errorf("%+v %v", bare, err)
		}
	})
}

func TestLayoutsAddUp(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, append(people(),
			account.RosterRow{Row: 6, UnitPath: "总部", Platform: "公众号", Handle: "gzh", AccountKind: "官方号"},
			account.RosterRow{Row: 7, UnitPath: "华东", Platform: "抖音", Handle: "hd", AccountKind: "区域"},
			account.RosterRow{Row: 8, UnitPath: "华东", Platform: "抖音", Handle: "koc1", AccountKind: "koc"})...)
		for _, shape := range []account.Shape{account.ShapePyramid, account.ShapeOfficial, account.ShapeBenchmark, account.ShapePersona, account.ShapePrivate} {
			l, err := w.s.Layout(w.ctx, w.hq, shape, "")
			w.must(err)
			total := l.Outside
			for i, r := range l.Rings {
				total += r.Accounts
				var parts, branches int64
				for _, p := range r.Parts {
					parts += p.N
				}
				for _, b := range l.Branches {
					branches += b.Rings[i]
				}
				if parts != r.Accounts || branches != r.Accounts {
					w.Errorf("%s %s: %d accounts, parts %d, branches %d", shape, r.Key, r.Accounts, parts, branches)
				}
			}
			if total != 7 {
				w.Errorf("%s holds %d accounts", shape, total)
			}
		}
		l, _ := w.s.Layout(w.ctx, w.hq, account.ShapePyramid, "")
		if got := []int64{l.Rings[0].Accounts, l.Rings[1].Accounts, l.Rings[2].Accounts, l.Rings[3].Accounts}; !slices.Equal(got, []int64{1, 1, 4, 1}) {
			w.Errorf("%v", got)
		}
		if _, err := w.s.Layout(w.ctx, w.hq, "star", ""); !errs.Is(err, "account.shape_unknown") {
			w.Error(err)
		}
	})
}

func TestBrandWords(t *testing.T) {
	each(t, func(w *world) {
		words, err := w.s.BrandWords(w.ctx, w.d, brand)
		w.must(err)
		if got := words.List(); !slices.Equal(got, []string{"测试品牌"}) {
			w.Fatalf("without a setting: %v", got)
		}
		if _, err := w.s.SetBrandWords(w.ctx, w.hq, []string{"星", strings.Repeat("长", 30)}); !errs.Is(err, "base.invalid_input") {
			w.Error(err)
		}
		words, err = w.s.SetBrandWords(w.ctx, w.hq, []string{" Star  River ", "星河", "ＳＴＡＲ river", ""})
		w.must(err)
		if got := words.List(); !slices.Equal(got, []string{"Star River", "星河"}) {
			w.Errorf("%v", got)
		}
		for text, want := range map[string]string{"静安星河小王": "星河", "STAR RIVER Owner": "Star River", "星 河": "星河", "银河": ""} {
			if got := words.In("", text); got != want {
				w.Errorf("%s: %q, want %q", text, got, want)
			}
		}
		if words, err = w.s.SetBrandWords(w.ctx, w.hq, nil); err != nil || words.List()[0] != "测试品牌" {
			w.Error(words, err)
		}
	})
}

func TestProposals(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		from := account.Finding{ImportID: 900, FileName: "全品牌.xlsx"}
		list := []account.Sighting{
			{Platform: account.Douyin, Text: "测试品牌浦东", ID: "dy88", Name: "测试品牌浦东", Bio: "官方授权"},
			{Platform: account.Douyin, Text: "kos_dy_01"},
			{Platform: account.Weibo, Text: "测试品牌车友"},
		}
		got, err := w.s.Propose(w.ctx, w.hq, from, list)
		w.must(err)
		if got.Added != 2 || got.Managed != 1 {
			w.Fatalf("%+v", got)
		}
		list[0].Text, list[0].Name = "测试品牌浦东店", "测试品牌浦东店" // renamed since; the platform's id is the same
		if got, err = w.s.Propose(w.ctx, w.hq, account.Finding{ImportID: 901, FileName: "二.xlsx"}, list); err != nil || got.Added != 0 || got.Known != 2 {
			w.Errorf("again: %+v %v", got, err)
		}
		rows, _, err := w.s.Register(w.ctx, w.hq, account.UnofficialFilter{Platform: account.Douyin}, nil, 10)
		w.must(err)
		if u := rows[0]; len(rows) != 1 || u.Source != "found" || u.Origin != "全品牌.xlsx" || u.ImportID != 900 || u.ExternalID != "dy88" || u.Bio != "官方授权" {
			w.Fatalf("%+v", rows)
		}
		_, err = w.s.StepUnofficial(w.ctx, w.hq, account.UnofficialStep{ID: rows[0].ID, To: account.UClaimed})
		w.must(err)
		w.must(w.d.Tx(w.ctx, func(ctx context.Context, tx *db.Tx) error { return w.s.DropProposals(ctx, tx, w.hq, 900) }))
		rows, _, err = w.s.Register(w.ctx, w.hq, account.UnofficialFilter{}, nil, 10)
		w.must(err)
		if len(rows) != 1 || rows[0].State != account.UClaimed {
			w.Errorf("what somebody works on stays, the rest goes: %+v", rows)
		}
		who := w.tree.person(w.tree.byPath["华东/上海/静安店"], "王小明")
		for _, st := range []account.UnofficialStep{{To: account.UMatched, Unit: "华东/上海/静安店", MemberID: who.ID}, {To: account.UConsented, Proof: "截图"}, {To: account.UManaged}} {
			st.ID = rows[0].ID
			_, err := w.s.StepUnofficial(w.ctx, w.hq, st)
			w.must(err)
		}
		if a := w.handle("测试品牌浦东"); a.ExternalID != "dy88" {
			w.Errorf("%+v", a.Account)
		}
	})
}

func TestUnofficialRegister(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		got, err := w.s.Sight(w.ctx, w.hq, "pasted", []account.Sighting{
			{Text: "https://www.xiaohongshu.com/user/profile/5f00cc?x=1", Name: "测试品牌小张"},
			{Platform: account.Douyin, Text: "@kos_dy_01"},
			{Platform: account.Weibo, Text: "品牌粉丝团"},
			{Platform: account.Weibo, Text: "品牌粉丝团"},
			{Text: "https://example.com/a"},
			{Text: "who"},
		})
		w.must(err)
		if got.Added != 2 || got.Managed != 1 || len(got.Faults) != 2 {
			w.Fatalf("%+v", got)
		}
		again, err := w.s.Sight(w.ctx, w.hq, "pasted", []account.Sighting{{Platform: account.Weibo, Text: "品牌粉丝团"}})
		w.must(err)
		if again.Known != 1 || again.Added != 0 {
			w.Errorf("%+v", again)
		}
		rows, _, err := w.s.Register(w.ctx, w.hq, account.UnofficialFilter{Platform: account.Xiaohongshu}, nil, 10)
		w.must(err)
		u := rows[0]
		step := func(to account.UnofficialState, st account.UnofficialStep) error {
			st.ID, st.To = u.ID, to
			_, err := w.s.StepUnofficial(w.ctx, w.hq, st)
			return err
		}
		if err := step(account.UManaged, account.UnofficialStep{}); !errs.Is(err, "account.unofficial_step") {
			w.Error(err)
		}
		who := w.tree.person(w.tree.byPath["华东/上海/静安店"], "王小明")
		w.must(step(account.UMatched, account.UnofficialStep{Unit: "华东/上海/静安店", MemberID: who.ID}))
		if err := step(account.UConsented, account.UnofficialStep{}); !errs.Is(err, "account.proof_needed") {
			w.Error(err)
		}
		w.must(step(account.UConsented, account.UnofficialStep{Proof: "微信截图"}))
		w.must(step(account.UCertified, account.UnofficialStep{}))
		w.must(step(account.UManaged, account.UnofficialStep{}))
		a := w.handle("5f00cc")
		if a.Name != "测试品牌小张" || a.Ownership != account.Personal || a.CertState != account.Certified || a.MemberID != who.ID {
			w.Errorf("%+v", a.Account)
		}
		months, err := w.s.UnofficialMonths(w.ctx, w.hq)
		w.must(err)
		if last := months[11]; last.Month != 202611 || last.Related != 2 || last.Certified != 1 || months[10].Related != 0 {
			w.Errorf("%+v", months)
		}
		w.counted()
	})
}
