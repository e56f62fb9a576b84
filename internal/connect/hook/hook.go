// Package hook calls a webhook of the brand's own choosing, signed so that the receiver knows who calls: the way out to an
// SMS gateway, of which there are too many to speak to each.
//
// The contract, which docs/operations/hooks.md tells the receiver:
//
//	POST, Content-Type application/json, body as given
//	X-Kosmos-Delivery:  name of the delivery; the same delivery tried again has the same
//	X-Kosmos-Timestamp: unix seconds
//	X-Kosmos-Signature: v1=<hex HMAC-SHA256 of timestamp + "." + body under the secret>
//
// 2xx: taken. 408, 429 and 5xx: certainly not taken, try again. Any other: refused for good. No answer in time: unknown,
// and never tried again by itself.
package hook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"kosmos/internal/base/egress"
	"kosmos/internal/connect"
)

// Target is where a hook goes. Both fields are secret: the address often holds a key.
type Target struct {
	URL    string
	Secret string
}

// String hides what is secret wherever a Target is printed.
func (Target) String() string { return "hook.Target" }

// Client calls. It is safe for concurrent use.
type Client struct{ out *egress.Caller }

const (
	callTime  = 10 * time.Second
	maxAnswer = 4 << 10
)

// New makes a Client that connects through the guard.
func New(g *egress.Guard, now func() time.Time) *Client { return &Client{g.Caller(callTime, now)} }

// WithTimeout gives a client whose calls end after d; for tests.
func (c *Client) WithTimeout(d time.Duration) *Client { return &Client{c.out.WithTimeout(d)} }

// Sign gives the value of X-Kosmos-Signature.
func Sign(secret, timestamp string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(timestamp + "."))
	m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// Call delivers a JSON body. A nil error means that it was taken; any other is a *connect.Fault.
func (c *Client) Call(ctx context.Context, t Target, delivery string, body []byte) error {
	at := strconv.FormatInt(c.out.Now().Unix(), 10)
	res, sent, err := c.out.Do(ctx, egress.Call{URL: t.URL, Body: body, Most: maxAnswer, Header: map[string]string{
		"Content-Type": "application/json", "X-Kosmos-Delivery": delivery, "X-Kosmos-Timestamp": at, "X-Kosmos-Signature": Sign(t.Secret, at, body),
	}})
	if errors.Is(err, egress.ErrAddress) {
		return &connect.Fault{Result: connect.Refused, Code: "hook_url"}
	}
	if err != nil {
		return connect.Lost(err, sent)
	}
	detail := connect.Said("HTTP " + strconv.Itoa(res.Status) + " " + string(res.Body)) // only to be shown: half an answer is as good
	switch s := res.Status; {
	case s >= 200 && s < 300:
		return nil
	case s == http.StatusRequestTimeout, s == http.StatusTooManyRequests, s >= http.StatusInternalServerError:
		return &connect.Fault{Result: connect.Later, Code: "hook_busy", Detail: detail, Wait: wait(res.Header.Get("Retry-After"))}
	}
	return &connect.Fault{Result: connect.Refused, Code: "hook_refused", Detail: detail}
}

// wait reads Retry-After in seconds, at most an hour.
func wait(after string) time.Duration {
	n, err := strconv.Atoi(after)
	if err != nil || n <= 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, time.Hour)
}
