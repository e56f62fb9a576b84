// Package rewrite asks an OpenAI-compatible endpoint to say a text in other words. The endpoint is the brand's choice and off
// by default; whoever calls checks the answer, because a stranger wrote it.
//
// A request is bounded in time and size, follows no redirect and uses no proxy. Unless the operator allows a private
// network, it goes by https to a public address only: the address is checked when the connection is made, so that a name
// cannot change its meaning in between.
package rewrite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Bounds of a call.
const (
	Timeout   = 20 * time.Second
	maxAnswer = 64 << 10
	maxTokens = 2000
)

// Endpoint is where texts are rewritten.
type Endpoint struct {
	URL     string // up to and without /chat/completions: https://api.example.com/v1
	Model   string
	Key     string
	Private bool // may lie in a private network and speak plain http
}

// Text is a title and a body.
type Text struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

// Errors of this package.
var (
	// ErrAddress means that the address is not one the program may call.
	ErrAddress = errors.New("rewrite: the address is not allowed")
	// ErrAnswer means that the endpoint did not answer as agreed.
	ErrAnswer = errors.New("rewrite: the answer cannot be used")
)

// StatusError is an answer with another status than 200; it is an ErrAnswer.
type StatusError struct{ Status int }

// Error tells the status.
func (e StatusError) Error() string {
	return fmt.Sprintf("rewrite: the endpoint answered with status %d", e.Status)
}

// Unwrap makes it an ErrAnswer.
func (e StatusError) Unwrap() error { return ErrAnswer }

// Check tells with ErrAddress that an address can never be called.
func (e Endpoint) Check() error {
	u, err := url.Parse(e.URL)
	switch {
	case err != nil, u.Host == "", u.User != nil, u.RawQuery != "", u.Fragment != "":
		return ErrAddress
	case u.Scheme == "https", u.Scheme == "http" && e.Private:
		return nil
	}
	return ErrAddress
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type question struct {
	Model       string    `json:"model"`
	Messages    []message `json:"messages"`
	Temperature float64   `json:"temperature"`
	MaxTokens   int       `json:"max_tokens"`
}

type answer struct {
	Choices []struct {
		Message message `json:"message"`
	} `json:"choices"`
}

// Ask sends a text with the brand's instruction and gives what came back. Errors: ErrAddress, ErrAnswer, those of the network.
func (e Endpoint) Ask(ctx context.Context, instruction string, t Text) (Text, error) {
	if err := e.Check(); err != nil {
		return Text{}, err
	}
	said, err := json.Marshal(t)
	if err != nil {
		return Text{}, err
	}
	body, err := json.Marshal(question{Model: e.Model, Temperature: 0.9, MaxTokens: maxTokens, Messages: []message{
		{"system", instruction + "\nAnswer with a JSON object {\"title\":…,\"body\":…} and nothing else. Keep every number, name and fact."},
		{"user", string(said)},
	}})
	if err != nil {
		return Text{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(e.URL, "/")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return Text{}, ErrAddress
	}
	req.Header.Set("Content-Type", "application/json")
	if e.Key != "" {
		req.Header.Set("Authorization", "Bearer "+e.Key)
	}
	client := e.client()
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		return Text{}, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return Text{}, err
	}
	if res.StatusCode != http.StatusOK {
		return Text{}, StatusError{res.StatusCode}
	}
	if len(raw) > maxAnswer {
		return Text{}, fmt.Errorf("%w: %d bytes", ErrAnswer, len(raw))
	}
	return read(raw)
}

// read takes the text out of an answer, also when the model wrapped it in a code block.
func read(raw []byte) (Text, error) {
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil || len(a.Choices) == 0 {
		return Text{}, ErrAnswer
	}
	said := a.Choices[0].Message.Content
	from, to := strings.IndexByte(said, '{'), strings.LastIndexByte(said, '}')
	if from < 0 || to < from {
		return Text{}, ErrAnswer
	}
	var t Text
	if err := json.Unmarshal([]byte(said[from:to+1]), &t); err != nil || strings.TrimSpace(t.Body) == "" || strings.ContainsRune(t.Title+t.Body, 0) {
		return Text{}, ErrAnswer
	}
	return Text{strings.TrimSpace(t.Title), strings.TrimSpace(t.Body)}, nil
}

func (e Endpoint) client() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	if !e.Private {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			if at, err := netip.ParseAddrPort(address); err != nil || !public(at.Addr()) {
				return ErrAddress
			}
			return nil
		}
	}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: Timeout, MaxResponseHeaderBytes: 16 << 10, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// public tells whether an address belongs to the open internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range []string{"100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b::/96", "2002::/16"} {
		if netip.MustParsePrefix(p).Contains(a) {
			return false
		}
	}
	return true
}
