package hit

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
func Migrations() migrate.Set { return migrate.Set{Room: "hit", FS: migrations} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	readers := append([]authz.Role{authz.Compliance, authz.Auditor}, managers...)
	return []authz.Permission{
		{Key: permNear, Roles: append([]authz.Role{authz.KOS}, managers...)},
		{Key: permRead, Roles: readers},
		{Key: permWrite, Roles: managers},
		{Key: permStar, Roles: []authz.Role{authz.HQOps}},
		{Key: permSettings, Roles: []authz.Role{authz.HQOps}},
	}
}

// Module declares the room. texts renders headings of sheets and what a teardown is filled with.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name: "hit", Migrations: Migrations(), Permissions: Permissions(), Routes: handlers{s: s, texts: texts}.routes, Jobs: s.Register, Messages: messages,
	}
}
