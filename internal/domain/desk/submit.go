package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
)

// Submit hands in a text. The same key of the same person gives the submission that is there already. Errors: fields of
// checkDraft; "desk.account_unknown", "desk.picture_unknown".
func (s *Service) Submit(ctx context.Context, actor authz.Actor, d Draft) (Submission, error) {
	if d.Key != "" {
		if was, err := keyed(ctx, s.DB, actor.BrandID, actor.UserID, d.Key); !db.NoRows(err) {
			return was, err
		}
	}
	sub, err := s.place(ctx, actor, &d)
	if err != nil {
		return Submission{}, err
	}
	if err := checkDraft(d); err != nil {
		return Submission{}, err
	}
	sub.ID, sub.UserID, sub.Author, sub.Kind, sub.Version = s.IDs.New(), actor.UserID, actor.Name, d.Kind, 1
	if d.Key == "" {
		d.Key = "#" + sub.ID.String()
	}
	v, err := s.prepare(ctx, actor, &sub, handed{texts: d.Texts, media: d.Media, pictures: d.Pictures})
	if err != nil {
		return Submission{}, err
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.attach(ctx, tx, actor, &sub, v); err != nil {
			return err
		}
		fresh, err := insertSubmission(ctx, tx, actor.BrandID, &sub, d.Key)
		if err != nil {
			return err
		}
		if !fresh { // another request with the same key was faster
			sub, err = keyed(ctx, tx, actor.BrandID, actor.UserID, d.Key)
			return err
		}
		return s.settle(ctx, tx, actor, &sub)
	})
	return sub, err
}

// place finds whose text it is: the unit and member of the account, or of who hands in.
func (s *Service) place(ctx context.Context, actor authz.Actor, d *Draft) (Submission, error) {
	if d.AccountID == 0 {
		sub := Submission{MemberID: actor.MemberID, Platform: d.Platform}
		if roots, all := actor.Roots(permSubmit); actor.MemberID == 0 && !all && len(roots) > 0 {
			sub.UnitID = roots[0]
			return sub, nil
		}
		var err error
		sub.UnitID, err = s.People.HomeOf(ctx, s.DB, actor.BrandID, actor.MemberID)
		return sub, err
	}
	found, err := s.Accounts.Labels(ctx, s.DB, actor.BrandID, []id.ID{d.AccountID})
	if err != nil {
		return Submission{}, err
	}
	a, ok := found[d.AccountID]
	unknown := errs.Bad().Field("account_id", "desk.account_unknown")
	if !ok {
		return Submission{}, unknown
	}
	if actor.MemberID == 0 || a.MemberID != actor.MemberID {
		if !actor.Can(permSubmitFor) {
			return Submission{}, unknown
		}
		in, err := s.Accounts.InScope(ctx, s.DB, actor, permSubmitFor, []id.ID{a.ID})
		if err != nil {
			return Submission{}, err
		}
		if len(in) == 0 {
			return Submission{}, unknown
		}
	}
	d.Platform = a.Platform
	return Submission{UnitID: a.UnitID, MemberID: a.MemberID, AccountID: a.ID, Platform: a.Platform}, nil
}

// handed is the text of one version.
type handed struct {
	texts     []Text
	media     []Media
	pictures  []id.ID
	suggested bool  // a reviewer's own words, taken over unedited
	by        id.ID // the reviewer whose words they are
}

// tidy gives it the form in which it is stored.
func (h handed) tidy(kind string) handed {
	h.texts, h.media, h.pictures = tidy(kind, h.texts), append([]Media{}, h.media...), append([]id.ID{}, h.pictures...)
	slices.Sort(h.pictures)
	h.pictures = slices.Compact(h.pictures)
	return h
}

// same tells whether it is what the submission holds already.
func (h handed) same(sub *Submission) bool {
	h = h.tidy(sub.Kind)
	return encode(h.texts) == sub.Texts && encode(h.media) == sub.Media && encode(h.pictures) == sub.Pictures
}

