package library_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/library"
)

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 900, 600))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func TestRoutes(t *testing.T) {
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
		hq, kos, other, auditor := k.hq(), k.kos(), k.other(), actor(t, authz.Auditor, 60, 0)
		raw := picture(t)
		var up, file, asset, tpl, prop struct {
			ID  string
			Rev int
		}
		const api = "/api/v1/library"
		room.Run(t, []webtest.Scenario{
			{Name: "begin", Method: "POST", URL: api + "/uploads", Actor: &hq, Body: map[string]any{"name": "车.png", "size": len(raw), "sha256": sum(raw)}, Status: 201, JSON: map[string]any{"count": 1, "parts.#": 0}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &up) }},
		})
		part := fmt.Sprintf("%s/uploads/%s/parts/0", api, up.ID)
		room.Run(t, []webtest.Scenario{
			{Name: "a damaged part", Method: "PUT", URL: part + "?sha256=" + sum([]byte("x")), Actor: &hq, Body: bytes.NewReader(raw), Status: 422, Contains: []string{"library.part_checksum"}},
			{Name: "too early", Method: "POST", URL: api + "/uploads/" + up.ID + "/finish", Actor: &hq, Status: http.StatusPreconditionFailed, Contains: []string{"library.parts_missing"}},
			{Name: "part", Method: "PUT", URL: part + "?sha256=" + sum(raw), Actor: &hq, Body: bytes.NewReader(raw), JSON: map[string]any{"parts.#": 1}},
			{Name: "the part again", Method: "PUT", URL: part, Actor: &hq, Body: bytes.NewReader(raw), JSON: map[string]any{"parts.#": 1}},
			{Name: "goes on", Method: "POST", URL: api + "/uploads", Actor: &hq, Body: map[string]any{"name": "车.png", "size": len(raw), "sha256": sum(raw)}, Status: 201, JSON: map[string]any{"id": up.ID, "parts.#": 1}},
			{Name: "not another's", URL: api + "/uploads/" + up.ID, Actor: &kos, Status: 404},
			{Name: "finish", Method: "POST", URL: api + "/uploads/" + up.ID + "/finish", Actor: &hq, JSON: map[string]any{"media": "image/png", "width": 900}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &file) }},
		})
		content := map[string]any{"files": []string{file.ID}, "holder": "品牌", "licence": "全渠道"}
		room.Run(t, []webtest.Scenario{
			{Name: "finish again", Method: "POST", URL: api + "/uploads/" + up.ID + "/finish", Actor: &hq, JSON: map[string]any{"id": file.ID}},
			{Name: "asset", Method: "POST", URL: api + "/items", Actor: &hq, Body: map[string]any{"kind": "asset", "title": "外观图", "content": content}, Status: 201, JSON: map[string]any{"state": "draft", "files.0.media": "image/png"}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &asset) }},
			{Name: "a draft's file stays away", URL: api + "/files/" + file.ID, Actor: &kos, Status: 404},
		})
		room.Run(t, []webtest.Scenario{
			{Name: "submit", Method: "POST", URL: api + "/items/" + asset.ID + "/submit", Actor: &hq, Body: map[string]any{"rev": asset.Rev}, JSON: map[string]any{"state": "checked"}},
			{Name: "approve", Method: "POST", URL: api + "/items/" + asset.ID + "/approve", Actor: &hq, Body: map[string]any{"rev": asset.Rev + 1}, JSON: map[string]any{"state": "approved", "usable": true}},
			{Name: "file", URL: api + "/files/" + file.ID, Actor: &kos, After: func(t *testing.T, r *webtest.Result) {
				if r.Header.Get("Content-Type") != "image/png" || !bytes.Equal(r.Body, raw) {
					t.Error("another file")
				}
			}},
			{Name: "range", URL: api + "/files/" + file.ID, Actor: &kos, Headers: map[string]string{"Range": "bytes=10-19"}, Status: 206, After: func(t *testing.T, r *webtest.Result) {
				if !bytes.Equal(r.Body, raw[10:20]) {
					t.Error("another range")
				}
			}},
			{Name: "no such range", URL: api + "/files/" + file.ID, Actor: &kos, Headers: map[string]string{"Range": "bytes=99999999-"}, Status: 416},
			{Name: "thumb", URL: api + "/files/" + file.ID + "/thumb", Actor: &kos, Contains: []string{"\xff\xd8\xff"}},
			{Name: "a KOS writes nothing", Method: "POST", URL: api + "/items", Actor: &kos, Body: map[string]any{"kind": "asset", "title": "图", "content": content}, Status: 403},
			{Name: "faults", Method: "POST", URL: api + "/items", Actor: &hq, Body: map[string]any{"kind": "template", "title": "x", "content": map[string]any{"body": "{{a: 1"}}, Status: 422, Contains: []string{"library.syntax_brace", "content.body"}},
			{
				Name: "template", Method: "POST", URL: api + "/items", Actor: &hq, Status: 201, Headers: map[string]string{"Idempotency-Key": "t"},
				Body:  map[string]any{"kind": "template", "title": "到店", "tags": []string{"到店"}, "content": map[string]any{"title": "{门店}", "body": "来{{a: 看看 | 坐坐}}", "assets": []string{asset.ID}}},
				After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &tpl) },
			},
			{Name: "preview", Method: "POST", URL: api + "/preview", Actor: &hq, Body: map[string]any{"kind": "template", "content": map[string]any{"title": "{门店}", "body": "最好{{a: 看看 | 坐坐}}"}, "member_id": "100"}, JSON: map[string]any{"choices": 2, "shown.#": 2, "shown.0.title": "静安店", "shown.0.verdict": "block", "variables.0": "门店"}},
			{Name: "preview of a fault", Method: "POST", URL: api + "/preview", Actor: &hq, Body: map[string]any{"kind": "template", "content": map[string]any{"body": "a\n{{a: 1"}}, JSON: map[string]any{"fault.line": 2, "fault.slug": "library.syntax_brace"}},
		})
		one := api + "/items/" + tpl.ID
		room.Run(t, []webtest.Scenario{
			{Name: "submit text", Method: "POST", URL: one + "/submit", Actor: &hq, Body: map[string]any{"rev": 1}},
			{Name: "approve text", Method: "POST", URL: one + "/approve", Actor: &hq, Body: map[string]any{"rev": 2}},
			{Name: "my accounts", URL: api + "/accounts", Actor: &kos, JSON: map[string]any{"items.0.id": "9100"}},
			{Name: "not taken yet", URL: one + "/own?account=9100", Actor: &kos, JSON: map[string]any{"taken": nil}},
			{Name: "take", Method: "POST", URL: one + "/take", Actor: &kos, Body: map[string]any{"account_id": "9100"}, JSON: map[string]any{"text.title": "静安店", "files.0.name": "车.png", "rewritten": false}},
			{Name: "take again", Method: "POST", URL: one + "/take", Actor: &kos, Body: map[string]any{}, JSON: map[string]any{"text.fault": ""}},
			{Name: "what was taken", URL: one + "/own?account=9100", Actor: &kos, JSON: map[string]any{"taken.text.title": "静安店", "taken.files.0.name": "车.png", "taken.may_reword": false}},
			{Name: "not an account of mine", Method: "POST", URL: one + "/take", Actor: &kos, Body: map[string]any{"account_id": "1"}, Status: 422},
			{Name: "results", URL: one + "/results", Actor: &auditor, JSON: map[string]any{"uses": 1, "views": nil, "leads": nil, "recent.0": "顾问100"}},
			{Name: "a KOS reads no results", URL: one + "/results", Actor: &kos, Status: 403},
			{Name: "shown in", URL: api + "/items/" + asset.ID + "/shown-in", Actor: &hq, JSON: map[string]any{"items.0.title": "到店"}},
			{Name: "search", URL: api + "/items?q=%E5%88%B0%E5%BA%97", Actor: &kos, JSON: map[string]any{"items.#": 1, "items.0.id": tpl.ID}},
			{Name: "tag", URL: api + "/items?tag=%E5%88%B0%E5%BA%97&sort=title", Actor: &kos, JSON: map[string]any{"items.#": 1}},
			{Name: "talk tracks", URL: api + "/talks?usable=true", Actor: &kos, JSON: map[string]any{"items.#": 0, "stages.#": 0}},
			{Name: "list", URL: api + "/items?limit=1", Actor: &hq, JSON: map[string]any{"items.#": 1}},
			{
				Name: "propose", Method: "POST", URL: api + "/proposals", Actor: &kos, Status: 201, Headers: map[string]string{"Idempotency-Key": "p"},
				Body:  map[string]any{"kind": "template", "title": "我的文案", "pitch": "好用", "content": map[string]any{"body": "这周来{{a: 看车 | 试驾}}"}},
				JSON:  map[string]any{"state": "waiting", "unit_id": "11"},
				After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &prop) },
			},
		})
		room.Run(t, []webtest.Scenario{
			{Name: "own proposals", URL: api + "/proposals?own=true", Actor: &kos, JSON: map[string]any{"items.#": 1}},
			{Name: "not another's", URL: api + "/proposals", Actor: &other, JSON: map[string]any{"items.#": 0}},
			{Name: "return needs a note", Method: "POST", URL: api + "/proposals/" + prop.ID + "/return", Actor: &hq, Body: map[string]any{"note": ""}, Status: 422},
			{Name: "accept", Method: "POST", URL: api + "/proposals/" + prop.ID + "/accept", Actor: &hq, Body: map[string]any{"note": "谢谢", "unit": "1"}, JSON: map[string]any{"state": "accepted"}},
			{Name: "once", Method: "POST", URL: api + "/proposals/" + prop.ID + "/return", Actor: &hq, Body: map[string]any{"note": "不"}, Status: 409},
			{Name: "folder", Method: "POST", URL: api + "/folders", Actor: &hq, Body: map[string]any{"name": "秋季"}, Status: 201, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &file) }},
			{Name: "folder twice", Method: "POST", URL: api + "/folders", Actor: &hq, Body: map[string]any{"name": "秋季"}, Status: 422},
			{Name: "folders", URL: api + "/folders", Actor: &kos, JSON: map[string]any{"items.0.name": "秋季"}},
		})
		room.Run(t, []webtest.Scenario{
			{Name: "rename", Method: "PUT", URL: api + "/folders/" + file.ID, Actor: &hq, Body: map[string]any{"name": "冬季"}, JSON: map[string]any{"name": "冬季"}},
			{Name: "remove", Method: "DELETE", URL: api + "/folders/" + file.ID, Actor: &hq, Status: 204},
		})
		if k.told(library.NoticeAccepted) != 1 || k.told(library.NoticeProposed) != 1 {
			t.Error("nobody was told")
		}
	})
}
