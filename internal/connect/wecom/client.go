// Package wecom calls the server API of 企业微信 (WeCom) for one app of one firm.
//
// Owns: the app's token (token.go), calls and how they end (client.go), and what the error codes mean (codes.go).
//
// Not here: what 企业微信 sends to us → wecom/callback; when and how often it is called → who uses it.
//
// Contract: developer.work.weixin.qq.com/document/path/91039 (token), /90313 (error codes), /90454 (limits, 2023-08-28).
package wecom

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
)

// Host is where the API answers.
const Host = "https://qyapi.weixin.qq.com"

const (
	callTime  = 20 * time.Second
	maxAnswer = 16 << 20 // a page of 100 customers with all their followers is some 200 KB
)

// App is one app of a firm: a token is made for the two together.
type App struct{ CorpID, Secret string }

// String hides the secret wherever an App is printed.
func (a App) String() string { return "wecom.App(" + a.CorpID + ")" }

// GoString hides it from %#v, too.
func (a App) GoString() string { return a.String() }

// Client calls for one app. It is safe for concurrent use; all its callers share one token.
type Client struct {
	out  *egress.Caller
	base string
	app  App

	flight singleflight.Group
	token  token
}

// New makes a Client that connects through the guard. base is Host, or a contract server's address.
func New(g *egress.Guard, base string, app App, now func() time.Time) *Client {
	return &Client{out: g.Caller(callTime, now), base: strings.TrimRight(base, "/"), app: app}
}

// Get reads: out takes the answer's JSON and may be nil. A read that got no answer may simply be repeated: connect.Later.
// Errors are *connect.Fault.
func (c *Client) Get(ctx context.Context, path string, query url.Values, out any) error {
	return c.call(ctx, http.MethodGet, path, query, nil, out)
}

// Post sends in as JSON; out takes the answer's JSON and may be nil. Where the answer got lost the fault is
// connect.Unknown: many of these calls do something, and 企业微信 knows no key by which it would do it once.
// Errors are *connect.Fault.
func (c *Client) Post(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return &connect.Fault{Result: connect.Refused, Code: "broken"}
	}
	return c.call(ctx, http.MethodPost, path, nil, body, out)
}

// call makes one call, and once more with a new token when the platform says that the token is no good.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, body []byte, out any) error {
	for again := false; ; again = true {
		tok, err := c.getToken(ctx)
		if err != nil {
			return err
		}
		q := url.Values{}
		for k, v := range query {
			q[k] = v
		}
		q.Set("access_token", tok)
		code, err := c.once(ctx, method, path, q, body, out)
		if !tokenIsDead(code) {
			return err
		}
		c.token.drop(tok)
		if again {
			return err
		}
	}
}

// once makes one HTTP request; code is the platform's own, 0 where it said none.
func (c *Client) once(ctx context.Context, method, path string, query url.Values, body []byte, out any) (code int, err error) {
	call := egress.Call{Method: method, URL: c.base + path + "?" + query.Encode(), Body: body, Most: maxAnswer}
	if body != nil {
		call.Header = map[string]string{"Content-Type": "application/json; charset=utf-8"}
	}
	res, sent, err := c.out.Do(ctx, call)
	switch {
	case errors.Is(err, egress.ErrAddress):
		return 0, &connect.Fault{Result: connect.Refused, Code: "broken"}
	case err != nil:
		return 0, readAgain(method, connect.Lost(err, sent))
	case res.Cut:
		return 0, readAgain(method, &connect.Fault{Result: connect.Unknown, Code: "cut_off"})
	}
	return c.read(method, res.Status, res.Body, out)
}

// envelope is what every answer carries.
type envelope struct {
	Code *int   `json:"errcode"`
	Said string `json:"errmsg"`
}

func (c *Client) read(method string, status int, answer []byte, out any) (int, error) {
	var e envelope
	switch whole := json.Unmarshal(answer, &e) == nil; {
	case status == http.StatusTooManyRequests:
		return 0, &connect.Fault{Result: connect.Later, Code: "busy", Wait: time.Minute}
	case status >= http.StatusInternalServerError:
		return 0, readAgain(method, &connect.Fault{Result: connect.Unknown, Code: "gateway", Detail: "HTTP " + strconv.Itoa(status)})
	case !whole, e.Code == nil && status != http.StatusOK:
		return 0, readAgain(method, &connect.Fault{Result: connect.Unknown, Code: "wecom_no_answer", Detail: "HTTP " + strconv.Itoa(status)})
	case e.Code != nil && *e.Code != 0:
		return *e.Code, fault(*e.Code, e.Said)
	}
	if out == nil {
		return 0, nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return 0, &connect.Fault{Result: connect.Refused, Code: "wecom_no_answer", Detail: "another form than documented"}
	}
	return 0, nil
}

// readAgain turns "it may have been done" into "try again" for what only reads.
func readAgain(method string, f *connect.Fault) *connect.Fault {
	if method == http.MethodGet && f.Result == connect.Unknown {
		f.Result = connect.Later
	}
	return f
}
