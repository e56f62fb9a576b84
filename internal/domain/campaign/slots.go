package campaign

import (
	"slices"
	"sort"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Limit is what a platform bears of one brand's hashtag before it treats the posts as mass publishing, from a day on.
type Limit struct {
	Platform   string    `json:"platform"`
	PerHour    int       `json:"per_hour"` // posts with one hashtag in an hour, all accounts together
	PerDay     int       `json:"per_day"`  // posts of one account in a day
	From       clock.Day `json:"from"`
	Source     string    `json:"source"`     // in people's words; "" for what comes with the program
	Confidence string    `json:"confidence"` // see Confidences
}

// How sure a limit is.
const (
	Official = "official" // the platform published it
	Observed = "observed" // the brand saw it with its own posts
	Estimate = "estimate" // nobody published it, nobody measured it
)

// Confidences lists them, the surest first.
func Confidences() []string { return []string{Official, Observed, Estimate} }

// Limits are those that come with the program. No platform publishes such a number and none was measured: every one is the
// program's own estimate, careful on purpose, there to be put right by who knows better.
func Limits() []Limit {
	const day = 20260301
	return []Limit{
		{"xiaohongshu", 600, 3, day, "", Estimate},
		{"douyin", 1200, 5, day, "", Estimate},
		{"channels", 800, 5, day, "", Estimate},
		{"kuaishou", 1000, 5, day, "", Estimate},
		{"bilibili", 200, 3, day, "", Estimate},
		{"weibo", 1000, 10, day, "", Estimate},
		{"wechat_oa", 400, 1, day, "", Estimate},
	}
}

// limitsOn gives what holds on a day: the brand's newest of each platform, else the program's.
func (x *Settings) limitsOn(day clock.Day) []Limit {
	out := Limits()
	for i := range out {
		own := false
		for _, l := range x.Limits {
			if l.Platform == out[i].Platform && l.From <= day && (!own || l.From > out[i].From) {
				out[i], own = l, true
			}
		}
	}
	return out
}

const (
	slotLength = clock.Ms(10 * time.Minute / time.Millisecond)
	// slotFill leaves room for those who publish earlier or later than asked: a limit is planned to four fifths.
	slotFill = 0.8
)

// twinAt is the place of somebody among those who say nearly the same.
type twinAt struct{ cluster, nth, size int }

// slots gives accounts a time to publish: over the whole window, or packed into its first hours as far as the limits of the
// platforms allow. The time follows from the account and from who says nearly the same, so a walk that begins again gives the
// same.
type slots struct {
	from, to clock.Ms
	burst    bool
	quiet    Quiet
	zone     *time.Location
	expected map[string]int64 // posts by platform
	limits   []Limit
	twins    map[assignmentKey]twinAt
	salt     id.ID
	open     []clock.Ms // of a spread: the slots outside quiet hours, made when first asked for
}

// of gives the slot of an assignment; 0 when there is no window to lay it into.
func (s *slots) of(k assignmentKey, platform string, due clock.Ms) clock.Ms {
	to := s.to
	if due != 0 && due < to {
		to = due
	}
	if s.burst {
		to = min(to, s.from+s.span(platform))
	}
	n := int((to - s.from) / slotLength)
	if s.from == 0 || n < 1 {
		return 0
	}
	if s.burst {
		return s.from + clock.Ms(s.pick(k, n))*slotLength
	}
	// Quiet hours are left out before a slot is drawn: moved to their end, a third of all posts would fall on one minute.
	open := s.daytime()
	n = sort.Search(len(open), func(i int) bool { return open[i] >= to })
	if n == 0 {
		return to
	}
	return open[s.pick(k, n)]
}

// pick draws one of n slots. Those who say nearly the same lie as far apart as the window allows.
func (s *slots) pick(k assignmentKey, n int) int {
	if t, ok := s.twins[k]; ok && t.size > 1 {
		first := mix(uint64(t.cluster)*0x9e3779b97f4a7c15 ^ uint64(s.salt))
		return int((first%uint64(n) + uint64(t.nth)*uint64(n)/uint64(t.size)) % uint64(n))
	}
	return int(mix(uint64(k.account)*0x9e3779b97f4a7c15^uint64(s.salt)) % uint64(n))
}

// daytime lists the slots of the window that no quiet hour covers.
func (s *slots) daytime() []clock.Ms {
	if s.open == nil {
		s.open = make([]clock.Ms, 0, (s.to-s.from)/slotLength+1)
		for at := s.from; at < s.to; at += slotLength {
			if s.quiet.quietUntil(at, s.minute) == at {
				s.open = append(s.open, at)
			}
		}
	}
	return s.open
}

// span is into how long a burst is packed: as short as the platform's limit allows.
func (s *slots) span(platform string) clock.Ms {
	n := s.expected[platform]
	k := slices.IndexFunc(s.limits, func(l Limit) bool { return l.Platform == platform })
	if k < 0 || n == 0 {
		return clock.Ms(time.Hour / time.Millisecond)
	}
	hours := float64(n) / (float64(s.limits[k].PerHour) * slotFill)
	return max(clock.Ms(hours*3600_000)+slotLength, clock.Ms(time.Hour/time.Millisecond))
}

// minute gives the begin of a moment's local day and its minute.
func (s *slots) minute(at clock.Ms) (dayStart clock.Ms, minute int) { return minuteOf(at, s.zone) }

func minuteOf(at clock.Ms, zone *time.Location) (dayStart clock.Ms, minute int) {
	t := at.Time().In(zone)
	start := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	return clock.MsOf(start), t.Hour()*60 + t.Minute()
}

// mix is splitmix64's finaliser: neighbouring ids land far apart.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
