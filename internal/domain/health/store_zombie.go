package health

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// zombieRow is an episode of health_zombie.
type zombieRow struct {
	ID        id.ID     `db:"id"`
	AccountID id.ID     `db:"account_id"`
	UnitID    id.ID     `db:"unit_id"`
	Platform  string    `db:"platform"`
	Cause     Cause     `db:"cause"`
	SinceDay  clock.Day `db:"since_day"`
	FoundDay  clock.Day `db:"found_day"`
	Step      int       `db:"step"`
	State     string    `db:"state"`
	Outcome   string    `db:"outcome"`
	ClosedDay clock.Day `db:"closed_day"`
}

// The states of an episode, and the outcomes of a closed one.
const (
	stateOpen   = "open"
	stateClosed = "closed"

	OutcomeAwake   = "awake"   // the account works again
	OutcomeOther   = "other"   // another cause took over
	OutcomeGone    = "gone"    // the account was closed
	OutcomeCleaned = "cleaned" // a clean-up round decided
)

const zombieColumns = `id, account_id, unit_id, platform, cause, since_day, found_day, step, state, outcome, closed_day`

func openZombies(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) (map[id.ID]zombieRow, error) {
	a := &db.Args{}
	rows, err := db.All[zombieRow](ctx, q, `SELECT `+zombieColumns+` FROM health_zombie WHERE brand_id = `+a.Add(brand)+
		` AND state = 'open' AND account_id IN `+db.In(a, accounts), a.Values...)
	out := make(map[id.ID]zombieRow, len(rows))
	for _, r := range rows {
		out[r.AccountID] = r
	}
	return out, err
}

// putZombies writes new and changed episodes. Closing and opening for the same account in one call is right: the closed
// ones are written first, so the one-open-episode index holds at every moment.
func putZombies(ctx context.Context, q db.Querier, brand id.ID, rows []zombieRow) error {
	for _, state := range []string{stateClosed, stateOpen} {
		vals := [][]any{}
		for _, r := range rows {
			if r.State == state {
				vals = append(vals, []any{brand, r.ID, r.AccountID, r.UnitID, r.Platform, r.Cause, r.SinceDay, r.FoundDay, r.Step, r.State, r.Outcome, r.ClosedDay})
			}
		}
		if _, err := db.Insert(ctx, q, "health_zombie",
			[]string{"brand_id", "id", "account_id", "unit_id", "platform", "cause", "since_day", "found_day", "step", "state", "outcome", "closed_day"}, vals,
			`ON CONFLICT (brand_id, id) DO UPDATE SET unit_id = excluded.unit_id, step = excluded.step, state = excluded.state,
			outcome = excluded.outcome, closed_day = excluded.closed_day`); err != nil {
			return err
		}
	}
	return nil
}

func zombiesOf(ctx context.Context, q db.Querier, brand, account id.ID) ([]zombieRow, error) {
	return db.All[zombieRow](ctx, q, `SELECT `+zombieColumns+` FROM health_zombie WHERE brand_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT 50`, brand, account)
}

// closedSince counts the outcomes of the episodes that ended since a day, within a scope.
func closedSince(ctx context.Context, q db.Querier, brand id.ID, scope authz.Scope, day clock.Day) ([]tally, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(brand) + ` AND state = 'closed' AND closed_day >= ` + a.Add(day) + ` AND ` + scope.Where("unit_id", a)
	return db.All[tally](ctx, q, `SELECT outcome AS key, COUNT(*) AS n FROM health_zombie WHERE `+w+` GROUP BY outcome ORDER BY outcome`, a.Values...)
}

// stepRow is a rung of the ladder that was taken.
type stepRow struct {
	ZombieID  id.ID     `db:"zombie_id"`
	Step      int       `db:"step"`
	AccountID id.ID     `db:"account_id"`
	TakenDay  clock.Day `db:"taken_day"`
	DueDay    clock.Day `db:"due_day"`
	Audience  string    `db:"audience"`
}

func putSteps(ctx context.Context, q db.Querier, brand id.ID, rows []stepRow) error {
	vals := make([][]any, len(rows))
	for i, r := range rows {
		vals[i] = []any{brand, r.ZombieID, r.Step, r.AccountID, r.TakenDay, r.DueDay, r.Audience}
	}
	_, err := db.Insert(ctx, q, "health_step", []string{"brand_id", "zombie_id", "step", "account_id", "taken_day", "due_day", "audience"}, vals,
		`ON CONFLICT (brand_id, zombie_id, step) DO NOTHING`)
	return err
}

func stepsOf(ctx context.Context, q db.Querier, brand id.ID, zombies []id.ID) ([]stepRow, error) {
	a := &db.Args{}
	return db.All[stepRow](ctx, q, `SELECT zombie_id, step, account_id, taken_day, due_day, audience FROM health_step WHERE brand_id = `+a.Add(brand)+
		` AND zombie_id IN `+db.In(a, zombies)+` ORDER BY zombie_id DESC, step`, a.Values...)
}

