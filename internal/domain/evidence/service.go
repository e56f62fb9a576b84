package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/seal"
	"kosmos/internal/domain/identity"
)

// Scopes cuts what an actor may see; org provides it.
type Scopes interface {
	// Scope gives the actor's scope for the permission, cut to unit ("" = all of it; else id or path).
	Scope(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (authz.Scope, error)
}

// Brands knows the brands; identity provides it.
type Brands interface {
	// SystemActors gives one system actor per brand, with the brand's zone.
	SystemActors(ctx context.Context) ([]authz.Actor, error)
	// Brands lists the brands of the store.
	Brands(ctx context.Context) ([]identity.Brand, error)
}

// Deps are what the room needs of the house.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Box    *seal.Box
	Audit  *audit.Log
	Scopes Scopes
	Brands Brands
	// Anchored is told of each new anchor, for the log; nil: nobody.
	Anchored func(ctx context.Context, brand id.ID, a Anchor)
	// Marked is told of the head every few minutes in which it moved, for the log; nil: nobody.
	Marked func(ctx context.Context, brand id.ID, m Mark)
	// TurnedBack is told of a chain whose head lies behind a mark, or is another at its place; nil: nobody.
	TurnedBack func(ctx context.Context, brand id.ID, m Mark, head Head)
}

// Service keeps the chains.
type Service struct{ Deps }

// New makes a Service.
func New(d Deps) *Service {
	if d.Anchored == nil {
		d.Anchored = func(context.Context, id.ID, Anchor) {}
	}
	if d.Marked == nil {
		d.Marked = func(context.Context, id.ID, Mark) {}
	}
	if d.TurnedBack == nil {
		d.TurnedBack = func(context.Context, id.ID, Mark, Head) {}
	}
	return &Service{d}
}

const (
	permRead   = "evidence.read"
	permExport = "evidence.export"
	permErase  = "evidence.erase"
)

// Append chains steps of one brand within the caller's transaction. Call it as the last act of the transaction: the
// brand's head is locked until it ends, so steps of one brand stand in the order of their commits, without gaps.
func (s *Service) Append(ctx context.Context, tx *db.Tx, steps ...Step) error {
	if len(steps) == 0 {
		return nil
	}
	brand := steps[0].BrandID
	ready := make([]made, len(steps))
	for i, step := range steps {
		if step.BrandID != brand {
			return errors.New("evidence: steps of two brands in one call")
		}
		var err error
		if ready[i], err = prepare(step); err != nil {
			return err
		}
	}
	head, err := lockHead(ctx, tx, brand, len(ready))
	if err != nil {
		return fmt.Errorf("evidence: head: %w", err)
	}
	at := max(clock.MsOf(s.Clock.Now()), head.At)
	seq, prev := head.Seq-int64(len(ready)), head.Hash
	rows, texts := make([][]any, 0, len(ready)), [][]any(nil)
	for i := range ready {
		m := &ready[i]
		seq++
		row, hash, err := m.place(seq, at, prev)
		if err != nil {
			return err
		}
		rows = append(rows, []any{brand, seq, int64(at), m.step.Kind, m.step.Object, m.step.ObjectID, m.step.UnitID, string(row), prev, hash})
		for _, name := range slices.Sorted(maps.Keys(m.texts)) {
			sealed, err := s.sealed(brand, name, m.row.Texts[name], m.texts[name])
			if err != nil {
				return err
			}
			texts = append(texts, []any{brand, seq, name, sealed})
		}
		prev = hash
	}
	if err := insertSteps(ctx, tx, rows, texts); err != nil {
		return err
	}
	return moveHead(ctx, tx, brand, prev, at)
}

// sealed encrypts a text for its place: its name and salted hash, which no other text shares.
func (s *Service) sealed(brand id.ID, name, hash string, t Text) ([]byte, error) {
	raw, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	return s.Box.Seal(textAAD(brand, name, hash), raw)
}

func textAAD(brand id.ID, name, hash string) string {
	return brand.String() + "|evidence_text|" + name + "|" + hash
}

