package sandbox

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"kosmos/internal/base/clock"
)

// Post is one post with the snapshots that an operator collected.
type Post struct {
	Title       string
	Kind        string // note or video
	PublishedAt clock.Ms
	ExternalID  string
	Snapshots   []Snapshot
}

// Snapshot holds cumulative counters at AsOf.
type Snapshot struct {
	AsOf                                                                clock.Ms
	Views, Impressions, Likes, Comments, Saves, Shares, FollowersGained int64
	Deleted                                                             bool // the platform says it was taken down
}

// FollowerCount is an account's level at AsOf, and the inquiries, those answered and the leads of the days since the
// count before. Asked tells whether the platform's figures tell inquiries and answers at all.
type FollowerCount struct {
	AsOf                      clock.Ms
	Followers                 int64
	Leads, Inquiries, Replies int64
	Asked                     bool
}

// ages are the days after publication at which a post's figures were taken, with the share of its final views it had
// by then.
var ages = []struct {
	day   int
	share float64
}{{1, 0.52}, {3, 0.74}, {7, 0.88}, {30, 0.96}, {90, 0.99}, {365, 1}}

// Posts draws the posts of account i in order of publication. Every post has at least one snapshot: the newest is a
// day old.
func (b *Brand) Posts(i int) []Post {
	a := &b.Accounts[i]
	year, bonus := traits(a.Behaviour)
	first, last := b.window(a)
	days := last.Sub(first) + 1
	if year == 0 || days < 1 {
		return nil
	}
	r := b.rng(streamPosts, i)
	n := poisson(r, year*float64(days)/365)
	if n == 0 && a.Behaviour != Never {
		n = 1
	}
	offsets := make([]int, n)
	for k := range offsets {
		offsets[k] = r.IntN(days)
	}
	slices.Sort(offsets)
	base := platformViews(a.Platform) + bonus + a.quality
	out := make([]Post, 0, n)
	for k, off := range offsets {
		out = append(out, b.post(r, a, first.Add(off), base, k))
	}
	switch a.Behaviour { //nolint:exhaustive // the others lose nothing
	case Purged:
		strike(out, b.Config.Today.Add(-6), 6, func(s *Snapshot) { s.Deleted = true })
	case Swept:
		strike(out, b.Config.Today.Add(-4), 9, func(s *Snapshot) { s.Likes -= s.Likes * 2 / 5 })
	}
	return out
}

// strike lets something happen on a day to the newest n posts that were a few days old then: what is taken of them from
// that day on is changed.
func strike(posts []Post, on clock.Day, n int, change func(*Snapshot)) {
	at := clock.MsOf(on.In(clock.Shanghai()).Add(6 * time.Hour))
	for i := len(posts) - 1; i >= 0 && n > 0; i-- {
		p := &posts[i]
		if p.PublishedAt.Day(clock.Shanghai()).Add(2) >= on {
			continue
		}
		n--
		k := 0
		for k < len(p.Snapshots) && p.Snapshots[k].AsOf < at {
			k++
		}
		if k == 0 {
			continue
		}
		then := p.Snapshots[k-1]
		then.AsOf = at
		change(&then)
		p.Snapshots = append(p.Snapshots[:k:k], then)
	}
}

// window gives the days on which the account may post: sleepers stop early, abnormal ones on the day of the trouble,
// and nobody posts before joining or today (no figures yet).
func (b *Brand) window(a *Account) (first, last clock.Day) {
	first, last = max(b.First(), b.Members[a.Member].Joined), b.Config.Today.Add(-1)
	switch a.Behaviour { //nolint:exhaustive // the others post to the end
	case Stopped:
		last = b.Config.Today.Add(-35 - (a.index*7)%max(1, b.Config.Days/2))
	case TokenLost, Banned:
		last = a.StatusDay.Add(-1)
	}
	return first, last
}

