package obs_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/obs"
)

func TestLogger(t *testing.T) {
	t.Parallel()
	for format, want := range map[obs.LogFormat]string{obs.Text: `msg=hello n=1 token=***`, obs.JSON: `"msg":"hello","n":1,"token":"***"`} {
		var b bytes.Buffer
		l, err := obs.NewLogger(&b, format, "info")
		if err != nil {
			t.Fatal(err)
		}
		l.Debug("quiet")
		l.Info("hello", "n", 1, "token", "abc123")
		if out := b.String(); !strings.Contains(out, want) || strings.Contains(out, "quiet") || strings.Contains(out, "abc123") {
			t.Errorf("%s: %s", format, out)
		}
	}
	if _, err := obs.NewLogger(io.Discard, "xml", "info"); err == nil {
		t.Error("unknown format accepted")
	}
	if _, err := obs.NewLogger(io.Discard, obs.Text, "loud"); err == nil {
		t.Error("unknown level accepted")
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := obs.NewMetrics(obs.ReadBuild("1.2.3"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/org/units/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})
	mux.Handle("GET /metrics", m.Handler())
	h := m.HTTP(mux)
	for _, r := range [][2]string{{"GET", "/api/v1/org/units/77"}, {"GET", "/nowhere"}, {"BREW", "/x"}, {"GET", "/stream"}} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(r[0], r[1], nil))
	}
	m.JobDone("reflow.apply", "done", time.Second)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	out := rec.Body.String()
	for _, want := range []string{
		`kosmos_http_request_seconds_count{method="GET",route="GET /api/v1/org/units/{id}",status="418"} 1`,
		`route="none",status="404"`, `method="other"`, `kosmos_http_requests_in_flight 1`,
		`kosmos_job_seconds_sum{kind="reflow.apply",outcome="done"} 1`, `version="1.2.3"`, `go_goroutines`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(out, "units/77") {
		t.Error("a path became a label")
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	if b := obs.ReadBuild(""); b.Version != "dev" || !strings.HasPrefix(b.Go, "go") {
		t.Errorf("%+v", b)
	}
}
