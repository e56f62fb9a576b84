package product

import (
	"context"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Check is a walk over the texts for the changes of one batch.
type Check struct {
	checkRow
	Changes []change
}

// Checks lists the walks of the brand, newest first, before an id.
func (s *Service) Checks(ctx context.Context, actor authz.Actor, before id.ID, limit int) ([]Check, error) {
	rows, err := listChecks(ctx, s.DB, actor.BrandID, before, limit)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := idsOf(rows, func(r checkRow) id.ID { return r.ID })
	list, err := changesOf(ctx, s.DB, actor.BrandID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Check, len(rows))
	for i, r := range rows {
		out[i].checkRow = r
		for _, c := range list {
			if c.CheckID == r.ID {
				out[i].Changes = append(out[i].Changes, c)
			}
		}
	}
	return out, nil
}

// Recheck walks all texts again for the changes of a product within the days watched. Errors: product.gone,
// product.nothing_changed.
func (s *Service) Recheck(ctx context.Context, actor authz.Actor, product id.ID) (id.ID, error) {
	if err := s.wholeBrand(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	p, err := s.Get(ctx, actor, product)
	if err != nil {
		return 0, err
	}
	set, _, err := s.settings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return 0, err
	}
	today := s.today(actor)
	list, err := changesSince(ctx, s.DB, actor.BrandID, today.Add(-set.WatchDays), nil)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(c change) bool { return c.product != product })
	if len(list) == 0 {
		return 0, errs.New(errs.Precondition, "product.nothing_changed", "days", set.WatchDays)
	}
	check := s.IDs.New()
	for i := range list {
		list[i].ID = s.IDs.New()
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertChanges(ctx, tx, actor.BrandID, check, list); err != nil {
			return err
		}
		if err := insertCheck(ctx, tx, actor, checkRow{ID: check, Title: p.Name, Day: today, StartedAt: s.now()}); err != nil {
			return err
		}
		if err := s.Jobs.Insert(ctx, tx, checkJob{actor.BrandID, check}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.checked_again", Kind: "product", Object: product, Name: p.Name})
	})
	return check, err
}

// StaleFilter cuts the list of texts with an old price.
type StaleFilter struct {
	State   StaleState
	Kind    string
	Check   id.ID
	Product id.ID
	Unit    string
	Object  id.ID // where a page goes on
	AfterP  id.ID
	Limit   int
}

// Stale is a text that shows an old price.
type Stale struct {
	staleRow
	Product string
	Label   Label
}

// StaleTexts lists texts with an old price in the actor's units, newest first.
func (s *Service) StaleTexts(ctx context.Context, actor authz.Actor, f StaleFilter) ([]Stale, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permSettle, f.Unit)
	if err != nil {
		return nil, err
	}
	rows, err := listStale(ctx, s.DB, scope, staleFilter{
		State: f.State, Kind: f.Kind, Check: f.Check, Product: f.Product, After: staleKey{f.AfterP, f.Object}, Limit: f.Limit,
	})
	if err != nil {
		return nil, err
	}
	return s.nameStale(ctx, actor.BrandID, rows)
}

func (s *Service) nameStale(ctx context.Context, brand id.ID, rows []staleRow) ([]Stale, error) {
	products, err := namesOf(ctx, s.DB, brand, idsOf(rows, func(r staleRow) id.ID { return r.ProductID }))
	if err != nil {
		return nil, err
	}
	labels, err := s.labels(ctx, s.DB, brand, idsOf(rows, func(r staleRow) id.ID { return r.AccountID }))
	out := make([]Stale, len(rows))
	for i, r := range rows {
		out[i] = Stale{r, products[r.ProductID], labels[r.AccountID]}
	}
	return out, err
}

// StaleUnits counts the texts with an old price of each unit of the actor's scope.
func (s *Service) StaleUnits(ctx context.Context, actor authz.Actor, unit string) ([]UnitCount, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permSettle, unit)
	if err != nil {
		return nil, err
	}
	return countStaleUnits(ctx, s.DB, scope)
}

