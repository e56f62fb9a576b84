package risk

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// change is a row of risk_change.
type change struct {
	ID        id.ID  `db:"id"`
	Kind      Kind   `db:"kind"`
	ObjectID  id.ID  `db:"object_id"`
	AccountID id.ID  `db:"account_id"`
	UnitID    id.ID  `db:"unit_id"`
	Platform  string `db:"platform"`
	Before    Grade  `db:"before_grade"`
	After     Grade  `db:"after_grade"`
	Findings  string `db:"findings"`
}

func changeOf(r *standing, before Grade) change {
	return change{Kind: r.Kind, ObjectID: r.ObjectID, AccountID: r.AccountID, UnitID: r.UnitID, Platform: r.Platform, Before: before, After: r.Grade, Findings: r.Findings}
}

func putChanges(ctx context.Context, tx *db.Tx, brand, run id.ID, ids *id.Source, list []change) error {
	rows := make([][]any, len(list))
	for i := range list {
		c := &list[i]
		rows[i] = []any{int64(brand), int64(run), int64(ids.New()), string(c.Kind), int64(c.ObjectID), int64(c.AccountID), int64(c.UnitID), c.Platform, int(c.Before), int(c.After), c.Findings}
	}
	return db.Copy(ctx, tx, "risk_change", []string{"brand_id", "run_id", "id", "kind", "object_id", "account_id", "unit_id", "platform", "before_grade", "after_grade", "findings"}, rows)
}

// ChangeQuery asks for a page of what a run found; zero fields do not cut.
type ChangeQuery struct {
	Run    id.ID
	Unit   string
	Turn   string // worse, better, blocked
	Before id.ID  // older than this row
	Limit  int
}

// Changes lists what a run found within the actor's scope, newest first. Error: risk.run_gone.
func (s *Service) Changes(ctx context.Context, actor authz.Actor, f ChangeQuery) ([]Shown, error) {
	if _, err := getRun(ctx, s.DB, actor.BrandID, f.Run); err != nil {
		return nil, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	var a db.Args
	w := "brand_id = " + a.Add(actor.BrandID) + " AND run_id = " + a.Add(f.Run) + " AND " + scope.Where("unit_id", &a)
	switch f.Turn {
	case "worse":
		w += " AND after_grade > before_grade"
	case "better":
		w += " AND after_grade < before_grade"
	case "blocked":
		w += " AND after_grade = 3 AND before_grade < 3"
	}
	if f.Before != 0 {
		w += " AND id < " + a.Add(f.Before)
	}
	rows, err := db.All[change](ctx, s.DB, "SELECT id, kind, object_id, account_id, unit_id, platform, before_grade, after_grade, findings FROM risk_change WHERE "+w+
		" ORDER BY id DESC LIMIT "+a.Add(f.Limit), a.Values...)
	if err != nil {
		return nil, err
	}
	out := make([]Shown, len(rows))
	for i, c := range rows {
		out[i] = Shown{RowID: c.ID, Kind: c.Kind, ObjectID: c.ObjectID, AccountID: c.AccountID, Platform: c.Platform, Grade: c.After, Before: c.Before, Findings: readFindings(c.Findings)}
	}
	return out, s.dress(ctx, actor.BrandID, out)
}

// UnitTurn is what a run found in one unit.
type UnitTurn struct {
	UnitID  id.ID  `db:"unit_id"`
	Path    string `db:"path"`
	Worse   int64  `db:"worse"`
	Better  int64  `db:"better"`
	Blocked int64  `db:"blocked"`
}

// maxUnits bounds a table by unit.
const maxUnits = 500

// ByUnit adds up what a run found per unit, the most blocked first. Error: risk.run_gone.
func (s *Service) ByUnit(ctx context.Context, actor authz.Actor, run id.ID, unit string) ([]UnitTurn, error) {
	if _, err := getRun(ctx, s.DB, actor.BrandID, run); err != nil {
		return nil, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, unit)
	if err != nil {
		return nil, err
	}
	var a db.Args
	w := "brand_id = " + a.Add(actor.BrandID) + " AND run_id = " + a.Add(run) + " AND " + scope.Where("unit_id", &a)
	rows, err := db.All[UnitTurn](ctx, s.DB, `SELECT unit_id, '' AS path, COUNT(*) FILTER (WHERE after_grade > before_grade) AS worse,
		COUNT(*) FILTER (WHERE after_grade < before_grade) AS better, COUNT(*) FILTER (WHERE after_grade = 3 AND before_grade < 3) AS blocked
		FROM risk_change WHERE `+w+` GROUP BY unit_id ORDER BY blocked DESC, worse DESC, unit_id LIMIT `+a.Add(maxUnits), a.Values...)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].UnitID
	}
	names, err := s.Labels.Units(ctx, s.DB, actor.BrandID, ids)
	for i := range rows {
		rows[i].Path = names[rows[i].UnitID]
	}
	return rows, err
}
