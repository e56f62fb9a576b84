package org_test

import (
	"context"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/org"
)

// TestScopesAndNamesFollowTheTreeAtOnce asks two programs over one store before and after each kind of change.
func TestScopesAndNamesFollowTheTreeAtOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华东/上海/静安店", "华南/广州")
		east, shanghai, jingan := ids["华东"], ids["华东/上海"], ids["华东/上海/静安店"]
		other := org.New(h.s.Deps) // another process
		region := h.as(authz.RegionManager, east)
		expect := func(units int, path string) {
			h.t.Helper()
			for _, s := range []*org.Service{h.s, other, h.s} { // the second time from memory
				sc, err := s.Scope(ctx, h.d, region, "org.read", "")
				h.must(err)
				names, err := s.UnitNames(ctx, h.d, brand, []id.ID{jingan, h.root})
				h.must(err)
				if len(sc.Units) != units || names[jingan].Path != path || names[h.root].Name == "" {
					h.t.Fatalf("%d units, %q; want %d, %q", len(sc.Units), names[jingan].Path, units, path)
				}
			}
		}
		expect(3, "华东/上海/静安店")
		u := h.unit(jingan)
		_, err := h.s.UpdateUnit(ctx, h.admin, org.EditUnit{ID: jingan, Version: u.Version, Name: new("静安二店")})
		h.must(err)
		expect(3, "华东/上海/静安二店")
		_, err = h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: shanghai, Kind: org.KindStore, Name: "徐汇店"})
		h.must(err)
		expect(4, "华东/上海/静安二店")
		err = h.d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { // what is rolled back is remembered by nobody
			_, err := h.s.EnsurePaths(ctx, tx, h.admin, 0, []org.PathSpec{{Path: "华东/南京"}})
			h.must(err)
			sc, err := h.s.Scope(ctx, tx, region, "org.read", "")
			if err != nil || len(sc.Units) != 5 {
				h.t.Error(sc, err)
			}
			return context.Canceled
		})
		if err == nil {
			h.t.Fatal("not rolled back")
		}
		expect(4, "华东/上海/静安二店")
		_, err = h.s.Move(ctx, h.admin, org.MoveUnit{ID: shanghai, ParentID: ids["华南"], Why: "划归华南"})
		h.must(err)
		expect(1, "华南/上海/静安二店")
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.s.RenameRoot(ctx, tx, brand, "晨星") })
		names, err := h.s.UnitNames(ctx, h.d, brand, []id.ID{h.root})
		if err != nil || names[h.root].Name != "晨星" {
			h.t.Error(names, err)
		}
		h.clock.Advance(time.Second) // the other process has just read the version and may not look again before
		names, err = other.UnitNames(ctx, h.d, brand, []id.ID{h.root})
		if err != nil || names[h.root].Name != "晨星" {
			h.t.Error(names, err)
		}
	})
}

// TestAScopeWhoseUnitIsGoneShowsNothing takes back the import that made the unit somebody was granted.
func TestAScopeWhoseUnitIsGoneShowsNothing(t *testing.T) {
	each(t, func(h *house) {
		ctx := context.Background()
		ids := h.grow("华南/广州")
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := h.s.EnsurePaths(ctx, tx, h.admin, 5, []org.PathSpec{{Path: "华东"}})
			return err
		})
		east := h.ids()["华东"]
		one, two := h.as(authz.RegionManager, east), h.as(authz.RegionManager, east, ids["华南"])
		_, err := h.s.Scope(ctx, h.d, one, "org.read", "")
		h.must(err)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, _, err := h.s.UndoImport(ctx, tx, h.admin, 5, nil)
			return err
		})
		_, err = h.s.Scope(ctx, h.d, one, "org.read", "")
		h.refuses(err, "org.unit_not_found")
		sc, err := h.s.Scope(ctx, h.d, two, "org.read", "")
		if err != nil || len(sc.Units) != 2 {
			h.t.Error(sc, err)
		}
	})
}
