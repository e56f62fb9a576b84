package desk_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/desk"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		texts, err := i18n.Load(i18n.Source{Room: "desk", FS: desk.Module(k.Service, nil).Messages}, web.Messages())
		if err != nil {
			t.Fatal(err)
		}
		m := desk.Module(k.Service, texts)
		room := webtest.New(t, webtest.Room{
			Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: k.c, Idempotency: web.NewIdempotency(d, k.c),
		})
		kos, officer, second := k.kos(), k.officer(), k.second()
		auditor, hq := actor(t, authz.Auditor, 70, 0), actor(t, authz.HQOps, 93, 0)
		var sub, version struct {
			ID string
		}
		body := map[string]any{"account_id": "501", "kind": "post", "texts": []map[string]string{{"field": "title", "text": "周末"}, {"field": "body", "text": "全城第一的服务"}}}
		room.Run(t, []webtest.Scenario{
			{
				Name: "hand in", Method: "POST", URL: "/api/v1/desk/submissions", Actor: &kos, Body: body, Headers: map[string]string{"Idempotency-Key": "k1"}, Status: 201,
				JSON:  map[string]any{"state": "waiting", "level": "medium", "findings.0.start": 2, "findings.0.reason": "不可以", "account.handle": "jing_an", "own": true},
				After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &sub) },
			},
			{Name: "a replay", Method: "POST", URL: "/api/v1/desk/submissions", Actor: &kos, Body: body, Headers: map[string]string{"Idempotency-Key": "k1"}, Status: 201, After: func(t *testing.T, r *webtest.Result) {
				if r.Decode(t, &version); version.ID != sub.ID || r.Header.Get("Idempotency-Replayed") != "true" {
					t.Error("handed in twice")
				}
			}},
			{Name: "own accounts", URL: "/api/v1/desk/accounts", Actor: &kos, JSON: map[string]any{"items.#": 1, "items.0.handle": "jing_an"}},
			{Name: "an auditor hands nothing in", Method: "POST", URL: "/api/v1/desk/submissions", Actor: &auditor, Body: body, Status: 403},
			{Name: "faults", Method: "POST", URL: "/api/v1/desk/submissions", Actor: &kos, Body: map[string]any{"account_id": "501", "kind": "post", "texts": []map[string]string{{"field": "bio", "text": "x"}}}, Status: 422, Contains: []string{"desk.field_unknown", "desk.text_missing"}},
			{Name: "settings", URL: "/api/v1/desk/settings", Actor: &auditor, JSON: map[string]any{"may_review": false, "levels.3.action": "block", "missing.#": 0}},
			{Name: "headquarters may not review", URL: "/api/v1/desk/reviewers", Actor: &hq, Status: 403, Contains: []string{"desk.no_reviewer"}},
			{Name: "queue", URL: "/api/v1/desk/submissions?state=waiting&sort=rank&limit=1", Actor: &officer, JSON: map[string]any{"items.#": 1, "items.0.title": "周末"}},
			{Name: "a KOS has no queue", URL: "/api/v1/desk/submissions", Actor: &kos, Status: 403},
			{Name: "reviewers", URL: "/api/v1/desk/reviewers", Actor: &officer, JSON: map[string]any{"items.#": 2}},
		})
		one := "/api/v1/desk/submissions/" + sub.ID
		mine := "/api/v1/desk/mine/" + sub.ID
		room.Run(t, []webtest.Scenario{
			{Name: "claim", Method: "POST", URL: one + "/claim", Actor: &officer, JSON: map[string]any{"claimed_own": true}},
			{Name: "the other is told", Method: "POST", URL: one + "/claim", Actor: &second, Status: 409, Contains: []string{"人91"}},
			{Name: "around", URL: one + "/around", Actor: &officer, JSON: map[string]any{"similar.#": 0}},
			{Name: "suggest", Method: "POST", URL: one + "/review", Actor: &officer, Body: map[string]any{"version": 1, "decision": "changes", "suggestion": []map[string]string{{"field": "body", "text": "很受欢迎的服务"}}}, JSON: map[string]any{"state": "changes"}},
			{Name: "its author sees it", URL: mine, Actor: &kos, JSON: map[string]any{"suggestion.0.text": "很受欢迎的服务", "reviews.0.reviewer": "人91", "versions.#": 1}},
			{Name: "one tap", Method: "POST", URL: mine + "/accept", Actor: &kos, Body: map[string]any{"version": 1}, JSON: map[string]any{"state": "approved", "texts.0.text": "周末", "texts.1.text": "很受欢迎的服务"}},
			{Name: "published", Method: "POST", URL: mine + "/publish", Actor: &kos, Body: map[string]any{"link": "http://xhslink.com/a/1"}, JSON: map[string]any{"state": "published"}},
			{Name: "a bare address", Method: "POST", URL: mine + "/link", Actor: &kos, Body: map[string]any{"link": "http://1.2.3.4/a"}, Status: 422, Contains: []string{"desk.link_bad"}},
			{Name: "the right link", Method: "POST", URL: mine + "/link", Actor: &kos, Body: map[string]any{"link": "http://xhslink.com/a/2"}, JSON: map[string]any{"link": "http://xhslink.com/a/2"}},
			{Name: "both are kept", URL: mine, Actor: &kos, JSON: map[string]any{"links.#": 2, "links.0.link": "http://xhslink.com/a/1", "links.1.own": true}},
			{Name: "too late to withdraw", Method: "POST", URL: mine + "/withdraw", Actor: &kos, Status: http.StatusPreconditionFailed, Contains: []string{"desk.state_published"}},
			{Name: "bulk", Method: "POST", URL: "/api/v1/desk/bulk", Actor: &officer, Body: map[string]any{"items": []map[string]any{{"id": sub.ID, "version": 2}}, "decision": "approve"}, JSON: map[string]any{"done": 0, "skipped.0.slug": "desk.decided", "skipped.0.why": "这条已经有结论了"}},
			{Name: "bulk, another version", Method: "POST", URL: "/api/v1/desk/bulk", Actor: &officer, Body: map[string]any{"items": []map[string]any{{"id": sub.ID, "version": 1}}, "decision": "approve"}, JSON: map[string]any{"done": 0, "skipped.0.slug": "desk.changed_meanwhile"}},
			{Name: "bulk without the version", Method: "POST", URL: "/api/v1/desk/bulk", Actor: &officer, Body: map[string]any{"items": []map[string]any{{"id": sub.ID}}, "decision": "approve"}, Status: 422},
			{Name: "figures", URL: "/api/v1/desk/stats", Actor: &auditor, JSON: map[string]any{"waiting": 0, "decided": 1, "median": 0, "reviewers.0.changes": 1}},
			{Name: "settings change", Method: "PUT", URL: "/api/v1/desk/settings", Actor: &officer, Body: desk.Defaults(), JSON: map[string]any{"approval_days": 30}},
			{Name: "settings are the officer's", Method: "PUT", URL: "/api/v1/desk/settings", Actor: &hq, Body: desk.Defaults(), Status: 403},
		})
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreateFormFile("file", "码.png")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(code(t))
		_ = w.Close()
		room.Run(t, []webtest.Scenario{
			{Name: "picture", Method: "POST", URL: "/api/v1/desk/pictures", Actor: &kos, Body: &form, Headers: map[string]string{"Content-Type": w.FormDataContentType()}, Status: 201, JSON: map[string]any{"state": "new", "width": 320}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &sub) }},
		})
		room.Run(t, []webtest.Scenario{
			{Name: "it comes back as it was", URL: "/api/v1/desk/pictures/" + sub.ID, Actor: &kos, Contains: []string{"PNG"}, After: func(t *testing.T, r *webtest.Result) {
				if r.Header.Get("Content-Type") != "image/png" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
					t.Error(r.Header)
				}
			}},
			{Name: "not to others", URL: "/api/v1/desk/pictures/" + sub.ID, Actor: &officer, Status: 404},
		})
	})
}
