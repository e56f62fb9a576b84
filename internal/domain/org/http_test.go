package org_test

import (
	"bytes"
	"testing"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/org"
)

func auditFilter(action string) audit.Filter { return audit.Filter{Action: action, Limit: 10} }

func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	m := (&org.Service{}).Module()
	for _, bad := range i18n.Check(i18n.Source{Room: m.Name, FS: m.Messages}) {
		t.Error(bad)
	}
}

func (h *house) server() *webtest.Server {
	m := h.s.Module()
	seen := 0
	return webtest.New(h.t, webtest.Room{
		Permissions: m.Permissions, Routes: m.Routes, Clock: h.clock,
		Messages: []i18n.Source{{Room: "org", FS: m.Messages}},
		Events: func(testing.TB) []string {
			kinds := h.events.Kinds()
			fresh := append([]string{}, kinds[seen:]...)
			seen = len(kinds)
			return fresh
		},
	})
}

func TestUnitsOverHTTP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []migrate.Set{org.Migrations()}, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		srv, hq := h.server(), webtest.Actor(brand, authz.HQOps)
		root := h.root.String()
		east, kos := map[string]any{"parent_id": root, "kind": "region", "name": "华东"}, webtest.Actor(brand, authz.KOS)
		srv.Run(t, []webtest.Scenario{
			{Name: "create", Method: "POST", URL: "/api/v1/org/units", Actor: &hq, Body: east, Status: 201, JSON: map[string]any{"path": "华东", "all_units": 1}, Events: []string{"org.units_changed"}},
			{Name: "taken", Method: "POST", URL: "/api/v1/org/units", Actor: &hq, Body: east, Status: 409, Contains: []string{"同名"}, Events: []string{}},
			{Name: "faults together", Method: "POST", URL: "/api/v1/org/units", Actor: &hq, Body: map[string]any{"parent_id": root, "kind": "region", "name": "a/b", "city": "3"}, Status: 422, JSON: map[string]any{"errors.#": 2}},
			{Name: "kos may not", Method: "POST", URL: "/api/v1/org/units", Actor: &kos, Body: east, Status: 403},
			{Name: "nobody", URL: "/api/v1/org/units", Status: 401},
			{Name: "tree", URL: "/api/v1/org/units", Actor: &hq, JSON: map[string]any{"items.#": 2, "items.0.kind": "brand", "items.0.parent_id": nil, "items.1.pinyin": "huadong hd"}},
			{Name: "search", URL: "/api/v1/org/units?q=hd", Actor: &hq, JSON: map[string]any{"items.#": 1}},
			{Name: "page", URL: "/api/v1/org/units?limit=1", Actor: &hq, JSON: map[string]any{"items.#": 1}, Contains: []string{`"next":`}},
		})
		shop := h.grow("华东/静安店", "华南")["华东/静安店"].String()
		south := h.ids()["华南"].String()
		url := "/api/v1/org/units/" + shop
		srv.Run(t, []webtest.Scenario{
			{Name: "one", URL: url, Actor: &hq, JSON: map[string]any{"unit.name": "静安店", "parents.1.name": "华东", "planned.#": 0}},
			{Name: "edit", Method: "PATCH", URL: url, Actor: &hq, Headers: map[string]string{"If-Match": `"1"`}, Body: map[string]any{"name": "静安寺店"}, JSON: map[string]any{"path": "华东/静安寺店", "version": 2}},
			{Name: "edit late", Method: "PATCH", URL: url, Actor: &hq, Headers: map[string]string{"If-Match": `"1"`}, Body: map[string]any{"name": "x"}, Status: 412},
			{Name: "move", Method: "POST", URL: url + "/move", Actor: &hq, Body: map[string]any{"parent_id": south}, JSON: map[string]any{"state": "done", "day": "2026-11-22"}},
			{Name: "move back in time", Method: "POST", URL: url + "/move", Actor: &hq, Body: map[string]any{"parent_id": root, "day": "2026-11-20"}, Status: 412},
			{Name: "plan", Method: "POST", URL: url + "/move", Actor: &hq, Body: map[string]any{"parent_id": root, "day": "2026-12-01"}, JSON: map[string]any{"state": "planned"}},
			{Name: "cancel", Method: "DELETE", URL: url + "/move", Actor: &hq, Status: 204},
			{Name: "close", Method: "POST", URL: url + "/close", Actor: &hq, Body: map[string]any{"why": "到期"}, JSON: map[string]any{"status": "closed", "closed_day": "2026-11-22"}},
			{Name: "reopen", Method: "POST", URL: url + "/reopen", Actor: &hq, JSON: map[string]any{"status": "open"}},
			{Name: "merge", Method: "POST", URL: url + "/merge", Actor: &hq, Body: map[string]any{"into": south}, JSON: map[string]any{"merged_into": south}},
			{Name: "history", URL: url + "/history?limit=2", Actor: &hq, JSON: map[string]any{"items.#": 2, "items.0.action": "merged", "items.0.by": "测试员"}},
			{Name: "labels", URL: "/api/v1/org/unit-labels", Actor: &hq, JSON: map[string]any{"items.#": 0}},
		})
	})
}

