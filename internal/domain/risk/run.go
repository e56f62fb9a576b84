package risk

import (
	"context"
	"encoding/json"
	"slices"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// The kinds of runs.
const (
	Rescan = "rescan"
	WhatIf = "whatif"
)

// The states of a run: running ⇄ paused → done, cancelled or failed.
const (
	Running   = "running"
	Paused    = "paused"
	Done      = "done"
	Cancelled = "cancelled"
	Failed    = "failed"
)

// Why a run was started.
const (
	causePublished = "published" // new rules
	causeFirst     = "first"     // nothing was ever looked at
	causeDated     = "dated"     // a rule's first or last day came
	causeShipped   = "shipped"   // the program brought newer rules to a brand that never published
	causeAsked     = "asked"     // by hand
	causeRanker    = "ranker"    // another ranker judges
)

// Question is what a what-if asks: the rules of a version (nil: the newest; -1: the draft) on another day or with other
// severities, over the posts of the last days.
type Question struct {
	Version    *int              `json:"version,omitempty"`
	At         clock.Day         `json:"at,omitempty"`
	Days       int               `json:"days"`
	Severities map[string]string `json:"severities,omitempty"` // category → severity
	Shipped    string            `json:"shipped,omitempty"`    // of a re-scan: fingerprint of the program's rules
}

// DraftVersion stands for the draft where a version is asked for.
const DraftVersion = -1

// Run is a walk over everything known.
type Run struct {
	ID         id.ID    `db:"id"`
	Kind       string   `db:"kind"`
	State      string   `db:"state"`
	Cause      string   `db:"cause"`
	Version    int      `db:"version"`
	Params     string   `db:"params"`
	Phase      Kind     `db:"phase"`
	Place      int64    `db:"place"`
	Slice      int      `db:"slice"`
	Total      int64    `db:"total"`
	Done       int64    `db:"done"`
	Changed    int64    `db:"changed"`
	Worse      int64    `db:"worse"`
	Better     int64    `db:"better"`
	Asked      int64    `db:"asked"` // texts the question was about: all, or the posts of a what-if's days
	WorkMs     int64    `db:"work_ms"`
	Fault      string   `db:"fault"`
	StartedAt  clock.Ms `db:"started_at"`
	StartedBy  string   `db:"started_by"`
	MovedAt    clock.Ms `db:"moved_at"`
	FinishedAt clock.Ms `db:"finished_at"`
}

func (r *Run) question() Question {
	var q Question
	_ = json.Unmarshal([]byte(r.Params), &q) // written by us
	return q
}

// walkJob works on a run for a while. Slice makes each job another one.
type walkJob struct {
	BrandID id.ID `json:"brand_id"`
	RunID   id.ID `json:"run_id"`
	Slice   int   `json:"slice"`
}

// Kind names the job.
func (walkJob) Kind() string { return "risk.walk" }

// whole refuses an actor whose grant does not reach over the whole brand: rules and runs are the brand's.
func (s *Service) whole(ctx context.Context, actor authz.Actor, permission string) error {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permission, "")
	if err == nil && !scope.All {
		err = errs.New(errs.Forbidden, "risk.whole_brand")
	}
	return err
}

// startRun begins a run within tx. A re-scan takes the place of one that is still under way.
func (s *Service) startRun(ctx context.Context, tx *db.Tx, actor authz.Actor, r Run) (id.ID, error) {
	now := s.now()
	r.ID, r.State, r.Phase, r.StartedAt, r.MovedAt = s.IDs.New(), Running, Post, now, now
	r.StartedBy = nameOf(actor)
	if r.Kind == Rescan {
		_, fingerprint, err := s.shippedNow()
		if err != nil {
			return 0, err
		}
		r.Params = `{"days":0,"shipped":"` + fingerprint + `"}`
		if _, err := tx.Exec(ctx, `UPDATE risk_run SET state = 'cancelled', fault = 'risk.run_replaced', finished_at = $1 WHERE brand_id = $2 AND kind = 'rescan' AND state IN ('running', 'paused')`,
			now, actor.BrandID); err != nil {
			return 0, err
		}
	}
	if err := insertRun(ctx, tx, actor.BrandID, &r); err != nil {
		return 0, err
	}
	return r.ID, s.Jobs.Insert(ctx, tx, walkJob{actor.BrandID, r.ID, 0})
}

// StartRescan looks at everything known again by the newest rules.
func (s *Service) StartRescan(ctx context.Context, actor authz.Actor) (id.ID, error) {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	head, err := headVersion(ctx, s.DB, actor.BrandID)
	if err != nil {
		return 0, err
	}
	return s.start(ctx, actor, Run{Kind: Rescan, Cause: causeAsked, Version: head})
}

