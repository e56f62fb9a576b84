package notify

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

func selectUnplanned(ctx context.Context, q db.Querier, brand id.ID, limit int) ([]unplanned, error) {
	return db.All[unplanned](ctx, q, `SELECT id, user_id, kind, dedup, due_ms FROM notify_notice WHERE brand_id = $1 AND planned = 0 ORDER BY id LIMIT $2`, brand, limit)
}

func markPlanned(ctx context.Context, tx *db.Tx, brand id.ID, list []unplanned) error {
	ids := make([]id.ID, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	var a db.Args
	_, err := tx.Exec(ctx, `UPDATE notify_notice SET planned = 1 WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(tx, &a, "id", ids), a.Values...)
	return err
}

// insertDeliveries writes rows sorted by their key. A robot that waits with the same notice already counts the people on
// top; for a person the delivery is there already and nothing happens.
func insertDeliveries(ctx context.Context, tx *db.Tx, rows [][]any) error {
	_, err := db.Insert(ctx, tx, "notify_delivery", []string{
		"brand_id", "id", "channel", "target_id", "unit_id", "notice_id", "kind", "dedup", "mode", "people", "state", "reason", "detail", "tries", "due_ms",
		"lease_ms", "claim", "created_ms", "done_ms",
	}, rows, `ON CONFLICT (brand_id, channel, target_id, kind, dedup) DO UPDATE SET people = notify_delivery.people + excluded.people
		WHERE notify_delivery.channel = 'robot'`)
	return err
}

// delivery is a row of the log.
type delivery struct {
	ID       id.ID    `db:"id"`
	Channel  Channel  `db:"channel"`
	TargetID id.ID    `db:"target_id"`
	UnitID   id.ID    `db:"unit_id"`
	NoticeID id.ID    `db:"notice_id"`
	Kind     string   `db:"kind"`
	Key      string   `db:"dedup"`
	Mode     Mode     `db:"mode"`
	People   int      `db:"people"`
	State    State    `db:"state"`
	Reason   string   `db:"reason"`
	Detail   string   `db:"detail"`
	Tries    int      `db:"tries"`
	Due      clock.Ms `db:"due_ms"`
	Created  clock.Ms `db:"created_ms"`
	Done     clock.Ms `db:"done_ms"`
}

const deliveryColumns = `id, channel, target_id, unit_id, notice_id, kind, dedup, mode, people, state, reason, detail, tries, due_ms, created_ms, done_ms`

// claimDue takes deliveries that are due under a lease: of the targets that wait longest, everything that is due, so that
// what belongs into one message is together. claim is the name of this take.
func claimDue(ctx context.Context, tx *db.Tx, brand, claim id.ID, now, until clock.Ms) ([]delivery, error) {
	targets, err := db.All[id.ID](ctx, tx, `SELECT DISTINCT target_id FROM (SELECT target_id FROM notify_delivery WHERE brand_id = $1 AND state = 'queued'
		AND due_ms <= $2 AND lease_ms <= $3 ORDER BY due_ms, id LIMIT 200) t`, brand, now, now)
	if err != nil || len(targets) == 0 {
		return nil, err
	}
	var a db.Args
	_, err = tx.Exec(ctx, `UPDATE notify_delivery SET claim = `+a.Add(claim)+`, lease_ms = `+a.Add(until)+` WHERE brand_id = `+a.Add(brand)+
		` AND state = 'queued' AND due_ms <= `+a.Add(now)+` AND lease_ms <= `+a.Add(now)+` AND `+db.Among(tx, &a, "target_id", targets), a.Values...)
	if err != nil {
		return nil, err
	}
	return db.All[delivery](ctx, tx, `SELECT `+deliveryColumns+` FROM notify_delivery WHERE brand_id = $1 AND claim = $2 AND claim <> 0 ORDER BY channel, target_id, due_ms, id`,
		brand, claim)
}

// begin marks claimed deliveries as being sent; it gives how many still were this claim's to send.
func begin(ctx context.Context, tx *db.Tx, brand, claim id.ID, until clock.Ms, ids []id.ID) (int64, error) {
	var a db.Args
	return tx.Exec(ctx, `UPDATE notify_delivery SET state = 'sending', lease_ms = `+a.Add(until)+` WHERE brand_id = `+a.Add(brand)+` AND claim = `+a.Add(claim)+
		` AND state = 'queued' AND `+db.Among(tx, &a, "id", ids), a.Values...)
}

// outcome is what becomes of deliveries.
type outcome struct {
	state  State
	reason string
	detail string
	tried  int      // 1 when it counts as a try
	due    clock.Ms // of the next try, when queued
	done   clock.Ms // 0: not over
}

// settle books an outcome for deliveries that this claim still holds.
func settle(ctx context.Context, q db.Querier, brand, claim id.ID, ids []id.ID, o outcome) (int64, error) {
	var a db.Args
	text := `UPDATE notify_delivery SET state = ` + a.Add(string(o.state)) + `, reason = ` + a.Add(o.reason) + `, detail = ` + a.Add(o.detail) +
		`, tries = tries + ` + a.Add(o.tried) + `, lease_ms = 0, claim = 0, done_ms = ` + a.Add(o.done)
	if o.state == Queued {
		text += `, due_ms = ` + a.Add(o.due)
	}
	return q.Exec(ctx, text+` WHERE brand_id = `+a.Add(brand)+` AND claim = `+a.Add(claim)+` AND state IN ('queued', 'sending') AND `+
		db.Among(q, &a, "id", ids), a.Values...)
}

// release gives deliveries back that were not tried, for a moment at or after due.
func release(ctx context.Context, q db.Querier, brand, claim id.ID, ids []id.ID, due clock.Ms) error {
	var a db.Args
	_, err := q.Exec(ctx, `UPDATE notify_delivery SET lease_ms = 0, claim = 0, due_ms = CASE WHEN due_ms < `+a.Add(due)+` THEN `+a.Add(due)+
		` ELSE due_ms END WHERE brand_id = `+a.Add(brand)+` AND claim = `+a.Add(claim)+` AND state = 'queued' AND `+db.Among(q, &a, "id", ids), a.Values...)
	return err
}

// loseSending turns what was being sent when its process ended into unknown.
func loseSending(ctx context.Context, q db.Querier, brand id.ID, now clock.Ms) (int64, error) {
	return q.Exec(ctx, `UPDATE notify_delivery SET state = 'unknown', reason = 'interrupted', lease_ms = 0, claim = 0, tries = tries + 1, done_ms = $1
		WHERE brand_id = $2 AND state = 'sending' AND lease_ms <= $3`, now, brand, now)
}

// hasWork tells whether a brand has something to plan, to send or to give up on.
func hasWork(ctx context.Context, q db.Querier, brand id.ID, now clock.Ms) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT CAST(COUNT(*) AS BIGINT) FROM (
		SELECT 1 AS x FROM (SELECT id FROM notify_notice WHERE brand_id = $1 AND planned = 0 LIMIT 1) a
		UNION ALL SELECT 1 AS x FROM (SELECT id FROM notify_delivery WHERE brand_id = $2 AND state = 'queued' AND due_ms <= $3 LIMIT 1) b
		UNION ALL SELECT 1 AS x FROM (SELECT id FROM notify_delivery WHERE brand_id = $4 AND state = 'sending' LIMIT 1) c) w`, brand, brand, now, brand)
	return n > 0, err
}

// logFilter cuts the log; zero fields do not.
type logFilter struct {
	channel Channel
	state   State
	kind    string
	targets []id.ID // people or robots; nil: all
	before  id.ID
	limit   int
}

func selectLog(ctx context.Context, q db.Querier, scope authz.Scope, f logFilter) ([]delivery, error) {
	var a db.Args
	text := `SELECT ` + deliveryColumns + ` FROM notify_delivery WHERE brand_id = ` + a.Add(scope.BrandID) + ` AND ` + scope.Where("unit_id", &a)
	if f.channel != "" {
		text += ` AND channel = ` + a.Add(string(f.channel))
	}
	if f.state != "" {
		text += ` AND state = ` + a.Add(string(f.state))
	}
	if f.kind != "" {
		text += ` AND kind = ` + a.Add(f.kind)
	}
	if f.targets != nil {
		text += ` AND target_id IN ` + db.IDList(q, &a, f.targets)
	}
	if f.before != 0 {
		text += ` AND id < ` + a.Add(f.before)
	}
	return db.All[delivery](ctx, q, text+` ORDER BY id DESC LIMIT `+a.Add(f.limit), a.Values...)
}

// StateCount is how many deliveries of a channel are in a state.
type StateCount struct {
	Channel Channel `db:"channel"`
	State   State   `db:"state"`
	N       int64   `db:"n"`
}

// countLog counts deliveries since a time by channel and state.
func countLog(ctx context.Context, q db.Querier, scope authz.Scope, since clock.Ms) ([]StateCount, error) {
	var a db.Args
	return db.All[StateCount](ctx, q, `SELECT channel, state, COUNT(*) AS n FROM notify_delivery WHERE brand_id = `+a.Add(scope.BrandID)+
		` AND created_ms >= `+a.Add(since)+` AND `+scope.Where("unit_id", &a)+` GROUP BY channel, state ORDER BY channel, state`, a.Values...)
}

// requeue sends deliveries again that are over without having arrived, as far as we know.
func requeue(ctx context.Context, tx *db.Tx, scope authz.Scope, ids []id.ID, now clock.Ms) (int64, error) {
	var a db.Args
	return tx.Exec(ctx, `UPDATE notify_delivery SET state = 'queued', reason = '', detail = '', tries = 0, due_ms = `+a.Add(now)+`, lease_ms = 0, claim = 0,
		created_ms = `+a.Add(now)+`, done_ms = NULL WHERE brand_id = `+a.Add(scope.BrandID)+` AND state IN ('failed', 'skipped', 'unknown') AND `+
		db.Among(tx, &a, "id", ids)+` AND `+scope.Where("unit_id", &a), a.Values...)
}

func deleteLog(ctx context.Context, tx *db.Tx, brand id.ID, before clock.Ms) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM notify_delivery WHERE brand_id = $1 AND id IN (SELECT id FROM notify_delivery WHERE brand_id = $2
		AND created_ms < $3 AND state NOT IN ('queued', 'sending') ORDER BY created_ms LIMIT 2000)`, brand, brand, before)
}
