package post

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Undo takes imports back: their snapshots are marked dead, posts left without any are gone, and the day figures go
// back to what the remaining snapshots say. Undoing twice does nothing. The deltas are for insight.Add.
func (s *Service) Undo(ctx context.Context, tx *db.Tx, brand id.ID, imports []id.ID, zone *time.Location) ([]Delta, error) {
	accounts, err := importedAccounts(ctx, tx, brand, imports)
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	if _, err := s.newest.Lock(ctx, tx, brand, accounts); err != nil { // and forgets what it knew of them
		return nil, err
	}
	led := newLedger(brand)
	undone, err := undoPosts(ctx, tx, brand, undoSet{accounts, imports}, zone, led)
	if err != nil {
		return nil, err
	}
	if err := s.tell(ctx, tx, brand, undone); err != nil {
		return nil, err
	}
	if err := undoAccounts(ctx, tx, brand, undoSet{accounts, imports}, zone, led); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM post_import WHERE brand_id = $1 AND import_id IN `+"("+idText(imports)+")", brand)
	return led.list(), err
}

// undoSet is what an undo covers.
type undoSet struct{ accounts, imports []id.ID }

func importedAccounts(ctx context.Context, q db.Querier, brand id.ID, imports []id.ID) ([]id.ID, error) {
	var a db.Args
	lists, err := db.All[string](ctx, q, "SELECT accounts FROM post_import WHERE brand_id = "+a.Add(brand)+" AND import_id IN "+db.IDList(q, &a, imports), a.Values...)
	if err != nil {
		return nil, err
	}
	set := map[id.ID]bool{}
	for _, l := range lists {
		var ids []id.ID
		if err := json.Unmarshal([]byte(l), &ids); err != nil {
			return nil, err
		}
		for _, x := range ids {
			set[x] = true
		}
	}
	return slices.Sorted(maps.Keys(set)), nil
}

func undoPosts(ctx context.Context, tx *db.Tx, brand id.ID, set undoSet, zone *time.Location, led *ledger) ([]*record, error) {
	touched, err := undoneRecords(ctx, tx, brand, set)
	if err != nil || len(touched) == 0 {
		return nil, err
	}
	records := slices.Collect(maps.Values(touched))
	if err := loadSnaps(ctx, tx, brand, records); err != nil {
		return nil, err
	}
	if err := kill(ctx, tx, "post_snapshot", brand, set); err != nil {
		return nil, err
	}
	after := make([]*record, len(records))
	for i, r := range records {
		after[i] = &record{Post: r.Post}
	}
	if err := loadSnaps(ctx, tx, brand, after); err != nil {
		return nil, err
	}
	for i, r := range records {
		r.after = after[i].before
		r.Fell = Falls(r.after)
		r.Counters, r.AsOf = Latest(r.after)
		if len(r.after) == 0 {
			r.Status = Gone
		}
		led.add(r.AccountID, BasisPosts, Days(r.Kind, r.PublishedDay, r.before, zone), -1)
		led.add(r.AccountID, BasisPosts, Days(r.Kind, r.PublishedDay, r.after, zone), +1)
	}
	return records, writePosts(ctx, tx, brand, records)
}

// undoneRecords reads the posts that the imports said something about.
func undoneRecords(ctx context.Context, tx *db.Tx, brand id.ID, set undoSet) (map[id.ID]*record, error) {
	var a db.Args
	where := "p.brand_id = " + a.Add(brand) + " AND p.account_id IN " + db.IDList(tx, &a, set.accounts) +
		" AND EXISTS (SELECT 1 FROM post_snapshot s WHERE s.brand_id = p.brand_id AND s.account_id = p.account_id AND s.post_id = p.id AND s.dead = " + a.Add(false) +
		" AND s.import_id IN " + db.IDList(tx, &a, set.imports) + ")"
	out := map[id.ID]*record{}
	err := eachRecord(ctx, tx, where, &a, func(r *record) error {
		out[r.ID] = r
		return nil
	})
	return out, err
}

func undoAccounts(ctx context.Context, tx *db.Tx, brand id.ID, set undoSet, zone *time.Location, led *ledger) error {
	read := func(sign int64) error {
		by := map[id.ID][]Snap{}
		if err := loadAccountSnaps(ctx, tx, brand, set.accounts, 0, func(account id.ID, s told) {
			if !s.dead {
				by[account] = append(by[account], s.Snap)
			}
		}); err != nil {
			return err
		}
		for _, account := range slices.Sorted(maps.Keys(by)) {
			led.add(account, BasisAccount, AccountDays(by[account], zone), sign)
		}
		return nil
	}
	if err := read(-1); err != nil {
		return err
	}
	if err := kill(ctx, tx, "post_account_snapshot", brand, set); err != nil {
		return err
	}
	return read(+1)
}

// kill marks the imports' snapshots dead.
func kill(ctx context.Context, tx *db.Tx, table string, brand id.ID, set undoSet) error {
	var a db.Args
	_, err := tx.Exec(ctx, "UPDATE "+table+" SET dead = "+a.Add(true)+" WHERE brand_id = "+a.Add(brand)+" AND account_id IN "+db.IDList(tx, &a, set.accounts)+
		" AND import_id IN "+db.IDList(tx, &a, set.imports), a.Values...)
	return err
}

func idText(ids []id.ID) string {
	out := make([]byte, 0, len(ids)*20)
	for i, x := range ids {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, x.String()...)
	}
	return string(out)
}
