package library

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
func Migrations() migrate.Set { return migrate.Set{Room: "library", FS: migrations} }

// Permissions guard the room. The endpoint that rewrites texts is the brand administrator's.
func Permissions() []authz.Permission {
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	readers := append([]authz.Role{authz.Compliance, authz.Auditor}, managers...)
	return []authz.Permission{
		{Key: permUse, Roles: append([]authz.Role{authz.KOS}, readers...)},
		{Key: permRead, Roles: readers},
		{Key: permWrite, Roles: managers},
		{Key: permApprove, Roles: append([]authz.Role{authz.Compliance}, managers...)},
		{Key: permPillars, Roles: []authz.Role{authz.HQOps, authz.RegionManager}},
		{Key: permSettings},
	}
}

// Module declares the room. texts renders the headings of its sheets.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name: "library", Migrations: Migrations(), Permissions: Permissions(), Routes: handlers{s: s, texts: texts}.routes, Jobs: s.Register, Messages: messages,
	}
}
