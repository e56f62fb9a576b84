package account_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/account"
	"kosmos/internal/event"
)

func ticked() account.CheckList {
	var out account.CheckList
	for _, k := range account.HandoverSteps() {
		out = append(out, account.CheckItem{Key: k, Done: true})
	}
	return out
}

// TestLeaver sends everyone away: personal authorisations end, company accounts wait, are handed over, and nothing is
// orphaned or counted twice.
func TestLeaver(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		mine, shop := w.handle("kos_sh_01"), w.handle("kos_ch_01")
		w.must(w.s.RecordConsent(w.ctx, w.hq, account.NewConsent{AccountID: mine.ID, Purposes: []string{"figures", "tasks"}, Via: "paper", Proof: "档案柜 3"}))
		left := event.OrgMemberLeft{BrandID: brand, MemberIDs: []id.ID{mine.MemberID, shop.MemberID}, Day: 20261122}
		for range 2 { // the event may come twice
			n, err := w.s.MembersLeft(w.ctx, authz.SystemActor(brand, nil), left.MemberIDs)
			w.must(err)
			if n != 3 && n != 0 {
				w.Errorf("%d accounts touched", n)
			}
		}
		if a := w.handle("kos_sh_01"); a.Status != account.Closed || a.MemberID == 0 || a.StatusCause != "account.cause_member_left" {
			w.Errorf("%+v", a.Account)
		}
		consents, err := w.s.Consents(w.ctx, w.hq, mine.ID)
		w.must(err)
		if len(consents) != 1 || consents[0].WithdrawnAt == 0 || len(consents[0].TextHash) != 64 {
			w.Errorf("%+v", consents)
		}
		if a := w.handle("kos_ch_01"); a.Status != account.StatusOK || a.HandoverDue != 20261129 {
			w.Errorf("%+v", a.Account)
		}
		if len(w.board.open) != 1 || w.board.open["handover:"+shop.ID.String()].Due != 20261129 {
			w.Errorf("%+v", w.board.open)
		}
		next := w.tree.person(shop.UnitID, "赵新")
		h := account.Handover{AccountID: shop.ID, ToMember: next.ID, Reason: "接任", Checklist: ticked()[:3]}
		if _, err := w.s.HandOver(w.ctx, w.hq, h); !errs.Is(err, "account.step_open") {
			w.Errorf("%v", err)
		}
		h.Checklist = ticked()
		h.Checklist[5] = account.CheckItem{Key: h.Checklist[5].Key, Note: "未认证过"}
		got, err := w.s.HandOver(w.ctx, w.hq, h)
		w.must(err)
		if got.MemberID != next.ID || got.HandoverDue != 0 || !slices.Contains(w.board.closed, "handover:"+shop.ID.String()) {
			w.Errorf("%+v %v", got.Account, w.board.closed)
		}
		if _, err := w.s.HandOver(w.ctx, w.hq, account.Handover{AccountID: w.handle("kos_gz_01").ID, ToMember: next.ID, Reason: "x", Checklist: ticked()}); !errs.Is(err, "account.personal_stays") {
			w.Errorf("%v", err)
		}
		lines, err := w.s.Timeline(w.ctx, w.hq, shop.ID)
		w.must(err)
		if len(lines) != 2 || lines[0].What != "handed_over" || lines[0].FromMember != "李倩" || lines[0].ToMember != "赵新" || len(lines[0].Items) != 6 || lines[1].What != "handover_due" {
			w.Errorf("%+v", lines)
		}
		w.counted()
	})
}

