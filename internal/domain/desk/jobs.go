package desk

import (
	"context"
	"errors"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/blob"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/base/jobs"
)

const (
	sweepEvery = 5 * time.Minute
	orderEvery = time.Minute
	sweepBatch = 200
	// leftBehind is when a picture that nobody handed in is deleted, and one that was not read is tried again.
	leftBehind = 48 * time.Hour
	stuckAfter = 20 * time.Minute
)

func (s *Service) register(r *jobs.Registry) {
	jobs.Work(r, jobs.Options{Timeout: readWhole, MaxAttempts: 4}, s.readPicture)
	jobs.Work(r, jobs.Options{}, s.recheck)
	jobs.Periodic(r, "desk.sweep", sweepEvery, s.Sweep)
	jobs.Periodic(r, "desk.order", orderEvery, s.Order)
	jobs.Periodic(r, "desk.rejudge", orderEvery, s.Rejudge)
}

// Sweep ends approvals whose time is over, tells reviewers of overdue submissions and takes up what was left behind, brand
// by brand; one brand's failure does not stop the others.
func (s *Service) Sweep(ctx context.Context) error {
	actors, err := s.People.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range actors {
		faults = append(faults, s.expire(ctx, a), s.remind(ctx, a), s.takeUp(ctx, a), s.forget(ctx, a))
	}
	return errors.Join(faults...)
}

func everything(brand id.ID) reach { return reach{units: &authz.Scope{BrandID: brand, All: true}} }

// expire ends approvals, each in a transaction of its own: the head of the evidence is never held for long.
func (s *Service) expire(ctx context.Context, actor authz.Actor) error {
	ids, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM desk_submission WHERE brand_id = $1 AND state = 'approved' AND expires_ms <= $2 ORDER BY id LIMIT $3`,
		actor.BrandID, int64(s.now()), sweepBatch)
	if err != nil {
		return err
	}
	for _, one := range ids {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			sub, err := lock(ctx, tx, actor.BrandID, one, everything(actor.BrandID))
			if err != nil || !allowed(sub.State, Expire) || sub.Expires > s.now() {
				return err
			}
			sub.State = Expired
			if err := save(ctx, tx, actor.BrandID, &sub); err != nil {
				return err
			}
			if err := s.Outbox.Settle(ctx, tx, actor.BrandID, TodoPublish, sub.ID); err != nil {
				return err
			}
			if err := s.tell(ctx, tx, actor.BrandID, &sub); err != nil {
				return err
			}
			return s.Evidence.Append(ctx, tx, actor.BrandID, Step{Unit: sub.UnitID, Kind: "desk.expired", Object: sub.ID, Actor: actor, Body: map[string]any{"version": sub.Version}})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// remind tells reviewers once of submissions that became overdue: who was named, or everybody who reviews.
func (s *Service) remind(ctx context.Context, actor authz.Actor) error {
	list, err := db.All[Submission](ctx, s.DB, `SELECT `+columns+` FROM desk_submission WHERE brand_id = $1 AND state = 'waiting' AND due_ms < $2 AND told = 0
		ORDER BY id LIMIT $3`, actor.BrandID, int64(s.now()), sweepBatch)
	if err != nil || len(list) == 0 {
		return err
	}
	set, err := s.settings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return err
	}
	reviewers, err := s.Reviewers(ctx, actor.BrandID, set)
	if err != nil {
		return err
	}
	counts := map[id.ID]int{}
	ids := make([]id.ID, len(list))
	for i, sub := range list {
		ids[i] = sub.ID
		if sub.AssignedTo != 0 {
			counts[sub.AssignedTo]++
			continue
		}
		for _, p := range reviewers {
			counts[p.ID]++
		}
	}
	hour := s.Clock.Now().In(zoneOf(actor)).Format("2006-01-02T15:04")
	var notices []Notice
	for who, n := range counts {
		notices = append(notices, Notice{UserID: who, Kind: noticeOverdue, Key: hour, Params: map[string]any{"n": n}, Link: "/content/desk?state=overdue"})
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var a db.Args
		_, err := tx.Exec(ctx, `UPDATE desk_submission SET told = 1 WHERE brand_id = `+a.Add(actor.BrandID)+` AND id IN `+db.In(&a, ids), a.Values...)
		if err != nil {
			return err
		}
		return s.Outbox.Tell(ctx, tx, actor.BrandID, notices...)
	})
}

// takeUp goes on with what a stopped program left behind: pictures that nobody read, submissions that nobody took up. A
// picture whose job gave up is unread; a person looks at it.
func (s *Service) takeUp(ctx context.Context, actor authz.Actor) error {
	before := int64(clock.MsOf(s.Clock.Now().Add(-stuckAfter)))
	_, err := s.DB.Exec(ctx, `UPDATE desk_picture SET state = $1, missing = $2 WHERE brand_id = $3 AND state = $4 AND made_ms < $5`,
		PictureUnread, "time", actor.BrandID, PictureNew, int64(clock.MsOf(s.Clock.Now().Add(-3*stuckAfter))))
	if err != nil {
		return err
	}
	ids, err := db.All[id.ID](ctx, s.DB, `SELECT id FROM desk_submission WHERE brand_id = $1 AND state = 'reading' AND submitted_ms < $2 ORDER BY id LIMIT $3`,
		actor.BrandID, before, sweepBatch)
	if err != nil {
		return err
	}
	for _, one := range ids {
		if err := s.recheck(ctx, recheckArgs{actor.BrandID, one}); err != nil {
			return err
		}
	}
	return nil
}

// forget deletes pictures that were uploaded and never handed in.
func (s *Service) forget(ctx context.Context, actor authz.Actor) error {
	old, err := db.All[Picture](ctx, s.DB, `SELECT `+pictureColumns+` FROM desk_picture WHERE brand_id = $1 AND submission_id IS NULL AND made_ms < $2
		ORDER BY id LIMIT $3`, actor.BrandID, int64(clock.MsOf(s.Clock.Now().Add(-leftBehind))), sweepBatch)
	if err != nil {
		return err
	}
	for _, p := range old {
		n, err := s.DB.Exec(ctx, `DELETE FROM desk_picture WHERE brand_id = $1 AND id = $2 AND submission_id IS NULL`, actor.BrandID, p.ID)
		if err != nil {
			return err
		}
		if n == 1 {
			if err := s.Blobs.Delete(ctx, blob.Key(p.Key)); err != nil {
				return err
			}
		}
	}
	return nil
}
