package reflow

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/sheet"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/account"
)

// form builds a multipart body.
func form(t *testing.T, name, content string, fields ...string) (contentType string, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		p, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write([]byte(content))
	}
	_ = w.Close()
	return w.FormDataContentType(), b.String()
}

func (w *world) server() *webtest.Server {
	return webtest.New(w.t, webtest.Room{
		Permissions: append(Permissions(), authz.Permission{Key: "account.import", Roles: []authz.Role{authz.HQOps}}),
		Messages:    []i18n.Source{{Room: "reflow", FS: messageFS}, {Room: "sheet", FS: sheet.Messages()}},
		Routes:      w.s.Routes, Clock: w.clock,
	})
}

func TestImportsOverHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.server()
		hq, aud, kos := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.Auditor), webtest.Actor(brand, authz.KOS)
		rows, _ := notes(5, 1)
		typ, body := form(t, "笔记.csv", strings.Join(rows, "\n"), "modified", "2026-11-20T08:00:00+08:00")
		typBad, bodyBad := form(t, "x.csv", "甲,乙\n1,2\n", "as_of", "yesterday")
		typNone, bodyNone := form(t, "", "", "account", "x:y")
		typUnknown, bodyUnknown := form(t, "x.csv", "甲,乙\n1,2\n")
		var imp ImportBody
		s.Run(t, []webtest.Scenario{
			{Name: "nobody", Method: http.MethodPost, URL: importsPath, Body: "x", Status: 401},
			{Name: "auditor, even with a broken body", Method: http.MethodPost, URL: importsPath, Actor: &aud, Body: "x", Headers: map[string]string{"Content-Type": "multipart/form-data; boundary=x", "Idempotency-Key": "k"}, Status: 403},
			{Name: "a member", URL: importsPath, Actor: &kos, Status: 403},
			{Name: "broken body", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: "x", Headers: map[string]string{"Content-Type": "multipart/form-data; boundary=x", "Idempotency-Key": "k"}, Status: 400},
			{Name: "no key", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: body, Headers: map[string]string{"Content-Type": typ}, Status: 422, Contains: []string{"Idempotency-Key"}},
			{Name: "no file", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: bodyNone, Headers: map[string]string{"Content-Type": typNone, "Idempotency-Key": "k"}, Status: 422, Contains: []string{"file"}},
			{Name: "bad time", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: bodyBad, Headers: map[string]string{"Content-Type": typBad, "Idempotency-Key": "k"}, Status: 422, JSON: map[string]any{"errors.0.path": "as_of"}},
			{Name: "unknown table", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: bodyUnknown, Headers: map[string]string{"Content-Type": typUnknown, "Idempotency-Key": "k"}, Status: 422, Contains: []string{"甲, 乙"}},
			{
				Name: "upload", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: body, Headers: map[string]string{"Content-Type": typ, "Idempotency-Key": "k"}, Status: 201,
				JSON:  map[string]any{"state": "waiting", "needs": "account", "kind": "xhs_notes", "rows": 5, "as_of_source": "file", "understood.sheets.0.header_row": 2, "understood.sheets.0.columns.0.field": "title"},
				After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &imp) },
			},
		})
		one := importsPath + "/" + imp.ID.String()
		s.Run(t, []webtest.Scenario{
			{Name: "unknown account", Method: http.MethodPost, URL: one + "/review", Actor: &hq, Body: map[string]any{"account": "xiaohongshu:nobody"}, Status: 422, Contains: []string{"nobody"}},
			{Name: "review", Method: http.MethodPost, URL: one + "/review", Actor: &hq, Body: map[string]any{"account": "xiaohongshu:kos_sh"}, Status: 200, JSON: map[string]any{"state": "ready", "inserted": 5, "account": "xiaohongshu:kos_sh"}},
			{Name: "auditor may look", URL: one, Actor: &aud, Status: 200, JSON: map[string]any{"state": "ready"}},
			{Name: "auditor may not write", Method: http.MethodPost, URL: one + "/apply", Actor: &aud, Status: 403},
			{Name: "apply", Method: http.MethodPost, URL: one + "/apply", Actor: &hq, Status: 202, JSON: map[string]any{"state": "applying"}},
			{Name: "apply twice", Method: http.MethodPost, URL: one + "/apply", Actor: &hq, Status: 409},
			{Name: "discard too late", Method: http.MethodDelete, URL: one, Actor: &hq, Status: 409},
		})
		w.rec.Run(w.ctx)
		s.Run(t, []webtest.Scenario{
			{Name: "done", URL: one, Actor: &hq, Status: 200, JSON: map[string]any{"state": "done", "inserted": 5, "done": 5, "total": 5}},
			{Name: "list", URL: importsPath + "?limit=1", Actor: &hq, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.file_name": "笔记.csv"}},
			{Name: "no faults", URL: one + "/faults", Actor: &hq, Status: 200, JSON: map[string]any{"items.#": 0}},
			{Name: "fault sheet", URL: one + "/faults.xlsx", Actor: &hq, Status: 200},
			{Name: "template", URL: "/api/v1/reflow/roster-template", Actor: &hq, Status: 200},
			{Name: "sources", URL: "/api/v1/reflow/sources", Actor: &hq, Status: 200, JSON: map[string]any{"items.0.kind": "xhs_notes", "items.0.as_of": "2026-11-20T08:00:00.000+08:00"}},
			{Name: "undo", Method: http.MethodPost, URL: one + "/undo", Actor: &hq, Status: 202, JSON: map[string]any{"state": "undoing"}},
			{Name: "other brand", URL: one, Actor: ptr(webtest.Actor(brand+1, authz.HQOps)), Status: 404},
		})
	})
}

