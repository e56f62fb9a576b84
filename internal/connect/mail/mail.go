// Package mail sends e-mail through a brand's own SMTP server.
//
// Owns: opening a session with the security that was asked for, making a message of a text and an HTML part with the
// headers of one-click unsubscribing (RFC 8058), and telling "certainly not sent" from "perhaps sent".
//
// Not here: who gets mail and what it says → internal/domain/notify.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
)

// Security is how a connection is protected.
type Security string

// The kinds of protection. None is for servers of the own network only; a password is then sent to none but this machine.
const (
	TLS      Security = "tls"      // from the first byte, usually port 465
	StartTLS Security = "starttls" // after the greeting, usually port 587; refused when the server does not offer it
	None     Security = "none"
)

// Valid tells whether s is one of the kinds.
func (s Security) Valid() bool { return s == TLS || s == StartTLS || s == None }

// Server is where mail is handed in.
type Server struct {
	Host     string
	Port     int
	Security Security
	User     string // "": no sign-in
	Password string
	From     string // address
	FromName string
}

// String hides what is secret wherever a Server is printed.
func (s Server) String() string { return "mail.Server" }

// Message is one mail to one person.
type Message struct {
	ID          string // of the Message-ID header, without brackets: the same mail tried again has the same
	To          string
	ToName      string
	Subject     string
	Text        string
	HTML        string
	Unsubscribe string // address that unsubscribes by one POST; "" for none
	Lang        string // "zh" or "en"
	At          time.Time
}

const sessionTime = 15 * time.Second

// Mailer opens sessions.
type Mailer struct {
	guard *egress.Guard
	tls   *tls.Config
	limit time.Duration
}

// New makes a Mailer that connects through the guard.
func New(g *egress.Guard) *Mailer { return &Mailer{guard: g, limit: sessionTime} }

// Trusting gives a Mailer that takes the certificates of c's roots and waits at most limit for an answer; for tests.
func (m *Mailer) Trusting(c *tls.Config, limit time.Duration) *Mailer {
	return &Mailer{guard: m.guard, tls: c, limit: limit}
}

// Session is an open connection to a server; not safe for concurrent use.
type Session struct {
	client *gomail.Client
	server Server
}

// Open connects and signs in. An error is a *connect.Fault.
func (m *Mailer) Open(ctx context.Context, s Server) (*Session, error) {
	conf := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if m.tls != nil {
		conf.RootCAs = m.tls.RootCAs
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := m.guard.Dial(ctx, network, address)
		if err != nil || s.Security != TLS {
			return conn, err
		}
		secure := tls.Client(conn, conf)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return secure, nil
	}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(m.limit), gomail.WithDialContextFunc(dial), gomail.WithTLSConfig(conf), gomail.WithHELO(helo(s.From)),
	}
	if s.Security == StartTLS {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	} else {
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.User != "" {
		options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(s.Password), gomail.WithOpportunisticSMTPAuth(
			gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return nil, &connect.Fault{Result: connect.Refused, Code: "mail_settings"}
	}
	if err := client.DialWithContext(ctx); err != nil {
		return nil, opening(err, s)
	}
	return &Session{client: client, server: s}, nil
}

// Close ends the session.
func (s *Session) Close() { _ = s.client.Close() } // whatever the server says to goodbye, it is over

// Send hands one mail in. An error is a *connect.Fault.
func (s *Session) Send(m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	err = s.client.Send(msg)
	if err == nil || msg.IsDelivered() { // after the server took it, a failing farewell changes nothing
		return nil
	}
	return sending(err)
}

func (s *Session) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&netmail.Address{Name: s.server.FromName, Address: s.server.From})
	if err := msg.AddToFormat(m.ToName, m.To); err != nil {
		return nil, &connect.Fault{Result: connect.Refused, Code: "mail_address"}
	}
	msg.Subject(line(m.Subject))
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(m.ID + "@" + helo(s.server.From))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("Content-Language", m.Lang)
	if m.Unsubscribe != "" {
		msg.SetGenHeaderPreformatted("List-Unsubscribe", "<"+m.Unsubscribe+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// opening says why no session came about; nothing was sent in any case.
func opening(err error, s Server) *connect.Fault {
	f := &connect.Fault{Result: connect.Later, Code: "mail_unreachable"}
	var reply *textproto.Error
	var cert *tls.CertificateVerificationError
	var slow interface{ Timeout() bool }
	text := err.Error()
	switch {
	case errors.Is(err, egress.ErrInside):
		f.Result, f.Code = connect.Refused, "inside"
	case errors.As(err, &cert):
		f.Code = "mail_certificate"
	case errors.As(err, &reply):
		f.Code, f.Detail = "mail_said_no", strconv.Itoa(reply.Code)
		if s.User != "" && reply.Code >= 530 && reply.Code <= 539 {
			f.Code = "mail_auth"
		}
	case strings.Contains(text, "STARTTLS mode"):
		f.Code = "mail_no_starttls"
	case strings.Contains(text, "AUTH"), strings.Contains(text, "unencrypted"):
		f.Code = "mail_auth"
	case errors.As(err, &slow) && slow.Timeout():
		f.Code = "mail_slow"
	}
	return f
}

// sending says what a mail that was not plainly taken came to. Only when the whole text was out and no answer came is it
// unknown: a server that lost the connection earlier has to throw away what it had.
func sending(err error) *connect.Fault {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return &connect.Fault{Result: connect.Later, Code: "broken"}
	}
	f := &connect.Fault{Result: connect.Later, Code: "mail_unreachable"}
	code := e.ErrorCode()
	if code != 0 {
		f.Code, f.Detail = "mail_said_no", strings.TrimSpace(strconv.Itoa(code)+" "+e.EnhancedStatusCode())
		if !e.IsTemp() {
			f.Result = connect.Refused
		}
	}
	switch {
	case e.Reason == gomail.ErrSMTPDataClose && code == 0:
		f.Result, f.Code = connect.Unknown, "timeout"
	case e.Reason == gomail.ErrSMTPRcptTo && f.Result == connect.Refused:
		f.Code = "mail_address"
	}
	return f
}

// helo gives the domain of an address.
func helo(from string) string {
	if _, domain, ok := strings.Cut(from, "@"); ok && domain != "" {
		return domain
	}
	return "localhost"
}

// line keeps a header on one line.
func line(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }
