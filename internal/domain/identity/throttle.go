package identity

import (
	"context"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
)

// After freeLogin wrong tries for a login, or freeAddress from an address, each further one doubles the wait from one
// second up to longestWait. A quarter of a day without a try forgets them.
const (
	freeLogin   = 5
	freeAddress = 30
	longestWait = 15 * time.Minute
	forgetAfter = 6 * time.Hour
)

// waitAfter is the wait after the nth wrong try.
func waitAfter(n, free int) time.Duration {
	if n < free {
		return 0
	}
	if n-free > 10 {
		return longestWait
	}
	return min(longestWait, time.Second<<(n-free))
}

// throttled are the keys under which wrong tries are counted, hashed: the table shows no names and addresses.
type throttled struct {
	login, address string
}

func throttleKeys(login, address string) throttled {
	return throttled{login: hashSecret("login|" + login), address: hashSecret("address|" + address)}
}

// admit refuses a try that comes too early. Errors: identity.too_many_tries with retry_after seconds.
func (s *Service) admit(ctx context.Context, k throttled) error {
	now := s.now()
	until, err := db.One[clock.Ms](ctx, s.DB, `SELECT CAST(COALESCE(MAX(until_ms), 0) AS BIGINT) FROM identity_failed_login WHERE who = $1 OR who = $2`, k.login, k.address)
	if err != nil {
		return err
	}
	if until > now {
		return errs.New(errs.RateLimited, "identity.too_many_tries", "retry_after", int((until-now)/1000)+1)
	}
	return nil
}

// failed counts a wrong try against both keys.
func (s *Service) failed(ctx context.Context, k throttled) error {
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.countTry(ctx, tx, k.login, freeLogin); err != nil {
			return err
		}
		return s.countTry(ctx, tx, k.address, freeAddress)
	})
}

func (s *Service) countTry(ctx context.Context, tx *db.Tx, who string, free int) error {
	now := s.now()
	old := now - clock.Ms(forgetAfter.Milliseconds())
	if _, err := tx.Exec(ctx, `INSERT INTO identity_failed_login (who, fails, until_ms, at_ms) VALUES ($1, 1, 0, $2)
		ON CONFLICT (who) DO UPDATE SET fails = CASE WHEN identity_failed_login.at_ms < $3 THEN 1 ELSE identity_failed_login.fails + 1 END, at_ms = excluded.at_ms`,
		who, now, old); err != nil {
		return err
	}
	n, err := db.One[int](ctx, tx, `SELECT fails FROM identity_failed_login WHERE who = $1`, who)
	if err != nil {
		return err
	}
	if wait := waitAfter(n, free); wait > 0 {
		_, err = tx.Exec(ctx, `UPDATE identity_failed_login SET until_ms = $1 WHERE who = $2`, now+clock.Ms(wait.Milliseconds()), who)
	}
	return err
}

// forgive forgets a login's wrong tries after a right one; an address must wait them out.
func (s *Service) forgive(ctx context.Context, k throttled) error {
	_, err := s.DB.Exec(ctx, `DELETE FROM identity_failed_login WHERE who = $1`, k.login)
	return err
}