// What is said behind the file counts as much as what is said before it: programs send the parts in any order.
func TestFieldsBehindTheFile(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.server()
		hq := webtest.Actor(brand, authz.HQOps)
		rows, _ := notes(5, 1)
		file := strings.Join(rows, "\n")
		body := func(parts ...string) (string, string) {
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			for i := 0; i < len(parts); i += 2 {
				if parts[i] != "file" {
					_ = m.WriteField(parts[i], parts[i+1])
				} else if p, err := m.CreateFormFile("file", "x.csv"); err == nil {
					_, _ = p.Write([]byte(parts[i+1]))
				}
			}
			_ = m.Close()
			return m.FormDataContentType(), b.String()
		}
		typ, late := body("file", file, "account", "xiaohongshu:kos_sh", "as_of", "2026-11-20T08:00:00+08:00")
		typTwo, two := body("file", file, "file", file)
		s.Run(t, []webtest.Scenario{
			{
				Name: "late", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: late, Headers: map[string]string{"Content-Type": typ, "Idempotency-Key": "late"}, Status: 201,
				JSON: map[string]any{"state": "ready", "account": "xiaohongshu:kos_sh", "as_of": "2026-11-20T08:00:00.000+08:00", "as_of_source": "given"},
			},
			{
				Name: "two files", Method: http.MethodPost, URL: importsPath, Actor: &hq, Body: two, Headers: map[string]string{"Content-Type": typTwo, "Idempotency-Key": "two"}, Status: 422,
				JSON: map[string]any{"errors.0.path": "file"},
			},
			{Name: "nothing was kept of the two", URL: importsPath, Actor: &hq, Status: 200, JSON: map[string]any{"items.#": 1}},
		})
	})
}

func ptr[T any](v T) *T { return &v }

func TestMappingsOverHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.server()
		hq, shop := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.StoreManager, 5)
		good := map[string]any{"name": "快手周报", "platform": "快手", "grain": "post", "columns": []map[string]any{
			{"header": "视频", "field": "title"}, {"header": "日子", "field": "published_at"}, {"header": "播放", "field": "views", "unit": "wan"},
		}}
		const path = "/api/v1/reflow/mappings"
		var m MappingBody
		s.Run(t, []webtest.Scenario{
			{Name: "not a store manager", Method: http.MethodPost, URL: path, Actor: &shop, Body: good, Status: 403},
			{Name: "all faults at once", Method: http.MethodPost, URL: path, Actor: &hq, Body: map[string]any{"name": "", "grain": "post", "columns": []map[string]any{{"header": "a", "field": "x"}}}, Status: 422, JSON: map[string]any{"errors.0.path": "name", "errors.1.path": "columns[0].field"}},
			{Name: "save", Method: http.MethodPost, URL: path, Actor: &hq, Body: good, Status: 201, JSON: map[string]any{"platform": "kuaishou", "version": 1}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &m) }},
			{Name: "name taken", Method: http.MethodPost, URL: path, Actor: &hq, Body: good, Status: 409},
			{Name: "list", URL: path, Actor: &shop, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.columns.2.unit": "wan"}},
			{Name: "layouts", URL: "/api/v1/reflow/layouts", Actor: &hq, Status: 200, JSON: map[string]any{"layouts.0.kind": "roster"}},
		})
		one := path + "/" + m.ID.String()
		s.Run(t, []webtest.Scenario{
			{Name: "changed meanwhile", Method: http.MethodPut, URL: one, Actor: &hq, Body: good, Headers: map[string]string{"If-Match": `"7"`}, Status: 412},
			{Name: "change", Method: http.MethodPut, URL: one, Actor: &hq, Body: good, Headers: map[string]string{"If-Match": `"1"`}, Status: 200, JSON: map[string]any{"version": 2}},
		})
		w.reg.add(8, account.Kuaishou, "ks", "")
		r, _ := w.imp(w.file("k.csv", "视频,日子,播放", "你好,2026.06.01,1.5"), "kuaishou:ks", "2026-07-01 09:00")
		if r.Kind != "generic" || r.Inserted != 1 {
			raw, _ := json.Marshal(r)
			t.Errorf("%s", raw)
		}
		s.Run(t, []webtest.Scenario{
			{Name: "forget", Method: http.MethodDelete, URL: one, Actor: &hq, Status: 204},
			{Name: "gone", Method: http.MethodDelete, URL: one, Actor: &hq, Status: 404},
		})
	})
}
