package campaign

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// unitTexts bounds how many people of a unit get their text at once; no store has more.
const unitTexts = 500

// textRow is an own text.
type textRow struct {
	Assignment id.ID  `db:"assignment_id"`
	Template   id.ID  `db:"template_id"`
	Title      string `db:"title"`
	Body       string `db:"body"`
}

// ownText gives the text of an assignment whose task has a template; own false when it has none. The first of a unit who asks
// makes everybody's, so that no two are alike, and from then on nobody's words change.
func (s *Service) ownText(ctx context.Context, actor authz.Actor, a Assignment, t *TaskPlan) (text Text, own bool, err error) {
	if t.Template == 0 {
		return Text{}, false, nil
	}
	row, err := textOf(ctx, s.DB, actor.BrandID, a.ID)
	if err == nil && row.Template == t.Template {
		return Text{row.Title, row.Body}, true, nil
	}
	if err != nil && !db.NoRows(err) {
		return Text{}, false, err
	}
	found, err := s.Materials.Describe(ctx, s.DB, actor.BrandID, []id.ID{t.Template})
	if err != nil {
		return Text{}, false, err
	}
	m := found[t.Template]
	if !m.Usable { // expired or recalled meanwhile: it is not handed out
		return Text{}, false, nil
	}
	mates, err := unitMates(ctx, s.DB, actor.BrandID, &a)
	if err != nil {
		return Text{}, false, err
	}
	if !slices.ContainsFunc(mates, func(x Assignment) bool { return x.ID == a.ID }) {
		mates = append(mates, a)
	}
	people := make([]Recipient, len(mates))
	for i, x := range mates {
		people[i] = Recipient{x.MemberID, x.UnitID, x.AccountID, x.Platform}
	}
	texts, err := s.Materials.Personal(ctx, s.DB, actor.BrandID, t.Template, a.CampaignID, people)
	if err != nil {
		return Text{}, false, err
	}
	rows := make([][]any, len(mates))
	for i, x := range mates {
		rows[i] = []any{int64(actor.BrandID), int64(x.ID), int64(t.Template), int64(m.Version), texts[i].Title, texts[i].Body}
	}
	slices.SortFunc(rows, func(x, y []any) int { return int(min(max(x[1].(int64)-y[1].(int64), -1), 1)) })
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Insert(ctx, tx, "campaign_text", []string{"brand_id", "assignment_id", "template_id", "version", "title", "body"}, rows,
			`ON CONFLICT (brand_id, assignment_id) DO UPDATE SET template_id = excluded.template_id, version = excluded.version, title = excluded.title, body = excluded.body
			WHERE campaign_text.template_id <> excluded.template_id`)
		return err
	})
	if err != nil {
		return Text{}, false, err
	}
	row, err = textOf(ctx, s.DB, actor.BrandID, a.ID) // another of the unit may have been first
	return Text{row.Title, row.Body}, true, err
}

func textOf(ctx context.Context, q db.Querier, brand, assignment id.ID) (textRow, error) {
	return db.One[textRow](ctx, q, `SELECT assignment_id, template_id, title, body FROM campaign_text WHERE brand_id = $1 AND assignment_id = $2`, brand, assignment)
}

// unitMates gives the assignments of a task within a unit, in order.
func unitMates(ctx context.Context, q db.Querier, brand id.ID, a *Assignment) ([]Assignment, error) {
	return db.All[Assignment](ctx, q, `SELECT `+assignmentColumns+` FROM campaign_assignment WHERE brand_id = $1 AND campaign_id = $2 AND unit_id = $3 AND task_id = $4
		AND state <> 'gone' ORDER BY id LIMIT $5`, brand, a.CampaignID, a.UnitID, a.TaskID, unitTexts)
}