func TestCustodyOfManyAtOnce(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		one, two, shop := w.handle("kos_sh_01"), w.handle("kos_gz_01"), w.handle("kos_ch_01")
		turns := []account.Turn{{AccountID: two.ID, To: account.Banned, Cause: "违规", Since: 20261101}, {AccountID: one.ID, To: account.TokenExpired, Cause: "到期", Since: 20261231}}
		w.must(w.s.TurnAll(w.ctx, w.hq, turns))
		if a := w.handle("kos_gz_01"); a.Status != account.Banned || a.StatusSince != 20261101 || a.StatusCause != "违规" {
			w.Errorf("%+v", a.Account)
		}
		if a := w.handle("kos_sh_01"); a.Status != account.TokenExpired || a.StatusSince != 20261122 {
			w.Errorf("%+v", a.Account)
		}
		if err := w.s.TurnAll(w.ctx, w.hq, []account.Turn{{AccountID: shop.ID, To: account.Banned, Cause: "违规", Since: 20261101}, {AccountID: 404, To: account.Banned, Cause: "x"}}); !errs.Is(err, "account.not_found") {
			w.Errorf("%v", err)
		}
		next := w.tree.person(shop.UnitID, "赵新")
		pass := []account.Handover{{AccountID: shop.ID, ToMember: next.ID, Reason: "接任", Checklist: ticked()}}
		w.must(w.s.HandOverAll(w.ctx, w.hq, pass))
		if a := w.handle("kos_ch_01"); a.MemberID != next.ID || a.Status != account.StatusOK {
			w.Errorf("%+v", a.Account)
		}
		pass[0].AccountID = one.ID
		if err := w.s.HandOverAll(w.ctx, w.hq, pass); !errs.Is(err, "account.personal_stays") {
			w.Errorf("%v", err)
		}
		lines, err := w.s.Timeline(w.ctx, w.hq, shop.ID)
		w.must(err)
		if len(lines) != 1 || lines[0].What != "handed_over" || lines[0].FromMember != "李倩" || lines[0].ToMember != "赵新" {
			w.Errorf("%+v", lines)
		}
		w.counted()
	})
}

// A change of kind takes accounts' past figures along, so many accounts are changed, and taken back, in several
// transactions of one batch.
func TestBulkKindInPieces(t *testing.T) {
	each(t, func(w *world) {
		rows := make([]account.RosterRow, 60)
		for i := range rows {
			rows[i] = people()[0]
			rows[i].Row, rows[i].Handle, rows[i].ExternalID = i+2, fmt.Sprintf("kos_%02d", i), fmt.Sprintf("x%02d", i)
		}
		w.apply(w.hq, rows...)
		var ids []id.ID
		for _, it := range w.list(w.hq, account.Filter{}) {
			ids = append(ids, it.ID)
		}
		of := func(k account.Kind) int { return len(w.list(w.hq, account.Filter{Kinds: []account.Kind{k}})) }
		done, err := w.s.DoBulk(w.ctx, w.hq, account.Bulk{IDs: append(ids, 404), What: "kind", Kind: account.KindPersona})
		w.must(err)
		if done.Changed != 60 || len(done.Skipped) != 1 || of(account.KindPersona) != 60 {
			w.Errorf("%+v", done)
		}
		undone, err := w.s.UndoBulk(w.ctx, w.hq, done.BatchID)
		w.must(err)
		if undone.Restored != 60 || of(account.KindEmployee) != 60 {
			w.Errorf("%+v", undone)
		}
		if _, err := w.s.UndoBulk(w.ctx, w.hq, done.BatchID); !errs.Is(err, "account.batch_undone") {
			w.Errorf("%v", err)
		}
		w.counted()
	})
}

func TestPairsAndCertification(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		public, private := w.handle("kos_sh_01"), w.handle("kos_ch_01")
		got, err := w.s.Pair(w.ctx, w.hq, public.ID, private.ID)
		w.must(err)
		if got.Paired == nil || got.Paired.Handle != "kos_ch_01" {
			w.Errorf("%+v", got)
		}
		if _, err := w.s.Pair(w.ctx, w.hq, private.ID, public.ID); !errs.Is(err, "account.pair_sides") {
			w.Errorf("%v", err)
		}
		if l := w.list(w.hq, account.Filter{Unpaired: true}); len(l) != 2 {
			w.Errorf("%d unpaired", len(l))
		}
		_, err = w.s.Certify(w.ctx, w.hq, account.Certification{AccountID: public.ID, State: account.Certified, Until: 20261201})
		w.must(err)
		n, err := w.s.SweepCertifications(w.ctx, w.hq)
		w.must(err)
		if n != 0 || w.board.open["cert30:"+public.ID.String()].Due != 20261201 {
			w.Errorf("%d %+v", n, w.board.open)
		}
		w.clock.Advance(11 * 24 * 3600e9)
		for want := 1; want >= 0; want-- { // the second round finds nothing
			if n, err = w.s.SweepCertifications(w.ctx, w.hq); err != nil || n != want {
				w.Errorf("%d %v", n, err)
			}
		}
		if a := w.handle("kos_sh_01"); a.CertState != account.CertExpired {
			w.Errorf("%+v", a.Account)
		}
	})
}

