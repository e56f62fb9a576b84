package risk

import (
	"cmp"
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// standing is a row of risk_verdict.
type standing struct {
	Kind      Kind     `db:"kind"`
	ObjectID  id.ID    `db:"object_id"`
	AccountID id.ID    `db:"account_id"`
	UnitID    id.ID    `db:"unit_id"`
	Platform  string   `db:"platform"`
	Hash      int64    `db:"hash"`
	Version   int      `db:"version"`
	Grade     Grade    `db:"grade"`
	Score     int      `db:"score"`
	Findings  string   `db:"findings"`
	Rules     string   `db:"rules"`
	CheckedAt clock.Ms `db:"checked_at"`
	TextAt    clock.Ms `db:"text_at"`
}

const standingCols = "kind, object_id, account_id, unit_id, platform, hash, version, grade, score, findings, rules, checked_at, text_at"

func standingColumns() []string {
	return []string{"brand_id", "kind", "object_id", "account_id", "unit_id", "platform", "hash", "version", "grade", "score", "findings", "rules", "checked_at", "text_at"}
}

// putStandings writes verdicts. A row written at or after read belongs to a newer text and is left alone.
func putStandings(ctx context.Context, tx *db.Tx, brand id.ID, rows []standing, read clock.Ms) error {
	slices.SortFunc(rows, func(a, b standing) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ObjectID, b.ObjectID))
	})
	vals := make([][]any, len(rows))
	for i := range rows {
		r := &rows[i]
		vals[i] = []any{
			int64(brand), string(r.Kind), int64(r.ObjectID), int64(r.AccountID), int64(r.UnitID), r.Platform, r.Hash, r.Version, int(r.Grade), r.Score,
			r.Findings, r.Rules, int64(r.CheckedAt), int64(r.TextAt),
		}
	}
	_, err := db.Insert(ctx, tx, "risk_verdict", standingColumns(), vals, `ON CONFLICT (brand_id, kind, object_id) DO UPDATE SET account_id = excluded.account_id,
		unit_id = excluded.unit_id, platform = excluded.platform, hash = excluded.hash, version = excluded.version, grade = excluded.grade, score = excluded.score,
		findings = excluded.findings, rules = excluded.rules, checked_at = excluded.checked_at, text_at = excluded.text_at
		WHERE risk_verdict.checked_at < `+ms(read))
	return err
}

// ms writes a time into a statement: a number of ours, never of a caller.
func ms(t clock.Ms) string { return id.ID(t).String() }

// standingsOf reads the verdicts of ids.
func standingsOf(ctx context.Context, q db.Querier, brand id.ID, kind Kind, ids []id.ID) (map[id.ID]standing, error) {
	if len(ids) == 0 {
		return map[id.ID]standing{}, nil
	}
	var a db.Args
	rows, err := db.All[standing](ctx, q, "SELECT "+standingCols+" FROM risk_verdict WHERE brand_id = "+a.Add(brand)+" AND kind = "+a.Add(string(kind))+
		" AND "+db.Among(q, &a, "object_id", ids), a.Values...)
	return byObject(rows), err
}

// stretch is a part of the verdicts of one kind: ids above After up to To.
type stretch struct {
	Kind      Kind
	After, To id.ID
}

// standingsIn reads the verdicts of a stretch.
func standingsIn(ctx context.Context, q db.Querier, brand id.ID, x stretch) (map[id.ID]standing, error) {
	rows, err := db.All[standing](ctx, q, "SELECT "+standingCols+" FROM risk_verdict WHERE brand_id = $1 AND kind = $2 AND object_id > $3 AND object_id <= $4",
		brand, string(x.Kind), int64(x.After), int64(x.To))
	return byObject(rows), err
}

func byObject(rows []standing) map[id.ID]standing {
	out := make(map[id.ID]standing, len(rows))
	for i := range rows {
		out[rows[i].ObjectID] = rows[i]
	}
	return out
}

