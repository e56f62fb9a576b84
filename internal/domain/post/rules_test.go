package post

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/clock"
)

func ms(day string) clock.Ms {
	t, err := time.ParseInLocation("01-02 15:04", day, clock.Shanghai())
	if err != nil {
		panic(err)
	}
	return clock.MsOf(t.AddDate(2026, 0, 0))
}

// snap reads "07-01 09:00 views=3 likes=1", with "!n" for the learned-at and "daily" for a day-valued one.
func snap(s string) Snap {
	parts := strings.Fields(s)
	out := Snap{AsOf: ms(parts[0] + " " + parts[1]), Class: ClassFile}
	names := map[string]Counter{"views": Views, "likes": Likes, "saves": Saves, "followers": Followers, "gained": FollowersGained, "posts": Posts, "interactions": Interactions}
	for _, p := range parts[2:] {
		name, value, _ := strings.Cut(p, "=")
		var n int64
		switch {
		case p == "daily":
			out.Daily = true
		case p == "api":
			out.Class = ClassAPI
		case strings.HasPrefix(p, "!"):
			_, _ = fmt.Sscan(p[1:], &n)
			out.LearnedAt = clock.Ms(n)
		default:
			_, _ = fmt.Sscan(value, &n)
			out.Counters.Set(names[name], n)
		}
	}
	return out
}

func snaps(lines ...string) []Snap {
	out := make([]Snap, len(lines))
	for i, l := range lines {
		out[i] = snap(l)
	}
	return out
}

