package campaign

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/audit"
	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// RejectReason is why somebody rejected a proof.
type RejectReason string

// RejectReasons lists the reasons people give; the rules have their own.
func RejectReasons() []RejectReason {
	return []RejectReason{"not_mine", "wrong_platform", "outside_window", "no_hashtag", "off_brief", "too_alike", "risky", "bad_picture", "deleted", "wrong_form", "other"}
}

// claimFor is how long a proof is kept for who took it.
const claimFor = clock.Ms(10 * time.Minute / time.Millisecond)

// Shown is an assignment with the names a board shows.
type Shown struct {
	Assignment
	Task, Member, Unit, Account string
	Late                        bool
}

// ReviewRow is a proof in the queue.
type ReviewRow struct {
	Shown
	Campaign   string
	Submission Submission
	ClaimedBy  string
	ClaimedOwn bool
	ClaimUntil clock.Ms
}

// reviewPlace is where a page of the queue ends.
type reviewPlace struct {
	At clock.Ms
	ID id.ID
}

// ReviewFilter cuts the queue. State "" is what needs a look and what was appealed.
type ReviewFilter struct {
	Campaign, Task id.ID
	Unit           string
	State          Step
	After          reviewPlace
	Limit          int
}

// Reviews gives proofs that wait for somebody, longest waiting first.
func (s *Service) Reviews(ctx context.Context, actor authz.Actor, f ReviewFilter) ([]ReviewRow, error) {
	scope, err := s.Scopes.Scope(ctx, s.DB, actor, permReview, f.Unit)
	if err != nil {
		return nil, err
	}
	var a db.Args
	states := []Step{Look, Appealed}
	if f.State != "" {
		states = []Step{f.State}
	}
	w := `brand_id = ` + a.Add(actor.BrandID) + ` AND state IN ` + quoted(states)
	if f.State != Passed && f.State != Rejected { // SQLite takes a partial index only by its own words
		w += ` AND state IN ('submitted', 'look', 'appealed')`
	}
	w += ` AND ` + scope.Where("unit_id", &a)
	if f.Campaign != 0 {
		w += ` AND campaign_id = ` + a.Add(f.Campaign)
	}
	if f.Task != 0 {
		w += ` AND task_id = ` + a.Add(f.Task)
	}
	if f.After.ID != 0 {
		w += ` AND (changed_at, id) > (` + a.Add(int64(f.After.At)) + `, ` + a.Add(f.After.ID) + `)`
	}
	rows, err := db.All[Assignment](ctx, s.DB, `SELECT `+assignmentColumns+` FROM campaign_assignment WHERE `+w+` ORDER BY changed_at, id LIMIT `+a.Add(f.Limit), a.Values...)
	if err != nil {
		return nil, err
	}
	return s.reviewRows(ctx, actor, rows)
}

