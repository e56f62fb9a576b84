package rewrite

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// TestAsk holds the contract of /chat/completions against a server of our own on loopback.
func TestAsk(t *testing.T) {
	t.Parallel()
	said := "```json\n{\"title\":\"新题\",\"body\":\"周末来 静安店 坐坐\"}\n```"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var q question
		switch {
		case r.URL.Path == "/v1/chat/completions" && r.Header.Get("Authorization") == "Bearer k" && json.Unmarshal(raw, &q) == nil && q.Model == "m" && len(q.Messages) == 2:
			_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": said}}}})
		case strings.HasPrefix(r.URL.Path, "/moved"):
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
		case strings.HasPrefix(r.URL.Path, "/large"):
			_, _ = w.Write(make([]byte, maxAnswer+1))
		default:
			_, _ = w.Write([]byte(`{"choices":[{"message":{"content":"不知道"}}]}`))
		}
	}))
	defer srv.Close()
	e := Endpoint{URL: srv.URL + "/v1/", Model: "m", Key: "k", Private: true}
	got, err := e.Ask(t.Context(), "换个说法", Text{"题", "周末来 静安店 看看"})
	if err != nil || got != (Text{"新题", "周末来 静安店 坐坐"}) {
		t.Fatal(got, err)
	}
	for _, path := range []string{"/moved", "/large", "/odd"} {
		e.URL = srv.URL + path
		if _, err := e.Ask(t.Context(), "", Text{"", "x"}); !errors.Is(err, ErrAnswer) {
			t.Errorf("%s: %v", path, err)
		}
	}
	e = Endpoint{URL: strings.Replace(srv.URL, "http:", "https:", 1)}
	if _, err := e.Ask(t.Context(), "", Text{"", "x"}); !errors.Is(err, ErrAddress) {
		t.Errorf("a private address was called: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, u := range []string{"http://a.example/v1", "ftp://a.example", "https://u:p@a.example", "https://", "https://a.example/?x=1", "::"} {
		if (Endpoint{URL: u}).Check() == nil {
			t.Errorf("%s is allowed", u)
		}
	}
	for a, want := range map[string]bool{
		"8.8.8.8": true, "10.0.0.1": false, "127.0.0.1": false, "169.254.169.254": false, "100.64.1.1": false, "::1": false, "::ffff:127.0.0.1": false, "fd00::1": false,
		"2400:3200::1": true, "0.0.0.0": false, "224.0.0.1": false,
	} {
		if got := public(netip.MustParseAddr(a)); got != want {
			t.Errorf("%s: %v", a, got)
		}
	}
}
