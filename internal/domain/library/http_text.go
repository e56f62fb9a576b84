package library

import (
	"context"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
)

type versionBody struct {
	Version  int       `json:"version"`
	Title    string    `json:"title"`
	Content  Content   `json:"content"`
	Note     string    `json:"note"`
	MadeBy   string    `json:"made_by"`
	MadeAt   clock.Ms  `json:"made_at"`
	Verdict  Grade     `json:"verdict"`
	Findings []Finding `json:"findings"`
}

type versionList struct {
	Items []versionBody `json:"items"`
}

func (h handlers) versions(ctx context.Context, actor authz.Actor, in *oneIn) (*versionList, error) {
	list, err := h.s.Versions(ctx, actor, in.ID)
	out := &versionList{Items: make([]versionBody, len(list))}
	for i, e := range list {
		out.Items[i] = versionBody(e)
	}
	return out, err
}

type itemList struct {
	Items []*itemBody `json:"items"`
}

func (h handlers) shownIn(ctx context.Context, actor authz.Actor, in *oneIn) (*itemList, error) {
	items, err := h.s.ShownIn(ctx, actor, in.ID)
	return &itemList{bodies(items)}, err
}

type adapterBody struct {
	Name         string `json:"name"`
	Posts        int    `json:"posts"`
	Views        *int64 `json:"views"`
	Interactions *int64 `json:"interactions"`
}

type resultsBody struct {
	Uses         int64         `json:"uses"`
	Posts        int64         `json:"posts" doc:"uses whose post is known"`
	Views        *int64        `json:"views"`
	Interactions *int64        `json:"interactions"`
	Leads        *int64        `json:"leads" doc:"null until leads are kept"`
	Best         []adapterBody `json:"best" doc:"the five with the most interactions"`
	Recent       []string      `json:"recent" doc:"who used it last"`
	Whole        bool          `json:"whole" doc:"false when only the latest 20,000 posts were added up"`
}

func (h handlers) results(ctx context.Context, actor authz.Actor, in *oneIn) (*resultsBody, error) {
	r, err := h.s.Results(ctx, actor, in.ID)
	out := &resultsBody{
		Uses: r.Uses, Posts: r.Posts, Views: r.Views, Interactions: r.Interactions, Leads: r.Leads, Whole: r.Whole, Best: make([]adapterBody, len(r.Best)), Recent: []string{},
	}
	for i, a := range r.Best {
		out.Best[i] = adapterBody{a.Name, a.Posts, a.Views, a.Interactions}
	}
	for _, a := range r.Recent {
		out.Recent = append(out.Recent, a.Name)
	}
	return out, err
}

type takeIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		AccountID id.ID `json:"account_id" required:"false" nullable:"true" doc:"for which of the own accounts"`
		Rewrite   bool  `json:"rewrite" required:"false" doc:"ask the brand's rewriting endpoint for a freer text"`
	}
}

type textBody struct {
	Title    string `json:"title"`
	Body     string `json:"body"`
	Fault    string `json:"fault" doc:"slug of why there is no text"`
	Name     string `json:"name" doc:"the variable without a value"`
	Repeated bool   `json:"repeated" doc:"somebody else of the store has the same one"`
}

type takenBody struct {
	Text      textBody   `json:"text"`
	Files     []fileBody `json:"files"`
	Version   int        `json:"version"`
	Rewritten bool       `json:"rewritten"`
	MayReword bool       `json:"may_reword" doc:"the rewriting endpoint may be asked for other words"`
}

func (h handlers) take(ctx context.Context, actor authz.Actor, in *takeIn) (*takenBody, error) {
	t, err := h.s.Take(ctx, actor, in.ID, in.Body.AccountID, in.Body.Rewrite)
	if err != nil {
		return nil, err
	}
	return takenOf(t), nil
}

func takenOf(t Taken) *takenBody {
	return &takenBody{Text: textOf(t.Text), Files: filesBody(t.Files), Version: t.Version, Rewritten: t.Written, MayReword: t.MayRewrite}
}

