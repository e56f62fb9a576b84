package campaign

import (
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Limit is what a platform bears of one brand's hashtag before it treats the posts as mass publishing. The platforms do not
// publish these numbers: they are what operators have met with since the day From, and are there to be changed.
type Limit struct {
	Platform string
	PerHour  int // posts with one hashtag in an hour, all accounts together
	PerDay   int // posts of one account in a day
	From     string
	Source   string
}

// Limits are the dated limits, the newest of each platform.
func Limits() []Limit {
	const seen = "operators' experience; not published by the platform"
	return []Limit{
		{"xiaohongshu", 600, 3, "2026-03-01", seen},
		{"douyin", 1200, 5, "2026-03-01", seen},
		{"channels", 800, 5, "2026-03-01", seen},
		{"kuaishou", 1000, 5, "2026-03-01", seen},
		{"bilibili", 200, 3, "2026-03-01", seen},
		{"weibo", 1000, 10, "2026-03-01", seen},
		{"wechat_oa", 400, 1, "2026-03-01", seen},
	}
}

func limitOf(platform string) (Limit, bool) {
	for _, l := range Limits() {
		if l.Platform == platform {
			return l, true
		}
	}
	return Limit{}, false
}

const (
	slotLength = clock.Ms(10 * time.Minute / time.Millisecond)
	// slotFill leaves room for those who publish earlier or later than asked: a limit is planned to four fifths.
	slotFill = 0.8
)

// slots gives accounts a time to publish: over the whole window, or packed into its first hours as far as the limits of the
// platforms allow. The time follows from the account alone, so a walk that begins again gives the same.
type slots struct {
	from, to clock.Ms
	burst    bool
	quiet    Quiet
	zone     *time.Location
	expected map[string]int64 // posts by platform
	salt     id.ID
}

// of gives the slot of an account; 0 when there is no window to lay it into.
func (s *slots) of(platform string, account id.ID, due clock.Ms) clock.Ms {
	to := s.to
	if due != 0 && due < to {
		to = due
	}
	if s.burst {
		to = min(to, s.from+s.span(platform))
	}
	n := int64((to - s.from) / slotLength)
	if s.from == 0 || n < 1 {
		return 0
	}
	h := mix(uint64(account)*0x9e3779b97f4a7c15 ^ uint64(s.salt))
	at := s.from + clock.Ms(h%uint64(n))*slotLength
	if s.burst {
		return at
	}
	return min(s.quiet.quietUntil(at, s.minute), to)
}

// span is into how long a burst is packed: as short as the platform's limit allows.
func (s *slots) span(platform string) clock.Ms {
	l, ok := limitOf(platform)
	n := s.expected[platform]
	if !ok || n == 0 {
		return clock.Ms(time.Hour / time.Millisecond)
	}
	hours := float64(n) / (float64(l.PerHour) * slotFill)
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
