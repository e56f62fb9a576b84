package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
	"kosmos/internal/connect/mail"
	"kosmos/internal/fake/smtp"
)

func start(t *testing.T, o smtp.Options) (*smtp.Server, *mail.Mailer, mail.Server) {
	t.Helper()
	srv, err := smtp.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	g, err := egress.New([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	conf := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	if o.TLS != nil {
		conf.RootCAs.AddCert(o.TLS.Certificates[0].Leaf)
	}
	return srv, mail.New(g).Trusting(conf, 2*time.Second), mail.Server{
		Host: "127.0.0.1", Port: srv.Port(), Security: mail.None, From: "noreply@brand.example", FromName: "星河汽车",
	}
}

// certificate borrows the one of httptest, which is made for 127.0.0.1.
func certificate(t *testing.T) *tls.Config {
	t.Helper()
	srv := httptest.NewTLSServer(nil)
	defer srv.Close()
	pair := srv.TLS.Certificates[0]
	pair.Leaf = srv.Certificate()
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
}

var hello = mail.Message{
	ID: "kosmos-1", To: "anna@shop.example", ToName: "安娜", Subject: "新任务\r\nBcc: evil@x.example", Text: "正文\n.\n结束", HTML: "<p>正文</p>", Lang: "zh",
	Unsubscribe: "https://k.example/u?token=a", At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
}

func TestSend(t *testing.T) {
	t.Parallel()
	pair := certificate(t)
	for name, o := range map[string]smtp.Options{
		"plain": {}, "starttls": {TLS: pair, User: "u", Password: "p"}, "tls": {TLS: pair, Implicit: true, User: "u", Password: "p"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, m, s := start(t, o)
			s.User, s.Password = o.User, o.Password
			switch {
			case o.Implicit:
				s.Security = mail.TLS
			case o.TLS != nil:
				s.Security = mail.StartTLS
			}
			session, err := m.Open(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := session.Send(hello); err != nil {
					t.Fatal(err)
				}
			}
			session.Close()
			got := srv.Mails()
			if len(got) != 2 || srv.Connections() != 1 || got[0].Secure != (o.TLS != nil) || got[0].To != hello.To || got[0].From != s.From {
				t.Fatalf("%+v", got)
			}
			head, _, _ := strings.Cut(got[0].Data, "\r\n\r\n")
			for _, want := range []string{
				"Message-ID: <kosmos-1@brand.example>", "List-Unsubscribe: <https://k.example/u?token=a>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
				"Auto-Submitted: auto-generated", "Content-Language: zh", "multipart/alternative",
			} {
				if !strings.Contains(head, want) {
					t.Errorf("no %q in\n%s", want, head)
				}
			}
			if strings.Contains(head, "\nBcc:") {
				t.Error("a subject became a header")
			}
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for fault, want := range map[smtp.Fault]connect.Fault{
		smtp.NoSuchUser: {Result: connect.Refused, Code: "mail_address"},
		smtp.TryLater:   {Result: connect.Later, Code: "mail_said_no"},
		smtp.Spam:       {Result: connect.Refused, Code: "mail_said_no"},
		smtp.Cut:        {Result: connect.Unknown, Code: "timeout"},
		smtp.Mute:       {Result: connect.Unknown, Code: "timeout"},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			srv, m, s := start(t, smtp.Options{})
			session, err := m.Open(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			defer session.Close()
			srv.Break(fault)
			err = session.Send(hello)
			f := connect.Of(err)
			if err == nil || f.Result != want.Result || f.Code != want.Code {
				t.Fatalf("%+v", f)
			}
			if strings.Contains(f.Detail+err.Error(), "anna") {
				t.Error("the address is in the fault", f)
			}
		})
	}
}

func TestOpening(t *testing.T) {
	t.Parallel()
	pair := certificate(t)
	open := func(m *mail.Mailer, s mail.Server) string {
		session, err := m.Open(t.Context(), s)
		if err == nil {
			session.Close()
			return ""
		}
		return connect.Of(err).Code
	}
	_, m, s := start(t, smtp.Options{TLS: pair, User: "u", Password: "p"})
	s.Security, s.User, s.Password = mail.StartTLS, "u", "wrong"
	if code := open(m, s); code != "mail_auth" {
		t.Error("wrong password:", code)
	}
	s.Security, s.Password, s.Host = mail.None, "p", "127.0.0.1"
	_, plain, p := start(t, smtp.Options{})
	p.Security = mail.StartTLS
	if code := open(plain, p); code != "mail_no_starttls" {
		t.Error("no STARTTLS:", code)
	}
	_, untrusted, u := start(t, smtp.Options{TLS: pair, Implicit: true})
	u.Security = mail.TLS
	if code := open(untrusted.Trusting(&tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}, time.Second), u); code != "mail_certificate" {
		t.Error("untrusted certificate:", code)
	}
	hung, h, hs := start(t, smtp.Options{})
	hung.Break(smtp.Hang)
	if code := open(h.Trusting(nil, 300*time.Millisecond), hs); code != "mail_slow" {
		t.Error("no greeting:", code)
	}
	if code := open(mail.New(&egress.Guard{}), hs); code != "inside" {
		t.Error("inside:", code)
	}
	gone, g, gs := start(t, smtp.Options{})
	gone.Close()
	if code := open(g, gs); code != "mail_unreachable" {
		t.Error("closed port:", code)
	}
}
