// Package smtp is a mail server on loopback that keeps what it is given, for tests and rehearsals. It speaks enough of the
// protocol for our own client (sign-in with PLAIN, TLS from the first byte or by STARTTLS) and can misbehave on purpose.
package smtp

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"net"
	"strings"
	"sync"
)

// Mail is one mail as it came in.
type Mail struct {
	From, To string
	Data     string // headers and body
	Secure   bool   // over TLS
}

// Fault is how the server misbehaves.
type Fault string

// The faults. Cut takes the whole mail and closes without an answer; Mute takes it and answers never.
const (
	Fine       Fault = ""
	NoSuchUser Fault = "no_such_user" // 550 to RCPT
	TryLater   Fault = "try_later"    // 451 to RCPT
	Spam       Fault = "spam"         // 554 after the text
	Cut        Fault = "cut"
	Mute       Fault = "mute"
	Hang       Fault = "hang" // no greeting
)

// Options say what the server offers.
type Options struct {
	TLS      *tls.Config
	Implicit bool   // TLS from the first byte, else by STARTTLS
	User     string // "": nobody needs to sign in
	Password string
}

// Server is a running server.
type Server struct {
	o    Options
	ln   net.Listener
	stop chan struct{}
	once sync.Once

	mu    sync.Mutex
	mails []Mail
	fault Fault
	conns int
}

// New starts a server.
func New(o Options) (*Server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it lives as long as the test
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, ln: ln, stop: make(chan struct{})}
	go s.accept()
	return s, nil
}

// Port is where the server listens, on 127.0.0.1.
func (s *Server) Port() int { return s.ln.Addr().(*net.TCPAddr).Port }

// Close stops the server.
func (s *Server) Close() {
	s.once.Do(func() { close(s.stop) })
	_ = s.ln.Close()
}

// Break makes the following mails fail.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Mails gives what came in, in order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Connections counts those that were opened.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

func (s *Server) broken(f Fault) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault == f
}

func (s *Server) accept() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns++
		s.mu.Unlock()
		go s.serve(conn)
	}
}

// session is one connection.
type session struct {
	s      *Server
	conn   net.Conn
	in     *bufio.Reader
	secure bool
	mail   Mail
}

func (s *Server) serve(conn net.Conn) {
	c := &session{s: s, conn: conn}
	defer func() { _ = c.conn.Close() }()
	if s.broken(Hang) {
		<-s.stop
		return
	}
	if s.o.Implicit {
		c.conn, c.secure = tls.Server(conn, s.o.TLS), true
	}
	c.in = bufio.NewReader(c.conn)
	c.say("220 fake ready")
	for {
		line, err := c.in.ReadString('\n')
		if err != nil || !c.answer(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (c *session) say(text string) { _, _ = c.conn.Write([]byte(text + "\r\n")) } // a client that is gone shows at the next read

// answer handles one command; false ends the connection.
func (c *session) answer(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		c.ehlo()
	case "STARTTLS":
		c.say("220 go ahead")
		c.conn, c.secure = tls.Server(c.conn, c.s.o.TLS), true
		c.in = bufio.NewReader(c.conn)
	case "AUTH":
		c.auth(rest)
	case "MAIL":
		c.mail = Mail{From: address(rest), Secure: c.secure}
		c.say("250 ok")
	case "RCPT":
		c.rcpt(rest)
	case "DATA":
		return c.data()
	case "QUIT":
		c.say("221 bye")
		return false
	default: // HELO, RSET, NOOP
		c.say("250 ok")
	}
	return true
}

func (c *session) ehlo() {
	c.say("250-fake")
	if c.s.o.TLS != nil && !c.secure {
		c.say("250-STARTTLS")
	}
	if c.s.o.User != "" {
		c.say("250-AUTH PLAIN")
	}
	c.say("250-ENHANCEDSTATUSCODES")
	c.say("250 8BITMIME")
}

func (c *session) auth(rest string) {
	_, code, _ := strings.Cut(rest, " ")
	raw, _ := base64.StdEncoding.DecodeString(code)
	if string(raw) != "\x00"+c.s.o.User+"\x00"+c.s.o.Password {
		c.say("535 5.7.8 no")
		return
	}
	c.say("235 2.7.0 ok")
}

func (c *session) rcpt(rest string) {
	switch {
	case c.s.broken(NoSuchUser):
		c.say("550 5.1.1 no such user")
	case c.s.broken(TryLater):
		c.say("451 4.3.0 try later")
	default:
		c.mail.To = address(rest)
		c.say("250 ok")
	}
}

func (c *session) data() bool {
	c.say("354 go on")
	var b strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
	if c.s.broken(Spam) {
		c.say("554 5.7.1 looks like spam")
		return true
	}
	c.mail.Data = b.String()
	c.s.mu.Lock()
	c.s.mails = append(c.s.mails, c.mail)
	c.s.mu.Unlock()
	switch {
	case c.s.broken(Cut):
		return false
	case c.s.broken(Mute):
		<-c.s.stop
		return false
	}
	c.say("250 2.0.0 taken")
	return true
}

func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	out, _, _ := strings.Cut(rest, ">")
	return out
}
