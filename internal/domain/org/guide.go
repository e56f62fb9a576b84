package org

import (
	"context"
	"encoding/json"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

type fitRow struct {
	ID      id.ID     `db:"id"`
	Answers string    `db:"answers"`
	Result  string    `db:"result"`
	Goal    string    `db:"goal"`
	Layout  string    `db:"layout"`
	Struct  string    `db:"structure"`
	PackDay clock.Day `db:"pack_day"`
	Applied clock.Ms  `db:"applied_ms"`
	By      string    `db:"by_name"`
	At      clock.Ms  `db:"at_ms"`
}

func (r fitRow) fit() (Fit, error) {
	f := Fit{ID: r.ID, Goal: r.Goal, Layout: r.Layout, Structure: r.Struct, PackDay: r.PackDay, At: r.At, By: r.By, AppliedAt: r.Applied}
	if err := json.Unmarshal([]byte(r.Answers), &f.Answers); err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(r.Result), &f.Result)
}

const fitSelect = `SELECT id, answers, result, goal, layout, structure, pack_day, applied_ms, by_name, at_ms FROM org_fit WHERE brand_id = $1`

// Judge weighs answers by the newest pack and keeps the result. Needs org.fit for the whole brand.
// Errors: field faults org.fit_answer_missing, org.fit_answer_unknown, org.name_invalid.
func (s *Service) Judge(ctx context.Context, actor authz.Actor, a Answers) (Fit, error) {
	if _, all := actor.Roots("org.fit"); !all {
		return Fit{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	p, err := LoadPack()
	if err != nil {
		return Fit{}, err
	}
	if a, err = checkAnswers(p, a); err != nil {
		return Fit{}, err
	}
	f := Fit{ID: s.IDs.New(), Answers: a, Result: judge(p, a), Goal: a.Goal, PackDay: p.Day, At: s.now(), By: actor.Name}
	f.Layout, f.Structure = f.Result.Layout.Key, f.Result.Structure.Key
	answers, err := json.Marshal(f.Answers)
	if err != nil {
		return Fit{}, err
	}
	result, err := json.Marshal(f.Result)
	if err != nil {
		return Fit{}, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO org_fit (brand_id, id, answers, result, goal, layout, structure, pack_day, by_id, by_name, at_ms)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, actor.BrandID, f.ID, string(answers), string(result), f.Goal,
			f.Layout, f.Structure, int64(f.PackDay), actor.UserID, actor.Name, int64(f.At))
		if err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "org.judge_fit", Kind: "fit", Object: f.ID, After: f.Result})
	})
	return f, err
}

// Fit gives the newest result of the brand. Needs org.fit. Errors: org.fit_not_found.
func (s *Service) Fit(ctx context.Context, actor authz.Actor) (Fit, error) {
	if !actor.Can("org.fit") {
		return Fit{}, errs.New(errs.Forbidden, "org.forbidden")
	}
	r, err := db.One[fitRow](ctx, s.DB, fitSelect+` ORDER BY id DESC LIMIT 1`, actor.BrandID)
	if db.NoRows(err) {
		return Fit{}, errs.New(errs.NotFound, "org.fit_not_found")
	}
	if err != nil {
		return Fit{}, err
	}
	return r.fit()
}

// ApplyFit says which layout and structure of a result shall be put in place; "" takes the proposed one.
type ApplyFit struct {
	ID        id.ID
	Layout    string
	Structure string
}

// ApplyFit keeps the choice and creates the structure's units, once. Units that already exist stay as they are. Needs
// org.fit and org.write for the whole brand. Errors: org.fit_not_found, org.fit_applied, org.fit_answer_unknown.
func (s *Service) ApplyFit(ctx context.Context, actor authz.Actor, in ApplyFit) ([]Unit, error) {
	_, mayFit := actor.Roots("org.fit")
	if _, mayWrite := actor.Roots("org.write"); !mayFit || !mayWrite {
		return nil, errs.New(errs.Forbidden, "org.forbidden")
	}
	pack, err := LoadPack()
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := s.choose(ctx, tx, actor, pack, in)
		if err != nil {
			return err
		}
		chosen := f.Result.Units[f.Structure]
		specs := make([]PathSpec, 0, len(chosen))
		for _, u := range chosen {
			specs = append(specs, PathSpec{Path: u.Path, Kind: string(u.Kind)})
		}
		made, err := s.EnsurePaths(ctx, tx, actor, 0, specs)
		if err != nil {
			return err
		}
		for _, m := range made {
			if m.UnitID != 0 {
				ids = append(ids, m.UnitID)
			}
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "org.apply_fit", Kind: "fit", Object: in.ID, Counts: map[string]int64{"units": int64(len(ids))},
			After: map[string]string{"layout": f.Layout, "structure": f.Structure},
		})
	})
	if err != nil {
		return nil, err
	}
	units, err := unitsByID(ctx, s.DB, actor.BrandID, ids)
	out := make([]Unit, 0, len(ids))
	for _, u := range ids {
		out = append(out, units[u])
	}
	return out, err
}

// choose reads a result with the layout and structure to put in place, and marks it applied.
func (s *Service) choose(ctx context.Context, tx *db.Tx, actor authz.Actor, pack *Pack, in ApplyFit) (Fit, error) {
	r, err := db.One[fitRow](ctx, tx, fitSelect+` AND id = $2`, actor.BrandID, in.ID)
	if db.NoRows(err) {
		return Fit{}, errs.New(errs.NotFound, "org.fit_not_found")
	}
	if err != nil {
		return Fit{}, err
	}
	f, err := r.fit()
	if err != nil {
		return f, err
	}
	bad := errs.Bad()
	if in.Layout != "" {
		f.Layout = in.Layout
	}
	if in.Structure != "" {
		f.Structure = in.Structure
	}
	if !slices.ContainsFunc(pack.Layouts, func(l Layout) bool { return l.Key == f.Layout }) {
		bad.Field("layout", "org.fit_answer_unknown", "value", f.Layout)
	}
	if _, known := f.Result.Units[f.Structure]; !known {
		bad.Field("structure", "org.fit_answer_unknown", "value", f.Structure)
	}
	if err := bad.OrNil(); err != nil {
		return f, err
	}
	n, err := tx.Exec(ctx, `UPDATE org_fit SET applied_ms = $1, layout = $2, structure = $3 WHERE brand_id = $4 AND id = $5 AND applied_ms IS NULL`,
		int64(s.now()), f.Layout, f.Structure, actor.BrandID, in.ID)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "org.fit_applied")
	}
	return f, err
}
