package evidence

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
func Migrations() migrate.Set { return migrate.Set{Room: "evidence", FS: migrations} }

// Permissions guard the room.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: permRead, Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}},
		{Key: permExport, Roles: []authz.Role{authz.Compliance, authz.Auditor}},
		{Key: permErase, Roles: []authz.Role{authz.Compliance}},
	}
}

// Module declares the room. texts renders the steps of every room; program is the version written into files.
func Module(s *Service, texts web.Texts, program string) room.Module {
	return room.Module{
		Name: "evidence", Migrations: Migrations(), Permissions: Permissions(),
		Routes: handlers{s: s, texts: texts, program: program}.routes, Jobs: s.register, Messages: messages,
	}
}
