package recall

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Item is one text of a recall.
type Item struct {
	RecallID    id.ID
	ObjectID    id.ID
	Kind        string
	AccountID   id.ID
	Label       Label
	UnitID      id.ID
	Content     string
	Spans       []Span
	URL         string
	FoundAt     clock.Ms
	State       ItemState
	Proof       Proof
	HasPicture  bool
	Note        string
	ProvedAt    clock.Ms
	ProvedBy    string
	DecidedAt   clock.Ms
	DecidedBy   string
	DecidedNote string
}

// Items gives items of a recall within the actor's scope, by object, after one. Errors: recall.gone.
func (s *Service) Items(ctx context.Context, actor authz.Actor, recall id.ID, state ItemState, after id.ID, limit int) ([]Item, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, "")
	if err != nil {
		return nil, err
	}
	if _, err := s.visible(ctx, s.DB, scope, recall); err != nil {
		return nil, err
	}
	rows, err := listItems(ctx, s.DB, scope, itemFilter{Recall: recall, State: state, After: itemPlace{recall, after}, Limit: limit})
	if err != nil {
		return nil, err
	}
	return s.items(ctx, actor.BrandID, rows)
}

// Mine gives the waiting items of the actor's own accounts, in every recall that is not closed.
func (s *Service) Mine(ctx context.Context, actor authz.Actor, limit int) ([]Item, error) {
	if actor.MemberID == 0 {
		return nil, nil
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permProve, "")
	if err != nil {
		return nil, err
	}
	rows, err := listItems(ctx, s.DB, scope, itemFilter{Member: actor.MemberID, State: Waiting, Limit: limit})
	if err != nil {
		return nil, err
	}
	return s.items(ctx, actor.BrandID, rows)
}

// Item gives one item with its recall to whoever may prove it. Errors: recall.item_gone.
func (s *Service) Item(ctx context.Context, actor authz.Actor, recall, object id.ID) (Item, Recall, error) {
	row, parent, err := s.reach(ctx, s.DB, actor, recall, object)
	if err != nil {
		return Item{}, Recall{}, err
	}
	items, err := s.items(ctx, actor.BrandID, []itemRow{row})
	if err != nil {
		return Item{}, Recall{}, err
	}
	all, err := s.recalls(ctx, actor, authz.Scope{BrandID: actor.BrandID}, []recallRow{parent})
	if err != nil {
		return Item{}, Recall{}, err
	}
	return items[0], all[0], nil
}

// reach reads an item that the actor may prove: of the own accounts, or of the units the actor manages.
func (s *Service) reach(ctx context.Context, q db.Querier, actor authz.Actor, recall, object id.ID) (itemRow, recallRow, error) {
	gone := errs.New(errs.NotFound, "recall.item_gone")
	scope, err := s.Scopes.Scope(ctx, q, actor, permProve, "")
	if err != nil {
		return itemRow{}, recallRow{}, err
	}
	f := itemFilter{Recall: recall, Object: object, Limit: 1}
	if !actor.Can(permRead) { // who manages nobody sees what is their own
		if f.Member = actor.MemberID; f.Member == 0 {
			return itemRow{}, recallRow{}, gone
		}
	}
	rows, err := listItems(ctx, q, scope, f)
	if err != nil {
		return itemRow{}, recallRow{}, err
	}
	if len(rows) == 0 {
		return itemRow{}, recallRow{}, gone
	}
	parent, err := getRecall(ctx, q, actor.BrandID, recall)
	return rows[0], parent, err
}

