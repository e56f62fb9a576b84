package notify

import (
	"context"
	"errors"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/connect"
	"kosmos/internal/connect/hook"
	"kosmos/internal/connect/mail"
	"kosmos/internal/connect/robot"
)

func (h handlers) settingRoutes(r *web.Router) {
	const path = "/api/v1/notify/settings"
	web.Handle(r, web.Route{Method: "GET", Path: path, Summary: "The brand's channels, without secrets", Permission: permSettings}, h.settings)
	web.Handle(r, web.Route{Method: "PUT", Path: path, Summary: "Set address, quiet hours, digest and reminders", Permission: permSettings}, h.setGeneral)
	web.Handle(r, web.Route{Method: "PUT", Path: path + "/mail", Summary: "Set the mail server", Permission: permSettings}, h.setMail)
	web.Handle(r, web.Route{Method: "POST", Path: path + "/mail/test", Summary: "Send a test mail and tell what happened", Permission: permSettings}, h.testMail)
	web.Handle(r, web.Route{Method: "PUT", Path: path + "/sms", Summary: "Set the SMS hook", Permission: permSettings}, h.setSMS)
	web.Handle(r, web.Route{Method: "POST", Path: path + "/sms/test", Summary: "Send a test SMS and tell what happened", Permission: permSettings}, h.testSMS)
}

// GeneralBody is what applies to every channel.
type GeneralBody struct {
	Address   string    `json:"address" maxLength:"300" doc:"of this program as people reach it; links in mails begin with it"`
	Quiet     QuietBody `json:"quiet"`
	DigestAt  string    `json:"digest_at" pattern:"^[0-2][0-9]:[0-5][0-9]$"`
	DigestDay int       `json:"digest_day" minimum:"0" maximum:"6" doc:"of weekly digests, 0 is Sunday"`
	Reminders int       `json:"reminders" doc:"at most so many reminders per person and day"`
}

// MailBody is a mail server without its password.
type MailBody struct {
	On          bool          `json:"on"`
	Host        string        `json:"host"`
	Port        int           `json:"port"`
	Security    mail.Security `json:"security" enum:"tls,starttls,none"`
	User        string        `json:"user"`
	From        string        `json:"from"`
	FromName    string        `json:"from_name"`
	PasswordSet bool          `json:"password_set"`
}

// SMSBody is an SMS hook without its secrets.
type SMSBody struct {
	On        bool   `json:"on"`
	Host      string `json:"host" doc:"of the address"`
	SecretSet bool   `json:"secret_set"`
}

// SettingsBody are the channels of a brand.
type SettingsBody struct {
	GeneralBody
	Mail MailBody `json:"mail"`
	SMS  SMSBody  `json:"sms"`
}

func (h handlers) settings(ctx context.Context, actor authz.Actor, _ *none) (*SettingsBody, error) {
	s, err := h.s.Settings(ctx, actor)
	if err != nil {
		return nil, err
	}
	m := s.Mail
	if m.Host == "" {
		m.Port, m.Security = 465, mail.TLS // what most servers want
	}
	return &SettingsBody{
		GeneralBody: GeneralBody{s.Address, quietBody(s.Quiet), minute(s.DigestAt), s.DigestDay, s.Reminders},
		Mail:        MailBody{s.MailOn, m.Host, m.Port, m.Security, m.User, m.From, m.FromName, s.Password},
		SMS:         SMSBody{s.SMSOn, s.SMSHost, s.SMSSecret},
	}, nil
}

type generalIn struct{ Body GeneralBody }

func (h handlers) setGeneral(ctx context.Context, actor authz.Actor, in *generalIn) (*none, error) {
	b := in.Body
	return nil, h.s.SetGeneral(ctx, actor, General{b.Address, b.Quiet.quiet(), minutes(b.DigestAt), b.DigestDay, b.Reminders})
}

