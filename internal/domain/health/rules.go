package health

import (
	"math"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Facts is what is known of one account on a day. Nil means unknown: a rule that needs it stays silent, it never
// takes unknown for zero.
type Facts struct {
	AccountID    id.ID
	Kind         string // account kind; "store" accounts are given 60 days instead of 30
	Status       string // account status, "ok" when in good standing
	StatusSince  clock.Day
	CreatedDay   clock.Day
	LastPostDay  clock.Day // 0 = never posted
	Posts30      int64     // posts in the last 30 days
	RecentViews  []int64   // views of the last ≤ 10 posts
	Views        *int64    // views in the last AskDays days
	Engagement30 *Ratio    // interactions over views in the last 30 days
	Followers    *int64    // newest level
	Gained30     *int64    // followers won in the last 30 days
	Inquiries    *int64    // people who asked, in AskDays days; nil when no source told
	Leads        *int64    // leads in AskDays days
	Replies      *int64    // people who asked and got an answer, in AskDays days
	History      int       // days since the first figure of the account
}

// Peer is the account's league: platform × city tier × follower band × tenure.
type Peer struct {
	Accounts     int
	MedianViews  int64 // median over the league of the accounts' median recent views
	MedianPosts  int64 // median posts in 30 days
	Engagement   Ratio // the league's interactions over views
	MeanScore    int   // mean score of the day before; 0 when there is none
	GrowthMedian Ratio // median of followers won over followers, 30 days
}

// Ratio is a fraction with its parts, so that it can be shown and summed honestly.
type Ratio struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

func (r Ratio) value() float64 {
	if r.Den == 0 {
		return 0
	}
	return float64(r.Num) / float64(r.Den)
}

// Settings are the brand's editable thresholds; see Defaults.
type Settings struct {
	SleepDays      int   `json:"sleep_days"`       // no post for this long: asleep
	SleepDaysStore int   `json:"sleep_days_store"` // the same for store accounts
	UnseenPosts    int   `json:"unseen_posts"`     // this many posts …
	UnseenPercent  int   `json:"unseen_percent"`   // … under this share of the league's median views: unseen
	AskDays        int   `json:"ask_days"`         // views but no inquiry for this long: unasked
	AskViews       int64 `json:"ask_views"`        // the views below which nobody can be expected to ask
	// Of at least ReplyInquiries who asked in AskDays days fewer than ReplyPercent got an answer: no replies.
	ReplyInquiries int `json:"reply_inquiries"`
	ReplyPercent   int `json:"reply_percent"`
	// Of at least ConvertInquiries who asked in AskDays days fewer than ConvertPercent left a contact: not converting.
	ConvertInquiries int   `json:"convert_inquiries"`
	ConvertPercent   int   `json:"convert_percent"`
	Ladder           []int `json:"ladder"`        // days of sleep at which each wake-up step is due
	CliffPercent     int   `json:"cliff_percent"` // followers lost at once that count as a cliff
	// DeletedPosts gone at once that are at least DeletedPercent of the account's posts are a mass deletion.
	DeletedPosts   int `json:"deleted_posts"`
	DeletedPercent int `json:"deleted_percent"`
	FallenPosts    int `json:"fallen_posts"` // this many posts with a counter that fell at once are a burst
	Amber          int `json:"amber"`        // scores from here are amber, below red
	Green          int `json:"green"`        // scores from here are green
}

// Defaults are the field's starting values (product page, "Defaults worth starting from").
func Defaults() Settings {
	return Settings{
		SleepDays: 30, SleepDaysStore: 60, UnseenPosts: 10, UnseenPercent: 10, AskDays: 60, AskViews: 1000,
		ReplyInquiries: 3, ReplyPercent: 10, ConvertInquiries: 10, ConvertPercent: 1,
		Ladder: []int{30, 45, 60, 90}, CliffPercent: 10, DeletedPosts: 3, DeletedPercent: 10, FallenPosts: 5, Amber: 46, Green: 76,
	}
}

// Cause is why an account does not work.
type Cause string

// The causes of a zombie account, gravest first; an account has the first that applies.
const (
	Banned        Cause = "banned"
	TokenLost     Cause = "token_lost"
	NeverPosted   Cause = "never_posted"
	Stopped       Cause = "stopped"
	Unseen        Cause = "unseen"         // 没流量
	NoReplies     Cause = "no_replies"     // inquiries nobody answers
	NotConverting Cause = "not_converting" // 询问不转化
	Unasked       Cause = "unasked"        // 无人询问
)

// Causes lists every cause, gravest first.
func Causes() []Cause {
	return []Cause{Banned, TokenLost, NeverPosted, Stopped, Unseen, NoReplies, NotConverting, Unasked}
}

// Asleep tells whether the cause means silence (the wake-up ladder counts its days) rather than weak results.
func (c Cause) Asleep() bool { return c == NeverPosted || c == Stopped }

// Diagnosis is a cause with the day since which it holds.
type Diagnosis struct {
	Cause Cause
	Since clock.Day
}

// Diagnose gives the gravest cause that applies on the day, ok false for an account that works.
func Diagnose(f Facts, p Peer, s Settings, today clock.Day) (Diagnosis, bool) {
	switch f.Status {
	case "banned":
		return Diagnosis{Banned, f.StatusSince}, true
	case "token_expired", "authorisation_cancelled":
		return Diagnosis{TokenLost, f.StatusSince}, true
	}
	limit := s.SleepDays
	if f.Kind == "store" {
		limit = s.SleepDaysStore
	}
	switch {
	case f.LastPostDay == 0 && today.Sub(f.CreatedDay) > limit:
		return Diagnosis{NeverPosted, f.CreatedDay}, true
	case f.LastPostDay != 0 && today.Sub(f.LastPostDay) > limit:
		return Diagnosis{Stopped, f.LastPostDay}, true
	case unseen(f, p, s):
		return Diagnosis{Unseen, f.LastPostDay}, true
	case below(f.Replies, f.Inquiries, s.ReplyInquiries, s.ReplyPercent):
		return Diagnosis{NoReplies, today.Add(-s.AskDays)}, true
	case below(f.Leads, f.Inquiries, s.ConvertInquiries, s.ConvertPercent):
		return Diagnosis{NotConverting, today.Add(-s.AskDays)}, true
	case unasked(f, s):
		return Diagnosis{Unasked, today.Add(-s.AskDays)}, true
	}
	return Diagnosis{}, false
}

func unseen(f Facts, p Peer, s Settings) bool {
	if len(f.RecentViews) < s.UnseenPosts || p.Accounts < 5 {
		return false
	}
	return median(f.RecentViews)*100 < p.MedianViews*int64(s.UnseenPercent)
}

// unasked needs figures about asking at all: an account whose platform never reports inquiries or leads is not blamed.
func unasked(f Facts, s Settings) bool {
	if f.Views == nil || *f.Views < s.AskViews || f.History < s.AskDays {
		return false
	}
	if f.Inquiries == nil && f.Leads == nil {
		return false
	}
	return zero(f.Inquiries) && zero(f.Leads)
}

// below tells whether part is less than percent of a whole that is large enough to tell; unknown figures never are.
func below(part, whole *int64, least, percent int) bool {
	return part != nil && whole != nil && *whole > 0 && *whole >= int64(least) && *part*100 < *whole*int64(percent)
}

// The figures without which causes stay silent.
const (
	needInquiries = "inquiries"
	needReplies   = "replies"
	needLeads     = "leads"
)

// Missing lists, in order, the figures that no source of the account told in AskDays days.
func (f *Facts) Missing() []string {
	var out []string
	for _, x := range []struct {
		name string
		n    *int64
	}{{needInquiries, f.Inquiries}, {needReplies, f.Replies}, {needLeads, f.Leads}} {
		if x.n == nil {
			out = append(out, x.name)
		}
	}
	return out
}

// Silence says that a cause could not be judged, and which figures that needs.
type Silence struct {
	Cause Cause
	Needs []string
}

// Silent lists the causes that say nothing about an account whose sources never told some figures.
func Silent(missing []string) []Silence {
	var out []Silence
	lacks := func(names ...string) (needs []string) {
		for _, n := range names {
			if slices.Contains(missing, n) {
				needs = append(needs, n)
			}
		}
		return needs
	}
	if needs := lacks(needInquiries, needReplies); len(needs) > 0 {
		out = append(out, Silence{NoReplies, needs})
	}
	if needs := lacks(needInquiries, needLeads); len(needs) > 0 {
		out = append(out, Silence{NotConverting, needs})
	}
	if needs := lacks(needInquiries, needLeads); len(needs) == 2 { // either is enough
		out = append(out, Silence{Unasked, needs})
	}
	return out
}

func zero(n *int64) bool { return n == nil || *n == 0 }

// Step gives the rung of the wake-up ladder that is due after sleeping for days: 0 = none yet, len(ladder) = the last.
func Step(ladder []int, days int) int {
	n := 0
	for _, at := range ladder {
		if days >= at {
			n++
		}
	}
	return n
}

// Part is one component of the score.
type Part struct {
	Name   string `json:"name"`   // standing, activity, reach, engagement, growth
	Points int    `json:"points"` // 0…Max
	Max    int    `json:"max"`
	Value  string `json:"value"` // what was seen, as a plain figure; "" when unknown
	Peer   string `json:"peer"`  // what the league shows; "" when unknown
}

// Score is 0-100 with its parts. Unknown parts are left out and the others scaled up, so that missing figures neither
// help nor hurt.
type Score struct {
	Points int
	Parts  []Part
}

// Rate scores an account against its league. Weights: standing 25, activity 30, reach 20, engagement 15, growth 10;
// a banned account is capped at 10, one without authorisation at 45.
func Rate(f Facts, p Peer, s Settings, today clock.Day) Score {
	parts := []Part{standing(f), activity(f, p, s, today)}
	if n := len(f.RecentViews); n > 0 && p.MedianViews > 0 {
		m := median(f.RecentViews)
		parts = append(parts, part("reach", 20, logShare(float64(m), float64(p.MedianViews)), m, p.MedianViews))
	}
	if f.Engagement30 != nil && f.Engagement30.Den > 0 && p.Engagement.Den > 0 {
		share := math.Min(1, 0.6*f.Engagement30.value()/math.Max(p.Engagement.value(), 1e-9))
		parts = append(parts, Part{Name: "engagement", Max: 15, Points: points(15, share), Value: percent(*f.Engagement30), Peer: percent(p.Engagement)})
	}
	if f.Gained30 != nil && f.Followers != nil {
		parts = append(parts, growth(*f.Gained30, *f.Followers, p))
	}
	got, most := 0, 0
	for _, x := range parts {
		got, most = got+x.Points, most+x.Max
	}
	total := int(math.Round(100 * float64(got) / float64(most)))
	switch f.Status {
	case "banned":
		total = min(total, 10)
	case "token_expired", "authorisation_cancelled", "private":
		total = min(total, 45)
	}
	return Score{Points: total, Parts: parts}
}

func standing(f Facts) Part {
	p := Part{Name: "standing", Max: 25, Value: f.Status}
	switch f.Status {
	case "ok":
		p.Points = 25
	case "private":
		p.Points = 10
	}
	return p
}

// activity is half "how fresh" (full within 7 days, nothing after the sleep limit) and half "as much as the league".
func activity(f Facts, p Peer, s Settings, today clock.Day) Part {
	limit := s.SleepDays
	if f.Kind == "store" {
		limit = s.SleepDaysStore
	}
	fresh := 0.0
	if f.LastPostDay != 0 {
		days := float64(today.Sub(f.LastPostDay))
		fresh = clamp(1 - (days-7)/math.Max(1, float64(limit-7)))
	}
	volume := clamp(float64(f.Posts30) / math.Max(1, float64(p.MedianPosts)))
	return part("activity", 30, (fresh+volume)/2, f.Posts30, p.MedianPosts)
}

func growth(gained, followers int64, p Peer) Part {
	own := Ratio{gained, max(1, followers-gained)}
	share := 0.5
	switch diff := own.value() - p.GrowthMedian.value(); {
	case diff >= 0.02:
		share = 1
	case diff <= -0.02:
		share = 0
	default:
		share += diff / 0.04
	}
	return Part{Name: "growth", Max: 10, Points: points(10, share), Value: percent(own), Peer: percent(p.GrowthMedian)}
}

// logShare rewards orders of magnitude: the league's median gives 0.6, ten times as much 1, a tenth 0.2.
func logShare(own, peer float64) float64 {
	if own < 1 {
		return 0
	}
	return clamp(0.6 + 0.4*math.Log10(own/peer))
}

func part(name string, most int, share float64, value, peer int64) Part {
	return Part{Name: name, Max: most, Points: points(most, share), Value: itoa(value), Peer: itoa(peer)}
}

func points(most int, share float64) int { return int(math.Round(float64(most) * clamp(share))) }

func clamp(x float64) float64 { return math.Max(0, math.Min(1, x)) }

// Band is the traffic light of a score: red, amber or green.
func (s Settings) Band(score int) string {
	switch {
	case score >= s.Green:
		return "green"
	case score >= s.Amber:
		return "amber"
	default:
		return "red"
	}
}

// Cliff tells whether a fall of followers between two counts is alarming: at least the set share and 50 followers.
func Cliff(before, after int64, s Settings) bool {
	lost := before - after
	return lost >= 50 && lost*100 >= before*int64(s.CliffPercent)
}

func median(v []int64) int64 {
	w := slices.Clone(v)
	slices.Sort(w)
	if n := len(w); n%2 == 1 {
		return w[n/2]
	} else if n > 0 {
		return (w[n/2-1] + w[n/2]) / 2
	}
	return 0
}
