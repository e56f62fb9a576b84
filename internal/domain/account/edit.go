package account

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

// Draft is an account as a person enters it.
type Draft struct {
	Platform   Platform
	Handle     string
	ExternalID string
	Name       string
	Kind       Kind
	Unit       string // id or path
	MemberID   id.ID
	Ownership  Ownership
	Verified   bool
	POI        string
	Level      Level
}

// maxText bounds free texts, in runes.
const maxText = 500

// Create registers an account. Errors: account.handle_missing, account.handle_taken, account.external_taken,
// account.member_unknown and those of the unit parameter.
func (s *Service) Create(ctx context.Context, actor authz.Actor, d Draft) (Item, error) {
	shown, norm, err := ParseHandle(d.Handle)
	if err != nil {
		return Item{}, err
	}
	a := Account{
		BrandID: actor.BrandID, ID: s.IDs.New(), Platform: d.Platform, ExternalID: strings.TrimSpace(d.ExternalID),
		Name: strings.TrimSpace(d.Name), Kind: d.Kind, Ownership: d.Ownership, Verified: d.Verified, POI: strings.TrimSpace(d.POI),
		Level: d.Level, Status: StatusOK, StatusSince: s.today(actor), CreatedDay: s.today(actor), Rev: 1, CreatedAt: s.now(),
		Followers: unknownFollowers,
	}
	a.rename(shown, norm)
	err = s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		if a.UnitID, err = s.target(ctx, tx, actor, PermEdit, d.Unit); err != nil {
			return err
		}
		if err := s.setMember(ctx, tx, &a, d.MemberID); err != nil {
			return err
		}
		if _, err := s.write(ctx, tx, actor, []*edit{{After: a}}); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.create", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, a.ID)
}

// target turns a unit parameter into the one unit an account shall belong to. Error: account.unit_needed.
func (s *Service) target(ctx context.Context, q db.Querier, actor authz.Actor, permission, unit string) (id.ID, error) {
	if unit == "" {
		return 0, errs.Bad().Field("unit", "account.unit_needed")
	}
	u, err := s.Units.Find(ctx, q, actor, permission, unit)
	if err != nil {
		return 0, err
	}
	if !u.Open {
		return 0, errs.New(errs.Precondition, "account.unit_closed", "unit", u.Name)
	}
	return u.ID, nil
}

// setMember makes a member answer for the account; 0 makes nobody. Error: account.member_unknown.
func (s *Service) setMember(ctx context.Context, q db.Querier, a *Account, member id.ID) error {
	if member == 0 {
		a.MemberID, a.MemberName = 0, ""
		return nil
	}
	ms, err := s.People.MembersByID(ctx, q, a.BrandID, []id.ID{member})
	if err != nil {
		return err
	}
	return takeMember(a, member, ms)
}

func takeMember(a *Account, member id.ID, people map[id.ID]Member) error {
	m, ok := people[member]
	if !ok || !m.Active {
		return errs.Bad().Field("member_id", "account.member_unknown")
	}
	a.MemberID, a.MemberName = m.ID, m.Name
	return nil
}

// Patch changes fields of an account; nil leaves a field as it is.
type Patch struct {
	Handle     *string
	ExternalID *string
	Name       *string
	Kind       *Kind
	Unit       *string
	Ownership  *Ownership
	Verified   *bool
	POI        *string
	Level      *Level
	Reason     string
}

// Update edits an account as seen at revision rev (0: whatever it is). Errors: account.not_found,
// account.changed_meanwhile, account.handle_taken, account.external_taken.
func (s *Service) Update(ctx context.Context, actor authz.Actor, account id.ID, rev int, p Patch) (Item, error) {
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		old, err := s.one(ctx, tx, actor, PermEdit, account)
		if err != nil {
			return err
		}
		if rev != 0 && old.Rev != rev {
			return errs.New(errs.Precondition, "account.changed_meanwhile")
		}
		e := begin(old)
		if err := s.patch(ctx, tx, actor, &e.After, p); err != nil {
			return err
		}
		n, err := s.write(ctx, tx, actor, []*edit{e})
		if err != nil || n == 0 {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{
			Action: "account.update", UnitID: old.UnitID, Kind: "account", Object: old.ID,
			Name: old.Handle, Before: trail(&old), After: trail(&e.After),
		})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, account)
}

func (s *Service) patch(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Account, p Patch) error {
	if p.Handle != nil {
		shown, norm, err := ParseHandle(*p.Handle)
		if err != nil {
			return err
		}
		a.rename(shown, norm)
	}
	if p.Name != nil {
		if a.Name = strings.TrimSpace(*p.Name); a.Name == "" {
			a.Name = a.Handle
		}
	}
	if p.ExternalID != nil {
		a.ExternalID = strings.TrimSpace(*p.ExternalID)
	}
	if p.Kind != nil {
		a.Kind = *p.Kind
	}
	if p.Ownership != nil {
		a.Ownership = *p.Ownership
	}
	if p.Verified != nil {
		a.Verified = *p.Verified
	}
	if p.POI != nil {
		a.POI = strings.TrimSpace(*p.POI)
	}
	if p.Level != nil {
		a.Level = *p.Level
	}
	if p.Unit == nil {
		return nil
	}
	unit, err := s.target(ctx, tx, actor, PermEdit, *p.Unit)
	a.UnitID = unit
	return err
}

