package clock_test

import (
	"encoding/json"
	"testing"
	"time"

	"kosmos/internal/base/clock"
)

func TestDay(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 21, 17, 30, 0, 0, time.UTC) // already the 22nd in Shanghai
	if d := clock.DayOf(late, clock.Shanghai()); d != 20261122 {
		t.Fatal(d)
	}
	if d := clock.Day(20260228).Add(1); d != 20260301 {
		t.Fatal(d)
	}
	if n := clock.Day(20260301).Sub(20251231); n != 60 {
		t.Fatal(n)
	}
	if clock.Forever.Add(-3) != clock.Forever {
		t.Fatal("forever moved")
	}
	for _, bad := range []string{"2026-02-30", "yesterday", "20260101", ""} {
		if _, err := clock.ParseDay(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestWireForms(t *testing.T) {
	t.Parallel()
	type row struct {
		At    clock.Ms
		Never clock.Ms
		Day   clock.Day
		Open  clock.Day
	}
	b, err := json.Marshal(row{At: 1795305600123, Day: 20261122, Open: clock.Forever})
	want := `{"At":"2026-11-22T08:00:00.123+08:00","Never":null,"Day":"2026-11-22","Open":null}`
	if err != nil || string(b) != want {
		t.Fatalf("%s %v", b, err)
	}
	var r row
	if err := json.Unmarshal(b, &r); err != nil || r.At != 1795305600123 || r.Day != 20261122 || r.Never != 0 {
		t.Fatal(r, err)
	}
}
