package insight

import (
	"embed"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/room"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed i18n/*.json
var messages embed.FS

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "insight", FS: migrations} }

// Module declares the room.
func Module(s *Service) room.Module {
	return room.Module{
		Name:       "insight",
		Migrations: Migrations(),
		Permissions: []authz.Permission{{Key: "insight.read", Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager,
			authz.StoreManager}}},
		Routes:   handlers{s: s}.routes,
		Messages: messages,
	}
}