// AskWhatIf begins a what-if. Errors: risk.days, risk.version_gone, risk.severity_unknown, those of compiling the draft.
func (s *Service) AskWhatIf(ctx context.Context, actor authz.Actor, q Question) (id.ID, error) {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return 0, err
	}
	bad := errs.Bad()
	if q.Days < 1 || q.Days > 730 {
		bad.Field("days", "risk.days")
	}
	for category, severity := range q.Severities {
		if !slices.Contains(Categories(), category) {
			bad.Field("severities."+category, "risk.unknown_category", "value", category)
		}
		if !validSeverity(severity) {
			bad.Field("severities."+category, "risk.severity_unknown", "value", severity)
		}
	}
	if err := bad.OrNil(); err != nil {
		return 0, err
	}
	if _, err := s.compileQuestion(ctx, actor.BrandID, q); err != nil {
		return 0, err
	}
	if q.Version == nil {
		head, err := headVersion(ctx, s.DB, actor.BrandID)
		if err != nil {
			return 0, err
		}
		q.Version = &head
	}
	raw, err := json.Marshal(q)
	if err != nil {
		return 0, err
	}
	return s.start(ctx, actor, Run{Kind: WhatIf, Cause: causeAsked, Version: *q.Version, Params: string(raw)})
}

func (s *Service) start(ctx context.Context, actor authz.Actor, r Run) (run id.ID, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if run, err = s.startRun(ctx, tx, actor, r); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "risk.run_started", Kind: "run", Object: run, Name: r.Kind})
	})
	return run, err
}

// The moves of a run by hand.
const (
	Pause  = "pause"
	Resume = "resume"
	Cancel = "cancel"
)

// MoveRun pauses, resumes or cancels a run. A paused run keeps its place. Error: risk.run_gone (no such run, or not in a
// state to be moved so).
func (s *Service) MoveRun(ctx context.Context, actor authz.Actor, run id.ID, move string) error {
	if err := s.whole(ctx, actor, permWrite); err != nil {
		return err
	}
	from, to := map[string]string{Pause: "'running'", Resume: "'paused', 'failed'", Cancel: "'running', 'paused', 'failed'"}[move],
		map[string]string{Pause: Paused, Resume: Running, Cancel: Cancelled}[move]
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := s.now()
		var finished clock.Ms
		if to == Cancelled {
			finished = now
		}
		n, err := tx.Exec(ctx, `UPDATE risk_run SET state = $1, moved_at = $2, finished_at = $3, fault = '', slice = slice + 1 WHERE brand_id = $4 AND id = $5 AND state IN (`+from+`)`,
			to, now, finished, actor.BrandID, run)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "risk.run_gone")
		}
		if to == Running {
			r, err := getRun(ctx, tx, actor.BrandID, run)
			if err != nil {
				return err
			}
			if err := s.Jobs.Insert(ctx, tx, walkJob{actor.BrandID, run, r.Slice}); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "risk.run_" + to, Kind: "run", Object: run})
	})
}

// Runs lists the newest runs.
func (s *Service) Runs(ctx context.Context, actor authz.Actor, limit int) ([]Run, error) {
	return db.All[Run](ctx, s.DB, "SELECT "+runCols+" FROM risk_run WHERE brand_id = $1 ORDER BY id DESC LIMIT $2", actor.BrandID, limit)
}

// GetRun reads a run. Error: risk.run_gone.
func (s *Service) GetRun(ctx context.Context, actor authz.Actor, run id.ID) (Run, error) {
	return getRun(ctx, s.DB, actor.BrandID, run)
}

const runCols = "id, kind, state, cause, version, params, phase, place, slice, total, done, changed, worse, better, asked, work_ms, fault, started_at, started_by, moved_at, finished_at"

func getRun(ctx context.Context, q db.Querier, brand, run id.ID) (Run, error) {
	r, err := db.One[Run](ctx, q, "SELECT "+runCols+" FROM risk_run WHERE brand_id = $1 AND id = $2", brand, run)
	if db.NoRows(err) {
		return r, errs.New(errs.NotFound, "risk.run_gone")
	}
	return r, err
}

func insertRun(ctx context.Context, tx *db.Tx, brand id.ID, r *Run) error {
	_, err := tx.Exec(ctx, `INSERT INTO risk_run (brand_id, id, kind, state, cause, version, params, phase, place, slice, total, done, changed, worse, better, asked, work_ms, fault, started_at, started_by, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', $9, $10, $11)`,
		brand, r.ID, r.Kind, r.State, r.Cause, r.Version, r.Params, string(r.Phase), r.StartedAt, r.StartedBy, r.MovedAt)
	return err
}
