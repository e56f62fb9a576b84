// Package jobstest stands in for the queue in tests: it records the events and jobs of committed transactions, and
// runs the handlers of a registry at once when asked.
package jobstest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"kosmos/internal/base/db"
	"kosmos/internal/base/jobs"
)

// Recorder is the sink of one test.
type Recorder struct {
	t       testing.TB
	mu      sync.Mutex
	events  []jobs.Event
	pending []job
	jobs    []job
	reg     *jobs.Registry
}

type job struct {
	kind    string
	payload []byte
}

// New makes a Recorder and the Client that feeds it. Rooms' Jobs functions may be called on Client.Registry().
func New(t testing.TB) (*Recorder, *jobs.Client) {
	r := &Recorder{t: t, reg: jobs.NewRegistry()}
	return r, jobs.NewSink(r.reg, r)
}

// Inserted implements jobs.Sink.
func (r *Recorder) Inserted(tx *db.Tx, kind string, payload []byte) {
	tx.AfterCommit(func() { r.add(job{kind, payload}) })
}

// Published implements jobs.Sink.
func (r *Recorder) Published(tx *db.Tx, e jobs.Event) {
	payload, err := json.Marshal(e)
	if err != nil {
		r.t.Errorf("event %s: %v", e.EventKind(), err)
	}
	tx.AfterCommit(func() {
		r.mu.Lock()
		r.events = append(r.events, e)
		r.mu.Unlock()
		for _, kind := range r.reg.Subscribers(e.EventKind()) {
			r.add(job{kind, payload})
		}
	})
}

func (r *Recorder) add(j job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending, r.jobs = append(r.pending, j), append(r.jobs, j)
}

// Events gives the events of type E that committed transactions published, in order.
func Events[E jobs.Event](r *Recorder) []E {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []E
	for _, e := range r.events {
		if x, ok := e.(E); ok {
			out = append(out, x)
		}
	}
	return out
}

// Kinds gives the kinds of all events published, in order.
func (r *Recorder) Kinds() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, e := range r.events {
		out = append(out, e.EventKind())
	}
	return out
}

// Jobs gives the arguments of all jobs of type T that were inserted, in order.
func Jobs[T jobs.Args](r *Recorder) []T {
	r.mu.Lock()
	defer r.mu.Unlock()
	var zero T
	var out []T
	for _, j := range r.jobs {
		if j.kind != zero.Kind() {
			continue
		}
		var args T
		if err := json.Unmarshal(j.payload, &args); err != nil {
			r.t.Errorf("job %s: %v", j.kind, err)
		}
		out = append(out, args)
	}
	return out
}

// Run does every job that waits, and those they make in turn, until none is left. It fails the test when a handler
// fails or is missing, and after 1,000 jobs.
func (r *Recorder) Run(ctx context.Context) {
	r.t.Helper()
	for n := 0; ; n++ {
		r.mu.Lock()
		if len(r.pending) == 0 {
			r.mu.Unlock()
			return
		}
		j := r.pending[0]
		r.pending = r.pending[1:]
		r.mu.Unlock()
		if n == 1000 {
			r.t.Fatal("jobstest: the jobs make ever more jobs")
		}
		r.do(ctx, j.kind, j.payload)
	}
}

// Do runs the handler of one kind, e.g. a periodic one, with no arguments.
func (r *Recorder) Do(ctx context.Context, kind string) {
	r.t.Helper()
	r.do(ctx, kind, []byte("{}"))
}

func (r *Recorder) do(ctx context.Context, kind string, payload []byte) {
	r.t.Helper()
	h, ok := r.reg.Handler(kind)
	if !ok {
		r.t.Fatalf("jobstest: nobody works on %s", kind)
	}
	if err := h(ctx, payload); err != nil {
		r.t.Fatal(fmt.Errorf("job %s: %w", kind, err))
	}
}
