package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// claimFor is how long a claim keeps others out unless it is renewed; the page renews it while it is open.
const claimFor = 5 * time.Minute

func decimal(n int) string { return strconv.Itoa(n) }

// Claim opens a submission for its reviewer: nobody else can decide it until the claim runs out. Claiming again renews
// it. Errors: "desk.not_found", "desk.claimed", "desk.decided", "desk.own_submission", "desk.no_reviewer".
func (s *Service) Claim(ctx context.Context, actor authz.Actor, submission id.ID) (sub Submission, err error) {
	return s.decide(ctx, actor, submission, func(_ context.Context, _ *db.Tx, sub *Submission, _ Settings) error {
		sub.ClaimedBy, sub.Claimer, sub.ClaimedTo = actor.UserID, actor.Name, clock.MsOf(s.Clock.Now().Add(claimFor))
		return nil
	})
}

// Release gives a claim back. Somebody else's claim stays.
func (s *Service) Release(ctx context.Context, actor authz.Actor, submission id.ID) error {
	_, err := s.DB.Exec(ctx, `UPDATE desk_submission SET claimed_by = NULL, claimed_name = '', claimed_ms = 0 WHERE brand_id = $1 AND id = $2 AND claimed_by = $3`,
		actor.BrandID, submission, actor.UserID)
	return err
}

// HandOver names who should decide, and tells them. Errors: as Claim; "desk.reviewer_unknown".
func (s *Service) HandOver(ctx context.Context, actor authz.Actor, submission, to id.ID, note string) (Submission, error) {
	set, err := s.settings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Submission{}, err
	}
	list, err := s.Reviewers(ctx, actor.BrandID, set)
	if err != nil {
		return Submission{}, err
	}
	var who Person
	for _, p := range list {
		if p.ID == to {
			who = p
		}
	}
	if who.ID == 0 {
		return Submission{}, errs.Bad().Field("user_id", "desk.reviewer_unknown")
	}
	return s.decide(ctx, actor, submission, func(ctx context.Context, tx *db.Tx, sub *Submission, _ Settings) error {
		if sub.UserID == who.ID {
			return errs.New(errs.Precondition, "desk.own_submission")
		}
		sub.AssignedTo, sub.Assignee, sub.ClaimedBy, sub.Claimer, sub.ClaimedTo = who.ID, who.Name, 0, "", 0
		return s.Outbox.Tell(ctx, tx, actor.BrandID, Notice{
			UserID: who.ID, Kind: noticeHanded, Key: sub.ID.String() + ":" + decimal(sub.Version) + ":" + s.IDs.New().String(), Link: "/content/desk/" + sub.ID.String(),
			Params: map[string]any{"title": sub.Title, "by": actor.Name, "note": note},
		})
	})
}

// Reviewers lists who may decide.
func (s *Service) Reviewers(ctx context.Context, brand id.ID, set Settings) ([]Person, error) {
	roles := []authz.Role{authz.Compliance, authz.BrandAdmin}
	if set.HQReviews {
		roles = append(roles, authz.HQOps)
	}
	return s.People.Holders(ctx, s.DB, brand, roles)
}

// decide locks a waiting submission for its reviewer and lets fn change it.
func (s *Service) decide(ctx context.Context, actor authz.Actor, submission id.ID, fn func(context.Context, *db.Tx, *Submission, Settings) error) (sub Submission, err error) {
	set, err := s.settings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return sub, err
	}
	scope, err := s.reviewScope(ctx, actor, set)
	if err != nil {
		return sub, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if sub, err = lock(ctx, tx, actor.BrandID, submission, reach{units: &scope}); err != nil {
			return missing(err)
		}
		if err := mayDecide(&sub, actor, s.now()); err != nil {
			return err
		}
		if err := fn(ctx, tx, &sub, set); err != nil {
			return err
		}
		return save(ctx, tx, actor.BrandID, &sub)
	})
	return sub, err
}

