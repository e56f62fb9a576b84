package identity

import (
	"context"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
)

// Enrolment is a TOTP secret that waits to be confirmed with a first code.
type Enrolment struct {
	Secret string
	URI    string // for the QR code
}

// BeginTOTP makes a new secret for the caller; nothing changes until ConfirmTOTP.
// Errors: identity.password_wrong, identity.totp_on_already.
func (s *Service) BeginTOTP(ctx context.Context, actor authz.Actor, password string) (Enrolment, error) {
	l, err := s.proveOwn(ctx, actor, password)
	if err != nil {
		return Enrolment{}, err
	}
	if len(l.TOTP) > 0 {
		return Enrolment{}, errs.New(errs.Conflict, "identity.totp_on_already")
	}
	secret, uri := newTOTP(s.shown(l))
	sealed, err := s.Box.Seal(aadTOTP(l.ID), []byte(secret))
	if err != nil {
		return Enrolment{}, err
	}
	_, err = s.DB.Exec(ctx, `UPDATE identity_login SET totp_pending = $1 WHERE id = $2`, sealed, l.ID)
	return Enrolment{Secret: secret, URI: uri}, err
}

// ConfirmTOTP turns TOTP on with a first code and gives the recovery codes, shown this once.
// Errors: identity.totp_wrong, identity.totp_not_begun.
func (s *Service) ConfirmTOTP(ctx context.Context, actor authz.Actor, code string) ([]string, error) {
	_, l, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	if len(l.Pending) == 0 {
		return nil, errs.New(errs.Precondition, "identity.totp_not_begun")
	}
	secret, err := s.Box.Open(aadTOTP(l.ID), l.Pending)
	if err != nil {
		return nil, err
	}
	step, ok := stepOf(string(secret), code, s.Clock.Now())
	if !ok {
		return nil, errs.Bad().Field("code", "identity.totp_wrong")
	}
	codes, stored := newRecovery()
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE identity_login SET totp_sealed = totp_pending, totp_pending = NULL, totp_step = $1, recovery = $2
			WHERE id = $3 AND totp_pending IS NOT NULL AND totp_sealed IS NULL`, step, stored, l.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "base.changed_meanwhile")
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.totp_on", Kind: "user", Object: actor.UserID, Name: actor.Name})
	})
	return codes, err
}

// EndTOTP turns TOTP off. Errors: identity.password_wrong.
func (s *Service) EndTOTP(ctx context.Context, actor authz.Actor, password string) error {
	l, err := s.proveOwn(ctx, actor, password)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE identity_login SET totp_sealed = NULL, totp_pending = NULL, recovery = '[]' WHERE id = $1`, l.ID); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.totp_off", Kind: "user", Object: actor.UserID, Name: actor.Name})
	})
}

// RenewRecovery replaces the recovery codes. Errors: identity.password_wrong, identity.totp_off.
func (s *Service) RenewRecovery(ctx context.Context, actor authz.Actor, password string) ([]string, error) {
	l, err := s.proveOwn(ctx, actor, password)
	if err != nil {
		return nil, err
	}
	if len(l.TOTP) == 0 {
		return nil, errs.New(errs.Precondition, "identity.totp_off")
	}
	codes, stored := newRecovery()
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE identity_login SET recovery = $1 WHERE id = $2`, stored, l.ID); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "identity.renew_recovery", Kind: "user", Object: actor.UserID, Name: actor.Name})
	})
	return codes, err
}
