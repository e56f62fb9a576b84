package post

import (
	"time"

	"kosmos/internal/base/clock"
)

// calendar tells the days of moments in a zone. It remembers the last few, because a batch speaks of few days. Not for
// use by several goroutines.
type calendar struct {
	zone  *time.Location
	slots [4]struct {
		from, to clock.Ms
		day      clock.Day
	}
	today, tomorrow clock.Day
}

func newCalendar(zone *time.Location) *calendar { return &calendar{zone: zone} }

const dayMs = 24 * 3600 * 1000

// day gives the day of a moment.
func (c *calendar) day(at clock.Ms) clock.Day {
	s := &c.slots[uint64(at)/dayMs%uint64(len(c.slots))]
	if at < s.from || at >= s.to {
		s.day = at.Day(c.zone)
		s.from, s.to = clock.MsOf(s.day.In(c.zone)), clock.MsOf(s.day.Add(1).In(c.zone))
	}
	return s.day
}

// next gives the day after a day.
func (c *calendar) next(d clock.Day) clock.Day {
	if d != c.today || d == 0 {
		c.today, c.tomorrow = d, d.Add(1)
	}
	return c.tomorrow
}
