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
func (s *Service) change(ctx context.Context, actor authz.Actor, submission id.ID, fn func(ctx context.Context, tx *db.Tx, sub *Submission) (Step, error)) (sub Submission, err error) {
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if sub, err = lock(ctx, tx, actor.BrandID, submission, mine(actor)); err != nil {
			return missing(err)
		}
		step, err := fn(ctx, tx, &sub)
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
	return s.change(ctx, actor, submission, func(_ context.Context, _ *db.Tx, sub *Submission) (Step, error) {
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
	return s.change(ctx, actor, submission, func(ctx context.Context, tx *db.Tx, sub *Submission) (Step, error) {
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
		if err := insertLink(ctx, tx, actor.BrandID, sub.ID, Link{1, address, actor.UserID, actor.Name, s.now()}); err != nil {
			return Step{}, err
		}
		return Step{Kind: "desk.published", Body: map[string]any{"version": sub.Version, "link": address, "account": sub.AccountID.String(), "platform": sub.Platform}}, nil
	})
}

// CorrectLink puts another link in place of a wrong one. Only who pasted the present one may; every link that was pasted
// is kept. Errors: "desk.not_found", "desk.state_…", "desk.link_not_yours", "desk.link_often", field link "desk.link_bad".
func (s *Service) CorrectLink(ctx context.Context, actor authz.Actor, submission id.ID, pasted string) (Submission, error) {
	address := linkIn(pasted)
	return s.change(ctx, actor, submission, func(ctx context.Context, tx *db.Tx, sub *Submission) (Step, error) {
		if !allowed(sub.State, Correct) {
			return Step{}, errs.New(errs.Precondition, "desk.state_"+string(sub.State))
		}
		if address == "" {
			return Step{}, errs.Bad().Field("link", "desk.link_bad")
		}
		if sub.Link == address {
			return Step{}, nil // twice is once
		}
		links, err := selectLinks(ctx, tx, actor.BrandID, sub)
		if err != nil {
			return Step{}, err
		}
		last := links[len(links)-1]
		switch {
		case last.UserID != actor.UserID:
			return Step{}, errs.New(errs.Forbidden, "desk.link_not_yours", "name", last.By)
		case len(links) >= maxLinks:
			return Step{}, errs.New(errs.Precondition, "desk.link_often", "limit", maxLinks)
		}
		before := sub.Link
		sub.Link = address
		if last.N == 0 { // published before links were kept one by one
			last.N = 1
			if err := insertLink(ctx, tx, actor.BrandID, sub.ID, last); err != nil {
				return Step{}, err
			}
		}
		if err := insertLink(ctx, tx, actor.BrandID, sub.ID, Link{last.N + 1, address, actor.UserID, actor.Name, s.now()}); err != nil {
			return Step{}, err
		}
		return Step{Kind: "desk.link_corrected", Body: map[string]any{
			"version": sub.Version, "before": before, "link": address, "account": sub.AccountID.String(), "platform": sub.Platform,
		}}, nil
	})
}

// selectLinks reads the links of a published submission, oldest first. One that was published before links were kept has
// its only one, with N 0 and its author as who pasted it.
func selectLinks(ctx context.Context, q db.Querier, brand id.ID, sub *Submission) ([]Link, error) {
	list, err := db.All[Link](ctx, q, `SELECT n, link, user_id, by_name, at_ms FROM desk_link WHERE brand_id = $1 AND submission_id = $2 ORDER BY n`, brand, sub.ID)
	if err == nil && len(list) == 0 && sub.Link != "" {
		list = []Link{{0, sub.Link, sub.UserID, sub.Author, sub.Published}}
	}
	return list, err
}

func insertLink(ctx context.Context, tx *db.Tx, brand, submission id.ID, l Link) error {
	_, err := db.Insert(ctx, tx, "desk_link", []string{"brand_id", "submission_id", "n", "link", "user_id", "by_name", "at_ms"},
		[][]any{{brand, submission, l.N, l.Link, int64(l.UserID), l.By, int64(l.At)}}, "")
	return err
}
