package org_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/domain/org"
	"kosmos/internal/event"
)

func TestMemberLife(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/静安店", "华东/徐汇店")
		m, err := h.s.AddMember(ctx, h.admin, org.NewMember{
			UnitID: ids["华东/静安店"], Name: "王小明", Phone: "138 0013-8000", Role: authz.StoreManager,
			Title: "店长", Personas: []string{"private_partner", "topic_expert"}, Tags: []string{"能播"}, JoinedDay: 20240301,
		})
		h.must(err)
		if m.Phone != "138****8000" || m.UnitPath != "华东/静安店" || m.Personas[0] != "topic_expert" || m.Version != 1 {
			h.t.Fatalf("%+v", m)
		}
		_, err = h.s.AddMember(ctx, h.admin, org.NewMember{UnitID: ids["华东/徐汇店"], Name: "别人", Phone: "+86 13800138000"})
		h.refuses(err, "org.phone_taken")
		_, err = h.s.AddMember(ctx, h.admin, org.NewMember{UnitID: ids["华东/徐汇店"], Name: " ", Phone: "12", Role: "boss", Personas: []string{"x"}})
		for _, slug := range []string{"org.name_invalid", "org.phone_invalid", "org.role_unknown", "org.persona_unknown"} {
			h.refuses(err, slug)
		}
		m, err = h.s.UpdateMember(ctx, h.admin, org.EditMember{ID: m.ID, Version: 1, Title: ptr("资深店长")})
		if err != nil || m.Title != "资深店长" || m.Phone != "138****8000" {
			h.t.Fatalf("%+v %v", m, err)
		}
		_, err = h.s.UpdateMember(ctx, h.admin, org.EditMember{ID: m.ID, Version: 1, Title: ptr("x")})
		h.refuses(err, "base.changed_meanwhile")
		h.must(h.s.MoveMembers(ctx, h.admin, []id.ID{m.ID}, ids["华东/徐汇店"], "调店"))
		h.sound()
		h.must(h.s.Leave(ctx, h.admin, []id.ID{m.ID}, 0, ""))
		h.must(h.s.Leave(ctx, h.admin, []id.ID{m.ID}, 0, "")) // leaving twice changes nothing
		h.refuses(h.s.Leave(ctx, h.admin, []id.ID{m.ID}, today+1, ""), "org.day_ahead")
		if e := jobstest.Events[event.OrgMemberLeft](h.events); len(e) != 1 || e[0].MemberIDs[0] != m.ID || e[0].Day != int32(today) {
			h.t.Fatalf("%+v", e)
		}
		h.sound()
		m, err = h.s.Rejoin(ctx, h.admin, m.ID, ids["华东/静安店"])
		if err != nil || m.Status != org.Active || m.LeftDay != 0 {
			h.t.Fatalf("%+v %v", m, err)
		}
		_, err = h.s.Rejoin(ctx, h.admin, m.ID, ids["华东/静安店"])
		h.refuses(err, "org.member_active")
		h.sound()
		log, err := h.s.MemberHistory(ctx, h.admin, m.ID, 0, 10)
		if err != nil || len(log) != 5 || log[0].Action != org.ActRejoined || log[2].To != "华东/徐汇店" || log[2].Why != "调店" {
			h.t.Fatalf("%+v %v", log, err)
		}
	})
}

