package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kosmos/internal/base/authz"
	"kosmos/internal/base/clock"
	"kosmos/internal/base/db"
	"kosmos/internal/base/db/dbtest"
	"kosmos/internal/base/errs"
	"kosmos/internal/base/id"
	"kosmos/internal/base/web"
	"kosmos/internal/base/web/webtest"
)

// form builds a multipart body under a line of its own.
func form(t *testing.T, boundary, file, content string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary(boundary); err != nil {
		t.Fatal(err)
	}
	p, _ := w.CreateFormFile("file", file)
	_, _ = io.WriteString(p, content)
	_ = w.WriteField("account", "douyin:jingan")
	_ = w.Close()
	return b.String(), w.FormDataContentType()
}

// An upload's key stands for its content: another file of the same length is another request, the same file sent by
// another try of a browser is not.
func TestUploadKeyCoversContent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		calls := 0
		s := webtest.New(t, webtest.Room{
			Permissions: []authz.Permission{{Key: "demo.write"}},
			Idempotency: web.NewIdempotency(d, clock.NewFake(webtest.Time())),
			Routes: func(r *web.Router) {
				web.HandleUpload(r, web.Route{Method: "POST", Path: "/api/v1/demo/file", Summary: "Upload", Permission: "demo.write", MaxBody: 1 << 12, Idempotent: true},
					func(_ context.Context, _ authz.Actor, _ *struct{}, req *http.Request) (*thing, error) {
						calls++
						out := &thing{ID: id.ID(calls)}
						return out, web.EachPart(req, func(p web.Part) error {
							raw, err := io.ReadAll(p.Body)
							out.Name += string(raw) + ";"
							return err
						})
					})
			},
		})
		a := webtest.Actor(1, authz.BrandAdmin)
		send := func(name, key, boundary, file, content string, status int, want map[string]any) webtest.Scenario {
			body, ct := form(t, boundary, file, content)
			return webtest.Scenario{
				Name: name, Method: "POST", URL: "/api/v1/demo/file", Actor: &a, Body: body, Status: status, JSON: want,
				Headers: map[string]string{"Idempotency-Key": key, "Content-Type": ct},
			}
		}
		first := map[string]any{"name": "111;douyin:jingan;", "id": "1"}
		cut := send("half", "k3", "lineA", "a.csv", "111", 400, nil)
		cut.Body = strings.TrimSuffix(cut.Body.(string), "douyin:jingan\r\n--lineA--\r\n")
		s.Run(t, []webtest.Scenario{
			send("first", "k1", "lineA", "a.csv", "111", 200, first),
			send("again", "k1", "lineA", "a.csv", "111", 200, first),
			send("again by another browser", "k1", "lineBBBB", "a.csv", "111", 200, first),
			send("equally long", "k1", "lineA", "a.csv", "112", 409, map[string]any{"slug": "base.key_reused"}),
			send("equally long name", "k1", "lineA", "b.csv", "111", 409, nil),
			send("another key", "k2", "lineA", "a.csv", "112", 200, map[string]any{"id": "2"}),
			cut,
			send("whole", "k3", "lineA", "a.csv", "111", 200, map[string]any{"id": "3"}),
			send("too large", "k4", "lineA", "a.csv", strings.Repeat("x", 5000), 413, nil),
		})
	})
}

// An upload may take long as long as it moves; one that stalls ends, and so does a body nobody reads.
func TestPace(t *testing.T) {
	t.Parallel()
	const window = 150 * time.Millisecond
	seen := make(chan error, 1)
	srv := httptest.NewServer(web.Pace{Window: window, Piece: 4}.Handler(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/unread" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		web.Stream(req)
		_, err := io.ReadAll(req.Body)
		seen <- err
	})))
	t.Cleanup(srv.Close)
	open := func(path string) net.Conn {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_, _ = io.WriteString(c, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 32\r\n\r\n")
		return c
	}
	slow := open("/slow")
	beat := time.NewTicker(window / 3)
	defer beat.Stop()
	for range 8 { // near three windows in all
		<-beat.C
		_, _ = io.WriteString(slow, "4444")
	}
	if err := <-seen; err != nil {
		t.Fatalf("a slow upload that moves: %v", err)
	}
	stalled := open("/stalled")
	_, _ = io.WriteString(stalled, "12")
	if err := <-seen; !errs.Is(err, "base.body_stalled") {
		t.Fatalf("a stalled upload: %v", err)
	}
	if _, err := io.ReadAll(open("/unread")); err != nil { // ends because the server hangs up
		t.Fatal(err)
	}
}