func (s *Service) items(ctx context.Context, brand id.ID, rows []itemRow) ([]Item, error) {
	ids := make([]id.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.AccountID
	}
	labels := map[id.ID]Label{}
	if len(ids) > 0 {
		var err error
		if labels, err = s.Accounts.Labels(ctx, s.DB, brand, ids); err != nil {
			return nil, err
		}
	}
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = Item{
			RecallID: r.RecallID, ObjectID: r.ObjectID, Kind: r.Kind, AccountID: r.AccountID, Label: labels[r.AccountID], UnitID: r.UnitID,
			Content: r.Content, URL: r.URL, FoundAt: r.FoundAt, State: r.State, Proof: r.Proof, HasPicture: r.ProofID != 0, Note: r.Note,
			ProvedAt: r.ProvedAt, ProvedBy: r.ProvedBy, DecidedAt: r.DecidedAt, DecidedBy: r.DecidedBy, DecidedNote: r.DecidedNote,
		}
		if err := json.Unmarshal([]byte(r.Spans), &out[i].Spans); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Given is the proof that somebody gives: a picture of the screen, or what was seen behind the link.
type Given struct {
	Proof   Proof
	Note    string
	Picture []byte
}

// maxPicture bounds a screenshot; the phone makes them smaller than that before sending.
const maxPicture = 5 << 20

func (g *Given) check() (media string, err error) {
	bad := errs.Bad()
	g.Note = strings.TrimSpace(g.Note)
	if utf8.RuneCountInString(g.Note) > maxNote {
		bad.Field("note", "recall.note_long", "max", maxNote)
	}
	switch g.Proof {
	case Screenshot:
		media = picture(g.Picture)
		switch {
		case len(g.Picture) == 0:
			bad.Field("picture", "recall.picture_missing")
		case len(g.Picture) > maxPicture:
			bad.Field("picture", "recall.picture_large", "mb", maxPicture>>20)
		case media == "":
			bad.Field("picture", "recall.picture_kind")
		}
	case Link:
		if g.Note == "" {
			bad.Field("note", "recall.note_missing")
		}
		if len(g.Picture) > 0 {
			bad.Field("picture", "recall.picture_needless")
		}
	case Reimport:
		bad.Field("proof", "recall.proof_kind")
	default:
		bad.Field("proof", "recall.proof_kind")
	}
	return media, bad.OrNil()
}

// Prove records that an item was taken down or edited. The picture is stored before the transaction; a crash between
// leaves a file without a row, which the sweep of the blob store removes. Errors: the fields of the proof,
// recall.item_gone, recall.closed_already, recall.item_state.
func (s *Service) Prove(ctx context.Context, actor authz.Actor, recall, object id.ID, g Given) error {
	media, err := g.check()
	if err != nil {
		return err
	}
	if _, _, err := s.reach(ctx, s.DB, actor, recall, object); err != nil {
		return err
	}
	var kept proofRow
	if g.Proof == Screenshot {
		info, err := s.Blobs.Put(ctx, bytes.NewReader(g.Picture), maxPicture)
		if err != nil {
			return err
		}
		kept = proofRow{s.IDs.New(), recall, object, string(info.Key), media, info.Size, hex.EncodeToString(info.SHA256[:])}
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.prove(ctx, tx, actor, itemPlace{recall, object}, g, kept)
	})
	if err != nil && kept.ID != 0 {
		err = errors.Join(err, s.Blobs.Delete(context.WithoutCancel(ctx), blobKey(kept.Key)))
	}
	return err
}

func (s *Service) prove(ctx context.Context, tx *db.Tx, actor authz.Actor, k itemPlace, g Given, kept proofRow) error {
	parent, err := lockRecall(ctx, tx, actor.BrandID, k.Recall)
	if err != nil {
		return err
	}
	if parent.State == Closed {
		return errs.New(errs.Precondition, "recall.closed_already")
	}
	row, _, err := s.reach(ctx, tx, actor, k.Recall, k.Object)
	if err != nil {
		return err
	}
	if next(row.State, Prove) == "" {
		return errs.New(errs.Precondition, "recall.item_state")
	}
	if kept.ID != 0 {
		if err := insertProof(ctx, tx, actor.BrandID, kept, s.now(), actor.Name); err != nil {
			return err
		}
	}
	if err := proveItem(ctx, tx, actor.BrandID, k, proofChange{g.Proof, kept.ID, g.Note, s.now(), actor.Name}); err != nil {
		return err
	}
	if err := s.Todos.Settle(ctx, tx, actor.BrandID, []string{todoKey(k.Recall, k.Object)}); err != nil {
		return err
	}
	body := map[string]any{"object": k.Object.String(), "proof": string(g.Proof)}
	if kept.ID != 0 {
		body["picture_sha256"] = kept.SHA256
	}
	return s.Evidence.Append(ctx, tx, actor, Step{Kind: "recall.proved", Object: k.Recall, UnitID: parent.UnitID, Body: body, Texts: map[string]string{"note": g.Note}})
}

