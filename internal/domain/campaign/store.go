package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// row is a row of campaign_campaign.
type row struct {
	ID         id.ID     `db:"id"`
	UnitID     id.ID     `db:"unit_id"`
	State      State     `db:"state"`
	PlanJSON   string    `db:"plan"`
	Rev        int       `db:"rev"`
	Version    int       `db:"version"`
	SentRev    int       `db:"sent_rev"` // the rev that was dispatched last
	Verdict    string    `db:"verdict"`
	Found      string    `db:"findings"`
	CreatedAt  clock.Ms  `db:"created_at"`
	CreatedBy  id.ID     `db:"created_by"`
	Creator    string    `db:"created_by_name"`
	ApprovedBy string    `db:"approved_by_name"`
	Note       string    `db:"note"`
	Lessons    string    `db:"lessons"`
	From       id.ID     `db:"copied_from"`
	Template   string    `db:"template"`
	RecurDay   clock.Day `db:"recur_day"`
	Walked     id.ID     `db:"walked"`
	Expected   int64     `db:"expected"`
	People     int64     `db:"people"`
	Made       int64     `db:"made"`
	BeganAt    clock.Ms  `db:"began_at"`
	EndedAt    clock.Ms  `db:"ended_at"`
	TreeDay    clock.Day `db:"tree_day"`
	ClosedAt   clock.Ms  `db:"closed_at"`
	EditedBy   id.ID     `db:"edited_by"`
	Editor     string    `db:"edited_by_name"`
	CaseID     id.ID     `db:"case_id"`
	CaseKept   bool      `db:"case_kept"`
	plan       Plan
	findings   []Finding
	to         State // set within a turn: another end than the table's
	trace      trace // set within a turn: what the history tells of it
}

const rowColumns = `id, unit_id, state, plan, rev, version, sent_rev, verdict, findings, created_at, created_by, created_by_name, approved_by_name, note, lessons,
	copied_from, template, recur_day, walked, expected, people, made, began_at, ended_at, tree_day, closed_at,
	edited_by, edited_by_name, case_id, case_kept`

func (r *row) read() error {
	if err := json.Unmarshal([]byte(r.PlanJSON), &r.plan); err != nil {
		return fmt.Errorf("campaign %s: plan: %w", r.ID, err)
	}
	r.plan.tidy()
	if err := json.Unmarshal([]byte(r.Found), &r.findings); err != nil {
		return fmt.Errorf("campaign %s: findings: %w", r.ID, err)
	}
	r.findings = full(r.findings)
	return nil
}

func getRow(ctx context.Context, q db.Querier, brand, campaign id.ID) (*row, error) {
	return oneRow(ctx, q, `SELECT `+rowColumns+` FROM campaign_campaign WHERE brand_id = $1 AND id = $2`, brand, campaign)
}

// lockRow reads a campaign and holds it until the transaction ends: a write that changes nothing locks on both engines.
func lockRow(ctx context.Context, q db.Querier, brand, campaign id.ID) (*row, error) {
	return oneRow(ctx, q, `UPDATE campaign_campaign SET state = state WHERE brand_id = $1 AND id = $2 RETURNING `+rowColumns, brand, campaign)
}

func oneRow(ctx context.Context, q db.Querier, text string, args ...any) (*row, error) {
	r, err := db.One[row](ctx, q, text, args...)
	if err != nil {
		return nil, err
	}
	return &r, r.read()
}

func someRows(ctx context.Context, q db.Querier, text string, args ...any) ([]row, error) {
	rows, err := db.All[row](ctx, q, text, args...)
	for i := range rows {
		if err == nil {
			err = rows[i].read()
		}
	}
	return rows, err
}

// inStates gives the campaigns of a brand in some states, oldest first.
func inStates(ctx context.Context, q db.Querier, brand id.ID, states ...State) ([]row, error) {
	var a db.Args
	return someRows(ctx, q, `SELECT `+rowColumns+` FROM campaign_campaign WHERE brand_id = `+a.Add(brand)+` AND state IN `+db.In(&a, states)+` ORDER BY id`, a.Values...)
}

