package notify

import (
	"context"
	"embed"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/room"
	"kosmos/internal/base/web"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed i18n/*.json
var messages embed.FS

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "notify", FS: migrations} }

// Module declares the room. texts renders the notices of every room.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name:        "notify",
		Migrations:  Migrations(),
		Permissions: []authz.Permission{{Key: "notify.read", Self: true}},
		Routes:      handlers{s: s, texts: texts}.routes,
		Jobs: func(r *jobs.Registry) {
			s.subscribe(r)
			jobs.Periodic(r, "notify.sweep", 24*time.Hour, func(ctx context.Context) error { return s.Sweep(ctx) })
		},
		Messages: messages,
	}
}
