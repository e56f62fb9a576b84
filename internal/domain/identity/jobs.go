package identity

import (
	"context"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/jobs"
)

// Jobs declares the room's work.
func (s *Service) Jobs(reg *jobs.Registry) {
	jobs.Periodic(reg, "identity.sweep", time.Hour, s.Sweep)
	s.subscribe(reg)
}

// Sweep forgets sessions that are over, invitations and tokens that ended 90 days ago, and old wrong tries.
func (s *Service) Sweep(ctx context.Context) error {
	brands, err := s.Brands(ctx)
	if err != nil {
		return err
	}
	now := s.now()
	old := now - clock.Ms((90 * 24 * time.Hour).Milliseconds())
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, b := range brands {
			for _, q := range []struct {
				sql    string
				before clock.Ms
			}{
				{`DELETE FROM identity_session WHERE brand_id = $1 AND expires_ms <= $2`, now},
				{`DELETE FROM identity_invitation WHERE brand_id = $1 AND expires_ms <= $2`, old},
				{`DELETE FROM identity_token WHERE brand_id = $1 AND COALESCE(revoked_ms, expires_ms) <= $2`, old},
			} {
				if _, err := tx.Exec(ctx, q.sql, b.ID, q.before); err != nil {
					return err
				}
			}
		}
		_, err := tx.Exec(ctx, `DELETE FROM identity_failed_login WHERE at_ms <= $1`, now-clock.Ms(forgetAfter.Milliseconds()))
		return err
	})
}
