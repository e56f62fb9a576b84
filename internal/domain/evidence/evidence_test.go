package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/seal"
	"kosmos/internal/base/web/webtest"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/identity"
)

const brand id.ID = 7

type house struct{}

func (house) Scope(_ context.Context, _ db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error) {
	roots, all := actor.Roots(permission)
	if all && unit == "" {
		return authz.Scope{BrandID: actor.BrandID, All: true}, nil
	}
	if unit != "" && !all && (len(roots) == 0 || unit != roots[0].String()) {
		return authz.Scope{}, errs.New(errs.NotFound, "org.unit_not_found")
	}
	return authz.Scope{BrandID: actor.BrandID, Roots: roots, Units: roots}, nil
}

func (house) SystemActors(context.Context) ([]authz.Actor, error) {
	return []authz.Actor{authz.SystemActor(brand, clock.Shanghai()), authz.SystemActor(8, clock.Shanghai())}, nil
}

func (house) Brands(context.Context) ([]identity.Brand, error) {
	return []identity.Brand{{ID: brand, Slug: "acme", Name: "示例"}, {ID: 8, Slug: "other", Name: "另一家"}}, nil
}

type kit struct {
	*evidence.Service
	d *db.DB
	c *clock.Fake
}

func newKit(t *testing.T, d *db.DB) kit {
	t.Helper()
	box, err := seal.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(webtest.Time())
	ids := id.NewSource(1, c.Now)
	return kit{evidence.New(evidence.Deps{DB: d, Clock: c, Box: box, Audit: audit.New(d, ids, c), Scopes: house{}, Brands: house{}}), d, c}
}

func sets() []migrate.Set { return []migrate.Set{evidence.Migrations()} }

func system(b id.ID) authz.Actor { return authz.SystemActor(b, clock.Shanghai()) }

func person() authz.Actor {
	return authz.Actor{Kind: authz.User, BrandID: brand, UserID: 31, Name: "王小明"}
}

func step(b id.ID, object id.ID, n int) evidence.Step {
	return evidence.Step{
		BrandID: b, UnitID: 11, Kind: "desk.reviewed", Object: "submission", ObjectID: object, Actor: person(),
		Body: map[string]any{"verdict": "approve", "n": n}, Texts: map[string]string{"text": fmt.Sprintf("第 %d 段文字", n)},
	}
}

func (k kit) append(t *testing.T, steps ...evidence.Step) {
	t.Helper()
	err := k.d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return k.Append(ctx, tx, steps...) })
	if err != nil {
		t.Fatal(err)
	}
}

// days writes three steps a day for some days and anchors them.
func (k kit) days(t *testing.T, n int) {
	t.Helper()
	for day := range n {
		for i := range 3 {
			k.append(t, step(brand, id.ID(100+i), day*3+i))
			k.c.Advance(time.Minute)
		}
		k.c.Advance(24 * time.Hour)
	}
	if err := k.AnchorAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (k kit) check(t *testing.T, want ...string) evidence.Verdict {
	t.Helper()
	v, err := k.Check(t.Context(), system(brand))
	if err != nil {
		t.Fatal(err)
	}
	if got := found(v); !slices.Equal(got, want) || v.OK != (len(want) == 0) {
		t.Errorf("found %v, want %v", got, want)
	}
	return v
}

// found lists faults as "what:seq".
func found(v evidence.Verdict) []string {
	var out []string
	for _, f := range v.Faults {
		s := fmt.Sprintf("%s:%d", f.What, f.Seq)
		if f.To > f.Seq {
			s += fmt.Sprintf("-%d", f.To)
		}
		out = append(out, s)
	}
	return out
}

func (k kit) export(t *testing.T, e evidence.Export) []string {
	t.Helper()
	var b bytes.Buffer
	if _, err := k.Write(t.Context(), system(brand), e, &b); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(b.String(), "\n")
	return lines[:len(lines)-1] // nothing follows the last line's end
}

func verify(t *testing.T, lines []string, pins evidence.Pins) evidence.Verdict {
	t.Helper()
	v, err := evidence.Verify(strings.NewReader(strings.Join(lines, "")), pins)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRaceKeepsOneExactOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		killed := errors.New("killed before commit")
		const writers, each = 6, 12
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					b := brand
					if w == 0 {
						b = 8 // another brand's chain does not wait nor mix
					}
					err := d.Tx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
						if err := k.Append(ctx, tx, step(b, id.ID(w+1), i), step(b, id.ID(w+1), i+1000)); err != nil {
							return err
						}
						if i%4 == 3 {
							return killed
						}
						return nil
					})
					if err != nil && !errors.Is(err, killed) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if v := k.check(t); v.Steps != (writers-1)*each*2*3/4 {
			t.Errorf("%d steps", v.Steps)
		}
		if v, err := k.Check(t.Context(), system(8)); err != nil || !v.OK || v.Steps != each*2*3/4 {
			t.Errorf("%+v %v", v, err)
		}
	})
}

