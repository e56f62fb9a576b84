package campaign

import (
	"context"
	"io"
	"net/http"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

const (
	minePath = rootPath + "mine/{id}"
	maxProof = 16 << 20 // a proof with nine screenshots, as phones make them small
)

func (h handlers) mineRoutes(r *web.Router) {
	web.Handle(r, web.Route{Method: http.MethodGet, Path: rootPath + "today", Summary: "The caller's own tasks: what, why, by when, reward", Permission: permDo}, h.today)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: rootPath + "rank", Summary: "The caller's progress, and rank within the own unit", Permission: permDo}, h.rank)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: minePath, Summary: "One own task with the own text", Permission: permDo}, h.mine)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: minePath + "/read", Summary: "The task was read", Permission: permDo}, h.read)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: minePath + "/accept", Summary: "Take the task on", Permission: permDo}, h.accept)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: minePath + "/decline", Summary: "Decline the task with a reason", Permission: permDo}, h.decline)
	web.Handle(r, web.Route{Method: http.MethodGet, Path: minePath + "/posts", Summary: "The own imported posts that may prove it", Permission: permDo}, h.posts)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: minePath + "/link", Summary: "What a pasted link is; writes nothing", Permission: permDo}, h.tryLink)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: minePath + "/submit", Summary: "Hand a proof in", Permission: permDo, Idempotent: true, MaxBody: maxProof}, h.submit)
	web.Handle(r, web.Route{Method: http.MethodPost, Path: minePath + "/appeal", Summary: "Object to a rejection", Permission: permDo, Idempotent: true}, h.appeal)
	// A screenshot comes as base64 within JSON, so that the phone's queue of unsent work can hold it like anything else.
	web.Handle(r, web.Route{
		Method: http.MethodPost, Path: minePath + "/pictures", Summary: "Keep a screenshot for a proof", Permission: permDo, Idempotent: true, MaxBody: maxPicture*4/3 + 1<<16, Status: http.StatusCreated,
	}, h.addPicture)
	web.HandleDownload(r, web.Route{
		Method: http.MethodGet, Path: rootPath + "assignments/{id}/pictures/{picture}", Summary: "A screenshot of a proof, for its owner and reviewers", Permission: permDo, Produces: "image/*",
	}, h.picture)
}

// todayBody is one own task in the list.
type todayBody struct {
	ID         id.ID    `json:"id"`
	CampaignID id.ID    `json:"campaign_id"`
	Campaign   string   `json:"campaign"`
	Type       TaskType `json:"type" enum:"publish_note,publish_video,go_live,comment_link,update_home,attend_training,offline_event,form"`
	Title      string   `json:"title"`
	Why        string   `json:"why"`
	AccountID  id.ID    `json:"account_id"`
	Account    string   `json:"account"`
	Platform   string   `json:"platform"`
	State      Step     `json:"state" enum:"given,accepted,declined,submitted,look,passed,rejected,appealed,settled,denied,gone"`
	Reason     string   `json:"reason"`
	ReasonText string   `json:"reason_text"`
	DueAt      clock.Ms `json:"due_at"`
	PublishAt  clock.Ms `json:"publish_at" nullable:"true" doc:"the slot of a burst"`
	Late       bool     `json:"late"`
	Unread     bool     `json:"unread" doc:"never read, or changed since"`
	Mandatory  bool     `json:"mandatory"`
	Minutes    int      `json:"minutes"`
	Reward     Reward   `json:"reward"`
}

type todayListBody struct {
	Items   []todayBody `json:"items" doc:"what is to be done first, then what waits for others, then what is done (of the last 14 days)"`
	Open    int         `json:"open" doc:"tasks the caller has to act on"`
	Minutes int         `json:"minutes" doc:"estimated minutes of those"`
	Cap     int         `json:"cap" doc:"minutes a week the caller may be asked for; 0 = none"`
	Later   int         `json:"later" doc:"tasks kept back because this week's minutes are used up"`
}

