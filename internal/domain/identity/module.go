package identity

import (
	"embed"

	"kosmos/internal/base/migrate"
	"kosmos/internal/base/room"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed i18n/*.json
var messages embed.FS

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "identity", FS: migrations} }

// Module declares the room.
func Module(s *Service) room.Module {
	return room.Module{Name: "identity", Migrations: Migrations(), Permissions: Permissions(), Routes: s.Routes, Jobs: s.Jobs, Messages: messages}
}
