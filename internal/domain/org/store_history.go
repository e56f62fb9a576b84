package org

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

const entryCols = `brand_id, subject_id, id, action, from_text, to_text, day, why, by_id, by_name, at_ms`

func insertEntries(ctx context.Context, tx *db.Tx, entries []Entry) error {
	rows := make([][]any, 0, len(entries))
	for _, e := range entries {
		rows = append(rows, []any{e.BrandID, e.SubjectID, e.ID, e.Action, e.From, e.To, int64(e.Day), e.Why, e.ByID, e.By, int64(e.At)})
	}
	return db.Copy(ctx, tx, "org_history", []string{"brand_id", "subject_id", "id", "action", "from_text", "to_text", "day", "why", "by_id", "by_name", "at_ms"}, rows)
}

// entriesOf reads a timeline, newest first, from before an entry on (0: from the top).
func entriesOf(ctx context.Context, q db.Querier, brand, subject, before id.ID, limit int) ([]Entry, error) {
	var a db.Args
	text := `SELECT ` + entryCols + ` FROM org_history WHERE brand_id = ` + a.Add(brand) + ` AND subject_id = ` + a.Add(subject)
	if before != 0 {
		text += ` AND id < ` + a.Add(before)
	}
	return db.All[Entry](ctx, q, text+` ORDER BY id DESC LIMIT `+a.Add(limit), a.Values...)
}

// The subjects that carry labels.
const (
	tagUnit   = "unit"
	tagMember = "member"
)

// setTags makes the index of labels agree with the row.
func setTags(ctx context.Context, tx *db.Tx, brand id.ID, subject string, of id.ID, tags Labels) error {
	if _, err := tx.Exec(ctx, `DELETE FROM org_tag WHERE brand_id = $1 AND subject = $2 AND subject_id = $3`, brand, subject, of); err != nil {
		return err
	}
	rows := make([][]any, 0, len(tags))
	for _, t := range tags {
		rows = append(rows, []any{brand, subject, t, of})
	}
	return db.Copy(ctx, tx, "org_tag", []string{"brand_id", "subject", "tag", "subject_id"}, rows)
}

// Label is a label in use and how often.
type Label struct {
	Tag string `db:"tag" json:"tag"`
	N   int64  `db:"n" json:"n"`
}

func labelsInUse(ctx context.Context, q db.Querier, brand id.ID, subject string) ([]Label, error) {
	return db.All[Label](ctx, q, `SELECT tag, COUNT(*) AS n FROM org_tag WHERE brand_id = $1 AND subject = $2 GROUP BY tag ORDER BY n DESC, tag LIMIT 200`, brand, subject)
}