func TestPhonesAreSealedMaskedAndRevealedOnRecord(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/静安店", "华南")
		m, err := h.s.AddMember(ctx, h.admin, org.NewMember{UnitID: ids["华东/静安店"], Name: "王小明", Phone: "13800138000"})
		h.must(err)
		var sealed []byte
		h.must(h.d.QueryRow(ctx, `SELECT phone_sealed FROM org_member WHERE brand_id = $1 AND id = $2`, brand, m.ID).Scan(&sealed))
		if len(sealed) == 0 || bytes.Contains(sealed, []byte("13800138000")) {
			h.t.Fatal("the phone lies open in the store")
		}
		phone, err := h.s.Reveal(ctx, h.admin, m.ID, "回访")
		if err != nil || phone != "+8613800138000" {
			h.t.Fatal(phone, err)
		}
		trail, err := h.s.Audit.List(ctx, h.admin, auditFilter("org.reveal"))
		if err != nil || len(trail) != 1 || trail[0].ObjectID != m.ID {
			h.t.Fatalf("%+v %v", trail, err)
		}
		for _, a := range []authz.Actor{h.as(authz.Auditor), h.as(authz.KOS, ids["华东/静安店"])} {
			_, err := h.s.Reveal(ctx, a, m.ID, "")
			h.refuses(err, "org.forbidden")
		}
		_, err = h.s.Reveal(ctx, h.as(authz.StoreManager, ids["华南"]), m.ID, "")
		h.refuses(err, "org.member_not_found")
		_, err = h.s.UpdateMember(ctx, h.admin, org.EditMember{ID: m.ID, Phone: ptr("")})
		h.must(err)
		_, err = h.s.Reveal(ctx, h.admin, m.ID, "")
		h.refuses(err, "org.no_phone")
	})
}

func TestMembersAreListedAndFound(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/静安店", "华南/天河店")
		for _, m := range []org.NewMember{
			{UnitID: ids["华东/静安店"], Name: "曾小红", Phone: "13800138001", Tags: []string{"能播"}, JoinedDay: 20250101},
			{UnitID: ids["华东/静安店"], Name: "安琪", Phone: "13800138002", Role: authz.StoreManager, JoinedDay: 20240101},
			{UnitID: ids["华南/天河店"], Name: "李倩", Personas: []string{"topic_expert"}, Code: "E7"},
		} {
			_, err := h.s.AddMember(ctx, h.admin, m)
			h.must(err)
		}
		for _, c := range []struct {
			actor authz.Actor
			f     org.MemberFilter
			want  string
		}{
			{h.admin, org.MemberFilter{}, "安琪 李倩 曾小红"},
			{h.admin, org.MemberFilter{Sort: org.SortJoinedDown}, "曾小红 安琪 李倩"},
			{h.admin, org.MemberFilter{Sort: org.SortJoined}, "李倩 安琪 曾小红"},
			{h.admin, org.MemberFilter{Sort: org.SortNameDown}, "曾小红 李倩 安琪"},
			{h.admin, org.MemberFilter{Unit: "华东"}, "安琪 曾小红"},
			{h.admin, org.MemberFilter{Query: "zengxh"}, ""},
			{h.admin, org.MemberFilter{Query: "zxh"}, "曾小红"},
			{h.admin, org.MemberFilter{Query: "小红"}, "曾小红"},
			{h.admin, org.MemberFilter{Query: "e7"}, "李倩"},
			{h.admin, org.MemberFilter{Query: "138 0013 8002"}, "安琪"},
			{h.admin, org.MemberFilter{Query: "8001"}, "曾小红"},
			{h.admin, org.MemberFilter{Query: "100%"}, ""},
			{h.admin, org.MemberFilter{Tag: "能播"}, "曾小红"},
			{h.admin, org.MemberFilter{Persona: org.TopicExpert}, "李倩"},
			{h.admin, org.MemberFilter{Role: authz.StoreManager}, "安琪"},
			{h.admin, org.MemberFilter{Status: org.Left}, ""},
			{h.as(authz.StoreManager, ids["华南/天河店"]), org.MemberFilter{}, "李倩"},
		} {
			c.f.Limit = 10
			ms, more, err := h.s.Members(ctx, c.actor, c.f)
			if got := names(ms); err != nil || more || got != c.want {
				h.t.Errorf("%+v: %q %v, want %q", c.f, got, err, c.want)
			}
			if n, err := h.s.CountMembers(ctx, c.actor, c.f); err != nil || int(n) != len(ms) {
				h.t.Errorf("%+v: counts %d, %v", c.f, n, err)
			}
		}
		_, _, err := h.s.Members(ctx, h.as(authz.KOS, ids["华东"]), org.MemberFilter{Limit: 1})
		h.refuses(err, "org.forbidden")
		for _, sort := range []string{org.SortName, org.SortNameDown, org.SortJoined, org.SortJoinedDown} {
			var all []org.Member
			f := org.MemberFilter{Limit: 1, Sort: sort}
			for more := true; more; {
				var ms []org.Member
				ms, more, err = h.s.Members(ctx, h.admin, f)
				h.must(err)
				all = append(all, ms...)
				last := ms[len(ms)-1]
				f.After = org.MemberPlace{Key: last.NameKey, Day: last.JoinedDay, ID: last.ID}
			}
			if len(all) != 3 {
				h.t.Errorf("sort %s pages through %q", sort, names(all))
			}
		}
	})
}

