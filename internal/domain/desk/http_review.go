package desk

import (
	"context"
	"errors"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h handlers) reviewRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "POST", Path: submissionsPath + "/{id}/claim", Summary: "Open a submission for review; again renews", Permission: permReview}, h.claim)
	web.Handle(r, web.Route{Method: "POST", Path: submissionsPath + "/{id}/release", Summary: "Give a claim back", Permission: permReview}, h.release)
	web.Handle(r, web.Route{Method: "POST", Path: submissionsPath + "/{id}/handover", Summary: "Name who should decide", Permission: permReview}, h.handOver)
	web.Handle(r, web.Route{Method: "POST", Path: submissionsPath + "/{id}/review", Summary: "Approve, suggest changes or reject", Permission: permReview, Idempotent: true}, h.review)
	web.Handle(r, web.Route{Method: "POST", Path: "/api/v1/desk/bulk", Summary: "Approve or reject many", Permission: permReview, Idempotent: true}, h.bulk)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/desk/reviewers", Summary: "Who may decide", Permission: permReview}, h.reviewers)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/desk/settings", Summary: "The brand's rules of the desk", Permission: permRead}, h.settings)
	web.Handle(r, web.Route{Method: "PUT", Path: "/api/v1/desk/settings", Summary: "Change the brand's rules of the desk", Permission: permSettings}, h.setSettings)
}

func (h handlers) claim(ctx context.Context, actor authz.Actor, in *oneIn) (*SubmissionBody, error) {
	sub, err := h.s.Claim(ctx, actor, in.ID)
	return h.one(ctx, actor, sub, err)
}

func (h handlers) release(ctx context.Context, actor authz.Actor, in *oneIn) (*none, error) {
	return nil, h.s.Release(ctx, actor, in.ID)
}

type handOverIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		UserID id.ID  `json:"user_id"`
		Note   string `json:"note,omitempty" maxLength:"300"`
	}
}

func (h handlers) handOver(ctx context.Context, actor authz.Actor, in *handOverIn) (*SubmissionBody, error) {
	sub, err := h.s.HandOver(ctx, actor, in.ID, in.Body.UserID, in.Body.Note)
	return h.one(ctx, actor, sub, err)
}

type markIn struct {
	Rule  string `json:"rule" maxLength:"200"`
	Field string `json:"field" maxLength:"20"`
	Start int    `json:"start" minimum:"0"`
	Right bool   `json:"right" doc:"false: a false alarm"`
}

type reviewIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Version    int      `json:"version" minimum:"1" doc:"as the reviewer saw it"`
		Decision   string   `json:"decision" enum:"approve,changes,reject"`
		Reason     string   `json:"reason,omitempty" maxLength:"1000"`
		Suggestion []Text   `json:"suggestion,omitempty" maxItems:"4"`
		Marks      []markIn `json:"marks,omitempty" maxItems:"200" doc:"words on findings"`
	}
}

func (h handlers) review(ctx context.Context, actor authz.Actor, in *reviewIn) (*SubmissionBody, error) {
	b := in.Body
	marks := make([]Mark, len(b.Marks))
	for i, m := range b.Marks {
		marks[i] = Mark{Rule: m.Rule, Field: m.Field, Start: m.Start, Right: m.Right}
	}
	sub, err := h.s.Review(ctx, actor, in.ID, Decision{Version: b.Version, Verb: b.Decision, Reason: b.Reason, Suggestion: b.Suggestion, Marks: marks})
	return h.one(ctx, actor, sub, err)
}

type bulkIn struct {
	Body struct {
		Items    []Seen `json:"items" minItems:"1" maxItems:"100"`
		Decision string `json:"decision" enum:"approve,reject"`
		Reason   string `json:"reason,omitempty" maxLength:"1000"`
	}
}

// BulkBody counts what a bulk decision did.
type BulkBody struct {
	Done    int           `json:"done"`
	Skipped []SkippedBody `json:"skipped"`
}

func (h handlers) bulk(ctx context.Context, actor authz.Actor, in *bulkIn) (*BulkBody, error) {
	done, skipped, err := h.s.Bulk(ctx, actor, in.Body.Items, Decision{Verb: in.Body.Decision, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	out := &BulkBody{Done: done, Skipped: []SkippedBody{}}
	for _, x := range skipped {
		var e *errs.Error
		slug, why := "", ""
		if errors.As(x.Err, &e) {
			slug, why = e.Slug, h.texts.Text(lang(actor), e.Slug, e.Params)
		}
		out.Skipped = append(out.Skipped, SkippedBody{x.ID, x.Title, slug, why})
	}
	return out, nil
}

// ReviewersBody lists who may decide, and whether the caller may.
type ReviewersBody struct {
	Items []Person `json:"items"`
}

func (h handlers) reviewers(ctx context.Context, actor authz.Actor, _ *none) (*ReviewersBody, error) {
	set, err := h.s.Settings(ctx, actor.BrandID)
	if err != nil {
		return nil, err
	}
	if _, err := h.s.reviewScope(ctx, actor, set); err != nil {
		return nil, err
	}
	list, err := h.s.Reviewers(ctx, actor.BrandID, set)
	if list == nil {
		list = []Person{}
	}
	return &ReviewersBody{list}, err
}

// SettingsBody are the settings and what the machine can read in pictures.
type SettingsBody struct {
	Settings
	MayReview bool     `json:"may_review" doc:"the caller may decide"`
	Missing   []string `json:"missing" doc:"programs for reading pictures that this machine does not have"`
}

func (h handlers) settings(ctx context.Context, actor authz.Actor, _ *none) (*SettingsBody, error) {
	set, err := h.s.Settings(ctx, actor.BrandID)
	return &SettingsBody{Settings: set, MayReview: reviewer(actor, set).Can(permReview), Missing: h.s.Reader.Missing()}, err
}

type settingsIn struct {
	Body Settings
}

func (h handlers) setSettings(ctx context.Context, actor authz.Actor, in *settingsIn) (*SettingsBody, error) {
	if err := h.s.SetSettings(ctx, actor, in.Body); err != nil {
		return nil, err
	}
	return h.settings(ctx, actor, nil)
}

// AroundBody is what a reviewer should know beside the text.
type AroundBody struct {
	Similar   []ReviewBody    `json:"similar"`
	Elsewhere []ElsewhereBody `json:"elsewhere"`
}

// ElsewhereBody is a published text like this one.
type ElsewhereBody struct {
	PostID   id.ID    `json:"post_id"`
	Platform string   `json:"platform"`
	Handle   string   `json:"handle"`
	Member   string   `json:"member"`
	Text     string   `json:"text"`
	Score    float64  `json:"score" doc:"1: the same"`
	At       clock.Ms `json:"at" nullable:"true"`
}

func (h handlers) around(ctx context.Context, actor authz.Actor, in *oneIn) (*AroundBody, error) {
	a, err := h.s.Around(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	out := &AroundBody{Similar: reviewBodies(a.Similar), Elsewhere: []ElsewhereBody{}}
	for _, e := range a.Elsewhere {
		out.Elsewhere = append(out.Elsewhere, ElsewhereBody{e.PostID, e.Platform, e.Handle, e.Member, e.Text, e.Score, e.At})
	}
	return out, nil
}
