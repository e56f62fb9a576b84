package campaign

import (
	"context"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) reviewRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: rootPath + "reviews", Summary: "Proofs that wait for somebody to look, longest waiting first", Permission: permReview}, h.reviews)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: rootPath + "reviews/{id}", Summary: "One assignment with everything that was handed in", Permission: permReview}, h.review)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: rootPath + "reviews/{id}/claim", Summary: "Take a proof for ten minutes, so that nobody else decides it meanwhile", Permission: permReview}, h.claim)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: rootPath + "reviews/decide", Summary: "Decide proofs, one or many", Permission: permReview, Idempotent: true}, h.decide)
}

// reviewRowBody is a proof in the queue.
type reviewRowBody struct {
	assignmentBody
	Campaign   string         `json:"campaign"`
	CampaignID id.ID          `json:"campaign_id"`
	Rev        int            `json:"rev" doc:"send it back with the decision: what changed meanwhile is not decided"`
	Submission submissionBody `json:"submission"`
	ClaimedBy  string         `json:"claimed_by" doc:"who has it open; empty = nobody"`
	ClaimedOwn bool           `json:"claimed_own"`
	ClaimUntil clock.Ms       `json:"claim_until" nullable:"true"`
}

type reviewsIn struct {
	web.Paging
	Campaign id.ID  `query:"campaign"`
	Task     id.ID  `query:"task"`
	Unit     string `query:"unit" maxLength:"500"`
	State    Step   `query:"state" enum:"submitted,look,passed,rejected,appealed" doc:"empty: what needs a look and what was appealed"`
}

func (h handlers) reviews(ctx context.Context, actor authz.Actor, in *reviewsIn) (*web.Page[reviewRowBody], error) {
	mark := []any{actor.BrandID, in.Campaign, in.Task, in.Unit, in.State}
	var at reviewPlace
	if _, err := h.cursors.Read(in.Cursor, "at", mark, &at.At, &at.ID); err != nil {
		return nil, err
	}
	rows, err := h.s.Reviews(ctx, actor, ReviewFilter{Campaign: in.Campaign, Task: in.Task, Unit: in.Unit, State: in.State, After: at, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	rows, more := web.Cut(rows, in.Limit)
	items := make([]reviewRowBody, len(rows))
	for i := range rows {
		items[i] = h.reviewRowOf(actor, &rows[i])
	}
	next := ""
	if more {
		last := rows[len(rows)-1]
		next = h.cursors.Next("at", mark, last.ChangedAt, last.ID)
	}
	return web.NewPage(items, next), nil
}

func (h handlers) reviewRowOf(actor authz.Actor, x *ReviewRow) reviewRowBody {
	return reviewRowBody{
		h.assignmentOf(actor, &x.Shown), x.Campaign, x.CampaignID, x.Rev, h.submissionOf(actor, &x.Submission), x.ClaimedBy, x.ClaimedOwn, x.ClaimUntil,
	}
}

// reviewBody is one assignment with all its submissions.
type reviewBody struct {
	Row      reviewRowBody    `json:"row"`
	Older    []submissionBody `json:"older" doc:"submissions before the last, newest first"`
	Brief    Brief            `json:"brief"`
	Hashtags []string         `json:"hashtags"`
	Evidence Evidence         `json:"evidence"`
	Fields   []FormField      `json:"fields"`
	Alike    []alikeBody      `json:"alike" doc:"texts of the same campaign that resemble it most"`
}

// alikeBody is a text that resembles another.
type alikeBody struct {
	Assignment id.ID  `json:"assignment"`
	Member     string `json:"member"`
	Unit       string `json:"unit"`
	Text       string `json:"text"`
	Percent    int    `json:"percent"`
}

func (h handlers) review(ctx context.Context, actor authz.Actor, in *oneIn) (*reviewBody, error) {
	x, err := h.s.ReviewOne(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &reviewBody{
		Row: h.reviewRowOf(actor, &x.Row), Older: make([]submissionBody, len(x.Older)), Brief: x.Brief, Hashtags: x.Hashtags, Evidence: x.Evidence,
		Fields: x.Fields, Alike: make([]alikeBody, len(x.Alike)),
	}
	for i := range x.Older {
		out.Older[i] = h.submissionOf(actor, &x.Older[i])
	}
	for i, a := range x.Alike {
		out.Alike[i] = alikeBody(a)
	}
	return out, nil
}

type claimedBody struct {
	Until clock.Ms `json:"until"`
}

func (h handlers) claim(ctx context.Context, actor authz.Actor, in *oneIn) (*claimedBody, error) {
	until, err := h.s.Claim(ctx, actor, in.ID)
	return &claimedBody{until}, err
}

type decideIn struct {
	Body struct {
		Items   []decideItem `json:"items" minItems:"1" maxItems:"200"`
		Verdict string       `json:"verdict" enum:"pass,reject,settle,deny" doc:"pass and reject decide a proof; settle and deny an appeal"`
		Reason  RejectReason `json:"reason" required:"false" enum:",not_mine,wrong_platform,outside_window,no_hashtag,off_brief,too_alike,risky,bad_picture,deleted,wrong_form,other"`
		Note    string       `json:"note" required:"false" maxLength:"300" doc:"needed with reject for other, and with deny"`
	}
}

type decideItem struct {
	ID  id.ID `json:"id"`
	Rev int   `json:"rev"`
}

type decidedBody struct {
	Done    int           `json:"done"`
	Skipped []skippedBody `json:"skipped"`
}

type skippedBody struct {
	ID   id.ID  `json:"id"`
	Slug string `json:"slug"`
	Why  string `json:"why"`
}

func (h handlers) decide(ctx context.Context, actor authz.Actor, in *decideIn) (*decidedBody, error) {
	b := &in.Body
	d := Decision{Verdict: b.Verdict, Reason: b.Reason, Note: b.Note}
	for _, x := range b.Items {
		d.Items = append(d.Items, Versioned(x))
	}
	done, skipped, err := h.s.DecideProofs(ctx, actor, d)
	out := &decidedBody{Done: done, Skipped: make([]skippedBody, len(skipped))}
	for i, x := range skipped {
		out.Skipped[i] = skippedBody{x.ID, x.Slug, h.why(actor, x.Slug)}
	}
	return out, err
}
