package clock

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Ms is unix milliseconds; 0 is "never": NULL in the store, null in JSON. In JSON it is RFC 3339 with offset +08:00.
type Ms int64

// MsOf converts t; the zero time gives 0.
func MsOf(t time.Time) Ms {
	if t.IsZero() {
		return 0
	}
	return Ms(t.UnixMilli())
}

// Time converts to Shanghai time; 0 gives the zero time.
func (m Ms) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(m)).In(shanghai)
}

// Day gives the day of m in loc.
func (m Ms) Day(loc *time.Location) Day { return DayOf(time.UnixMilli(int64(m)), loc) }

// MarshalJSON writes RFC 3339 or null.
func (m Ms) MarshalJSON() ([]byte, error) {
	return m.AppendJSON(nil), nil
}

// AppendJSON is MarshalJSON for writers that go on with b.
func (m Ms) AppendJSON(b []byte) []byte {
	if m == 0 {
		return append(b, "null"...)
	}
	return append(m.Time().AppendFormat(append(b, '"'), "2006-01-02T15:04:05.000-07:00"), '"')
}

// UnmarshalJSON reads RFC 3339 or null.
func (m *Ms) UnmarshalJSON(b []byte) error {
	if s := string(b); s == "null" || s == `""` {
		*m = 0
		return nil
	}
	if len(b) < 2 || b[0] != '"' {
		return fmt.Errorf("clock: %s is not a time", b)
	}
	return m.UnmarshalText(b[1 : len(b)-1])
}

// UnmarshalText reads RFC 3339.
func (m *Ms) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("clock: %q is not a time such as 2026-11-22T09:00:00+08:00", b)
	}
	*m = MsOf(t)
	return nil
}

// Value stores 0 as NULL.
func (m Ms) Value() (driver.Value, error) {
	if m == 0 {
		return nil, nil //nolint:nilnil // NULL is the store's form of never
	}
	return int64(m), nil
}

// Scan reads BIGINT or NULL.
func (m *Ms) Scan(v any) error {
	n, err := scanInt(v)
	*m = Ms(n)
	return err
}

// Day is a calendar day as yyyymmdd in the brand's zone; 0 is "none".
type Day int32

// Forever is the valid-to day of a fact that has not ended.
const Forever Day = 99991231

// DayOf gives the calendar day of t in loc.
func DayOf(t time.Time, loc *time.Location) Day {
	y, m, d := t.In(loc).Date()
	return Day(y*10000 + int(m)*100 + d)
}

// ParseDay reads 2026-11-22 and refuses days that do not exist.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("clock: %q is not a day such as 2026-11-22", s)
	}
	return DayOf(t, time.UTC), nil
}

// In gives the first moment of the day in loc.
func (d Day) In(loc *time.Location) time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, loc)
}

// Add moves by n days. Forever and none stay as they are.
func (d Day) Add(n int) Day {
	if d == Forever || d == 0 {
		return d
	}
	return DayOf(d.In(time.UTC).AddDate(0, 0, n), time.UTC)
}

// Sub gives the days from o to d.
func (d Day) Sub(o Day) int { return int(d.In(time.UTC).Sub(o.In(time.UTC)).Hours() / 24) }

// String writes 2026-11-22, "" for none.
func (d Day) String() string {
	if d == 0 {
		return ""
	}
	return d.In(time.UTC).Format("2006-01-02")
}

// MarshalJSON writes "2026-11-22", null for none or Forever.
func (d Day) MarshalJSON() ([]byte, error) {
	if d == 0 || d == Forever {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads "2026-11-22" or null.
func (d *Day) UnmarshalJSON(b []byte) error {
	if s := string(b); s == "null" || s == `""` {
		*d = 0
		return nil
	}
	if len(b) < 2 || b[0] != '"' {
		return fmt.Errorf("clock: %s is not a day", b)
	}
	return d.UnmarshalText(b[1 : len(b)-1])
}

// UnmarshalText reads 2026-11-22.
func (d *Day) UnmarshalText(b []byte) error {
	v, err := ParseDay(string(b))
	*d = v
	return err
}

// Value stores none as NULL.
func (d Day) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil //nolint:nilnil // NULL is the store's form of none
	}
	return int64(d), nil
}

// Scan reads INTEGER, BIGINT or NULL.
func (d *Day) Scan(v any) error {
	n, err := scanInt(v)
	*d = Day(n)
	return err
}

func scanInt(v any) (int64, error) {
	switch x := v.(type) {
	case nil:
		return 0, nil
	case int64:
		return x, nil
	case int32:
		return int64(x), nil
	default:
		return 0, fmt.Errorf("clock: cannot scan %T", v)
	}
}
