package desk

import (
	"fmt"
	"slices"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
)

// Actions of a level.
const (
	ActionSample = "sample" // straight through, but for a sample
	ActionReview = "review" // to the queue
	ActionBlock  = "block"  // refused
)

// What happens with pictures that could not be read.
const (
	UnreadReview = "review"
	UnreadPass   = "pass"
)

// Rule is what happens on one level.
type Rule struct {
	Action    string `json:"action" enum:"sample,review,block"`
	Percent   int    `json:"percent" minimum:"0" maximum:"100" doc:"of the sample"`
	Reviewers int    `json:"reviewers" minimum:"1" maximum:"2" doc:"people who must agree"`
	Minutes   int    `json:"minutes" minimum:"1" maximum:"14400" doc:"of business hours until it is due"`
}

// Settings are the brand's rules of the desk.
type Settings struct {
	Levels         []Rule      `json:"levels" minItems:"4" maxItems:"4" doc:"none, low, medium, high"`
	HQReviews      bool        `json:"hq_reviews" doc:"headquarters' operations may review as well"`
	ReuseApproved  bool        `json:"reuse_approved" doc:"what a reviewer approved passes again word for word"`
	ApprovalDays   int         `json:"approval_days" minimum:"1" maximum:"365"`
	ProfileDays    int         `json:"profile_days" minimum:"1" maximum:"730"`
	UnreadPictures string      `json:"unread_pictures" enum:"review,pass"`
	Opens          int         `json:"opens" minimum:"0" maximum:"1439" doc:"minute of the day"`
	Closes         int         `json:"closes" minimum:"1" maximum:"1440" doc:"minute of the day"`
	Weekdays       []int       `json:"weekdays" minItems:"1" maxItems:"7" doc:"1 Monday … 7 Sunday"`
	Holidays       []clock.Day `json:"holidays" maxItems:"200"`
}

// Defaults are the settings of a brand that changed nothing.
func Defaults() Settings {
	return Settings{
		Levels: []Rule{
			{Action: ActionSample, Percent: 5, Reviewers: 1, Minutes: 480},
			{Action: ActionSample, Percent: 20, Reviewers: 1, Minutes: 480},
			{Action: ActionReview, Percent: 100, Reviewers: 1, Minutes: 120},
			{Action: ActionBlock, Percent: 100, Reviewers: 2, Minutes: 60},
		},
		ReuseApproved: true, ApprovalDays: 30, ProfileDays: 180, UnreadPictures: UnreadReview,
		Opens: 9 * 60, Closes: 18 * 60, Weekdays: []int{1, 2, 3, 4, 5}, Holidays: []clock.Day{},
	}
}

// check judges settings. Errors, all at once: fields levels[i], closes, weekdays.
func (s Settings) check() error {
	bad := errs.Bad()
	for i, l := range s.Levels {
		if !slices.Contains([]string{ActionSample, ActionReview, ActionBlock}, l.Action) {
			bad.Field(fmt.Sprintf("levels[%d].action", i), "desk.action_unknown")
		}
		if i > 0 && stern(l.Action) < stern(s.Levels[i-1].Action) {
			bad.Field(fmt.Sprintf("levels[%d].action", i), "desk.levels_order")
		}
	}
	if s.Closes <= s.Opens {
		bad.Field("closes", "desk.hours_order")
	}
	if slices.ContainsFunc(s.Weekdays, func(d int) bool { return d < 1 || d > 7 }) {
		bad.Field("weekdays", "desk.weekday_unknown")
	}
	return bad.OrNil()
}

func stern(action string) int {
	return slices.Index([]string{ActionSample, ActionReview, ActionBlock}, action)
}

// works tells whether the day of t is a working day.
func (s Settings) works(t time.Time) bool {
	weekday := int(t.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	return slices.Contains(s.Weekdays, weekday) && !slices.Contains(s.Holidays, clock.DayOf(t, t.Location()))
}

// hours gives the business hours of the day of t.
func (s Settings) hours(t time.Time) (opens, closes time.Time) {
	y, m, d := t.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	return day.Add(time.Duration(s.Opens) * time.Minute), day.Add(time.Duration(s.Closes) * time.Minute)
}

// farDays bounds walks over days: a brand whose holidays never end must not hang the desk.
const farDays = 800

// due gives the moment when some minutes of business hours have passed since t.
func (s Settings) due(t time.Time, minutes int) time.Time {
	left := time.Duration(minutes) * time.Minute
	at := t
	for range farDays {
		if s.works(at) {
			opens, closes := s.hours(at)
			if at.Before(opens) {
				at = opens
			}
			if rest := closes.Sub(at); rest > 0 {
				if left <= rest {
					return at.Add(left)
				}
				left -= rest
			}
		}
		y, m, d := at.Date()
		at = time.Date(y, m, d+1, 0, 0, 0, 0, at.Location())
	}
	return t.Add(time.Duration(minutes) * time.Minute)
}

// between counts the minutes of business hours from a to b; up to a year and a half apart.
func (s Settings) between(a, b time.Time) int {
	sum := time.Duration(0)
	b = b.In(a.Location())
	for at, n := a, 0; at.Before(b) && n < farDays; n++ {
		y, m, d := at.Date()
		next := time.Date(y, m, d+1, 0, 0, 0, 0, at.Location())
		if s.works(at) {
			opens, closes := s.hours(at)
			from, to := later(at, opens), earlier(b, closes)
			if to.After(from) {
				sum += to.Sub(from)
			}
		}
		at = next
	}
	return int(sum / time.Minute)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