func TestTamperingWithTheStoreIsNamed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		k.days(t, 3)
		k.check(t)
		exec := func(text string, args ...any) {
			t.Helper()
			if n, err := d.Exec(t.Context(), text, args...); err != nil || n == 0 {
				t.Fatal(n, err)
			}
		}
		was := func(seq int) string {
			t.Helper()
			row, err := db.One[string](t.Context(), d, `SELECT row_json FROM evidence_step WHERE brand_id = $1 AND seq = $2`, brand, seq)
			if err != nil {
				t.Fatal(err)
			}
			return row
		}
		row := was(4)
		exec(`UPDATE evidence_step SET row_json = $1 WHERE brand_id = $2 AND seq = 4`, strings.Replace(row, "approve", "reject", 1), brand)
		k.check(t, "edited:4")
		if v := verify(t, k.export(t, evidence.Export{}), evidence.Pins{}); !slices.Contains(found(v), "edited:4") {
			t.Error("the export hides an edit:", found(v))
		}
		exec(`UPDATE evidence_step SET row_json = $1 WHERE brand_id = $2 AND seq = 4`, row, brand)
		exec(`UPDATE evidence_step SET object_id = 999 WHERE brand_id = $1 AND seq = 5`, brand) // filed elsewhere
		k.check(t, "edited:5")
		exec(`UPDATE evidence_step SET object_id = 101 WHERE brand_id = $1 AND seq = 5`, brand)
		// swap two rows
		exec(`UPDATE evidence_step SET seq = -6 WHERE brand_id = $1 AND seq = 6`, brand)
		exec(`UPDATE evidence_step SET seq = 6 WHERE brand_id = $1 AND seq = 7`, brand)
		exec(`UPDATE evidence_step SET seq = 7 WHERE brand_id = $1 AND seq = -6`, brand)
		if v, err := k.Check(t.Context(), system(brand)); err != nil || v.OK {
			t.Error("a swap is not seen", err)
		}
		exec(`UPDATE evidence_step SET seq = -6 WHERE brand_id = $1 AND seq = 6`, brand)
		exec(`UPDATE evidence_step SET seq = 6 WHERE brand_id = $1 AND seq = 7`, brand)
		exec(`UPDATE evidence_step SET seq = 7 WHERE brand_id = $1 AND seq = -6`, brand)
		k.check(t)
		exec(`DELETE FROM evidence_step WHERE brand_id = $1 AND seq = 5`, brand)
		k.check(t, "gap:5")
		exec(`DELETE FROM evidence_step WHERE brand_id = $1 AND seq >= 8`, brand)
		k.check(t, "gap:5", "gap:8-9")
	})
}