func (h handlers) today(ctx context.Context, actor authz.Actor, _ *nothing) (*todayListBody, error) {
	t, err := h.s.Today(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &todayListBody{Items: make([]todayBody, len(t.Items)), Open: t.Open, Minutes: t.Minutes, Cap: t.Cap, Later: t.Later}
	for i := range t.Items {
		out.Items[i] = h.todayOf(actor, &t.Items[i])
	}
	return out, nil
}

func (h handlers) todayOf(actor authz.Actor, x *Own) todayBody {
	return todayBody{
		x.ID, x.CampaignID, x.Campaign, x.Task.Type, x.Task.Title, x.Task.Why, x.AccountID, x.Account, x.Platform, x.State, x.Reason, h.why(actor, x.Reason),
		x.DueAt, x.PublishAt, x.Late, x.Unread, x.Task.Mandatory && x.Company, x.Task.Minutes, x.Task.Reward,
	}
}

// materialBody is an item of the library with its files.
type materialBody struct {
	ID     id.ID      `json:"id"`
	Kind   string     `json:"kind"`
	Title  string     `json:"title"`
	Usable bool       `json:"usable"`
	Why    string     `json:"why" doc:"why it cannot be used, in the caller's language"`
	Files  []fileBody `json:"files"`
}

type fileBody struct {
	Name  string `json:"name"`
	Media string `json:"media"`
	Size  int64  `json:"size"`
	URL   string `json:"url"`
}

// submissionBody is what was handed in, and what was found.
type submissionBody struct {
	ID          id.ID             `json:"id"`
	No          int               `json:"no" doc:"1 is the first"`
	At          clock.Ms          `json:"at"`
	Link        string            `json:"link" doc:"cleaned"`
	Platform    string            `json:"platform"`
	PostID      id.ID             `json:"post_id" doc:"the imported post, once it is known"`
	PostTitle   string            `json:"post_title"`
	PublishedAt clock.Ms          `json:"published_at" nullable:"true"`
	Text        string            `json:"text" doc:"what the person says was published"`
	Note        string            `json:"note"`
	Answer      *int              `json:"answer" nullable:"true"`
	Form        map[string]string `json:"form"`
	Pictures    []id.ID           `json:"pictures"`
	State       Step              `json:"state" enum:"submitted,look,passed,rejected,appealed,settled,denied"`
	Checks      []checkBody       `json:"checks"`
	Reason      string            `json:"reason"`
	Why         string            `json:"why"`
	Decision    string            `json:"decision" doc:"the reviewer's words"`
	DecidedBy   string            `json:"decided_by" doc:"empty when the rules decided"`
	DecidedAt   clock.Ms          `json:"decided_at" nullable:"true"`
	Appeal      string            `json:"appeal" doc:"the person's objection"`
	Figures     figuresBody       `json:"figures"`
}

// checkBody is one test of a proof: pass, wait (for figures), look or fail.
type checkBody struct {
	Test   string         `json:"test" enum:"link,platform,account,window,hashtag,similar,risk,once,alive,question,form,screenshots,by_hand,late"`
	Result string         `json:"result" enum:"pass,wait,look,fail"`
	Slug   string         `json:"slug"`
	Text   string         `json:"text" doc:"what was found, in the caller's language"`
	Params map[string]any `json:"params" required:"false"`
}

// figuresBody are a post's figures; null = nobody told.
type figuresBody struct {
	Views        *int64   `json:"views" nullable:"true"`
	Interactions *int64   `json:"interactions" nullable:"true"`
	AsOf         clock.Ms `json:"as_of" nullable:"true"`
}

// mineBody is one own task in full.
type mineBody struct {
	Task         todayBody        `json:"task"`
	Steps        string           `json:"steps"`
	Goal         string           `json:"goal"`
	Topic        string           `json:"topic"`
	Hashtags     []string         `json:"hashtags" doc:"for the account's platform, with the sign"`
	Brief        Brief            `json:"brief" doc:"for the account's platform; the right option of the question is left out (-1)"`
	Asks         bool             `json:"asks" doc:"the question must be answered"`
	Notes        []noteBody       `json:"notes" doc:"of the units above, from the top down"`
	Text         ownTextBody      `json:"text"`
	Materials    []materialBody   `json:"materials"`
	Target       string           `json:"target"`
	Evidence     Evidence         `json:"evidence"`
	Fields       []FormField      `json:"fields"`
	OpensAt      clock.Ms         `json:"opens_at" nullable:"true"`
	EndsAt       clock.Ms         `json:"ends_at" nullable:"true"`
	AppURL       string           `json:"app_url" doc:"opens the platform's app"`
	Submissions  []submissionBody `json:"submissions" doc:"newest first"`
	CanAccept    bool             `json:"can_accept"`
	CanDecline   bool             `json:"can_decline" doc:"personal accounts always can, without penalty"`
	CanSubmit    bool             `json:"can_submit"`
	CanAppeal    bool             `json:"can_appeal"`
	Version      int              `json:"version"`
	ChangedSince bool             `json:"changed_since" doc:"the plan changed since it was read last"`
	Card         cardBody         `json:"card"`
}

// ownTextBody is the person's own text.
type ownTextBody struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Own   bool   `json:"own" doc:"made for this person; false when the task has no template"`
}

// cardBody is what a share card shows; the QR code holds the link.
type cardBody struct {
	Title string `json:"title"`
	Line  string `json:"line"`
	Link  string `json:"link"`
}

func (h handlers) mine(ctx context.Context, actor authz.Actor, in *oneIn) (*mineBody, error) {
	x, err := h.s.Mine(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return h.mineOf(actor, x), nil
}

type readIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Version int `json:"version" required:"false" doc:"the version that was read"`
	}
}

func (h handlers) read(ctx context.Context, actor authz.Actor, in *readIn) (*nothing, error) {
	return &nothing{}, h.s.Read(ctx, actor, in.ID, in.Body.Version)
}

// standBody is where an own task stands now.
type standBody struct {
	State  Step   `json:"state" enum:"given,accepted,declined,submitted,look,passed,rejected,appealed,settled,denied,gone"`
	Reason string `json:"reason"`
	Why    string `json:"why"`
}

func (h handlers) accept(ctx context.Context, actor authz.Actor, in *oneIn) (*standBody, error) {
	a, err := h.s.Accept(ctx, actor, in.ID)
	return &standBody{a.State, a.Reason, h.why(actor, a.Reason)}, err
}

type declineIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Reason DeclineReason `json:"reason" enum:"no_time,not_my_topic,on_leave,account_down,unwilling,other"`
		Note   string        `json:"note" required:"false" maxLength:"300"`
	}
}

func (h handlers) decline(ctx context.Context, actor authz.Actor, in *declineIn) (*standBody, error) {
	a, err := h.s.Decline(ctx, actor, in.ID, in.Body.Reason, in.Body.Note)
	return &standBody{a.State, a.Reason, h.why(actor, a.Reason)}, err
}

// pickBody is an imported post that may prove a task.
type pickBody struct {
	ID          id.ID    `json:"id"`
	Title       string   `json:"title"`
	URL         string   `json:"url"`
	PublishedAt clock.Ms `json:"published_at"`
	Used        bool     `json:"used" doc:"already handed in for another task"`
}

type picksBody struct {
	Items []pickBody `json:"items"`
}

func (h handlers) posts(ctx context.Context, actor authz.Actor, in *oneIn) (*picksBody, error) {
	list, err := h.s.Picks(ctx, actor, in.ID)
	out := &picksBody{Items: make([]pickBody, len(list))}
	for i, x := range list {
		out.Items[i] = pickBody(x)
	}
	return out, err
}

type linkIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Text string `json:"text" maxLength:"2000" doc:"a link, or the whole text an app shares"`
	}
}

type linkBody struct {
	Found    bool   `json:"found"`
	Platform string `json:"platform" doc:"empty when the address is no platform's"`
	URL      string `json:"url"`
	PostID   string `json:"post_id" doc:"the platform's own id; empty in a short link"`
	Short    bool   `json:"short" doc:"a short link: what it leads to shows with the next figures"`
	Fits     bool   `json:"fits" doc:"is of the task's platform"`
	Problem  string `json:"problem" doc:"what is wrong with it, in the caller's language"`
}