// version is a text with everything that decides where it goes, gathered before the transaction.
type version struct {
	handed
	set     Settings
	verdict Verdict
	same    bool
	unread  bool // some pictures could not be read
	pending bool // some pictures are still to be read
}

// prepare fills the submission with a text and checks it. Nothing is written.
func (s *Service) prepare(ctx context.Context, actor authz.Actor, sub *Submission, h handed) (version, error) {
	h = h.tidy(sub.Kind)
	v := version{handed: h}
	var err error
	if v.set, err = s.settings(ctx, s.DB, actor.BrandID); err != nil {
		return v, err
	}
	sub.Texts, sub.Media, sub.Pictures, sub.Title = encode(h.texts), encode(h.media), encode(h.pictures), titleOf(h.texts)
	sub.Print = printOf(sub.Kind, sub.Platform, h.texts)
	return v, s.check(ctx, actor, sub, &v)
}

// check asks the rules about the text and about what was read in its pictures.
func (s *Service) check(ctx context.Context, actor authz.Actor, sub *Submission, v *version) error {
	pictures, err := selectPictures(ctx, s.DB, actor.BrandID, v.pictures)
	if err != nil {
		return err
	}
	texts := slices.Clone(v.texts)
	var codes []Finding
	for _, p := range pictures {
		v.pending = v.pending || p.State == PictureNew
		v.unread = v.unread || p.State == PictureUnread
		for _, t := range p.texts() {
			texts = append(texts, Text{fieldImage, t})
		}
		codes = append(codes, p.findings()...)
	}
	c := Checked{Platform: sub.Platform, Kind: sub.Kind, Day: clock.DayOf(s.Clock.Now(), zoneOf(actor))}
	if v.verdict, err = s.Rules.Check(ctx, actor.BrandID, texts, c); err != nil {
		return err
	}
	v.verdict.Findings = gravest(append(v.verdict.Findings, codes...))
	if len(codes) > 0 && levelOf(v.verdict.Verdict) < Medium {
		v.verdict.Verdict = "review"
	}
	if v.verdict.Findings == nil {
		v.verdict.Findings = []Finding{}
	}
	days := -v.set.ApprovalDays
	v.same, err = approvedBefore(ctx, s.DB, actor.BrandID, sub.Print, clock.MsOf(s.Clock.Now().AddDate(0, 0, days)), levelOf(v.verdict.Verdict), distinctRules(v.verdict.Findings))
	if err != nil || len(v.pictures)+len(v.media) > 0 {
		v.same = false // other pictures or videos are another submission
	}
	return err
}

// attach binds the pictures to the submission and decides where it goes. It looks at the pictures again under lock: one
// may have been read meanwhile, and the job that reads one sees that somebody waits for it.
func (s *Service) attach(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission, v version) error {
	states, err := bindPictures(ctx, tx, actor, sub, v.pictures)
	if err != nil {
		return err
	}
	if len(states) != len(v.pictures) {
		return errs.Bad().Field("pictures", "desk.picture_unknown")
	}
	// What was read since the check was not checked: the job settles it as if it were still to be read.
	pending := v.pending || slices.Contains(states, PictureNew)
	now := s.Clock.Now().In(zoneOf(actor))
	sub.Submitted, sub.Decided, sub.Decider, sub.Reason, sub.Suggestion, sub.Expires = clock.MsOf(now), 0, "", "", "[]", 0
	sub.Approvals, sub.First, sub.ClaimedBy, sub.Claimer, sub.ClaimedTo = 0, 0, 0, "", 0
	sub.Need, sub.Straight, sub.Sampled, sub.Due = 0, "", false, 0
	sub.judged(v.verdict)
	if pending {
		sub.State = Reading
		if !slices.Contains(states, PictureNew) {
			return s.Jobs.Insert(ctx, tx, recheckArgs{actor.BrandID, sub.ID})
		}
		return nil
	}
	s.route(sub, v, now)
	return nil
}

