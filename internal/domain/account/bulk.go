package account

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Bulk does one thing to many accounts: move, tag, untag, status, kind, level.
type Bulk struct {
	IDs    []id.ID
	What   string
	Unit   string // move
	Tag    string // tag, untag
	Status Status // status
	Level  Level  // level
	Kind   Kind   // kind
	Reason string
}

// BulkDone tells what a bulk action did; BatchID takes it back.
type BulkDone struct {
	BatchID id.ID     `json:"batch_id"`
	Changed int       `json:"changed"`
	Kept    []KeptRow `json:"kept"`
	Skipped []id.ID   `json:"skipped" doc:"asked for, but not there or not the caller's to change"`
}

// maxBulk is how many accounts one bulk action takes.
const maxBulk = 1000

// DoBulk changes accounts together and keeps their former values. Accounts outside the scope are not touched; they are
// told by the ids they were asked for with, which says nothing about whether they exist. Errors: account.bulk_size, account.bulk_unknown, those of the single actions.
func (s *Service) DoBulk(ctx context.Context, actor authz.Actor, b Bulk) (BulkDone, error) {
	if len(b.IDs) == 0 || len(b.IDs) > maxBulk {
		return BulkDone{}, errs.New(errs.Invalid, "account.bulk_size", "max", maxBulk)
	}
	done := BulkDone{BatchID: s.IDs.New(), Kept: []KeptRow{}, Skipped: []id.ID{}}
	for part := range slices.Chunk(unique(b.IDs), b.piece()) {
		err := s.bulkPart(ctx, actor, b, part, &done)
		if err == nil {
			continue
		}
		if done.Changed > 0 { // all or nothing, as far as nobody else has changed the accounts since
			if _, uerr := s.UndoBulk(context.WithoutCancel(ctx), actor, done.BatchID); uerr != nil {
				return done, errors.Join(err, uerr)
			}
		}
		return BulkDone{}, err
	}
	return done, nil
}

// piece is how many accounts one transaction of a bulk action takes. A change of kind takes an account's whole past along.
func (b *Bulk) piece() int {
	if b.What == "kind" {
		return kindPiece
	}
	return bulkCustody
}

// kindPiece is how many accounts change their kind in one transaction.
const kindPiece = 25

