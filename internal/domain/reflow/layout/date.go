package layout

import (
	"math"
	"strconv"
	"strings"
	"time"

	"kosmos/internal/base/sheet"
)

// Precision says how much of a time was written down.
type Precision uint8

// The precisions of a time.
const (
	ToDay Precision = iota + 1
	ToMinute
	ToSecond
)

// Time is a parsed date cell. OK is false when the cell said nothing.
type Time struct {
	At   time.Time
	Prec Precision
	OK   bool
}

// oldest is the first year any of these platforms existed.
const oldest = 2005

// ParseTime reads the date forms of the platforms' exports and of hand-made
// sheets as wall-clock time in asOf's zone: 2026年06月25日14时50分00秒 ·
// 2026/06/23 · 2025.08.06 · 20260625 · 06-25 (year inferred: the latest not
// after asOf) · spreadsheet serials · 10- and 13-digit epochs · 昨天 12:30.
func ParseTime(cell string, asOf time.Time) (Time, error) {
	s := Clean(cell)
	if Missing(s) {
		return Time{}, nil
	}
	if strings.HasPrefix(s, "#") {
		return Time{}, ErrCellError
	}
	t, err := parseTime(s, asOf)
	if err != nil {
		return Time{}, err
	}
	switch {
	case t.At.Year() < oldest:
		return Time{}, ErrTooOld
	case t.At.After(asOf.AddDate(0, 0, 1)):
		return Time{}, ErrFuture
	}
	t.OK = true
	return t, nil
}

func parseTime(s string, asOf time.Time) (Time, error) {
	loc := asOf.Location()
	if n, ok := digits(s); ok {
		return fromDigits(s, n, loc)
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 20000 && f < 80000 && strings.Count(s, ".") == 1 {
		return fromSerial(f, loc), nil
	}
	if t, ok := relative(s, asOf); ok {
		return t, nil
	}
	for _, form := range []string{time.RFC3339Nano, time.RubyDate} { // the latter is Weibo's own
		if t, err := time.Parse(form, s); err == nil {
			return Time{At: t.In(loc), Prec: ToSecond}, nil
		}
	}
	nums, ok := groups(s)
	if !ok {
		return Time{}, ErrNotTime
	}
	return fromGroups(nums, asOf)
}

func digits(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// fromDigits tells by length what a bare number is.
func fromDigits(s string, n int64, loc *time.Location) (Time, error) {
	switch len(s) {
	case 5:
		if n > 20000 && n < 80000 {
			return fromSerial(float64(n), loc), nil
		}
	case 8:
		if t, err := time.ParseInLocation("20060102", s, loc); err == nil {
			return Time{At: t, Prec: ToDay}, nil
		}
	case 10:
		return Time{At: time.Unix(n, 0).In(loc), Prec: ToSecond}, nil
	case 12:
		if t, err := time.ParseInLocation("200601021504", s, loc); err == nil {
			return Time{At: t, Prec: ToMinute}, nil
		}
	case 13:
		return Time{At: time.UnixMilli(n).In(loc), Prec: ToSecond}, nil
	case 14:
		if t, err := time.ParseInLocation("20060102150405", s, loc); err == nil {
			return Time{At: t, Prec: ToSecond}, nil
		}
	case 16:
		return Time{At: time.UnixMicro(n).In(loc), Prec: ToSecond}, nil
	}
	return Time{}, ErrNotTime
}

// fromSerial re-reads a spreadsheet's wall-clock day number in loc.
func fromSerial(f float64, loc *time.Location) Time {
	u := sheet.SerialTime(f)
	t := Time{At: time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), 0, loc), Prec: ToSecond}
	if f == math.Floor(f) {
		t.Prec = ToDay
	}
	return t
}

// relative reads what the apps' pages show for recent posts.
func relative(s string, asOf time.Time) (Time, bool) {
	day := time.Date(asOf.Year(), asOf.Month(), asOf.Day(), 0, 0, 0, 0, asOf.Location())
	for i, w := range []string{"今天", "昨天", "前天"} {
		rest, ok := strings.CutPrefix(s, w)
		if !ok {
			continue
		}
		day = day.AddDate(0, 0, -i)
		if rest = strings.TrimSpace(rest); rest == "" {
			return Time{At: day, Prec: ToDay}, true
		}
		h, err := time.Parse("15:04", rest)
		if err != nil {
			return Time{}, false
		}
		return Time{At: day.Add(time.Duration(h.Hour())*time.Hour + time.Duration(h.Minute())*time.Minute), Prec: ToMinute}, true
	}
	if n, ok := strings.CutSuffix(s, "天前"); ok {
		if k, err := strconv.Atoi(n); err == nil && k >= 0 && k < 3650 {
			return Time{At: day.AddDate(0, 0, -k), Prec: ToDay}, true
		}
	}
	return Time{}, false
}

// groups splits a date into its numbers; letters other than the marks of dates
// make it no date.
func groups(s string) ([]int, bool) {
	var nums []int
	cur, in := 0, false
	end := func() {
		if in {
			nums = append(nums, cur)
		}
		cur, in = 0, false
	}
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if cur > 99999 {
				return nil, false
			}
			cur, in = cur*10+int(r-'0'), true
		case strings.ContainsRune("年月日号时点分秒-/.: ,T", r):
			if r == '.' && len(nums) == 5 { // fraction of a second
				end()
				return nums, true
			}
			end()
		default:
			return nil, false
		}
	}
	end()
	return nums, len(nums) >= 2 && len(nums) <= 7
}

// fromGroups makes a time of [year] month day [hour [minute [second]]].
func fromGroups(n []int, asOf time.Time) (Time, error) {
	inferred := n[0] < 100
	if inferred {
		if len(n) >= 3 && n[0] > 12 && n[0] < 100 { // 26-06-25
			inferred = false
			n = append([]int{2000 + n[0]}, n[1:]...)
		} else {
			n = append([]int{asOf.Year()}, n...)
		}
	}
	if len(n) < 3 || len(n) > 7 {
		return Time{}, ErrNotTime
	}
	var f [6]int
	copy(f[:], n)
	prec := ToDay
	switch {
	case len(n) >= 6:
		prec = ToSecond
	case len(n) > 3:
		prec = ToMinute
	}
	if !inferred {
		t, ok := wall(f, asOf.Location())
		if !ok {
			return Time{}, ErrNotTime
		}
		return Time{At: t, Prec: prec}, nil
	}
	for range 9 { // 29 February needs a leap year
		if t, ok := wall(f, asOf.Location()); ok && !t.After(asOf.AddDate(0, 0, 1)) {
			return Time{At: t, Prec: prec}, nil
		}
		f[0]--
	}
	return Time{}, ErrNoYear
}

// wall builds a time and refuses what the calendar does not have; 24:00 is the
// next midnight.
func wall(f [6]int, loc *time.Location) (time.Time, bool) {
	midnight := f[3] == 24 && f[4] == 0 && f[5] == 0
	if midnight {
		f[3] = 0
	}
	if f[0] < 1900 || f[0] > 9999 || f[1] < 1 || f[1] > 12 || f[2] < 1 || f[3] > 23 || f[4] > 59 || f[5] > 59 {
		return time.Time{}, false
	}
	t := time.Date(f[0], time.Month(f[1]), f[2], f[3], f[4], f[5], 0, loc)
	if t.Day() != f[2] || int(t.Month()) != f[1] {
		return time.Time{}, false
	}
	if midnight {
		t = t.AddDate(0, 0, 1)
	}
	return t, true
}