func TestMembersOverHTTP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []migrate.Set{org.Migrations()}, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ids := h.grow("华东/静安店", "华南")
		srv, boss := h.server(), webtest.Actor(brand, authz.StoreManager, ids["华东/静安店"])
		auditor, shop := webtest.Actor(brand, authz.Auditor), ids["华东/静安店"].String()
		var member string
		srv.Run(t, []webtest.Scenario{
			{
				Name: "add", Method: "POST", URL: "/api/v1/org/members", Actor: &boss, Status: 201, Body: map[string]any{"unit_id": shop, "name": "王小明", "phone": "13800138000", "joined_day": "2024-03-01"},
				JSON: map[string]any{"phone": "138****8000", "role": "kos"}, Lacks: []string{"13800138000"},
				After: func(t *testing.T, res *webtest.Result) {
					var m struct {
						ID string `json:"id"`
					}
					res.Decode(t, &m)
					member = m.ID
				},
			},
			{Name: "outside", Method: "POST", URL: "/api/v1/org/members", Actor: &boss, Status: 404, Body: map[string]any{"unit_id": ids["华南"].String(), "name": "x"}},
			{Name: "list", URL: "/api/v1/org/members?q=wxm", Actor: &auditor, JSON: map[string]any{"items.#": 1, "items.0.unit_path": "华东/静安店"}},
			{Name: "count", URL: "/api/v1/org/member-count", Actor: &auditor, JSON: map[string]any{"n": 1}},
			{Name: "list below a path", URL: "/api/v1/org/members?unit=%E5%8D%8E%E5%8D%97", Actor: &auditor, JSON: map[string]any{"items.#": 0}},
			{Name: "no export for auditors", URL: "/api/v1/org/member-export", Actor: &auditor, Status: 403},
		})
		url := "/api/v1/org/members/" + member
		srv.Run(t, []webtest.Scenario{
			{Name: "edit", Method: "PATCH", URL: url, Actor: &boss, Headers: map[string]string{"If-Match": `"1"`}, Body: map[string]any{"tags": []string{"能播"}}, JSON: map[string]any{"tags.0": "能播", "version": 2}},
			{Name: "reveal", Method: "POST", URL: url + "/reveal", Actor: &boss, JSON: map[string]any{"phone": "+8613800138000"}},
			{Name: "no reveal", Method: "POST", URL: url + "/reveal", Actor: &auditor, Status: 403},
			{Name: "leave", Method: "POST", URL: "/api/v1/org/member-leaves", Actor: &boss, Body: map[string]any{"member_ids": []string{member}, "day": "2026-11-20"}, Status: 204},
			{Name: "rejoin", Method: "POST", URL: url + "/rejoin", Actor: &boss, Body: map[string]any{"unit_id": shop}, JSON: map[string]any{"status": "active"}},
			{Name: "history", URL: url + "/history", Actor: &boss, JSON: map[string]any{"items.#": 5, "items.0.action": "rejoined"}},
			{Name: "labels", URL: "/api/v1/org/member-labels", Actor: &boss, JSON: map[string]any{"items.0.tag": "能播"}},
			{Name: "export", URL: "/api/v1/org/member-export", Actor: &boss, After: func(t *testing.T, res *webtest.Result) {
				book, err := sheet.Open(bytes.NewReader(res.Body), int64(len(res.Body)), sheet.DefaultLimits())
				if err != nil {
					t.Fatal(err)
				}
				rows, err := book.Rows(0)
				if err != nil || !rows.Next() || rows.Row().Cells[0] != "姓名" || !rows.Next() || rows.Row().Cells[5] != "138****8000" {
					t.Fatal(err, rows.Row())
				}
			}},
		})
		self := webtest.Actor(brand, authz.KOS, ids["华东/静安店"])
		srv.Run(t, []webtest.Scenario{{Name: "another member", URL: url, Actor: &self, Status: 403}})
		self.MemberID = mustID(t, member)
		srv.Run(t, []webtest.Scenario{{Name: "oneself", URL: url, Actor: &self, JSON: map[string]any{"name": "王小明"}}})
	})
}

