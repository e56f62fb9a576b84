package desk

import (
	"context"
	"io"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

const (
	submissionsPath = "/api/v1/desk/submissions"
	minePath        = "/api/v1/desk/mine"
)

func (h handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: "POST", Path: submissionsPath, Summary: "Hand a text in before it is published", Permission: permSubmit, Idempotent: true, Status: 201}, h.submit)
	web.Handle(r, web.Route{Method: "GET", Path: minePath, Summary: "The caller's own submissions, newest first", Permission: permSubmit}, h.mine)
	web.Handle(r, web.Route{Method: "GET", Path: minePath + "/{id}", Summary: "One of the caller's own submissions with its story", Permission: permSubmit}, h.getMine)
	web.Handle(r, web.Route{Method: "POST", Path: minePath + "/{id}/resubmit", Summary: "Hand in a new version", Permission: permSubmit, Idempotent: true}, h.resubmit)
	web.Handle(r, web.Route{Method: "POST", Path: minePath + "/{id}/accept", Summary: "Take the reviewer's suggestion over as it stands", Permission: permSubmit, Idempotent: true}, h.accept)
	web.Handle(r, web.Route{Method: "POST", Path: minePath + "/{id}/withdraw", Summary: "Take a submission back", Permission: permSubmit}, h.withdraw)
	web.Handle(r, web.Route{Method: "POST", Path: minePath + "/{id}/publish", Summary: "Paste the link of what was published", Permission: permSubmit, Idempotent: true}, h.publish)
	web.Handle(r, web.Route{Method: "POST", Path: minePath + "/{id}/link", Summary: "Correct a wrong link; every one that was pasted is kept", Permission: permSubmit, Idempotent: true}, h.correctLink)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/desk/accounts", Summary: "The accounts that the caller looks after", Permission: permSubmit}, h.accounts)
	web.HandleUpload(r, web.Route{Method: "POST", Path: "/api/v1/desk/pictures", Summary: "Upload a picture of a submission; QR codes and text in it are read", Permission: permSubmit, Status: 201, MaxBody: MaxPicture + 1<<20}, h.upload)
	web.HandleRaw(r, web.Route{Method: "GET", Path: "/api/v1/desk/pictures/{id}", Summary: "A picture", Permission: permSubmit, Produces: "image/*"}, h.picture)
	web.Handle(r, web.Route{Method: "GET", Path: submissionsPath, Summary: "Submissions of the own units; state=waiting sorted by rank is the queue", Permission: permRead}, h.list)
	web.Handle(r, web.Route{Method: "GET", Path: submissionsPath + "/{id}", Summary: "One submission with its story", Permission: permRead}, h.get)
	web.Handle(r, web.Route{Method: "GET", Path: submissionsPath + "/{id}/around", Summary: "Similar past decisions and the same text elsewhere", Permission: permRead}, h.around)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/desk/stats", Summary: "Figures of the service level", Permission: permRead}, h.stats)
	h.reviewRoutes(r)
}

type none struct{}

type submitIn struct {
	Key  string `header:"Idempotency-Key" maxLength:"128" doc:"the same key of the same person is the same submission"`
	Body struct {
		Texts     []Text  `json:"texts" minItems:"1" maxItems:"4"`
		Media     []Media `json:"media,omitempty" maxItems:"18"`
		Pictures  []id.ID `json:"pictures,omitempty" maxItems:"18"`
		AccountID id.ID   `json:"account_id,omitempty"`
		Platform  string  `json:"platform,omitempty" maxLength:"40" doc:"when there is no account yet"`
		Kind      string  `json:"kind" enum:"post,profile,reply,comment,live"`
	}
}

func (h handlers) submit(ctx context.Context, actor authz.Actor, in *submitIn) (*SubmissionBody, error) {
	b := in.Body
	sub, err := h.s.Submit(ctx, actor, Draft{
		AccountID: b.AccountID, Platform: b.Platform, Kind: b.Kind, Texts: b.Texts, Media: b.Media, Pictures: b.Pictures, Key: in.Key,
	})
	return h.one(ctx, actor, sub, err)
}

type mineIn struct {
	web.Paging
	State State `query:"state" enum:"reading,waiting,changes,rejected,blocked,approved,published,expired,withdrawn"`
}

func (h handlers) mine(ctx context.Context, actor authz.Actor, in *mineIn) (*web.Page[SubmissionBody], error) {
	return h.page(ctx, actor, in.Paging, Filter{Mine: true, State: in.State, Sort: ByNew})
}

