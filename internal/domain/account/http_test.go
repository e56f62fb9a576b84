package account_test

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/xuri/excelize/v2"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/web/webtest"
)

func TestRoutes(t *testing.T) {
	each(t, func(w *world) {
		w.apply(w.hq, people()...)
		hq := webtest.Actor(brand, authz.HQOps)
		shop := webtest.Actor(brand, authz.StoreManager, w.tree.byPath["华东/上海/静安店"])
		auditor, rival, koc := webtest.Actor(brand, authz.Auditor), webtest.Actor(brand+1, authz.HQOps), webtest.Actor(brand, authz.KOC)
		const base = "/api/v1/account/"
		far := w.handle("kos_gz_01")
		w.web.Run(w.T, []webtest.Scenario{
			{Name: "nobody", URL: base + "accounts", Status: 401},
			{Name: "a customer", URL: base + "accounts", Actor: &koc, Status: 403},
			{Name: "headquarters", URL: base + "accounts?limit=50", Actor: &hq, JSON: map[string]any{"items.#": 4, "items.0.unit.path": "华东/上海/徐汇店", "items.0.member.name": "李倩", "items.0.status": "ok", "items.0.followers": nil}},
			{Name: "own store only", URL: base + "accounts?limit=50", Actor: &shop, JSON: map[string]any{"items.#": 2}, Contains: []string{"kos_sh_01", "kos_dy_01"}, Lacks: []string{"kos_gz"}},
			{Name: "another brand", URL: base + "accounts", Actor: &rival, JSON: map[string]any{"items.#": 0}},
			{Name: "another unit", URL: base + "accounts?unit=" + url.QueryEscape("华南"), Actor: &shop, Status: 404},
			{Name: "an account outside", URL: base + "accounts/" + far.ID.String(), Actor: &shop, Status: 404, Contains: []string{"account.not_found"}},
			{Name: "names are understood", URL: base + "accounts?platform=" + url.QueryEscape("抖音,小红书"), Actor: &hq, JSON: map[string]any{"items.#": 3}},
			{Name: "nonsense is refused", URL: base + "accounts?platform=myspace", Actor: &hq, Status: 422},
			{Name: "count", URL: base + "count?unit=" + url.QueryEscape("华东"), Actor: &hq, JSON: map[string]any{"n": 3, "more": false}},
			{Name: "an auditor may not edit", Method: "POST", URL: base + "accounts/" + far.ID.String() + "/status", Actor: &auditor, Body: `{"status":"banned","cause":"x"}`, Status: 403},
			{Name: "a cause is needed", Method: "POST", URL: base + "accounts/" + far.ID.String() + "/status", Actor: &hq, Body: `{"status":"banned"}`, Status: 422, JSON: map[string]any{"errors.0.path": "cause"}},
			{Name: "banned", Method: "POST", URL: base + "accounts/" + far.ID.String() + "/status", Actor: &hq, Body: `{"status":"banned","cause":"平台处罚"}`, JSON: map[string]any{"status": "banned", "rev": 2}},
			{Name: "somebody was faster", Method: "PATCH", URL: base + "accounts/" + far.ID.String(), Actor: &hq, Body: `{"rev":1,"name":"x"}`, Status: 412},
			{Name: "edited", Method: "PATCH", URL: base + "accounts/" + far.ID.String(), Actor: &hq, Body: `{"rev":2,"name":"天河小陈","level":"senior"}`, JSON: map[string]any{"name": "天河小陈", "level": "senior"}},
			{Name: "timeline", URL: base + "accounts/" + far.ID.String() + "/timeline", Actor: &hq, JSON: map[string]any{"items.#": 3, "items.2.what": "status", "items.2.reason": "平台处罚"}},
			{Name: "layout", URL: base + "layout?shape=pyramid", Actor: &hq, JSON: map[string]any{"rings.2.accounts": 4}},
			{Name: "coverage", URL: base + "coverage?by=city", Actor: &hq, JSON: map[string]any{"total.accounts": 4, "rows.0.name": "上海"}},
			{Name: "gaps", URL: base + "gaps?platform=douyin&limit=1", Actor: &hq, JSON: map[string]any{"items.#": 1}},
			{Name: "map", URL: base + "map", Actor: &hq, Contains: []string{`"FeatureCollection"`}},
			{Name: "consent text", URL: base + "consent-text", Actor: &hq, Contains: []string{"2026-11"}},
			{Name: "leagues", URL: base + "leagues", Actor: &hq, JSON: map[string]any{"items.#": 1}},
			{Name: "what leagues would hold", Method: "POST", URL: base + "leagues/preview", Actor: &shop, Body: `{"definition":{"tiers":[0,1,1,1,1,1,1],"followers":[0],"tenure_days":[0]}}`, JSON: map[string]any{"accounts": 2, "moved": 0, "small": 2}},
			{Name: "bounds must rise", Method: "POST", URL: base + "leagues/preview", Actor: &hq, Body: `{"definition":{"tiers":[0,1,1,1,1,1,1],"followers":[0,9,3],"tenure_days":[0]}}`, Status: 422},
			{Name: "leagues are headquarters'", Method: "POST", URL: base + "leagues", Actor: &shop, Body: `{}`, Status: 403},
			{Name: "save a view", Method: "POST", URL: base + "views", Actor: &hq, Body: `{"name":"异常","query":"status=abnormal","shared":true}`, JSON: map[string]any{"items.0.name": "异常", "items.0.mine": true}},
			{Name: "bulk", Method: "POST", URL: base + "bulk", Actor: &hq, Body: `{"ids":["` + far.ID.String() + `"],"what":"tag","tag":"重点"}`, JSON: map[string]any{"changed": 1}},
			{Name: "bulk names what it skipped", Method: "POST", URL: base + "bulk", Actor: &shop, Body: `{"ids":["` + far.ID.String() + `","` + w.handle("kos_sh_01").ID.String() + `","7"],"what":"untag","tag":"无"}`, JSON: map[string]any{"changed": 0, "skipped": []any{"7", far.ID.String()}}},
			{Name: "cities", URL: base + "cities", Actor: &shop, Contains: []string{`"code":310000,"name":"上海市","short":"上海"`, `"pinyin":"shanghai sh"`}},
			{Name: "tags", URL: base + "tags", Actor: &hq, JSON: map[string]any{"items.0.tag": "重点", "items.0.n": 1}},
		})
		res := w.web.Do(w, webtest.Scenario{URL: base + "export", Actor: &hq})
		f, err := excelize.OpenReader(bytes.NewReader(res.Body))
		w.must(err)
		rows, err := f.GetRows("Sheet1")
		w.must(err)
		if len(rows) != 5 || rows[0][0] != "平台" || rows[1][0] != "视频号" {
			w.Errorf("%v", rows)
		}
	})
}
