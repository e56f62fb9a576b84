package app

import (
	"kosmos/internal/base/authz"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/notify"

	"context"
	"net/http"
)

// services are the rooms' services, plugged into each other.
type services struct {
	Notify *notify.Service
}

// wire makes the services and plugs what one needs of another.
func wire(b base, _ *web.Cursors) services {
	var s services
	s.Notify = notify.New(b.DB, b.IDs, b.Clock)
	return s
}

// authenticate finds the caller of a request.
func (s services) authenticate(*authz.Set) web.Authenticate {
	return func(context.Context, *http.Request) (authz.Actor, error) {
		return authz.Actor{}, errs.New(errs.Unauthenticated, "base.login_needed")
	}
}
