package notify

import (
	"slices"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Channel is a way to tell somebody.
type Channel string

// The channels. A person chooses for the first three; a robot speaks to a group.
const (
	InApp Channel = "in_app"
	Mail  Channel = "mail"
	SMS   Channel = "sms"
	Robot Channel = "robot"
)

// Personal lists the channels that a person chooses for.
func Personal() []Channel { return []Channel{InApp, Mail, SMS} }

// Mode is when a kind comes on a channel.
type Mode string

// The modes. Daily and Weekly gather what is unread into one mail at the brand's hour.
const (
	Off     Mode = "off"
	Instant Mode = "instant"
	Daily   Mode = "daily"
	Weekly  Mode = "weekly"
)

// takes tells whether a channel knows a mode.
func (c Channel) takes(m Mode) bool {
	if c == Mail {
		return slices.Contains([]Mode{Off, Instant, Daily, Weekly}, m)
	}
	return slices.Contains(Personal(), c) && (m == Off || m == Instant)
}

// builtIn is a kind's mode where neither person nor brand chose.
func (k Kind) builtIn(c Channel) Mode {
	switch {
	case c == InApp:
		return Instant
	case c != Mail:
		return Off
	case k.Mail != "":
		return k.Mail
	case k.Loud:
		return Instant
	}
	return Daily
}

// State is where a delivery stands.
type State string

// The states.
const (
	Queued  State = "queued"
	Sending State = "sending"
	Sent    State = "sent"
	Failed  State = "failed"
	Skipped State = "skipped"
	Unknown State = "unknown"
)

// States lists all of them.
func States() []State { return []State{Queued, Sending, Sent, Failed, Skipped, Unknown} }

// Reasons why a delivery was skipped, or failed or became unknown without a word from the other side. Texts:
// notify.why_<reason>; what the other side said is notify.why_<code of connect.Fault>.
const (
	whyTurnedOff   = "turned_off"  // the person does not want it
	whyNoAddress   = "no_address"  // there is no mail address or phone number
	whyLeft        = "left"        // the person may not sign in any more
	whyRead        = "read"        // read in the program before it went out
	whyGone        = "gone"        // the notice was deleted meanwhile
	whyChannelOff  = "channel_off" // the channel or robot was switched off meanwhile
	whyInterrupted = "interrupted" // the program ended in the middle of sending
)

// Quiet is a span of the day in which only loud kinds go out: minutes after midnight in the brand's zone. It may pass
// midnight; From == To is none.
type Quiet struct{ From, To int }

const day = 24 * 60

// until gives the moment from which t may go out: t itself, or the end of the quiet span it falls into.
func (q Quiet) until(t time.Time) time.Time {
	at := t.Hour()*60 + t.Minute()
	inside := q.From < q.To && at >= q.From && at < q.To || q.From > q.To && (at >= q.From || at < q.To)
	if !inside {
		return t
	}
	y, m, d := t.Date()
	if at >= q.To { // it ends tomorrow
		d++
	}
	return time.Date(y, m, d, q.To/60, q.To%60, 0, 0, t.Location())
}

// digestAfter gives the first digest after t, at a minute of the day; weekday cuts it to one day of the week, nil does not.
func digestAfter(t time.Time, at int, weekday *time.Weekday) time.Time {
	y, m, d := t.Date()
	for i := range 9 {
		next := time.Date(y, m, d+i, at/60, at%60, 0, 0, t.Location())
		if next.After(t) && (weekday == nil || next.Weekday() == *weekday) {
			return next
		}
	}
	return t // not reached: nine days hold every weekday
}

// person is what one person set for themselves.
type person struct {
	UserID    id.ID `db:"user_id"`
	QuietFrom int   `db:"quiet_from"` // -1: as the brand has it
	QuietTo   int   `db:"quiet_to"`
	MailOff   int   `db:"mail_off"` // 1: no mail at all
}

func newPerson(user id.ID) person { return person{UserID: user, QuietFrom: -1, QuietTo: -1} }

// quiet gives the person's own hours or the brand's.
func (p person) quiet(brand Quiet) Quiet {
	if p.QuietFrom < 0 {
		return brand
	}
	return Quiet{p.QuietFrom, p.QuietTo}
}

// Tries and the pauses between them.
const (
	maxTries = 6
	maxAge   = 3 * 24 * time.Hour
)

// backoff gives the pause after so many tries (1 is the first).
func backoff(tries int) time.Duration {
	steps := []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}
	return steps[min(max(tries, 1), len(steps))-1]
}

// startOfDay gives the first moment of the day of now in a zone.
func startOfDay(now time.Time, zone *time.Location) clock.Ms {
	return clock.MsOf(clock.DayOf(now, zone).In(zone))
}
