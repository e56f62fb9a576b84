package recall

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

// UnitReport is how a unit stands in a recall.
type UnitReport struct {
	UnitID id.ID
	Counts map[ItemState]int64
	First  clock.Ms // the first text was found
	Last   clock.Ms // the newest decision
}

// Report tells how each unit of the actor's scope stands in a recall, the most waiting first as the caller sorts them.
// Errors: recall.gone.
func (s *Service) Report(ctx context.Context, actor authz.Actor, recall id.ID) ([]UnitReport, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	if _, err := s.visible(ctx, s.DB, scope, recall); err != nil {
		return nil, err
	}
	rows, err := countUnits(ctx, s.DB, scope, recall)
	var out []UnitReport
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].UnitID != r.UnitID {
			out = append(out, UnitReport{UnitID: r.UnitID, Counts: map[ItemState]int64{}, First: r.First})
		}
		u := &out[len(out)-1]
		u.Counts[r.State] = r.N
		u.First, u.Last = min(u.First, r.First), max(u.Last, r.Last)
	}
	return out, err
}
