package account

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// View is a saved filter of the list, shown as a tab: the user's own, or shared with the brand.
type View struct {
	ID     id.ID  `db:"id" json:"id"`
	UserID id.ID  `db:"user_id" json:"-"`
	Name   string `db:"name" json:"name"`
	Query  string `db:"query" json:"query" doc:"query string of the list"`
	Shared bool   `db:"shared" json:"shared"`
	Mine   bool   `db:"-" json:"mine"`
}

// maxViews bounds the tabs of one user.
const maxViews = 20

// Views lists the actor's tabs and the shared ones.
func (s *Service) Views(ctx context.Context, actor authz.Actor) ([]View, error) {
	rows, err := db.All[View](ctx, s.DB, `SELECT id, user_id, name, query, shared FROM account_view
		WHERE brand_id = $1 AND (user_id = $2 OR shared) ORDER BY id LIMIT 100`, actor.BrandID, actor.UserID)
	for i := range rows {
		rows[i].Mine = rows[i].UserID == actor.UserID
	}
	return rows, err
}

// SaveView keeps a filter under a name; the same name again overwrites it. Errors: account.view_name, account.view_many.
func (s *Service) SaveView(ctx context.Context, actor authz.Actor, v View) ([]View, error) {
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	if v.Name == "" || len([]rune(v.Name)) > maxTag {
		return nil, errs.Bad().Field("name", "account.view_name", "max", maxTag)
	}
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var n int64
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM account_view WHERE brand_id = $1 AND user_id = $2 AND name <> $3",
			actor.BrandID, actor.UserID, v.Name).Scan(&n); err != nil {
			return err
		}
		if n >= maxViews {
			return errs.New(errs.Precondition, "account.view_many", "max", maxViews)
		}
		_, err := tx.Exec(ctx, `INSERT INTO account_view (brand_id, id, user_id, name, query, shared) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (brand_id, user_id, name) DO UPDATE SET query = excluded.query, shared = excluded.shared`,
			actor.BrandID, s.IDs.New(), actor.UserID, v.Name, v.Query, v.Shared)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.Views(ctx, actor)
}

// DropView takes a tab of the actor's away. Error: account.view_unknown.
func (s *Service) DropView(ctx context.Context, actor authz.Actor, view id.ID) error {
	n, err := s.DB.Exec(ctx, "DELETE FROM account_view WHERE brand_id = $1 AND id = $2 AND user_id = $3", actor.BrandID, view, actor.UserID)
	if err == nil && n == 0 {
		return errs.New(errs.NotFound, "account.view_unknown")
	}
	return err
}
