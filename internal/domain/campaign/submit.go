package campaign

import (
	"context"
	"slices"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/proof"
	"kosmos/internal/scan/link"
)

// Proof is what a person hands in. The same Key is the same proof, however often it arrives.
type Proof struct {
	Key      string
	Link     string // an address, or what an app shares
	PostID   id.ID  // one of the own imported posts
	Text     string
	Pictures []id.ID
	Images   [][]byte // screenshots that come with the proof itself: a phone without a network can send both in one go
	Form     map[string]string
	Answer   *int
	Note     string
}

// maxKey bounds keys; what the phone sends is a UUID.
const maxKey = 100

// Submit takes a proof in and judges it at once: passed, needs a look, rejected, or submitted while figures have to show it.
// Errors: campaign.task_gone, campaign.closed, campaign.cannot_step, campaign.post_gone, campaign.picture_gone, campaign.empty, those of AddPicture.
func (s *Service) Submit(ctx context.Context, actor authz.Actor, assignment id.ID, p Proof) (Submission, error) {
	a, err := s.own(ctx, s.DB, actor, assignment)
	if err != nil {
		return Submission{}, err
	}
	if p.Key == "" {
		p.Key = s.IDs.New().String()
	} else if len(p.Key) > maxKey {
		p.Key = p.Key[:maxKey]
	}
	if old, err := byKey(ctx, s.DB, actor.BrandID, assignment, p.Key); err == nil || !db.NoRows(err) {
		return old, err
	}
	o, err := s.one(ctx, actor, a)
	if err != nil {
		return Submission{}, err
	}
	if !o.Running {
		return Submission{}, errs.New(errs.Precondition, "campaign.closed")
	}
	for _, data := range p.Images {
		picture, err := s.AddPicture(ctx, actor, assignment, data)
		if err != nil {
			return Submission{}, err
		}
		p.Pictures = append(p.Pictures, picture)
	}
	f, err := s.gather(ctx, actor, o, p)
	if err != nil {
		return Submission{}, err
	}
	var x Submission
	err = s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err = s.hand(ctx, tx, actor, f)
		return err
	})
	return x, err
}

// facts are what a proof is judged by.
type facts struct {
	one   *One
	asked proof.Asked
	given proof.Given
	items []Use // of the library, as they would be used
	x     Submission
}

// gather reads everything a proof is judged by, outside any transaction.
func (s *Service) gather(ctx context.Context, actor authz.Actor, o *One, p Proof) (*facts, error) {
	a := &o.Own.Assignment
	f := &facts{one: o, x: Submission{
		Assignment: a.ID, CampaignID: a.CampaignID, AccountID: a.AccountID, UnitID: a.UnitID, Key: p.Key, At: s.now(), Platform: a.Platform, Text: strings.TrimSpace(p.Text),
		Note: strings.TrimSpace(p.Note), Answer: p.Answer, Form: p.Form, Pictures: full(p.Pictures),
	}}
	if p.Link == "" && p.PostID == 0 && len(p.Pictures) == 0 && len(p.Form) == 0 && p.Answer == nil && f.x.Text == "" {
		return nil, errs.Bad().Field("link", "campaign.empty")
	}
	var err error
	if f.asked, err = s.asked(ctx, actor.BrandID, o); err != nil {
		return nil, err
	}
	f.given = proof.Given{Text: f.x.Text, Pictures: len(p.Pictures), Answer: p.Answer, Form: p.Form, At: f.x.At}
	if err := s.findPost(ctx, actor, f, p); err != nil {
		return nil, err
	}
	if len(p.Pictures) > 0 {
		if f.given.Reused, err = s.checkPictures(ctx, actor.BrandID, a.ID, p.Pictures); err != nil {
			return nil, err
		}
	}
	return f, s.weigh(ctx, actor, f)
}

