package hit_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/hit"
)

// upload makes a multipart body with one file.
func upload(t *testing.T, data []byte) (body, contentType string) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	f, err := w.CreateFormFile("file", "posts.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String(), w.FormDataContentType()
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		catalogue, err := i18n.Load(i18n.Source{Room: "hit", FS: hit.Module(b.s, nil).Messages})
		if err != nil {
			t.Fatal(err)
		}
		m := hit.Module(b.s, catalogue)
		room := webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: nil})
		hq, auditor, store, kos := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.Auditor), webtest.Actor(brand, authz.StoreManager, 12), webtest.Actor(brand, authz.KOS, 11)
		b.imported(1, "done")
		b.titles[10005] = "星屿S5后排真的能躺平吗？"
		b.tell(2, 10005, 3, 30_000)
		b.tell(2, 10207, 3, 50_000)
		b.imported(2, "done")
		h := b.list(b.hq, hit.Filter{Query: "躺平"})[0]
		one := "/api/v1/hit/hits/" + h.ID.String()
		link := map[string]any{"link": "https://www.douyin.com/video/7301234567890123456", "kind": "competitor", "title": "买车的3个问题", "likes": 8600}
		key := func(k string) map[string]string { return map[string]string{"Idempotency-Key": k} }
		body, kind := upload(t, file(t, []any{"https://b23.tv/BV1GJ411x7h7", "outside", "t", "", "", "", "", "", "", "", "", ""}))
		room.Run(t, []webtest.Scenario{
			{Name: "list", URL: "/api/v1/hit/hits?sort=-strength&limit=1", Actor: &auditor, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.kind": "own", "items.0.state": "listed"}, Contains: []string{`"next":"`, `"own_times":`}},
			{Name: "the weakest first", URL: "/api/v1/hit/hits?sort=strength&limit=1", Actor: &auditor, Status: 200, JSON: map[string]any{"items.0.post_id": "10005"}, Contains: []string{`"next":"`}},
			{Name: "filtered", URL: "/api/v1/hit/hits?q=%E8%BA%BA%E5%B9%B3&platform=douyin&kind=own&published=2026-10-01..", Actor: &hq, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.mark": 3}},
			{Name: "a day that is none", URL: "/api/v1/hit/hits?published=x", Actor: &hq, Status: 422, Contains: []string{"hit.day"}},
			{Name: "another store sees nothing", URL: "/api/v1/hit/hits", Actor: &store, Status: 200, JSON: map[string]any{"items.#": 0}},
			{Name: "nor the page", URL: one, Actor: &store, Status: 404},
			{Name: "a KOS has no list", URL: "/api/v1/hit/hits", Actor: &kos, Status: 403},
			{Name: "but may learn", URL: "/api/v1/hit/near", Actor: &kos, Status: 200, JSON: map[string]any{"items.#": 2, "items.0.mine": true}},
			{Name: "counts", URL: "/api/v1/hit/count", Actor: &hq, Status: 200, JSON: map[string]any{"listed": 2, "week": 2}},
			{Name: "one", URL: one, Actor: &hq, Status: 200, JSON: map[string]any{"hit.mark": 3, "points.#": 3, "steps.#": 3, "may_star": true, "followers": 3200}},
			{Name: "filled in", URL: one + "/teardown", Actor: &auditor, Status: 200, JSON: map[string]any{"rev": 0, "parts.#": 4, "fields.opening": "星屿S5后排真的能躺平吗？", "fields.title_rhetoric": "品牌词、疑问"}},
			{Name: "an auditor takes nothing apart", Method: http.MethodPut, URL: one + "/teardown", Actor: &auditor, Body: map[string]any{"rev": 0, "fields": map[string]string{}}, Status: 403},
			{Name: "taken apart", Method: http.MethodPut, URL: one + "/teardown", Actor: &hq, Body: map[string]any{"rev": 0, "fields": map[string]string{"opening": "提问", "creative": "同事躺进去"}}, Status: 200, JSON: map[string]any{"rev": 1}},
			{Name: "over an old version", Method: http.MethodPut, URL: one + "/teardown", Actor: &hq, Body: map[string]any{"rev": 0, "fields": map[string]string{"opening": "别的"}}, Status: 409, Contains: []string{"hit.teardown_changed", "第 1 版"}},
			{Name: "versions", URL: one + "/teardown/versions", Actor: &hq, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.changed.#": 2}},
			{Name: "starred", Method: http.MethodPost, URL: "/api/v1/hit/turn", Actor: &hq, Body: map[string]any{"ids": []id.ID{h.ID}, "verb": "star"}, Status: 200, JSON: map[string]any{"changed": 1}},
			{Name: "not by a manager", Method: http.MethodPost, URL: "/api/v1/hit/turn", Actor: &store, Body: map[string]any{"ids": []id.ID{h.ID}, "verb": "star"}, Status: 403},
			{Name: "a wrong link is refused with the reason", Method: http.MethodPost, URL: "/api/v1/hit/hits", Actor: &hq, Headers: key("a"), Body: map[string]any{"link": "https://www.xiaohongshu.com/user/profile/5f0a1f2000000000120300aa", "kind": "outside", "title": "x"}, Status: 422, Contains: []string{"hit.link_profile", "账号主页"}},
			{Name: "entered", Method: http.MethodPost, URL: "/api/v1/hit/hits", Actor: &hq, Headers: key("b"), Body: link, Status: 201, JSON: map[string]any{"known": false}},
			{Name: "entered twice", Method: http.MethodPost, URL: "/api/v1/hit/hits", Actor: &hq, Headers: key("c"), Body: link, Status: 201, JSON: map[string]any{"known": true}},
			{Name: "the empty sheet", URL: "/api/v1/hit/template.xlsx", Actor: &hq, Status: 200, Contains: []string{"PK"}},
			{Name: "a sheet, dry", Method: http.MethodPost, URL: "/api/v1/hit/sheet?dry=true", Actor: &hq, Headers: map[string]string{"Content-Type": kind}, Body: body, Status: 200, JSON: map[string]any{"added": 1, "faulty": 0}},
			{Name: "a sheet", Method: http.MethodPost, URL: "/api/v1/hit/sheet", Actor: &hq, Headers: map[string]string{"Content-Type": kind}, Body: body, Status: 200, JSON: map[string]any{"added": 1}},
			{Name: "the sheet again", Method: http.MethodPost, URL: "/api/v1/hit/sheet", Actor: &hq, Headers: map[string]string{"Content-Type": kind}, Body: body, Status: 200, JSON: map[string]any{"added": 0, "same": 1}},
			{Name: "the calendar", URL: "/api/v1/hit/calendar?published=2026-10-20..2026-11-20", Actor: &hq, Status: 200, JSON: map[string]any{"items.#": 2, "items.0.n": 1}},
			{Name: "half a year of it", URL: "/api/v1/hit/calendar?published=2026-01-01..2026-11-20", Actor: &hq, Status: 422, Contains: []string{"hit.span"}},
			{Name: "no template yet", URL: one + "/results", Actor: &hq, Status: 404},
			{Name: "settings", URL: "/api/v1/hit/settings", Actor: &auditor, Status: 200, JSON: map[string]any{"own_z": 3.5, "may_edit": false, "marks.#": 6}},
			{Name: "wrong settings", Method: http.MethodPut, URL: "/api/v1/hit/settings", Actor: &hq, Body: map[string]any{"own_z": 0, "league_z": 3, "own_posts": 8, "league_posts": 30, "window_days": 5, "least_views": 0, "least_interactions": 0, "least_saves": 0}, Status: 422, Contains: []string{"own_z", "window_days"}},
			{Name: "not a manager's", Method: http.MethodPut, URL: "/api/v1/hit/settings", Actor: &store, Body: map[string]any{"own_z": 3}, Status: 403},
		})
	})
}
