package notify_test

import (
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/domain/notify"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, clock.Shanghai())
	if err != nil {
		panic(err)
	}
	return t
}

func TestQuietUntil(t *testing.T) {
	t.Parallel()
	night, noon, none := notify.Quiet{From: 22 * 60, To: 8 * 60}, notify.Quiet{From: 12 * 60, To: 14 * 60}, notify.Quiet{}
	for _, x := range []struct {
		q          notify.Quiet
		from, want string
	}{
		{night, "2026-11-22 21:59", "2026-11-22 21:59"},
		{night, "2026-11-22 22:00", "2026-11-23 08:00"},
		{night, "2026-12-31 23:30", "2027-01-01 08:00"},
		{night, "2026-11-22 07:59", "2026-11-22 08:00"},
		{night, "2026-11-22 08:00", "2026-11-22 08:00"},
		{noon, "2026-11-22 12:30", "2026-11-22 14:00"},
		{noon, "2026-11-22 14:00", "2026-11-22 14:00"},
		{none, "2026-11-22 00:00", "2026-11-22 00:00"},
	} {
		if got := x.q.Until(at(x.from)); !got.Equal(at(x.want)) {
			t.Errorf("%v at %s: %s, want %s", x.q, x.from, got, x.want)
		}
	}
}

func TestDigestAfter(t *testing.T) {
	t.Parallel()
	monday := time.Monday
	for _, x := range []struct {
		from    string
		weekday *time.Weekday
		want    string
	}{
		{"2026-11-22 08:59", nil, "2026-11-22 09:00"},
		{"2026-11-22 09:00", nil, "2026-11-23 09:00"},
		{"2026-11-22 09:00", &monday, "2026-11-23 09:00"}, // a Sunday
		{"2026-11-23 08:00", &monday, "2026-11-23 09:00"},
		{"2026-11-23 09:00", &monday, "2026-11-30 09:00"},
	} {
		if got := notify.DigestAfter(at(x.from), 9*60, x.weekday); !got.Equal(at(x.want)) {
			t.Errorf("%s: %s, want %s", x.from, got, x.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	last := time.Duration(0)
	for n := 1; n < 6; n++ {
		if got := notify.Backoff(n); got <= last {
			t.Errorf("%d: %s", n, got)
		} else {
			last = got
		}
	}
	if notify.Backoff(99) != last || notify.Backoff(0) != time.Minute {
		t.Error(notify.Backoff(99), notify.Backoff(0))
	}
}
