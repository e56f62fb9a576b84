package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"kosmos/internal/base/web"
)

// Role is the part of the work that a serving process does.
type Role string

// The roles: everything, requests only, jobs only.
const (
	All    Role = "all"
	Web    Role = "web"
	Worker Role = "worker"
)

const (
	drainTime = 10 * time.Second // for requests under way
	jobsTime  = 15 * time.Second // for jobs under way; what is not done by then is tried again
)

// ServeOptions say how to serve.
type ServeOptions struct {
	Addr string
	Role Role
	// Listening is told the address once the program answers and is ready; may be nil.
	Listening func(ctx context.Context, a *App, addr net.Addr) error
}

// Serve opens the program, answers on o.Addr and works on jobs until ctx ends; then it stops without losing anything.
// The listener is there before the store is open, so that /healthz answers during a long migration.
func Serve(ctx context.Context, cfg Config, o ServeOptions) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	front := newFront()
	streams, closeStreams := context.WithCancel(context.Background())
	defer closeStreams()
	srv := &http.Server{
		Handler: web.DefaultPace().Handler(front), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return streams },
		ErrorLog:    slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	shut := func() error {
		front.drain()
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		// Streams never end by themselves: they get a moment to see their last event, then their context ends.
		stop := time.AfterFunc(drainTime/10, closeStreams)
		defer stop.Stop()
		return srv.Shutdown(drain)
	}
	a, err := Open(ctx, cfg)
	if err != nil {
		return errors.Join(err, shut())
	}
	err = a.run(ctx, front, o, ln.Addr(), failed)
	return errors.Join(err, shut(), a.stopJobs(), a.Close())
}

// run brings the opened program to work and waits for the end.
func (a *App) run(ctx context.Context, front *front, o ServeOptions, addr net.Addr, failed <-chan error) error {
	if o.Role != Web {
		// Jobs outlive ctx: their end comes from stopJobs.
		if err := a.Jobs.Start(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	front.open(a.handler(o.Role))
	a.cfg.Log.Info("ready", "addr", addr.String(), "role", string(o.Role), "version", a.cfg.Build.Version)
	if o.Listening != nil {
		if err := o.Listening(ctx, a, addr); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		a.cfg.Log.Info("stopping")
		return nil
	case err := <-failed:
		return err
	}
}

func (a *App) stopJobs() error {
	ctx, cancel := context.WithTimeout(context.Background(), jobsTime)
	defer cancel()
	return a.Jobs.Stop(ctx)
}

// front answers health questions from the first moment, and everything else once the program is open.
type front struct {
	inner atomic.Pointer[http.Handler]
	ready atomic.Bool
}

func newFront() *front { return &front{} }

func (f *front) open(h http.Handler) {
	f.inner.Store(&h)
	f.ready.Store(true)
}

// drain tells load balancers to send nothing more.
func (f *front) drain() { f.ready.Store(false) }

// ServeHTTP implements http.Handler.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := f.inner.Load()
	switch {
	case r.URL.Path == "/healthz":
		plain(w, http.StatusOK, "ok")
	case h == nil, r.URL.Path == "/readyz" && !f.ready.Load():
		w.Header().Set("Retry-After", "1")
		plain(w, http.StatusServiceUnavailable, "not ready")
	default:
		(*h).ServeHTTP(w, r)
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // the client may be gone
}
