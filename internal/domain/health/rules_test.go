package health

import (
	"fmt"
	"testing"

	"kosmos/internal/base/clock"
)

const today clock.Day = 20261122

func n(v int64) *int64 { return &v }

func working() Facts {
	return Facts{
		Kind: "employee", Status: "ok", CreatedDay: 20250101, LastPostDay: 20261120, Posts30: 6,
		RecentViews: []int64{400, 500, 600, 700, 500, 450, 300, 900, 800, 500}, Views: n(8000), Engagement30: &Ratio{300, 6000},
		Followers: n(1000), Gained30: n(20), Inquiries: n(12), Leads: n(3), Replies: n(11), History: 400,
	}
}

var league = Peer{Accounts: 40, MedianViews: 500, MedianPosts: 4, Engagement: Ratio{5, 100}, GrowthMedian: Ratio{1, 100}}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	s := Defaults()
	cases := map[string]struct {
		change func(*Facts)
		want   Cause
		since  clock.Day
	}{
		"works":                        {func(*Facts) {}, "", 0},
		"banned beats sleep":           {func(f *Facts) { f.Status, f.StatusSince, f.LastPostDay = "banned", 20261101, 20260101 }, Banned, 20261101},
		"token lost":                   {func(f *Facts) { f.Status, f.StatusSince = "token_expired", 20261110 }, TokenLost, 20261110},
		"30 days silent is not asleep": {func(f *Facts) { f.LastPostDay = today.Add(-30) }, "", 0},
		"31 days silent is asleep":     {func(f *Facts) { f.LastPostDay = today.Add(-31) }, Stopped, today.Add(-31)},
		"a store has 60 days":          {func(f *Facts) { f.Kind, f.LastPostDay = "store", today.Add(-60) }, "", 0},
		"a store after 61 days":        {func(f *Facts) { f.Kind, f.LastPostDay = "store", today.Add(-61) }, Stopped, today.Add(-61)},
		"new and silent is no zombie":  {func(f *Facts) { f.LastPostDay, f.CreatedDay = 0, today.Add(-10) }, "", 0},
		"never posted":                 {func(f *Facts) { f.LastPostDay, f.CreatedDay = 0, today.Add(-31) }, NeverPosted, today.Add(-31)},
		"unseen":                       {func(f *Facts) { f.RecentViews = []int64{3, 9, 40, 12, 30, 8, 9, 20, 49, 10} }, Unseen, 20261120},
		"nine posts are too few":       {func(f *Facts) { f.RecentViews = []int64{3, 9, 40, 12, 30, 8, 9, 20, 49} }, "", 0},
		"no replies":                   {func(f *Facts) { f.Replies = n(0) }, NoReplies, today.Add(-60)},
		"one answer in twelve is none": {func(f *Facts) { f.Replies = n(1) }, NoReplies, today.Add(-60)},
		"two answers in twelve do":     {func(f *Facts) { f.Replies = n(2) }, "", 0},
		"two who asked are too few":    {func(f *Facts) { f.Inquiries, f.Replies = n(2), n(0) }, "", 0},
		"replies were never told":      {func(f *Facts) { f.Replies = nil }, "", 0},
		"nine who asked are too few":   {func(f *Facts) { f.Inquiries, f.Leads, f.Replies = n(9), n(0), n(9) }, "", 0},
		"not converting":               {func(f *Facts) { f.Leads = n(0) }, NotConverting, today.Add(-60)},
		"unasked":                      {func(f *Facts) { f.Inquiries, f.Leads = nil, n(0) }, Unasked, today.Add(-60)},
		"unknown is not zero":          {func(f *Facts) { f.Inquiries, f.Leads = nil, nil }, "", 0},
		"too few views to be asked":    {func(f *Facts) { f.Inquiries, f.Leads, f.Views = n(0), n(0), n(900) }, "", 0},
	}
	for name, c := range cases {
		f := working()
		c.change(&f)
		d, found := Diagnose(f, league, s, today)
		if d.Cause != c.want || found != (c.want != "") || d.Since != c.since {
			t.Errorf("%s: got %+v %v", name, d, found)
		}
	}
}

func TestCausesWithoutFiguresStaySilentAndSayWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(*Facts)
		want   string
	}{
		{func(*Facts) {}, "[]"},
		{func(f *Facts) { f.Replies = nil }, "[{no_replies [replies]}]"},
		{func(f *Facts) { f.Leads = nil }, "[{not_converting [leads]}]"},
		{func(f *Facts) { f.Inquiries, f.Replies, f.Leads = nil, nil, nil }, "[{no_replies [inquiries replies]} {not_converting [inquiries leads]} {unasked [inquiries leads]}]"},
	} {
		f := working()
		c.change(&f)
		if got := fmt.Sprint(Silent(f.Missing())); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestLadder(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]int{0: 0, 29: 0, 30: 1, 44: 1, 45: 2, 60: 3, 90: 4, 400: 4} {
		if got := Step(Defaults().Ladder, days); got != want {
			t.Errorf("%d days: step %d, want %d", days, got, want)
		}
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	s := Defaults()
	good := Rate(working(), league, s, today)
	if good.Points < s.Green || len(good.Parts) != 5 {
		t.Fatalf("%+v", good)
	}
	asleep := working()
	asleep.LastPostDay, asleep.Posts30, asleep.Engagement30 = today.Add(-80), 0, nil
	if r := Rate(asleep, league, s, today); r.Points >= good.Points || r.Points >= s.Green {
		t.Fatalf("a sleeper scores %d, a worker %d", r.Points, good.Points)
	}
	banned := working()
	banned.Status = "banned"
	if r := Rate(banned, league, s, today); r.Points > 10 || s.Band(r.Points) != "red" {
		t.Fatalf("%+v", r)
	}
	bare := Facts{Status: "ok", CreatedDay: today} // a new account without figures: only known parts count
	if r := Rate(bare, league, s, today); len(r.Parts) != 2 {
		t.Fatalf("%+v", r)
	}
	for _, f := range []Facts{working(), asleep, banned, bare} {
		if r := Rate(f, Peer{}, s, today); r.Points < 0 || r.Points > 100 {
			t.Fatalf("%d out of 0-100", r.Points)
		}
	}
}

func TestCliff(t *testing.T) {
	t.Parallel()
	s := Defaults()
	for _, c := range []struct {
		before, after int64
		want          bool
	}{{1000, 900, true}, {1000, 901, false}, {100, 60, false}, {0, 0, false}, {1000, 1100, false}} {
		if Cliff(c.before, c.after, s) != c.want {
			t.Errorf("%+v", c)
		}
	}
}
