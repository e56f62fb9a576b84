package org_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/domain/org"
)

// BenchmarkRoster makes 100,000 stores of 300 cities with one member each, in batches of 5,000 rows, then reads.
func BenchmarkRoster(b *testing.B) {
	for engine, open := range map[string]func(testing.TB, []migrate.Set) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				benchRoster(b, open(b, []migrate.Set{org.Migrations()}))
			}
		})
	}
}

func benchRoster(b *testing.B, d *db.DB) {
	ctx, c := context.Background(), clock.System()
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		b.Fatal(err)
	}
	_, client := jobstest.New(b)
	ids := id.NewSource(1, c.Now)
	s := org.New(org.Deps{DB: d, Clock: c, IDs: ids, Box: box, Audit: audit.New(d, ids, c), Events: client})
	actor := authz.SystemActor(brand, clock.Shanghai())
	in := func(fn func(ctx context.Context, tx *db.Tx) error) {
		if err := d.Tx(ctx, fn); err != nil {
			b.Fatal(err)
		}
	}
	in(func(ctx context.Context, tx *db.Tx) error {
		_, err := s.EnsureRoot(ctx, tx, brand, "星辰")
		return err
	})
	const rows, batch = 100_000, 5_000
	for _, pass := range []string{"first", "again"} {
		start := c.Now()
		for from := 0; from < rows; from += batch {
			in(func(ctx context.Context, tx *db.Tx) error { return benchBatch(ctx, tx, s, actor, from, batch) })
		}
		b.ReportMetric(rows/c.Now().Sub(start).Seconds(), pass+"_rows/s")
	}
	if _, err := d.Exec(ctx, "ANALYZE"); err != nil { // what the engine does by itself within a minute
		b.Fatal(err)
	}
	start := c.Now()
	for i := range 100 {
		if _, _, err := s.Members(ctx, actor, org.MemberFilter{Unit: fmt.Sprintf("大区%d", i%10), Status: org.Active, Limit: 50}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(c.Now().Sub(start).Microseconds())/100_000, "list_ms")
	start = c.Now()
	root, err := s.ResolvePath(ctx, d, brand, "大区1")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Move(ctx, actor, org.MoveUnit{ID: root.ID, ParentID: benchUnit(b, s, d, "大区2").ID}); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(c.Now().Sub(start).Milliseconds()), "move10k_ms")
}

func benchUnit(b *testing.B, s *org.Service, d *db.DB, path string) org.Unit {
	u, err := s.ResolvePath(context.Background(), d, brand, path)
	if err != nil {
		b.Fatal(err)
	}
	return u
}

func benchBatch(ctx context.Context, tx *db.Tx, s *org.Service, actor authz.Actor, from, n int) error {
	specs, members := make([]org.PathSpec, n), make([]org.MemberRow, n)
	for i := range n {
		k := from + i
		specs[i] = org.PathSpec{Path: fmt.Sprintf("大区%d/城市%d/门店%d", k%10, k%300, k), Kind: "门店"}
	}
	units, err := s.EnsurePaths(ctx, tx, actor, 1, specs)
	if err != nil {
		return err
	}
	for i := range n {
		members[i] = org.MemberRow{UnitID: units[i].UnitID, Name: fmt.Sprintf("王小%d", from+i), Phone: fmt.Sprintf("138%08d", from+i), Role: "导购"}
	}
	_, err = s.UpsertMembers(ctx, tx, actor, 1, members)
	return err
}