func (s *Service) reviewRows(ctx context.Context, actor authz.Actor, rows []Assignment) ([]ReviewRow, error) {
	shown, err := s.show(ctx, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	last, err := lastOf(ctx, s.DB, actor.BrandID, ids)
	if err != nil {
		return nil, err
	}
	titles, err := titlesOf(ctx, s.DB, actor.BrandID, rows)
	if err != nil {
		return nil, err
	}
	now := s.now()
	list := make([]Submission, 0, len(rows))
	for i := range rows {
		if x := last[rows[i].ID]; x != nil {
			list = append(list, *x)
		}
	}
	if err := s.figures(ctx, actor.BrandID, list); err != nil {
		return nil, err
	}
	by := map[id.ID]*Submission{}
	for i := range list {
		by[list[i].Assignment] = &list[i]
	}
	out := make([]ReviewRow, len(rows))
	for i := range rows {
		out[i] = ReviewRow{Shown: shown[i], Campaign: titles[rows[i].CampaignID]}
		x := by[rows[i].ID]
		if x == nil {
			continue
		}
		out[i].Submission = *x
		if x.ClaimedBy != 0 && x.ClaimUntil > now {
			out[i].ClaimedBy, out[i].ClaimedOwn, out[i].ClaimUntil = x.Claimer, x.ClaimedBy == actor.UserID, x.ClaimUntil
		}
	}
	return out, nil
}

func titlesOf(ctx context.Context, q db.Querier, brand id.ID, rows []Assignment) (map[id.ID]string, error) {
	var ids []id.ID
	for i := range rows {
		if !slices.Contains(ids, rows[i].CampaignID) {
			ids = append(ids, rows[i].CampaignID)
		}
	}
	type title struct {
		ID    id.ID  `db:"id"`
		Title string `db:"sent_title"`
	}
	var a db.Args
	list, err := db.All[title](ctx, q, `SELECT id, sent_title FROM campaign_campaign WHERE brand_id = `+a.Add(brand)+` AND id IN `+db.In(&a, ids), a.Values...)
	out := map[id.ID]string{}
	for _, t := range list {
		out[t.ID] = t.Title
	}
	return out, err
}

// reviewable reads an assignment that lies within the units the actor reviews. Errors: campaign.task_gone.
func (s *Service) reviewable(ctx context.Context, q db.Querier, actor authz.Actor, x id.ID) (Assignment, error) {
	a, err := getAssignment(ctx, q, actor.BrandID, x)
	if err != nil {
		return a, err
	}
	scope, err := s.Scopes.Scope(ctx, q, actor, permReview, "")
	if err != nil {
		return a, err
	}
	owns, err := s.owns(ctx, q, scope, a.UnitID)
	if err == nil && !owns {
		err = errs.New(errs.NotFound, "campaign.task_gone")
	}
	return a, err
}

// Looked is one assignment with all that was handed in.
type Looked struct {
	Row      ReviewRow
	Older    []Submission
	Brief    Brief
	Hashtags []string
	Evidence Evidence
	Fields   []FormField
	Alike    []Twin
}

// Twin is a text of the same campaign that resembles another.
type Twin struct {
	Assignment   id.ID
	Member, Unit string
	Text         string
	Percent      int
}

// ReviewOne gives one assignment with everything a reviewer looks at. Errors: campaign.task_gone.
func (s *Service) ReviewOne(ctx context.Context, actor authz.Actor, x id.ID) (*Looked, error) {
	a, err := s.reviewable(ctx, s.DB, actor, x)
	if err != nil {
		return nil, err
	}
	rows, err := s.reviewRows(ctx, actor, []Assignment{a})
	if err != nil {
		return nil, err
	}
	o, err := s.one(ctx, actor, a)
	if err != nil {
		return nil, err
	}
	all, err := s.submissions(ctx, actor.BrandID, a.ID)
	if err != nil {
		return nil, err
	}
	out := &Looked{Row: rows[0], Older: []Submission{}, Brief: o.Brief, Hashtags: o.Hashtags, Evidence: o.Own.Task.Evidence, Fields: full(o.Own.Task.Fields), Alike: []Twin{}}
	if len(all) > 1 {
		out.Older = all[1:]
	}
	if len(all) > 0 && all[0].Text != "" {
		out.Alike, err = s.showTwins(ctx, actor.BrandID, &all[0])
	}
	return out, err
}

func (s *Service) showTwins(ctx context.Context, brand id.ID, x *Submission) ([]Twin, error) {
	found, err := s.twins(ctx, brand, x, 5)
	if err != nil || len(found) == 0 {
		return []Twin{}, err
	}
	ids := make([]id.ID, len(found))
	for i, t := range found {
		ids[i] = t.assignment
	}
	rows, err := someAssignments(ctx, s.DB, brand, ids)
	if err != nil {
		return nil, err
	}
	shown, err := s.show(ctx, brand, rows)
	if err != nil {
		return nil, err
	}
	last, err := lastOf(ctx, s.DB, brand, ids)
	out := make([]Twin, 0, len(found))
	for _, t := range found {
		k := slices.IndexFunc(shown, func(r Shown) bool { return r.ID == t.assignment })
		if k < 0 || last[t.assignment] == nil {
			continue
		}
		out = append(out, Twin{t.assignment, shown[k].Member, shown[k].Unit, last[t.assignment].Text, int(t.score * 100)})
	}
	return out, err
}

// Claim keeps a proof for the actor for ten minutes. Errors: campaign.task_gone, campaign.claimed (by somebody else),
// campaign.decided.
func (s *Service) Claim(ctx context.Context, actor authz.Actor, x id.ID) (clock.Ms, error) {
	if _, err := s.reviewable(ctx, s.DB, actor, x); err != nil {
		return 0, err
	}
	until := s.now() + claimFor
	return until, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := lockAssignment(ctx, tx, actor.BrandID, x)
		if err != nil {
			return err
		}
		last, err := lastOf(ctx, tx, actor.BrandID, []id.ID{x})
		if err != nil {
			return err
		}
		sub := last[x]
		if sub == nil || a.State != Look && a.State != Submitted && a.State != Appealed {
			return errs.New(errs.Precondition, "campaign.decided")
		}
		if sub.ClaimedBy != 0 && sub.ClaimedBy != actor.UserID && sub.ClaimUntil > s.now() {
			return errs.New(errs.Conflict, "campaign.claimed", "by", sub.Claimer)
		}
		_, err = tx.Exec(ctx, `UPDATE campaign_submission SET claimed_by = $1, claimed_by_name = $2, claim_until = $3 WHERE brand_id = $4 AND id = $5`, actor.UserID, actor.Name, until, actor.BrandID, sub.ID)
		return err
	})
}

