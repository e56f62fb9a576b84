package org

import (
	"embed"

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

// Migrations are the room's tables, for tests of rooms that stand on this one.
func Migrations() migrate.Set { return migrate.Set{Room: "org", FS: migrations} }

// Permissions are the rights of the room. brand_admin holds all of them.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: "org.self", Self: true},
		{Key: "org.read", Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager, authz.KOS}},
		{Key: "org.write", Roles: []authz.Role{authz.HQOps, authz.RegionManager}},
		{Key: "org.member_read", Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: "org.member_write", Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: "org.reveal", Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: "org.export", Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: "org.fit", Roles: []authz.Role{authz.HQOps}},
	}
}

// Module declares the room to the program.
func (s *Service) Module() room.Module {
	return room.Module{
		Name:        "org",
		Migrations:  Migrations(),
		Permissions: Permissions(),
		Messages:    messages,
		Routes:      func(r *web.Router) { routes(r, s) },
		Jobs:        func(reg *jobs.Registry) { work(reg, s) },
	}
}
