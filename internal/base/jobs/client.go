package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"kosmos/internal/base/db"
)

// Config sets a Client up.
type Config struct {
	Log *slog.Logger
	// Observe is told how each try went: done, failed or dead.
	Observe func(kind, outcome string, took time.Duration)
	// PollOnly avoids LISTEN on PostgreSQL, for PgBouncer in transaction mode.
	PollOnly bool
}

// Sink receives jobs and events instead of the queue; see jobstest.
type Sink interface {
	Inserted(tx *db.Tx, kind string, payload []byte)
	Published(tx *db.Tx, e Event)
}

// Client inserts jobs and publishes events; after Start it also works on them. Safe for concurrent use.
type Client struct {
	reg  *Registry
	cfg  Config
	d    *db.DB
	sink Sink
	lite *river.Client[*sql.Tx]
	pg   *river.Client[pgx.Tx]
	work working
}

// working is the part of a started queue that the engines share.
type working interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// New makes a Client that inserts only. The registry may still be filled until Start or the first insert.
func New(d *db.DB, reg *Registry, cfg Config) (*Client, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	reg.observe = cfg.Observe
	c := &Client{reg: reg, cfg: cfg, d: d}
	var err error
	rc := c.riverConfig()
	if d.Dialect() == db.Postgres {
		c.pg, err = newRiver[pgx.Tx](riverpgxv5.New(d.Pool()), rc)
	} else {
		c.lite, err = newRiver[*sql.Tx](riversqlite.New(d.Writer()), rc)
	}
	return c, err
}

// NewSink makes a Client for tests whose jobs go to the sink.
func NewSink(reg *Registry, s Sink) *Client { return &Client{reg: reg, sink: s} }

// Registry gives the registry that the client was made with.
func (c *Client) Registry() *Registry { return c.reg }

func newRiver[T any](driver riverdriver.Driver[T], rc *river.Config) (*river.Client[T], error) {
	client, err := river.NewClient(driver, rc)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return client, nil
}

func (c *Client) riverConfig() *river.Config {
	return &river.Config{
		Logger:                      slog.New(quiet{c.cfg.Log.Handler()}),
		ErrorHandler:                reporter{c.cfg.Log},
		JobTimeout:                  defaultTimeout,
		MaxAttempts:                 defaultMaxAttempts,
		RescueStuckJobsAfter:        defaultTimeout + time.Minute,
		DiscardedJobRetentionPeriod: 90 * 24 * time.Hour,
		CancelledJobRetentionPeriod: 90 * 24 * time.Hour,
		PollOnly:                    c.cfg.PollOnly,
	}
}

// Start begins to work. ctx ends the work at once when cancelled; use Stop for a graceful end.
func (c *Client) Start(ctx context.Context) error {
	if err := c.reg.Err(); err != nil {
		return err
	}
	rc := c.riverConfig()
	rc.Workers, rc.PeriodicJobs = c.reg.workers, c.reg.periodicJobs()
	if c.d.Dialect() == db.Postgres {
		rc.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 8}, longQueue: {MaxWorkers: 2}}
		client, err := newRiver[pgx.Tx](riverpgxv5.New(c.d.Pool()), rc)
		if err != nil {
			return err
		}
		c.work = client
	} else {
		rc.Queues = map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 4, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond},
			longQueue:          {MaxWorkers: 1, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 250 * time.Millisecond},
		}
		client, err := newRiver[*sql.Tx](riversqlite.New(c.d.Writer()), rc)
		if err != nil {
			return err
		}
		c.work = client
	}
	return c.work.Start(ctx)
}

// Stop lets running jobs finish until ctx ends, then cancels them; cancelled jobs are tried again later. Nothing is
// lost: what did not finish stays in the store.
func (c *Client) Stop(ctx context.Context) error {
	if c.work == nil {
		return nil
	}
	err := c.work.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = c.work.StopAndCancel(hard)
	}
	return err
}

// Insert adds a job within tx.
func (c *Client) Insert(ctx context.Context, tx *db.Tx, args Args) error {
	return c.InsertAt(ctx, tx, args, time.Time{})
}

// InsertAt adds a job that waits until at.
func (c *Client) InsertAt(ctx context.Context, tx *db.Tx, args Args, at time.Time) error {
	kind := args.Kind()
	if _, known := c.reg.handlers[kind]; !known && c.sink == nil {
		return fmt.Errorf("jobs: nobody works on %q", kind)
	}
	r, err := encode(kind, args)
	if err != nil {
		return err
	}
	if c.sink != nil {
		c.sink.Inserted(tx, kind, r.payload)
		return nil
	}
	opts := c.reg.insertOpts(kind)
	opts.ScheduledAt = at
	return c.insert(ctx, tx, []river.InsertManyParams{{Args: r, InsertOpts: opts}})
}

// Publish makes one job per subscriber of e within tx. Call it once per use-case call or batch (≤ 1,000 ids or a batch
// key), never once per row.
func (c *Client) Publish(ctx context.Context, tx *db.Tx, e Event) error {
	if c.sink != nil {
		c.sink.Published(tx, e)
		return nil
	}
	subs := c.reg.subs[e.EventKind()]
	if len(subs) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, 0, len(subs))
	for _, kind := range subs {
		r, err := encode(kind, e)
		if err != nil {
			return err
		}
		params = append(params, river.InsertManyParams{Args: r, InsertOpts: c.reg.insertOpts(kind)})
	}
	return c.insert(ctx, tx, params)
}

func (c *Client) insert(ctx context.Context, tx *db.Tx, params []river.InsertManyParams) error {
	var err error
	if c.pg != nil {
		_, err = c.pg.InsertManyTx(ctx, tx.PGX(), params)
	} else {
		_, err = c.lite.InsertManyTx(ctx, tx.SQL(), params)
	}
	if err != nil {
		return fmt.Errorf("jobs: insert: %w", err)
	}
	return nil
}

func (r *Registry) insertOpts(kind string) *river.InsertOpts {
	o := r.options[kind]
	opts := &river.InsertOpts{MaxAttempts: o.MaxAttempts}
	if o.Long {
		opts.Queue = longQueue
	}
	if o.Unique {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}
	}
	return opts
}

// periodicJobs are unique within their period, so a restart or a second process does not repeat them.
func (r *Registry) periodicJobs() []*river.PeriodicJob {
	list := make([]*river.PeriodicJob, 0, len(r.periodics))
	for _, p := range r.periodics {
		opts := r.insertOpts(p.kind)
		opts.UniqueOpts = river.UniqueOpts{ByPeriod: p.every}
		list = append(list, river.NewPeriodicJob(river.PeriodicInterval(p.every),
			func() (river.JobArgs, *river.InsertOpts) { return raw{kind: p.kind, payload: []byte("{}")}, opts },
			&river.PeriodicJobOpts{RunOnStart: true}))
	}
	return list
}

// quiet keeps the queue's own chatter out of the log: what is below a warning, and what a stop cut off.
type quiet struct{ slog.Handler }

// Enabled implements slog.Handler.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// Handle implements slog.Handler.
func (q quiet) Handle(ctx context.Context, r slog.Record) error {
	cut := false
	r.Attrs(func(a slog.Attr) bool {
		cut = cut || strings.Contains(a.Value.String(), context.Canceled.Error())
		return !cut
	})
	if cut {
		return nil
	}
	return q.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }
