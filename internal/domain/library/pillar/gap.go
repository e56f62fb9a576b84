package pillar

import (
	"cmp"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// Share is how much of the posts is to belong to a pillar, in percent.
type Share struct {
	PillarID id.ID `json:"pillar_id"`
	Percent  int   `json:"percent" minimum:"0" maximum:"100"`
}

// Target is a mix from a day on. UnitID 0 is the whole brand, Kind "" every kind of account; without shares there is no
// target from that day on.
type Target struct {
	UnitID id.ID
	Kind   string
	From   clock.Day
	Shares []Share
}

// Choose gives the target that holds for an account on a day: of the nearest unit that has one (up: itself first; the whole
// brand last), the one for the kind of account before the one for all, the newest that has begun. nil when none does.
func Choose(list []Target, up []id.ID, kind string, day clock.Day) *Target {
	var best *Target
	rank := func(t *Target) int {
		near := len(up)
		if t.UnitID != 0 {
			near = slices.Index(up, t.UnitID)
		}
		if near < 0 || t.From > day || t.Kind != "" && t.Kind != kind {
			return -1
		}
		if t.Kind == "" {
			return 2*near + 1
		}
		return 2 * near
	}
	for i := range list {
		t := &list[i]
		n := rank(t)
		if n < 0 {
			continue
		}
		if best == nil || n < rank(best) || n == rank(best) && t.From > best.From {
			best = t
		}
	}
	if best == nil || len(best.Shares) == 0 {
		return nil
	}
	return best
}

// Part is what one pillar has of an account's posts. Want is the posts the target asks for, in hundredths; Target nil:
// the mix does not speak of the pillar.
type Part struct {
	PillarID id.ID
	Posts    int64
	Target   *int
	Want     int64
	Short    int64
}

// Gap is how an account stands against its target. Judged is false with fewer posts than are needed or without a target:
// then nothing is short. Worst is the pillar that is short of the most posts, 0 for none.
type Gap struct {
	Posts  int64
	Judged bool
	Parts  []Part // in order of id; 0 are the posts without a pillar
	Short  int64
	Worst  id.ID
}

// Of works out the gap of an account with counts of posts by pillar. Posts without a pillar count as posts: they are part of
// what was published. A pillar is short by the posts that are missing at the same number of posts, to the nearest one.
func Of(counts map[id.ID]int64, target *Target, least int) Gap {
	g := Gap{}
	parts := map[id.ID]*Part{}
	for p, n := range counts {
		g.Posts += n
		parts[p] = &Part{PillarID: p, Posts: n}
	}
	if target != nil {
		for _, s := range target.Shares {
			p := parts[s.PillarID]
			if p == nil {
				p = &Part{PillarID: s.PillarID}
				parts[s.PillarID] = p
			}
			percent := s.Percent
			p.Target, p.Want = &percent, g.Posts*int64(percent)
		}
		g.Judged = g.Posts >= int64(max(least, 1))
	}
	for _, p := range parts {
		if g.Judged && p.Target != nil {
			p.Short = max(0, (p.Want+50)/100-p.Posts)
		}
		g.Short += p.Short
		g.Parts = append(g.Parts, *p)
	}
	slices.SortFunc(g.Parts, func(a, b Part) int { return cmp.Compare(a.PillarID, b.PillarID) })
	worst := int64(0)
	for _, p := range g.Parts {
		if p.Short > worst {
			g.Worst, worst = p.PillarID, p.Short
		}
	}
	return g
}