func TestTamperingWithTheFileIsNamed(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, sets())
	k := newKit(t, d)
	k.days(t, 3)
	lines := k.export(t, evidence.Export{})
	if len(lines) != 1+9+3+1 {
		t.Fatalf("%d lines", len(lines))
	}
	good := verify(t, lines, evidence.Pins{})
	if !good.OK || !good.Whole || good.Steps != 9 || good.Anchors != 3 || good.Texts != 18 || good.Brand != "acme" {
		t.Fatalf("%+v", good)
	}
	anchors, err := k.Anchors(t.Context(), system(brand), 10)
	if err != nil || len(anchors) != 3 || anchors[0].Seq != 9 || anchors[2].Seq != 3 || anchors[2].Day != 20261122 {
		t.Fatalf("%+v %v", anchors, err)
	}
	edit := func(i int, old, fresh string) []string {
		c := slices.Clone(lines)
		if c[i] = strings.Replace(c[i], old, fresh, 1); c[i] == lines[i] {
			t.Fatalf("%q is not in %s", old, lines[i])
		}
		return c
	}
	cut := func(i, j int) []string { return slices.Delete(slices.Clone(lines), i, j) }
	swapped := slices.Clone(lines)
	swapped[4], swapped[5] = swapped[5], swapped[4]
	for name, c := range map[string]struct {
		lines []string
		pins  evidence.Pins
		want  []string
	}{
		"edited body":        {edit(4, `"approve"`, `"reject"`), evidence.Pins{}, []string{"edited:4", "digest:0"}},
		"edited text":        {edit(4, `第 3 段`, `第 8 段`), evidence.Pins{}, []string{"text:4", "digest:0"}},
		"edited hash":        {edit(4, `"hash":"`, `"hash":"0`), evidence.Pins{}, []string{"edited:4", "link:5", "digest:0"}},
		"a space":            {edit(4, `{"hash"`, `{ "hash"`), evidence.Pins{}, []string{"form:0", "digest:0"}},
		"one step gone":      {cut(4, 5), evidence.Pins{}, []string{"gap:4", "count:0", "digest:0"}},
		"first step gone":    {cut(1, 2), evidence.Pins{}, []string{"gap:1", "count:0", "digest:0"}},
		"swapped":            {swapped, evidence.Pins{}, []string{"order:4", "digest:0"}},
		"doubled":            {slices.Insert(slices.Clone(lines), 4, lines[3]), evidence.Pins{}, []string{"twice:3", "count:0", "digest:0"}},
		"end gone":           {lines[:13], evidence.Pins{}, []string{"cut:0"}},
		"cut in the middle":  {lines[:8], evidence.Pins{}, []string{"gap:8-9", "cut:0"}},
		"cut in a line":      {append(slices.Clone(lines[:8]), lines[8][:40]), evidence.Pins{}, []string{"gap:8-9", "cut:0", "form:0"}},
		"something after":    {append(slices.Clone(lines), lines[3]), evidence.Pins{}, []string{"form:0"}},
		"anchor gone":        {cut(11, 12), evidence.Pins{}, []string{"anchorgap:0", "count:0", "digest:0"}},
		"anchor edited":      {edit(11, `"seq":6`, `"seq":5`), evidence.Pins{}, []string{"anchor:5", "signature:5", "digest:0"}},
		"signature":          {edit(13, `"signature":"`, `"signature":"00`), evidence.Pins{}, []string{"signature:0"}},
		"another key":        {lines, evidence.Pins{Key: strings.Repeat("ab", 32)}, []string{"key:0"}},
		"kept anchor":        {lines, evidence.Pins{Anchors: map[clock.Day]string{20261123: strings.Repeat("ab", 32)}}, []string{"pinned:6"}},
		"kept, not there":    {lines, evidence.Pins{Anchors: map[clock.Day]string{20261201: strings.Repeat("ab", 32)}}, []string{"pinned:0"}},
		"pins that hold":     {lines, evidence.Pins{Key: good.Key, Anchors: map[clock.Day]string{20261123: anchors[1].Hash}}, nil},
		"a head that holds":  {lines, evidence.Pins{Heads: map[int64]string{6: anchors[1].Hash}}, nil},
		"a head that is not": {lines, evidence.Pins{Heads: map[int64]string{6: anchors[0].Hash}}, []string{"head:6"}},
		"a head beyond":      {lines, evidence.Pins{Heads: map[int64]string{12: anchors[0].Hash}}, []string{"head:12"}},
		"nothing":            {nil, evidence.Pins{}, []string{"empty:0"}},
		"another file":       {[]string{"hello\n"}, evidence.Pins{}, []string{"cut:0", "form:0"}},
	} {
		v := verify(t, c.lines, c.pins)
		got := slices.DeleteFunc(found(v), func(s string) bool { return s == "start:0" })
		if !slices.Equal(got, c.want) || v.OK != (len(c.want) == 0) {
			t.Errorf("%s: found %v, want %v", name, got, c.want)
		}
	}
}

func TestPartsAndErasure(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		k.days(t, 4)
		part := verify(t, k.export(t, evidence.Export{From: 20261123, To: 20261124}), evidence.Pins{})
		if !part.OK || part.Whole || part.First != 4 || part.Last != 9 || part.Anchors != 2 {
			t.Fatalf("%+v", part)
		}
		if v := verify(t, k.export(t, evidence.Export{From: 20270101}), evidence.Pins{}); !v.OK || v.Steps != 0 {
			t.Fatalf("%+v", v)
		}
		n, err := k.Erase(t.Context(), system(brand), "submission", 101, "本人要求")
		if err != nil || n != 8 {
			t.Fatal(n, err)
		}
		if _, err := k.Erase(t.Context(), system(brand), "submission", 555, "x"); !errs.Is(err, "evidence.nothing_to_erase") {
			t.Fatal(err)
		}
		k.check(t)
		lines := k.export(t, evidence.Export{})
		if v := verify(t, lines, evidence.Pins{}); !v.OK || v.Erased != 8 || v.Steps != 13 {
			t.Fatalf("%+v", v)
		}
		if text := strings.Join(lines, ""); strings.Contains(text, "第 1 段文字") || !strings.Contains(text, "第 2 段文字") || !strings.Contains(text, "本人要求") {
			t.Error("the wrong texts were erased")
		}
		if row, err := db.One[string](t.Context(), d, `SELECT row_json FROM evidence_step WHERE brand_id = $1 AND seq = 2`, brand); err != nil || strings.Contains(row, "段文字") || strings.Contains(row, "王小明") {
			t.Error("a personal text is in the chain:", row, err)
		}
	})
}

