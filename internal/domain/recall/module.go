package recall

import (
	"embed"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/room"
	"kosmos/internal/base/web"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed i18n/*.json
var messages embed.FS

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "recall", FS: migrations} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: permRead, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: permWrite, Roles: []authz.Role{authz.Compliance}},
		{Key: permProve, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.RegionManager, authz.StoreManager, authz.KOS}},
	}
}

// Module declares the room. texts renders the headings of its sheets.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name: "recall", Migrations: Migrations(), Permissions: Permissions(),
		Routes: handlers{s: s, texts: texts}.routes, Jobs: s.Register, Messages: messages,
	}
}