func names(ms []org.Member) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Name)
	}
	return strings.Join(out, " ")
}

// load imports rows of (path, name, phone, role) as a roster would.
func (h *house) load(importID id.ID, rows ...[4]string) []org.MemberResult {
	h.t.Helper()
	var out []org.MemberResult
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		specs := make([]org.PathSpec, 0, len(rows))
		for _, r := range rows {
			specs = append(specs, org.PathSpec{Path: r[0], Kind: "门店"})
		}
		units, err := h.s.EnsurePaths(ctx, tx, h.admin, importID, specs)
		if err != nil {
			return err
		}
		members := make([]org.MemberRow, 0, len(rows))
		for i, r := range rows {
			members = append(members, org.MemberRow{UnitID: units[i].UnitID, NewUnit: units[i].Created, Name: r[1], Phone: r[2], Role: r[3]})
		}
		out, err = h.s.UpsertMembers(ctx, tx, h.admin, importID, members)
		return err
	})
	return out
}

func outcomes(rs []org.MemberResult) string {
	var out []string
	for _, r := range rs {
		s := string(r.Outcome)
		if r.Slug != "" {
			s = r.Column + ":" + r.Slug
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestRosterTwiceChangesNothing(t *testing.T) {
	each(t, func(h *house) {
		rows := [][4]string{
			{"华东/上海/静安店", "王小明", "13800138000", "kos"},
			{"华东/上海/静安店", "王小明", "13800138000", "kos"},
			{"华东/上海/徐汇店", "李倩", "", "店长"},
			{"华东/上海/徐汇店", "李倩", "", ""},
			{"华东/上海/徐汇店", "陈晨", "12", ""},
			{"华东/上海/徐汇店", "陈晨", "13800138000", ""},
			{"华东/上海/徐汇店", "", "", ""},
			{"华东/上海/徐汇店", "周周", "13800138009", "金牌顾问"},
		}
		want := "inserted unchanged inserted unchanged phone:org.phone_invalid phone:org.phone_of_other member:org.name_invalid inserted"
		if got := outcomes(h.load(5, rows...)); got != want {
			h.t.Fatalf("got  %s\nwant %s", got, want)
		}
		if got := outcomes(h.load(6, rows...)); strings.ReplaceAll(want, "inserted", "unchanged") != got {
			h.t.Fatal(got)
		}
		h.sound()
		ms, _, err := h.s.Members(context.Background(), h.admin, org.MemberFilter{Query: "周周", Limit: 1})
		if err != nil || ms[0].Role != authz.KOS || ms[0].Title != "金牌顾问" {
			h.t.Fatalf("%+v %v", ms, err)
		}
		rows = [][4]string{
			{"华东/上海/徐汇店", "王小明", "13800138000", "店长"}, // moved and promoted
			{"华东/上海/徐汇店", "李倩", "13800138003", ""},    // her phone is known now
			{"华东/上海/徐汇店", "李倩", "13800138004", ""},    // a namesake
		}
		if got := outcomes(h.load(7, rows...)); got != "updated updated inserted" {
			h.t.Fatal(got)
		}
		if got := outcomes(h.load(8, [4]string{"华东/上海/徐汇店", "李倩", "", ""})); got != "phone:org.member_ambiguous" {
			h.t.Fatal("one of two namesakes was guessed:", got)
		}
		h.sound()
		if e := jobstest.Events[event.OrgMemberMoved](h.events); len(e) != 1 || len(e[0].MemberIDs) != 1 {
			h.t.Fatalf("%+v", e)
		}
	})
}

func TestSameRosterFromTwoSidesAtOnce(t *testing.T) {
	each(t, func(h *house) {
		rows := [][4]string{{"华东/上海/静安店", "王小明", "13800138000", ""}, {"华东/杭州/西湖店", "李倩", "", ""}}
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() { h.load(id.ID(10+i), rows...) })
		}
		wg.Wait()
		ms, _, err := h.s.Members(context.Background(), h.admin, org.MemberFilter{Limit: 10})
		if err != nil || len(ms) != 2 || len(h.ids()) != 6 {
			h.t.Fatal(names(ms), h.ids(), err)
		}
		h.sound()
	})
}

func TestUndoImport(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		h.load(5, [4]string{"华东/上海/静安店", "王小明", "13800138000", "kos"})
		before := h.ids()
		h.load(6, [4]string{"华东/上海/徐汇店", "王小明", "13800138000", "店长"}, [4]string{"华南/广州", "李倩", "", ""}, [4]string{"华南/深圳", "周周", "", ""})
		kept, _, err := h.s.Members(ctx, h.admin, org.MemberFilter{Query: "周周", Limit: 1})
		h.must(err)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			units, members, err := h.s.UndoImport(ctx, tx, h.admin, 6, func(context.Context, *db.Tx, []id.ID) (map[id.ID]bool, error) {
				return map[id.ID]bool{kept[0].ID: true}, nil
			})
			if units != 2 || members != 1 {
				h.t.Errorf("%d units and %d members went", units, members)
			}
			return err
		})
		h.sound()
		ms, _, err := h.s.Members(ctx, h.admin, org.MemberFilter{Limit: 10})
		if err != nil || names(ms) != "王小明 周周" || ms[0].UnitPath != "华东/上海/静安店" || ms[0].Role != authz.KOS {
			h.t.Fatalf("%+v %v", ms, err)
		}
		if after := h.ids(); len(after) != len(before)+2 { // 华南 and 华南/深圳 stay for the one who is used
			h.t.Fatal(after)
		}
	})
}

