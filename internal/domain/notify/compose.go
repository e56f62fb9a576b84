package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/i18n"
	"kosmos/internal/base/id"
	"kosmos/internal/connect/mail"
	"kosmos/internal/connect/robot"
)

const (
	mailLines  = 50
	robotLines = 200
	smsRunes   = 200
)

// said is a notice in one language.
type said struct {
	Title, Body, Link string
}

// say renders a notice. Its link is whole when the brand has an address, else empty.
func (s *Service) say(lang i18n.Lang, n Row, address string) said {
	params := map[string]any{}
	_ = json.Unmarshal([]byte(n.Params), &params) // written by us; a text without parameters shows "?"
	out := said{Title: s.texts.Text(lang, slug(n.Kind, ""), params), Body: s.texts.Text(lang, slug(n.Kind, "_body"), params)}
	if address != "" && n.Link != "" {
		out.Link = address + n.Link
	}
	return out
}

func (s *Service) word(lang i18n.Lang, slug string, kv ...any) string {
	params := map[string]any{}
	for i := 0; i+1 < len(kv); i += 2 {
		params[kv[i].(string)] = kv[i+1]
	}
	return s.texts.Text(lang, "notify."+slug, params)
}

// mailOf writes the mail of a parcel in its reader's language.
func (s *Service) mailOf(t *take, p parcel, k known) mail.Message {
	who := k.contacts[p.target]
	lang := i18n.Match(who.Lang)
	lines := make([]said, 0, len(p.rows))
	for _, r := range p.rows {
		lines = append(lines, s.say(lang, k.notices[r.NoticeID], t.set.Address))
	}
	slices.Reverse(lines) // newest first
	subject := lines[0].Title
	switch {
	case p.digest():
		subject = s.word(lang, "mail_digest", "n", len(lines))
	case len(lines) > 1:
		subject = s.word(lang, "mail_many", "n", len(lines))
	}
	kind := ""
	if len(p.rows) == 1 {
		kind = p.rows[0].Kind
	}
	token := s.unsubscribeToken(t.brand(), p.target, kind)
	v := mailView{
		Lang: string(lang), Subject: subject, Hello: s.word(lang, "mail_hello", "name", who.Name), Open: s.word(lang, "mail_open"),
		Why: s.word(lang, "mail_why"), Settings: s.word(lang, "mail_settings"), SettingsURL: t.set.Address + "/notices?settings=1",
		Stop: s.word(lang, "mail_stop"), StopURL: t.set.Address + "/unsubscribe#" + token,
	}
	if n := len(lines) - mailLines; n > 0 {
		lines, v.Rest = lines[:mailLines], s.word(lang, "more", "n", n)
	}
	v.Lines = lines
	return mail.Message{
		ID: "kosmos-" + p.rows[0].ID.String(), To: who.Mail, ToName: who.Name, Subject: subject, Text: v.text(), HTML: v.html(), Lang: string(lang),
		Unsubscribe: t.set.Address + "/api/v1/notify/unsubscribe?token=" + token, At: s.Clock.Now(),
	}
}

// mailView is what a mail shows.
type mailView struct {
	Lang, Subject, Hello, Open, Why, Rest string
	Settings, SettingsURL, Stop, StopURL  string
	Lines                                 []said
}

func (v mailView) text() string {
	var b strings.Builder
	b.WriteString(v.Hello + "\n\n")
	for _, l := range v.Lines {
		b.WriteString("• " + l.Title + "\n")
		if l.Body != "" {
			b.WriteString("  " + l.Body + "\n")
		}
		if l.Link != "" {
			b.WriteString("  " + l.Link + "\n")
		}
		b.WriteByte('\n')
	}
	if v.Rest != "" {
		b.WriteString(v.Rest + "\n\n")
	}
	b.WriteString("--\n" + v.Why + "\n" + v.Settings + ": " + v.SettingsURL + "\n" + v.Stop + ": " + v.StopURL + "\n")
	return b.String()
}

