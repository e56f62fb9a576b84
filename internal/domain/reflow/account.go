package reflow

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/account"
)

// givenAccount finds the account of the dialog or the command line: PLATFORM:HANDLE, where the platform may be said in
// Chinese. Errors: reflow.account_malformed, reflow.account_unknown, reflow.account_outside.
func (s *Service) givenAccount(ctx context.Context, actor authz.Actor, said string) (account.Found, error) {
	said = strings.TrimSpace(said)
	if said == "" {
		return account.Found{}, nil
	}
	word, handle, ok := strings.Cut(strings.Replace(said, "：", ":", 1), ":")
	if !ok || strings.TrimSpace(handle) == "" {
		return account.Found{}, errs.New(errs.Invalid, "reflow.account_malformed", "account", said)
	}
	platform, err := account.ParsePlatform(word)
	if err != nil {
		return account.Found{}, err
	}
	handle = strings.TrimSpace(handle)
	ref := account.Ref{Platform: platform, Handle: handle, ExternalID: handle}
	found, err := s.Accounts.Resolve(ctx, s.DB, actor.BrandID, []account.Ref{ref})
	if err != nil {
		return account.Found{}, err
	}
	a, ok := found[ref]
	if !ok {
		return account.Found{}, errs.New(errs.Invalid, "reflow.account_unknown", "account", said)
	}
	if _, all := actor.Roots(PermImport); all {
		return a, nil
	}
	inside, err := s.Accounts.InScope(ctx, s.DB, actor, PermImport, []id.ID{a.ID})
	if err != nil {
		return account.Found{}, err
	}
	if len(inside) == 0 {
		return account.Found{}, errs.New(errs.Forbidden, "reflow.account_outside", "account", said)
	}
	return a, nil
}
