package health_test

import (
	"context"
	"net/http"
	"testing"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/health"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		w, c := newWorld(), clock.NewFake(day.In(clock.Shanghai()))
		for i := range 4 {
			w.figure(i, func(f *health.Figure) { f.LastPostDay = day.Add(-40) })
		}
		s := service(d, w, c)
		if _, err := s.Judge(context.Background(), authz.SystemActor(brand, clock.Shanghai())); err != nil {
			t.Fatal(err)
		}
		m := health.Module(s)
		room := webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: c})
		hq, store := webtest.Actor(brand, authz.HQOps), webtest.Actor(brand, authz.StoreManager, 11)
		auditor, kos := webtest.Actor(brand, authz.Auditor), webtest.Actor(brand, authz.KOS, 11)
		room.Run(t, []webtest.Scenario{
			{
				Name: "worst first, with labels", Method: http.MethodGet, URL: "/api/v1/health/accounts?cause=stopped&limit=3", Actor: &hq, Status: 200,
				JSON: map[string]any{"items.#": 3, "items.0.account.handle": "h100", "items.0.cause": "stopped", "items.0.since": "2026-10-13"}, Contains: []string{`"next":`},
			},
			{Name: "a store sees its own", Method: http.MethodGet, URL: "/api/v1/health/accounts?cause=any", Actor: &store, Status: 200, JSON: map[string]any{"items.#": 2}},
			{Name: "another unit", Method: http.MethodGet, URL: "/api/v1/health/board?unit=12", Actor: &store, Status: 404},
			{Name: "board", Method: http.MethodGet, URL: "/api/v1/health/board", Actor: &auditor, Status: 200, JSON: map[string]any{"accounts": 20, "causes.stopped": 4, "judged": "2026-11-22"}},
			{Name: "an auditor changes nothing", Method: http.MethodPost, URL: "/api/v1/health/rounds", Actor: &auditor, Body: map[string]any{"name": "x", "due": "2026-12-01"}, Status: 403},
			{Name: "a KOS has no console", Method: http.MethodGet, URL: "/api/v1/health/accounts", Actor: &kos, Status: 403},
			{
				Name: "all faults at once", Method: http.MethodPost, URL: "/api/v1/health/rounds", Actor: &hq, Body: map[string]any{"name": "", "due": "2026-11-22"}, Status: 422,
				Contains: []string{"health.round_name", "health.round_due"},
			},
			{Name: "open a round", Method: http.MethodPost, URL: "/api/v1/health/rounds", Actor: &hq, Body: map[string]any{"name": "2026 Q4", "due": "2026-12-20"}, Status: 201},
			{Name: "the same name again", Method: http.MethodPost, URL: "/api/v1/health/rounds", Actor: &hq, Body: map[string]any{"name": "2026 Q4", "due": "2026-12-20"}, Status: 409},
			{Name: "rounds with progress", Method: http.MethodGet, URL: "/api/v1/health/rounds", Actor: &store, Status: 200, JSON: map[string]any{"items.#": 1, "items.0.counts.pending": 2}},
			{Name: "unknown cause", Method: http.MethodGet, URL: "/api/v1/health/accounts?cause=lazy", Actor: &hq, Status: 422},
			{Name: "thresholds", Method: http.MethodGet, URL: "/api/v1/health/settings", Actor: &store, Status: 200, JSON: map[string]any{"sleep_days": 30, "ladder.3": 90}},
			{Name: "thresholds are headquarters' own", Method: http.MethodPut, URL: "/api/v1/health/settings", Actor: &store, Body: health.Defaults(), Status: 403},
			{Name: "a tampered cursor", Method: http.MethodGet, URL: "/api/v1/health/accounts?cursor=abc", Actor: &hq, Status: 422},
		})
	})
}
