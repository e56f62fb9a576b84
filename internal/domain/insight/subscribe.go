package insight

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/event"
)

func (s *Service) subscribe(r *jobs.Registry) {
	o := jobs.Options{Timeout: jobTimeout, Long: true}
	jobs.SubscribeWith(r, "insight", o, func(ctx context.Context, e event.OrgUnitMoved) error {
		return s.follow(ctx, e.BrandID, e.UnitIDs, clock.Day(e.FromDay))
	})
	jobs.SubscribeWith(r, "insight", o, func(ctx context.Context, e event.OrgUnitMerged) error {
		units, err := s.foldedBelow(ctx, e.BrandID, e.FromID)
		if err != nil {
			return err
		}
		return s.follow(ctx, e.BrandID, units, clock.Day(e.Day))
	})
}

// follow ends the moves that are under way and re-rolls units; a second run finds nothing to do.
func (s *Service) follow(ctx context.Context, brand id.ID, units []id.ID, from clock.Day) error {
	if err := s.FinishMoves(ctx, brand); err != nil {
		return err
	}
	for _, u := range units {
		if err := s.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.TreeChanged(ctx, tx, brand, u, from) }); err != nil {
			return err
		}
		if err := s.FinishMoves(ctx, brand); err != nil {
			return err
		}
	}
	return nil
}

// foldedBelow lists the units below a unit as they were folded, the upper ones first: once an upper one has moved, those
// below it are in their place already.
func (s *Service) foldedBelow(ctx context.Context, brand, unit id.ID) ([]id.ID, error) {
	type depth struct {
		Unit id.ID `db:"unit_id"`
		N    int64 `db:"n"`
	}
	rows, err := db.All[depth](ctx, s.db, `SELECT p.unit_id AS unit_id, COUNT(*) AS n FROM insight_path p WHERE p.brand_id = $1 AND p.unit_id IN (SELECT q.unit_id FROM insight_path q WHERE q.brand_id = $2 AND q.ancestor_id = $3)
		GROUP BY p.unit_id`, brand, brand, unit)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b depth) int { return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Unit, b.Unit)) })
	out := make([]id.ID, len(rows))
	for i, r := range rows {
		out[i] = r.Unit
	}
	return out, nil
}
