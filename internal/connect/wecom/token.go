package wecom

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"kosmos/internal/connect"
)

const (
	tokenTime  = 15 * time.Second // for fetching one
	tokenEarly = 5 * time.Minute  // renewed before it ends
	// A wrong secret tried again and again has the address banned for an hour: what was refused is not asked again sooner.
	refusedFor = 10 * time.Minute
)

// token is what is known of the app's token.
type token struct {
	mu      sync.Mutex
	value   string
	until   time.Time
	refused *connect.Fault // the last answer, when it was no
}

// get gives the token, or the refusal that still stands; neither means that one must be fetched.
func (t *token) get(now time.Time) (string, *connect.Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !now.Before(t.until) {
		return "", nil
	}
	return t.value, t.refused
}

func (t *token) set(value string, refused *connect.Fault, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value, t.refused, t.until = value, refused, until
}

// drop forgets a token that the platform no longer takes; another one fetched meanwhile stays.
func (t *token) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value, t.refused, t.until = "", nil, time.Time{}
	}
}

// getToken gives a token that holds. However many ask at once, one fetches; who gives up waiting leaves the others theirs.
func (c *Client) getToken(ctx context.Context) (string, error) {
	if value, refused := c.token.get(c.out.Now()); refused != nil {
		return "", refused
	} else if value != "" {
		return value, nil
	}
	done := c.flight.DoChan("", func() (any, error) {
		if value, refused := c.token.get(c.out.Now()); value != "" || refused != nil { // fetched while we got here
			return value, orNil(refused)
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tokenTime)
		defer cancel()
		return c.fetchToken(ctx)
	})
	select {
	case <-ctx.Done():
		return "", &connect.Fault{Result: connect.Later, Code: "timeout"}
	case r := <-done:
		value, _ := r.Val.(string)
		return value, r.Err
	}
}

func (c *Client) fetchToken(ctx context.Context) (string, error) {
	var answer struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
	}
	_, err := c.once(ctx, http.MethodGet, "/cgi-bin/gettoken", url.Values{"corpid": {c.app.CorpID}, "corpsecret": {c.app.Secret}}, nil, &answer)
	var f *connect.Fault
	switch {
	case errors.As(err, &f) && f.Result == connect.Refused:
		c.token.set("", f, c.out.Now().Add(refusedFor))
		return "", f
	case err != nil:
		return "", err
	case answer.Token == "":
		return "", &connect.Fault{Result: connect.Later, Code: "wecom_no_answer"}
	}
	life := time.Duration(answer.Expires) * time.Second
	c.token.set(answer.Token, nil, c.out.Now().Add(max(life-tokenEarly, life/2)))
	return answer.Token, nil
}

// orNil keeps a nil *Fault from becoming an error that is not nil.
func orNil(f *connect.Fault) error {
	if f == nil {
		return nil
	}
	return f
}
