package account

import (
	"context"
	"encoding/json"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// CheckItem is one step of a hand-over that somebody ticked.
type CheckItem struct {
	Key  string `json:"key"`
	Done bool   `json:"done"`
	Note string `json:"note,omitempty"`
}

// CustodyEntry is one line of an account's timeline.
type CustodyEntry struct {
	ID         id.ID     `db:"id"`
	At         clock.Ms  `db:"at_ms"`
	What       string    `db:"what"`
	FromMember string    `db:"from_member"`
	ToMember   string    `db:"to_member"`
	FromUnitID id.ID     `db:"from_unit_id"`
	ToUnitID   id.ID     `db:"to_unit_id"`
	FromValue  string    `db:"from_value"`
	ToValue    string    `db:"to_value"`
	Reason     string    `db:"reason"`
	Checklist  string    `db:"checklist"`
	Actor      string    `db:"actor"`
	Items      CheckList `db:"-"`
}

// CheckList is a ticked list.
type CheckList []CheckItem

// custodyRow is a line to be written; the fields that follow from the edit are filled by noteCustody.
type custodyRow struct {
	What      string
	From, To  string
	Reason    string
	Checklist CheckList
}

// note adds a line to the account's timeline.
func (e *edit) note(r custodyRow) *edit {
	e.Notes = append(e.Notes, r)
	return e
}

// noteCustody writes the timeline: the lines the use case gave, and one for each change that none of them tells.
func (s *Service) noteCustody(ctx context.Context, tx *db.Tx, actor authz.Actor, edits []*edit) error {
	var rows [][]any
	now := s.now()
	for _, e := range edits {
		if e.Removed {
			continue
		}
		for _, n := range e.lines() {
			list, err := json.Marshal(append(CheckList{}, n.Checklist...))
			if err != nil {
				return err
			}
			var from Account
			if e.Before != nil {
				from = *e.Before
			}
			row := []any{e.After.BrandID, e.After.ID, s.IDs.New(), now, n.What, nil, nil, "", "", nil, nil, n.From, n.To, n.Reason, string(list), actor.UserID, actor.Name}
			if from.MemberID != e.After.MemberID {
				row[5], row[6], row[7], row[8] = from.MemberID, e.After.MemberID, from.MemberName, e.After.MemberName
			}
			if from.UnitID != e.After.UnitID {
				row[9], row[10] = from.UnitID, e.After.UnitID
			}
			rows = append(rows, row)
		}
	}
	return db.Copy(ctx, tx, "account_custody", []string{
		"brand_id", "account_id", "id", "at_ms", "what", "from_member_id",
		"to_member_id", "from_member", "to_member", "from_unit_id", "to_unit_id", "from_value", "to_value", "reason", "checklist",
		"actor_id", "actor",
	}, rows)
}

// lines gives the timeline of an edit. An imported account begins without a line: its row says when and by which import.
func (e *edit) lines() []custodyRow {
	told := map[string]bool{}
	out := append([]custodyRow{}, e.Notes...)
	for _, n := range out {
		told[n.What] = true
	}
	reason := ""
	if len(out) > 0 {
		reason = out[0].Reason
	}
	auto := func(what, from, to string) {
		if !told[what] {
			out = append(out, custodyRow{What: what, From: from, To: to, Reason: reason})
		}
	}
	for _, w := range e.What {
		switch w {
		case Created:
			if e.After.ImportID == 0 {
				auto("created", "", "")
			}
		case Moved:
			auto("moved", "", "")
		case Owned:
			if !told["handed_over"] && !told["authorisation_ended"] {
				auto("owner", "", "")
			}
		case Turned:
			if !told["handed_over"] && !told["authorisation_ended"] && !told["closed"] {
				auto("status", string(e.Before.Status), string(e.After.Status))
			}
		case Rekind:
			auto("kind", string(e.Before.Kind), string(e.After.Kind))
		case Edited, Ranked, Removed:
		}
	}
	return append(out, e.fieldLines(told)...)
}

// fieldLines tells of edits of single fields.
func (e *edit) fieldLines(told map[string]bool) []custodyRow {
	if e.Before == nil || told["edited"] {
		return nil
	}
	var out []custodyRow
	for _, f := range []struct{ what, from, to string }{
		{"handle", e.Before.Handle, e.After.Handle},
		{"name", e.Before.Name, e.After.Name},
		{"external_id", e.Before.ExternalID, e.After.ExternalID},
		{"poi", e.Before.POI, e.After.POI},
		{"ownership", string(e.Before.Ownership), string(e.After.Ownership)},
		{"level", string(e.Before.Level), string(e.After.Level)},
		{"verified", yes(e.Before.Verified), yes(e.After.Verified)},
	} {
		if f.from != f.to && !told[f.what] {
			out = append(out, custodyRow{What: f.what, From: f.from, To: f.to})
		}
	}
	return out
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// custodyOf reads an account's timeline, newest first.
func custodyOf(ctx context.Context, q db.Querier, brand, account id.ID, limit int) ([]CustodyEntry, error) {
	rows, err := db.All[CustodyEntry](ctx, q, `SELECT id, at_ms, what, from_member, to_member, from_unit_id, to_unit_id, from_value,
		to_value, reason, checklist, actor FROM account_custody WHERE brand_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT $3`, brand, account, limit)
	for i := range rows {
		rows[i].Items = CheckList{}
		if err := json.Unmarshal([]byte(rows[i].Checklist), &rows[i].Items); err != nil {
			return nil, err
		}
	}
	return rows, err
}
