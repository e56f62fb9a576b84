// Package douyin speaks the contracts of 抖音开放平台 and 抖音生活服务.
//
// Owns: webhooks, their signatures and the test of an address (webhook.go).
//
// Contract: developer.open-douyin.com, webhooks/summarize and local-life/connect/webhooks.
package douyin

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the contract's own signature
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
)

// The headers of a webhook: its signature, and the id by which a repeated one is known.
const (
	SignatureHeader = "X-Douyin-Signature"
	MessageHeader   = "Msg-Id"
)

// verifyEvent is what an address is tried with.
const verifyEvent = "verify_webhook"

// Errors of reading a webhook.
var (
	ErrSignature = errors.New("douyin: the signature does not match")
	ErrBody      = errors.New("douyin: the body is not a webhook")
)

// Event is one webhook. Content is a JSON object: the platform sends it as one or as a text that holds one.
type Event struct {
	Name      string          `json:"event"`
	ClientKey string          `json:"client_key"`
	From      string          `json:"from_user_id"`
	To        string          `json:"to_user_id"`
	LogID     string          `json:"log_id"`
	Content   json.RawMessage `json:"content"`
}

// Receive checks the signature over the body as it came and reads it. Errors: ErrSignature, ErrBody.
func Receive(secret, signature string, body []byte) (Event, error) {
	if !equal(Sign(secret, body), signature) {
		return Event{}, ErrSignature
	}
	var e Event
	if json.Unmarshal(body, &e) != nil || e.Name == "" {
		return Event{}, ErrBody
	}
	content, err := unquoted(e.Content)
	if err != nil {
		return Event{}, err
	}
	e.Content = content
	return e, nil
}

// unquoted gives the object of a content, whichever way it was sent; none is an empty object.
func unquoted(content json.RawMessage) (json.RawMessage, error) {
	content = bytes.TrimSpace(content)
	if len(content) > 0 && content[0] == '"' {
		var text string
		if json.Unmarshal(content, &text) != nil {
			return nil, ErrBody
		}
		content = json.RawMessage(strings.TrimSpace(text))
	}
	if len(content) == 0 || string(content) == "null" {
		return json.RawMessage("{}"), nil
	}
	if content[0] != '{' || !json.Valid(content) {
		return nil, ErrBody
	}
	return content, nil
}

// Challenge gives the answer to the test of an address; ok is false when the event is none.
func (e *Event) Challenge() (answer []byte, ok bool) {
	if e.Name != verifyEvent {
		return nil, false
	}
	var c struct {
		Challenge json.Number `json:"challenge"`
	}
	if json.Unmarshal(e.Content, &c) != nil || c.Challenge == "" {
		return nil, false
	}
	answer, err := json.Marshal(c)
	return answer, err == nil
}

// Sign gives the signature of a webhook: SHA-1 over the app's secret and the body as it came.
func Sign(secret string, body []byte) string {
	h := sha1.New()
	_, _ = h.Write([]byte(secret))
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// SignLife gives the x-life-sign of a call that 生活服务 makes to us. body is left out of the text where the call has none.
// The order of the parts is that of public client libraries; the platform's page names SHA-256 alone.
func SignLife(secret, clientKey, timestamp string, body []byte) string {
	text := secret + "&client_key=" + clientKey + "&timestamp=" + timestamp
	if len(body) > 0 {
		text += "&http_body=" + string(body)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func equal(want, got string) bool {
	return subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(got))) == 1
}