// trail is what the audit trail shows of an account.
func trail(a *Account) map[string]any {
	return map[string]any{
		"handle": a.Handle, "external_id": a.ExternalID, "name": a.Name, "kind": a.Kind, "unit_id": a.UnitID,
		"member_id": a.MemberID, "ownership": a.Ownership, "verified": a.Verified, "poi": a.POI, "status": a.Status, "level": a.Level,
	}
}

// canTurn is the table of moves between states. Ended accounts come back only by StatusOK.
func canTurn(from, to Status) bool {
	switch {
	case from == to:
		return false
	case from.Ended():
		return to == StatusOK
	}
	return true
}

// SetStatus turns an account to another state with a cause. Errors: account.not_found, account.cause_needed,
// account.cannot_turn.
func (s *Service) SetStatus(ctx context.Context, actor authz.Actor, account id.ID, to Status, cause string) (Item, error) {
	return s.SetStatusSince(ctx, actor, account, to, cause, s.today(actor))
}

// SetStatusSince is SetStatus for what is learned late: the account is so since a day that has passed; a day to come
// counts as today. Errors as SetStatus.
func (s *Service) SetStatusSince(ctx context.Context, actor authz.Actor, account id.ID, to Status, cause string, since clock.Day) (Item, error) {
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.one(ctx, tx, actor, PermEdit, account)
		if err != nil {
			return err
		}
		e := begin(a)
		if err := s.turn(actor, e, to, cause); err != nil {
			return err
		}
		e.After.StatusSince = min(since, e.After.StatusSince)
		if _, err := s.write(ctx, tx, actor, []*edit{e}); err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{
			Action: "account.status", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle,
			Before: map[string]any{"status": a.Status}, After: map[string]any{"status": to, "cause": cause},
		})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, account)
}

func (s *Service) turn(actor authz.Actor, e *edit, to Status, cause string) error {
	cause = strings.TrimSpace(cause)
	switch {
	case to != StatusOK && cause == "":
		return errs.Bad().Field("cause", "account.cause_needed")
	case len([]rune(cause)) > maxText:
		return errs.Bad().Field("cause", "account.text_long", "max", maxText)
	case !canTurn(e.Before.Status, to):
		return errs.New(errs.Precondition, "account.cannot_turn", "handle", e.Before.Handle)
	}
	e.After.Status, e.After.StatusCause, e.After.StatusSince = to, cause, s.today(actor)
	if to.Ended() {
		e.After.HandoverDue = 0
	}
	e.note(custodyRow{What: "status", From: string(e.Before.Status), To: string(to), Reason: cause})
	return nil
}

// Pair says which private account receives the people a public one wins; private 0 takes the pair apart.
// Errors: account.not_found, account.pair_sides.
func (s *Service) Pair(ctx context.Context, actor authz.Actor, public, private id.ID) (Item, error) {
	err := s.change(ctx, actor, func(ctx context.Context, tx *db.Tx) error {
		a, err := s.one(ctx, tx, actor, PermEdit, public)
		if err != nil {
			return err
		}
		e := begin(a)
		name := ""
		if private != 0 {
			p, err := s.one(ctx, tx, actor, PermRead, private)
			if err != nil {
				return err
			}
			if a.Side() != PublicSide || p.Side() != PrivateSide || p.Status.Ended() {
				return errs.New(errs.Invalid, "account.pair_sides", "public", a.Handle, "private", p.Handle)
			}
			name = p.Name
		}
		if a.PairedID == private {
			return nil
		}
		e.After.PairedID = private
		_, err = s.write(ctx, tx, actor, []*edit{e.note(custodyRow{What: "paired", To: name})})
		if err != nil {
			return err
		}
		return s.audited(ctx, tx, actor, audit.Entry{Action: "account.pair", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle})
	})
	if err != nil {
		return Item{}, err
	}
	return s.Get(ctx, actor, public)
}

// PublicSidesOf lists the public accounts that a private one receives for. Errors: account.not_found.
func (s *Service) PublicSidesOf(ctx context.Context, actor authz.Actor, private id.ID) ([]Account, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, PermRead, "")
	if err != nil {
		return nil, err
	}
	if own, err := accountsIn(ctx, s.DB, scope, []id.ID{private}); err != nil || len(own) == 0 {
		if err == nil {
			err = errs.New(errs.NotFound, "account.not_found")
		}
		return nil, err
	}
	var a db.Args
	return db.All[Account](ctx, s.DB, "SELECT "+selectCols+" FROM account_account a WHERE a.brand_id = "+a.Add(actor.BrandID)+" AND a.paired_id = "+
		a.Add(private)+" AND "+scope.Where("a.unit_id", &a)+" ORDER BY a.name_key, a.id LIMIT 200", a.Values...)
}
