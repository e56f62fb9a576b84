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
	"kosmos/internal/base/id"
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
		write(anna, audit.Entry{Action: "org.move", Kind: "unit", Object: 5, Name: "静安店", UnitID: 4,
			Before: map[string]string{"parent": "华东"}, After: map[string]string{"parent": "华南"}}, nil)
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
