package library

import (
	"context"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Outcome is what became of an item, for a room that follows what it had made. Figures are nil while nobody told any; Leads
// until leads are kept.
type Outcome struct {
	State                      State
	Uses, Posts                int64
	Views, Interactions, Leads *int64
	Made                       []Use // with a known post, the latest first, at most outcomeUses
}

// outcomeUses bounds the uses that an outcome lists.
const outcomeUses = 1000

// Outcome adds up what an item brought, whoever asks. Errors: library.gone.
func (s *Service) Outcome(ctx context.Context, q db.Querier, brand, item id.ID) (Outcome, error) {
	row, err := getItem(ctx, q, brand, item)
	if err != nil {
		return Outcome{}, err
	}
	r, err := s.measure(ctx, brand, item)
	if err != nil {
		return Outcome{}, err
	}
	type use struct {
		MemberID  id.ID `db:"member_id"`
		AccountID id.ID `db:"account_id"`
		PostID    id.ID `db:"post_id"`
	}
	uses, err := db.All[use](ctx, q, `SELECT member_id, account_id, post_id FROM library_use WHERE brand_id = $1 AND item_id = $2 AND post_id <> 0
		ORDER BY post_id DESC LIMIT $3`, brand, item, outcomeUses)
	out := Outcome{State: row.State, Uses: row.Uses, Posts: r.Posts, Views: r.Views, Interactions: r.Interactions, Leads: r.Leads, Made: make([]Use, len(uses))}
	for i, u := range uses {
		out.Made[i] = Use{ItemID: item, MemberID: u.MemberID, AccountID: u.AccountID, PostID: u.PostID}
	}
	return out, err
}
