// Package room says what a room hands to the program: one Module per room, listed once in app/modules.go. It gathers
// the declarations of all rooms, so that tests and the program build the same whole.
package room

import (
	"io/fs"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/web"
)

// Module is one room's declaration, returned by its module.go. Empty fields are fine.
type Module struct {
	// Name is the room's word: package, table prefix, URL, permission, event, job and text prefix.
	Name string
	// Migrations are the room's tables; nil FS when it has none.
	Migrations migrate.Set
	// Permissions are the rights that guard its routes.
	Permissions []authz.Permission
	// Routes declares its part of the API; nil when it has none.
	Routes func(*web.Router)
	// Jobs declares its work and subscriptions.
	Jobs func(*jobs.Registry)
	// Messages holds i18n/zh.json and i18n/en.json.
	Messages fs.FS
}

// Migrations gives the sets of all modules in order.
func Migrations(modules []Module) []migrate.Set {
	var sets []migrate.Set
	for _, m := range modules {
		if m.Migrations.FS != nil {
			sets = append(sets, m.Migrations)
		}
	}
	return sets
}

// Permissions gives the program's permission table.
func Permissions(modules []Module) (*authz.Set, error) {
	var all []authz.Permission
	for _, m := range modules {
		all = append(all, m.Permissions...)
	}
	return authz.NewSet(all...)
}

// Texts gives the texts of all modules.
func Texts(modules []Module) []i18n.Source {
	var sources []i18n.Source
	for _, m := range modules {
		if m.Messages != nil {
			sources = append(sources, i18n.Source{Room: m.Name, FS: m.Messages})
		}
	}
	return sources
}

// Route adds the routes of all modules to the router.
func Route(modules []Module, r *web.Router) {
	for _, m := range modules {
		if m.Routes != nil {
			m.Routes(r)
		}
	}
}

// Declare fills the registry with the work of all modules and tells every fault at once.
func Declare(modules []Module, reg *jobs.Registry) error {
	for _, m := range modules {
		if m.Jobs != nil {
			m.Jobs(reg)
		}
	}
	return reg.Err()
}
