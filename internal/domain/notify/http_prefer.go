package notify

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/web"
)

func (h handlers) preferRoutes(r *web.Router) {
	const path = "/api/v1/notify/preferences"
	web.Handle(r, web.Route{Method: "GET", Path: path, Summary: "How every kind of notice comes to the caller, and quiet hours", Permission: permRead}, h.preferences)
	web.Handle(r, web.Route{Method: "PUT", Path: path, Summary: "Set how a kind comes on a channel", Permission: permRead}, h.choose)
	web.Handle(r, web.Route{Method: "PUT", Path: path + "/quiet", Summary: "Set quiet hours of one's own, or take the brand's", Permission: permRead}, h.quiet)
	web.Handle(r, web.Route{Method: "PUT", Path: path + "/mail", Summary: "Stop all mail, or take that back", Permission: permRead}, h.stopMail)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/notify/defaults", Summary: "How every kind comes to people who chose nothing", Permission: permSettings}, h.defaults)
	web.Handle(r, web.Route{Method: "PUT", Path: "/api/v1/notify/defaults", Summary: "Set how a kind comes to people who chose nothing", Permission: permSettings}, h.setDefault)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/notify/unsubscribe", Summary: "What a link of a mail would stop", Public: true}, h.readLink)
	web.HandleRaw(r, web.Route{
		Method: "POST", Path: "/api/v1/notify/unsubscribe", Summary: "Stop mail by the link of a mail, without signing in (RFC 8058)", Public: true, Status: http.StatusNoContent,
	}, h.unsubscribe)
}

// PreferenceBody is how a kind of notice comes to somebody.
type PreferenceBody struct {
	Kind  string `json:"kind"`
	Room  string `json:"room" doc:"the room it comes from"`
	Name  string `json:"name"`
	Loud  bool   `json:"loud" doc:"cannot be switched off in the program, and goes out in quiet hours"`
	InApp Mode   `json:"in_app" enum:"off,instant"`
	Mail  Mode   `json:"mail" enum:"off,instant,daily,weekly"`
	SMS   Mode   `json:"sms" enum:"off,instant"`
}

// QuietBody is a span of the day in the brand's zone.
type QuietBody struct {
	From string `json:"from" pattern:"^[0-2][0-9]:[0-5][0-9]$" doc:"22:00"`
	To   string `json:"to" pattern:"^[0-2][0-9]:[0-5][0-9]$" doc:"08:00; the same as from: no quiet hours"`
}

func quietBody(q Quiet) QuietBody { return QuietBody{minute(q.From), minute(q.To)} }

func (b QuietBody) quiet() Quiet { return Quiet{minutes(b.From), minutes(b.To)} }

func minute(n int) string { return fmt.Sprintf("%02d:%02d", n/60, n%60) }

// minutes reads 08:30; -1 for what is no time.
func minutes(text string) int {
	var hour, min int
	if n, err := fmt.Sscanf(text, "%02d:%02d", &hour, &min); n != 2 || err != nil || hour > 23 || min > 59 {
		return -1
	}
	return hour*60 + min
}

// PreferencesBody is what somebody set, and what can reach them at all.
type PreferencesBody struct {
	Items    []PreferenceBody `json:"items"`
	Mail     bool             `json:"mail" doc:"the brand sends mail"`
	SMS      bool             `json:"sms" doc:"the brand sends SMS"`
	HasMail  bool             `json:"has_mail"`
	HasPhone bool             `json:"has_phone"`
	MailOff  bool             `json:"mail_off" doc:"all mail is stopped"`
	OwnQuiet bool             `json:"own_quiet"`
	Quiet    QuietBody        `json:"quiet"`
	Brand    QuietBody        `json:"brand_quiet"`
	DigestAt string           `json:"digest_at"`
}