// route sets where a checked version goes.
func (s *Service) route(sub *Submission, v version, now time.Time) {
	p := planFor(v.set, sub.Level, func(percent int) bool { return sampled(sub.ID, sub.Version, percent) }, about{v.same, v.suggested, v.unread})
	sub.State, sub.Need, sub.Straight, sub.Sampled = p.state, p.need, p.straight, p.sampled
	sub.Due = clock.MsOf(v.set.due(now, v.set.Levels[sub.Level].Minutes))
	switch p.state {
	case Approved:
		sub.Decided, sub.Expires = clock.MsOf(now), approvalEnds(v.set, sub.Kind, now)
	case Blocked:
		sub.Decided = clock.MsOf(now)
	case Waiting:
		if v.suggested { // whose words they are has agreed already
			sub.Approvals, sub.First = 1, v.by
		}
	}
}

// settle writes the version as handed in by the actor, puts what came of it on its author's list and appends the check
// to the evidence. A version that is there already keeps the name of who handed it in.
func (s *Service) settle(ctx context.Context, tx *db.Tx, actor authz.Actor, sub *Submission) error {
	by, err := putVersion(ctx, tx, actor.BrandID, sub, actor.Name)
	if err != nil {
		return err
	}
	if sub.State == Reading {
		return nil // the check is not over
	}
	if err := s.follow(ctx, tx, actor.BrandID, sub); err != nil {
		return err
	}
	pictures, err := selectPictures(ctx, tx, actor.BrandID, decode[[]id.ID](sub.Pictures))
	if err != nil {
		return err
	}
	return s.Evidence.Append(ctx, tx, actor.BrandID, checkedStep(actor, sub, by, hashes(pictures)))
}

