package org_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/org"
	"kosmos/internal/event"
)

func ptr[T any](v T) *T { return &v }

func TestRootIsMadeOnce(t *testing.T) {
	each(t, func(h *house) {
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			again, err := h.s.EnsureRoot(ctx, tx, brand, "别的名字")
			if again != h.root {
				h.t.Error("a second root was made")
			}
			return err
		})
		if u := h.unit(h.root); u.Kind != org.KindBrand || u.Name != "星辰汽车" || u.AllUnits != 1 || u.Path != "" {
			h.t.Fatalf("%+v", u)
		}
	})
}

func TestUnitsAreMadeFoundAndEdited(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		east, err := h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: h.root, Kind: org.KindRegion, Name: " 华东  大区 "})
		h.must(err)
		shop, err := h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: east.ID, Kind: "门店", Name: "静安店", City: "310000", Code: "SH01", Tags: []string{"旗舰", "旗舰", " "}})
		h.must(err)
		if shop.Path != "华东 大区/静安店" || shop.Kind != org.KindStore || shop.Depth != 2 || len(shop.Tags) != 1 || shop.OpenedDay != today {
			h.t.Fatalf("%+v", shop)
		}
		_, err = h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: east.ID, Kind: org.KindStore, Name: "静安店"})
		h.refuses(err, "org.name_taken")
		_, err = h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: h.root, Kind: org.KindStore, Name: "别店", Code: "SH01"})
		h.refuses(err, "org.code_taken")
		_, err = h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: east.ID, Kind: "x", Name: "a/b", City: "31"})
		for _, slug := range []string{"org.name_invalid", "org.kind_unknown", "org.city_invalid"} {
			h.refuses(err, slug)
		}
		for _, q := range []string{"静安", "jingan", "jad", "sh01", "华东 静安", "huadong"} {
			found, _, err := h.s.Units(ctx, h.admin, org.UnitFilter{Query: q})
			if err != nil || !slices.ContainsFunc(found, func(u org.Unit) bool { return u.ID == shop.ID || q == "huadong" && u.ID == east.ID }) {
				h.t.Errorf("%q finds %v %v", q, found, err)
			}
		}
		_, err = h.s.UpdateUnit(ctx, h.admin, org.EditUnit{ID: east.ID, Version: east.Version, Name: ptr("华东")})
		h.must(err)
		if u := h.unit(shop.ID); u.Path != "华东/静安店" {
			h.t.Fatal(u.Path)
		}
		_, err = h.s.UpdateUnit(ctx, h.admin, org.EditUnit{ID: east.ID, Version: east.Version, Name: ptr("华北")})
		h.refuses(err, "base.changed_meanwhile")
		_, err = h.s.UpdateUnit(ctx, h.admin, org.EditUnit{ID: h.root, Name: ptr("x")})
		h.refuses(err, "org.root_fixed")
		_, err = h.s.UpdateUnit(ctx, h.admin, org.EditUnit{ID: h.root, Tags: &[]string{"总部"}})
		h.must(err)
		tagged, _, err := h.s.Units(ctx, h.admin, org.UnitFilter{Tag: "旗舰"})
		if err != nil || len(tagged) != 1 {
			h.t.Fatal(tagged, err)
		}
		log, err := h.s.UnitHistory(ctx, h.admin, east.ID, 0, 10)
		if err != nil || len(log) != 2 || log[0].Action != org.ActRenamed || log[0].To != "华东" || log[1].Action != org.ActCreated {
			h.t.Fatalf("%+v %v", log, err)
		}
		h.sound()
	})
}

func TestTreeHasAtMostEightLevels(t *testing.T) {
	each(t, func(h *house) {
		ids := h.grow("1/2/3/4/5/6/7/8", "a/b")
		_, err := h.s.CreateUnit(context.Background(), h.admin, org.NewUnit{ParentID: ids["1/2/3/4/5/6/7/8"], Kind: org.KindTeam, Name: "9"})
		h.refuses(err, "org.path_too_deep")
		_, err = h.s.Move(context.Background(), h.admin, org.MoveUnit{ID: ids["a"], ParentID: ids["1/2/3/4/5/6/7"]})
		h.refuses(err, "org.path_too_deep")
		_, err = h.s.Move(context.Background(), h.admin, org.MoveUnit{ID: ids["a"], ParentID: ids["1/2/3/4/5/6"]})
		h.must(err)
		h.sound()
	})
}

