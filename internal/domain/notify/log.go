package notify

import (
	"context"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// LogFilter cuts the delivery log; zero fields do not.
type LogFilter struct {
	Channel Channel
	State   State
	Kind    string
	Target  id.ID // a person or robot
	Unit    string
	Before  id.ID
	Limit   int
}

// Delivered is one line of the log.
type Delivered struct {
	delivery
	Name string // of the person or robot; "" when the robot was removed
}

// Log reads deliveries within the caller's units, newest first.
func (s *Service) Log(ctx context.Context, actor authz.Actor, f LogFilter) ([]Delivered, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permLog, f.Unit)
	if err != nil {
		return nil, err
	}
	in := logFilter{channel: f.Channel, state: f.State, kind: f.Kind, before: f.Before, limit: f.Limit}
	if f.Target != 0 {
		in.targets = []id.ID{f.Target}
	}
	rows, err := selectLog(ctx, s.DB, scope, in)
	if err != nil {
		return nil, err
	}
	var users []id.ID
	for _, r := range rows {
		if r.Channel != Robot {
			users = append(users, r.TargetID)
		}
	}
	names, err := s.People.Names(ctx, s.DB, actor.BrandID, users)
	if err != nil {
		return nil, err
	}
	robots, err := selectRobots(ctx, s.DB, actor.BrandID)
	if err != nil {
		return nil, err
	}
	called := map[id.ID]string{}
	for _, r := range robots {
		called[r.ID] = r.Name
	}
	out := make([]Delivered, len(rows))
	for i, r := range rows {
		out[i] = Delivered{r, names[r.TargetID]}
		if r.Channel == Robot {
			out[i].Name = called[r.TargetID]
		}
	}
	return out, nil
}

// logDays is the span of the log's summary.
const logDays = 7

// LogCounts counts the deliveries of the last seven days within the caller's units.
func (s *Service) LogCounts(ctx context.Context, actor authz.Actor, unit string) ([]StateCount, error) {
	scope, err := s.Units.Scope(ctx, s.DB, actor, permLog, unit)
	if err != nil {
		return nil, err
	}
	return countLog(ctx, s.DB, scope, clock.MsOf(s.Clock.Now().Add(-logDays*24*time.Hour)))
}

// Again queues deliveries once more that failed, were skipped or are unknown, within the caller's units; others stay as
// they are. It gives how many were queued.
func (s *Service) Again(ctx context.Context, actor authz.Actor, ids []id.ID) (int64, error) {
	var n int64
	err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		scope, err := s.Units.Scope(ctx, tx, actor, permRobots, "")
		if err != nil {
			return err
		}
		if n, err = requeue(ctx, tx, scope, ids, s.now()); err != nil || n == 0 {
			return err
		}
		return s.Audit.Write(ctx, tx, actor, audit.Entry{Action: "notify.again", Kind: "notify_delivery", Counts: map[string]int64{"queued": n}})
	})
	return n, err
}

// Sweep deletes old notices and deliveries, a batch per transaction.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	var after id.ID
	for {
		brands, err := selectBrands(ctx, s.DB, after)
		if err != nil || len(brands) == 0 {
			return err
		}
		for _, b := range brands {
			err := s.sweep(ctx, func(ctx context.Context, tx *db.Tx) (int64, error) {
				return deleteOld(ctx, tx, b, clock.MsOf(now.Add(-keepRead)), clock.MsOf(now.Add(-keepUnread)))
			})
			if err != nil {
				return err
			}
			err = s.sweep(ctx, func(ctx context.Context, tx *db.Tx) (int64, error) {
				return deleteLog(ctx, tx, b, clock.MsOf(now.Add(-keepLog)))
			})
			if err != nil {
				return err
			}
		}
		after = brands[len(brands)-1]
	}
}

func (s *Service) sweep(ctx context.Context, fn func(context.Context, *db.Tx) (int64, error)) error {
	for more := true; more; {
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			n, err := fn(ctx, tx)
			more = n > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
