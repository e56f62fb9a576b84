package risk_test

import (
	"strings"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/risk"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		m := risk.Module(w.s)
		room := webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: w.clock})
		room.Run(t, scenarios())
	})
}

func scenarios() []webtest.Scenario {
	officer, ops, kos := webtest.Actor(brand, authz.Compliance), webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.KOS, 11)
	type m = map[string]any
	text := func(s string) m {
		return m{"texts": []m{{"field": "title", "text": s}}, "kind": "post", "platform": "douyin"}
	}
	rule := m{"kind": "set", "terms": []string{"神车"}, "category": "brand", "severity": "high", "reason": "内部口径", "article": "公司规定", "from": "2026-11-01"}
	return []webtest.Scenario{
		{
			Name: "everybody may check", Method: "POST", URL: "/api/v1/risk/check", Actor: &kos, Body: text("好车😀全网第一"), Status: 200,
			JSON: m{"verdict": "block", "findings.0.start": 3, "findings.0.end": 7, "findings.0.rewrite": "人气之选", "version": 0},
		},
		{
			Name: "a text of nothing but hits", Method: "POST", URL: "/api/v1/risk/check", Actor: &kos, Body: text(strings.Repeat("全网第一。", 300)), Status: 200,
			JSON: m{"verdict": "block", "findings.#": 200, "findings_more": 100},
		},
		{
			Name: "a platform in people's words", Method: "POST", URL: "/api/v1/risk/check", Actor: &kos, Status: 200,
			Body: m{"texts": []m{{"field": "title", "text": "全网第一"}}, "kind": "post", "platform": "抖音", "industry": "汽车"}, JSON: m{"verdict": "block"},
		},
		{
			Name: "a rule for a platform that is none", Method: "POST", URL: "/api/v1/risk/rule", Actor: &officer, Status: 422,
			Body:     m{"kind": "set", "terms": []string{"x"}, "category": "brand", "severity": "high", "reason": "y", "article": "z", "platforms": []string{"myspace"}, "industries": []string{"rockets"}},
			Contains: []string{"risk.unknown_platform", "risk.unknown_industry"},
		},
		{Name: "nobody", Method: "POST", URL: "/api/v1/risk/check", Body: text("x"), Status: 401},
		{
			Name: "rules", URL: "/api/v1/risk/rules?category=absolute&limit=1", Actor: &ops, Status: 200,
			JSON: m{"total": 2, "items.0.code": "law/best", "items.0.state": "shipped"}, Contains: []string{`"next":`},
		},
		{Name: "a KOS sees no rules", URL: "/api/v1/risk/rules", Actor: &kos, Status: 403},
		{Name: "headquarters reads only", Method: "POST", URL: "/api/v1/risk/rule", Actor: &ops, Body: rule, Status: 403},
		{
			Name: "a rule without reason", Method: "POST", URL: "/api/v1/risk/rule", Actor: &officer, Status: 422,
			Body:     m{"kind": "set", "category": "x", "severity": "high", "reason": "", "article": ""},
			Contains: []string{"risk.unknown_category", "risk.how_many", "risk.reason_missing"},
		},
		{Name: "add", Method: "POST", URL: "/api/v1/risk/rule", Actor: &officer, Body: rule, Status: 201, JSON: m{"code": "own-1"}},
		{Name: "read it", URL: "/api/v1/risk/rule?code=own-1", Actor: &ops, Status: 200, JSON: m{"state": "own", "from": "2026-11-01", "says": "神车"}},
		{Name: "switch off", Method: "PUT", URL: "/api/v1/risk/rule/switch?code=law%2Fbest", Actor: &officer, Body: m{"off": true, "note": "误报"}, Status: 204},
		{Name: "choose packs", Method: "PUT", URL: "/api/v1/risk/draft/packs", Actor: &officer, Body: m{"industry": "automotive", "off": []string{"bait"}}, Status: 204},
		{
			Name: "no such pack", Method: "PUT", URL: "/api/v1/risk/draft/packs", Actor: &officer, Body: m{"industry": "x", "off": []string{"y"}}, Status: 422,
			Contains: []string{"risk.pack_unknown", "risk.unknown_industry"},
		},
		{Name: "the draft", URL: "/api/v1/risk/draft", Actor: &ops, Status: 200, JSON: m{"added": 1, "removed": 2, "rev": 3, "packs.1.on": false, "changes.#": 3}},
		{Name: "publish", Method: "POST", URL: "/api/v1/risk/versions", Actor: &officer, Body: m{"why": "新口径", "rev": 3}, Status: 201, JSON: m{"number": 1}},
		{Name: "publish again", Method: "POST", URL: "/api/v1/risk/versions", Actor: &officer, Body: m{"why": "新口径", "rev": 3}, Status: 412},
		{
			Name: "in force", Method: "POST", URL: "/api/v1/risk/check", Actor: &kos, Body: text("全网第一神车"), Status: 200,
			JSON: m{"version": 1, "findings.#": 1, "findings.0.rule": "own-1"},
		},
		{Name: "versions", URL: "/api/v1/risk/versions", Actor: &ops, Status: 200, JSON: m{"items.#": 1, "items.0.added": 1, "items.0.why": "新口径"}},
		{Name: "against the shipped ones", URL: "/api/v1/risk/versions/1", Actor: &ops, Status: 200, JSON: m{"with": 0, "changes.#": 3}},
		{Name: "no such version", URL: "/api/v1/risk/versions/9", Actor: &ops, Status: 404},
		{Name: "lab", Method: "POST", URL: "/api/v1/risk/lab", Actor: &ops, Body: m{"rule": rule, "days": 30}, Status: 200, JSON: m{"scanned": 5, "posts": 0, "precision.high": 1}},
		{
			Name: "opinion", Method: "POST", URL: "/api/v1/risk/opinions", Actor: &officer, Status: 204,
			Body: m{"items": []m{{"rule": "own-1", "kind": "post", "object": "100", "start": 0, "right": true}}},
		},
		{Name: "judged", URL: "/api/v1/risk/judged", Actor: &ops, Status: 200, JSON: m{"items.0.code": "own-1", "items.0.precision.right": 1}},
		{Name: "what if", Method: "POST", URL: "/api/v1/risk/whatifs", Actor: &officer, Body: m{"version": -1, "days": 7}, Status: 202},
		{Name: "runs", URL: "/api/v1/risk/runs", Actor: &ops, Status: 200, JSON: m{"items.#": 2, "items.0.kind": "whatif", "items.1.state": "running"}},
		{Name: "same text", Method: "POST", URL: "/api/v1/risk/same", Actor: &ops, Body: m{"text": "周末到店试驾"}, Status: 200, JSON: m{"items.#": 1}},
		{Name: "too short", Method: "POST", URL: "/api/v1/risk/same", Actor: &ops, Body: m{"text": "周末"}, Status: 422},
		{Name: "board", URL: "/api/v1/risk/board", Actor: &ops, Status: 200, JSON: m{"version": 1, "last.cause": "published"}},
		{Name: "rankers", URL: "/api/v1/risk/rankers", Actor: &ops, Status: 200, JSON: m{"in_use": 0, "items.#": 0}},
		{Name: "what a training would learn from", URL: "/api/v1/risk/rankers/verdicts", Actor: &ops, Status: 200, JSON: m{"ready": false, "least": 30}},
		{Name: "too few verdicts", Method: "POST", URL: "/api/v1/risk/rankers", Actor: &officer, Status: 412, Contains: []string{"risk.ranker_few"}},
		{Name: "headquarters trains none", Method: "POST", URL: "/api/v1/risk/rankers", Actor: &ops, Status: 403},
		{Name: "no such ranker", Method: "POST", URL: "/api/v1/risk/rankers/9/use", Actor: &officer, Status: 404},
		{Name: "the shipped one is in use", Method: "POST", URL: "/api/v1/risk/rankers/0/use", Actor: &officer, Status: 412},
		{Name: "try none", Method: "POST", URL: "/api/v1/risk/rankers/1/try", Actor: &ops, Body: m{"text": "试驾"}, Status: 404},
		{Name: "a KOS sees no rankers", URL: "/api/v1/risk/rankers", Actor: &kos, Status: 403},
		{Name: "a tampered cursor", URL: "/api/v1/risk/verdicts?cursor=abc", Actor: &ops, Status: 422},
	}
}