func insertRow(ctx context.Context, q db.Querier, brand id.ID, r *row) error {
	plan, err := json.Marshal(&r.plan)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `INSERT INTO campaign_campaign (brand_id, id, unit_id, title, topic, sent_title, state, mode, plan, starts_at, ends_at, weekly_minutes, rev, version, sent_rev,
		verdict, findings, created_at, created_by, created_by_name, approved_by_name, note, lessons, copied_from, template, recur_day, walked, expected, people, made, tree_day)
		VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $11, 1, 0, 0, '', '[]', $12, $13, $14, '', '', '', $15, $16, 0, 0, 0, 0, 0, 0)`,
		brand, r.ID, int64(r.UnitID), r.plan.Title, r.plan.Topic, string(r.State), string(r.plan.Mode), string(plan), int64(r.plan.StartsAt), int64(r.plan.EndsAt),
		r.plan.WeeklyMinutes, r.CreatedAt, r.CreatedBy, r.Creator, r.From, r.Template)
	return err
}

// writePlan saves a plan with the state it puts the campaign into; the next rev.
func writePlan(ctx context.Context, q db.Querier, brand id.ID, r *row) error {
	plan, err := json.Marshal(&r.plan)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `UPDATE campaign_campaign SET plan = $1, title = $2, topic = $3, mode = $4, starts_at = $5, ends_at = $6, weekly_minutes = $7, state = $8,
		edited_by = $9, edited_by_name = $10, verdict = '', findings = '[]', rev = rev + 1 WHERE brand_id = $11 AND id = $12`, string(plan), r.plan.Title, r.plan.Topic,
		string(r.plan.Mode), int64(r.plan.StartsAt), int64(r.plan.EndsAt), r.plan.WeeklyMinutes, string(r.State), r.EditedBy, r.Editor, brand, r.ID)
	return err
}

// saveState writes what a turn changes: state, verdict, who and why.
func saveState(ctx context.Context, q db.Querier, brand id.ID, r *row) error {
	found, err := json.Marshal(full(r.findings))
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `UPDATE campaign_campaign SET state = $1, verdict = $2, findings = $3, approved_by_name = $4, note = $5, lessons = $6, version = $7, sent_rev = $8,
		walked = $9, expected = $10, people = $11, made = $12, began_at = $13, ended_at = $14, closed_at = $15, recur_day = $16, case_id = $17, case_kept = $18 WHERE brand_id = $19 AND id = $20`,
		string(r.State), r.Verdict, string(found), r.ApprovedBy, r.Note, r.Lessons, r.Version, r.SentRev, int64(r.Walked), r.Expected, r.People, r.Made, r.BeganAt,
		r.EndedAt, r.ClosedAt, int64(r.RecurDay), r.CaseID, r.CaseKept, brand, r.ID)
	return err
}

func dropRow(ctx context.Context, q db.Querier, brand, campaign id.ID) error {
	_, err := q.Exec(ctx, `DELETE FROM campaign_campaign WHERE brand_id = $1 AND id = $2 AND version = 0`, brand, campaign)
	return err
}

// ListFilter cuts a list of campaigns.
type ListFilter struct {
	State  State
	Query  string
	Before id.ID
	Limit  int
}

