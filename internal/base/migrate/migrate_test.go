package migrate_test

import (
	"context"
	"testing"
	"testing/fstest"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/migrate"
)

func set(room string, files map[string]string) migrate.Set {
	m := fstest.MapFS{}
	for n, text := range files {
		m["migrations/"+n] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return migrate.Set{Room: room, FS: m}
}

func TestUpIsIncrementalAndRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		v1 := set("shop", map[string]string{"0001_a.sql": "CREATE TABLE shop_a (x BIGINT, t {{text}}, b {{blob}});"})
		v2 := set("shop", map[string]string{"0001_a.sql": "CREATE TABLE shop_a (x BIGINT, t {{text}}, b {{blob}});", "0002_b.sql": "CREATE TABLE shop_b (y BIGINT);"})
		for _, s := range []migrate.Set{v1, v1, v2, v2} {
			if err := migrate.Up(ctx, d, s); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Exec(ctx, "INSERT INTO shop_b (y) VALUES ($1)", 1); err != nil {
			t.Fatal(err)
		}
		if err := migrate.Up(ctx, d, v1); !errs.Is(err, "base.store_newer") || !migrate.IsNewer(err) {
			t.Fatalf("an older program was let in: %v", err)
		}
		other := set("other", map[string]string{"0001_a.sql": "CREATE TABLE other_a (x BIGINT);"})
		if err := migrate.Up(ctx, d, other); !migrate.IsNewer(err) {
			t.Fatalf("a store with an unknown room was let in: %v", err)
		}
		changed := set("shop", map[string]string{"0001_a.sql": "CREATE TABLE shop_a (x BIGINT);", "0002_b.sql": "CREATE TABLE shop_b (y BIGINT);"})
		if err := migrate.Up(ctx, d, changed); !errs.Is(err, "base.migration_changed") {
			t.Fatalf("a changed migration was let in: %v", err)
		}
	})
}

func TestUpFromTwoSidesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		s := set("twin", map[string]string{"0001_a.sql": "CREATE TABLE twin_a (x BIGINT);", "0002_b.sql": "CREATE TABLE twin_b (x BIGINT);"})
		done := make(chan error, 2)
		for range 2 {
			go func() { done <- migrate.Up(context.Background(), d, s) }()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestNodesAreUniqueWhileLeased(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		ctx, c := context.Background(), clock.NewFake(clock.Day(20261122).In(clock.Shanghai()))
		a, _, _, err := migrate.LeaseNode(ctx, d, c)
		if err != nil {
			t.Fatal(err)
		}
		b, renewB, releaseB, err := migrate.LeaseNode(ctx, d, c)
		if err != nil || a == b {
			t.Fatal(a, b, err)
		}
		c.Advance(migrate.NodeLease / 2)
		if err := renewB(ctx); err != nil {
			t.Fatal(err)
		}
		c.Advance(migrate.NodeLease/2 + 1)
		again, _, _, err := migrate.LeaseNode(ctx, d, c)
		if err != nil || again != a {
			t.Fatalf("the ended lease %d was not reused: %d %v", a, again, err)
		}
		if err := releaseB(ctx); err != nil {
			t.Fatal(err)
		}
	})
}
