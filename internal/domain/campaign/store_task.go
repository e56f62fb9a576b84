package campaign

import (
	"context"
	"encoding/json"
	"fmt"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// taskRow is a task as it was dispatched last.
type taskRow struct {
	ID         id.ID    `db:"id"`
	CampaignID id.ID    `db:"campaign_id"`
	Seq        int      `db:"seq"`
	PlanJSON   string   `db:"plan"`
	DueAt      clock.Ms `db:"due_at"`
	Since      int      `db:"since"`
	Dropped    bool     `db:"dropped"`
	plan       TaskPlan
}

const taskColumns = `id, campaign_id, seq, plan, due_at, since, dropped`

func (t *taskRow) read() error {
	if err := json.Unmarshal([]byte(t.PlanJSON), &t.plan); err != nil {
		return fmt.Errorf("campaign task %s: %w", t.ID, err)
	}
	return nil
}

func readTasks(rows []taskRow, err error) ([]taskRow, error) {
	for i := range rows {
		if err == nil {
			err = rows[i].read()
		}
	}
	return rows, err
}

// tasksOf gives the tasks of a campaign in their order, dropped ones too.
func tasksOf(ctx context.Context, q db.Querier, brand, campaign id.ID) ([]taskRow, error) {
	return readTasks(db.All[taskRow](ctx, q, `SELECT `+taskColumns+` FROM campaign_task WHERE brand_id = $1 AND campaign_id = $2 ORDER BY seq, id`, brand, campaign))
}

// someTasks gives tasks by id.
func someTasks(ctx context.Context, q db.Querier, brand id.ID, ids []id.ID) (map[id.ID]*taskRow, error) {
	var a db.Args
	rows, err := readTasks(db.All[taskRow](ctx, q, `SELECT `+taskColumns+` FROM campaign_task WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "id", ids), a.Values...))
	out := make(map[id.ID]*taskRow, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, err
}

// saveTasks writes the tasks of a version: new ones are inserted, changed ones carry the version they changed in, and those
// that are not in the plan any more are dropped.
func saveTasks(ctx context.Context, tx *db.Tx, brand id.ID, r *row) error {
	old, err := tasksOf(ctx, tx, brand, r.ID)
	if err != nil {
		return err
	}
	was := make(map[id.ID]*taskRow, len(old))
	for i := range old {
		was[old[i].ID] = &old[i]
	}
	for i := range r.plan.Tasks {
		t := &r.plan.Tasks[i]
		text, err := json.Marshal(t)
		if err != nil {
			return err
		}
		since, due := r.Version, r.plan.due(t)
		moved := was[t.ID] != nil && was[t.ID].DueAt != due
		if o := was[t.ID]; o != nil && o.PlanJSON == string(text) && o.DueAt == due && !o.Dropped {
			since = o.Since
		}
		delete(was, t.ID)
		_, err = tx.Exec(ctx, `INSERT INTO campaign_task (brand_id, id, campaign_id, seq, type, title, plan, minutes, mandatory, due_at, since, dropped)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, FALSE) ON CONFLICT (brand_id, id) DO UPDATE SET seq = excluded.seq, title = excluded.title,
			plan = excluded.plan, minutes = excluded.minutes, mandatory = excluded.mandatory, due_at = excluded.due_at, since = excluded.since, dropped = FALSE`,
			brand, t.ID, r.ID, i, string(t.Type), t.Title, string(text), t.Minutes, t.Mandatory, int64(due), since)
		if err != nil {
			return err
		}
		if !moved {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE campaign_assignment SET due_at = $1 WHERE brand_id = $2 AND campaign_id = $3 AND task_id = $4 AND due_at <> $1`,
			int64(due), brand, r.ID, t.ID); err != nil {
			return err
		}
	}
	for x := range was {
		if _, err := tx.Exec(ctx, `UPDATE campaign_task SET dropped = TRUE, since = $1 WHERE brand_id = $2 AND id = $3 AND NOT dropped`, r.Version, brand, x); err != nil {
			return err
		}
	}
	return nil
}