// Decide moves items by a verb of the compliance officer and tells how many it moved; those already elsewhere stay.
// Errors: recall.verb, recall.decision_note, recall.gone, recall.closed_already, recall.items_none.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, recall id.ID, objects []id.ID, verb Verb, note string) (int, error) {
	note = strings.TrimSpace(note)
	to := outcome(verb)
	bad := errs.Bad()
	if to == "" {
		bad.Field("verb", "recall.verb")
	}
	if verb.needsReason() && note == "" {
		bad.Field("note", "recall.decision_note")
	}
	if utf8.RuneCountInString(note) > maxNote {
		bad.Field("note", "recall.note_long", "max", maxNote)
	}
	if err := bad.OrNil(); err != nil {
		return 0, err
	}
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permWrite, "")
	if err != nil {
		return 0, err
	}
	slices.Sort(objects)
	objects = slices.Compact(objects)
	moved := 0
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := s.writable(ctx, tx, actor, scope, recall)
		if err != nil {
			return err
		}
		changed, err := decideItems(ctx, tx, scope, recall, objects, decision{verb, to, note, s.now(), actor.Name})
		if err != nil {
			return err
		}
		if moved = len(changed); moved == 0 {
			return errs.New(errs.Precondition, "recall.items_none")
		}
		return s.decided(ctx, tx, actor, row, changed, verb, note)
	})
	return moved, err
}

// outcome gives where a verb of the compliance officer leads; "" for any other.
func outcome(v Verb) ItemState {
	switch v {
	case Accept:
		return Done
	case Return, Restore:
		return Waiting
	case Dismiss:
		return Harmless
	case Prove:
	}
	return ""
}

// decided writes what follows from a decision: to-dos, evidence, audit.
func (s *Service) decided(ctx context.Context, tx *db.Tx, actor authz.Actor, row recallRow, objects []id.ID, verb Verb, note string) error {
	slices.Sort(objects)
	names := make([]string, len(objects))
	keys := make([]string, len(objects))
	for i, x := range objects {
		names[i], keys[i] = x.String(), todoKey(row.ID, x)
	}
	if verb == Return || verb == Restore {
		if err := s.askAgain(ctx, tx, actor, row, objects, note); err != nil {
			return err
		}
	} else if err := s.Todos.Settle(ctx, tx, actor.BrandID, keys); err != nil {
		return err
	}
	step := Step{Kind: "recall." + string(verb), Object: row.ID, UnitID: row.UnitID, Body: map[string]any{"n": len(names), "objects": names}, Texts: map[string]string{"note": note}}
	if err := s.Evidence.Append(ctx, tx, actor, step); err != nil {
		return err
	}
	return s.Audit.Write(ctx, tx, actor, audit.Entry{
		Action: "recall." + string(verb), Kind: "recall", Object: row.ID, Name: row.Title, Counts: map[string]int64{"items": int64(len(objects))},
	})
}

// askAgain puts items back on their owners' lists. Each return is a to-do of its own: the first one was done.
func (s *Service) askAgain(ctx context.Context, tx *db.Tx, actor authz.Actor, row recallRow, objects []id.ID, note string) error {
	all := authz.Scope{BrandID: actor.BrandID, All: true}
	todos := make([]Todo, 0, len(objects))
	for _, x := range objects {
		items, err := listItems(ctx, tx, all, itemFilter{Recall: row.ID, Object: x, Limit: 1})
		if err != nil || len(items) == 0 {
			return err
		}
		it := items[0]
		todos = append(todos, Todo{
			Key: todoKey(row.ID, x) + ":" + strconv.FormatInt(int64(s.now()), 10), Object: x, UnitID: it.UnitID, MemberID: it.MemberID,
			DueDay: max(row.Due, s.today(actor)), Slug: "recall.todo_again", Params: map[string]any{"text": clip(it.Content, 30), "note": note},
			Link: itemLink(row.ID, x),
		})
	}
	return s.Todos.Create(ctx, tx, actor.BrandID, todos)
}

// Picture opens the screenshot of an item for whoever may see the item. Errors: recall.item_gone.
func (s *Service) Picture(ctx context.Context, actor authz.Actor, recall, object id.ID) (media string, size int64, r io.ReadCloser, err error) {
	row, _, err := s.reach(ctx, s.DB, actor, recall, object)
	if err != nil {
		return "", 0, nil, err
	}
	if row.ProofID == 0 {
		return "", 0, nil, errs.New(errs.NotFound, "recall.item_gone")
	}
	p, err := getProof(ctx, s.DB, actor.BrandID, row.ProofID)
	if err != nil {
		return "", 0, nil, err
	}
	r, err = s.Blobs.Open(ctx, blobKey(p.Key))
	return p.Media, p.Size, r, err
}