type listIn struct {
	web.Paging
	Unit     string `query:"unit" maxLength:"500" doc:"Unit id or path"`
	State    State  `query:"state" enum:"reading,waiting,changes,rejected,blocked,approved,published,expired,withdrawn"`
	Kind     string `query:"kind" enum:"post,profile,reply,comment,live"`
	Platform string `query:"platform" maxLength:"40"`
	Level    string `query:"level" enum:"none,low,medium,high"`
	Assigned string `query:"assigned" enum:"me" doc:"handed over to the caller"`
	Overdue  bool   `query:"overdue"`
	Sort     Sort   `query:"sort" enum:"rank,due,new" default:"new"`
}

func (h handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[SubmissionBody], error) {
	f := Filter{Unit: in.Unit, State: in.State, Kind: in.Kind, Platform: in.Platform, Level: in.Level, Overdue: in.Overdue, Sort: in.Sort}
	if in.Assigned == "me" {
		if f.Assigned = actor.UserID; f.Assigned == 0 {
			f.Assigned = -1 // a program is nobody's colleague
		}
	}
	return h.page(ctx, actor, in.Paging, f)
}

func (h handlers) page(ctx context.Context, actor authz.Actor, p web.Paging, f Filter) (*web.Page[SubmissionBody], error) {
	mark := []any{actor.BrandID, actor.UserID, f.Mine, f.Unit, f.State, f.Kind, f.Platform, f.Level, f.Assigned, f.Overdue}
	if _, err := h.cursors.Read(p.Cursor, string(f.Sort), mark, &f.Key, &f.After); err != nil {
		return nil, err
	}
	f.Limit = p.Limit + 1
	list, err := h.s.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	list, more := web.Cut(list, p.Limit)
	bodies, err := h.bodies(ctx, actor, list)
	if err != nil {
		return nil, err
	}
	next := ""
	if more {
		last := &list[len(list)-1]
		next = h.cursors.Next(string(f.Sort), mark, f.KeyOf(last), last.ID)
	}
	return web.NewPage(bodies, next), nil
}

type oneIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) getMine(ctx context.Context, actor authz.Actor, in *oneIn) (*StoryBody, error) {
	sub, err := selectOne(ctx, h.s.DB, actor.BrandID, in.ID, mine(actor))
	return h.story(ctx, actor, sub, missing(err))
}

func (h handlers) get(ctx context.Context, actor authz.Actor, in *oneIn) (*StoryBody, error) {
	sub, err := h.s.Get(ctx, actor, in.ID)
	out, err := h.story(ctx, actor, sub, err)
	if err == nil {
		out.Ranked = rankedBody(sub.Ranked)
	}
	return out, err
}

type resubmitIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Texts    []Text  `json:"texts" minItems:"1" maxItems:"4"`
		Media    []Media `json:"media,omitempty" maxItems:"18"`
		Pictures []id.ID `json:"pictures,omitempty" maxItems:"18"`
		Version  int     `json:"version" minimum:"1" doc:"the version that this one follows"`
	}
}

func (h handlers) resubmit(ctx context.Context, actor authz.Actor, in *resubmitIn) (*SubmissionBody, error) {
	b := in.Body
	sub, err := h.s.Resubmit(ctx, actor, in.ID, Resubmission{Version: b.Version, Texts: b.Texts, Media: b.Media, Pictures: b.Pictures})
	return h.one(ctx, actor, sub, err)
}

type versionIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Version int `json:"version" minimum:"1"`
	}
}

func (h handlers) accept(ctx context.Context, actor authz.Actor, in *versionIn) (*SubmissionBody, error) {
	sub, err := h.s.Accept(ctx, actor, in.ID, in.Body.Version)
	return h.one(ctx, actor, sub, err)
}

func (h handlers) withdraw(ctx context.Context, actor authz.Actor, in *oneIn) (*SubmissionBody, error) {
	sub, err := h.s.Withdraw(ctx, actor, in.ID)
	return h.one(ctx, actor, sub, err)
}

type publishIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Link string `json:"link" maxLength:"2000" doc:"the address, or the words that the platform's copy-link gives"`
	}
}

func (h handlers) publish(ctx context.Context, actor authz.Actor, in *publishIn) (*SubmissionBody, error) {
	sub, err := h.s.Publish(ctx, actor, in.ID, in.Body.Link)
	return h.one(ctx, actor, sub, err)
}

func (h handlers) correctLink(ctx context.Context, actor authz.Actor, in *publishIn) (*SubmissionBody, error) {
	sub, err := h.s.CorrectLink(ctx, actor, in.ID, in.Body.Link)
	return h.one(ctx, actor, sub, err)
}

// AccountBody is an account that a text may be for.
type AccountBody struct {
	ID       id.ID  `json:"id"`
	Platform string `json:"platform"`
	Handle   string `json:"handle"`
	Name     string `json:"name"`
	Unit     string `json:"unit"`
	Member   string `json:"member"`
}

func accountBody(a Account) *AccountBody {
	if a.ID == 0 {
		return nil
	}
	return &AccountBody{a.ID, a.Platform, a.Handle, a.Name, a.UnitPath, a.Member}
}