func TestMoveKeepsTheTreeOfEveryDay(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海/静安店", "华东/上海/徐汇店", "华南/广州")
		shanghai, jingan := ids["华东/上海"], ids["华东/上海/静安店"]
		m, err := h.s.Move(ctx, h.admin, org.MoveUnit{ID: shanghai, ParentID: ids["华南"], Why: "划归华南"})
		if err != nil || m.State != org.MoveDone || m.FromID != ids["华东"] {
			h.t.Fatal(m, err)
		}
		h.sound()
		for _, c := range []struct {
			day  clock.Day
			want string
		}{{20200101, "华东"}, {today - 1, "华东"}, {today, "华南"}, {clock.Forever, "华南"}} {
			up, err := h.s.Ancestors(ctx, h.d, brand, []id.ID{jingan}, c.day)
			want := []id.ID{jingan, shanghai, ids[c.want], h.root}
			if err != nil || !slices.Equal(up[jingan], want) {
				h.t.Errorf("on %d: %v %v, want %v", c.day, up[jingan], err, want)
			}
		}
		if e := jobstest.Events[event.OrgUnitMoved](h.events); len(e) != 1 || e[0].FromDay != int32(today) || e[0].Reroll || e[0].ToID != ids["华南"] {
			h.t.Fatalf("%+v", e)
		}
		// A unit made below the moved one shares its past: drilling down adds up on every day.
		shop, err := h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: shanghai, Kind: org.KindStore, Name: "浦东店"})
		h.must(err)
		up, err := h.s.Ancestors(ctx, h.d, brand, []id.ID{shop.ID}, 20200101)
		if err != nil || !slices.Equal(up[shop.ID], []id.ID{shop.ID, shanghai, ids["华东"], h.root}) {
			h.t.Fatal(up, err)
		}
		// Back again on the same day: as if nothing had been.
		_, err = h.s.Move(ctx, h.admin, org.MoveUnit{ID: shanghai, ParentID: ids["华东"]})
		h.must(err)
		h.sound()
		up, err = h.s.Ancestors(ctx, h.d, brand, []id.ID{jingan}, today)
		if err != nil || up[jingan][2] != ids["华东"] {
			h.t.Fatal(up, err)
		}
	})
}

func TestMovesThatCannotBe(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海/静安店", "华南/上海", "华南/广州")
		for slug, m := range map[string]org.MoveUnit{
			"org.move_into_itself": {ID: ids["华东"], ParentID: ids["华东/上海/静安店"]},
			"org.move_to_same":     {ID: ids["华东/上海"], ParentID: ids["华东"]},
			"org.names_taken":      {ID: ids["华东/上海"], ParentID: ids["华南"]},
			"org.root_fixed":       {ID: h.root, ParentID: ids["华南"]},
			"org.move_backdated":   {ID: ids["华南/广州"], ParentID: ids["华东"], Day: today - 1},
			"org.move_too_far":     {ID: ids["华南/广州"], ParentID: ids["华东"], Day: 20991231},
			"org.unit_not_found":   {ID: ids["华南/广州"], ParentID: 12345},
		} {
			_, err := h.s.Move(ctx, h.admin, m)
			h.refuses(err, slug)
		}
		_, err := h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids["华东"], ParentID: ids["华东"]})
		h.refuses(err, "org.move_into_itself")
		h.sound()
	})
}