// page is the HTML of a mail: tables and inline styles, which is what mail programs understand.
var page = template.Must(template.New("mail").Parse(`<!doctype html><html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px 12px;background:#f5f6f8;font-family:-apple-system,'PingFang SC','Microsoft YaHei',sans-serif;font-size:15px;line-height:1.6;color:#1f2329">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" style="max-width:560px;width:100%;background:#fff;border-radius:8px"><tr><td style="padding:24px">
<p style="margin:0 0 16px">{{.Hello}}</p>
{{range .Lines}}<div style="margin:0 0 12px;padding:12px 16px;border-left:3px solid #2f5fe3;background:#f7f9ff">
<div style="font-weight:600">{{.Title}}</div>{{if .Body}}<div style="color:#51565d">{{.Body}}</div>{{end}}
{{if .Link}}<div style="margin-top:6px"><a href="{{.Link}}" style="color:#2450c4">{{$.Open}}</a></div>{{end}}</div>
{{end}}{{if .Rest}}<p style="margin:0 0 12px;color:#51565d">{{.Rest}}</p>{{end}}
<p style="margin:20px 0 0;padding-top:12px;border-top:1px solid #e5e6eb;color:#5f646d;font-size:13px">{{.Why}}<br>
<a href="{{.SettingsURL}}" style="color:#5f646d">{{.Settings}}</a> · <a href="{{.StopURL}}" style="color:#5f646d">{{.Stop}}</a></p>
</td></tr></table></td></tr></table></body></html>`))

func (v mailView) html() string {
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		return "" // the text part says it all
	}
	return b.String()
}

// textOf writes an SMS.
func (s *Service) textOf(p parcel, k known) string {
	lang := i18n.Match(k.contacts[p.target].Lang)
	first := s.say(lang, k.notices[p.rows[0].NoticeID], "")
	text := first.Title
	if len(p.rows) > 1 {
		text = s.word(lang, "sms_many", "n", len(p.rows), "title", first.Title)
	} else if first.Body != "" {
		text += s.word(lang, "joint") + first.Body
	}
	runes := []rune(text)
	return string(runes[:min(len(runes), smsRunes)])
}

// messageOf writes what a robot says, and gives the deliveries it stands for; those whose notice is gone are skipped.
func (s *Service) messageOf(ctx context.Context, t *take, row robotRow, p parcel) (robot.Message, []delivery, error) {
	lang := i18n.Match(row.Lang)
	ids := make([]id.ID, len(p.rows))
	for i, r := range p.rows {
		ids[i] = r.NoticeID
	}
	notices, err := selectByID(ctx, s.DB, t.brand(), ids)
	if err != nil {
		return robot.Message{}, nil, err
	}
	var users []id.ID
	for _, n := range notices {
		users = append(users, n.UserID)
	}
	names, err := s.People.Names(ctx, s.DB, t.brand(), users)
	if err != nil {
		return robot.Message{}, nil, err
	}
	var rows, gone []delivery
	m := robot.Message{More: s.word(lang, "mail_open"), Rest: func(n int) string { return s.word(lang, "more", "n", n) }}
	for _, r := range p.rows {
		n, there := notices[r.NoticeID]
		if !there {
			gone = append(gone, r)
			continue
		}
		rows = append(rows, r)
		told := s.say(lang, n, t.set.Address)
		whom := s.word(lang, "to_people", "n", r.People)
		if r.People == 1 {
			whom = s.word(lang, "to_person", "name", names[n.UserID])
		}
		m.Title, m.Link = told.Title, told.Link
		line := told.Title + s.word(lang, "joint") + told.Body
		if told.Body == "" {
			line = told.Title
		}
		m.Lines = append(m.Lines, line+" · "+whom)
	}
	if err := s.skip(ctx, t, gone, whyGone); err != nil || len(rows) == 0 {
		return m, nil, err
	}
	if len(rows) > 1 {
		m.Title, m.Link = s.word(lang, "robot_many", "n", len(rows)), ""
		if t.set.Address != "" {
			m.Link = t.set.Address + "/notices"
		}
		m.Hidden = max(0, len(m.Lines)-robotLines)
		m.Lines = m.Lines[:len(m.Lines)-m.Hidden]
	} else {
		m.Lines[0] = strings.TrimPrefix(strings.TrimPrefix(m.Lines[0], m.Title), s.word(lang, "joint"))
		m.Lines[0] = strings.TrimPrefix(m.Lines[0], " · ")
	}
	return m, rows, nil
}

// sample is what the test buttons send.
func (s *Service) sample(lang i18n.Lang, at clock.Ms) said {
	return said{Title: s.word(lang, "test_title"), Body: s.word(lang, "test_body", "time", at.Time().Format("2006-01-02 15:04"))}
}
