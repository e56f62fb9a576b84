package post

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
func Migrations() migrate.Set { return migrate.Set{Room: "post", FS: migrations} }

// Module declares the room. labels names the accounts beside posts, texts words the columns of exports.
func Module(s *Service, labels Labels, texts web.Texts) room.Module {
	return room.Module{
		Name:       "post",
		Migrations: Migrations(),
		Permissions: []authz.Permission{{Key: "post.read", Roles: []authz.Role{
			authz.HQOps, authz.Compliance, authz.Auditor, authz.RegionManager,
			authz.StoreManager,
		}}, {Key: "post.export", Roles: []authz.Role{authz.HQOps, authz.Auditor, authz.RegionManager, authz.StoreManager}}},
		Routes:   handlers{s: s, labels: labels, texts: texts}.routes,
		Messages: messages,
	}
}