type ownIn struct {
	ID      id.ID `path:"id"`
	Account id.ID `query:"account" doc:"for which of the own accounts"`
}

type ownBody struct {
	Taken *takenBody `json:"taken" doc:"null when the caller has not taken it"`
}

func (h handlers) own(ctx context.Context, actor authz.Actor, in *ownIn) (*ownBody, error) {
	t, taken, err := h.s.Own(ctx, actor, in.ID, in.Account)
	if err != nil || !taken {
		return &ownBody{}, err
	}
	return &ownBody{takenOf(t)}, nil
}

func textOf(t Text) textBody { return textBody(t) }

type accountBody struct {
	ID       id.ID  `json:"id"`
	Platform string `json:"platform"`
	Name     string `json:"name"`
}

type accountList struct {
	Items []accountBody `json:"items"`
}

func (h handlers) accounts(ctx context.Context, actor authz.Actor, _ *nothing) (*accountList, error) {
	list, err := h.s.MyAccounts(ctx, actor)
	out := &accountList{Items: make([]accountBody, len(list))}
	for i, a := range list {
		out.Items[i] = accountBody{a.ID, a.Platform, a.Name}
	}
	return out, err
}

type nothing struct{}

type previewIn struct {
	Body struct {
		Kind      Kind    `json:"kind" enum:"template,script,rundown,talk"`
		ProductID id.ID   `json:"product_id" required:"false" nullable:"true"`
		Content   Content `json:"content"`
		MemberID  id.ID   `json:"member_id" required:"false" nullable:"true" doc:"whose values to fill in"`
		Platform  string  `json:"platform" required:"false" maxLength:"20"`
		From      int     `json:"from" required:"false" minimum:"0" maximum:"1000000" doc:"the first choice to show"`
	}
}

type groupBody struct {
	Name         string `json:"name"`
	Alternatives int    `json:"alternatives"`
}

type longBody struct {
	Platform string `json:"platform"`
	Field    string `json:"field"`
	Over     int    `json:"over"`
	Most     int    `json:"most"`
}

type faultBody struct {
	Field  string `json:"field"`
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type shownBody struct {
	Title   string `json:"title"`
	Body    string `json:"body"`
	Fault   string `json:"fault" doc:"slug of why there is no text"`
	Name    string `json:"name" doc:"the variable without a value"`
	Verdict Grade  `json:"verdict"`
}

type previewBody struct {
	Fault     *faultBody  `json:"fault" doc:"null when the text can be read"`
	Choices   int64       `json:"choices" doc:"how many ways there are to choose"`
	Texts     int64       `json:"texts" doc:"how many different texts"`
	Exact     bool        `json:"exact"`
	Groups    []groupBody `json:"groups"`
	Variables []string    `json:"variables"`
	TooLong   []longBody  `json:"too_long"`
	Shown     []shownBody `json:"shown"`
}

func (h handlers) preview(ctx context.Context, actor authz.Actor, in *previewIn) (*previewBody, error) {
	b := &in.Body
	s, shown, err := h.s.Preview(ctx, actor, Ask{b.Kind, b.ProductID, b.Content, b.MemberID, b.Platform, uint64(b.From)})
	if err != nil {
		return nil, err
	}
	out := &previewBody{
		Choices: int64(s.Choices), Texts: int64(s.Texts), Exact: s.Exact, Groups: []groupBody{}, Variables: []string{}, TooLong: []longBody{}, Shown: []shownBody{},
	}
	if f := s.Fault; f != nil {
		out.Fault = &faultBody{s.Field, s.FaultKey, f.Name, f.Line, f.Column}
		return out, nil //nolint:nilerr // what is wrong with the text is the answer
	}
	for _, g := range s.Groups {
		out.Groups = append(out.Groups, groupBody(g))
	}
	out.Variables = append(out.Variables, s.Names...)
	for _, l := range s.TooLong {
		out.TooLong = append(out.TooLong, longBody(l))
	}
	for _, x := range shown {
		out.Shown = append(out.Shown, shownBody{x.Text.Title, x.Text.Body, x.Text.Fault, x.Text.Name, x.Verdict})
	}
	return out, nil
}
