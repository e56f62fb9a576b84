package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web/webtest"
)

func TestTrail(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		c := clock.NewFake(clock.Day(20261122).In(clock.Shanghai()))
		log := audit.New(d, id.NewSource(1, c.Now), c)
		anna := authz.Actor{Kind: authz.User, BrandID: 7, UserID: 70, Name: "安娜"}
		rival := authz.Actor{Kind: authz.User, BrandID: 8, UserID: 80, Name: "别家"}
		write := func(a authz.Actor, e audit.Entry, fail error) {
			t.Helper()
			c.Advance(time.Minute)
			err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
				return errors.Join(log.Write(ctx, tx, a, e), fail)
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
		write(anna, audit.Entry{
			Action: "org.move", Kind: "unit", Object: 5, Name: "静安店", UnitID: 4,
			Before: map[string]string{"parent": "华东"}, After: map[string]string{"parent": "华南"},
		}, nil)
		write(anna, audit.Entry{Action: "account.import", Counts: map[string]int64{"inserted": 12}}, nil)
		write(anna, audit.Entry{Action: "account.merge"}, errors.New("rolled back"))
		write(rival, audit.Entry{Action: "account.import"}, nil)
		write(authz.SystemActor(7, clock.Shanghai()), audit.Entry{Action: "account2.odd"}, nil)
		for _, row := range []struct {
			name string
			f    audit.Filter
			want []string
		}{
			{"all of the brand, newest first", audit.Filter{}, []string{"account2.odd", "account.import", "org.move"}},
			{"one action", audit.Filter{Action: "org.move"}, []string{"org.move"}},
			{"a room", audit.Filter{Action: "account."}, []string{"account.import"}},
			{"a person", audit.Filter{ActorID: 70}, []string{"account.import", "org.move"}},
			{"an object", audit.Filter{Object: 5}, []string{"org.move"}},
			{"a time", audit.Filter{From: clock.MsOf(c.Now()), To: clock.MsOf(c.Now()) + 1}, []string{"account2.odd"}},
		} {
			row.f.Limit = 10
			got, err := log.List(ctx, anna, row.f)
			if err != nil {
				t.Fatal(row.name, err)
			}
			var actions []string
			for _, g := range got {
				actions = append(actions, g.Action)
			}
			if len(actions) != len(row.want) {
				t.Fatalf("%s: %v, want %v", row.name, actions, row.want)
			}
			for i := range actions {
				if actions[i] != row.want[i] {
					t.Errorf("%s: %v, want %v", row.name, actions, row.want)
				}
			}
		}
		rows, err := log.List(ctx, anna, audit.Filter{Action: "org.move", Limit: 1})
		if err != nil || *rows[0].Before != `{"parent":"华东"}` || rows[0].ActorName != "安娜" || rows[0].UnitID != 4 || rows[0].Counts != "{}" {
			t.Fatalf("%+v %v", rows, err)
		}
		older, err := log.List(ctx, anna, audit.Filter{Before: rows[0].ID, Limit: 5})
		if err != nil || len(older) != 0 {
			t.Fatal(older, err)
		}
	})
}

func TestHashHidesButCompares(t *testing.T) {
	t.Parallel()
	a, b := audit.Hash(7, "13800138000"), audit.Hash(7, "13800138000")
	if a != b || a == audit.Hash(8, "13800138000") || len(a) != 17 || audit.Hash(7, "") != "" {
		t.Fatal(a, b)
	}
}

func TestTrailOverHTTP(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, nil)
	c := clock.NewFake(webtest.Time())
	log := audit.New(d, id.NewSource(1, c.Now), c)
	srv := webtest.New(t, webtest.Room{
		Permissions: audit.Permissions(), Routes: audit.Routes(log), Clock: c,
		Messages: []i18n.Source{{Room: "audit", FS: audit.Messages()}},
	})
	auditor, kos := webtest.Actor(7, authz.Auditor), webtest.Actor(7, authz.KOS)
	for _, action := range []string{"org.move", "account.import", "account.merge"} {
		c.Advance(time.Minute)
		if err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			return log.Write(ctx, tx, srv.As(auditor), audit.Entry{Action: action, After: map[string]int{"n": 1}, Counts: map[string]int64{"n": 2}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	var next string
	srv.Run(t, []webtest.Scenario{
		{Name: "nobody", URL: "/api/v1/audit/entries", Status: 401},
		{Name: "a shop assistant", URL: "/api/v1/audit/entries", Actor: &kos, Status: 403},
		{
			Name: "first page", URL: "/api/v1/audit/entries?limit=2", Actor: &auditor,
			JSON: map[string]any{"items.#": 2, "items.0.action": "account.merge", "items.0.after.n": 1, "items.0.before": nil, "items.0.counts.n": 2},
			After: func(t *testing.T, res *webtest.Result) {
				var page struct{ Next string }
				res.Decode(t, &page)
				next = page.Next
			},
		},
		{Name: "one day", URL: "/api/v1/audit/entries?from=2026-11-22&to=2026-11-22&action=account.", Actor: &auditor, JSON: map[string]any{"items.#": 2}},
		{Name: "another day", URL: "/api/v1/audit/entries?from=2026-11-23", Actor: &auditor, JSON: map[string]any{"items.#": 0}},
	})
	srv.Run(t, []webtest.Scenario{
		{Name: "second page", URL: "/api/v1/audit/entries?limit=2&cursor=" + next, Actor: &auditor, JSON: map[string]any{"items.#": 1, "items.0.action": "org.move"}},
		{Name: "a cursor of another filter", URL: "/api/v1/audit/entries?limit=2&action=org.move&cursor=" + next, Actor: &auditor, Status: 422},
	})
}
