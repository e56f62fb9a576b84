package account

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

func (h *handlers) unofficialRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: "GET", Path: url + "/words", Summary: "The brand's words: what the name or bio of a related account holds", Permission: PermRead}, h.brandWords)
	web.Handle(r, web.Route{Method: "PUT", Path: url + "/words", Summary: "Replace the brand's words; none means its name", Permission: PermWords}, h.setBrandWords)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/unofficial", Summary: "Unofficial accounts, newest first", Permission: PermRead}, h.register)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/unofficial", Summary: "Put accounts into the register", Permission: PermEdit, Idempotent: true}, h.sight)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/unofficial/{id}/step", Summary: "Claim, match, certify, manage or report", Permission: PermEdit}, h.step)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/unofficial/{id}/steps", Summary: "What was done about it", Permission: PermRead}, h.steps)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/unofficial-months", Summary: "Certified and related accounts by month", Permission: PermRead}, h.months)
}

type registerIn struct {
	web.Paging
	State    string `query:"state" enum:"open,found,claimed,matched,consented,certified,managed,impostor,reported"`
	Platform string `query:"platform" maxLength:"40"`
	Text     string `query:"q" maxLength:"100"`
	Sort     string `query:"sort" maxLength:"20" doc:"always newest first"`
}

func (h *handlers) register(ctx context.Context, actor authz.Actor, in *registerIn) (*web.Page[Unofficial], error) {
	f := UnofficialFilter{State: UnofficialState(in.State), Text: in.Text}
	if in.State == "open" {
		f.State, f.Open = "", true
	}
	if in.Platform != "" {
		p, err := ParsePlatform(in.Platform)
		if err != nil {
			return nil, err
		}
		f.Platform = p
	}
	mark := []any{actor.BrandID, f}
	var after *Place
	var p Place
	if ok, err := h.cursors.Read(in.Cursor, "seen", mark, &p.Num, &p.ID); err != nil {
		return nil, err
	} else if ok {
		after = &p
	}
	rows, last, err := h.s.Register(ctx, actor, f, after, in.Limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if last != nil {
		next = h.cursors.Next("seen", mark, last.Num, last.ID)
	}
	return web.NewPage(rows, next), nil
}

type sightIn struct {
	Body struct {
		Source string `json:"source,omitempty" enum:"pasted,imported,found"`
		Items  []struct {
			Platform Platform `json:"platform,omitempty" enum:",xiaohongshu,douyin,channels,kuaishou,bilibili,weibo,wechat_oa"`
			Text     string   `json:"text" maxLength:"500" doc:"a link to the profile, or the handle"`
			Name     string   `json:"name,omitempty" maxLength:"120"`
			Bio      string   `json:"bio,omitempty" maxLength:"500"`
		} `json:"items" minItems:"1" maxItems:"1000"`
	}
}

func (h *handlers) sight(ctx context.Context, actor authz.Actor, in *sightIn) (*Sighted, error) {
	list := make([]Sighting, len(in.Body.Items))
	for i, x := range in.Body.Items {
		list[i] = Sighting{Platform: x.Platform, Text: x.Text, Name: x.Name, Bio: x.Bio}
	}
	source := in.Body.Source
	if source == "" {
		source = "pasted"
	}
	out, err := h.s.Sight(ctx, actor, source, list)
	for i := range out.Faults {
		out.Faults[i].Message = h.texts.Text(langOf(actor), out.Faults[i].Slug, map[string]any{"max": maxHandle})
	}
	return &out, err
}

type stepIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		To       UnofficialState `json:"to" enum:"found,claimed,matched,consented,certified,managed,impostor,reported"`
		MemberID id.ID           `json:"member_id,omitempty" nullable:"true"`
		Unit     string          `json:"unit,omitempty" maxLength:"400"`
		Proof    string          `json:"proof,omitempty" maxLength:"500"`
		Note     string          `json:"note,omitempty" maxLength:"500"`
	}
}

func (h *handlers) step(ctx context.Context, actor authz.Actor, in *stepIn) (*Unofficial, error) {
	b := in.Body
	u, err := h.s.StepUnofficial(ctx, actor, UnofficialStep{ID: in.ID, To: b.To, MemberID: b.MemberID, Unit: b.Unit, Proof: b.Proof, Note: b.Note})
	return &u, err
}

// StepsBody lists steps.
type StepsBody struct {
	Items []UnofficialHistory `json:"items"`
}

func (h *handlers) steps(ctx context.Context, actor authz.Actor, in *idIn) (*StepsBody, error) {
	rows, err := h.s.UnofficialSteps(ctx, actor, in.ID)
	for i := range rows {
		rows[i].Note = h.reason(actor, rows[i].Note)
	}
	return &StepsBody{rows}, err
}

// MonthsBody lists months, the oldest first.
type MonthsBody struct {
	Items []MonthCount `json:"items"`
}

func (h *handlers) months(ctx context.Context, actor authz.Actor, _ *struct{}) (*MonthsBody, error) {
	rows, err := h.s.UnofficialMonths(ctx, actor)
	return &MonthsBody{rows}, err
}

// WordsBody lists the brand's words.
type WordsBody struct {
	Words []string `json:"words" maxItems:"200"`
}

func (h *handlers) brandWords(ctx context.Context, actor authz.Actor, _ *struct{}) (*WordsBody, error) {
	w, err := h.s.BrandWords(ctx, h.s.DB, actor.BrandID)
	return &WordsBody{w.List()}, err
}

type wordsIn struct {
	Body WordsBody
}

func (h *handlers) setBrandWords(ctx context.Context, actor authz.Actor, in *wordsIn) (*WordsBody, error) {
	w, err := h.s.SetBrandWords(ctx, actor, in.Body.Words)
	return &WordsBody{w.List()}, err
}
