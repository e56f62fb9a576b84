package risk

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

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "risk", FS: migrationFS} }

// Permissions are the rights that guard the room. Everybody with a login may have a text checked.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: permCheck, Self: true},
		{Key: permRead, Roles: []authz.Role{authz.Compliance, authz.HQOps, authz.Auditor}},
		{Key: permWrite, Roles: []authz.Role{authz.Compliance}},
		{Key: permJudge, Roles: []authz.Role{authz.Compliance}},
	}
}

// Module declares the room to the program.
func Module(s *Service) room.Module {
	return room.Module{
		Name: "risk", Migrations: Migrations(), Permissions: Permissions(),
		Routes: s.Routes, Jobs: s.Register, Messages: messageFS,
	}
}
