package identity

import (
	"context"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// SessionFor is how long a session lives without being used.
const SessionFor = 30 * 24 * time.Hour

// Visitor is where a request came from.
type Visitor struct {
	Address, UserAgent string
	Local              bool // sits at the machine itself
}

// SignedIn is a fresh session; Cookie is its only copy.
type SignedIn struct {
	Brand   Brand
	UserID  id.ID
	Cookie  string
	Expires clock.Ms
}

// Credentials are what a person types to come in.
type Credentials struct {
	Login    string
	Password string
	Code     string // one-time or recovery code, when the login asks for one
	Brand    string // slug; the last one used when empty
}

// Login signs a person in. An unknown login and a wrong password are told alike and take as long.
// Errors: identity.login_wrong, identity.totp_needed, identity.totp_wrong, identity.too_many_tries, identity.no_brand.
func (s *Service) Login(ctx context.Context, in Credentials, from Visitor) (SignedIn, error) {
	h, ok := parseHandle(in.Login)
	if !ok {
		h = handle{email: in.Login}
	}
	l, err := s.prove(ctx, h, in, from)
	if err != nil {
		return SignedIn{}, err
	}
	all, err := places(ctx, s.DB, l.ID)
	if err != nil {
		return SignedIn{}, err
	}
	for _, p := range all {
		if in.Brand == "" || p.Slug == in.Brand {
			return s.signIn(ctx, p.ID, p.UserID, from)
		}
	}
	return SignedIn{}, errs.New(errs.Forbidden, "identity.no_brand")
}

// prove checks password and one-time code, counting wrong tries.
func (s *Service) prove(ctx context.Context, h handle, in Credentials, from Visitor) (login, error) {
	keys := throttleKeys(h.key(), from.Address)
	if err := s.admit(ctx, keys); err != nil {
		return login{}, err
	}
	l, err := s.loginByHandle(ctx, s.DB, h)
	if err != nil && !db.NoRows(err) {
		return login{}, err
	}
	right, err := s.hasher.verify(ctx, l.Password, shortened(in.Password))
	if err != nil {
		return login{}, err
	}
	if !right {
		return login{}, s.refuse(ctx, keys, "identity.login_wrong")
	}
	if len(l.TOTP) > 0 {
		if in.Code == "" {
			return login{}, errs.New(errs.Unauthenticated, "identity.totp_needed")
		}
		spent, err := s.spendCode(ctx, l, in.Code)
		if err != nil {
			return login{}, err
		}
		if !spent {
			return login{}, s.refuse(ctx, keys, "identity.totp_wrong")
		}
	}
	return l, s.forgive(ctx, keys)
}

// shortened bounds what is hashed for a login page that anyone may call.
func shortened(password string) string {
	if len(password) > 4*maxPassword {
		return password[:4*maxPassword]
	}
	return password
}

func (s *Service) refuse(ctx context.Context, k throttled, slug string) error {
	if err := s.failed(ctx, k); err != nil {
		return err
	}
	return errs.New(errs.Unauthenticated, slug)
}

// spendCode accepts a one-time code or a recovery code, each only once even when two requests race.
func (s *Service) spendCode(ctx context.Context, l login, code string) (bool, error) {
	secret, err := s.Box.Open(aadTOTP(l.ID), l.TOTP)
	if err != nil {
		return false, err
	}
	if step, ok := stepOf(string(secret), code, s.Clock.Now()); ok {
		n, err := s.DB.Exec(ctx, `UPDATE identity_login SET totp_step = $1 WHERE id = $2 AND totp_step < $3`, step, l.ID, step)
		return n == 1, err
	}
	rest, ok := spendRecovery(l.Recovery, code)
	if !ok {
		return false, nil
	}
	n, err := s.DB.Exec(ctx, `UPDATE identity_login SET recovery = $1 WHERE id = $2 AND recovery = $3`, rest, l.ID, l.Recovery)
	return n == 1, err
}

// signIn makes a session of a user.
func (s *Service) signIn(ctx context.Context, brand, user id.ID, from Visitor) (SignedIn, error) {
	b, err := brandByID(ctx, s.DB, brand)
	if err != nil {
		return SignedIn{}, err
	}
	secret, now := newBrandSecret(brand), s.now()
	ses := Session{
		ID: s.IDs.New(), UserID: user, Hash: hashSecret(secret), Device: deviceOf(from.UserAgent), Address: from.Address,
		Created: now, Seen: now, Expires: now + clock.Ms(SessionFor.Milliseconds()),
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := touchUser(ctx, tx, brand, user, now); err != nil {
			return err
		}
		return insertSession(ctx, tx, brand, ses)
	})
	return SignedIn{Brand: b, UserID: user, Cookie: secret, Expires: ses.Expires}, err
}
