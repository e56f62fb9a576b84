package org_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/org"
)

// TestEveryDayHasATree moves, merges and adds units at random over a year and then looks at many days: on each of them
// a unit's ancestors are its parent's and itself, so what lies in a unit is the sum of what lies in its children and in
// itself, and drilling down adds up whatever was moved when.
func TestEveryDayHasATree(t *testing.T) {
	each(t, func(h *house) {
		ctx, rnd := context.Background(), rand.New(rand.NewPCG(7, 7)) // a repeatable sequence
		h.grow("华东/上海/静安店", "华东/杭州/西湖店", "华南/广州/天河店", "华南/深圳", "华北/北京/朝阳店")
		moves := 0
		for step := range 60 {
			h.clock.Advance(time.Duration(rnd.IntN(9)) * 24 * time.Hour)
			units := sorted(h.ids())
			a, b := units[rnd.IntN(len(units))], units[rnd.IntN(len(units))]
			switch rnd.IntN(6) {
			case 0:
				_, _ = h.s.CreateUnit(ctx, h.admin, org.NewUnit{ParentID: a, Kind: org.KindStore, Name: fmt.Sprintf("新店%d", step)})
			case 1:
				_, _ = h.s.Merge(ctx, h.admin, org.CloseUnit{ID: a, Into: b})
			default:
				if _, err := h.s.Move(ctx, h.admin, org.MoveUnit{ID: a, ParentID: b}); err == nil {
					moves++
				}
			}
			h.sound()
		}
		if moves < 10 {
			h.t.Fatalf("only %d moves", moves)
		}
		all, err := db.All[id.ID](ctx, h.d, `SELECT id FROM org_unit WHERE brand_id = $1 ORDER BY id`, brand)
		h.must(err)
		for day := clock.Day(20261001); day < 20271201; day = day.Add(5) {
			up, err := h.s.Ancestors(ctx, h.d, brand, all, day)
			h.must(err)
			for _, u := range all {
				chain := up[u]
				switch {
				case len(chain) == 0 || chain[0] != u || chain[len(chain)-1] != h.root:
					h.t.Fatalf("on %d unit %d lies in %v", day, u, chain)
				case len(chain) > 1 && !slices.Equal(chain[1:], up[chain[1]]):
					h.t.Fatalf("on %d unit %d lies in %v, its parent in %v", day, u, chain, up[chain[1]])
				}
			}
		}
	})
}

func sorted(ids map[string]id.ID) []id.ID {
	out := make([]id.ID, 0, len(ids))
	for _, u := range ids {
		out = append(out, u)
	}
	slices.Sort(out)
	return out
}
