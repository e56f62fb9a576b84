package library

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
		{Key: permSettings},
	}
}

// Module declares the room.
func Module(s *Service) room.Module {
	return room.Module{
		Name: "library", Migrations: Migrations(), Permissions: Permissions(), Routes: handlers{s: s}.routes, Jobs: s.Register, Messages: messages,
	}
}
