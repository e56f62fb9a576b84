package account

import (
	"context"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
)

type handlers struct {
	s       *Service
	texts   web.Texts
	cursors *web.Cursors
}

// url begins every route of the room.
const url = "/api/v1/account"

func (h *handlers) routes(r *web.Router) {
	h.cursors = r.Cursors()
	web.Handle(r, web.Route{Method: "GET", Path: url + "/accounts", Summary: "Accounts of the scope", Permission: PermRead}, h.list)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/count", Summary: "How many accounts a filter finds", Permission: PermRead}, h.count)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/accounts/{id}", Summary: "One account", Permission: PermRead}, h.get)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts", Summary: "Register an account", Permission: PermEdit, Status: 201}, h.create)
	web.Handle(r, web.Route{Method: "PATCH", Path: url + "/accounts/{id}", Summary: "Edit an account", Permission: PermEdit}, h.update)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts/{id}/status", Summary: "Change an account's status with the cause", Permission: PermEdit}, h.status)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts/{id}/certification", Summary: "Record the staff certification", Permission: PermEdit}, h.certify)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts/{id}/pair", Summary: "Pair a public account with the private one that receives", Permission: PermEdit}, h.pair)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/accounts/{id}/publics", Summary: "Public accounts that this one receives for", Permission: PermRead}, h.publics)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts/{id}/handover", Summary: "Hand a company account to the next member", Permission: PermHandover}, h.handover)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts/{id}/end", Summary: "End the authorisation of a personal account", Permission: PermHandover}, h.end)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/accounts/{id}/timeline", Summary: "Custody history, newest first", Permission: PermRead}, h.timeline)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/accounts/{id}/consents", Summary: "Consents on record", Permission: PermRead}, h.consents)
	web.Handle(r, web.Route{Method: "POST", Path: url + "/accounts/{id}/consents", Summary: "Put a consent on record", Permission: PermHandover}, h.consent)
	web.Handle(r, web.Route{Method: "GET", Path: url + "/consent-text", Summary: "The text people agree to", Permission: PermRead}, h.consentText)
	h.bulkRoutes(r)

	h.settingRoutes(r)
	h.matrixRoutes(r)
	h.unofficialRoutes(r)
}

type listIn struct {
	web.Paging
	filterIn
	Sort string `query:"sort" default:"name" maxLength:"20" doc:"name, followers, created, last_post; a leading minus turns round"`
}

func (h *handlers) list(ctx context.Context, actor authz.Actor, in *listIn) (*web.Page[Body], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	q := Query{Filter: f, Sort: Sort(in.Sort), Limit: in.Limit}
	mark := []any{actor.BrandID, f}
	var p Place
	if ok, err := h.cursors.Read(in.Cursor, in.Sort, mark, &p.Text, &p.Num, &p.ID); err != nil {
		return nil, err
	} else if ok {
		q.After = &p
	}
	rows, last, err := h.s.List(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	next := ""
	if last != nil {
		next = h.cursors.Next(in.Sort, mark, last.Text, last.Num, last.ID)
	}
	return web.NewPage(h.bodies(rows), next), nil
}

func (h *handlers) bodies(rows []Item) []Body {
	items := make([]Body, len(rows))
	for i, r := range rows {
		items[i] = h.body(r)
	}
	return items
}

type countIn struct{ filterIn }

// CountBody is a count that stops: more means "n+".
type CountBody struct {
	N    int64 `json:"n"`
	More bool  `json:"more" doc:"there are more than n"`
}

func (h *handlers) count(ctx context.Context, actor authz.Actor, in *countIn) (*CountBody, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	n, more, err := h.s.Count(ctx, actor, f)
	return &CountBody{n, more}, err
}

type idIn struct {
	ID id.ID `path:"id"`
}

func (h *handlers) get(ctx context.Context, actor authz.Actor, in *idIn) (*Body, error) {
	return h.answer(h.s.Get(ctx, actor, in.ID))
}

func (h *handlers) answer(it Item, err error) (*Body, error) {
	if err != nil {
		return nil, err
	}
	b := h.body(it)
	return &b, nil
}

type createIn struct {
	Body struct {
		Platform   Platform  `json:"platform" enum:"xiaohongshu,douyin,channels,kuaishou,bilibili,weibo,wechat_oa"`
		Handle     string    `json:"handle" maxLength:"200"`
		ExternalID string    `json:"external_id,omitempty" maxLength:"120"`
		Name       string    `json:"name,omitempty" maxLength:"120"`
		Kind       Kind      `json:"kind" enum:"brand,business_line,region,dealer,agent,store,employee,persona,benchmark,adviser,hq_service,koc"`
		Unit       string    `json:"unit" maxLength:"400" doc:"unit id or path"`
		MemberID   id.ID     `json:"member_id,omitempty" nullable:"true"`
		Ownership  Ownership `json:"ownership" enum:"company,personal"`
		Verified   bool      `json:"verified,omitempty"`
		POI        string    `json:"poi,omitempty" maxLength:"200"`
		Level      Level     `json:"level,omitempty" enum:",junior,middle,senior"`
	}
}

func (h *handlers) create(ctx context.Context, actor authz.Actor, in *createIn) (*Body, error) {
	b := in.Body
	return h.answer(h.s.Create(ctx, actor, Draft{
		Platform: b.Platform, Handle: b.Handle, ExternalID: b.ExternalID, Name: b.Name, Kind: b.Kind,
		Unit: b.Unit, MemberID: b.MemberID, Ownership: b.Ownership, Verified: b.Verified, POI: b.POI, Level: b.Level,
	}))
}

type updateIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Rev        int        `json:"rev,omitempty" doc:"the revision the caller saw; 0 does not look"`
		Handle     *string    `json:"handle,omitempty" maxLength:"200"`
		ExternalID *string    `json:"external_id,omitempty" maxLength:"120"`
		Name       *string    `json:"name,omitempty" maxLength:"120"`
		Kind       *Kind      `json:"kind,omitempty" enum:"brand,business_line,region,dealer,agent,store,employee,persona,benchmark,adviser,hq_service,koc"`
		Unit       *string    `json:"unit,omitempty" maxLength:"400"`
		Ownership  *Ownership `json:"ownership,omitempty" enum:"company,personal"`
		Verified   *bool      `json:"verified,omitempty"`
		POI        *string    `json:"poi,omitempty" maxLength:"200"`
		Level      *Level     `json:"level,omitempty" enum:",junior,middle,senior"`
	}
}