// Versioned is an assignment as it was read.
type Versioned struct {
	ID  id.ID
	Rev int
}

// Decision is what a reviewer says about proofs: pass or reject one, settle or deny an appeal.
type Decision struct {
	Items   []Versioned
	Verdict string
	Reason  RejectReason
	Note    string
}

// Skipped is a proof that was not decided, and why.
type Skipped struct {
	ID   id.ID
	Slug string
}

// check says what is missing, and gives the act.
func (d *Decision) check() (Act, error) {
	d.Note = strings.TrimSpace(d.Note)
	bad := errs.Bad()
	var act Act
	switch d.Verdict {
	case "pass":
		act = actPass
	case "reject":
		act = actReject
		if !slices.Contains(RejectReasons(), d.Reason) {
			bad.Field("reason", "campaign.reason_missing")
		}
		if d.Reason == "other" && d.Note == "" {
			bad.Field("note", "campaign.note_missing")
		}
	case "settle":
		act = actSettle
	case "deny":
		if act = actDeny; d.Note == "" {
			bad.Field("note", "campaign.note_missing")
		}
	default:
		bad.Field("verdict", "campaign.verdict")
	}
	return act, bad.OrNil()
}

// DecideProofs decides proofs one by one: what somebody else decided, took or changed meanwhile is skipped with the reason.
// Errors: campaign.reason_missing, campaign.note_missing.
func (s *Service) DecideProofs(ctx context.Context, actor authz.Actor, d Decision) (done int, skipped []Skipped, err error) {
	act, err := d.check()
	if err != nil {
		return 0, nil, err
	}
	skipped = []Skipped{}
	told := decidedBy{}
	for _, item := range d.Items {
		a, err := s.decideOne(ctx, actor, item, act, &d)
		switch code := errs.CodeOf(err); {
		case err == nil:
			done++
			told.add(&a)
		case code == errs.NotFound || code == errs.Precondition || code == errs.Conflict:
			skipped = append(skipped, Skipped{item.ID, errs.SlugOf(err)})
		default:
			return done, skipped, errors.Join(err, s.noteDecisions(ctx, actor, &d, told))
		}
	}
	return done, skipped, s.noteDecisions(ctx, actor, &d, told)
}

func (s *Service) decideOne(ctx context.Context, actor authz.Actor, item Versioned, act Act, d *Decision) (Assignment, error) {
	shown, err := s.reviewable(ctx, s.DB, actor, item.ID)
	if err != nil {
		return shown, err
	}
	return shown, s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := lockAssignment(ctx, tx, actor.BrandID, item.ID)
		if err != nil {
			return err
		}
		if a.MemberID == actor.MemberID && actor.MemberID != 0 {
			return errs.New(errs.Precondition, "campaign.own_proof")
		}
		last, err := lastOf(ctx, tx, actor.BrandID, []id.ID{a.ID})
		if err != nil {
			return err
		}
		x := last[a.ID]
		switch {
		case x == nil || moved(a.State, act) == "" || a.State == Given || a.State == Accepted || a.State == Declined:
			return errs.New(errs.Precondition, "campaign.decided")
		case a.Rev != item.Rev:
			return errs.New(errs.Precondition, "campaign.changed_meanwhile")
		case x.ClaimedBy != 0 && x.ClaimedBy != actor.UserID && x.ClaimUntil > s.now():
			return errs.New(errs.Conflict, "campaign.claimed", "by", x.Claimer)
		}
		return s.decided(ctx, tx, actor, &a, x, act, d)
	})
}

