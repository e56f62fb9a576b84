package library_test

import (
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/library"
)

func TestPillarRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		texts, err := i18n.Load(i18n.Source{Room: "library", FS: library.Module(k.Service, nil).Messages})
		if err != nil {
			t.Fatal(err)
		}
		m := library.Module(k.Service, texts)
		room := webtest.New(t, webtest.Room{
			Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: k.c, Idempotency: web.NewIdempotency(d, k.c),
		})
		now := clock.MsOf(k.c.Now())
		k.seat(100, 11, 100, "employee")
		for i := range 6 {
			k.say(id.ID(1+i), 100, now, "到店优惠")
		}
		hq, kos, store := k.hq(), k.kos(), actor(t, authz.StoreManager, 81, 0, 11)
		const api = "/api/v1/library"
		one := map[string]any{"name": "优惠", "color": "#cc3333", "active": true, "words": []string{"优惠"}, "hashtags": []string{"#限时"}, "product_ids": []string{"5"}}
		two := map[string]any{"name": "生活", "color": "#33aa66", "active": true, "words": []string{}, "hashtags": []string{}, "product_ids": []string{}}
		body := map[string]any{"version": 0, "days": 30, "least": 5, "items": []any{one, two}}
		var set struct{ Items []struct{ ID string } }
		room.Run(t, []webtest.Scenario{
			{Name: "none yet", URL: api + "/pillars", Actor: &kos, JSON: map[string]any{"version": 0, "items.#": 0, "left": false}},
			{Name: "no figures yet", URL: api + "/mix", Actor: &store, JSON: map[string]any{"posts": 0, "parts.#": 0}},
			{Name: "a store sets none", Method: "PUT", URL: api + "/pillars", Actor: &store, Body: body, Status: 403},
			{Name: "faults", Method: "PUT", URL: api + "/pillars", Actor: &hq, Body: map[string]any{"version": 0, "days": 1, "least": 5, "items": []any{map[string]any{"name": "", "color": "red", "active": true, "words": []string{}, "hashtags": []string{}, "product_ids": []string{}}}}, Status: 422, Contains: []string{"days", "items[0].name", "items[0].color"}},
			{Name: "set", Method: "PUT", URL: api + "/pillars", Actor: &hq, Body: body, JSON: map[string]any{"version": 1, "items.0.hashtags.0": "限时", "items.0.products.0.name": "产品5", "left": true}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &set) }},
			{Name: "somebody was faster", Method: "PUT", URL: api + "/pillars", Actor: &hq, Body: body, Status: http.StatusPreconditionFailed},
		})
		k.jobs.Run(t.Context())
		share := func(n int) []any {
			return []any{map[string]any{"pillar_id": set.Items[0].ID, "percent": 100 - n}, map[string]any{"pillar_id": set.Items[1].ID, "percent": n}}
		}
		room.Run(t, []webtest.Scenario{
			{Name: "a target", Method: "PUT", URL: api + "/mixes", Actor: &hq, Body: map[string]any{"from": "2026-11-01", "shares": share(50)}, JSON: map[string]any{"items.#": 1, "items.0.unit_id": nil, "items.0.shares.1.percent": 50}},
			{Name: "no such kind", Method: "PUT", URL: api + "/mixes", Actor: &hq, Body: map[string]any{"from": "2026-11-01", "kind": "x", "shares": share(50)}, Status: 422, Contains: []string{"library.mix_kind"}},
			{Name: "a later one", Method: "PUT", URL: api + "/mixes", Actor: &hq, Body: map[string]any{"from": "2026-12-01", "shares": share(20)}, JSON: map[string]any{"items.#": 2}},
			{Name: "removed", Method: "POST", URL: api + "/mixes/remove", Actor: &hq, Body: map[string]any{"from": "2026-12-01"}, Status: 204},
			{Name: "once", Method: "POST", URL: api + "/mixes/remove", Actor: &hq, Body: map[string]any{"from": "2026-12-01"}, Status: 404},
		})
		k.jobs.Run(t.Context())
		room.Run(t, []webtest.Scenario{
			{Name: "mix", URL: api + "/mix", Actor: &store, JSON: map[string]any{"posts": 6, "judged": 1, "lacking": 1, "parts.0.share": 1000, "parts.0.target": 500, "parts.1.short": 3, "left": false}},
			{Name: "gaps", URL: api + "/gaps?limit=1", Actor: &store, JSON: map[string]any{"items.#": 1, "items.0.short": 3, "items.0.worst_id": set.Items[1].ID, "items.0.account.name": "号100"}},
			{Name: "sheet", URL: api + "/gaps.xlsx", Actor: &store, Contains: []string{"PK"}},
			{Name: "mine", URL: api + "/gaps/mine", Actor: &kos, JSON: map[string]any{"items.0.pillar": "生活", "items.0.short": 3, "items.0.items": 0}},
			{Name: "a KOS reads no list", URL: api + "/gaps", Actor: &kos, Status: 403},
			{Name: "posts", URL: api + "/sorted-posts?limit=4", Actor: &store, JSON: map[string]any{"items.#": 4, "items.0.how": "rule", "items.0.title": "到店优惠", "items.0.day": "2026-11-23"}},
			{Name: "by hand", Method: "POST", URL: api + "/sorted-posts", Actor: &store, Body: map[string]any{"post_ids": []string{"1", "2"}, "pillar_id": set.Items[1].ID}, Status: 204},
			{Name: "found by it", URL: api + "/sorted-posts?how=hand", Actor: &store, JSON: map[string]any{"items.#": 2}},
			{Name: "none of them", URL: api + "/sorted-posts?none=true", Actor: &store, JSON: map[string]any{"items.#": 0}},
			{Name: "less short", URL: api + "/gaps?pillar=" + set.Items[1].ID, Actor: &store, JSON: map[string]any{"items.0.short": 1}},
		})
	})
}
