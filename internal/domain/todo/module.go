package todo

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
func Migrations() migrate.Set { return migrate.Set{Room: "todo", FS: migrations} }

// Permissions guard the room. Those of the audiences guard no route: they give the units whose errands are a role's own.
func Permissions() []authz.Permission {
	return []authz.Permission{
		{Key: permRead, Self: true},
		{Key: permManage, Roles: []authz.Role{authz.HQOps, authz.RegionManager, authz.StoreManager}},
		{Key: permManage + "_" + string(Manager), Roles: []authz.Role{authz.StoreManager}},
		{Key: permManage + "_" + string(Region), Roles: []authz.Role{authz.RegionManager}},
		{Key: permManage + "_" + string(HQ), Roles: []authz.Role{authz.HQOps}},
	}
}

// Texts renders the titles of every room's to-dos, and why they are asked for where the room says so.
type Texts interface {
	web.Texts
	// Has reports whether there is a text of that slug.
	Has(slug string) bool
}

// Module declares the room. A to-do titled health.wake_stopped is explained by the text health.wake_stopped_why, if
// its room has one.
func Module(s *Service, texts Texts) room.Module {
	return room.Module{
		Name: "todo", Migrations: Migrations(), Permissions: Permissions(),
		Routes: handlers{s: s, texts: texts}.routes, Jobs: s.register, Messages: messages,
	}
}
