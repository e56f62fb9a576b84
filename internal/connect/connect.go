// Package connect says how a try to reach a third party ended, in words that every caller understands alike; the folders
// below speak to one kind of third party each.
//
// Owns: the four ends of a try (Result) and Fault, which never carries an address, a key or a token: what is in it may be
// stored and shown.
//
// Not here: who is written to, when, and how often it is tried again → the rooms.
package connect

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"kosmos/internal/base/egress"
)

// Result is how a try ended, as far as we can know.
type Result string

// The ends of a try. Unknown means that the other side may have done it: whoever repeats it may do it twice.
const (
	Sent    Result = "sent"
	Refused Result = "refused" // it was not done, and trying again as it is would not help
	Later   Result = "later"   // it was certainly not done; try again
	Unknown Result = "unknown" // the connection ended after the request was out
)

// Fault is a try that was not a plain success.
type Fault struct { //nolint:errname // a way for a try to end, as Result is; only some of them are errors to somebody
	Result Result
	Code   string        // a word that the caller has texts for: "robot_wecom_93000", "timeout"
	Detail string        // what the other side said, cut short; never from our own error texts, which hold addresses
	Wait   time.Duration // the other side asked for this pause; 0: the caller's own
}

// Error implements error with the code alone.
func (f *Fault) Error() string { return "connect: " + f.Code }

// Of makes a fault of any error: one that is none counts as not done.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Result: Later, Code: "broken"}
}

// Lost says what a request over the guard that got no answer came to. reached tells whether a connection was there: from
// then on the other side may have done what it was asked.
func Lost(err error, reached bool) *Fault {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, egress.ErrInside):
		return &Fault{Result: Refused, Code: "inside"}
	case reached && errors.As(err, &slow) && slow.Timeout():
		return &Fault{Result: Unknown, Code: "timeout"}
	case reached:
		return &Fault{Result: Unknown, Code: "cut_off"}
	}
	return &Fault{Result: Later, Code: "unreachable"}
}

const maxDetail = 200

// secret is what must not be kept of somebody's answer: addresses, phone numbers, keys.
var secret = regexp.MustCompile(`\S+@\S+|https?://\S+|[A-Za-z0-9_\-]{16,}|\+?[0-9][0-9 \-]{5,}[0-9]`)

// Said cuts what the other side said to a length that can be kept, without control characters and without anything that
// looks like an address, a phone number or a key.
func Said(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.TrimSpace(secret.ReplaceAllString(text, "…")))
	return string(runes[:min(len(runes), maxDetail)])
}