func (b *Brand) post(r *rand.Rand, a *Account, day clock.Day, base float64, k int) Post {
	hour := []int{7, 8, 12, 12, 13, 17, 18, 19, 20, 20, 21, 21, 22}[r.IntN(13)]
	at := day.In(clock.Shanghai()).Add(time.Duration(hour)*time.Hour + time.Duration(r.IntN(60))*time.Minute + time.Duration(k%60)*time.Second)
	p := Post{Title: title(r, b, a), Kind: postKind(r, a.Platform), PublishedAt: clock.MsOf(at)}
	if a.Platform == "channels" || a.Platform == "bilibili" {
		p.ExternalID = externalID(a, k)
	}
	views := math.Exp(base + r.NormFloat64()*1.15)
	like, save, comment, share := rate(r, 0.034), rate(r, 0.012), rate(r, 0.006), rate(r, 0.005)
	fell := r.IntN(200) == 0 // a cleaned-up counter: the platform took some likes back
	for n, age := range ages {
		asOf := day.Add(age.day)
		if asOf > b.Config.Today {
			break
		}
		v := math.Floor(views * age.share)
		s := Snapshot{
			AsOf: clock.MsOf(asOf.In(clock.Shanghai()).Add(5 * time.Minute)), Views: int64(v), Impressions: int64(v * 4.1),
			Likes: int64(v * like), Comments: int64(v * comment), Saves: int64(v * save), Shares: int64(v * share),
			FollowersGained: int64(v * 0.002),
		}
		if fell && n >= 2 {
			s.Likes -= s.Likes / 5
		}
		p.Snapshots = append(p.Snapshots, s)
	}
	return p
}

// Followers draws account i's follower counts: monthly, weekly in the last quarter.
func (b *Brand) Followers(i int) []FollowerCount {
	a := &b.Accounts[i]
	r := b.rng(streamFollowers, i)
	level := math.Exp(5.2 + a.quality*1.2 + r.NormFloat64()*0.8)
	growth := 1 + 0.0006*math.Exp(a.quality)
	if a.Behaviour == Never || a.Behaviour == Stopped || a.Behaviour == Banned {
		growth = 0.9999
	}
	first, _ := b.window(a)
	cliff := b.Config.Today.Add(-3 - r.IntN(20))
	leads := map[Behaviour]float64{Star: 0.35, Active: 0.08, Casual: 0.03, Cliff: 0.1, Purged: 0.1, Swept: 0.1, NoReplies: 0.03}[a.Behaviour]
	asking := b.rng(streamInquiries, i)
	var out []FollowerCount
	day, fallen := first, false
	for day <= b.Config.Today {
		f := FollowerCount{AsOf: clock.MsOf(day.In(clock.Shanghai()).Add(10 * time.Minute)), Followers: int64(level)}
		step := 30
		if b.Config.Today.Sub(day) <= 91 {
			step = 7
		}
		if len(out) > 0 {
			f.Leads = int64(poisson(r, leads*float64(step)))
			b.asked(asking, a, &f, step)
		}
		out = append(out, f)
		level *= math.Pow(growth, float64(step))
		if a.Behaviour == Cliff && !fallen && day.Add(step) >= cliff {
			level, fallen = level*0.72, true
		}
		day = day.Add(step)
	}
	return out
}

// asked draws who asked and who of them got an answer. The smaller platforms' figures do not tell.
func (b *Brand) asked(r *rand.Rand, a *Account, f *FollowerCount, step int) {
	switch a.Platform {
	case "xiaohongshu", "douyin", "channels", "kuaishou":
	default:
		return
	}
	f.Asked = true
	more := map[Behaviour]float64{Star: 0.6, Active: 0.15, Casual: 0.06, Cliff: 0.2, Purged: 0.2, Swept: 0.2, NoReplies: 0.35, NotConverting: 0.7}[a.Behaviour]
	f.Inquiries = f.Leads + int64(poisson(r, more*float64(step)))
	for range f.Inquiries {
		if r.IntN(10) > 0 && a.Behaviour != NoReplies {
			f.Replies++
		}
	}
}

func platformViews(slug string) float64 {
	for _, p := range platforms {
		if p.slug == slug {
			return p.views
		}
	}
	return 5
}

func postKind(r *rand.Rand, platform string) string {
	switch platform {
	case "xiaohongshu", "weibo":
		if r.IntN(3) > 0 {
			return "note"
		}
	case "wechat_oa":
		return "article"
	}
	return "video"
}

// rate spreads a mean share log-normally.
func rate(r *rand.Rand, mean float64) float64 { return mean * math.Exp(r.NormFloat64()*0.5-0.125) }

// poisson draws a count with the given mean (Knuth for small means, a rounded normal above 60).
func poisson(r *rand.Rand, mean float64) int {
	if mean <= 0 {
		return 0
	}
	if mean > 60 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	limit, p, k := math.Exp(-mean), 1.0, 0
	for {
		p *= r.Float64()
		if p <= limit {
			return k
		}
		k++
	}
}