func (h *handlers) update(ctx context.Context, actor authz.Actor, in *updateIn) (*Body, error) {
	b := in.Body
	return h.answer(h.s.Update(ctx, actor, in.ID, b.Rev, Patch{
		Handle: b.Handle, ExternalID: b.ExternalID, Name: b.Name, Kind: b.Kind,
		Unit: b.Unit, Ownership: b.Ownership, Verified: b.Verified, POI: b.POI, Level: b.Level,
	}))
}

type statusIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Status Status `json:"status" enum:"ok,token_expired,authorisation_cancelled,banned,private,handed_over,closed"`
		Cause  string `json:"cause,omitempty" maxLength:"500"`
	}
}

func (h *handlers) status(ctx context.Context, actor authz.Actor, in *statusIn) (*Body, error) {
	return h.answer(h.s.SetStatus(ctx, actor, in.ID, in.Body.Status, in.Body.Cause))
}

type certifyIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		State string    `json:"state" enum:"none,pending,certified,expired,revoked"`
		Until clock.Day `json:"until,omitempty" nullable:"true"`
		Note  string    `json:"note,omitempty" maxLength:"500"`
	}
}

func (h *handlers) certify(ctx context.Context, actor authz.Actor, in *certifyIn) (*Body, error) {
	state, err := parseCertState(in.Body.State)
	if err != nil {
		return nil, err
	}
	return h.answer(h.s.Certify(ctx, actor, Certification{AccountID: in.ID, State: state, Until: in.Body.Until, Note: in.Body.Note}))
}

type pairIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		PrivateID id.ID `json:"private_id" nullable:"true" doc:"null takes the pair apart"`
	}
}

func (h *handlers) pair(ctx context.Context, actor authz.Actor, in *pairIn) (*Body, error) {
	return h.answer(h.s.Pair(ctx, actor, in.ID, in.Body.PrivateID))
}

// PublicsBody lists public sides.
type PublicsBody struct {
	Items []PairBody `json:"items"`
}

func (h *handlers) publics(ctx context.Context, actor authz.Actor, in *idIn) (*PublicsBody, error) {
	rows, err := h.s.PublicSidesOf(ctx, actor, in.ID)
	out := &PublicsBody{Items: []PairBody{}}
	for _, a := range rows {
		out.Items = append(out.Items, PairBody{ID: a.ID, Platform: a.Platform, Name: a.Name, Handle: a.Handle})
	}
	return out, err
}

type handoverIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		ToMember  id.ID       `json:"to_member"`
		Unit      string      `json:"unit,omitempty" maxLength:"400"`
		Reason    string      `json:"reason" maxLength:"500"`
		Checklist []CheckItem `json:"checklist"`
	}
}

func (h *handlers) handover(ctx context.Context, actor authz.Actor, in *handoverIn) (*Body, error) {
	b := in.Body
	return h.answer(h.s.HandOver(ctx, actor, Handover{AccountID: in.ID, ToMember: b.ToMember, Unit: b.Unit, Reason: b.Reason, Checklist: b.Checklist}))
}

type endIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