// anomalyRow is a row of health_anomaly.
type anomalyRow struct {
	ID        id.ID     `db:"id"`
	AccountID id.ID     `db:"account_id"`
	UnitID    id.ID     `db:"unit_id"`
	Kind      string    `db:"kind"`
	Day       clock.Day `db:"day"`
	Before    int64     `db:"before_value"`
	After     int64     `db:"after_value"`
	State     string    `db:"state"`
	Note      string    `db:"note"`
	SeenBy    string    `db:"seen_by"`
	SeenAt    clock.Ms  `db:"seen_at"`
}

// lossSpread is how many days apart two findings of the same loss may lie: a list that comes late re-dates it.
const lossSpread = 3

// losses are the known anomalies of some accounts.
type losses []anomalyRow

// near tells whether the loss is known already, on its day or a few days off.
func (l losses) near(f Fall) bool {
	for _, k := range l {
		if k.AccountID == f.AccountID && k.Kind == f.Kind && k.Day >= f.Day.Add(-lossSpread) && k.Day <= f.Day.Add(lossSpread) {
			return true
		}
	}
	return false
}

func knownLosses(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID, since clock.Day) (losses, error) {
	a := &db.Args{}
	return db.All[anomalyRow](ctx, q, `SELECT id, account_id, unit_id, kind, day, before_value, after_value, state, note, seen_by, seen_at FROM health_anomaly
		WHERE brand_id = `+a.Add(brand)+` AND account_id IN `+db.IDList(q, a, accounts)+` AND day >= `+a.Add(since), a.Values...)
}

// anomalyByID reads an anomaly within a scope.
func anomalyByID(ctx context.Context, q db.Querier, scope authz.Scope, anomaly id.ID) ([]anomalyRow, error) {
	a := &db.Args{}
	return db.All[anomalyRow](ctx, q, `SELECT id, account_id, unit_id, kind, day, before_value, after_value, state, note, seen_by, seen_at FROM health_anomaly
		WHERE brand_id = `+a.Add(scope.BrandID)+` AND id = `+a.Add(anomaly)+` AND `+scope.Where("unit_id", a), a.Values...)
}

// putAnomalies adds the ones that are not known yet and tells how many were new.
func putAnomalies(ctx context.Context, q db.Querier, brand id.ID, rows []anomalyRow) (int64, error) {
	vals := make([][]any, len(rows))
	for i, r := range rows {
		vals[i] = []any{brand, r.ID, r.AccountID, r.UnitID, r.Kind, r.Day, r.Before, r.After, stateOpen, "", ""}
	}
	return db.Insert(ctx, q, "health_anomaly",
		[]string{"brand_id", "id", "account_id", "unit_id", "kind", "day", "before_value", "after_value", "state", "note", "seen_by"}, vals,
		`ON CONFLICT (brand_id, account_id, kind, day) DO NOTHING`)
}

// listAnomalies gives anomalies, newest day first, after the query's place.
func listAnomalies(ctx context.Context, q db.Querier, brand id.ID, scope authz.Scope, f AnomalyQuery) ([]anomalyRow, error) {
	a := &db.Args{}
	w := `brand_id = ` + a.Add(brand) + ` AND ` + scope.Where("unit_id", a)
	if f.State != "" {
		w += ` AND state = ` + a.Add(f.State)
	}
	if f.Kind != "" {
		w += ` AND kind = ` + a.Add(f.Kind)
	}
	if f.After != 0 {
		w += ` AND (day, id) < (` + a.Add(f.Day) + `, ` + a.Add(f.After) + `)`
	}
	return db.All[anomalyRow](ctx, q, `SELECT id, account_id, unit_id, kind, day, before_value, after_value, state, note, seen_by, seen_at
		FROM health_anomaly WHERE `+w+` ORDER BY day DESC, id DESC LIMIT `+a.Add(f.Limit), a.Values...)
}

// seen is who looked at an anomaly, when, and what it was.
type seen struct {
	note, by string
	at       clock.Ms
}

// seeAnomaly marks an open anomaly as seen within the scope; false when there is none.
func seeAnomaly(ctx context.Context, q db.Querier, anomaly id.ID, scope authz.Scope, s seen) (bool, error) {
	a := &db.Args{}
	set := `UPDATE health_anomaly SET state = 'seen', note = ` + a.Add(s.note) + `, seen_by = ` + a.Add(s.by) + `, seen_at = ` + a.Add(s.at)
	n, err := q.Exec(ctx, set+` WHERE brand_id = `+a.Add(scope.BrandID)+` AND id = `+a.Add(anomaly)+` AND state = 'open' AND `+scope.Where("unit_id", a), a.Values...)
	return n == 1, err
}
