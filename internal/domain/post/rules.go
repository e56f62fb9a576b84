package post

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kosmos/internal/base/clock"
)

// Snap is one live snapshot as the rules see it.
type Snap struct {
	AsOf, LearnedAt clock.Ms
	Class           Class
	Daily           bool // of an account: day-valued
	Counters        Counters

	moment Counters // after Fold, on the last snapshot of a moment: everything told of it
	told   uint16   // after Fold: the counters told of the moment, here or in another snapshot of it
}

// DayFigures is what the rules book for one day and origin class. Has marks the metrics known on BasisAccount.
type DayFigures struct {
	Day    clock.Day
	Class  Class
	Has    uint16
	AsOf   clock.Ms
	Values Values
}

// KindLive is the content kind of a live session.
const KindLive = "live"

// maxGap bounds the days a cumulative difference of an account speaks for.
const maxGap = 400

// byTime is the order in which snapshots count: when they were true, then when they were learned.
func byTime(a, b Snap) int {
	if c := cmp.Compare(a.AsOf, b.AsOf); c != 0 {
		return c
	}
	if a.Daily != b.Daily {
		if b.Daily {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.LearnedAt, b.LearnedAt)
}

// book collects figures by day and class. Days mostly come in order, so a day above the highest is new without a search.
type book struct {
	rows []DayFigures
	max  clock.Day
}

func (b *book) at(day clock.Day, class Class, asOf clock.Ms) *DayFigures {
	if day <= b.max {
		for i := len(b.rows) - 1; i >= 0; i-- {
			if f := &b.rows[i]; f.Day == day && f.Class == class {
				f.AsOf = max(f.AsOf, asOf)
				return f
			}
		}
	}
	b.rows, b.max = append(b.rows, DayFigures{Day: day, Class: class, AsOf: asOf}), max(b.max, day)
	return &b.rows[len(b.rows)-1]
}

// holder gives the row that holds the metric of the day, nil when none does.
func (b *book) holder(day clock.Day, m Metric) *DayFigures {
	if day > b.max {
		return nil
	}
	for i := len(b.rows) - 1; i >= 0; i-- {
		if f := &b.rows[i]; f.Day == day && f.Has&(1<<m) != 0 {
			return f
		}
	}
	return nil
}

// Fold settles what was said of each moment: per counter the value learned last stands (a correction) and keeps the
// class of who told it, so a moment may keep several snapshots with different counters. The result is sorted; the input
// is not changed.
func Fold(snaps []Snap) []Snap { return foldInto(nil, snaps) }

// foldInto is Fold that writes over dst.
func foldInto(dst, snaps []Snap) []Snap {
	sorted := append(dst[:0], snaps...)
	if !slices.IsSortedFunc(sorted, byTime) {
		slices.SortStableFunc(sorted, byTime)
	}
	out := sorted[:0]
	for lo := 0; lo < len(sorted); {
		hi := lo + 1
		for hi < len(sorted) && sorted[hi].AsOf == sorted[lo].AsOf && sorted[hi].Daily == sorted[lo].Daily {
			hi++
		}
		out = settleMoment(out, sorted[lo:hi])
		lo = hi
	}
	return out
}

// settleMoment appends the snapshots of one moment, sorted by when they were learned, without what was corrected. out may
// overlap at's own array: nothing is written beyond what was read.
func settleMoment(out, at []Snap) []Snap {
	if len(at) == 1 {
		s := at[0]
		s.moment, s.told = s.Counters, s.Counters.has
		return append(out, s)
	}
	var all Counters
	first := len(out)
	for i, s := range at {
		later := uint16(0)
		for _, o := range at[i+1:] {
			later |= o.Counters.has
		}
		all.merge(s.Counters)
		s.Counters.has &^= later
		last := len(out) - 1
		switch {
		case last >= first && out[last].Class == s.Class:
			out[last].Counters.merge(s.Counters)
			out[last].LearnedAt = s.LearnedAt
		case !s.Counters.Empty() || i == len(at)-1:
			out = append(out, s)
		}
	}
	for i := first; i < len(out); i++ {
		out[i].told = all.has
	}
	out[len(out)-1].moment = all
	return out
}

// merge takes over what o knows.
func (s *Counters) merge(o Counters) {
	for c := range NumCounters {
		if o.has&(1<<c) != 0 {
			s.Set(c, o.v[c])
		}
	}
}

// Days gives a post's day figures: a pure function of its live snapshots, whatever order they came in. published is the
// publish day, 0 when unknown (then the opening falls on the first snapshot's day). kind "live" counts as a live
// session, anything else as a post.
func Days(kind string, published clock.Day, snaps []Snap, zone *time.Location) []DayFigures {
	if len(snaps) == 0 {
		return nil
	}
	folded := Fold(snaps)
	if published == 0 {
		published = folded[0].AsOf.Day(zone)
	}
	days := book{rows: make([]DayFigures, 0, len(folded))}
	own := MPosts
	if kind == KindLive {
		own = MLives
	}
	days.at(published, folded[0].Class, folded[0].AsOf).Values[own] = 1
	var last Counters
	for _, s := range folded {
		for c := Views; c < NumPostCounters; c++ {
			v, ok := s.Counters.Get(c)
			if !ok {
				continue
			}
			before, known := last.Get(c)
			last.Set(c, v)
			day := published
			if known {
				if v == before {
					continue
				}
				day = s.AsOf.Day(zone)
			}
			f := days.at(day, s.Class, s.AsOf)
			f.Values[metricOf(c)] += v - before
			if c >= Likes && c <= Shares {
				f.Values[MInteractions] += v - before
			}
		}
	}
	return days.rows
}

// Falls tells which counters (bit = Counter) ever fell from one snapshot to the next.
func Falls(snaps []Snap) uint16 {
	var last Counters
	var fell uint16
	for _, s := range Fold(snaps) {
		for c := range NumCounters {
			if v, ok := s.Counters.Get(c); ok {
				if before, known := last.Get(c); known && v < before {
					fell |= 1 << c
				}
				last.Set(c, v)
			}
		}
	}
	return fell
}

// Latest gives the newest known value of every counter and the newest moment.
func Latest(snaps []Snap) (Counters, clock.Ms) {
	var last Counters
	var asOf clock.Ms
	for _, s := range Fold(snaps) {
		last.merge(s.Counters)
		asOf = s.AsOf
	}
	return last, asOf
}

// metricOf maps a counter (other than Impressions) to the metric it feeds.
func metricOf(c Counter) Metric {
	switch c {
	case Views:
		return MViews
	case Likes:
		return MLikes
	case Comments:
		return MComments
	case Saves:
		return MSaves
	case Shares:
		return MShares
	case FollowersGained, Followers:
		return MFollowers
	case Posts:
		return MPosts
	case Lives:
		return MLives
	case Interactions:
		return MInteractions
	case Leads:
		return MLeads
	case Inquiries:
		return MInquiries
	case Replies:
		return MReplies
	case Impressions, NumCounters:
	}
	panic("post: the counter feeds no metric")
}

// NormTitle is the form titles are compared in: compatibility width, lower case, without blanks and invisible marks,
// at most 120 characters (platforms cut long titles in exports).
func NormTitle(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range norm.NFKC.String(s) {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		b.WriteRune(unicode.ToLower(r))
		if n++; n == 120 {
			break
		}
	}
	return b.String()
}
