package egress

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"time"
)

// ErrAddress means that an address cannot be called at all.
var ErrAddress = errors.New("egress: not an address that can be called")

// Caller calls addresses that people typed in or platforms have, and can tell whether a call that failed may have been heard. It is safe for
// concurrent use.
type Caller struct {
	http *http.Client
	now  func() time.Time
}

// Caller makes a Caller whose calls connect through the guard and last at most timeout.
func (g *Guard) Caller(timeout time.Duration, now func() time.Time) *Caller {
	return &Caller{g.Client(timeout), now}
}

// WithTimeout gives a Caller whose calls end after d; for tests.
func (c *Caller) WithTimeout(d time.Duration) *Caller {
	h := *c.http
	h.Timeout = d
	return &Caller{&h, c.now}
}

// Now is the time by which calls are signed.
func (c *Caller) Now() time.Time { return c.now() }

// Call is one request to make. Method is POST unless said. At most Most bytes of the answer are read.
type Call struct {
	Method string
	URL    string
	Header map[string]string
	Body   []byte
	Most   int64
}

// Answer is what the other side said. Cut means that its body broke off.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Cut    bool
}

// Do makes a call. When it fails, sent tells whether the request may have reached the other side. Errors: ErrAddress, else
// those of net/http.
func (c *Caller) Do(ctx context.Context, call Call) (a Answer, sent bool, err error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent = true }})
	req, err := http.NewRequestWithContext(ctx, cmp.Or(call.Method, http.MethodPost), call.URL, bytes.NewReader(call.Body))
	if err != nil {
		return a, false, ErrAddress
	}
	for k, v := range call.Header {
		req.Header.Set(k, v)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return a, sent, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, call.Most))
	return Answer{Status: res.StatusCode, Header: res.Header, Body: body, Cut: err != nil}, true, nil
}
