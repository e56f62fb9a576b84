package desk

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Kinds of notices.
const (
	noticeHanded  = "desk.handed"
	noticeOverdue = "desk.overdue"
)

// Kinds of to-dos; they close by themselves.
const (
	TodoFix     = "desk.fix"
	TodoPublish = "desk.publish"
)

// NoticeKinds lists the kinds of notices that the room sends.
func NoticeKinds() []string {
	kinds := []string{noticeHanded, noticeOverdue}
	for _, s := range []State{Approved, Changes, Rejected, Blocked, Expired} {
		kinds = append(kinds, noticeOf(s))
	}
	return kinds
}

// noticeOf is the kind of the notice that tells the author what came of a submission.
func noticeOf(s State) string { return "desk." + string(s) }

// link is where the author follows a submission, on the console and on the phone.
func link(sub *Submission) string { return "/desk/mine/" + sub.ID.String() }

// follow puts what came of a version on its author's lists.
func (s *Service) follow(ctx context.Context, tx *db.Tx, brand id.ID, sub *Submission) error {
	if sub.UserID == 0 {
		return nil // handed in by a program
	}
	todo := Todo{
		Key: sub.ID.String() + ":" + decimal(sub.Version), Object: sub.ID, Unit: sub.UnitID, User: sub.UserID,
		Params: map[string]any{"title": sub.Title}, Link: link(sub),
	}
	switch sub.State {
	case Approved:
		todo.Kind, todo.Slug, todo.Due = TodoPublish, "desk.todo_publish", sub.Expires.Day(clock.Shanghai())
	case Changes, Rejected:
		todo.Kind, todo.Slug, todo.Due = TodoFix, "desk.todo_fix", clock.DayOf(s.Clock.Now(), clock.Shanghai()).Add(2)
	default:
		return nil
	}
	return s.Outbox.Ask(ctx, tx, brand, todo)
}

// tell sends the author what came of a version when somebody else, or a job, decided it.
func (s *Service) tell(ctx context.Context, tx *db.Tx, brand id.ID, sub *Submission) error {
	return s.Outbox.Tell(ctx, tx, brand, Notice{
		UserID: sub.UserID, Kind: noticeOf(sub.State), Key: sub.ID.String() + ":" + decimal(sub.Version), Link: link(sub),
		Params: map[string]any{"title": sub.Title, "reason": sub.Reason},
	})
}

// change locks a submission of the actor's own, lets fn change it and keeps what came of it.
func (s *Service) change(ctx context.Context, actor authz.Actor, submission id.ID, fn func(sub *Submission) (Step, error)) (sub Submission, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if sub, err = lock(ctx, tx, actor.BrandID, submission, mine(actor)); err != nil {
			return missing(err)
		}
		step, err := fn(&sub)
		if err != nil || step.Kind == "" {
			return err
		}
		if err := save(ctx, tx, actor.BrandID, &sub); err != nil {
			return err
		}
		for _, kind := range []string{TodoFix, TodoPublish} {
			if err := s.Outbox.Settle(ctx, tx, actor.BrandID, kind, sub.ID); err != nil {
				return err
			}
		}
		step.Unit, step.Object, step.Actor = sub.UnitID, sub.ID, actor
		return s.Evidence.Append(ctx, tx, actor.BrandID, step)
	})
	return sub, err
}

// Withdraw takes a submission back. Errors: "desk.not_found", "desk.state_…".
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, submission id.ID) (Submission, error) {
	return s.change(ctx, actor, submission, func(sub *Submission) (Step, error) {
		if sub.State == Withdrawn {
			return Step{}, nil // twice is once
		}
		if !allowed(sub.State, Withdraw) {
			return Step{}, errs.New(errs.Precondition, "desk.state_"+string(sub.State))
		}
		was := sub.State
		sub.State, sub.ClaimedBy, sub.Claimer, sub.ClaimedTo = Withdrawn, 0, "", 0
		return Step{Kind: "desk.withdrawn", Body: map[string]any{"version": sub.Version, "was": was}}, nil
	})
}

// Publish notes that an approved text went out, with the link that the platform gave. Errors: "desk.not_found",
// "desk.state_…", field link "desk.link_bad".
func (s *Service) Publish(ctx context.Context, actor authz.Actor, submission id.ID, pasted string) (Submission, error) {
	address := linkIn(pasted)
	return s.change(ctx, actor, submission, func(sub *Submission) (Step, error) {
		if sub.State == Published && sub.Link == address {
			return Step{}, nil // twice is once
		}
		if !allowed(sub.State, Publish) {
			return Step{}, errs.New(errs.Precondition, "desk.state_"+string(sub.State))
		}
		if address == "" {
			return Step{}, errs.Bad().Field("link", "desk.link_bad")
		}
		if s.now() >= sub.Expires {
			return Step{}, errs.New(errs.Precondition, "desk.state_expired")
		}
		sub.State, sub.Published, sub.Link = Published, s.now(), address
		return Step{Kind: "desk.published", Body: map[string]any{"version": sub.Version, "link": address, "account": sub.AccountID.String(), "platform": sub.Platform}}, nil
	})
}
