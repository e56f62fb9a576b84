package library

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/library/pillar"
)

// NewMix is a target mix to be put. Unit "" is the whole brand where the actor has it, else the top of his units. Without
// shares there is no target from the day on.
type NewMix struct {
	Unit   string
	Kind   string // of accounts; "" all
	From   clock.Day
	Shares []pillar.Share
}

// Mixes lists the target mixes that concern the actor's units: those of the units, of the units above them and of the brand.
func (s *Service) Mixes(ctx context.Context, actor authz.Actor) ([]Mix, error) {
	list, err := mixesOf(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	r, err := s.reach(ctx, s.DB, actor, "")
	if err != nil || r.scope.All {
		return list, err
	}
	units := make([]id.ID, 0, len(list))
	for _, m := range list {
		units = append(units, m.UnitID)
	}
	up, err := s.Scopes.Ancestors(ctx, s.DB, actor.BrandID, units, clock.Forever)
	out := slices.DeleteFunc(list, func(m Mix) bool {
		return m.UnitID != 0 && !r.scope.Allows(up[m.UnitID]) && !slices.Contains(r.above, m.UnitID)
	})
	return out, err
}

// PutMix sets a target mix; the one of the same unit, kind and day is replaced. Percentages add up to 100. Needs
// library.pillars on the unit. Errors: library.mix_sum, library.pillar_unknown, library.mix_kind, library.mix_from, those of
// Scope.
func (s *Service) PutMix(ctx context.Context, actor authz.Actor, m NewMix) error {
	unit, err := s.mixUnit(ctx, actor, m.Unit)
	if err != nil {
		return err
	}
	bad := errs.Bad()
	if m.Kind != "" && !slices.Contains(s.AccountKinds, m.Kind) {
		bad.Field("kind", "library.mix_kind")
	}
	if m.From < 20000101 || m.From > s.today().Add(800) {
		bad.Field("from", "library.mix_from")
	}
	sum := 0
	m.Shares = slices.DeleteFunc(m.Shares, func(x pillar.Share) bool { return x.Percent == 0 })
	for _, x := range m.Shares {
		sum += x.Percent
	}
	if len(m.Shares) > 0 && sum != 100 {
		bad.Field("shares", "library.mix_sum", "sum", sum)
	}
	if err := bad.OrNil(); err != nil {
		return err
	}
	return s.changeMixes(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		have, err := pillarsOf(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		for i, x := range m.Shares {
			twice := slices.ContainsFunc(m.Shares[:i], func(o pillar.Share) bool { return o.PillarID == x.PillarID })
			if twice || !slices.ContainsFunc(have, func(p Pillar) bool { return p.ID == x.PillarID && p.Active }) {
				return errs.Bad().Field(fmt.Sprintf("shares[%d].pillar_id", i), "library.pillar_unknown")
			}
		}
		raw, err := json.Marshal(orEmpty(m.Shares))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO library_mix (brand_id, unit_id, account_kind, from_day, shares, by_name, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (brand_id, unit_id, account_kind, from_day) DO UPDATE SET shares = excluded.shares, by_name = excluded.by_name, made_ms = excluded.made_ms`,
			actor.BrandID, int64(unit), m.Kind, m.From, string(raw), actor.Name, s.now())
		if err != nil {
			return err
		}
		shares := map[string]int{}
		for _, x := range m.Shares {
			i := slices.IndexFunc(have, func(p Pillar) bool { return p.ID == x.PillarID })
			shares[have[i].Name] = x.Percent
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "library.mix_set", UnitID: unit, Kind: "mix", After: map[string]any{"kind": m.Kind, "from": m.From, "shares": shares},
		})
	})
}

// DropMix removes a target mix, as if it had never been set. Needs library.pillars on the unit. Errors: library.mix_gone, those
// of Scope.
func (s *Service) DropMix(ctx context.Context, actor authz.Actor, m NewMix) error {
	unit, err := s.mixUnit(ctx, actor, m.Unit)
	if err != nil {
		return err
	}
	return s.changeMixes(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM library_mix WHERE brand_id = $1 AND unit_id = $2 AND account_kind = $3 AND from_day = $4`, actor.BrandID, int64(unit), m.Kind, m.From)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "library.mix_gone")
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.mix_removed", UnitID: unit, Kind: "mix", Before: map[string]any{"kind": m.Kind, "from": m.From}})
	})
}

// mixUnit finds the unit of a target mix that the actor may set; 0 is the whole brand.
func (s *Service) mixUnit(ctx context.Context, actor authz.Actor, unit string) (id.ID, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permPillars, unit)
	switch {
	case err != nil:
		return 0, err
	case scope.All:
		return 0, nil
	case len(scope.Roots) == 1:
		return scope.Roots[0], nil
	}
	return 0, errs.Bad().Field("unit", "library.unit_needed")
}

// changeMixes changes target mixes and has every account counted anew.
func (s *Service) changeMixes(ctx context.Context, actor authz.Actor, fn func(ctx context.Context, tx *db.Tx) error) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockPillars(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		st, err := s.pillarState(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		st.Targets++
		if err := putPillarState(ctx, tx, actor.BrandID, st, s.now()); err != nil {
			return err
		}
		return s.Jobs.Insert(ctx, tx, pillarJob{actor.BrandID})
	})
}
