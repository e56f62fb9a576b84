package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/obs"
	"kosmos/internal/base/room"
	"kosmos/internal/base/web"
	"kosmos/internal/domain/account"
	"kosmos/internal/domain/campaign"
	"kosmos/internal/domain/desk"
	"kosmos/internal/domain/evidence"
	"kosmos/internal/domain/health"
	"kosmos/internal/domain/hit"
	"kosmos/internal/domain/identity"
	"kosmos/internal/domain/insight"
	"kosmos/internal/domain/library"
	"kosmos/internal/domain/notify"
	"kosmos/internal/domain/post"
	"kosmos/internal/domain/product"
	"kosmos/internal/domain/recall"
	"kosmos/internal/domain/reflow"
	"kosmos/internal/domain/risk"
	"kosmos/internal/domain/todo"
)

// list is THE list of rooms, in the order of their migrations; a room comes after those it imports.
func (r *rooms) list() []room.Module {
	return []room.Module{
		{Name: "jobs", Permissions: jobs.Permissions(), Routes: jobs.Routes(r.base.Jobs), Messages: jobs.Messages()},
		{Name: "audit", Permissions: audit.Permissions(), Routes: audit.Routes(r.base.Audit), Messages: audit.Messages()},
		{Name: "base", Jobs: r.sweep},
		r.self.module(),
		identity.Module(r.Identity),
		r.Org.Module(),
		evidence.Module(r.Evidence, &r.late, r.version),
		account.Module(r.Account, &r.late, r.Identity),
		post.Module(r.Post, accountSide{r.Account, r.base.DB}, &r.late),
		insight.Module(r.Insight, &r.late),
		reflow.Module(r.Reflow),
		notify.Module(r.Notify, &r.late),
		todo.Module(r.Todo, &r.late),
		health.Module(r.Health),
		recall.Module(r.Recall, &r.late),
		risk.Module(r.Risk),
		desk.Module(r.Desk, &r.late),
		library.Module(r.Library, &r.late),
		product.Module(r.Product, &r.late),
		campaign.Module(r.Campaign, &r.late),
		hit.Module(r.Hit, &r.late),
	}
}

// apiVersion is the version of the API's contract, not of the program.
const apiVersion = "1"

// rooms are the services of every room and what is gathered from their declarations.
type rooms struct {
	base    base
	modules []room.Module
	perms   *authz.Set
	texts   *i18n.Catalogue
	late    lateTexts
	self    examined
	router  *web.Router
	version string
	services
}

// lateTexts are the texts of all rooms for rooms that are made before the texts are gathered.
type lateTexts struct{ *i18n.Catalogue }

// build makes every room and gathers their declarations; it touches neither store nor network, so it also serves the
// commands that only print what the program is.
func build(b base, cfg Config, m *obs.Metrics) (*rooms, error) {
	cursors := web.NewCursors(b.Seal)
	r := &rooms{base: b, version: cfg.Build.Version, services: wire(b, cursors, cfg.Data)}
	r.modules = r.list()
	var err error
	if r.perms, err = room.Permissions(r.modules); err != nil {
		return nil, err
	}
	if r.texts, err = i18n.Load(append(room.Texts(r.modules), web.Messages(), sheetTexts())...); err != nil {
		return nil, err
	}
	r.late.Catalogue = r.texts
	r.plugReflow()
	r.plugRisk()
	opts := web.Options{
		Perms: r.perms, Messages: r.texts, Authenticate: r.authenticate(r.perms), Clock: b.Clock,
		Cursors: cursors, Logger: b.Log, Version: apiVersion, TrustProxy: cfg.TrustProxy,
	}
	if m != nil {
		opts.Measure = func(h http.Handler) http.Handler { return m.HTTP(h) }
	}
	if b.DB != nil {
		opts.Idempotency = web.NewIdempotency(b.DB, b.Clock)
	}
	r.router = web.New(opts)
	room.Route(r.modules, r.router)
	if err := room.Declare(r.modules, b.Jobs.Registry()); err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return r, nil
}

// offline makes the rooms without a store, for texts and documents.
func offline() (*rooms, error) {
	return build(base{Jobs: jobs.NewSink(jobs.NewRegistry(), nil), Clock: clock.System()}, Config{}, nil)
}

// catalogue gives the texts of all rooms.
func catalogue() (*i18n.Catalogue, error) {
	r, err := offline()
	if err != nil {
		return nil, err
	}
	return r.texts, nil
}

// sweep forgets the answers kept for Idempotency-Keys when their day is over.
func (r *rooms) sweep(reg *jobs.Registry) {
	jobs.Periodic(reg, "base.sweep_answers", time.Hour, func(ctx context.Context) error {
		_, err := web.NewIdempotency(r.base.DB, r.base.Clock).Sweep(ctx)
		return err
	})
}
