// Package robot is a contract server of the three group robots: it checks what the real ones check (key, signature and its
// age, size, rate) and keeps what it was told, so that tests and rehearsals send for real.
//
// Addresses: URL()+"/wecom?key=K", "/feishu/K" and "/dingtalk?access_token=K", where K is a key made by Open.
package robot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Message is what a robot was told.
type Message struct {
	Key  string
	Text string // title and text, as the group would read them
}

// Server is a running contract server.
type Server struct {
	web *httptest.Server
	now func() time.Time

	mu       sync.Mutex
	rooms    map[string]*group
	messages []Message
	calls    int
	fault    Fault
}

type group struct {
	secret, keyword string
	sent            []time.Time
}

// Fault is how the server misbehaves.
type Fault string

// The faults. Mute takes the message and never answers; Crash takes it and cuts the connection; Down does neither.
const (
	Fine  Fault = ""
	Mute  Fault = "mute"
	Crash Fault = "crash"
	Down  Fault = "down"
)

// New starts a server; now is its clock.
func New(now func() time.Time) *Server {
	s := &Server{now: now, rooms: map[string]*group{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /wecom", s.wecom)
	mux.HandleFunc("POST /feishu/{key}", s.feishu)
	mux.HandleFunc("POST /dingtalk", s.dingtalk)
	s.web = httptest.NewServer(mux)
	return s
}

// Close stops the server.
func (s *Server) Close() { s.web.CloseClientConnections(); s.web.Close() }

// URL is where the server answers.
func (s *Server) URL() string { return s.web.URL }

// Open makes a group with a robot; secret and keyword may be empty.
func (s *Server) Open(key, secret, keyword string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms[key] = &group{secret: secret, keyword: keyword}
}

// Break makes the following calls fail.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Messages gives what reached the groups, in order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Calls counts the requests.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

const (
	skew      = time.Hour
	maxBody   = 1 << 20
	feishuMax = 20 << 10
)

func (s *Server) wecom(w http.ResponseWriter, r *http.Request) {
	var in struct {
		MsgType  string `json:"msgtype"`
		Text     struct{ Content string }
		Markdown struct{ Content string }
	}
	s.serve(w, r, &in, call{
		key:  r.URL.Query().Get("key"),
		text: func() string { return in.Text.Content + in.Markdown.Content },
		check: func(g *group, text string) (int, string) {
			switch {
			case g == nil:
				return 93000, "invalid webhook url"
			case len(text) > 4096 || text == "":
				return 40008, "invalid message type"
			case s.full(g, 20, time.Minute):
				return 45009, "api freq out of limit"
			}
			return 0, "ok"
		},
		answer: func(code int, said string) any { return map[string]any{"errcode": code, "errmsg": said} },
	})
}

func (s *Server) feishu(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Timestamp string          `json:"timestamp"`
		Sign      string          `json:"sign"`
		MsgType   string          `json:"msg_type"`
		Content   json.RawMessage `json:"content"`
	}
	s.serve(w, r, &in, call{
		key: r.PathValue("key"), text: func() string { return words(in.Content) },
		check: func(g *group, text string) (int, string) {
			switch {
			case g == nil:
				return 19001, "param invalid: incoming webhook access token invalid"
			case len(in.Content) > feishuMax || in.MsgType == "":
				return 9499, "Bad Request"
			case g.secret != "" && (!s.fresh(in.Timestamp, time.Second) || in.Sign != signFeishu(in.Timestamp, g.secret)):
				return 19021, "sign match fail or timestamp is not within one hour from current time"
			case !strings.Contains(text, g.keyword):
				return 19024, "Key Words Not Found"
			case s.full(g, 100, time.Minute) || s.full(g, 5, time.Second):
				return 11232, "frequency limited"
			}
			return 0, "success"
		},
		answer: func(code int, said string) any {
			return map[string]any{"code": code, "msg": said, "data": map[string]any{}, "StatusCode": code, "StatusMessage": said}
		},
	})
}

func (s *Server) dingtalk(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	var in struct {
		MsgType  string `json:"msgtype"`
		Text     struct{ Content string }
		Markdown struct{ Title, Text string }
	}
	s.serve(w, r, &in, call{
		key: q.Get("access_token"), text: func() string { return strings.TrimSpace(in.Text.Content + in.Markdown.Title + "\n" + in.Markdown.Text) },
		check: func(g *group, text string) (int, string) {
			switch {
			case g == nil:
				return 300001, "token is not exist"
			case g.secret != "" && (!s.fresh(q.Get("timestamp"), time.Millisecond) || q.Get("sign") != signDingTalk(q.Get("timestamp"), g.secret)):
				return 310000, "sign not match"
			case !strings.Contains(text, g.keyword):
				return 310000, "keywords not in content"
			case s.full(g, 20, time.Minute):
				return 130101, "send too fast"
			}
			return 0, "ok"
		},
		answer: func(code int, said string) any { return map[string]any{"errcode": code, "errmsg": said} },
	})
}

// call is what differs between the vendors.
type call struct {
	key    string
	text   func() string
	check  func(g *group, text string) (code int, said string)
	answer func(code int, said string) any
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, in any, c call) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(raw, in)
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.calls++
	fault, text := s.fault, c.text()
	if fault == Down {
		s.mu.Unlock()
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	g := s.rooms[c.key]
	code, said := c.check(g, text)
	if code == 0 {
		g.sent = append(g.sent, s.now())
		s.messages = append(s.messages, Message{c.key, text})
	}
	s.mu.Unlock()
	switch fault {
	case Mute:
		<-r.Context().Done()
		return
	case Crash:
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(c.answer(code, said)) // the client may be gone
}

// full tells whether a group got its share of a span already.
func (s *Server) full(g *group, limit int, span time.Duration) bool {
	n := 0
	for _, at := range g.sent {
		if s.now().Sub(at) < span {
			n++
		}
	}
	return n >= limit
}

func (s *Server) fresh(stamp string, unit time.Duration) bool {
	n, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return false
	}
	off := s.now().Sub(time.Unix(0, n*int64(unit)))
	return off < skew && off > -skew
}

func signFeishu(stamp, secret string) string {
	return base64.StdEncoding.EncodeToString(hmac.New(sha256.New, fmt.Appendf(nil, "%s\n%s", stamp, secret)).Sum(nil))
}

func signDingTalk(stamp, secret string) string {
	m := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(m, "%s\n%s", stamp, secret)
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// words reads the text of a 飞书 message: text, or the title and parts of a post.
func words(content json.RawMessage) string {
	var in struct {
		Text string
		Post map[string]struct {
			Title   string
			Content [][]struct{ Text, Href string }
		}
	}
	if json.Unmarshal(content, &in) != nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(in.Text)
	for _, p := range in.Post {
		b.WriteString(p.Title)
		for _, line := range p.Content {
			b.WriteByte('\n')
			for _, part := range line {
				b.WriteString(part.Text)
				if part.Href != "" {
					b.WriteString(" " + part.Href)
				}
			}
		}
	}
	return b.String()
}
