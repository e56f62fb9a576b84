package post

import (
	"slices"
	"time"

	"kosmos/internal/base/clock"
)

// AccountDays gives an account's own day figures from its live account snapshots. Cumulative counters give differences:
// booked on the later day, known (as 0) for the days between, so that posts are not counted beside them. A day-valued
// figure replaces the difference of its day. The opening of a cumulative counter is not booked anywhere.
func AccountDays(snaps []Snap, zone *time.Location) []DayFigures {
	b := accountBook{cal: newCalendar(zone)}
	return b.days(snaps)
}

// accountBook works out AccountDays for one account after another without new memory.
type accountBook struct {
	book
	cal                   *calendar
	stated                book
	folded, daily, states []Snap
}

// days is AccountDays; the result stands until the next call.
func (b *accountBook) days(snaps []Snap) []DayFigures {
	b.folded = foldInto(b.folded, snaps)
	b.daily, b.states = b.daily[:0], b.states[:0]
	for i := range b.folded {
		s := &b.folded[i]
		mask := stateMask(s.Daily, ^uint16(0))
		if s.Counters.has&mask != 0 {
			b.states = append(b.states, *s)
			state := &b.states[len(b.states)-1]
			state.Counters.has &= mask
			if s.Daily {
				state.told &= mask
			}
		}
		if s.Counters.has&^mask != 0 || s.Daily && !s.moment.Empty() {
			b.daily = append(b.daily, *s)
			day := &b.daily[len(b.daily)-1]
			day.Counters.has &^= mask
			if !s.Daily {
				day.moment = Counters{}
			}
		}
	}
	b.rows, b.max = b.rows[:0], 0
	b.bookDaily()
	b.bookDifferences()
	return b.rows
}

// bookDaily writes day-valued figures; of several for one day and metric the newest moment stands.
func (b *accountBook) bookDaily() {
	for i := range b.daily {
		s := &b.daily[i]
		day := b.cal.day(s.AsOf)
		vals, has := s.metrics()
		for m := range NumMetrics {
			if has&(1<<m) == 0 {
				continue
			}
			if old := b.holder(day, m); old != nil {
				old.Has, old.Values[m] = old.Has&^(1<<m), 0
			}
			f := b.at(day, s.Class, s.AsOf)
			f.Has |= 1 << m
			f.Values[m] = vals[m]
		}
	}
}

// bookDifferences writes the differences of cumulative counters where no day-valued figure stands. Interactions are the
// difference of the total where the source tells it, else the sum of the parts' differences.
func (b *accountBook) bookDifferences() {
	b.stated = book{rows: append(b.stated.rows[:0], b.rows...), max: b.max}
	var last Counters
	var lastDay [NumCounters]clock.Day
	for i := range b.states {
		s := &b.states[i]
		day := b.cal.day(s.AsOf)
		total := s.told&(1<<Interactions) != 0
		for c := Views; c < NumCounters; c++ {
			if s.Counters.has&(1<<c) == 0 {
				continue
			}
			v := s.Counters.v[c]
			before, known := last.Get(c)
			from := lastDay[c]
			last.Set(c, v)
			lastDay[c] = day
			if !known {
				continue
			}
			span := gap{from: from, to: day, snap: s, diff: v - before}
			b.bookGap(metricOf(c), span)
			if c >= Likes && c <= Shares && !total {
				b.bookGap(MInteractions, span)
			}
		}
	}
}

// gap is one difference of a cumulative counter and the days it speaks for: after from, up to and including to.
type gap struct {
	from, to clock.Day
	snap     *Snap
	diff     int64
}

func (b *accountBook) bookGap(m Metric, g gap) {
	for d, n := b.cal.next(g.from), 0; d < g.to && n < maxGap; d, n = d.Add(1), n+1 {
		if b.holder(d, m) == nil {
			b.at(d, g.snap.Class, g.snap.AsOf).Has |= 1 << m
		}
	}
	if b.stated.holder(g.to, m) != nil {
		return
	}
	f := b.at(g.to, g.snap.Class, g.snap.AsOf)
	f.Has |= 1 << m
	f.Values[m] += g.diff
}

// metrics turns a day-valued snapshot's counters into metrics. Interactions are the total where the source tells it, else
// the sum of the parts it tells, under the last who told one.
func (s *Snap) metrics() (v Values, has uint16) {
	for k := Views; k < NumCounters; k++ {
		if x, ok := s.Counters.Get(k); ok {
			m := metricOf(k)
			v[m], has = x, has|1<<m
		}
	}
	if parts := s.moment.has & (1<<Likes | 1<<Comments | 1<<Saves | 1<<Shares); parts != 0 && s.told&(1<<Interactions) == 0 {
		has |= 1 << MInteractions
		for k := Likes; k <= Shares; k++ {
			if x, ok := s.moment.Get(k); ok {
				v[MInteractions] += x
			}
		}
	}
	return v, has
}

// sortUnless sorts a list that is not in order already; most are.
func sortUnless[T any](list []T, cmp func(a, b T) int) {
	if !slices.IsSortedFunc(list, cmp) {
		slices.SortFunc(list, cmp)
	}
}
