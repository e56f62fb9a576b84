package desk

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
func Migrations() migrate.Set { return migrate.Set{Room: "desk", FS: migrations} }

// Permissions guard the room. Headquarters' operations hold desk.review only where the brand's settings say so.
func Permissions() []authz.Permission {
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	return []authz.Permission{
		{Key: permSubmit, Roles: append([]authz.Role{authz.KOS, authz.Compliance}, managers...)},
		{Key: permSubmitFor, Roles: managers},
		{Key: permRead, Roles: append([]authz.Role{authz.Compliance, authz.Auditor}, managers...)},
		{Key: permReview, Roles: []authz.Role{authz.Compliance, authz.HQOps}},
		{Key: permSettings, Roles: []authz.Role{authz.Compliance}},
	}
}

// Module declares the room. texts renders what bulk decisions left alone.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name: "desk", Migrations: Migrations(), Permissions: Permissions(),
		Routes: handlers{s: s, texts: texts}.routes, Jobs: s.register, Messages: messages,
	}
}
