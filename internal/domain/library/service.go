package library

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/event"
)

// Piece is an item to be made, or what an item is to become.
type Piece struct {
	Kind      Kind
	Unit      string // id or path; of a new item only; "" is the top of the actor's scope
	FolderID  id.ID
	Title     string
	Tags      []string
	ProductID id.ID
	PillarID  id.ID
	PlanDay   clock.Day
	Content   Content
	Note      string // what changed
}

func (p *Piece) check() error {
	bad := errs.Bad()
	p.Title, p.Note, p.Tags = strings.TrimSpace(p.Title), strings.TrimSpace(p.Note), tidy(p.Tags)
	if !p.Kind.Valid() {
		bad.Field("kind", "library.kind")
	}
	if n := utf8.RuneCountInString(p.Title); n < 1 || n > maxTitle {
		bad.Field("title", "library.title", "max", maxTitle)
	}
	if len(p.Tags) > maxTags || slices.ContainsFunc(p.Tags, func(t string) bool { return utf8.RuneCountInString(t) > maxTag }) {
		bad.Field("tags", "library.tags", "max", maxTags, "length", maxTag)
	}
	if utf8.RuneCountInString(p.Note) > maxNote {
		bad.Field("note", "library.note_long", "max", maxNote)
	}
	p.Content.check(p.Kind, bad)
	return bad.OrNil()
}

// Create makes an item of the actor's; it is a draft until it is submitted and approved. Errors: the fields of the piece,
// those of Scope.
func (s *Service) Create(ctx context.Context, actor authz.Actor, p Piece) (Item, error) {
	made, err := s.CreateWith(ctx, actor, p, nil)
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, made)
}

// CreateWith is Create for another room that keeps the item's id: within, which may be nil, is called in the same transaction
// and its error undoes the item. The actor needs library.write. Errors: those of Create, library.write_needed.
func (s *Service) CreateWith(ctx context.Context, actor authz.Actor, p Piece, within func(ctx context.Context, tx *db.Tx, item id.ID) error) (id.ID, error) {
	if !actor.Can(permWrite) {
		return 0, errs.New(errs.Forbidden, "library.write_needed")
	}
	if err := p.check(); err != nil {
		return 0, err
	}
	unit, err := s.unitFor(ctx, actor, p.Unit)
	if err != nil {
		return 0, err
	}
	v, err := s.examine(ctx, actor.BrandID, p.Kind, &p.Content)
	if err != nil {
		return 0, err
	}
	made := s.IDs.New()
	return made, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if within != nil {
			if err := within(ctx, tx, made); err != nil {
				return err
			}
		}
		return s.insert(ctx, tx, actor, made, unit, p, v)
	})
}

// unitFor finds the unit a new item belongs to.
func (s *Service) unitFor(ctx context.Context, actor authz.Actor, unit string) (id.ID, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, unit)
	if err != nil {
		return 0, err
	}
	switch {
	case scope.All:
		return s.Scopes.Root(ctx, s.DB, actor.BrandID)
	case len(scope.Roots) == 1:
		return scope.Roots[0], nil
	}
	return 0, errs.Bad().Field("unit", "library.unit_needed")
}

// insert writes a new item with its first version within a transaction.
func (s *Service) insert(ctx context.Context, tx *db.Tx, actor authz.Actor, made, unit id.ID, p Piece, v Verdict) error {
	now := s.now()
	row := itemRow{
		ID: made, Kind: p.Kind, UnitID: unit, State: Draft, Version: 1, Rev: 1, Verdict: v.Grade, RiskVersion: v.Version,
		OwnerID: actor.UserID, OwnerName: actor.Name, MadeAt: now, UpdatedAt: now,
	}
	if err := s.describe(ctx, tx, actor.BrandID, &row, p); err != nil {
		return err
	}
	if err := insertItems(ctx, tx, actor.BrandID, []itemRow{row}); err != nil {
		return err
	}
	if err := s.addVersion(ctx, tx, actor, &row, p, v); err != nil {
		return err
	}
	if err := reindex(ctx, tx, actor.BrandID, row.ID, nil, wordsOf(p.Title, p.Tags, p.Content.said())); err != nil {
		return err
	}
	return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "library.created", UnitID: unit, Kind: "item", Object: row.ID, Name: row.Title})
}

