package desk

import (
	"context"
	"errors"
	"slices"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
)

// Rejudge asks newer rules about what waits and about what was approved and is not out yet, brand by brand. What waits
// is shown to its reviewer as the rules see it now, and refused where they refuse it. An approval holds as long as the
// rules find nothing that its reviewer had not seen; else it is over, and the author hands in again.
func (s *Service) Rejudge(ctx context.Context) error {
	actors, err := s.People.SystemActors(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range actors {
		faults = append(faults, s.rejudge(ctx, a))
	}
	return errors.Join(faults...)
}

func (s *Service) rejudge(ctx context.Context, actor authz.Actor) error {
	now, err := s.Rules.Check(ctx, actor.BrandID, nil, Checked{Day: clock.DayOf(s.Clock.Now(), zoneOf(actor))})
	if err != nil {
		return err
	}
	for after := id.ID(0); ; {
		list, err := db.All[Submission](ctx, s.DB, `SELECT `+columns+` FROM desk_submission WHERE brand_id = $1 AND state IN ('waiting', 'approved') AND pack <> $2 AND id > $3
			ORDER BY id LIMIT $4`, actor.BrandID, now.Version, int64(after), sweepBatch)
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			if err := s.judgeAgain(ctx, actor, list[i]); err != nil {
				return err
			}
		}
		after = list[len(list)-1].ID
	}
}

// judgeAgain checks one submission. One that was decided, replaced or published meanwhile is left alone.
func (s *Service) judgeAgain(ctx context.Context, actor authz.Actor, was Submission) error {
	next := was
	v := version{handed: handed{texts: decode[[]Text](was.Texts), media: decode[[]Media](was.Media), pictures: decode[[]id.ID](was.Pictures)}}
	var err error
	if v.set, err = s.settings(ctx, s.DB, actor.BrandID); err != nil {
		return err
	}
	if err := s.check(ctx, actor, &next, &v); err != nil {
		return err
	}
	next.judged(v.verdict)
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := lock(ctx, tx, actor.BrandID, was.ID, everything(actor.BrandID))
		if err != nil || now.State != was.State || now.Version != was.Version || now.Pack != was.Pack || now.Approvals != was.Approvals {
			return err
		}
		// who works on it meanwhile keeps it
		next.ClaimedBy, next.Claimer, next.ClaimedTo, next.AssignedTo, next.Assignee = now.ClaimedBy, now.Claimer, now.ClaimedTo, now.AssignedTo, now.Assignee
		switch {
		case was.State == Approved && unseen(&was, &next):
			return s.endApproval(ctx, tx, actor, &next)
		case was.State == Approved || was.Findings == next.Findings && was.Level == next.Level:
			kept := now
			kept.Pack = next.Pack
			return save(ctx, tx, actor.BrandID, &kept)
		}
		return s.requeue(ctx, tx, actor, &next, v.set)
	})
}

// judged takes over what the rules say.
func (sub *Submission) judged(v Verdict) {
	sub.Verdict, sub.Level, sub.Score = v.Verdict, levelOf(v.Verdict), int(v.Score*1000)
	sub.Pack, sub.Findings = v.Version, encode(v.Findings)
	sub.Ranker, sub.Ranked = v.Ranked.Ranker, encode(v.Ranked)
	sub.Rank = rankOf(sub.Level, sub.Score, sub.Submitted)
}

// unseen tells whether the rules object to something that they did not object to, or not as gravely, when it was approved.
func unseen(was, now *Submission) bool {
	if now.Level < Medium {
		return false
	}
	known := distinctRules(decode[[]Finding](was.Findings))
	return now.Level > was.Level || slices.ContainsFunc(decode[[]Finding](now.Findings), func(f Finding) bool {
		return f.Severity != "low" && !slices.Contains(known, f.Rule)
	})
}

// endApproval ends an approval that newer rules object to, and tells the author.
func (s *Service) endApproval(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission) error {
	sub.State, sub.Expires = Expired, s.now()
	if err := save(ctx, tx, actor.BrandID, sub); err != nil {
		return err
	}
	if err := s.Outbox.Settle(ctx, tx, actor.BrandID, TodoPublish, sub.ID); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, actor.BrandID, sub); err != nil {
		return err
	}
	return s.Evidence.Append(ctx, tx, actor.BrandID, Step{
		Unit: sub.UnitID, Kind: "desk.expired", Object: sub.ID, Actor: actor,
		Body: map[string]any{"version": sub.Version, "rules": sub.Pack, "verdict": sub.Verdict, "objections": distinctRules(decode[[]Finding](sub.Findings))},
	})
}

// requeue puts what waits where the newer rules want it: before another number of people, due sooner, or refused. It
// never leaves the queue unread.
func (s *Service) requeue(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission, set Settings) error {
	now, rule := s.Clock.Now().In(zoneOf(actor)), set.Levels[sub.Level]
	sub.Due = min(sub.Due, clock.MsOf(set.due(now, rule.Minutes)))
	switch rule.Action {
	case ActionBlock:
		sub.State, sub.Decided, sub.ClaimedBy, sub.Claimer, sub.ClaimedTo = Blocked, clock.MsOf(now), 0, "", 0
	case ActionReview:
		sub.Need = max(sub.Need, rule.Reviewers)
	}
	if err := save(ctx, tx, actor.BrandID, sub); err != nil {
		return err
	}
	if sub.State == Blocked {
		if err := s.tell(ctx, tx, actor.BrandID, sub); err != nil {
			return err
		}
	}
	return s.settle(ctx, tx, actor, sub)
}
