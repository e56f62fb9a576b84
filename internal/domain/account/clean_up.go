package account

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// CleanUp carries a decision of a clean-up round out within the caller's transaction: "hide" makes the account private,
// "merge" and "cancel" close it; the reason becomes the cause. An account that already is so stays as it is.
// Errors: account.not_found, account.cannot_turn.
func (s *Service) CleanUp(ctx context.Context, tx *db.Tx, actor authz.Actor, account id.ID, decision, reason string) error {
	if err := gate(ctx, tx, actor.BrandID); err != nil {
		return err
	}
	a, err := s.one(ctx, tx, actor, PermEdit, account)
	if err != nil {
		return err
	}
	to := Closed
	if decision == "hide" {
		to = Private
	}
	if a.Status == to {
		return nil
	}
	e := begin(a)
	if err := s.turn(actor, e, to, reason); err != nil {
		return err
	}
	if _, err := s.write(ctx, tx, actor, []*edit{e}); err != nil {
		return err
	}
	return s.audited(ctx, tx, actor, audit.Entry{
		Action: "account.cleaned_up", UnitID: a.UnitID, Kind: "account", Object: a.ID, Name: a.Handle,
		Before: map[string]any{"status": a.Status}, After: map[string]any{"status": to, "cause": reason, "decision": decision},
	})
}
