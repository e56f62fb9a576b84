package risk

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/risk/pack"
)

// edit runs fn over the draft of the actor's brand and counts it as one edit.
func (s *Service) edit(ctx context.Context, actor authz.Actor, e audit.Entry, fn func(ctx context.Context, tx *db.Tx, d *draftRow) error) error {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := openDraft(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		if err := fn(ctx, tx, &d); err != nil {
			return err
		}
		d.Rev++
		d.UpdatedAt, d.UpdatedBy = s.now(), actor.Name
		if err := putDraft(ctx, tx, actor.BrandID, d); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, e)
	})
}

// SetConfig chooses the industry and the shipped packs that are not in force. Errors: risk.pack_unknown,
// risk.unknown_industry.
func (s *Service) SetConfig(ctx context.Context, actor authz.Actor, c Config) error {
	packs, _, err := s.shippedNow()
	if err != nil {
		return err
	}
	bad := errs.Bad()
	for _, name := range c.Off {
		if !slices.ContainsFunc(packs, func(p Shipped) bool { return p.Name == name }) {
			bad.Field("off", "risk.pack_unknown", "name", name)
		}
	}
	if c.Industry != "" && !slices.Contains(Industries(), c.Industry) {
		bad.Field("industry", "risk.unknown_industry", "value", c.Industry)
	}
	if err := bad.OrNil(); err != nil {
		return err
	}
	return s.edit(ctx, actor, audit.Entry{Action: "risk.packs_chosen", After: c}, func(_ context.Context, _ *db.Tx, d *draftRow) error {
		d.Config = Config{c.Industry, tidyList(c.Off)}
		return nil
	})
}

// Industries lists the industries a brand may be of.
func Industries() []string { return pack.Industries() }

// findRuled gives one rule of an edition. Error: risk.rule_gone.
func (e *Edition) findRuled(code string) (Ruled, error) {
	list := e.list()
	if i := slices.IndexFunc(list, func(r Ruled) bool { return r.Code == code }); i >= 0 {
		return list[i], nil
	}
	return Ruled{}, errs.New(errs.NotFound, "risk.rule_gone", "code", code)
}

// AddRule adds an own rule to the draft and gives its code. Errors: those of the rule's fields, risk.rules_faulty.
func (s *Service) AddRule(ctx context.Context, actor authz.Actor, r Rule) (string, error) {
	if err := s.fit(&r); err != nil {
		return "", err
	}
	var code string
	err := s.edit(ctx, actor, audit.Entry{Action: "risk.rule_added", Name: r.Says(), After: r}, func(ctx context.Context, tx *db.Tx, d *draftRow) error {
		code = ownCode(d.NextCode)
		d.NextCode++
		r.Code, r.Pack = code, OwnPack
		return putEntries(ctx, tx, actor.BrandID, []Entry{{Code: code, Rule: &r, UpdatedAt: s.now(), UpdatedBy: actor.Name}})
	})
	return code, err
}

// fit tidies a rule and refuses one that cannot work.
func (s *Service) fit(r *Rule) error {
	r.tidy()
	bad := errs.Bad()
	r.faults(bad, "")
	if err := bad.OrNil(); err != nil {
		return err
	}
	return tryRule(r)
}

// EditRule changes a rule in the draft: an own one, or a shipped one for this brand. Errors: risk.rule_gone, those of the
// rule's fields.
func (s *Service) EditRule(ctx context.Context, actor authz.Actor, code string, r Rule) error {
	if err := s.fit(&r); err != nil {
		return err
	}
	return s.edit(ctx, actor, audit.Entry{Action: "risk.rule_changed", Name: code, After: r}, func(ctx context.Context, tx *db.Tx, _ *draftRow) error {
		old, err := s.draftRule(ctx, tx, actor.BrandID, code)
		if err != nil {
			return err
		}
		r.Code, r.Pack = code, old.Pack
		x := Entry{Code: code, Rule: &r, Off: old.State == StateOff, Note: old.Note, UpdatedAt: s.now(), UpdatedBy: actor.Name}
		if shipped := old.asShipped(); shipped != nil && len(shipped.differs(&r)) == 0 {
			if x.Rule = nil; !x.Off {
				return dropEntry(ctx, tx, actor.BrandID, code)
			}
		}
		return putEntries(ctx, tx, actor.BrandID, []Entry{x})
	})
}

// asShipped gives a shipped rule as it came; nil for an own one.
func (r *Ruled) asShipped() *Rule {
	switch {
	case r.Pack == OwnPack:
		return nil
	case r.Shipped != nil:
		return r.Shipped
	default:
		return &r.Rule
	}
}