// show writes day figures as sorted text, leaving out what is neither known nor other than 0.
func show(days []DayFigures, account bool) string {
	var out []string
	for _, d := range days {
		for m, slug := range MetricSlugs() {
			if d.Values[m] != 0 || account && d.Has&(1<<m) != 0 {
				out = append(out, fmt.Sprintf("%04d %s %s=%d", int32(d.Day)%10000, d.Class, slug, d.Values[m]))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestPostDays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind      string
		published clock.Day
		snaps     []Snap
		want      string
	}{
		"nothing": {},
		"the opening is booked on the publish day": {
			published: 20260601, snaps: snaps("07-01 09:00 views=100 likes=5"),
			want: "0601 file interactions=5\n0601 file likes=5\n0601 file posts=1\n0601 file views=100",
		},
		"differences on their own days, falls too": {
			published: 20260601, snaps: snaps("07-01 09:00 views=100", "07-02 09:00 views=130", "07-03 09:00 views=90"),
			want: "0601 file posts=1\n0601 file views=100\n0702 file views=30\n0703 file views=-40",
		},
		"a correction of the same moment wins": {
			published: 20260601, snaps: snaps("07-01 09:00 !1 views=100", "07-02 09:00 !2 views=900", "07-02 09:00 !3 views=120"),
			want: "0601 file posts=1\n0601 file views=100\n0702 file views=20",
		},
		"a correction that tells less keeps the rest": {
			published: 20260601, snaps: snaps("07-01 09:00 !1 views=100 likes=3", "07-01 09:00 !2 views=110"),
			want: "0601 file interactions=3\n0601 file likes=3\n0601 file posts=1\n0601 file views=110",
		},
		"missing is not 0": {
			published: 20260601, snaps: snaps("07-01 09:00 views=100", "07-02 09:00 likes=7", "07-03 09:00 views=101 likes=8"),
			want: "0601 file interactions=7\n0601 file likes=7\n0601 file posts=1\n0601 file views=100\n0703 file interactions=1\n0703 file likes=1\n0703 file views=1",
		},
		"each difference has the origin of who told it": {
			published: 20260601, snaps: snaps("07-01 09:00 views=1", "07-02 09:00 api views=3"),
			want: "0601 file posts=1\n0601 file views=1\n0702 api views=2",
		},
		"an unknown publish day is the first moment's": {snaps: snaps("07-01 09:00 views=1"), want: "0701 file posts=1\n0701 file views=1"},
		"a live session is no post":                    {kind: KindLive, published: 20260601, snaps: snaps("07-01 09:00 views=1"), want: "0601 file lives=1\n0601 file views=1"},
		"days are cut in the brand's zone":             {published: 20260601, snaps: snaps("07-01 09:00 views=1", "07-02 00:00 views=2"), want: "0601 file posts=1\n0601 file views=1\n0702 file views=1"},
	} {
		if got := show(Days(c.kind, c.published, c.snaps, clock.Shanghai()), false); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestAccountDays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		snaps []Snap
		want  string
	}{
		"the first state says nothing about a day":    {snaps: snaps("07-01 09:00 followers=1000")},
		"a difference belongs to the later day":       {snaps: snaps("07-01 09:00 followers=1000", "07-02 09:00 followers=990"), want: "0702 file followers_gained=-10"},
		"a difference speaks for the days of a gap":   {snaps: snaps("07-01 09:00 views=10", "07-04 09:00 views=40"), want: "0702 file views=0\n0703 file views=0\n0704 file views=30"},
		"two states of one day add up":                {snaps: snaps("07-01 09:00 views=10", "07-02 09:00 views=15", "07-02 21:00 views=17"), want: "0702 file views=7"},
		"a day value is booked as it is":              {snaps: snaps("07-02 09:00 daily views=12"), want: "0702 file views=12"},
		"the newest moment of a day stands":           {snaps: snaps("07-02 09:00 daily views=12", "07-02 23:00 daily views=15"), want: "0702 file views=15"},
		"a day value wins over a difference":          {snaps: snaps("07-01 09:00 views=10", "07-02 09:00 views=15", "07-02 09:00 daily views=4"), want: "0702 file views=4"},
		"followers in a daily table are a state":      {snaps: snaps("07-01 09:00 daily followers=10", "07-02 09:00 daily followers=12"), want: "0702 file followers_gained=2"},
		"gained wins over the state's difference":     {snaps: snaps("07-01 09:00 daily followers=10", "07-02 09:00 daily followers=12 gained=5"), want: "0702 file followers_gained=5"},
		"interactions are the sum of known parts":     {snaps: snaps("07-01 09:00 likes=1", "07-02 09:00 likes=3 saves=50"), want: "0702 file interactions=2\n0702 file likes=2"},
		"a told total wins over the sum of parts":     {snaps: snaps("07-01 09:00 likes=1 interactions=9", "07-02 09:00 likes=3 interactions=10"), want: "0702 file interactions=1\n0702 file likes=2"},
		"gained beside states is a day value alone":   {snaps: snaps("07-01 09:00 likes=5 gained=2", "07-02 09:00 likes=9 gained=3"), want: "0701 file followers_gained=2\n0702 file followers_gained=3\n0702 file interactions=4\n0702 file likes=4"},
		"another origin corrects one part":            {snaps: snaps("07-02 09:00 !1 daily likes=5 saves=2", "07-02 09:00 !2 api daily likes=6"), want: "0702 api interactions=8\n0702 api likes=6\n0702 file saves=2"},
		"another origin replaces the day it corrects": {snaps: snaps("07-02 09:00 daily views=12", "07-02 10:00 daily api views=13"), want: "0702 api views=13"},
	} {
		if got := show(AccountDays(c.snaps, clock.Shanghai()), true); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// Days do not depend on the order in which snapshots are given, and a post's figures add up to its newest counters.
func TestDaysAreAFunctionOfTheSnapshotsAlone(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	for range 500 {
		n := 1 + rng.IntN(8)
		list := make([]Snap, n)
		for i := range list {
			s := Snap{AsOf: clock.Ms(1782867600000 + rng.Int64N(5)*43200000), LearnedAt: clock.Ms(i + 1), Class: Class(1 + rng.IntN(3)), Daily: rng.IntN(3) == 0}
			for c := Views; c < NumCounters; c++ {
				if rng.IntN(2) == 0 {
					s.Counters.Set(c, rng.Int64N(50))
				}
			}
			list[i] = s
		}
		posts, accounts := show(Days("", 20260601, list, clock.Shanghai()), false), show(AccountDays(list, clock.Shanghai()), true)
		shuffled := slices.Clone(list)
		rng.Shuffle(n, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := show(Days("", 20260601, shuffled, clock.Shanghai()), false); got != posts {
			t.Fatalf("post days:\n%s\nand\n%s", posts, got)
		}
		if got := show(AccountDays(shuffled, clock.Shanghai()), true); got != accounts {
			t.Fatalf("account days:\n%s\nand\n%s", accounts, got)
		}
		latest, _ := Latest(list)
		var views int64
		for _, d := range Days("", 20260601, list, clock.Shanghai()) {
			views += d.Values[MViews]
		}
		if v, _ := latest.Get(Views); v != views {
			t.Fatalf("the days add up to %d views, the newest is %d", views, v)
		}
	}
}

// A suffix of the snapshots that settledBy accepts gives the same change of days as the whole history.
func TestASettledSuffixChangesTheSameDays(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 9))
	change := func(before []Snap, s Snap) string {
		l := newLedger(1)
		l.add(5, BasisAccount, AccountDays(before, clock.Shanghai()), -1)
		l.add(5, BasisAccount, AccountDays(append(slices.Clone(before), s), clock.Shanghai()), +1)
		var out []string
		for _, d := range l.list() {
			out = append(out, fmt.Sprint(d.Day, d.Class, d.Set, d.Clear, d.Values))
		}
		return strings.Join(out, "\n")
	}
	settled := 0
	for range 3000 {
		random := func(learned int) Snap {
			s := Snap{AsOf: clock.Ms(1782867600000 + rng.Int64N(8)*86400000), LearnedAt: clock.Ms(learned), Class: Class(1 + rng.IntN(2)), Daily: rng.IntN(2) == 0}
			for _, c := range []Counter{Views, Likes, Saves, FollowersGained, Followers, Interactions} {
				if rng.IntN(3) > 0 {
					s.Counters.Set(c, rng.Int64N(50))
				}
			}
			return s
		}
		history := make([]Snap, 1+rng.IntN(6))
		for i := range history {
			history[i] = random(i + 1)
		}
		s := random(100)
		since := s.AsOf - clock.Ms(1+rng.IntN(5))*12*3600*1000
		var suffix []Snap
		for _, h := range history {
			if h.AsOf >= since {
				suffix = append(suffix, h)
			}
		}
		mask := stateMask(s.Daily, s.Counters.has)
		n := accountNeed{first: s.AsOf, states: mask, daily: s.Counters.has &^ mask}
		if !n.settledBy(suffix, newCalendar(clock.Shanghai())) {
			continue
		}
		settled++
		if whole, part := change(history, s), change(suffix, s); whole != part {
			t.Fatalf("history %+v\nand %+v:\n%s\nfrom the suffix\n%s", history, s, whole, part)
		}
	}
	if settled < 100 {
		t.Errorf("only %d cases were settled by their suffix", settled)
	}
}

func TestNormTitle(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Ａｂｃ　好看\u200b 的 裙子！ ": "abc好看的裙子!", "": "", strings.Repeat("长", 300): strings.Repeat("长", 120), "😀 a\nb": "😀ab",
	} {
		if got := NormTitle(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
