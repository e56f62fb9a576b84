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

const (
	permRead     = "notify.read"
	permLog      = "notify.log"
	permRobots   = "notify.robots"
	permSettings = "notify.settings"
)

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "notify", FS: migrations} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: permRead, Self: true},
		{Key: permLog, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: permRobots, Roles: []authz.Role{authz.HQOps, authz.RegionManager}},
		{Key: permSettings, Roles: []authz.Role{authz.HQOps}},
	}
}

// Module declares the room. texts renders the notices of every room.
func Module(s *Service, texts web.Texts) room.Module {
	s.texts = texts
	return room.Module{
		Name:        "notify",
		Migrations:  Migrations(),
		Permissions: Permissions(),
		Routes:      handlers{s: s, texts: texts}.routes,
		Jobs: func(r *jobs.Registry) {
			s.subscribe(r)
			jobs.PeriodicWith(r, "notify.deliver", deliverEvery, jobs.Options{MaxAttempts: 1}, func(ctx context.Context) error { return s.Deliver(ctx) })
			jobs.Periodic(r, "notify.sweep", 24*time.Hour, func(ctx context.Context) error { return s.Sweep(ctx) })
		},
		Messages: messages,
	}
}
