package product

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
func Migrations() migrate.Set { return migrate.Set{Room: "product", FS: migrations} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	return []authz.Permission{
		{Key: permRead, Roles: append([]authz.Role{authz.Compliance, authz.Auditor, authz.KOS}, managers...)},
		{Key: permWrite, Roles: []authz.Role{authz.HQOps}},
		{Key: permPrice, Roles: []authz.Role{authz.HQOps, authz.RegionManager}},
		{Key: permStock, Roles: managers},
		{Key: permSettle, Roles: append([]authz.Role{authz.Compliance}, managers...)},
		{Key: permMine, Roles: append([]authz.Role{authz.KOS}, managers...)},
	}
}

// Module declares the room. texts renders the headings of its sheets.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name: "product", Migrations: Migrations(), Permissions: Permissions(), Routes: handlers{s: s, texts: texts}.routes, Jobs: s.Register, Messages: messages,
	}
}
