package hit

import (
	"math"
	"slices"
	"testing"

	"kosmos/internal/base/clock"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/post"
)

const t0 = clock.Ms(1_790_000_000_000)

// curve tells views at ages in days.
func curve(pairs ...float64) *post.Curve {
	c := &post.Curve{PublishedAt: t0}
	for i := 0; i < len(pairs); i += 2 {
		c.Points = append(c.Points, post.Point{AsOf: t0 + clock.Ms(pairs[i]*dayMs), Views: int64(pairs[i+1]), Interactions: post.Unknown, Saves: post.Unknown})
	}
	return c
}

func TestFiguresAreReadAtEqualAge(t *testing.T) {
	t.Parallel()
	const no = post.Unknown
	for _, x := range []struct {
		name string
		c    *post.Curve
		want [numMarks]int64
	}{
		{"nothing told", curve(), [numMarks]int64{no, no, no, no, no, no}},
		{"told on the mark", curve(1, 100, 3, 200, 7, 300), [numMarks]int64{100, 200, 300, no, no, no}},
		{"one telling near one mark", curve(6, 500), [numMarks]int64{no, no, 500, no, no, no}},
		{"one telling far from any", curve(50, 500), [numMarks]int64{no, no, no, no, no, no}},
		{"between two tellings, on a straight line of the logs", curve(3.5, 100, 14, 10_000), [numMarks]int64{no, 100, 1004, 10_000, no, no}},
		{"an old post says nothing about its youth", curve(89, 90_000), [numMarks]int64{no, no, no, no, no, 90_000}},
		{"told before it was published", curve(-1, 5, 1, 10), [numMarks]int64{10, no, no, no, no, no}},
	} {
		f := figuresOf(x.c)
		for m := range f {
			if f[m][0] != x.want[m] || f[m][1] != no || f[m][2] != no {
				t.Errorf("%s: mark %d is %d, want %d", x.name, Marks()[m], f[m][0], x.want[m])
			}
		}
		if back := decode(f.encode()); back != f {
			t.Errorf("%s: %v came back as %v", x.name, f, back)
		}
	}
	if c := curve(1, 100); figuresOf(&post.Curve{Points: c.Points}) != noFigures() {
		t.Error("a post without a day has no age")
	}
}

func TestModifiedZ(t *testing.T) {
	t.Parallel()
	logs := []float64{}
	for _, n := range []int64{90, 100, 110, 120, 80, 100, 105, 95} {
		logs = append(logs, logOf(n))
	}
	u := usualOf(slices.Clone(logs))
	if u.N != 8 || u.count() != 100 || u.MAD > leastMAD {
		t.Fatalf("%+v %d", u, u.count())
	}
	// the floor holds: e^(3.5·0.2/0.6745) = 2.82 times the usual is the least
	if u.z(280) >= 3.5 || u.z(290) < 3.5 || u.times(290) < 2.8 {
		t.Errorf("z(280)=%.2f z(290)=%.2f times=%.1f", u.z(280), u.z(290), u.times(290))
	}
	// one hit among the posts moves the usual by next to nothing, where a mean would be carried away
	if v := usualOf(append(logs, logOf(1_000_000))); math.Abs(v.Median-u.Median) > 0.06 {
		t.Errorf("median %.3f, before %.3f", v.Median, u.Median)
	}
	wide := usualOf([]float64{1, 3, 5, 7, 9})
	if wide.MAD != 2 || math.Abs(wide.z(int64(math.Round(math.Expm1(11))))-zScale*3) > 0.001 {
		t.Errorf("%+v", wide)
	}
}

