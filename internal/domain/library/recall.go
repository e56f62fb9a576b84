package library

import (
	"context"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// TakeBack recalls what is out of an item: the item goes out of use and a recall looks for the words wherever they stand.
// terms are what must not stand any more. The actor needs the recall room's permission too. Errors: library.terms_missing,
// library.gone, those of the recall room.
func (s *Service) TakeBack(ctx context.Context, actor authz.Actor, item id.ID, terms []string, reason string, due clock.Day) (id.ID, error) {
	reason = strings.TrimSpace(reason)
	if terms = tidy(terms); len(terms) == 0 {
		return 0, errs.Bad().Field("terms", "library.terms_missing")
	}
	row, _, err := s.visible(ctx, s.DB, actor, item)
	if err != nil {
		return 0, err
	}
	if err := s.may(ctx, s.DB, actor, permApprove, row.UnitID); err != nil {
		return 0, err
	}
	if row.State != Out { // first of all nobody gets it any more
		if _, err := s.Turn(ctx, actor, item, row.Rev, Retire, reason); err != nil {
			return 0, err
		}
	}
	recall, err := s.Recalls.Start(ctx, actor, Claim{Title: clip(row.Title, 60), Reason: reason, Terms: terms, Due: due})
	if err != nil {
		return 0, err
	}
	return recall, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.Audit.Write(ctx, tx, actor, audit.Entry{
			Action: "library.taken_back", UnitID: row.UnitID, Kind: "item", Object: item, Name: row.Title, After: map[string]any{"recall": recall, "terms": terms},
		})
	})
}

func clip(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return string(r[:n-1]) + "…"
}
