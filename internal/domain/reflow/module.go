package reflow

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

// The room's permissions.
const (
	PermRead    = "reflow.read"    // see imports, their faults, and how fresh the figures are
	PermImport  = "reflow.import"  // bring files in and take them back, for accounts of the scope
	PermMapping = "reflow.mapping" // teach the program other layouts
)

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "reflow", FS: migrationFS} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: PermRead, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: PermImport, Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: PermMapping, Roles: []authz.Role{authz.HQOps}},
	}
}

// Module declares the room to the program.
func Module(s *Service) room.Module {
	return room.Module{
		Name: "reflow", Migrations: Migrations(), Permissions: Permissions(),
		Routes: s.Routes, Jobs: s.Register, Messages: messageFS,
	}
}
