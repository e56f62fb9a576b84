package insight

import (
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/domain/post"
)

// numClasses is one above the highest origin class.
const numClasses = int(post.ClassSandbox) + 1

// factDay is everything known about one account and day, by basis and class.
type factDay struct {
	rows [2][numClasses]*fact
}

// fact is one row of insight_account_day.
type fact struct {
	mask   uint16
	values post.Values
	dirty  bool
	fresh  bool
}

// known gives the metrics that the account's own figures tell, of whatever class.
func (d *factDay) known() (mask uint16) {
	for _, f := range d.rows[post.BasisAccount] {
		if f != nil {
			mask |= f.mask
		}
	}
	return mask
}

// counted gives what counts, by class: the account's own figure where there is one, else the sum of its posts.
func (d *factDay) counted() (out [numClasses]post.Values) {
	own := d.known()
	for c := range numClasses {
		if f := d.rows[post.BasisPosts][c]; f != nil {
			for m := range post.NumMetrics {
				if own&(1<<m) == 0 {
					out[c][m] += f.values[m]
				}
			}
		}
		if f := d.rows[post.BasisAccount][c]; f != nil {
			for m := range post.NumMetrics {
				if f.mask&(1<<m) != 0 {
					out[c][m] += f.values[m]
				}
			}
		}
	}
	return out
}

// factRoom makes facts many at a time.
type factRoom []fact

func (r *factRoom) fresh() *fact {
	if len(*r) == cap(*r) {
		*r = make(factRoom, 0, 64)
	}
	*r = append(*r, fact{fresh: true})
	return &(*r)[len(*r)-1]
}

// apply books one delta and keeps the masks of the posts rows in step.
func (d *factDay) apply(x *post.Delta, room *factRoom) {
	row := d.rows[x.Basis][x.Class]
	if row == nil {
		row = room.fresh()
		d.rows[x.Basis][x.Class] = row
	}
	row.values.Add(&x.Values, 1)
	row.dirty = true
	if x.Basis == post.BasisAccount {
		row.mask = row.mask&^x.Clear | x.Set
	}
	own := d.known()
	for _, f := range d.rows[post.BasisPosts] {
		if f != nil && f.mask != own {
			f.mask, f.dirty = own, true
		}
	}
}

// The bits an account contributes to the live counts.
const (
	bitCounted uint8 = 1 << iota
	bitActive7
	bitActive30
	bitAsleep
	bitAbnormal
)

// Days of silence after which an account is asleep.
const (
	asleepAfter      = 30
	asleepAfterStore = 60
)

// contribution tells how an account counts on a day. An abnormal account is neither active nor asleep.
func contribution(s *accountState, today clock.Day) uint8 {
	if !s.Counted {
		return 0
	}
	if s.Abnormal {
		return bitCounted | bitAbnormal
	}
	bits := bitCounted
	last := s.LastPostDay
	if last != 0 {
		silent := today.Sub(last)
		if silent < 7 {
			bits |= bitActive7
		}
		if silent < 30 {
			return bits | bitActive30
		}
	} else if last = s.CreatedDay; last == 0 {
		return bits
	}
	limit := asleepAfter
	if s.Kind == "store" {
		limit = asleepAfterStore
	}
	if today.Sub(last) >= limit {
		bits |= bitAsleep
	}
	return bits
}

// paths is the tree of some units over time.
type paths map[unitID][]ClosureSpan

// first gives the first day the unit existed.
func first(spans []ClosureSpan) clock.Day {
	lo := clock.Forever
	for i := range spans {
		lo = min(lo, spans[i].From)
	}
	return lo
}

// above appends the units that unit's facts of a day count for: its ancestors as of the day, itself, and 0 for the
// brand. A day before the unit existed counts as its first day, so that history from before the tree finds its place.
func (p paths) above(dst []unitID, unit unitID, day clock.Day) []unitID {
	dst = append(dst, 0)
	spans := p[unit]
	day = max(day, first(spans))
	for i := range spans {
		if spans[i].From <= day && day <= spans[i].To {
			dst = append(dst, unitID(spans[i].AncestorID))
		}
	}
	if len(spans) == 0 {
		dst = append(dst, unit)
	}
	return dst
}

// unitAt gives the unit an account was in on a day; a day before the first span counts as its first day.
func unitAt(spans []UnitSpan, day clock.Day) unitID {
	var best *UnitSpan
	for i := range spans {
		s := &spans[i]
		if s.From <= day && day <= s.To {
			return unitID(s.UnitID)
		}
		if best == nil || gapTo(s, day) < gapTo(best, day) {
			best = s
		}
	}
	if best == nil {
		return 0
	}
	return unitID(best.UnitID)
}

// gapTo is how far a day lies outside a span.
func gapTo(s *UnitSpan, day clock.Day) int {
	if day < s.From {
		return s.From.Sub(day)
	}
	return day.Sub(min(s.To, day))
}

// monthOf gives yyyymm.
func monthOf(d clock.Day) int32 { return int32(d) / 100 }

// Period is a run of whole days, both ends included.
type Period struct {
	From clock.Day `json:"from"`
	To   clock.Day `json:"to"`
}

// Days counts the days.
func (p Period) Days() int { return p.To.Sub(p.From) + 1 }

// Previous is the period of the same length right before; of whole months the same number of months before.
func (p Period) Previous() Period {
	if p.From%100 == 1 && p.To.Add(1)%100 == 1 {
		months := int(p.To/10000-p.From/10000)*12 + int(p.To/100%100-p.From/100%100) + 1
		from := clock.DayOf(p.From.In(zone()).AddDate(0, -months, 0), zone())
		return Period{from, p.From.Add(-1)}
	}
	return Period{p.From.Add(-p.Days()), p.From.Add(-1)}
}

// split cuts a period into whole months up to and including rolled, which are read as months, and the days around them.
func (p Period) split(rolled int32) (months []int32, days []Period) {
	start := p.From
	for day := p.From; day <= p.To; {
		next := clock.DayOf(day.In(zone()).AddDate(0, 1, 1-day.In(zone()).Day()), zone()) // first of the next month
		if day%100 == 1 && next.Add(-1) <= p.To && monthOf(day) <= rolled {
			if start < day {
				days = append(days, Period{start, day.Add(-1)})
			}
			months = append(months, monthOf(day))
			start = next
		}
		day = next
	}
	if start <= p.To {
		days = append(days, Period{start, p.To})
	}
	return months, days
}

// sortedUnits lists a set in order: it keeps upserts in the order of their keys.
func sortedUnits(set map[unitID]struct{}) []unitID {
	out := make([]unitID, 0, len(set))
	for u := range set {
		out = append(out, u)
	}
	slices.Sort(out)
	return out
}