func TestBulkAndUndo(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		all := w.list(w.hq, account.Filter{})
		ids := []id.ID{all[0].ID, all[1].ID, all[2].ID, all[3].ID}
		done, err := w.s.DoBulk(w.ctx, w.hq, account.Bulk{IDs: ids, What: "move", Unit: "华东/上海/静安店"})
		w.must(err)
		if done.Changed != 2 { // two are there already
			w.Errorf("%+v", done)
		}
		w.counted()
		tagged, err := w.s.DoBulk(w.ctx, w.hq, account.Bulk{IDs: ids, What: "tag", Tag: " 双十一 "})
		w.must(err)
		if tagged.Changed != 4 || len(w.list(w.hq, account.Filter{Tag: "双十一"})) != 4 {
			w.Errorf("%+v", tagged)
		}
		boss := w.web.As(webtest.Actor(brand, authz.StoreManager, w.tree.byPath["华南/广州/天河店"]))
		if done, err := w.s.DoBulk(w.ctx, boss, account.Bulk{IDs: ids, What: "status", Status: account.Banned, Reason: "x"}); err != nil || done.Changed != 0 {
			w.Errorf("reached outside: %+v %v", done, err)
		}
		banned, err := w.s.DoBulk(w.ctx, w.hq, account.Bulk{IDs: ids[:1], What: "status", Status: account.Banned, Reason: "处罚"})
		w.must(err)
		undone, err := w.s.UndoBulk(w.ctx, w.hq, done.BatchID)
		w.must(err)
		if undone.Restored+len(undone.Kept) != 2 {
			w.Errorf("%+v", undone)
		}
		if _, err := w.s.UndoBulk(w.ctx, w.hq, done.BatchID); !errs.Is(err, "account.batch_undone") {
			w.Errorf("%v", err)
		}
		if u, err := w.s.UndoBulk(w.ctx, w.hq, tagged.BatchID); err != nil || u.Restored != 4 || len(w.list(w.hq, account.Filter{Tag: "双十一"})) != 0 {
			w.Errorf("%+v %v", u, err)
		}
		if u, err := w.s.UndoBulk(w.ctx, w.hq, banned.BatchID); err != nil || u.Restored != 1 {
			w.Errorf("%+v %v", u, err)
		}
		w.counted()
	})
}

// TestDoubleClick registers one account from many sides at once: one wins, the others learn that it is taken.
func TestDoubleClick(t *testing.T) {
	each(t, func(w *world) {
		w.tree.ensure("华东", "")
		var wg sync.WaitGroup
		var mu sync.Mutex
		ok, taken := 0, 0
		for range 8 {
			wg.Go(func() {
				_, err := w.s.Create(w.ctx, w.hq, account.Draft{Platform: account.Douyin, Handle: "Same", Kind: account.KindRegion, Unit: "华东", Ownership: account.Company})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					ok++
				case errs.Is(err, "account.handle_taken"):
					taken++
				default:
					w.Error(err)
				}
			})
		}
		wg.Wait()
		if ok != 1 || taken != 7 {
			w.Errorf("%d made, %d refused", ok, taken)
		}
		w.counted()
	})
}

