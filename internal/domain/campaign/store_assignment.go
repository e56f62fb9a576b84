package campaign

import (
	"context"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

const assignmentColumns = `id, campaign_id, task_id, member_id, account_id, unit_id, platform, company, state, due_at, publish_at, given_at, read_at, read_version,
	changed_at, rev, reason`

// walkRow is where a walk stands.
type walkRow struct {
	State   State `db:"state"`
	Version int   `db:"version"`
	Walked  id.ID `db:"walked"`
}

func lockWalk(ctx context.Context, tx *db.Tx, brand, campaign id.ID) (walkRow, error) {
	return db.One[walkRow](ctx, tx, `UPDATE campaign_campaign SET state = state WHERE brand_id = $1 AND id = $2 RETURNING state, version, walked`, brand, campaign)
}

func moveWalk(ctx context.Context, tx *db.Tx, brand, campaign, last id.ID, people, made int) error {
	_, err := tx.Exec(ctx, `UPDATE campaign_campaign SET walked = $1, people = people + $2, made = made + $3 WHERE brand_id = $4 AND id = $5`,
		int64(last), people, made, brand, campaign)
	return err
}

// lockWalks holds every walk that is going on until the transaction ends, in order, and gives their campaigns.
func lockWalks(ctx context.Context, tx *db.Tx, brand id.ID) error {
	rows, err := db.All[id.ID](ctx, tx, `SELECT id FROM campaign_campaign WHERE brand_id = $1 AND state = 'dispatching' ORDER BY id`, brand)
	for _, x := range rows {
		if err == nil {
			_, err = lockWalk(ctx, tx, brand, x)
		}
	}
	return err
}

type assignmentKey struct{ member, task, account id.ID }

// held is where an assignment that somebody has stands.
type held struct {
	id    id.ID
	state Step
}

// keysOf gives which tasks of a campaign people have.
func keysOf(ctx context.Context, q db.Querier, brand, campaign id.ID, members []id.ID) (map[assignmentKey]held, error) {
	var a db.Args
	rows, err := q.Query(ctx, `SELECT member_id, task_id, account_id, id, state FROM campaign_assignment WHERE brand_id = `+a.Add(int64(brand))+` AND `+db.Among(q, &a, "member_id", members)+
		` AND campaign_id = `+a.Add(int64(campaign)), a.Values...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[assignmentKey]held{}
	for rows.Next() {
		var k assignmentKey
		var h held
		if err := rows.Scan(&k.member, &k.task, &k.account, &h.id, &h.state); err != nil {
			return nil, err
		}
		out[k] = h
	}
	return out, rows.Err()
}

// pastOf gives the percent of tasks given since a moment that members did; who was given none is missing. What was declined on a
// personal account does not count.
func pastOf(ctx context.Context, q db.Querier, brand id.ID, members []id.ID, since clock.Ms) (map[id.ID]int, error) {
	var a db.Args
	type past struct {
		Member id.ID `db:"member_id"`
		All    int64 `db:"n"`
		Done   int64 `db:"done"`
	}
	rows, err := db.All[past](ctx, q, `SELECT member_id, COUNT(*) AS n, CAST(COALESCE(SUM(CASE WHEN state IN ('passed', 'settled') THEN 1 ELSE 0 END), 0) AS BIGINT) AS done
		FROM campaign_assignment WHERE brand_id = `+a.Add(int64(brand))+` AND `+db.Among(q, &a, "member_id", members)+` AND given_at >= `+a.Add(int64(since))+
		` AND state <> 'gone' AND (state <> 'declined' OR company) GROUP BY member_id`, a.Values...)
	out := make(map[id.ID]int, len(rows))
	for _, r := range rows {
		out[r.Member] = int(r.Done * 100 / r.All)
	}
	return out, err
}

// waitingMembers gives members above one who have something to do in a campaign, in order.
func waitingMembers(ctx context.Context, q db.Querier, brand, campaign, after id.ID, limit int) ([]id.ID, error) {
	return db.All[id.ID](ctx, q, `SELECT DISTINCT member_id FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 AND member_id > $3
		AND state IN ('given', 'accepted', 'rejected') ORDER BY member_id LIMIT $4`, brand, campaign, int64(after), limit)
}

func getAssignment(ctx context.Context, q db.Querier, brand, x id.ID) (Assignment, error) {
	a, err := db.One[Assignment](ctx, q, `SELECT `+assignmentColumns+` FROM campaign_assignment WHERE brand_id = $1 AND id = $2`, brand, x)
	if db.NoRows(err) {
		err = errs.New(errs.NotFound, "campaign.task_gone")
	}
	return a, err
}

// lockAssignment reads an assignment and holds it until the transaction ends.
func lockAssignment(ctx context.Context, tx *db.Tx, brand, x id.ID) (Assignment, error) {
	a, err := db.One[Assignment](ctx, tx, `UPDATE campaign_assignment SET rev = rev WHERE brand_id = $1 AND id = $2 RETURNING `+assignmentColumns, brand, x)
	if db.NoRows(err) {
		err = errs.New(errs.NotFound, "campaign.task_gone")
	}
	return a, err
}

// someAssignments gives assignments by id, in no order.
func someAssignments(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) ([]Assignment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var a db.Args
	return db.All[Assignment](ctx, q, `SELECT `+assignmentColumns+` FROM campaign_assignment WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "id", ids), a.Values...)
}

// stepping is an act with its reason and time; sums takes what it changes in the counts.
type stepping struct {
	brand  id.ID
	act    Act
	reason string
	at     clock.Ms
	sums   deltas
}

// one writes a new state of one assignment that the transaction holds.
func (st stepping) one(ctx context.Context, tx *db.Tx, a *Assignment) error {
	to := moved(a.State, st.act)
	if to == "" {
		return errs.New(errs.Precondition, "campaign.cannot_step", "state", string(a.State))
	}
	_, err := tx.Exec(ctx, `UPDATE campaign_assignment SET state = $1, reason = $2, changed_at = $3, rev = rev + 1 WHERE brand_id = $4 AND member_id = $5 AND task_id = $6 AND account_id = $7`,
		string(to), st.reason, st.at, st.brand, a.MemberID, a.TaskID, int64(a.AccountID))
	st.sums.add(a, a.State, -1)
	st.sums.add(a, to, 1)
	a.State, a.Reason, a.ChangedAt, a.Rev = to, st.reason, st.at, a.Rev+1
	return err
}

// all moves every assignment in one of these states that a condition names, and gives them.
func (st stepping) all(ctx context.Context, tx *db.Tx, only []Step, where func(a *db.Args) string) ([]Assignment, error) {
	var out []Assignment
	for _, s := range only {
		to := moved(s, st.act)
		if to == "" {
			continue
		}
		var a db.Args
		rows, err := db.All[Assignment](ctx, tx, `UPDATE campaign_assignment SET state = `+a.Add(string(to))+`, reason = `+a.Add(st.reason)+`, changed_at = `+a.Add(st.at)+
			`, rev = rev + 1 WHERE brand_id = `+a.Add(st.brand)+` AND state = `+a.Add(string(s))+` AND `+where(&a)+` RETURNING `+assignmentColumns, a.Values...)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			st.sums.add(&rows[i], s, -1)
			st.sums.add(&rows[i], to, 1)
		}
		out = append(out, rows...)
	}
	return out, nil
}

func quoted(steps []Step) string {
	list := make([]string, len(steps))
	for i, s := range steps {
		list[i] = "'" + string(s) + "'"
	}
	return "(" + strings.Join(list, ", ") + ")"
}
