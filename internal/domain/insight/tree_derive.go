package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// derive gives a unit its folded place where it has none of its own, because no account was ever in it: its cells come
// from the units below, so it was folded where those were – without what lies between.
func (w *work) derive(ctx context.Context, top id.ID) error {
	set := map[id.ID]bool{}
	for _, list := range w.paths {
		for _, sp := range list {
			set[sp.AncestorID] = true
		}
	}
	delete(set, top)
	others := make([]id.ID, 0, len(set))
	for a := range set {
		others = append(others, a)
	}
	slices.Sort(others)
	closure, err := w.s.tree.ClosureSpans(ctx, w.tx, w.brand, others)
	if err != nil {
		return err
	}
	under := map[id.ID][]Period{} // when the units lay below top themselves
	for _, sp := range closure {
		if sp.AncestorID == top {
			under[sp.UnitID] = append(under[sp.UnitID], Period{sp.From, sp.To})
		}
	}
	w.paths[unitID(top)] = placeOf(top, w.paths, under)
	return nil
}

// placeOf is what lay above top on the days on which one of the units of folded lay below it.
func placeOf(top id.ID, folded paths, under map[id.ID][]Period) []ClosureSpan {
	days := map[id.ID][]Period{}
	for _, list := range folded {
		for _, in := range list {
			if in.AncestorID != top {
				continue
			}
			for _, sp := range list {
				piece := Period{max(sp.From, in.From), min(sp.To, in.To)}
				if piece.From <= piece.To {
					days[sp.AncestorID] = append(days[sp.AncestorID], without(piece, under[sp.AncestorID])...)
				}
			}
		}
	}
	var out []ClosureSpan
	for a, list := range days {
		for _, p := range united(list) {
			out = append(out, ClosureSpan{UnitID: top, AncestorID: a, From: p.From, To: p.To})
		}
	}
	return out
}

// without cuts holes out of a period.
func without(p Period, holes []Period) []Period {
	out := []Period{p}
	for _, h := range holes {
		var left []Period
		for _, x := range out {
			if h.To < x.From || x.To < h.From {
				left = append(left, x)
				continue
			}
			if x.From < h.From {
				left = append(left, Period{x.From, h.From.Add(-1)})
			}
			if h.To < x.To {
				left = append(left, Period{h.To.Add(1), x.To})
			}
		}
		out = left
	}
	return out
}

// united joins periods that touch.
func united(list []Period) []Period {
	slices.SortFunc(list, func(a, b Period) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var out []Period
	for _, p := range list {
		if n := len(out); n > 0 && (out[n-1].To == clock.Forever || p.From <= out[n-1].To.Add(1)) {
			out[n-1].To = max(out[n-1].To, p.To)
			continue
		}
		out = append(out, p)
	}
	return out
}