func TestRosterOutsideTheScope(t *testing.T) {
	each(t, func(h *house) {
		ids := h.grow("华东/上海")
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			rs, err := h.s.EnsurePaths(ctx, tx, h.as(authz.RegionManager, ids["华东"]), 1, []org.PathSpec{
				{Path: "华东/杭州"}, {Path: "华南/广州"}, {Path: "华东二/x"}, {Path: ""}, {Path: "华东/苏州", Kind: "星球"}, {Path: "1/2/3/4/5/6/7/8/9"},
			})
			var got []string
			for _, r := range rs {
				got = append(got, r.Slug)
			}
			if want := " org.path_outside org.path_outside org.path_empty org.kind_unknown org.path_too_deep"; strings.Join(got, " ") != want {
				h.t.Error(got)
			}
			return err
		})
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := h.s.EnsurePaths(ctx, tx, h.as(authz.StoreManager, ids["华东"]), 1, []org.PathSpec{{Path: "华东/x"}})
			h.refuses(err, "org.forbidden")
			return nil
		})
	})
}

func TestImplicitKindsFollowTheFirstWhoNamesThem(t *testing.T) {
	each(t, func(h *house) {
		kinds := func(specs ...org.PathSpec) {
			h.tx(func(ctx context.Context, tx *db.Tx) error {
				_, err := h.s.EnsurePaths(ctx, tx, h.admin, 1, specs)
				return err
			})
		}
		kinds(org.PathSpec{Path: "华东/上海/静安店", Kind: "store"})
		kinds(org.PathSpec{Path: "华东/上海", Kind: "城市"}, org.PathSpec{Path: "华东/上海/静安店", Kind: "dealer"})
		ids := h.ids()
		for path, want := range map[string]org.Kind{"华东": org.KindRegion, "华东/上海": org.KindCity, "华东/上海/静安店": org.KindStore} {
			if got := h.unit(ids[path]).Kind; got != want {
				h.t.Errorf("%s is a %s, want %s", path, got, want)
			}
		}
	})
}