// checkedStep tells what was checked: texts and pictures by their hashes, so that nobody can put others in their place.
func checkedStep(actor authz.Actor, sub *Submission, by string, pictures []string) Step {
	texts := map[string]string{"author": by}
	for _, t := range decode[[]Text](sub.Texts) {
		texts["text_"+t.Field] = t.Text
	}
	type hit struct {
		Rule     string `json:"rule"`
		Field    string `json:"field"`
		Severity string `json:"severity"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
	}
	hits := []hit{}
	findings := decode[[]Finding](sub.Findings)
	for _, f := range findings {
		hits = append(hits, hit{f.Rule, f.Field, f.Severity, f.Start, f.End})
	}
	kind := map[State]string{Approved: "desk.passed", Waiting: "desk.queued", Blocked: "desk.blocked"}[sub.State]
	return Step{
		Unit: sub.UnitID, Kind: kind, Object: sub.ID, Actor: actor, Texts: texts,
		Body: map[string]any{
			"version": sub.Version, "kind": sub.Kind, "platform": sub.Platform, "account": sub.AccountID.String(), "verdict": sub.Verdict,
			"rules": sub.Pack, "findings": hits, "findings_more": moreOf(findings), "state": sub.State, "straight": sub.Straight, "sampled": sub.Sampled, "pictures": pictures,
		},
	}
}

// hashes lists the SHA-256 of pictures, in the order of the submission.
func hashes(list []Picture) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, p.SHA)
	}
	return out
}

// Resubmission is a new version of a submission.
type Resubmission struct {
	Version  int // the one it follows
	Texts    []Text
	Media    []Media
	Pictures []id.ID
}

// Resubmit hands in a new version: after changes were suggested, after a refusal, or because something that was approved
// is to be edited, which opens it again. Errors: as Submit; "desk.not_found", "desk.changed_meanwhile", "desk.state".
func (s *Service) Resubmit(ctx context.Context, actor authz.Actor, submission id.ID, in Resubmission) (Submission, error) {
	was, err := selectOne(ctx, s.DB, actor.BrandID, submission, mine(actor))
	if err != nil {
		return was, missing(err)
	}
	if err := checkDraft(Draft{Kind: was.Kind, Platform: was.Platform, Texts: in.Texts, Media: in.Media, Pictures: in.Pictures}); err != nil {
		return was, err
	}
	return s.resubmit(ctx, actor, was, in.Version, handed{texts: in.Texts, media: in.Media, pictures: in.Pictures})
}

// Accept takes a reviewer's suggestion over as it stands. Errors: "desk.no_suggestion" and as Resubmit.
func (s *Service) Accept(ctx context.Context, actor authz.Actor, submission id.ID, version int) (Submission, error) {
	was, err := selectOne(ctx, s.DB, actor.BrandID, submission, mine(actor))
	if err != nil {
		return was, missing(err)
	}
	suggestion := decode[[]Text](was.Suggestion)
	if was.State != Changes || len(suggestion) == 0 {
		if again, err := s.accepted(ctx, actor, was, version); again || err != nil {
			return was, err
		}
		return was, errs.New(errs.Precondition, "desk.no_suggestion")
	}
	reviews, err := selectReviews(ctx, s.DB, actor.BrandID, submission)
	if err != nil {
		return was, err
	}
	h := handed{texts: merge(was.Kind, decode[[]Text](was.Texts), suggestion), media: decode[[]Media](was.Media), pictures: decode[[]id.ID](was.Pictures), suggested: true}
	for _, r := range reviews {
		if r.Version == was.Version && r.Decision == Suggest {
			h.by = r.UserID
		}
	}
	return s.resubmit(ctx, actor, was, version, h)
}

// accepted tells whether the version was taken over already: the same tap twice.
func (s *Service) accepted(ctx context.Context, actor authz.Actor, was Submission, version int) (bool, error) {
	if was.Version != version+1 {
		return false, nil
	}
	reviews, err := selectReviews(ctx, s.DB, actor.BrandID, was.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(reviews, func(r Review) bool {
		return r.Version == version && r.Decision == Suggest && r.Suggestion != "[]" &&
			encode(merge(was.Kind, decode[[]Text](was.Texts), decode[[]Text](r.Suggestion))) == was.Texts
	}), nil
}

// merge lays suggested fields over a text.
func merge(kind string, texts, over []Text) []Text {
	by := map[string]string{}
	for _, list := range [][]Text{texts, over} {
		for _, t := range list {
			if strings.TrimSpace(t.Text) != "" {
				by[t.Field] = t.Text
			}
		}
	}
	out := []Text{}
	for _, f := range Fields(kind) {
		if by[f] != "" {
			out = append(out, Text{f, by[f]})
		}
	}
	return out
}

func (s *Service) resubmit(ctx context.Context, actor authz.Actor, was Submission, follows int, h handed) (Submission, error) {
	next := was
	next.Version = follows + 1
	if was.Version == follows+1 && !h.suggested && h.same(&was) {
		return was, nil // the same version twice
	}
	if was.Version != follows {
		return was, errs.New(errs.Conflict, "desk.changed_meanwhile")
	}
	if !allowed(was.State, Resubmit) {
		return was, errs.New(errs.Precondition, "desk.state_"+string(was.State))
	}
	v, err := s.prepare(ctx, actor, &next, h)
	if err != nil {
		return was, err
	}
	if v.verdict.Version != was.Pack && levelOf(v.verdict.Verdict) >= Medium {
		v.suggested = false // the reviewer's words, but under older rules
	}
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := lock(ctx, tx, actor.BrandID, was.ID, mine(actor))
		if err != nil {
			return missing(err)
		}
		if now.Version != was.Version || !allowed(now.State, Resubmit) {
			return errs.New(errs.Conflict, "desk.changed_meanwhile")
		}
		next.AssignedTo, next.Assignee = now.AssignedTo, now.Assignee
		if err := s.attach(ctx, tx, actor, &next, v); err != nil {
			return err
		}
		if err := save(ctx, tx, actor.BrandID, &next); err != nil {
			return err
		}
		for _, kind := range []string{TodoFix, TodoPublish} {
			if err := s.Outbox.Settle(ctx, tx, actor.BrandID, kind, was.ID); err != nil {
				return err
			}
		}
		return s.settle(ctx, tx, actor, &next)
	})
	return next, err
}