// describe sets what the row keeps of a piece, after its folder, files and assets were looked up.
func (s *Service) describe(ctx context.Context, q db.Querier, brand id.ID, row *itemRow, p Piece) error {
	if p.FolderID != 0 {
		f, err := getFolder(ctx, q, brand, p.FolderID)
		if err != nil || f.UnitID != row.UnitID {
			return errs.Bad().Field("folder_id", "library.folder_gone")
		}
	}
	row.FolderID, row.Title, row.Tags, row.ProductID, row.PlanDay = p.FolderID, p.Title, encodeTags(p.Tags), p.ProductID, p.PlanDay
	if p.PillarID != 0 && p.PillarID != row.PillarID {
		if err := pillarStands(ctx, q, brand, p.PillarID); err != nil {
			return err
		}
	}
	row.Summary, row.PillarID = p.Content.summary(), p.PillarID
	row.Expires = p.Content.Expires
	if row.Expires == 0 {
		row.Expires = clock.Forever
	}
	cover, err := s.cover(ctx, q, brand, &p.Content)
	row.CoverID = cover
	return err
}

// addVersion writes the newest version of an item with its check, binds its files and notes the assets it shows.
func (s *Service) addVersion(ctx context.Context, tx *db.Tx, actor authz.Actor, row *itemRow, p Piece, v Verdict) error {
	err := insertVersions(ctx, tx, actor.BrandID, []versionRow{{
		ItemID: row.ID, Version: row.Version, Title: p.Title, Content: p.Content.json(), Note: p.Note, MadeBy: actor.UserID, MadeName: actor.Name, MadeAt: s.now(),
	}})
	if err != nil {
		return err
	}
	if err := upsertChecks(ctx, tx, actor.BrandID, []checkRow{checkOf(row.ID, row.Version, v, s.now())}); err != nil {
		return err
	}
	if err := bindFiles(ctx, tx, actor, row.ID, p.Content.Files); err != nil {
		return err
	}
	return setLinks(ctx, tx, actor.BrandID, row.ID, p.Content.Assets)
}

// Save edits an item: a changed title or content makes a new version, which must be approved anew while the live one stays
// in use; folder, tags, product and day alone do not. rev is the one that was read. Errors: library.gone,
// base.changed_meanwhile, the fields of the piece.
func (s *Service) Save(ctx context.Context, actor authz.Actor, item id.ID, rev int, p Piece) (Item, error) {
	row, _, err := s.visible(ctx, s.DB, actor, item)
	if err != nil {
		return Item{}, err
	}
	if err := s.may(ctx, s.DB, actor, permWrite, row.UnitID); err != nil {
		return Item{}, err
	}
	p.Kind = row.Kind
	if err := p.check(); err != nil {
		return Item{}, err
	}
	v, err := s.examine(ctx, actor.BrandID, p.Kind, &p.Content)
	if err != nil {
		return Item{}, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return s.save(ctx, tx, actor, item, change{rev, p, v}) })
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, item)
}

// change is an edit that was looked at.
type change struct {
	rev     int
	piece   Piece
	verdict Verdict
}