// mayDecide holds the rules of who decides what and when.
func mayDecide(sub *Submission, actor authz.Actor, now clock.Ms) error {
	switch {
	case actor.UserID == 0:
		return errs.New(errs.Precondition, "desk.no_person")
	case !allowed(sub.State, Decide):
		return errs.New(errs.Conflict, "desk.decided")
	case sub.UserID == actor.UserID || sub.MemberID != 0 && sub.MemberID == actor.MemberID:
		return errs.New(errs.Precondition, "desk.own_submission")
	case sub.ClaimedBy != 0 && sub.ClaimedBy != actor.UserID && sub.ClaimedTo > now:
		return errs.New(errs.Conflict, "desk.claimed", "name", sub.Claimer)
	}
	return nil
}

// Review decides. The same decision of the same person on the same version changes nothing. Errors: as Claim; fields
// reason and suggestion; "desk.changed_meanwhile", "desk.second_person".
func (s *Service) Review(ctx context.Context, actor authz.Actor, submission id.ID, d Decision) (Submission, error) {
	d.Reason = strings.TrimSpace(d.Reason)
	set, err := s.settings(ctx, s.DB, actor.BrandID)
	if err != nil {
		return Submission{}, err
	}
	scope, err := s.reviewScope(ctx, actor, set)
	if err != nil {
		return Submission{}, err
	}
	seen := reach{units: &scope}
	was, err := selectOne(ctx, s.DB, actor.BrandID, submission, seen)
	if err != nil {
		return was, missing(err)
	}
	if err := checkDecision(was.Kind, d); err != nil {
		return was, err
	}
	d.Suggestion = tidy(was.Kind, d.Suggestion)
	var sub Submission
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if sub, err = lock(ctx, tx, actor.BrandID, submission, seen); err != nil {
			return missing(err)
		}
		if again, err := s.again(ctx, tx, actor, &sub, d); again || err != nil {
			return err
		}
		if sub.Version != d.Version {
			return errs.New(errs.Conflict, "desk.changed_meanwhile")
		}
		if err := mayDecide(&sub, actor, s.now()); err != nil {
			return err
		}
		if d.Verb == Approve && sub.Approvals > 0 && sub.First == actor.UserID {
			return errs.New(errs.Precondition, "desk.second_person")
		}
		return s.apply(ctx, tx, actor, &sub, set, d)
	})
	return sub, err
}

// again tells whether this person decided this version like this before.
func (s *Service) again(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission, d Decision) (bool, error) {
	list, err := selectReviews(ctx, tx, actor.BrandID, sub.ID)
	if err != nil {
		return false, err
	}
	for _, r := range list {
		if r.UserID != actor.UserID || r.Version != d.Version {
			continue
		}
		if r.Decision == d.Verb && r.Reason == d.Reason {
			return true, nil
		}
		if sub.State == Waiting && sub.Version == r.Version {
			return false, errs.New(errs.Precondition, "desk.second_person")
		}
	}
	return false, nil
}

