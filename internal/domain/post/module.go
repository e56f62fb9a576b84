package post

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
func Migrations() migrate.Set { return migrate.Set{Room: "post", FS: migrations} }

// Module declares the room. labels names the accounts beside posts.
func Module(s *Service, labels Labels) room.Module {
	return room.Module{
		Name:       "post",
		Migrations: Migrations(),
		Permissions: []authz.Permission{{Key: "post.read", Roles: []authz.Role{authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager,
			authz.StoreManager}}},
		Routes:   handlers{s: s, labels: labels}.routes,
		Messages: messages,
	}
}