// bulkPart does a bulk action to some of its accounts, in one transaction.
func (s *Service) bulkPart(ctx context.Context, actor authz.Actor, b Bulk, asked []id.ID, sum *BulkDone) error {
	done := *sum
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		list, err := s.load(ctx, tx, actor, PermEdit, asked)
		if err != nil {
			return err
		}
		done.Skipped = append(done.Skipped, missing(asked, list)...)
		before := done.Changed
		if b.What == "tag" || b.What == "untag" {
			err = s.bulkTag(ctx, tx, b, list, &done)
		} else {
			err = s.bulkEdit(ctx, tx, actor, b, list, &done)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO account_batch (brand_id, id, what, user_id, actor, at_ms, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (brand_id, id) DO UPDATE SET n = excluded.n`, actor.BrandID, done.BatchID, b.What, actor.UserID, actor.Name, s.now(), done.Changed); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.bulk_" + b.What, Counts: map[string]int64{"changed": int64(done.Changed - before)}})
	})
	if err == nil {
		*sum = done
	}
	return err
}

// missing gives the ids that no account of the list has.
func missing(asked []id.ID, list []Account) []id.ID {
	found := make(map[id.ID]bool, len(list))
	for i := range list {
		found[list[i].ID] = true
	}
	out := []id.ID{}
	for _, x := range asked {
		if !found[x] {
			out = append(out, x)
		}
	}
	return out
}

func (s *Service) bulkEdit(ctx context.Context, tx *db.Tx, actor authz.Actor, b Bulk, list []Account, done *BulkDone) error {
	var unit id.ID
	if b.What == "move" {
		var err error
		if unit, err = s.target(ctx, tx, actor, PermEdit, b.Unit); err != nil {
			return err
		}
	}
	var edits []*edit
	for _, a := range list {
		e := begin(a)
		switch b.What {
		case "move":
			e.After.UnitID = unit
		case "level":
			e.After.Level = b.Level
		case "kind":
			e.After.Kind = b.Kind
		case "status":
			if a.Status == b.Status {
				continue
			}
			if !canTurn(a.Status, b.Status) {
				done.Kept = append(done.Kept, KeptRow{AccountID: a.ID, Platform: a.Platform, Handle: a.Handle, Slug: "account.kept_status"})
				continue
			}
			if err := s.turn(actor, e, b.Status, b.Reason); err != nil {
				return err
			}
		default:
			return errs.New(errs.Invalid, "account.bulk_unknown", "value", b.What)
		}
		edits = append(edits, e)
	}
	n, err := s.write(ctx, tx, actor, edits)
	if err != nil {
		return err
	}
	done.Changed += n
	return saveFormer(ctx, tx, actor.BrandID, done.BatchID, edits)
}

// maxTag bounds a tag, in runes.
const maxTag = 20

// bulkTag adds or takes a tag; which accounts it touched is kept as the batch's former values.
func (s *Service) bulkTag(ctx context.Context, tx *db.Tx, b Bulk, list []Account, done *BulkDone) error {
	tag := strings.Join(strings.Fields(b.Tag), " ")
	if tag == "" || len([]rune(tag)) > maxTag {
		return errs.Bad().Field("tag", "account.tag_bad", "max", maxTag)
	}
	if len(list) == 0 {
		return nil
	}
	ids := make([]id.ID, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	had, err := tagsOf(ctx, tx, list[0].BrandID, ids)
	if err != nil {
		return err
	}
	var rows, former [][]any
	for _, a := range list {
		if slices.Contains(had[a.ID], tag) == (b.What == "tag") {
			continue
		}
		rows = append(rows, []any{a.BrandID, a.ID, tag})
		former = append(former, []any{a.BrandID, done.BatchID, a.ID, 0, tag})
	}
	slices.SortFunc(former, func(x, y []any) int { return cmpID(x[2].(id.ID), y[2].(id.ID)) })
	done.Changed += len(rows)
	if err := setTags(ctx, tx, rows, b.What == "tag"); err != nil {
		return err
	}
	_, err = db.Insert(ctx, tx, "account_former", []string{"brand_id", "batch_id", "account_id", "rev", "before"}, former, "")
	return err
}

// setTags adds or removes (brand, account, tag) rows.
func setTags(ctx context.Context, tx *db.Tx, rows [][]any, on bool) error {
	if on {
		slices.SortFunc(rows, func(x, y []any) int { return cmpID(x[1].(id.ID), y[1].(id.ID)) })
		_, err := db.Insert(ctx, tx, "account_tag", []string{"brand_id", "account_id", "tag"}, rows, "ON CONFLICT DO NOTHING")
		return err
	}
	for _, r := range rows {
		if _, err := tx.Exec(ctx, "DELETE FROM account_tag WHERE brand_id = $1 AND account_id = $2 AND tag = $3", r...); err != nil {
			return err
		}
	}
	return nil
}

type batchRow struct {
	What     string   `db:"what"`
	UserID   id.ID    `db:"user_id"`
	UndoneAt clock.Ms `db:"undone_at"`
}

// UndoBulk takes a bulk action of the actor back where nobody changed the accounts since.
// Errors: account.batch_unknown, account.batch_undone.
func (s *Service) UndoBulk(ctx context.Context, actor authz.Actor, batch id.ID) (RosterUndone, error) {
	var out RosterUndone
	for more := true; more; {
		part := out
		err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) (err error) {
			more, err = s.undoPart(ctx, tx, actor, batch, &part)
			return err
		})
		if err != nil {
			return out, err
		}
		out = part
	}
	return out, nil
}

// undoPart takes a part of a bulk action back, or all that is left of it, and tells whether there is more.
func (s *Service) undoPart(ctx context.Context, tx *db.Tx, actor authz.Actor, batch id.ID, out *RosterUndone) (more bool, err error) {
	b, err := db.One[batchRow](ctx, tx, "SELECT what, user_id, undone_at FROM account_batch WHERE brand_id = $1 AND id = $2", actor.BrandID, batch)
	if db.NoRows(err) || err == nil && b.UserID != actor.UserID {
		return false, errs.New(errs.NotFound, "account.batch_unknown")
	}
	if err != nil {
		return false, err
	}
	if b.UndoneAt != 0 {
		return false, errs.New(errs.Conflict, "account.batch_undone")
	}
	if b.What == "tag" || b.What == "untag" {
		err = s.undoTags(ctx, tx, actor, batch, b.What, out)
	} else {
		more, err = s.restorePart(ctx, tx, actor, batch, (&Bulk{What: b.What}).piece(), out)
	}
	if err != nil || more {
		return more, err
	}
	if _, err := tx.Exec(ctx, "UPDATE account_batch SET undone_at = $1 WHERE brand_id = $2 AND id = $3", s.now(), actor.BrandID, batch); err != nil {
		return false, err
	}
	return false, s.audited(ctx, tx, actor, audit.Entry{Action: "account.undo_bulk", Counts: map[string]int64{"restored": int64(out.Restored)}})
}

func (s *Service) undoTags(ctx context.Context, tx *db.Tx, actor authz.Actor, batch id.ID, what string, out *RosterUndone) error {
	former, err := db.All[formerRow](ctx, tx, "SELECT account_id, rev, before FROM account_former WHERE brand_id = $1 AND batch_id = $2", actor.BrandID, batch)
	if err != nil {
		return err
	}
	rows := make([][]any, len(former))
	for i, f := range former {
		rows[i] = []any{actor.BrandID, f.AccountID, f.Before}
	}
	out.Restored = len(rows)
	return setTags(ctx, tx, rows, what == "untag")
}

// Tags lists the tags in use within the actor's scope with how many accounts carry each, most used first.
func (s *Service) Tags(ctx context.Context, actor authz.Actor) ([]TagCount, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, "")
	if err != nil {
		return nil, err
	}
	var a db.Args
	text := "SELECT t.tag AS tag, COUNT(*) AS n FROM account_tag t JOIN account_account a ON a.brand_id = t.brand_id AND a.id = t.account_id WHERE t.brand_id = " +
		a.Add(actor.BrandID) + " AND " + scope.Where("a.unit_id", &a) + " GROUP BY t.tag ORDER BY n DESC, t.tag LIMIT 200"
	return db.All[TagCount](ctx, s.DB, text, a.Values...)
}

// TagCount is a tag with the number of its accounts.
type TagCount struct {
	Tag string `db:"tag" json:"tag"`
	N   int64  `db:"n" json:"n"`
}
