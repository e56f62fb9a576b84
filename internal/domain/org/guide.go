package org

import (
	"context"
	"encoding/json"

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
	PackDay clock.Day `db:"pack_day"`
	Applied clock.Ms  `db:"applied_ms"`
	By      string    `db:"by_name"`
	At      clock.Ms  `db:"at_ms"`
}

func (r fitRow) fit() (Fit, error) {
	f := Fit{ID: r.ID, Goal: r.Goal, PackDay: r.PackDay, At: r.At, By: r.By, AppliedAt: r.Applied}
	if err := json.Unmarshal([]byte(r.Answers), &f.Answers); err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(r.Result), &f.Result)
}

const fitSelect = `SELECT id, answers, result, goal, pack_day, applied_ms, by_name, at_ms FROM org_fit WHERE brand_id = $1`

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
			f.Result.Layout.Key, f.Result.Structure.Key, int64(f.PackDay), actor.UserID, actor.Name, int64(f.At))
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

// ApplyFit creates the units of a result's structure, once. Units that already exist stay as they are. Needs org.fit
// and org.write for the whole brand. Errors: org.fit_not_found, org.fit_applied.
func (s *Service) ApplyFit(ctx context.Context, actor authz.Actor, fit id.ID) ([]Unit, error) {
	_, mayFit := actor.Roots("org.fit")
	if _, mayWrite := actor.Roots("org.write"); !mayFit || !mayWrite {
		return nil, errs.New(errs.Forbidden, "org.forbidden")
	}
	var ids []id.ID
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := db.One[fitRow](ctx, tx, fitSelect+` AND id = $2`, actor.BrandID, fit)
		if db.NoRows(err) {
			return errs.New(errs.NotFound, "org.fit_not_found")
		}
		if err != nil {
			return err
		}
		f, err := r.fit()
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE org_fit SET applied_ms = $1 WHERE brand_id = $2 AND id = $3 AND applied_ms IS NULL`, int64(s.now()), actor.BrandID, fit)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "org.fit_applied")
		}
		specs := make([]PathSpec, 0, len(f.Result.Units))
		for _, u := range f.Result.Units {
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
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "org.apply_fit", Kind: "fit", Object: fit, Counts: map[string]int64{"units": int64(len(ids))}})
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
