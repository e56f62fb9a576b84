package post

import (
	"cmp"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// ledger collects new − old of day figures per account, day, basis and class.
type ledger struct {
	brand id.ID
	at    map[ledgerKey]int
	rows  []Delta
	was   []uint16 // metrics known before, per row
	is    []uint16 // metrics known now
}

type ledgerKey struct {
	account id.ID
	day     clock.Day
	basis   Basis
	class   Class
}

func newLedger(brand id.ID) *ledger { return &ledger{brand: brand, at: map[ledgerKey]int{}} }

// add books figures with sign +1 (now) or −1 (before).
func (l *ledger) add(account id.ID, basis Basis, days []DayFigures, sign int64) {
	for i := range days {
		d := &days[i]
		key := ledgerKey{account, d.Day, basis, d.Class}
		n, ok := l.at[key]
		if !ok {
			n = len(l.rows)
			l.at[key] = n
			l.rows = append(l.rows, Delta{BrandID: l.brand, AccountID: account, Day: d.Day, Basis: basis, Class: d.Class})
			l.was, l.is = append(l.was, 0), append(l.is, 0)
		}
		l.rows[n].Values.Add(&d.Values, sign)
		l.rows[n].AsOf = max(l.rows[n].AsOf, d.AsOf)
		if sign < 0 {
			l.was[n] |= d.Has
		} else {
			l.is[n] |= d.Has
		}
	}
}

// change books what an account's days are now against what they were, for an account and basis that the ledger does not
// hold yet.
func (l *ledger) change(account id.ID, basis Basis, was, now []DayFigures) {
	first := len(l.rows)
	at := func(d *DayFigures) int {
		for n := len(l.rows) - 1; n >= first; n-- {
			if l.rows[n].Day == d.Day && l.rows[n].Class == d.Class {
				l.rows[n].AsOf = max(l.rows[n].AsOf, d.AsOf)
				return n
			}
		}
		l.rows = append(l.rows, Delta{BrandID: l.brand, AccountID: account, Day: d.Day, Basis: basis, Class: d.Class, AsOf: d.AsOf})
		l.was, l.is = append(l.was, 0), append(l.is, 0)
		return len(l.rows) - 1
	}
	for i := range was {
		n := at(&was[i])
		l.rows[n].Values.Add(&was[i].Values, -1)
		l.was[n] |= was[i].Has
	}
	for i := range now {
		n := at(&now[i])
		l.rows[n].Values.Add(&now[i].Values, +1)
		l.is[n] |= now[i].Has
	}
}

// list gives the changes, sorted by account, day, basis and class.
func (l *ledger) list() []Delta {
	out := l.rows[:0]
	for n, d := range l.rows {
		d.Set, d.Clear = l.is[n]&^l.was[n], l.was[n]&^l.is[n]
		if d.Set == 0 && d.Clear == 0 && d.Values.Zero() {
			continue
		}
		out = append(out, d)
	}
	sortUnless(out, func(a, b Delta) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Basis, b.Basis), cmp.Compare(a.Class, b.Class))
	})
	return out
}
