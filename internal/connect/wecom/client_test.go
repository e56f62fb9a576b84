package wecom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
)

const secret = "s3cr3t-of-the-app-0123456789"

// server answers like the platform: tokens are numbered and the last one alone holds.
type server struct {
	*httptest.Server

	tokens, calls atomic.Int64
	gate          chan struct{} // when set, gettoken waits for it
	token         func(w http.ResponseWriter, r *http.Request) bool
	call          func(w http.ResponseWriter, r *http.Request)
	live          atomic.Int64 // the token that holds
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cgi-bin/gettoken" {
			n := s.tokens.Add(1)
			if s.gate != nil {
				<-s.gate
			}
			if s.token != nil && s.token(w, r) {
				return
			}
			s.live.Store(n)
			_, _ = fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok","access_token":"token-%d","expires_in":7200}`, n)
			return
		}
		s.calls.Add(1)
		if r.URL.Query().Get("access_token") != fmt.Sprintf("token-%d", s.live.Load()) {
			_, _ = fmt.Fprint(w, `{"errcode":42001,"errmsg":"access_token expired"}`)
			return
		}
		if s.call != nil {
			s.call(w, r)
			return
		}
		_, _ = fmt.Fprint(w, `{"errcode":0,"errmsg":"ok","n":7}`)
	}))
	t.Cleanup(s.Close)
	return s
}

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_700_000_000+c.at.Load(), 0) }

func client(s *server, c *clock) *Client {
	g, err := egress.New([]string{"127.0.0.1"})
	if err != nil {
		panic(err)
	}
	return New(g, s.URL+"/", App{"ww1", secret}, c.now)
}

func faultOf(t *testing.T, err error) *connect.Fault {
	t.Helper()
	var f *connect.Fault
	if !errors.As(err, &f) {
		t.Fatalf("no fault: %v", err)
	}
	if text := f.Error() + f.Detail; strings.Contains(text, secret) || strings.Contains(text, "token-") || strings.Contains(text, "http://") {
		t.Errorf("a secret or an address in %q", text)
	}
	return f
}

func TestManyCallersFetchOneToken(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.gate = make(chan struct{})
	c := client(s, &clock{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			var out struct{ N int }
			if err := c.Get(t.Context(), "/cgi-bin/user/get", url.Values{"userid": {"a"}}, &out); err != nil || out.N != 7 {
				t.Errorf("%+v, %v", out, err)
			}
		})
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if f := faultOf(t, c.Get(gone, "/x", nil, nil)); f.Result != connect.Later {
		t.Errorf("who gave up: %+v", f)
	}
	close(s.gate)
	wg.Wait()
	if n := s.tokens.Load(); n != 1 {
		t.Errorf("%d tokens", n)
	}
}