// stamp marks the rows of a stretch as looked at by a version.
func stamp(ctx context.Context, tx *db.Tx, brand id.ID, x stretch, version int, at clock.Ms) error {
	_, err := tx.Exec(ctx, `UPDATE risk_verdict SET version = $1, checked_at = $2 WHERE brand_id = $3 AND kind = $4 AND object_id > $5 AND object_id <= $6 AND checked_at < $7`,
		version, at, brand, string(x.Kind), int64(x.After), int64(x.To), at)
	return err
}

func dropStandings(ctx context.Context, tx *db.Tx, brand id.ID, kind Kind, ids []id.ID) error {
	if len(ids) == 0 {
		return nil
	}
	var a db.Args
	_, err := tx.Exec(ctx, "DELETE FROM risk_verdict WHERE brand_id = "+a.Add(brand)+" AND kind = "+a.Add(string(kind))+" AND object_id IN "+db.IDList(tx, &a, ids), a.Values...)
	return err
}

// moveStandings lets the verdicts of an account's posts follow it to its unit.
func moveStandings(ctx context.Context, tx *db.Tx, brand id.ID, account, unit id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE risk_verdict SET unit_id = $1 WHERE brand_id = $2 AND account_id = $3 AND unit_id <> $4`, unit, brand, account, unit)
	return err
}

// verdictFilter cuts the list of standing verdicts; zero fields do not.
type verdictFilter struct {
	Scope    authz.Scope
	Grade    Grade // Pass: every grade above it
	Kind     Kind
	Platform string
	Rule     string
}

func (f verdictFilter) where(brand id.ID, a *db.Args) string {
	w := "brand_id = " + a.Add(brand) + " AND " + f.Scope.Where("unit_id", a)
	if f.Grade == Pass {
		w += " AND grade > 0"
	} else {
		w += " AND grade > 0 AND grade = " + a.Add(int(f.Grade))
	}
	if f.Kind != "" {
		w += " AND kind = " + a.Add(string(f.Kind))
	}
	if f.Platform != "" {
		w += " AND platform = " + a.Add(f.Platform)
	}
	if f.Rule != "" {
		w += " AND rules LIKE " + a.Add("%|"+f.Rule+"|%")
	}
	return w
}

// verdictPlace is where a page of standing verdicts ends.
type verdictPlace struct {
	Grade int
	ID    id.ID
}

// listStandings gives ≤ limit verdicts, the worst and newest first.
func listStandings(ctx context.Context, q db.Querier, brand id.ID, f verdictFilter, after verdictPlace, limit int) ([]standing, error) {
	var a db.Args
	w := f.where(brand, &a)
	if after.ID != 0 {
		w += " AND (grade, object_id) < (" + a.Add(after.Grade) + ", " + a.Add(int64(after.ID)) + ")"
	}
	return db.All[standing](ctx, q, "SELECT "+standingCols+" FROM risk_verdict WHERE "+w+" ORDER BY grade DESC, object_id DESC LIMIT "+a.Add(limit), a.Values...)
}

// gradeCount is how many verdicts of a grade stand.
type gradeCount struct {
	Kind  Kind  `db:"kind"`
	Grade Grade `db:"grade"`
	Count int64 `db:"n"`
}

func countStandings(ctx context.Context, q db.Querier, scope authz.Scope) ([]gradeCount, error) {
	var a db.Args
	return db.All[gradeCount](ctx, q, "SELECT kind, grade, COUNT(*) AS n FROM risk_verdict WHERE brand_id = "+a.Add(scope.BrandID)+" AND "+scope.Where("unit_id", &a)+
		" GROUP BY kind, grade ORDER BY kind, grade", a.Values...)
}

// freshText names a verdict whose text became another.
type freshText struct {
	ObjectID id.ID    `db:"object_id"`
	TextAt   clock.Ms `db:"text_at"`
}

// freshTexts gives posts whose text is new since a moment.
func freshTexts(ctx context.Context, q db.Querier, brand id.ID, since clock.Ms, limit int) ([]freshText, error) {
	return db.All[freshText](ctx, q, `SELECT object_id, text_at FROM risk_verdict WHERE brand_id = $1 AND kind = 'post' AND text_at >= $2 ORDER BY text_at, object_id LIMIT $3`,
		brand, since, limit)
}
