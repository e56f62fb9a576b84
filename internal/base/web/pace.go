package web

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"kosmos/internal/base/errs"
)

// Pace bounds how slowly a body may arrive. A caller that stalls would hold its connection, and with an upload the memory
// behind it, for ever.
type Pace struct {
	Window time.Duration // a JSON body must be there within it
	Piece  int64         // bytes of an upload that must arrive in every window
}

// DefaultPace lets a file of any size through at a kilobyte a second.
func DefaultPace() Pace { return Pace{Window: 30 * time.Second, Piece: 32 << 10} }

// Handler watches over every body that next is asked to read, or to leave unread. It stands outermost: the server's own
// reading of what a handler left is bounded too.
func (p Pace) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Body == nil || req.Body == http.NoBody {
			next.ServeHTTP(w, req)
			return
		}
		b := &pacedBody{ReadCloser: req.Body, rc: http.NewResponseController(w), pace: p}
		b.renew()
		req.Body = b
		next.ServeHTTP(w, req)
	})
}

// pacedBody moves the connection's deadline on as its body arrives.
type pacedBody struct {
	io.ReadCloser
	rc        *http.ResponseController
	pace      Pace
	streaming bool  // an upload: every piece earns another window
	got       int64 // bytes of the running window
}

func (b *pacedBody) renew() {
	b.got = 0
	_ = b.rc.SetReadDeadline(time.Now().Add(b.pace.Window)) //nolint:forbidigo // a deadline of the connection; recorders of tests have none
}

// Read implements io.Reader. Errors: base.body_stalled.
func (b *pacedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, errStalled
	case errors.Is(err, io.EOF):
		_ = b.rc.SetReadDeadline(time.Time{}) // from here on only the handler's own time counts
	case err == nil && b.streaming && b.got >= b.pace.Piece:
		b.renew()
	}
	return n, err
}

// stream says that the body of a request is an upload.
func stream(req *http.Request) {
	if b, ok := req.Body.(*pacedBody); ok {
		b.streaming = true
	}
}

// errStalled closes the connection's account with a caller that sends nothing more.
var errStalled = errs.New(errs.Invalid, "base.body_stalled")