type mailIn struct {
	Body struct {
		On       bool          `json:"on"`
		Host     string        `json:"host" maxLength:"200"`
		Port     int           `json:"port"`
		Security mail.Security `json:"security" enum:"tls,starttls,none"`
		User     string        `json:"user" required:"false" maxLength:"200"`
		Password string        `json:"password" required:"false" maxLength:"500" doc:"empty: the one that is kept, for the same host and user"`
		From     string        `json:"from" maxLength:"200"`
		FromName string        `json:"from_name" required:"false" maxLength:"100"`
	}
}

func (h handlers) setMail(ctx context.Context, actor authz.Actor, in *mailIn) (*none, error) {
	b := in.Body
	return nil, h.s.SetMail(ctx, actor, b.On, mail.Server{
		Host: b.Host, Port: b.Port, Security: b.Security, User: b.User, Password: b.Password, From: b.From, FromName: b.FromName,
	})
}

type smsIn struct {
	Body struct {
		On     bool   `json:"on"`
		URL    string `json:"url" required:"false" maxLength:"1000" doc:"empty: the one that is kept"`
		Secret string `json:"secret" required:"false" maxLength:"200" doc:"empty: the one that is kept, for the same address"`
	}
}

func (h handlers) setSMS(ctx context.Context, actor authz.Actor, in *smsIn) (*none, error) {
	return nil, h.s.SetSMS(ctx, actor, in.Body.On, hook.Target{URL: in.Body.URL, Secret: in.Body.Secret})
}

// TestedBody is how a test went.
type TestedBody struct {
	Result connect.Result `json:"result" enum:"sent,refused,later,unknown"`
	Words  string         `json:"words" doc:"what happened, and what to do about it"`
	Detail string         `json:"detail" doc:"what the other side said"`
}

// tested turns a fault into words; other errors stay errors.
func (h handlers) tested(actor authz.Actor, err error) (*TestedBody, error) {
	lang := i18n.Match(actor.Lang)
	if err == nil {
		return &TestedBody{connect.Sent, h.s.word(lang, "test_sent"), ""}, nil
	}
	var f *connect.Fault
	if !errors.As(err, &f) {
		return nil, err
	}
	return &TestedBody{f.Result, h.s.word(lang, "why_"+f.Code), f.Detail}, nil
}

type testMailIn struct {
	Body struct {
		To string `json:"to" maxLength:"200"`
	}
}

func (h handlers) testMail(ctx context.Context, actor authz.Actor, in *testMailIn) (*TestedBody, error) {
	return h.tested(actor, h.s.TestMail(ctx, actor, in.Body.To))
}

type testSMSIn struct {
	Body struct {
		Phone string `json:"phone" maxLength:"40"`
	}
}

func (h handlers) testSMS(ctx context.Context, actor authz.Actor, in *testSMSIn) (*TestedBody, error) {
	return h.tested(actor, h.s.TestSMS(ctx, actor, in.Body.Phone))
}

func (h handlers) robotRoutes(r *web.Router) {
	const path = "/api/v1/notify/robots"
	web.Handle(r, web.Route{Method: "GET", Path: path, Summary: "Group robots of the caller's units", Permission: permRobots}, h.robots)
	web.Handle(r, web.Route{Method: "POST", Path: path, Summary: "Add the robot of a group", Permission: permRobots, Status: 201}, h.addRobot)
	web.Handle(r, web.Route{Method: "PUT", Path: path + "/{id}", Summary: "Change a robot", Permission: permRobots}, h.editRobot)
	web.Handle(r, web.Route{Method: "DELETE", Path: path + "/{id}", Summary: "Forget a robot", Permission: permRobots}, h.removeRobot)
	web.Handle(r, web.Route{Method: "POST", Path: path + "/{id}/test", Summary: "Send a test message and tell what happened", Permission: permRobots}, h.testRobot)
	web.Handle(r, web.Route{Method: "GET", Path: "/api/v1/notify/kinds", Summary: "Kinds of notices, for choosing", Permission: permLog}, h.kindNames)
}