func (h handlers) tryLink(ctx context.Context, actor authz.Actor, in *linkIn) (*linkBody, error) {
	l, err := h.s.TryLink(ctx, actor, in.ID, in.Body.Text)
	if err != nil {
		return nil, err
	}
	return &linkBody{l.Found, l.Platform, l.URL, l.PostID, l.Short, l.Fits, h.why(actor, l.Problem)}, nil
}

type submitIn struct {
	ID  id.ID  `path:"id"`
	Key string `header:"Idempotency-Key" doc:"the same key is the same proof, however often it is sent"`
	// Body is the proof.
	Body struct {
		Link     string            `json:"link" required:"false" maxLength:"2000" doc:"a link, or the whole text an app shares"`
		PostID   id.ID             `json:"post_id" required:"false" nullable:"true" doc:"one of the own imported posts"`
		Text     string            `json:"text" required:"false" maxLength:"4000" doc:"the words that were published"`
		Pictures []id.ID           `json:"pictures" required:"false" maxItems:"9" doc:"screenshots that were sent ahead"`
		Images   [][]byte          `json:"images" required:"false" maxItems:"9" doc:"screenshots: PNG, JPEG or WebP, base64"`
		Form     map[string]string `json:"form" required:"false"`
		Answer   *int              `json:"answer" required:"false" nullable:"true" minimum:"0" maximum:"5"`
		Note     string            `json:"note" required:"false" maxLength:"300"`
	}
}

func (h handlers) submit(ctx context.Context, actor authz.Actor, in *submitIn) (*submissionBody, error) {
	b := &in.Body
	x, err := h.s.Submit(ctx, actor, in.ID, Proof{Key: in.Key, Link: b.Link, PostID: b.PostID, Text: b.Text, Pictures: b.Pictures, Images: b.Images, Form: b.Form, Answer: b.Answer, Note: b.Note})
	if err != nil {
		return nil, err
	}
	out := h.submissionOf(actor, &x)
	return &out, nil
}

type appealIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Note string `json:"note" minLength:"1" maxLength:"500"`
	}
}

func (h handlers) appeal(ctx context.Context, actor authz.Actor, in *appealIn) (*standBody, error) {
	a, err := h.s.Appeal(ctx, actor, in.ID, in.Body.Note)
	return &standBody{a.State, a.Reason, h.why(actor, a.Reason)}, err
}

type addPictureIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Picture []byte `json:"picture" doc:"PNG, JPEG or WebP, base64"`
	}
}

func (h handlers) addPicture(ctx context.Context, actor authz.Actor, in *addPictureIn) (*madeBody, error) {
	made, err := h.s.AddPicture(ctx, actor, in.ID, in.Body.Picture)
	return &madeBody{made}, err
}

type pictureIn struct {
	ID      id.ID `path:"id"`
	Picture id.ID `path:"picture"`
}

func (h handlers) picture(ctx context.Context, actor authz.Actor, in *pictureIn) (*web.Download, error) {
	media, size, from, err := h.s.Picture(ctx, actor, in.ID, in.Picture)
	if err != nil {
		return nil, err
	}
	return &web.Download{Name: "proof-" + in.Picture.String(), ContentType: media, Size: size, Write: func(w io.Writer) error {
		defer func() { _ = from.Close() }()
		_, err := io.Copy(w, from)
		return err
	}}, nil
}

// rankBody is how far the caller is. Rank is null while nobody of the unit has a task.
type rankBody struct {
	Given  int64  `json:"given" doc:"tasks of running campaigns"`
	Done   int64  `json:"done" doc:"of those passed or settled"`
	Rank   *int   `json:"rank" nullable:"true" doc:"1 is the best of the unit, by share done, then by number"`
	Of     int    `json:"of" doc:"people of the unit with tasks"`
	Unit   string `json:"unit"`
	Fen    int64  `json:"fen" doc:"rewards of what is done, as promised"`
	Points int64  `json:"points"`
}

func (h handlers) rank(ctx context.Context, actor authz.Actor, _ *nothing) (*rankBody, error) {
	x, err := h.s.Rank(ctx, actor)
	return &rankBody{x.Given, x.Done, x.Rank, x.Of, x.Unit, x.Fen, x.Points}, err
}
