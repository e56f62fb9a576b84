package campaign_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/event"
)

const api = "/api/v1/campaign/"

// serve is the room's router over a kit.
func (k *kit) serve() *webtest.Server {
	k.t.Helper()
	texts, err := i18n.Load(i18n.Source{Room: "campaign", FS: campaign.Module(k.Service, nil).Messages}, web.Messages())
	k.must(err)
	m := campaign.Module(k.Service, texts)
	return webtest.New(k.t, webtest.Room{
		Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: k.c, Idempotency: web.NewIdempotency(k.d, k.c),
	})
}

func (k *kit) region(u id.ID) authz.Actor { return actor(k.t, authz.RegionManager, 800+u, u) }

// history calls and tells what happened, newest first.
func (k *kit) history(room *webtest.Server, who authz.Actor, x, query string) (whats []string, next string) {
	k.t.Helper()
	room.Run(k.t, []webtest.Scenario{{Name: "history of " + who.Name, URL: api + "campaigns/" + x + "/history?" + query, Actor: &who, After: func(t *testing.T, r *webtest.Result) {
		var page struct {
			Items []struct{ What string }
			Next  string
		}
		r.Decode(t, &page)
		for _, h := range page.Items {
			whats = append(whats, h.What)
		}
		next = page.Next
	}}})
	return whats, next
}

func TestWritingOverHTTP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		room := k.serve()
		hq, region, manager, kos, auditor := k.hq(), k.region(10), k.manager(11), k.kos(1001), actor(t, authz.Auditor, 77)
		compliance := actor(t, authz.Compliance, 78)
		var made struct{ ID string }
		key := map[string]string{"Idempotency-Key": "new"}
		keep := func(t *testing.T, r *webtest.Result) { r.Decode(t, &made) }
		room.Run(t, []webtest.Scenario{
			{Name: "nobody", URL: api + "campaigns", Status: http.StatusUnauthorized},
			{Name: "a KOS has no list", URL: api + "campaigns", Actor: &kos, Status: http.StatusForbidden},
			{Name: "nothing yet", URL: api + "campaigns", Actor: &manager, JSON: map[string]any{"items.#": 0}},
			{Name: "an auditor writes nothing", Method: "POST", URL: api + "campaigns", Actor: &auditor, Body: map[string]any{"title": "新品"}, Status: http.StatusForbidden},
			{Name: "a manager writes none", Method: "POST", URL: api + "campaigns", Actor: &manager, Body: map[string]any{"title": "新品"}, Status: http.StatusForbidden},
			{Name: "without a title", Method: "POST", URL: api + "campaigns", Actor: &hq, Body: map[string]any{"title": " "}, Status: http.StatusUnprocessableEntity, Contains: []string{"campaign.title"}},
			{Name: "created", Method: "POST", URL: api + "campaigns", Actor: &hq, Body: map[string]any{"title": "新品"}, Headers: key, Status: http.StatusCreated, After: keep},
		})
		first := made.ID
		room.Run(t, []webtest.Scenario{
			{Name: "a replay", Method: "POST", URL: api + "campaigns", Actor: &hq, Body: map[string]any{"title": "新品"}, Headers: key, Status: http.StatusCreated, After: func(t *testing.T, r *webtest.Result) {
				if r.Decode(t, &made); made.ID != first {
					t.Error("made twice")
				}
			}},
			{Name: "once in the list", URL: api + "campaigns?state=draft", Actor: &hq, JSON: map[string]any{"items.#": 1, "items.0.title": "新品", "items.0.counts.given": nil}},
			{Name: "a region sees no draft of headquarters", URL: api + "campaigns/" + first, Actor: &region, Status: http.StatusNotFound, Contains: []string{"campaign.gone"}},
			{Name: "nor its history", URL: api + "campaigns/" + first + "/history", Actor: &region, Status: http.StatusNotFound},
			{Name: "templates", URL: api + "templates", Actor: &region, Contains: []string{`"plan"`}},
		})
		one := api + "campaigns/" + first
		turn := func(name string, who authz.Actor, verb string, status int, want map[string]any, contains ...string) webtest.Scenario {
			return webtest.Scenario{Name: name, Method: "POST", URL: one + "/turn", Actor: &who, Body: map[string]any{"verb": verb}, Status: status, JSON: want, Contains: contains}
		}
		blocked := plan()
		blocked.Briefs[0].Text = "我们是最好的"
		room.Run(t, []webtest.Scenario{
			{Name: "an old ETag", Method: "PUT", URL: one, Actor: &hq, Headers: map[string]string{"If-Match": web.ETag("99")}, Body: plan(), Status: http.StatusPreconditionFailed, Contains: []string{"base.changed_meanwhile"}},
			{Name: "another region's pen", Method: "PUT", URL: one, Actor: &region, Headers: map[string]string{"If-Match": web.ETag("1")}, Body: plan(), Status: http.StatusNotFound},
			turn("not complete", hq, "check", http.StatusUnprocessableEntity, nil, "campaign.tasks_missing"),
			{Name: "written", Method: "PUT", URL: one, Actor: &hq, Headers: map[string]string{"If-Match": web.ETag("1")}, Body: blocked, JSON: map[string]any{"rev": 2, "state": "draft"}},
			turn("blocked by the rules", hq, "check", http.StatusOK, map[string]any{"state": "draft", "verdict": "block", "findings.0.text": "最好"}),
			turn("not sent in unchecked", hq, "submit", http.StatusPreconditionFailed, nil, "campaign.cannot_turn"),
			{Name: "written again", Method: "PUT", URL: one, Actor: &hq, Headers: map[string]string{"If-Match": web.ETag("2")}, Body: plan(), JSON: map[string]any{"rev": 3}},
			turn("checked", hq, "check", http.StatusOK, map[string]any{"state": "checked", "verdict": "pass"}),
			turn("sent in", hq, "submit", http.StatusOK, map[string]any{"state": "approval"}),
			{Name: "a region approves nothing", Method: "POST", URL: one + "/approve", Actor: &region, Body: map[string]any{"verb": "approve", "rev": 3}, Status: http.StatusForbidden},
			{Name: "returned without a word", Method: "POST", URL: one + "/approve", Actor: &compliance, Body: map[string]any{"verb": "return", "rev": 3}, Status: http.StatusUnprocessableEntity, Contains: []string{"campaign.note_missing"}},
			{Name: "returned", Method: "POST", URL: one + "/approve", Actor: &compliance, Body: map[string]any{"verb": "return", "rev": 3, "note": "目标不清楚"}, JSON: map[string]any{"state": "draft", "note": "目标不清楚"}},
			turn("checked once more", hq, "check", http.StatusOK, map[string]any{"state": "checked"}),
			turn("sent in once more", hq, "submit", http.StatusOK, map[string]any{"state": "approval"}),
			{Name: "approved as it was before", Method: "POST", URL: one + "/approve", Actor: &compliance, Body: map[string]any{"verb": "approve", "rev": 2}, Status: http.StatusPreconditionFailed, Contains: []string{"base.changed_meanwhile"}},
			{Name: "approved", Method: "POST", URL: one + "/approve", Actor: &compliance, Body: map[string]any{"verb": "approve", "rev": 3}, JSON: map[string]any{"state": "dispatching", "version": 1}},
		})
		k.queue.Run(t.Context())
		room.Run(t, []webtest.Scenario{
			{Name: "it runs", URL: one + "/progress", Actor: &manager, JSON: map[string]any{"state": "running", "progress.people": 24}},
			{Name: "the story", URL: one + "/history", Actor: &auditor, JSON: map[string]any{
				"items.0.what": "dispatched", "items.0.system": true, "items.0.counts.people": 24, "items.1.what": "approve", "items.1.by": "人78", "items.1.version": 1,
				"items.4.what": "return", "items.4.note": "目标不清楚", "items.7.what": "edited", "items.8.what": "check", "items.8.verdict": "block", "items.10.what": "created", "items.#": 11,
			}, Contains: []string{`"briefs"`, `"tasks"`}},
			{Name: "an advisor reads none", URL: one + "/history", Actor: &kos, Status: http.StatusForbidden},
		})
		got, next := k.history(room, auditor, first, "limit=4")
		rest, _ := k.history(room, auditor, first, "limit=100&cursor="+next)
		if len(got) != 4 || next == "" || len(rest) != 7 || rest[0] != "return" {
			t.Errorf("%v, then %v", got, rest)
		}
	})
}