func TestBackdatedMoveIsARequestToReroll(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海", "华南/广州", "华北")
		day := clock.Day(20261101)
		_, err := h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids["华南/广州"], ParentID: ids["华东"], Day: day, Reroll: true})
		h.must(err)
		if e := jobstest.Events[event.OrgUnitMoved](h.events); len(e) != 1 || e[0].FromDay != int32(day) || !e[0].Reroll {
			h.t.Fatalf("%+v", e)
		}
		up, err := h.s.Ancestors(ctx, h.d, brand, []id.ID{ids["华南/广州"]}, day)
		if err != nil || up[ids["华南/广州"]][1] != ids["华东"] {
			h.t.Fatal(up, err)
		}
		_, err = h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids["华南/广州"], ParentID: ids["华北"], Day: day - 1, Reroll: true})
		h.refuses(err, "org.move_before_another")
		_, err = h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids["华东"], ParentID: ids["华北"], Day: day - 1, Reroll: true})
		h.refuses(err, "org.move_before_another")
		h.sound()
	})
}

func TestPlannedMoveWaitsForItsDay(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海", "华东/杭州", "华南")
		m, err := h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids["华东/上海"], ParentID: ids["华南"], Day: today.Add(3)})
		if err != nil || m.State != org.MovePlanned {
			h.t.Fatal(m, err)
		}
		_, err = h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids["华东/上海"], ParentID: ids["华南"], Day: today.Add(4)})
		h.refuses(err, "org.move_already_planned")
		h.must(h.s.CancelMove(ctx, h.admin, ids["华东/上海"]))
		h.refuses(h.s.CancelMove(ctx, h.admin, ids["华东/上海"]), "org.move_not_planned")
		for _, p := range []string{"华东/上海", "华东/杭州"} {
			_, err = h.s.Move(ctx, h.admin, org.MoveUnit{ID: ids[p], ParentID: ids["华南"], Day: today.Add(3)})
			h.must(err)
		}
		v, err := h.s.Unit(ctx, h.admin, ids["华东/上海"])
		if err != nil || len(v.Planned) != 1 || v.Target != "华南" {
			h.t.Fatalf("%+v %v", v, err)
		}
		h.clock.Advance(2 * 24 * 3600e9)
		h.must(h.s.ApplyDueMoves(ctx))
		if h.unit(ids["华东/上海"]).Path != "华东/上海" {
			h.t.Fatal("moved too early")
		}
		_, err = h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: ids["华南"], Kind: org.KindCity, Name: "杭州"}) // makes one of them impossible
		h.must(err)
		h.clock.Advance(3 * 24 * 3600e9)
		h.must(h.s.ApplyDueMoves(ctx))
		h.must(h.s.ApplyDueMoves(ctx))
		if h.unit(ids["华东/上海"]).Path != "华南/上海" || h.unit(ids["华东/杭州"]).Path != "华东/杭州" {
			h.t.Fatal(h.unit(ids["华东/上海"]).Path)
		}
		up, err := h.s.Ancestors(ctx, h.d, brand, []id.ID{ids["华东/上海"]}, today.Add(3)) // two days late, dated right
		if err != nil || up[ids["华东/上海"]][1] != ids["华南"] {
			h.t.Fatal(up, err)
		}
		h.sound()
	})
}

// A planned move is due when its day begins where the brand is, not in Shanghai.
func TestPlannedMoveIsDueInTheBrandsZone(t *testing.T) {
	each(t, func(h *house) {
		ids := h.grow("甲/乙", "丙")
		h.zone = time.FixedZone("UTC-8", -8*3600)
		h.admin.Zone = h.zone
		h.clock.Set(time.Date(2026, 11, 22, 12, 0, 0, 0, h.zone))
		_, err := h.s.Move(context.Background(), h.admin, org.MoveUnit{ID: ids["甲/乙"], ParentID: ids["丙"], Day: 20261123})
		h.must(err)
		h.clock.Set(time.Date(2026, 11, 22, 23, 0, 0, 0, h.zone)) // the 23rd since long in Shanghai
		h.must(h.s.ApplyDueMoves(context.Background()))
		if got := h.unit(ids["甲/乙"]).Path; got != "甲/乙" {
			h.t.Fatalf("moved too early: %s", got)
		}
		h.clock.Set(time.Date(2026, 11, 23, 0, 10, 0, 0, h.zone))
		h.must(h.s.ApplyDueMoves(context.Background()))
		if got := h.unit(ids["甲/乙"]).Path; got != "丙/乙" {
			h.t.Fatalf("not moved: %s", got)
		}
		h.sound()
	})
}

