package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/post"
)

// reroll is an account whose facts may belong elsewhere now.
type reroll struct{ old, now *accountState }

// rerollAccounts moves facts to the unit and kind they belong to now: first to the units, as the kinds they were, then
// all of them to the new kinds.
func (w *work) rerollAccounts(ctx context.Context, moved []reroll) error {
	if len(moved) == 0 {
		return nil
	}
	if err := w.rerollPlaces(ctx, moved); err != nil {
		return err
	}
	return w.rerollKinds(ctx, moved)
}

// rerollPlaces moves facts to the unit they belong to now. A change of an account's spans replaces them from its newest
// span on, so older facts stay where they are.
func (w *work) rerollPlaces(ctx context.Context, moved []reroll) error {
	accounts := make([]id.ID, len(moved))
	for i, m := range moved {
		accounts[i] = m.now.AccountID
	}
	if err := w.readSpans(ctx, accounts); err != nil {
		return err
	}
	from := map[clock.Day][]id.ID{} // accounts by the first day that may have moved
	by := make(map[id.ID]reroll, len(moved))
	for _, m := range moved {
		if m.old.UnitID == m.now.UnitID && m.old.Since == m.now.Since {
			continue
		}
		spans := w.spans[m.now.AccountID]
		day := clock.Day(0) // days before the first span count as its first
		for i := range spans {
			if spans[i].From < m.now.Since {
				day = m.now.Since
			}
			if unit := unitID(spans[i].UnitID); unit != unitID(m.now.UnitID) {
				w.past[pastKey{unit, m.now.AccountID}] = struct{}{}
			}
		}
		from[day] = append(from[day], m.now.AccountID)
		by[m.now.AccountID] = m
	}
	facts := map[factKey]*oldDay{}
	for day, list := range from {
		err := eachFact(ctx, w.tx, factRange{w.brand, list, Period{day, clock.Forever}}, func(k factKey, source int64, unit unitID, f *fact) {
			p := facts[k]
			if p == nil {
				p = &oldDay{unit: unit}
				facts[k] = p
			}
			p.facts.rows[source/10][source%10] = f
		})
		if err != nil {
			return err
		}
	}
	if len(facts) == 0 {
		return nil
	}
	units := map[unitID]struct{}{}
	for k, p := range facts {
		units[p.unit], units[w.unitOf(by[k.account].now, k.day)] = struct{}{}, struct{}{}
	}
	if err := w.needPaths(ctx, units); err != nil {
		return err
	}
	return w.writeFacts(ctx, w.moveFacts(facts, by))
}

// oldDay is a day of an account as it was counted, in the unit it counted for.
type oldDay struct {
	facts factDay
	unit  unitID
}

// moveFacts spreads facts anew where they belong to another unit now, as the kind they were, and gives the days to write.
func (w *work) moveFacts(facts map[factKey]*oldDay, by map[id.ID]reroll) (days []accountDay) {
	var none [numClasses]post.Values
	for k, p := range facts {
		m := by[k.account]
		unit := w.unitOf(m.now, k.day)
		if unit == p.unit {
			continue
		}
		v := p.facts.counted()
		w.spread(m.old, place{p.unit, k.day, 0}, &v, &none)
		w.spread(m.old, place{unit, k.day, 0}, &none, &v)
		for b := range p.facts.rows {
			for _, f := range p.facts.rows[b] {
				if f != nil {
					f.dirty = true
				}
			}
		}
		days = append(days, accountDay{st: m.now, day: k.day, facts: p.facts})
	}
	slices.SortFunc(days, func(a, b accountDay) int {
		return cmp.Or(cmp.Compare(a.st.AccountID, b.st.AccountID), cmp.Compare(a.day, b.day))
	})
	return days
}

// kindChange is what accounts were counted as and are now.
type kindChange struct{ oldPlatform, oldKind, platform, kind string }

// rerollKinds gives the cells that accounts of another kind counted in to the kind they are now. The facts themselves do
// not tell the kind; the store adds them up, because an account's whole past follows its kind.
func (w *work) rerollKinds(ctx context.Context, moved []reroll) error {
	groups := map[kindChange][]id.ID{}
	for _, m := range moved {
		if m.old.Kind != m.now.Kind || m.old.Platform != m.now.Platform {
			k := kindChange{m.old.Platform, m.old.Kind, m.now.Platform, m.now.Kind}
			groups[k] = append(groups[k], m.now.AccountID)
		}
	}
	for k, accounts := range groups {
		own, err := w.sumFacts(ctx, accounts)
		if err != nil {
			return err
		}
		units := map[unitID]struct{}{}
		for at := range own {
			units[at.unit] = struct{}{}
		}
		if err := w.needPaths(ctx, units); err != nil {
			return err
		}
		for at, c := range own {
			neg := post.Values{}
			neg.Add(&c.values, -1)
			at.platform, at.kind = k.oldPlatform, k.oldKind
			for _, cell := range w.cellsAbove(at) {
				cell.add(&neg, 0)
			}
			at.platform, at.kind = k.platform, k.kind
			for _, cell := range w.cellsAbove(at) {
				cell.add(&c.values, 0)
			}
			if at.day <= w.mark.Closed && (w.late == 0 || at.day < w.late) {
				w.late = at.day
			}
		}
	}
	return nil
}

// sumFacts adds up what accounts count for by unit, day and class.
func (w *work) sumFacts(ctx context.Context, accounts []id.ID) (map[cellKey]*cell, error) {
	var a db.Args
	rows, err := w.tx.Query(ctx, "SELECT unit_id, day, '', '', source % 10, 1, "+countedSums()+", 0 FROM insight_account_day WHERE brand_id = "+a.Add(w.brand)+
		" AND "+db.Among(w.tx, &a, "account_id", accounts)+" GROUP BY unit_id, day, source % 10", a.Values...)
	if err != nil {
		return nil, err
	}
	cells := map[cellKey]*cell{}
	_, err = scanCells(rows, cells)
	for k, c := range cells {
		if c.values.Zero() {
			delete(cells, k)
		}
	}
	return cells, err
}
