package org_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs/jobstest"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/org"
)

const brand id.ID = 71

// today is the fake clock's day.
const today clock.Day = 20261122

// house is the room over a fresh store, with a brand of its own.
type house struct {
	t      *testing.T
	d      *db.DB
	s      *org.Service
	clock  *clock.Fake
	events *jobstest.Recorder
	perms  *authz.Set
	root   id.ID
	admin  authz.Actor
	zone   *time.Location
}

// SystemActors implements org.Brands.
func (h *house) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, h.zone)}, nil
}

// each runs fn on a fresh house on both engines.
func each(t *testing.T, fn func(h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, []migrate.Set{org.Migrations()}, func(t *testing.T, d *db.DB) { fn(newHouse(t, d)) })
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, d: d, clock: clock.NewFake(webtest.Time())}
	rec, client := jobstest.New(t)
	h.events = rec
	ids := id.NewSource(1, h.clock.Now)
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	h.must(err)
	h.s = org.New(org.Deps{DB: d, Clock: h.clock, IDs: ids, Box: box, Audit: audit.New(d, ids, h.clock), Events: client})
	h.zone = clock.Shanghai()
	h.s.Serve(h)
	h.s.Module().Jobs(client.Registry())
	h.perms, err = authz.NewSet(org.Permissions()...)
	h.must(err)
	h.admin = h.as(authz.BrandAdmin)
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		h.root, err = h.s.EnsureRoot(ctx, tx, brand, "星辰汽车")
		return err
	})
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refuses holds that err carries the slug.
func (h *house) refuses(err error, slug string) {
	h.t.Helper()
	if !errs.Is(err, slug) {
		h.t.Fatalf("got %v, want %s", err, slug)
	}
}

func (h *house) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.d.Tx(context.Background(), fn))
}

func (h *house) as(role authz.Role, units ...id.ID) authz.Actor {
	return authz.NewActor(webtest.Actor(brand, role, units...), h.perms)
}

// grow makes the units of some paths, leaves being stores, and gives their ids by path; every prefix is in the map too.
func (h *house) grow(paths ...string) map[string]id.ID {
	h.t.Helper()
	specs := make([]org.PathSpec, 0, len(paths))
	for _, p := range paths {
		specs = append(specs, org.PathSpec{Path: p, Kind: "store"})
	}
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		rs, err := h.s.EnsurePaths(ctx, tx, h.admin, 0, specs)
		for i, r := range rs {
			if r.Slug != "" {
				h.t.Fatalf("%s: %s", paths[i], r.Slug)
			}
		}
		return err
	})
	return h.ids()
}

// ids gives the open units by path.
func (h *house) ids() map[string]id.ID {
	h.t.Helper()
	units, err := h.s.Tree(context.Background(), h.d, brand)
	h.must(err)
	out := map[string]id.ID{}
	for _, u := range units {
		out[u.Path] = u.ID
	}
	return out
}

func (h *house) unit(u id.ID) org.Unit {
	h.t.Helper()
	v, err := h.s.Unit(context.Background(), h.admin, u)
	h.must(err)
	return v.Unit
}

// sound holds what must be true of every tree: links, levels, paths and counts agree with the parents.
func (h *house) sound() {
	h.t.Helper()
	ctx := context.Background()
	units, err := h.s.Tree(ctx, h.d, brand)
	h.must(err)
	byID := map[id.ID]org.Unit{}
	all := make([]id.ID, 0, len(units))
	for _, u := range units {
		byID[u.ID], all = u, append(all, u.ID)
	}
	up, err := h.s.Ancestors(ctx, h.d, brand, all, clock.Forever)
	h.must(err)
	below, members := map[id.ID]int64{}, map[id.ID]int64{}
	for _, u := range units {
		chain, path := []id.ID{u.ID}, u.Name
		for p := u.ParentID; p != 0; p = byID[p].ParentID {
			if len(chain) > org.MaxDepth+1 {
				h.t.Fatalf("%s lies in a circle", u.Path)
			}
			chain = append(chain, p)
			if byID[p].ParentID != 0 {
				path = byID[p].Name + "/" + path
			}
		}
		if u.ParentID == 0 {
			path = ""
		}
		if len(chain) != len(up[u.ID]) || u.Path != path || u.Depth != len(chain)-1 {
			h.t.Fatalf("%q (level %d): by parents %q %v, by links %v", u.Path, u.Depth, path, chain, up[u.ID])
		}
		for i, a := range chain {
			if up[u.ID][i] != a {
				h.t.Fatalf("%s: links %v, parents %v", u.Path, up[u.ID], chain)
			}
			below[a]++
			members[a] += u.Members
		}
	}
	for _, u := range units {
		if u.AllUnits != below[u.ID] || u.AllMembers != members[u.ID] {
			h.t.Fatalf("%q counts %d units and %d members, there are %d and %d", u.Path, u.AllUnits, u.AllMembers, below[u.ID], members[u.ID])
		}
	}
}