func TestTwoMovesAtOnceMakeNoCircle(t *testing.T) {
	each(t, func(h *house) {
		ids := h.grow("甲/乙", "丙/丁")
		for range 5 {
			var wg sync.WaitGroup
			var failed [2]error
			for i, m := range []org.MoveUnit{{ID: ids["甲"], ParentID: ids["丙/丁"]}, {ID: ids["丙"], ParentID: ids["甲/乙"]}} {
				wg.Go(func() { _, failed[i] = h.s.Move(context.Background(), h.admin, m) })
			}
			wg.Wait()
			if (failed[0] == nil) == (failed[1] == nil) {
				h.t.Fatalf("one of two must win: %v, %v", failed[0], failed[1])
			}
			h.sound()
			back := ids["甲"]
			if failed[0] != nil {
				back = ids["丙"]
			}
			_, err := h.s.Move(context.Background(), h.admin, org.MoveUnit{ID: back, ParentID: h.root})
			h.must(err)
		}
	})
}

// accountsStub stands for the room of accounts.
type accountsStub struct {
	s     *org.Service
	moved [][2]id.ID
}

// MoveUnitAccounts notes the call and keeps the counts.
func (a *accountsStub) MoveUnitAccounts(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID, _ clock.Day) (int64, error) {
	a.moved = append(a.moved, [2]id.ID{from, to})
	return 3, a.s.AddAccounts(ctx, tx, actor.BrandID, map[id.ID]int64{from: -3, to: 3})
}

func TestCloseAndMerge(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海/静安店", "华东/上海/徐汇店", "华南/广州", "华南/静安店")
		stub := &accountsStub{s: h.s}
		h.s.Plug(stub)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			return h.s.AddAccounts(ctx, tx, brand, map[id.ID]int64{ids["华东/上海"]: 3})
		})
		m, err := h.s.AddMember(ctx, h.admin, org.NewMember{UnitID: ids["华东/上海"], Name: "王小明", Phone: "13800138000"})
		h.must(err)
		_, err = h.s.Close(ctx, h.admin, org.CloseUnit{ID: ids["华东/上海"]})
		h.refuses(err, "org.unit_not_empty")
		_, err = h.s.Merge(ctx, h.admin, org.CloseUnit{ID: ids["华东/上海"], Into: ids["华南"]})
		h.refuses(err, "org.names_taken") // both hold a 静安店
		_, err = h.s.Merge(ctx, h.admin, org.CloseUnit{ID: ids["华东/上海"], Into: ids["华东/上海/静安店"]})
		h.refuses(err, "org.move_into_itself")
		_, err = h.s.Merge(ctx, h.admin, org.CloseUnit{ID: ids["华东/上海"]})
		h.refuses(err, "org.target_missing")
		gone, err := h.s.Merge(ctx, h.admin, org.CloseUnit{ID: ids["华东/上海"], Into: ids["华南/广州"], Why: "合并"})
		if err != nil || gone.Status != org.Closed || gone.MergedInto != ids["华南/广州"] || gone.AllUnits != 0 || gone.Members != 0 || gone.AllAccounts != 0 {
			h.t.Fatalf("%+v %v", gone, err)
		}
		if u := h.unit(ids["华南/广州"]); u.AllUnits != 3 || u.Members != 1 || u.Accounts != 3 {
			h.t.Fatalf("%+v", u)
		}
		if got, err := h.s.Member(ctx, h.admin, m.ID); err != nil || got.UnitID != ids["华南/广州"] {
			h.t.Fatal(got, err)
		}
		h.sound()
		if e := jobstest.Events[event.OrgUnitMerged](h.events); len(e) != 1 || e[0].IntoID != ids["华南/广州"] {
			h.t.Fatalf("%+v", e)
		}
		_, err = h.s.Close(ctx, h.admin, org.CloseUnit{ID: ids["华东"]})
		h.must(err)
		_, err = h.s.AddMember(ctx, h.admin, org.NewMember{UnitID: ids["华东"], Name: "李倩"})
		h.refuses(err, "org.unit_closed")
		h.grow("华东/苏州") // the path is free again
		_, err = h.s.Reopen(ctx, h.admin, ids["华东"])
		h.refuses(err, "org.name_taken")
		_, err = h.s.Reopen(ctx, h.admin, ids["华东/上海"])
		h.refuses(err, "org.unit_closed")
		h.sound()
	})
}