// decided writes a decision: proof, assignment, counts, links, evidence, and a word to the person.
func (s *Service) decided(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Assignment, x *Submission, act Act, d *Decision) error {
	reason := ""
	switch act {
	case actReject:
		reason = "campaign.reject_" + string(d.Reason)
	case actDeny:
		reason = a.Reason
	}
	before := a.State
	sums := deltas{}
	if err := (stepping{actor.BrandID, act, reason, s.now(), sums}).one(ctx, tx, a); err != nil {
		return err
	}
	if err := sums.apply(ctx, tx, s, actor.BrandID); err != nil {
		return err
	}
	x.State, x.Reason, x.Decision, x.DecidedBy, x.DecidedAt = a.State, reason, d.Note, actor.Name, s.now()
	if err := saveJudged(ctx, tx, actor.BrandID, x); err != nil {
		return err
	}
	if act == actReject || act == actDeny {
		if err := freeLinks(ctx, tx, actor.BrandID, a.ID); err != nil {
			return err
		}
	} else if free, err := claimLinks(ctx, tx, actor.BrandID, a.ID, x.keys()); err != nil {
		return err
	} else if !free { // handed in by another meanwhile: it cannot count twice
		return errs.New(errs.Precondition, "campaign.proof_taken")
	}
	body := map[string]any{
		"assignment": a.ID.String(), "submission": x.ID.String(), "from": string(before), "to": string(a.State), "reason": reason, "link": x.Link, "platform": x.Platform,
	}
	if err := s.Evidence.Append(ctx, tx, actor, Proven{Kind: "campaign.proof_" + d.Verdict, Object: a.CampaignID, UnitID: a.UnitID, Body: body, Texts: map[string]string{"note": d.Note}}); err != nil {
		return err
	}
	if act == actSettle {
		if err := s.settledEvent(ctx, tx, actor.BrandID, a.CampaignID, []id.ID{a.ID}); err != nil {
			return err
		}
	}
	entry := audit.Entry{Action: "campaign.proof_" + d.Verdict, UnitID: a.UnitID, Kind: "assignment", Object: a.ID, Counts: map[string]int64{"decided": 1}}
	if err := s.Audit.Write(ctx, tx, actor, entry); err != nil {
		return err
	}
	if before == Appealed {
		if err := s.Outbox.Settle(ctx, tx, actor.BrandID, []string{"appeal/" + a.ID.String()}); err != nil {
			return err
		}
	}
	return s.tellDecided(ctx, tx, actor.BrandID, a, d.Verdict)
}

// tellDecided lets the person know.
func (s *Service) tellDecided(ctx context.Context, tx *db.Tx, brand id.ID, a *Assignment, verdict string) error {
	people, err := s.People.Some(ctx, tx, brand, []id.ID{a.MemberID})
	if err != nil || len(people) == 0 || people[0].UserID == 0 {
		return err
	}
	tasks, err := someTasks(ctx, tx, brand, []id.ID{a.TaskID})
	if err != nil || tasks[a.TaskID] == nil {
		return err
	}
	return s.Outbox.Tell(ctx, tx, brand, Notice{
		Kind: noticeDecided, Key: a.ID.String() + "/" + revTag(a.Rev), Params: map[string]any{"task": tasks[a.TaskID].plan.Title, "verdict": verdict},
		Link: "/tasks/" + a.ID.String(), Users: []id.ID{people[0].UserID},
	})
}

// Appeal objects to a rejection, once. Errors: campaign.task_gone, campaign.cannot_step, campaign.appeal_note.
func (s *Service) Appeal(ctx context.Context, actor authz.Actor, x id.ID, note string) (Assignment, error) {
	if note = strings.TrimSpace(note); note == "" {
		return Assignment{}, errs.Bad().Field("note", "campaign.appeal_note")
	}
	a, err := s.own(ctx, s.DB, actor, x)
	if err != nil {
		return a, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if a, err = lockAssignment(ctx, tx, actor.BrandID, x); err != nil || a.State == Appealed {
			return err
		}
		last, err := lastOf(ctx, tx, actor.BrandID, []id.ID{x})
		if err != nil {
			return err
		}
		sub := last[x]
		if sub == nil {
			return errs.New(errs.Precondition, "campaign.cannot_step", "state", string(a.State))
		}
		sums := deltas{}
		if err := (stepping{actor.BrandID, actAppeal, a.Reason, s.now(), sums}).one(ctx, tx, &a); err != nil {
			return err
		}
		if err := sums.apply(ctx, tx, s, actor.BrandID); err != nil {
			return err
		}
		sub.State, sub.Appeal = Appealed, note
		if err := saveJudged(ctx, tx, actor.BrandID, sub); err != nil {
			return err
		}
		return s.Outbox.Ask(ctx, tx, actor.BrandID, Todo{
			Key: "appeal/" + x.String(), Object: x, UnitID: a.UnitID, DueDay: s.today(actor).Add(3), Slug: "campaign.todo_appeal", Params: map[string]any{"note": clip(note, 40)},
			Link: "/content/campaigns/reviews?state=appealed",
		})
	})
	return a, err
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
