package hit

import (
	"math"
	"slices"

	"kosmos/internal/base/errs"
	"kosmos/internal/domain/post"
)

// Settings say when a post is a hit. Every brand may change them.
type Settings struct {
	OwnZ              float64 `json:"own_z" doc:"modified z against the own account's other posts"`
	LeagueZ           float64 `json:"league_z" doc:"modified z against the league"`
	OwnPosts          int     `json:"own_posts" doc:"other posts of the account at the same age that it takes to judge"`
	LeaguePosts       int     `json:"league_posts" doc:"posts of the league at the same age that it takes to judge"`
	WindowDays        int     `json:"window_days" doc:"posts published within so many days are compared"`
	LeastViews        int64   `json:"least_views"`
	LeastInteractions int64   `json:"least_interactions"`
	LeastSaves        int64   `json:"least_saves"`
}

// DefaultSettings hold until a brand chooses its own. 3.5 is the cut-off that Iglewicz and Hoaglin recommend; the least
// counts keep accounts that are hardly seen from having hits of a handful of likes.
func DefaultSettings() Settings {
	return Settings{OwnZ: 3.5, LeagueZ: 3.5, OwnPosts: 8, LeaguePosts: 30, WindowDays: 180, LeastViews: 300, LeastInteractions: 20, LeastSaves: 20}
}

func (s Settings) check() error {
	bad := errs.Bad()
	for field, z := range map[string]float64{"own_z": s.OwnZ, "league_z": s.LeagueZ} {
		if !(z >= 1 && z <= 20) {
			bad.Field(field, "hit.setting_range", "min", 1, "max", 20)
		}
	}
	for _, x := range []struct {
		field    string
		v        int64
		min, max int64
	}{
		{"own_posts", int64(s.OwnPosts), 3, 100},
		{"league_posts", int64(s.LeaguePosts), 10, 1000},
		{"window_days", int64(s.WindowDays), 30, 730},
		{"least_views", s.LeastViews, 0, 10_000_000},
		{"least_interactions", s.LeastInteractions, 0, 10_000_000},
		{"least_saves", s.LeastSaves, 0, 10_000_000},
	} {
		if x.v < x.min || x.v > x.max {
			bad.Field(x.field, "hit.setting_range", "min", x.min, "max", x.max)
		}
	}
	return bad.OrNil()
}

func (s *Settings) least(metric int) int64 {
	return [numMetrics]int64{s.LeastViews, s.LeastInteractions, s.LeastSaves}[metric]
}

// usual is what a count usually is: how many posts say so, median and median absolute deviation of ln(1+count).
type usual struct {
	N      int     `json:"n"`
	Median float64 `json:"median"`
	MAD    float64 `json:"mad"`
}

const (
	// zScale makes the median absolute deviation of a normal distribution its standard deviation.
	zScale = 0.6745
	// leastMAD is the smallest spread that is believed: accounts whose posts all fare alike would else have hits at a few per
	// cent more. At the default cut-off it takes e^(3.5·0.2/0.6745) = 2.8 times the usual to be a hit at all.
	leastMAD = 0.2
	// ownPool is how many of the newest other posts of an account speak for its usual.
	ownPool = 100
)

// usualOf sorts logs and says what is usual in them.
func usualOf(logs []float64) usual {
	if len(logs) == 0 {
		return usual{}
	}
	slices.Sort(logs)
	u := usual{N: len(logs), Median: middle(logs)}
	off := make([]float64, len(logs))
	for i, x := range logs {
		off[i] = math.Abs(x - u.Median)
	}
	slices.Sort(off)
	u.MAD = middle(off)
	return u
}

func middle(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// z is the modified z-score 0.6745·(x − median)/MAD of x = ln(1+count), with a floor under MAD.
//
// Source: B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC Basic References in Quality Control 16
// (1993), chapter 3: scores above 3.5 are outliers. Unlike mean and standard deviation, one hit among the posts does not
// move what it is held against. Counts of posts are about log-normal, hence the logarithm.
func (u usual) z(count int64) float64 {
	return zScale * (logOf(count) - u.Median) / math.Max(u.MAD, leastMAD)
}

// count gives the usual count.
func (u usual) count() int64 { return int64(math.Round(math.Expm1(u.Median))) }

// times tells how many times the usual a count is, to a tenth.
func (u usual) times(count int64) float64 {
	return math.Round(10*float64(1+count)/math.Exp(u.Median)) / 10
}

// usuals are those of every mark and metric.
type usuals [numMarks][numMetrics]usual

// Signal is one figure that beats both baselines at one mark.
type Signal struct {
	Metric      Metric  `json:"metric" enum:"views,interactions,saves"`
	Mark        int     `json:"mark" doc:"age in days at which posts are compared"`
	Count       int64   `json:"count"`
	OwnZ        float64 `json:"own_z"`
	OwnUsual    int64   `json:"own_usual"`
	OwnTimes    float64 `json:"own_times"`
	OwnPosts    int     `json:"own_posts"`
	LeagueZ     float64 `json:"league_z"`
	LeagueUsual int64   `json:"league_usual"`
	LeagueTimes float64 `json:"league_times"`
	LeaguePosts int     `json:"league_posts"`
}

// strength is the weaker of the two scores, in hundredths: what can be said without doubt.
func (s *Signal) strength() int64 { return int64(math.Round(100 * math.Min(s.OwnZ, s.LeagueZ))) }

func hundredths(x float64) float64 { return math.Round(100*x) / 100 }

// pool holds the logs of an account's posts at one mark and metric, newest first, to be asked without one of them.
type pool struct {
	posts []int // index of the post within the account
	logs  []float64
}

// without says what is usual but for one post.
func (p *pool) without(skip int) usual {
	logs := make([]float64, 0, min(len(p.logs), ownPool+1))
	for i, x := range p.logs {
		if p.posts[i] != skip {
			if logs = append(logs, x); len(logs) == ownPool {
				break
			}
		}
	}
	return usualOf(logs)
}

// poolsOf sorts an account's posts, newest first, by mark and metric.
func poolsOf(posts []figures) (out [numMarks][numMetrics]pool) {
	for i := range posts {
		for m := range posts[i] {
			for k, v := range posts[i][m] {
				if v != post.Unknown {
					p := &out[m][k]
					p.posts, p.logs = append(p.posts, i), append(p.logs, logOf(v))
				}
			}
		}
	}
	return out
}

// judge lists the signals of post i of an account, strongest first. The league is asked first: it answers without a sort and
// lets few posts through.
func judge(i int, f *figures, pools *[numMarks][numMetrics]pool, league *usuals, set *Settings) []Signal {
	var out []Signal
	for m, mark := range Marks() {
		for k, metric := range Metrics() {
			v := f[m][k]
			l := league[m][k]
			if v == post.Unknown || v < set.least(k) || l.N < set.LeaguePosts || l.z(v) < set.LeagueZ {
				continue
			}
			own := pools[m][k].without(i)
			if own.N < set.OwnPosts || own.z(v) < set.OwnZ {
				continue
			}
			out = append(out, Signal{
				Metric: metric, Mark: mark, Count: v, OwnZ: hundredths(own.z(v)), OwnUsual: own.count(), OwnTimes: own.times(v), OwnPosts: own.N,
				LeagueZ: hundredths(l.z(v)), LeagueUsual: l.count(), LeagueTimes: l.times(v), LeaguePosts: l.N,
			})
		}
	}
	slices.SortStableFunc(out, func(a, b Signal) int { return int(b.strength() - a.strength()) })
	return out
}