// RobotBody is a group's robot without its address.
type RobotBody struct {
	ID      id.ID        `json:"id"`
	Name    string       `json:"name"`
	Vendor  robot.Vendor `json:"vendor" enum:"wecom,feishu,dingtalk"`
	UnitID  id.ID        `json:"unit_id"`
	Lang    string       `json:"lang" enum:"zh,en"`
	Quiet   bool         `json:"quiet" doc:"keeps the brand's quiet hours"`
	Kinds   []string     `json:"kinds"`
	Hint    string       `json:"hint" doc:"end of the address"`
	Signed  bool         `json:"signed"`
	On      bool         `json:"on"`
	Created clock.Ms     `json:"created_at"`
}

func (h handlers) robots(ctx context.Context, actor authz.Actor, _ *none) (*web.Page[RobotBody], error) {
	list, err := h.s.Robots(ctx, actor)
	out := make([]RobotBody, len(list))
	for i, r := range list {
		out[i] = RobotBody(r)
	}
	return web.NewPage(out, ""), err
}

// RobotEdit is a robot to be made or changed.
type RobotEdit struct {
	Name     string       `json:"name" maxLength:"200"`
	URL      string       `json:"url" required:"false" maxLength:"1000" doc:"the webhook address; empty: the one that is kept"`
	Secret   string       `json:"secret" required:"false" maxLength:"200" doc:"of the signature; empty: the one that is kept"`
	NoSecret bool         `json:"no_secret" required:"false" doc:"the robot does not sign any more"`
	Vendor   robot.Vendor `json:"vendor" required:"false" enum:"wecom,feishu,dingtalk" doc:"only for addresses of one's own network"`
	Unit     id.ID        `json:"unit_id"`
	Lang     string       `json:"lang" enum:"zh,en"`
	Quiet    bool         `json:"quiet"`
	Kinds    []string     `json:"kinds" maxItems:"200"`
	On       bool         `json:"on"`
}

func (e RobotEdit) draft() RobotDraft {
	return RobotDraft{e.Name, e.URL, e.Secret, e.NoSecret, e.Vendor, e.Unit.String(), e.Lang, e.Quiet, e.Kinds, e.On}
}

type addRobotIn struct{ Body RobotEdit }

type addedBody struct {
	ID id.ID `json:"id"`
}

func (h handlers) addRobot(ctx context.Context, actor authz.Actor, in *addRobotIn) (*addedBody, error) {
	made, err := h.s.AddRobot(ctx, actor, in.Body.draft())
	return &addedBody{made}, err
}

type editRobotIn struct {
	ID   id.ID `path:"id"`
	Body RobotEdit
}

func (h handlers) editRobot(ctx context.Context, actor authz.Actor, in *editRobotIn) (*none, error) {
	return nil, h.s.EditRobot(ctx, actor, in.ID, in.Body.draft())
}

type robotIn struct {
	ID id.ID `path:"id"`
}

func (h handlers) removeRobot(ctx context.Context, actor authz.Actor, in *robotIn) (*none, error) {
	return nil, h.s.RemoveRobot(ctx, actor, in.ID)
}

func (h handlers) testRobot(ctx context.Context, actor authz.Actor, in *robotIn) (*TestedBody, error) {
	return h.tested(actor, h.s.TestRobot(ctx, actor, in.ID))
}

// KindBody names a kind of notices.
type KindBody struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

func (h handlers) kindNames(_ context.Context, actor authz.Actor, _ *none) (*web.Page[KindBody], error) {
	lang := i18n.Match(actor.Lang)
	var out []KindBody
	for _, k := range h.s.Kinds() {
		out = append(out, KindBody{k.Key, h.texts.Text(lang, slug(k.Key, "_name"), nil)})
	}
	return web.NewPage(out, ""), nil
}