func TestAnchorsCatchUpAndTimeNeverRunsBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		if err := k.AnchorAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.append(t, step(brand, 1, 1))
		k.c.Advance(-time.Hour) // a clock that was set back
		k.append(t, step(brand, 1, 2))
		k.check(t)
		k.c.Advance(300 * 24 * time.Hour)
		for range 2 {
			if err := k.AnchorAll(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		list, err := k.Anchors(t.Context(), system(brand), 1000)
		if err != nil || len(list) != 300 || list[0].Seq != 2 {
			t.Fatal(len(list), err)
		}
		k.c.Set(webtest.Time()) // another process whose clock is far behind
		k.append(t, step(brand, 1, 3))
		if v := k.check(t); v.Anchors != 300 || v.Steps != 3 {
			t.Fatalf("%+v", v)
		}
	})
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		k.days(t, 1)
		other := step(brand, 200, 50)
		other.UnitID = 12
		k.append(t, other)
		texts, err := i18n.Load(i18n.Source{Room: "evidence", FS: evidence.Module(k.Service, nil, "").Messages})
		if err != nil {
			t.Fatal(err)
		}
		m := evidence.Module(k.Service, texts, "test")
		room := webtest.New(t, webtest.Room{Permissions: m.Permissions, Messages: []i18n.Source{{Room: m.Name, FS: m.Messages}}, Routes: m.Routes, Clock: k.c})
		officer, store := webtest.Actor(brand, authz.Compliance), webtest.Actor(brand, authz.StoreManager, 11)
		regional, kos := webtest.Actor(brand, authz.Compliance, 11), webtest.Actor(brand, authz.KOS, 11)
		room.Run(t, []webtest.Scenario{
			{Name: "newest first", URL: "/api/v1/evidence/steps?limit=2", Actor: &officer, JSON: map[string]any{"items.#": 2, "items.0.seq": 4, "items.0.actor_name": "王小明", "items.0.texts.text": "第 50 段文字"}, Contains: []string{`"next":`}},
			{Name: "of an object", URL: "/api/v1/evidence/steps?object=submission&object_id=101", Actor: &officer, JSON: map[string]any{"items.#": 1, "items.0.body.verdict": "approve"}},
			{Name: "of a room and a day", URL: "/api/v1/evidence/steps?kind=desk.&from=2026-11-22&to=2026-11-22", Actor: &officer, JSON: map[string]any{"items.#": 3}},
			{Name: "own units only", URL: "/api/v1/evidence/steps", Actor: &store, JSON: map[string]any{"items.#": 3}},
			{Name: "another unit", URL: "/api/v1/evidence/steps?unit=12", Actor: &store, Status: 404},
			{Name: "not for a KOS", URL: "/api/v1/evidence/steps", Actor: &kos, Status: 403},
			{Name: "head", URL: "/api/v1/evidence/head", Actor: &store, JSON: map[string]any{"steps": 4, "anchors.#": 1, "anchors.0.steps": 3}},
			{Name: "check", Method: "POST", URL: "/api/v1/evidence/check", Actor: &store, JSON: map[string]any{"ok": true, "steps": 4}},
			{Name: "export", URL: "/api/v1/evidence/export?format=jsonl", Actor: &officer, Contains: []string{`"type":"manifest"`, `"type":"end"`}},
			{Name: "zip", URL: "/api/v1/evidence/export", Actor: &officer, Contains: []string{"PK", "evidence.jsonl"}},
			{Name: "the whole chain is not a region's", URL: "/api/v1/evidence/export", Actor: &regional, Status: 403},
			{Name: "days the wrong way round", URL: "/api/v1/evidence/export?from=2026-11-22&to=2026-11-01", Actor: &officer, Status: 422},
			{Name: "erase says why", Method: "POST", URL: "/api/v1/evidence/erase", Actor: &officer, Body: map[string]any{"object": "submission", "object_id": "101", "reason": " "}, Status: 422},
			{Name: "erase", Method: "POST", URL: "/api/v1/evidence/erase", Actor: &officer, Body: map[string]any{"object": "submission", "object_id": "101", "reason": "本人要求"}, JSON: map[string]any{"texts": 2}},
			{Name: "erased", URL: "/api/v1/evidence/steps?object=submission&object_id=101", Actor: &officer, Contains: []string{`"erased":["text"]`, "本人要求"}, Lacks: []string{"第 1 段文字"}},
		})
	})
}