// asked is what a task asks, for the rules.
func (s *Service) asked(ctx context.Context, brand id.ID, o *One) (proof.Asked, error) {
	t, a := &o.Own.Task, &o.Own.Assignment
	e := t.Evidence
	out := proof.Asked{
		Link: e.Link, Hashtag: e.Hashtag, Form: e.Form, Question: e.Question, ByHand: e.ByHand, Screenshots: e.Screenshots, Publishes: t.Type.Publishes(),
		Platform: a.Platform, AccountID: a.AccountID, From: o.Plan.StartsAt, To: o.Plan.EndsAt, DueAt: a.DueAt, Tags: o.Hashtags, Right: o.Brief.Question.Right,
		Fields: make([]proof.Field, len(t.Fields)), Similar: 1,
	}
	m, err := s.measure(ctx, brand, o.Plan.Similar, s.now().Day(clock.Shanghai()))
	if err != nil {
		return out, err
	}
	if m.set.Submitted != GuardOff {
		most, _ := m.of(a.Platform, t.contentKind())
		out.Similar, out.Refuse = most.Most, m.set.Submitted == GuardReject
	}
	for i, f := range t.Fields {
		out.Fields[i] = proof.Field{Key: f.Key, Kind: f.Kind, Options: f.Options, Required: f.Required}
	}
	if a.AccountID == 0 {
		return out, nil
	}
	owned, err := s.Accounts.Some(ctx, s.DB, brand, []id.ID{a.AccountID})
	if err != nil || len(owned) != 1 {
		return out, err
	}
	out.ExternalID = owned[0].ExternalID
	if out.Place = e.Place && t.Type.Publishes(); !out.Place {
		return out, nil
	}
	units, err := s.Units.Describe(ctx, s.DB, brand, []id.ID{a.UnitID})
	out.Places = slices.DeleteFunc([]string{owned[0].Place, units[a.UnitID].Name}, func(p string) bool { return p == "" })
	return out, err
}

// findPost reads the link, and the imported post it is of where that is known.
func (s *Service) findPost(ctx context.Context, actor authz.Actor, f *facts, p Proof) error {
	if p.PostID != 0 {
		posts, err := s.Posts.Some(ctx, s.DB, actor.BrandID, []id.ID{p.PostID})
		if err != nil {
			return err
		}
		if len(posts) == 0 || posts[0].AccountID != f.x.AccountID {
			return errs.Bad().Field("post_id", "campaign.post_gone")
		}
		f.given.Picked = true
		f.bind(&posts[0])
		f.x.Link = posts[0].URL
		f.given.Link = link.Parse(posts[0].URL)
		f.x.LinkKey = f.given.Link.Key()
		return nil
	}
	l := link.Parse(p.Link)
	f.given.Link, f.x.Link, f.x.LinkKey, f.x.ExternalID = l, l.URL, l.Key(), l.ID
	if l.ID == "" || l.Platform == "" {
		return nil
	}
	post, ok, err := s.Posts.ByExternal(ctx, s.DB, actor.BrandID, l.Platform, l.ID)
	if err == nil && ok {
		f.bind(&post)
	}
	return err
}

// bind takes an imported post as the one that was handed in.
func (f *facts) bind(p *Post) {
	f.given.Post = &proof.Post{ID: p.ID, AccountID: p.AccountID, Title: p.Title, PublishedAt: p.PublishedAt, DayOnly: p.DayOnly, Live: p.Live}
	f.x.PostID, f.x.PostTitle, f.x.PublishedAt = p.ID, p.Title, p.PublishedAt
	if f.x.ExternalID == "" {
		f.x.ExternalID = p.ExternalID
	}
}

// weigh asks the rules of risk, looks for texts of the campaign that resemble it, and for what it used of the library.
func (s *Service) weigh(ctx context.Context, actor authz.Actor, f *facts) error {
	if err := s.uses(ctx, actor.BrandID, f); err != nil {
		return err
	}
	texts := []FieldText{}
	if f.x.Text != "" {
		texts = append(texts, FieldText{"body", f.x.Text})
	}
	if f.x.PostTitle != "" {
		texts = append(texts, FieldText{"title", f.x.PostTitle})
	}
	if len(texts) == 0 {
		return nil
	}
	v, err := s.Rules.Check(ctx, actor.BrandID, texts, f.x.Platform, s.today(actor))
	if err != nil {
		return err
	}
	f.given.Verdict = v.Verdict
	if f.x.Text != "" {
		f.given.Alike, err = s.alike(ctx, actor.BrandID, &f.x)
	}
	return err
}