// apply writes a decision with everything that hangs on it.
func (s *Service) apply(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission, set Settings, d Decision) error {
	now := s.Clock.Now().In(zoneOf(actor))
	findings := decode[[]Finding](sub.Findings)
	r := Review{
		ID: s.IDs.New(), Submission: sub.ID, Version: sub.Version, UserID: actor.UserID, Reviewer: actor.Name, Decision: d.Verb, Reason: d.Reason,
		Suggestion: encode(d.Suggestion), Excerpt: sub.Title, Minutes: set.between(sub.Submitted.Time().In(zoneOf(actor)), now), Late: clock.MsOf(now) > sub.Due, At: clock.MsOf(now),
	}
	sub.ClaimedBy, sub.Claimer, sub.ClaimedTo = 0, "", 0
	switch d.Verb {
	case Approve:
		sub.Approvals++
		if sub.Approvals >= sub.Need {
			sub.State, sub.Expires = Approved, approvalEnds(set, sub.Kind, now)
		} else {
			sub.First = actor.UserID
		}
	case Suggest:
		sub.State, sub.Suggestion = Changes, r.Suggestion
	case Reject:
		sub.State = Rejected
	}
	sub.Reason = d.Reason
	if sub.State != Waiting {
		sub.Decided, sub.Decider = r.At, actor.Name
	}
	whole := sub.State == Approved && sub.Pictures == "[]"
	fresh, err := insertReview(ctx, tx, actor.BrandID, r, sub, whole)
	if err != nil {
		return err
	}
	if !fresh {
		return errs.New(errs.Conflict, "desk.changed_meanwhile")
	}
	if err := insertReviewRules(ctx, tx, actor.BrandID, r.ID, distinctRules(findings)); err != nil {
		return err
	}
	if err := s.Rules.Opine(ctx, tx, actor, sub.ID, known(d.Marks, findings)); err != nil {
		return err
	}
	if err := save(ctx, tx, actor.BrandID, sub); err != nil {
		return err
	}
	if sub.State != Waiting {
		if err := s.follow(ctx, tx, actor.BrandID, sub); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, actor.BrandID, sub); err != nil {
			return err
		}
	}
	return s.Evidence.Append(ctx, tx, actor.BrandID, reviewedStep(actor, sub, r, d))
}

func reviewedStep(actor authz.Actor, sub *Submission, r Review, d Decision) Step {
	texts := map[string]string{"reason": d.Reason}
	for _, t := range d.Suggestion {
		texts["suggestion_"+t.Field] = t.Text
	}
	type word struct {
		Rule  string `json:"rule"`
		Field string `json:"field"`
		Start int    `json:"start"`
		Right bool   `json:"right"`
	}
	marks := []word{}
	for _, m := range d.Marks {
		marks = append(marks, word{m.Rule, m.Field, m.Start, m.Right})
	}
	kind := map[State]string{Approved: "desk.approved", Waiting: "desk.agreed", Changes: "desk.suggested", Rejected: "desk.rejected"}[sub.State]
	return Step{
		Unit: sub.UnitID, Kind: kind, Object: sub.ID, Actor: actor, Texts: texts,
		Body: map[string]any{
			"version": r.Version, "decision": r.Decision, "state": sub.State, "approvals": sub.Approvals, "need": sub.Need, "late": r.Late, "minutes": r.Minutes, "marks": marks,
		},
	}
}

// known keeps the marks on findings that are there, and gives them the text of the finding.
func known(marks []Mark, findings []Finding) []Mark {
	out := []Mark{}
	for _, m := range marks {
		for _, f := range findings {
			if f.Rule == m.Rule && f.Field == m.Field && f.Start == m.Start && f.Rule != ruleCode {
				m.Text = f.Text
				out = append(out, m)
				break
			}
		}
	}
	return out
}

// Skipped is a submission that a bulk decision left alone, and why.
type Skipped struct {
	ID    id.ID
	Title string
	Err   error
}

// Seen is a submission in the version that its reviewer saw.
type Seen struct {
	ID      id.ID `json:"id"`
	Version int   `json:"version" minimum:"1" doc:"as the reviewer saw it"`
}

// Bulk decides many at once; what cannot be decided, or is another version than the reviewer saw, is left alone and
// named. Errors: those that concern all.
func (s *Service) Bulk(ctx context.Context, actor authz.Actor, items []Seen, d Decision) (done int, skipped []Skipped, err error) {
	d.Suggestion, d.Marks = nil, nil
	for _, one := range items {
		d.Version = one.Version
		sub, err := s.Review(ctx, actor, one.ID, d)
		switch code := errs.CodeOf(err); {
		case err == nil:
			done++
		case code == errs.Conflict || code == errs.Precondition || code == errs.NotFound:
			skipped = append(skipped, Skipped{one.ID, sub.Title, err})
		default:
			return done, skipped, err
		}
	}
	return done, skipped, nil
}
