package campaign

import (
	"context"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/id"
	"kosmos/internal/domain/campaign/proof"
	"kosmos/internal/scan/link"
	"kosmos/internal/scan/similar"
)

const (
	// waitDays is how long figures may take to show a post before somebody has to look.
	waitDays = 3
	// nearby is how far from the handing in a post may have been published to be the one behind a short link.
	nearby = clock.Ms(72 * time.Hour / time.Millisecond)
)

// postsChanged hears of imported posts: what they show is a proof's best witness, and what is gone undoes one.
func (s *Service) postsChanged(ctx context.Context, actor authz.Actor, ids []id.ID) error {
	posts, err := s.Posts.Some(ctx, s.DB, actor.BrandID, ids)
	if err != nil || len(posts) == 0 {
		return err
	}
	known, err := withPosts(ctx, s.DB, actor.BrandID, ids)
	if err != nil {
		return err
	}
	by := make(map[id.ID]*Post, len(posts))
	for i := range posts {
		by[posts[i].ID] = &posts[i]
	}
	for i := range known {
		if p := by[known[i].PostID]; p != nil {
			if err := s.rejudge(ctx, actor, &known[i], p, false); err != nil {
				return err
			}
		}
	}
	return s.findWaiting(ctx, actor, posts)
}

// findWaiting looks for proofs that wait for one of these posts.
func (s *Service) findWaiting(ctx context.Context, actor authz.Actor, posts []Post) error {
	byAccount := map[id.ID][]*Post{}
	var accounts []id.ID
	for i := range posts {
		p := &posts[i]
		if byAccount[p.AccountID] == nil {
			accounts = append(accounts, p.AccountID)
		}
		byAccount[p.AccountID] = append(byAccount[p.AccountID], p)
	}
	waiting, err := unseen(ctx, s.DB, actor.BrandID, accounts)
	if err != nil {
		return err
	}
	for i := range waiting {
		x := &waiting[i]
		if p := matching(x, byAccount[x.AccountID]); p != nil {
			if err := s.rejudge(ctx, actor, x, p, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// matching finds the post a proof speaks of: by the platform's own id, by the address, and behind a short link the only post of
// the account near by, or the one whose title resembles the text.
func matching(x *Submission, posts []*Post) *Post {
	var near []*Post
	for _, p := range posts {
		if x.ExternalID != "" && p.ExternalID != "" {
			if x.ExternalID == p.ExternalID {
				return p
			}
			continue
		}
		if k := link.Parse(p.URL).Key(); k != "" && k == x.LinkKey {
			return p
		}
		if x.ExternalID == "" && p.Live && p.PublishedAt <= x.At && x.At-p.PublishedAt <= nearby {
			near = append(near, p)
		}
	}
	if len(near) == 1 {
		return near[0]
	}
	text := similar.Of(x.Text)
	var best *Post
	most := 0.3
	for _, p := range near {
		title := similar.Of(p.Title)
		if score := text.Score(&title); score > most {
			best, most = p, score
		}
	}
	return best
}

// unseen gives the proofs on accounts whose post is not known yet, which are not rejected.
func unseen(ctx context.Context, q db.Querier, brand id.ID, accounts []id.ID) ([]Submission, error) {
	var a db.Args
	return readSubmissions(db.All[Submission](ctx, q, `SELECT `+submissionColumns+` FROM campaign_submission WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "account_id", accounts)+
		` AND post_id IS NULL AND link <> '' AND state IN ('submitted', 'look') ORDER BY id`, a.Values...))
}

func withPosts(ctx context.Context, q db.Querier, brand id.ID, posts []id.ID) ([]Submission, error) {
	var a db.Args
	return readSubmissions(db.All[Submission](ctx, q, `SELECT `+submissionColumns+` FROM campaign_submission WHERE brand_id = `+a.Add(brand)+` AND `+db.Among(q, &a, "post_id", posts)+
		` AND post_id IS NOT NULL ORDER BY id`, a.Values...))
}

// rejudge holds a proof against the rules again, with what figures told. What people decided stands, except that what is gone
// needs a look again.
func (s *Service) rejudge(ctx context.Context, actor authz.Actor, x *Submission, p *Post, waited bool) error {
	a, err := getAssignment(ctx, s.DB, actor.BrandID, x.Assignment)
	if err != nil {
		return err
	}
	o, err := s.one(ctx, actor, a)
	if err != nil {
		return err
	}
	f := &facts{one: o, x: *x}
	if f.asked, err = s.asked(ctx, actor.BrandID, o); err != nil {
		return err
	}
	f.given = proof.Given{
		Link: link.Parse(x.Link), Picked: x.LinkKey == "" && x.PostID != 0, Text: x.Text, Pictures: len(x.Pictures), Answer: x.Answer, Form: x.Form, At: x.At, Waited: waited,
	}
	if p != nil {
		f.bind(p)
	}
	if err := s.weigh(ctx, actor, f); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := lockAssignment(ctx, tx, actor.BrandID, x.Assignment)
		if err != nil {
			return err
		}
		last, err := lastOf(ctx, tx, actor.BrandID, []id.ID{a.ID})
		if err != nil {
			return err
		}
		if last[a.ID] == nil || last[a.ID].ID != x.ID { // a newer proof stands in its place
			return nil
		}
		return s.rejudgeIn(ctx, tx, actor, &a, last[a.ID], f)
	})
}

func (s *Service) rejudgeIn(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Assignment, now *Submission, f *facts) error {
	gone := f.given.Post != nil && !f.given.Post.Live
	switch {
	case done(a.State):
		if !gone {
			if now.PostID == 0 && f.x.PostID != 0 { // the post is known now; the verdict stands
				now.PostID, now.PostTitle, now.PublishedAt = f.x.PostID, f.x.PostTitle, f.x.PublishedAt
				return saveJudged(ctx, tx, actor.BrandID, now)
			}
			return nil
		}
		return s.undone(ctx, tx, actor, a, now, f)
	case a.State != Submitted && a.State != Look || now.DecidedAt != 0 && a.State != Look:
		return nil
	}
	var err error
	if f.given.Taken, err = taken(ctx, tx, actor.BrandID, a.ID, f.x.keys()); err != nil {
		return err
	}
	claimed, claimer, until := now.ClaimedBy, now.Claimer, now.ClaimUntil
	if err := s.judgeIn(ctx, tx, actor, a, f); err != nil {
		return err
	}
	f.x.Decision, f.x.DecidedBy, f.x.DecidedAt, f.x.Appeal = now.Decision, now.DecidedBy, now.DecidedAt, now.Appeal
	if err := saveJudged(ctx, tx, actor.BrandID, &f.x); err != nil {
		return err
	}
	if claimed != 0 && f.x.State == Look { // somebody has it open: let them keep it
		_, err = tx.Exec(ctx, `UPDATE campaign_submission SET claimed_by = $1, claimed_by_name = $2, claim_until = $3 WHERE brand_id = $4 AND id = $5`, claimed, claimer, until, actor.BrandID, f.x.ID)
	}
	return err
}

// undone calls a proof whose post is gone back for a look; whoever reviews the unit is asked, all the more when it was paid.
func (s *Service) undone(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Assignment, x *Submission, f *facts) error {
	reason := "campaign.proof_deleted"
	if a.State == Settled {
		reason = "campaign.proof_deleted_paid"
	}
	before := a.State
	sums := deltas{}
	if err := (stepping{actor.BrandID, actDoubt, reason, s.now(), sums}).one(ctx, tx, a); err != nil {
		return err
	}
	if err := sums.apply(ctx, tx, s, actor.BrandID); err != nil {
		return err
	}
	f.run()
	x.Checks, x.State, x.Reason = f.x.Checks, Look, reason
	if err := saveJudged(ctx, tx, actor.BrandID, x); err != nil {
		return err
	}
	body := map[string]any{"assignment": a.ID.String(), "submission": x.ID.String(), "from": string(before), "link": x.Link}
	if err := s.Evidence.Append(ctx, tx, actor, Proven{Kind: "campaign.proof_gone", Object: a.CampaignID, UnitID: a.UnitID, Body: body}); err != nil {
		return err
	}
	return s.Outbox.Ask(ctx, tx, actor.BrandID, Todo{
		Key: "deleted/" + x.ID.String(), Object: a.ID, UnitID: a.UnitID, DueDay: s.today(actor).Add(3), Slug: "campaign.todo_deleted", Params: map[string]any{"title": clip(x.PostTitle, 30)},
		Link: "/content/campaigns/reviews?state=look",
	})
}

// expireWaits asks for a look at proofs that figures did not show within three days.
func (s *Service) expireWaits(ctx context.Context, actor authz.Actor) error {
	before := s.now() - clock.Ms(waitDays*24*time.Hour/time.Millisecond)
	for {
		var a db.Args
		rows, err := readSubmissions(db.All[Submission](ctx, s.DB, `SELECT `+prefixed("s", submissionColumns)+` FROM campaign_assignment x
			JOIN campaign_submission s ON s.brand_id = x.brand_id AND s.assignment_id = x.id AND s.state = 'submitted'
			WHERE x.brand_id = `+a.Add(actor.BrandID)+` AND x.state = 'submitted' AND x.state IN ('submitted', 'look', 'appealed') AND x.changed_at < `+a.Add(int64(before))+` ORDER BY x.changed_at, x.id LIMIT 200`, a.Values...))
		if err != nil || len(rows) == 0 {
			return err
		}
		for i := range rows {
			if err := s.rejudge(ctx, actor, &rows[i], nil, true); err != nil {
				return err
			}
		}
	}
}