// hand writes a proof within its transaction, judged with what only the transaction knows: whether the link is free.
func (s *Service) hand(ctx context.Context, tx *db.Tx, actor authz.Actor, f *facts) (Submission, error) {
	a, err := lockAssignment(ctx, tx, actor.BrandID, f.x.Assignment)
	if err != nil {
		return Submission{}, err
	}
	if old, err := byKey(ctx, tx, actor.BrandID, a.ID, f.x.Key); err == nil || !db.NoRows(err) { // the same tap, twice at once
		return old, err
	}
	if !handsIn(a.State) {
		return Submission{}, errs.New(errs.Precondition, "campaign.cannot_step", "state", string(a.State))
	}
	before, err := submissionsOf(ctx, tx, actor.BrandID, a.ID)
	if err != nil {
		return Submission{}, err
	}
	f.x.ID, f.x.No = s.IDs.New(), len(before)+1
	if f.given.Taken, err = taken(ctx, tx, actor.BrandID, a.ID, f.x.keys()); err != nil {
		return Submission{}, err
	}
	if len(before) > 0 { // a new proof stands in place of the last one
		if err := freeLinks(ctx, tx, actor.BrandID, a.ID); err != nil {
			return Submission{}, err
		}
	}
	if err := s.judgeIn(ctx, tx, actor, &a, f); err != nil {
		return Submission{}, err
	}
	return f.x, insertSubmission(ctx, tx, actor.BrandID, &f.x)
}

// judgeIn runs the rules, claims the links of what is not rejected, and moves the assignment.
func (s *Service) judgeIn(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Assignment, f *facts) error {
	verdict := f.run()
	if verdict != proof.Fail {
		free, err := claimLinks(ctx, tx, actor.BrandID, a.ID, f.x.keys())
		if err != nil {
			return err
		}
		if !free { // somebody was faster by a moment
			f.given.Taken = true
			f.run()
			if err := freeLinks(ctx, tx, actor.BrandID, a.ID); err != nil {
				return err
			}
		}
	}
	act := actOf(f.x.State)
	sums := deltas{}
	if moved(a.State, act) != a.State {
		if err := (stepping{actor.BrandID, act, f.x.Reason, s.now(), sums}).one(ctx, tx, a); err != nil {
			return err
		}
		if err := sums.apply(ctx, tx, s, actor.BrandID); err != nil {
			return err
		}
	} else if err := touch(ctx, tx, actor.BrandID, a, f.x.Reason, s.now()); err != nil {
		return err
	}
	if f.x.State != Passed || len(f.items) == 0 {
		return nil
	}
	return s.Materials.Used(ctx, tx, actor.BrandID, f.items)
}

// run judges and keeps what was found.
func (f *facts) run() proof.Result {
	f.x.Checks = proof.Run(&f.asked, &f.given)
	result, at := proof.Outcome(f.x.Checks)
	f.x.Reason = ""
	if at != nil && result != proof.Pass {
		f.x.Reason = at.Slug
	}
	f.x.State = map[proof.Result]Step{proof.Pass: Passed, proof.Wait: Submitted, proof.Look: Look, proof.Fail: Rejected}[result]
	return result
}

func actOf(s Step) Act {
	return map[Step]Act{Passed: actPass, Submitted: actWait, Look: actDoubt, Rejected: actReject, Settled: actSettle, Denied: actDeny}[s]
}

// touch notes that something new came in where the state stays.
func touch(ctx context.Context, tx *db.Tx, brand id.ID, a *Assignment, reason string, at clock.Ms) error {
	_, err := tx.Exec(ctx, `UPDATE campaign_assignment SET reason = $1, changed_at = $2, rev = rev + 1 WHERE brand_id = $3 AND id = $4`, reason, at, brand, a.ID)
	a.Rev++
	return err
}

// uses lists the items of the library a proof made use of, in their present versions.
func (s *Service) uses(ctx context.Context, brand id.ID, f *facts) error {
	t, a := &f.one.Own.Task, &f.one.Own.Assignment
	ids := append(slices.Clone(f.one.Plan.Materials), t.Materials...)
	if t.Template != 0 {
		ids = append(ids, t.Template)
	}
	if len(ids) == 0 {
		return nil
	}
	ids = unique(ids)
	found, err := s.Materials.Describe(ctx, s.DB, brand, ids)
	for _, x := range ids {
		if m, ok := found[x]; ok {
			f.items = append(f.items, Use{ItemID: x, Version: m.Version, MemberID: a.MemberID, AccountID: a.AccountID, UnitID: a.UnitID, Ref: a.ID, PostID: f.x.PostID})
		}
	}
	return err
}

