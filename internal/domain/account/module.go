package account

import (
	"context"
	"embed"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/room"
	"kosmos/internal/base/web"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed i18n/*.json
var messages embed.FS

// Migrations are the room's tables.
func Migrations() migrate.Set { return migrate.Set{Room: "account", FS: migrations} }

// Brands lists the brands with an actor that acts for the program in each; identity provides it.
type Brands interface {
	SystemActors(ctx context.Context) ([]authz.Actor, error)
}

// Module declares the room. texts renders exports and reasons.
func Module(s *Service, texts web.Texts, brands Brands) room.Module {
	h := &handlers{s: s, texts: texts}
	return room.Module{
		Name:        "account",
		Migrations:  Migrations(),
		Permissions: Permissions(),
		Routes:      h.routes,
		Messages:    messages,
		Jobs: func(r *jobs.Registry) {
			subscribe(r, s, brands)
			each := func(fn func(context.Context, authz.Actor) error) func(context.Context) error {
				return func(ctx context.Context) error {
					actors, err := brands.SystemActors(ctx)
					if err != nil {
						return err
					}
					for _, a := range actors {
						if err := fn(ctx, a); err != nil {
							return err
						}
					}
					return nil
				}
			}
			long := jobs.Options{Long: true, Timeout: 10 * time.Minute}
			jobs.PeriodicWith(r, "account.certify_reminders", 24*time.Hour, long, each(func(ctx context.Context, a authz.Actor) error {
				_, err := s.SweepCertifications(ctx, a)
				return err
			}))
			jobs.PeriodicWith(r, "account.refresh_leagues", 24*time.Hour, long, each(func(ctx context.Context, a authz.Actor) error {
				_, err := s.RefreshLeagues(ctx, a)
				return err
			}))
		},
	}
}