func (s *Service) save(ctx context.Context, tx *db.Tx, actor authz.Actor, item id.ID, c change) error {
	row, err := lockItem(ctx, tx, actor.BrandID, item)
	if err != nil {
		return err
	}
	if row.Rev != c.rev {
		return errs.New(errs.Precondition, "base.changed_meanwhile")
	}
	old, err := getVersion(ctx, tx, actor.BrandID, item, row.Version)
	if err != nil {
		return err
	}
	was, err := contentOf(old.Content)
	if err != nil {
		return err
	}
	before := wordsOf(old.Title, row.tags(), was.said())
	changed := old.Title != c.piece.Title || old.Content != c.piece.Content.json()
	keptExpiry, keptCover, keptPillar := row.Expires, row.CoverID, row.PillarID
	if err := s.describe(ctx, tx, actor.BrandID, &row, c.piece); err != nil {
		return err
	}
	row.Rev, row.UpdatedAt = row.Rev+1, s.now()
	if changed {
		row.Version++
		if row.State != Out {
			row.State = Draft
		}
		row.Reason = ""
		if row.Live == 0 {
			row.Verdict, row.RiskVersion = c.verdict.Grade, c.verdict.Version
		} else {
			row.Expires, row.CoverID = keptExpiry, keptCover // what is live keeps its own until the new one is
		}
		if err := s.addVersion(ctx, tx, actor, &row, c.piece, c.verdict); err != nil {
			return err
		}
	}
	if err := updateItem(ctx, tx, actor.BrandID, &row); err != nil {
		return err
	}
	if row.PillarID != keptPillar && row.Uses > 0 {
		if err := s.Jobs.Insert(ctx, tx, pillarUsesJob{BrandID: actor.BrandID, ItemID: item}); err != nil {
			return err
		}
	}
	if err := reindex(ctx, tx, actor.BrandID, item, before, wordsOf(c.piece.Title, c.piece.Tags, c.piece.Content.said())); err != nil {
		return err
	}
	return s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: "library.edited", UnitID: row.UnitID, Kind: "item", Object: item, Name: row.Title,
		Before: map[string]any{"version": old.Version, "title": old.Title}, After: map[string]any{"version": row.Version, "title": row.Title},
	})
}

// Turn moves an item: see the verbs. Errors: library.gone, base.changed_meanwhile, library.turn (not from this state),
// library.note_missing, library.blocked (the rules refuse it), library.review_needed (only somebody with the whole brand may
// approve what the rules send to review), those of Scope.
func (s *Service) Turn(ctx context.Context, actor authz.Actor, item id.ID, rev int, v Verb, note string) (Item, error) {
	note = strings.TrimSpace(note)
	if v.needsNote() && note == "" || utf8.RuneCountInString(note) > maxNote {
		return Item{}, errs.Bad().Field("note", "library.note_missing", "max", maxNote)
	}
	row, _, err := s.visible(ctx, s.DB, actor, item)
	if err != nil {
		return Item{}, err
	}
	if err := s.may(ctx, s.DB, actor, v.permission(), row.UnitID); err != nil {
		return Item{}, err
	}
	old, err := getVersion(ctx, s.DB, actor.BrandID, item, row.Version)
	if err != nil {
		return Item{}, err
	}
	content, err := contentOf(old.Content)
	if err != nil {
		return Item{}, err
	}
	verdict, err := s.examine(ctx, actor.BrandID, row.Kind, &content)
	if err != nil {
		return Item{}, err
	}
	if v == Submit || v == Approve {
		if err := s.mayPass(ctx, actor, v, verdict); err != nil {
			return Item{}, err
		}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.turn(ctx, tx, actor, item, turning{rev, v, note, old.Version, content, verdict})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, item)
}

// mayPass refuses what the rules refuse, and an approval that needs somebody with the whole brand.
func (s *Service) mayPass(ctx context.Context, actor authz.Actor, v Verb, verdict Verdict) error {
	if verdict.Grade == Block {
		words := make([]string, 0, 3)
		for _, f := range verdict.Findings {
			if len(words) < 3 && !slices.Contains(words, f.Text) {
				words = append(words, f.Text)
			}
		}
		return errs.New(errs.Precondition, "library.blocked", "words", strings.Join(words, "、"))
	}
	if v == Approve && verdict.Grade == Review {
		all, err := s.whole(ctx, s.DB, actor, permApprove)
		if err != nil {
			return err
		}
		if !all {
			return errs.New(errs.Forbidden, "library.review_needed")
		}
	}
	return nil
}

// turning is a turn with what was looked at for it.
type turning struct {
	rev     int
	verb    Verb
	note    string
	version int
	content Content
	verdict Verdict
}

