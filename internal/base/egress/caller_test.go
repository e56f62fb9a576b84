package egress_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kosmos/internal/base/egress"
)

func TestPostTellsWhetherItWasHeard(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/silent" {
			<-r.Context().Done()
			return
		}
		if r.URL.Path == "/cut" {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("half"))
			return
		}
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(r.Header.Get("X-Word") + "0123456789"))
	}))
	t.Cleanup(srv.Close)
	c := guard(t, "127.0.0.0/8").Caller(3*time.Second, time.Now)
	a, sent, err := c.Do(t.Context(), egress.Call{URL: srv.URL, Header: map[string]string{"X-Word": "hi"}, Body: []byte("x"), Most: 6})
	if err != nil || !sent || a.Status != http.StatusTeapot || string(a.Body) != "hi0123" || a.Header.Get("Retry-After") != "7" || a.Cut {
		t.Errorf("%+v %v %v", a, sent, err)
	}
	if a, _, err := c.Do(t.Context(), egress.Call{URL: srv.URL + "/cut", Most: 200}); err != nil || !a.Cut {
		t.Errorf("half an answer: %+v %v", a, err)
	}
	if _, sent, err := c.WithTimeout(50*time.Millisecond).Do(t.Context(), egress.Call{URL: srv.URL + "/silent", Most: 9}); err == nil || !sent {
		t.Errorf("no answer: %v %v", sent, err)
	}
	if _, sent, err := guard(t).Caller(time.Second, time.Now).Do(t.Context(), egress.Call{URL: srv.URL}); !errors.Is(err, egress.ErrInside) || sent {
		t.Errorf("inside: %v %v", sent, err)
	}
	if _, _, err := c.Do(t.Context(), egress.Call{URL: "http://\x7f"}); !errors.Is(err, egress.ErrAddress) {
		t.Errorf("nonsense: %v", err)
	}
}