func TestWorkOverHTTP(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d, 24)
		room := k.serve()
		p := plan()
		p.Tasks[0].Evidence.ByHand = true
		x := k.run(p).String()
		k.c.Advance(time.Hour)
		hq, region, other, manager, kos, auditor := k.hq(), k.region(10), k.manager(21), k.manager(12), k.kos(1001), actor(t, authz.Auditor, 77)
		neighbour := k.kos(1005)
		own := k.mine(1001, note).ID
		mine, one := api+"mine/"+own.String(), api+"campaigns/"+x
		proof := map[string]any{"link": noteURL(1), "text": "看车 #新品上市"}
		var row struct {
			Items []struct {
				ID  string
				Rev int
			}
		}
		room.Run(t, []webtest.Scenario{
			{Name: "own tasks", URL: api + "today", Actor: &kos, JSON: map[string]any{"items.#": 2, "open": 2}},
			{Name: "the own text, the answer left out", URL: mine, Actor: &kos, JSON: map[string]any{"text.body": "77给1001", "brief.question.right": -1, "can_submit": true}},
			{Name: "another's task", URL: mine, Actor: &neighbour, Status: http.StatusNotFound, Contains: []string{"campaign.task_gone"}},
			{Name: "taken on", Method: "POST", URL: mine + "/accept", Actor: &kos, JSON: map[string]any{"state": "accepted"}},
			{Name: "another's proof", Method: "POST", URL: mine + "/submit", Actor: &neighbour, Body: proof, Status: http.StatusNotFound},
			{Name: "handed in", Method: "POST", URL: mine + "/submit", Actor: &kos, Body: proof, Headers: map[string]string{"Idempotency-Key": "tap"}},
			{Name: "handed in by a second tap", Method: "POST", URL: mine + "/submit", Actor: &kos, Body: proof, Headers: map[string]string{"Idempotency-Key": "tap"}},
			{Name: "one proof", URL: mine, Actor: &kos, JSON: map[string]any{"submissions.#": 1}},
			{Name: "a KOS reviews nothing", URL: api + "reviews", Actor: &kos, Status: http.StatusForbidden},
			{Name: "nor does an auditor", URL: api + "reviews", Actor: &auditor, Status: http.StatusForbidden},
			{Name: "another store's queue", URL: api + "reviews?state=submitted", Actor: &other, JSON: map[string]any{"items.#": 0}},
		})
		k.post(1, 1001, 1, at(30*time.Minute))
		k.publish(event.PostsChanged{BrandID: brand, PostIDs: []id.ID{1}})
		room.Run(t, []webtest.Scenario{
			{Name: "the queue", URL: api + "reviews", Actor: &manager, JSON: map[string]any{"items.#": 1}, After: func(t *testing.T, r *webtest.Result) { r.Decode(t, &row) }},
		})
		decide := func(verdict, reason string) map[string]any {
			return map[string]any{"items": []map[string]any{{"id": row.Items[0].ID, "rev": row.Items[0].Rev}}, "verdict": verdict, "reason": reason}
		}
		room.Run(t, []webtest.Scenario{
			{Name: "another store decides nothing", Method: "POST", URL: api + "reviews/decide", Actor: &other, Body: decide("pass", ""), JSON: map[string]any{"done": 0, "skipped.0.slug": "campaign.task_gone"}},
			{Name: "rejected without a reason", Method: "POST", URL: api + "reviews/decide", Actor: &manager, Body: decide("reject", ""), Status: http.StatusUnprocessableEntity, Contains: []string{"campaign.reason_missing"}},
			{Name: "rejected", Method: "POST", URL: api + "reviews/decide", Actor: &manager, Body: decide("reject", "off_brief"), JSON: map[string]any{"done": 1, "skipped.#": 0}},
			{Name: "decided before", Method: "POST", URL: api + "reviews/decide", Actor: &hq, Body: decide("pass", ""), JSON: map[string]any{"done": 0}},
			{Name: "a note of the region", Method: "PUT", URL: one + "/note", Actor: &region, Body: map[string]any{"unit": "10", "text": "周五前"}, Status: http.StatusNoContent},
			{Name: "a note for another store", Method: "PUT", URL: one + "/note", Actor: &manager, Body: map[string]any{"unit": "21", "text": "x"}, Status: http.StatusNotFound},
			{Name: "reminded", Method: "POST", URL: one + "/remind", Actor: &manager, Body: map[string]any{"left": "submit"}, JSON: map[string]any{"people": 6}},
			{Name: "an auditor reminds nobody", Method: "POST", URL: one + "/remind", Actor: &auditor, Body: map[string]any{"left": "submit"}, Status: http.StatusForbidden},
			{Name: "the store below the region reads its note", URL: one, Actor: &manager, JSON: map[string]any{"notes.#": 1}},
			{Name: "another region's does not", URL: one, Actor: &other, JSON: map[string]any{"notes.#": 0}},
			{Name: "the board begins at the own store", URL: one + "/board", Actor: &manager, JSON: map[string]any{"unit_id": "12", "counts.states.rejected": 1}},
			{Name: "what the own store owes over all campaigns", URL: api + "open", Actor: &manager, JSON: map[string]any{"name": "单位12", "items.0.unit_id": "12", "items.0.campaign": "新品上市", "left": 0}},
			{Name: "what each store of a region owes", URL: api + "open?unit=10", Actor: &hq, JSON: map[string]any{"name": "单位10"}, Contains: []string{`"unit_id":"11"`, `"unit_id":"12"`}, Lacks: []string{`"unit_id":"21"`}},
			{Name: "not another store's", URL: api + "open?unit=21", Actor: &manager, Status: http.StatusNotFound},
			{Name: "a KOS follows nobody up", URL: api + "open", Actor: &kos, Status: http.StatusForbidden},
			{Name: "another store's board", URL: one + "/board?unit=21", Actor: &manager, Status: http.StatusNotFound},
			{Name: "what was said and why", URL: one + "/history", Actor: &hq, JSON: map[string]any{
				"items.0.what": "reminded", "items.0.left": "submit", "items.0.unit": "单位12", "items.0.counts.people": 6, "items.1.what": "noted", "items.1.note": "周五前", "items.1.unit": "单位10",
				"items.2.what": "proofs_reject", "items.2.reason": "campaign.reject_off_brief", "items.2.why": "不符合要求", "items.2.counts.decided": 1,
			}},
		})
		for _, c := range []struct {
			who  authz.Actor
			want string
		}{{manager, "reminded proofs_reject dispatched"}, {region, "reminded noted proofs_reject dispatched"}, {other, "dispatched"}} {
			if got, _ := k.history(room, c.who, x, ""); !strings.HasPrefix(strings.Join(got, " "), c.want) {
				t.Errorf("%s reads %v, want %s first", c.who.Name, got, c.want)
			}
		}
	})
}