func (h *handlers) end(ctx context.Context, actor authz.Actor, in *endIn) (*Body, error) {
	return h.answer(h.s.EndAuthorisation(ctx, actor, in.ID, in.Body.Reason))
}

// EntryBody is a line of the timeline; units are named as of today.
type EntryBody struct {
	ID         id.ID     `json:"id"`
	At         clock.Ms  `json:"at"`
	What       string    `json:"what"`
	FromMember string    `json:"from_member"`
	ToMember   string    `json:"to_member"`
	FromUnit   string    `json:"from_unit"`
	ToUnit     string    `json:"to_unit"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	Reason     string    `json:"reason"`
	Checklist  CheckList `json:"checklist"`
	Actor      string    `json:"actor"`
}

// TimelineBody lists lines, newest first.
type TimelineBody struct {
	Items []EntryBody `json:"items"`
}

func (h *handlers) timeline(ctx context.Context, actor authz.Actor, in *idIn) (*TimelineBody, error) {
	rows, err := h.s.Timeline(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	for _, r := range rows {
		for _, u := range []id.ID{r.FromUnitID, r.ToUnitID} {
			if u != 0 {
				ids = append(ids, u)
			}
		}
	}
	units := map[id.ID]Unit{}
	if len(ids) > 0 {
		if units, err = h.s.Units.UnitsByID(ctx, h.s.DB, actor.BrandID, unique(ids)); err != nil {
			return nil, err
		}
	}
	out := &TimelineBody{Items: make([]EntryBody, len(rows))}
	for i, r := range rows {
		out.Items[i] = EntryBody{
			ID: r.ID, At: r.At, What: r.What, FromMember: r.FromMember, ToMember: r.ToMember, FromUnit: units[r.FromUnitID].Path,
			ToUnit: units[r.ToUnitID].Path, From: r.FromValue, To: r.ToValue, Reason: h.reason(actor, r.Reason), Checklist: r.Items, Actor: r.Actor,
		}
	}
	return out, nil
}

// reason renders a reason that the program gave; people's own words stay.
func (h *handlers) reason(actor authz.Actor, text string) string {
	if strings.HasPrefix(text, "account.cause_") {
		return h.texts.Text(langOf(actor), text, nil)
	}
	return text
}

// ConsentsBody lists consents.
type ConsentsBody struct {
	Items []Consent `json:"items"`
}

func (h *handlers) consents(ctx context.Context, actor authz.Actor, in *idIn) (*ConsentsBody, error) {
	rows, err := h.s.Consents(ctx, actor, in.ID)
	for i := range rows {
		rows[i].WithdrawnReason = h.reason(actor, rows[i].WithdrawnReason)
	}
	return &ConsentsBody{rows}, err
}

type consentIn struct {
	ID   id.ID `path:"id"`
	Body struct {
		Purposes []string `json:"purposes" minItems:"1"`
		AgreedAt clock.Ms `json:"agreed_at,omitempty" nullable:"true"`
		Via      string   `json:"via" enum:"phone,paper,message"`
		Proof    string   `json:"proof,omitempty" maxLength:"500"`
	}
}

func (h *handlers) consent(ctx context.Context, actor authz.Actor, in *consentIn) (*ConsentsBody, error) {
	b := in.Body
	if err := h.s.RecordConsent(ctx, actor, NewConsent{AccountID: in.ID, Purposes: b.Purposes, AgreedAt: b.AgreedAt, Via: b.Via, Proof: b.Proof, Lang: actor.Lang}); err != nil {
		return nil, err
	}
	return h.consents(ctx, actor, &idIn{in.ID})
}

// ConsentTextBody is the shipped text.
type ConsentTextBody struct {
	Version  string   `json:"version"`
	Text     string   `json:"text"`
	Hash     string   `json:"hash"`
	Purposes []string `json:"purposes"`
	Steps    []string `json:"steps" doc:"keys of the hand-over checklist"`
}

func (h *handlers) consentText(_ context.Context, actor authz.Actor, _ *struct{}) (*ConsentTextBody, error) {
	text, hash, err := ConsentText(actor.Lang)
	return &ConsentTextBody{Version: ConsentVersion, Text: text, Hash: hash, Purposes: Purposes(), Steps: HandoverSteps()}, err
}

// parseList reads slugs or names.
func parseList[T any](words []string, parse func(string) (T, error)) ([]T, error) {
	var out []T
	for _, part := range words {
		if strings.TrimSpace(part) == "" {
			continue
		}
		v, err := parse(part)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func parseCertState(text string) (CertState, error) {
	switch s := CertState(strings.TrimSpace(text)); s {
	case "none":
		return CertNone, nil
	case CertPending, Certified, CertExpired, CertRevoked:
		return s, nil
	}
	return CertNone, errs.New(errs.Invalid, "account.cert_unknown", "value", text)
}
