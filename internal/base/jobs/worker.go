package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// raw carries the arguments of any kind as they stand in the job row, so that one worker type serves kinds that are
// only known at run time.
type raw struct {
	kind    string
	payload json.RawMessage
}

// Kind implements Args.
func (r raw) Kind() string { return r.kind }

// MarshalJSON writes the payload.
func (r raw) MarshalJSON() ([]byte, error) { return r.payload, nil }

// UnmarshalJSON keeps the payload.
func (r *raw) UnmarshalJSON(b []byte) error {
	r.payload = append(r.payload[:0], b...)
	return nil
}

func encode(kind string, args any) (raw, error) {
	payload, err := json.Marshal(args)
	if err != nil {
		return raw{}, fmt.Errorf("jobs: arguments of %s: %w", kind, err)
	}
	return raw{kind: kind, payload: payload}, nil
}

type worker struct {
	river.WorkerDefaults[raw]
	reg    *Registry
	kind   string
	opts   Options
	handle Handler
}

// Timeout ends one try.
func (w *worker) Timeout(*river.Job[raw]) time.Duration { return w.opts.Timeout }

// Work does the job and tells how it went.
func (w *worker) Work(ctx context.Context, job *river.Job[raw]) error {
	start := w.reg.now()
	outcome := "failed" // also after a panic, which River catches above us
	defer func() {
		if w.reg.observe != nil {
			w.reg.observe(w.kind, outcome, w.reg.now().Sub(start))
		}
	}()
	err := w.handle(ctx, job.Args.payload)
	var poison *river.JobCancelError
	switch {
	case err == nil:
		outcome = "done"
	case errors.As(err, &poison), job.Attempt >= job.MaxAttempts:
		outcome = "dead"
	}
	return err
}

// reporter logs failures once, at the edge.
type reporter struct{ log *slog.Logger }

// HandleError implements river.ErrorHandler.
func (r reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	level := slog.LevelWarn
	if job.Attempt >= job.MaxAttempts {
		level = slog.LevelError
	}
	r.log.Log(ctx, level, "job failed", "kind", job.Kind, "job", job.ID, "try", job.Attempt, "of", job.MaxAttempts, "err", err)
	return nil
}

// HandlePanic implements river.ErrorHandler; the job is tried again and becomes a dead letter in the end.
func (r reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, panicVal any, trace string) *river.ErrorHandlerResult {
	r.log.Log(ctx, slog.LevelError, "job panicked", "kind", job.Kind, "job", job.ID, "panic", fmt.Sprint(panicVal), "trace", trace)
	return nil
}