func TestJudgeNeedsBothBaselines(t *testing.T) {
	t.Parallel()
	set := DefaultSettings()
	posts := make([]figures, 12)
	for i := range posts {
		posts[i] = noFigures()
		posts[i][2][0] = 1000 + int64(i)*10 // seven days
	}
	posts[3][2][0] = 20_000
	pools := poolsOf(posts)
	league := func(views int64, n int) *usuals {
		var u usuals
		u[2][0] = usual{N: n, Median: logOf(views), MAD: 0.3}
		return &u
	}
	if s := judge(3, &posts[3], &pools, league(1500, 100), &set); len(s) != 1 || s[0].Mark != 7 || s[0].OwnPosts != 11 || s[0].OwnUsual < 1000 || s[0].OwnTimes < 15 || s[0].LeagueUsual != 1500 {
		t.Fatalf("%+v", s)
	}
	for name, got := range map[string][]Signal{
		"an ordinary post":             judge(4, &posts[4], &pools, league(100, 100), &set),
		"the league does as well":      judge(3, &posts[3], &pools, league(15_000, 100), &set),
		"a league of too few":          judge(3, &posts[3], &pools, league(1500, 29), &set),
		"what is asked for is not met": judge(3, &posts[3], &pools, league(1500, 100), &Settings{OwnZ: 3.5, LeagueZ: 3.5, OwnPosts: 12, LeaguePosts: 30}),
		"fewer views than the least":   judge(3, &posts[3], &pools, league(1500, 100), &Settings{OwnZ: 3.5, LeagueZ: 3.5, OwnPosts: 8, LeaguePosts: 30, LeastViews: 20_001}),
	} {
		if len(got) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSettingsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	if err := DefaultSettings().check(); err != nil {
		t.Fatal(err)
	}
	bad := DefaultSettings()
	bad.OwnZ, bad.WindowDays = math.NaN(), 1
	if err := bad.check(); err == nil {
		t.Fatal("accepted")
	}
}

func TestTemplateKeepsWhatMadeTheHit(t *testing.T) {
	t.Parallel()
	d := draftOf(&hitRow{Title: "后排{真的}能躺平吗？试了|才知道 #星屿S5", Platform: "douyin", URL: "https://www.douyin.com/video/1", PostID: 5}, Fields{"creative": "让同事躺进去", "ending": "来试试"})
	want := "{{开头: 后排\\{真的\\}能躺平吗？ | 我是{门店}的{顾问}。后排\\{真的\\}能躺平吗？ | 后排\\{真的\\}能躺平吗？，在{门店}上班的{顾问}来说说}}\n" +
		"{{中段: 试了\\|才知道 | 试了\\|才知道，这是我在{门店}常遇到的}}\n" +
		"{{结尾: 来试试 | 想看实物的来{门店}找我 | 你怎么看？评论区聊聊 | {城市}的朋友有问题可以留言}} #星屿S5"
	if d.Body != want {
		t.Errorf("%s\nwant\n%s", d.Body, want)
	}
	if d.SourcePost != 5 || d.Platforms[0] != "douyin" || d.Note == "" || d.Name == "" {
		t.Errorf("%+v", d)
	}
}

func TestWhatIsKnownIsFilledIn(t *testing.T) {
	t.Parallel()
	say := func(slug string, params map[string]any) string {
		if w, ok := params["words"]; ok {
			return slug + ":" + w.(string)
		}
		return slug
	}
	n := int64(1200)
	f := prefill(&Detail{Followers: &n, Hit: Hit{
		Title: "星屿S5值不值？3个理由 #星屿S5", Platform: "douyin", Media: "video", PublishedAt: clock.MsOf(clock.Day(20261122).In(clock.Shanghai())) + 9*3_600_000, PublishedDay: 20261122, Label: account.Label{Name: "静安店小王"},
	}}, account.NewWords("星屿"), say)
	for k, want := range map[string]string{
		"post": "星屿S5值不值？3个理由 #星屿S5", "time": "2026-11-22 weekday_0 09:00", "platform": "platform_douyin", "account": "静安店小王", "followers": "1200", "opening": "星屿S5值不值？", "middle": "3个理由",
		"title_rhetoric": "mark_numberpre_commamark_brandpre_commamark_question", "question": "pre_question", "shooting": "media_video",
	} {
		if f[k] != want {
			t.Errorf("%s: %q, want %q", k, f[k], want)
		}
	}
	for k := range f {
		if !slices.Contains(fieldNames(), k) {
			t.Errorf("%s is no field of a teardown", k)
		}
	}
}