func TestATokenIsRenewedBeforeItEndsAndWhenItDies(t *testing.T) {
	t.Parallel()
	s, k := newServer(t), &clock{}
	c := client(s, k)
	ask := func() error { return c.Get(t.Context(), "/x", nil, nil) }
	for _, step := range []struct {
		name       string
		at         int64
		die        bool
		wantTokens int64
	}{
		{"first", 0, false, 1},
		{"kept", 6000, false, 1},
		{"five minutes before its end", 6900, false, 2},
		{"taken away by the platform", 7000, true, 3},
	} {
		k.at.Store(step.at)
		if step.die {
			s.live.Store(-1)
		}
		if err := ask(); err != nil || s.tokens.Load() != step.wantTokens {
			t.Errorf("%s: %v, %d tokens", step.name, err, s.tokens.Load())
		}
	}
	// a platform that takes no token at all is asked twice, not for ever
	s.call = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"errcode":40014,"errmsg":"invalid access_token"}`)
	}
	before := s.calls.Load()
	if f := faultOf(t, ask()); f.Code != "wecom_40014" || f.Result != connect.Later || s.calls.Load()-before != 2 {
		t.Errorf("%+v after %d calls", f, s.calls.Load()-before)
	}
}

func TestManyDeadTokensFetchOne(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := client(s, &clock{})
	if err := c.Get(t.Context(), "/x", nil, nil); err != nil {
		t.Fatal(err)
	}
	s.live.Store(-1)
	// every caller is told that the token is dead before anybody may fetch another
	s.gate = make(chan struct{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := c.Get(t.Context(), "/x", nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	for s.calls.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	close(s.gate)
	wg.Wait()
	if n := s.tokens.Load(); n != 2 {
		t.Errorf("%d tokens", n)
	}
}

func TestAWrongSecretIsNotTriedAgainAtOnce(t *testing.T) {
	t.Parallel()
	s, k := newServer(t), &clock{}
	s.token = func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = fmt.Fprintf(w, `{"errcode":40001,"errmsg":"invalid credential %s"}`, secret)
		return true
	}
	c := client(s, k)
	for range 5 {
		if f := faultOf(t, c.Get(t.Context(), "/x", nil, nil)); f.Code != "wecom_40001" || f.Result != connect.Refused {
			t.Errorf("%+v", f)
		}
	}
	if s.tokens.Load() != 1 {
		t.Errorf("asked %d times", s.tokens.Load())
	}
	s.token = nil
	k.at.Store(601)
	if err := c.Get(t.Context(), "/x", nil, nil); err != nil {
		t.Errorf("ten minutes later, put right: %v", err)
	}
}

func TestHowCallsEnd(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, method, answer string
		status               int
		code                 string
		result               connect.Result
	}{
		{"no such member", "GET", `{"errcode":60111,"errmsg":"userid not found"}`, 200, "wecom_60111", connect.Refused},
		{"too often", "POST", `{"errcode":45009,"errmsg":"api freq out of limit"}`, 200, "wecom_45009", connect.Later},
		{"busy", "GET", `{"errcode":-1,"errmsg":"system busy"}`, 200, "wecom_minus_1", connect.Later},
		{"a code nobody knows", "GET", `{"errcode":99999,"errmsg":"?"}`, 200, "wecom_refused", connect.Refused},
		{"a gateway, reading", "GET", `<html>`, 502, "gateway", connect.Later},
		{"a gateway, doing", "POST", `<html>`, 502, "gateway", connect.Unknown},
		{"too many requests", "POST", ``, 429, "busy", connect.Later},
		{"cut off, reading", "GET", `{"errcode":0,"errm`, 200, "wecom_no_answer", connect.Later},
		{"cut off, doing", "POST", `{"errcode":0,"errm`, 200, "wecom_no_answer", connect.Unknown},
		{"another form", "GET", `{"errcode":0,"n":"seven"}`, 200, "wecom_no_answer", connect.Refused},
		{"a page", "GET", `{}`, 404, "wecom_no_answer", connect.Later},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.call = func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(row.status)
				_, _ = fmt.Fprint(w, row.answer)
			}
			c := client(s, &clock{})
			var out struct{ N int }
			err := c.Post(t.Context(), "/x", map[string]int{"a": 1}, &out)
			if row.method == "GET" {
				err = c.Get(t.Context(), "/x", nil, &out)
			}
			if f := faultOf(t, err); f.Code != row.code || f.Result != row.result {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.call = func(w http.ResponseWriter, r *http.Request) {
		var in map[string]string
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in["tag"] != "老客" || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s %v %v", r.Method, in, err)
		}
		_, _ = fmt.Fprint(w, `{"errcode":0}`)
	}
	if err := client(s, &clock{}).Post(t.Context(), "/x", map[string]string{"tag": "老客"}, nil); err != nil {
		t.Error(err)
	}
	if text := fmt.Sprintf("%v %+v %#v", App{"ww1", secret}, App{"ww1", secret}, App{"ww1", secret}); strings.Contains(text, secret) {
		t.Error(text)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := client(s, &clock{})
	s.Close()
	if f := faultOf(t, c.Get(t.Context(), "/x", nil, nil)); f.Code != "unreachable" || f.Result != connect.Later {
		t.Errorf("%+v", f)
	}
}
