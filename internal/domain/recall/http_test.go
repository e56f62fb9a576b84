package recall_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/recall"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		b := setup(t, d)
		catalogue, err := i18n.Load(i18n.Source{Room: "recall", FS: recall.Module(b.s, nil).Messages})
		if err != nil {
			t.Fatal(err)
		}
		m := recall.Module(b.s, catalogue)
		room := webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: b.clock})
		officer, auditor, kos := webtest.Actor(brand, authz.Compliance), webtest.Actor(brand, authz.Auditor), webtest.Actor(brand, authz.KOS, 11)
		kos.MemberID = 501
		open := map[string]any{
			"title": "停用最低价说法", "terms": []string{"全网最低价"}, "action": "take_down", "reason": "违反广告法", "article": "广告法 第九条", "due": "2026-11-25",
		}
		room.Run(t, []webtest.Scenario{
			{
				Name: "what a claim would find", Method: http.MethodPost, URL: "/api/v1/recall/preview", Actor: &officer, Body: map[string]any{"terms": []string{"全网最低价"}}, Status: 200,
				JSON: map[string]any{"found": 6, "looked": 2502, "whole": true, "samples.#": 6},
			},
			{
				Name: "all faults at once", Method: http.MethodPost, URL: "/api/v1/recall/recalls", Actor: &officer, Headers: map[string]string{"Idempotency-Key": "a"},
				Body: map[string]any{"title": "", "terms": []string{"最"}, "action": "take_down", "reason": "", "due": "2026-11-21"}, Status: 422,
				Contains: []string{"recall.title", "recall.reason", "recall.term_short", "recall.due"},
			},
			{Name: "an auditor opens nothing", Method: http.MethodPost, URL: "/api/v1/recall/recalls", Actor: &auditor, Body: open, Status: 403},
			{Name: "open", Method: http.MethodPost, URL: "/api/v1/recall/recalls", Actor: &officer, Headers: map[string]string{"Idempotency-Key": "b"}, Body: open, Status: 201},
		})
		b.queue.Run(t.Context())
		rows, err := b.s.List(t.Context(), room.As(officer), "", 0, 10)
		if err != nil || len(rows) != 1 {
			t.Fatalf("%+v %v", rows, err)
		}
		var post recall.Item
		for _, it := range b.items(t, room.As(officer), rows[0].ID, "") {
			if it.AccountID == 101 {
				post = it
			}
		}
		one := "/api/v1/recall/recalls/" + rows[0].ID.String()
		item := one + "/items/" + post.ObjectID.String()
		room.Run(t, []webtest.Scenario{
			{Name: "list", URL: "/api/v1/recall/recalls", Actor: &auditor, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.counts.waiting": 6, "items.0.state": "open"}},
			{Name: "texts", URL: one + "/items?state=waiting&limit=4", Actor: &auditor, Status: 200, JSON: map[string]any{"items.#": 4}, Contains: []string{`"next":"`}},
			{Name: "a KOS has the own texts", URL: "/api/v1/recall/mine", Actor: &kos, Status: 200, Contains: []string{post.ObjectID.String()}},
			{Name: "and no list", URL: "/api/v1/recall/recalls", Actor: &kos, Status: 403},
			{Name: "one text", URL: item, Actor: &kos, Status: 200, JSON: map[string]any{"item.state": "waiting", "recall.title": "停用最低价说法", "recall.due": "2026-11-25"}},
			{
				Name: "a picture that is none", Method: http.MethodPost, URL: item + "/proof", Actor: &kos, Headers: map[string]string{"Idempotency-Key": "p1"},
				Body: map[string]any{"proof": "screenshot", "picture": base64.StdEncoding.EncodeToString([]byte("hello"))}, Status: 422, Contains: []string{"recall.picture_kind"},
			},
			{
				Name: "proof", Method: http.MethodPost, URL: item + "/proof", Actor: &kos, Headers: map[string]string{"Idempotency-Key": "p2"},
				Body: map[string]any{"proof": "screenshot", "picture": base64.StdEncoding.EncodeToString([]byte(png))}, Status: 204,
			},
			{Name: "the picture", URL: item + "/picture", Actor: &officer, Status: 200, Contains: []string{"PNG"}},
			{
				Name: "accept", Method: http.MethodPost, URL: one + "/decide", Actor: &officer, Body: map[string]any{"objects": []id.ID{post.ObjectID}, "verb": "accept"}, Status: 200,
				JSON: map[string]any{"moved": 1, "skipped": 0},
			},
			{Name: "twice", Method: http.MethodPost, URL: one + "/decide", Actor: &officer, Body: map[string]any{"objects": []id.ID{post.ObjectID}, "verb": "accept"}, Status: 412},
			{Name: "how units stand", URL: one + "/units", Actor: &auditor, Status: 200, JSON: map[string]any{"items.#": 2}},
			{Name: "the report", URL: one + "/report.xlsx", Actor: &auditor, Status: 200, Contains: []string{"PK"}},
			{Name: "close needs a word", Method: http.MethodPost, URL: one + "/close", Actor: &officer, Body: map[string]any{}, Status: 422},
			{Name: "close", Method: http.MethodPost, URL: one + "/close", Actor: &officer, Body: map[string]any{"note": "其余账号已注销"}, Status: 204},
			{Name: "unknown", URL: "/api/v1/recall/recalls/5", Actor: &officer, Status: 404},
		})
	})
}
