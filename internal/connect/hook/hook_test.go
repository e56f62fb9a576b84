package hook_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"kosmos/internal/base/clock"
	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
	"kosmos/internal/connect/hook"
)

func TestCall(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, clock.Shanghai()))
	var mu sync.Mutex // what a handler read may be written by the next case while its cut-off call still runs
	status, after := 200, ""
	var seen http.Header
	var body string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		mu.Lock()
		seen, body = r.Header, string(raw)
		status, after := status, after
		mu.Unlock()
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		if status == 1 {
			<-r.Context().Done()
			return
		}
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte("sms to 13800138000 failed"))
	}))
	t.Cleanup(srv.Close)
	g, err := egress.New([]string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	h := hook.New(g, c.Now).WithTimeout(300 * time.Millisecond)
	to := hook.Target{URL: srv.URL + "/sms?key=k", Secret: "sixteen-characters"}
	if err := h.Call(t.Context(), to, "77", []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	at := strconv.FormatInt(c.Now().Unix(), 10)
	if seen.Get("X-Kosmos-Timestamp") != at || seen.Get("X-Kosmos-Delivery") != "77" || seen.Get("X-Kosmos-Signature") != hook.Sign(to.Secret, at, []byte(body)) || body != `{"a":1}` {
		t.Fatal(seen, body)
	}
	for _, x := range []struct {
		status int
		after  string
		want   connect.Result
		code   string
		wait   time.Duration
	}{
		{204, "", "", "", 0},
		{400, "", connect.Refused, "hook_refused", 0},
		{302, "", connect.Refused, "hook_refused", 0},
		{429, "30", connect.Later, "hook_busy", 30 * time.Second},
		{503, "99999", connect.Later, "hook_busy", time.Hour},
		{0, "", connect.Unknown, "cut_off", 0},
		{1, "", connect.Unknown, "timeout", 0},
	} {
		mu.Lock()
		status, after = x.status, x.after
		mu.Unlock()
		err := h.Call(t.Context(), to, "77", []byte(`{}`))
		if x.want == "" {
			if err != nil {
				t.Error(x.status, err)
			}
			continue
		}
		f := connect.Of(err)
		if f.Result != x.want || f.Code != x.code || f.Wait != x.wait {
			t.Errorf("%d: %+v", x.status, f)
		}
	}
	if err := hook.New(&egress.Guard{}, c.Now).Call(t.Context(), to, "1", nil); connect.Of(err).Code != "inside" {
		t.Error(err)
	}
}

// TestVector is the example of docs/operations/hooks.md.
func TestVector(t *testing.T) {
	t.Parallel()
	got := hook.Sign("kosmos-hook-secret", "1795305600", []byte(`{"phone":"+8613800138000"}`))
	if got != "v1=e82a9c2bc46bab34384f246d0009c22b0d19b844b9acf2f415000c7c1b89beac" {
		t.Error(got)
	}
}
