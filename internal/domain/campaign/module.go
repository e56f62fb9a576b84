package campaign

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
func Migrations() migrate.Set { return migrate.Set{Room: "campaign", FS: migrations} }

// Permissions are the rights that guard the room.
func Permissions() []authz.Permission {
	managers := []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}
	return []authz.Permission{
		{Key: permRead, Roles: append([]authz.Role{authz.Compliance, authz.Auditor}, managers...)},
		{Key: permWrite, Roles: []authz.Role{authz.HQOps, authz.RegionManager}},
		{Key: permApprove, Roles: ApproverRoles()},
		{Key: permNote, Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: permReview, Roles: append([]authz.Role{authz.Compliance}, managers...)},
		{Key: permRemind, Roles: managers},
		{Key: permSettings, Roles: []authz.Role{authz.HQOps, authz.Compliance}},
		{Key: permDo, Self: true},
	}
}

// ApproverRoles are those that may approve campaigns, beside the brand's administrators.
func ApproverRoles() []authz.Role { return []authz.Role{authz.HQOps, authz.Compliance} }

// Module declares the room. texts renders reasons and the headings of its sheets.
func Module(s *Service, texts web.Texts) room.Module {
	return room.Module{
		Name: "campaign", Migrations: Migrations(), Permissions: Permissions(),
		Routes: handlers{s: s, texts: texts}.routes, Jobs: s.Register, Messages: messages,
	}
}