func TestGuideOverHTTP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []migrate.Set{org.Migrations()}, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		srv, hq := h.server(), webtest.Actor(brand, authz.HQOps)
		region := webtest.Actor(brand, authz.RegionManager)
		answers := org.Answers{
			Conditions: []string{"nationwide", "audience_online", "competition", "many_points", "budget"}, Goal: "leads", Industry: "cars",
			Gender: "men", Ages: []string{"middle"}, Tiers: []string{"new_tier1"}, Spending: "high", Outlets: 800, Lines: []string{}, Regions: []string{"华东", "华南"}, Uneven: true,
		}
		var fit string
		srv.Run(t, []webtest.Scenario{
			{Name: "none yet", URL: "/api/v1/org/fit", Actor: &hq, JSON: map[string]any{"fit": nil}},
			{Name: "pack", URL: "/api/v1/org/fit/pack", Actor: &hq, JSON: map[string]any{"day": "2026-11-01", "conditions.#": 6, "structures.#": 3}},
			{Name: "region may not", Method: "POST", URL: "/api/v1/org/fit", Actor: &region, Body: answers, Status: 403},
			{Name: "faults", Method: "POST", URL: "/api/v1/org/fit", Actor: &hq, Status: 422, Body: org.Answers{Conditions: []string{"x"}, Ages: []string{}, Tiers: []string{}, Lines: []string{}, Regions: []string{"a/b"}, Gender: "men", Spending: "low"}, Contains: []string{"conditions", "goal", "industry", "regions"}},
			{
				Name: "judge", Method: "POST", URL: "/api/v1/org/fit", Actor: &hq, Body: answers, Status: 201, JSON: map[string]any{
					"result.verdict": "ready", "result.missing.0": "long_decision",
					"result.platforms.0.platform": "douyin", "result.platforms.0.score": 100, "result.layout.key": "benchmark", "result.structure.key": "by_region", "result.units.by_region.#": 3, "structure": "by_region",
				},
				After: func(t *testing.T, res *webtest.Result) {
					var f struct {
						ID string `json:"id"`
					}
					res.Decode(t, &f)
					fit = f.ID
				},
			},
		})
		srv.Run(t, []webtest.Scenario{
			{Name: "apply what is not there", Method: "POST", URL: "/api/v1/org/fit/" + fit + "/apply", Actor: &hq, Body: map[string]any{"structure": "x", "layout": "y"}, Status: 422, JSON: map[string]any{"errors.#": 2}},
			{Name: "apply", Method: "POST", URL: "/api/v1/org/fit/" + fit + "/apply", Actor: &hq, Body: map[string]any{"layout": "pyramid"}, JSON: map[string]any{"items.#": 3, "items.1.path": "华东"}, Events: []string{"org.units_changed"}},
			{Name: "apply twice", Method: "POST", URL: "/api/v1/org/fit/" + fit + "/apply", Actor: &hq, Status: 409},
			{Name: "newest", URL: "/api/v1/org/fit", Actor: &hq, JSON: map[string]any{"fit.id": fit, "fit.goal": "leads", "fit.layout": "pyramid", "fit.answers.outlets": 800}},
		})
		if ids := h.ids(); ids["华南"] == 0 || ids["市场中心"] == 0 {
			t.Fatal(ids)
		}
		h.sound()
	})
}

func mustID(t *testing.T, s string) id.ID {
	t.Helper()
	v, err := id.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
