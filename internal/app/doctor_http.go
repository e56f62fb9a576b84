package app

import (
	"context"
	"embed"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/obs"
	"kosmos/internal/base/room"
	"kosmos/internal/base/web"
)

//go:embed i18n/*.json
var messages embed.FS

// examined is the program that looks at itself; it is there once the store is open.
type examined struct{ app *App }

// DoctorBody is how the program is.
type DoctorBody struct {
	Build  obs.Build `json:"build"`
	Checks []Finding `json:"checks"`
}

// module declares the program's own route.
func (e *examined) module() room.Module {
	return room.Module{
		Name: "app", Permissions: []authz.Permission{{Key: "app.doctor"}}, Messages: messages,
		Routes: func(r *web.Router) {
			web.Handle(r, web.Route{
				Method: "GET", Path: "/api/v1/app/doctor", Summary: "How the program is: store, key, disk, clock, jobs",
				Permission: "app.doctor",
			}, e.doctor)
		},
	}
}

type none struct{}

func (e *examined) doctor(ctx context.Context, actor authz.Actor, _ *none) (*DoctorBody, error) {
	return &DoctorBody{Build: e.app.cfg.Build, Checks: e.app.Doctor(ctx, i18n.Match(actor.Lang))}, nil
}