// withTexts opens the texts that stand apart from entries. A text that cannot be opened is left out, like an erased
// one: verification names it.
func (s *Service) withTexts(ctx context.Context, q db.Querier, brand id.ID, entries []Entry) error {
	const part = 500
	at := make(map[int64]*Entry, len(entries))
	for i := range entries {
		at[entries[i].Seq] = &entries[i]
	}
	for seqs := range slices.Chunk(slices.Sorted(maps.Keys(at)), part) {
		rows, err := selectTexts(ctx, q, brand, seqs)
		if err != nil {
			return err
		}
		for _, r := range rows {
			e := at[r.Seq]
			var row Row
			if json.Unmarshal([]byte(e.Row), &row) != nil {
				continue
			}
			raw, err := s.Box.Open(textAAD(brand, r.Name, row.Texts[r.Name]), r.Sealed)
			var t Text
			if err != nil || json.Unmarshal(raw, &t) != nil {
				continue
			}
			if e.Texts == nil {
				e.Texts = map[string]Text{}
			}
			e.Texts[r.Name] = t
		}
	}
	return nil
}

// List reads steps of the caller's units, newest first, with the texts that were not erased.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) ([]Entry, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permRead, f.Unit)
	if err != nil {
		return nil, err
	}
	scope.BrandID = actor.BrandID
	list, err := selectSteps(ctx, s.DB, scope, f, span(actor, f.From, f.To))
	if err != nil {
		return nil, err
	}
	return list, s.withTexts(ctx, s.DB, actor.BrandID, list)
}

// span gives the moments of two days, the second included; zero days are open.
func span(actor authz.Actor, from, to clock.Day) (out [2]clock.Ms) {
	zone := actor.Zone
	if zone == nil {
		zone = clock.Shanghai()
	}
	if from != 0 {
		out[0] = clock.MsOf(from.In(zone))
	}
	if to != 0 {
		out[1] = clock.MsOf(to.Add(1).In(zone))
	}
	return out
}

// Head tells how long the caller's chain is and where it stands.
func (s *Service) Head(ctx context.Context, actor authz.Actor) (Head, error) {
	return selectHead(ctx, s.DB, actor.BrandID)
}

// Anchors lists the newest anchors.
func (s *Service) Anchors(ctx context.Context, actor authz.Actor, limit int) ([]Anchor, error) {
	return selectAnchors(ctx, s.DB, actor.BrandID, 0, clock.Forever, limit)
}

// Erase deletes the personal texts of an object's steps; the steps and their hashes stay. That it was done is a step
// itself. Errors: "evidence.nothing_to_erase", "evidence.reason_missing".
func (s *Service) Erase(ctx context.Context, actor authz.Actor, object string, objectID id.ID, reason string) (int64, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permErase, "")
	if err != nil {
		return 0, err
	}
	if !scope.All {
		return 0, errs.New(errs.Forbidden, "evidence.whole_brand")
	}
	if reason == "" {
		return 0, errs.Bad().Field("reason", "evidence.reason_missing")
	}
	var erased int64
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if erased, err = eraseTexts(ctx, tx, actor.BrandID, object, objectID); err != nil {
			return err
		}
		if erased == 0 {
			return errs.New(errs.NotFound, "evidence.nothing_to_erase")
		}
		if err := s.Audit.Write(ctx, tx, actor, audit.Entry{Action: permErase, Kind: object, Object: objectID, Counts: map[string]int64{"texts": erased}}); err != nil {
			return err
		}
		return s.Append(ctx, tx, Step{
			BrandID: actor.BrandID, Kind: "evidence.erased", Object: object, ObjectID: objectID, Actor: actor,
			Body: map[string]any{"texts": erased}, Texts: map[string]string{"reason": reason},
		})
	})
	return erased, err
}

// brand finds a brand of the store.
func (s *Service) brand(ctx context.Context, brand id.ID) (identity.Brand, error) {
	list, err := s.Brands.Brands(ctx)
	if err != nil {
		return identity.Brand{}, err
	}
	for _, b := range list {
		if b.ID == brand {
			return b, nil
		}
	}
	return identity.Brand{}, errs.New(errs.NotFound, "evidence.brand_unknown")
}