func TestListFiltersAndPages(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		for i, it := range w.list(w.hq, account.Filter{}) {
			w.must(w.d.Tx(w.ctx, set(w, it.ID, int64(i*1000), 20261101+i)))
		}
		for name, row := range map[string]struct {
			f    account.Filter
			want int
		}{
			"all": {account.Filter{}, 4}, "unit": {account.Filter{Unit: "华东"}, 3}, "platform": {account.Filter{Platforms: []account.Platform{"xiaohongshu"}}, 2},
			"kind": {account.Filter{Kinds: []account.Kind{account.KindStore}}, 0}, "ownership": {account.Filter{Ownership: account.Company}, 1},
			"text": {account.Filter{Text: "KOS_gz"}, 1}, "pinyin of the member": {account.Filter{Text: "wxm"}, 2}, "member": {account.Filter{Text: "陈"}, 1},
			"no wildcards": {account.Filter{Text: "%"}, 0}, "league": {account.Filter{League: "xiaohongshu|t1"}, 2}, "city": {account.Filter{City: 310000}, 3},
			"uncertified": {account.Filter{CertStates: []account.CertState{account.CertNone}}, 4}, "abnormal": {account.Filter{Abnormal: true}, 0}, "private": {account.Filter{Side: account.PrivateSide}, 1},
			"public": {account.Filter{Side: account.PublicSide}, 3}, "unrated": {account.Filter{Unrated: true}, 4},
		} {
			n, more, err := w.s.Count(w.ctx, w.hq, row.f)
			if got := w.list(w.hq, row.f); len(got) != row.want || n != int64(row.want) || more || err != nil {
				w.Errorf("%s: %d rows, count %d %v", name, len(got), n, err)
			}
		}
		for _, sort := range []account.Sort{"name", "-name", "followers", "-followers", "created", "-created", "last_post", "-last_post"} {
			var seen []string
			var at *account.Place
			for {
				rows, next, err := w.s.List(w.ctx, w.hq, account.Query{Sort: sort, Limit: 3, After: at})
				w.must(err)
				for _, r := range rows {
					seen = append(seen, r.Handle)
				}
				if at = next; at == nil {
					break
				}
			}
			up := []string{"kos_ch_01", "kos_dy_01", "kos_gz_01", "kos_sh_01"}
			if strings.Contains(string(sort), "created") {
				slices.Sort(seen) // all of one day: by id
			} else if strings.HasPrefix(string(sort), "-") {
				slices.Reverse(up)
			}
			if !slices.Equal(seen, up) {
				w.Errorf("%s: %v", sort, seen)
			}
		}
		if _, _, err := w.s.List(w.ctx, w.hq, account.Query{Sort: "luck", Limit: 3}); !errs.Is(err, "account.sort_unknown") {
			w.Errorf("%v", err)
		}
	})
}

// foretold holds a preview against the leagues the accounts are in now.
func (w *world) foretold(cells []account.LeagueCell) {
	w.Helper()
	got := map[string]int64{}
	for _, c := range cells {
		got[fmt.Sprintf("%s|t%d|f%d|n%d", c.Platform, c.Tier, c.Followers, c.Tenure)] = c.Accounts
		if c.Moved != c.Accounts {
			w.Errorf("%+v: every account's league changes here", c)
		}
	}
	want := map[string]int64{}
	for _, it := range w.list(w.hq, account.Filter{}) {
		want[it.League]++
	}
	if !maps.Equal(got, want) {
		w.Errorf("foretold %v, became %v", got, want)
	}
}

func TestLeaguesFollowTimeAndDefinition(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		a := w.handle("kos_sh_01")
		if a.League != "xiaohongshu|t1|f0|n0" {
			w.Fatal(a.League)
		}
		w.must(w.d.Tx(w.ctx, set(w, a.ID, 12000, 20261120)))
		w.clock.Advance(100 * 24 * 3600e9)
		n, err := w.s.RefreshLeagues(w.ctx, w.hq)
		w.must(err)
		if a = w.handle("kos_sh_01"); n != 4 || a.League != "xiaohongshu|t1|f2|n1" {
			w.Errorf("%d %s", n, a.League)
		}
		def := account.DefaultLeague()
		def.Tiers[1] = 9
		def.Followers = []int64{0, 500}
		cells, err := w.s.PreviewLeagues(w.ctx, w.hq, def)
		w.must(err)
		w.must(w.s.DefineLeague(w.ctx, w.hq, 20270302, def, "合并一线"))
		w.foretold(cells)
		if a = w.handle("kos_sh_01"); a.League != "xiaohongshu|t9|f1|n1" {
			w.Error(a.League)
		}
		if err := w.s.DefineLeague(w.ctx, w.hq, 20270301, def, ""); !errs.Is(err, "account.league_past") {
			w.Error(err)
		}
		def.Followers = []int64{5, 1}
		if err := w.s.DefineLeague(w.ctx, w.hq, 20270401, def, ""); !errs.Is(err, "account.league_bounds") {
			w.Error(err)
		}
	})
}
