package evidence_test

import (
	"slices"
	"strings"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/domain/evidence"
)

// TestDeletedStepsAreMissingInTheExport: a file says what the store lost, also where it was lost at the edge.
func TestDeletedStepsAreMissingInTheExport(t *testing.T) {
	t.Parallel()
	part := evidence.Export{From: 20261123, To: 20261124} // steps 4 to 9 of 12
	for name, c := range map[string]struct {
		delete string
		export evidence.Export
		want   []string
		check  []string
	}{
		"all":                     {"seq > 0", evidence.Export{}, []string{"gap:1-12"}, []string{"gap:1-12"}},
		"all, of some days":       {"seq > 0", part, []string{"gap:1-12"}, []string{"gap:1-12"}},
		"all, since a day":        {"seq > 0", evidence.Export{From: 20261123}, []string{"gap:1-12"}, []string{"gap:1-12"}},
		"all, to a day":           {"seq > 0", evidence.Export{To: 20261123}, []string{"gap:1-12"}, []string{"gap:1-12"}},
		"first of the days":       {"seq = 4", part, []string{"gap:4"}, []string{"gap:4"}},
		"last of the days":        {"seq = 9", part, []string{"gap:9"}, []string{"gap:9"}},
		"both edges":              {"seq IN (4, 5, 9)", part, []string{"gap:9", "gap:4-5"}, []string{"gap:4-5", "gap:9"}},
		"all of the days":         {"seq BETWEEN 4 AND 9", part, []string{"gap:4-9"}, []string{"gap:4-9"}},
		"the days and all after":  {"seq >= 8", part, []string{"gap:8-12"}, []string{"gap:8-12"}},
		"the days and all before": {"seq <= 5", part, []string{"gap:1-5"}, []string{"gap:1-5"}},
		"all since the day":       {"seq >= 4", evidence.Export{From: 20261123}, []string{"gap:4-12"}, []string{"gap:4-12"}},
		"all to the day":          {"seq <= 6", evidence.Export{To: 20261123}, []string{"gap:1-6"}, []string{"gap:1-6"}},
		"elsewhere":               {"seq IN (1, 12)", part, nil, []string{"gap:1", "gap:12"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
				k := newKit(t, d)
				k.days(t, 4)
				if v := verify(t, k.export(t, c.export), evidence.Pins{}); !v.OK {
					t.Fatal("before:", found(v))
				}
				if n, err := d.Exec(t.Context(), `DELETE FROM evidence_step WHERE brand_id = $1 AND `+c.delete, brand); err != nil || n == 0 {
					t.Fatal(n, err)
				}
				if v := verify(t, k.export(t, c.export), evidence.Pins{}); !slices.Equal(found(v), c.want) || v.OK != (c.want == nil) {
					t.Errorf("found %v, want %v", found(v), c.want)
				}
				k.check(t, c.check...)
			})
		})
	}
}

func TestHeadGoneWithTheSteps(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, sets(), func(t *testing.T, d *db.DB) {
		k := newKit(t, d)
		if v := verify(t, k.export(t, evidence.Export{}), evidence.Pins{}); !v.OK || !v.Whole {
			t.Error("a chain that has not begun:", found(v))
		}
		k.days(t, 2)
		for _, table := range []string{"evidence_step", "evidence_head"} {
			if _, err := d.Exec(t.Context(), `DELETE FROM `+table+` WHERE brand_id = $1`, brand); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"anchor:3", "anchor:6"}
		if v := verify(t, k.export(t, evidence.Export{}), evidence.Pins{}); !slices.Equal(found(v), want) {
			t.Error("export:", found(v))
		}
		k.check(t, want...)
	})
}

func TestManifestThatHidesSteps(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t, sets()))
	k.days(t, 3)
	whole := k.export(t, evidence.Export{})
	bare := []string{strings.Replace(strings.Replace(whole[0], `"first":1`, `"first":0`, 1), `"last":9`, `"last":0`, 1)}
	if v := verify(t, append(bare, whole[10:]...), evidence.Pins{}); !slices.Contains(found(v), "gap:1-9") {
		t.Error("a head without steps:", found(v))
	}
	part := k.export(t, evidence.Export{To: clock.Day(20261123)})
	part[0] = strings.Replace(part[0], `"last":6`, `"last":5`, 1)
	if v := verify(t, slices.Delete(part, 6, 7), evidence.Pins{}); !slices.Contains(found(v), "gap:6") {
		t.Error("an anchor beyond the last step:", found(v))
	}
}

func TestFileSavedAnewIsRefusedOnce(t *testing.T) {
	t.Parallel()
	k := newKit(t, dbtest.SQLite(t, sets()))
	k.days(t, 2)
	text := strings.Join(k.export(t, evidence.Export{}), "")
	for name, c := range map[string]struct{ text, want string }{
		"byte order mark": {"\ufeff" + text, "resaved:0"},
		"UTF-16":          {"\xff\xfe" + text, "resaved:0"},
		"CR LF":           {strings.ReplaceAll(text, "\n", "\r\n"), "resaved:0"},
		"empty":           {"", "empty:0"},
	} {
		if v := verify(t, []string{c.text}, evidence.Pins{}); v.OK || !slices.Equal(found(v), []string{c.want}) {
			t.Errorf("%s: %v", name, found(v))
		}
	}
}
