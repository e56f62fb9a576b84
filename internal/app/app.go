package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/egress"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
	"kosmos/internal/base/migrate"
	"kosmos/internal/base/obs"
	"kosmos/internal/base/room"
	"kosmos/internal/base/seal"
)

// Config says where the program lives and who it is.
type Config struct {
	Data       string // directory of the store, files and key
	DB         string // "sqlite" or a postgres:// URL
	Key        string // master key(s); empty: DATA/secret.key
	PollOnly   bool   // no LISTEN on PostgreSQL (PgBouncer)
	TrustProxy bool   // believe X-Forwarded-* of the proxy in front
	// AllowPrivate are networks of one's own that hooks, robots and mail servers may lie in.
	AllowPrivate []string
	Build        obs.Build
	Log          *slog.Logger
	Clock        clock.Clock // nil: the machine's
}

// App is the whole program over one open store.
type App struct {
	base
	*rooms
	cfg     Config
	metrics *obs.Metrics
	renew   func(context.Context) error
	release func(context.Context) error
	halt    context.CancelFunc
	halted  sync.WaitGroup
	loading atomic.Bool // a generated brand is being written, in large batches
}

// base is what every room may need.
type base struct {
	DB    *db.DB
	IDs   *id.Source
	Clock clock.Clock
	Jobs  *jobs.Client
	Audit *audit.Log
	Seal  *seal.Box
	Blobs blob.Store
	Log   *slog.Logger
	Guard *egress.Guard
}

// Open opens the store, brings its schema up to date and wires every room. The jobs do not run yet; see Serve.
// Errors: "base.store_newer" when a newer program wrote the store.
func Open(ctx context.Context, cfg Config) (*App, error) {
	if cfg.Clock == nil {
		cfg.Clock = clock.System()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	d, err := db.Open(ctx, cfg.DB, cfg.Data)
	if err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, metrics: obs.NewMetrics(cfg.Build)}
	if err := a.open(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, d *db.DB) error {
	d.OnSlowTx(func(took time.Duration) {
		level := slog.LevelWarn
		if a.loading.Load() {
			level = slog.LevelDebug // nobody waits for the writer, and a newcomer would take it for a fault
		}
		a.cfg.Log.Log(context.WithoutCancel(ctx), level, "a transaction was open for long", "took", took)
	})
	if err := migrate.Up(ctx, d); err != nil {
		return err
	}
	b, err := a.foundation(ctx, d)
	if err != nil {
		return err
	}
	a.base = b
	if a.rooms, err = build(b, a.cfg, a.metrics); err != nil {
		return err
	}
	a.self.app = a
	if err := migrate.Up(ctx, d, room.Migrations(a.modules)...); err != nil {
		return err
	}
	var bg context.Context
	bg, a.halt = context.WithCancel(context.WithoutCancel(ctx))
	a.halted.Go(func() { a.keepNode(bg) })
	return nil
}

// foundation makes what lies under the rooms.
func (a *App) foundation(ctx context.Context, d *db.DB) (base, error) {
	if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
		return base{}, fmt.Errorf("data directory: %w", err)
	}
	box, err := seal.Open(a.cfg.Data, a.cfg.Key)
	if err != nil {
		return base{}, err
	}
	dir, err := blob.New(filepath.Join(a.cfg.Data, "blobs"))
	if err != nil {
		return base{}, err
	}
	guard, err := egress.New(a.cfg.AllowPrivate)
	if err != nil {
		return base{}, fmt.Errorf("--allow-private: %w", err)
	}
	var node int
	node, a.renew, a.release, err = migrate.LeaseNode(ctx, d, a.cfg.Clock)
	if err != nil {
		return base{}, err
	}
	ids := id.NewSource(node, a.cfg.Clock.Now)
	queue, err := jobs.New(d, jobs.NewRegistry(), jobs.Config{Log: a.cfg.Log, Observe: a.metrics.JobDone, PollOnly: a.cfg.PollOnly})
	if err != nil {
		return base{}, err
	}
	return base{
		DB: d, IDs: ids, Clock: a.cfg.Clock, Jobs: queue, Audit: audit.New(d, ids, a.cfg.Clock), Seal: box,
		Blobs: blob.Sealed(dir, box), Log: a.cfg.Log, Guard: guard,
	}, nil
}

// keepNode renews the node number while the program lives.
func (a *App) keepNode(ctx context.Context) {
	tick := time.NewTicker(migrate.NodeLease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.renew(ctx); err != nil && ctx.Err() == nil {
				a.cfg.Log.Error("the node number could not be renewed", "err", err)
			}
		}
	}
}

// Close gives the node number back and closes the store. Jobs must have stopped.
func (a *App) Close() error {
	a.halt()
	a.halted.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := errors.Join(a.Post.SaveMemory(), a.Insight.SaveMemory()); err != nil {
		a.cfg.Log.Warn("what was remembered of accounts could not be kept; figures are read again", "error", err)
	}
	return errors.Join(a.release(ctx), a.DB.Close())
}