// Mine gives the open texts with an old price of the actor's own accounts and templates.
func (s *Service) Mine(ctx context.Context, actor authz.Actor) ([]Stale, error) {
	var rows []staleRow
	all := authz.Scope{BrandID: actor.BrandID, All: true}
	if actor.MemberID != 0 {
		own, err := listStale(ctx, s.DB, all, staleFilter{State: Open, Member: actor.MemberID, Limit: 200})
		if err != nil {
			return nil, err
		}
		rows = own
	}
	if actor.UserID != 0 {
		written, err := db.All[staleRow](ctx, s.DB, `SELECT `+staleColumns+` FROM product_stale WHERE brand_id = $1 AND state = 'open' AND kind = 'template' AND user_id = $2
			ORDER BY object_id DESC LIMIT 200`, actor.BrandID, actor.UserID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, written...)
	}
	return s.nameStale(ctx, actor.BrandID, rows)
}

// Verb is what somebody says of a text with an old price.
type Verb string

// The verbs: it was mended, it may stand, look at it again.
const (
	VerbFixed  Verb = "fixed"
	VerbFine   Verb = "fine"
	VerbReopen Verb = "reopen"
)

// Decide settles or reopens texts in the actor's units and tells how many moved. Letting one stand, or asking again,
// needs a reason. Errors: product.verb, product.decision_note.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, keys []staleKey, verb Verb, note string) (int, error) {
	if !slices.Contains([]Verb{VerbFixed, VerbFine, VerbReopen}, verb) {
		return 0, errs.Bad().Field("verb", "product.verb")
	}
	if verb != VerbFixed && note == "" {
		return 0, errs.Bad().Field("note", "product.decision_note")
	}
	scope, err := s.Units.Scope(ctx, s.DB, actor, permSettle, "")
	if err != nil {
		return 0, err
	}
	return s.decide(ctx, actor, decision{scope: scope, keys: keys, verb: verb, note: note})
}

// MarkMine says that the actor mended one of the own posts. A later import that still shows the old price opens it again.
// Errors: product.stale_gone.
func (s *Service) MarkMine(ctx context.Context, actor authz.Actor, product, object id.ID) error {
	if actor.MemberID == 0 {
		return errs.New(errs.NotFound, "product.stale_gone")
	}
	all := authz.Scope{BrandID: actor.BrandID, All: true}
	n, err := s.decide(ctx, actor, decision{scope: all, member: actor.MemberID, keys: []staleKey{{product, object}}, verb: VerbFixed})
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "product.stale_gone")
	}
	return err
}

// decision is what somebody says of texts within a scope, and of one member's only when member is set.
type decision struct {
	scope  authz.Scope
	member id.ID
	keys   []staleKey
	verb   Verb
	note   string
}

func (s *Service) decide(ctx context.Context, actor authz.Actor, d decision) (int, error) {
	verb, moved := d.verb, 0
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockStale(ctx, tx, actor.BrandID); err != nil {
			return err
		}
		have, err := staleOf(ctx, tx, actor.BrandID, idsOf(d.keys, func(k staleKey) id.ID { return k.Object }))
		if err != nil {
			return err
		}
		var closed []string
		var again []staleRow
		for _, r := range have {
			k := staleKey{r.ProductID, r.ObjectID}
			if !slices.Contains(d.keys, k) || (verb == VerbReopen) == (r.State == Open) {
				continue
			}
			v := verdict{To: StaleState(verb), How: byPerson, Note: d.note, At: s.now(), By: actor.Name}
			if verb == VerbReopen {
				v = verdict{To: Open, Note: d.note, At: s.now()}
			}
			done, err := decideStale(ctx, tx, d.scope, k, r.State, d.member, v)
			if err != nil {
				return err
			}
			if !done {
				continue
			}
			moved++
			if verb == VerbReopen {
				again = append(again, r)
			} else {
				closed = append(closed, r.TodoKey)
			}
		}
		if err := s.settle(ctx, tx, actor.BrandID, closed); err != nil {
			return err
		}
		if err := s.askAgain(ctx, tx, actor, again); err != nil || moved == 0 {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "product.stale_" + string(verb), Kind: "product_stale", Counts: map[string]int64{"texts": int64(moved)}})
	})
	return moved, err
}

// askAgain gives reopened texts new to-dos: the first ones were done.
func (s *Service) askAgain(ctx context.Context, tx *db.Tx, actor authz.Actor, rows []staleRow) error {
	for i := range rows {
		rows[i].TodoKey += ":" + s.now().Time().Format("0102150405")
		_, err := tx.Exec(ctx, `UPDATE product_stale SET todo_key = $1 WHERE brand_id = $2 AND product_id = $3 AND object_id = $4`,
			rows[i].TodoKey, actor.BrandID, rows[i].ProductID, rows[i].ObjectID)
		if err != nil {
			return err
		}
	}
	return s.ask(ctx, tx, actor, rows)
}
