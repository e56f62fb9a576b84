package evidence_test

import (
	"context"
	"testing"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/evidence"
)

// TestAHeadTurnedBackWithinTheDayIsFound: somebody with the store deletes the newest steps, or writes them anew, before the
// day's anchor is made.
func TestAHeadTurnedBackWithinTheDayIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		var logged []evidence.Mark
		turned := 0
		k.Marked = func(_ context.Context, b id.ID, m evidence.Mark) {
			if b == brand {
				logged = append(logged, m)
			}
		}
		k.TurnedBack = func(context.Context, id.ID, evidence.Mark, evidence.Head) { turned++ }
		mark := func() {
			t.Helper()
			k.c.Advance(5 * time.Minute)
			for range 2 { // a head that did not move is not told again
				if err := k.MarkAll(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		mark() // an empty chain has no head
		for n := range 3 {
			k.append(t, step(brand, 1, n))
			mark()
		}
		if len(logged) != 3 || logged[2].Seq != 3 || turned != 0 {
			t.Fatalf("%+v, turned back %d times", logged, turned)
		}
		k.check(t)
		exec := func(text string, args ...any) {
			t.Helper()
			if n, err := d.Exec(t.Context(), text, args...); err != nil || n == 0 {
				t.Fatal(n, err)
			}
		}
		// the last two steps go, and the head with them: the chain is whole, only shorter
		exec(`DELETE FROM evidence_step WHERE brand_id = $1 AND seq > 1`, brand)
		exec(`DELETE FROM evidence_text WHERE brand_id = $1 AND seq > 1`, brand)
		exec(`UPDATE evidence_head SET seq = 1, hash = $1 WHERE brand_id = $2`, logged[0].Hash, brand)
		k.check(t, "head:2", "head:3")
		if mark(); turned != 2 {
			t.Errorf("told %d times", turned)
		}
		// others are written in their place, and the marks in the store are deleted: the log still knows
		k.append(t, step(brand, 1, 77), step(brand, 1, 78), step(brand, 1, 79))
		if mark(); turned != 3 || len(logged) != 4 {
			t.Errorf("a longer chain, other steps at the marks: told %d times, %d marks", turned, len(logged))
		}
		exec(`DELETE FROM evidence_mark WHERE brand_id = $1`, brand)
		k.check(t)
		lines := k.export(t, evidence.Export{})
		if v := verify(t, lines, evidence.Pins{}); !v.OK {
			t.Fatal(found(v))
		}
		if v := verify(t, lines, evidence.Pins{Heads: map[int64]string{logged[2].Seq: logged[2].Hash}}); v.OK || found(v)[0] != "head:3" {
			t.Error("the head in the log does not tell:", found(v))
		}
	})
}

// TestMarksBehindAnAnchorAreForgotten: an anchor holds all before it.
func TestMarksBehindAnAnchorAreForgotten(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, sets())
	k := newKit(t, d)
	for n := range 3 {
		k.append(t, step(brand, 1, n))
		if err := k.MarkAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.c.Advance(24 * time.Hour)
	}
	if err := k.AnchorAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.append(t, step(brand, 1, 9))
	if err := k.MarkAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, err := db.One[int64](t.Context(), d, `SELECT COUNT(*) FROM evidence_mark WHERE brand_id = $1`, brand)
	if err != nil || n != 2 { // the one that is the anchor, and the newest
		t.Fatal(n, err)
	}
	k.check(t)
}