func (h handlers) kindBodies(actor authz.Actor, list []Preference) []PreferenceBody {
	lang := i18n.Match(actor.Lang)
	out := make([]PreferenceBody, len(list))
	for i, p := range list {
		room, _, _ := strings.Cut(p.Kind.Key, ".")
		out[i] = PreferenceBody{
			Kind: p.Kind.Key, Room: room, Name: h.texts.Text(lang, slug(p.Kind.Key, "_name"), nil), Loud: p.Kind.Loud,
			InApp: p.Modes[InApp], Mail: p.Modes[Mail], SMS: p.Modes[SMS],
		}
	}
	return out
}

func (h handlers) preferences(ctx context.Context, actor authz.Actor, _ *none) (*PreferencesBody, error) {
	p, err := h.s.Preferences(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &PreferencesBody{
		Items: h.kindBodies(actor, p.Kinds), Mail: p.Mail, SMS: p.SMS, HasMail: p.HasMail, HasPhone: p.HasPhone, MailOff: p.MailOff, OwnQuiet: p.Own,
		Quiet: quietBody(p.Quiet), Brand: quietBody(p.Brand), DigestAt: minute(p.DigestAt),
	}, nil
}

type chooseIn struct {
	Body struct {
		Kind    string  `json:"kind" maxLength:"80"`
		Channel Channel `json:"channel" enum:"in_app,mail,sms"`
		Mode    Mode    `json:"mode" enum:"off,instant,daily,weekly"`
	}
}

func (h handlers) choose(ctx context.Context, actor authz.Actor, in *chooseIn) (*none, error) {
	return nil, h.s.Choose(ctx, actor, in.Body.Kind, in.Body.Channel, in.Body.Mode)
}

type quietIn struct {
	Body struct {
		Quiet *QuietBody `json:"quiet" required:"false" doc:"none: the brand's"`
	}
}

func (h handlers) quiet(ctx context.Context, actor authz.Actor, in *quietIn) (*none, error) {
	if in.Body.Quiet == nil {
		return nil, h.s.SetQuiet(ctx, actor, nil)
	}
	q := in.Body.Quiet.quiet()
	return nil, h.s.SetQuiet(ctx, actor, &q)
}

type stopIn struct {
	Body struct {
		Off bool `json:"off"`
	}
}

func (h handlers) stopMail(ctx context.Context, actor authz.Actor, in *stopIn) (*none, error) {
	return nil, h.s.StopMail(ctx, actor, in.Body.Off)
}

func (h handlers) defaults(ctx context.Context, actor authz.Actor, _ *none) (*web.Page[PreferenceBody], error) {
	list, err := h.s.Defaults(ctx, actor)
	return web.NewPage(h.kindBodies(actor, list), ""), err
}

func (h handlers) setDefault(ctx context.Context, actor authz.Actor, in *chooseIn) (*none, error) {
	return nil, h.s.SetDefault(ctx, actor, in.Body.Kind, in.Body.Channel, in.Body.Mode)
}

type linkIn struct {
	Token string `query:"token" required:"true" maxLength:"400"`
	Lang  string `query:"lang" enum:"zh,en"`
	All   bool   `query:"all" doc:"all mail, not only the kind of the link"`
}

// LinkBody is what a link for unsubscribing is about.
type LinkBody struct {
	Name string `json:"name" doc:"of the kind of notices; empty for all mail"`
}

func (h handlers) readLink(_ context.Context, _ authz.Actor, in *linkIn) (*LinkBody, error) {
	l, err := h.s.ReadLink(in.Token)
	if err != nil || l.Kind == "" {
		return &LinkBody{}, err
	}
	return &LinkBody{Name: h.texts.Text(i18n.Match(in.Lang), slug(l.Kind, "_name"), nil)}, nil
}

// unsubscribe is raw: mail programs send a form that nobody needs to read.
func (h handlers) unsubscribe(ctx context.Context, _ authz.Actor, in *linkIn, w http.ResponseWriter, _ *http.Request) error {
	if err := h.s.Unsubscribe(ctx, in.Token, in.All); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
