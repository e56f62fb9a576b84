package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/riverqueue/river"
)

// Args are a job's arguments: ids only, with Kind "<room>.<verb>".
type Args = river.JobArgs

// Event is a fact of package event: Kind "<room>.<what_happened>".
type Event interface {
	EventKind() string
}

// Options bound how a kind of job runs. The zero value suits short work.
type Options struct {
	// Timeout ends a try; 2 minutes when zero.
	Timeout time.Duration
	// MaxAttempts is how often a job is tried before it is a dead letter; 8 (over about 80 minutes) when zero.
	MaxAttempts int
	// Long puts the job into the queue of long jobs.
	Long bool
	// Unique keeps one waiting job per arguments: inserting it again while one waits or runs does nothing.
	Unique bool
}

const (
	defaultTimeout     = 2 * time.Minute
	defaultMaxAttempts = 8
	longQueue          = "long"
)

// Handler runs one job from its encoded arguments.
type Handler func(ctx context.Context, payload []byte) error

type periodic struct {
	kind  string
	every time.Duration
}

// Registry collects what every room can do and wants to hear; it is complete before the Client starts. Faults (a kind
// declared twice, two subscribers of one room to one event) are kept and reported by Err.
type Registry struct {
	workers   *river.Workers
	handlers  map[string]Handler
	options   map[string]Options
	subs      map[string][]string // event kind → job kinds
	periodics []periodic
	observe   func(kind, outcome string, took time.Duration)
	now       func() time.Time
	errs      []error
}

// NewRegistry makes an empty Registry.
func NewRegistry() *Registry {
	return &Registry{
		workers: river.NewWorkers(), handlers: map[string]Handler{}, options: map[string]Options{},
		subs: map[string][]string{}, now: time.Now, //nolint:forbidigo // a stopwatch
	}
}

// Err tells every fault of the declarations at once.
func (r *Registry) Err() error { return errors.Join(r.errs...) }

// Kinds lists every kind of job in order, for the documentation and tests.
func (r *Registry) Kinds() []string {
	kinds := make([]string, 0, len(r.handlers))
	for k := range r.handlers {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Subscribers lists the job kinds that an event of this kind makes.
func (r *Registry) Subscribers(eventKind string) []string { return r.subs[eventKind] }

// Handler gives the handler of a job kind, for running jobs without a queue in tests.
func (r *Registry) Handler(kind string) (Handler, bool) {
	h, ok := r.handlers[kind]
	return h, ok
}

// Work declares how jobs of T are done.
func Work[T Args](r *Registry, o Options, fn func(ctx context.Context, args T) error) {
	var zero T
	kind := zero.Kind()
	handle := func(ctx context.Context, payload []byte) error {
		var args T
		if err := json.Unmarshal(payload, &args); err != nil {
			return Poison(fmt.Errorf("jobs: arguments of %s: %w", kind, err))
		}
		return fn(ctx, args)
	}
	r.add(kind, o, handle)
}

// Subscribe declares that room wants to hear of E. One subscription per room and event.
func Subscribe[E Event](r *Registry, room string, fn func(ctx context.Context, e E) error) {
	SubscribeWith(r, room, Options{}, fn)
}

// SubscribeWith is Subscribe with options.
func SubscribeWith[E Event](r *Registry, room string, o Options, fn func(ctx context.Context, e E) error) {
	var zero E
	event := zero.EventKind()
	kind := "event." + event + "." + room
	handle := func(ctx context.Context, payload []byte) error {
		var e E
		if err := json.Unmarshal(payload, &e); err != nil {
			return Poison(fmt.Errorf("jobs: event %s: %w", event, err))
		}
		return fn(ctx, e)
	}
	if !kindPattern.MatchString(event) {
		r.fault("jobs: %q is no event kind; it is <room>.<what_happened>", event)
	}
	r.add(kind, o, handle)
	r.subs[event] = append(r.subs[event], kind)
}

// Periodic declares work that is done once in every period by one process of the store, first at start-up when the
// current period has not seen it yet. Name is "<room>.<verb>".
func Periodic(r *Registry, name string, every time.Duration, fn func(ctx context.Context) error) {
	PeriodicWith(r, name, every, Options{}, fn)
}

// PeriodicWith is Periodic with options.
func PeriodicWith(r *Registry, name string, every time.Duration, o Options, fn func(ctx context.Context) error) {
	if every < time.Second {
		r.fault("jobs: %s: the period %s is under a second", name, every)
	}
	r.add(name, o, func(ctx context.Context, _ []byte) error { return fn(ctx) })
	r.periodics = append(r.periodics, periodic{kind: name, every: every})
}

var kindPattern = regexp.MustCompile(`^[a-z][a-z0-9]*\.[a-z][a-z0-9_]*$`)

// Poison marks a failure that no further try can mend: the job becomes a dead letter at once.
func Poison(err error) error { return river.JobCancel(err) }

func (r *Registry) add(kind string, o Options, h Handler) {
	if _, twice := r.handlers[kind]; twice {
		r.fault("jobs: %q is declared twice", kind)
		return
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxAttempts == 0 {
		o.MaxAttempts = defaultMaxAttempts
	}
	r.handlers[kind], r.options[kind] = h, o
	river.AddWorkerArgs(r.workers, raw{kind: kind}, &worker{reg: r, kind: kind, opts: o, handle: h})
}

func (r *Registry) fault(format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf(format, args...))
}
