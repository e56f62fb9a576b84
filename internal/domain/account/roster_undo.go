package account

import (
	"context"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// KeptRow is an account that an undo left as it is, and why.
type KeptRow struct {
	AccountID id.ID    `json:"account_id"`
	Platform  Platform `json:"platform"`
	Handle    string   `json:"handle"`
	Slug      string   `json:"-"` // account.kept_changed, account.kept_used, account.kept_status
	Message   string   `json:"message"`
}

// RosterUndone tells what an undo did.
type RosterUndone struct {
	Removed  int
	Restored int
	Kept     []KeptRow
	Next     id.ID // call again with it; 0 when done
}

// RosterUndo takes an import back, up to RosterBatch accounts a call: accounts it changed get their former values,
// accounts it made are removed. An account that was changed since, or has posts, is kept and named. Call it with
// after = 0, then with Next until that is 0. Undoing twice changes nothing. It also cleans up after an import that
// was killed.
func (s *Service) RosterUndo(ctx context.Context, tx *db.Tx, actor authz.Actor, importID, after id.ID) (RosterUndone, error) {
	var out RosterUndone
	if err := gate(ctx, tx, actor.BrandID); err != nil {
		return out, err
	}
	if after == 0 {
		if err := s.restore(ctx, tx, actor, importID, &out); err != nil {
			return out, err
		}
	}
	made, err := db.All[Account](ctx, tx, "SELECT "+selectCols+` FROM account_account a WHERE a.brand_id = $1 AND a.import_id = $2 AND a.id > $3
		ORDER BY a.id LIMIT $4`, actor.BrandID, importID, int64(after), RosterBatch)
	if err != nil {
		return out, err
	}
	if err := s.unmake(ctx, tx, actor, made, &out); err != nil {
		return out, err
	}
	if len(made) == RosterBatch {
		out.Next = made[len(made)-1].ID
		return out, nil
	}
	if s.Undoer != nil {
		return out, s.Undoer.UndoImport(ctx, tx, actor, importID)
	}
	return out, nil
}

// unmake removes accounts that nobody touched since they were made.
func (s *Service) unmake(ctx context.Context, tx *db.Tx, actor authz.Actor, made []Account, out *RosterUndone) error {
	used := map[id.ID]bool{}
	if s.Used != nil && len(made) > 0 {
		ids := make([]id.ID, len(made))
		for i, a := range made {
			ids[i] = a.ID
		}
		var err error
		if used, err = s.Used.AccountsUsed(ctx, tx, actor.BrandID, ids); err != nil {
			return err
		}
	}
	var edits []*edit
	for _, a := range made {
		switch {
		case used[a.ID]:
			out.Kept = append(out.Kept, KeptRow{AccountID: a.ID, Platform: a.Platform, Handle: a.Handle, Slug: "account.kept_used"})
		case a.Rev != 1:
			out.Kept = append(out.Kept, KeptRow{AccountID: a.ID, Platform: a.Platform, Handle: a.Handle, Slug: "account.kept_changed"})
		default:
			e := begin(a)
			e.Removed = true
			edits = append(edits, e)
		}
	}
	out.Removed = len(edits)
	_, err := s.write(ctx, tx, actor, edits)
	return err
}

type formerRow struct {
	AccountID id.ID  `db:"account_id"`
	Rev       int    `db:"rev"`
	Before    string `db:"before"`
}

// restore gives the accounts of a batch their former values where nobody changed them since, and forgets the values.
func (s *Service) restore(ctx context.Context, tx *db.Tx, actor authz.Actor, batch id.ID, out *RosterUndone) error {
	for {
		if more, err := s.restorePart(ctx, tx, actor, batch, RosterBatch, out); err != nil || !more {
			return err
		}
	}
}

// restorePart is restore for some of the accounts; it tells whether there may be more.
func (s *Service) restorePart(ctx context.Context, tx *db.Tx, actor authz.Actor, batch id.ID, limit int, out *RosterUndone) (more bool, err error) {
	rows, err := db.All[formerRow](ctx, tx, `SELECT account_id, rev, before FROM account_former WHERE brand_id = $1 AND batch_id = $2
		ORDER BY account_id LIMIT $3`, actor.BrandID, batch, limit)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	return true, s.restoreRows(ctx, tx, actor, batch, rows, out)
}

func (s *Service) restoreRows(ctx context.Context, tx *db.Tx, actor authz.Actor, batch id.ID, rows []formerRow, out *RosterUndone) error {
	ids := make([]id.ID, len(rows))
	former := make(map[id.ID]formerRow, len(rows))
	for i, r := range rows {
		ids[i], former[r.AccountID] = r.AccountID, r
	}
	list, err := byIDs(ctx, tx, actor.BrandID, ids)
	if err != nil {
		return err
	}
	var edits []*edit
	for _, a := range list {
		if a.Rev != former[a.ID].Rev {
			out.Kept = append(out.Kept, KeptRow{AccountID: a.ID, Platform: a.Platform, Handle: a.Handle, Slug: "account.kept_changed"})
			continue
		}
		old, err := parseFormer(former[a.ID].Before)
		if err != nil {
			return err
		}
		old.Followers, old.FollowersAsOf, old.LastPostDay, old.Rev, old.PairedID = a.Followers, a.FollowersAsOf, a.LastPostDay, a.Rev, a.PairedID
		e := begin(a)
		e.After = old
		edits = append(edits, e.note(custodyRow{What: "undone"}))
	}
	n, err := s.write(ctx, tx, actor, edits)
	if err != nil {
		return err
	}
	out.Restored += n
	for part := range slices.Chunk(ids, idsPerStatement) {
		var a db.Args
		if _, err := tx.Exec(ctx, "DELETE FROM account_former WHERE brand_id = "+a.Add(actor.BrandID)+" AND batch_id = "+a.Add(batch)+
			" AND account_id IN "+db.IDList(tx, &a, part), a.Values...); err != nil {
			return err
		}
	}
	return nil
}
