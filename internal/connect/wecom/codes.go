package wecom

import (
	"slices"
	"strconv"
	"time"

	"kosmos/internal/connect"
)

// Codes lists the error codes that we have words for; the words are "wecom_<code>", with "minus_1" for -1.
func Codes() []int {
	return []int{
		-1, 40001, 40013, 40014, 40056, 40058, 41035, 41054, 42001, 45009, 45033, 48002, 60011, 60020, 60111, 81013, 84061, 84074, 90500, 90501, 301002,
	}
}

// tokenIsDead tells of codes that a new token mends.
func tokenIsDead(code int) bool { return code == 40014 || code == 42001 }

// pause gives how long to leave an API alone after a code that means "not now"; 0 for codes that mean no. A minute's block
// lasts 60 s; that it is the hour's shows when it goes on.
func pause(code int) time.Duration {
	switch code {
	case -1: // the platform is busy
		return 5 * time.Second
	case 45009: // too often
		return time.Minute
	case 45033: // too many at once
		return 2 * time.Second
	case 40014, 42001: // a token that does not hold, twice in a row
		return 30 * time.Second
	}
	return 0
}

func fault(code int, said string) *connect.Fault {
	f := &connect.Fault{Result: connect.Refused, Code: "wecom_refused", Detail: strconv.Itoa(code) + " " + connect.Said(said)}
	if slices.Contains(Codes(), code) {
		f.Code = "wecom_" + strconv.Itoa(code)
	}
	if code == -1 {
		f.Code = "wecom_minus_1"
	}
	if wait := pause(code); wait > 0 {
		f.Result, f.Wait = connect.Later, wait
	}
	return f
}