func TestScope(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海/静安店", "华南/广州")
		region := h.as(authz.RegionManager, ids["华东"])
		for _, c := range []struct {
			actor authz.Actor
			unit  string
			slug  string
			all   bool
			n     int
			top   string
		}{
			{h.admin, "", "", true, 0, ""},
			{h.admin, "/", "", true, 0, ""},
			{h.admin, "华东", "", false, 3, "华东"},
			{h.admin, ids["华南"].String(), "", false, 2, "华南"},
			{region, "", "", false, 3, "华东"},
			{region, "华东／上海", "", false, 2, "华东/上海"},
			{region, "华南", "org.unit_not_found", false, 0, ""},
			{region, "/", "org.unit_not_found", false, 0, ""},
			{region, "没有", "org.unit_not_found", false, 0, ""},
			{region, ids["华南"].String(), "org.unit_not_found", false, 0, ""},
			{h.as(authz.KOC, ids["华东"]), "", "org.forbidden", false, 0, ""},
			{h.as(authz.KOS, ids["华东/上海/静安店"]), "", "", false, 1, "华东/上海/静安店"},
			{h.as(authz.HQOps, h.root), "", "", true, 0, ""},
		} {
			sc, u, err := h.s.ScopeUnit(ctx, h.d, c.actor, "org.read", c.unit)
			if c.slug != "" {
				h.refuses(err, c.slug)
				continue
			}
			if err != nil || sc.All != c.all || len(sc.Units) != c.n || u.Path != c.top {
				h.t.Errorf("%v %q: %+v %q %v", c.actor.Grants, c.unit, sc, u.Path, err)
			}
		}
		other := authz.Actor{Kind: authz.User, BrandID: brand + 1, Grants: []authz.Grant{{Role: authz.BrandAdmin}}}
		_, err := h.s.Unit(ctx, authz.NewActor(other, h.perms), ids["华东"])
		h.refuses(err, "org.unit_not_found")
		_, err = h.s.Move(ctx, region, org.MoveUnit{ID: ids["华东"], ParentID: ids["华东/上海"]})
		h.refuses(err, "org.unit_not_found") // his own top hangs where he may not write
		_, err = h.s.Move(ctx, region, org.MoveUnit{ID: ids["华南/广州"], ParentID: ids["华东"]})
		h.refuses(err, "org.unit_not_found")
		_, err = h.s.CreateUnit(ctx, h.as(authz.Auditor), org.NewUnit{ParentID: h.root, Kind: org.KindCity, Name: "北京"})
		h.refuses(err, "org.forbidden")
	})
}

func TestListPagesThroughTheTree(t *testing.T) {
	each(t, func(h *house) {
		h.grow("b/1", "b/2", "a/1", "a/10", "a/9", "c")
		var got []string
		f := org.UnitFilter{Limit: 2}
		for {
			units, more, err := h.s.Units(context.Background(), h.admin, f)
			h.must(err)
			for _, u := range units {
				got = append(got, u.Path)
			}
			if !more {
				break
			}
			last := units[len(units)-1]
			f.After = org.UnitPlace{Depth: last.Depth, Key: last.NameKey, ID: last.ID}
		}
		if len(got) != 9 || got[0] != "" || got[1] != "a" || got[8] != "a/10" {
			h.t.Fatal(got)
		}
	})
}

func TestErrorsAreOfTheRoom(t *testing.T) {
	each(t, func(h *house) {
		_, err := h.s.Unit(context.Background(), h.admin, 5)
		if errs.CodeOf(err) != errs.NotFound {
			h.t.Fatal(err)
		}
		_, _, err = h.s.ScopeUnit(context.Background(), h.d, authz.SystemActor(999, nil), "org.read", "")
		h.refuses(err, "org.tree_missing")
	})
}
