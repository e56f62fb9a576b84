package health

import (
	"embed"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/room"
)

//go:embed migrations/*.sql
var migrationFS embed.FS

//go:embed i18n/*.json
var messageFS embed.FS

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "health", FS: migrationFS} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	return []authz.Permission{
		{Key: permRead, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: permWrite, Roles: managers},
		{Key: permSettings, Roles: []authz.Role{authz.HQOps}},
	}
}

// Module declares the room to the program.
func Module(s *Service) room.Module {
	return room.Module{
		Name: "health", Migrations: Migrations(), Permissions: Permissions(),
		Routes: s.Routes, Jobs: s.Register, Messages: messageFS,
	}
}