func (s *Service) draftRule(ctx context.Context, q db.Querier, brand id.ID, code string) (Ruled, error) {
	e, err := s.edition(ctx, q, brand, DraftVersion)
	if err != nil {
		return Ruled{}, err
	}
	return e.findRuled(code)
}

// SwitchRule takes a rule out of force, or puts it back. Retiring a noisy rule is this, with the reason as note. Errors:
// risk.rule_gone, risk.too_long.
func (s *Service) SwitchRule(ctx context.Context, actor authz.Actor, code string, off bool, note string) error {
	note = strings.TrimSpace(note)
	if len([]rune(note)) > maxText {
		return errs.Bad().Field("note", "risk.too_long", "max", maxText)
	}
	return s.edit(ctx, actor, audit.Entry{Action: "risk.rule_switched", Name: code, After: map[string]any{"off": off, "note": note}}, func(ctx context.Context, tx *db.Tx, _ *draftRow) error {
		old, err := s.draftRule(ctx, tx, actor.BrandID, code)
		if err != nil {
			return err
		}
		x := Entry{Code: code, Off: off, Note: note, UpdatedAt: s.now(), UpdatedBy: actor.Name}
		if old.Pack == OwnPack || old.Shipped != nil {
			x.Rule = &old.Rule
		} else if !off {
			return dropEntry(ctx, tx, actor.BrandID, code)
		}
		return putEntries(ctx, tx, actor.BrandID, []Entry{x})
	})
}

// RevertRule takes the brand's word on a rule back: a shipped rule is as it came, an own one leaves the draft. Error:
// risk.rule_gone.
func (s *Service) RevertRule(ctx context.Context, actor authz.Actor, code string) error {
	return s.edit(ctx, actor, audit.Entry{Action: "risk.rule_reverted", Name: code}, func(ctx context.Context, tx *db.Tx, _ *draftRow) error {
		if _, err := s.draftRule(ctx, tx, actor.BrandID, code); err != nil {
			return err
		}
		return dropEntry(ctx, tx, actor.BrandID, code)
	})
}

// DiscardDraft makes the draft what the newest version is.
func (s *Service) DiscardDraft(ctx context.Context, actor authz.Actor) error {
	return s.edit(ctx, actor, audit.Entry{Action: "risk.draft_discarded"}, func(ctx context.Context, tx *db.Tx, d *draftRow) error {
		head, err := headVersion(ctx, tx, actor.BrandID)
		if err != nil {
			return err
		}
		e, err := s.edition(ctx, tx, actor.BrandID, head)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM risk_entry WHERE brand_id = $1`, actor.BrandID); err != nil {
			return err
		}
		d.Config = e.Config
		return putEntries(ctx, tx, actor.BrandID, e.Entries)
	})
}

// RuleFilter cuts the list of rules; zero fields do not.
type RuleFilter struct {
	Text, Category, Severity, Pack, State string
}

func (f *RuleFilter) lets(r *Ruled) bool {
	if f.Category != "" && r.Category != f.Category || f.Severity != "" && r.Severity != f.Severity || f.Pack != "" && r.Pack != f.Pack {
		return false
	}
	switch f.State {
	case "":
	case "edited":
		if r.State != StateChanged && r.State != StateOwn && r.State != StateOff {
			return false
		}
	default:
		if r.State != f.State {
			return false
		}
	}
	return f.Text == "" || r.holds(strings.ToLower(f.Text))
}

// holds tells whether a word stands anywhere in a rule.
func (r *Ruled) holds(word string) bool {
	in := func(list ...string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(strings.ToLower(s), word) })
	}
	return in(r.Terms...) || in(r.A...) || in(r.B...) || in(r.Code, r.Reason, r.Article, r.Rewrite, r.Pattern, r.Note, r.Rule.Note)
}

// Rules lists the draft's rules.
func (s *Service) Rules(ctx context.Context, actor authz.Actor, f RuleFilter) ([]Ruled, error) {
	e, err := s.edition(ctx, s.DB, actor.BrandID, DraftVersion)
	if err != nil {
		return nil, err
	}
	list := e.list()
	return slices.DeleteFunc(list, func(r Ruled) bool { return !f.lets(&r) }), nil
}

// GetRule reads one rule of the draft. Error: risk.rule_gone.
func (s *Service) GetRule(ctx context.Context, actor authz.Actor, code string) (Ruled, error) {
	return s.draftRule(ctx, s.DB, actor.BrandID, code)
}