func byKey(ctx context.Context, q db.Querier, brand, assignment id.ID, key string) (Submission, error) {
	x, err := db.One[Submission](ctx, q, `SELECT `+submissionColumns+` FROM campaign_submission WHERE brand_id = $1 AND assignment_id = $2 AND send_key = $3`, brand, assignment, key)
	if err == nil {
		err = x.read()
	}
	return x, err
}

// TriedLink is what a pasted text is. Problem is a slug, "" when all is well.
type TriedLink struct {
	Found, Short, Fits             bool
	Platform, URL, PostID, Problem string
}

// TryLink tells what a pasted text is, before it is handed in. Errors: campaign.task_gone.
func (s *Service) TryLink(ctx context.Context, actor authz.Actor, assignment id.ID, text string) (TriedLink, error) {
	a, err := s.own(ctx, s.DB, actor, assignment)
	if err != nil {
		return TriedLink{}, err
	}
	l := link.Parse(text)
	out := TriedLink{Found: l.Found(), Short: l.Kind == link.Short, Platform: l.Platform, URL: l.URL, PostID: l.ID, Fits: l.Platform != "" && l.Platform == a.Platform}
	switch {
	case !l.Found():
		out.Problem = "campaign.proof_link_missing"
	case l.Platform == "":
		out.Problem = "campaign.proof_link_foreign"
	case !out.Fits:
		out.Problem = "campaign.proof_platform_wrong"
	case l.Kind == link.Profile || l.Kind == link.Other:
		out.Problem = "campaign.proof_link_no_post"
	default:
		busy, err := taken(ctx, s.DB, actor.BrandID, a.ID, []string{l.Key()})
		if err != nil {
			return out, err
		}
		if busy {
			out.Problem = "campaign.proof_taken"
		}
	}
	return out, nil
}

// Pick is an imported post that may prove a task.
type Pick struct {
	ID          id.ID
	Title, URL  string
	PublishedAt clock.Ms
	Used        bool
}

// Picks gives the own imported posts of the task's account within its window, newest first. Errors: campaign.task_gone.
func (s *Service) Picks(ctx context.Context, actor authz.Actor, assignment id.ID) ([]Pick, error) {
	a, err := s.own(ctx, s.DB, actor, assignment)
	if err != nil || a.AccountID == 0 {
		return nil, err
	}
	o, err := s.one(ctx, actor, a)
	if err != nil {
		return nil, err
	}
	posts, err := s.Posts.OfAccounts(ctx, s.DB, actor.BrandID, PostSpan{Accounts: []id.ID{a.AccountID}, From: o.Plan.StartsAt - 86_400_000, To: o.Plan.EndsAt, Limit: 50})
	if err != nil {
		return nil, err
	}
	out := make([]Pick, len(posts))
	for i, p := range posts {
		busy, err := taken(ctx, s.DB, actor.BrandID, a.ID, []string{"post:" + p.ID.String()})
		if err != nil {
			return nil, err
		}
		out[i] = Pick{p.ID, p.Title, p.URL, p.PublishedAt, busy}
	}
	return out, nil
}

// submissions gives what was handed in for an assignment, newest first, with the figures of its posts.
func (s *Service) submissions(ctx context.Context, brand, assignment id.ID) ([]Submission, error) {
	list, err := submissionsOf(ctx, s.DB, brand, assignment)
	if err != nil {
		return nil, err
	}
	return list, s.figures(ctx, brand, list)
}

// figures fills in the figures of the posts of submissions.
func (s *Service) figures(ctx context.Context, brand id.ID, list []Submission) error {
	var ids []id.ID
	for i := range list {
		if list[i].PostID != 0 {
			ids = append(ids, list[i].PostID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	posts, err := s.Posts.Some(ctx, s.DB, brand, ids)
	by := make(map[id.ID]*Post, len(posts))
	for i := range posts {
		by[posts[i].ID] = &posts[i]
	}
	for i := range list {
		if p := by[list[i].PostID]; p != nil {
			list[i].Views, list[i].Interactions, list[i].AsOf = p.Views, p.Interactions, p.AsOf
		}
	}
	return err
}