// listRows gives campaigns newest first. A scope below the brand sees its own, and those with assignments in it.
func listRows(ctx context.Context, q db.Querier, scope authz.Scope, f ListFilter) ([]row, error) {
	var a db.Args
	w := `c.brand_id = ` + a.Add(scope.BrandID)
	if f.State != "" {
		w += ` AND c.state = ` + a.Add(string(f.State))
	}
	if f.Before != 0 {
		w += ` AND c.id < ` + a.Add(f.Before)
	}
	if f.Query != "" {
		like := "%" + strings.NewReplacer("%", `\%`, "_", `\_`, `\`, `\\`).Replace(f.Query) + "%"
		w += ` AND (c.title LIKE ` + a.Add(like) + ` ESCAPE '\' OR c.topic LIKE ` + a.Add(like) + ` ESCAPE '\')`
	}
	if !scope.All {
		w += ` AND (c.unit_id <> 0 AND ` + scope.Where("c.unit_id", &a) + ` OR c.version > 0 AND EXISTS (SELECT 1 FROM campaign_assignment x
			WHERE x.brand_id = c.brand_id AND x.campaign_id = c.id AND ` + scope.Where("x.unit_id", &a) + `))`
	}
	return someRows(ctx, q, `SELECT `+rowColumns+` FROM campaign_campaign c WHERE `+w+` ORDER BY c.id DESC LIMIT `+a.Add(f.Limit), a.Values...)
}

func hasAssignments(ctx context.Context, q db.Querier, scope authz.Scope, campaign id.ID) (bool, error) {
	var a db.Args
	n, err := db.All[int64](ctx, q, `SELECT 1 FROM campaign_assignment WHERE brand_id = `+a.Add(scope.BrandID)+` AND campaign_id = `+a.Add(campaign)+
		` AND `+scope.Where("unit_id", &a)+` LIMIT 1`, a.Values...)
	return len(n) > 0, err
}

// noteRow is a unit's note.
type noteRow struct {
	UnitID id.ID    `db:"unit_id"`
	Text   string   `db:"text"`
	At     clock.Ms `db:"at_ms"`
	By     string   `db:"by_name"`
}

func notesOf(ctx context.Context, q db.Querier, brand, campaign id.ID) ([]noteRow, error) {
	return db.All[noteRow](ctx, q, `SELECT unit_id, text, at_ms, by_name FROM campaign_note WHERE brand_id = $1 AND campaign_id = $2 ORDER BY unit_id`, brand, campaign)
}

func saveNote(ctx context.Context, q db.Querier, brand, campaign id.ID, n noteRow) error {
	if n.Text == "" {
		_, err := q.Exec(ctx, `DELETE FROM campaign_note WHERE brand_id = $1 AND campaign_id = $2 AND unit_id = $3`, brand, campaign, n.UnitID)
		return err
	}
	_, err := q.Exec(ctx, `INSERT INTO campaign_note (brand_id, campaign_id, unit_id, text, at_ms, by_name) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (brand_id, campaign_id, unit_id) DO UPDATE SET text = excluded.text, at_ms = excluded.at_ms, by_name = excluded.by_name`,
		brand, campaign, n.UnitID, n.Text, n.At, n.By)
	return err
}

// versionRow is a dispatched version.
type versionRow struct {
	Version int      `db:"version"`
	Plan    string   `db:"plan"`
	At      clock.Ms `db:"at_ms"`
	By      string   `db:"by_name"`
}

func insertVersion(ctx context.Context, q db.Querier, brand id.ID, r *row, at clock.Ms, by string) error {
	if _, err := q.Exec(ctx, `UPDATE campaign_campaign SET sent_title = title WHERE brand_id = $1 AND id = $2`, brand, r.ID); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `INSERT INTO campaign_version (brand_id, campaign_id, version, plan, at_ms, by_name) VALUES ($1, $2, $3, $4, $5, $6)`,
		brand, r.ID, r.Version, r.PlanJSON, at, by)
	return err
}

func versionsOf(ctx context.Context, q db.Querier, brand, campaign id.ID) ([]versionRow, error) {
	return db.All[versionRow](ctx, q, `SELECT version, plan, at_ms, by_name FROM campaign_version WHERE brand_id = $1 AND campaign_id = $2 ORDER BY version DESC`, brand, campaign)
}

// sentPlan reads the plan that was dispatched last.
func sentPlan(ctx context.Context, q db.Querier, brand, campaign id.ID, version int) (*Plan, error) {
	text, err := db.One[string](ctx, q, `SELECT plan FROM campaign_version WHERE brand_id = $1 AND campaign_id = $2 AND version = $3`, brand, campaign, version)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	if err := json.Unmarshal([]byte(text), p); err != nil {
		return nil, fmt.Errorf("campaign %s: version %d: %w", campaign, version, err)
	}
	p.tidy()
	return p, nil
}