func (s *Service) turn(ctx context.Context, tx *db.Tx, actor authz.Actor, item id.ID, t turning) error {
	row, err := lockItem(ctx, tx, actor.BrandID, item)
	if err != nil {
		return err
	}
	to := next(row.State, t.verb)
	switch {
	case row.Rev != t.rev || row.Version != t.version:
		return errs.New(errs.Precondition, "base.changed_meanwhile")
	case to == "":
		return errs.New(errs.Precondition, "library.turn", "state", string(row.State), "verb", string(t.verb))
	}
	from := row.State
	row.State, row.Rev, row.UpdatedAt, row.Reason = to, row.Rev+1, s.now(), t.note
	switch t.verb {
	case Approve:
		row.Live, row.Verdict, row.RiskVersion, row.Accepted = row.Version, t.verdict.Grade, t.verdict.Version, t.verdict.Grade
		row.Expires = t.content.Expires
		if row.Expires == 0 {
			row.Expires = clock.Forever
		}
		if row.CoverID, err = s.cover(ctx, tx, actor.BrandID, &t.content); err != nil {
			return err
		}
	case Restore:
		row.Live, row.Reason = 0, ""
	case Submit, Return, Retire:
	}
	if err := updateItem(ctx, tx, actor.BrandID, &row); err != nil {
		return err
	}
	if err := upsertChecks(ctx, tx, actor.BrandID, []checkRow{checkOf(item, row.Version, t.verdict, s.now())}); err != nil {
		return err
	}
	if err := s.tellTurn(ctx, tx, actor, &row, from, t); err != nil {
		return err
	}
	return s.prove(ctx, tx, actor, &row, t)
}

// tellTurn writes the trail, asks those who decide, tells the author, and publishes what became usable or no longer is.
func (s *Service) tellTurn(ctx context.Context, tx *db.Tx, actor authz.Actor, row *itemRow, from State, t turning) error {
	err := s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: "library." + string(t.verb), UnitID: row.UnitID, Kind: "item", Object: row.ID, Name: row.Title,
		Before: map[string]any{"state": from}, After: map[string]any{"state": row.State, "version": row.Version, "note": t.note},
	})
	if err != nil {
		return err
	}
	key, params, link := fmt.Sprintf("%s/%d", row.ID, row.Rev), map[string]any{"title": row.Title, "note": t.note}, itemLink(row.ID)
	switch t.verb {
	case Submit:
		users, err := s.Outbox.Deciders(ctx, tx, actor.BrandID, row.UnitID)
		if err != nil {
			return err
		}
		var list []Notice
		for _, u := range users {
			if u != actor.UserID {
				list = append(list, Notice{u, NoticeSubmitted, key, params, link})
			}
		}
		return s.Outbox.Tell(ctx, tx, actor.BrandID, list...)
	case Return, Approve:
		if row.OwnerID != 0 && row.OwnerID != actor.UserID {
			kind := NoticeReturned
			if t.verb == Approve {
				kind = NoticeApproved
			}
			if err := s.Outbox.Tell(ctx, tx, actor.BrandID, Notice{row.OwnerID, kind, key, params, link}); err != nil {
				return err
			}
		}
	case Retire, Restore:
	}
	if t.verb == Approve || row.Live > 0 && t.verb == Retire {
		return s.Jobs.Publish(ctx, tx, event.LibraryItemsChanged{BrandID: actor.BrandID, ItemIDs: []id.ID{row.ID}})
	}
	return nil
}

// prove chains what decides over what may be published; the last act of the transaction.
func (s *Service) prove(ctx context.Context, tx *db.Tx, actor authz.Actor, row *itemRow, t turning) error {
	if t.verb != Approve && t.verb != Retire {
		return nil
	}
	return s.Evidence.Append(ctx, tx, actor, Step{
		Kind: "library." + string(t.verb), Object: row.ID, UnitID: row.UnitID,
		Body:  map[string]any{"title": row.Title, "version": row.Version, "verdict": string(t.verdict.Grade), "rules": t.verdict.Version, "note": t.note},
		Texts: map[string]string{"content": t.content.said()},
	})
}

func itemLink(item id.ID) string { return "/content/library/" + item.String() }
