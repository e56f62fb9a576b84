package health

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// scoreRow is a row of health_score.
type scoreRow struct {
	AccountID  id.ID     `db:"account_id"`
	UnitID     id.ID     `db:"unit_id"`
	Platform   string    `db:"platform"`
	Kind       string    `db:"kind"`
	League     string    `db:"league"`
	Day        clock.Day `db:"day"`
	Score      int       `db:"score"`
	Band       string    `db:"band"`
	PeerMean   int       `db:"peer_mean"`
	Parts      string    `db:"parts"`
	Cause      Cause     `db:"cause"`
	CauseSince clock.Day `db:"cause_since"`
	Missing    string    `db:"missing"` // figures no source told, joined by commas
}

const scoreColumns = `account_id, unit_id, platform, kind, league, day, score, band, peer_mean, parts, cause, cause_since, missing`

func putScores(ctx context.Context, q db.Querier, brand id.ID, rows []scoreRow) error {
	vals := make([][]any, len(rows))
	for i, r := range rows {
		vals[i] = []any{brand, r.AccountID, r.UnitID, r.Platform, r.Kind, r.League, r.Day, r.Score, r.Band, r.PeerMean, r.Parts, r.Cause, r.CauseSince, r.Missing}
	}
	_, err := db.Insert(ctx, q, "health_score",
		[]string{"brand_id", "account_id", "unit_id", "platform", "kind", "league", "day", "score", "band", "peer_mean", "parts", "cause", "cause_since", "missing"}, vals,
		`ON CONFLICT (brand_id, account_id) DO UPDATE SET unit_id = excluded.unit_id, platform = excluded.platform, kind = excluded.kind,
		league = excluded.league, day = excluded.day, score = excluded.score, band = excluded.band, peer_mean = excluded.peer_mean,
		parts = excluded.parts, cause = excluded.cause, cause_since = excluded.cause_since, missing = excluded.missing`)
	return err
}

// dropGone removes the judgements of accounts that were not among the day's accounts any more.
func dropGone(ctx context.Context, q db.Querier, brand id.ID, day clock.Day) error {
	_, err := q.Exec(ctx, `DELETE FROM health_score WHERE brand_id = $1 AND day < $2`, brand, day)
	return err
}

// scoreFilter cuts the list; zero fields do not.
type scoreFilter struct {
	Scope    authz.Scope
	Band     string
	Cause    string // a Cause, or "any" for every zombie
	Platform string
	Kind     string
}

func (f scoreFilter) where(brand id.ID, a *db.Args) string {
	w := `brand_id = ` + a.Add(brand) + ` AND ` + f.Scope.Where("unit_id", a)
	switch f.Cause {
	case "":
	case "any":
		w += ` AND cause <> ''`
	default:
		w += ` AND cause = ` + a.Add(f.Cause)
	}
	for col, v := range map[string]string{"band": f.Band, "platform": f.Platform, "kind": f.Kind} {
		if v != "" {
			w += ` AND ` + col + ` = ` + a.Add(v)
		}
	}
	return w
}

// listScores gives ≤ limit rows, worst score first, after the cursor (score, account).
func listScores(ctx context.Context, q db.Querier, brand id.ID, f scoreFilter, afterScore int, afterID id.ID, limit int) ([]scoreRow, error) {
	a := &db.Args{}
	w := f.where(brand, a)
	if afterID != 0 {
		w += ` AND (score, account_id) > (` + a.Add(afterScore) + `, ` + a.Add(afterID) + `)`
	}
	return db.All[scoreRow](ctx, q, `SELECT `+scoreColumns+` FROM health_score WHERE `+w+` ORDER BY score, account_id LIMIT `+a.Add(limit), a.Values...)
}

// tally counts by one column of the judgements within a scope.
type tally struct {
	Key   string `db:"key"`
	Count int64  `db:"n"`
}

func tallyScores(ctx context.Context, q db.Querier, brand id.ID, f scoreFilter, column string) ([]tally, error) {
	a := &db.Args{}
	return db.All[tally](ctx, q, `SELECT `+column+` AS key, COUNT(*) AS n FROM health_score WHERE `+f.where(brand, a)+` GROUP BY `+column+` ORDER BY `+column, a.Values...)
}

// meanScores gives yesterday's mean score of each league, for "mean of own peer group".
func meanScores(ctx context.Context, q db.Querier, brand id.ID) (map[string]int, error) {
	rows, err := db.All[tally](ctx, q, `SELECT league AS key, CAST(SUM(score) / COUNT(*) AS BIGINT) AS n FROM health_score WHERE brand_id = $1 GROUP BY league`, brand)
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Key] = int(r.Count)
	}
	return out, err
}

func getSettings(ctx context.Context, q db.Querier, brand id.ID) (Settings, error) {
	s := Defaults()
	var raw string
	err := q.QueryRow(ctx, `SELECT settings FROM health_setting WHERE brand_id = $1`, brand).Scan(&raw)
	if db.NoRows(err) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(raw), &s)
}

func putSettings(ctx context.Context, q db.Querier, brand id.ID, s Settings, at clock.Ms, by id.ID) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `INSERT INTO health_setting (brand_id, settings, updated_at, updated_by) VALUES ($1, $2, $3, $4)
		ON CONFLICT (brand_id) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
		brand, string(raw), at, by)
	return err
}

func getRun(ctx context.Context, q db.Querier, brand id.ID) (day clock.Day, at clock.Ms, err error) {
	err = q.QueryRow(ctx, `SELECT day, finished_at FROM health_run WHERE brand_id = $1`, brand).Scan(&day, &at)
	if db.NoRows(err) {
		return 0, 0, nil
	}
	return day, at, err
}

func putRun(ctx context.Context, q db.Querier, brand id.ID, day clock.Day, at clock.Ms, accounts int) error {
	_, err := q.Exec(ctx, `INSERT INTO health_run (brand_id, day, finished_at, accounts) VALUES ($1, $2, $3, $4)
		ON CONFLICT (brand_id) DO UPDATE SET day = excluded.day, finished_at = excluded.finished_at, accounts = excluded.accounts`, brand, day, at, accounts)
	return err
}
