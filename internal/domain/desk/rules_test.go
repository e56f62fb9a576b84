package desk

import (
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai())
	if err != nil {
		panic(err)
	}
	return t
}

func TestBusinessHours(t *testing.T) {
	t.Parallel()
	set := Defaults()
	set.Holidays = []clock.Day{20261201}
	for _, c := range []struct {
		from    string
		minutes int
		due     string
	}{
		{"2026-11-23 10:00", 120, "2026-11-23 12:00"},
		{"2026-11-23 07:00", 60, "2026-11-23 10:00"},  // before opening
		{"2026-11-23 17:30", 60, "2026-11-24 09:30"},  // over night
		{"2026-11-27 17:30", 60, "2026-11-30 09:30"},  // over the weekend
		{"2026-11-30 17:30", 60, "2026-12-02 09:30"},  // over a holiday
		{"2026-11-22 12:00", 540, "2026-11-23 18:00"}, // Sunday, and exactly a day
		{"2026-11-23 18:00", 541, "2026-11-25 09:01"},
	} {
		if got := set.due(at(c.from), c.minutes); !got.Equal(at(c.due)) {
			t.Errorf("%s + %d: %s, want %s", c.from, c.minutes, got, c.due)
		}
		from := at(c.from)
		if got := set.between(from, at(c.due)); got != c.minutes {
			t.Errorf("between %s and %s: %d, want %d", c.from, c.due, got, c.minutes)
		}
	}
	never := set
	never.Weekdays = nil
	if got := never.due(at("2026-11-23 10:00"), 60); !got.Equal(at("2026-11-23 11:00")) {
		t.Error("a desk that never opens:", got)
	}
	if got := set.between(at("2026-11-24 10:00"), at("2026-11-23 10:00")); got != 0 {
		t.Error(got)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	always, never := func(p int) bool { return p > 0 }, func(int) bool { return false }
	set := Defaults()
	two := Defaults()
	two.Levels[2].Reviewers = 2
	for name, c := range map[string]struct {
		set                     Settings
		level                   Level
		sample                  func(int) bool
		same, suggested, unread bool
		want                    plan
	}{
		"clean":                   {set: set, sample: never, want: plan{state: Approved, straight: StraightClean}},
		"clean, drawn":            {set: set, sample: always, want: plan{state: Waiting, need: 1, sampled: true}},
		"medium":                  {set: set, level: Medium, sample: never, want: plan{state: Waiting, need: 1}},
		"high":                    {set: set, level: High, sample: never, same: true, suggested: true, want: plan{state: Blocked}},
		"medium, same":            {set: set, level: Medium, sample: never, same: true, want: plan{state: Approved, straight: StraightSame}},
		"same, unread picture":    {set: set, level: Medium, sample: never, same: true, unread: true, want: plan{state: Waiting, need: 1}},
		"clean, unread picture":   {set: set, sample: never, unread: true, want: plan{state: Waiting, need: 1}},
		"suggested":               {set: set, level: Medium, sample: never, suggested: true, want: plan{state: Approved, straight: StraightSuggested}},
		"suggested, two persons":  {set: two, level: Medium, sample: never, suggested: true, want: plan{state: Waiting, need: 2}},
		"same, but no reuse here": {set: func() Settings { s := set; s.ReuseApproved = false; return s }(), level: Medium, sample: never, same: true, want: plan{state: Waiting, need: 1}},
	} {
		if got := planFor(c.set, c.level, c.sample, about{c.same, c.suggested, c.unread}); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	n := 0
	for i := range 20_000 {
		if sampled(id.ID(1_000_000+7919*i), 1, 20) {
			n++
		}
	}
	if n < 3_700 || n > 4_300 {
		t.Errorf("a sample of 20 %% drew %d of 20,000", n)
	}
	first := sampled(7, 1, 20)
	if again := sampled(7, 1, 20); again != first || sampled(7, 1, 0) || !sampled(7, 1, 100) {
		t.Error("the lot is not the submission's")
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://www.xiaohongshu.com/explore/66f0?xsec=1": "https://www.xiaohongshu.com/explore/66f0?xsec=1",
		"3.56 复制打开抖音，看看 https://v.douyin.com/iRx8/ 09/22": "https://v.douyin.com/iRx8/",
		"快看！http://xhslink.com/a/Ab，复制本条":                 "http://xhslink.com/a/Ab",
		"（https://weibo.com/1/2)。":                        "https://weibo.com/1/2",
		"javascript:alert(1)":                             "", "https://": "", "https://localhost/x": "", "": "", "ftp://a.b/c": "", "https://u:p@a.com/": "",
	} {
		if got := linkIn(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	list := []Finding{}
	for i := range 700 {
		list = append(list, Finding{Start: i, Severity: map[bool]string{true: "high", false: "low"}[i >= 690]})
	}
	got := gravest(list)
	if len(got) != maxFindings || moreOf(got) != 500 || got[0].Start != 0 || got[189].Start != 189 || got[190].Start != 690 || got[199].Start != 699 {
		t.Errorf("%d kept, %d more", len(got), moreOf(got))
	}
	if got := gravest(list[:200]); len(got) != 200 || moreOf(got) != 0 || moreOf(nil) != 0 {
		t.Error("cut what fits")
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	for _, s := range States() {
		for verb, in := range map[Verb][]State{Decide: {Waiting}, Publish: {Approved}, Expire: {Approved}} {
			ok := false
			for _, x := range in {
				ok = ok || x == s
			}
			if allowed(s, verb) != ok {
				t.Errorf("%s in %s", verb, s)
			}
		}
	}
	if allowed(Published, Resubmit) || allowed(Published, Withdraw) || allowed(Withdrawn, Resubmit) || !allowed(Approved, Resubmit) {
		t.Error("what is out cannot be taken back, what is approved can be edited")
	}
}

func FuzzLink(f *testing.F) {
	f.Add("看 https://v.douyin.com/iRx8/ 复制")
	f.Fuzz(func(t *testing.T, s string) {
		if link := linkIn(s); link != "" && !webLink(link) {
			t.Fatal(link)
		}
	})
}

func TestTextsThatNobodySeesAreEmpty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"\u200b\u200d\ufeff": 0, " \u202e ": 0, "\u3000": 0, "👍": 1, "到店看车\u200b": 1} {
		kind := Kinds()[0]
		if got := tidy(kind, []Text{{Fields(kind)[0], text}}); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
