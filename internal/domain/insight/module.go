package insight

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
func Migrations() migrate.Set { return migrate.Set{Room: "insight", FS: migrations} }

// Module declares the room. texts names the columns of spreadsheets.
func Module(s *Service, texts web.Texts) room.Module {
	readers := []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager, authz.StoreManager}
	return room.Module{
		Name:       "insight",
		Migrations: Migrations(),
		Permissions: []authz.Permission{
			{Key: "insight.read", Roles: readers},
			{Key: "insight.export", Roles: readers},
			{Key: "insight.me", Self: true},
		},
		Routes:   handlers{s: s, texts: texts}.routes,
		Jobs:     s.jobs,
		Messages: messages,
	}
}