func (h handlers) accounts(ctx context.Context, actor authz.Actor, _ *none) (*web.Page[AccountBody], error) {
	out := []AccountBody{}
	if actor.MemberID != 0 {
		list, err := h.s.Accounts.OfMember(ctx, h.s.DB, actor.BrandID, actor.MemberID)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			out = append(out, *accountBody(a))
		}
	}
	return web.NewPage(out, ""), nil
}

// PictureBody is a picture and what was read in it.
type PictureBody struct {
	ID      id.ID    `json:"id"`
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Size    int64    `json:"size"`
	Width   int      `json:"width"`
	Height  int      `json:"height"`
	State   string   `json:"state" enum:"new,read,unread"`
	Codes   []string `json:"codes" doc:"what QR codes say"`
	Text    string   `json:"text" doc:"text that was recognised"`
	Missing string   `json:"missing" doc:"programs that are absent or could not read it"`
}

func pictureBody(p Picture) PictureBody {
	return PictureBody{p.ID, p.Name, p.Type, p.Size, p.Width, p.Height, p.State, decode[[]string](p.Codes), p.Text, p.Missing}
}

func (h handlers) upload(ctx context.Context, actor authz.Actor, _ *none, req *http.Request) (*PictureBody, error) {
	var out *PictureBody
	err := web.EachPart(req, func(p web.Part) error {
		if p.Field != "file" || out != nil {
			return nil
		}
		made, err := h.s.Upload(ctx, actor, p.FileName, p.Body)
		if err != nil {
			return err
		}
		b := pictureBody(made)
		out = &b
		return nil
	})
	if err == nil && out == nil {
		err = errs.Bad().Field("file", "base.required")
	}
	return out, err
}

func (h handlers) picture(ctx context.Context, actor authz.Actor, in *oneIn, w http.ResponseWriter, _ *http.Request) error {
	p, r, err := h.s.Open(ctx, actor, in.ID)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	w.Header().Set("Content-Type", p.Type)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, err = io.Copy(w, r)
	return err
}

// lang is the language of whoever reads.
func lang(actor authz.Actor) i18n.Lang { return i18n.Match(actor.Lang) }

// SkippedBody is a submission that a bulk decision left alone.
type SkippedBody struct {
	ID    id.ID  `json:"id"`
	Title string `json:"title"`
	Slug  string `json:"slug" doc:"what kept it; desk.changed_meanwhile: another version than the reviewer saw"`
	Why   string `json:"why"`
}

type statsIn struct {
	Unit string `query:"unit" maxLength:"500" doc:"Unit id or path"`
	Days int    `query:"days" minimum:"1" maximum:"366" default:"30" doc:"back, for what was decided"`
}

// LoadBody is how one reviewer did.
type LoadBody struct {
	Name     string `json:"name"`
	Decided  int    `json:"decided"`
	Approved int    `json:"approved"`
	Changes  int    `json:"changes"`
	Rejected int    `json:"rejected"`
	Late     int    `json:"late"`
	Median   int    `json:"median" doc:"minutes of business hours"`
}

// StatsBody are the figures of the service level.
type StatsBody struct {
	Waiting   int64            `json:"waiting"`
	Reading   int64            `json:"reading"`
	Overdue   int64            `json:"overdue"`
	Second    int64            `json:"second" doc:"wait for the second person"`
	Oldest    clock.Ms         `json:"oldest" nullable:"true"`
	Levels    map[string]int64 `json:"levels"`
	Decided   int              `json:"decided"`
	Late      int              `json:"late"`
	Median    *int             `json:"median" nullable:"true" doc:"minutes of business hours until the decision"`
	P90       *int             `json:"p90" nullable:"true"`
	Straight  int64            `json:"straight"`
	Blocked   int64            `json:"blocked"`
	Reviewers []LoadBody       `json:"reviewers"`
}

func (h handlers) stats(ctx context.Context, actor authz.Actor, in *statsIn) (*StatsBody, error) {
	st, err := h.s.Stats(ctx, actor, in.Unit, in.Days)
	if err != nil {
		return nil, err
	}
	out := &StatsBody{
		Waiting: st.Waiting, Reading: st.Reading, Overdue: st.Overdue, Second: st.Second, Oldest: st.Oldest, Levels: map[string]int64{},
		Decided: st.Decided, Late: st.Late, Straight: st.Straight, Blocked: st.Blocked, Reviewers: []LoadBody{},
	}
	for i, name := range Levels() {
		out.Levels[name] = st.Levels[i]
	}
	if st.Decided > 0 {
		out.Median, out.P90 = &st.Median, &st.P90
	}
	for _, l := range st.Reviewers {
		out.Reviewers = append(out.Reviewers, LoadBody{l.Name, l.Decided, l.Approved, l.Changes, l.Rejected, l.Late, l.Median})
	}
	return out, nil
}
